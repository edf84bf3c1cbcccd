"""One indicator, one meaning, one source (R03); versions in order; personal data with a basis (F21)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from ingest.definition import read_folder, read_form
from registry.catalogue.check import check
from registry.catalogue.model import (
    Catalogue,
    CellKind,
    CellRule,
    Column,
    CommuneEntry,
    Form,
    Frequency,
    Indicator,
    ListTable,
    Rule,
    RuleLevel,
)
from registry.catalogue.personal import is_personal
from registry.catalogue.values import Nature
from registry.findings import Finding, Severity, fix, is_blocking, message
from tests.catalogue.folders import FORM, Folder, small
from workbook_templates.definition_book import write
from workbook_templates.form_book import form_book

SMALL = small()
TH01 = SMALL.forms[0]


def codes(findings: tuple[Finding, ...]) -> list[str]:
    return [one.code for one in findings]


def second(form: Form = TH01, code: str = "TH-02") -> Form:
    """Another form that asks the same."""
    return replace(form, code=code, cell_rules=())


def asked_by(catalogue: Catalogue, form: Form, *reporters: str, frequency: Frequency = Frequency.MONTH) -> Catalogue:
    regime = replace(
        SMALL.regimes[0], code=f"CD-{form.code}", forms=(form.code,), reporters=reporters, frequency=frequency
    )
    return replace(catalogue, forms=(*catalogue.forms, form), regimes=(*catalogue.regimes, regime))


# --- one source ------------------------------------------------------------------------------------------------------


def test_a_figure_kept_by_two_forms_is_refused_with_the_rows_of_both() -> None:
    both = asked_by(SMALL, second(), "xã")
    _, findings = Folder.of(both).read()
    found = [one for one in findings if one.code == "catalogue-two-sources"]
    places = {(dict(one.values)["workbook"], one.sheet, one.cell) for one in found}
    rows = {("Chỉ tiêu", f"F{line}") for line in (3, 4, 5)}
    assert places == {(f"forms/{form}", *place) for form in ("TH-01", "TH-02") for place in rows}
    assert is_blocking(found)
    assert all("TH-01" in message(one) and "TH-02" in message(one) for one in found)


def test_a_form_of_no_regime_yet_may_not_ask_what_another_asks() -> None:
    found = codes(check(replace(SMALL, forms=(TH01, second()))))
    assert set(found) == {"catalogue-two-sources"}


def test_a_row_shown_in_the_second_form_has_one_source() -> None:
    shown = replace(
        second(),
        rows=tuple(replace(row, commune_entry=CommuneEntry.SHOWN, suppliers=("SNNMT",)) for row in TH01.rows),
    )
    assert check(asked_by(SMALL, shown, "xã")) == ()


def test_cells_closed_by_hand_are_no_second_source() -> None:
    closed = replace(second(), cell_rules=(CellRule(frozenset({"c05", "c06"}), kind=CellKind.CLOSED),))
    assert check(asked_by(SMALL, closed, "xã")) == ()


def test_other_units_or_other_periods_are_no_second_source() -> None:
    of_agency = replace(
        second(), rows=tuple(replace(row, commune_entry=CommuneEntry.ABSENT, suppliers=("66",)) for row in TH01.rows)
    )
    assert "catalogue-two-sources" not in codes(check(asked_by(SMALL, of_agency, "66")))
    assert "catalogue-two-sources" not in codes(check(asked_by(SMALL, second(), "xã", frequency=Frequency.ONCE)))
    assert "catalogue-two-sources" in codes(check(asked_by(SMALL, second(), "xã")))


def _listing(nature: Nature) -> Form:
    """A form with nothing but a list that keeps the area sown."""
    typed = next(column for column in TH01.columns if column.code == "c06")
    columns = (
        Column("l1", "1", ("Thôn",), CellKind.TEXT, key=True),
        replace(typed, code="l2", indicator="A1", measure="ha", nature=nature, keep=True),
    )
    return replace(second(), rows=(), columns=(), lists=(ListTable("DS", "CÁC THÔN", columns),))


def test_a_list_that_keeps_what_another_form_keeps_is_a_second_source() -> None:
    typed = next(column for column in TH01.columns if column.code == "c06")
    found = check(asked_by(SMALL, _listing(typed.nature), "xã"))
    assert [(one.code, one.cell) for one in found] == [
        ("catalogue-two-sources", "TH-01 A1"),
        ("catalogue-two-sources", "TH-02 DS l2"),
    ]
    other = next(one for one in Nature if one is not typed.nature)
    assert check(asked_by(SMALL, _listing(other), "xã")) == ()


def test_two_versions_of_one_form_are_one_form() -> None:
    versions = (replace(TH01, title="CŨ"), replace(TH01, version=2, valid_from=date(2026, 1, 1)))
    assert check(replace(SMALL, forms=versions)) == ()


@pytest.mark.parametrize("overlap", [True, False])
def test_a_form_of_two_regimes_at_one_time_is_refused_with_both_named(overlap: bool) -> None:
    ended = replace(SMALL.regimes[0], valid_to=date(2026, 12, 31))
    begun = replace(ended, code="TH-2027", valid_from=date(2026 if overlap else 2027, 1, 1), valid_to=None)
    found = check(replace(SMALL, regimes=(ended, begun)))
    assert [(one.code, one.found, one.expected) for one in found] == (
        [("catalogue-form-asked-twice", "TH-2027", ended.code)] if overlap else []
    )


def test_a_form_may_serve_any_number_of_requests() -> None:
    once = replace(SMALL.regimes[0], frequency=Frequency.ONCE)
    assert "catalogue-form-asked-twice" not in codes(check(replace(SMALL, regimes=(once, replace(once, code="DX2")))))


# --- one meaning -----------------------------------------------------------------------------------------------------


def test_every_row_with_a_measure_of_another_kind_is_named() -> None:
    rows = tuple(replace(row, measure="con", commune_measure="con") if row.code != "M1" else row for row in TH01.rows)
    found = [one for one in check(replace(SMALL, forms=(replace(TH01, rows=rows),))) if "measure-clash" in one.code]
    assert {one.cell for one in found if one.expected == "ha"} == {"TH-01 A1", "TH-01 A2"}


def test_a_row_named_after_another_indicator_is_refused() -> None:
    rows = tuple(replace(row, indicator="A1") if row.code == "B1" else row for row in TH01.rows if row.code != "A1")
    found = check(replace(SMALL, forms=(replace(TH01, rows=rows),), rules=()))
    (named,) = [one for one in found if one.code == "catalogue-row-named-after-another"]
    assert (named.row, named.found, named.expected, named.cell) == ("Đàn bò", "A1", "B1", "TH-01 B1")


def test_a_row_that_only_shortens_its_indicators_name_is_not_another() -> None:
    assert "– Lúa" in {row.label for row in TH01.rows}  # "Trong đó: lúa" in the list of indicators
    assert check(SMALL) == ()


@pytest.mark.parametrize(
    ("field", "value", "code", "cell"),
    [
        ("measure", "nghìn ha", "catalogue-indicator-measure", "C2"),
        ("concept", "Chỉ tính cây lâu năm", "catalogue-indicator-redefined", "K2"),
        ("method", "Cộng các vụ", "catalogue-indicator-redefined", "L2"),
    ],
)
def test_an_indicator_given_another_meaning_is_refused(field: str, value: str, code: str, cell: str) -> None:
    known = replace(SMALL.indicators[0], concept="Diện tích gieo trồng", method="Cộng các thôn")
    base = replace(SMALL, indicators=(known, *SMALL.indicators[1:]))
    new = replace(base, indicators=(replace(known, **{field: value}),))
    folder = Folder.of(new).only("indicators.xlsx")
    found = [one for one in folder.read(base)[1] if one.code.startswith("catalogue-indicator")]
    assert [(one.code, one.cell, one.found) for one in found] == [(code, cell, value)]
    assert is_blocking(found)


def test_a_meaning_may_change_from_a_later_date_and_be_said_for_the_first_time() -> None:
    known = SMALL.indicators[0]
    for changed in (
        replace(known, concept="Nói lần đầu"),
        replace(known, name="Diện tích gieo trồng"),
        replace(known, method="Khác", concept="Khác", valid_from=date(2027, 1, 1)),
    ):
        folder = Folder.of(replace(SMALL, indicators=(changed,))).only("indicators.xlsx")
        assert folder.read(replace(SMALL, forms=(), rules=(), regimes=()))[1] == ()


def test_indicators_with_one_name_and_measure_are_pointed_out_but_not_refused() -> None:
    twin = replace(SMALL.indicators[0], code="A9", name="– GIEO  TRỒNG")
    other = replace(twin, code="A8", measure="con")
    (found,) = check(replace(SMALL, indicators=(*SMALL.indicators, twin, other)))
    assert (found.code, found.severity) == ("catalogue-indicators-alike", Severity.NOTE)
    assert (found.found, found.expected) == ("A9", "A1")


# --- versions --------------------------------------------------------------------------------------------------------


def _beside(new: Form, known: Form = TH01) -> list[str]:
    folder = Folder.of(replace(SMALL, forms=(new,))).only(FORM)
    return codes(folder.read(replace(SMALL, forms=(known,)))[1])


def test_a_version_that_would_never_be_used_is_refused() -> None:
    later = replace(TH01, valid_from=date(2026, 11, 1))
    assert _beside(replace(TH01, title="KHÁC"), later) == ["catalogue-form-date-earlier"]
    assert _beside(replace(TH01, title="KHÁC", valid_from=date(2026, 11, 2)), later) == []


def test_a_change_without_a_new_date_is_pointed_out() -> None:
    assert _beside(replace(TH01, title="KHÁC")) == ["catalogue-form-date-kept"]
    assert _beside(replace(TH01, version=7)) == []


def test_a_rule_left_out_of_a_forms_workbook_stays_and_that_is_said() -> None:
    folder = Folder.of(replace(SMALL, rules=())).only(FORM)
    (found,) = folder.read(SMALL)[1]
    assert (found.code, found.found, found.severity) == ("catalogue-rule-left-out", "K1", Severity.NOTE)
    ended = replace(SMALL.rules[0], valid_to=date(2026, 12, 31))
    assert folder.read(replace(SMALL, rules=(ended,)))[1] == ()


# --- personal data ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "heading",
    [
        "Họ và tên",
        "HỌ TÊN CHỦ HỘ",
        "Số CCCD",
        "Số căn cước công dân",
        "CMND/CCCD",
        "Ngày, tháng, năm sinh",
        "Năm sinh",
        "Địa chỉ thường trú",
        "Số điện thoại",
        "SĐT",
        "Số định danh cá nhân",
    ],
)
def test_a_heading_of_personal_data_is_recognised(heading: str) -> None:
    assert is_personal(heading)


@pytest.mark.parametrize("heading", ["Tên dự án", "Ngày sinh hoạt", "Địa bàn", "Số hộ", "Căn cứ", "Họp tổ"])
def test_other_headings_are_not_personal(heading: str) -> None:
    assert not is_personal(heading)


def _with_list(form: Form) -> Catalogue:
    column = Column("d01", "1", ("Người có công", "Họ và tên"), CellKind.TEXT, key=True)
    return replace(SMALL, forms=(replace(form, lists=(ListTable("DS", "DANH SÁCH", (column,)),)),))


KEPT = replace(TH01, personal_kept_days=365)


def test_personal_data_without_a_legal_basis_is_warned_of_where_it_stands() -> None:
    folder = Folder.of(_with_list(replace(KEPT, legal_basis="")))
    (found,) = folder.read()[1]
    assert (found.code, found.severity) == ("catalogue-personal-column", Severity.WARNING)
    assert (found.sheet, found.cell) == ("Cột danh sách", "D2")
    assert "ban hành kèm theo" in fix(found)


def test_a_legal_basis_and_a_time_to_be_kept_suffice() -> None:
    assert check(_with_list(KEPT)) == ()
    assert Folder.of(_with_list(KEPT)).read()[1] == ()


def test_personal_data_kept_for_ever_are_noted_unless_the_column_is_said_to_hold_none() -> None:
    (found,) = check(_with_list(TH01))
    assert (found.code, found.severity) == ("catalogue-personal-kept", Severity.NOTE)
    catalogue = _with_list(TH01)
    (form,) = catalogue.forms
    (table,) = form.lists
    other = replace(form, lists=(replace(table, columns=(replace(table.columns[0], personal=False),)),))
    assert check(replace(catalogue, forms=(other,))) == ()
    marked = replace(table.columns[0], path=("Hồ sơ",), personal=True)
    marked_form = replace(form, lists=(replace(table, columns=(marked,)),))
    assert [one.code for one in check(replace(catalogue, forms=(marked_form,)))] == ["catalogue-personal-kept"]


def test_who_sees_personal_data_is_a_role_or_a_unit() -> None:
    for named in (("receiver",), (SMALL.units[0].code, "office")):
        assert check(_with_list(replace(KEPT, personal_seen_by=named))) == ()
    (found,) = check(_with_list(replace(KEPT, personal_seen_by=("receiver", "lãnh đạo"))))
    assert (found.code, found.found) == ("catalogue-personal-reader", "lãnh đạo")
    assert "receiver" in fix(found)


# --- names -----------------------------------------------------------------------------------------------------------


def _typed(sheet: str, a1: str, value: str) -> tuple[Finding, ...]:
    return Folder.of(SMALL).cell(FORM, sheet, a1, value).read()[1]


@pytest.mark.parametrize(
    ("sheet", "a1", "typed", "meant"),
    [
        ("Chỉ tiêu", "F3", "A 1", "A1"),
        ("Chỉ tiêu", "H3", "HA", "ha"),
        ("Chỉ tiêu", "O3", "SNNTM", "SNNMT"),
        ("Cột", "F2", "thưc hiên", "thực hiện"),
        ("Cột", "E2", "nhâp", "nhập"),
        ("Cột", "P2", "cayy", "cay"),
        ("Cột", "S2", "xa", "xã"),
        ("Cột", "A1", "ma so", "mã"),
        ("Ô", "A2", "c8", "c08"),
    ],
)
def test_a_misspelt_name_gets_the_nearest_valid_one(sheet: str, a1: str, typed: str, meant: str) -> None:
    found = [one for one in _typed(sheet, a1, typed) if one.cell == a1 and one.sheet == sheet]
    assert [one.expected for one in found] == [meant], found


def test_a_misspelt_sheet_gets_the_nearest_title() -> None:
    (unknown,) = Folder.of(SMALL).with_sheet(FORM, "Quy tắc kiểm").read()[1]
    assert (unknown.code, unknown.expected) == ("catalogue-sheet-unknown", "Quy tắc kiểm tra")


# --- the workbook to design in ---------------------------------------------------------------------------------------


def test_a_form_taken_out_to_be_changed_is_read_back_equal_whatever_its_file_is_called() -> None:
    data = form_book(SMALL, TH01, SMALL.rules)
    found, findings = read_form(data, "bieu moi (1).xlsx", SMALL)
    assert findings == ()
    assert (found.forms, found.rules) == ((TH01,), SMALL.rules)


def test_equal_forms_give_equal_workbooks() -> None:
    assert form_book(SMALL, TH01, SMALL.rules) == form_book(SMALL, TH01, SMALL.rules)


def test_the_blank_workbook_asks_only_for_what_a_form_must_have() -> None:
    _, findings = read_form(form_book(SMALL), "moi.xlsx", SMALL)
    assert [(one.code, one.sheet, one.cell) for one in findings] == [
        ("catalogue-value-missing", "Biểu", "B1"),
        ("catalogue-value-missing", "Biểu", "B2"),
    ]


def test_help_sheets_are_passed_over_only_in_a_forms_workbook() -> None:
    guided = Folder(write(SMALL)).with_sheet(FORM, "Hướng dẫn").with_sheet(FORM, "Tra cứu")
    assert read_folder(guided.files, guard=lambda data, name: ())[1] == ()


def test_a_misspelt_indicator_in_a_rule_is_a_finding_not_an_exception() -> None:
    rule = Rule("K9", "TH-01", "[A11] <= [A1]", RuleLevel.NOTE, "x")
    _, findings = read_form(form_book(SMALL, TH01, (rule,)), "x.xlsx", SMALL)
    assert ("catalogue-formula-reference", "A1") in [(one.code, one.expected) for one in findings]


def test_indicators_of_the_catalogue_can_be_chosen_from_a_list() -> None:
    from io import BytesIO

    from openpyxl import load_workbook

    book = load_workbook(BytesIO(form_book(SMALL)))
    assert book.sheetnames[0] == "Hướng dẫn"
    rows = book["Chỉ tiêu"]
    lists = {str(one.sqref).split(":")[0]: one.formula1 for one in rows.data_validations.dataValidation}
    area = lists["F2"].replace("'Tra cứu'!", "").replace("$", "")
    codes_listed = [cell.value for line in book["Tra cứu"][area] for cell in line]
    assert codes_listed == [one.code for one in SMALL.indicators]
    assert all(cell.comment for cell in rows[1])


def test_a_new_indicator_and_its_form_may_come_in_one_folder() -> None:
    new = replace(SMALL.indicators[0], code="A7", name="Diện tích ngô")
    assert isinstance(new, Indicator)
    row = replace(TH01.rows[1], code="A7", indicator="A7", label="Diện tích ngô", number="3")
    form = replace(second(), rows=(row,), cell_rules=())
    folder = Folder.of(Catalogue(indicators=(new,), forms=(form,))).only("indicators.xlsx", "forms/TH-02.xlsx")
    assert folder.read(SMALL)[1] == ()
