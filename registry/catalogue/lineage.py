"""Totals over time, on today's map or as it was: whole successions are summed, a part is a break, never shared out."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from registry.catalogue.chronicle import Chronicle, Step
from registry.catalogue.model import UnitKey


@dataclass(frozen=True, slots=True)
class Former:
    """What an area was on an earlier day: the units that lie wholly in it, and those of which only a part does."""

    whole: frozenset[UnitKey]
    breaks: tuple[Step, ...]  # the steps by which a part came in


@dataclass(frozen=True, slots=True)
class Summed:
    """A flow of an area over a period, in the indicator's mantissas.

    ``number`` is None where a part makes the figures incomparable, or nothing is known. ``missing`` are the units
    that should have given a figure and did not.
    """

    number: int | None
    contributors: tuple[UnitKey, ...]
    missing: tuple[UnitKey, ...]
    breaks: tuple[Step, ...] = ()

    @property
    def is_comparable(self) -> bool:
        """True when the number stands for the whole area."""
        return self.number is not None and not self.missing and not self.breaks


def former(chronicle: Chronicle, area: Collection[UnitKey], day: date) -> Former:
    """The units of a day whose territory makes up an area of units living later, successions followed backwards.

    A unit that went into several, all of them of the area, lies wholly in it. One of which only a part did is a
    break, unless the units below it say more exactly what went where.
    """
    whole = set(area)
    breaks: list[Step] = []
    for reform in chronicle.reforms:
        if reform.on <= day:
            break
        inside = {old for old, went in reform.heirs.items() if went <= whole}
        for step in reform.steps:
            came_in = step.new in whole and step.old not in inside and step.old not in reform.told
            went_away = step.old in whole and step.new not in whole  # the unit went on without it
            if came_in or went_away:
                breaks.append(step)
        whole |= inside
    return Former(frozenset(key for key in whole if chronicle.at(key, day) is not None), tuple(breaks))


@dataclass(frozen=True, slots=True)
class Chosen:
    """Whose figures stand for an area, who of it gave none, and the parts that make it incomparable."""

    contributors: tuple[UnitKey, ...]
    missing: tuple[UnitKey, ...]
    breaks: tuple[Step, ...] = ()


def on_the_map(chronicle: Chronicle, area: Collection[UnitKey], day: date, figures: Mapping[UnitKey, int]) -> Summed:
    """A flow of a period ending on ``day``, on the map of the area's units: each unit's own figure of that period,
    and the figures of the units that went into it wholly. The sum is exact or, with a break, none.
    """
    return _summed(chosen_on_the_map(chronicle, area, day, figures.keys()), figures)


def as_it_was(chronicle: Chronicle, unit: UnitKey, day: date, figures: Mapping[UnitKey, int]) -> Summed:
    """The same of a unit with what stood below it on that day."""
    return _summed(chosen_as_it_was(chronicle, {unit}, day, figures.keys()), figures)


def chosen_on_the_map(chronicle: Chronicle, area: Collection[UnitKey], day: date, known: Collection[UnitKey]) -> Chosen:
    """Of the units with a figure of a period ending on ``day`` those that stand for an area of today."""
    was = former(chronicle, area, day)
    found = _chosen(chronicle, was.whole, day, known)
    return found if not was.breaks else Chosen(found.contributors, found.missing, was.breaks)


def chosen_as_it_was(chronicle: Chronicle, area: Collection[UnitKey], day: date, known: Collection[UnitKey]) -> Chosen:
    """The same of the area's units as they were on that day; those not alive then are not of it."""
    alive = frozenset(key for key in area if chronicle.at(key, day) is not None)
    return _chosen(chronicle, alive, day, known)


def _summed(chosen: Chosen, figures: Mapping[UnitKey, int]) -> Summed:
    is_known = bool(chosen.contributors) and not chosen.breaks
    number = sum(figures[key] for key in chosen.contributors) if is_known else None
    return Summed(number, chosen.contributors, chosen.missing, chosen.breaks)


def _chosen(chronicle: Chronicle, roots: frozenset[UnitKey], day: date, known: Collection[UnitKey]) -> Chosen:
    """Never two levels of the tree: a unit's own figure stands for everything below it."""
    below = chronicle.children(day)
    tops = [key for key in roots if not roots.intersection(chronicle.above(key, day))]
    given: list[UnitKey] = []
    missing: list[UnitKey] = []
    waiting = sorted(tops, reverse=True)
    while waiting:
        key = waiting.pop()
        under = [unit.key for unit in below.get(key, ()) if unit.kind.is_territory]
        if key in known:
            given.append(key)
        elif under:
            waiting += reversed(under)
        else:
            missing.append(key)
    return Chosen(tuple(given), tuple(missing))
