from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from registry.catalogue.model import Role, Unit, UnitKind
from registry.workflow.policy import MATRIX, NOTHING, Action, Actor, Grant, Reach, may_be_asked, scope
from registry.workflow.submission import TRANSITIONS, State, step

OWN, OTHER = 7, 8


def actor(role: Role, **narrowing: Any) -> Actor:
    return Actor(1, "a", "A", (Grant(role, OWN, frozenset({OWN}), has_leave=True, **narrowing),))


@pytest.mark.parametrize("action", [one for one in Action if one is not Action.SIGN_IN])
@pytest.mark.parametrize("role", Role)
def test_a_role_reaches_exactly_what_the_matrix_says(role: Role, action: Action) -> None:
    reach = MATRIX[action].get(role)
    allowed = scope(actor(role), action)
    if reach is Reach.LED:
        assert allowed.is_empty
        led = scope(actor(role, leads=frozenset({"KTXH"})), action)
        assert led.allows(OTHER, "KTXH")
        assert not led.allows(OWN, "KSTT")
        return
    assert allowed.allows(OWN) == (reach is not None)
    assert allowed.allows(OTHER) == (reach is Reach.ALL)
    assert allowed.is_empty == (reach is None)


def test_what_needs_leave_of_the_unit_s_administrator_is_nothing_without_it() -> None:
    clerk = Actor(1, "a", "A", (Grant(Role.CLERK, OWN, frozenset({OWN, OTHER})),))
    assert scope(clerk, Action.DIVIDE_WORK) == NOTHING
    let = Actor(1, "a", "A", (replace(clerk.grants[0], has_leave=True),))
    allowed = scope(let, Action.DIVIDE_WORK)
    assert (allowed.allows(OWN), allowed.allows(OTHER)) == (True, False)


def test_nobody_without_a_grant_may_do_anything() -> None:
    stranger = Actor(1, "a", "A", ())
    assert {scope(stranger, action) for action in MATRIX} == {NOTHING}


def test_only_leaders_approve_and_only_of_their_own_unit() -> None:
    assert MATRIX[Action.APPROVE] == {Role.LEADER: Reach.OWN}


def test_a_grant_for_one_form_reaches_no_other() -> None:
    allowed = scope(actor(Role.CLERK, form="KTXH-01"), Action.UPLOAD)
    assert allowed.allows(OWN, form="KTXH-01")
    assert not allowed.allows(OWN, form="II.06a")


def test_two_grants_in_two_units_reach_both() -> None:
    both = Actor(1, "a", "A", tuple(Grant(Role.CLERK, unit, frozenset({unit})) for unit in (OWN, OTHER)))
    assert scope(both, Action.SUBMIT).units == frozenset({OWN, OTHER})


def test_every_step_that_takes_something_back_needs_a_reason() -> None:
    assert {one.action for one in TRANSITIONS if one.reason} == {Action.RETURN, Action.TAKE_BACK, Action.REOPEN}


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("action", [Action.SUBMIT, Action.WITHDRAW, Action.APPROVE, Action.RETURN, Action.REOPEN])
def test_a_step_is_allowed_only_from_where_the_table_says(state: State, action: Action) -> None:
    found = step(state, action)
    assert (found is not None) == any(one.source is state and one.action is action for one in TRANSITIONS)


def unit(code: str, kind: UnitKind) -> Unit:
    return Unit(code, code, kind, None, 1, date(2025, 7, 1), date(2025, 7, 1))


PROVINCE, OFFICE = unit("66", UnitKind.PROVINCE), unit("VPUB", UnitKind.DEPARTMENT)
DEPARTMENT, POLICE = unit("STC", UnitKind.DEPARTMENT), unit("CAT", UnitKind.ARMED)
COMMUNE, WARD, ROOM = unit("1", UnitKind.COMMUNE), unit("2", UnitKind.WARD), unit("1-VP", UnitKind.DIVISION)
ABOVE = {"1-VP": ("1", "66"), "1": ("66",), "2": ("66",), "STC": ("66",), "CAT": ("66",), "VPUB": ("66",)}


@pytest.mark.parametrize(
    ("asker", "expected"),
    [
        (OFFICE, {"STC", "CAT", "1", "2", "1-VP"}),
        (DEPARTMENT, {"1", "2"}),
        (POLICE, {"1", "2"}),
        (COMMUNE, {"1-VP"}),
        (WARD, set()),
        (ROOM, set()),
    ],
)
def test_a_unit_asks_those_below_it_and_agencies_also_the_communes(asker: Unit, expected: set[str]) -> None:
    everybody = (PROVINCE, OFFICE, DEPARTMENT, POLICE, COMMUNE, WARD, ROOM)
    asked = {one.code for one in everybody if may_be_asked(asker, one, ABOVE.get(one.code, ()), "VPUB")}
    assert asked == expected


def test_only_the_office_and_unit_administrators_ask_and_only_the_office_in_any_name() -> None:
    assert MATRIX[Action.REQUEST] == {Role.OFFICE: Reach.ALL, Role.UNIT_ADMIN: Reach.OWN}
