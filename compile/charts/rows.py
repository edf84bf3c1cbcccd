"""The table behind a chart: every number to its last digit, for the page, the workbook and the CSV file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from compile.charts.compared import PERCENT, comparable, percent_of
from compile.charts.model import Chart, Reading, Role, Strand, copy
from registry.catalogue.dashboards import Kind
from registry.catalogue.measures import rounded
from vietnamese.numbers import places

_WHOLE = Decimal(100)


@dataclass(frozen=True, slots=True)
class Cell:
    """A number or words of the table; ``is_ours`` marks what was worked out from its row."""

    number: Decimal | None = None
    words: str = ""
    is_provisional: bool = False
    is_ours: bool = False
    link: str = ""
    decimals: int = 0  # as many as the numbers beside it in the same measure need


@dataclass(frozen=True, slots=True)
class Rows:
    """A table with one heading row; the first cell of a line is its heading."""

    caption: str
    heads: tuple[str, ...]
    lines: tuple[tuple[Cell, ...], ...]


def rows_of(chart: Chart) -> Rows:
    """One line for each label, one column for each strand, then what they say of each other."""
    first = chart.strands[0].readings if chart.strands else ()
    compared = [one for one in chart.strands if one.role is not Role.ACTUAL]
    heads = [_head_of_labels(chart)]
    heads += [_measured(one.name, chart.measure) for one in chart.strands]
    heads += [copy(f"table.compared-{one.role.value}") for one in compared] if len(chart.actual) == 1 else []
    heads += [copy("table.share")] if chart.kind is Kind.SHARE else []
    has_notes = any(one.note for one in first)
    heads += [copy("table.note")] if has_notes else []
    lines = tuple(_line(chart, n, compared, has_notes=has_notes) for n in range(len(first)))
    return Rows(chart.title, tuple(heads), _aligned(chart, lines))


def _aligned(chart: Chart, lines: tuple[tuple[Cell, ...], ...]) -> tuple[tuple[Cell, ...], ...]:
    """Every number with the decimals of its column, or of its line where each line has its own measure."""
    last = len(chart.strands) if chart.by_indicator else 0  # what is worked out from a line is in percent again
    columns = [_most(line[n] for line in lines) for n in range(len(lines[0]))] if lines else []
    return tuple(
        tuple(
            replace(cell, decimals=_most(line[1 : last + 1]) if 0 < n <= last else columns[n])
            for n, cell in enumerate(line)
        )
        for line in lines
    )


def _most(cells: Iterable[Cell]) -> int:
    return max((places(one.number) for one in cells if one.number is not None), default=0)


def _head_of_labels(chart: Chart) -> str:
    if chart.kind is Kind.TREND:
        return copy("table.period")
    return copy("table.indicator" if chart.by_indicator else "table.place")


def _line(chart: Chart, n: int, compared: list[Strand], *, has_notes: bool) -> tuple[Cell, ...]:
    head = chart.strands[0].readings[n]
    cells = [Cell(words=_measured(head.label, head.measure), link=head.link)]
    cells += [_of(strand.readings[n]) for strand in chart.strands]
    if len(chart.actual) == 1:
        done = chart.actual[0].readings[n]
        is_ratio = (done.measure or chart.measure) == PERCENT
        cells += [
            Cell(None if is_ratio and one.role is not Role.PLAN else _percent(done, one.readings[n]), is_ours=True)
            for one in compared
        ]
    if chart.kind is Kind.SHARE:
        cells.append(Cell(share(head, chart), is_ours=True))
    return (*cells, Cell(words=head.note)) if has_notes else tuple(cells)


def _measured(name: str, measure: str) -> str:
    return copy("table.strand", name=name, measure=measure) if measure else name


def _of(one: Reading) -> Cell:
    words = copy("text.blank") if one.value is None else ""
    return Cell(one.value, words, is_provisional=one.is_provisional)


def _percent(done: Reading, other: Reading) -> Decimal | None:
    both = comparable(done, other)
    return None if both is None else percent_of(*both)


def share(one: Reading, chart: Chart) -> Decimal | None:
    """Percent of the sum of the first strand, two decimals; None where the whole is not positive, or units are missing
    from a part of it.
    """
    parts = [reading for reading in chart.strands[0].readings if reading.value is not None]
    whole = sum((reading.value for reading in parts if reading.value is not None), Decimal(0))
    if one.value is None or whole <= 0 or not all(reading.is_whole for reading in parts):
        return None
    return rounded(one.value * _WHOLE / whole, 2)
