"""Designing forms: workbooks to start from, a draft's preview with everything wrong and changed, publishing; burden."""

from __future__ import annotations

import io
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from actions import designing
from actions.designing import WHOLE, FormReview, Preview, Review
from actions.desk import NotYours
from registry.catalogue.model import Catalogue, Form
from registry.store import definitions
from registry.workflow.policy import Action
from webui import standing, tickets
from webui.burden import burden_page
from webui.changes import sentence
from webui.file_names import arrived_as
from webui.mishaps import NoFile
from webui.pages.templates import XLSX
from webui.permission import page
from webui.table import table_of_view
from webui.typed import as_number
from webui.visitor import desk
from webui.wording import say

blueprint = Blueprint("designer", __name__)


@blueprint.get("/danh-muc/bieu")
@page(Action.DESIGN_FORM)
def forms() -> str:
    """Every form with its versions, and where a design is tried."""
    at = desk()
    with at.read() as connection:
        snapshot = at.snapshot(connection)
        newest = definitions.catalogue_of(connection, ("form",)).forms
    return render_template(
        "design_forms.html",
        forms=newest,
        versions=designing.versions(at),
        in_force={code: one.n for code, one in snapshot.form_versions.items()},
        day=at.day,
    )


@blueprint.get("/danh-muc/bieu/mau-thiet-ke.xlsx")
@page(Action.DESIGN_FORM)
def blank() -> Response:
    """An empty definition workbook."""
    return _workbook(designing.blank_book(desk()), say("design.blank-file"))


@blueprint.get("/danh-muc/bieu/<code>/sua.xlsx")
@page(Action.DESIGN_FORM)
def to_edit(code: str) -> Response:
    """A published version as the workbook it is changed in."""
    data = designing.book_of(desk(), code, request.args.get("phien-ban", type=as_number))
    return _workbook(data, f"{code}.xlsx")


@blueprint.get("/danh-muc/bieu/<code>")
@page(Action.DESIGN_FORM)
def published(code: str) -> str:
    """A published version as its units meet it, with the list of all versions."""
    at = desk()
    with at.read() as connection:
        snapshot = at.snapshot(connection)
        whole = definitions.catalogue_of(connection)
    version = designing.published_form(at, snapshot, code, request.args.get("phien-ban", type=as_number))
    shown = _shown(whole, version.form)
    return render_template(
        "design_form.html",
        form=version.form,
        versions=designing.versions(at)[code],
        in_force=snapshot.form_versions[code].n,
        **shown,
    )


# --- drafts ----------------------------------------------------------------------------------------------------------


@blueprint.post("/danh-muc/bieu")
@page(Action.DESIGN_FORM)
def upload() -> Response:
    """Keep a workbook, and go to what it would be."""
    file = request.files.get("tep")
    if file is None or not file.filename:
        raise NoFile
    sha = designing.keep_draft(desk(), file.stream)
    return redirect(url_for("designer.draft", ticket=ticket(sha, arrived_as(file))))


def ticket(sha: str, name: str) -> str:
    """The last part of a draft's address."""
    return tickets.sign("draft", sha, name)


def _opened(given: str) -> tuple[str, bytes]:
    sha, name = tickets.opened("draft", given)
    return name, designing.draft(desk(), sha)


@blueprint.get("/danh-muc/bieu/ban-thao/<ticket>")
@page(Action.DESIGN_FORM)
def draft(ticket: str) -> tuple[str, int]:
    """Everything wrong with a draft, what it changes, whom it concerns, and how it will look."""
    name, data = _opened(ticket)
    return _draft_page(ticket, name, designing.review_form(desk(), name, data))


def _draft_page(ticket: str, name: str, seen: Review) -> tuple[str, int]:
    at = desk()
    one = next(iter(seen.forms), None)
    known = designing.versions(at).get(one.form.code, []) if one else []
    page_of = render_template(
        "design_draft.html",
        ticket=ticket,
        name=name,
        seen=seen,
        one=one,
        live_version=one.live.version if one and one.live else 0,
        numbers={version.id: version.n for version in known},
        sentence=sentence,
        finding_badge=standing.of_finding,
        **(_shown(seen.whole, one.form) if one and not seen.is_blocked else _NOTHING),
    )
    return page_of, 422 if seen.is_blocked else 200


_NOTHING: dict[str, Any] = {"shown": None, "table": None}


def _shown(whole: Catalogue, form: Form) -> dict[str, Any]:
    shown = _preview(whole, form)
    return {"shown": shown, "table": table_of_view(shown.view) if shown.view.rows else None, "whole_word": WHOLE}


def _preview(whole: Catalogue, form: Form) -> Preview:
    return designing.preview(desk(), whole, form, request.args.get("cho", ""), request.args.get("ky", ""))


@blueprint.get("/danh-muc/bieu/ban-thao/<ticket>/ban-thu.xlsx")
@page(Action.DESIGN_FORM)
def trial(ticket: str) -> Response:
    """The blank workbook a unit would get, marked as a trial."""
    name, data = _opened(ticket)
    at = desk()
    seen = designing.review_form(at, name, data)
    if seen.is_blocked:
        raise NotYours
    one: FormReview = seen.forms[0]
    made = designing.trial(at, _preview(seen.whole, one.form), one.rules)
    return _workbook(made.data, made.name)


@blueprint.post("/danh-muc/bieu/ban-thao/<ticket>/cong-bo")
@page(Action.CHANGE_CATALOGUE)
def publish(ticket: str) -> Response | tuple[str, int]:
    """Make a draft the next version of its form."""
    name, data = _opened(ticket)
    at = desk()
    loaded = designing.publish(at, name, data, request.form.get("live", 0, type=as_number))
    if not loaded.changes:
        return _draft_page(ticket, name, designing.review_form(at, name, data))
    flash(say("design.published"), "success")
    codes = [one.code for one in loaded.changes if one.kind == "form"]
    return redirect(url_for("designer.published", code=codes[0]) if codes else url_for("designer.forms"))


@blueprint.get("/danh-muc/ganh-nang")
@page(Action.DESIGN_FORM)
def burden() -> str:
    """How much units are asked, what is asked twice, what could come prefilled."""
    at = desk()
    with at.read() as connection:
        snapshot = at.snapshot(connection)
    return render_template("burden.html", **burden_page(designing.burden(at), snapshot), day=at.day)


def _workbook(data: bytes, name: str) -> Response:
    return send_file(io.BytesIO(data), mimetype=XLSX, as_attachment=True, download_name=name, max_age=0)
