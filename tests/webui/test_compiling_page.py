"""The page of compiling: a moment is named, a report made as of it, and made again without becoming a new one."""

from actions.instance import Instance
from tests.webui.conftest import ON_SQLITE, SignIn

HERE = "/ky-bao-cao/KTXH/202610"


@ON_SQLITE
def test_a_report_of_a_named_moment_comes_out_again_as_it_was(instance: Instance, signed_in: SignIn) -> None:
    office = signed_in("vpub")
    named = office.post(f"{HERE}/so-lieu-chot", data={"ten": "Họp  UBND tỉnh"}, follow_redirects=True).text
    assert "Đã chốt số liệu “Họp UBND tỉnh”." in named
    taken = office.post(f"{HERE}/so-lieu-chot", data={"ten": "họp ubnd tỉnh"})
    assert (taken.status_code, "đã có số liệu chốt mang tên" in taken.text) == (400, True)

    chosen = {"chot": "Họp UBND tỉnh", "ban_do": "then", "tu": "lua-chon"}
    first = office.post(f"{HERE}/tong-hop", data=chosen, follow_redirects=True).text
    assert "số liệu chốt “Họp UBND tỉnh” · theo địa giới của kỳ báo cáo" in first
    assert "Tạm tính, chưa đủ đơn vị" in first
    again = office.post(f"{HERE}/tong-hop", data=chosen, follow_redirects=True).text
    assert "Không có gì thay đổi: trùng với lần 1, tệp giống hệt." in again
    second = office.post(f"{HERE}/tong-hop", data={"so_voi": "Họp UBND tỉnh", "tu": "lua-chon"}, follow_redirects=True)
    assert "So với Họp UBND tỉnh: 0 số liệu thay đổi" in second.text

    watched = signed_in("ioc").get(f"{HERE}/tong-hop").text
    assert "Số liệu chốt để báo cáo" in watched
    assert "<form" not in watched.split("<main", 1)[1]
    ahead = office.post(f"{HERE}/tong-hop", data={"thoi_diem": "2026-12-01T08:00"})
    assert (ahead.status_code, "Thời điểm lấy số liệu chưa đến" in ahead.text) == (400, True)
