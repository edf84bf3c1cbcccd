"""The six-monthly list of trouble and difficulties (15.2), for the office."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from actions.capacities import signatures
from actions.desk import Desk, NotYours
from actions.instance import local_day
from actions.made import Made
from compile import difficulties
from compile.difficulties import Asked, Difficulty, HalfYear, Tally
from registry.catalogue.model import Role
from registry.periods import BadPeriodCode, Period, PeriodKind, WorkingCalendar, parse
from registry.periods.deadline import LOCAL
from registry.store import feedback
from registry.store.definitions import Snapshot
from registry.store.engine import Connection
from registry.store.feedback import Feedback, Taken
from registry.workflow.feedback import FeedbackKind, FeedbackState, FeedbackStep
from registry.workflow.policy import Action, Scope


class Paper(StrEnum):
    """As what the list is taken away."""

    DOCUMENT = "docx"
    WORKBOOK = "xlsx"


@dataclass(frozen=True, slots=True)
class Words:
    """What the kinds and states are called."""

    kinds: Mapping[FeedbackKind, str]
    states: Mapping[FeedbackState, str]


def half_of(day: date) -> Period:
    """The half year a day lies in."""
    return parse(f"{day.year}H{(day.month + 5) // 6}")


def half_named(code: str) -> Period:
    """The half year of a code: ``2026H1``. Raises NotYours for anything else."""
    try:
        period = parse(code)
    except BadPeriodCode:
        raise NotYours from None
    if period.kind is not PeriodKind.HALF:
        raise NotYours
    return period


def gather(desk: Desk, period: Period, words: Words) -> HalfYear:
    """What was written in the half year. Raises NotYours."""
    allowed = desk.require(Action.SETTLE_FEEDBACK)
    office_id = next(grant.unit_id for grant in desk.actor.grants if grant.role is Role.OFFICE)
    since, until = (datetime.combine(day, time(), LOCAL) for day in (period.first, period.last + timedelta(days=1)))
    with desk.read() as connection:
        snapshot = desk.snapshot(connection)
        found = feedback.listing(connection, allowed, since=since, until=until, limit=None)
        taken = feedback.steps(connection, [one.id for one in found])
        return HalfYear(
            period=period,
            as_of=desk.moment,
            issuer=snapshot.units_by_id[office_id],
            province=snapshot.province,
            signature=signatures(desk, connection, [office_id], ()).get(office_id),
            kinds=dict(words.kinds),
            lines=tuple(_line(desk, snapshot, one, taken[one.id], words) for one in found),
            is_sample=desk.instance.is_sample(connection),
        )


def counted(desk: Desk, connection: Connection, allowed: Scope, since: datetime, until: datetime) -> Tally:
    """What was written in the units of a scope in a span, counted."""
    calendar = desk.snapshot(connection).calendar
    found = feedback.listing(connection, allowed, since=since, until=until, limit=None)
    return difficulties.tally(Asked(one.state, _waited(calendar, one), one.is_overdue(desk.moment)) for one in found)


def _waited(calendar: WorkingCalendar, one: Feedback) -> int | None:
    if one.answered_at is None:
        return None
    return calendar.working_days_between(local_day(one.at), local_day(one.answered_at))


def _line(desk: Desk, snapshot: Snapshot, one: Feedback, taken: list[Taken], words: Words) -> Difficulty:
    return Difficulty(
        number=one.id,
        kind=one.kind,
        unit=snapshot.units_by_id[one.unit_id],
        at=one.at,
        text=one.text,
        state=one.state,
        standing=words.states[one.state],
        answer=next((each.text for each in reversed(taken) if each.step is FeedbackStep.ANSWER), ""),
        days=_waited(snapshot.calendar, one),
        is_overdue=one.is_overdue(desk.moment),
    )


def take_away(desk: Desk, half: HalfYear, paper: Paper) -> Made:
    """The list as a document or a workbook, noted in the audit log."""
    data = (difficulties.document if paper is Paper.DOCUMENT else difficulties.workbook)(half)
    made = Made(half.issuer.code, half.period.code, f"phan-anh_{half.period.code}.{paper}", data)
    with desk.change(Action.SETTLE_FEEDBACK, "feedback difficulties") as change:
        change.detail |= {"period": half.period.code, "kind": paper, "sha256": made.sha256}
    return made
