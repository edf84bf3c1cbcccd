"""One-time links: a person sets a password of his own, known to nobody else (R05)."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime

from actions import factors, passwords
from actions.desk import Refusal
from actions.instance import Instance
from registry.store import audit, links, people
from registry.store.engine import Connection
from registry.store.people import Person
from registry.workflow.account_rules import AccountRules

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that print alike
_GROUPS, _IN_A_GROUP = 5, 4  # 31**20: about 99 bits, and short enough to be typed from a slip


class LinkDead(Refusal):
    """No such link, or it is used, replaced or too old: one answer for all."""

    status = 404

    def __init__(self) -> None:
        super().__init__("link-dead")


@dataclass(frozen=True, slots=True)
class Link:
    """A link just made: the page ``/dat-mat-khau/<token>``. The token is not kept, so it can be shown only now."""

    token: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whose password a link sets, and what the password must be."""

    owner: Person
    length: int
    classes: int


def issue(connection: Connection, person_id: int, rules: AccountRules, moment: datetime) -> Link:
    """Make a link for a person within the caller's transaction, which says so in the log; earlier links die."""
    groups = ("".join(secrets.choice(_LETTERS) for _ in range(_IN_A_GROUP)) for _ in range(_GROUPS))
    token, until = "-".join(groups), moment + rules.link_life
    links.put(connection, person_id, _hash_of(token), moment, until)
    return Link(token, until)


def look_up(instance: Instance, token: str, moment: datetime) -> Wanted:
    """Whose link it is; raises LinkDead."""
    with instance.store.read() as connection:
        owner = _owner(connection, token, moment)
        has_factor = factors.is_asked(instance, connection, owner.id)
        length, classes = instance.account_rules(connection).shape(has_factor=has_factor)
    return Wanted(owner, length, classes)


def consume(instance: Instance, token: str, word: str, ip: str, moment: datetime) -> Person:
    """Set the password of the link's owner; the link is used up, all sessions end. Raises LinkDead, Refusal."""
    with instance.store.write() as connection:
        owner = _owner(connection, token, moment)
        rules, has_factor = instance.account_rules(connection), factors.is_asked(instance, connection, owner.id)
        passwords.replace(connection, rules, owner, word, moment, has_factor=has_factor)
        links.spend(connection, owner.id, moment)
        people.end_other_sessions(connection, owner.id, "", moment)
        on = f"person {owner.id}"
        audit.append(connection, moment, owner.login, "password by link", on, {"ip": ip}, person_id=owner.id)
    return owner


def _owner(connection: Connection, token: str, moment: datetime) -> Person:
    person_id = links.owner(connection, _hash_of(token), moment)
    owner = people.one(connection, person_id) if person_id is not None else None
    if owner is None or owner.state != "active":
        raise LinkDead
    return owner


def _hash_of(token: str) -> str:
    """Typed from a slip, capitals, blanks and dashes do not matter."""
    plain = "".join(letter for letter in token.casefold() if letter.isalnum())
    return hashlib.sha256(plain.encode()).hexdigest()
