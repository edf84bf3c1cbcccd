"""What a reference means in one view: which cell of which row and column."""

from __future__ import annotations

from functools import lru_cache
from typing import Generic, NamedTuple, TypeVar

from registry.catalogue.forms import Access, CellSpec, Definitions, RowSet, View
from registry.catalogue.model import CellKind, Column, Form, PeriodShape, Row, RowKind
from registry.catalogue.values import Aspect, CellKey
from registry.rules.tree import Cell, Range
from vietnamese.fold import fold, nearest

One = TypeVar("One")


class UnknownName(ValueError):
    """A reference names a row or column the form does not have; ``similar`` is the nearest that it has."""

    def __init__(self, part: str, name: str, similar: str) -> None:
        super().__init__(name)
        self.part = part  # "row" | "column"
        self.name = name
        self.similar = similar


class Place(NamedTuple):
    """Where a formula stands: what a reference without row or column takes them from."""

    row: str | None = None
    column: str | None = None


class _Same(Generic[One]):
    """Equality by identity, so that frozen but unhashable objects can key a cache."""

    __slots__ = ("one",)

    def __init__(self, one: One) -> None:
        self.one = one

    def __hash__(self) -> int:
        return id(self.one)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.one is other.one


_KEYWORDS = {
    "ke_hoach_tw": Aspect.PLAN_CENTRAL,
    "ke_hoach_hdnd": Aspect.PLAN_COUNCIL,
    "kich_ban": Aspect.SCENARIO,
}  # column keywords of the language; "thực_hiện" is the input of the period itself


@lru_cache(maxsize=256)
def _names(form: _Same[Form]) -> tuple[dict[str, str], dict[str, str]]:
    """Folded row names and folded column names, to codes."""
    rows = {fold(row.code): row.code for row in form.one.rows}
    columns: dict[str, str] = {}
    for column in form.one.columns:
        for keyword in _keywords_of(column):
            columns.setdefault(keyword, column.code)
    numbers = {fold(column.number.strip("() ")): column.code for column in form.one.columns}
    columns.update({number: code for number, code in numbers.items() if number})
    codes = {fold(column.code): column.code for column in form.one.columns}
    columns.update({name: code for name, code in codes.items() if not name.isdecimal() or name not in columns})
    return rows, columns


def _keywords_of(column: Column) -> list[str]:
    if column.kind is CellKind.PLAN:
        return [keyword for keyword, aspect in _KEYWORDS.items() if aspect is column.aspect]
    performed = column.kind is CellKind.INPUT and column.aspect is Aspect.ACTUAL and column.shift == 0
    return ["thuc_hien"] if performed else []


def row_code(form: Form, name: str) -> str:
    """The code of a row by its name in a rule; raises UnknownName."""
    return _found("row", name, _names(_Same(form))[0])


def column_code(form: Form, name: str) -> str:
    """The code of a column by its code, printed number or keyword; raises UnknownName."""
    return _found("column", name, _names(_Same(form))[1])


def _found(part: str, name: str, codes: dict[str, str]) -> str:
    code = codes.get(fold(name))
    if code is None:
        raise UnknownName(part, name, next(iter(nearest(name, codes.values(), 1)), ""))
    return code


def is_foreign(reference: Cell | Range, view: View) -> bool:
    """True when the reference is to another form."""
    return reference.form is not None and fold(reference.form) != fold(view.form.code)


class Foreign(NamedTuple):
    """A cell of another form, and that form with all its rows in the same period."""

    form: str
    key: CellKey
    where: _Same[View]

    @property
    def view(self) -> View:
        """The other form."""
        return self.where.one

    @property
    def spec(self) -> CellSpec:
        """What is fixed about the cell."""
        return self.view.cells[self.key]


def foreign(reference: Cell, place: Place, view: View) -> Foreign | None:
    """The cell of another form that is meant, None for a cell of this form; a form, row or column nobody knows
    stands for no cell, which is None too.
    """
    if not is_foreign(reference, view):
        return None
    other = _other(_Same(view.definitions), fold(reference.form or ""), view.shape, view.row_set.audience)
    if other is None:
        return None
    try:
        row = row_code(other.form, reference.row or place.row or "")
        column = column_code(other.form, reference.column or place.column or "")
    except UnknownName:
        return None
    found = CellKey(row, column)
    return Foreign(other.form.code, found, _Same(other)) if found in other.cells else None


@lru_cache(maxsize=256)
def _other(definitions: _Same[Definitions], name: str, shape: PeriodShape, audience: str) -> View | None:
    form = next((one for code, one in definitions.one.forms.items() if fold(code) == name), None)
    if form is None:
        return None
    rows = RowSet(audience, tuple((row.code, Access.OPEN) for row in form.rows))
    return View(form, shape, rows, definitions.one)


def key(reference: Cell, place: Place, view: View) -> CellKey | None:
    """The cell meant, None when the view has no such cell (the unit does not meet the row, the month not the
    column, or the form is another); raises UnknownName.
    """
    if is_foreign(reference, view):
        return None
    row = row_code(view.form, reference.row) if reference.row else place.row
    column = column_code(view.form, reference.column) if reference.column else place.column
    if row is None or column is None:
        return None
    found = CellKey(row, column)
    return found if found in view.cells else None


def keys(reference: Range, place: Place, view: View) -> tuple[CellKey, ...]:
    """The cells of a row range that the view has, in printed order, either end first; raises UnknownName."""
    if is_foreign(reference, view):
        return ()
    codes = [row.code for row in view.form.rows]
    ends = sorted(codes.index(row_code(view.form, end)) for end in (reference.first, reference.last))
    column = column_code(view.form, reference.column) if reference.column else place.column
    between = codes[ends[0] : ends[1] + 1]
    return tuple(CellKey(row, column) for row in between if column and CellKey(row, column) in view.cells)


def cells(reference: Range, place: Place, view: View) -> tuple[Cell, ...]:
    """A row range cell by cell, of this form or another."""
    if not is_foreign(reference, view):
        return tuple(Cell(*found[:2]) for found in keys(reference, place, view))
    named = (Cell(row, reference.column, reference.form) for row in (reference.first, reference.last))
    ends = [found for one in named if (found := foreign(one, place, view))]
    if len(ends) < 2:
        return ()
    rows = [row.code for row in ends[0].view.form.rows]
    first, last = sorted(rows.index(end.key.row) for end in ends)
    return tuple(Cell(row, reference.column, reference.form) for row in rows[first : last + 1])


def spec(reference: Cell, place: Place, view: View) -> CellSpec | None:
    """The specification of the cell meant."""
    found = key(reference, place, view)
    return view.cells[found] if found else None


@lru_cache(maxsize=256)
def _rows(form: _Same[Form]) -> dict[str, Row]:
    return {row.code: row for row in form.one.rows}


def row_of(view: View, code: str) -> Row:
    """The row of a code."""
    return _rows(_Same(view.form))[code]


def data_rows(view: View) -> list[Row]:
    """The rows of the view that hold figures of their own."""
    return [row for row, _ in view.rows if row.kind is RowKind.DATA]
