"""The report on sending and use of the system (R29; 15.1, 17.3): of all units for the office and IOC, of one's own."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from enum import StrEnum

from actions.capacities import signatures
from actions.desk import Desk, NotYours
from actions.difficulties import counted
from actions.history import kept, span
from actions.made import Made
from compile import usage
from compile.usage import UsageReport, Used
from registry.periods import BadPeriodCode, Period, PeriodKind, parse
from registry.store import usage as stored
from registry.store.definitions import Snapshot
from registry.workflow.policy import Action, Scope, Where

KINDS = (PeriodKind.MONTH, PeriodKind.QUARTER, PeriodKind.HALF, PeriodKind.YEAR)


class Paper(StrEnum):
    """As what the report is taken away."""

    DOCUMENT = "docx"
    WORKBOOK = "xlsx"


def named(code: str) -> Period:
    """The month, quarter, half or year of a code. Raises NotYours for anything else."""
    try:
        period = parse(code)
    except BadPeriodCode:
        raise NotYours from None
    if period.kind not in KINDS:
        raise NotYours
    return period


def lately(day: date) -> list[Period]:
    """Those one would report about, of each kind the one going on and some before."""
    months = [divmod(day.year * 12 + day.month - 1 - back, 12) for back in range(13)]
    codes = [f"{year}{month + 1:02}" for year, month in months]
    codes += dict.fromkeys(f"{year}{month // 3 + 1}" for year, month in months)
    codes += dict.fromkeys(f"{year}H{month // 6 + 1}" for year, month in months)
    codes += dict.fromkeys(str(year) for year, _ in months)
    return [parse(code) for code in codes]


def gather(desk: Desk, period: Period, unit_id: int | None = None) -> UsageReport:
    """The report of all units the person sees, or of one about itself. Raises NotYours."""
    allowed = desk.require(Action.SEE_USAGE, unit_id)
    if unit_id is None and allowed.units is not None:
        raise NotYours
    since, until = span(period.first, period.last)
    with desk.read() as connection:
        snapshot = desk.snapshot(connection)
        issuer_id = unit_id or next(grant.unit_id for grant in desk.actor.grants if grant.gives(Action.SEE_USAGE))
        held = kept(desk, connection, allowed, (since, until), unit_id)
        units = None if unit_id is None else frozenset({unit_id})
        used = stored.of_units(connection, units, since, until, min(period.last, desk.day))
        return UsageReport(
            period=period,
            as_of=desk.moment,
            issuer=snapshot.units_by_id[issuer_id],
            province=snapshot.province,
            signature=signatures(desk, connection, [issuer_id], ()).get(issuer_id),
            regimes={code: one.name for code, one in snapshot.regimes.items()},
            held=tuple(held),
            used=_used(snapshot, used),
            feedback=counted(desk, connection, Scope.of([Where(units)]), since, until),
            is_own=unit_id is not None,
            is_sample=desk.instance.is_sample(connection),
        )


def _used(snapshot: Snapshot, found: dict[int, stored.Usage]) -> tuple[Used, ...]:
    """In official order."""
    units = sorted(((snapshot.units_by_id[key], one) for key, one in found.items()), key=lambda pair: pair[0].order)
    return tuple(Used(unit, **asdict(one)) for unit, one in units)


def take_away(desk: Desk, report: UsageReport, paper: Paper) -> Made:
    """The report as a document or a workbook, noted in the audit log."""
    data = (usage.document if paper is Paper.DOCUMENT else usage.workbook)(report)
    whose = f"_{report.issuer.code}" if report.is_own else ""
    made = Made(report.issuer.code, report.period.code, f"BC_su-dung_{report.period.code}{whose}.{paper}", data)
    said = {"period": report.period.code, "unit": report.issuer.code, "kind": paper, "sha256": made.sha256}
    desk.instance.journal.write(desk, Action.SEE_USAGE, "usage", said)
    return made
