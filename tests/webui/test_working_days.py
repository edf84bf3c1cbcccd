"""The office keeps the days off and the Saturdays worked; a deadline already given out never moves by itself."""

from datetime import date

import pytest

from actions import openings, working_days
from actions.desk import NotYours, Refusal
from actions.instance import Instance
from registry.catalogue.model import Holiday
from tests.webui.conftest import ON_SQLITE, SignIn
from tests.webui.small_province import sit

AT = "/danh-muc/ngay-nghi"
STORM = {"ngay": "2026-10-16", "loai": "off", "ten": "Nghỉ tránh bão", "van_ban": "99/TB-UBND"}
pytestmark = ON_SQLITE


def test_a_day_that_deadlines_fall_on_is_written_only_after_a_second_yes_and_they_stay(
    instance: Instance, signed_in: SignIn
) -> None:
    office = signed_in("vpub")
    asked = office.post(AT, data=STORM)
    assert asked.status_code == 409
    assert "17:00 ngày 16/10/2026" in asked.text
    assert working_days.year_of(sit(instance, "vpub"), 2026).resting == ()
    done = office.post(AT, data={**STORM, "ngay": "2026-10-16 off Nghỉ tránh bão", "chac_chan": "1"})
    assert done.status_code == 302
    table = working_days.year_of(sit(instance, "vpub"), 2026)
    assert Holiday(date(2026, 10, 16), True, "Nghỉ tránh bão", "99/TB-UBND") in table.days
    assert [(one.regime, one.period) for one in table.resting] == [("KTXH", "202610")]
    page = office.get(AT, query_string={"nam": "2026"}).text
    assert "Nghỉ tránh bão" in page
    assert "Hạn đã giao rơi vào ngày nghỉ" in page


def test_a_day_removed_is_ordinary_again_and_may_be_written_anew(instance: Instance, signed_in: SignIn) -> None:
    office, desk = signed_in("vpub"), sit(instance, "vpub")
    culture = date(2026, 11, 24)
    assert office.post(f"{AT}/bo", data={"ngay": culture.isoformat()}).status_code == 302
    with desk.read() as connection:
        assert desk.snapshot(connection).calendar.is_working(culture)
    with pytest.raises(NotYours):
        working_days.remove(desk, culture)
    assert working_days.put(desk, [Holiday(culture, True, "Ngày Văn hóa Việt Nam", "NQ 80-NQ/TW")]) == 1
    with desk.read() as connection:
        assert not desk.snapshot(connection).calendar.is_working(culture)
    assert working_days.put(desk, [Holiday(culture, True, "Ngày Văn hóa Việt Nam", "NQ 80-NQ/TW")]) == 0


def test_a_year_is_seeded_by_what_the_office_ticks(instance: Instance, signed_in: SignIn) -> None:
    office, desk = signed_in("vpub"), sit(instance, "vpub")
    proposed = working_days.year_of(desk, 2027).proposed
    assert len(proposed) > 8
    ticked = [f"{one.day.isoformat()} off {one.name}" for one in proposed[1:]]
    assert office.post(AT, data={"ngay": ticked, "van_ban": "1234/TB-BNV"}).status_code == 302
    table = working_days.year_of(desk, 2027)
    assert (len(table.days), table.proposed) == (len(ticked), proposed[:1])
    assert {one.decision for one in table.days} == {"1234/TB-BNV"}


def test_deadlines_given_out_after_a_change_follow_it(instance: Instance) -> None:
    desk = sit(instance, "vpub")
    working_days.put(desk, [Holiday(date(2026, 12, 16), True, "Nghỉ", "1/TB")])
    openings.open_period(desk, "KTXH", "202612")
    with desk.read() as connection:
        snapshot = desk.snapshot(connection)
    asked = openings.planned(snapshot, snapshot.regimes["KTXH"], openings.parsed("202612"))
    assert f"{min(one.due_at for one in asked):%d/%m %H:%M}" == "17/12 17:00"


@pytest.mark.parametrize(
    ("day", "off", "name", "decision", "code"),
    [
        (date(2026, 12, 25), True, "", "1/TB", "holiday-needs-decision"),
        (date(2026, 12, 25), True, "Nghỉ", " ", "holiday-needs-decision"),
        (date(2026, 12, 26), True, "Nghỉ", "1/TB", "holiday-by-weekday"),
        (date(2026, 12, 25), False, "Làm bù", "1/TB", "holiday-by-weekday"),
    ],
)
def test_a_day_needs_its_name_its_decision_and_another_weekday(
    instance: Instance, day: date, off: bool, name: str, decision: str, code: str
) -> None:
    with pytest.raises(Refusal) as caught:
        working_days.put(sit(instance, "vpub"), [Holiday(day, off, name, decision)])
    assert caught.value.code == code


def test_others_read_the_table_and_change_nothing(signed_in: SignIn) -> None:
    admin = signed_in("qt.easup")
    page = admin.get(AT, query_string={"nam": "2026"})
    assert "Ngày Văn hóa Việt Nam" in page.text
    assert 'action="/danh-muc/ngay-nghi"' not in page.text
    assert admin.post(AT, data=STORM).status_code == 404
    assert admin.get(AT, query_string={"nam": "1800"}).status_code == 400
    assert signed_in("easup").get(AT).status_code == 404
