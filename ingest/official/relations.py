"""Checks a form states itself: "Trong đó" lines and columns, equations in the remarks below the table."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from ingest.official.codes import Codes
from ingest.official.doubts import Doubts, Target
from ingest.official.formula import NotOurs, of_hint
from ingest.official.paper import At
from ingest.official.words import PART_OF, bare
from registry.catalogue.model import CellKind, Column, Form, Row, RowKind, Rule, RuleLevel
from vietnamese.copydeck import deck
from vietnamese.fold import fold

_copy = deck(Path(__file__).parent / "copy.toml")
_RELATION = re.compile(
    r"(?:^|[;:,.]\s*)(?P<left>\(?\d{1,3}\)?(?:\s*[+\-–]\s*\(?\d{1,3}\)?){0,20})\s*(?P<sign><=|>=|≤|≥|=)\s*(?P<right>[\d()+\-–−*/xX×\s]{1,200}?)\s*(?=$|[;,.])"
)
_SIGNS = {"≤": "<=", "≥": ">="}


def rules_of(
    form: Form, remarks: Sequence[tuple[At, str]], taken: Mapping[str, str], doubts: Doubts
) -> tuple[Rule, ...]:
    """The rules a form states; ``taken`` holds the formulas of rules the form has already, by code."""
    codes = Codes(taken)
    columns = form.lists[0].columns if form.lists else form.columns
    table = form.lists[0].code if form.lists else ""
    known = set(taken.values())
    rules: list[Rule] = []
    stated = [*_parts_of_rows(form.rows), *_parts_of_columns(columns), *_relations(remarks, columns)]
    for formula, message, at in stated:
        if formula in known:
            continue
        known.add(formula)
        code = codes.numbered("R")
        doubts.add("official-rule-proposed", at, Target("rules", len(rules), "formula"), found=formula)
        rules.append(Rule(code, form.code, formula, RuleLevel.WARNING, message, _copy("rule.fix"), table=table))
    return tuple(rules)


def _parts_of_rows(rows: Sequence[Row]) -> Iterator[tuple[str, str, At | None]]:
    for above, row in itertools.pairwise(rows):
        both = above.kind is row.kind is RowKind.DATA and above.measure == row.measure and above.indent <= row.indent
        if both and PART_OF.fullmatch(fold(row.label)):
            message = _copy("rule.part", part=bare(row.label), whole=bare(above.label))
            yield f"[{row.code}] <= [{above.code}]", message, None


def _parts_of_columns(columns: Sequence[Column]) -> Iterator[tuple[str, str, At | None]]:
    numeric = (CellKind.INPUT, CellKind.COMPUTED)
    for before, column in itertools.pairwise(columns):
        is_part = PART_OF.fullmatch(fold(column.path[-1])) and before.path[:-1] == column.path[:-1]
        if is_part and before.kind in numeric and column.kind in numeric:
            message = _copy("rule.part", part=" > ".join(column.path), whole=" > ".join(before.path))
            yield f"({column.code}) <= ({before.code})", message, None


def _relations(remarks: Sequence[tuple[At, str]], columns: Sequence[Column]) -> Iterator[tuple[str, str, At | None]]:
    codes = {column.number: column.code for column in columns if column.number}
    computed = {column.code: column.formula for column in columns}
    for at, line in remarks:
        for found in _RELATION.finditer(re.sub(r"cột\s*", "", line, flags=re.IGNORECASE)):
            try:
                left, right = of_hint(found["left"], codes), of_hint(found["right"], codes)
            except NotOurs:
                continue
            sign = _SIGNS.get(found["sign"], found["sign"])
            if sign == "=" and computed.get(left.strip("()")) == right:
                continue
            yield f"{left} {sign} {right}", _copy("rule.relation", relation=found[0].strip(" ;:,.")), at
