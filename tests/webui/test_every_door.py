"""Every route about a unit, every role, wherever it is held and however: exactly the policy's doors open.

The holder moves, the things stay Ea Súp's. What a role reaches at its own unit is asked for in test_permission; here
what must be refused is, so nothing changes between two cases. What anybody reaches is compared with `MATRIX` itself.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from itertools import product

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, event, insert, select, update
from werkzeug.test import TestResponse

from actions.instance import Instance
from actions.people import hash_of
from registry.catalogue.model import PROVINCE, Role, UnitKind
from registry.store import people
from registry.store.tables import delegation, grant, person, unit, unit_version
from registry.workflow.policy import LENT, MATRIX, Action, Actor, Reach, scope
from tests.webui import rights
from tests.webui import small_province as province
from tests.webui.conftest import ON_SQLITE
from tests.webui.rights import TOMORROW, YESTERDAY, unit_key
from tests.webui.small_province import BMT, EASUP, NOW, OFFICE_OF_EASUP, PEOPLE, Things, sit
from tests.webui.test_permission import DEAD, EXAMPLES, asked, both, method_of
from webui.permission import action_of
from webui.visitor import COOKIE

__all__ = ["both"]
Both = tuple[Things, Things, int]
VISITOR, FORMER = "khach", "OLD-1"
# Where a right is held, seen from the unit asked about: the unit, whether with those below it, whether it reaches.
PLACES = {
    "own": (EASUP, False, True),
    "other": (BMT, False, False),
    "parent": (PROVINCE, False, False),
    "parent and below": (PROVINCE, True, True),
    "child": (OFFICE_OF_EASUP, False, False),
    "former": (FORMER, False, False),
}
ABOUT_A_UNIT = [endpoint for endpoint, (_, _, about_a_unit) in EXAMPLES.items() if about_a_unit]


def browser_of(app: Flask, instance: Instance, login: str) -> FlaskClient:
    """Somebody's browser, signed in without asking for the password."""
    with instance.store.write() as connection:
        people.start_session(connection, hash_of(login), rights.key_of(instance, login), "127.0.0.1", NOW)
    browser = app.test_client()
    browser.set_cookie(COOKIE, login)
    return browser


@pytest.fixture
def visitor(instance: Instance, app: Flask) -> FlaskClient:
    """The browser of somebody who holds nothing yet; a unit that ended is on record."""
    account = {"name": "Nguyễn Thị Khách", "position": "", "email": "", "phone": "", "state": "active"}
    born, ended = date(2000, 1, 1), date(2025, 6, 30)
    with instance.store.write() as connection:
        connection.execute(insert(person).values(login=VISITOR, **account))
        key = connection.execute(insert(unit).values(code=FORMER, born=born)).inserted_primary_key[0]
        lived = {"valid_from": born, "valid_to": ended, "kind": UnitKind.COMMUNE, "rank": 1}
        connection.execute(insert(unit_version).values(unit_id=key, name="Xã Cũ", fold="xa cu", **lived))
    return browser_of(app, instance, VISITOR)


def place_of(instance: Instance, code: str) -> int:
    if code != FORMER:
        return unit_key(instance, code)
    with instance.store.read() as connection:
        return int(connection.execute(select(unit.c.id).where(unit.c.code == FORMER)).scalar_one())


def hold(instance: Instance, login: str, role: Role, place: str, **more: object) -> None:
    """The person holds this and nothing else."""
    code, below, _ = PLACES[place]
    let_go(instance, login)
    rights.give(instance, login, role, **({"unit_id": place_of(instance, code), "below": below} | more))


def let_go(instance: Instance, login: str) -> None:
    key = rights.key_of(instance, login)
    with instance.store.write() as connection:
        connection.execute(delete(grant).where(grant.c.person_id == key))


def statuses(app: Flask, browser: FlaskClient, endpoints: list[str], things: Things, report: int) -> dict[str, int]:
    return {one: asked(app, browser, one, things, report).status_code for one in endpoints}


def wrong(found: dict[str, int], expected: set[int]) -> dict[str, int]:
    return {endpoint: status for endpoint, status in found.items() if status not in expected}


def without_leave(far: Reach | None) -> Reach | None:
    """How far a right goes where no administrator gave leave."""
    return None if far is Reach.LEAVE else far


def reaches(actor: Actor, unit_id: int) -> set[Action]:
    return {action for action in MATRIX if scope(actor, action).allows(unit_id)}


@ON_SQLITE
@pytest.mark.parametrize("role", list(Role))
def test_a_role_held_elsewhere_opens_no_door_here(
    role: Role, instance: Instance, app: Flask, visitor: FlaskClient, both: Both
) -> None:
    """Every door where it is held here or in another unit; for the other places one door of each action will do."""
    own, _, report = both
    first = {action_of(app, one): one for one in reversed(ABOUT_A_UNIT)}
    former = replace(own, unit_id=place_of(instance, FORMER))
    only_unit = [one for one in ABOUT_A_UNIT if EXAMPLES[one][0](own, 0) == {"unit_id": own.unit_id}]
    assert len(only_unit) >= 5
    house = replace(own, unit_id=unit_key(instance, OFFICE_OF_EASUP))
    for place, (_, _, is_reached) in PLACES.items():
        hold(instance, VISITOR, role, place)
        reach = {action: without_leave(row.get(role)) for action, row in MATRIX.items()}
        may = {one for one, far in reach.items() if far is Reach.ALL or (far and is_reached)}
        assert reaches(sit(instance, VISITOR).actor, own.unit_id) == may, (role, place)
        doors = ABOUT_A_UNIT if place in ("own", "other") else list(first.values())
        closed = [one for one in doors if action_of(app, one) not in may]
        assert wrong(statuses(app, visitor, closed, own, report), {404}) == {}, (role, place)
        if place == "parent and below":
            live = [one for one in ABOUT_A_UNIT if action_of(app, one) in may and one not in DEAD]
            read = [one for one in live if method_of(app, one) == "GET"]
            assert wrong(statuses(app, visitor, read, own, report), {200, 302, 400, 409}) == {}, (role, place)
        if place == "own":
            narrow = [one for one in only_unit if reach[action_of(app, one)] in (None, Reach.OWN)]
            assert wrong(statuses(app, visitor, narrow, house, report), {404}) == {}, role
            closed = [one for one in only_unit if reach[action_of(app, one)] is not Reach.ALL]
            assert wrong(statuses(app, visitor, closed, former, report), {404}) == {}, role


@ON_SQLITE
def test_what_is_over_or_lent_opens_no_more_than_is_left_of_it(
    instance: Instance, app: Flask, visitor: FlaskClient, both: Both
) -> None:
    own, _, report = both
    guarded = [one for one in EXAMPLES if action_of(app, one) is not Action.SIGN_IN and one not in DEAD]
    over = {"expired": {"valid_to": YESTERDAY}, "not yet": {"valid_from": TOMORROW}, "revoked": {"revoked_at": NOW}}
    for role, (state, dates) in product(Role, over.items()):
        hold(instance, VISITOR, role, "own", **dates)
        assert sit(instance, VISITOR).actor.grants == (), (role, state)
    assert wrong(statuses(app, visitor, guarded, own, report), {404}) == {}
    rights.disable(instance, VISITOR)
    for role in Role:
        hold(instance, VISITOR, role, "own")
        with instance.store.read() as connection:
            assert people.actor(connection, rights.key_of(instance, VISITOR), rights.TODAY) is None, role
    answers = [asked(app, visitor, one, own, report) for one in guarded]
    assert {(one.status_code, one.location.partition("?")[0]) for one in answers} == {(302, "/dang-nhap")}
    with instance.store.write() as connection:
        connection.execute(update(person).where(person.c.login == VISITOR).values(state="active"))
    of_clerks = {one: row[Role.CLERK] for one, row in MATRIX.items() if without_leave(row.get(Role.CLERK))}
    lender = {"from_id": rights.key_of(instance, "ld.bmt"), "document": "", "by_id": rights.key_of(instance, "ld.bmt")}
    for place, (code, _, is_reached) in PLACES.items():
        hold(instance, "ld.bmt", Role.LEADER, place)
        with instance.store.write() as connection:
            connection.execute(delete(delegation).where(delegation.c.from_id == lender["from_id"]))
        rights.lend(instance, "ld.bmt", VISITOR, **(lender | {"unit_id": place_of(instance, code)}))
        let_go(instance, VISITOR)
        assert reaches(sit(instance, VISITOR).actor, own.unit_id) == set(), place  # who works nowhere there
        hold(instance, VISITOR, Role.CLERK, place, below=False)
        may = {one for one in LENT if Role.LEADER in MATRIX[one] and is_reached}
        may |= {one for one, far in of_clerks.items() if far is Reach.ALL or place == "own"}
        assert reaches(sit(instance, VISITOR).actor, own.unit_id) == may, place
        closed = [one for one in ABOUT_A_UNIT if action_of(app, one) not in may]
        assert wrong(statuses(app, visitor, closed, own, report), {404}) == {}, place
    with instance.store.write() as connection:
        ended = {"unit_id": own.unit_id, "valid_to": YESTERDAY, "valid_from": YESTERDAY}
        connection.execute(update(delegation).where(delegation.c.from_id == lender["from_id"]).values(**ended))
    hold(instance, VISITOR, Role.CLERK, "own")
    hold(instance, "ld.bmt", Role.LEADER, "own")
    assert reaches(sit(instance, VISITOR).actor, own.unit_id) == set(of_clerks)


OF_ONE_UNIT = (Role.CLERK, Role.LEADER, Role.UNIT_ADMIN)


@ON_SQLITE
def test_nothing_that_happens_in_another_unit_changes_a_list(
    instance: Instance, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No row, no count, no suggestion: whatever Buôn Ma Thuột does, people of Ea Súp see the same pages."""
    for noting in ("read", "write"):  # what these people look at stands in the log themselves may read
        monkeypatch.setattr(type(instance.journal), noting, lambda *_: None)
    browsers = {role: browser_of(app, instance, PEOPLE[role]) for role in OF_ONE_UNIT}
    province.submitted(sit(instance, "easup"))
    things = Things(unit_key(instance, EASUP), 1, 1, 1, 1)
    lists = [one for one, (_, _, about_a_unit) in EXAMPLES.items() if not about_a_unit and method_of(app, one) == "GET"]

    def seen() -> dict[tuple[str, Role], str]:
        pages: dict[tuple[str, Role], str] = {}
        for endpoint, (role, browser) in product(lists, browsers.items()):
            answer = asked(app, browser, endpoint, things, 0)
            if answer.status_code == 200 and "text/html" in answer.mimetype:
                pages[endpoint, role] = without_tokens(answer.text)
        return pages

    before = seen()
    assert len(before) > 15
    province.carry_through(instance, "bmt", "ld.bmt")
    rights.sign(instance, "ld.bmt", "direct", BMT)
    rights.lend(instance, "ld.bmt", "bmt", BMT)
    rights.give(instance, "ioc", Role.CLERK, BMT)
    after = seen()
    assert [key for key in before if after.get(key) != before[key]] == []


def without_tokens(html: str) -> str:
    """A page without its CSRF tokens, which carry the second they were made in."""
    return re.sub(r'(?:value|content)="[\w.-]{60,}"', "", html)


@contextmanager
def counted(instance: Instance) -> Iterator[Callable[[], int]]:
    """How many statements the database was sent meanwhile."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        sent.append(statement)

    event.listen(instance.store.engine, "before_cursor_execute", note)
    try:
        yield lambda: len(sent)
    finally:
        event.remove(instance.store.engine, "before_cursor_execute", note)


def absent(things: Things) -> Things:
    """The same things, none of which exists."""
    numbers = {name: 999_999 for name in Things.__dataclass_fields__ if name != "request_report"}
    return replace(things, **numbers)


@ON_SQLITE
@pytest.mark.parametrize("role", OF_ONE_UNIT)
def test_what_is_not_yours_answers_as_what_is_not_there(
    role: Role, instance: Instance, app: Flask, both: Both, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(instance.journal), "write", lambda *_: None)
    _, other, report = both
    browser, differing = browser_of(app, instance, PEOPLE[role]), {}
    reach = {action: without_leave(row.get(role)) for action, row in MATRIX.items()}
    may = {action for action, far in reach.items() if far}

    def looked(endpoint: str, things: Things) -> tuple[int, dict[str, str], str, int]:
        with counted(instance) as count:
            answer: TestResponse = asked(app, browser, endpoint, things, report)
        headers = {name: value for name, value in answer.headers if name not in ("Set-Cookie", "Content-Length")}
        return answer.status_code, headers, without_tokens(answer.text), count()

    for endpoint in ABOUT_A_UNIT:
        if action_of(app, endpoint) in may and reach[action_of(app, endpoint)] is not Reach.ALL:
            looked(endpoint, other)  # what is looked up once and then known
            theirs, none = looked(endpoint, other), looked(endpoint, absent(other))
            assert theirs[0] == 404, endpoint
            assert theirs[3] > 0, endpoint
            assert theirs[:3] == none[:3], endpoint
            if theirs[3] != none[3]:
                differing[endpoint] = (theirs[3], none[3])
    assert differing == {}
