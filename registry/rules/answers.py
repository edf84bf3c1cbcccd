"""What the warehouse answers: a figure with its state, nature, coverage and rounding, or why there is none."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple, TypeVar

from registry.catalogue.aggregation import Amount, Exact, added
from registry.catalogue.chronicle import Step
from registry.catalogue.model import UnitKey
from registry.catalogue.values import Nature, State
from registry.periods import parse
from registry.rules.courses import Look
from vietnamese.copydeck import deck
from vietnamese.dates import format_date

_copy = deck(Path(__file__).parent / "copy.toml")

Key = TypeVar("Key", bound=Hashable)


class Ask(NamedTuple):
    """One question about an area and a period."""

    indicator: str
    look: Look = Look.IN_PERIOD
    members: str = ""  # as in a SeriesKey


class Map(StrEnum):
    """On which map an area's past is told (F5)."""

    TODAY = "today"  # with what its units came from
    AS_IT_WAS = "as-it-was"  # its units alone, each while it lived


class Why(StrEnum):
    """Why there is no figure; the words stand in ``copy.toml``."""

    NOT_BORN = "not-born"  # the unit did not exist yet: ``day`` it began
    ENDED = "ended"
    NOT_GIVEN = "not-given"
    PERIODS_MISSING = "periods-missing"
    BREAK = "break"  # a part of a unit came in or went away
    NOT_ADDED = "not-added"  # figures of several units of what is never put together
    NOT_ASKED = "not-asked"  # the indicator has no such thing in such a period
    NO_PLAN = "no-plan"
    NOTHING_BELOW = "nothing-below"  # a quotient over 0


@dataclass(frozen=True, slots=True)
class Missing:
    """The reason for a blank, with what it names."""

    why: Why
    day: date | None = None
    periods: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()

    @property
    def text(self) -> str:
        """The reason in words: "đơn vị thành lập 01/7/2025"."""
        named = ", ".join(parse(code).label for code in self.periods)
        return _copy(f"missing.{self.why}", day=format_date(self.day) if self.day else "", periods=named)


@dataclass(frozen=True, slots=True)
class Covered:
    """How many gave a figure of how many that should have; ``missing`` names them where it was asked unit by unit."""

    have: int
    expected: int
    missing: tuple[UnitKey, ...] = ()

    @property
    def is_complete(self) -> bool:
        """True when nobody is missing."""
        return self.have >= self.expected


NOBODY = Covered(0, 0)


@dataclass(frozen=True, slots=True)
class Figure:
    """One answer. ``amount`` is in mantissas of the series' canonical measure; ``missing`` says why it is None."""

    state: State
    amount: Amount | None
    nature: Nature | None
    covered: Covered
    missing: Missing | None = None

    @property
    def mantissa(self) -> int | None:
        """The figure as the store would keep it."""
        return None if self.amount is None else self.amount.mantissa

    @property
    def is_comparable(self) -> bool:
        """True when it stands for all it is asked of."""
        return self.amount is not None and self.covered.is_complete


def blank(missing: Missing, covered: Covered = NOBODY) -> Figure:
    """No figure, and why."""
    return Figure(State.BLANK, None, None, covered, missing)


@dataclass(frozen=True, slots=True)
class Compared:
    """A figure beside its base. ``percent`` has base 100; both are None where ``missing`` says why."""

    difference: Amount | None
    percent: Amount | None
    missing: Missing | None = None


def compared(figure: Figure, base: Figure) -> Compared:
    """The difference, and how many percent of the base the figure is."""
    if figure.amount is None or base.amount is None:
        return Compared(None, None, figure.missing or base.missing)
    difference = added((figure.amount, base.amount.scaled(-1)))
    percent = figure.amount.over(base.amount)
    if percent is None:
        return Compared(difference, None, Missing(Why.NOTHING_BELOW))
    return Compared(difference, percent.scaled(100))


class Rank(NamedTuple):
    """A place among how many; equal figures share the better one."""

    place: int
    of: int


def ranked(figures: Mapping[Key, Figure], *, lower_is_better: bool = False) -> dict[Key, Rank]:
    """The place of everyone with a whole figure."""
    known = {key: one.amount.exact for key, one in figures.items() if one.amount is not None and one.is_comparable}
    ordered = sorted(known.values(), reverse=not lower_is_better)
    first: dict[Exact, int] = {}
    for place, exact in enumerate(ordered, start=1):
        first.setdefault(exact, place)
    return {key: Rank(first[exact], len(ordered)) for key, exact in known.items()}


def shares(figures: Mapping[Key, Figure], whole: Figure) -> dict[Key, Amount]:
    """What of a whole each is, in percent; of those with a figure. Nobody has a share of nothing."""
    if whole.amount is None:
        return {}
    found = ((key, one.amount.over(whole.amount)) for key, one in figures.items() if one.amount is not None)
    return {key: share.scaled(100) for key, share in found if share is not None}
