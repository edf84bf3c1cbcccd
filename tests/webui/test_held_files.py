"""A file sent when the session was over is there when its sender has signed in again, for nobody else."""

import io
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from actions import holding
from actions.instance import Instance
from registry.store.held import KEPT, MOST, HeldFiles
from tests.webui.conftest import ON_SQLITE, Clock, SignIn, sign_in
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


@ON_SQLITE
def test_a_file_sent_with_the_token_of_a_former_session_is_held_too(instance: Instance, app: Flask) -> None:
    browser = sign_in(app, "easup")
    app.config["WTF_CSRF_ENABLED"] = True
    assert sent(browser, instance).location == HELD
    assert sent(browser, instance, Accept="application/json").json["stale"] is True  # type: ignore[index]
    assert len(instance.held.of(sit(instance, "easup").actor.person_id, NOW)) == 1


@ON_SQLITE
def test_what_is_sent_on_twice_at_once_is_sent_once(instance: Instance, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = sit(instance, "easup")
    instance.held.put(desk.actor.person_id, b"x", "x.xlsx", work_of(desk).unit_id, NOW)
    seen = holding.held(desk)
    monkeypatch.setattr(holding, "held", lambda _: seen)
    assert [one.number for one in holding.send(desk)] == [1]
    assert holding.send(desk) == []


def test_few_files_are_held_for_a_day(tmp_path) -> None:  # type: ignore[no-untyped-def]
    held = HeldFiles(tmp_path)
    assert [held.put(1, b"x", f"{n}.xlsx", 7, NOW) for n in range(MOST + 1)] == [True] * MOST + [False]
    assert held.of(2, NOW) == []
    first = held.of(1, NOW)[0]
    assert (first.read(), first.unit_id, first.at) == (b"x", 7, NOW)
    assert held.put(2, b"y", "y.xlsx", 7, NOW + KEPT + timedelta(seconds=1))
    assert list((tmp_path / "1").iterdir()) == []
