"""The sample catalogue compiled whole: 102 communes, the agencies, both forms."""

from __future__ import annotations

from io import BytesIO

import docx
import openpyxl
import pytest

from compile import document, workbook
from compile.compiled import Compiled, compiled
from registry.catalogue.model import ProvinceValue
from registry.catalogue.values import CellKey, State
from tests.compile.sample_report import MISSING, sample_report


@pytest.fixture(scope="module")
def monthly() -> Compiled:
    return compiled(sample_report("KTXH", "202610"))


@pytest.fixture(scope="module")
def quarterly() -> Compiled:
    return compiled(sample_report("KSTT", "20263"))


def test_five_communes_are_missing_and_named_in_the_official_order(monthly: Compiled) -> None:
    missing = monthly.totals[0].coverage.missing
    assert {unit.code for unit in missing} == set(MISSING)
    assert [unit.order for unit in missing] == sorted(unit.order for unit in missing)


def test_every_total_is_the_sum_or_the_speech_its_row_declares(monthly: Compiled) -> None:
    (one,) = monthly.totals
    kinds = {unit.code: unit.kind for unit in monthly.order.units}
    for row in one.rows:
        for key, cell in one.cells.items():
            if key.row != row.row.code or not cell.contributors:
                continue
            communes = [kinds[code].is_commune for code in cell.contributors]
            if row.row.province_value is ProvinceValue.COMMUNES:
                assert all(communes)
            elif row.row.province_value is not ProvinceValue.ALL:
                assert (len(communes), any(communes)) == (1, False)


def test_the_ratio_of_the_insured_takes_the_population_from_the_background(monthly: Compiled) -> None:
    cell = monthly.totals[0].cells[CellKey("XH08", "c06")]
    insured = monthly.totals[0].cells[CellKey("XH07", "c06")]
    assert cell.state is State.VALUE
    assert cell.number is not None
    assert insured.number is not None


def test_the_matrix_adds_every_field_over_all_units(quarterly: Compiled) -> None:
    (one,) = quarterly.totals
    total = one.cells[CellKey("TONG", "c04")]
    fields = [cell.number for key, cell in one.cells.items() if key.column == "c04" and key.row != "TONG"]
    assert total.number == sum(number for number in fields if number)
    assert len(one.form_input.sources) == len(one.form_input.expected) - len(MISSING)


def test_the_whole_report_can_be_built_and_opened(monthly: Compiled, quarterly: Compiled) -> None:
    for report, sheet in ((monthly, "Tổng hợp KTXH-01"), (quarterly, "Tổng hợp II.06a")):
        book = openpyxl.load_workbook(BytesIO(workbook.build(report)), read_only=True)
        assert book.sheetnames[1] == sheet
        held = docx.Document(BytesIO(document.build(report)))
        text = "\n".join(line.text for line in held.paragraphs)
        assert "Đã có số liệu 97/102 xã, phường; còn thiếu: Phường Tuy Hòa; Phường Sông Cầu" in text
        assert "{" not in text


def test_a_wide_table_is_set_on_a3(monthly: Compiled) -> None:
    held = docx.Document(BytesIO(document.build(monthly)))
    widths = [round(section.page_width / 36_000) for section in held.sections if section.page_width]
    assert widths == [210, 420, 297, 297, 210, 210]


def test_sample_data_is_labelled(monthly: Compiled) -> None:
    held = docx.Document(BytesIO(document.build(monthly)))
    assert any("DỮ LIỆU MẪU" in line.text for line in held.paragraphs)
