"""Signing in and out: the session row, the cookie, the tokens, and what a stranger learns (nothing)."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from actions.instance import Instance
from tests.webui.conftest import ON_SQLITE, Clock, SignIn
from tests.webui.small_province import WORD
from webui.visitor import COOKIE


def enter(client: FlaskClient, login: str = "easup", word: str = WORD, **more: str):  # type: ignore[no-untyped-def]
    return client.post("/dang-nhap", data={"login": login, "password": word, **more})


def test_a_good_password_opens_the_front_page(client: FlaskClient) -> None:
    assert enter(client).location == "/"
    page = client.get("/").text
    assert "Việc của tôi" in page
    assert 'action="/dang-xuat"' in page


@pytest.mark.parametrize("login", ["easup", "nobody-at-all"])
@ON_SQLITE
def test_a_wrong_password_and_an_unknown_login_get_the_same_sentence(client: FlaskClient, login: str) -> None:
    answer = enter(client, login, "sai")
    assert answer.status_code == 401
    assert "Tên đăng nhập hoặc mật khẩu không đúng." in answer.text


@ON_SQLITE
def test_five_failures_lock_the_login_even_for_the_right_password(client: FlaskClient) -> None:
    for _ in range(5):
        enter(client, word="sai")
    answer = enter(client)
    assert answer.status_code == 401
    assert "tạm khóa" in answer.text


@ON_SQLITE
def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(client: FlaskClient) -> None:
    flags = enter(client).headers.getlist("Set-Cookie")
    ours = next(one for one in flags if one.startswith(COOKIE))
    assert "HttpOnly" in ours
    assert "SameSite=Lax" in ours
    assert "Secure" not in ours


@ON_SQLITE
def test_over_https_every_cookie_is_secure(client: FlaskClient) -> None:
    answer = client.post("/dang-nhap", data={"login": "easup", "password": WORD}, base_url="https://localhost")
    assert all("Secure" in one for one in answer.headers.getlist("Set-Cookie"))
    assert "Strict-Transport-Security" in answer.headers


@ON_SQLITE
def test_signing_out_ends_the_session_itself_not_only_the_cookie(client: FlaskClient) -> None:
    enter(client)
    cookie = client.get_cookie(COOKIE)
    assert cookie is not None
    assert client.post("/dang-xuat").headers["Clear-Site-Data"] == '"cache", "storage"'
    client.set_cookie(COOKIE, cookie.value)
    assert client.get("/").status_code == 302


def test_signing_in_anew_ends_the_session_before_it(client: FlaskClient) -> None:
    enter(client)
    earlier = client.get_cookie(COOKIE)
    assert earlier is not None
    enter(client)
    assert client.get("/").status_code == 200
    client.set_cookie(COOKIE, earlier.value)
    assert client.get("/").status_code == 302


@ON_SQLITE
def test_an_idle_session_ends_and_the_page_wanted_is_kept(client: FlaskClient, clock: Clock) -> None:
    enter(client)
    clock.now += timedelta(minutes=16)
    assert client.get("/tai-khoan").location == "/dang-nhap?next=/tai-khoan"


@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example/", "/\\evil.example", "evil"])
@ON_SQLITE
def test_signing_in_never_leads_to_another_site(client: FlaskClient, wanted: str) -> None:
    assert enter(client, next=wanted).location == "/"


@ON_SQLITE
def test_signing_in_leads_to_the_page_that_was_wanted(client: FlaskClient) -> None:
    assert enter(client, next="/tai-khoan").location == "/tai-khoan"


@ON_SQLITE
def test_a_script_without_a_session_is_told_so_in_json(client: FlaskClient) -> None:
    answer = client.post("/tai-len", headers={"Accept": "application/json"})
    assert answer.status_code == 401
    assert answer.json is not None
    assert "đăng nhập" in answer.json["error"]


@ON_SQLITE
def test_no_change_is_made_without_a_token(app: Flask, signed_in: SignIn) -> None:
    browser = signed_in("easup")
    app.config["WTF_CSRF_ENABLED"] = True
    answer = browser.post("/dang-xuat")
    assert answer.status_code == 400
    assert "tải lại trang" in answer.text
    assert browser.get("/").status_code == 200


@ON_SQLITE
def test_the_demo_lists_its_accounts_and_a_real_instance_does_not(
    app: Flask, client: FlaskClient, instance: Instance
) -> None:
    assert "Dùng thử" not in client.get("/dang-nhap").text
    object.__setattr__(instance.settings, "demo", True)
    page = client.get("/dang-nhap").text
    assert "Bản dùng thử" in page
    for login in ("vpub", "easup", "ld.easup", "stc", "ld.snnmt"):
        assert f">{login}<" in page


@ON_SQLITE
def test_one_changes_ones_own_password(client: FlaskClient) -> None:
    enter(client)
    new = "Mật-khẩu-Khác-2027!"
    assert client.post("/tai-khoan", data={"old": WORD, "new": new, "again": "khác"}).status_code == 400
    assert client.post("/tai-khoan", data={"old": "sai", "new": new, "again": new}).status_code == 400
    assert client.post("/tai-khoan", data={"old": WORD, "new": "ngắn", "again": "ngắn"}).status_code == 400
    assert client.post("/tai-khoan", data={"old": WORD, "new": new, "again": new}).status_code == 302
    client.post("/dang-xuat")
    assert enter(client).status_code == 401
    assert enter(client, word=new).status_code == 302
