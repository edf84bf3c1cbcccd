"""Formulas for old programs: what the lint refuses, and that no formula of any sample form needs refusing."""

from itertools import product

import pytest

from registry import sample
from registry.catalogue.model import Frequency
from tests.templates import real_orders
from workbook_templates.excel_2010 import faults
from workbook_templates.filling import fill, skeleton
from workbook_templates.grid import place
from workbook_templates.list_filling import fill_list
from workbook_templates.list_grid import place_lists

PERIODS = {
    Frequency.MONTH: tuple(f"2026{month:02d}" for month in range(1, 13)),
    Frequency.QUARTERS_AND_YEAR: ("20261", "20263", "2026"),
    Frequency.QUARTER: ("20261", "20264"),
}


@pytest.mark.parametrize(
    ("formula", "said"),
    [
        ("=MAXIFS(A1:A9,B1:B9,1)", ["MAXIFS"]),
        ("=IF(A1>0,IFS(A1,1),XLOOKUP(1,A:A,B:B))", ["IFS", "XLOOKUP"]),
        ("=_xlfn.CONCAT(A1)", ["_xlfn.CONCAT"]),
        ("=SUM(A1#)", ["#"]),
        ("=SUM(@A1:A3)", ["@"]),
        ("=SUM({1,2})", ["{", "}"]),
        ("=" + "(" * 65 + "1" + ")" * 65, ["65 > 64"]),
        ("=SUM(" + ",".join(["1"] * 256) + ")", ["256 > 255"]),
        ("=" + "1+" * 4100 + "1", ["8202 > 8192"]),
        ('=IF(A1=1,"' + "a" * 256 + '","")', ['"' + "a" * 19]),
    ],
)
def test_what_excel_2010_cannot_do_is_named(formula, said):
    assert list(faults(formula)) == said


@pytest.mark.parametrize(
    "formula",
    ['=IF(A1="MAXIFS(",1,"@{#")', "=SUM($A$1:B9)/COUNTIF(C1:C9,0)", "=SUM(" + ",".join(["1"] * 255) + ")"],
)
def test_what_it_can_do_is_not(formula):
    assert list(faults(formula)) == []


def shapes():
    """Every sample form in every period of its year, as a commune and the agencies meet it."""
    catalogue = sample.catalogue()
    for regime, form in ((one, form) for one in catalogue.regimes for form in one.forms):
        levels = {one.level for one in regime.deadlines}
        units = [unit for unit, level in (("24211", "xã"), ("STC", "sở")) if level in levels]
        for unit, period in product(units, PERIODS.get(regime.frequency, ("2026",))):
            yield form, unit, period


def test_every_formula_of_every_sample_form_and_month_is_fit_for_excel_2010():
    formulas = set()
    for form, unit, period in shapes():
        order = real_orders.order(form, unit, period)
        filling = fill(order, skeleton(order.context, order.rules, place(order.context.view)), {})
        lives = (*filling.status, *filling.checks.values())
        formulas |= {*filling.formulas.values(), *(one.formula for one in lives)}
        for grid in place_lists(order.context.view):
            listed = fill_list(order, grid, {})
            formulas |= {*listed.formulas.values(), listed.check, listed.status.formula}
    assert len(formulas) > 300
    assert [(formula, fault) for formula in formulas for fault in faults(formula)] == []
