"""The lines of list tables (biểu danh sách): each computed and checked as a form of one row.

Outside, a cell of a line is ``CellKey(list, column, n)``; inside, the one row of ``View.lists[list]``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from functools import reduce
from pathlib import Path

from registry.catalogue.forms import CellSpec, View
from registry.catalogue.model import CellKind, RowNature, Rule
from registry.catalogue.values import BLANK, CellKey, CellValue, State
from registry.catalogue.words import written
from registry.findings import Finding
from registry.rules import exact
from registry.rules.background import LineKey
from registry.rules.context import Context
from registry.rules.evaluate import check, compute
from registry.rules.parse import parse
from registry.rules.tree import is_additive
from vietnamese.copydeck import deck
from vietnamese.numbers import format_number

_copy = deck(Path(__file__).parent / "copy.toml")
_LONGEST_NAME = 60

Line = dict[CellKey, CellValue]
"""The cells of one line by the keys of its view."""


def lines_of(values: Mapping[CellKey, CellValue]) -> dict[str, dict[int, Line]]:
    """The lines among values, by list and number, in order."""
    found: dict[str, dict[int, Line]] = defaultdict(dict)
    for key, value in values.items():
        if key.line is not None:
            found[key.row].setdefault(key.line, {})[key._replace(line=None)] = value
    return {table: dict(sorted(lines.items())) for table, lines in found.items()}


def as_line(n: int, line: Mapping[CellKey, CellValue]) -> Line:
    """The cells of a line as the submission keeps them."""
    return {key._replace(line=n): value for key, value in line.items()}


def key_of(view: View, line: Mapping[CellKey, CellValue]) -> LineKey:
    """The key of a line as compared: no case, single spaces; accents tell lines apart."""
    return tuple(_compared(line.get(CellKey(view.table, one.code), BLANK)) for one in view.columns if one.key)


def _compared(value: CellValue) -> str:
    text = value.text if value.number is None else f"{value.number.normalize():f}"
    return " ".join((text or "").casefold().split())


def name_of(view: View, n: int, line: Mapping[CellKey, CellValue]) -> str:
    """What a person calls a line: "dòng 3 (7654321 · Ngân sách tỉnh)"."""
    named = key_words(view, line)
    return _copy("line.named", n=n, name=named) if named else _copy("line.bare", n=n)


def key_words(view: View, line: Mapping[CellKey, CellValue]) -> str:
    """The key of a line as people read it: "7654321 · Ngân sách tỉnh"."""
    keys = [CellKey(view.table, one.code) for one in view.columns if one.key]
    words = [_words(view, key, line.get(key, BLANK)) for key in keys]
    named = " · ".join(word for word in words if word)
    return named if len(named) <= _LONGEST_NAME else named[: _LONGEST_NAME - 1].rstrip() + "…"


def _words(view: View, key: CellKey, value: CellValue) -> str:
    number = value.number
    return format_number(number) if number is not None else written(view, view.cells[key], value)


def of_line(context: Context, table: str, line: Mapping[CellKey, CellValue]) -> Context:
    """Where the formulas of a line stand: its view, and what other periods say of the line with its key."""
    view = context.view.lists[table]
    return replace(context, view=view, background=context.lines.of(table, key_of(view, line)))


def compute_lines(context: Context, inputs: Mapping[CellKey, CellValue]) -> dict[CellKey, CellValue]:
    """Every cell of every line whose typed cells are among ``inputs``, in shown measures."""
    values: dict[CellKey, CellValue] = {}
    for table, lines in lines_of(inputs).items():
        for n, line in lines.items():
            values |= as_line(n, compute(of_line(context, table, line), line))
    return values


def check_lines(context: Context, rules: Iterable[Rule], values: Mapping[CellKey, CellValue]) -> Iterator[Finding]:
    """What the rules of the lists say of computed lines; ``values`` of a finding name the line too."""
    by_table: dict[str, list[Rule]] = defaultdict(list)
    for rule in rules:
        by_table[rule.table].append(rule)
    for table, lines in lines_of(values).items():
        for n, line in lines.items():
            for found in check(of_line(context, table, line), by_table.get(table, ()), line):
                yield in_line(found, context.view.lists[table], n, line)


def in_line(found: Finding, view: View, n: int, line: Mapping[CellKey, CellValue]) -> Finding:
    """A finding of the one row as a finding of a line."""
    return replace(found, row=name_of(view, n, line), values=(*found.values, ("line", str(n))))


def adds_up(view: View, spec: CellSpec) -> bool:
    """True for a figure whose sum over the lines means something: no ratio, no index, nothing divided."""
    if not spec.kind.is_figure or spec.series is None:
        return False
    nature = view.definitions.indicators[spec.series.indicator].nature
    if spec.measure in _POINTS or nature in (RowNature.RATIO, RowNature.INDEX):
        return False
    return spec.kind is not CellKind.COMPUTED or (bool(spec.formula) and is_additive(parse(spec.formula)))


def totalled(view: View) -> dict[CellKey, CellSpec]:
    """The cells of a line that have a total: sums, and what formulas make of sums."""
    return {key: spec for key, spec in view.cells.items() if adds_up(view, spec) or spec.formula}


_POINTS = ("%", "điểm %", "‰")


def sums(view: View, values: Mapping[CellKey, CellValue]) -> Line:
    """The sum over the lines of every column that adds up, in shown measures; one nobody filled is left out.

    A sum of nothing but không phát sinh is không phát sinh.
    """
    found: Line = {}
    lines = lines_of(values).get(view.table, {}).values()
    for key, spec in view.cells.items():
        if adds_up(view, spec):
            given = [value for line in lines if (value := line.get(key, BLANK)).state.is_number]
            if given:
                found[key] = _sum(given)
    return found


def _sum(given: list[CellValue]) -> CellValue:
    total = reduce(exact.add, (value.amount or Decimal(0) for value in given))
    if all(value.state is State.NIL for value in given):
        return CellValue(State.NIL)
    return CellValue(State.VALUE if total else State.ZERO, total)


def totals(context: Context, table: str, values: Mapping[CellKey, CellValue]) -> Line:
    """The line of totals: sums, and what the list's formulas make of them (a ratio of sums)."""
    line = replace(context, view=context.view.lists[table])
    added = sums(line.view, values)
    reckoned = compute(line, added)
    computed = {key: reckoned[key] for key, spec in line.view.cells.items() if spec.formula and key not in added}
    return {key: value for key, value in (added | computed).items() if value.state is not State.BLANK}
