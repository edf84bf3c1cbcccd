"""Measuring the checks of plausibility: every one over what was handed in for a period, and how units lay in it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from actions.cases import situations
from actions.check_rates import Rate, deciding, off, rates
from actions.desk import Desk, Refusal
from actions.experience import cells, experiences
from ingest.experience import Experience, Spread
from ingest.judge import NOWHERE
from ingest.model import Case
from ingest.plausibility.judged import asked, implausible
from ingest.plausibility.told import CHECKS
from registry.catalogue.model import Form
from registry.catalogue.values import SeriesKey
from registry.periods import parse
from registry.store import experience as stored
from registry.store import jobs, openings, submissions
from registry.store.definitions import Snapshot
from registry.store.engine import Connection
from registry.store.experience import Alike, Measured
from registry.store.openings import Work
from registry.workflow.policy import EVERYWHERE, Action

MEASURE = "measure"
_SHOWN = 6  # periods on the page
_RENEWED = 2  # periods measured again on demand: the one under way and the one before
_NOTHING = Experience()


def queue(desk: Desk, connection: Connection, form: str, period: str) -> None:
    """Have a form measured over a period, in the transaction of what asks for it."""
    jobs.enqueue(
        connection,
        MEASURE,
        {"form": form, "period": period},
        desk.moment,
        unique_key=f"{MEASURE} {form} {period}",
        by_id=desk.actor.person_id,
    )


def measure(desk: Desk, form: str, period: str) -> Measured:
    """Run every check over the newest version of what each unit handed in, and store how often each spoke.

    Checks that are off are run too: they come on again by themselves. The audit entry names those that are off from now
    on. Raises NotYours.
    """
    desk.require(Action.OPEN_PERIOD)
    with desk.read() as connection:
        snapshot = desk.snapshot(connection)
        works = openings.work(connection, EVERYWHERE, form=form, period_code=period)
        counts, hits = _tried(connection, snapshot, works)
        alike = _alike(connection, snapshot, works, period)
        made = Measured(form, period, {code: (counts[code], hits[code]) for code in CHECKS}, alike, desk.moment)
    with desk.change(MEASURE, f"form {form} {period}") as change:
        if counts or alike:
            stored.put(change.connection, made)
        known = stored.measured(change.connection, form, parse(period).last, _SHOWN)
        change.detail |= {"asked": dict(counts), "hit": dict(hits), "off": sorted(off(known))}
    return made


def _tried(connection: Connection, snapshot: Snapshot, works: Iterable[Work]) -> tuple[Counter[str], Counter[str]]:
    """Cells asked and cells hit, by check; reports of nothing at all are not judged by experience."""
    handed_in = [work for work in works if work.version and work.regime in snapshot.regimes]
    values = submissions.newest_values(connection, [work.submission_id for work in handed_in], but_nil=True)
    found = situations(connection, snapshot, handed_in)
    known = experiences(connection, snapshot, found)
    counts, hits = Counter[str](), Counter[str]()
    for one in found:
        mine = values.get(one.work.submission_id)
        listening = replace(known[one.work.assignment_id] or _NOTHING, off=frozenset())
        if mine is not None:
            case = Case(one.unit, one.context, (), experience=listening)
            counts += asked(case, mine)
            hits.update(told.code for told in implausible(case, mine, NOWHERE))
    return counts, hits


def _alike(connection: Connection, snapshot: Snapshot, works: Iterable[Work], period: str) -> tuple[Alike, ...]:
    """How what was approved lies among the communes, and among the wards: each kind for itself."""
    kinds = {work.unit_id: snapshot.units_by_id[work.unit_id].kind for work in works}
    communes = {key: kind for key, kind in kinds.items() if kind.is_commune}
    one = next((work for work in works if work.unit_id in communes), None)
    if one is None:
        return ()
    compared = {cell.series for cell in cells(situations(connection, snapshot, [one])[0])}
    past = stored.past(connection, communes, {series.indicator for series in compared}, [period])
    amounts: dict[tuple[str, SeriesKey], list[int]] = defaultdict(list)
    for unit_id, known in past.items():
        for series in compared & known.keys():
            amounts[communes[unit_id].value, series].append(known[series][period])
    spreads = ((kind, series, Spread.of(some)) for (kind, series), some in amounts.items())
    return tuple(
        Alike(kind, series, one.count, one.middle, one.width) for kind, series, one in spreads if one is not None
    )


# --- looking ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line:
    """A check of a form: how often it spoke in the last periods, and what follows from it."""

    code: str
    rates: tuple[Rate, ...]  # newest period first
    decided_by: Rate | None

    @property
    def is_off(self) -> bool:
        """True while nobody is bothered with it."""
        return self.decided_by is not None and self.decided_by.cries_wolf

    def of(self, period: str) -> Rate | None:
        """Its rate in a period."""
        return next((rate for rate in self.rates if rate.period == period), None)


@dataclass(frozen=True)
class Listed:
    """The checks of one form, and the periods they were measured over."""

    form: Form
    periods: tuple[str, ...]
    lines: tuple[Line, ...]


def listing(desk: Desk) -> tuple[Listed, ...]:
    """Every form that has figures to compare, with its checks. Raises NotYours."""
    desk.require(Action.SEE_CATALOGUE)
    with desk.read() as connection:
        known = stored.every_measured(connection)
        forms = [version.form for version in desk.snapshot(connection).form_versions.values()]
    return tuple(
        Listed(
            form,
            tuple(one.period for one in known[form.code][:_SHOWN]),
            tuple(_line(code, known[form.code][:_SHOWN]) for code in CHECKS),
        )
        for form in forms
        if form.code in known
    )


def _line(code: str, measurements: list[Measured]) -> Line:
    return Line(code, rates(measurements, code), deciding(measurements, code))


def renew(desk: Desk) -> int:
    """Have the period under way and the one before measured again for every form; how many measurements were asked
    for. Raises NotYours, Refusal (nothing was handed in).
    """
    desk.require(Action.OPEN_PERIOD)
    with desk.change(MEASURE, "all forms") as change:
        periods: dict[str, list[str]] = defaultdict(list)
        for work in openings.work(change.connection, EVERYWHERE):
            if work.version and parse(work.period).a_year and work.period not in periods[work.form]:
                periods[work.form].append(work.period)
        newest = {form: sorted(codes, key=parse, reverse=True)[:_RENEWED] for form, codes in periods.items()}
        asked_for = [(form, code) for form, codes in newest.items() for code in codes]
        if not asked_for:
            raise Refusal("nothing-to-measure")
        for form, code in asked_for:
            queue(desk, change.connection, form, code)
        change.detail["measurements"] = [f"{form} {code}" for form, code in asked_for]
    desk.instance.wake.set()
    return len(asked_for)
