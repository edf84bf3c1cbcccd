"""The figures of other periods that a form leans on, frozen before anything is judged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from registry.catalogue.values import CellKey, CellValue, Known, SeriesKey

LineKey = tuple[str, ...]
"""What makes a line of a list one of its kind: its key columns as compared."""


class Need(NamedTuple):
    """One figure asked of the warehouse: a series in a period (its code), for the unit at hand."""

    series: SeriesKey
    period: str


@dataclass(frozen=True)
class Background:
    """What the warehouse answered: the best nature known for each need; an absent need is unknown, never zero."""

    figures: Mapping[Need, Known] = field(default_factory=dict)

    def get(self, series: SeriesKey, period: str) -> Known | None:
        """The figure of a series in a period, None where none is known."""
        return self.figures.get(Need(series, period))


@dataclass(frozen=True)
class KnownLines:
    """What the unit's own lists of other periods say, by list table and line."""

    figures: Mapping[tuple[str, LineKey], Background] = field(default_factory=dict)
    start: Mapping[CellKey, CellValue] = field(default_factory=dict)  # the lines a workbook begins with

    def of(self, table: str, key: LineKey) -> Background:
        """What other periods say of a line; nothing of a new one."""
        return self.figures.get((table, key), _NOTHING)


_NOTHING = Background()
