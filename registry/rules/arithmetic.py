"""What a rule comes to for a store that knows no forms: steps of arithmetic over figures asked of the warehouse."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from registry.catalogue.model import Row
from registry.catalogue.values import CellKey, Nature
from registry.rules.lookup import Term


class NotInSql(ValueError):
    """A rule the warehouse cannot judge; ``reason``: text, list, unkept (no series), large."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Step(NamedTuple):
    """An operation on the results of earlier steps (their positions), or a leaf."""

    name: str
    parts: tuple[int, ...] = ()
    value: Decimal | int | None = None  # a number written out, decimals kept, the position of what is asked or given


class Way(StrEnum):
    """How the figures of an ask come to one number."""

    OWN = "own"  # the cell's own figure, of the nature the cell has when there is one
    KNOWN = "known"  # the sum of figures known before this submission
    ELSEWHERE = "elsewhere"  # the sum of figures of another form, submitted on its own
    MEDIAN = "median"
    BELOW = "below"  # the sum over the units below, each of which must have one


@dataclass(frozen=True, slots=True)
class Ask:
    """Figures asked of the warehouse for each unit; ``factor`` of the shown measure is one of a mantissa."""

    way: Way
    terms: tuple[Term, ...]
    row: Row  # tells whom the figures are about
    nature: Nature
    factor: Decimal


@dataclass(frozen=True, slots=True)
class LoweredPart:
    """One comparison of a rule, by the steps that hold its outcome; ``passed_over`` where all its cells are blank."""

    holds: int
    passed_over: int
    found: int
    expected: int


@dataclass(frozen=True, slots=True)
class Lowered:
    """A rule at one place of one view in one period."""

    anchor: CellKey | None
    condition: int
    parts: tuple[LoweredPart, ...]
    steps: tuple[Step, ...]
    asks: tuple[Ask, ...]
    given: tuple[Decimal, ...]

    @property
    def shape(self) -> tuple[object, ...]:
        """Equal for places that differ only in what is asked and given."""
        return (self.condition, self.parts, self.steps, tuple(ask.way for ask in self.asks))
