"""Reminders before and after deadlines, and letters that say something waits: once each."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from actions import decide, digest, feedback, instants, reminders, reports, submit, timetable, work
from actions.console import open_desk
from actions.desk import Desk, say
from actions.events import KINDS
from actions.instance import Instance
from registry.periods.deadline import LOCAL
from registry.store import notices, outbox
from registry.store.tables import person
from registry.workflow.feedback import About, FeedbackKind
from tests.actions.test_mailing import Mailbox, mailbox, send
from tests.webui import rights
from tests.webui.conftest import ON_SQLITE
from tests.webui.small_province import carry_through, sit, work_of
from tests.webui.test_events import statements
from webui.wording import say as page_words

pytestmark = pytest.mark.usefixtures("clock")
__all__ = ["mailbox"]


def at(day: int, hour: int = 8, minute: int = 5, month: int = 10) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=LOCAL)


def operator(instance: Instance, moment: datetime) -> Desk:
    return replace(open_desk(instance, None), moment=moment, channel="job")


def told(instance: Instance, login: str, kind: str = "remind") -> list[str]:
    with instance.store.read() as connection:
        unread = notices.unread(connection, rights.key_of(instance, login), 100)
    return [one.kind for one in unread if one.kind.startswith(kind)]


def test_who_has_not_sent_is_reminded_once_for_each_step(instance: Instance) -> None:
    assert work_of(sit(instance, "easup")).due_at == at(16, 17, 0)
    clerk, leader = sit(instance, "bmt", at(15, 10)), sit(instance, "ld.bmt", at(15, 10))
    submit.nil(clerk, work_of(clerk).assignment_id)
    decide.approve(leader, work_of(clerk).assignment_id, 1)
    reports.send(leader, work_of(clerk).opening_id, work_of(clerk).unit_id)
    other = sit(instance, "ld.easup", at(15, 10))  # its figures are approved, its report is not sent
    submit.nil(sit(instance, "easup", at(15, 10)), work_of(other).assignment_id)
    decide.approve(other, work_of(other).assignment_id, 1)
    assert reminders.remind(operator(instance, at(16))) > 0
    assert reminders.remind(operator(instance, at(16, 9))) == 0
    assert (told(instance, "easup"), told(instance, "ld.easup"), told(instance, "bmt")) == (["remind-day"], [], [])
    reminders.remind(operator(instance, at(19)))  # the next working day
    assert told(instance, "easup") == ["remind-after"]  # in place of the one before
    assert (told(instance, "ld.easup"), told(instance, "bmt")) == (["remind-after"], [])


@ON_SQLITE
def test_a_closed_period_reminds_nobody_and_the_statements_do_not_grow_with_units(instance: Instance) -> None:
    work = work_of(sit(instance, "easup"))
    with statements(instance) as asked:
        some = reminders.remind(operator(instance, at(18)))
    assert some > 3
    assert len(asked) <= 20
    instants.set_reception(sit(instance, "vpub", at(18)), work.opening_id, is_open=False)
    assert reminders.remind(operator(instance, at(19))) == 0


@ON_SQLITE
def test_who_sends_is_reminded_no_more(instance: Instance) -> None:
    reminders.remind(operator(instance, at(16)))
    assert told(instance, "easup") == ["remind-day"]
    carry_through(instance, "easup", "ld.easup")
    assert told(instance, "easup") == []
    assert told(instance, "bmt") == ["remind-day"]


@ON_SQLITE
def test_the_office_sets_the_schedule_of_a_regime(instance: Instance) -> None:
    reminders.change(sit(instance, "vpub"), "KTXH", {"before": (2,), "on_day": False, "after": (), "hour": 9})
    assert reminders.remind(operator(instance, at(18, 9))) == 0
    assert reminders.remind(operator(instance, at(17, 9))) > 0
    reminders.drop(sit(instance, "vpub"), "KTXH")
    assert reminders.remind(operator(instance, at(18, 9))) > 0


def test_feedback_that_lies_too_long_is_told_of(instance: Instance) -> None:
    number = feedback.send(sit(instance, "easup"), FeedbackKind.QUESTION, "Cột 6 nhập thế nào?", About())
    assert reminders.remind_of_feedback(operator(instance, at(15, 12))) == 0
    late = at(15, month=12)
    assert reminders.remind_of_feedback(operator(instance, late)) == 1
    assert reminders.remind_of_feedback(operator(instance, late)) == 0
    assert told(instance, "qt.easup", "feedback-overdue") == ["feedback-overdue"]
    assert number


def give_mail(instance: Instance, *logins: str) -> None:
    with instance.store.write() as connection:
        for login in logins:
            connection.execute(update(person).where(person.c.login == login).values(email=f"{login}@example.vn"))


def test_a_daily_letter_says_what_waits_without_figures_or_names_and_goes_once(
    instance: Instance, mailbox: Mailbox
) -> None:
    instance.settings = replace(instance.settings, public_url="https://bao-cao.example")
    give_mail(instance, "easup", "ld.easup")
    clerk = sit(instance, "easup")
    submit.nil(clerk, work_of(clerk).assignment_id)
    assert digest.send(operator(instance, at(16, 6))) == 0
    timetable.run(operator(instance, at(16, 7)))
    timetable.run(operator(instance, at(16, 9)))
    send(instance)
    by_address = {one["To"]: one.get_body().get_content() for one in mailbox.came}
    assert len(mailbox.came) == len(by_address)
    text = by_address["ld.easup@example.vn"]
    assert "số liệu chờ duyệt (Xã Ea Súp): 1" in text
    assert "https://bao-cao.example/" in text
    assert clerk.actor.name not in text
    assert "KTXH-01" not in text
    assert all(not list(one.iter_attachments()) for one in mailbox.came)


def test_urgent_things_are_told_soon_to_who_wants_it_and_nothing_to_who_does_not(
    instance: Instance, mailbox: Mailbox
) -> None:
    give_mail(instance, "easup", "ld.easup")
    leader, clerk = sit(instance, "ld.easup"), sit(instance, "easup")
    digest.choose(leader, "urgent", 7)
    digest.choose(clerk, "off", 7)
    submit.nil(clerk, work_of(clerk).assignment_id)
    assert digest.send(operator(instance, at(15, 9))) == 1
    assert digest.send(operator(instance, at(15, 9))) == 0
    decide.send_back(leader, work_of(clerk).assignment_id, 1, "Xem lại")
    submit.nil(clerk, work_of(clerk).assignment_id)
    assert digest.send(operator(instance, at(15, 10))) == 1
    with instance.store.read() as connection:
        assert {one.to for one in outbox.unsent(connection)} == {"ld.easup@example.vn"}


@ON_SQLITE
def test_a_daily_letter_keeps_its_hour_tells_nothing_twice_and_is_caught_up(
    instance: Instance, mailbox: Mailbox
) -> None:
    give_mail(instance, "easup")
    digest.send(operator(instance, at(15, 7, 5)))
    work = work_of(sit(instance, "easup"))

    def more(day: int) -> None:
        due = work.due_at + timedelta(days=day)
        instants.extend(sit(instance, "vpub", at(day, 15)), work.opening_id, due, f"lần {day}")

    more(15)
    assert [digest.send(operator(instance, one)) for one in (at(15, 15, 5), at(16, 6, 55))] == [0, 0]
    assert [digest.send(operator(instance, one)) for one in (at(16, 7, 5), at(16, 7, 10), at(17, 7, 5))] == [1, 0, 0]
    more(17)
    assert [digest.send(operator(instance, one)) for one in (at(20, 3), at(20, 7))] == [1, 0]  # nothing ran for days


@ON_SQLITE
def test_the_statements_of_letters_do_not_grow_with_people(instance: Instance, mailbox: Mailbox) -> None:
    counts = []
    for day, logins in ((16, ("easup",)), (17, ("bmt", "ld.easup", "ld.bmt"))):
        give_mail(instance, *logins)
        with statements(instance) as asked:
            assert digest.send(operator(instance, at(day, 7, 5))) == len(logins)
        counts.append(len(asked))
    assert counts[1] <= counts[0]


@ON_SQLITE
def test_without_a_mail_server_nothing_is_put_out(instance: Instance) -> None:
    give_mail(instance, "easup")
    assert digest.send(operator(instance, at(16, 9))) == 0


@ON_SQLITE
def test_the_round_asks_for_the_next_one(instance: Instance) -> None:
    key = open_desk(instance, None).actor.person_id
    timetable.queue_next(instance, key, at(15, 9) - timedelta(days=400))
    assert work.run_one(instance, (timetable.TELL,))
    assert not work.run_one(instance, (timetable.TELL,))


def test_every_kind_of_notice_has_its_words_in_letters() -> None:
    """Of every room: what stands in ``[notice]`` and no page says itself is a kind."""
    root = Path(__file__).parents[2] / "webui"
    pages = "".join(one.read_text() for kind in ("*.py", "*.html") for one in root.rglob(kind))
    said = set(re.findall(r"""['"](notice\.[\w-]+)['"]""", pages))
    words = {key for key in page_words.sentences if key.startswith("notice.") and not key.startswith("notice.mail-")}
    kinds = {key.removeprefix("notice.") for key in words - said}
    letters = {key.removeprefix("digest.kind.") for key in say.sentences if key.startswith("digest.kind.")}
    assert kinds == letters - {"other"}
    assert kinds >= set(KINDS)
