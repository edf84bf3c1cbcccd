"""The sample catalogue is complete, faithful to its source text, and sound."""

from __future__ import annotations

import unicodedata
from collections import Counter
from dataclasses import fields, is_dataclass
from datetime import date, time
from functools import cache

import pytest

from ingest.definition import read_folder
from registry import sample
from registry.catalogue.check import check
from registry.catalogue.chronicle import Chronicle
from registry.catalogue.forms import Access, Definitions, View, row_set
from registry.catalogue.model import (
    Aggregation,
    Catalogue,
    CellKind,
    CommuneEntry,
    Form,
    PlanKind,
    ProvinceValue,
    Role,
    RowKind,
    RowNature,
    Unit,
    UnitKind,
)
from registry.catalogue.values import Aspect, CellKey, Nature
from registry.findings import Finding
from registry.periods import parse
from registry.rules import catalogue_check
from registry.sample.sources import national_units
from workbook_templates.definition_book import write

KTXH, TTHC = "KTXH-01", "II.06a"


@cache
def _read() -> tuple[Catalogue, tuple[Finding, ...]]:
    return read_folder(write(sample.catalogue()))


def form(code: str) -> Form:
    return next(one for one in sample.catalogue().forms if one.code == code)


def unit(code: str) -> Unit:
    return next(one for one in sample.catalogue().units if one.code == code)


def view(form_code: str, unit_code: str, period_code: str) -> View:
    catalogue = sample.catalogue()
    definitions = Definitions(
        {one.code: one for one in catalogue.measures}, {one.code: one for one in catalogue.indicators}
    )
    shape = parse(period_code).shape
    return View(form(form_code), shape, row_set(form(form_code), unit(unit_code), shape), definitions)


def columns(form_code: str, unit_code: str, period_code: str) -> list[str]:
    return [one.code for one in view(form_code, unit_code, period_code).columns]


def kind(one: View, row: str, column: str) -> CellKind:
    return one.cells[CellKey(row, column)].kind


# --- as a catalogue --------------------------------------------------------------------------------------------------


def test_the_folder_reads_back_equal_and_without_findings() -> None:
    catalogue, findings = _read()
    assert findings == ()
    assert catalogue == sample.catalogue()


def test_the_sample_passes_every_check() -> None:
    assert check(sample.catalogue()) == ()
    assert catalogue_check.check(sample.catalogue()) == ()


def test_every_text_is_nfc() -> None:
    def texts(value: object) -> list[str]:
        if isinstance(value, str):
            return [value]
        if is_dataclass(value):
            return [text for field in fields(value) for text in texts(getattr(value, field.name))]
        return [text for one in value for text in texts(one)] if isinstance(value, tuple | frozenset) else []

    assert all(unicodedata.is_normalized("NFC", text) for text in texts(sample.catalogue()))


def test_everything_invented_says_so() -> None:
    catalogue = sample.catalogue()
    assert all(plan.sample for plan in catalogue.plans)
    assert all("dữ liệu mẫu" in one.position for one in catalogue.roles)
    assert all("dữ liệu mẫu" in one.legal_basis for one in catalogue.forms)


# --- units -----------------------------------------------------------------------------------------------------------


def today() -> list[Unit]:
    return [one for one in sample.catalogue().units if one.valid_to is None]


def test_there_are_102_communes_of_which_14_are_wards() -> None:
    kinds = Counter(one.kind for one in today() if one.kind.is_commune)
    assert kinds == {UnitKind.COMMUNE: 88, UnitKind.WARD: 14}


def test_group_sets_have_their_sizes() -> None:
    groups = Counter(group for one in today() for group in one.groups)
    assert groups["phia", "Khu vực phía Tây"] == 68
    assert groups["phia", "Khu vực phía Đông"] == 34
    assert groups["bien_gioi", "biên giới"] == 4
    assert groups["ven_bien", "ven biển"] == 14
    assert groups["dtts", "chưa phân định"] == 102
    assert sum(name == "huyen_cu" for name, _ in groups) == 24


def test_the_two_wards_of_several_districts_count_with_tuy_hoa() -> None:
    assert {dict(unit(code).groups)["huyen_cu"] for code in ("22015", "22240")} == {"Thành phố Tuy Hòa"}


def test_24_districts_ended_with_june_2025() -> None:
    districts = [one for one in sample.catalogue().units if one.kind is UnitKind.DISTRICT]
    assert len(districts) == 24
    assert {one.valid_to for one in districts} == {date(2025, 6, 30)}


REFORM = date(2025, 7, 1)


def test_every_commune_succeeds_a_district_and_only_two_succeed_several() -> None:
    districts = {one.code for one in sample.catalogue().units if one.kind is UnitKind.DISTRICT}
    parents = Counter(one.new for one in sample.catalogue().successions if one.old in districts)
    assert len(parents) == 102
    assert {code for code, count in parents.items() if count > 1} == {"22015", "22240"}


def test_286_old_communes_became_102_and_thirteen_hold_parts_of_eight() -> None:
    units = sample.catalogue().units
    chronicle = Chronicle(units, sample.catalogue().successions)
    former = {one.key for one in units if one.kind.is_commune and one.valid_to == date(2025, 6, 30)}
    assert len(former) == 286
    steps = [step for step in chronicle.steps if step.old in former]
    assert {step.old for step in steps} == former
    assert {step.on for step in steps} == {REFORM}
    assert len({step.new for step in steps}) == 102
    parts = [step for step in steps if not step.whole]
    assert (len({step.old for step in parts}), len({step.new for step in parts})) == (8, 13)


def test_phu_yen_and_its_departments_went_whole_into_todays() -> None:
    chronicle = Chronicle(sample.catalogue().units, sample.catalogue().successions)
    before, after = date(2025, 6, 30), REFORM
    eastern = [one for one in chronicle.units_on(before) if one.parent == "54"]
    gone = [one for one in eastern if one.kind is UnitKind.DEPARTMENT and one.code.startswith("PY-")]
    assert len(gone) == 13
    for one in gone:
        assert [(step.new[0], step.whole) for step in chronicle.went_to(one.key)] == [(one.code[3:], True)]
    assert chronicle.above(("BQLKKT", date(2004, 1, 1)), before) == [("54", date(2004, 1, 1))]
    assert chronicle.above(("BQLKKT", date(2004, 1, 1)), after) == [("66", date(2004, 1, 1))]
    assert {one.code for one in chronicle.units_on(after) if one.parent is None} == {"66"}


def test_a_commune_has_no_superior_line_and_a_department_has_one() -> None:
    assert unit("24211").letterhead == "ỦY BAN NHÂN DÂN / XÃ EA SÚP"
    assert unit("STC").letterhead == "UBND TỈNH ĐẮK LẮK // SỞ TÀI CHÍNH"
    assert not any("//" in one.letterhead for one in today() if one.kind.is_commune)


def test_official_order_has_no_ties() -> None:
    orders = [one.order for one in today()]
    assert len(orders) == len(set(orders))


def test_the_country_has_3321_communes_for_scale() -> None:
    assert sum(1 for _ in national_units()) == 3321


# --- KTXH-01 ---------------------------------------------------------------------------------------------------------


def test_ktxh_has_67_rows_and_two_for_communes_only() -> None:
    rows = [row for row in form(KTXH).rows if row.kind is RowKind.DATA]
    own = [row.code for row in rows if row.number == "–"]
    assert (len(rows), own) == (69, ["TX01", "TX02"])
    assert sum(row.kind is RowKind.SECTION for row in form(KTXH).rows) == 6


def test_communes_fill_29_rows_and_see_16() -> None:
    entries = Counter(row.commune_entry for row in form(KTXH).rows if row.kind is RowKind.DATA)
    assert entries[CommuneEntry.ENTERS] + entries[CommuneEntry.SOME] == 29
    assert entries[CommuneEntry.SHOWN] == 16


@pytest.mark.parametrize("month", range(1, 13))
def test_22_to_25_of_the_29_rows_are_open_in_any_month(month: int) -> None:
    own = [row for row in form(KTXH).rows if row.commune_entry in (CommuneEntry.ENTERS, CommuneEntry.SOME)]
    assert 22 <= sum(row.is_open(parse(f"2026{month:02d}").shape) for row in own) <= 25


@pytest.mark.parametrize(
    ("period", "absent", "present"),
    [
        ("202601", {"c04", "c07", "c10", "c14", "c15"}, {"c05", "c06", "c13"}),
        ("202605", {"c14", "c15"}, {"c16", "c17"}),
        ("202609", {"c14", "c15", "c16"}, {"c04", "c07", "c10"}),
        ("202610", {"c16", "c17"}, {"c14", "c15"}),
        ("202611", {"c15"}, {"c14"}),
        ("202612", {"c14"}, {"c15"}),
    ],
)
def test_the_set_of_columns_changes_with_the_month(period: str, absent: set[str], present: set[str]) -> None:
    shown = set(columns(KTXH, "STC", period))
    assert not shown & absent
    assert present <= shown


def test_the_communes_form_hides_the_central_plan() -> None:
    assert {"c01", "c12"} & set(columns(KTXH, "24211", "202609")) == set()
    c02 = next(one for one in form(KTXH).columns if one.code == "c02")
    assert c02.heading("xã")[-1] == "UBND tỉnh giao / HĐND xã"
    assert c02.heading("tỉnh")[-1] == "HĐND giao"


def test_month_nine_opens_quarterly_rows() -> None:
    assert dict(view(KTXH, "TKE", "202609").row_set.rows)["TC13"] is Access.OPEN
    assert dict(view(KTXH, "TKE", "202610").row_set.rows)["TC13"] is Access.CLOSED


@pytest.mark.parametrize(
    ("unit_code", "row", "kinds"),
    [
        ("24211", "NN12", "c05 nhập, c06 nhập, c07 tính, c08 tính, c09 tính, c10 tính, c11 tính"),
        ("24211", "NN13", "c05 nhập, c06 nhập, c07 x, c08 tính, c09 tính, c10 x, c11 tính"),
        ("24211", "NN06", "c05 nhập, c06 tính, c07 nhập, c08 x, c09 x, c10 tính, c11 tính"),
        ("24211", "TX01", "c05 nhập, c06 tính, c07 nhập, c08 x, c09 x, c10 tính, c11 tính"),
        ("24211", "TC08", "c05 tính, c06 tính, c07 tính, c08 tính, c09 tính, c10 tính, c11 x"),
        ("24211", "XH08", "c05 hiện, c06 hiện, c07 hiện, c08 tính, c09 tính, c10 tính, c11 tính"),
        ("24211", "TC06", "c05 hiện, c06 hiện, c07 x, c08 tính, c09 tính, c10 x, c11 x"),
        ("24211", "NN17", "c05 nhập, c06 nhập, c07 tính, c08 tính, c09 tính, c10 tính, c11 x"),
        ("TKE", "CN01", "c03 x, c05 x, c06 x, c07 x, c08 nhập, c09 nhập, c10 nhập, c11 tính, c12 x"),
        ("STC", "TC01", "c01 kế hoạch, c02 kế hoạch, c05 nhập, c06 tính, c07 nhập, c12 tính"),
        ("KBNN", "TC07", "c01 x, c02 kế hoạch, c11 tính, c12 x"),
    ],
)
def test_cells_follow_the_nature_of_their_row(unit_code: str, row: str, kinds: str) -> None:
    met = view(KTXH, unit_code, "202609")
    wanted = dict(pair.split(" ", 1) for pair in kinds.split(", "))
    assert {column: kind(met, row, column).value for column in wanted} == wanted


def test_cumulative_rows_are_typed_as_cumulative_series() -> None:
    cells = view(KTXH, "24211", "202609").cells
    c05, c07 = cells[CellKey("TX01", "c05")], cells[CellKey("TX01", "c07")]
    assert c05.series is not None
    assert c07.series is not None
    assert (c05.series.aspect, c05.nature, c05.shift, c05.prefill) == (Aspect.CUMULATIVE, Nature.OFFICIAL, 1, True)
    assert (c07.series.aspect, c07.nature, c07.shift) == (Aspect.CUMULATIVE, Nature.ESTIMATE, 0)


def test_in_january_the_cumulative_is_typed_in_the_months_column() -> None:
    spec = view(KTXH, "24211", "202601").cells[CellKey("TX01", "c06")]
    assert spec.kind is CellKind.INPUT
    assert spec.series is not None
    assert spec.series.aspect is Aspect.CUMULATIVE


def test_poultry_is_counted_in_heads_by_communes_and_in_thousands_by_the_province() -> None:
    commune = view(KTXH, "24211", "202609").cells[CellKey("NN16", "c06")]
    province = view(KTXH, "SNNMT", "202609").cells[CellKey("NN16", "c06")]
    assert (commune.measure, commune.decimals) == ("con", 0)
    assert (province.measure, province.decimals) == ("nghìn con", 1)


def test_ratios_name_both_their_sides() -> None:
    ratios = {one.code: (one.numerator, one.denominator) for one in sample.catalogue().indicators if one.numerator}
    assert ratios == {
        "TC08": ("TC07", "TC06"),
        "XH06": ("XH04", "XH03"),
        "XH08": ("XH07", "DANSO"),
        "XH11": ("XH09", "XH10"),
        "NC04": ("NC03", "NC02"),
    }


def test_no_row_is_given_by_communes_and_by_a_department_and_then_added() -> None:
    for row in form(KTXH).rows:
        if row.province_value is ProvinceValue.COMMUNES:
            assert row.suppliers == ()


def test_every_row_of_an_agency_names_it() -> None:
    catalogue = sample.catalogue()
    indicators = {one.code: one for one in catalogue.indicators}
    for row in form(KTXH).rows:
        if row.province_value in (ProvinceValue.AGENCY, ProvinceValue.AGENCY_AND_COMMUNES) and row.indicator:
            assert row.suppliers
            assert indicators[row.indicator].owner == row.suppliers[0]
        if row.indicator and indicators[row.indicator].aggregation is Aggregation.SUM:
            assert row.province_value is not ProvinceValue.COMPUTED


def test_budget_rows_have_a_central_plan_and_others_none() -> None:
    central = {plan.indicator for plan in sample.catalogue().plans if plan.aspect is Aspect.PLAN_CENTRAL}
    assert central == {row.code for row in form(KTXH).rows if row.plan is PlanKind.BUDGET} - {"TX01", "TX02"}


def test_the_fourteen_checks_are_there() -> None:
    codes = {rule.code[:3] for rule in sample.catalogue().rules if rule.form == KTXH}
    assert codes == {f"K{number:02d}" for number in range(1, 15)}
    assert {rule.scope for rule in sample.catalogue().rules if rule.code.startswith("K13")} == {"tỉnh"}


def test_index_and_ratio_rows_are_never_added() -> None:
    for one in sample.catalogue().indicators:
        if one.nature is RowNature.INDEX:
            assert one.aggregation is Aggregation.NONE
        if one.nature is RowNature.RATIO:
            assert one.aggregation is Aggregation.RATIO


# --- II.06a ----------------------------------------------------------------------------------------------------------


def test_ii06a_numbers_all_thirteen_columns() -> None:
    one = form(TTHC)
    assert one.letters == ("1", "2")
    assert [column.number for column in one.columns] == [str(number) for number in range(3, 14)]
    assert one.zeros_printed
    assert one.unit_line == "Đơn vị tính: Số hồ sơ TTHC"


def test_a_commune_has_fifteen_fields_and_a_total() -> None:
    labels = [row.label for row, _ in view(TTHC, "24211", "20263").rows]
    assert labels[:2] == ["Hộ tịch", "Chứng thực"]
    assert labels[-2:] == ["Lĩnh vực khác", "Tổng cộng"]
    assert len(labels) == 16


def test_the_finance_department_has_its_seven_fields() -> None:
    labels = [row.label for row, _ in view(TTHC, "STC", "20263").rows]
    assert labels == [
        "Thành lập và hoạt động của doanh nghiệp",
        "Đầu tư",
        "Đấu thầu",
        "Quản lý công sản",
        "Tài chính đất đai",
        "Hợp tác xã",
        "Lĩnh vực khác",
        "Tổng cộng",
    ]


def test_dossiers_carried_over_are_those_pending_a_period_before() -> None:
    cells = view(TTHC, "24211", "20263").cells
    carried, pending = cells[CellKey("HT", "c06")], cells[CellKey("HT", "c11")]
    assert carried.series == pending.series
    assert (carried.shift, pending.shift) == (1, 0)
    assert pending.kind is CellKind.COMPUTED
    assert pending.keep


# --- regimes, outlines, people ---------------------------------------------------------------------------------------


def test_deadlines_follow_the_levels() -> None:
    regime = next(one for one in sample.catalogue().regimes if one.code == "KTXH")
    assert [(one.level, one.day) for one in regime.deadlines] == [
        ("xã", 16), ("sở", 18), ("chủ trì", 20), ("VP UBND", 22), ("cấp trên", 25),
    ]  # fmt: skip
    assert regime.deadlines[0].at == time(17, 0)


def test_headings_of_the_province_have_owners() -> None:
    outlines = {one.level: one for one in sample.catalogue().outlines}
    assert {"tỉnh", "sở", "xã"} == outlines.keys()
    assert (outlines["sở"].max_pages, outlines["xã"].max_pages) == (3, 4)
    owned = {one.title: one.owners for one in outlines["tỉnh"].headings}
    assert owned["Giáo dục và đào tạo"] == ("SGDDT",)


ANSWERS_BY_DOCUMENT = "HQ"  # has nobody: its figures are entered on its behalf (F23)


def test_every_reporter_but_one_has_a_clerk_and_a_leader() -> None:
    catalogue = sample.catalogue()
    held = {(one.login, one.role, one.unit) for one in catalogue.roles}
    for regime in catalogue.regimes:
        for one in today():
            if one.code in regime.reporters or one.kind.value in regime.reporters:
                has_people = one.code != ANSWERS_BY_DOCUMENT
                assert ((f"nl.{one.code.lower()}", Role.CLERK, one.code) in held) == has_people
                assert ((f"ld.{one.code.lower()}", Role.LEADER, one.code) in held) == has_people


@pytest.mark.parametrize(
    ("login", "role", "unit_code"),
    [
        ("vpub", Role.OFFICE, "VPUB"),
        ("stc", Role.RECEIVER, "STC"),
        ("stc", Role.CLERK, "STC"),
        ("ld.stc", Role.LEADER, "STC"),
        ("easup", Role.CLERK, "24211"),
        ("qt.easup", Role.UNIT_ADMIN, "24211"),
        ("ld.easup", Role.LEADER, "24211"),
        ("bmt", Role.CLERK, "24133"),
        ("ld.bmt", Role.LEADER, "24133"),
        ("snnmt", Role.CLERK, "SNNMT"),
        ("ld.snnmt", Role.LEADER, "SNNMT"),
        ("ioc", Role.MONITOR, "IOC"),
        ("bmnn", Role.SECURITY, "VPUB"),
        ("khcn", Role.WATCH, "SKHCN"),
    ],
)
def test_the_demo_accounts_are_there(login: str, role: Role, unit_code: str) -> None:
    assert (login, role, unit_code) in {(one.login, one.role, one.unit) for one in sample.catalogue().roles}


def test_one_login_is_one_person() -> None:
    names: dict[str, set[str]] = {}
    for one in sample.catalogue().roles:
        names.setdefault(one.login, set()).add(one.name)
    assert {login for login, found in names.items() if len(found) > 1} == set()
