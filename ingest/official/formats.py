"""What number formats of a table's cells say: decimals, per cent, text, days."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from ingest.numbers import is_date_format
from ingest.official.table import Table

_DECIMALS = re.compile(r"[0#?][.]([0#?]+)")
_WIDEST = 60  # rows below the heading that are looked at where the table has no lines


def shared_format(table: Table, column: int) -> str:
    """The number format most cells of a column have, "" when they have none."""
    rows = table.body or range(table.top, table.top + _WIDEST)
    last = max(rows)
    first = (table.number_row or table.top) + 1
    return _most(table.paper.format_at(row, column) for row in range(first, last + 1))


def row_format(table: Table, row: int, columns: Iterable[int]) -> str:
    """The number format most of these cells of a row have."""
    return _most(
        code for column in columns if (code := table.paper.format_at(row, column)) != "@" and not is_date_format(code)
    )


def _most(codes: Iterable[str]) -> str:
    counted = Counter(code for code in codes if code)
    return counted.most_common(1)[0][0] if counted else ""


def decimals_of(code: str) -> int | None:
    """Decimals a number format shows: ``#,##0.0`` -> 1; None when it says nothing of them."""
    if not code or code == "@" or is_date_format(code):
        return None
    found = _DECIMALS.search(code.split(";")[0])
    return len(found[1]) if found else 0
