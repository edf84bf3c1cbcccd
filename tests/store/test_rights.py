"""Rights in force on a day: dated grants, former units, signing capacities, delegations."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import insert

from registry.catalogue.model import Role, Unit, UnitKind
from registry.store import rights, units
from registry.store.engine import Store
from registry.store.tables import capacity, delegation, grant, person
from registry.workflow.policy import Action, Actor, Scope, scope
from tests.store.conftest import MOMENT

LEADER, CLERK, OTHER = 1, 2, 3
FROM, LAST, AFTER = date(2026, 7, 1), date(2026, 9, 30), date(2026, 10, 1)
DAY = date(2026, 8, 15)


def unit(code: str, parent: str | None, ended: date | None = None) -> Unit:
    return Unit(code, code, UnitKind.COMMUNE, parent, 1, FROM, FROM, ended)


@pytest.fixture
def keys(store: Store) -> dict[str, int]:
    """A province with a commune of two offices, one of which ended, and another commune; three people."""
    known = (unit("T", None), unit("A", "T"), unit("A-1", "A"), unit("A-2", "A", LAST), unit("B", "T"))
    with store.write() as connection:
        units.rebuild(connection, known)
        blank = {"position": "", "email": "", "phone": "", "state": "active"}
        connection.execute(insert(person), [blank | {"login": one, "name": one} for one in ("ld", "nl", "khac")])
        return {code: key for (code, _), key in sorted(units.ids_by_key(connection).items())}


def give(store: Store, who: int, role: Role, unit_id: int, **more: Any) -> None:
    row = {"person_id": who, "role": role, "unit_id": unit_id, "below": False, "valid_from": FROM, "by": "x"}
    with store.write() as connection:
        connection.execute(insert(grant).values(**row | more))


def lend(store: Store, unit_id: int, **more: Any) -> None:
    """Lent to somebody who works in the unit and may not approve there."""
    give(store, more.get("to_id", CLERK), Role.UNIT_ADMIN, unit_id, valid_to=LAST)
    row = {"from_id": LEADER, "to_id": CLERK, "unit_id": unit_id, "valid_from": FROM, "valid_to": LAST}
    row |= {"reason": "đi học", "document": "", "by_id": LEADER, "at": MOMENT}
    with store.write() as connection:
        connection.execute(insert(delegation).values(**row | more))


def sign(store: Store, unit_id: int, **more: Any) -> None:
    row = {"person_id": LEADER, "unit_id": unit_id, "title": "Phó Chủ tịch", "standing": "KT", "head": "Chủ tịch"}
    row |= {"field": "", "document": "", "valid_from": FROM, "by_id": LEADER, "at": MOMENT}
    with store.write() as connection:
        connection.execute(insert(capacity).values(**row | more))


def may(store: Store, who: int, action: Action, day: date = DAY) -> Scope:
    with store.read() as connection:
        return scope(Actor(who, "a", "A", rights.held(connection, who, day)), action)


@pytest.mark.parametrize(("day", "expected"), [(date(2026, 6, 30), False), (FROM, True), (LAST, True), (AFTER, False)])
def test_a_grant_holds_from_its_first_day_to_its_last(
    store: Store, keys: dict[str, int], day: date, expected: bool
) -> None:
    give(store, CLERK, Role.CLERK, keys["A"], valid_to=LAST)
    assert may(store, CLERK, Action.UPLOAD, day).allows(keys["A"]) is expected


def test_a_revoked_grant_does_not_hold(store: Store, keys: dict[str, int]) -> None:
    give(store, CLERK, Role.CLERK, keys["A"], revoked_at=MOMENT)
    assert may(store, CLERK, Action.UPLOAD).is_empty


@pytest.mark.parametrize(("below", "reached"), [(False, {"A"}), (True, {"A", "A-1", "A-2"})])
@pytest.mark.parametrize("day", [DAY, AFTER])
def test_a_grant_and_below_keeps_what_ended_under_it(
    store: Store, keys: dict[str, int], below: bool, reached: set[str], day: date
) -> None:
    give(store, CLERK, Role.CLERK, keys["A"], below=below)
    assert may(store, CLERK, Action.UPLOAD, day).units == {keys[code] for code in reached}


def test_a_grant_on_a_unit_that_ended_holds_to_its_own_date(store: Store, keys: dict[str, int]) -> None:
    give(store, CLERK, Role.CLERK, keys["A-2"], below=True, valid_to=AFTER)
    assert may(store, CLERK, Action.UPLOAD, AFTER).units == {keys["A-2"]}
    assert may(store, CLERK, Action.UPLOAD, date(2026, 10, 2)).is_empty


def test_a_delegate_signs_and_nothing_else(store: Store, keys: dict[str, int]) -> None:
    give(store, LEADER, Role.LEADER, keys["A"])
    lend(store, keys["A"])
    for action in (Action.APPROVE, Action.RETURN, Action.SEND_REPORT, Action.SEE_SUBMISSION):
        assert may(store, CLERK, action).units == {keys["A"]}
    for action in (Action.UPLOAD, Action.REOPEN, Action.SEE_BOARD):
        assert may(store, CLERK, action).is_empty
    assert may(store, CLERK, Action.APPROVE, AFTER).is_empty


def test_a_delegation_for_some_forms_approves_them_and_sends_no_report(store: Store, keys: dict[str, int]) -> None:
    give(store, LEADER, Role.LEADER, keys["A"])
    lend(store, keys["A"], forms=["X"])
    allowed = may(store, CLERK, Action.APPROVE)
    assert allowed.allows(keys["A"], "R", "X")
    assert not allowed.allows(keys["A"], "R", "Y")
    assert may(store, CLERK, Action.SEND_REPORT).is_empty


def test_nobody_lends_what_he_does_not_hold(store: Store, keys: dict[str, int]) -> None:
    lend(store, keys["A"])
    give(store, LEADER, Role.LEADER, keys["B"])
    assert may(store, CLERK, Action.APPROVE).is_empty
    give(store, LEADER, Role.LEADER, keys["A"], form="X", valid_to=DAY)
    assert may(store, CLERK, Action.APPROVE).allows(keys["A"], "R", "X")
    assert not may(store, CLERK, Action.APPROVE).allows(keys["A"], "R", "Y")
    assert may(store, CLERK, Action.APPROVE, LAST).is_empty


def test_whoever_has_left_the_unit_keeps_nothing_lent_there(store: Store, keys: dict[str, int]) -> None:
    give(store, LEADER, Role.LEADER, keys["A"])
    lend(store, keys["A"])
    with store.write() as connection:
        connection.execute(grant.update().where(grant.c.person_id == CLERK).values(revoked_at=MOMENT))
    assert may(store, CLERK, Action.APPROVE).is_empty


def test_what_was_lent_is_not_lent_on(store: Store, keys: dict[str, int]) -> None:
    give(store, LEADER, Role.LEADER, keys["A"])
    lend(store, keys["A"])
    lend(store, keys["A"], from_id=CLERK, to_id=OTHER)
    assert may(store, OTHER, Action.APPROVE).is_empty


def test_a_revoked_delegation_and_one_of_a_disabled_account_lend_nothing(store: Store, keys: dict[str, int]) -> None:
    give(store, LEADER, Role.LEADER, keys["A"])
    lend(store, keys["A"], revoked_at=MOMENT)
    assert may(store, CLERK, Action.APPROVE).is_empty
    lend(store, keys["A"])
    assert not may(store, CLERK, Action.APPROVE).is_empty
    with store.write() as connection:
        connection.execute(person.update().where(person.c.id == LEADER).values(state="disabled"))
    assert may(store, CLERK, Action.APPROVE).is_empty


def test_a_signing_capacity_limits_what_is_approved_and_not_what_is_seen(store: Store, keys: dict[str, int]) -> None:
    give(store, LEADER, Role.LEADER, keys["A"])
    sign(store, keys["A"], forms=["X"], valid_to=LAST)
    allowed = may(store, LEADER, Action.APPROVE)
    assert allowed.allows(keys["A"], "R", "X")
    assert not allowed.allows(keys["A"], "R", "Y")
    assert may(store, LEADER, Action.SEE_SUBMISSION).allows(keys["A"], "R", "Y")
    assert may(store, LEADER, Action.SEND_REPORT).is_empty
    assert may(store, LEADER, Action.APPROVE, AFTER).is_empty
    sign(store, keys["A"], valid_from=AFTER, standing="direct")
    assert may(store, LEADER, Action.APPROVE, AFTER).allows(keys["A"], "R", "Y")


@pytest.mark.parametrize(("standing", "lends"), [("KT", True), ("Q", True), ("TL", False), ("TUQ", False)])
def test_a_mandate_is_not_passed_on(store: Store, keys: dict[str, int], standing: str, lends: bool) -> None:
    give(store, LEADER, Role.LEADER, keys["A"])
    sign(store, keys["A"], standing=standing, document="12/QĐ-UBND")
    lend(store, keys["A"])
    assert not may(store, LEADER, Action.APPROVE).is_empty
    assert may(store, CLERK, Action.APPROVE).is_empty is not lends
