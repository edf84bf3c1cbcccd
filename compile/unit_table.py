"""Unit by unit: what every reporter gave, in the official order, agencies and communes apart (F22)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from compile.annex import CLOSED, OWED, SIGNED, Annex, Body, Line, Value
from compile.contributions import Contribution, main_inputs
from compile.coverage import copy, sentences
from compile.geometry import first_body_row
from compile.head import form_head
from compile.links import UnitLines
from compile.model import CompileInput, Expected, Source, SourceKind, official_order
from compile.tables import EMPTY, Align, Cell, RowStyle, Table, TableColumn, TableRow, Tone, number_cell, text_cell
from compile.totals import Totals
from registry.catalogue.forms import CellSpec
from registry.catalogue.model import CellKind, Form, Row, RowKind
from registry.catalogue.values import CellKey, State
from vietnamese.numbers import format_number

_LABELS = 2  # columns before the figures


def is_matrix(form: Form) -> bool:
    """True when the columns carry the indicators (II.06a): units are then printed as lines under its own columns."""
    return any(column.indicator for column in form.columns)


def groups(expected: Sequence[Expected]) -> Iterator[tuple[str, list[Expected]]]:
    """Agencies, then communes, each in official order; a group without members is left out."""
    for key, is_commune in (("group.agencies", False), ("group.communes", True)):
        members = [one for one in expected if one.unit.kind.is_commune == is_commune]
        if members:
            yield copy(key), sorted(members, key=lambda one: official_order(one.unit))


# --- one column per row and input ------------------------------------------------------------------------------------


def unit_annex(one: Totals, order: CompileInput) -> Annex:
    """Units as lines with one column per row and input."""
    head = form_head(one.view.form, order)
    specs = printed_inputs(one)
    widest = _widest(one)
    main = {key for keys in main_inputs(one.view).values() for key in keys}
    columns = [
        TableColumn((copy("units.ordinal"),), "", 5),
        TableColumn((copy("units.unit"),), "", 30),
        *(
            replace(column, width=max(column.width, widest.get(spec.key, 0)))
            for spec in specs
            for column in (input_column(one, spec, spec.key not in main),)
        ),
    ]
    members = list(groups(one.form_input.expected))
    return Annex(
        Table(
            title=copy("units.title"),
            columns=tuple(columns),
            rows=(),
            subtitles=(form_line(one), *head.subtitles),
            left=head.left,
            right=head.right,
            notes=(copy("units.kept"), copy("units.tones"), *sentences(one.coverage), copy("foot.signs")),
            paper="A3",
        ),
        Body(
            sum(1 + len(units) for _, units in members),
            lambda: _unit_lines(one, members, [spec.key for spec in specs]),
            (0, 0, *(spec.decimals for spec in specs)),
        ),
    )


def lines_of_annex(sheet: str, one: Totals, annex: Annex) -> UnitLines:
    """Where the figures of `unit_annex` stand."""
    lines: list[tuple[str, str]] = []
    for _, units in groups(one.form_input.expected):
        lines += [("", ""), *((member.unit.code, "") for member in units)]
    columns = {spec.key: place for place, spec in enumerate(printed_inputs(one), _LABELS)}
    return UnitLines(sheet, first_body_row(annex.table), tuple(lines), columns)


def _unit_lines(one: Totals, members: list[tuple[str, list[Expected]]], keys: Sequence[CellKey]) -> Iterator[Line]:
    given = one.contributions.get
    tentative = {unit.code for unit in one.coverage.provisional}
    empty = [""] * len(keys)
    for name, units in members:
        yield Line(RowStyle.GROUP, ["", name, *empty])
        for place, member in enumerate(units, 1):
            code, owed = member.unit.code, member.rows.open_rows
            label = copy("units.tentative", name=member.unit.name) if code in tentative else member.unit.name
            figures = [_value(given((code, key)), key.row in owed) for key in keys]
            yield Line(RowStyle.DATA, [str(place), label, *figures])


def _value(given: Contribution | None, is_owed: bool) -> Value:
    if given is None or given.state is State.BLANK:
        return OWED if is_owed else CLOSED
    if given.number is not None and given.state is not State.NIL:
        return given.number
    return SIGNED.get(given.state, "")


def _widest(one: Totals) -> dict[CellKey, float]:
    """Room the longest figure of each cell takes, in characters."""
    most: dict[CellKey, Decimal] = {}
    for (_, key), given in one.contributions.items():
        if given.number is not None and abs(given.number) > most.get(key, 0):
            most[key] = abs(given.number)
    return {key: len(format_number(-most[key], one.view.cells[key].decimals)) + 1.5 for key in most}


def form_line(one: Totals) -> str:
    """The form a table is of, as its subtitle."""
    return copy("units.form", number=one.view.form.official_number, title=one.view.form.title)


def printed_inputs(one: Totals) -> list[CellSpec]:
    """Inputs of every row some reporter fills this period, in printed order."""
    filled = {code for member in one.form_input.expected for code in member.rows.open_rows}
    filled |= {key.row for _, key in one.contributions}
    return [spec for key, spec in one.view.inputs.items() if key.row in filled]


def input_column(one: Totals, spec: CellSpec, folded: bool) -> TableColumn:
    """The column of one input: its section, row and heading."""
    row = next(held.row for held in one.rows if held.row.code == spec.key.row)
    column = next(held for held in one.view.columns if held.code == spec.key.column)
    path = (
        _section_of(one, row),
        copy("units.measure_row", label=_numbered(row), measure=spec.measure),
        column.path[-1],
    )
    return TableColumn(path, f"{row.code}.({column.number})", 13, folded)


def _numbered(row: Row) -> str:
    return f"{row.number}. {row.label.lstrip('–-+ ')}" if any(letter.isdigit() for letter in row.number) else row.label


def _section_of(one: Totals, row: Row) -> str:
    section = ""
    for held in one.rows:
        if held.row.kind is RowKind.SECTION:
            section = f"{held.row.number}. {held.row.label}" if held.row.number else held.row.label
        if held.row.code == row.code:
            break
    return section


def _contribution_cell(one: Totals, member: Expected, spec: CellSpec) -> Cell:
    anchor = (member.unit.code, spec.key)
    given = one.contributions.get(anchor)
    if given is not None and given.state is not State.BLANK:
        return number_cell(given.state, given.number, spec.decimals, anchor=anchor)
    return Cell(anchor=anchor, tone=Tone.OWED if spec.key.row in member.rows.open_rows else Tone.CLOSED)


def group_row(name: str, width: int) -> TableRow:
    """A heading between units, without numbers."""
    return TableRow((EMPTY, text_cell(name), *([EMPTY] * (width - 2))), RowStyle.GROUP)


# --- the form's own columns ------------------------------------------------------------------------------------------


def matrix_table(one: Totals, order: CompileInput, with_detail: bool = True) -> Table:
    """Units as lines under the form's own columns; with detail the lines each is made of are folded under it."""
    head = form_head(one.view.form, order)
    form = one.view.form
    columns = [
        TableColumn((form.label_headings[0],), form.letters[0], 6),
        TableColumn((copy("units.unit"),), form.letters[1], 40),
        *(TableColumn(column.path, column.number, column.width) for column in one.view.columns),
    ]
    sources = {source.unit.code: source for source in one.form_input.sources}
    rows: list[TableRow] = []
    for name, members in groups(one.form_input.expected):
        rows.append(group_row(name, len(columns)))
        for place, member in enumerate(members, 1):
            rows.extend(_unit_block(one, member, place, sources.get(member.unit.code), with_detail))
    return Table(
        title=form.title,
        columns=tuple(columns),
        rows=tuple(rows),
        subtitles=head.subtitles,
        left=head.left,
        right=head.right,
        above=(form.unit_line,) if form.unit_line else (),
        notes=((copy("units.kept_rows"),) if with_detail else ()) + (*sentences(one.coverage), copy("foot.signs")),
        is_signed=not with_detail,
    )


def _unit_block(
    one: Totals, member: Expected, place: int, source: Source | None, with_detail: bool
) -> Iterator[TableRow]:
    """The unit's line of totals, and folded under it the lines it is made of."""
    total = next((row.row for row in one.rows if row.row.kind is RowKind.TOTAL), None)
    figures = [_own_cell(one, member, source, total, column.code) for column in one.view.columns]
    yield TableRow((text_cell(str(place), Align.CENTRE), text_cell(member.unit.name), *figures))
    if not with_detail or source is None:
        return
    for row in (held.row for held in one.rows if held.row.code in member.rows.open_rows):
        if row.kind is RowKind.DATA:
            cells = [_own_cell(one, member, source, row, column.code) for column in one.view.columns]
            yield TableRow((EMPTY, text_cell(row.label), *cells), RowStyle.DETAIL, 1, row.code)


def _own_cell(one: Totals, member: Expected, source: Source | None, row: Row | None, column: str) -> Cell:
    """An input as it went into the sum; what the unit's own workbook computed is taken from its version."""
    if row is None or source is None:
        return Cell(tone=Tone.OWED)
    spec = one.view.cells[CellKey(row.code, column)]
    if spec.kind is CellKind.INPUT:
        return _contribution_cell(one, member, spec)
    value = source.values.get(spec.key)
    if value is None:
        return number_cell(State.NIL, None, 0) if source.kind is SourceKind.NIL else EMPTY
    if spec.kind is CellKind.NOTE:
        return text_cell(value.text or "")
    number = value.number if value.state is not State.ZERO else Decimal(0)
    return number_cell(value.state, _in_province_measure(number, row, spec, one), spec.decimals)


def _in_province_measure(number: Decimal | None, row: Row, spec: CellSpec, one: Totals) -> Decimal | None:
    measures = one.view.definitions.measures
    if number is None or spec.measure != row.measure or not row.commune_measure or row.commune_measure == row.measure:
        return number
    factor: Fraction = measures[row.commune_measure].factor / measures[row.measure].factor
    return number * factor.numerator / factor.denominator
