"""The second factor: an encrypted secret a person, the last step it was used at, recovery codes as hashes."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select, update

from registry.store.tables import recovery_code, totp


@dataclass(frozen=True, slots=True)
class Factor:
    """A secret, as it is kept; asked for once it was confirmed by a first code."""

    secret: str
    confirmed: datetime | None


def find(connection: Connection, person_id: int) -> Factor | None:
    """The person's factor, confirmed or just begun."""
    row = connection.execute(select(totp).where(totp.c.person_id == person_id)).first()
    return Factor(row.secret_enc, row.confirmed) if row else None


def is_on(connection: Connection, person_id: int) -> bool:
    """True when a confirmed factor exists."""
    query = select(totp.c.person_id).where(totp.c.person_id == person_id, totp.c.confirmed.is_not(None))
    return connection.execute(query).first() is not None


def begin(connection: Connection, person_id: int, secret: str, at: datetime) -> None:
    """Keep a secret that is not asked for yet."""
    connection.execute(insert(totp).values(person_id=person_id, secret_enc=secret, made=at, last_step=0))


def confirm(connection: Connection, person_id: int, at: datetime) -> None:
    """From now on it is asked for."""
    connection.execute(update(totp).where(totp.c.person_id == person_id).values(confirmed=at))


def spend_step(connection: Connection, person_id: int, step: int) -> bool:
    """Note the step of a code; False when it, or a later one, was used already."""
    later = update(totp).where(totp.c.person_id == person_id, totp.c.last_step < step).values(last_step=step)
    return connection.execute(later).rowcount == 1


def put_codes(connection: Connection, person_id: int, hashes: Iterable[str]) -> None:
    """Recovery codes in place of the earlier ones."""
    connection.execute(delete(recovery_code).where(recovery_code.c.person_id == person_id))
    connection.execute(insert(recovery_code), [{"person_id": person_id, "hash": one} for one in hashes])


def spend_code(connection: Connection, person_id: int, hashes: Collection[str], at: datetime) -> bool:
    """Use up a recovery code; False when there is none unused with such a hash."""
    unused = (
        recovery_code.c.person_id == person_id,
        recovery_code.c.hash.in_(hashes),
        recovery_code.c.used.is_(None),
    )
    return connection.execute(update(recovery_code).where(*unused).values(used=at)).rowcount == 1


def codes_left(connection: Connection, person_id: int) -> int:
    """How many recovery codes are unused."""
    query = select(func.count()).where(recovery_code.c.person_id == person_id, recovery_code.c.used.is_(None))
    return int(connection.execute(query).scalar_one())


def drop(connection: Connection, person_id: int) -> bool:
    """Forget the factor and its codes; False when there was none."""
    connection.execute(delete(recovery_code).where(recovery_code.c.person_id == person_id))
    return connection.execute(delete(totp).where(totp.c.person_id == person_id)).rowcount == 1
