"""What a chart shows: exact numbers with their labels; how it is drawn is nowhere here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from pathlib import Path

from vietnamese.copydeck import deck
from vietnamese.numbers import places

copy = deck(Path(__file__).parent / "copy.toml")
_MOST_DECIMALS = 2


class Kind(StrEnum):
    """Kinds of panel a unit's administrator may choose."""

    TREND = "trend"
    COMPARISON = "comparison"
    RANKING = "ranking"
    SHARE = "share"
    TILES = "tiles"
    TABLE = "table"


class Role(StrEnum):
    """What a strand of readings is to the others."""

    ACTUAL = "actual"
    PLAN = "plan"
    SAME_PERIOD = "same-period"
    PREVIOUS = "previous"


@dataclass(frozen=True, slots=True)
class Reading:
    """One number; ``value`` is None where nothing approved is known. ``measure`` only where it is not the chart's."""

    label: str  # "T9/2026", "Xã Ea Súp"
    value: Decimal | None
    key: str = ""  # code of the unit, the period or the indicator
    is_provisional: bool = False
    note: str = ""  # coverage of this number, in words
    link: str = ""
    measure: str = ""


@dataclass(frozen=True, slots=True)
class Strand:
    """Readings that belong together: one line, one colour."""

    name: str
    readings: tuple[Reading, ...]
    role: Role = Role.ACTUAL


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart with what is printed on it: ``foot`` are coverage and as-of lines.

    Every strand has a reading for each label, in the same order. ``is_ratio`` says that numbers are percentages, whose
    differences are points; ``top`` is how many units a ranking or share draws (all of them are in the table).
    """

    kind: Kind
    title: str
    measure: str
    strands: tuple[Strand, ...]
    subtitle: str = ""
    foot: tuple[str, ...] = ()
    is_ratio: bool = False
    top: int = 10

    @property
    def actual(self) -> tuple[Strand, ...]:
        """The strands of what was done."""
        return tuple(one for one in self.strands if one.role is Role.ACTUAL)

    @property
    def measures(self) -> tuple[str, ...]:
        """Every measure of the chart, its own first."""
        used = (one.measure for strand in self.strands for one in strand.readings if one.measure)
        return tuple(dict.fromkeys((self.measure, *used)))

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
