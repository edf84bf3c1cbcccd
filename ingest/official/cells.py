"""Cells that differ from their column: formulas of the sheet itself, totals, closed cells."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from ingest.official.doubts import Doubts, Target
from ingest.official.formula import Ground, NotOurs
from ingest.official.paper import At
from ingest.official.rows import Line
from ingest.official.table import HeadColumn, Table
from ingest.official.words import CLOSED
from registry.catalogue.model import CellKind, CellRule, Column, Form, Row, RowKind, RowNature
from vietnamese.fold import fold

Formulas = Mapping[At, str]  # by cell of the sheet, in the rule language
_STANDING = frozenset({RowNature.POINT, RowNature.INDEX, RowNature.RATIO})
_MOST_ADDED = 40  # rows a total adds up one by one


def formulas_of(
    table: Table, lines: Sequence[Line], figures: Sequence[HeadColumn], ground: Ground, doubts: Doubts
) -> Formulas:
    """The formulas of the table's cells; one the language has no words for is doubted once a column."""
    found: dict[At, str] = {}
    doubted: set[int] = set()
    for place, head in enumerate(figures):
        shared = ""
        for line in lines:
            at = (line.row, head.column)
            ink = table.paper.inks.get(at)
            written = ink.cell.formula if ink else None
            if written is None:
                continue
            try:
                text = ground.translated(written, *at) if written else shared
            except NotOurs:
                if head.column not in doubted:
                    target = Target("columns", place, "formula")
                    doubts.add("official-formula-foreign", at, target, found=written[:200])
                doubted.add(head.column)
                continue
            if text:
                found[at] = text
            shared = text if text and "[" not in text else ""
    return found


def down_the_column(formulas: Formulas, lines: Sequence[Line], column: int, table: Table) -> str:
    """The formula that at least half of a column's open lines have, "" when none has."""
    rows = [line.row for line in lines if line.kind is RowKind.DATA and not _is_closed(table, line.row, column)]
    counted = Counter(text for row in rows if (text := formulas.get((row, column))) and "[" not in text)
    formula, count = counted.most_common(1)[0] if counted else ("", 0)
    return formula if count * 2 >= len(rows) else ""


def not_summed(columns: Sequence[Column], natures: Collection[RowNature]) -> tuple[CellRule, ...]:
    """Columns that add up a year's periods are closed where figures stand for their moment alone."""
    summing = frozenset(one.code for one in columns if "LŨY_KẾ(" in one.formula)
    standing = frozenset(natures) & _STANDING
    return (CellRule(summing, standing, kind=CellKind.CLOSED),) if summing and standing else ()


def _is_closed(table: Table, row: int, column: int) -> bool:
    return fold(table.paper.text(row, column)) in CLOSED


def rules_of(
    table: Table,
    lines: Sequence[Line],
    rows: Sequence[Row],
    pairs: Sequence[tuple[Column, HeadColumn]],
    formulas: Formulas,
    kept: Sequence[CellRule],
    doubts: Doubts,
) -> tuple[CellRule, ...]:
    """The exceptions of a form's cells, cells alike in one rule; those ``kept`` from its last version come first."""
    closed: dict[str, set[str]] = {}
    computed: dict[tuple[str, str, bool], set[str]] = {}
    for line, row in zip(lines, rows, strict=True):
        if row.kind is RowKind.SECTION:
            continue
        for column, head in pairs:
            own = formulas.get((line.row, head.column), "")
            if row.kind is RowKind.DATA and _is_closed(table, line.row, head.column):
                closed.setdefault(row.code, set()).add(column.code)
            elif own and own != column.formula:
                keep = row.kind is RowKind.DATA and column.kind is CellKind.INPUT
                computed.setdefault((row.code, own, keep), set()).add(column.code)
    said = {row for row, _, _ in computed} | {row for rule in kept for row in rule.rows}
    totals = _guessed_totals(lines, rows, [column for column, _ in pairs], said, doubts)
    shut = [CellRule(columns, rows=of, kind=CellKind.CLOSED) for columns, of in _alike(closed.items())]
    made = [
        CellRule(frozenset(columns), rows=frozenset({row}), kind=CellKind.COMPUTED, formula=formula, keep=keep or None)
        for (row, formula, keep), columns in computed.items()
    ]
    return tuple(dict.fromkeys((*kept, *shut, *made, *totals)))


def kept_of(form: Form, rows: set[str], columns: set[str]) -> tuple[CellRule, ...]:
    """The exceptions of a form's last version, for the rows and columns that are still there."""
    kept = []
    for rule in form.cell_rules:
        left = replace(rule, columns=rule.columns & columns, rows=rule.rows & rows)
        if left.columns and (left.rows or not rule.rows):
            kept.append(left)
    return tuple(kept)


def _alike(cells: Iterable[tuple[str, set[str]]]) -> list[tuple[frozenset[str], frozenset[str]]]:
    """Rows with the same columns together."""
    grouped: dict[frozenset[str], set[str]] = {}
    for row, columns in cells:
        grouped.setdefault(frozenset(columns), set()).add(row)
    return [(columns, frozenset(of)) for columns, of in grouped.items()]


def _guessed_totals(
    lines: Sequence[Line],
    rows: Sequence[Row],
    columns: Sequence[Column],
    said: set[str],
    doubts: Doubts,
) -> list[CellRule]:
    """A total nothing is said of adds up the lines it stands below, or above when it is the first."""
    added = frozenset(one.code for one in columns if one.kind not in _NOT_ADDED and "/" not in one.formula)
    rules: list[CellRule] = []
    for place, row in enumerate(rows):
        if row.kind is RowKind.TOTAL and row.code not in said and added:
            formula = _sum(_parts(rows, place))
            if formula:
                doubts.add(
                    "official-row-total", lines[place].at, Target("rows", place, "kind"), row=row.label, found=formula
                )
                rules.append(CellRule(added, rows=frozenset({row.code}), kind=CellKind.COMPUTED, formula=formula))
    return rules


_NOT_ADDED = (CellKind.NOTE, CellKind.TEXT, CellKind.CHOICE, CellKind.DATE, CellKind.UNIT, CellKind.CLOSED)


def _parts(rows: Sequence[Row], place: int) -> list[Row]:
    """The lines a total adds up: all of them when it is the only total, else those since the last one."""
    totals = [n for n, row in enumerate(rows) if row.kind is RowKind.TOTAL]
    data = range(len(rows))
    if len(totals) > 1:
        before = max((n for n in totals if n < place), default=-1)
        after = min((n for n in totals if n > place), default=len(rows))
        data = range(before + 1, place) if before + 1 < place else range(place + 1, after)
    return [rows[n] for n in data if rows[n].kind is RowKind.DATA]


def _sum(parts: Sequence[Row]) -> str:
    if not parts:
        return ""
    top = min(row.indent for row in parts)
    highest = [row for row in parts if row.indent == top]
    if len(highest) == len(parts) and len(parts) > 1:
        return f"SUM([{parts[0].code}]:[{parts[-1].code}])"
    return " + ".join(f"[{row.code}]" for row in highest) if len(highest) <= _MOST_ADDED else ""
