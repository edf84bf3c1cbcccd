"""Words on chosen cells of a form: kept as remarks, or with them only those cells are returned or reopened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from actions import decide, steps
from actions.behalf import at_assignment
from actions.cases import Situation, situation
from actions.desk import Desk, NotYours, Refusal
from actions.personal import sight_of
from actions.sealing import MOST_LETTERS
from ingest.seen import spec_of, view_of
from registry.catalogue.values import BLANK, CellKey
from registry.catalogue.words import shown
from registry.store import submissions
from registry.store.submissions import Version
from registry.workflow.personal import Sight
from registry.workflow.policy import Action
from vietnamese.fold import fold
from webui import standing
from webui.boxes import texts_in
from webui.cell_names import Named, keys_of, named
from webui.permission import page
from webui.typed import as_number
from webui.visitor import desk
from webui.wording import say

blueprint = Blueprint("remarks", __name__)

MOST_FOUND = 60  # cells whose row holds the words looked for
_DECIDES = ("return", "reopen")


@dataclass(frozen=True)
class Look:
    """The newest version of a form, as whoever writes on its cells sees it."""

    situated: Situation
    newest: Version
    sight: Sight
    may_reopen: bool

    def typed(self) -> list[CellKey]:
        """The cells somebody types, of the form and of its lists, that are not hidden."""
        return [
            key
            for key in self.newest.values
            if (spec := spec_of(self.situated.view, key)) and spec.kind.is_typed and not self.sight.hides(key)
        ]

    def named(self, cells: Mapping[CellKey, str]) -> tuple[Named, ...]:
        """Cells by their names."""
        view = self.situated.view
        return named(view.form, view.row_set.audience, cells)

    def held(self, key: CellKey) -> str:
        """What stands in a cell."""
        view, spec = view_of(self.situated.view, key), spec_of(self.situated.view, key)
        return shown(view, spec, self.newest.values.get(key, BLANK)) if view and spec else ""


@blueprint.get("/viec/<int:assignment_id>/o")
@page(Action.REMARK, reads="assignment {assignment_id}", also=Action.APPROVE_ON_BEHALF)
def choose(assignment_id: int) -> str:
    """The chosen cells, with room for words on each."""
    return _page(assignment_id, dict.fromkeys(keys_of(request.args.getlist("o")), ""), request.args.get("tim", ""))


@blueprint.post("/viec/<int:assignment_id>/o")
@page(Action.REMARK, also=Action.APPROVE_ON_BEHALF)
def keep(assignment_id: int) -> Response | str | tuple[str, int]:
    """Keep the words, or return or reopen those cells; asked to find more cells, only find them, nothing typed lost."""
    texts, wanted = texts_in(request.form.items()), request.form.get("tim", "").strip()
    cells = {key: texts.get(key, "") for key in keys_of(request.form.getlist("o"))}
    do, reason = request.form.get("do", ""), request.form.get("reason", "")
    if do == "find":
        return _page(assignment_id, cells, wanted, reason)
    try:
        _do(at_assignment(desk(), assignment_id), assignment_id, do, cells, reason)
    except NotYours:
        raise
    except Refusal as refusal:
        return _page(assignment_id, cells, wanted, reason, str(refusal)), refusal.status
    flash(say(f"remark.done-{do if do in _DECIDES else 'remark'}", count=len(cells)), "success")
    return redirect(url_for("submissions.one", assignment_id=assignment_id))


def _do(at: Desk, assignment_id: int, do: str, cells: Mapping[CellKey, str], reason: str) -> None:
    version = request.form.get("version", 0, type=as_number)
    if do in _DECIDES and not cells:
        raise Refusal("no-cell-chosen")
    if do == "return":
        decide.send_back(at, assignment_id, version, reason, cells)
    elif do == "reopen":
        decide.reopen(at, assignment_id, reason, cells, version=version)
    else:
        decide.remark(at, assignment_id, version, cells)


def _look(at: Desk, assignment_id: int) -> Look:
    with at.read() as connection:
        work = steps.work_of(at, connection, assignment_id, Action.REMARK)
        newest = submissions.newest(connection, work.submission_id)
        if newest is None:
            raise NotYours
        snapshot = at.snapshot(connection)
        if not decide.may_remark(at, snapshot, work):
            raise NotYours
        situated = situation(connection, snapshot, work)
        seen = sight_of(at, snapshot, situated.view.form, work.unit_id)
        return Look(situated, newest, seen, decide.may_reopen(at, snapshot, work))


def _page(assignment_id: int, cells: Mapping[CellKey, str], wanted: str, reason: str = "", sentence: str = "") -> str:
    at = at_assignment(desk(), assignment_id)
    look = _look(at, assignment_id)
    typed, work = dict.fromkeys(look.typed(), ""), look.situated.work
    sought = fold(wanted)
    others = look.named({key: "" for key in typed if key not in cells}) if sought else ()
    return render_template(
        "remarks.html",
        situated=look.situated,
        work=work,
        newest=look.newest,
        state=standing.of_submission(work.state),
        chosen=look.named({key: text for key, text in cells.items() if key in typed}),
        found=tuple(islice((one for one in others if sought in fold(one.row)), MOST_FOUND)),
        held=look.held,
        wanted=wanted,
        reason=reason,
        sentence=sentence,
        most=MOST_LETTERS,
        can_return=steps.may(at, work, Action.RETURN),
        can_reopen=look.may_reopen,
    )
