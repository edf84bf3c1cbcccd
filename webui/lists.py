"""A form's list tables as a page shows them: a part of a long one, with every line that something was found on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from actions.cases import Situation
from registry.catalogue.forms import View
from registry.catalogue.model import ListTable
from registry.catalogue.values import BLANK, CellKey, CellValue
from registry.findings import Finding
from registry.rules.lines import Line, lines_of, totals
from webui.table import Cell, HeadCell, Mark, head_of, kind_of, marks_of, shown_in
from workbook_templates.grid import place

MOST = 200  # lines on a page


@dataclass(frozen=True)
class Lines:
    """One list: its head, its lines by number, their totals, and how many lines are not shown."""

    table: ListTable
    head: tuple[tuple[HeadCell, ...], ...]
    numbers: tuple[str, ...]
    lines: tuple[tuple[int, tuple[Cell, ...]], ...]
    totals: tuple[Cell, ...]
    count: int

    @property
    def hidden(self) -> int:
        """Lines the page leaves to the file."""
        return self.count - len(self.lines)


def lists_of(
    situated: Situation,
    values: Mapping[CellKey, CellValue],
    findings: Sequence[Finding] = (),
    addresses: Mapping[CellKey, tuple[str, str]] | None = None,
) -> tuple[Lines, ...]:
    """Every list of a situation with these values."""
    marks = marks_of(findings, addresses or {})
    lines = lines_of(values)
    return tuple(
        _lines(situated, table, lines.get(table.code, {}), values, marks) for table in situated.view.form.lists
    )


def _lines(
    situated: Situation,
    table: ListTable,
    lines: Mapping[int, Line],
    values: Mapping[CellKey, CellValue],
    marks: Mapping[CellKey, tuple[Mark, ...]],
) -> Lines:
    view = situated.view.lists[table.code]
    marked = {key.line for key in marks if key.row == table.code}
    shown = [n for place_, n in enumerate(lines) if place_ < MOST or n in marked]
    return Lines(
        table=table,
        head=head_of(place(view)),
        numbers=(*view.form.letters, *(column.number for column in view.columns)),
        lines=tuple((n, _cells(view, lines[n], n, marks)) for n in shown),
        totals=_cells(view, totals(situated.context, table.code, values), None, {}),
        count=len(lines),
    )


def _cells(view: View, line: Line, n: int | None, marks: Mapping[CellKey, tuple[Mark, ...]]) -> tuple[Cell, ...]:
    return tuple(
        Cell(shown_in(view, spec, line.get(key, BLANK)), kind_of(spec), own, marks.get(own, ()))
        for key, spec in view.cells.items()
        for own in (key._replace(line=n),)
    )
