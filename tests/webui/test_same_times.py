"""What is somebody else's and what never was cost the same look-ups, where an address names it by more than a number.

Addresses about one unit by number are walked through in test_every_door.
"""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from actions import links
from actions.instance import Instance
from registry.store import people as accounts
from registry.workflow.account_rules import AccountRules
from tests.webui import asking
from tests.webui import small_province as province
from tests.webui.conftest import ON_SQLITE
from tests.webui.small_province import NOW
from tests.webui.test_every_door import browser_of, counted, without_tokens

RULES = AccountRules()


def sent(instance: Instance, browser: FlaskClient, url: str, **data: str) -> tuple[int, int]:
    """Status and number of statements of what nobody has signed in for."""
    with counted(instance) as count:
        status = (browser.post(url, data=data) if data else browser.get(url)).status_code
    return status, count()


def looked(instance: Instance, browser: FlaskClient, url: str, named: str) -> tuple[int, str, int]:
    """Status, page without what was asked for, number of statements; the second time, when what can be kept is."""
    browser.get(url, buffered=True)
    with counted(instance) as count:
        answer = browser.get(url, buffered=True)
    return (
        answer.status_code,
        without_tokens(answer.text).replace(f'"{named}"', '"…"').replace(f"={named}", "=…"),
        count(),
    )


@ON_SQLITE
def test_codes_reports_and_requests_of_others_answer_as_none(
    instance: Instance, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(instance.journal), "write", lambda *_: None)
    own = province.carry_through(instance, "bmt", "ld.bmt")
    report = province.a_compiled_report(instance, own.opening_id)
    asking.put_admins(instance)
    request = asking.asked(instance)
    pairs = [
        ("easup", "/ky-bao-cao/KTXH/202610/ke-hoach?don-vi={}", "24133", "99999"),
        ("easup", "/ky-bao-cao/KTXH/202610/ke-hoach.xlsx?don-vi={}", "24133", "99999"),
        ("easup", "/tinh-hinh-gui?don-vi={}", "24133", "99999"),
        ("easup", "/su-dung?don-vi={}", "24133", "99999"),
        ("qt.easup", "/tai-khoan-don-vi/de-xuat?don_vi={}", "24133", "99999"),
        ("qt.easup", "/nhat-ky?don-vi={}", "24133", "99999"),
        ("easup", "/bao-cao/{}/tep/xlsx", str(report), "999999"),
        ("qt.easup", f"/yeu-cau/{{}}/{request.period}", request.regime, "DX-2026-999"),
    ]
    browsers = {login: browser_of(app, instance, login) for login in {login for login, *_ in pairs}}
    differing = {}
    for login, url, theirs, none in pairs:
        found = [looked(instance, browsers[login], url.format(named), named) for named in (theirs, none)]
        if found[0] != found[1]:
            differing[url] = [(status, statements) for status, _, statements in found]
    assert differing == {}


def test_links_that_were_good_cost_no_more_than_links_that_never_were(instance: Instance, client: FlaskClient) -> None:
    with instance.store.write() as connection:
        person = accounts.find(connection, "easup")
        assert person is not None
        replaced, used = (links.issue(connection, person.id, RULES, NOW).token for _ in range(2))
    new = "gió-mùa-Đông-bắc-7!"
    assert sent(instance, client, f"/dat-mat-khau/{used}", new=new, again=new)[0] == 302
    for data in ({}, {"new": new, "again": new}):
        answers = {sent(instance, client, f"/dat-mat-khau/{token}", **data) for token in (replaced, used, "abcd-efgh")}
        assert len(answers) == 1, data
        assert answers.pop()[0] == 404


def test_signing_in_asks_the_same_of_the_database_for_nobody_as_for_somebody(
    instance: Instance, client: FlaskClient
) -> None:
    answers = {
        login: sent(instance, client, "/dang-nhap", login=login, password="sai") for login in ("easup", "nobody")
    }
    assert answers["easup"] == answers["nobody"]
    assert answers["easup"][0] == 401
