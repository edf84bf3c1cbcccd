"""“Việc của tôi”: what waits for its reader, by deadline and with the reason, apart from what waits for others."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import timedelta

import pytest

from actions import decide, submit
from actions.instance import Instance
from registry.store.reports import Report
from registry.workflow.report import ReportState
from tests.webui.asking import HALLS, asked, put_admins
from tests.webui.conftest import ON_SQLITE, SignIn
from tests.webui.small_province import NOW, sit, work_of
from webui import queues, turns
from webui.wording import say

pytestmark = pytest.mark.usefixtures("clock")


def reasons(page: str) -> list[str]:
    found = re.findall(r'<p class="reasons[^"]*">(.*?)</p>', page, re.DOTALL)
    return [re.sub(r"<[^>]+>", "", one).strip() for one in found]


@ON_SQLITE
def test_each_reader_sees_what_waits_for_him_and_why(instance: Instance, signed_in: SignIn) -> None:
    clerk, leader = signed_in("easup"), signed_in("ld.easup")
    at, head = sit(instance, "easup"), sit(instance, "ld.easup")
    work = work_of(at)
    assert reasons(clerk.get("/").text) == ["Cần nhập, trình duyệt: KTXH-01"]
    assert "Đang chờ người khác (1)" in leader.get("/").text
    submit.nil(at, work.assignment_id)
    page = clerk.get("/").text
    assert reasons(page) == []
    assert "Không còn việc nào chờ anh/chị." in page
    assert reasons(leader.get("/").text) == ["Chờ anh/chị duyệt số liệu: KTXH-01"]
    decide.send_back(head, work.assignment_id, 1, "Xem lại")
    assert reasons(clerk.get("/").text) == ["Bị trả lại, cần sửa: KTXH-01"]
    submit.nil(at, work.assignment_id)
    decide.approve(head, work.assignment_id, work_of(at).version)
    assert reasons(leader.get("/").text) == ["Số liệu đã duyệt đủ, còn gửi báo cáo"]


@ON_SQLITE
def test_the_next_deadline_stands_first(instance: Instance, signed_in: SignIn) -> None:
    put_admins(instance)
    asked(instance, HALLS, NOW + timedelta(hours=8))
    page = signed_in("easup").get("/").text
    now = page[page.index('id="can-lam"') :]
    assert now.index("15/10/2026") < now.index("Tháng 10")


def test_a_reports_own_reasons_are_of_who_can_do_something_about_them() -> None:
    def told(state: ReportState, **more: bool) -> list[str]:
        report = Report(1, 1, "KTXH", "202610", 1, state, 1, 1, None, None, None)
        may = {"is_sent_back": False, "can_send": False, "can_attach": False, "can_decide": False} | more
        return [one.text for one in turns.of_report(report, **may)]

    assert told(ReportState.DRAFT) == told(ReportState.PENDING) == []
    assert told(ReportState.PENDING, can_decide=True) == [say("work.why.report")]
    assert told(ReportState.RETURNED, can_attach=True) == [say("work.why.text-back")]
    assert told(ReportState.DRAFT, is_sent_back=True, can_attach=True) == [say("work.why.report-back")]
    assert told(ReportState.DRAFT, is_sent_back=True) == []
    assert list(turns.of_report(None, is_sent_back=True, can_send=True, can_attach=True, can_decide=True)) == []


@ON_SQLITE
def test_queues_are_asked_only_of_who_may_act(instance: Instance, signed_in: SignIn) -> None:
    assert "Phản ánh chờ xử lý" not in signed_in("easup").get("/").text
    asked = {"loai": "question", "noi_dung": "Cột 6 nhập thế nào?", "do": "send", "da_xem": "1"}
    signed_in("easup").post("/phan-anh/moi", data=asked, content_type="multipart/form-data")
    assert "Phản ánh chờ xử lý: 1" in signed_in("qt.easup").get("/").text
    assert [one.words for one in queues.QUEUES if one.words not in say] == []


@ON_SQLITE
def test_all_that_is_to_be_filled_is_fetched_at_once(instance: Instance, signed_in: SignIn) -> None:
    put_admins(instance)
    asked(instance, HALLS, NOW + timedelta(hours=8))
    clerk = signed_in("easup")
    assert "Tải cả 2 biểu mẫu cần nhập" in clerk.get("/").text
    answer = clerk.get("/bieu-mau/can-nhap.zip", buffered=True)
    names = zipfile.ZipFile(io.BytesIO(answer.data)).namelist()
    assert [one.split("/")[0] for one in names] == ["24211", "24211"]
    submit.nil(sit(instance, "easup"), work_of(sit(instance, "easup")).assignment_id)
    assert len(zipfile.ZipFile(io.BytesIO(clerk.get("/bieu-mau/can-nhap.zip", buffered=True).data)).namelist()) == 1
    assert signed_in("ld.easup").get("/bieu-mau/can-nhap.zip").status_code == 404
