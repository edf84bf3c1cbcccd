"""What a chart shows: exact numbers with their labels; how it is drawn is nowhere here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from pathlib import Path

from registry.catalogue.dashboards import Kind
from vietnamese.copydeck import deck
from vietnamese.numbers import places

copy = deck(Path(__file__).parent / "copy.toml")
_MOST_DECIMALS = 2


class Role(StrEnum):
    """What a strand of readings is to the others."""

    ACTUAL = "actual"
    PLAN = "plan"
    SAME_PERIOD = "same-period"
    PREVIOUS = "previous"


@dataclass(frozen=True, slots=True)
class Reading:
    """One number; ``value`` is None where nothing approved is known; ``measure`` only where the chart has none."""

    label: str  # "T9/2026", "Xã Ea Súp"
    value: Decimal | None
    key: str = ""  # code of the unit, the period (its year first) or the indicator
    is_provisional: bool = False
    is_whole: bool = True  # units are missing from it where not: it is compared with nothing
    note: str = ""  # coverage of this number, or why it is blank
    link: str = ""
    measure: str = ""
    place: int = 0  # in a ranking; 0 = none: it is not whole, or blank
    run: str = ""  # of a running total: the season it is of, where that is not the year of its key


@dataclass(frozen=True, slots=True)
class Strand:
    """Readings that belong together: one line, one colour."""

    name: str
    readings: tuple[Reading, ...]
    role: Role = Role.ACTUAL


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart with what is printed on it: ``foot`` are coverage and as-of lines.

    Every strand has a reading for each label, in the same order. ``measure`` is empty where readings have their own;
    ``top`` is how many units a ranking draws (all of them are in the table).
    """

    kind: Kind
    title: str
    measure: str
    strands: tuple[Strand, ...]
    subtitle: str = ""
    foot: tuple[str, ...] = ()
    top: int = 10
    is_running: bool = False  # lũy kế: begins anew with each year or season
    by_indicator: bool = False  # labels are indicators, not units or periods

    @property
    def actual(self) -> tuple[Strand, ...]:
        """The strands of what was done."""
        return tuple(one for one in self.strands if one.role is Role.ACTUAL)

    @property
    def decimals(self) -> int:
        """How many decimals a number of the drawing has at most."""
        return min(_MOST_DECIMALS, max((places(value) for _, value in self.numbers()), default=0))

    @property
    def is_empty(self) -> bool:
        """True when nothing is known at all."""
        return not any(True for _ in self.numbers())

    def numbers(self) -> Iterator[tuple[Reading, Decimal]]:
        """Every reading that has a number, with it."""
        for strand in self.strands:
            for one in strand.readings:
                if one.value is not None:
                    yield one, one.value
