"""The verdict as a whole: rules, waivers, refusals, nil returns, order of findings."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.identity import identify
from ingest.judge import judge, judge_values
from ingest.model import CarrierState, Case, Identity, RawCell, Status
from ingest.reading import read_guarded
from registry.catalogue.model import BlankRule, Rule, RuleLevel
from registry.catalogue.values import CellValue, State
from registry.findings import Severity
from tests.ingest import a_form
from tests.ingest.returned import Returned, template
from workbook_templates.template import build

CASE = Case(a_form.EA_SUP, a_form.context(), a_form.RULES)
KEY = a_form.key


def test_a_workbook_in_order_is_accepted_with_nothing_to_say() -> None:
    verdict = Returned.filled().verdict()

    assert (verdict.status, verdict.findings) == (Status.ACCEPTED, ())


def test_values_are_the_whole_table_as_it_will_be_stored() -> None:
    verdict = Returned.filled().text("HOMES", "c13", "Tăng do mở chợ").verdict()

    assert set(verdict.values) == set(a_form.view().cells)
    assert verdict.values[KEY("AREA", "c05")] == CellValue(State.VALUE, Decimal("120.5"))
    assert verdict.values[KEY("HOMES", "c07")] == CellValue(State.VALUE, Decimal(16))
    assert verdict.values[KEY("CROP", "c05")] == CellValue(State.NIL)
    assert verdict.values[KEY("MONEY", "c02")] == CellValue(State.NOT_APPLICABLE)
    assert verdict.values[KEY("HOMES", "c13")] == CellValue(State.VALUE, text="Tăng do mở chợ")
    assert verdict.addresses[KEY("HOMES", "c06")] == ("THU-01", a_form.grid().cells[KEY("HOMES", "c06")])


def test_cached_totals_are_never_trusted() -> None:
    book = Returned.filled().put("HOMES", "c07", "n", "999999", formula="F13+G13")

    assert book.verdict().values[KEY("HOMES", "c07")].number == 16


def test_a_broken_rule_points_at_its_cell() -> None:
    (found,) = Returned.filled().number("HOMES", "c06", "101").found("rule-K01")

    assert (found.severity, found.sheet, found.cell) == (
        Severity.ERROR,
        "THU-01",
        a_form.grid().cells[KEY("HOMES", "c06")],
    )


def test_a_rule_points_at_where_the_cell_stands_now() -> None:
    book = Returned.filled().number("HOMES", "c06", "101").move(lambda row, column: (row + 4, column + 2))
    (found,) = book.found("rule-K01")

    assert found.cell == "I18"


def test_an_error_under_a_waiver_no_longer_rejects() -> None:
    book = Returned.filled().number("HOMES", "c06", "101")
    book.case = replace(book.case, waived={"rule-K01": 7})
    verdict = book.verdict()

    assert verdict.status is Status.ACCEPTED_WITH_WARNINGS
    assert [(one.code, one.severity) for one in verdict.findings] == [("rule-K01", Severity.WARNING)]


def test_a_warning_asks_for_an_explanation() -> None:
    verdict = Returned.filled().number("AREA", "c06", "100").verdict()

    assert verdict.status is Status.ACCEPTED_WITH_WARNINGS
    assert [one.code for one in verdict.findings] == ["rule-K02"]


def test_rules_of_the_province_wait_for_the_compile() -> None:
    province = tuple(replace(rule, formula="[AREA].(c06) < 0") for rule in a_form.RULES if rule.scope == "tỉnh")
    book = Returned.filled()
    book.case = replace(book.case, rules=province)

    assert province
    assert book.verdict().findings == ()


@pytest.mark.parametrize("state", [CarrierState.MISSING, CarrierState.INVALID, CarrierState.MIXED])
def test_a_workbook_without_proven_identity_is_refused(state: CarrierState) -> None:
    verdict = judge(Returned.filled().extraction, Identity(state), CASE)

    assert verdict.status is Status.REFUSED
    assert verdict.values == {}
    assert verdict.findings[0].code.startswith("identity-")


def test_a_file_the_guard_blocks_is_refused_and_judged_no_further() -> None:
    extraction = read_guarded(b"a;b", "a.csv")
    verdict = judge(extraction, identify(extraction, a_form.KEYS), CASE)

    assert verdict.status is Status.REFUSED
    assert [one.code for one in verdict.findings] == ["guard-csv"]


def test_prefilled_figures_left_alone_do_not_make_a_form_filled() -> None:
    assert "judge-empty-form" in Returned().codes()


def test_words_in_every_cell_are_not_an_empty_form() -> None:
    book = Returned()
    for key in a_form.view().inputs:
        book.text(key.row, key.column, "chờ số")

    assert book.codes() == {"number-is-text"}


def test_a_prefilled_figure_corrected_makes_a_form_filled() -> None:
    assert "judge-empty-form" not in Returned().number("AREA", "c05", "119").codes()


def test_a_nil_return_is_accepted_without_a_file() -> None:
    verdict = judge_values({key: CellValue(State.NIL) for key in a_form.view().inputs}, CASE)

    assert (verdict.status, verdict.findings) == (Status.ACCEPTED, ())
    assert {verdict.values[key].state for key in a_form.view().inputs} == {State.NIL}
    assert verdict.addresses[KEY("HOMES", "c06")] == ("THU-01", a_form.grid().cells[KEY("HOMES", "c06")])


def test_nothing_typed_in_the_browser_is_an_empty_form() -> None:
    verdict = judge_values({}, CASE)

    assert (verdict.status, [one.code for one in verdict.findings]) == (Status.REJECTED, ["judge-empty-form"])


def test_typed_values_meet_the_rules() -> None:
    verdict = judge_values({KEY("HOMES", "c06"): CellValue(State.VALUE, Decimal(101))}, CASE)

    assert "rule-K01" in {one.code for one in verdict.findings}


def test_findings_come_in_the_order_of_the_sheet() -> None:
    book = Returned.filled().text("DEBT", "c06", "chữ").text("AREA", "c06", "chữ").text("AREA", "c05", "chữ")
    book.with_sheet(replace(book.sheet, protected=False))
    cells = [one.cell for one in book.verdict().findings]

    grid = a_form.grid()
    assert cells == [None, *(grid.cells[KEY(*key)] for key in (("AREA", "c05"), ("AREA", "c06"), ("DEBT", "c06")))]


def test_rows_sorted_with_their_codes_give_the_same_values() -> None:
    first, last = a_form.grid().first_row, a_form.grid().last_row
    upside_down = Returned.filled().move(
        lambda row, column: (first + last - row, column) if first <= row <= last else (row, column)
    )

    assert upside_down.verdict().values == Returned.filled().verdict().values
    assert upside_down.verdict().status is Status.ACCEPTED


@given(
    st.permutations(range(a_form.grid().first_row, a_form.grid().last_row + 1)), st.integers(0, 9), st.integers(0, 5)
)
def test_values_do_not_depend_on_where_rows_and_columns_stand(order: list[int], down: int, right: int) -> None:
    first = a_form.grid().first_row

    def moved(row: int, column: int) -> tuple[int, int]:
        inside = first <= row < first + len(order)
        return (order[row - first] if inside else row) + down, column + right

    assert Returned.filled().move(moved).verdict().values == Returned.filled().verdict().values


def test_a_row_found_by_its_label_keeps_its_figure() -> None:
    book = Returned.filled().number("CROP", "c06", "77").at(f"A{a_form.grid().rows['CROP']}", None)

    assert book.verdict().values[KEY("CROP", "c06")].number == 77


def test_a_whole_walk_through_bytes_gives_the_values_typed() -> None:
    workbook = openpyxl.load_workbook(BytesIO(a_form.workbook()))
    page = workbook["THU-01"]
    page[a_form.grid().cells[KEY("AREA", "c06")]] = 130.25
    page[a_form.grid().cells[KEY("HOMES", "c06")]] = "12 hộ"
    page[a_form.grid().cells[KEY("CROP", "c06")]] = "kps"
    saved = BytesIO()
    workbook.save(saved)

    extraction = read_guarded(saved.getvalue(), "biểu.xlsx")
    verdict = judge(extraction, identify(extraction, a_form.KEYS), CASE)

    assert verdict.status is Status.ACCEPTED
    assert verdict.values[KEY("AREA", "c06")] == CellValue(State.VALUE, Decimal("130.3"))
    assert verdict.values[KEY("HOMES", "c06")] == CellValue(State.VALUE, Decimal(12))
    assert verdict.values[KEY("CROP", "c06")] == CellValue(State.NIL)
    assert {one.code for one in verdict.findings} == {"number-rounded", "number-converted", "judge-blank-cells"}


def test_values_built_into_a_template_come_back_the_same() -> None:
    values = {key: CellValue(State.VALUE, Decimal(7)) for key in a_form.view().inputs}
    values |= {
        KEY("HOMES", "c13"): CellValue(State.VALUE, text="Ghi chú: đủ"),
        KEY("AREA", "c05"): CellValue(State.NIL),
    }

    extraction = read_guarded(build(a_form.order(), values), "biểu.xlsx")
    verdict = judge(extraction, identify(extraction, a_form.KEYS), replace(CASE, rules=()))

    assert verdict.findings == ()
    assert {key: verdict.values[key] for key in values} == values


def test_the_same_workbook_gets_the_same_verdict() -> None:
    book = Returned.filled().at("A1", RawCell("A1", "s", "ghi thêm"))

    assert book.verdict() == book.verdict()
    assert template() is template()


# --- what follows from another fault is not told again ---

TOTALS = (
    Rule("K10", "THU-01", "[HOMES].(c07) > 10", RuleLevel.ERROR, "Tổng quá nhỏ", "Xem lại", blanks=BlankRule.ZERO),
    Rule("K11", "THU-01", "(c07) > 50", RuleLevel.ERROR, "Cộng quá nhỏ", "Xem lại", blanks=BlankRule.ZERO),
)


def judged(book: Returned, *rules: Rule) -> set[tuple[str, str | None]]:
    book.case = replace(book.case, rules=rules or TOTALS[:1])
    return {(one.code, one.row) for one in book.verdict().findings}


def test_a_figure_that_could_not_be_read_breaks_no_rule_that_uses_it() -> None:
    assert judged(Returned.filled().text("HOMES", "c06", "chín")) == {("number-is-text", "Hộ kinh doanh mới")}
    assert ("rule-K10", "Hộ kinh doanh mới") in judged(Returned.filled().text("HOMES", "c06", "-"))


def test_a_rule_still_judges_what_could_be_read() -> None:
    found = judged(Returned.filled().text("HOMES", "c06", "chín").number("AREA", "c06", "1"), *TOTALS)

    assert ("rule-K11", "Diện tích sắn") not in found  # 120,5 + 1
    assert {row for code, row in found if code == "rule-K11"} == set()
    found = judged(Returned.filled().text("HOMES", "c06", "chín").number("CROP", "c06", "1"), *TOTALS)
    assert {row for code, row in found if code == "rule-K11"} == {"– Sản lượng sầu riêng"}


def test_a_row_that_is_gone_is_told_once() -> None:
    gone = a_form.grid().rows["HOMES"]
    book = Returned.filled().move(lambda row, column: None if row == gone else (row - (row > gone), column))

    assert judged(book) == {("anchor-row-missing", "Hộ kinh doanh mới")}


def test_a_row_whose_measure_nobody_can_convert_is_not_judged_by_rules() -> None:
    measure = dict(a_form.grid().labels)["HOMES"][2]
    book = Returned.filled().number("HOMES", "c06", "1").at(measure, "tấn")

    assert judged(book) == {("measure-changed", "Hộ kinh doanh mới")}


def test_two_warnings_of_one_kind_are_explained_apart() -> None:
    book = Returned.filled().number("AREA", "c06", "120500").number("HOMES", "c06", "9000")
    found = [dict(one.values) for one in book.found("measure-factor-suspected")]

    assert [(one["row_code"], one["column_code"]) for one in found] == [("AREA", "c06"), ("HOMES", "c06")]
