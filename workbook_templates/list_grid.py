"""Where everything stands on the sheet of a list table (biểu danh sách): the map of its one line, drawn out downwards.

From top to bottom::

    status (not printed) | head (4 rows) | headings | totals | hidden codes of the columns | numbers A 1 2 3 |
    lines | end | foot

and from left to right::

    hidden marks | TT | the list's columns | check

The mark in the row of codes names the list, those of totals and end tell them from lines; nothing else is needed
to read a sheet whose lines were inserted, deleted or sorted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields
from functools import cache, cached_property
from itertools import chain, count
from pathlib import Path

from registry.catalogue.forms import CellSpec, View
from registry.catalogue.model import CellKind, Form, ListTable
from registry.catalogue.values import CellKey
from registry.rules.lines import totalled
from vietnamese.copydeck import deck
from vietnamese.fold import fold
from workbook_templates.grid import FIRST_LABEL_COLUMN, UNIT_PLACES, Grid, Zone, a1, allowed, place, sheet_name

_say = deck(Path(__file__).parent / "copy.toml")
TOTALS, END = "#tong", "#het"
_LEFT_SHARE, _RIGHT_SHARE = 0.22, 0.25
_QUOTED_OR_ADDRESS = r'"[^"]*"|\b([A-Z]{{1,3}}){row}\b'


def is_foot(text: str) -> bool:
    """True for what the sheet prints below the lines: end, signs, place and date, signatures, version code."""
    folded = fold(text)
    return folded.startswith(_foot()) or _DATE_LINE in folded


@cache
def _foot() -> tuple[str, ...]:
    named = ("list.end", "foot.signs", "foot.preparer", "foot.checker", "foot.head", "foot.sign", "foot.seal")
    code = _say("foot.issue", form="", period="", unit="", issue="")
    return (*(fold(_say(name))[:_ENOUGH] for name in named), fold(code)[:_ENOUGH])


_ENOUGH = 12  # letters that tell a sentence of the foot
_DATE_LINE = fold(_say("foot.place", place="", year=""))[2:]


def mark(table: str) -> str:
    """The hidden mark of a list's sheet."""
    return f"#{table}"


@dataclass(frozen=True)
class ListGrid(Grid):
    """The grid of a line's view; ``cells`` are those of line 1."""

    table: ListTable
    lines: int  # prepared

    @property
    def total_row(self) -> int:
        """Sheet row of the totals."""
        return self.code_row - 1

    @property
    def last_row(self) -> int:
        """Sheet row of the end: lines are put in above it."""
        return self.number_row + self.lines + 1

    def address(self, key: CellKey, n: int) -> str:
        """A1 of a cell of line ``n`` as prepared."""
        return a1(self.number_row + n, self.columns[key.column])

    def column_range(self, column: int) -> str:
        """A1 range of a sheet column over all prepared lines."""
        return f"{a1(self.number_row + 1, column)}:{a1(self.number_row + self.lines, column)}"

    @property
    def starts_filled(self) -> bool:
        """True when a unit's lines may stand in the workbook before anybody typed."""
        specs = self.view.cells.values()
        return self.table.prefill or any(spec.kind is CellKind.INPUT and spec.prefill for spec in specs)

    def _slot_addresses(self) -> Iterator[str]:
        yield from (self.places[name] for name in UNIT_PLACES)
        if not self.starts_filled:
            return
        yield self.status
        last = self.check_column + 1
        for row in range(self.number_row + 1, self.number_row + self.lines + 1):
            yield from (a1(row, column) for column in range(FIRST_LABEL_COLUMN, last))
        yield from (a1(self.total_row, self.columns[key.column]) for key in self.totalled)

    @cached_property
    def totalled(self) -> dict[CellKey, CellSpec]:
        """The cells that have a total."""
        return totalled(self.view)

    @cached_property
    def zones(self) -> tuple[Zone, Zone, Zone]:
        """First and last sheet column of the three parts of head and foot, by their share of the printed width."""
        whole = self.points(FIRST_LABEL_COLUMN, self.last_column)
        columns = range(FIRST_LABEL_COLUMN + 1, self.last_column - 1)
        left = min(columns, key=lambda end: abs(self.points(FIRST_LABEL_COLUMN, end) - _LEFT_SHARE * whole))
        starts = range(left + 2, self.last_column + 1)
        right = min(starts, key=lambda start: abs(self.points(start, self.last_column) - _RIGHT_SHARE * whole))
        return ((FIRST_LABEL_COLUMN, left), (left + 1, right - 1), (right, self.last_column))


def place_lists(view: View, started: dict[str, int] | None = None) -> tuple[ListGrid, ...]:
    """The map of each list of a form's view; a unit that starts with more lines than are prepared gets more."""
    names = _sheet_names(view.form)
    return tuple(
        _place(line, table, names[table.code], _prepared(table, (started or {}).get(table.code, 0)))
        for table in view.form.lists
        for line in (view.lists[table.code],)
        if line.columns
    )


def _prepared(table: ListTable, started: int) -> int:
    return table.lines if started <= table.lines else started + _ROOM


_ROOM = 50  # empty lines after more lines than the form prepares


def _place(line: View, table: ListTable, sheet: str, lines: int) -> ListGrid:
    one = place(line)
    parts = {field.name: getattr(one, field.name) for field in fields(Grid)}
    number_row = one.number_row + 1
    parts |= {"sheet": sheet, "number_row": number_row, "rows": {table.code: number_row + 1}}
    return ListGrid(**parts, table=table, lines=lines)


def _sheet_names(form: Form) -> dict[str, str]:
    """By list: the form's name and the list's code, numbered where Excel would take two names for one."""
    if not form.rows and len(form.lists) == 1:
        return {form.lists[0].code: sheet_name(form)}
    names: dict[str, str] = {}
    taken = {sheet_name(form).casefold()}
    for table in form.lists:
        whole = f"{sheet_name(form)[:20]} {allowed(table.code)}"
        tries = chain(("",), (f" ({n})" for n in count(2)))
        names[table.code] = next(
            name for tail in tries if (name := whole[: _LONGEST_NAME - len(tail)] + tail).casefold() not in taken
        )
        taken.add(names[table.code].casefold())
    return names


_LONGEST_NAME = 31  # characters of a sheet's name


def in_row(formula: str, of: int, row: int) -> str:
    """A formula of the line in sheet row ``of`` as the line in ``row`` has it.

    >>> in_row('=IF(C13>D13,"C13","")', 13, 20)
    '=IF(C20>D20,"C13","")'
    """

    def moved(found: re.Match[str]) -> str:
        return f"{found[1]}{row}" if found[1] else found[0]

    return re.sub(_QUOTED_OR_ADDRESS.format(row=of), moved, formula)
