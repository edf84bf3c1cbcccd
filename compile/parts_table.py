"""What a unit makes of its divisions' parts: a line for each row and who gave it, with the number it came in under."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from compile.coverage import copy
from compile.tables import EMPTY, Align, Cell, RowStyle, Table, TableColumn, TableRow, text_cell
from registry.catalogue.forms import View
from registry.catalogue.model import CellKind, Column, Row, RowKind
from registry.catalogue.values import CellKey
from vietnamese.numbers import format_number

_TYPED = (CellKind.INPUT, CellKind.NOTE)


@dataclass(frozen=True, slots=True)
class GivenPart:
    """What a division, or the unit's own clerk, gave of a form: as typed, with its number where it is one."""

    name: str
    upload: int  # 0: prefilled, nobody sent it
    figures: Mapping[CellKey, tuple[str, Decimal | None]]


def parts_table(view: View, parts: Sequence[GivenPart], awaited: Sequence[str]) -> Table:
    """The unit's rows in printed order; one given by two has a line of each, one nobody gave says so."""
    columns = [column for column in view.columns if _is_typed(view, column)]
    labels = [TableColumn((copy(f"parts.{name}"),), "", width) for name, width in (("row", 46), ("measure", 12))]
    rows: list[TableRow] = []
    for row in (held for held, _ in view.rows):
        if row.kind is RowKind.SECTION:
            rows.append(TableRow((text_cell(row.label), *[EMPTY] * (len(columns) + 3)), RowStyle.SECTION))
        elif row.kind is RowKind.DATA and row.code in view.row_set.open_rows:
            rows.extend(_lines(view, row, columns, parts))
    return Table(
        title=copy("parts.title", form=view.form.code),
        columns=(
            *labels,
            *(TableColumn(column.path, column.number, column.width) for column in columns),
            TableColumn((copy("parts.by"),), "", 32),
            TableColumn((copy("parts.upload"),), "", 12),
        ),
        rows=tuple(rows),
        notes=(copy("parts.awaited", names="; ".join(awaited)),) if awaited else (copy("parts.all_here"),),
        labels=1,
        label_column=0,
        paper="A3",
    )


def _is_typed(view: View, column: Column) -> bool:
    return any(key.column == column.code and spec.kind in _TYPED for key, spec in view.cells.items())


def _lines(view: View, row: Row, columns: Sequence[Column], parts: Sequence[GivenPart]) -> list[TableRow]:
    label = " ".join(filter(None, (row.number, row.label)))
    keys = [CellKey(row.code, column.code) for column in columns]
    typed = (spec for key in keys if (spec := view.cells[key]).kind is CellKind.INPUT)
    measure = next((spec.measure for spec in typed), row.measure)
    labels = (text_cell(label), text_cell(measure, Align.CENTRE))
    lines = [
        TableRow(
            (
                *labels,
                *(_cell(view, part, key) for key in keys),
                text_cell(part.name),
                text_cell(str(part.upload) if part.upload else "", Align.CENTRE),
            )
        )
        for part in parts
        if any(key in part.figures for key in keys)
    ]
    if lines:
        return lines
    return [TableRow((*labels, *[EMPTY] * len(keys), text_cell(copy("parts.nobody")), EMPTY))]


def _cell(view: View, part: GivenPart, key: CellKey) -> Cell:
    text, number = part.figures.get(key, ("", None))
    if number is None:
        return text_cell(text)
    decimals = view.cells[key].decimals
    return Cell(format_number(number, decimals), number, decimals, Align.RIGHT)
