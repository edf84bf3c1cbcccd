"""“Phiếu thu thập”: figures of places without accounts, entered for them with the source named, added up."""

from __future__ import annotations

import re

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from actions import collecting
from actions.collecting import LONGEST, Collecting
from actions.desk import NotYours, Refusal
from ingest.collected import Sheet, Told
from registry.catalogue.values import CellKey
from registry.workflow.policy import Action
from vietnamese.numbers import format_number
from webui.pages import parts
from webui.permission import page
from webui.typed import as_number
from webui.visitor import desk
from webui.wording import say

blueprint = Blueprint("collecting", __name__)

_CELL = re.compile(r"([^:]{1,40}):([^:]{1,40})")


@blueprint.get("/viec/<int:assignment_id>/phieu")
@page(Action.UPLOAD, reads="assignment {assignment_id}")
def look(assignment_id: int) -> str:
    """The sheet of whoever answers, to be filled in."""
    return _page(collecting.look(desk(), assignment_id, parts.asked_for()))


@blueprint.get("/viec/<int:assignment_id>/phieu/<int:unit_id>")
@page(Action.SEE_PARTS, reads="assignment {assignment_id}")
def of_answerer(assignment_id: int, unit_id: int) -> str:
    """The sheet of the unit or one of its divisions, to be read."""
    return _page(collecting.of_answerer(desk(), assignment_id, unit_id))


@blueprint.post("/viec/<int:assignment_id>/phieu")
@page(Action.UPLOAD)
def keep(assignment_id: int) -> Response | tuple[str, int]:
    """Save the sheet; with ``do=carry`` put its totals into the form."""
    at, sheet, by = desk(), _posted(), parts.asked_for()
    seen = request.form.get("so_phieu", 0, type=as_number)
    try:
        seen = collecting.keep(at, assignment_id, sheet, seen, by)
        if request.form.get("do") == "carry":
            number, _ = collecting.carry(at, assignment_id, seen, by)
            flash(say("collect.carried", number=number), "success")
            return redirect(url_for("uploads.verdict", number=number))
    except NotYours:
        raise
    except Refusal as refusal:
        return _page(collecting.look(at, assignment_id, by), sheet, seen, str(refusal)), refusal.status
    flash(say("collect.kept"), "success")
    return redirect(url_for("collecting.look", assignment_id=assignment_id, cho=by))


def _posted() -> Sheet:
    """What was typed: places are known by name, so that their figures stay theirs when the list changes."""
    given = request.form
    chosen = (found for text in dict.fromkeys(given.getlist("chi_tieu")) if (found := _CELL.fullmatch(text)))
    cells = tuple(CellKey(one[1], one[2]) for one in chosen)
    at = {text.strip(): number for name, text in given.items() if (number := name.removeprefix("ten:")) != name}
    listed = [line.strip()[:LONGEST] for line in given.get("noi", "").splitlines() if line.strip()]
    return Sheet(
        cells,
        tuple(
            Told(
                name,
                given.get(f"nguon:{at.get(name)}", "").strip()[:LONGEST],
                tuple(given.get(f"o:{at.get(name)}:{_name(key)}", "").strip()[:LONGEST] for key in cells),
            )
            for name in (*listed, *([""] if "" in at else []))
        ),
    )


def _name(key: CellKey) -> str:
    return f"{key.row}:{key.column}"


def _page(found: Collecting, typed: Sheet | None = None, seen: int = 0, sentence: str = "") -> str:
    view, sheet = found.situated.view, typed or found.sheet
    columns = {one.code: one.heading(view.row_set.audience)[-1] for one in view.columns}
    return render_template(
        "collecting.html",
        found=found,
        sheet=sheet,
        seen=seen if typed else found.kept.id if found.kept else 0,
        sentence=sentence,
        work=found.situated.work,
        name=_name,
        columns=columns,
        sums={
            key: format_number(one.amount, found.cells[key].decimals)
            for key, one in found.totals.items()
            if one.amount is not None
        },
    )
