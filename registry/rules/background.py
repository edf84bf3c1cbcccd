"""The figures of other periods that a form leans on, frozen before anything is judged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from registry.catalogue.values import Known, SeriesKey


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
