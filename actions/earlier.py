"""What is known of periods before today's units began: the sums of those that went wholly into them, never a part."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping
from datetime import datetime
from typing import TypeVar

from actions.units import chronicle_in
from compile.model import CompileInput, Heirs, official_order
from registry.catalogue.aggregation import adds_up
from registry.catalogue.lineage import former, on_the_map
from registry.catalogue.model import UnitKey
from registry.catalogue.values import Known, Nature
from registry.periods import parse
from registry.rules.background import Need
from registry.store import figures, units
from registry.store.definitions import Snapshot
from registry.store.engine import Connection

Area = TypeVar("Area", bound=Hashable)


def of_former_units(
    connection: Connection,
    snapshot: Snapshot,
    areas: Mapping[Area, Collection[UnitKey]],
    needs: Iterable[Need],
    as_of: datetime,
) -> dict[Area, dict[Need, Known]]:
    """Of each area what its former units add up to, where all of them gave a figure and no part was split off.

    Only what adds up over units, and only periods that ended before a reorganisation; a few queries in all.
    """
    found: dict[Area, dict[Need, Known]] = {area: {} for area in areas}
    chronicle = chronicle_in(connection, snapshot)
    if not chronicle.reforms:
        return found
    by_period: dict[str, set[Need]] = defaultdict(set)
    for need in needs:
        if _adds_up(snapshot, need) and parse(need.period).last < chronicle.reforms[0].on:
            by_period[need.period].add(need)
    if not by_period:
        return found
    ids = units.ids_by_key(connection)
    days = {parse(code).last for code in by_period}
    whole = {key for day in days for keys in areas.values() for key in former(chronicle, keys, day).whole}
    subjects = {ids[key]: key for key in whole}
    known = figures.backgrounds(connection, subjects, set().union(*by_period.values()), as_of)
    for code, wanted in by_period.items():
        day = parse(code).last
        for need in wanted:
            given = {
                subjects[subject]: figure
                for subject, background in known.items()
                if (figure := background.figures.get(need)) is not None and figure.state.is_number
            }
            mantissas = {key: figure.mantissa for key, figure in given.items()}
            for area, keys in areas.items():
                total = on_the_map(chronicle, keys, day, mantissas) if mantissas else None
                if total is not None and total.is_comparable and total.number is not None:
                    natures = (given[key].nature for key in total.contributors)
                    found[area][need] = Known(total.number, min(natures, key=list(Nature).index))
    return found


def heirs_of(connection: Connection, snapshot: Snapshot, given: CompileInput) -> tuple[Heirs, ...]:
    """Where communes asked for a period are no more, today's communes with what went into each; else nothing."""
    asked = {one.unit.key: one.unit for form in given.forms for one in form.expected if one.unit.kind.is_commune}
    today = {unit.key: unit for unit in snapshot.units.values() if unit.kind.is_commune}
    if asked.keys() <= today.keys():
        return ()
    chronicle = chronicle_in(connection, snapshot)
    found = []
    for key, unit in today.items():
        before = former(chronicle, {key}, given.period.last)
        members = sorted((asked[one] for one in before.whole if one in asked), key=official_order)
        found.append(Heirs(unit, tuple(members), bool(before.breaks)))
    return tuple(found)


def _adds_up(snapshot: Snapshot, need: Need) -> bool:
    indicator = snapshot.definitions.indicators.get(need.series.indicator)
    return indicator is not None and adds_up(indicator, need.series.aspect)
