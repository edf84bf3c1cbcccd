"""What the warehouse knows of a unit's earlier periods where it took over others since (KỲ_TRƯỚC after a merger).

What adds up over units is the sum of the former units' figures, each as it was; the rest, and what came in part, is
blank. Where the warehouse holds nothing of the former units, the unit's own figures stand: its past was put on today's
map.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property

from actions.units import chronicle_in
from registry.catalogue.aggregation import adds_up
from registry.catalogue.chronicle import Chronicle
from registry.catalogue.lineage import Former, former
from registry.catalogue.model import Unit, UnitKey, UnitKind
from registry.catalogue.values import Aspect, Known, Nature, State
from registry.periods import parse
from registry.rules.background import Background, Need
from registry.store import figures, units
from registry.store.definitions import Snapshot
from registry.store.engine import Connection

_REPORTED = (Aspect.ACTUAL, Aspect.CUMULATIVE)
_WEAKEST_FIRST = tuple(Nature)


@dataclass(frozen=True)
class Inheritance:
    """What of a unit's earlier figures is not its own: a sum over former units, or blank (None)."""

    figures: Mapping[Need, Known | None] = field(default_factory=dict)
    has_break: bool = False  # a part of a unit came in or went away

    @cached_property
    def periods(self) -> frozenset[str]:
        """Codes of the periods in which the unit was not what it is."""
        return frozenset(need.period for need in self.figures)

    def over(self, own: Background) -> Background:
        """The unit's own figures with these in their place."""
        known = {need: one for need, one in own.figures.items() if need not in self.figures}
        return Background(known | {need: one for need, one in self.figures.items() if one is not None})


NONE = Inheritance()


@dataclass(frozen=True)
class _Asked:
    """Earlier needs of one unit, by what its area was then."""

    key: UnitKey
    was: Former
    needs: tuple[Need, ...]

    @property
    def others(self) -> frozenset[UnitKey]:
        return (self.was.whole | {step.old for step in self.was.breaks}) - {self.key}


class Lineage:
    """The inheritance of many units, from one query for all their former units."""

    def __init__(
        self, connection: Connection, snapshot: Snapshot, asked: Mapping[int, Unit], needs: Iterable[Need]
    ) -> None:
        self._asked: dict[int, list[_Asked]] = {}
        chronicle = chronicle_in(connection, snapshot)
        changed = {key for step in chronicle.steps for key in (step.old, step.new)}
        concerned = {
            key: unit for key, unit in asked.items() if unit.key in changed and unit.kind is not UnitKind.PROVINCE
        }
        if not concerned:
            return
        earlier = _by_reforms(chronicle, needs)
        for unit_id, unit in concerned.items():
            found = [
                _Asked(unit.key, was, some)
                for reforms, some in earlier.items()
                if (was := _former(snapshot, chronicle, unit.key, reforms)).whole != {unit.key} or was.breaks
            ]
            if found:
                self._asked[unit_id] = found
        self._read(connection, snapshot)

    def _read(self, connection: Connection, snapshot: Snapshot) -> None:
        ids = units.ids_by_key(connection) if self._asked else {}
        others = {ids[key] for some in self._asked.values() for one in some for key in one.others}
        needs = {need for some in self._asked.values() for one in some for need in one.needs}
        known = figures.backgrounds(connection, others, needs) if others else {}
        self._known = {key: known[number] for key, number in ids.items() if number in known}
        self._sums = {one.code for one in snapshot.catalogue.indicators if adds_up(one)}

    def of(self, unit_id: int, own: Background) -> Inheritance:
        """What of the unit's earlier figures is inherited."""
        found: dict[Need, Known | None] = {}
        has_break = False
        for one in self._asked.get(unit_id, ()):
            for need in one.needs:
                if not any(need in self._known[key].figures for key in one.others if key in self._known):
                    continue
                if one.key not in one.was.whole and need in own.figures:
                    continue
                has_break |= bool(one.was.breaks)
                found[need] = None if one.was.breaks else self._summed(one, need, own)
        return Inheritance(found, has_break) if found else NONE

    def _summed(self, one: _Asked, need: Need, own: Background) -> Known | None:
        if need.series.indicator not in self._sums:
            return None
        parts = [
            own.figures.get(need) if key == one.key else self._known[key].figures.get(need) for key in one.was.whole
        ]
        given = [part for part in parts if part is not None and part.state.is_number]
        if len(given) < len(parts):
            return None
        nature = min((part.nature for part in given), key=_WEAKEST_FIRST.index)
        state = State.NIL if all(part.state is State.NIL for part in given) else State.VALUE
        return Known(sum(part.mantissa for part in given), nature, state)


def _by_reforms(chronicle: Chronicle, needs: Iterable[Need]) -> dict[int, tuple[Need, ...]]:
    """What is asked of periods before the last reform, by how many reforms lie between."""
    found: dict[int, list[Need]] = {}
    for need in needs:
        last = parse(need.period).last
        between = sum(one.on > last for one in chronicle.reforms)
        if between and need.series.aspect in _REPORTED:
            found.setdefault(between, []).append(need)
    return {between: tuple(some) for between, some in found.items()}


def _former(snapshot: Snapshot, chronicle: Chronicle, key: UnitKey, reforms: int) -> Former:
    """What a unit was on the eve of so many reforms; worked out once."""
    kept = ("former", key, reforms)
    if kept not in snapshot.memo:
        eve = chronicle.reforms[reforms - 1].on - timedelta(days=1)
        snapshot.memo[kept] = former(chronicle, {key}, eve)
    found: Former = snapshot.memo[kept]
    return found
