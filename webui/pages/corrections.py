"""Correcting cells of a file on the page, wrong ones first; any other cell is found by its row (F30)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from actions import correct
from actions.behalf import at_upload
from actions.correct import Base
from actions.desk import NotYours, Refusal
from actions.entry import MOST_CELLS
from registry.catalogue.values import CellKey
from registry.findings import Finding, is_blocking
from registry.store import submissions
from registry.workflow.policy import Action
from registry.workflow.submission import State
from vietnamese.fold import fold
from webui import standing
from webui.boxes import Box, Boxes, texts_in
from webui.explaining import explanations_in, told_of
from webui.permission import page
from webui.table import marks_of
from webui.visitor import desk
from webui.wording import say

blueprint = Blueprint("corrections", __name__)

MOST_ROWS = 30  # found by their words


@dataclass(frozen=True)
class RowOfBoxes:
    """The cells a person may type in one row, or one line of a list."""

    name: str
    measure: str
    boxes: tuple[Box, ...]


@blueprint.get("/tep/<int:number>/sua")
@page(Action.UPLOAD, reads="upload {number}", also=Action.ENTER_ON_BEHALF)
def choose(number: int) -> str:
    """The cells of a file, wrong ones first."""
    return _page(number, {}, request.args.get("tim", "").strip())


@blueprint.post("/tep/<int:number>/sua")
@page(Action.UPLOAD, also=Action.ENTER_ON_BEHALF)
def keep(number: int) -> Response | tuple[str, int] | str:
    """Keep what was typed and check it; asked to find more cells, only find them, nothing typed lost."""
    at = at_upload(desk(), number)
    texts, explained = texts_in(request.form.items()), explanations_in(request.form.items())
    wanted = request.form.get("tim", "").strip()
    if _is_finding(request.form.get("do"), wanted, request.form.get("da-tim", "")):
        return _page(number, texts, wanted)
    try:
        with at.read() as connection:
            base = correct.to_be_corrected(at, connection, number)
        made, found = correct.correct(at, number, texts, told_of(base.verdict.findings, explained))
    except NotYours:
        raise
    except Refusal as refusal:
        return _page(number, texts, wanted, str(refusal)), refusal.status
    flash(say("correct.kept", number=made, status=standing.of_status(found.status).text), "success")
    return redirect(url_for("uploads.verdict", number=made))


def _is_finding(do: str | None, wanted: str, found: str) -> bool:
    """The button, or Enter after new words: Enter in the search field presses the form's first button."""
    return do == "find" or (do == "enter" and wanted != found)


def _page(number: int, typed: Mapping[CellKey, str], wanted: str, sentence: str = "") -> str:
    at = at_upload(desk(), number)
    with at.read() as connection:
        base = correct.to_be_corrected(at, connection, number)
        events = submissions.events(connection, base.situated.work.submission_id)
    is_returned = base.situated.work.state is State.RETURNED
    texts = base.texts | {key: text for key, text in typed.items() if key in base.texts}
    findings, verdict = _findings(base), base.verdict
    boxes = Boxes(base.situated.view, verdict.values, verdict.addresses)
    said = base.seal.cells if base.seal else {}
    first = [key for key in texts if key in findings or key in said or texts[key] != base.texts[key]]
    first.sort(key=lambda key: (key not in findings, not is_blocking(findings.get(key, ()))))
    others = {key: text for key, text in texts.items() if key not in first}
    is_small = len(others) <= MOST_CELLS
    return render_template(
        "correct.html",
        base=base,
        work=base.situated.work,
        returned=next((event for event in reversed(events) if event.reason), None) if is_returned else None,
        wrong=tuple(boxes.of({key: texts[key] for key in first})),
        said=said,
        findings=findings,
        finding_badge=standing.of_finding,
        rows=_rows(boxes, others, wanted) if wanted or is_small else (),
        is_small=is_small,
        most=MOST_ROWS,
        wanted=wanted,
        sentence=sentence,
    )


def _findings(base: Base) -> dict[CellKey, list[Finding]]:
    """What was found of each cell a person may type, mere notes left out."""
    found = base.verdict.findings
    marks = marks_of(found, base.verdict.addresses)
    grave = {
        key: [found[mark.place] for mark in several if mark.badge.tone != "info"]
        for key, several in marks.items()
        if key in base.texts
    }
    return {key: several for key, several in grave.items() if several}


def _rows(boxes: Boxes, texts: Mapping[CellKey, str], wanted: str) -> tuple[RowOfBoxes, ...]:
    """Rows whose name holds the words, or one of whose cells they name; at most so many."""
    rows: dict[tuple[str, int | None], dict[CellKey, str]] = {}
    for key, text in texts.items():
        rows.setdefault((key.row, key.line), {})[key] = text
    sought = fold(wanted)
    found = (cells for cells in rows.values() if _is_wanted(boxes, cells, sought))
    made = (tuple(boxes.of(cells)) for cells in (islice(found, MOST_ROWS) if wanted else found))
    return tuple(RowOfBoxes(row[0].row, row[0].measure, row) for row in made if row)


def _is_wanted(boxes: Boxes, cells: Mapping[CellKey, str], sought: str) -> bool:
    is_named = sought in fold(boxes.row_of(next(iter(cells))))
    return is_named or any(sought == fold(boxes.addresses[key][1]) for key in cells)
