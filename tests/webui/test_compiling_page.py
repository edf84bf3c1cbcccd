"""The page of compiling: a moment is named, a report made as of it, and made again without becoming a new one."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from actions import compiling
from actions.compile_orders import COMPILE
from actions.instance import Instance
from actions.work import run_one
from compile.compiled import Compiled
from compile.compiled import compiled as compiled_now
from compile.model import CompileInput
from tests.webui.conftest import ON_SQLITE, SignIn

HERE = "/ky-bao-cao/KTXH/202610"


def compiled(instance: Instance, office: FlaskClient, chosen: dict[str, str]) -> str:
    """The page of the versions after one more was asked for and made."""
    asked = office.post(f"{HERE}/tong-hop", data=chosen, follow_redirects=True).text
    assert 'data-poll="/ky-bao-cao/KTXH/202610/tong-hop.json"' in asked
    assert run_one(instance, (COMPILE,))
    return office.get(f"{HERE}/tong-hop").text


@ON_SQLITE
def test_a_report_of_a_named_moment_comes_out_again_as_it_was(instance: Instance, signed_in: SignIn) -> None:
    office = signed_in("vpub")
    named = office.post(f"{HERE}/so-lieu-chot", data={"ten": "Họp  UBND tỉnh"}, follow_redirects=True).text
    assert "Đã chốt số liệu “Họp UBND tỉnh”." in named
    taken = office.post(f"{HERE}/so-lieu-chot", data={"ten": "họp ubnd tỉnh"})
    assert (taken.status_code, "đã có số liệu chốt mang tên" in taken.text) == (400, True)

    chosen = {"chot": "Họp UBND tỉnh", "ban_do": "then", "tu": "lua-chon"}
    first = compiled(instance, office, chosen)
    assert "số liệu chốt “Họp UBND tỉnh” · theo địa giới của kỳ báo cáo" in first
    assert "Tạm tính, chưa đủ đơn vị" in first
    again = compiled(instance, office, chosen)
    assert "Không có gì thay đổi: trùng với lần 1, tệp giống hệt." in again
    second = compiled(instance, office, {"so_voi": "Họp UBND tỉnh", "tu": "lua-chon"})
    assert "So với Họp UBND tỉnh: 0 số liệu thay đổi" in second

    watched = signed_in("ioc").get(f"{HERE}/tong-hop").text
    assert "Số liệu chốt để báo cáo" in watched
    assert "<form" not in watched.split("<main", 1)[1].split("</main>", 1)[0]
    ahead = office.post(f"{HERE}/tong-hop", data={"thoi_diem": "2026-12-01T08:00"})
    assert (ahead.status_code, "Thời điểm lấy số liệu chưa đến" in ahead.text) == (400, True)


@ON_SQLITE
def test_a_compile_asked_for_twice_runs_once_and_can_be_stopped(instance: Instance, signed_in: SignIn) -> None:
    office = signed_in("vpub")
    office.post(f"{HERE}/tong-hop")
    twice = office.post(f"{HERE}/tong-hop", follow_redirects=True).text
    assert "Một lần tổng hợp khác đang chạy" in twice
    assert "Đang chờ đến lượt" in office.get(HERE).text  # the same after a reload
    assert signed_in("ioc").post(f"{HERE}/tong-hop", data={"do": "stop"}).status_code == 404
    stopped = office.post(f"{HERE}/tong-hop", data={"do": "stop"}, follow_redirects=True).text
    assert "Lần lập trước đã được dừng." in stopped
    assert "Chưa tổng hợp lần nào." in stopped
    assert not run_one(instance, (COMPILE,))
    assert office.post(f"{HERE}/tong-hop", data={"do": "stop"}).status_code == 409


@ON_SQLITE
def test_a_compile_stopped_half_way_leaves_nothing(
    instance: Instance, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = signed_in("vpub")

    def stopped_meanwhile(given: CompileInput) -> Compiled:
        office.post(f"{HERE}/tong-hop", data={"do": "stop"})
        return compiled_now(given)

    monkeypatch.setattr("actions.compiling.compiled", stopped_meanwhile)
    office.post(f"{HERE}/tong-hop")
    assert run_one(instance, (COMPILE,))
    page = office.get(HERE).text
    assert "Lần lập trước đã được dừng." in page
    assert "Chưa tổng hợp lần nào." in page


@ON_SQLITE
def test_a_compile_stopped_at_the_last_moment_leaves_nothing_and_afterwards_cannot_be_stopped(
    instance: Instance, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, kept, answers = signed_in("vpub"), compiling._kept, list[int]()

    def stop() -> None:
        answers.append(office.post(f"{HERE}/tong-hop", data={"do": "stop"}).status_code)

    def stopped_before(*told: Any, **more: Any) -> compiling.Result:
        stop()
        return kept(*told, **more)

    def stopped_after(*told: Any, **more: Any) -> compiling.Result:
        result = kept(*told, **more)
        stop()
        return result

    pages = []
    for meanwhile in (stopped_before, stopped_after):
        monkeypatch.setattr(compiling, "_kept", meanwhile)
        office.post(f"{HERE}/tong-hop")
        assert run_one(instance, (COMPILE,))
        pages.append(office.get(HERE).text)
    assert answers == [302, 409]
    assert ["Lần lập trước đã được dừng." in page for page in pages] == [True, False]
    assert ["Chưa tổng hợp lần nào." in page for page in pages] == [True, False]


@ON_SQLITE
def test_why_a_compile_gave_nothing_is_said_on_the_page(instance: Instance, signed_in: SignIn) -> None:
    office = signed_in("vpub")
    office.post(f"{HERE}/tong-hop", data={"xa": "BC:KTXH-XA:99"})
    assert run_one(instance, (COMPILE,))
    assert "không có đề mục" in office.get(HERE).text
