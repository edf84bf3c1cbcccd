"""Workbooks by mail: links for who fills them, once a day, to nobody who wants no letters."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from actions import digest, handing_out
from actions.desk import NotNow, NotYours, Refusal
from actions.instance import Instance
from registry.store import audit, tables
from tests.webui import small_province as province
from tests.webui.conftest import ON_SQLITE
from tests.webui.small_province import sit

OCTOBER = ("KTXH", "202610")


@pytest.fixture
def with_mail(instance: Instance) -> Iterator[Instance]:
    """The small province with a mail server (never called: no worker runs) and addresses of all but one clerk."""
    before = instance.settings
    instance.settings = replace(before, smtp="smtp://127.0.0.1:1", public_url="https://bao-cao.example")
    with instance.store.write() as connection:
        connection.execute(update(tables.person).values(email=tables.person.c.login + "@example.vn"))
        connection.execute(update(tables.person).where(tables.person.c.login == "bmt").values(email=""))
    yield instance
    instance.settings = before


def letters(instance: Instance) -> dict[str, str]:
    """What lies in the outbox, by address."""
    with instance.store.read() as connection:
        rows = connection.execute(select(tables.outbox.c.to, tables.outbox.c.body)).all()
    return {row.to: row.body["text"] for row in rows if "biểu mẫu" in row.body["text"]}


@ON_SQLITE
def test_a_clerk_is_written_where_his_workbooks_are_once_a_day(with_mail: Instance) -> None:
    digest.choose(sit(with_mail, "nl.stc"), "off", 7)
    handed = handing_out.by_mail(sit(with_mail, "vpub"), *OCTOBER)
    mine = province.work_of(sit(with_mail, "easup"))
    came = letters(with_mail)
    assert f"https://bao-cao.example/bieu-mau/{mine.assignment_id}.xlsx" in came["easup@example.vn"]
    assert "Xã Ea Súp, biểu KTXH-01" in came["easup@example.vn"]
    assert "nl.stc@example.vn" not in came
    assert not {"", "bmt@example.vn"} & came.keys()  # who has no address
    assert handed.without == ("Hải quan khu vực",)  # it has nobody who signs in
    assert (handed.people, handed.before) == (len(came), 0)

    again = handing_out.by_mail(sit(with_mail, "vpub"), *OCTOBER)
    assert (again.people, again.before) == (0, len(came))
    assert letters(with_mail) == came
    with with_mail.store.read() as connection:
        told = [
            json.loads(str(one["detail"]))
            for one in audit.exported(connection, with_details=True)
            if "mail work" in one["action"]
        ]
    assert [(one["people"], one["before"]) for one in told] == [(len(came), 0), (0, len(came))]


@ON_SQLITE
def test_another_deadline_the_same_day_is_news(with_mail: Instance) -> None:
    office, mine = sit(with_mail, "vpub"), province.work_of(sit(with_mail, "easup"))
    first = handing_out.by_mail(office, *OCTOBER)
    with with_mail.store.write() as connection:
        moved = update(tables.assignment).where(tables.assignment.c.id == mine.assignment_id)
        connection.execute(moved.values(due_at=mine.due_at + timedelta(days=1)))
    handed = handing_out.by_mail(office, *OCTOBER)
    assert 1 <= handed.people < first.people == handed.people + handed.before


@ON_SQLITE
def test_nobody_is_written_of_what_he_has_sent(with_mail: Instance) -> None:
    province.carry_through(with_mail, "easup", "ld.easup")
    with pytest.raises(Refusal, match="Không còn biểu mẫu nào"):
        handing_out.by_mail(sit(with_mail, "vpub"), *OCTOBER, [province.EASUP])
    assert letters(with_mail) == {}


@ON_SQLITE
def test_letters_need_a_server_and_who_may_remind(instance: Instance) -> None:
    with pytest.raises(NotNow, match="thư điện tử"):
        handing_out.by_mail(sit(instance, "vpub"), *OCTOBER)
    instance.settings = replace(instance.settings, smtp="smtp://127.0.0.1:1", public_url="https://bao-cao.example")
    for login in ("easup", "ioc"):
        with pytest.raises(NotYours):
            handing_out.by_mail(sit(instance, login), *OCTOBER)
