"""Assignments with everything needed to stamp, judge or approve them, gathered set-based."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from actions.inherited import NONE, Inheritance, Lineage
from actions.lines import known_lines
from registry.catalogue.forms import Access, RowSet, View, limited, row_set, subject_of
from registry.catalogue.model import PROVINCE, Regime, Row, Rule, Unit
from registry.catalogue.values import CellKey, SeriesKey
from registry.findings import is_waivable
from registry.periods import NoSuchPeriod, Period, PeriodKind, parse, previous, window
from registry.rules.applicable import applicable
from registry.rules.background import Background, KnownLines, Need, carried, with_earlier_rounds
from registry.rules.context import Context
from registry.rules.needs import needs, needs_of_rules
from registry.store import definitions, figures, openings, waivers
from registry.store.codec import sha
from registry.store.definitions import FormVersion, Snapshot
from registry.store.engine import Connection
from registry.store.openings import NewAssignment, Work
from registry.store.submissions import Approved
from registry.workflow.submission import State
from registry.workflow.timeliness import Sending
from vietnamese.dates import civil, day_of_due


@dataclass(frozen=True)
class Part:
    """What a division gives of its unit's form (phần việc): the rows put in its charge."""

    division_id: int
    division: Unit
    rows: frozenset[str]


@dataclass(frozen=True)
class Situation:
    """One form asked of one unit in one period, with what the warehouse knows of it."""

    work: Work
    unit: Unit
    regime: Regime
    form: FormVersion
    context: Context
    rules: tuple[Rule, ...]
    former: FormVersion | None = None  # the form the period before asked
    part: Part | None = None  # of a division; None: the whole form
    inherited: Inheritance = NONE  # of what it took over from other units since
    waived: Mapping[str, int] = field(default_factory=dict)  # finding codes under a waiver in force, with its number

    @property
    def answerer(self) -> Unit:
        """Who fills it in: the division whose part it is, else the unit."""
        return self.part.division if self.part else self.unit

    @property
    def answerer_id(self) -> int:
        """The store's key of who fills it in."""
        return self.part.division_id if self.part else self.work.unit_id

    @cached_property
    def waiting(self) -> frozenset[CellKey]:
        """The cells of rows that others fill in."""
        others = {row.code for row, access in self.view.rows if access is Access.OTHERS}
        return frozenset(key for key in self.view.cells if key.row in others) if others else frozenset()

    @property
    def period(self) -> Period:
        """The period asked about."""
        return self.context.period

    @property
    def view(self) -> View:
        """The form as the unit meets it."""
        return self.context.view

    @cached_property
    def definition_sha(self) -> str:
        """Changes whenever the form, a rule or a waiver in force does."""
        waived = [sorted(self.waived.items())] if self.waived else []
        return sha([self.form.sha, [sha(rule) for rule in self.rules], *waived])

    @cached_property
    def background_sha(self) -> str:
        """Changes whenever a figure leaned on does."""
        known = self.context.background.figures
        figures = sorted((*need.series, need.period, str(figure)) for need, figure in known.items())
        lines = self.context.lines.figures
        if not lines:
            return sha(figures)
        of_lines = sorted(
            (*key, *need.series, need.period, str(figure))
            for (table, name), background in lines.items()
            for key in ((table, *name),)
            for need, figure in background.figures.items()
        )
        return sha([figures, of_lines])


def situations(
    connection: Connection, snapshot: Snapshot, works: Sequence[Work], rules: tuple[Rule, ...] | None = None
) -> list[Situation]:
    """The situation of each assignment, in the order given; one query of figures per form and period.

    Rules are those live on the period's last day; others may be given to be tried on tables computed before, of which
    each form's version gets those that fit it.
    """
    made = {one.work.assignment_id: one for one in each_situation(connection, snapshot, works, rules)}
    return [made[work.assignment_id] for work in works]


def each_situation(
    connection: Connection, snapshot: Snapshot, works: Sequence[Work], rules: tuple[Rule, ...] | None = None
) -> Iterator[Situation]:
    """The same one after another, form by form: of thousands of units only the one at hand is held."""
    groups: dict[tuple[int, str, str], list[Work]] = defaultdict(list)
    for work in works:
        groups[work.form_definition_id, work.period, work.regime].append(work)
    for group in groups.values():
        yield from _group(connection, snapshot, group, rules)


def situation(connection: Connection, snapshot: Snapshot, work: Work, part: Part | None = None) -> Situation:
    """The situation of one assignment, or of a division's part of it."""
    return next(_group(connection, snapshot, [work], None, part))


def view_of(connection: Connection, snapshot: Snapshot, work: Work) -> tuple[View, Period]:
    """The form as an assignment's unit meets it, and the period, without any figures."""
    form = definitions.form_version(connection, snapshot, work.form_definition_id)
    period = openings.period_of(connection, work.regime, work.opening_id, work.period)
    return _view(snapshot, form, snapshot.units_by_id[work.unit_id], period), period


def window_of(
    regime: Regime, period: Period, opened_at: datetime, due_at: datetime, closes_on: date | None
) -> tuple[date, date]:
    """The closing window, which the opening may have ended earlier (``closes_on``).

    Of a report asked for once, from the day it was asked to the day it is due.
    """
    if period.kind is not PeriodKind.ONCE:
        first, last = window(period, regime.calendar)
        return first, closes_on or last
    return civil(opened_at).date(), day_of_due(due_at)


def rehearsal(
    connection: Connection, snapshot: Snapshot, regime: Regime, period: Period, asked: NewAssignment, at: datetime
) -> Situation:
    """The situation an assignment would be, before its period is opened: for a trial workbook."""
    due = asked.due_at
    work = Work(
        assignment_id=0,
        submission_id=0,
        opening_id=0,
        regime=regime.code,
        period=period.code,
        unit_id=asked.unit_id,
        form=asked.form,
        form_definition_id=asked.form_definition_id,
        due_at=due,
        due_at_first=due,
        opened_at=at,
        reception_closed_at=None,
        state=State.EMPTY,
        version=0,
        lock=0,
        submitted_at=None,
        approved_at=None,
        sending=Sending(asked.unit_id, regime.code, period.code, 0, due, due, None, None),
    )
    return next(_group(connection, snapshot, [work], None))


def _group(
    connection: Connection,
    snapshot: Snapshot,
    works: list[Work],
    tried: tuple[Rule, ...] | None,
    part: Part | None = None,
) -> Iterator[Situation]:
    first = works[0]
    form = definitions.form_version(connection, snapshot, first.form_definition_id)
    period = openings.period_of(connection, first.regime, first.opening_id, first.period)
    regime = snapshot.regimes[first.regime]
    rules = rules_of(snapshot, form, period) if tried is None else applicable(tried, form.form)
    former = _former(connection, snapshot, first, period, regime)
    held = waivers.in_force(connection, form.form.code, period.last)
    wanted: set[Need] = set()
    asked: dict[RowSet, frozenset[Need]] = {}
    mine: dict[int, tuple[Work, Unit, View]] = {}
    for work in works:
        unit = snapshot.units_by_id[work.unit_id]
        view = _view(snapshot, form, unit, period, part)
        if view.row_set not in asked:
            asked[view.row_set] = _asked(snapshot, form, view, period, regime, None if tried is None else rules)
        wanted |= asked[view.row_set]
        mine[work.unit_id] = (work, unit, view)
    province = snapshot.unit_ids[PROVINCE]
    rounds = with_earlier_rounds(wanted, period.before)
    whole = carried(figures.backgrounds(connection, {province}, rounds)[province], wanted, period.before)
    views = {unit_id: view for unit_id, (_, _, view) in mine.items()}
    lines = _lines(connection, snapshot, views, period, regime, rules)
    lineage = Lineage(connection, snapshot, {unit_id: unit for unit_id, (_, unit, _) in mine.items()}, wanted)
    for (unit_id, known), listed in zip(figures.each_background(connection, mine, rounds), lines, strict=True):
        work, unit, view = mine[unit_id]
        inherited = lineage.of(unit_id, known)
        about = _about(unit, view, carried(inherited.over(known), wanted, period.before), whole)
        context = Context(view, period, regime.frequency, about, unit, lines=listed)
        waived = {one.new.code: one.id for one in held if one.covers(unit) and is_waivable(one.new.code)}
        yield Situation(work, unit, regime, form, context, rules, former, part, inherited, waived)


_NO_LINES = KnownLines()
_BATCH = 100  # units whose lists are in memory


def _lines(
    connection: Connection,
    snapshot: Snapshot,
    views: dict[int, View],
    period: Period,
    regime: Regime,
    rules: tuple[Rule, ...],
) -> Iterator[KnownLines]:
    """What each unit's own lists of earlier periods say that the rules ask, by rising key of the unit: some units'
    lists at a time.
    """

    def old_view(one: Approved) -> View:
        kept = ("form", one.form_definition_id)
        if kept not in snapshot.memo:
            snapshot.memo[kept] = definitions.form_version(connection, snapshot, one.form_definition_id)
        return _view(snapshot, snapshot.memo[kept], snapshot.units_by_id[one.unit_id], parse(one.period))

    has_lists = bool(next(iter(views.values())).form.lists)
    units = sorted(views)
    for some in (units[at : at + _BATCH] for at in range(0, len(units), _BATCH)):
        met = {unit_id: views[unit_id] for unit_id in some if has_lists}
        known = known_lines(connection, met, period, regime, rules, old_view) if met else {}
        yield from (known.get(unit_id, _NO_LINES) for unit_id in some)


def _former(
    connection: Connection, snapshot: Snapshot, work: Work, period: Period, regime: Regime
) -> FormVersion | None:
    try:
        before = previous(period, regime.frequency)
    except NoSuchPeriod:
        return None
    definition_id = openings.form_asked(connection, regime.code, before.code, work.form)
    return None if definition_id is None else definitions.form_version(connection, snapshot, definition_id)


def rules_of(snapshot: Snapshot, form: FormVersion, period: Period) -> tuple[Rule, ...]:
    """The rules that judge a period and fit a version of a form; worked out once.

    A rule in shadow mode is none of the clerk's business, and never makes a verdict old.
    """
    key = ("rules", form.id, period.code)
    if key not in snapshot.memo:
        live = (rule for rule in snapshot.rules(form.form.code, period.last) if not rule.shadow)
        snapshot.memo[key] = applicable(live, form.form)
    kept: tuple[Rule, ...] = snapshot.memo[key]
    return kept


def _asked(
    snapshot: Snapshot, form: FormVersion, view: View, period: Period, regime: Regime, tried: tuple[Rule, ...] | None
) -> frozenset[Need]:
    """What the form and its live rules lean on, worked out once; or only what rules to be tried ask for."""
    if tried is not None:
        return needs_of_rules(view, period, regime.frequency, tried)
    key = ("needs", form.id, view.row_set, period.code)
    if key not in snapshot.memo:
        snapshot.memo[key] = needs(view, period, regime.frequency, rules_of(snapshot, form, period))
    kept: frozenset[Need] = snapshot.memo[key]
    return kept


def _view(snapshot: Snapshot, form: FormVersion, unit: Unit, period: Period, part: Part | None = None) -> View:
    """The form as units of the same row set meet it in a period, or a division its part; worked out once."""
    rows = row_set(form.form, unit, period.shape)
    if part is not None:
        rows = limited(form.form, rows, part.rows)
    key = ("view", form.id, rows, period.shape)
    if key not in snapshot.memo:
        snapshot.memo[key] = View(form.form, period.shape, rows, snapshot.definitions)
    kept: View = snapshot.memo[key]
    return kept


def rows_by_series(view: View) -> dict[tuple[str, str], Row]:
    """The row that holds an indicator and its members."""
    by_code = {row.code: row for row, _ in view.rows}
    return {
        (spec.series.indicator, spec.series.members): by_code[key.row]
        for key, spec in view.cells.items()
        if spec.series is not None
    }


def _about(unit: Unit, view: View, own: Background, province: Background) -> Background:
    """What is known about whom each row speaks of: the unit itself, or for an agency the province (F2)."""
    if unit.kind.is_commune:
        return own
    rows = rows_by_series(view)

    def speaks_for_province(series: SeriesKey) -> bool:
        row = rows.get((series.indicator, series.members)) or _row_elsewhere(view, series)
        return row is not None and subject_of(row, unit, PROVINCE) == PROVINCE

    return Background(
        {
            **{need: known for need, known in own.figures.items() if not speaks_for_province(need.series)},
            **{need: known for need, known in province.figures.items() if speaks_for_province(need.series)},
        }
    )


def _row_elsewhere(view: View, series: SeriesKey) -> Row | None:
    """The row of another form that holds a series, for rules that name it."""
    others = (row for form in view.definitions.forms.values() for row in form.rows)
    return next((row for row in others if (row.indicator, _members(row)) == (series.indicator, series.members)), None)


def _members(row: Row) -> str:
    return "=".join(row.member) if row.member else ""
