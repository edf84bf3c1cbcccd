"""What somebody may do is found for all his grants and lenders at once: the same as by the definition, one by one."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from random import Random
from typing import Any

from sqlalchemy import Connection, Table, func, insert, select

from registry.catalogue.model import Role, Unit, UnitKind
from registry.store import rights, units
from registry.store.engine import Store
from registry.store.tables import (
    assignment,
    behalf,
    capacity,
    catalogue_load,
    definition,
    delegation,
    dividing_leave,
    grant,
    opening,
    period,
    person,
    unit,
    unit_closure,
    unit_version,
)
from registry.workflow.policy import Grant
from tests.store.conftest import MOMENT

FIRST = date(2026, 1, 1)
DAYS = [FIRST + timedelta(days=30 * n) for n in range(13)]
STANDINGS = ("direct", "KT", "TL", "TUQ")


def some_units(random: Random) -> list[Unit]:
    """A province with communes and their divisions, of which some end and some change hands."""
    found = [Unit("T", "T", UnitKind.PROVINCE, None, 1, FIRST, FIRST)]
    communes = [f"X{n}" for n in range(4)]
    found += [Unit(one, one, UnitKind.COMMUNE, "T", 1, FIRST, FIRST) for one in communes]
    for n in range(8):
        code, first, change = f"P{n}", random.choice(communes), random.choice(DAYS[2:10])
        until = random.choice([None, None, *DAYS[10:]])
        kind = random.choice([UnitKind.DIVISION, UnitKind.DIVISION, UnitKind.DEPARTMENT])
        moved = random.random() < 0.5
        found.append(Unit(code, code, kind, first, 1, FIRST, FIRST, change - timedelta(days=1) if moved else until))
        if moved:
            found.append(Unit(code, code, kind, random.choice(communes), 1, FIRST, change, until))
    return found


def some_people(connection: Connection, random: Random) -> list[int]:
    blank = {"position": "", "email": "", "phone": ""}
    states = ["disabled", *["active"] * 5]
    rows = [blank | {"login": str(n), "name": str(n), "state": state} for n, state in enumerate(states)]
    connection.execute(insert(person), rows)
    return list(connection.execute(select(person.c.id)).scalars())


def some_rights(connection: Connection, random: Random, people: list[int]) -> None:
    keys = random.sample(sorted(units.ids_by_key(connection).values()), 5)
    author = {"by_id": people[0], "at": MOMENT}

    def dated() -> dict[str, Any]:
        since = random.choice(DAYS)
        until = random.choice([None, since + timedelta(days=random.choice([40, 200]))])
        return {"valid_from": since, "valid_to": until, "revoked_at": random.choice([None, None, None, MOMENT])}

    def forms() -> list[str] | None:
        return random.choice([None, ["F"], ["F", "G"], []])

    roles = (Role.LEADER, Role.LEADER, Role.CLERK, Role.UNIT_ADMIN)
    for _ in range(40):
        row = {"person_id": random.choice(people), "role": random.choice(roles), "unit_id": random.choice(keys)}
        row |= {"below": random.random() < 0.4, "form": random.choice([None, None, "F", "G"]), "by": "x"}
        connection.execute(insert(grant).values(**row, **dated()))
    for _ in range(12):
        row = {"person_id": random.choice(people), "unit_id": random.choice(keys), "forms": forms()}
        row |= {"standing": random.choice(STANDINGS), "title": "", "head": "", "field": "", "document": ""}
        connection.execute(insert(capacity).values(**row, **dated(), **author))
    for _ in range(80):
        lender, borrower = random.sample(people, 2)
        row = {"from_id": lender, "to_id": borrower, "unit_id": random.choice(keys), "forms": forms()}
        row |= dated() | author | {"reason": "", "document": ""}
        row["valid_to"] = row["valid_to"] or DAYS[-1]
        connection.execute(insert(delegation).values(**row))
    for _ in range(10):
        allowed = random.random() < 0.7
        connection.execute(insert(dividing_leave).values(unit_id=random.choice(keys), allowed=allowed, **author))


def some_regimes(connection: Connection, random: Random, people: list[int]) -> None:
    """Regimes, their versions written in any order, each led by a unit of any kind: open, closed, closed with something
    entered on behalf, never opened.
    """
    connection.execute(insert(catalogue_load).values(by="x", at=MOMENT, sha="", diff=[]))
    row = {"kind": "regime", "sha": "", "load_id": connection.execute(select(catalogue_load.c.id)).scalar_one()}
    codes = sorted(connection.execute(select(unit.c.code)).scalars())
    for n in range(12):
        body = {"lead": random.choice(codes)}
        connection.execute(
            insert(definition).values(code=f"R{n % 5}", n=n // 5 + 1, valid_from=random.choice(DAYS), body=body, **row)
        )
    known = connection.execute(select(func.min(definition.c.id))).scalar_one()
    connection.execute(insert(period).values(code="202601", starts=FIRST, ends=FIRST))
    month = connection.execute(select(period.c.id)).scalar_one()
    asked = {"form": "F", "form_definition_id": known, "due_at": MOMENT, "due_at_first": MOMENT}
    entered = {"number": "1", "dated": FIRST, "summary": "", "reason": "", "by_id": people[0], "at": MOMENT}
    for code, closed, is_entered in (
        ("R0", None, False),
        ("R1", None, True),
        ("R2", MOMENT, False),
        ("R3", MOMENT, True),
    ):
        row = {"regime": code, "regime_definition_id": known, "period_id": month, "opened_at": MOMENT}
        connection.execute(insert(opening).values(reception_closed_at=closed, **row))
        number = connection.execute(select(opening.c.id).where(opening.c.regime == code)).scalar_one()
        unit_id = random.choice(list(units.ids_by_key(connection).values()))
        connection.execute(insert(assignment).values(opening_id=number, unit_id=unit_id, **asked))
        if is_entered:
            mine = select(assignment.c.id).where(assignment.c.opening_id == number)
            work = {"assignment_id": connection.execute(mine).scalar_one(), "from_unit_id": unit_id}
            connection.execute(insert(behalf).values(**work, **entered))


class Definition:
    """The rights of decision 0015, said one grant and one delegation at a time over whole tables."""

    def __init__(self, connection: Connection, day: date) -> None:
        def rows(table: Table) -> list[Any]:
            return list(connection.execute(select(table)))

        self.day = day
        self.links, self.versions = rows(unit_closure), rows(unit_version)
        self.grants, self.capacities, self.delegations = rows(grant), rows(capacity), rows(delegation)
        self.leaves, self.units = rows(dividing_leave), rows(unit)
        self.regimes = [one for one in rows(definition) if one.kind == "regime"]
        entered_for = {one.assignment_id for one in rows(behalf)}
        closed = {one.id for one in rows(opening) if one.reception_closed_at}
        over = {one.opening_id for one in rows(assignment) if one.id not in entered_for} & closed
        self.led = {one.regime for one in rows(opening) if one.id not in over}
        self.active = {one.id for one in rows(person) if one.state == "active"}

    def holds(self, row: Any) -> bool:
        return bool(
            row.valid_from <= self.day and (row.valid_to is None or self.day <= row.valid_to) and not row.revoked_at
        )

    def below(self, unit_id: int) -> set[int]:
        found = {unit_id}
        for one in self.links:
            if one.ancestor_id == unit_id and one.valid_from <= self.day:
                last = max(v.valid_to or date.max for v in self.versions if v.unit_id == one.unit_id)
                until = one.valid_to or date.max
                if until >= self.day or until == last:
                    found.add(one.unit_id)
        return found

    def divisions(self, unit_id: int) -> set[int]:
        kinds = {one.unit_id for one in self.versions if one.kind == UnitKind.DIVISION}
        return (self.below(unit_id) - {unit_id}) & kinds

    def signed(self, person_id: int, unit_id: int, *, to_lend: bool) -> frozenset[str] | None:
        mine = [one for one in self.capacities if (one.person_id, one.unit_id) == (person_id, unit_id)]
        mine = [one for one in mine if one.valid_from <= self.day]
        if not mine:
            return None
        held = [one for one in mine if self.holds(one) and not (to_lend and one.standing in ("TL", "TUQ"))]
        if any(one.forms is None for one in held):
            return None
        return frozenset(form for one in held for form in one.forms)

    def has_leave(self, unit_id: int) -> bool:
        said = [one for one in self.leaves if one.unit_id == unit_id]
        return bool(said) and bool(max(said, key=lambda one: one.id).allowed)

    def leads(self, units_: set[int] | frozenset[int]) -> frozenset[str]:
        codes = {one.code for one in self.units if one.id in units_}
        found = set()
        for code in {one.code for one in self.regimes} & self.led:
            begun = [one for one in self.regimes if one.code == code and one.valid_from <= self.day]
            if begun and max(begun, key=lambda one: (one.valid_from, one.id)).body["lead"] in codes:
                found.add(code)
        return frozenset(found)

    def reached(self, row: Any) -> frozenset[int]:
        return frozenset(self.below(row.unit_id) if row.below else {row.unit_id})

    def own(self, person_id: int) -> list[Grant]:
        return [
            Grant(
                Role(one.role),
                one.unit_id,
                self.reached(one),
                one.regime,
                one.form,
                signs=self.signed(person_id, one.unit_id, to_lend=False) if one.role == Role.LEADER else None,
                divisions=frozenset(self.divisions(one.unit_id) if one.role == Role.UNIT_ADMIN else ()),
                has_leave=one.role == Role.CLERK and self.has_leave(one.unit_id),
                leads=self.leads(self.reached(one)),
            )
            for one in self.grants
            if one.person_id == person_id and self.holds(one)
        ]

    def lent(self, person_id: int) -> list[Grant]:
        places = {one.unit_id for one in self.own(person_id)}
        found = []
        for one in self.delegations:
            if one.to_id != person_id or not self.holds(one) or one.from_id not in self.active:
                continue
            if not places & ({one.unit_id} | self.divisions(one.unit_id)):
                continue
            for own in self.own(one.from_id):
                if own.role is Role.LEADER and one.unit_id in own.units:
                    units_ = own.units if own.unit_id == one.unit_id else frozenset({one.unit_id})
                    lends = self.signed(one.from_id, own.unit_id, to_lend=True)
                    for form in [own.form] if one.forms is None else one.forms:
                        if own.form in (None, form):
                            place = (own.role, one.unit_id, units_, own.regime, form, one.id, lends, own.divisions)
                            found.append(Grant(*place, leads=self.leads(units_)))
        return found


def test_rights_found_at_once_are_those_of_the_definition(store: Store) -> None:
    lent = leaves = led = led_by_loan = 0
    for seed in range(6):
        random = Random(seed)
        with store.engine.connect() as connection:
            units.rebuild(connection, some_units(random))
            people = some_people(connection, random)
            some_rights(connection, random, people)
            some_regimes(connection, random, people)
            for day in DAYS[3::2]:
                by_definition = Definition(connection, day)
                for one in people:
                    expected = (*by_definition.own(one), *by_definition.lent(one))
                    found = rights.held(connection, one, day)
                    assert Counter(found) == Counter(expected), (seed, day, one)
                    lent += sum(grant.delegation is not None for grant in found)
                    leaves += sum(grant.has_leave for grant in found)
                    led += sum(bool(grant.leads) for grant in found)
                    led_by_loan += sum(bool(grant.leads) and grant.delegation is not None for grant in found)
            connection.rollback()
    assert lent > 30
    assert min(leaves, led, led_by_loan) > 10, (leaves, led, led_by_loan)
