"""Accounts, passwords, grants, sessions, attempts."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, desc, func, insert, or_, select, update

from registry.catalogue.model import Role, RoleHolder
from registry.store import announcements, rights, units
from registry.store.engine import inserted
from registry.store.tables import announcement, attempt, grant, notice, password, person, session
from registry.workflow.policy import Actor

OPERATOR = "operator"
_MARK = 16  # letters of a session's hash


@dataclass(frozen=True, slots=True)
class Person:
    """An account."""

    id: int
    login: str
    name: str
    position: str
    phone: str
    state: str
    last_seen: datetime | None


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A sign-in that has not ended."""

    person_id: int
    created: datetime
    seen: datetime
    acting_unit: int | None  # the unit chosen by the person, who has several
    is_half: bool  # the second factor is still asked
    is_weak: bool  # the password no longer meets the rules
    unread: int  # notices the person has not put away
    announced: int  # announcements likewise


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A sign-in as its owner sees it; ``mark`` tells it from his others."""

    mark: str
    created: datetime
    seen: datetime
    ip: str
    agent: str
    acting_unit: int | None


def find(connection: Connection, login: str) -> Person | None:
    """The account of a login."""
    row = connection.execute(select(person).where(person.c.login == login)).first()
    return _person(row) if row else None


def one(connection: Connection, person_id: int) -> Person:
    """The account of a key that exists."""
    return _person(connection.execute(select(person).where(person.c.id == person_id)).one())


def by_id(connection: Connection, person_id: int) -> Person | None:
    """An account by its key."""
    row = connection.execute(select(person).where(person.c.id == person_id)).first()
    return _person(row) if row else None


def by_ids(connection: Connection, keys: Collection[int]) -> list[Person]:
    """Accounts by their keys."""
    return [_person(row) for row in connection.execute(select(person).where(person.c.id.in_(keys)))]


def all_people(connection: Connection) -> list[Person]:
    """Every account by login."""
    return [_person(row) for row in connection.execute(select(person).order_by(person.c.login))]


def _person(row: Any) -> Person:
    return Person(row.id, row.login, row.name, row.position, row.phone, row.state, row.last_seen)


def actor(
    connection: Connection, person_id: int, day: date, *, operator: bool = False, acting_unit: int | None = None
) -> Actor | None:
    """A person with the rights in force on a day; None when the account is unknown or disabled.

    ``acting_unit`` counts only while a grant is held there.
    """
    row = connection.execute(select(person).where(person.c.id == person_id, person.c.state == "active")).first()
    if row is None:
        return None
    grants = rights.held(connection, person_id, day)
    chosen = acting_unit if any(one.unit_id == acting_unit for one in grants) else None
    return Actor(person_id, row.login, row.name, grants, operator, chosen)


def home(connection: Connection, person_id: int, day: date) -> int | None:
    """The unit of a person's first grant in force, also of one whose account is disabled."""
    mine = (grant.c.person_id == person_id, rights.in_force(grant, day))
    return connection.execute(select(grant.c.unit_id).where(*mine).order_by(grant.c.id).limit(1)).scalar()


def roles_held(connection: Connection, day: date) -> dict[int, frozenset[Role]]:
    """Which roles somebody active holds in each unit on a day."""
    query = (
        select(grant.c.unit_id, grant.c.role, grant.c.below)
        .join(person, person.c.id == grant.c.person_id)
        .where(person.c.state == "active", rights.in_force(grant, day))
        .distinct()
    )
    rows = connection.execute(query).all()
    houses = rights.houses_of(connection, {row.unit_id for row in rows if row.below}, day)
    held: dict[int, set[Role]] = {}
    for row in rows:
        for unit_id in houses[row.unit_id].units if row.below else {row.unit_id}:
            held.setdefault(unit_id, set()).add(Role(row.role))
    return {unit_id: frozenset(roles) for unit_id, roles in held.items()}


def put_holders(connection: Connection, holders: Iterable[RoleHolder], by: str) -> None:
    """Create the accounts and grants of a catalogue's roles that do not exist yet; nothing is taken away."""
    keys = units.codes(connection)
    for holder in holders:
        account = find(connection, holder.login)
        if account is None:
            connection.execute(
                insert(person).values(
                    login=holder.login,
                    name=holder.name,
                    position=holder.position,
                    email=holder.email,
                    phone=holder.phone,
                    state="active",
                )
            )
            account = find(connection, holder.login)
            assert account is not None
        key = {
            "person_id": account.id,
            "role": holder.role.value,
            "unit_id": keys.at(holder.unit, holder.valid_from),
            "valid_from": holder.valid_from,
        }
        exists = select(grant.c.id).where(*(grant.c[name] == value for name, value in key.items()))
        if connection.execute(exists).first() is None:
            connection.execute(insert(grant).values(**key, below=False, valid_to=holder.valid_to, by=by))


def disable_idle(connection: Connection, before: datetime, at: datetime) -> list[Person]:
    """Disable the accounts nobody signed in to since ``before``; days are counted from when they are first seen."""
    connection.execute(update(person).where(person.c.since.is_(None)).values(since=at))
    idle = (
        person.c.state == "active",
        person.c.since < before,
        or_(person.c.last_seen.is_(None), person.c.last_seen < before),
    )
    found = [_person(row) for row in connection.execute(select(person).where(*idle).order_by(person.c.login))]
    connection.execute(update(person).where(*idle).values(state="idle"))
    return found


def enable(connection: Connection, person_id: int, at: datetime) -> bool:
    """Give an account that lay unused back; False when it is none."""
    idle = (person.c.id == person_id, person.c.state == "idle")
    return connection.execute(update(person).where(*idle).values(state="active", since=at)).rowcount == 1


def put_operator(connection: Connection, name: str) -> int:
    """The account that stands for the console's operator, under this name: nobody can sign in with it."""
    known = connection.execute(select(person.c.id, person.c.name).where(person.c.login == OPERATOR)).one_or_none()
    if known is None:
        row = insert(person).values(login=OPERATOR, name=name, position="", email="", phone="", state="system")
        return inserted(connection, row)
    if known.name != name:
        connection.execute(update(person).where(person.c.id == known.id).values(name=name))
    return int(known.id)


def password_hash(connection: Connection, person_id: int) -> str | None:
    """The newest password hash."""
    query = select(password.c.hash).where(password.c.person_id == person_id).order_by(desc(password.c.id)).limit(1)
    return connection.execute(query).scalar()


def password_hashes(connection: Connection, person_id: int, last: int) -> list[str]:
    """The hashes of a person's last passwords, newest first."""
    query = select(password.c.hash).where(password.c.person_id == person_id).order_by(desc(password.c.id)).limit(last)
    return list(connection.execute(query).scalars())


def password_age(connection: Connection, person_id: int) -> tuple[datetime, bool] | None:
    """When the newest password was set, and whether by somebody else."""
    query = (
        select(password.c.at, password.c.given)
        .where(password.c.person_id == person_id)
        .order_by(desc(password.c.id))
        .limit(1)
    )
    row = connection.execute(query).first()
    return (row.at, bool(row.given)) if row else None


def put_password(connection: Connection, person_id: int, hashed: str, at: datetime, *, given: bool = False) -> None:
    """Set a password; earlier ones stay, for the history rule. One ``given`` by another is to be replaced at once."""
    connection.execute(insert(password).values(person_id=person_id, hash=hashed, at=at, given=given))


def put_passwords(connection: Connection, people: Iterable[int], hashed: str, at: datetime) -> None:
    """Give several accounts one password (the demo)."""
    connection.execute(insert(password), [{"person_id": one, "hash": hashed, "at": at} for one in people])


def start_session(
    connection: Connection,
    id_hash: str,
    person_id: int,
    ip: str,
    at: datetime,
    *,
    agent: str = "",
    half: bool = False,
    weak: bool = False,
) -> None:
    """Record a sign-in, or the first ``half`` of one."""
    told = {"ip": ip, "agent": agent[:300], "half": half, "weak": weak}
    connection.execute(insert(session).values(id_hash=id_hash, person_id=person_id, created=at, seen=at, **told))
    if not half:
        connection.execute(update(person).where(person.c.id == person_id).values(last_seen=at))


def last_sign_in(connection: Connection, person_id: int) -> tuple[datetime, str] | None:
    """When and from which address the person signed in last."""
    whole = (session.c.person_id == person_id, session.c.half.is_not(True))
    query = select(session.c.created, session.c.ip).where(*whole).order_by(desc(session.c.created)).limit(1)
    row = connection.execute(query).first()
    return (row.created, row.ip) if row else None


def open_sessions(connection: Connection, person_id: int, since: datetime, used: datetime) -> list[OpenSession]:
    """A person's sign-ins begun since a moment and used since another, that have not ended; newest first."""
    query = select(session).where(
        session.c.person_id == person_id,
        session.c.ended.is_(None),
        session.c.half.is_not(True),
        session.c.created >= since,
        session.c.seen >= used,
    )
    return [
        OpenSession(mark_of(row.id_hash), row.created, row.seen, row.ip, row.agent or "", row.acting_unit_id)
        for row in connection.execute(query.order_by(desc(session.c.created)))
    ]


def mark_of(id_hash: str) -> str:
    """What tells a session from the person's others on a page."""
    return id_hash[:_MARK]


def end_marked_session(connection: Connection, person_id: int, mark: str, at: datetime) -> bool:
    """Sign a person out of one place; False when there is no such open session of his."""
    if len(mark) != _MARK:
        return False
    marked = session.c.id_hash.startswith(mark, autoescape=True)
    theirs = (session.c.person_id == person_id, session.c.ended.is_(None), marked)
    return connection.execute(update(session).where(*theirs).values(ended=at)).rowcount == 1


def is_strong_now(connection: Connection, id_hash: str) -> None:
    """The session's password was replaced by one that meets the rules."""
    connection.execute(update(session).where(session.c.id_hash == id_hash).values(weak=False))


def session_of(connection: Connection, id_hash: str, idle: timedelta, at: datetime) -> SessionRow | None:
    """The session that is neither ended nor idle for too long."""
    unread = (
        select(func.count())
        .select_from(notice)
        .where(notice.c.person_id == session.c.person_id, notice.c.read_at.is_(None))
        .scalar_subquery()
    )
    announced = (
        select(func.count())
        .select_from(announcement)
        .where(announcements.is_unseen(session.c.person_id, at))
        .correlate(session)
        .scalar_subquery()
    )
    row = connection.execute(
        select(session, unread.label("unread"), announced.label("announced")).where(
            session.c.id_hash == id_hash, session.c.ended.is_(None), session.c.seen >= at - idle
        )
    ).first()
    if row is None:
        return None
    return SessionRow(
        row.person_id,
        row.created,
        row.seen,
        row.acting_unit_id,
        bool(row.half),
        bool(row.weak),
        row.unread,
        row.announced,
    )


def touch_session(connection: Connection, id_hash: str, at: datetime) -> None:
    """The session was used."""
    connection.execute(update(session).where(session.c.id_hash == id_hash).values(seen=at))


def act_in(connection: Connection, id_hash: str, unit_id: int | None) -> None:
    """The unit whose work the session looks at; None: all of the person's."""
    connection.execute(update(session).where(session.c.id_hash == id_hash).values(acting_unit_id=unit_id))


def end_session(connection: Connection, id_hash: str, at: datetime) -> None:
    """Sign out."""
    connection.execute(update(session).where(session.c.id_hash == id_hash).values(ended=at))


def end_other_sessions(connection: Connection, person_id: int, id_hash: str, at: datetime) -> None:
    """End a person's sessions, except the one given."""
    others = (session.c.person_id == person_id, session.c.id_hash != id_hash, session.c.ended.is_(None))
    connection.execute(update(session).where(*others).values(ended=at))


def failures(connection: Connection, key: str, since: datetime) -> int:
    """Failed attempts under a key since a moment, after the last success."""
    last_success = select(func.max(attempt.c.id)).where(attempt.c.key == key, attempt.c.ok).scalar_subquery()
    query = select(func.count()).where(
        attempt.c.key == key,
        attempt.c.at >= since,
        ~attempt.c.ok,
        attempt.c.id > func.coalesce(last_success, 0),
    )
    return int(connection.execute(query).scalar_one())


def count_attempts(connection: Connection, key: str, since: datetime) -> int:
    """All attempts under a key since a moment (rate limits)."""
    query = select(func.count()).where(attempt.c.key == key, attempt.c.at >= since)
    return int(connection.execute(query).scalar_one())


def record_attempt(connection: Connection, key: str, at: datetime, *, ok: bool) -> None:
    """Note an attempt, and forget those older than a day under the same key."""
    connection.execute(insert(attempt).values(key=key, at=at, ok=ok))
    connection.execute(delete(attempt).where(attempt.c.key == key, attempt.c.at < at - timedelta(days=1)))
