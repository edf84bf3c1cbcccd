"""Who asks too often is told when to come again; nobody else notices."""

import dis
import inspect
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from types import CodeType, FunctionType, ModuleType
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from actions.instance import Instance
from actions.pace import Limits, Pace
from registry.store import audit
from tests.webui.conftest import ON_SQLITE, Clock, SignIn
from tests.webui.small_province import NOW
from webui.doors import DOORS, TOO_OFTEN


@pytest.fixture
def paced(instance: Instance) -> Instance:
    """Ten pages and two searches a minute."""
    instance.pace = Pace(replace(Limits(), pages=10, searches=2, strangers=4))
    return instance


def entries(instance: Instance) -> list[audit.Entry]:
    with instance.store.read() as connection:
        return [entry for entry in audit.latest(connection) if entry.action == TOO_OFTEN]


@ON_SQLITE
def test_a_costly_page_asked_for_too_often_says_when_to_try_again(
    paced: Instance, signed_in: SignIn, clock: Clock
) -> None:
    office, clerk = signed_in("vpub"), signed_in("easup")
    for _ in range(2):
        assert office.get("/nhat-ky").status_code == 200
    refused = office.get("/nhat-ky")
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "60")
    again = (NOW + timedelta(seconds=60)).strftime("%H:%M:%S")
    assert f"sau 60 giây, từ {again}" in " ".join(refused.text.split())
    in_words = office.get("/nhat-ky", headers={"Accept": "application/json"})
    assert (in_words.status_code, again in in_words.json["error"]) == (429, True)
    assert [(entry.actor, entry.object) for entry in entries(paced)] == [("vpub", "GET /nhat-ky")]  # once a minute
    assert office.get("/").status_code == 200
    assert clerk.get("/").status_code == 200
    assert "Yêu cầu quá nhiều" in signed_in("khcn").get("/an-toan-thong-tin").text
    clock.now = NOW + timedelta(seconds=60)
    assert office.get("/nhat-ky").status_code == 200


@ON_SQLITE
def test_pages_are_counted_too_but_not_what_a_page_is_made_of(paced: Instance, signed_in: SignIn) -> None:
    clerk = signed_in("easup")
    assert [clerk.get("/").status_code for _ in range(11)] == [200] * 10 + [429]
    for free in ("/static/baocao.css", "/bieu-tuong.svg", "/tai-khoan/con-lam-viec", "/healthz"):
        assert clerk.get(free, buffered=True).status_code == 200, free


@ON_SQLITE
def test_strangers_at_an_offices_address_do_not_keep_its_people_out(
    paced: Instance, client: FlaskClient, signed_in: SignIn
) -> None:
    clerk = signed_in("easup")
    statuses = [client.get("/dang-nhap").status_code for _ in range(4)]
    assert statuses[-1] == 429
    assert clerk.get("/").status_code == 200
    assert entries(paced) == []


def handles_files(view: Callable[..., Any]) -> bool:
    """Whether a page, or a function of ours it calls, reads posted files or sends one."""
    seen: set[CodeType] = set()
    waiting = [(inspect.unwrap(view).__code__, inspect.unwrap(view).__globals__)]
    while waiting:
        code, known = waiting.pop()
        if code in seen:
            continue
        seen.add(code)
        if any(isinstance(text, str) and "attachment;" in text for text in code.co_consts):
            return True
        waiting += [(inner, known) for inner in code.co_consts if isinstance(inner, CodeType)]
        said = list(dis.get_instructions(code))
        for one, after in pairwise(said):
            if one.opname != "LOAD_GLOBAL":
                continue
            if one.argval == "send_file" or (one.argval, after.argval) == ("request", "files"):
                return True
            called = known.get(one.argval)
            called = getattr(called, str(after.argval), None) if isinstance(called, ModuleType) else called
            if isinstance(called, FunctionType) and called.__module__.startswith("webui."):
                waiting.append((called.__code__, called.__globals__))
    return False


def test_every_costly_route_is_there_and_every_page_of_files_is_costly(app: Flask) -> None:
    assert DOORS.keys() <= app.view_functions.keys()
    files = {endpoint for endpoint, view in app.view_functions.items() if handles_files(view)}
    # Books that hold nothing but headings, and pictures that lie ready for everybody.
    free = {"account_import.template", "designer.blank", "reorganising.template", "guides.picture"}
    assert files - DOORS.keys() == free
    # A sheet carried over becomes a file though none is posted.
    assert "collecting.keep" in DOORS
