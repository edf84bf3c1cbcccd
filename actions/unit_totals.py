"""Flows of an indicator by area, month by month, on today's map or as it was: breaks are marked, never shared out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from actions.desk import Desk, NotYours
from actions.units import chronicle_of
from registry.catalogue.aggregation import adds_up
from registry.catalogue.chronicle import Chronicle
from registry.catalogue.lineage import Summed, as_it_was, on_the_map
from registry.catalogue.measures import from_mantissa
from registry.catalogue.model import PROVINCE, Indicator, RowNature, Unit, UnitKey, UnitKind
from registry.catalogue.values import Aspect, SeriesKey
from registry.periods import Period, parse
from registry.rules.background import Need
from registry.store import figures, units
from registry.store.engine import Connection
from registry.workflow.policy import EVERYWHERE, Action

_FLOWS = (RowNature.OCCURS,)


@dataclass(frozen=True)
class Line:
    """An area with its months; None where it did not exist then."""

    name: str
    months: tuple[Summed | None, ...]
    numbers: tuple[Decimal | None, ...]  # in the indicator's measure


@dataclass(frozen=True)
class Totals:
    """One indicator over the months of a year."""

    indicator: Indicator
    periods: tuple[Period, ...]
    lines: tuple[Line, ...]
    names: dict[UnitKey, str]  # of every unit of all times, as it stood last


def flows(desk: Desk) -> list[Indicator]:
    """The indicators whose months and units may be added up. Raises NotYours."""
    _require(desk)
    with desk.read() as connection:
        known = desk.snapshot(connection).catalogue.indicators
    return [one for one in known if one.nature in _FLOWS and adds_up(one)]


def totals(desk: Desk, indicator: str, year: int, group_set: str, *, today: bool) -> Totals:
    """By the groups of a set on today's map (every commune with no set), or by the province's units as they were.

    Raises NotYours.
    """
    found = next((one for one in flows(desk) if one.code == indicator), None)
    if found is None:
        raise NotYours
    periods = tuple(parse(f"{year}{month:02}") for month in range(1, 13))
    with desk.read() as connection:
        chronicle = chronicle_of(desk, connection)
        ids = units.ids_by_key(connection)
        measure = desk.snapshot(connection).definitions.canonical(SeriesKey(found.code, Aspect.ACTUAL))
        known = [_known(connection, found, period, chronicle, ids) for period in periods]
    areas = _areas(chronicle, desk.day, group_set) if today else _as_they_were(chronicle, periods)
    lines = []
    for name, area in areas:
        months = tuple(
            _month(chronicle, area, period.last, given, today=today)
            for period, given in zip(periods, known, strict=True)
        )
        numbers = tuple(
            from_mantissa(one.number, measure, measure) if one and one.number is not None else None for one in months
        )
        lines.append(Line(name, months, numbers))
    return Totals(found, periods, tuple(lines), {key: chronicle.last(key).name for key in chronicle.keys})


def _require(desk: Desk) -> None:
    """Figures of every unit: not for who may read some forms only."""
    if not EVERYWHERE.places <= desk.require(Action.SEE_TOTALS).places:
        raise NotYours


def _known(
    connection: Connection, indicator: Indicator, period: Period, chronicle: Chronicle, ids: dict[UnitKey, int]
) -> dict[UnitKey, int]:
    """What the warehouse has of the period, by territory."""
    need = Need(SeriesKey(indicator.code, Aspect.ACTUAL), period.code)
    asked = {ids[unit.key]: unit.key for unit in chronicle.units_on(period.last) if unit.kind.is_territory}
    found = figures.backgrounds(connection, asked, {need})
    return {
        asked[key]: figure.mantissa
        for key, background in found.items()
        if (figure := background.figures.get(need)) is not None and figure.state.is_number
    }


def _areas(chronicle: Chronicle, day: date, group_set: str) -> list[tuple[str, tuple[UnitKey, ...]]]:
    """Today's communes, each alone or by groups, then all of them."""
    communes = [unit for unit in chronicle.units_on(day) if unit.kind.is_commune]
    groups: dict[str, list[UnitKey]] = {}
    for unit in communes:
        for group in _groups(unit, group_set):
            groups.setdefault(group, []).append(unit.key)
    whole = [(chronicle.last(key).name, tuple(unit.key for unit in communes)) for key in _roots(chronicle, day)]
    return [*((name, tuple(keys)) for name, keys in groups.items()), *whole]


def _groups(unit: Unit, group_set: str) -> list[str]:
    if not group_set:
        return [unit.name]
    return [group for name, group in unit.groups if name == group_set]


def _roots(chronicle: Chronicle, day: date) -> list[UnitKey]:
    root = chronicle.on(PROVINCE, day)
    return [root.key] if root else []


def _as_they_were(chronicle: Chronicle, periods: tuple[Period, ...]) -> list[tuple[str, tuple[UnitKey, ...]]]:
    """The territories right below a province at any month's end, districts before the communes that followed them."""
    found: dict[UnitKey, str] = {}
    for period in periods:
        below = chronicle.children(period.last)
        roots = [unit for unit in below[None] if unit.kind is UnitKind.PROVINCE]
        for root in roots:
            for unit in (*below.get(root.key, ()), root):
                if unit.kind.is_territory:
                    found.setdefault(unit.key, unit.name)
    return [(name, (key,)) for key, name in found.items()]


def _month(
    chronicle: Chronicle, area: tuple[UnitKey, ...], day: date, given: dict[UnitKey, int], *, today: bool
) -> Summed | None:
    if today:
        return on_the_map(chronicle, area, day, given)
    return as_it_was(chronicle, area[0], day, given) if chronicle.at(area[0], day) else None
