"""Filling a form on the page: every cell an input, everything found shown beside it, nothing typed ever lost."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from actions import bases, entry, sealing, steps
from actions.behalf import at_assignment
from actions.cases import Situation
from actions.desk import Desk, NotYours, Refusal
from actions.submit import may_be_nil, submit
from ingest import typed
from registry.catalogue.forms import View
from registry.catalogue.model import CellKind
from registry.catalogue.values import CellKey, CellValue
from registry.catalogue.words import choices, shown
from registry.findings import Finding
from registry.store import letters, submissions, uploads
from registry.store.uploads import StoredVerdict
from registry.workflow.policy import Action
from webui import standing
from webui.cell_names import Named, named
from webui.clusters import EXPLAIN, groups_of
from webui.pages import parts
from webui.permission import page
from webui.table import Remarks, marks_of, table_of
from webui.visitor import desk
from webui.wording import say
from workbook_templates.filling import prefilled

blueprint = Blueprint("entry", __name__)

_LISTED = (CellKind.CHOICE, CellKind.UNIT)
_CELL = re.compile(r"o:([^:]{1,40}):([^:]{1,40})")
_TOLD = re.compile(r"giai-trinh:([^:]{1,60}):([^:]{0,40}):([^:]{0,40})")
Told = dict[typed.Place, str]


@dataclass(frozen=True)
class Draft:
    """What stands on the page: the texts in the cells, and the last judgement of them."""

    texts: Mapping[CellKey, str]
    number: int | None = None
    verdict: StoredVerdict | None = None
    told: Told | None = None
    sentence: str = ""


@blueprint.get("/viec/<int:assignment_id>/nhap")
@page(Action.UPLOAD, reads="assignment {assignment_id}", also=Action.ENTER_ON_BEHALF)
def fill(assignment_id: int) -> str:
    """The form as it was left."""
    at = at_assignment(desk(), assignment_id)
    with at.read() as connection:
        situated = entry.to_be_typed(at, connection, assignment_id, parts.asked_for())
        mine = {"assignment_id": assignment_id, "answerer_id": situated.answerer_id}
        sent = uploads.recent(connection, at.scope(Action.SEE_UPLOAD), 1, **mine)
        last = sent[0].upload if sent and sent[0].upload.is_kept else None
        verdict = uploads.newest_verdict(connection, last.id) if last else None
        newest = submissions.newest(connection, situated.work.submission_id)
    if last is not None and last.kind == uploads.BROWSER:
        kept = at.instance.files.read(last.sha)
        return _page(situated, Draft(typed.unpack(kept), last.id, verdict, typed.unpack_told(kept)))
    values = verdict.values if verdict else newest.values if newest else {}
    return _page(situated, Draft(_written(situated, values or prefilled(situated.context))))


def _written(situated: Situation, values: Mapping[CellKey, CellValue]) -> dict[CellKey, str]:
    cells = typed.typed_cells(situated.view)
    return {key: shown(situated.view, spec, values[key]) for key, spec in cells.items() if key in values}


@blueprint.post("/viec/<int:assignment_id>/nhap")
@page(Action.UPLOAD, also=Action.ENTER_ON_BEHALF)
def keep(assignment_id: int) -> Response | tuple[str, int]:
    """Keep and judge what was typed; with ``do=submit`` put it before the leader."""
    at = at_assignment(desk(), assignment_id)
    given = list(request.form.items())
    texts = {CellKey(found[1], found[2]): text for name, text in given if (found := _CELL.fullmatch(name))}
    told = {(found[1], found[2], found[3]): text for name, text in given if (found := _TOLD.fullmatch(name))}
    number, verdict = None, None
    try:
        number, verdict = entry.enter(at, assignment_id, texts, told, parts.asked_for())
        if request.form.get("do") == "submit" and verdict.can_be_submitted:
            submit(at, number, _by_place(verdict.findings, told), keeps_returned="giu-nguyen" in request.form)
            flash(say("verdict.submitted"), "success")
            return redirect(url_for("submissions.one", assignment_id=assignment_id))
    except NotYours:
        raise
    except Refusal as refusal:
        draft = Draft(texts, number, verdict, told, str(refusal))
        return _page(_situated(at, assignment_id), draft), refusal.status
    if request.form.get("do") == "submit":
        return _page(_situated(at, assignment_id), Draft(texts, number, verdict, told, say("entry.not-yet"))), 422
    flash(say("entry.kept", number=number), "success")
    return redirect(url_for("entry.fill", assignment_id=assignment_id, cho=parts.asked_for()))


def _situated(at: Desk, assignment_id: int) -> Situation:
    with at.read() as connection:
        return entry.to_be_typed(at, connection, assignment_id, parts.asked_for())


def _place(found: Finding) -> typed.Place:
    """What a warning is known by while its number changes from one judgement to the next."""
    keys = dict(found.values)
    return found.code, keys.get("row_code", found.cell or ""), keys.get("column_code", "")


def _by_place(findings: tuple[Finding, ...], told: Told) -> dict[int, str]:
    return {at: told.get(_place(found), "") for at, found in enumerate(findings)}


def _page(situated: Situation, draft: Draft) -> str:
    if not entry.fits(situated.view):
        raise Refusal("too-big-to-type", most=entry.MOST_CELLS)
    at, work, view = desk(), situated.work, situated.view
    with at.read() as connection:
        snapshot = at.snapshot(connection)
        seal = sealing.seal_of(connection, work)
        letter = letters.of(connection, [work.regime]).get(work.regime)
    return render_template(
        "entry.html",
        situated=situated,
        no_base=bases.why_blank(situated),
        work=work,
        behind=snapshot.requests.get(work.regime),
        letter=letter,
        headings={column.code: " – ".join(column.heading(view.row_set.audience)) for column in view.columns},
        texts=draft.texts,
        opened=seal.cells if seal else None,
        unchanged=_unchanged(situated, draft, seal) if seal and draft.sentence else (),
        **_worded(view),
        sentence=draft.sentence,
        state=standing.of_submission(work.state),
        deadline=standing.of_deadline(work, at.moment, snapshot.calendar),
        can_type=steps.is_possible(work, Action.UPLOAD, at.moment),
        can_collect=steps.may(at, work, Action.UPLOAD, situated.answerer_id),
        can_be_nil=may_be_nil(snapshot, work.regime) and steps.is_possible(work, Action.SUBMIT, at.moment),
        **_judged(situated, draft),
    )


def _unchanged(situated: Situation, draft: Draft, seal: sealing.Seal) -> tuple[Named, ...]:
    cells = seal.unchanged(situated, draft.verdict.values) if draft.verdict else ()
    return named(situated.view.form, situated.view.row_set.audience, dict.fromkeys(cells, ""))


def _worded(view: View) -> dict[str, object]:
    """The cells for words: what those with one answer of a list offer, and which want a day."""
    cells = {key: spec for key, spec in typed.typed_cells(view).items() if spec.kind.is_worded}
    listed = {key: spec for key, spec in cells.items() if spec.kind in _LISTED and not spec.several}
    return {
        "words": cells.keys(),
        "options": {key: choices(view, spec) for key, spec in listed.items()},
        "days": {key for key, spec in cells.items() if spec.kind is CellKind.DATE},
    }


def _judged(situated: Situation, draft: Draft) -> dict[str, object]:
    """The table with what was found in it, what was found of the whole form, and what wants explaining."""
    verdict, told = draft.verdict, draft.told or {}
    findings = verdict.findings if verdict else ()
    values = verdict.values if verdict else prefilled(situated.context)
    table = table_of(situated, values, Remarks(marks_of(findings, verdict.addresses if verdict else {})))
    marked = {mark.place for line in table.lines for cell in line.cells for mark in cell.marks}
    groups = groups_of(findings)
    return {
        "table": table,
        "verdict": verdict,
        "badge": standing.of_status(verdict.status) if verdict else None,
        "findings": findings,
        "elsewhere": [(place, one) for place, one in enumerate(findings) if place not in marked],
        "to_explain": next((group for group in groups if group.name == EXPLAIN), None),
        "counts": {group.name: group.count for group in groups},
        "place_of": lambda found: ":".join(_place(found)),
        "told": lambda found: told.get(_place(found), ""),
        "finding_badge": standing.of_finding,
    }
