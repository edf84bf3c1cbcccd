"""A scope is exactly the union of what each grant allows, in Python and in SQL."""

from collections.abc import Iterator
from time import process_time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Column, Integer, MetaData, String, Table, create_engine, insert, select
from sqlalchemy.engine import Connection

from registry.catalogue.model import Role
from registry.store.within import within
from registry.workflow.policy import (
    LENT,
    MATRIX,
    OF_WHOLE_REPORTS,
    SIGNING,
    Action,
    Actor,
    Grant,
    Reach,
    lent_by,
    scope,
)

UNITS, REGIMES, FORMS = range(1, 5), ("R1", "R2"), ("X", "Y", "Z")
grants = st.builds(
    Grant,
    role=st.sampled_from(Role),
    unit_id=st.sampled_from(UNITS),
    units=st.frozensets(st.sampled_from(UNITS), min_size=1, max_size=3),
    regime=st.sampled_from((None, *REGIMES)),
    form=st.sampled_from((None, *FORMS)),
    delegation=st.sampled_from((None, None, 7)),
    has_leave=st.booleans(),
    leads=st.frozensets(st.sampled_from(REGIMES)),
    signs=st.one_of(st.none(), st.none(), st.frozensets(st.sampled_from(FORMS))),
)
actors = st.builds(lambda held: Actor(1, "a", "A", tuple(held)), st.lists(grants, max_size=5))
actions = st.sampled_from(tuple(MATRIX))


def reached(one: Grant, reach: Reach, unit: int, regime: str | None) -> bool:
    if reach is Reach.LEAVE:
        return one.has_leave and unit == one.unit_id
    if reach is Reach.LED:
        return any(regime in (None, led) and one.regime in (None, led) for led in one.leads)
    house = one.divisions if reach is Reach.HOUSE else frozenset()
    return reach is Reach.ALL or unit in one.units | house


def grant_allows(one: Grant, action: Action, unit: int, regime: str | None, form: str | None) -> bool:
    """The definition, clause by clause."""
    reach = MATRIX[action].get(one.role)
    if reach is None:
        return False
    if one.delegation is not None and action not in LENT:
        return False
    if action in OF_WHOLE_REPORTS and one.form is not None:
        return False
    if action in SIGNING and one.signs is not None:
        if action in OF_WHOLE_REPORTS:
            return False
        if form is not None and form not in one.signs:
            return False
        if form is None and not (one.signs if one.form is None else one.form in one.signs):
            return False
    if not reached(one, reach, unit, regime):
        return False
    if regime is not None and one.regime is not None and regime != one.regime:
        return False
    return form is None or one.form is None or form == one.form


@given(actors, actions, st.sampled_from(UNITS), st.sampled_from((None, *REGIMES)), st.sampled_from((None, *FORMS)))
def test_what_is_allowed_is_allowed_by_a_grant_and_by_that_grant_alone(
    actor: Actor, action: Action, unit: int, regime: str | None, form: str | None
) -> None:
    expected = any(grant_allows(one, action, unit, regime, form) for one in actor.grants)
    assert scope(actor, action).allows(unit, regime, form) == expected


@given(actors, actions)
def test_a_scope_is_empty_exactly_when_it_allows_nothing(actor: Actor, action: Action) -> None:
    allowed = scope(actor, action)
    assert allowed.is_empty == (not any(allowed.allows(unit) for unit in (*UNITS, 99)))
    assert allowed.units == (None if allowed.allows(99) else frozenset(unit for unit in UNITS if allowed.allows(unit)))


@given(actors, actions)
def test_no_place_of_a_scope_lies_within_another(actor: Actor, action: Action) -> None:
    places = scope(actor, action).places
    assert not any(one.covers(two) for one in places for two in places if one is not two)


def test_many_forms_in_many_regimes_are_soon_joined() -> None:
    forms, led = (frozenset(f"{kind}{n}" for n in range(most)) for kind, most in (("F", 30), ("R", 100)))
    leader = Actor(1, "a", "A", (Grant(Role.LEADER, 1, frozenset({1}), signs=forms, leads=led),))
    began = process_time()
    assert len(scope(leader, Action.APPROVE_ON_BEHALF).places) == 3000
    assert process_time() - began < 0.5  # seconds; comparing each with each takes three times that


ROWS = Table("row", MetaData(), Column("unit", Integer), Column("regime", String(9)), Column("form", String(9)))
EVERY_ROW = [(unit, regime, form) for unit in UNITS for regime in (None, *REGIMES) for form in (None, *FORMS)]


@pytest.fixture(scope="module")
def rows() -> Iterator[Connection]:
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        ROWS.metadata.create_all(connection)
        connection.execute(insert(ROWS), [{"unit": u, "regime": r, "form": f} for u, r, f in EVERY_ROW])
        yield connection
    engine.dispose()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(actor=actors, action=actions)
def test_sql_finds_the_rows_the_scope_allows(rows: Connection, actor: Actor, action: Action) -> None:
    allowed = scope(actor, action)
    by_three = rows.execute(select(ROWS).where(within(allowed, ROWS.c.unit, ROWS.c.regime, ROWS.c.form)))
    assert {tuple(one) for one in by_three} == {one for one in EVERY_ROW if allowed.allows(*one)}
    by_unit = rows.execute(select(ROWS.c.unit).where(within(allowed, ROWS.c.unit)).distinct()).scalars()
    assert set(by_unit) == {unit for unit in UNITS if allowed.allows(unit)}


@given(actors, st.sampled_from(UNITS), st.sampled_from(REGIMES), st.sampled_from(FORMS))
def test_an_approval_rests_on_a_delegation_only_where_no_grant_of_ones_own_allows_it(
    actor: Actor, unit: int, regime: str, form: str
) -> None:
    allowing = [one for one in actor.grants if grant_allows(one, Action.APPROVE, unit, regime, form)]
    own = any(one.delegation is None for one in allowing)
    expected = 7 if allowing and not own else None
    assert lent_by(actor, Action.APPROVE, unit, regime, form) == expected


def test_a_clerk_of_one_unit_for_one_form_and_of_another_for_another_has_not_both_in_each() -> None:
    held = tuple(Grant(Role.CLERK, unit, frozenset({unit}), form=form) for unit, form in ((1, "X"), (2, "Y")))
    allowed = scope(Actor(1, "a", "A", held), Action.UPLOAD)
    assert [allowed.allows(unit, "R1", form) for unit in (1, 2) for form in "XY"] == [True, False, False, True]


def test_only_signing_and_seeing_what_is_signed_is_lent() -> None:
    assert {
        Action.OWN_ACCOUNT,
        Action.GIVE_FEEDBACK,
        Action.SEE_WORK,
        Action.DOWNLOAD_TEMPLATE,
        Action.SEE_UPLOAD,
        Action.SEE_SUBMISSION,
        Action.REMARK,
    } == LENT - SIGNING
