"""What is known of other periods about the province: what a compile holds its totals against (PRACTICE F3, F4).

A sum of units is a base only when everybody who is asked for the figure today gave it then.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from actions.cases import rows_by_series
from actions.earlier import of_former_units
from compile.model import MapChoice
from compile.past import province_needs
from compile.report_tables import printed_view, summed
from compile.totals import ADDED
from registry.catalogue.asked import selected
from registry.catalogue.forms import View, province_row_set, row_set
from registry.catalogue.model import PROVINCE, Form, FormPurpose, ProvinceValue, Regime, Unit
from registry.catalogue.values import Known, SeriesKey
from registry.periods import Period
from registry.rules.background import Background, Need, carried, with_earlier_rounds
from registry.store import figures
from registry.store.definitions import Snapshot
from registry.store.engine import Connection

_Series = tuple[str, str]  # indicator and members


@dataclass(frozen=True)
class Bases:
    """What is known of other periods, and of what is not why: how many units of how many gave it."""

    known: Background
    partial: Mapping[Need, tuple[int, int]] = field(default_factory=dict)


def province_bases(
    connection: Connection,
    snapshot: Snapshot,
    regime: Regime,
    period: Period,
    forms: list[Form],
    as_of: datetime,
    map_choice: MapChoice = MapChoice.NOW,
) -> Bases:
    """The province's own figures, else where a row adds the sum of its units when it is whole, on today's map also of
    those that went into them.
    """
    added = _province_values(snapshot, period)
    wanted: dict[ProvinceValue, set[Need]] = defaultdict(set)
    for form in forms:
        view = printed_view(form, period.shape, snapshot.definitions)
        for need in province_needs(view, period, regime.frequency):
            wanted[added.get((need.series.indicator, need.series.members), ProvinceValue.AGENCY)].add(need)
    province = snapshot.unit_ids[PROVINCE]
    own = figures.backgrounds(connection, [province], set().union(*wanted.values()), as_of)[province]
    communes = [snapshot.unit_ids[code] for code, unit in snapshot.units.items() if unit.kind.is_commune]
    everyone = [key for code, key in snapshot.unit_ids.items() if code != PROVINCE]
    summed_up: dict[Need, Known] = {}
    partial: dict[Need, tuple[int, int]] = {}
    asked = _asked(snapshot, period)
    for value, units in ((ProvinceValue.COMMUNES, communes), (ProvinceValue.ALL, everyone)):
        totals, have = _sums(connection, units, wanted[value], period, as_of)
        for need, total in totals.figures.items():
            expected = asked.get((need.series.indicator, need.series.members), 0)
            if have[need] >= expected:
                summed_up[need] = total
            else:
                partial[need] = have[need], expected
    areas = {PROVINCE: [unit.key for unit in snapshot.units.values() if unit.kind.is_commune]}
    carried_over = wanted[ProvinceValue.COMMUNES] if map_choice is MapChoice.NOW else set[Need]()
    before = of_former_units(connection, snapshot, areas, carried_over, as_of)[PROVINCE]
    known = {**before, **summed_up, **own.figures}
    return Bases(Background(known), {need: of for need, of in partial.items() if need not in known})


def _asked(snapshot: Snapshot, period: Period) -> dict[_Series, int]:
    """How many units are asked for what rows add up, as the regimes and forms of today have it. What no row asks but
    columns of lists feed is not among them: a unit without lines gives nothing.
    """
    kept = snapshot.memo.setdefault("asked for bases", {})
    if period.shape not in kept:
        found: dict[_Series, set[str]] = defaultdict(set)
        for regime in snapshot.regimes.values():
            asked = selected(regime.reporters, snapshot.units.values())
            for code in regime.forms:
                for series, unit in _open_to(snapshot, snapshot.form_versions[code].form, asked, period):
                    found[series].add(unit)
        kept[period.shape] = {series: len(codes) for series, codes in found.items()}
    asked_for: dict[_Series, int] = kept[period.shape]
    return asked_for


def _open_to(snapshot: Snapshot, form: Form, units: list[Unit], period: Period) -> Iterator[tuple[_Series, str]]:
    view = View(form, period.shape, province_row_set(form, period.shape), snapshot.definitions)
    series: dict[str, list[_Series]] = defaultdict(list)
    for one, row in rows_by_series(view).items():
        if row.province_value in ADDED:
            series[row.code].append(one)
    adds_all = {row.code for row, _ in view.rows if row.province_value is ProvinceValue.ALL}
    met: dict[object, frozenset[str]] = {}
    for unit in units:
        alike = (unit.groups,) if unit.kind.is_commune else (unit.code,)
        if alike not in met:
            met[alike] = frozenset(row_set(form, unit, period.shape).open_rows)
        for code in met[alike] & series.keys():
            if unit.kind.is_commune or code in adds_all:
                yield from ((one, unit.code) for one in series[code])


def _province_values(snapshot: Snapshot, period: Period) -> dict[_Series, ProvinceValue]:
    """How the province comes by each indicator and its members, as the input form that asks them declares."""
    kept = snapshot.memo.setdefault("province values", {})
    if period.shape not in kept:
        kept[period.shape] = _declared(snapshot, period)
    declared: dict[_Series, ProvinceValue] = kept[period.shape]
    return declared


def _declared(snapshot: Snapshot, period: Period) -> dict[_Series, ProvinceValue]:
    values: dict[_Series, ProvinceValue] = {}
    for one in snapshot.form_versions.values():
        if one.form.purpose is FormPurpose.INPUT:
            view = printed_view(one.form, period.shape, snapshot.definitions)
            values |= {series: row.province_value for series, row in rows_by_series(view).items()}
    for series in _kept_by_lists(snapshot, period):
        values.setdefault((series.indicator, series.members), ProvinceValue.ALL)
    return values


def _kept_by_lists(snapshot: Snapshot, period: Period) -> Iterator[SeriesKey]:
    """What columns of lists feed: every unit's lines are its own, so that what no row declares adds up over all."""
    for one in snapshot.form_versions.values():
        view = printed_view(one.form, period.shape, snapshot.definitions)
        for line in view.lists.values():
            yield from (spec.series for spec in line.cells.values() if spec.keep and spec.series)


def _sums(
    connection: Connection, subjects: list[int], needs: set[Need], period: Period, as_of: datetime
) -> tuple[Background, dict[Need, int]]:
    """Sums over units and how many gave each; a unit silent in the last round of a repeated request counts with the one
    before.
    """
    if not period.before:
        return figures.sums(connection, subjects, needs, as_of)
    given: dict[Need, list[Known]] = defaultdict(list)
    rounds = with_earlier_rounds(needs, period.before)
    for _, background in figures.each_background(connection, subjects, rounds, as_of):
        own = carried(background, needs, period.before).figures
        for need in needs & own.keys():
            given[need].append(own[need])
    totals = {need: total for need, known in given.items() if (total := summed(known)) is not None}
    return Background(totals), {need: sum(one.state.is_number for one in given[need]) for need in totals}
