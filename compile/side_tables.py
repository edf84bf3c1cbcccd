"""The tables beside the totals: reconciliation, sources, who is missing, timeliness, explanations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal

from compile.compiled import Compiled
from compile.coverage import copy
from compile.head import stamp, subtitles
from compile.model import Source
from compile.tables import (
    EMPTY,
    Align,
    Cell,
    Minus,
    PercentOf,
    RowStyle,
    SameAs,
    SumOf,
    Table,
    TableColumn,
    TableRow,
    number_cell,
    text_cell,
)
from compile.timeliness import Standing, standings, summaries
from compile.totals import CellTotal, Difference, Totals
from registry.catalogue.values import CellKey, State
from registry.workflow.timeliness import Arrival
from vietnamese.dates import format_date
from vietnamese.numbers import format_number

_PERCENT_DECIMALS = 2
MOST_LINKS = 60_000  # of the 65,530 Excel allows a sheet


def _columns(room: str, *columns: tuple[tuple[str, ...], float]) -> tuple[TableColumn, ...]:
    return tuple(TableColumn(tuple(copy(f"{room}.{key}") for key in path), "", width) for path, width in columns)


def _table(
    room: str, columns: tuple[TableColumn, ...], rows: Iterable[TableRow], report: Compiled, title: str = ""
) -> Table:
    held = tuple(rows)
    return Table(
        title=title or copy(f"{room}.title"),
        columns=columns,
        rows=held,
        subtitles=subtitles(report.order),
        notes=() if held else (copy(f"{room}.none"),),
    )


# --- reconciliation --------------------------------------------------------------------------------------------------

_OFFICIAL, _OTHER = 5, 7  # places of the two figures in a line


def difference_table(one: Totals, report: Compiled) -> Table:
    """ngành⇄Σxã, and second agencies: the two accounts side by side, with what lies between."""
    columns = _columns(
        "differences",
        (("ordinal",), 7),
        (("row",), 44),
        (("measure",), 11),
        (("column",), 22),
        (("official", "agency"), 30),
        (("official", "figure"), 14),
        (("other", "other_source"), 28),
        (("other", "figure"), 14),
        (("gap", "absolute"), 14),
        (("gap", "percent"), 10),
        (("verdict",), 28),
    )
    table = _table("differences", columns, (_difference_row(one, gap) for gap in one.differences), report)
    tolerance = format_number(one.form_input.tolerance)
    return replace(table, subtitles=(*table.subtitles, copy("differences.subtitle", tolerance=tolerance)))


def _difference_row(one: Totals, gap: Difference) -> TableRow:
    row = next(held.row for held in one.rows if held.row.code == gap.key.row)
    column = next(held for held in one.view.columns if held.code == gap.key.column)
    spec = one.view.cells[gap.key]
    decimals = spec.decimals
    return TableRow(
        (
            text_cell(row.number, Align.CENTRE),
            text_cell(row.label.lstrip("–-+ ")),
            text_cell(spec.measure, Align.CENTRE),
            text_cell(column.path[-1]),
            text_cell(gap.agency.name if gap.agency else ""),
            _account(gap.official, decimals, _same_as(gap.official, gap)),
            text_cell(_other_source(gap)),
            _account(gap.other, decimals, _other_link(gap)),
            _gap(gap.difference, decimals, Minus(_OFFICIAL, _OTHER)),
            _gap(gap.percent, _PERCENT_DECIMALS, PercentOf(8, _OFFICIAL)),
            text_cell(copy(f"differences.{verdict(gap)}")),
        )
    )


def verdict(gap: Difference) -> str:
    """within | beyond | incomplete | no_official | no_other: the copy deck's word for a difference."""
    if gap.official.number is None:
        return "no_official"
    if gap.other.number is None:
        return "no_other"
    return {None: "incomplete", True: "within", False: "beyond"}[gap.is_within]


def _account(total: CellTotal, decimals: int, link: SumOf | SameAs | None) -> Cell:
    return number_cell(total.state, total.number, decimals, link=link)


def _same_as(total: CellTotal, gap: Difference) -> SameAs | None:
    return SameAs(total.contributors[0], gap.key) if total.contributors else None


def _other_link(gap: Difference) -> SumOf | SameAs | None:
    return _same_as(gap.other, gap) if gap.other_unit else SumOf(gap.key, communes_only=True)


def _other_source(gap: Difference) -> str:
    if gap.other_unit is not None:
        return gap.other_unit.name
    return copy("differences.communes", have=gap.other.coverage.text if gap.other.coverage else "")


def _gap(number: Decimal | None, decimals: int, link: Minus | PercentOf) -> Cell:
    return EMPTY if number is None else number_cell(State.VALUE, number, decimals, link=link)


# --- sources ---------------------------------------------------------------------------------------------------------


def source_tables(report: Compiled) -> list[Table]:
    """Every counted version: number, file and hash, who submitted and approved it, and when; one link each to where
    it is shown (a sheet holds no more than Excel takes links).
    """
    columns = _columns(
        "sources",
        (("ordinal",), 6),
        (("unit",), 30),
        (("form",), 12),
        (("version",), 10),
        (("kind",), 22),
        (("upload",), 12),
        (("file",), 40),
        (("sha",), 66),
        (("submitted", "who"), 24),
        (("submitted", "when"), 18),
        (("approved", "who"), 24),
        (("approved", "when"), 18),
        (("state",), 36),
        *(((("link",), 16),) if report.order.public_url else ()),
    )
    held = [(one.view.form.code, source) for one in report.totals for source in one.form_input.sources]
    order = {unit.code: place for place, unit in enumerate(report.order.reporters)}
    held.sort(key=lambda pair: (order.get(pair[1].unit.code, len(order)), pair[0]))
    rows = [_source_row(place, form, source, report.order.public_url) for place, (form, source) in enumerate(held, 1)]
    parts = [rows[start : start + MOST_LINKS] for start in range(0, max(len(rows), 1), MOST_LINKS)]
    return [replace(_table("sources", columns, part, report), paper="A3") for part in parts]


def _source_row(place: int, form: str, source: Source, public_url: str) -> TableRow:
    texts = (
        source.unit.name,
        form,
        str(source.version_no),
        copy(f"source_kind.{source.kind.value}"),
        "" if source.upload_id is None else str(source.upload_id),
        source.file_name,
        source.file_sha,
        source.submitted_by,
        stamp(source.submitted_at),
        source.approved_by,
        stamp(source.approved_at),
        "; ".join(_notes(source)),
    )
    link = (Cell(copy("sources.see"), url=f"{public_url}/nguon/{source.version_id}"),) if public_url else ()
    return TableRow((text_cell(str(place), Align.CENTRE), *(text_cell(text) for text in texts), *link))


def _notes(source: Source) -> Iterator[str]:
    if source.provisional:
        yield copy("sources.provisional")
    if source.closed_at:
        yield copy("sources.closed", at=stamp(source.closed_at))
    if source.lender:
        yield copy("sources.lender", name=source.lender)
    if source.by_document:
        number, dated = source.by_document
        yield copy("sources.by_document", number=number, day=format_date(dated))
    if source.own_entry:
        yield copy("sources.own_entry")


# --- who is missing, who came when -----------------------------------------------------------------------------------


def missing_table(report: Compiled) -> Table:
    """Reporters of whom some form has not come in, with the number to ring."""
    columns = _columns(
        "missing",
        (("ordinal",), 6),
        (("unit",), 34),
        (("forms",), 34),
        (("due",), 26),
        (("state",), 30),
        (("phone",), 22),
    )
    lacking = [row for row in standings(report) if row.missing]
    rows = (
        TableRow(
            (
                text_cell(str(place), Align.CENTRE),
                text_cell(row.unit.name),
                text_cell(", ".join(row.missing)),
                text_cell(stamp(row.due_at) if row.due_at else ""),
                text_cell(row.words),
                text_cell(row.unit.phone),
            )
        )
        for place, row in enumerate(lacking, 1)
    )
    return _table("missing", columns, rows, report)


def timeliness_table(report: Compiled) -> Table:
    """Phụ lục: every reporter, when it was due, when it sent, and how that is called."""
    columns = _columns(
        "timeliness",
        (("ordinal",), 6),
        (("unit",), 40),
        (("forms",), 16),
        (("narrative",), 10),
        (("due",), 20),
        (("sent",), 20),
        (("result",), 56),
    )
    all_rows = standings(report)
    lines: list[TableRow] = []
    for key, is_commune in (("group.agencies", False), ("group.communes", True)):
        members = [row for row in all_rows if row.unit.kind.is_commune == is_commune]
        if members:
            lines.append(TableRow((EMPTY, text_cell(copy(key)), *([EMPTY] * 5)), RowStyle.GROUP))
            lines += [_standing_row(place, row) for place, row in enumerate(members, 1)]
    return Table(copy("timeliness.title"), columns, tuple(lines), subtitles(report.order), notes=summaries(all_rows))


def _standing_row(place: int, row: Standing) -> TableRow:
    texts = (
        (row.unit.name, Align.LEFT),
        (", ".join(row.forms_counted), Align.CENTRE),
        (copy("timeliness.has_narrative") if row.has_narrative else "", Align.CENTRE),
        (stamp(row.due_at) if row.due_at else "", Align.CENTRE),
        (stamp(row.sent_at) if row.sent_at else "", Align.CENTRE),
        (row.words, Align.LEFT),
    )
    style = RowStyle.TOTAL if row.arrival is Arrival.MISSING else RowStyle.DATA
    return TableRow((text_cell(str(place), Align.CENTRE), *(text_cell(text, align) for text, align in texts)), style)


# --- what changed ---------------------------------------------------------------------------------------------------


def change_table(report: Compiled) -> Table | None:
    """So với bản trước: every figure that is not what it was; None where there was no version before."""
    before = report.order.before
    if before is None:
        return None
    columns = _columns(
        "changes",
        (("ordinal",), 6),
        (("form",), 12),
        (("unit",), 30),
        (("row",), 46),
        (("column",), 28),
        (("old",), 16),
        (("new",), 16),
        (("why",), 48),
    )
    rows = (
        TableRow(
            (
                text_cell(str(place), Align.CENTRE),
                *(text_cell(text) for text in (one.form, one.unit, one.row, one.column)),
                *(text_cell(text, Align.RIGHT) for text in (one.old, one.new)),
                text_cell(one.why),
            )
        )
        for place, one in enumerate(report.changes, 1)
    )
    return replace(_table("changes", columns, rows, report, changed_since(report)), paper="A3")


def changed_since(report: Compiled) -> str:
    """The title of what changed since the version a report is held against."""
    before = report.order.before
    return copy("changes.title", against=before.label.upper()) if before is not None else ""


# --- explanations ----------------------------------------------------------------------------------------------------


def explanation_table(report: Compiled) -> Table | None:
    """What units said about their warnings; None when nobody had to."""
    columns = _columns(
        "explanations",
        (("ordinal",), 6),
        (("unit",), 30),
        (("form",), 12),
        (("row",), 40),
        (("column",), 24),
        (("rule",), 28),
        (("text",), 70),
    )
    rows: list[TableRow] = []
    for one in report.totals:
        labels = {row.row.code: row.row.label for row in one.rows}
        lists = one.view.form.lists
        labels |= {table.code: table.title for table in lists}
        columns_of = (*one.view.form.columns, *(column for table in lists for column in table.columns))
        headings = {column.code: column.path[-1] for column in columns_of}
        for source in one.form_input.sources:
            for said in source.explanations:
                texts = (
                    source.unit.name,
                    one.view.form.code,
                    _place(said.cell, labels) if said.cell else "",
                    headings.get(said.cell.column, said.cell.column) if said.cell else "",
                    _reason(said.rule),
                    said.text,
                )
                number = text_cell(str(len(rows) + 1), Align.CENTRE)
                rows.append(TableRow((number, *(text_cell(text) for text in texts))))
    return _table("explanations", columns, rows, report) if rows else None


def _place(cell: CellKey, labels: Mapping[str, str]) -> str:
    """The row; of a list its title and the line."""
    label = labels.get(cell.row, cell.row)
    return label if cell.line is None else copy("explanations.line", title=label, n=cell.line)


def _reason(code: str) -> str:
    """What was explained, in words; a rule is known by its code."""
    key = f"explanations.of.{code}"
    return copy(key) if key in copy else code
