"""Giving, lending and recording in the small province, as its tests need it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import insert, select

from actions.instance import Instance, local_day
from registry.catalogue.model import Role
from registry.store import people, units
from registry.store.tables import capacity, delegation, grant, person
from tests.webui.small_province import EASUP, NOW

TODAY = local_day(NOW)
YESTERDAY, TOMORROW, NEXT_WEEK = (TODAY + timedelta(days=days) for days in (-1, 1, 7))


def key_of(instance: Instance, login: str) -> int:
    with instance.store.read() as connection:
        found = people.find(connection, login)
    assert found is not None, login
    return found.id


def unit_key(instance: Instance, code: str = EASUP) -> int:
    with instance.store.read() as connection:
        return units.codes(connection).at(code, TODAY)


def give(instance: Instance, login: str, role: Role, unit: str = EASUP, **more: Any) -> int:
    """A grant as an earlier day left it; its key."""
    row = {"person_id": key_of(instance, login), "role": role, "unit_id": unit_key(instance, unit), "below": False}
    row |= {"valid_from": date(2025, 7, 1), "by": "test"} | more
    with instance.store.write() as connection:
        return int(connection.execute(insert(grant).values(**row)).inserted_primary_key[0])


def lend(instance: Instance, lender: str, borrower: str, unit: str = EASUP, **more: Any) -> int:
    """A delegation from yesterday to next week; its key."""
    row = {"from_id": key_of(instance, lender), "to_id": key_of(instance, borrower)}
    row |= {"unit_id": unit_key(instance, unit), "valid_from": YESTERDAY, "valid_to": NEXT_WEEK, "reason": "đi học"}
    row |= {"document": "", "by_id": row["from_id"], "at": NOW} | more
    with instance.store.write() as connection:
        return int(connection.execute(insert(delegation).values(**row)).inserted_primary_key[0])


def sign(instance: Instance, login: str, standing: str, unit: str = EASUP, **more: Any) -> int:
    """A signing capacity since yesterday; its key."""
    row = {"person_id": key_of(instance, login), "unit_id": unit_key(instance, unit), "standing": standing}
    row |= {"title": "Phó Chủ tịch", "head": "Chủ tịch", "field": "", "document": "", "valid_from": YESTERDAY}
    row |= {"by_id": row["person_id"], "at": NOW} | more
    with instance.store.write() as connection:
        return int(connection.execute(insert(capacity).values(**row)).inserted_primary_key[0])


def disable(instance: Instance, login: str) -> None:
    with instance.store.write() as connection:
        connection.execute(person.update().where(person.c.login == login).values(state="disabled"))


def grant_of(instance: Instance, login: str, role: Role) -> int:
    """The key of a grant somebody holds."""
    query = select(grant.c.id).where(grant.c.person_id == key_of(instance, login), grant.c.role == role)
    with instance.store.read() as connection:
        return int(connection.execute(query).scalars().first() or 0)
