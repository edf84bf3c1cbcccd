"""Assignments with everything needed to stamp, judge or approve them, gathered set-based."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from registry.catalogue.forms import View, row_set, subject_of
from registry.catalogue.model import PROVINCE, Regime, Row, Rule, Unit
from registry.catalogue.values import SeriesKey
from registry.periods import Period, PeriodKind, window
from registry.rules.background import Background, Need, carried, with_earlier_rounds
from registry.rules.context import Context
from registry.rules.needs import needs
from registry.store import definitions, figures, openings
from registry.store.codec import sha
from registry.store.definitions import FormVersion, Snapshot
from registry.store.engine import Connection
from registry.store.openings import NewAssignment, Work
from registry.workflow.submission import State
from vietnamese.dates import civil


@dataclass(frozen=True)
class Situation:
    """One form asked of one unit in one period, with what the warehouse knows of it."""

    work: Work
    unit: Unit
    regime: Regime
    form: FormVersion
    context: Context
    rules: tuple[Rule, ...]

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
        """Changes whenever the form or a rule does."""
        return sha([self.form.sha, [sha(rule) for rule in self.rules]])

    @cached_property
    def background_sha(self) -> str:
        """Changes whenever a figure leaned on does."""
        known = self.context.background.figures
        return sha(sorted((*need.series, need.period, str(figure)) for need, figure in known.items()))


def situations(connection: Connection, snapshot: Snapshot, works: Sequence[Work]) -> list[Situation]:
    """The situation of each assignment, in the order given; one query of figures per form and period."""
    groups: dict[tuple[int, str, str], list[Work]] = defaultdict(list)
    for work in works:
        groups[work.form_definition_id, work.period, work.regime].append(work)
    made: dict[int, Situation] = {}
    for group in groups.values():
        made |= {one.work.assignment_id: one for one in _group(connection, snapshot, group)}
    return [made[work.assignment_id] for work in works]


def situation(connection: Connection, snapshot: Snapshot, work: Work) -> Situation:
    """The situation of one assignment."""
    return situations(connection, snapshot, [work])[0]


def window_of(regime: Regime, period: Period, opened_at: datetime, due_at: datetime) -> tuple[date, date]:
    """The closing window; of a report asked for once, from the day it was asked to the day it is due."""
    if period.kind is not PeriodKind.ONCE:
        return window(period, regime.calendar)
    return civil(opened_at).date(), civil(due_at - timedelta(microseconds=1)).date()


def rehearsal(
    connection: Connection, snapshot: Snapshot, regime: Regime, period: Period, asked: NewAssignment, at: datetime
) -> Situation:
    """The situation an assignment would be, before its period is opened: for a trial workbook."""
    work = Work(
        assignment_id=0,
        submission_id=0,
        opening_id=0,
        regime=regime.code,
        period=period.code,
        unit_id=asked.unit_id,
        form=asked.form,
        form_definition_id=asked.form_definition_id,
        due_at=asked.due_at,
        due_at_first=asked.due_at,
        opened_at=at,
        reception_closed_at=None,
        state=State.EMPTY,
        version=0,
        lock=0,
        submitted_at=None,
        approved_at=None,
    )
    return _group(connection, snapshot, [work])[0]


def _group(connection: Connection, snapshot: Snapshot, works: list[Work]) -> list[Situation]:
    first = works[0]
    form = definitions.form_version(connection, snapshot, first.form_definition_id)
    period, regime = openings.period_of(connection, first.opening_id, first.period), snapshot.regimes[first.regime]
    rules = snapshot.rules(form.form.code)
    wanted: set[Need] = set()
    mine: dict[int, tuple[Unit, View]] = {}
    for work in works:
        unit = snapshot.units_by_id[work.unit_id]
        view, leans_on = _view(snapshot, form, unit, period, regime, rules)
        wanted |= leans_on
        mine[work.assignment_id] = (unit, view)
    province = snapshot.unit_ids[PROVINCE]
    asked = with_earlier_rounds(wanted, period.before)
    found = figures.backgrounds(connection, {province, *(work.unit_id for work in works)}, asked)
    known = {key: carried(background, wanted, period.before) for key, background in found.items()}
    return [
        Situation(
            work,
            unit,
            regime,
            form,
            Context(view, period, regime.frequency, _about(unit, view, known[work.unit_id], known[province]), unit),
            rules,
        )
        for work in works
        for unit, view in (mine[work.assignment_id],)
    ]


def _view(
    snapshot: Snapshot, form: FormVersion, unit: Unit, period: Period, regime: Regime, rules: tuple[Rule, ...]
) -> tuple[View, frozenset[Need]]:
    """The form as units of the same row set meet it in a period, and what it leans on; worked out once."""
    rows = row_set(form.form, unit, period.shape)
    key = (form.id, rows, period)
    if key not in snapshot.memo:
        view = View(form.form, period.shape, rows, snapshot.definitions)
        snapshot.memo[key] = (view, needs(view, period, regime.frequency, rules))
    kept: tuple[View, frozenset[Need]] = snapshot.memo[key]
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
        row = rows.get((series.indicator, series.members))
        return row is not None and subject_of(row, unit, PROVINCE) == PROVINCE

    return Background(
        {
            **{need: known for need, known in own.figures.items() if not speaks_for_province(need.series)},
            **{need: known for need, known in province.figures.items() if speaks_for_province(need.series)},
        }
    )


def reporters(regime: Regime, units: Iterable[Unit]) -> list[Unit]:
    """The units a regime asks, in official order."""
    return selected(regime.reporters, units)


def selected(selectors: Iterable[str], units: Iterable[Unit]) -> list[Unit]:
    """Units chosen by kind, by code, or by group as ``set=group``, in the order given."""
    chosen = tuple(selectors)
    return [unit for unit in units if any(_selects(selector, unit) for selector in chosen)]


def _selects(selector: str, unit: Unit) -> bool:
    if "=" in selector:
        return unit.in_group(*selector.split("=", 1))
    return selector in (unit.kind.value, unit.code)
