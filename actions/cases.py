"""Assignments with everything needed to stamp, judge or approve them, gathered set-based."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from actions.lines import known_lines
from registry.catalogue.forms import View, row_set, subject_of
from registry.catalogue.model import PROVINCE, Regime, Row, Rule, Unit
from registry.catalogue.values import SeriesKey
from registry.periods import Period, parse
from registry.rules.background import Background, KnownLines, Need
from registry.rules.context import Context
from registry.rules.needs import needs
from registry.store import definitions, figures
from registry.store.codec import sha
from registry.store.definitions import FormVersion, Snapshot
from registry.store.engine import Connection
from registry.store.openings import Work
from registry.store.submissions import Approved


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


def _group(connection: Connection, snapshot: Snapshot, works: list[Work]) -> list[Situation]:
    first = works[0]
    form = definitions.form_version(connection, snapshot, first.form_definition_id)
    period, regime = parse(first.period), snapshot.regimes[first.regime]
    rules = snapshot.rules(form.form.code)
    wanted: set[Need] = set()
    mine: dict[int, tuple[Unit, View]] = {}
    for work in works:
        unit = snapshot.units_by_id[work.unit_id]
        view, leans_on = _view(snapshot, form, unit, period, regime, rules)
        wanted |= leans_on
        mine[work.assignment_id] = (unit, view)
    province = snapshot.unit_ids[PROVINCE]
    known = figures.backgrounds(connection, {province, *(work.unit_id for work in works)}, wanted)
    lines = _lines(connection, snapshot, {work.unit_id: mine[work.assignment_id][1] for work in works}, period, regime)
    return [
        Situation(
            work,
            unit,
            regime,
            form,
            Context(
                view,
                period,
                regime.frequency,
                _about(unit, view, known[work.unit_id], known[province]),
                unit,
                lines=lines.get(work.unit_id, _NO_LINES),
            ),
            rules,
        )
        for work in works
        for unit, view in (mine[work.assignment_id],)
    ]


_NO_LINES = KnownLines()


def _lines(
    connection: Connection, snapshot: Snapshot, views: dict[int, View], period: Period, regime: Regime
) -> dict[int, KnownLines]:
    """What the units' own lists of earlier periods say."""

    def old_view(one: Approved) -> View:
        kept = ("form", one.form_definition_id)
        if kept not in snapshot.memo:
            snapshot.memo[kept] = definitions.form_version(connection, snapshot, one.form_definition_id)
        return _met(snapshot, snapshot.memo[kept], snapshot.units_by_id[one.unit_id], parse(one.period))

    form = next(iter(views.values())).form
    if not form.lists:
        return {}
    return known_lines(connection, views, period, regime.frequency, snapshot.rules(form.code), old_view)


def _view(
    snapshot: Snapshot, form: FormVersion, unit: Unit, period: Period, regime: Regime, rules: tuple[Rule, ...]
) -> tuple[View, frozenset[Need]]:
    """The form as a unit meets it in a period, and what it leans on; worked out once for units of one row set."""
    view = _met(snapshot, form, unit, period)
    key = ("needs", form.id, view.row_set, period.code)
    if key not in snapshot.memo:
        snapshot.memo[key] = needs(view, period, regime.frequency, rules)
    return view, snapshot.memo[key]


def _met(snapshot: Snapshot, form: FormVersion, unit: Unit, period: Period) -> View:
    rows = row_set(form.form, unit, period.shape)
    key = (form.id, rows, period.code)
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
        row = rows.get((series.indicator, series.members))
        return row is not None and subject_of(row, unit, PROVINCE) == PROVINCE

    return Background(
        {
            **{need: known for need, known in own.figures.items() if not speaks_for_province(need.series)},
            **{need: known for need, known in province.figures.items() if speaks_for_province(need.series)},
        }
    )


def reporters(regime: Regime, units: Iterable[Unit]) -> list[Unit]:
    """The units a regime asks, in official order: by kind, by code, or by group as ``set=group``."""
    return [unit for unit in units if unit.is_one_of(regime.reporters)]
