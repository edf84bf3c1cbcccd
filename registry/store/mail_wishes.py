"""How people want to be told by mail, and what waits to be told so."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Integer, and_, bindparam, case, func, insert, literal, select, update

from registry.store.tables import Moment, mail_wish, notice, person


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
    """A notice somebody has not put away, was not written of and wants to hear of by mail."""

    person_id: int
    email: str
    notice_id: int
    kind: str
    values: Mapping[str, Any]
    has_chosen: bool  # how to be told


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


def daily(connection: Connection, last: Mapping[int, datetime], since: datetime) -> list[Waiting]:
    """What came before the ``last`` time of the hour they chose, of those who want it once a day: one query."""
    usual = Wish()
    until = case(
        {hour: literal(moment, Moment) for hour, moment in last.items()},
        value=func.coalesce(mail_wish.c.hour, usual.hour),
    )
    chosen = and_(func.coalesce(mail_wish.c.how, usual.how.value) == How.DAILY, notice.c.at < until)
    return _waiting(connection, chosen, since)


def urgent(connection: Connection, kinds: Collection[str], since: datetime) -> list[Waiting]:
    """What is urgent, of those who want to hear of it at once: one query."""
    return _waiting(connection, and_(mail_wish.c.how == How.URGENT, notice.c.kind.in_(kinds)), since)


def _waiting(connection: Connection, chosen: Any, since: datetime) -> list[Waiting]:
    query = (
        select(
            person.c.id.label("person_id"),
            person.c.email,
            notice.c.id,
            notice.c.kind,
            notice.c["values"],
            mail_wish.c.person_id.is_not(None).label("has_chosen"),
        )
        .join(notice, notice.c.person_id == person.c.id)
        .outerjoin(mail_wish, mail_wish.c.person_id == person.c.id)
        .where(person.c.state == "active", person.c.email != "", notice.c.read_at.is_(None), notice.c.at >= since)
        .where(notice.c.id > func.coalesce(mail_wish.c.mailed_to, 0), chosen)
        .order_by(person.c.id, notice.c.id)
    )
    return [
        Waiting(row.person_id, row.email, row.id, row.kind, row._mapping["values"], row.has_chosen)
        for row in connection.execute(query)
    ]


def told(connection: Connection, last: Collection[Waiting]) -> None:
    """The last notice each of some people was written of: two statements."""
    rows = [{"who": one.person_id, "last": one.notice_id} for one in last if one.has_chosen]
    if rows:
        who, up_to = bindparam("who", type_=Integer), bindparam("last", type_=Integer)
        connection.execute(update(mail_wish).where(mail_wish.c.person_id == who).values(mailed_to=up_to), rows)
    usual = {"how": Wish().how, "hour": Wish().hour}
    new = [{"person_id": one.person_id, "mailed_to": one.notice_id, **usual} for one in last if not one.has_chosen]
    if new:
        connection.execute(insert(mail_wish), new)
