"""The rules of accounts as people meet them: second factor, passwords owed, sessions, idle accounts (R32)."""

import re
from datetime import datetime, timedelta

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from actions import account_rules, links, people
from actions.console import open_desk
from actions.instance import Instance
from registry.store import people as accounts
from registry.workflow.account_rules import BOUNDS, AccountRules
from tests.webui.conftest import ON_SQLITE, Clock, SignIn
from tests.webui.small_province import NOW, WORD, sit
from webui.visitor import COOKIE

RULES = AccountRules()
NEW = "gió-mùa-Đông-bắc-7!"
MINE, FACTOR, ASKED = "/tai-khoan", "/tai-khoan/xac-thuc-hai-buoc", "/dang-nhap/ma-xac-thuc"


@pytest.fixture
def strict(instance: Instance) -> Instance:
    """An instance that asks for second factors, as every real one does."""
    object.__setattr__(instance.settings, "second_factor", True)
    return instance


def enter(browser: FlaskClient, login: str = "easup", word: str = WORD) -> TestResponse:
    return browser.post("/dang-nhap", data={"login": login, "password": word})


def enrolled(browser: FlaskClient, moment: datetime) -> tuple[pyotp.TOTP, list[str]]:
    """Set the factor up on the page; the app and the recovery codes."""
    found = re.search(r"data-secret>([A-Z2-7 ]+)<", browser.get(FACTOR).text)
    assert found
    app = pyotp.TOTP(found[1].replace(" ", ""))
    answer = browser.post(FACTOR, data={"code": app.at(moment), "password": WORD})
    assert answer.status_code == 200, answer.text
    return app, re.findall(r"<code>(\w{4}-\w{4}-\w{4})</code>", answer.text)


# --- second factor ---------------------------------------------------------------------------------------------------


@ON_SQLITE
@pytest.mark.parametrize("login", ["vpub", "qt.easup", "bmnn"])
def test_an_admin_sets_the_second_factor_up_before_anything_else(strict: Instance, app: Flask, login: str) -> None:
    browser = app.test_client()
    enter(browser, login)
    assert browser.get("/").location == FACTOR
    assert browser.get("/", headers={"Accept": "application/json"}).status_code == 403
    page = browser.get(FACTOR).text
    assert "data:image/svg+xml" in page
    enrolled(browser, NOW)
    assert browser.get("/").status_code == 200
    assert "bắt buộc" in browser.post(FACTOR + "/tat", data={"password": WORD}).text


@ON_SQLITE
def test_others_may_have_a_factor_and_turn_it_off_again(strict: Instance, client: FlaskClient, clock: Clock) -> None:
    enter(client)
    assert client.get("/").status_code == 200
    enrolled(client, NOW)
    assert client.post(FACTOR + "/tat", data={"password": "sai"}).status_code == 400
    assert client.post(FACTOR + "/tat", data={"password": WORD}).location == MINE
    client.post("/dang-xuat")
    assert enter(client).location == "/"


@ON_SQLITE
def test_with_the_factor_a_password_alone_opens_nothing(strict: Instance, client: FlaskClient, clock: Clock) -> None:
    enter(client)
    totp, _ = enrolled(client, NOW)
    client.post("/dang-xuat")
    clock.now += timedelta(minutes=1)
    assert enter(client).location.startswith(ASKED)
    assert client.get("/").status_code == 302
    assert client.get(ASKED).status_code == 200
    assert client.post(ASKED, data={"code": totp.at(clock.now)}).location == "/"
    assert client.get("/").status_code == 200


@ON_SQLITE
def test_a_forgotten_password_made_anew_by_a_link_does_not_pass_by_the_factor(
    strict: Instance, client: FlaskClient, clock: Clock
) -> None:
    enter(client)
    enrolled(client, NOW)
    with strict.store.write() as connection:
        person = accounts.find(connection, "easup")
        assert person is not None
        token = links.issue(connection, person.id, RULES, NOW).token
    assert client.post(f"/dat-mat-khau/{token}", data={"new": NEW, "again": NEW}).status_code == 302
    assert enter(client, word=NEW).location.startswith(ASKED)
    assert client.get("/").status_code == 302


@ON_SQLITE
def test_a_code_counts_once_and_only_about_now(strict: Instance, client: FlaskClient, clock: Clock) -> None:
    enter(client)
    totp, _ = enrolled(client, NOW)
    client.post("/dang-xuat")
    enter(client)
    refused = client.post(ASKED, data={"code": totp.at(NOW)})  # the code of the setting up
    assert (refused.status_code, "đã dùng" in refused.text) == (401, True)
    clock.now += timedelta(minutes=2)
    enter(client)
    assert client.post(ASKED, data={"code": totp.at(clock.now - timedelta(minutes=1))}).status_code == 401
    assert client.post(ASKED, data={"code": totp.at(clock.now + timedelta(minutes=1))}).status_code == 401
    assert client.post(ASKED, data={"code": totp.at(clock.now - timedelta(seconds=30))}).location == "/"


def test_recovery_codes_work_once_each_and_die_when_renewed(
    strict: Instance, client: FlaskClient, clock: Clock
) -> None:
    enter(client)
    _, codes = enrolled(client, NOW)
    assert len(set(codes)) == 10
    assert not any(code in client.get(FACTOR).text for code in codes)
    for code, works in ((codes[0].upper().replace("-", " "), True), (codes[0], False), (codes[1], True)):
        client.post("/dang-xuat")
        enter(client)
        assert (client.post(ASKED, data={"code": code}).status_code == 302) is works, code
    renewed = client.post(FACTOR + "/ma-khoi-phuc", data={"password": WORD}).text
    assert len(re.findall(r"<code>\w{4}-\w{4}-\w{4}</code>", renewed)) == 10
    client.post("/dang-xuat")
    enter(client)
    assert client.post(ASKED, data={"code": codes[2]}).status_code == 401


@ON_SQLITE
def test_wrong_codes_lock_the_login_however_often_the_password_is_right(
    strict: Instance, client: FlaskClient, clock: Clock
) -> None:
    enter(client)
    totp, _ = enrolled(client, NOW)
    client.post("/dang-xuat")
    clock.now += timedelta(minutes=1)
    for _ in range(RULES.lock_after):
        assert enter(client).status_code == 302
        assert client.post(ASKED, data={"code": "000000"}).status_code == 401
    locked = client.post(ASKED, data={"code": totp.at(clock.now)})
    assert "tạm khóa" in locked.text
    assert "tạm khóa" in enter(client).text


@ON_SQLITE
def test_the_second_step_comes_within_five_minutes_of_the_password(
    strict: Instance, client: FlaskClient, clock: Clock
) -> None:
    assert client.get(ASKED).location.startswith("/dang-nhap")
    enter(client)
    totp, _ = enrolled(client, NOW)
    client.post("/dang-xuat")
    enter(client)
    clock.now += timedelta(minutes=5, seconds=1)
    assert client.post(ASKED, data={"code": totp.at(clock.now)}).location.startswith("/dang-nhap?next")
    assert client.get("/").status_code == 302


@ON_SQLITE
def test_the_secret_and_the_codes_are_not_readable_in_the_database(strict: Instance, client: FlaskClient) -> None:
    enter(client)
    totp, codes = enrolled(client, NOW)
    with strict.store.read() as connection:
        kept = str(connection.exec_driver_sql("SELECT * FROM totp").all())
        kept += str(connection.exec_driver_sql("SELECT hash FROM recovery_code").all())
    assert totp.secret not in kept
    assert not any(code in kept or code.replace("-", "") in kept for code in codes)


@ON_SQLITE
def test_the_office_takes_a_lost_phone_from_an_account(strict: Instance, app: Flask) -> None:
    office, admin = app.test_client(), app.test_client()
    for browser, login in ((office, "vpub"), (admin, "qt.easup")):
        enter(browser, login)
        enrolled(browser, NOW)
    assert "Không có tài khoản" in office.post("/quy-tac-tai-khoan/go-xac-thuc", data={"login": "khong"}).text
    office.post("/quy-tac-tai-khoan/go-xac-thuc", data={"login": "qt.easup"})
    assert admin.get("/").location.startswith("/dang-nhap")
    enter(admin, "qt.easup")
    assert admin.get("/").location == FACTOR


@ON_SQLITE
def test_a_demo_asks_for_no_second_factor(client: FlaskClient) -> None:
    enter(client, "vpub")
    assert client.get("/").status_code == 200
    assert "không hỏi xác thực hai bước" in client.get(FACTOR).text
    assert client.post(FACTOR, data={"code": "1", "password": WORD}).status_code == 409


@ON_SQLITE
@pytest.mark.parametrize("login", ["easup", "khong-co-ai"])
def test_a_known_and_an_unknown_account_answer_alike_until_the_lock(
    strict: Instance, client: FlaskClient, login: str
) -> None:
    answers = [enter(client, login, "sai") for _ in range(RULES.lock_after + 1)]
    assert [one.status_code for one in answers] == [401] * (RULES.lock_after + 1)
    assert all("không đúng" in one.text for one in answers[:-1])
    assert "tạm khóa" in answers[-1].text


@ON_SQLITE
def test_every_password_given_costs_one_comparison(
    strict: Instance, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[str] = []
    monkeypatch.setattr("actions.passwords.matches", lambda kept, word: bool(compared.append(kept)))
    with strict.store.write() as connection:
        connection.exec_driver_sql("UPDATE person SET state = 'idle' WHERE login = 'bmt'")
    for login in ("easup", "bmt", "khong-co-ai", "operator"):
        enter(client, login)
    assert len(compared) == 4


# --- passwords owed --------------------------------------------------------------------------------------------------


@ON_SQLITE
def test_a_password_given_by_the_operator_is_replaced_first(instance: Instance, client: FlaskClient) -> None:
    people.set_password(instance, "easup", "Cá-bống-kho-tộ-12", NOW)
    enter(client, word="Cá-bống-kho-tộ-12")
    assert client.get("/").location == MINE
    assert "vui lòng đặt mật khẩu mới" in client.get(MINE).text
    answer = client.post(MINE, data={"old": "Cá-bống-kho-tộ-12", "new": WORD, "again": WORD})
    assert "đã dùng trước đây" in answer.text
    client.post(MINE, data={"old": "Cá-bống-kho-tộ-12", "new": NEW, "again": NEW})
    assert client.get("/").status_code == 200


@ON_SQLITE
@pytest.mark.parametrize(("login", "owes"), [("vpub", True), ("easup", False)])
def test_an_admins_password_ages_and_others_do_not(client: FlaskClient, clock: Clock, login: str, owes: bool) -> None:
    clock.now = NOW + timedelta(days=RULES.admin_password_days, seconds=1)
    enter(client, login)
    assert (client.get("/").location == MINE) is owes


@ON_SQLITE
def test_rules_made_stricter_ask_for_a_better_password_at_the_next_sign_in(
    instance: Instance, client: FlaskClient
) -> None:
    account_rules.change(sit(instance, "vpub"), {"length_alone": "40"})
    enter(client)
    assert client.get("/").location == MINE
    longer = f"{NEW} {NEW} và thêm nữa"
    client.post(MINE, data={"old": WORD, "new": longer, "again": longer})
    assert client.get("/").status_code == 200


@ON_SQLITE
def test_with_a_second_factor_a_shorter_password_is_enough(strict: Instance, client: FlaskClient) -> None:
    enter(client)
    short = "k7#pLm2wq"
    assert client.post(MINE, data={"old": WORD, "new": short, "again": short}).status_code == 400
    enrolled(client, NOW)
    assert client.post(MINE, data={"old": WORD, "new": short, "again": short}).status_code == 302
    assert "ít nhất 14" in client.post(FACTOR + "/tat", data={"password": short}).text


# --- sessions --------------------------------------------------------------------------------------------------------


def test_one_sees_ones_sessions_and_ends_one_or_all_others(app: Flask, signed_in: SignIn, clock: Clock) -> None:
    phone, other = app.test_client(), signed_in("easup")
    clock.now += timedelta(seconds=1)
    agent = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36"
    phone.post("/dang-nhap", data={"login": "easup", "password": WORD}, headers={"User-Agent": agent})
    clock.now -= timedelta(seconds=2)
    here = signed_in("easup")  # the oldest: newest are told first
    page = here.get(MINE).text
    assert "Chrome, Android" in page
    marks = re.findall(r"/tai-khoan/phien/([0-9a-f]{16})", page)
    assert len(marks) == 2
    assert here.post(f"/tai-khoan/phien/{marks[0]}").status_code == 302
    assert phone.get("/").status_code == 302
    assert here.post(f"/tai-khoan/phien/{marks[0]}").status_code == 404
    here.post("/tai-khoan/phien-khac")
    assert other.get("/").status_code == 302
    assert here.get("/").status_code == 200


@ON_SQLITE
def test_nobody_ends_another_persons_session(signed_in: SignIn) -> None:
    other, here = signed_in("bmt"), signed_in("easup")
    signed_in("bmt")
    mark = re.findall(r"/tai-khoan/phien/([0-9a-f]{16})", other.get(MINE).text)[0]
    assert here.post(f"/tai-khoan/phien/{mark}").status_code == 404


@ON_SQLITE
@pytest.mark.parametrize(("login", "minutes"), [("easup", RULES.idle_minutes), ("vpub", RULES.idle_minutes_admin)])
def test_a_session_left_alone_ends_sooner_for_admins(signed_in: SignIn, clock: Clock, login: str, minutes: int) -> None:
    browser = signed_in(login)
    assert f"sau {minutes} phút không thao tác" in browser.get("/").text
    assert f'data-idle="{minutes * 60}" data-warn="120"' in browser.get("/").text
    clock.now += timedelta(minutes=minutes)
    assert browser.get("/tai-khoan/con-lam-viec").json["login"] == login  # type: ignore[index]
    clock.now += timedelta(minutes=minutes)
    assert browser.get("/").status_code == 200
    clock.now += timedelta(minutes=minutes, seconds=1)
    assert browser.get("/tai-khoan/con-lam-viec").json["login"] == ""  # type: ignore[index]
    assert browser.get("/").status_code == 302


@ON_SQLITE
def test_the_last_sign_in_and_failures_since_are_told(client: FlaskClient, clock: Clock) -> None:
    enter(client)
    assert "Lần đăng nhập trước" not in client.get("/").text
    client.post("/dang-xuat")
    clock.now += timedelta(hours=1)
    enter(client)
    page = client.get("/").text
    assert "Lần đăng nhập trước: " in page
    assert "127.0.0.1" in page
    assert "lần nhập sai" not in page
    enter(client, word="sai")
    enter(client)
    assert "Từ đó có 1 lần nhập sai mật khẩu" in client.get("/").text


@ON_SQLITE
def test_over_https_cookies_are_bound_to_this_host(client: FlaskClient) -> None:
    https = {"base_url": "https://localhost"}
    answer = client.post("/dang-nhap", data={"login": "easup", "password": WORD}, **https)
    cookies = answer.headers.getlist("Set-Cookie")
    ours = [one for one in cookies if one.startswith("__Host-")]
    assert {one.partition("=")[0] for one in ours} >= {f"__Host-{COOKIE}"}
    for one in ours:
        parts = {part.strip() for part in one.split(";")}
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= parts, one
        assert "Domain" not in one
    assert all(one.startswith("__Host-") for one in cookies)
    assert client.get("/", **https).status_code == 200
    assert client.get("/").status_code == 302  # by http the cookie is not asked for


# --- rules and idle accounts -----------------------------------------------------------------------------------------


@ON_SQLITE
def test_the_office_changes_rules_and_the_log_says_from_what_to_what(instance: Instance, signed_in: SignIn) -> None:
    office = signed_in("vpub")
    page = office.get("/quy-tac-tai-khoan").text
    for name in BOUNDS:
        assert f'name="{name}"' in page
    given = {name: str(getattr(RULES, name)) for name in BOUNDS}
    url = "/quy-tac-tai-khoan"
    assert "Chưa có quy tắc nào" in office.post(url, data=given).text
    assert "từ 3 đến 20" in office.post(url, data=given | {"lock_after": "2"}).text
    assert "số nguyên" in office.post(url, data=given | {"lock_after": "ba"}).text
    assert "ngắn hơn" in office.post(url, data=given | {"warn_minutes": "5"}).text
    assert office.post(url, data=given | {"lock_after": "3", "idle_minutes": "20"}).status_code == 302
    log = office.get("/nhat-ky").text
    assert "Sửa quy tắc tài khoản" in log
    assert "Khóa sau số lần đăng nhập sai: 5, 3" in log
    with instance.store.read() as connection:
        assert instance.account_rules(connection).lock_after == 3
    assert signed_in("easup").get(url).status_code == 404


@ON_SQLITE
def test_rules_in_force_are_those_of_the_page(instance: Instance, client: FlaskClient) -> None:
    account_rules.change(sit(instance, "vpub"), {"lock_after": "3"})
    for _ in range(3):
        enter(client, word="sai")
    assert "tạm khóa" in enter(client).text


def test_an_account_unused_for_45_days_is_disabled_and_the_office_gives_it_back(
    instance: Instance, client: FlaskClient, signed_in: SignIn, clock: Clock
) -> None:
    account_rules.disable_idle(instance, NOW)  # days are counted from here
    clock.now = NOW + timedelta(days=RULES.idle_days)
    signed_in("vpub")
    clock.now += timedelta(seconds=1)
    disabled = {one.login for one in account_rules.disable_idle(instance, clock.now)}
    assert "easup" in disabled
    assert "vpub" not in disabled
    assert "không đúng" in enter(client).text
    office = signed_in("vpub")
    office.post(MINE, data={"old": WORD, "new": NEW, "again": NEW})
    page = office.get("/quy-tac-tai-khoan").text
    with instance.store.read() as connection:
        person = accounts.find(connection, "easup")
    assert person is not None
    assert f'action="/quy-tac-tai-khoan/mo-lai/{person.id}"' in page
    assert office.post(f"/quy-tac-tai-khoan/mo-lai/{person.id}").status_code == 302
    assert enter(client).status_code == 302
    assert "easup" not in {one.login for one in account_rules.disable_idle(instance, clock.now)}
    assert office.post(f"/quy-tac-tai-khoan/mo-lai/{person.id}").status_code == 404


@ON_SQLITE
def test_a_demo_disables_nobody_and_its_password_stays(instance: Instance, client: FlaskClient, clock: Clock) -> None:
    object.__setattr__(instance.settings, "demo", True)
    account_rules.disable_idle(instance, NOW)
    clock.now = NOW + timedelta(days=400)
    assert account_rules.disable_idle(instance, clock.now) == []
    enter(client, "vpub")
    assert client.get("/").status_code == 200


@ON_SQLITE
def test_idle_accounts_are_looked_for_every_day(instance: Instance) -> None:
    from actions.work import run_one

    operator = open_desk(instance, None)
    for _ in range(2):
        account_rules.queue_next(instance, operator.actor.person_id, NOW - timedelta(days=2))
    assert run_one(instance, (account_rules.IDLE,))
    with instance.store.read() as connection:
        waiting = connection.exec_driver_sql("SELECT count(*) FROM job WHERE kind = 'idle-accounts'").scalar()
    assert waiting == 2  # the one done and tomorrow's
    assert not run_one(instance, (account_rules.IDLE,))
