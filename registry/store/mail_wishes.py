"""How people want to be told by mail, and what waits to be told so."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Integer, and_, bindparam, func, insert, select, update

from registry.store.tables import mail_wish, notice, person


class How(StrEnum):
    """Off, urgent things as they happen, or everything new once a day."""

    OFF = "off"
    URGENT = "urgent"
    DAILY = "daily"


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody chose; ``hour`` of the daily letter, in Viet Nam."""

    how: How = How.DAILY
    hour: int = 7


@dataclass(frozen=True, slots=True)
class Waiting:
    """A notice somebody has not put away and wants to hear of by mail."""

    person_id: int
    email: str
    notice_id: int
    kind: str
    values: Mapping[str, Any]


def get(connection: Connection, person_id: int) -> Wish:
    """What somebody chose, else what is usual."""
    row = connection.execute(select(mail_wish).where(mail_wish.c.person_id == person_id)).first()
    return Wish(How(row.how), row.hour) if row else Wish()


def address(connection: Connection, person_id: int) -> str:
    """Where letters to somebody go; empty when nobody knows."""
    return str(connection.execute(select(person.c.email).where(person.c.id == person_id)).scalar_one())


def put(connection: Connection, person_id: int, wish: Wish) -> None:
    """Somebody chooses anew."""
    values = {"how": wish.how, "hour": wish.hour}
    if connection.execute(update(mail_wish).where(mail_wish.c.person_id == person_id).values(**values)).rowcount == 0:
        connection.execute(insert(mail_wish).values(person_id=person_id, mailed_to=0, **values))


def daily(connection: Connection, hour: int, since: datetime) -> list[Waiting]:
    """What came since then, of those who want it once a day at this hour or before it: one query."""
    usual = Wish()
    chosen = and_(
        func.coalesce(mail_wish.c.how, usual.how.value) == How.DAILY,
        func.coalesce(mail_wish.c.hour, usual.hour) <= hour,
    )
    return _waiting(connection, chosen, since)


def urgent(connection: Connection, kinds: Collection[str], since: datetime) -> list[Waiting]:
    """What is urgent and was not told yet, of those who want to hear of it at once: one query."""
    chosen = and_(mail_wish.c.how == How.URGENT, notice.c.id > mail_wish.c.mailed_to, notice.c.kind.in_(kinds))
    return _waiting(connection, chosen, since)


def _waiting(connection: Connection, chosen: Any, since: datetime) -> list[Waiting]:
    query = (
        select(person.c.id.label("person_id"), person.c.email, notice.c.id, notice.c.kind, notice.c["values"])
        .join(notice, notice.c.person_id == person.c.id)
        .outerjoin(mail_wish, mail_wish.c.person_id == person.c.id)
        .where(person.c.state == "active", person.c.email != "", notice.c.read_at.is_(None), notice.c.at >= since)
        .where(chosen)
        .order_by(person.c.id, notice.c.id)
    )
    return [
        Waiting(row.person_id, row.email, row.id, row.kind, row._mapping["values"]) for row in connection.execute(query)
    ]


def told(connection: Connection, up_to: Mapping[int, int]) -> None:
    """Up to which notice each of some people was written to."""
    if up_to:
        rows = [{"who": person_id, "last": last} for person_id, last in up_to.items()]
        who, last = bindparam("who", type_=Integer), bindparam("last", type_=Integer)
        connection.execute(update(mail_wish).where(mail_wish.c.person_id == who).values(mailed_to=last), rows)
