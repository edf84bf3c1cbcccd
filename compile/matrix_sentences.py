"""Sentences of a form whose columns carry the indicators (II.06a): its line of totals, read out group by group."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from compile.coverage import copy
from compile.totals import Totals
from registry.catalogue.model import CellKind, Column, RowKind
from registry.catalogue.values import CellKey
from vietnamese.letters import first_lower
from vietnamese.numbers import format_number


def say_matrix(one: Totals) -> Iterator[str]:
    """``Số hồ sơ tiếp nhận: tổng số 120.000 hồ sơ; trong kỳ: trực tuyến 90.000 hồ sơ, ….`` for each group."""
    total = next((row.row.code for row in one.rows if row.row.kind is RowKind.TOTAL), None)
    if total is None:
        return
    columns = [column for column in one.view.columns if column.kind is not CellKind.NOTE]
    for heading, members in groupby(columns, key=lambda column: column.path[0]):
        parts = [part for column in members if (part := _part(one, total, column))]
        if parts:
            yield copy("sentence.matrix", label=heading, parts="; ".join(parts))


def _part(one: Totals, row: str, column: Column) -> str:
    key = CellKey(row, column.code)
    cell, spec = one.cells.get(key), one.view.cells[key]
    if cell is None or cell.number is None:
        return ""
    amount = copy("sentence.amount", value=format_number(cell.number, spec.decimals), measure=spec.measure)
    label = " ".join(first_lower(part) for part in column.path[1:])
    return copy("sentence.part", label=label, amount=amount)
