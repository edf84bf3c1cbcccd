"""Chasing the late: the message without figures, the công văn, the list with numbers, reminding everybody at once."""

import io
from datetime import timedelta

import openpyxl
import pytest
from docx import Document
from sqlalchemy import select, update

from actions import chase, decide
from actions.chase import Paper
from actions.desk import NotYours, Refusal
from actions.instance import Instance
from compile.chase import message
from registry.store import notices, openings
from registry.store.openings import Opening
from registry.store.tables import audit, audit_detail, grant, person
from tests.webui import rights
from tests.webui import small_province as province
from tests.webui.conftest import ON_SQLITE, Clock, SignIn
from tests.webui.rights import unit_key
from tests.webui.small_province import BMT, EASUP, NOW, sit
from tests.webui.test_events import statements

PAGE = "/ky-bao-cao/KTXH/202610/don-doc"
LATER = NOW + timedelta(days=10)


def opening_of(instance: Instance) -> Opening:
    with instance.store.read() as connection:
        found = openings.find(connection, "KTXH", "202610")
    assert found is not None
    return found


def give_number(instance: Instance) -> None:
    with instance.store.write() as connection:
        connection.execute(update(person).where(person.c.login == "bmt").values(phone="0905 000 111"))


@ON_SQLITE
def test_the_message_names_units_forms_and_deadline_and_nobodys_figures(instance: Instance) -> None:
    province.carry_through(instance, "easup", "ld.easup")
    province.submitted(sit(instance, "bmt"), "98765")
    chased = chase.gather(sit(instance, "vpub", LATER), opening_of(instance))
    names = [one.unit.name for one in chased.lines]
    assert "Phường Buôn Ma Thuột" in names
    assert "Xã Ea Súp" not in names  # approved and sent
    assert all(one.is_overdue for one in chased.lines)
    text = message(chased)
    assert "- Phường Buôn Ma Thuột: KTXH-01" in text
    assert "Đã quá hạn (hạn gửi" in text
    assert not {"98765", "98.765"} & set(text.split())
    early = chase.gather(sit(instance, "vpub"), opening_of(instance), frozenset({unit_key(instance, BMT)}))
    assert "Đã quá hạn" not in message(early)


@ON_SQLITE
def test_approved_figures_whose_report_was_not_sent_are_chased_too(instance: Instance) -> None:
    province.submitted(sit(instance, "easup"))
    decide.approve(sit(instance, "ld.easup"), province.work_of(sit(instance, "easup")).assignment_id, 1)
    mine = chase.gather(sit(instance, "vpub"), opening_of(instance), frozenset({unit_key(instance)}))
    assert [one.what for one in mine.lines] == ["báo cáo (số liệu đã duyệt, chưa gửi)"]


@ON_SQLITE
def test_the_letter_has_the_form_of_an_official_letter_with_number_and_day_left_blank(instance: Instance) -> None:
    made = chase.take_away(sit(instance, "vpub", LATER), opening_of(instance), everybody(instance), Paper.LETTER)
    document = Document(io.BytesIO(made.data))
    head = [cell.text for cell in document.tables[0].rows[0].cells]
    assert head[0].startswith("UBND TỈNH ĐẮK LẮK\nVĂN PHÒNG")
    assert "Số:      /VPUB" in head[0]
    assert "V/v đôn đốc gửi" in head[0]
    assert "ngày      tháng      năm 2026" in head[1]
    text = "\n".join(one.text for one in document.paragraphs)
    assert "BÁO CÁO\n" not in text
    assert "có tên trong danh sách kèm theo" in text
    assert "./." in text
    listed = document.tables[-1]
    assert [cell.text for cell in listed.rows[0].cells] == [
        "TT",
        "Cơ quan, đơn vị",
        "Còn thiếu",
        "Hạn gửi",
        "Tình trạng",
    ]
    assert "0905" not in text


def everybody(instance: Instance) -> frozenset[int]:
    with instance.store.read() as connection:
        return frozenset(openings.asked_units(connection, opening_of(instance).id))


@ON_SQLITE
def test_the_list_holds_the_numbers_of_those_to_call_and_taking_it_is_on_record(
    instance: Instance, signed_in: SignIn
) -> None:
    give_number(instance)
    page = signed_in("ioc").get(PAGE)
    assert "0905 000 111" not in page.text
    assert "số điện thoại của cá nhân" in page.text
    got = signed_in("ioc").get(f"{PAGE}.xlsx?nhom={BMT}")
    sheet = openpyxl.load_workbook(io.BytesIO(got.data)).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    (mine,) = [row for row in rows if row[1] == "Phường Buôn Ma Thuột"]
    assert "0905 000 111" in mine[7]
    assert any("chỉ dùng để đôn đốc" in str(row[0]) for row in rows)
    with instance.store.read() as connection:
        last = connection.execute(
            select(audit.c.actor, audit.c.action, audit.c.object, audit_detail.c.body)
            .join(audit_detail, audit_detail.c.seq == audit.c.seq)
            .where(audit.c.action == "chase")
        ).one()
    assert (last.actor, last.object) == ("ioc", "KTXH 202610")
    assert '"units":1' in last.body
    assert '"kind":"xlsx"' in last.body


@ON_SQLITE
@pytest.mark.parametrize("login", ["easup", "ld.easup", "qt.easup", "bmnn"])
def test_who_does_not_chase_sees_no_list_and_no_number(login: str, instance: Instance, signed_in: SignIn) -> None:
    browser = signed_in(login)
    assert {browser.get(PAGE).status_code, browser.get(f"{PAGE}.xlsx").status_code} == {404}
    with pytest.raises(NotYours):
        chase.gather(sit(instance, login), opening_of(instance))


def test_everybody_on_the_list_is_reminded_at_once_by_the_office_or_the_lead_unit(
    instance: Instance, signed_in: SignIn, clock: Clock
) -> None:
    lead, watcher = sit(instance, "nhan.stc", LATER), sit(instance, "ioc", LATER)
    with pytest.raises(NotYours):
        chase.remind(watcher, opening_of(instance), everybody(instance))  # IOC watches; it speaks for nobody
    count = chase.remind(lead, opening_of(instance), frozenset({unit_key(instance), unit_key(instance, BMT)}))
    assert count == 2
    with instance.store.read() as connection:
        told = notices.unread(connection, rights.key_of(instance, "bmt"))
    assert [one.kind for one in told if one.kind != "period-opened"] == ["chased"]
    assert "98765" not in str(told[0].values)
    clock.now = LATER
    clerk = signed_in("bmt")
    assert "Sở Tài chính nhắc: Phường Buôn Ma Thuột chưa gửi" in clerk.get("/").text
    office = signed_in("vpub")
    assert (
        office.post(f"{PAGE}?nhom={EASUP}", follow_redirects=True).text.count("Đã gửi thông báo nhắc tới 1 đơn vị") == 1
    )
    with pytest.raises(Refusal):
        chase.remind(sit(instance, "vpub"), opening_of(instance), frozenset())


def chased(instance: Instance, login: str) -> int:
    with instance.store.read() as connection:
        unread = notices.unread(connection, rights.key_of(instance, login))
    return [one.kind for one in unread].count("chased")


@ON_SQLITE
def test_of_several_reminders_the_last_stands_until_all_is_sent(instance: Instance) -> None:
    here, only = opening_of(instance), frozenset({unit_key(instance), unit_key(instance, BMT)})
    for later in range(3):
        chase.remind(sit(instance, "vpub", NOW + timedelta(hours=later)), here, only)
    assert [chased(instance, one) for one in ("easup", "ld.easup", "bmt")] == [1, 1, 1]
    province.carry_through(instance, "easup", "ld.easup")
    assert [chased(instance, one) for one in ("easup", "ld.easup", "bmt")] == [0, 0, 1]


@ON_SQLITE
def test_those_of_the_regime_are_told_and_called_and_whoever_acts_for_the_leader(instance: Instance) -> None:
    here, only = opening_of(instance), frozenset({unit_key(instance)})
    with instance.store.write() as connection:
        mine = grant.c.person_id == rights.key_of(instance, "easup")
        connection.execute(update(grant).where(mine).values(regime="KSTT"))
        connection.execute(update(person).where(person.c.login == "bmt").values(phone="0905 000 111"))
        connection.execute(update(person).where(person.c.login == "easup").values(phone="0905 000 222"))
    rights.lend(instance, "ld.easup", "bmt")
    chase.remind(sit(instance, "vpub"), here, only)
    assert [chased(instance, one) for one in ("easup", "ld.easup", "bmt")] == [0, 1, 1]
    book = openpyxl.load_workbook(
        io.BytesIO(chase.take_away(sit(instance, "vpub"), here, only, Paper.WORKBOOK).data)
    ).active
    text = str([[cell.value for cell in row] for row in book.iter_rows()])
    assert ("0905 000 111" in text, "0905 000 222" in text) == (True, False)


@ON_SQLITE
def test_the_statements_of_a_reminder_do_not_grow_with_units(instance: Instance) -> None:
    here, counts = opening_of(instance), []
    for only in (frozenset({unit_key(instance)}), everybody(instance)):
        with statements(instance) as asked:
            chase.remind(sit(instance, "vpub"), here, only)
        counts.append(len(asked))
    assert counts[1] <= counts[0]


@ON_SQLITE
def test_notices_are_read_newest_first_by_when_they_were_told(instance: Instance) -> None:
    reader = rights.key_of(instance, "bmt")
    with instance.store.write() as connection:
        for days in (2, 3, 1):
            notices.put(connection, [reader], "remind", f"assignment {days}", {}, NOW + timedelta(days=days))
        found = notices.unread(connection, reader, 3)
        assert [one.object for one in found] == ["assignment 3", "assignment 2", "assignment 1"]
        assert [one.object for one in notices.page(connection, reader, 2, found[0].id)] == [
            "assignment 2",
            "assignment 1",
        ]
        notices.put_away(connection, reader, found[1].id, NOW)
        assert [one.object for one in notices.unread(connection, reader, 3)] == ["assignment 3"]
