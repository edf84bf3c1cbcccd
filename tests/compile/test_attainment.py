"""What was done against plan: which cell is held against which, and the verdict on it (F6)."""

from dataclasses import replace
from decimal import Decimal
from io import BytesIO

import pytest
from openpyxl import load_workbook

from compile import attainment_book
from compile.attainment import Attainment, Verdict, attained, judged, plan_cells, tally
from registry.catalogue.forms import Definitions, View, row_set
from registry.catalogue.model import CellKind, Column, Form, Frequency
from registry.catalogue.values import Aspect, CellKey
from registry.periods import parse
from registry.rules.background import Background
from registry.rules.evaluate import compute
from registry.rules.lookup import cell_terms
from tests.rules.small_forms import COMMUNE, DEFINITIONS, MEASURES, MONTHLY, cells, context, facts

AUGUST = parse("202608")
LOWER = Definitions(
    MEASURES, {**DEFINITIONS.indicators, "NC06": replace(DEFINITIONS.indicators["NC06"], lower_is_better=True)}
)


def view(form: Form = MONTHLY, definitions: Definitions = DEFINITIONS) -> View:
    return View(form, AUGUST.shape, row_set(form, COMMUNE, AUGUST.shape), definitions)


def lines_of(met: View, known: Background, **typed: str) -> list[Attainment]:
    """What a commune with these figures attained in August."""
    table = compute(replace(context(met.form, "202608", known), view=met), cells(**typed))
    return list(attained(COMMUNE, met, {key: value.amount for key, value in table.items()}))


@pytest.mark.parametrize(
    ("plan", "done", "lower", "verdict"),
    [
        ("100", "100.1", False, Verdict.EXCEEDED),
        ("100", "100.0", False, Verdict.MET),
        ("100", "99.9", False, Verdict.MISSED),
        ("4.6", "4.2", True, Verdict.EXCEEDED),
        ("4.6", "4.6", True, Verdict.MET),
        ("4.6", "4.7", True, Verdict.MISSED),
        ("0", "1", False, Verdict.EXCEEDED),
        ("100", None, False, Verdict.UNKNOWN),
    ],
)
def test_a_plan_is_exceeded_met_or_missed(plan: str, done: str | None, lower: bool, verdict: Verdict) -> None:
    assert judged(Decimal(plan), Decimal(done) if done else None, lower) is verdict


def test_a_flow_is_held_by_what_came_to_date_and_a_stock_by_what_there_is() -> None:
    held = {row.code: done.key.column for row, plan, done in plan_cells(view()) if done and plan.key.column == "c02"}
    assert (held["NN12"], held["NN07"], held["TC07"]) == ("c07", "c06", "c07")
    assert {plan.kind for _, plan, _ in plan_cells(view())} == {CellKind.PLAN}


def test_the_figures_of_a_table_become_lines_with_percent_and_verdict() -> None:
    known = facts({("NC06", Aspect.PLAN_COUNCIL, "2026"): 40, ("NN07", Aspect.PLAN_COUNCIL, "2026"): 200})
    lines = lines_of(view(definitions=LOWER), known, NN07_c06="150", NC06_c05="0", NC06_c06="5")
    assert [(one.row.code, one.plan, one.done, one.percent, one.verdict.value) for one in lines] == [
        ("NN07", Decimal("200.0"), Decimal("150.0"), Decimal("75.0"), "missed"),
        ("NC06", Decimal(40), None, None, "unknown"),  # months of the year are missing: no total to date is made up
    ]
    assert tally(lines) == {Verdict.MISSED: 1, Verdict.UNKNOWN: 1}


def test_a_scenario_is_of_the_quarter_and_stands_beside_the_years_plan() -> None:
    scenario = Column("c14", "14", ("Kịch bản quý",), CellKind.PLAN, Aspect.SCENARIO)
    form = replace(MONTHLY, columns=(*MONTHLY.columns, scenario))
    with_scenario = view(form)
    cell = with_scenario.cells[CellKey("NN07", "c14")]
    for period, kept_under in (("202608", "20263"), ("20263", "20263"), ("20269M", "20269M"), ("2026", "2026")):
        (term,) = cell_terms(with_scenario, parse(period), Frequency.MONTH, cell) or ()
        assert (term.need.series.aspect, term.need.period) == (Aspect.SCENARIO, kept_under)
    known = facts({("NN07", Aspect.SCENARIO, "20263"): 160, ("NN07", Aspect.PLAN_COUNCIL, "2026"): 200})
    lines = lines_of(with_scenario, known, NN07_c06="165")
    assert [(one.basis, one.verdict.value) for one in lines] == [("plan-council", "missed"), ("scenario", "exceeded")]


def test_the_workbook_holds_numbers_and_says_missed_only_when_the_year_is_over() -> None:
    known = facts({("NN07", Aspect.PLAN_COUNCIL, "2026"): 200})
    lines = [replace(one, origin="=NQ 54") for one in lines_of(view(), known, NN07_c06="150.5")]
    for is_final, word in ((False, "Chưa đạt"), (True, "Không đạt")):
        data = attainment_book.build("Đối chiếu", "KTXH", lines, is_final=is_final)
        sheet = load_workbook(BytesIO(data)).worksheets[0]
        row = [cell.value for cell in sheet[5]]
        assert row == ["Xã Ea Súp", "Sắn", "ha", "HĐND, cấp có thẩm quyền giao", 200, 150.5, 75.3, word, "=NQ 54"]
        assert sheet["I5"].data_type == "s"
