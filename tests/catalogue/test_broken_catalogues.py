"""Broken folders: each mistake has its code, its sheet and its cell; all mistakes come in one pass."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.definition import read_folder
from registry.catalogue.check import check
from registry.catalogue.model import (
    Aggregation,
    Catalogue,
    CellKind,
    DayCount,
    Deadline,
    Form,
    Frequency,
    ProvinceValue,
    Row,
    RowNature,
)
from registry.catalogue.table import letters
from registry.findings import Finding, Severity, fix, message
from tests.catalogue.folders import FORM, Folder, small

Edit = Callable[[Folder], Folder]
INDICATORS = "indicators.xlsx"
UNITS, ROWS, COLUMNS, RULES = "Đơn vị", "Chỉ tiêu", "Cột", "Quy tắc kiểm tra"


def _cell(workbook: str, sheet: str, a1: str, value: object) -> Edit:
    return lambda folder: folder.cell(workbook, sheet, a1, value)


ONE_MISTAKE: list[tuple[str, Edit, str, str | None, str | None]] = [
    # what, edit, code, sheet, cell
    ("a file of another name", lambda f: f.file("ghi chu.xlsx", b""), "catalogue-workbook-unknown", None, None),
    ("a file that is no workbook", lambda f: f.file("roles.xlsx", b"PK"), "catalogue-workbook-unreadable", None, None),
    ("a sheet left out", lambda f: f.without_sheet("regimes.xlsx", "Hạn gửi"), "catalogue-sheet-missing", None, None),
    (
        "a sheet too many",
        lambda f: f.with_sheet("roles.xlsx", "Hướng dẫn"),
        "catalogue-sheet-unknown",
        "Hướng dẫn",
        None,
    ),
    ("a misspelt header", _cell(FORM, COLUMNS, "B1", "sô thứ"), "catalogue-column-unknown", COLUMNS, "B1"),
    (
        "the same header twice",
        _cell("roles.xlsx", "Vai trò", "H1", "họ tên"),
        "catalogue-column-twice",
        "Vai trò",
        "H1",
    ),
    (
        "a required column deleted",
        lambda f: f.without_column("holidays.xlsx", "Ngày nghỉ", 3),
        "catalogue-column-missing",
        "Ngày nghỉ",
        None,
    ),
    ("a required cell emptied", _cell("units.xlsx", UNITS, "B2", None), "catalogue-value-missing", UNITS, "B2"),
    ("a word of no list", _cell("units.xlsx", UNITS, "D4", "xả"), "catalogue-value-bad", UNITS, "D4"),
    (
        "letters for a number",
        _cell("measures.xlsx", "Đơn vị tính", "D2", "hai"),
        "catalogue-value-bad",
        "Đơn vị tính",
        "D2",
    ),
    ("a decimal point", _cell("plans.xlsx", "Kế hoạch", "E2", "1234.5"), "catalogue-value-bad", "Kế hoạch", "E2"),
    (
        "a day that never was",
        _cell("holidays.xlsx", "Ngày nghỉ", "A2", "31/02/2026"),
        "catalogue-value-bad",
        "Ngày nghỉ",
        "A2",
    ),
    ("a month 13", _cell(FORM, ROWS, "P3", "T(11-13)"), "catalogue-value-bad", ROWS, "P3"),
    ("a form's own sheet, downwards", _cell(FORM, "Biểu", "B5", "một"), "catalogue-value-bad", "Biểu", "B5"),
    ("an Excel formula", _cell("plans.xlsx", "Kế hoạch", "E2", "=1+1"), "catalogue-value-formula", "Kế hoạch", "E2"),
    ("a unit written twice", lambda f: f.doubled("units.xlsx", UNITS, 4), "catalogue-duplicate", UNITS, "A7"),
    ("an unknown superior unit", _cell("units.xlsx", UNITS, "E4", "67"), "catalogue-reference-unknown", UNITS, "E4"),
    ("an unknown measure", _cell(FORM, ROWS, "H3", "hecta"), "catalogue-reference-unknown", ROWS, "H3"),
    ("an unknown indicator", _cell(FORM, ROWS, "F3", "A9"), "catalogue-reference-unknown", ROWS, "F3"),
    ("an unknown supplier", _cell(FORM, ROWS, "O3", "SNN"), "catalogue-reference-unknown", ROWS, "O3"),
    ("an unknown group", _cell(FORM, ROWS, "N3", "bien_gioi=ven biển"), "catalogue-reference-unknown", ROWS, "N3"),
    (
        "an unknown form",
        _cell("regimes.xlsx", "Chế độ báo cáo", "F2", "TH-02"),
        "catalogue-reference-unknown",
        "Chế độ báo cáo",
        "F2",
    ),
    (
        "an unknown outline",
        _cell("regimes.xlsx", "Chế độ báo cáo", "J2", "xã=DD"),
        "catalogue-reference-unknown",
        "Chế độ báo cáo",
        "J2",
    ),
    ("an unknown owner", _cell("outlines.xlsx", "Đề mục", "E2", "2421"), "catalogue-reference-unknown", "Đề mục", "E2"),
    (
        "an unknown unit of a person",
        _cell("roles.xlsx", "Vai trò", "E2", "24212"),
        "catalogue-reference-unknown",
        "Vai trò",
        "E2",
    ),
    ("an unknown column of a cell rule", _cell(FORM, "Ô", "A2", "c09"), "catalogue-reference-unknown", "Ô", "A2"),
    ("an unknown row of a rule", _cell(FORM, RULES, "F2", "A1; A7"), "catalogue-reference-unknown", RULES, "F2"),
    ("a unit below itself", _cell("units.xlsx", UNITS, "E2", "66"), "catalogue-unit-own-parent", UNITS, "E2"),
    ("dates reversed", _cell("units.xlsx", UNITS, "I6", "01/01/2000"), "catalogue-dates-reversed", UNITS, "I6"),
    ("a ratio of nothing", _cell("indicators.xlsx", ROWS, "D4", "TL"), "catalogue-ratio-incomplete", ROWS, "H4"),
    (
        "an average without weights",
        _cell("indicators.xlsx", ROWS, "F4", "gia quyền"),
        "catalogue-weight-missing",
        ROWS,
        "I4",
    ),
    ("an index added up", _cell("indicators.xlsx", ROWS, "D4", "CS"), "catalogue-aggregation-sum", ROWS, "F4"),
    (
        "an average weighted by what does not add up",
        lambda f: (
            f.cell(INDICATORS, ROWS, "F3", "gia quyền")
            .cell(INDICATORS, ROWS, "I3", "B1")
            .cell(INDICATORS, ROWS, "F4", "bình quân")
        ),
        "catalogue-part-not-additive",
        ROWS,
        "I3",
    ),
    ("an area in tonnes", _cell(FORM, ROWS, "H3", "tấn"), "catalogue-measure-clash", ROWS, "H3"),
    ("an area in tonnes for communes", _cell(FORM, ROWS, "I3", "tấn"), "catalogue-measure-clash", ROWS, "I3"),
    (
        "a plan in another dimension",
        _cell("plans.xlsx", "Kế hoạch", "F2", "con"),
        "catalogue-measure-clash",
        "Kế hoạch",
        "F2",
    ),
    ("half a cow", _cell(FORM, ROWS, "J5", 1), "catalogue-measure-digits", ROWS, "J5"),
    ("two rows of one indicator", _cell(FORM, ROWS, "F4", "A1"), "catalogue-series-clash", ROWS, "A4"),
    (
        "two columns of one figure",
        lambda f: f.cell(FORM, COLUMNS, "I2", 0).cell(FORM, COLUMNS, "H2", "ước"),
        "catalogue-series-clash",
        COLUMNS,
        "A3",
    ),
    ("an input of no indicator", _cell(FORM, ROWS, "F5", None), "catalogue-series-missing", ROWS, "F5"),
    ("communes and a department added up", _cell(FORM, ROWS, "L3", "Σxã"), "catalogue-total-mixes-levels", ROWS, "L3"),
    (
        "a sum of what does not add up",
        _cell("indicators.xlsx", ROWS, "F2", "–"),
        "catalogue-total-not-additive",
        ROWS,
        "L3",
    ),
    ("a row nobody supplies", _cell(FORM, ROWS, "O3", None), "catalogue-row-without-supplier", ROWS, "O3"),
    (
        "deadlines in the wrong order",
        _cell("regimes.xlsx", "Hạn gửi", "C3", 16),
        "catalogue-deadlines-order",
        "Hạn gửi",
        "C3",
    ),
    (
        "a deadline without a day",
        _cell("regimes.xlsx", "Hạn gửi", "C3", None),
        "catalogue-deadline-unstated",
        "Hạn gửi",
        "C3",
    ),
    (
        "a deadline stated twice",
        _cell("regimes.xlsx", "Hạn gửi", "F3", 4),
        "catalogue-deadline-unstated",
        "Hạn gửi",
        "C3",
    ),
    ("a formula that does not end", _cell(FORM, COLUMNS, "J4", "(c06) / ("), "catalogue-formula-bad", COLUMNS, "J4"),
    ("a comma between arguments", _cell(FORM, COLUMNS, "J4", "ROUND((c06),1)"), "catalogue-formula-bad", COLUMNS, "J4"),
    (
        "an unknown column in a formula",
        _cell(FORM, COLUMNS, "J4", "(c07) / (c05)"),
        "catalogue-formula-reference",
        COLUMNS,
        "J4",
    ),
    (
        "an unknown row in a formula",
        _cell(FORM, COLUMNS, "J4", "[A3].(c06)"),
        "catalogue-formula-reference",
        COLUMNS,
        "J4",
    ),
    ("a comparison for a formula", _cell(FORM, COLUMNS, "J4", "(c06) > 1"), "catalogue-formula-kind", COLUMNS, "J4"),
    ("a computed cell without a formula", _cell(FORM, COLUMNS, "J4", None), "catalogue-formula-missing", COLUMNS, "J4"),
    ("a formula of itself", _cell(FORM, COLUMNS, "J4", "(c08) + 1"), "catalogue-formula-cycle", COLUMNS, "J4"),
    ("an unknown row in a rule", _cell(FORM, RULES, "B2", "[A3] <= [A1]"), "catalogue-formula-reference", RULES, "B2"),
    ("a number for a rule", _cell(FORM, RULES, "B2", "[A2] + [A1]"), "catalogue-formula-kind", RULES, "B2"),
    ("a broken condition", _cell(FORM, RULES, "H2", "[A1] >"), "catalogue-formula-bad", RULES, "H2"),
    (
        "a passing example that fails",
        _cell(FORM, RULES, "N2", "[A2].(c06)=9; [A1].(c06)=2"),
        "catalogue-rule-example",
        RULES,
        "N2",
    ),
    (
        "a failing example that passes",
        _cell(FORM, RULES, "O2", "[A2].(c06)=1; [A1].(c06)=2"),
        "catalogue-rule-example",
        RULES,
        "O2",
    ),
    (
        "an example of an unknown cell",
        _cell(FORM, RULES, "N2", "[A7].(c06)=9"),
        "catalogue-rule-example-bad",
        RULES,
        "N2",
    ),
    (
        "an example that is prose",
        _cell(FORM, RULES, "N2", "lúa nhỏ hơn tổng"),
        "catalogue-rule-example-bad",
        RULES,
        "N2",
    ),
    (
        "a form in the file of another",
        lambda f: f.cell(FORM, "Biểu", "B1", "TH-02"),
        "catalogue-form-file",
        "Biểu",
        "B1",
    ),
]


@pytest.mark.parametrize(
    ("edit", "code", "sheet", "cell"), [one[1:] for one in ONE_MISTAKE], ids=[one[0] for one in ONE_MISTAKE]
)
def test_a_mistake_is_found_where_it_stands(edit: Edit, code: str, sheet: str | None, cell: str | None) -> None:
    _, findings = edit(Folder.of(small())).read()
    found = [one for one in findings if one.code == code]
    assert found, [one.code for one in findings]
    assert (found[0].sheet, found[0].cell) == (sheet, cell)
    for one in findings:
        assert "{" not in message(one) + fix(one)


@pytest.mark.parametrize(
    ("edit", "nearest"),
    [
        (_cell("units.xlsx", UNITS, "D4", "phừơng"), "phường"),
        (_cell(FORM, ROWS, "O3", "SNMT"), "SNNMT"),
        (_cell(FORM, ROWS, "L3", "ngành-Σxã"), "ngành⇄Σxã"),
        (_cell(FORM, COLUMNS, "J4", "(c06) / (c055)"), "c05"),
        (_cell("units.xlsx", UNITS, "F1", "thứ tựa"), "thứ tự"),
    ],
)
def test_the_nearest_valid_word_is_proposed(edit: Edit, nearest: str) -> None:
    _, findings = edit(Folder.of(small())).read()
    assert nearest in {one.expected for one in findings}


def test_every_mistake_of_every_workbook_is_told_in_one_pass() -> None:
    folder = (
        Folder.of(small())
        .cell("units.xlsx", UNITS, "D4", "xả")
        .cell("holidays.xlsx", "Ngày nghỉ", "A2", "hôm qua")
        .cell(FORM, ROWS, "H4", "hecta")
        .cell(FORM, RULES, "B2", "[A3] <=")
        .file("roles.xlsx", b"not a workbook")
    )
    _, findings = folder.read()
    assert {one.code for one in findings} == {
        "catalogue-value-bad",
        "catalogue-reference-unknown",
        "catalogue-formula-bad",
        "catalogue-workbook-unreadable",
    }


def test_a_faulty_row_does_not_make_every_reference_to_it_a_mistake() -> None:
    _, findings = Folder.of(small()).cell("units.xlsx", UNITS, "F3", "hai").read()
    assert [(one.code, one.cell) for one in findings] == [("catalogue-value-bad", "F3")]


def test_two_cells_of_one_series_are_named_both() -> None:
    _, findings = Folder.of(small()).cell(FORM, ROWS, "F4", "A1").read()
    clash = next(one for one in findings if one.code == "catalogue-series-clash")
    assert {"[A1].(c05)", "[A2].(c05)"} <= set(dict(clash.values).values())


def test_a_file_the_guard_refuses_is_never_opened() -> None:
    refused = Finding("guard-zip-bomb", Severity.BLOCK)
    files = Folder.of(small()).files
    catalogue, findings = read_folder(files, guard=lambda data, name: (refused,) if name == "holidays.xlsx" else ())
    assert refused in findings
    assert catalogue.holidays == ()
    assert catalogue.units == small().units


def test_the_guard_is_the_one_uploads_pass() -> None:
    catalogue, findings = read_folder({"units.xlsx": b"MZ not a workbook"})
    assert catalogue == Catalogue()
    assert [one.code.split("-")[0] for one in findings] == ["guard"]


@cache
def _folder() -> Folder:
    return Folder.of(small())


SHEETS = [
    ("units.xlsx", UNITS), ("measures.xlsx", "Đơn vị tính"), ("indicators.xlsx", ROWS), ("plans.xlsx", "Kế hoạch"),
    ("regimes.xlsx", "Hạn gửi"), ("outlines.xlsx", "Đề mục"), ("roles.xlsx", "Vai trò"), (FORM, "Biểu"), (FORM, ROWS),
    (FORM, COLUMNS), (FORM, "Ô"), (FORM, RULES), (FORM, "Danh mục"),
]  # fmt: skip
TYPED = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.dates(), st.times(),
    st.sampled_from(["x", "-", "c06", "A1", "xã", "T(11-5", "[A1].(c06)", "(c08)", "M1", "66", "#N/A", "1,5", "=="]),
)  # fmt: skip


@settings(max_examples=25)
@given(st.sampled_from(SHEETS), st.integers(1, 6), st.integers(1, 20), TYPED)
def test_whatever_is_typed_anywhere_the_folder_is_read(
    sheet: tuple[str, str], row: int, column: int, typed: object
) -> None:
    _, findings = _folder().cell(*sheet, f"{letters(column - 1)}{row}", typed).read()
    for one in findings:
        assert message(one)
        assert fix(one)


# --- without workbooks -----------------------------------------------------------------------------------------------


def _form(**changes: object) -> Catalogue:
    form: Form = replace(small().forms[0], **changes)  # type: ignore[arg-type]
    return replace(small(), forms=(form,), rules=())


def _codes(catalogue: Catalogue) -> set[str]:
    return {one.code for one in check(catalogue)}


def test_deadlines_counted_from_closing_are_compared_and_a_week_has_no_day_of_a_month() -> None:
    def found(frequency: Frequency, *deadlines: Deadline) -> list[str]:
        regime = replace(small().regimes[0], frequency=frequency, deadlines=deadlines)
        return [one.code for one in check(replace(small(), regimes=(regime,)))]

    two, four = Deadline("xã", after=2), Deadline("sở", after=4)
    assert found(Frequency.WEEK, two, four) == found(Frequency.MONTH, two, Deadline("sở", 20)) == []
    assert found(Frequency.MONTH, two, replace(four, after=1, counted=DayCount.CALENDAR)) == []
    assert found(Frequency.MONTH, four, replace(two, level="chủ trì")) == ["catalogue-deadlines-order"]
    assert found(Frequency.WEEK, two, Deadline("sở", 20)) == ["catalogue-deadline-weekly"]


def test_the_small_catalogue_is_sound() -> None:
    assert check(small()) == ()


def test_an_indicator_in_the_row_and_in_the_column_is_refused() -> None:
    columns = tuple(replace(one, indicator="B1") if one.code == "c06" else one for one in small().forms[0].columns)
    assert "catalogue-indicator-twice" in _codes(_form(columns=columns))


def test_a_sum_over_all_levels_is_the_authors_own_statement() -> None:
    rows = tuple(
        replace(row, province_value=ProvinceValue.ALL) if isinstance(row, Row) and row.indicator else row
        for row in small().forms[0].rows
    )
    assert _codes(_form(rows=rows)) == set()


def test_a_row_given_by_communes_and_by_a_department_is_never_added_together() -> None:
    rows = tuple(
        replace(row, province_value=ProvinceValue.COMMUNES) if row.indicator == "A1" else row
        for row in small().forms[0].rows
    )
    found = [one for one in check(_form(rows=rows)) if one.code == "catalogue-total-mixes-levels"]
    assert [one.row for one in found] == ["A1"]


def test_a_clash_that_only_october_has_is_found() -> None:
    columns = small().forms[0].columns
    october = replace(columns[1], code="c14", occasion=replace(columns[1].occasion, months=frozenset({10})))
    assert "catalogue-series-clash" in _codes(_form(columns=(*columns, october)))


def test_a_closed_cell_needs_no_series() -> None:
    form = small().forms[0]
    rows = (*form.rows, Row("Z", "", "Dòng tự do"))
    closing = replace(form.cell_rules[0], columns=frozenset({"c05", "c06", "c08"}), rows=frozenset({"Z"}))
    catalogue = _form(rows=rows, cell_rules=(*form.cell_rules, replace(closing, kind=CellKind.CLOSED)))
    assert _codes(catalogue) == {"catalogue-row-without-supplier"}


def test_dates_and_ratios_are_checked_without_places() -> None:
    unit = replace(small().units[0], valid_to=date(2000, 1, 1))
    ratio = replace(small().indicators[0], nature=RowNature.RATIO)
    broken = replace(
        small(),
        units=(unit, *small().units[1:]),
        indicators=(ratio, *small().indicators[1:]),
        forms=(),
        rules=(),
        regimes=(),
    )
    assert _codes(broken) == {"catalogue-dates-reversed", "catalogue-ratio-incomplete"}


@pytest.mark.parametrize("rule", [Aggregation.WEIGHTED, Aggregation.AVERAGE, Aggregation.RATIO])
def test_what_is_reckoned_from_figures_that_add_up_is_in_order(rule: Aggregation) -> None:
    known = small().indicators
    made = replace(
        known[0],
        code="Z",
        name="Mật độ đàn",
        nature=RowNature.POINT,
        aggregation=rule,
        numerator="A1",
        denominator="B1",
    )
    assert _codes(replace(small(), indicators=(*known, made))) == set()
