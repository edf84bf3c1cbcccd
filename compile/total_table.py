"""The province's table of a form in its official layout."""

from __future__ import annotations

from collections.abc import Iterator

from compile.coverage import copy, names, sentences
from compile.geometry import first_body_row
from compile.head import form_head
from compile.model import CompileInput
from compile.tables import (
    EMPTY,
    Align,
    Cell,
    Reckoned,
    RowStyle,
    SameAs,
    SumOf,
    Table,
    TableColumn,
    TableRow,
    number_cell,
    text_cell,
)
from compile.totals import ADDED, NOTHING, SPOKEN, CellTotal, RowTotal, Totals
from compile.unit_table import is_matrix
from registry.catalogue.model import CellKind, Column, ProvinceValue, RowKind
from registry.catalogue.row_names import plain_label
from registry.catalogue.values import CellKey, Nature
from registry.periods.row_windows import footnote
from registry.rules.needs import needs

NATURE_MARKS = {
    Nature.ESTIMATE: copy("nature.estimate"),
    Nature.PRELIMINARY: copy("nature.preliminary"),
    Nature.OFFICIAL: copy("nature.official"),
}
_BASES = (CellKind.SAME_PERIOD, CellKind.CUMULATIVE_SAME_PERIOD, CellKind.PREVIOUS)
_LABEL_WIDTHS = (6.0, 44.0, 11.0)
_STYLES = {RowKind.SECTION: RowStyle.SECTION, RowKind.TOTAL: RowStyle.TOTAL, RowKind.DATA: RowStyle.DATA}
_NAMED = 6  # rows a note names before it counts the others
WIDE = 13  # figure and note columns that still fit on A4 across


def total_table(one: Totals, order: CompileInput, with_coverage: bool) -> Table:
    """One line per row of the form; ``with_coverage`` adds the column saying who stands behind each line."""
    head = form_head(one.view.form, order)
    columns = _label_columns(one) + [_figure_column(column) for column in one.view.columns]
    if with_coverage:
        columns.append(TableColumn((copy("coverage.heading"),), "", 32))
    marks = _marks(one, with_official=with_coverage)
    return Table(
        title=head.title,
        columns=tuple(columns),
        rows=tuple(_row(row, number, one, with_coverage, marks) for row, number in _numbered(one)),
        subtitles=head.subtitles,
        left=head.left,
        right=head.right,
        above=(one.view.form.unit_line,) if one.view.form.unit_line else (),
        notes=_notes(one, order, copy("foot.natures" if with_coverage else "foot.exceptions") if marks else ""),
        labels=len(_label_columns(one)),
        paper="A3" if len(one.view.columns) > WIDE else one.view.form.paper,
        is_signed=True,
    )


def _label_columns(one: Totals) -> list[TableColumn]:
    form = one.view.form
    headings = form.label_headings[: _label_count(one)]
    return [
        TableColumn((heading,), letter, width)
        for heading, letter, width in zip(headings, form.letters, _LABEL_WIDTHS, strict=False)
    ]


def _label_count(one: Totals) -> int:
    return 2 if one.view.form.unit_line else 3


def _figure_column(column: Column) -> TableColumn:
    return TableColumn(column.path, column.number, 24 if column.kind is CellKind.NOTE else column.width)


def _numbered(one: Totals) -> Iterator[tuple[RowTotal, str]]:
    """A matrix's rows are numbered anew: each unit's own form numbers only the rows it has."""
    count = 0
    for row in one.rows:
        if not is_matrix(one.view.form) or row.row.kind is not RowKind.DATA:
            yield row, row.row.number
        else:
            count += 1
            yield row, str(count)


def _row(row: RowTotal, number: str, one: Totals, with_coverage: bool, marks: dict[CellKey, str]) -> TableRow:
    labels = [
        text_cell(number, Align.CENTRE),
        text_cell(row.row.label),
        text_cell(row.row.measure, Align.CENTRE),
    ][: _label_count(one)]
    if row.row.kind is RowKind.SECTION:
        figures = [EMPTY] * len(one.view.columns)
    else:
        figures = [_cell(row, one, CellKey(row.row.code, column.code), marks) for column in one.view.columns]
    if with_coverage:
        figures.append(text_cell(_standing(row, one)))
    return TableRow(tuple(labels + figures), _STYLES[row.row.kind], row.row.indent, row.row.code)


def _cell(row: RowTotal, one: Totals, key: CellKey, marks: dict[CellKey, str]) -> Cell:
    spec = one.view.cells[key]
    total = one.cells.get(key, NOTHING)
    if spec.kind is CellKind.CLOSED:
        return Cell("x", align=Align.CENTRE)
    if spec.kind is CellKind.NOTE:
        return text_cell(_note(row, one, key))
    link: SumOf | SameAs | Reckoned | None = None
    if spec.kind is CellKind.COMPUTED and spec.formula and key not in one.incomparable:
        link = Reckoned(key)
    elif spec.kind is CellKind.INPUT and total.contributors:
        if row.row.province_value in ADDED:
            link = SumOf(key, row.row.province_value is ProvinceValue.COMMUNES)
        else:
            link = SameAs(total.contributors[0], key)
    mark = marks.get(key, "") or _less_covered(row, total)
    return number_cell(total.state, total.number, spec.decimals, link=link, mark=mark)


def _less_covered(row: RowTotal, total: CellTotal) -> str:
    """``(96/102)`` of a figure that others are missing from than from the rest of its line."""
    said = total.coverage.text if total.coverage and total.is_partial else ""
    is_known = not said or (row.coverage is not None and row.coverage.text == said)
    return "" if is_known else f"({said})"


def _note(row: RowTotal, one: Totals, key: CellKey) -> str:
    """The speaking agency's own note; of a sum, how complete it is when it is not."""
    parts = []
    if row.supplier is not None:
        source = next((held for held in one.form_input.sources if held.unit.code == row.supplier.code), None)
        value = source.values.get(key) if source else None
        parts.append((value.text or "").strip() if value else "")
    if row.coverage and row.is_partial:
        level = "" if row.of_communes else "_all"
        parts.append(copy(f"coverage.short_missing{level}", have=row.coverage.text))
    return "; ".join(part for part in parts if part)


def _standing(row: RowTotal, one: Totals) -> str:
    """The same, with how many of its figures are of reopened units ("tạm")."""
    tentative = {unit.code for unit in one.coverage.provisional}
    given = {unit for key, total in one.cells.items() if key.row == row.row.code for unit in total.contributors}
    count = len(given & tentative) if tentative else 0
    return copy("coverage.tentative", standing=standing(row), count=count) if count else standing(row)


def figure_places(one: Totals, table: Table) -> dict[CellKey, tuple[int, int]]:
    """Where the figures of `total_table` stand on its sheet: row and column, 0-based."""
    top, first = first_body_row(table), _label_count(one)
    return {
        CellKey(row.row.code, column.code): (at, place)
        for at, row in enumerate(one.rows, top)
        if row.row.kind is not RowKind.SECTION
        for place, column in enumerate(one.view.columns, first)
    }


def standing(row: RowTotal) -> str:
    """Who stands behind a line: ``Σ 97/102 xã, phường``, ``Sở Công Thương``, ``Chưa có: Thống kê tỉnh``."""
    if row.coverage is None or not row.coverage.expected:
        return ""
    if row.row.province_value in SPOKEN:
        if row.supplier is not None:
            return copy("coverage.agency", name=row.supplier.name)
        return copy("coverage.agency_missing", name=names(row.coverage.missing))
    key = "coverage.communes" if row.of_communes else "coverage.all"
    return copy(key, have=row.coverage.text)


def _marks(one: Totals, with_official: bool) -> dict[CellKey, str]:
    """The nature of the bases comparisons lean on (F3); the expected one, official, only on demand."""
    from registry.rules.lookup import lookup

    marks = {}
    for key, spec in one.view.cells.items():
        if spec.kind in _BASES and spec.series is not None:
            nature = lookup(one.context, spec)[1]
            if nature is not None and (with_official or nature is not Nature.OFFICIAL):
                marks[key] = NATURE_MARKS[nature]
    return marks


def _notes(one: Totals, order: CompileInput, natures: str) -> tuple[str, ...]:
    has_plans = any(spec.kind is CellKind.PLAN for spec in one.view.cells.values())
    plans = _plans(order) if has_plans else ""
    windows = footnote((row for row, _ in one.view.rows), one.context.period)
    reviewed = copy("document.reviewed") if order.regime.counts_reviewed else ""
    return (
        *filter(None, (reviewed,)),
        *sentences(one.coverage),
        copy("foot.signs"),
        *filter(None, (natures, windows, plans, _too_few(one, order))),
    )


def _too_few(one: Totals, order: CompileInput) -> str:
    """The rows held against nothing because only some units gave what they would be held against."""
    asked = needs(one.view, order.period, order.regime.frequency)
    worst: dict[tuple[str, str], tuple[int, int]] = {}
    for need in sorted(asked & order.partial_bases.keys(), key=lambda need: order.partial_bases[need]):
        worst.setdefault((need.series.indicator, need.series.members), order.partial_bases[need])
    by_row = {
        key.row: worst[spec.series.indicator, spec.series.members]
        for key, spec in one.view.cells.items()
        if spec.series and (spec.series.indicator, spec.series.members) in worst
    }
    named = [
        copy("foot.too_few_of", label=plain_label(held.row.label), have=have, all=of)
        for held in one.rows
        for have, of in [by_row.get(held.row.code, (0, 0))]
        if of
    ]
    if not named:
        return ""
    rest = copy("foot.too_few_more", n=len(named) - _NAMED) if len(named) > _NAMED else ""
    return copy("foot.too_few", rows="; ".join(named[:_NAMED]) + rest)


def _plans(order: CompileInput) -> str:
    """The decisions whose plans the report is held against (F6): a mid-year adjustment stands last."""
    named = [plan.document or copy("foot.plan_form", form=plan.form, unit=plan.unit) for plan in order.plans]
    return copy("foot.plans", documents="; ".join(named)) if named else ""
