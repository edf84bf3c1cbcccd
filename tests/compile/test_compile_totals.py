"""The province's values: who is added, who speaks, who is missing, and nothing twice."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compile.contributions import Contribution
from compile.model import SourceKind
from compile.totals import added
from registry.catalogue.forms import Definitions
from registry.catalogue.measures import MANTISSA_LIMIT, MantissaOverflow
from registry.catalogue.model import Aggregation, ProvinceValue
from registry.catalogue.values import Aspect, CellKey, Nature, State
from tests.compile.small_report import (
    BUON_DON,
    COMMUNES,
    DEFINITIONS,
    EA_SUP,
    SNNMT,
    TKE,
    TUY_HOA,
    ReportBuilder,
    a_full_report,
    a_report,
)

SUM, ALL, BOTH, SAID, MONEY = (CellKey(code, "c06") for code in ("SUM", "ALL", "BOTH", "SAID", "MONEY"))


def test_a_sum_of_communes_adds_what_each_says_of_itself() -> None:
    total = a_full_report().totals.cells[SUM]
    assert (total.number, total.mantissa, total.state) == (Decimal("10.5"), 1050, State.VALUE)
    assert total.contributors == (EA_SUP.code, BUON_DON.code)


def test_a_row_given_by_communes_and_by_a_department_is_never_added_together() -> None:
    totals = a_full_report().totals
    assert totals.cells[BOTH].number == 1000
    assert totals.cells[BOTH].contributors == ("SNNMT",)
    (beside,) = [one for one in totals.differences if one.key == BOTH]
    assert (beside.other.number, beside.difference, beside.percent) == (900, None, None)
    whole = a_full_report().gives(TUY_HOA, {"BOTH.c06": 0}).totals
    (beside,) = [one for one in whole.differences if one.key == BOTH]
    assert (beside.other.number, beside.difference, beside.percent) == (900, 100, 10)


def test_a_row_summed_over_all_takes_each_supplier_once() -> None:
    assert a_full_report().totals.cells[ALL].number == 10


def test_a_figure_about_another_unit_is_never_part_of_a_sum() -> None:
    order = a_full_report().order
    (form_input,) = order.forms
    own = next(one for one in form_input.figures if one.series.indicator == "SUM" and one.reporting == EA_SUP.code)
    stray = own._replace(subject=TUY_HOA.code)
    crowded = replace(form_input, figures=(*form_input.figures, stray))
    from compile.totals import totals

    assert totals(crowded, order).cells[SUM].mantissa == 1050


def test_a_figure_of_a_version_that_is_not_counted_is_not_taken() -> None:
    order = a_full_report().order
    (form_input,) = order.forms
    own = next(one for one in form_input.figures if one.series.indicator == "SUM" and one.reporting == EA_SUP.code)
    older = replace(form_input, figures=(*form_input.figures, own._replace(mantissa=999_999, version_id=77)))
    from compile.totals import totals

    assert totals(older, order).cells[SUM].mantissa == 1050


def test_the_first_supplier_in_order_speaks_and_the_second_stands_beside() -> None:
    totals = a_full_report().totals
    assert totals.cells[SAID].number == Decimal("1260.5")
    assert next(row for row in totals.rows if row.row.code == "SAID").supplier == TKE
    (beside,) = [one for one in totals.differences if one.key == SAID]
    assert (beside.other_unit, beside.other.number) == (SNNMT, 888)


def test_the_second_supplier_speaks_where_the_first_is_silent() -> None:
    totals = a_report().gives(SNNMT, {"SAID.c06": 888}).totals
    assert totals.cells[SAID].number == 888
    assert next(row for row in totals.rows if row.row.code == "SAID").supplier == SNNMT


def test_a_silent_department_leaves_the_provinces_figure_blank_and_the_sum_beside_it() -> None:
    totals = a_report().gives(EA_SUP, {"BOTH.c06": 400}).totals
    assert totals.cells[BOTH].state is State.BLANK
    (beside,) = totals.differences
    assert (beside.agency, beside.other.number, beside.difference) == (SNNMT, 400, None)


def test_missing_units_are_named_in_the_official_order_and_nothing_becomes_zero() -> None:
    totals = a_report().totals
    row = next(row for row in totals.rows if row.row.code == "SUM")
    assert row.coverage is not None
    assert row.coverage.text == "0/3"
    assert [unit.name for unit in row.coverage.missing] == ["Xã Ea Súp", "Phường Tuy Hòa", "Xã Buôn Đôn"]
    assert (totals.cells[SUM].state, totals.cells[SUM].number) == (State.BLANK, None)
    assert [unit.code for unit in totals.coverage.missing] == ["SNNMT", "TKE", "24211", "22015", "24235"]


def test_not_occurred_counts_as_reported_and_a_sum_of_nothing_but_nil_is_nil() -> None:
    totals = a_report().gives(EA_SUP, {"SUM.c06": "-"}).nil(TUY_HOA).totals
    row = next(row for row in totals.rows if row.row.code == "SUM")
    assert row.coverage is not None
    assert row.coverage.text == "2/3"
    assert totals.cells[SUM].state is State.NIL
    assert totals.cells[SUM].mantissa == 0


def test_not_yet_available_is_neither_zero_nor_reported() -> None:
    totals = a_report().gives(EA_SUP, {"SUM.c06": "…"}).totals
    row = next(row for row in totals.rows if row.row.code == "SUM")
    assert row.coverage is not None
    assert (row.coverage.text, totals.cells[SUM].state) == ("0/3", State.NOT_AVAILABLE)


def test_a_sum_of_values_that_cancel_is_zero_not_nil() -> None:
    totals = a_report().gives(EA_SUP, {"SUM.c06": 5}).gives(BUON_DON, {"SUM.c06": -5}).totals
    assert totals.cells[SUM].state is State.ZERO


def test_communes_money_in_million_adds_up_exactly_in_billion() -> None:
    total = a_full_report().totals.cells[CellKey("MONEY", "c07")]
    assert (total.number, total.mantissa) == (Decimal("4.25"), 4_250_000_000)


def test_computed_cells_follow_from_the_exact_totals() -> None:
    totals = a_full_report().totals
    assert totals.cells[CellKey("SUM", "c08")].number == Decimal("52.5")
    assert totals.cells[CellKey("SAID", "c08")].number == Decimal("105.0")
    assert totals.cells[CellKey("SUM", "c02")].number == Decimal("120.0")


def test_a_cumulative_with_a_month_unknown_is_blank() -> None:
    assert a_full_report().totals.cells[CellKey("SUM", "c07")].state is State.BLANK
    assert _whole().totals.cells[CellKey("SUM", "c07")].number == Decimal(36) + 20 + Decimal("10.5")


def _whole() -> ReportBuilder:
    """Every commune has reported, and every month before is known."""
    report = a_full_report().gives(TUY_HOA, {"SUM.c05": "-", "SUM.c06": "-"})
    for month in range(1, 9):
        report = report.knows("SUM", f"2026{month:02d}", 100 * month)
    return report


def test_a_partial_sum_is_compared_with_nothing_known_of_everybody() -> None:
    partial = a_full_report()
    for month in range(1, 9):
        partial = partial.knows("SUM", f"2026{month:02d}", 100 * month)
    to_last_month, to_date = CellKey("SUM", "c08"), CellKey("SUM", "c07")
    assert partial.totals.cells[to_last_month].number == Decimal("52.5")  # of the same units
    assert partial.totals.cells[to_date].state is State.NOT_AVAILABLE


def test_a_ratio_whose_denominator_is_no_row_takes_it_from_the_background() -> None:
    totals = a_full_report().totals
    assert totals.cells[CellKey("RATE", "c06")].number == Decimal("50.00")
    assert totals.cells[CellKey("RATE", "c05")].number == Decimal("49.50")
    assert totals.cells[CellKey("RATE", "c08")].number == Decimal("0.50")


def test_a_ratio_without_its_denominator_stays_blank() -> None:
    silent = replace(a_full_report(), known={})
    assert silent.totals.cells[CellKey("RATE", "c06")].state is State.BLANK


def test_what_cannot_be_added_is_left_blank_and_said() -> None:
    indicators = {**DEFINITIONS.indicators}
    indicators["SUM"] = replace(indicators["SUM"], aggregation=Aggregation.NONE)
    report = replace(a_full_report(), definitions=Definitions(DEFINITIONS.measures, indicators))
    assert report.totals.cells[SUM].state is State.BLANK
    assert {one.code for one in report.totals.findings} == {"compile-not-additive"}


def test_an_agency_figure_that_may_not_be_added_is_still_spoken() -> None:
    assert a_full_report().totals.cells[CellKey("INDEX", "c08")].number == Decimal("100.35")


def test_a_sum_beyond_the_stores_range_is_refused_before_it_is_made() -> None:
    large = Contribution("A", State.VALUE, MANTISSA_LIMIT - 1, None, Nature.ESTIMATE)
    with pytest.raises(MantissaOverflow):
        added([large, replace(large, unit="B", mantissa=-1)])
    crowded = a_report()
    for commune in COMMUNES:
        crowded = crowded.gives(commune, {"BOTH.c06": MANTISSA_LIMIT - 1})
    assert [one.code for one in crowded.totals.findings] == ["compile-overflow"]


def test_a_history_version_of_another_nature_is_taken_and_named() -> None:
    order = a_report().gives(EA_SUP, {"SUM.c06": 10}).order
    (form_input,) = order.forms
    official = tuple(one._replace(nature=Nature.OFFICIAL) for one in form_input.figures)
    from compile.totals import totals

    total = totals(replace(form_input, figures=official), order).cells[SUM]
    assert (total.number, total.nature) == (10, Nature.OFFICIAL)


def test_the_sum_beside_is_judged_only_when_every_commune_has_reported() -> None:
    partial = [one for one in a_full_report().totals.differences if one.key == BOTH]
    assert [one.is_within for one in partial] == [None]
    whole = a_full_report().gives(TUY_HOA, {"BOTH.c06": 90}).totals
    assert [one.is_within for one in whole.differences if one.key == BOTH] == [True]
    far = a_full_report().gives(TUY_HOA, {"BOTH.c06": 300}).totals
    assert [one.is_within for one in far.differences if one.key == BOTH] == [False]


def test_a_provisional_version_counts_and_is_marked() -> None:
    totals = a_report().gives(EA_SUP, {"SUM.c06": 10}, SourceKind.UPLOAD, provisional=True).totals
    assert totals.cells[SUM].number == 10
    assert [unit.code for unit in totals.coverage.provisional] == [EA_SUP.code]


# --- against an independent account ----------------------------------------------------------------------------------

_answers = st.one_of(
    st.none(),
    st.just("-"),
    st.just("…"),
    st.decimals(min_value=-10_000, max_value=10_000, places=1, allow_nan=False, allow_infinity=False),
)


@given(st.lists(_answers, min_size=3, max_size=3), st.lists(_answers, min_size=2, max_size=2))
def test_sums_equal_what_pandas_adds_up_in_fractions(
    areas: list[Decimal | str | None], visits: list[Decimal | str | None]
) -> None:
    import pandas as pd

    report: ReportBuilder = a_report()
    rows = []
    for commune, area in zip(COMMUNES, areas, strict=True):
        report = report.gives(commune, {} if area is None else {"SUM.c06": area})
        rows.append(("SUM", area))
    for reporter, visit in zip((EA_SUP, SNNMT), visits, strict=True):
        whole = visit if visit is None or isinstance(visit, str) else visit.to_integral_value()
        given_before = next((held[1] for held in report.versions if held[0] == reporter), {})
        others = tuple(held for held in report.versions if held[0] != reporter)
        answers = {**given_before, **({} if whole is None else {"ALL.c06": whole})}
        report = replace(report, versions=others).gives(reporter, answers)
        rows.append(("ALL", whole))
    table = pd.DataFrame(rows, columns=["row", "answer"], dtype=object)
    totals = report.totals
    for code, group in table.groupby("row"):
        numbers = [
            Fraction(0) if one == "-" else Fraction(one)
            for one in group["answer"]
            if isinstance(one, Decimal) or one == "-"
        ]
        total = totals.cells[CellKey(str(code), "c06")]
        assert total.number == (sum(numbers) if numbers else None)
        assert total.coverage is not None
        assert total.coverage.have == len(numbers)


def test_every_province_value_has_its_rule() -> None:
    from compile.totals import ADDED, SPOKEN

    assert {*ADDED, *SPOKEN, ProvinceValue.COMPUTED} == set(ProvinceValue)
    assert Aspect.ACTUAL in Aspect


def test_rules_of_the_province_meet_the_complete_sum_of_the_communes_below() -> None:
    from registry.catalogue.model import Rule, RuleLevel

    rule = Rule(
        "K13",
        "NHO-01",
        "ABS((c06) - CẤP_DƯỚI((c06))) / (c06) * 100 <= 2",
        RuleLevel.WARNING,
        "Lệch quá 2%.",
        rows=frozenset({"BOTH"}),
        scope="tỉnh",
    )
    partial = a_full_report().having(rules=(rule,))
    assert partial.totals.findings == ()
    assert partial.gives(TUY_HOA, {"BOTH.c06": 90}).totals.findings == ()
    far = partial.gives(TUY_HOA, {"BOTH.c06": 300}).totals
    assert [one.message for one in far.findings] == ["Lệch quá 2%."]
