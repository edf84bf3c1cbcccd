"""A fault is told where it begins, not again in every sum that reads it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from registry.catalogue.model import CellKind, CellRule, Rule, RuleLevel
from registry.catalogue.values import CellKey, CellValue, State
from registry.rules.consequences import without_consequences
from registry.rules.context import Context
from registry.rules.evaluate import check, compute
from registry.rules.program import hanging_on
from tests.ingest import a_form

_FORM = replace(
    a_form.FORM,
    cell_rules=(
        *a_form.FORM.cell_rules,
        CellRule(frozenset({"c06"}), rows=frozenset({"DEBT"}), kind=CellKind.COMPUTED, formula="2 * [MONEY].(c06)"),
    ),
)
VIEW = replace(a_form.view(), form=_FORM)
CONTEXT: Context = replace(a_form.context(), view=VIEW)
MONEY, DEBT = CellKey("MONEY", "c06"), CellKey("DEBT", "c06")
AT_MOST = Rule(
    "K20", "THU-01", "(c06) <= 100", RuleLevel.ERROR, "Quá lớn", "Xem lại", rows=frozenset({"MONEY", "DEBT"})
)


def rows_found(rule: Rule, money: int) -> list[str]:
    values = compute(CONTEXT, {MONEY: CellValue(State.VALUE, Decimal(money))})
    found = without_consequences(VIEW, check(CONTEXT, [rule], values))
    return [dict(one.values)["row_code"] for one in found]


def test_a_sum_of_a_refused_figure_is_not_refused_beside_it() -> None:
    assert rows_found(AT_MOST, 120) == ["MONEY"]


def test_a_sum_refused_by_itself_is() -> None:
    assert rows_found(AT_MOST, 60) == ["DEBT"]


def test_warnings_are_explained_one_by_one() -> None:
    assert rows_found(replace(AT_MOST, level=RuleLevel.WARNING), 120) == ["MONEY", "DEBT"]


@pytest.mark.parametrize(
    ("cell", "more"),
    [(MONEY, {CellKey("MONEY", "c07"), DEBT, CellKey("DEBT", "c07")}), (CellKey("HOMES", "c13"), set())],
)
def test_what_hangs_on_a_cell_is_whatever_reads_it_or_reads_such_a_one(cell: CellKey, more: set[CellKey]) -> None:
    assert hanging_on(VIEW, [cell]) == {cell, *more}


def test_nothing_is_said_of_what_hangs_on_a_doubtful_cell() -> None:
    values = compute(CONTEXT, {MONEY: CellValue(State.VALUE, Decimal(120))})

    assert check(CONTEXT, [AT_MOST], values, doubtful=[MONEY]) == ()
    assert len(check(CONTEXT, [AT_MOST], values, doubtful=[DEBT])) == 1
