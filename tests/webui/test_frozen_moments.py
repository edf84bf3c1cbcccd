"""What comes after a frozen moment does not move it: corrections, forms closed because their unit ended."""

import io
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import openpyxl

from actions import (
    amending,
    attainments,
    catalogues,
    closing,
    compiling,
    decide,
    freezes,
    reorganising,
    reports,
    traced_reports,
)
from actions.instance import Instance
from registry.catalogue.model import Catalogue
from registry.catalogue.values import CellValue, State
from registry.store import report_versions
from registry.store import reports as stored
from registry.workflow.period import PeriodAct
from tests.webui import small_province as province
from tests.webui.conftest import ON_SQLITE
from tests.webui.small_province import BMT, EASUP, NOW, sit, work_of

OCTOBER = ("KTXH", "202610")


@ON_SQLITE
def test_a_freeze_is_the_same_after_its_period_was_corrected(instance: Instance) -> None:
    clerk, leader, office = sit(instance, "easup"), sit(instance, "ld.easup"), sit(instance, "vpub")
    work = work_of(clerk)
    province.submitted(clerk)
    decide.approve(leader, work.assignment_id, 1)
    reports.attach_narrative(clerk, work.opening_id, work.unit_id, province.narrative(), "thuyết minh.docx")
    reports.send(leader, work.opening_id, work.unit_id)
    freezes.freeze(office, *OCTOBER, "VPUB", "Chốt")
    first = compiling.compile_report(office, *OCTOBER, freeze="Chốt")
    for act in (PeriodAct.CLOSE, PeriodAct.LOCK):
        closing.take(sit(instance, "vpub", NOW + timedelta(hours=1)), work.opening_id, act)
    amending.begin(sit(instance, "vpub", NOW + timedelta(hours=2)), work.assignment_id, "12/UBND-VP", "gõ nhầm")
    fifteen = CellValue(State.VALUE, Decimal(16))
    province.submitted(sit(instance, "easup", NOW + timedelta(hours=3)), "130", NN17_c05=fifteen)
    decide.approve(sit(instance, "ld.easup", NOW + timedelta(hours=4)), work.assignment_id, 2)
    again = compiling.compile_report(sit(instance, "vpub", NOW + timedelta(hours=5)), *OCTOBER, freeze="Chốt")
    assert (again.n, again.is_new) == (first.n, False)
    assert [one.data for one in again.files] == [one.data for one in first.files]


@ON_SQLITE
def test_a_form_closed_with_its_unit_still_counts_and_is_named_and_was_asked_when_it_was_frozen(
    instance: Instance,
) -> None:
    clerk, office = sit(instance, "easup"), sit(instance, "vpub")
    work = work_of(clerk)
    province.submitted(clerk)
    decide.approve(sit(instance, "ld.easup"), work.assignment_id, 1)
    freezes.freeze(office, *OCTOBER, "VPUB", "Chốt")
    before = compiling.compile_report(office, *OCTOBER, freeze="Chốt").coverage
    with office.read() as connection:
        units = office.snapshot(connection).units
    ended = tuple(replace(units[code], valid_to=date(2026, 10, 15)) for code in (EASUP, BMT))
    catalogues.put(office, Catalogue(units=ended))
    office = sit(instance, "vpub", NOW + timedelta(days=2))
    for one in reorganising.waiting(office):
        if one.is_form:
            reorganising.decide(office, "form", one.number, "")

    assert compiling.compile_report(office, *OCTOBER, freeze="Chốt").coverage == before
    now = compiling.compile_report(office, *OCTOBER)
    assert (now.coverage["have"], now.coverage["expected"]) == (before["have"], before["expected"] - 1)  # type: ignore[operator]
    book = openpyxl.load_workbook(io.BytesIO(now.files[0].data), read_only=True)
    texts = [str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell]
    assert any("Đơn vị đã kết thúc hoạt động" in text for text in texts)
    assert attainments.attainments(office, *OCTOBER).lines
    with office.read() as connection:
        receiver = office.snapshot(connection).unit_ids["VPUB"]
        made = stored.compiled(connection, work.opening_id, receiver)
        version = report_versions.get(connection, made[-1].id)
        assert version is not None
        assert traced_reports._made_again(office, connection, version) == traced_reports.of(office, connection, version)
