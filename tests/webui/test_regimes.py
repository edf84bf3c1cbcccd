"""A regime has a page with its real dates; the office writes periodic ones, checked and dated as a catalogue is."""

from datetime import date, datetime

import pytest

from actions import regimes
from actions.instance import Instance
from registry.catalogue.model import Frequency
from registry.catalogue.sheets import DEADLINES, REGIMES
from registry.sample import catalogue
from registry.store import dues
from tests.webui.conftest import ON_SQLITE, Clock, SignIn
from tests.webui.small_province import sit
from vietnamese.dates import HO_CHI_MINH, format_due

AT = "/che-do-bao-cao"
NEW = {
    "code": "NHANH-TUAN",
    "name": "Báo cáo nhanh hằng tuần",
    "content": "số liệu",
    "frequency": "tuần",
    "calendar": "dương lịch",
    "reporters": "xã; phường",
    "receivers": "VPUB",
    "lead": "STC",
    "legal_basis": "Quyết định số 9/2026/QĐ-UBND",
    "valid_from": "01/10/2026",
    "level-0": "xã",
    "after-0": "2",
    "at-0": "16:00",
    "level-1": "VP UBND",
    "after-1": "4",
    "pham_vi": "1",
}
pytestmark = ON_SQLITE


def test_a_regime_typed_as_it_is_shown_is_the_same(instance: Instance) -> None:
    for regime in catalogue().regimes:
        lines = [regimes.texts(one, DEADLINES.fields) for one in regime.deadlines]
        assert regimes.written(regimes.texts(regime, REGIMES.fields), lines) == regime


def test_the_page_of_a_regime_tells_everything_and_the_dates_of_its_next_periods(signed_in: SignIn) -> None:
    page = signed_in("qt.easup").get(f"{AT}/KTXH").text
    for words in (
        "Báo cáo tình hình kinh tế – xã hội hằng tháng",
        "Từ ngày 15 tháng trước đến hết ngày 14 tháng cuối kỳ",
        "KTXH-01",
        "xã → sở → chủ trì → VP UBND → cấp trên",
        "Sở Tài chính",
        "Quyết định số …/QĐ-UBND",
        "chốt số liệu từ 15/10/2026 đến hết 14/11/2026",
        "24:00 ngày 23/11/2026",
        "Chuyển qua ngày nghỉ 22/11 (Chủ nhật).",
        "đề cương báo cáo kinh tế – xã hội của xã, phường, tháng … năm …",
    ):
        assert words.casefold() in page.casefold(), words
    assert "/KTXH/sua" not in page
    assert "Quý I, II, III và năm" in signed_in("qt.easup").get(AT).text


def test_the_office_writes_a_weekly_regime_and_everybody_who_sees_the_catalogue_finds_it(
    instance: Instance, signed_in: SignIn
) -> None:
    office = signed_in("vpub")
    assert "không thuộc các loại nêu trên" in office.get(f"{AT}/lap-moi").text
    saved = office.post(AT, data=NEW)
    assert (saved.status_code, saved.headers.get("Location")) == (302, f"{AT}/NHANH-TUAN"), saved.text
    with instance.store.read() as connection:
        regime = sit(instance, "vpub").snapshot(connection).regimes["NHANH-TUAN"]
    assert (regime.frequency, [one.after for one in regime.deadlines]) == (Frequency.WEEK, [2, 4])
    page = signed_in("ioc").get(f"{AT}/NHANH-TUAN").text
    assert "Tuần 42 năm 2026" in page
    assert "16:00 ngày 20/10/2026" in page
    assert "Báo cáo nhanh hằng tuần" in signed_in("ioc").get(AT).text


def test_a_change_is_a_version_from_its_day_on_and_open_periods_keep_theirs(
    instance: Instance, signed_in: SignIn
) -> None:
    office, desk = signed_in("vpub"), sit(instance, "vpub")
    with instance.store.read() as connection:
        before = desk.snapshot(connection).regimes["KTXH"]
        works = dues.ahead(connection, desk.moment)
    form = office.get(f"{AT}/KTXH/sua").text
    assert 'value="15/10/2026"' in form
    lines = {
        f"{name}-{n}": value
        for n, one in enumerate(before.deadlines)
        for name, value in regimes.texts(one, DEADLINES.fields).items()
    }
    typed = regimes.texts(before, REGIMES.fields) | lines | {"cu": "KTXH", "valid_from": "01/11/2026", "at-0": "11:00"}
    assert office.post(AT, data=typed).status_code == 302
    with instance.store.read() as connection:
        today = desk.snapshot(connection).regimes["KTXH"]
        later = desk.snapshot(connection, date(2026, 11, 2)).regimes["KTXH"]
        assert dues.ahead(connection, desk.moment) == works
    assert today == before
    assert f"{later.deadlines[0].at:%H:%M}" == "11:00"


@pytest.mark.parametrize(
    ("change", "status", "words"),
    [
        ({"pham_vi": ""}, 400, "thống kê theo Luật Thống kê"),
        ({"code": "KTXH"}, 409, "Đã có chế độ báo cáo mang mã"),
        ({"code": "a b"}, 400, "không hợp lệ"),
        ({"frequency": "đột xuất"}, 400, "chế độ báo cáo định kỳ"),
        ({"frequency": "hằng giờ"}, 400, "hằng giờ"),
        ({"name": ""}, 400, "Chưa điền"),
        ({"lead": "STCC"}, 422, "STCC"),
        ({"after-1": "1"}, 422, "không sau hạn của cấp"),
        ({"day-0": "16"}, 422, "chỉ một trong hai"),
        ({"forms": "KTXH-01"}, 422, "KTXH-01"),
    ],
)
def test_what_does_not_hold_is_told_and_not_written(
    instance: Instance, signed_in: SignIn, change: dict[str, str], status: int, words: str
) -> None:
    answer = signed_in("vpub").post(AT, data=NEW | change)
    assert (answer.status_code, words in answer.text) == (status, True), answer.text
    with instance.store.read() as connection:
        assert "NHANH-TUAN" not in sit(instance, "vpub").snapshot(connection).regimes


def test_only_the_province_issues_periodic_regimes(instance: Instance, signed_in: SignIn) -> None:
    for login in ("qt.easup", "ioc", "easup"):
        assert signed_in(login).post(AT, data=NEW).status_code == 404
    with instance.store.read() as connection:
        assert "NHANH-TUAN" not in sit(instance, "vpub").snapshot(connection).regimes


def test_a_period_is_looked_at_with_its_dates_and_opened_as_proposed(
    instance: Instance, signed_in: SignIn, clock: Clock
) -> None:
    office = signed_in("vpub")
    look = office.get("/ky-bao-cao/KTXH/202611/xem-truoc").text
    for words in (
        "không đủ một ngày làm việc",
        "Chuyển qua ngày nghỉ 22/11 (Chủ nhật).",
        "17:00 ngày 17/11/2026",
        "Lùi để sau ngày chốt số liệu có đủ một ngày làm việc.",
        "Mở kỳ theo đề nghị",
        "Mở kỳ, giữ ngày theo quy định",
        "KTXH-01 (phiên bản 1)",
    ):
        assert words in look, words
    assert office.post("/ky-bao-cao", data={"period": "KTXH 202611", "de_nghi": "1"}).status_code == 302
    with instance.store.read() as connection:
        given = {one.due_at for one in dues.ahead(connection, clock.now) if one.period == "202611"}
    assert {format_due(one) for one in given} == {"17:00 ngày 17/11/2026", "24:00 ngày 18/11/2026"}
    clerk = signed_in("easup").get("/").text
    assert "tháng 11 năm 2026: đã mở kỳ báo cáo, hạn gửi 17:00 ngày 17/11/2026." in clerk


def test_a_year_without_holidays_in_the_table_is_warned_of(signed_in: SignIn) -> None:
    office = signed_in("vpub")
    words = "Bảng ngày nghỉ chưa có ngày nào của năm 2027"
    assert words in office.get("/ky-bao-cao/KTXH/202702/xem-truoc").text
    assert words not in office.get("/ky-bao-cao/KTXH/202611/xem-truoc").text


def test_at_tet_only_the_proposal_opens_the_period(signed_in: SignIn, clock: Clock) -> None:
    clock.now = datetime(2026, 2, 2, 9, 0, tzinfo=HO_CHI_MINH)
    office = signed_in("vpub")
    look = office.get("/ky-bao-cao/KTXH/202602/xem-truoc").text
    assert "vượt quá hạn của cấp cuối" in look
    assert "đến hết 10/02/2026" in look
    assert "Sớm hơn ngày quy định (16/02)." in look
    assert "giữ ngày theo quy định" not in look
    assert office.post("/ky-bao-cao", data={"period": "KTXH 202602"}).status_code == 409
    assert office.post("/ky-bao-cao", data={"period": "KTXH 202602", "de_nghi": "1"}).status_code == 302
    assert "số liệu chốt sớm đến hết ngày 10/02/2026" in signed_in("easup").get("/").text
