"""What browsers are told with every page and file."""

import re
from itertools import product

from flask import Flask
from sqlalchemy import select

from actions.instance import Instance
from registry.store.tables import metadata
from tests.webui.conftest import ON_SQLITE, SignIn
from tests.webui.small_province import Things
from tests.webui.test_permission import EXAMPLES, asked, both, method_of
from webui.security import CONTENT_POLICY

__all__ = ["both"]
KEPT = {"static", "bootstrap.static", "icons.icons", "guides.picture"}  # the same for everybody
GUARDS = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def kept(instance: Instance) -> dict[str, str]:
    """What every table holds."""
    with instance.store.read() as connection:
        return {name: repr(connection.execute(select(table)).all()) for name, table in metadata.tables.items()}


@ON_SQLITE
def test_looking_leaves_nothing_with_browsers_and_changes_nothing_but_the_log(
    instance: Instance, app: Flask, signed_in: SignIn, both: tuple[Things, Things, int]
) -> None:
    own, _, report = both
    browsers = [signed_in(login) for login in ("vpub", "easup")]
    before = kept(instance)
    for browser, endpoint in product(browsers, EXAMPLES.keys() - KEPT):
        if method_of(app, endpoint) == "GET":
            answer = asked(app, browser, endpoint, own, report)
            assert answer.headers["Cache-Control"] == "no-store", endpoint
            for name, value in GUARDS.items():
                assert answer.headers[name] == value, (endpoint, name)
            assert not any(name.startswith("Access-Control-") for name, _ in answer.headers), endpoint
            kind = answer.headers["Content-Type"]
            assert "charset=utf-8" in kind or not kind.startswith("text/"), endpoint
    after = kept(instance)
    rehearsed = {
        "practice_step"
    }  # whether a unit invited to a training took its workbook: the office sees how many did
    assert {name for name in before if before[name] != after[name]} == {"audit", "audit_detail"} | rehearsed
    assert "public" in browsers[0].get("/static/baocao.css", buffered=True).headers["Cache-Control"]


@ON_SQLITE
def test_over_https_browsers_stay_there(app: Flask, instance: Instance) -> None:
    browser = app.test_client()
    assert "Strict-Transport-Security" not in browser.get("/dang-nhap").headers
    said = browser.get("/dang-nhap", base_url="https://localhost").headers["Strict-Transport-Security"]
    found = re.fullmatch(r"max-age=(\d+); includeSubDomains", said)
    assert found
    assert int(found[1]) >= 31_536_000


@ON_SQLITE
def test_no_method_is_answered_but_those_asked_for(app: Flask) -> None:
    browser = app.test_client()
    assert {browser.open("/dang-nhap", method=one).status_code for one in ("TRACE", "PUT", "DELETE", "PATCH")} == {405}


def test_the_policy_lets_no_text_run() -> None:
    parts = dict(part.split(" ", 1) for part in CONTENT_POLICY.split("; "))
    assert parts["default-src"] == "'self'"
    assert {parts[name] for name in ("object-src", "base-uri", "frame-ancestors")} == {"'none'"}
    assert parts["form-action"] == "'self'"
    assert "unsafe" not in CONTENT_POLICY
    assert not {"script-src", "style-src", "connect-src"} & parts.keys()
