import io
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import openpyxl
import pytest

from actions import catalogues, compiling, decide, freezes, openings, reports
from actions.desk import NotYours, Refusal
from registry.catalogue.model import Catalogue
from registry.catalogue.values import CellValue, State
from registry.store import reports as stored
from tests.actions.conftest import NOW, As
from tests.actions.test_month import submitted, work_of
from tests.webui.conftest import ON_SQLITE


def destroyed_pigs(result: compiling.Result) -> object:
    """The province's estimate of the month in the row "Lợn tiêu hủy …" of the first sheet."""
    sheets = sheet_values(result.files[0].data)
    rows = next(rows for name, rows in sheets.items() if name.startswith("Tổng hợp"))
    numbers = next(row for row in rows if "A" in row and "B" in row)
    (found,) = [row for row in rows if row[1] and "dịch tả lợn" in str(row[1])]
    return found[[str(number) for number in numbers].index("6")]


@pytest.fixture
def opening(at_desk: As) -> int:
    return openings.open_period(at_desk("vpub"), "KTXH", "202610")


def approved(at_desk: As, clerk: str, leader: str, number: str) -> None:
    submitted(at_desk(clerk), number)
    decide.approve(at_desk(leader), work_of(at_desk(leader)).assignment_id, 1)


def sheet_values(data: bytes) -> dict[str, list[tuple[object, ...]]]:
    workbook = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in workbook.worksheets}


def test_a_sum_holds_exactly_the_counted_versions_and_names_who_is_missing(at_desk: As, opening: int) -> None:
    approved(at_desk, "easup", "ld.easup", "120")
    approved(at_desk, "bmt", "ld.bmt", "30")
    submitted(at_desk("nl.24229"), "7000")  # waiting for its leader: must not count
    result = compiling.compile_report(at_desk("vpub"), "KTXH", "202610")

    assert (result.coverage["have"], result.coverage["expected"]) == (2, 118)
    assert "Xã Ea Bung" in str(result.coverage["missing"])
    assert [one.name for one in result.files] == ["BC_KTXH_202610_tong-hop_v1.xlsx", "BC_KTXH_202610_tong-hop_v1.docx"]
    sheets = sheet_values(result.files[0].data)
    rows = [row for sheet in sheets.values() for row in sheet]
    assert destroyed_pigs(result) == 150
    assert 7150 not in [value for row in rows for value in row]


def test_a_compile_as_of_an_earlier_moment_holds_what_counted_then(at_desk: As, opening: int) -> None:
    approved(at_desk, "easup", "ld.easup", "120")
    before = compiling.compile_report(at_desk("vpub"), "KTXH", "202610", as_of=NOW - timedelta(minutes=1))
    after = compiling.compile_report(at_desk("vpub"), "KTXH", "202610")
    assert (before.coverage["have"], after.coverage["have"]) == (0, 1)
    assert (before.n, after.n) == (1, 2)


@ON_SQLITE
def test_the_same_inputs_give_the_same_bytes_at_any_time(at_desk: As, opening: int) -> None:
    approved(at_desk, "easup", "ld.easup", "120")
    freezes.freeze(at_desk("vpub"), "KTXH", "202610", "VPUB", "Họp UBND tỉnh")
    first = compiling.compile_report(at_desk("vpub"), "KTXH", "202610", freeze="họp ubnd tỉnh")
    approved(lambda login: at_desk(login, NOW + timedelta(hours=1)), "bmt", "ld.bmt", "30")
    later = at_desk("vpub", NOW + timedelta(days=3))
    again = compiling.compile_report(later, "KTXH", "202610", freeze="Họp UBND tỉnh")
    assert (again.n, again.is_new, again.inputs_sha) == (first.n, False, first.inputs_sha)
    assert [one.data for one in again.files] == [one.data for one in first.files]
    assert destroyed_pigs(again) == 120
    changed = compiling.compile_report(later, "KTXH", "202610", against="Họp UBND tỉnh")
    assert (changed.n, changed.is_new) == (2, True)
    lines = sheet_values(changed.files[0].data)["So với bản trước"]
    assert any("Phường Buôn Ma Thuột" in row and "30" in row and "Gửi sau bản trước" in row for row in lines)
    assert any("Tỉnh Đắk Lắk" in row and row[5:7] == ("120", "150") for row in lines)
    with later.read() as connection:
        made = stored.compiled(connection, opening, work_of(at_desk("ld.vpub")).unit_id)
        told = made[0].made_from
        assert (told["against"], told["map"], len(told["hashes"])) == ("Họp UBND tỉnh", "now", 6)
        assert told["changes"] >= len(told["first"]) > 0


@ON_SQLITE
def test_narratives_of_communes_come_along_under_a_heading_that_is_asked(at_desk: As, opening: int) -> None:
    office = at_desk("vpub")
    versions = [
        compiling.compile_report(office, "KTXH", "202610", communes=heading).n
        for heading in ("", "*", "BC:KTXH-XA:00", "*")
    ]
    assert versions == [1, 2, 3, 2]
    with pytest.raises(Refusal, match="không có đề mục"):
        compiling.compile_report(office, "KTXH", "202610", communes="BC:KTXH-XA:99")


@ON_SQLITE
def test_a_freeze_has_a_name_of_its_own_and_a_moment_that_has_been(at_desk: As, opening: int) -> None:
    office = at_desk("vpub")
    freezes.freeze(office, "KTXH", "202610", "VPUB", "Phiên họp")
    for name, moment in (("phiên  HỌP", None), ("", None), ("sau này", NOW + timedelta(minutes=1))):
        with pytest.raises(Refusal):
            freezes.freeze(office, "KTXH", "202610", "VPUB", name, moment)
    with pytest.raises(NotYours):
        freezes.freeze(at_desk("easup"), "KTXH", "202610", "VPUB", "của tôi")
    with pytest.raises(Refusal):
        compiling.compile_report(office, "KTXH", "202610", freeze="không có")
    with pytest.raises(Refusal):
        compiling.compile_report(office, "KTXH", "202610", as_of=NOW + timedelta(minutes=1))


def test_compiling_leaves_the_offices_own_report_alone(at_desk: As, opening: int) -> None:
    submitted(at_desk("nl.vpub"), "50")
    decide.approve(at_desk("ld.vpub"), work_of(at_desk("ld.vpub")).assignment_id, 1)
    unit = work_of(at_desk("ld.vpub")).unit_id
    reports.send(at_desk("ld.vpub"), opening, unit)
    office = at_desk("vpub")
    compiling.compile_report(office, "KTXH", "202610")
    with office.read() as connection:
        assert len(stored.receptions(connection, opening)) == 2  # Sở Tài chính and Văn phòng UBND
        assert [one.n for one in stored.compiled(connection, opening, unit)] == [1]


@ON_SQLITE
def test_a_report_is_compiled_only_by_those_who_may_and_only_of_an_opened_period(at_desk: As, opening: int) -> None:
    for login in ("easup", "ld.easup", "ioc"):
        with pytest.raises(NotYours):
            compiling.compile_report(at_desk(login), "KTXH", "202610")
    with pytest.raises(NotYours):
        compiling.compile_report(at_desk("vpub"), "KTXH", "202701")


@ON_SQLITE
def test_a_receiver_compiles_only_for_itself_and_nobody_for_a_unit_that_receives_nothing(
    at_desk: As, opening: int
) -> None:
    assert compiling.compile_report(at_desk("stc"), "KTXH", "202610", "STC").n == 1
    for login, receiver in (("stc", "VPUB"), ("vpub", "24211"), ("stc", "24211")):
        with pytest.raises(NotYours):
            compiling.compile_report(at_desk(login), "KTXH", "202610", receiver)


@ON_SQLITE
def test_a_nil_report_counts_as_sent_and_adds_nothing(at_desk: As, opening: int) -> None:
    from actions import submit

    approved(at_desk, "easup", "ld.easup", "120")
    submit.nil(at_desk("bmt"), work_of(at_desk("bmt")).assignment_id)
    decide.approve(at_desk("ld.bmt"), work_of(at_desk("ld.bmt")).assignment_id, 1)
    result = compiling.compile_report(at_desk("vpub"), "KTXH", "202610")
    assert result.coverage["have"] == 2
    assert destroyed_pigs(result) == 120


@ON_SQLITE
def test_zero_stays_a_value(at_desk: As, opening: int) -> None:
    submitted(at_desk("easup"), "120", NN17_c06=CellValue(State.ZERO, Decimal(0)))
    decide.approve(at_desk("ld.easup"), work_of(at_desk("ld.easup")).assignment_id, 1)
    result = compiling.compile_report(at_desk("vpub"), "KTXH", "202610")
    assert destroyed_pigs(result) == 0


@ON_SQLITE
def test_an_annex_published_for_later_periods_leaves_earlier_reports_theirs(at_desk: As, opening: int) -> None:
    office = at_desk("vpub")
    with office.read() as connection:
        annex = office.snapshot(connection).form_versions["PL-KTXH"].form
    catalogues.put(office, Catalogue(forms=(replace(annex, title="BIỂU MỚI", valid_from=date(2027, 1, 1)),)))
    later = at_desk("vpub", NOW + timedelta(days=100))
    sheets = sheet_values(compiling.compile_report(later, "KTXH", "202610").files[0].data)
    titles = {str(cell) for row in sheets["Biểu báo cáo PL-KTXH"] for cell in row if cell}
    assert annex.title in titles
    assert "BIỂU MỚI" not in titles
