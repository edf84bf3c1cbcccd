"""Cells that must stay as they were: of figures returned for some of their cells, all the others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from decimal import Decimal

from ingest.seen import Address, spec_of, view_of
from ingest.text import row_name
from registry.catalogue.forms import View
from registry.catalogue.values import BLANK, CellKey, CellValue, State
from registry.catalogue.words import shown
from registry.findings import Finding, finding
from registry.rules.lines import lines_of, name_of

CHANGED, EMPTIED, FILLED = "sealed-changed", "sealed-emptied", "sealed-filled"
CODES = frozenset({CHANGED, EMPTIED, FILLED})
Values = Mapping[CellKey, CellValue]
Lines = Mapping[str, Mapping[int, Values]]


def changes(view: View, before: Values, after: Values, opened: Set[CellKey]) -> list[CellKey]:
    """The cells a person types, of the form and of its lists, that say something else and are not among the opened."""
    lines = dict.fromkeys(key for key in (*before, *after) if key.line is not None)
    return [
        key
        for key in (*view.cells, *lines)
        if key not in opened
        and (spec := spec_of(view, key)) is not None
        and spec.kind.is_typed
        and _meaning(before.get(key, BLANK)) != _meaning(after.get(key, BLANK))
    ]


def _meaning(value: CellValue) -> tuple[State, Decimal | str]:
    """Equal for values that say the same."""
    if value.state is State.NIL:
        return value.state, ""
    if value.amount is not None:
        return State.VALUE, value.amount
    return value.state, (value.text or "").strip()


def findings(
    view: View, n: int, before: Values, after: Values, opened: Set[CellKey], addresses: Mapping[CellKey, Address]
) -> Iterator[Finding]:
    """A finding at each such cell, with what it held in version ``n`` and what it holds now."""
    rows = {row.code: row_name(row) for row, _ in view.rows}
    now_lines, lines = lines_of(after), lines_of(before)
    for key in changes(view, before, after, opened):
        own, spec = view_of(view, key), spec_of(view, key)
        assert own is not None
        assert spec is not None
        was, now = (shown(own, spec, values.get(key, BLANK)) for values in (before, after))
        code = CHANGED if was and now else EMPTIED if was else FILLED
        sheet, cell = addresses.get(key, (None, None))
        column = next(one for one in own.columns if one.code == key.column)
        line = {} if key.line is None else {"line": key.line}
        yield finding(
            code,
            sheet=sheet,
            cell=cell,
            row=rows[key.row] if key.line is None else name_of(own, key.line, _line(key, lines, now_lines)),
            column=" – ".join(column.heading(own.row_set.audience)),
            found=now,
            expected=was,
            n=n,
            row_code=key.row,
            column_code=key.column,
            **line,
        )


def _line(key: CellKey, *told: Lines) -> Values:
    assert key.line is not None
    return next(held for lines in told if (held := lines.get(key.row, {}).get(key.line)))
