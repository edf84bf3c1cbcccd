"""A file sent when the session was over is there when its sender has signed in again, for nobody else."""

import io
import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from actions import holding, timetable
from actions.console import open_desk
from actions.instance import Instance
from registry.store import tables
from registry.store.held import KEPT, MOST, Held, HeldFiles
from tests.webui.conftest import ON_SQLITE, AtOnce, Clock, SignIn, sign_in
from tests.webui.small_province import NOW, WORD, filled, sit, work_of
from webui.visitor import COOKIE

HELD = "/tai-len/con-giu"


def sent(browser: FlaskClient, instance: Instance, unit: str = "easup", **headers: str) -> TestResponse:
    name, data = filled(sit(instance, "easup"))
    posted = {"don_vi": str(work_of(sit(instance, unit)).unit_id), "tep": (io.BytesIO(data), name)}
    return browser.post("/tai-len", data=posted, content_type="multipart/form-data", headers=headers)


def back(browser: FlaskClient, login: str) -> None:
    browser.post("/dang-nhap", data={"login": login, "password": WORD})


@ON_SQLITE
def test_what_came_when_the_session_was_over_is_sent_on_by_who_sent_it(
    instance: Instance, signed_in: SignIn, clock: Clock
) -> None:
    browser = signed_in("easup")
    clock.now += timedelta(minutes=16)
    assert sent(browser, instance).location == HELD
    assert browser.get(HELD).location == f"/dang-nhap?next={HELD}"
    assert "Hệ thống đã giữ 1/1 tệp" in browser.get("/dang-nhap").text
    other = signed_in("bmt")
    assert "Không còn tệp nào" in other.get(HELD).text
    assert other.post(HELD).location == "/"
    back(browser, "easup")
    assert "1 tệp gửi lúc phiên đã hết" in browser.get("/").text
    name, data = filled(sit(instance, "easup"))
    assert name in browser.get(HELD).text
    assert browser.post(HELD).location == "/tep/1"
    assert browser.get("/tep/1/tai-ve", buffered=True).data == data
    assert browser.post(HELD).location == "/"  # again: there is nothing left to send


@ON_SQLITE
@pytest.mark.parametrize("over", ["ended", "a day old", "another unit's", "from another site", "nobody's"])
def test_nothing_is_held_for_who_cannot_be_told(instance: Instance, signed_in: SignIn, clock: Clock, over: str) -> None:
    browser, unit, headers = signed_in("easup"), "easup", {}
    cookie = browser.get_cookie(COOKIE)
    assert cookie is not None
    if over == "ended":
        browser.post("/dang-xuat")
        browser.set_cookie(COOKIE, cookie.value)
    elif over == "nobody's":
        browser.set_cookie(COOKIE, "x" * 43)
    elif over == "another unit's":
        unit = "bmt"
    elif over == "from another site":
        headers = {"Sec-Fetch-Site": "cross-site"}
    clock.now += KEPT if over == "a day old" else timedelta(minutes=16)
    clock.now += timedelta(minutes=1)
    assert sent(browser, instance, unit, **headers).location == "/dang-nhap"
    assert list(instance.held.root.glob("*/*")) == []
    page = browser.get("/dang-nhap").text
    assert filled(sit(instance, "easup"))[0] in page
    assert "không giữ tệp vừa gửi" in page


@ON_SQLITE
def test_a_file_sent_with_the_token_of_a_former_session_is_held_too(instance: Instance, app: Flask) -> None:
    browser = sign_in(app, "easup")
    app.config["WTF_CSRF_ENABLED"] = True
    assert sent(browser, instance).location == HELD
    assert sent(browser, instance, Accept="application/json").json["stale"] is True  # type: ignore[index]
    assert len(instance.held.of(sit(instance, "easup").actor.person_id, NOW)) == 1


@ON_SQLITE
def test_what_is_sent_on_twice_at_once_is_sent_once(instance: Instance, at_once: AtOnce) -> None:
    desk = sit(instance, "easup")
    name, data = filled(desk)
    instance.held.put(desk.actor.person_id, data, name, work_of(desk).unit_id, NOW)
    both = at_once(Held, "read", lambda: holding.send(desk))
    assert [[one.number for one in taken] for taken in both] == [[1], [1]]
    assert holding.held(desk) == []
    with instance.store.read() as connection:
        assert connection.execute(select(func.count()).select_from(tables.upload)).scalar() == 1


@ON_SQLITE
def test_one_file_that_may_not_be_sent_any_more_keeps_no_other_back(instance: Instance, signed_in: SignIn) -> None:
    desk = sit(instance, "easup")
    name, data = filled(desk)
    for title, unit_id in (("cũ.xlsx", work_of(sit(instance, "bmt")).unit_id), (name, work_of(desk).unit_id)):
        instance.held.put(desk.actor.person_id, data, title, unit_id, NOW)
    instance.held.put(desk.actor.person_id, data, "giải thể.xlsx", 10**6, NOW)
    browser = signed_in("easup")
    assert "đơn vị không còn trong danh mục" in browser.get(HELD).text
    listing = browser.post(HELD, follow_redirects=True).text
    for title in ("cũ.xlsx", "giải thể.xlsx"):
        assert f"{title}: Anh/chị không còn quyền gửi" in listing
    assert [one.name for one in holding.held(desk)] == ["cũ.xlsx", "giải thể.xlsx"]
    assert browser.get("/tep/1").status_code == 200


def test_few_files_are_held_for_a_day(tmp_path: Path) -> None:
    held = HeldFiles(tmp_path)
    assert [held.put(1, b"x", f"{n}.xlsx", 7, NOW) for n in range(MOST + 1)] == [True] * MOST + [False]
    assert held.of(2, NOW) == []
    first = held.of(1, NOW)[0]
    assert (first.read(), first.unit_id, first.at) == (b"x", 7, NOW)
    half, older = tmp_path / "1" / ".half", NOW + KEPT + timedelta(seconds=1)
    half.touch()
    os.utime(half, (older.timestamp(),) * 2)
    held.sweep(NOW + KEPT)
    assert len(list((tmp_path / "1").iterdir())) == MOST + 1
    held.sweep(older)
    assert list((tmp_path / "1").iterdir()) == [half]
    held.sweep(older + timedelta(hours=2))
    assert not half.exists()


@ON_SQLITE
def test_the_clock_drops_what_is_held_too_long(instance: Instance) -> None:
    desk = sit(instance, "easup")
    instance.held.put(desk.actor.person_id, b"x", "x.xlsx", work_of(desk).unit_id, NOW)
    timetable.run(replace(open_desk(instance, None), moment=NOW + KEPT + timedelta(minutes=1)))
    assert list(instance.held.root.glob("*/*")) == []
