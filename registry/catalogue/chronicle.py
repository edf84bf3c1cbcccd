"""Units in time: which version of a unit holds on a day, what stands above it, what it came from and went to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, KeysView, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from registry.catalogue.model import Succession, Unit, UnitKey

FOREVER = date.max
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Stretch:
    """The days, both included, on which a version of a unit holds."""

    unit: Unit
    since: date
    until: date  # FOREVER = no end is known

    def holds_on(self, day: date) -> bool:
        """True on one of its days."""
        return self.since <= day <= self.until


@dataclass(frozen=True, slots=True)
class Link:
    """A unit below another (or itself, depth 0) over some days, both included."""

    above: UnitKey
    below: UnitKey
    since: date
    until: date
    depth: int


@dataclass(frozen=True, slots=True)
class Step:
    """A succession between two units that are known: whole, or a part (a break: nothing says how large)."""

    old: UnitKey
    new: UnitKey
    on: date
    whole: bool
    document: str = ""


@dataclass(frozen=True)
class Reform:
    """The successions of one day: what each old unit became (itself, where it goes on), and which units stood above
    one that says more exactly what went where.
    """

    on: date
    steps: tuple[Step, ...]
    heirs: Mapping[UnitKey, frozenset[UnitKey]]
    told: frozenset[UnitKey]


class Chronicle:
    """Every unit of all times with its versions, and how the ones became the others."""

    def __init__(self, units: Iterable[Unit], successions: Iterable[Succession] = ()) -> None:
        self.successions = tuple(successions)
        versions: dict[UnitKey, list[Unit]] = defaultdict(list)
        for unit in units:
            versions[unit.key].append(unit)
        self._versions = {key: tuple(sorted(listed, key=_since)) for key, listed in versions.items()}
        self._stretches = {key: _stretched(listed) for key, listed in self._versions.items()}
        self._children: dict[date, dict[UnitKey | None, list[Unit]]] = {}
        self._borne: dict[date, dict[str, Unit]] = {}
        self._of_code: dict[str, list[UnitKey]] = defaultdict(list)
        for code, born in sorted(self._stretches):
            self._of_code[code].append((code, born))

    @property
    def keys(self) -> KeysView[UnitKey]:
        """Every unit of all times, in the order given."""
        return self._stretches.keys()

    def stretches(self, key: UnitKey) -> tuple[Stretch, ...]:
        """The unit's versions with their days, oldest first; a version that never held has none."""
        return self._stretches.get(key, ())

    def versions(self, key: UnitKey) -> tuple[Unit, ...]:
        """The unit's versions, also those that never held, oldest first."""
        return self._versions[key]

    def of_code(self, code: str) -> list[UnitKey]:
        """The units that bear or bore a code, oldest first."""
        return self._of_code.get(code, [])

    def at(self, key: UnitKey, day: date) -> Unit | None:
        """A unit as it stands on a day; None when it is not alive."""
        return next((one.unit for one in self.stretches(key) if one.holds_on(day)), None)

    def on(self, code: str, day: date) -> Unit | None:
        """Who bears a code on a day."""
        return next((found for key in self.of_code(code) if (found := self.at(key, day))), None)

    def last(self, key: UnitKey) -> Unit:
        """A unit as it stood last, or will."""
        return self._versions[key][-1]

    def units_on(self, day: date) -> list[Unit]:
        """The units alive on a day, in official order."""
        alive = (found for key in self._stretches if (found := self.at(key, day)))
        return sorted(alive, key=lambda unit: (unit.order, unit.code))

    def above(self, key: UnitKey, day: date) -> list[UnitKey]:
        """The units above one on a day, nearest first: the parents, walked."""
        found: list[UnitKey] = []
        borne = self._borne_on(day)
        here = self.at(key, day)
        while here is not None and here.parent is not None:
            here = borne.get(here.parent)
            if here is None or here.key == key or here.key in found:
                break
            found.append(here.key)
        return found

    def _borne_on(self, day: date) -> dict[str, Unit]:
        if day not in self._borne:
            self._borne[day] = {code: unit for code in self._of_code if (unit := self.on(code, day))}
        return self._borne[day]

    def children(self, day: date) -> dict[UnitKey | None, list[Unit]]:
        """Who stands right below whom on a day, in official order; under None those with nobody above."""
        if day not in self._children:
            self._children[day] = self._sorted_below(day)
        return self._children[day]

    def _sorted_below(self, day: date) -> dict[UnitKey | None, list[Unit]]:
        found: dict[UnitKey | None, list[Unit]] = defaultdict(list)
        alive = {unit.code: unit for unit in self.units_on(day)}
        for unit in alive.values():
            parent = alive.get(unit.parent) if unit.parent else None
            found[parent.key if parent and parent is not unit else None].append(unit)
        return found

    def parents(self, key: UnitKey) -> Iterator[tuple[Stretch, UnitKey | None]]:
        """The unit's stretches, cut wherever another unit begins or ends to bear the code of its parent."""
        for one in self.stretches(key):
            day = one.since
            for held in self._bearers(one.unit.parent, one.since, one.until):
                if day < held.since:
                    yield Stretch(one.unit, day, held.since - _DAY), None
                yield Stretch(one.unit, held.since, held.until), held.unit.key
                if held.until == FOREVER:
                    return
                day = held.until + _DAY
            if day <= one.until:
                yield Stretch(one.unit, day, one.until), None

    def _bearers(self, code: str | None, since: date, until: date) -> list[Stretch]:
        """Who bears a code over some days, each once for days without a gap."""
        found: list[Stretch] = []
        for key in self.of_code(code) if code else ():
            for one in self.stretches(key):
                first, last = max(one.since, since), min(one.until, until)
                if first > last:
                    continue
                if found and found[-1].unit.key == key and found[-1].until + _DAY == first:
                    found[-1] = Stretch(found[-1].unit, found[-1].since, last)
                else:
                    found.append(Stretch(one.unit, first, last))
        return sorted(found, key=lambda one: one.since)

    def links(self) -> Iterator[Link]:
        """The closure of the tree: for every unit, who stands above it from when to when, itself included."""
        edges = {key: list(self.parents(key)) for key in self._stretches}
        for key in self._stretches:
            found: dict[tuple[UnitKey, int], list[Link]] = defaultdict(list)
            for one in self.stretches(key):
                for link in _climbed(key, key, one.since, one.until, edges, ()):
                    _append(found[link.above, link.depth], link)
            for listed in found.values():
                yield from listed

    # --- succession ---------------------------------------------------------------------------------------------------

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """The successions whose units are known, by day; a code is the old unit's the day before, the new one's then.

        Successions of units nobody knows are left out: the catalogue's check names them.
        """
        found = []
        for one in self.successions:
            old, new = self.on(one.old, one.on - _DAY), self.on(one.new, one.on)
            if old is not None and new is not None:
                found.append(Step(old.key, new.key, one.on, one.whole, one.document))
        return tuple(sorted(found, key=lambda step: step.on))

    def came_from(self, key: UnitKey) -> list[Step]:
        """What went into a unit, latest first."""
        return [step for step in reversed(self.steps) if step.new == key]

    def went_to(self, key: UnitKey) -> list[Step]:
        """What a unit went into."""
        return [step for step in self.steps if step.old == key]

    def heir(self, key: UnitKey, day: date) -> Unit | None:
        """The one unit alive on a day that all of an ended unit went to; None where it was divided or simply ended."""
        passed: set[UnitKey] = set()
        while self.at(key, day) is None:
            steps = [step for step in self.went_to(key) if step.on <= day]
            if len(steps) != 1 or not steps[0].whole or key in passed:
                return None
            passed.add(key)
            key = steps[0].new
        return self.at(key, day)

    @cached_property
    def reforms(self) -> tuple[Reform, ...]:
        """The days on which units went into others, latest first."""
        found = []
        for on in sorted({step.on for step in self.steps}, reverse=True):
            steps = tuple(step for step in self.steps if step.on == on)
            heirs: dict[UnitKey, set[UnitKey]] = {}
            for step in steps:
                heirs.setdefault(step.old, set()).add(step.new)
            for old, went in heirs.items():
                if self.at(old, on) is not None:  # it goes on: what it kept is another part
                    went.add(old)
            told = frozenset(above for old in heirs for above in self.above(old, on - _DAY))
            found.append(Reform(on, steps, {old: frozenset(went) for old, went in heirs.items()}, told))
        return tuple(found)

    @cached_property
    def turns(self) -> tuple[date, ...]:
        """The days on which something about any unit changes, earliest first."""
        days = {one.since for listed in self._stretches.values() for one in listed}
        days |= {one.until + _DAY for listed in self._stretches.values() for one in listed if one.until < FOREVER}
        return tuple(sorted(days))


def lasting(units: Iterable[Unit]) -> tuple[Unit, ...]:
    """Of the versions of units those that hold in the end: who is alive for good, as it then stands."""
    newest: dict[UnitKey, Unit] = {}
    for unit in units:
        known = newest.get(unit.key)
        if known is None or known.valid_from <= unit.valid_from:
            newest[unit.key] = unit
    return tuple(unit for unit in newest.values() if unit.valid_to is None)


def _since(unit: Unit) -> date:
    return unit.valid_from


def _stretched(ordered: tuple[Unit, ...]) -> tuple[Stretch, ...]:
    """The first version holds from the unit's birth, each until it ends or the next begins."""
    found = []
    for place, unit in enumerate(ordered):
        since = unit.born if place == 0 else max(unit.valid_from, unit.born)
        until = unit.valid_to or FOREVER
        if place + 1 < len(ordered):
            until = min(until, ordered[place + 1].valid_from - _DAY)
        if since <= until:
            found.append(Stretch(unit, since, until))
    return tuple(found)


def _climbed(
    start: UnitKey,
    here: UnitKey,
    since: date,
    until: date,
    edges: dict[UnitKey, list[tuple[Stretch, UnitKey | None]]],
    passed: tuple[UnitKey, ...],
) -> Iterator[Link]:
    """The links of ``start`` to ``here`` and to what stands above it, over the days both sides share."""
    yield Link(here, start, since, until, len(passed))
    for one, parent in edges[here]:
        first, last = max(since, one.since), min(until, one.until)
        if parent is not None and first <= last and parent != here and parent not in passed:
            yield from _climbed(start, parent, first, last, edges, (*passed, here))


def _append(links: list[Link], link: Link) -> None:
    """Days that follow one another are one link."""
    if links and links[-1].until < FOREVER and links[-1].until + _DAY == link.since:
        links[-1] = Link(link.above, link.below, links[-1].since, link.until, link.depth)
    else:
        links.append(link)
