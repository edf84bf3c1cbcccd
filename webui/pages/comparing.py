"""What changed in a form since it was approved last and since the period before, cell by cell."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from actions import comparing
from actions.behalf import at_assignment
from actions.cases import situation
from actions.desk import NotYours
from actions.personal import sight_of
from registry.store import openings
from registry.workflow.policy import Action
from webui import standing
from webui.cell_names import named
from webui.permission import page
from webui.visitor import desk

blueprint = Blueprint("comparing", __name__)


@blueprint.get("/viec/<int:assignment_id>/so-sanh")
@page(Action.SEE_SUBMISSION, reads="assignment {assignment_id}")
def look(assignment_id: int) -> str:
    """The cells that changed, or with ``o=tat-ca`` all of them."""
    at = at_assignment(desk(), assignment_id)
    with at.read() as connection:
        works = openings.work(connection, at.scope(Action.SEE_SUBMISSION), assignment_id=assignment_id)
        if not works:
            raise NotYours
        work = works[0]
        snapshot = at.snapshot(connection)
        situated = situation(connection, snapshot, work)
        found = comparing.compare(connection, situated)
        sight = sight_of(at, snapshot, situated.view.form, work.unit_id)
    if found is None:
        raise NotYours
    shows_all = request.args.get("o") == "tat-ca"
    cells = {one.key: one for one in (found.cells if shows_all else found.changed) if not sight.hides_line(one.key)}
    view = situated.view
    names = named(view.form, view.row_set.audience, dict.fromkeys(cells, ""))
    return render_template(
        "comparing.html",
        situated=situated,
        work=work,
        state=standing.of_submission(work.state),
        found=found,
        lines=[(name, cells[name.key]) for name in names],
        shows_all=shows_all,
    )
