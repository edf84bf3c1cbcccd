"""“Hồ sơ báo cáo”: the files of one version of a report, its PDF, its package, its signed copy."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from actions import packages, papers, printing, report_versions, text_states
from actions.desk import Desk, NotYours
from actions.receptions import receives
from compile.foot import version_code
from registry.store import papers as stored_papers
from registry.store import releases
from registry.store.report_versions import ReportVersion
from registry.workflow.policy import Action
from webui.makings import said_of, told
from webui.noting import saw
from webui.official_use import name_for
from webui.pages.letters import mimetype_of
from webui.pages.reports import TYPES, record_told
from webui.permission import page
from webui.visitor import desk
from webui.wording import say

blueprint = Blueprint("report_files", __name__)

PACKAGES = {"ho-so": False, "ho-so-va-nguon": True}  # name in the address: with the units' workbooks


@blueprint.get("/bao-cao/<int:version_id>/ho-so")
@page(Action.SEE_SUBMISSION)
def look(version_id: int) -> str:
    """What there is of a version, and what can be made of it."""
    at = desk()
    with at.read() as connection:
        version = report_versions.seen(at, connection, version_id)
        snapshot = at.snapshot(connection)
        pdf = printing.newest(connection, version)
        copies = stored_papers.of_version(connection, version_id)
        left = releases.of_version(connection, version_id)
        draft_id, texts = (
            text_states.of(connection, version.opening_id, version.unit_id, [version.as_of])
            if version.is_compiled
            else (None, {})
        )
        signers = papers.signers_of(at, connection, version)
        zips = [
            (name, made, said_of(made))
            for name, with_sources in PACKAGES.items()
            for made in [packages.newest(at, connection, version, with_sources=with_sources)]
        ]
    saw(version.on, version.unit_id)
    return render_template(
        "report_files.html",
        version=version,
        unit=snapshot.units_by_id[version.unit_id],
        regime=snapshot.regimes[version.regime],
        code=version_code(version.inputs_sha),
        back=_page_of(at, version),
        pdf=pdf,
        said=said_of(pdf),
        zips=zips,
        copies=copies,
        draft_id=draft_id,
        text=texts.get(version.as_of),
        unchecked=None if left or not version.is_compiled else url_for("releasing.look", version_id=version_id),
        signers=signers,
        compiles=receives(at, snapshot, version.regime, version.unit_id),
        today=at.day,
        prints=at.instance.office.is_there,
    )


def _page_of(at: Desk, version: ReportVersion) -> str:
    """Where the version's report is worked on."""
    if not version.is_compiled:
        return url_for("reports.one", opening_id=version.opening_id, unit_id=version.unit_id)
    board = "answers.board" if at.scope(Action.SEE_BOARD).is_empty else "board.board"
    return url_for(board, regime=version.regime, period=version.period)


@blueprint.get("/bao-cao/<int:version_id>/pdf.json")
@page(Action.SEE_SUBMISSION)
def pdf_progress(version_id: int) -> Response:
    """How far the PDF is: {state, percent, words}."""
    at = desk()
    with at.read() as connection:
        made = printing.newest(connection, report_versions.seen(at, connection, version_id))
    return told(made)


@blueprint.post("/bao-cao/<int:version_id>/pdf")
@page(Action.SEE_SUBMISSION)
def make_pdf(version_id: int) -> Response:
    """Have the PDF made, or stop that."""
    if request.form.get("do") == "stop":
        printing.stop(desk(), version_id)
        flash(say("making.stopped"), "success")
    else:
        printing.prepare(desk(), version_id)
    return redirect(url_for("report_files.look", version_id=version_id))


@blueprint.get("/bao-cao/<int:version_id>/tep/<kind>")
@page(Action.SEE_SUBMISSION)
def take(version_id: int, kind: str) -> Response:
    """A file of the version."""
    if kind not in TYPES:
        raise NotYours
    at = desk()
    found, stream = report_versions.fetch(at, version_id, kind)
    with at.read() as connection:
        name = name_for(at, connection, version_id, found.name)
    return send_file(stream, mimetype=TYPES[kind], as_attachment=True, download_name=name, max_age=0)


@blueprint.get("/bao-cao/<int:version_id>/nen/<package>.json")
@page(Action.SEE_SUBMISSION)
def package_progress(version_id: int, package: str) -> Response:
    """How far a zip is: {state, percent, words}."""
    at, with_sources = desk(), _chosen(package)
    with at.read() as connection:
        version = report_versions.seen(at, connection, version_id)
        return told(packages.newest(at, connection, version, with_sources=with_sources))


@blueprint.post("/bao-cao/<int:version_id>/nen/<package>")
@page(Action.SEE_SUBMISSION)
def make_package(version_id: int, package: str) -> Response:
    """Have a zip made, or stop that."""
    if request.form.get("do") == "stop":
        packages.stop(desk(), version_id, with_sources=_chosen(package))
        flash(say("making.stopped"), "success")
    else:
        packages.prepare(desk(), version_id, with_sources=_chosen(package))
    return redirect(url_for("report_files.look", version_id=version_id, _anchor=package))


@blueprint.get("/bao-cao/<int:version_id>/nen/<package>.zip")
@page(Action.SEE_SUBMISSION)
def take_package(version_id: int, package: str) -> Response:
    """A zip, sent piece by piece."""
    at = desk()
    name, stream = packages.fetch(at, version_id, with_sources=_chosen(package))
    with at.read() as connection:
        name = name_for(at, connection, version_id, name)
    return send_file(stream, mimetype="application/zip", as_attachment=True, download_name=name, max_age=0)


def _chosen(package: str) -> bool:
    if package not in PACKAGES:
        raise NotYours
    return PACKAGES[package]


@blueprint.post("/bao-cao/<int:version_id>/ban-chinh-thuc")
@page(Action.COMPILE)
def record_paper(version_id: int) -> Response:
    """What the signed document of a compiled report bears, and its scan: the official copy."""
    at = desk()
    papers.record_compiled(at, version_id, *record_told(at, Action.COMPILE), request.form.get("vi_sao", ""))
    flash(say("report.paper-recorded"), "success")
    return redirect(url_for("report_files.look", version_id=version_id, _anchor="ban-chinh-thuc"))


@blueprint.get("/bao-cao/<int:version_id>/ban-chinh-thuc/<int:paper_id>")
@page(Action.SEE_SUBMISSION)
def official_copy(version_id: int, paper_id: int) -> Response:
    """The signed document as it came back."""
    found, stream = papers.official_copy(desk(), version_id, paper_id)
    name = found.file_name or ""
    return send_file(stream, mimetype=mimetype_of(name), as_attachment=True, download_name=name, max_age=0)
