"""Cells of other forms: figures of the same unit and period, from the warehouse."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import pytest

from registry.catalogue.forms import Definitions
from registry.catalogue.model import Column, Form, Frequency
from registry.catalogue.values import CellKey, Nature, SeriesKey
from registry.periods import parse as parse_period
from registry.rules.background import Background
from registry.rules.bind import Place
from registry.rules.context import Context
from registry.rules.evaluate import check, compute
from registry.rules.lookup import background_value
from registry.rules.needs import needs, outside
from registry.rules.parse import parse
from registry.store import rule_sql
from registry.store.engine import Store
from tests.rules.history import History
from tests.rules.small_forms import (
    COMMUNE,
    DEFINITIONS,
    MONTHLY,
    WARD,
    background,
    cells,
    data,
    rule,
    view,
)
from workbook_templates.formula import SheetResolver, to_excel

FARMS = Form(
    code="TT-02",
    title="TRỒNG TRỌT",
    official_number="02",
    legal_basis="",
    rows=(data("C1", "Cà phê", "ha", 1, indicator="NN09"), data("C2", "Sắn", "ha", 1, indicator="NN07")),
    columns=(Column("moi", "1", ("Trong kỳ",), nature=Nature.ESTIMATE), Column("phu", "2", ("Phụ",), formula="(moi)")),
)
KNOWN = replace(DEFINITIONS, forms={"KTXH-01": MONTHLY, "TT-02": FARMS})
BESIDE = "[NN17].(c06) <= {TT-02}![C1].(moi) + SUM({TT-02}![C1]:[C2].(moi))"


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    opened = Store(database_url)
    yield opened
    opened.close()


def at(known: Background, definitions: Definitions = KNOWN) -> Context:
    met = replace(view(MONTHLY, "202610"), definitions=definitions)
    return Context(met, parse_period("202610"), Frequency.MONTH, known, COMMUNE)


def faults(context: Context, text: str, **typed: object) -> list[tuple[str | None, str | None]]:
    values = compute(context, cells(**typed))
    return [(one.found, one.expected) for one in check(context, [rule(text)], values)]


def test_a_rule_reads_the_figures_of_another_form():
    known = at(background(NN09_202610="2.5", NN07_202610=4))
    assert faults(known, BESIDE, NN17_c06=10) == [("10", "≤ 9")]
    assert faults(known, BESIDE, NN17_c06=9) == []


def test_a_rule_is_silent_while_the_other_form_has_no_figure():
    assert faults(at(background(NN07_202610=4)), BESIDE, NN17_c06=10) == []
    assert faults(at(background(NN09_202610="2.5")), BESIDE, NN17_c06=10) == [("10", "≤ 5")]
    assert faults(at(background(NN09_202610=1), DEFINITIONS), BESIDE, NN17_c06=10) == []


def test_blank_and_there_are_told_apart_in_another_form():
    text = "NẾU(TRỐNG({TT-02}![C1].(moi)); (c06) = 0; ĐẾM({TT-02}![C1]:[C2].(moi)) = 2)"
    assert faults(at(Background()), f"{text} VÀ [NN17].(c06) < 9".replace("(c06) = 0", "[NN17].(c06) = 0"), NN17_c06=5)
    assert not faults(
        at(background(NN09_202610=1, NN07_202610=1)), text.replace("(c06) =", "[NN17].(c06) ="), NN17_c06=5
    )


def test_what_the_other_form_is_asked_is_among_the_needs():
    wanted = needs(at(Background()).view, parse_period("202610"), Frequency.MONTH, [rule(BESIDE)])
    assert {("NN09", "202610"), ("NN07", "202610")} <= {(need.series.indicator, need.period) for need in wanted}


def test_a_workbook_keeps_the_other_forms_figures_in_hidden_cells():
    context, node, place = (
        at(background(NN09_202610="2.5")),
        parse("[NN17].(c06) + {TT-02}![C1].(moi)"),
        Place("NN17", "c07"),
    )
    [asked] = outside(node, place, context.view)
    assert background_value(context, asked, *place) == Decimal("2.5")
    found = SheetResolver(context.view, place, {CellKey("NN17", "c06"): "F9"}, lambda one, _: "Z9")
    assert "N(F9)+N(Z9)" in to_excel(node, found)


def test_history_is_judged_by_the_other_forms_figures(store):
    history = History(MONTHLY)
    for unit, pigs in ((COMMUNE, 10), (WARD, 3)):
        history.add(unit, SeriesKey("NN17"), "202610", Nature.ESTIMATE, pigs)
        history.add(unit, SeriesKey("NN09"), "202610", Nature.ESTIMATE, 250)
    snapshot = history.put(store, FARMS)
    with store.read() as connection:
        form = snapshot.form_versions["KTXH-01"]
        [run] = rule_sql.run(connection, snapshot, form, rule(BESIDE), [parse_period("202610")], Frequency.MONTH)
    assert (run.asked, [(hit.unit_id, hit.found, hit.expected) for hit in run.hits]) == (
        2,
        [(snapshot.unit_ids["24211"], Decimal(10), Decimal(5))],
    )
