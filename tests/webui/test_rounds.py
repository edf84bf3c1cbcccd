"""A schedule of rounds: planned once, opened by the worker at their time, visible and cancellable (F20)."""

from datetime import date, datetime, timedelta

import pytest

from actions import requests, rounds, work
from actions.desk import NotYours, Refusal
from actions.instance import Instance
from registry.store import openings
from registry.store import rounds as stored
from registry.store.openings import Opening
from tests.webui import asking
from tests.webui.asking import STORM, asked
from tests.webui.conftest import ON_SQLITE, SignIn
from tests.webui.small_province import NOW, sit
from vietnamese.dates import HO_CHI_MINH

MONDAY = datetime(2026, 10, 19, 7, 0, tzinfo=HO_CHI_MINH)
DUE = MONDAY + timedelta(hours=9)


@pytest.fixture
def storm(instance: Instance) -> Opening:
    """The first round of a storm's report."""
    asking.put_admins(instance)
    return asked(instance, STORM)


def plan(instance: Instance, regime: str, login: str = "qt.snnmt", until: date = date(2026, 11, 2)) -> int:
    return rounds.plan(sit(instance, login), regime, MONDAY, DUE, 7, until)


def states(instance: Instance, regime: str) -> list[str]:
    with instance.store.read() as connection:
        return [one.state.value for one in stored.of(connection, regime)]


def run_at(instance: Instance, moment: datetime, monkeypatch: pytest.MonkeyPatch) -> int:
    """How many rounds are there once the worker has done what is due at a moment."""
    monkeypatch.setattr(work, "now", lambda: moment)
    while work.run_one(instance, (rounds.ROUND,)):
        pass
    with instance.store.read() as connection:
        return len([one for one in openings.all_openings(connection) if one.regime.startswith("DX-")])


@ON_SQLITE
def test_every_monday_until_a_day_a_round_opens_by_itself_and_only_once(
    instance: Instance, storm: Opening, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert plan(instance, storm.regime) == 3
    assert plan(instance, storm.regime) == 0  # pressed twice
    assert run_at(instance, NOW, monkeypatch) == 1
    assert run_at(instance, MONDAY, monkeypatch) == 2
    assert run_at(instance, MONDAY + timedelta(hours=1), monkeypatch) == 2
    first, second, _ = _planned(instance, storm.regime)
    assert rounds.open_planned(sit(instance, "qt.snnmt", MONDAY), first) == ""  # a job may run twice
    rounds.cancel(sit(instance, "qt.snnmt", MONDAY), storm.regime, second)
    assert run_at(instance, MONDAY + timedelta(days=7), monkeypatch) == 2
    assert run_at(instance, DUE + timedelta(days=14), monkeypatch) == 2  # the server was down all day
    assert states(instance, storm.regime) == ["opened", "cancelled", "missed"]
    with instance.store.read() as connection:
        assert requests.last_round(connection, storm.regime) == "2026DX002"


@ON_SQLITE
def test_a_round_that_cannot_be_opened_says_so(
    instance: Instance, storm: Opening, monkeypatch: pytest.MonkeyPatch, signed_in: SignIn
) -> None:
    plan(instance, storm.regime, until=MONDAY.date())
    refused = [0]

    def refuse(*_: object) -> None:
        refused[0] += 1
        raise NotYours

    with monkeypatch.context() as patched:
        patched.setattr(rounds, "open_next", refuse)
        for seconds in (0, 5, 15):
            assert run_at(instance, MONDAY + timedelta(seconds=seconds), patched) == 1
            assert states(instance, storm.regime) == ["failed" if seconds == 15 else "planned"]
    assert refused == [3]
    assert run_at(instance, MONDAY + timedelta(hours=1), monkeypatch) == 1  # nobody tries again
    assert "không mở được" in signed_in("qt.snnmt").get(f"/yeu-cau/{storm.regime}/{storm.period}").text


def _planned(instance: Instance, regime: str) -> list[int]:
    with instance.store.read() as connection:
        return [one.id for one in stored.of(connection, regime)]


def test_a_cancelled_round_can_be_planned_again(
    instance: Instance, storm: Opening, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan(instance, storm.regime, until=MONDAY.date())
    (key,) = _planned(instance, storm.regime)
    rounds.cancel(sit(instance, "qt.snnmt"), storm.regime, key)
    assert plan(instance, storm.regime, until=MONDAY.date()) == 1
    assert run_at(instance, MONDAY, monkeypatch) == 2


@ON_SQLITE
def test_only_the_asker_plans_and_only_what_can_be(instance: Instance, storm: Opening) -> None:
    for login in ("qt.easup", "easup"):
        with pytest.raises(NotYours):
            plan(instance, storm.regime, login)
    desk = sit(instance, "qt.snnmt")
    for first, due, every, until in (
        (NOW - timedelta(hours=1), DUE, 7, date(2026, 11, 2)),
        (MONDAY, MONDAY, 7, date(2026, 11, 2)),
        (MONDAY, DUE, 3, date(2026, 11, 2)),
        (MONDAY, DUE, 7, date(2026, 10, 18)),
        (MONDAY, DUE, 1, date(2027, 10, 18)),
    ):
        with pytest.raises(Refusal):
            rounds.plan(desk, storm.regime, first, due, every, until)
    plan(instance, storm.regime)
    with pytest.raises(NotYours):
        rounds.cancel(sit(instance, "qt.easup"), storm.regime, _planned(instance, storm.regime)[0])


@ON_SQLITE
def test_the_schedule_is_made_seen_and_cancelled_on_the_page(
    instance: Instance, storm: Opening, signed_in: SignIn
) -> None:
    board = f"/yeu-cau/{storm.regime}/{storm.period}"
    admin = signed_in("qt.snnmt")
    form = {"first": "2026-10-19T07:00", "due": "2026-10-19T16:00", "every": "7", "until": "2026-10-26"}
    assert admin.post(f"{board}/lich", data=form).location == f"{board}#lich"
    assert admin.get(board).text.count("chờ mở") == 2
    key = _planned(instance, storm.regime)[0]
    assert admin.post(f"{board}/lich/{key}/huy").status_code == 302
    assert "đã hủy" in admin.get(board).text
    assert admin.post(f"{board}/lich", data=form | {"until": "mai"}).status_code == 400
