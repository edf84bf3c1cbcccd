"""A regime may open its periods by itself; what collides waits for the office, which is told once."""

from dataclasses import replace
from datetime import datetime

import pytest

from actions import openings, scheduled, work
from actions.console import open_desk
from actions.desk import Desk
from actions.instance import Instance
from registry.catalogue.model import Catalogue
from registry.sample import catalogue
from registry.store import definitions, jobs, notices
from registry.store import openings as stored
from tests.actions.conftest import As
from tests.webui.conftest import ON_SQLITE
from vietnamese.dates import HO_CHI_MINH


def at(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T00:05").replace(tzinfo=HO_CHI_MINH)


@pytest.fixture
def operator(instance: Instance) -> Desk:
    """The worker's desk; KTXH opens three working days before closing."""
    desk = open_desk(instance, None)
    regime = next(one for one in catalogue().regimes if one.code == "KTXH")
    with instance.store.write() as connection:
        made = Catalogue(regimes=(replace(regime, opens_before=3),))
        definitions.load(connection, made, "thử", desk.moment)
    return desk


def test_a_period_opens_on_its_day_and_only_once(operator: Desk) -> None:
    assert scheduled.look(replace(operator, moment=at("2026-10-08"))) == scheduled.Done((), ())
    day = replace(operator, moment=at("2026-10-09"))  # the 14th is a Wednesday
    assert scheduled.look(day) == scheduled.Done(("KTXH 202610",), ())
    assert scheduled.look(day) == scheduled.Done((), ())
    with operator.read() as connection:
        assert [one.period for one in stored.all_openings(connection)] == ["202610"]


@ON_SQLITE
def test_a_collision_is_left_to_the_office_which_is_told_once(operator: Desk, at_desk: As) -> None:
    day = replace(operator, moment=at("2026-02-11"))
    assert scheduled.look(day) == scheduled.Done((), ("KTXH 202602",))
    scheduled.look(replace(operator, moment=at("2026-02-12")))
    office = at_desk("vpub", at("2026-02-12"))
    with office.read() as connection:
        (told,) = notices.unread(connection, office.actor.person_id)
        assert stored.all_openings(connection) == []
    assert (told.kind, told.object) == ("period-undecided", "KTXH 202602")
    openings.open_period(replace(office, moment=at("2026-02-10")), "KTXH", "202602", as_proposed=True)
    with office.read() as connection:
        assert notices.unread(connection, office.actor.person_id) == []


@ON_SQLITE
def test_nobody_is_told_of_a_period_somebody_opened_between_the_look_and_the_act(
    operator: Desk, at_desk: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = at_desk("vpub", at("2026-10-09"))

    def raced(desk: Desk, regime: str, period: str) -> int:
        openings.open_period(office, regime, period)
        return openings.open_period(desk, regime, period)

    monkeypatch.setattr(scheduled, "open_period", raced)
    assert scheduled.look(replace(operator, moment=at("2026-10-09"))) == scheduled.Done((), ())
    with office.read() as connection:
        assert notices.unread(connection, office.actor.person_id) == []


@ON_SQLITE
def test_a_closing_without_a_working_day_before_the_deadline_is_for_somebody_to_decide(operator: Desk) -> None:
    assert scheduled.look(replace(operator, moment=at("2026-11-12"))).left == ("KTXH 202611",)


@ON_SQLITE
def test_what_is_over_is_not_opened_and_other_regimes_wait_for_the_office(operator: Desk) -> None:
    assert scheduled.look(replace(operator, moment=at("2026-10-17"))) == scheduled.Done((), ())


@ON_SQLITE
def test_the_worker_looks_every_day(instance: Instance, operator: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "now", lambda: at("2026-10-09"))
    for _ in range(2):
        with instance.store.write() as connection:
            scheduled.queue(connection, operator.actor.person_id, at("2026-10-09"))
    assert work.run_one(instance, (scheduled.OPENINGS,))
    assert not work.run_one(instance, (scheduled.OPENINGS,))
    with instance.store.write() as connection:
        assert jobs.lease(connection, at("2026-10-10"), (scheduled.OPENINGS,)) is not None
        assert [one.period for one in stored.all_openings(connection)] == ["202610"]
