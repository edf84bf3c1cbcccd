"""One-time links: the only way a first password comes into being, and it is its owner's own."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from actions import links
from actions.instance import Instance
from registry.store import people as accounts
from registry.workflow.account_rules import AccountRules
from tests.webui.conftest import ON_SQLITE, Clock, SignIn
from tests.webui.small_province import NOW, WORD
from webui.visitor import COOKIE

RULES = AccountRules()
NEW = "gió-mùa-Đông-bắc-7!"
DEAD = "không đúng, đã dùng hoặc đã hết hạn"


def a_link(instance: Instance, login: str = "easup") -> str:
    with instance.store.write() as connection:
        person = accounts.find(connection, login)
        assert person is not None
        return f"/dat-mat-khau/{links.issue(connection, person.id, RULES, NOW).token}"


def set_by(client: FlaskClient, url: str, word: str = NEW):  # type: ignore[no-untyped-def]
    return client.post(url, data={"new": word, "again": word})


def test_a_link_sets_a_password_once_and_ends_what_was_open(
    instance: Instance, signed_in: SignIn, client: FlaskClient
) -> None:
    open_elsewhere, url = signed_in("easup"), a_link(instance)
    assert "<code>easup</code>" in client.get(url).text
    assert set_by(client, url).location == "/dang-nhap?tai-khoan=easup"
    assert open_elsewhere.get("/").status_code == 302
    assert client.post("/dang-nhap", data={"login": "easup", "password": WORD}).status_code == 401
    assert client.post("/dang-nhap", data={"login": "easup", "password": NEW}).status_code == 302
    again = set_by(client, url)
    assert (again.status_code, DEAD in again.text) == (404, True)


@ON_SQLITE
def test_a_code_from_a_slip_may_be_typed_carelessly(instance: Instance, client: FlaskClient) -> None:
    url = a_link(instance)
    code = url.rpartition("/")[2]
    assert len(code) == 24
    typed = client.get(
        "/dat-mat-khau/", query_string={"ma": f" {code.upper().replace('-', ' ')} "}, follow_redirects=True
    )
    assert "<code>easup</code>" in typed.text


@ON_SQLITE
def test_links_used_replaced_too_old_or_never_made_get_one_answer(
    instance: Instance, client: FlaskClient, clock: Clock
) -> None:
    replaced, old = a_link(instance), a_link(instance)
    clock.now = NOW + RULES.link_life - timedelta(seconds=1)
    assert client.get(old).status_code == 200
    assert client.get(replaced).status_code == 404
    clock.now = NOW + RULES.link_life
    for url in (replaced, old, "/dat-mat-khau/abcd-efgh"):
        assert DEAD in client.get(url).text
    assert set_by(client, old).status_code == 404


@ON_SQLITE
def test_a_disabled_accounts_link_is_dead(instance: Instance, client: FlaskClient) -> None:
    url = a_link(instance)
    with instance.store.write() as connection:
        connection.exec_driver_sql("UPDATE person SET state = 'disabled' WHERE login = 'easup'")
    assert client.get(url).status_code == 404


@ON_SQLITE
@pytest.mark.parametrize(
    ("word", "why"),
    [
        ("Ngan1!", "ít nhất 14 ký tự"),
        ("chi-co-chu-thuong-va-1", "trong bốn loại"),
        ("Matkhau@12345678", "dễ đoán"),
        ("Qwertyuiop@12345", "dễ đoán"),
        (WORD, "đã dùng trước đây"),
    ],
)
def test_a_weak_or_former_password_is_refused_with_its_reason_and_the_link_stays(
    instance: Instance, client: FlaskClient, word: str, why: str
) -> None:
    url = a_link(instance)
    answer = set_by(client, url, word)
    assert answer.status_code == 400
    assert why in answer.text
    assert "không giống nhau" in client.post(url, data={"new": NEW, "again": "khác"}).text
    assert set_by(client, url).status_code == 302


@ON_SQLITE
def test_none_of_the_last_ten_passwords_comes_back_but_the_eleventh_may(
    instance: Instance, client: FlaskClient
) -> None:
    for n in range(RULES.history):
        assert set_by(client, a_link(instance), f"{NEW}{n}").status_code == 302
    for n in (0, RULES.history - 1):
        assert "10 mật khẩu gần nhất" in set_by(client, a_link(instance), f"{NEW}{n}").text
    assert set_by(client, a_link(instance), WORD).status_code == 302


@ON_SQLITE
def test_letters_typed_apart_are_the_same_password(instance: Instance, client: FlaskClient) -> None:
    import unicodedata

    set_by(client, a_link(instance), unicodedata.normalize("NFD", NEW))
    assert client.post("/dang-nhap", data={"login": "easup", "password": NEW}).status_code == 302
    assert client.get_cookie(COOKIE) is not None
