"""A sum somebody is missing from is shown with who gave it, and compared with nothing that others gave."""

from __future__ import annotations

from dataclasses import replace

import pytest

from compile.attainment import Verdict, attained
from compile.chart_sheet import has_charts
from compile.compiled import Compiled, compiled
from compile.filled import table_of
from compile.givers import WHOLE
from compile.group_table import group_table
from compile.placeholders import Filler
from compile.report_tables import report_tables, row_totals
from compile.sentences import say
from compile.side_tables import difference_table
from compile.tables import Reckoned
from compile.total_table import total_table
from compile.totals import Totals
from registry.catalogue.model import (
    CellKind,
    CellRule,
    Column,
    Frequency,
    GroupSet,
    ProvinceValue,
    Row,
)
from registry.catalogue.values import Aspect, CellKey, SeriesKey, State
from registry.periods import parse
from registry.rules.background import Need
from tests.compile.small_report import (
    BUON_DON,
    COMMUNES,
    EA_SUP,
    FORM,
    LAST_MONTH,
    PERIOD,
    PROVINCE,
    REGIME,
    SNNMT,
    TKE,
    TUY_HOA,
    UNITS,
    ReportBuilder,
    a_report,
)

OF_COMMUNES = replace(
    FORM,
    rows=tuple(
        replace(one, province_value=ProvinceValue.COMMUNES, suppliers=()) if one.code == "BOTH" else one
        for one in FORM.rows
    ),
)
TO_DATE_TYPED = replace(
    FORM,
    columns=(
        *(replace(one, kind=CellKind.INPUT, formula="") if one.code == "c07" else one for one in FORM.columns),
        Column("c09", "7", ("Lũy kế cùng kỳ",), CellKind.CUMULATIVE_SAME_PERIOD, Aspect.CUMULATIVE),
    ),
)
CHANGE, RATE = CellKey("SUM", "c08"), CellKey("RATE", "c06")


def two_of_three() -> ReportBuilder:
    """All three gave last month's figure, two this month's."""
    report = a_report().gives(BUON_DON, {"SUM.c05": 10})
    return report.gives(EA_SUP, {"SUM.c05": 10, "SUM.c06": 11}).gives(TUY_HOA, {"SUM.c05": 10, "SUM.c06": 11})


def spoken(report: ReportBuilder, label: str) -> list[str]:
    one = report.totals
    return [said for said in say(one.rows, one, report.order).sentences if label in said]


def in_table(one: Totals, report: ReportBuilder, row: str, column: str) -> str:
    table = total_table(one, report.order, with_coverage=True)
    line = next(held for held in table.rows if held.code == row)
    at = [held.code for held in one.view.columns].index(column)
    return line.cells[table.labels + at].text


# --- between the columns of a row ----------------------------------------------------------------------------------


def test_columns_that_others_gave_are_not_divided_by_one_another() -> None:
    report = two_of_three()
    one = report.totals
    assert one.cells[CHANGE].state is State.NOT_AVAILABLE
    assert CHANGE in one.incomparable
    assert in_table(one, report, "SUM", "c08") == "…"
    assert not has_charts(replace(one, cells={CHANGE: one.cells[CHANGE]}))


def test_columns_of_the_same_units_are_divided_with_who_is_missing() -> None:
    answers = {"SUM.c05": 10, "SUM.c06": 11}
    one = a_report().gives(EA_SUP, answers).gives(TUY_HOA, answers).totals
    assert one.cells[CHANGE].number == 110
    assert one.cells[CHANGE].coverage is not None
    assert one.cells[CHANGE].coverage.text == "2/3"
    assert CHANGE not in one.incomparable


def test_the_live_formula_of_what_is_not_compared_is_left_out_and_the_others_stay() -> None:
    def is_live(report: ReportBuilder) -> bool:
        one = report.totals
        line = next(row for row in total_table(one, report.order, with_coverage=True).rows if row.code == "SUM")
        return Reckoned(CHANGE) in [cell.link for cell in line.cells]

    assert not is_live(two_of_three())
    assert is_live(two_of_three().gives(BUON_DON, {"SUM.c05": 10, "SUM.c06": 11}))


# --- ratios and totals of rows -------------------------------------------------------------------------------------


def rates(*units: object) -> ReportBuilder:
    report = a_report(OF_COMMUNES).knows("PEOPLE", LAST_MONTH, 2000).knows("RATE", LAST_MONTH, 890000)
    for unit in units:
        report = report.gives(unit, {"BOTH.c06": 600})  # type: ignore[arg-type]
    return report


def test_a_ratio_of_some_over_everybody_is_not_told() -> None:
    assert rates(*COMMUNES).totals.cells[RATE].number == 90
    one = rates(EA_SUP).totals
    assert one.cells[RATE].state is State.NOT_AVAILABLE
    assert one.cells[CellKey("RATE", "c08")].number is None
    (row,) = [held for held in one.rows if held.row.code == "RATE"]
    assert row.is_partial
    assert not any("30,00%" in said for said in spoken(rates(EA_SUP), "Đàn bò"))


def test_a_total_of_rows_is_of_whoever_gave_them_and_is_held_against_nothing_else() -> None:
    total = Row("T", "1.9", "Cộng", measure="ha", province_value=ProvinceValue.COMPUTED, decimals=1)
    form = replace(
        FORM,
        rows=(*(one for one in FORM.rows if one.code in ("SUM", "BOTH")), total),
        cell_rules=(
            *FORM.cell_rules,
            CellRule(frozenset({"c05", "c06"}), rows=frozenset({"T"}), kind=CellKind.COMPUTED, formula="[SUM] + [SUM]"),
        ),
    )
    one = replace(two_of_three(), form=form).totals
    total_now = one.cells[CellKey("T", "c06")]
    assert (total_now.number, total_now.coverage and total_now.coverage.text) == (44, "2/3")
    assert one.cells[CellKey("T", "c05")].number == 60
    assert one.cells[CellKey("T", "c08")].state is State.NOT_AVAILABLE
    (row,) = [held for held in one.rows if held.row.code == "T"]
    assert row.is_partial


# --- sentences and placeholders ------------------------------------------------------------------------------------


def test_a_figure_to_date_that_fewer_gave_is_told_with_how_many_and_compared_with_nothing() -> None:
    report = a_report(TO_DATE_TYPED).knows("SUM", "2026", 36000, Aspect.PLAN_COUNCIL)
    for n, unit in enumerate(COMMUNES):
        report = report.gives(unit, {"SUM.c06": 10, **({} if n else {"SUM.c07": 100})})
    for month in range(1, 11):
        report = report.knows("SUM", f"2025{month:02d}", 3000)
    (said,) = spoken(report, "tái canh")
    assert said.endswith("lũy kế 10 tháng ước đạt 100,0 ha (số liệu của 1/3 xã, phường).")
    assert in_table(report.totals, report, "SUM", "c07") == "100,0 (1/3)"


@pytest.mark.parametrize(
    "written",
    [
        "{{ tỷ_lệ([MONEY]; [SAID]) }}",
        "{{ tỷ_lệ([SAID]; [MONEY]) }}",
        "{{ so sánh([SAID]; [MONEY]) }}",
        "{{ chênh lệch([SAID]; [MONEY]) }}",
    ],
)
def test_a_placeholder_holds_a_partial_sum_against_nothing(written: str) -> None:
    def filled(*givers: object) -> tuple[str, list[str]]:
        report = a_report().gives(TKE, {"SAID.c06": 3})
        for unit in givers:
            report = report.gives(unit, {"MONEY.c07": 1500})  # type: ignore[arg-type]
        found = Filler([table_of(report.totals)], PERIOD, report.definitions, UNITS).fill(written)
        return found.text, [one.code for one in found.findings]

    assert filled(EA_SUP) == ("…", ["compile-placeholder-blank"])
    assert filled(*COMMUNES)[1] == []


# --- plans, other accounts, groups ---------------------------------------------------------------------------------


def test_a_plan_is_neither_met_nor_missed_by_a_sum_somebody_is_missing_from() -> None:
    report = a_report(TO_DATE_TYPED).gives(EA_SUP, {"SUM.c07": 10}).knows("SUM", "2026", 1200, Aspect.PLAN_COUNCIL)
    made = report.totals
    numbers = {key: cell.number for key, cell in made.cells.items()}
    partial = {key: cell.coverage.text for key, cell in made.cells.items() if cell.coverage and cell.is_partial}
    (line,) = attained(PROVINCE, made.view, numbers, partial)
    assert (line.verdict, line.done, line.percent, line.have) == (Verdict.PARTIAL, 10, None, "1/3")
    (line,) = attained(PROVINCE, made.view, numbers)
    assert line.verdict is Verdict.MISSED


def test_an_agencys_figure_and_a_partial_sum_stand_side_by_side_without_what_lies_between() -> None:
    report = a_report().gives(EA_SUP, {"BOTH.c06": 400}).gives(SNNMT, {"BOTH.c06": 1000})
    (gap,) = [one for one in report.totals.differences if one.key.column == "c06"]
    assert (gap.other.number, gap.difference, gap.percent, gap.is_within) == (400, None, None, None)
    made = report.compiled
    line = next(row for row in difference_table(made.totals[0], made).rows if "Đàn bò" in row.cells[1].text)
    assert [cell.text for cell in line.cells[6:10]] == ["Tổng hợp 1/3 xã, phường", "400", "", ""]


def test_a_groups_figure_that_fewer_gave_than_sent_the_form_says_how_many() -> None:
    group_set = GroupSet("phia", "Phía", ("Tây",))
    report = two_of_three()
    table = group_table(report.totals, report.order, group_set)
    assert table is not None
    texts = [cell.text for cell in table.rows[-1].cells]
    assert texts[2] == "3/3"
    assert "22,0 (2/3)" in texts
    assert "30,0" in texts


def test_bases_too_few_gave_are_named_below_the_table() -> None:
    base = Need(SeriesKey("SUM", Aspect.ACTUAL), "202510")
    report = two_of_three().having(partial_bases={base: (1, 3)})
    notes = total_table(report.totals, report.order, with_coverage=True).notes
    assert any("Diện tích tái canh (1/3)" in note for note in notes)


# --- the first round of what is asked for once ---------------------------------------------------------------------


def first_round(*without: str) -> Compiled:
    form = replace(FORM, rows=tuple(one for one in FORM.rows if one.code not in without))
    order = a_report(form).gives(EA_SUP, {"SUM.c06": 10}).order
    regime = replace(REGIME, frequency=Frequency.ONCE)
    return compiled(replace(order, regime=regime, period=parse("2026DX001"), report_forms=(replace(form, code="PL"),)))


@pytest.mark.parametrize("without", [(), ("RATE",)])
def test_the_first_round_has_none_before_it(without: tuple[str, ...]) -> None:
    report = first_round(*without)
    assert report_tables(report)
    (annex,) = row_totals(report)
    assert annex is not None
    assert report.totals[0].cells[CellKey("SUM", "c06")].lacking != WHOLE
