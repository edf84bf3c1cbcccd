"""Where every figure came from: one line each, with the cell of the workbook it was sent in (nguồn từng số liệu)."""

from __future__ import annotations

from collections.abc import Iterator

from compile.annex import Annex, Body, Line, Value, parts_of, some
from compile.coverage import copy
from compile.head import stamp, subtitles
from compile.model import CompileInput, Source, official_order
from compile.tables import SIGNS, RowStyle, Table, TableColumn
from compile.totals import Totals
from registry.catalogue.values import CellKey, CellValue, State

_WIDTHS = {
    "unit": 30,
    "row": 46,
    "column": 24,
    "figure": 16,
    "upload": 12,
    "cell": 22,
    "sha": 66,
    "by": 24,
    "at": 18,
    "approved_by": 24,
    "approved_at": 18,
}


def figure_annexes(one: Totals, order: CompileInput) -> list[Annex]:
    """The lines of a form, on as many sheets as they need."""
    columns = tuple(TableColumn((copy(f"figures.{name}"),), "", width) for name, width in _WIDTHS.items())
    count = sum(len(_given(source)) for source in one.form_input.sources)
    table = Table(
        title=copy("figures.title"),
        columns=columns,
        rows=(),
        subtitles=(f"{one.view.form.official_number} {one.view.form.title}", *subtitles(order)),
        notes=() if count else (copy("sources.none"),),
        labels=2,
        paper="A3",
    )
    decimals = (None,) * len(columns)
    return [
        Annex(
            table, Body(last - first, some(lambda: _lines(one), first, last), decimals, frozenset(), (RowStyle.DATA,))
        )
        for first, last in parts_of(count)
    ]


def _lines(one: Totals) -> Iterator[Line]:
    rows = {held.row.code: " ".join(filter(None, (held.row.number, held.row.label))) for held in one.rows}
    tables = {table.code: table for table in one.view.form.lists}
    columns = {column.code: column.path[-1] for column in one.view.columns}
    columns |= {column.code: column.path[-1] for table in tables.values() for column in table.columns}
    for source in sorted(one.form_input.sources, key=lambda one: official_order(one.unit)):
        told = _told(source)
        for key, value in _given(source):
            table = tables.get(key.row)
            row = table.title if table else rows.get(key.row, key.row)
            if key.line is not None:
                row = copy("explanations.line", title=row, n=key.line)
            sheet, at = source.addresses.get(key, ("", ""))
            cell = f"{sheet}!{at}" if at else ""
            labels = (source.unit.name, row, columns.get(key.column, key.column), _figure(value))
            yield Line(RowStyle.DATA, [*labels, told[0], cell, *told[1:]])


def _given(source: Source) -> list[tuple[CellKey, CellValue]]:
    return [(key, value) for key, value in source.values.items() if value.state is not State.BLANK]


def _told(source: Source) -> tuple[str, ...]:
    upload = "" if source.upload_id is None else str(source.upload_id)
    who = (source.submitted_by, stamp(source.submitted_at), source.approved_by, stamp(source.approved_at))
    return (upload, source.file_sha, *who)


def _figure(value: CellValue) -> Value:
    if value.text is not None:
        return value.text
    if value.number is not None and value.state is State.VALUE:
        return value.number
    return 0 if value.state is State.ZERO else SIGNS.get(value.state, "")
