"""The figures of other periods that a form leans on, frozen before anything is judged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from registry.catalogue.values import Aspect, CellKey, CellValue, Known, SeriesKey

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


def with_earlier_rounds(needs: Iterable[Need], before: tuple[str, ...]) -> set[Need]:
    """The needs, and for cumulative figures of the round before also those of the rounds before that.

    ``before`` holds the codes of the earlier rounds of a report asked for once, latest first.
    """
    wanted = set(needs)
    return wanted | {need._replace(period=code) for need in wanted if _is_carried(need, before) for code in before[1:]}


def carried(background: Background, needs: Iterable[Need], before: tuple[str, ...]) -> Background:
    """A cumulative figure stands until the next one: who was silent in the last round starts from the one before."""
    figures = dict(background.figures)
    for need in needs:
        if _is_carried(need, before) and need not in figures:
            known = (figures.get(need._replace(period=code)) for code in before[1:])
            latest = next((one for one in known if one is not None), None)
            if latest is not None:
                figures[need] = latest
    return Background(figures)


def _is_carried(need: Need, before: tuple[str, ...]) -> bool:
    return bool(before) and need.period == before[0] and need.series.aspect is Aspect.CUMULATIVE


@dataclass(frozen=True)
class KnownLines:
    """What the unit's own lists of other periods say, by list table and line."""

    figures: Mapping[tuple[str, LineKey], Background] = field(default_factory=dict)
    start: Mapping[CellKey, CellValue] = field(default_factory=dict)  # the lines a workbook begins with

    def of(self, table: str, key: LineKey) -> Background:
        """What other periods say of a line; nothing of a new one."""
        return self.figures.get((table, key), _NOTHING)


_NOTHING = Background()
