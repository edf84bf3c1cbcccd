"""What happens to figures and reports, whom each event tells, and which notices it overtakes.

Every notice of the workflow passes here, inside the transaction of the act it tells of.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from actions.desk import Desk
from registry.catalogue.model import Role
from registry.store import addressees, notices, signing, submissions
from registry.store.definitions import Snapshot
from registry.store.engine import Connection
from registry.store.openings import Work
from registry.store.reports import Report
from registry.workflow.policy import Action

SUBMITTED, WITHDRAWN = "figures-submitted", "figures-withdrawn"
APPROVED, RETURNED, REOPENED = "figures-approved", "figures-returned", "figures-reopened"
TAKEN_BACK, REMARKED = "approval-taken-back", "cells-remarked"
NARRATIVE_ATTACHED, REPORT_WAITS, REPORT_WITHDRAWN = "narrative-attached", "report-waits", "report-withdrawn"
REPORT_APPROVED, REPORT_GIVEN_BACK = "report-approved", "report-given-back"
REPORT_SENT, REPORT_ARRIVED = "report-sent", "report-arrived"
REPORT_RECEIVED, REPORT_COMPILED = "report-received", "report-compiled"
REPORT_RETURNED = "report-returned"
REOPENING_ASKED, REOPENING_GRANTED, REOPENING_REFUSED = "reopening-asked", "reopening-granted", "reopening-refused"
REMIND_BEFORE, REMIND_DAY, REMIND_AFTER = "remind-before", "remind-day", "remind-after"  # by `actions.reminders`
CHASED = "chased"  # by `actions.chase`
RECHECK, REVIEWED = "recheck-asked", "figures-reviewed"  # by who reviews what units approved
CORRECTED = "figures-corrected"  # after their period was locked
LENT_USED, LENT_REPORT = "lent-used", "lent-used-report"  # an approval that was lent
LONGEST_REASON = 300  # characters of a reason in a notice; the page has all of it


@dataclass(frozen=True, slots=True)
class Kind:
    """The roles an event tells in the units it is sent to, and the notices about the same thing it settles."""

    roles: tuple[Role, ...]
    overtakes: tuple[str, ...] = ()
    is_urgent: bool = False  # somebody waits, or has to do it again


_PEOPLE = (Role.CLERK, Role.LEADER)
_OF_FIGURES = (SUBMITTED, WITHDRAWN, APPROVED, RETURNED, REOPENED, TAKEN_BACK, RECHECK, REVIEWED)
_OF_REPORTS = (
    NARRATIVE_ATTACHED,
    REPORT_WAITS,
    REPORT_WITHDRAWN,
    REPORT_APPROVED,
    REPORT_GIVEN_BACK,
    REPORT_SENT,
    REPORT_ARRIVED,
    REPORT_RECEIVED,
    REPORT_RETURNED,
    REPORT_COMPILED,
    REMIND_BEFORE,
    REMIND_DAY,
    REMIND_AFTER,
    CHASED,
)
KINDS: Mapping[str, Kind] = {
    SUBMITTED: Kind((Role.LEADER,), _OF_FIGURES, is_urgent=True),
    WITHDRAWN: Kind((Role.LEADER,), _OF_FIGURES),
    APPROVED: Kind((Role.CLERK,), _OF_FIGURES),
    RETURNED: Kind((Role.CLERK,), _OF_FIGURES, is_urgent=True),
    TAKEN_BACK: Kind((Role.CLERK,), _OF_FIGURES),
    REMARKED: Kind((Role.CLERK,), (REMARKED,)),
    REOPENED: Kind(_PEOPLE, _OF_FIGURES, is_urgent=True),
    RECHECK: Kind(_PEOPLE, _OF_FIGURES, is_urgent=True),  # in place of what tells of the reopening it is
    REVIEWED: Kind(_PEOPLE),
    NARRATIVE_ATTACHED: Kind((Role.LEADER,), (NARRATIVE_ATTACHED,)),
    REPORT_WAITS: Kind((Role.LEADER,), _OF_REPORTS, is_urgent=True),
    REPORT_WITHDRAWN: Kind((Role.LEADER,), _OF_REPORTS),
    REPORT_APPROVED: Kind((Role.CLERK,), _OF_REPORTS),
    REPORT_GIVEN_BACK: Kind((Role.CLERK,), _OF_REPORTS, is_urgent=True),
    REPORT_SENT: Kind(_PEOPLE, _OF_REPORTS),
    REPORT_ARRIVED: Kind((Role.OFFICE, Role.RECEIVER)),
    REPORT_RECEIVED: Kind(_PEOPLE, (REPORT_RECEIVED,)),
    REPORT_RETURNED: Kind(_PEOPLE, _OF_REPORTS, is_urgent=True),
    REPORT_COMPILED: Kind(_PEOPLE, (REPORT_COMPILED,)),
    REOPENING_ASKED: Kind((Role.OFFICE, Role.RECEIVER), is_urgent=True),
    REOPENING_GRANTED: Kind((), (REOPENING_ASKED,)),
    REOPENING_REFUSED: Kind(_PEOPLE, (REOPENING_ASKED,)),
    CORRECTED: Kind((Role.OFFICE, Role.RECEIVER), is_urgent=True),
    LENT_USED: Kind(()),
    LENT_REPORT: Kind(()),
}

_OF_STEPS = {
    Action.SUBMIT: SUBMITTED,
    Action.WITHDRAW: WITHDRAWN,
    Action.APPROVE: APPROVED,
    Action.RETURN: RETURNED,
    Action.TAKE_BACK: TAKEN_BACK,
    Action.REOPEN: REOPENED,
}


def of_step(
    desk: Desk, connection: Connection, action: Action, work: Work, reason: str = "", lent: int | None = None
) -> None:
    """A submission took a step, perhaps by what was ``lent``; of a decision also whoever asked for it is told."""
    kind = _OF_STEPS.get(action)
    if kind is None:
        return
    by = (
        submissions.submitter(connection, work.submission_id)
        if action not in (Action.SUBMIT, Action.WITHDRAW)
        else None
    )
    of_figures(desk, connection, kind, work, reason=reason, also=() if by is None else (by,))
    lent_used(desk, connection, lent, work)


def of_figures(
    desk: Desk, connection: Connection, kind: str, work: Work, *, reason: str = "", also: Iterable[int] = ()
) -> None:
    """Something happened to a unit's form: those of the unit are told, ``also`` whoever had a hand in it.

    What was entered on the unit's behalf waits for the leader of the agency that leads the regime.
    """
    snapshot = desk.snapshot(connection)
    to = work.unit_id
    if kind in (SUBMITTED, WITHDRAWN) and desk.stands_in is not None:
        to = snapshot.unit_ids[snapshot.regimes[work.regime].lead]
    values = {"form": work.form, "period": work.period, "unit": snapshot.units_by_id[work.unit_id].name}
    values |= {"why": reason[:LONGEST_REASON]} if reason else {}
    on = f"assignment {work.assignment_id}"
    tell(desk, connection, kind, on, values, (to,), regime=work.regime, form=work.form, also=also)


def reopening_asked(desk: Desk, connection: Connection, work: Work, reason: str) -> None:
    """Those who receive a unit's report are asked to open its approved figures."""
    snapshot = desk.snapshot(connection)
    receivers = [snapshot.unit_ids[one] for one in snapshot.regimes[work.regime].receivers]
    values = {"form": work.form, "period": work.period, "unit": snapshot.units_by_id[work.unit_id].name}
    values |= {"why": reason[:LONGEST_REASON]}
    tell(desk, connection, REOPENING_ASKED, f"assignment {work.assignment_id}", values, receivers, regime=work.regime)


def reopening_answered(desk: Desk, connection: Connection, work: Work, reason: str, *, is_granted: bool) -> None:
    """Nobody has to answer any more; a unit that was refused learns why, of figures reopened it is told as such."""
    of_figures(desk, connection, REOPENING_GRANTED if is_granted else REOPENING_REFUSED, work, reason=reason)


def corrected(desk: Desk, connection: Connection, work: Work, n: int, document: str, makers: Iterable[int]) -> None:
    """Figures of a locked period were put right: who receives them and who made a report of the wrong ones knows."""
    snapshot = desk.snapshot(connection)
    receivers = [snapshot.unit_ids[one] for one in snapshot.regimes[work.regime].receivers]
    values = {"form": work.form, "period": work.period, "unit": snapshot.units_by_id[work.unit_id].name}
    values |= {"n": str(n), "document": document}
    on = f"assignment {work.assignment_id}"
    tell(desk, connection, CORRECTED, on, values, receivers, regime=work.regime, also=makers)


def of_report(
    desk: Desk,
    connection: Connection,
    kind: str,
    report: Report,
    *,
    reason: str = "",
    also: Iterable[int] = (),
) -> None:
    """Something happened to a unit's report: those of the unit are told, of one that was sent its receivers."""
    snapshot = desk.snapshot(connection)
    regime = snapshot.regimes[report.regime]
    to = [snapshot.unit_ids[one] for one in regime.receivers] if kind == REPORT_ARRIVED else [report.unit_id]
    values = _values(snapshot, report, reason)
    tell(desk, connection, kind, _on(report), values, to, regime=report.regime, also=also)


def _values(snapshot: Snapshot, report: Report, reason: str) -> dict[str, str]:
    values = {"regime": report.regime, "name": snapshot.regimes[report.regime].name, "period": report.period}
    values |= {"unit": snapshot.units_by_id[report.unit_id].name}
    return values | ({"why": reason[:LONGEST_REASON]} if reason else {})


def _on(report: Report) -> str:
    return f"opening {report.opening_id} unit {report.unit_id}"


def taken(
    desk: Desk,
    connection: Connection,
    kind: str,
    reports: Sequence[Report],
    receiver_id: int,
    reason: str,
    **said: str,
) -> None:
    """A receiver took units' reports of a period or sent them back: nobody there has to look at them any more, and each
    unit knows. As many statements for one as for all.
    """
    if not reports:
        return
    rule, snapshot, regime = KINDS[kind], desk.snapshot(connection), reports[0].regime
    arrived = KINDS[REPORT_ARRIVED].roles
    mine = addressees.of_units(connection, arrived, (receiver_id,), desk.day, regime)[receiver_id]
    about = [_on(one) for one in reports]
    notices.settle_all(connection, (REPORT_ARRIVED,), about, desk.moment, mine)
    notices.settle_all(connection, rule.overtakes, about, desk.moment)
    told = addressees.of_units(connection, rule.roles, [one.unit_id for one in reports], desk.day, regime)
    more = {"receiver": snapshot.units_by_id[receiver_id].name, **said, "by": desk.actor.name}
    new = (
        notices.New(told[one.unit_id] - {desk.actor.person_id}, kind, on, _values(snapshot, one, reason) | more)
        for one, on in zip(reports, about, strict=True)
    )
    notices.put_all(connection, new, desk.moment)


def lent_used(desk: Desk, connection: Connection, delegation_id: int | None, on: Work | Report) -> None:
    """Whoever lent his approval learns what was done by it."""
    lent = signing.delegation_by_id(connection, delegation_id) if delegation_id is not None else None
    if lent is None:
        return
    if isinstance(on, Work):
        of_figures(desk, connection, LENT_USED, on, also=(lent.from_id,))
    else:
        of_report(desk, connection, LENT_REPORT, on, also=(lent.from_id,))


def tell(
    desk: Desk,
    connection: Connection,
    kind: str,
    on: str,
    values: Mapping[str, str],
    unit_ids: Collection[int],
    *,
    regime: str | None = None,
    form: str | None = None,
    also: Iterable[int] = (),
) -> None:
    """Settle what is overtaken and tell the people of some units, but for who acts: however many, one statement."""
    rule = KINDS[kind]
    if rule.overtakes:
        notices.settle(connection, rule.overtakes, on, desk.moment)
    told = addressees.of_units(connection, rule.roles, unit_ids, desk.day, regime, form)
    people = set(also).union(*told.values()) - {desk.actor.person_id}
    notices.put(connection, people, kind, on, {**values, "by": desk.actor.name}, desk.moment)
