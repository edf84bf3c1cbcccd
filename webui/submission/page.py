"""The page of a form, part by part."""

from __future__ import annotations

from actions.behalf import at_assignment
from actions.desk import Desk
from webui import standing
from webui.submission.around import around, text_remarks
from webui.submission.decision import decision_of
from webui.submission.figures import figures_of
from webui.submission.look import look
from webui.submission.past import past_of
from webui.submission.steps import steps_of


def gathered(own: Desk, assignment_id: int) -> dict[str, object]:
    """What the page of a form is told, read at one moment. Raises NotYours."""
    at = at_assignment(own, assignment_id)
    with at.read() as connection:
        seen = look(own, at, connection, assignment_id)
        figures = figures_of(connection, seen)
        can = steps_of(connection, seen, is_partly_open=bool(figures.open_cells))
        parts = {
            "past": past_of(connection, seen),
            "around": (beside := around(connection, seen)),
            "decision": decision_of(connection, seen, is_asked=can.approve or can.send_back),
        }
    return parts | {
        "work": seen.work,
        "situated": seen.situated,
        "newest": seen.newest,
        "figures": figures,
        "can": can,
        "instead": at.stands_in is not None,
        "units": seen.snapshot.units_by_id,
        "state": standing.of_submission(seen.work.state),
        "deadline": standing.of_deadline(seen.work, at.moment, seen.snapshot.calendar),
        "finding_badge": standing.of_finding,
        "without_code": any(each.code == "identity-without-token" for each in seen.findings),
        "text_remarks": text_remarks(seen, beside.report),
    }
