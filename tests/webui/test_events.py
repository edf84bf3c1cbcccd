"""What happens to figures and reports is told to those it concerns, and no longer once it is overtaken."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event

from actions import decide, receptions, reports, submit
from actions.instance import Instance
from actions.openings import OPENED
from registry.catalogue.model import Role
from registry.catalogue.values import CellKey
from registry.store import notices
from registry.store import reports as stored_reports
from tests.webui import rights
from tests.webui.conftest import ON_SQLITE, SignIn
from tests.webui.small_province import NOW, narrative, sit, submitted, work_of

pytestmark = pytest.mark.usefixtures("clock")


def told(instance: Instance, login: str) -> list[str]:
    """Kinds of what somebody has not put away, newest first, but for the opening of the period."""
    with instance.store.read() as connection:
        unread = notices.unread(connection, rights.key_of(instance, login))
    return [one.kind for one in unread if one.kind != OPENED]


@contextmanager
def statements(instance: Instance) -> Iterator[list[str]]:
    asked: list[str] = []

    def note(*given: object) -> None:
        asked.append(str(given[2]))

    event.listen(instance.store.engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(instance.store.engine, "before_cursor_execute", note)


def test_a_months_report_tells_everybody_it_concerns_on_its_way(instance: Instance) -> None:
    clerk, leader, office = (sit(instance, one) for one in ("easup", "ld.easup", "vpub"))
    work = work_of(clerk)
    submit.nil(clerk, work.assignment_id)
    assert told(instance, "ld.easup") == ["figures-submitted"]
    assert told(instance, "easup") == told(instance, "ld.bmt") == []
    submit.withdraw(clerk, work.assignment_id)
    assert told(instance, "ld.easup") == ["figures-withdrawn"]
    submit.nil(clerk, work.assignment_id)
    decide.send_back(leader, work.assignment_id, work_of(clerk).version, "Xem lại cột 6")
    assert (told(instance, "ld.easup"), told(instance, "easup")) == ([], ["figures-returned"])
    submit.nil(clerk, work.assignment_id)
    assert (told(instance, "ld.easup"), told(instance, "easup")) == (["figures-submitted"], [])
    decide.approve(leader, work.assignment_id, work_of(clerk).version)
    assert (told(instance, "ld.easup"), told(instance, "easup")) == ([], ["figures-approved"])
    reports.attach_narrative(clerk, work.opening_id, work.unit_id, narrative(), "thuyet-minh.docx")
    assert told(instance, "ld.easup") == ["narrative-attached"]
    reports.forward(clerk, work.opening_id, work.unit_id)
    assert told(instance, "ld.easup") == ["report-waits"]
    reports.send(leader, work.opening_id, work.unit_id)
    assert (told(instance, "ld.easup"), told(instance, "easup")[:1]) == ([], ["report-sent"])
    assert told(instance, "vpub") == ["report-arrived"]
    with instance.store.read() as connection:
        taken = stored_reports.receptions(connection, work.opening_id)
    (reception,) = [one for one in taken if one.receiver_id == rights.unit_key(instance, "VPUB")]
    receptions.take(office, work.opening_id, reception.id)
    assert (told(instance, "vpub"), told(instance, "ld.easup")) == ([], ["report-received"])
    assert told(instance, "nhan.stc") == ["report-arrived"]
    receptions.take(office, work.opening_id, reception.id, "Thiếu phụ lục")
    assert told(instance, "ld.easup") == ["report-returned"]
    decide.reopen(office, work.assignment_id, "Số liệu lệch")
    assert told(instance, "easup") == ["figures-reopened", "report-returned"]


@ON_SQLITE
def test_the_clerk_learns_of_an_approval_taken_back_and_of_words_on_cells(
    instance: Instance, signed_in: SignIn
) -> None:
    clerk, leader = sit(instance, "easup"), sit(instance, "ld.easup")
    submitted(clerk)
    work = work_of(clerk)
    decide.approve(leader, work.assignment_id, 1)
    decide.take_back(leader, work.assignment_id, 1, "Nhầm đơn vị tính")
    assert told(instance, "easup") == ["approval-taken-back"]
    assert "Nhầm đơn vị tính" in signed_in("easup").get("/thong-bao").text
    decide.remark(sit(instance, "nhan.stc"), work.assignment_id, 1, {CellKey("NN14", "c06"): "Đối chiếu"})
    assert told(instance, "easup") == ["cells-remarked", "approval-taken-back"]
    decide.approve(leader, work.assignment_id, 1)
    assert told(instance, "easup") == ["figures-approved", "cells-remarked"]


@ON_SQLITE
def test_an_act_asks_the_same_however_many_people_are_told(instance: Instance) -> None:
    clerk = sit(instance, "easup")
    work = work_of(clerk)
    counts = []
    for more in ((), ("ld.vp", "nl.vp", "bmt")):
        for login in more:
            rights.give(instance, login, Role.LEADER)
        with statements(instance) as asked:
            submit.nil(clerk, work.assignment_id)
        counts.append(len(asked))
        submit.withdraw(clerk, work.assignment_id)
    assert told(instance, "bmt") == ["figures-withdrawn"]
    assert counts[1] <= counts[0] + 1


@ON_SQLITE
def test_who_borrowed_the_approval_is_told_too_and_the_lender_of_its_use(instance: Instance) -> None:
    clerk = sit(instance, "easup")
    work = work_of(clerk)
    rights.lend(instance, "ld.easup", "nl.vp")
    submit.nil(clerk, work.assignment_id)
    assert told(instance, "nl.vp") == ["figures-submitted"]
    decide.approve(sit(instance, "nl.vp"), work.assignment_id, 1)
    assert told(instance, "nl.vp") == []
    assert told(instance, "ld.easup") == ["lent-used"]


@ON_SQLITE
def test_all_notices_have_a_page_where_one_or_all_are_put_away(instance: Instance, signed_in: SignIn) -> None:
    with instance.store.write() as connection:
        to, values = {rights.key_of(instance, "easup")}, {"number": 1, "state": "answered"}
        for number in range(1, 60):
            notices.put(connection, to, "feedback-said", f"feedback {number}", values, NOW)
    clerk = signed_in("easup")
    home = clerk.get("/").text
    assert 'class="bell"' in home
    assert "60 chưa xem" in home
    page = clerk.get("/thong-bao").text
    assert page.count('class="is-new') == 50
    assert "15/10/2026" in page
    (older,) = re.findall(r'href="(/thong-bao\?truoc=\d+)"', page)
    assert clerk.get(older).text.count('class="is-new') == 10
    one = re.findall(r'name="mot" value="(\d+)"', page)[0]
    assert clerk.post("/thong-bao", data={"mot": one, "o-day": "1"}).headers["Location"] == "/thong-bao"
    assert "59 chưa xem" in clerk.get("/thong-bao?moi=1").text
    newest = re.findall(r'name="den" value="(\d+)"', page)[0]
    clerk.post("/thong-bao", data={"den": newest, "o-day": "1"})
    assert "Không còn thông báo chưa xem" in clerk.get("/thong-bao?moi=1").text
    assert "Phản ánh số 1 của anh/chị" in clerk.get("/thong-bao").text


@ON_SQLITE
def test_a_notice_of_anothers_is_not_put_away(instance: Instance, signed_in: SignIn) -> None:
    work = work_of(sit(instance, "easup"))
    submit.nil(sit(instance, "easup"), work.assignment_id)
    with instance.store.read() as connection:
        one = notices.unread(connection, rights.key_of(instance, "ld.easup"))[0]
    signed_in("easup").post("/thong-bao", data={"mot": str(one.id)})
    assert told(instance, "ld.easup") == ["figures-submitted"]
