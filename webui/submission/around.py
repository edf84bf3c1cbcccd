"""What stands around a form: its report, what was asked about it, who reviews it, whose request it answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from actions import reports, text_checks
from actions.attainments import has_plans
from actions.instants import lead_of
from registry.catalogue.model import Request
from registry.store import amendments, behalf, letters, openings, reopenings
from registry.store import reports as stored
from registry.store.amendments import Amendment
from registry.store.behalf import Behalf
from registry.store.engine import Connection
from registry.store.letters import Letter
from registry.store.openings import Work
from registry.store.reopenings import Reopening
from registry.store.reports import Report
from registry.workflow.policy import Action
from registry.workflow.report import ReportStep, report_step
from registry.workflow.submission import State
from webui import standing
from webui.pages.reviewing import Reviewer, reviewers_of
from webui.standing import Badge
from webui.submission.look import Look


@dataclass(frozen=True)
class Around:
    """Everything the page tells that is not of the form itself."""

    report: Report | None
    report_badge: Badge | None
    closes_report: bool  # approving the form completes a report that can be sent
    locked_by: str  # who locked its period; empty where it is not
    late_for_closing: Badge | None
    has_plans: bool
    behalf: Behalf | None  # by which document the newest version was entered for the unit
    asked: Reopening | None  # the last plea to reopen it
    amended: Sequence[Amendment]
    reviews: Sequence[Reviewer]
    request: Request | None
    letter: Letter | None

    @property
    def is_asked(self) -> bool:
        """True while a plea to reopen it waits for its answer."""
        return self.asked is not None and self.asked.is_open


def around(connection: Connection, look: Look) -> Around:
    """What stands around a form."""
    work, snapshot, at = look.work, look.snapshot, look.at
    report = stored.find(connection, at.scope(Action.SEE_SUBMISSION), work.opening_id, work.unit_id)
    is_open = report is not None and reports.is_open(at, connection, report)
    entered = look.newest.behalf_id if look.newest else None
    asked = reopenings.of_assignment(connection, work.assignment_id)
    return Around(
        report=report,
        report_badge=standing.of_report(report) if report else None,
        closes_report=is_open
        and report is not None
        and report_step(report.state, ReportStep.SEND) is not None
        and _closes(work, _siblings(connection, look)),
        locked_by=lead_of(snapshot, work.regime) if work.is_locked else "",
        late_for_closing=standing.after_closing() if work.came_after_closing else None,
        has_plans=has_plans(connection, snapshot, work.form_definition_id, look.situated.period),
        behalf=behalf.get(connection, entered) if entered else None,
        asked=asked[0] if asked else None,
        amended=amendments.of_assignment(connection, work.assignment_id),
        reviews=reviewers_of(connection, snapshot, look.situated),
        request=snapshot.requests.get(work.regime),
        letter=letters.of(connection, [work.regime]).get(work.regime),
    )


def text_remarks(look: Look, report: Report | None) -> int:
    """How many sentences of the report's text disagree with the form, while it waits for its leader."""
    if report is None or look.work.state is not State.PENDING:
        return 0
    return sum(one.finding.sheet == look.work.form for one in text_checks.remarks(look.of_report, report))


def _siblings(connection: Connection, look: Look) -> Sequence[Work]:
    """Every form of the report, as far as whoever sends it sees them."""
    work, allowed = look.work, look.of_report.scope(Action.SEE_SUBMISSION)
    return openings.work(connection, allowed, opening_id=work.opening_id, unit_id=work.unit_id) or [work]


def _closes(work: Work, siblings: Sequence[Work]) -> bool:
    """True when every other form of the report is approved: approving this one completes it."""
    others = (each for each in siblings if each.assignment_id != work.assignment_id)
    return all(each.state is State.APPROVED for each in others)
