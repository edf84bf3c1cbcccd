"""Telling people what changed in what they may do: given, over early, gone with its unit."""

from __future__ import annotations

from datetime import date

from actions.desk import Desk
from actions.hanging import Lapse
from registry.store import notices, signing
from registry.store.engine import Connection
from registry.store.grants import Held, NewGrant
from registry.store.signing import Capacity, Delegation


def role_given(desk: Desk, connection: Connection, new: NewGrant) -> None:
    """Whoever is given a role learns where, and from when."""
    _tell_holder(desk, connection, "role-given", new, new.valid_from)


def role_revoked(desk: Desk, connection: Connection, held: Held) -> None:
    """Whoever had it learns that it was taken back."""
    _tell_holder(desk, connection, "role-revoked", held, desk.day)


def lent(desk: Desk, connection: Connection, delegation_id: int) -> None:
    """Both sides of a delegation learn of it, but for who recorded it."""
    known = signing.delegation_by_id(connection, delegation_id)
    if known is not None:
        _tell(desk, connection, "lent", known, known.valid_to)


def no_longer_lent(desk: Desk, connection: Connection, was: Delegation, last: date | None = None) -> None:
    """Both sides learn that it is over after a day, or at once."""
    _tell(desk, connection, "lent-ends" if last else "lent-revoked", was, last or desk.day)


def lapsed(desk: Desk, connection: Connection, one: Lapse) -> None:
    """Whoever signed for a unit that ended learns that this is over."""
    if isinstance(one.what, Delegation):
        _tell(desk, connection, "lent-lapsed", one.what, one.last)
    else:
        _tell_signer(desk, connection, one.what, one.unit.name, one.last)


def _tell(desk: Desk, connection: Connection, kind: str, of: Delegation, last: date) -> None:
    unit = desk.snapshot(connection).units_by_id[of.unit_id].name
    values = {"lender": of.from_name, "borrower": of.to_name, "unit": unit}
    values |= {"first": _text(of.valid_from), "last": _text(last)}
    told = {of.from_id, of.to_id} - {desk.actor.person_id}
    notices.put(connection, told, kind, f"unit {of.unit_id}", values, desk.moment)


def _tell_holder(desk: Desk, connection: Connection, kind: str, of: NewGrant | Held, day: date) -> None:
    unit = desk.snapshot(connection).units_by_id[of.unit_id].name
    values = {"role": of.role.value, "unit": unit, "day": _text(day)}
    notices.put(connection, {of.person_id}, kind, f"unit {of.unit_id}", values, desk.moment)


def _tell_signer(desk: Desk, connection: Connection, of: Capacity, unit: str, last: date) -> None:
    values = {"title": of.title, "unit": unit, "last": _text(last)}
    told = {of.person_id} - {desk.actor.person_id}
    notices.put(connection, told, "signing-lapsed", f"unit {of.unit_id}", values, desk.moment)


def _text(day: date) -> str:
    return f"{day:%d/%m/%Y}"
