"""A form's list tables as a page shows them: a part of a long one, with every line that something was found on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from actions.cases import Situation
from registry.catalogue.forms import View
from registry.catalogue.model import ListTable
from registry.catalogue.values import BLANK, CellKey, CellValue
from registry.catalogue.words import shown
from registry.rules.lines import Line, lines_of, totals
from webui.table import NO_REMARKS, Cell, HeadCell, Remarks, head_of, kind_of
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
    situated: Situation, values: Mapping[CellKey, CellValue], remarks: Remarks = NO_REMARKS
) -> tuple[Lines, ...]:
    """Every list of a situation with these values."""
    lines = lines_of(values)
    return tuple(
        _lines(situated, table, lines.get(table.code, {}), values, remarks) for table in situated.view.form.lists
    )


def _lines(
    situated: Situation,
    table: ListTable,
    lines: Mapping[int, Line],
    values: Mapping[CellKey, CellValue],
    remarks: Remarks,
) -> Lines:
    view = situated.view.lists[table.code]
    remarked = {key.line for key in (*remarks.marks, *remarks.corrected, *remarks.said) if key.row == table.code}
    printed = [n for place_, n in enumerate(lines) if place_ < MOST or n in remarked]
    return Lines(
        table=table,
        head=head_of(place(view)),
        numbers=(*view.form.letters, *(column.number for column in view.columns)),
        lines=tuple((n, _cells(view, lines[n], n, remarks)) for n in printed),
        totals=_cells(view, totals(situated.context, table.code, values), None, NO_REMARKS),
        count=len(lines),
    )


def _cells(view: View, line: Line, n: int | None, remarks: Remarks) -> tuple[Cell, ...]:
    return tuple(
        remarks.cell(key._replace(line=n), shown(view, spec, line.get(key, BLANK)), kind_of(spec))
        for key, spec in view.cells.items()
    )
