"""Passwords: hashed, compared in the same time for everybody, refused when they are weak or come back (R32)."""

from __future__ import annotations

import unicodedata
from datetime import datetime
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from actions.desk import Refusal
from actions.instance import Instance
from registry.store import audit, people
from registry.store.engine import Connection
from registry.store.people import Person
from registry.workflow.account_rules import AccountRules
from registry.workflow.policy import Actor
from vietnamese.fold import fold

_GUESSES_ALONE, _GUESSES_WITH_FACTOR = 10.0, 7.0  # log10 of how many a good guesser needs
_LOOKED_AT = 72  # letters; more take long to look through and no longer weaken a password
_hasher = PasswordHasher()


@cache
def nobodys() -> str:
    """A hash that costs an unknown account as much time as a known one; made when first wanted: it takes 65 MB."""
    return _hasher.hash("no such account")


def hashed(word: str) -> str:
    """What is kept of a password; letters composed, so that every keyboard gives the same."""
    return _hasher.hash(unicodedata.normalize("NFC", word))


def matches(kept: str, word: str) -> bool:
    """True when this is the password."""
    try:
        return _hasher.verify(kept, unicodedata.normalize("NFC", word))
    except (VerificationError, InvalidHashError):
        return False


def replace(
    connection: Connection, rules: AccountRules, owner: Person, word: str, moment: datetime, *, has_factor: bool
) -> None:
    """A password chosen by its owner takes the place of the earlier one; raises Refusal saying what it lacks."""
    refuse_weak(rules, owner, word, has_factor=has_factor)
    earlier = people.password_hashes(connection, owner.id, max(rules.history, 1))
    if any(matches(one, word) for one in earlier):
        raise Refusal("password-again", count=max(rules.history, 1))
    people.put_password(connection, owner.id, hashed(word), moment)


class PasswordLocked(Refusal):
    """The current password was given wrongly too often; it may be tried again after some minutes."""

    status = 401

    def __init__(self, minutes: int) -> None:
        super().__init__("password-locked", minutes=minutes)


def prove(instance: Instance, actor: Actor, word: str, moment: datetime) -> None:
    """Have a person who is signed in give the password once more.

    Raises Refusal (wrong), PasswordLocked (wrong too often).
    """
    key = f"password {actor.person_id}"
    with instance.store.read() as connection:
        rules = instance.account_rules(connection)
        failed = people.failures(connection, key, moment - rules.locked)
        kept = people.password_hash(connection, actor.person_id)
    if failed >= rules.lock_after:
        raise PasswordLocked(rules.lock_minutes)
    right = kept is not None and matches(kept, word)
    with instance.store.write() as connection:
        people.record_attempt(connection, key, moment, ok=right)
        if not right:
            note(connection, moment, actor, "password refused")
    if not right:
        raise Refusal("old-password-wrong")


def note(connection: Connection, moment: datetime, actor: Actor, action: str, on: str = "") -> None:
    """What a person did with his own account, in the audit log."""
    on = on or f"person {actor.person_id}"
    audit.append(connection, moment, actor.signature, action, on, {}, person_id=actor.person_id, unit_id=actor.home)


def refuse_weak(rules: AccountRules, owner: Person, word: str, *, has_factor: bool) -> None:
    """Raise the Refusal that says what a new password lacks: letters, kinds of letters, or it is easily guessed."""
    length, classes = rules.shape(has_factor=has_factor)
    if not rules.fits(word, has_factor=has_factor):
        raise Refusal("password-weak" if classes > 1 else "password-short", length=length, classes=classes)
    if _guesses(word, owner) < (_GUESSES_WITH_FACTOR if has_factor else _GUESSES_ALONE):
        raise Refusal("password-common")


def _guesses(word: str, owner: Person) -> float:
    """The power of ten of the guesses it takes, knowing common passwords, keyboards, years and the owner's name."""
    from zxcvbn import zxcvbn  # its lists take a tenth of a second to load

    known = [*_weak_words(), owner.login, *fold(owner.name).split()]
    plain = fold.__wrapped__(word)  # past the cache: no password stays in memory
    return float(zxcvbn(plain[:_LOOKED_AT], user_inputs=known)["guesses_log10"])


@cache
def _weak_words() -> tuple[str, ...]:
    return tuple(Path(__file__).with_name("weak_words.txt").read_text("utf-8").split())
