"""Nobody writes a line of the program's log but the program."""

import logging
import sys

import pytest
from flask import Flask
from flask.testing import FlaskClient

from actions.instance import Instance
from registry.store import audit
from tests.webui.conftest import SignIn
from tests.webui.small_province import WORD
from webui.logs import OneLine, visible

FORGED = "x\r\n2026-10-15 ERROR root: forged\x1b[2J\u2028\u202e\x00"


def written(record: logging.LogRecord) -> list[str]:
    return OneLine().format(record).splitlines()


def record(message: str, *args: object, error: BaseException | None = None) -> logging.LogRecord:
    about = (type(error), error, error.__traceback__) if error else None
    return logging.LogRecord("room", logging.ERROR, __file__, 1, message, args, about)


def test_what_was_typed_stays_in_its_line() -> None:
    lines = written(record("judging %s failed", FORGED))
    assert len(lines) == 1
    assert r"x\r\n2026-10-15 ERROR root: forged\x1b[2J\u2028\u202e\x00" in lines[0]


def test_an_errors_own_words_begin_no_line() -> None:
    try:
        raise ValueError(FORGED)
    except ValueError as error:
        lines = written(record("job %s failed", 1, error=error))
    assert lines[0].endswith("ERROR room: job 1 failed")
    assert len(lines) > 2
    assert all(line.startswith("| ") for line in lines[1:])


def test_a_record_says_when_by_universal_time() -> None:
    one = record("started")
    one.created = 1_792_029_600  # 15 October 2026, 09:00 in Viet Nam
    assert written(one) == ["2026-10-15T02:00:00Z ERROR room: started"]


def test_words_are_left_as_they_are() -> None:
    assert visible("Tệp “số liệu” tháng 10.xlsx") == "Tệp “số liệu” tháng 10.xlsx"
    assert visible("a\udcff") == r"a\udcff"


def test_an_error_behind_a_page_is_written_so_whatever_the_address(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[logging.LogRecord] = []
    monkeypatch.setattr(app.logger, "handle", said.append)
    with app.test_request_context("/dang-nhap%0d%0a2026 ERROR forged"):
        try:
            raise ValueError("ours")
        except ValueError:
            app.log_exception(sys.exc_info())
    assert said
    lines = written(said[0])
    assert all(line.startswith("| ") for line in lines[1:])
    assert "forged" in lines[0]


@pytest.mark.parametrize("login", [FORGED, "x" * 5000, "ea\x00sup"])
def test_whatever_is_typed_as_a_login_is_one_plain_entry_of_the_audit_log(
    instance: Instance, client: FlaskClient, signed_in: SignIn, login: str
) -> None:
    assert client.post("/dang-nhap", data={"login": login, "password": WORD}).status_code == 401
    with instance.store.read() as connection:
        entry = audit.latest(connection, 1)[0]
    assert (entry.action, entry.person_id) == ("sign-in refused", None)
    assert visible(entry.actor) == entry.actor
    assert len(entry.actor) <= 80
    office = signed_in("vpub")
    assert office.get("/nhat-ky").status_code == 200
    assert office.get("/nhat-ky.xlsx", buffered=True).status_code == 200
