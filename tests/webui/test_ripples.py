"""An earlier month that comes out otherwise: what it touches is told where it is decided, and where it is listed."""

from __future__ import annotations

from decimal import Decimal

from actions import amending, closing, compiling, decide, reports
from actions.catalogues import load_history
from actions.console import open_desk
from actions.instance import Instance
from registry.catalogue.model import HistoryFigure
from registry.catalogue.values import Aspect, CellValue, State
from registry.workflow.period import PeriodAct
from tests.webui import small_province as province
from tests.webui.conftest import ON_SQLITE, SignIn
from tests.webui.small_province import EASUP, sit, work_of

TITLE = "Lũy kế và báo cáo chịu ảnh hưởng"


def known_until_september(instance: Instance) -> None:
    """Ten pigs a month."""
    months = [f"2026{month:02d}" for month in range(1, 10)]
    rows = [HistoryFigure("NN17", Aspect.ACTUAL, "", month, EASUP, EASUP, Decimal(10), "con") for month in months]
    load_history(open_desk(instance, None), rows, "Sổ theo dõi", "Nguyễn Văn Bình")


@ON_SQLITE
def test_an_official_figure_of_last_month_and_a_correction_tell_what_they_touch(
    instance: Instance, signed_in: SignIn
) -> None:
    known_until_september(instance)
    clerk, leader, office = sit(instance, "easup"), sit(instance, "ld.easup"), sit(instance, "vpub")
    work = work_of(clerk)
    province.submitted(clerk, NN17_c05=CellValue(State.VALUE, Decimal(15)))
    form = f"/viec/{work.assignment_id}"
    page = signed_in("ld.easup").get(form).text
    assert TITLE in page
    assert "Ô để trống ở cột cùng kỳ không phải là số 0: đơn vị thành lập 01/07/2025." in page
    assert "<td>tháng 9 năm 2026</td><td><del>90</del> <strong>95</strong></td>" in page
    assert "Chưa báo cáo nào dùng lũy kế cũ." in page

    decide.approve(leader, work.assignment_id, 1)
    assert TITLE not in signed_in("ld.easup").get(form).text
    reports.attach_narrative(clerk, work.opening_id, work.unit_id, province.narrative(), "thuyết minh.docx")
    reports.send(leader, work.opening_id, work.unit_id)
    compiling.compile_report(office, "KTXH", "202610")
    for act in (PeriodAct.CLOSE, PeriodAct.LOCK):
        closing.take(office, work.opening_id, act)
    amending.begin(office, work.assignment_id, "12/UBND-VP", "gõ nhầm")
    province.submitted(clerk, "130", NN17_c05=CellValue(State.VALUE, Decimal(16)))
    decide.approve(leader, work.assignment_id, 2)
    page = signed_in("vpub").get("/ky-bao-cao/KTXH/202610/dinh-chinh").text
    assert "<td>tháng 9 năm 2026</td><td><del>95</del> <strong>96</strong></td>" in page
    assert "<td>tháng 10 năm 2026</td><td><del>215</del> <strong>226</strong></td>" in page
    assert page.count(" của Xã Ea Súp, lần 1</a></li>") == 1
    assert page.count("<li>Báo cáo tổng hợp ") == 1
