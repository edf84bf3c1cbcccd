"""Signing in and out, and the accounts a catalogue names (R05, R32)."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from actions.desk import Refusal
from actions.instance import Instance, local_day
from registry.store import audit, people
from registry.store.people import Person
from registry.workflow.policy import Actor

LEAST_LENGTH = 14  # with four classes, without a second factor (FACTS 9)
_hasher = PasswordHasher()


@cache
def _nobodys() -> str:
    """A hash that costs an unknown account as much time as a known one; made when first wanted: it takes 65 MB."""
    return _hasher.hash("no such account")


class SignInRefused(Refusal):
    """Wrong login or password, or locked: one sentence for an unknown and a known account."""

    status = 401


class PasswordLocked(Refusal):
    """The current password was given wrongly too often; it may be tried again after ``minutes``."""

    def __init__(self, minutes: int) -> None:
        self.minutes = minutes
        super().__init__("locked", minutes=minutes)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A new session; ``cookie`` is shown to the browser once and only its hash is kept."""

    cookie: str
    person_id: int


def sign_in(instance: Instance, login: str, word: str, ip: str, moment: datetime) -> SignedIn:
    """Check a password and start a session. Raises SignInRefused; five failures lock the login for a while."""
    login = login.strip().casefold()
    key = f"login {login}"
    settings = instance.settings
    with instance.store.read() as connection:
        failed = people.failures(connection, key, moment - settings.lock_for)
        from_here = people.failures(connection, f"ip {ip}", moment - settings.lock_for)
        person = people.find(connection, login)
        hashed = people.password_hash(connection, person.id) if person else None
    if failed >= settings.lock_after or from_here >= settings.lock_after * 20:
        raise SignInRefused("locked", minutes=_lock_minutes(instance))
    good = _matches(hashed or _nobodys(), word) and person is not None and person.state == "active"
    cookie = secrets.token_urlsafe(32)
    with instance.store.write() as connection:
        people.record_attempt(connection, key, moment, ok=good)
        if good and person is not None:
            people.start_session(connection, hash_of(cookie), person.id, ip, moment)
        else:
            people.record_attempt(connection, f"ip {ip}", moment, ok=False)
        audit.append(connection, moment, login[:80], "sign-in" if good else "sign-in refused", "session", {"ip": ip})
    if not good or person is None:
        raise SignInRefused("sign-in")
    return SignedIn(cookie, person.id)


def sign_out(instance: Instance, cookie: str, actor: Actor, moment: datetime) -> None:
    """End the session."""
    with instance.store.write() as connection:
        people.end_session(connection, hash_of(cookie), moment)
        audit.append(connection, moment, actor.signature, "sign-out", "session", {})


def who(instance: Instance, cookie: str, moment: datetime) -> Actor | None:
    """The actor of a session that is alive; its last use is noted at most once a minute."""
    settings = instance.settings
    with instance.store.read() as connection:
        session = people.session_of(connection, hash_of(cookie), settings.idle, moment)
        if session is None or session.created < moment - settings.absolute:
            return None
        actor = people.actor(connection, session.person_id, local_day(moment), acting_unit=session.acting_unit)
    if actor is not None and session.seen < moment - timedelta(minutes=1):
        with instance.store.write() as connection:
            people.touch_session(connection, hash_of(cookie), moment)
    return actor


def operator_for(instance: Instance, login: str, moment: datetime) -> Actor:
    """The person in whose name the operator acts at the console; raises Refusal."""
    with instance.store.read() as connection:
        person = people.find(connection, login.strip().casefold())
        actor = people.actor(connection, person.id, local_day(moment), operator=True) if person else None
    if actor is None:
        raise Refusal("unknown-login", login=login)
    return actor


def change_password(instance: Instance, actor: Actor, old: str, new: str, moment: datetime, *, keep: str = "") -> None:
    """Set a new password for oneself and end one's sessions, except the one of the cookie ``keep``.

    Raises Refusal (old one wrong, new one weak), PasswordLocked (old one wrong too often).
    """
    key = f"password {actor.person_id}"
    settings = instance.settings
    with instance.store.read() as connection:
        failed = people.failures(connection, key, moment - settings.lock_for)
        hashed = people.password_hash(connection, actor.person_id)
    if failed >= settings.lock_after:
        raise PasswordLocked(_lock_minutes(instance))
    if hashed is None or not _matches(hashed, old):
        with instance.store.write() as connection:
            people.record_attempt(connection, key, moment, ok=False)
            audit.append(connection, moment, actor.signature, "password refused", f"person {actor.person_id}", {})
        raise Refusal("old-password-wrong")
    if not is_strong(new):
        raise Refusal("password-weak", length=LEAST_LENGTH)
    with instance.store.write() as connection:
        people.record_attempt(connection, key, moment, ok=True)
        people.put_password(connection, actor.person_id, _hasher.hash(new), moment)
        people.end_other_sessions(connection, actor.person_id, hash_of(keep), moment)
        audit.append(connection, moment, actor.signature, "password", f"person {actor.person_id}", {})


def set_password(instance: Instance, login: str, word: str, moment: datetime) -> None:
    """The operator gives an account its first password, or a new one for a lost one; its sessions end.

    Raises Refusal (unknown login, weak password).
    """
    if not is_strong(word):
        raise Refusal("password-weak", length=LEAST_LENGTH)
    with instance.store.write() as connection:
        person = people.find(connection, login.strip().casefold())
        if person is None or person.state != "active":
            raise Refusal("unknown-login", login=login)
        people.put_password(connection, person.id, _hasher.hash(word), moment)
        people.end_other_sessions(connection, person.id, "", moment)
        audit.append(connection, moment, people.OPERATOR, "password", f"person {person.id}", {})


def give_password(instance: Instance, accounts: list[Person], word: str, moment: datetime) -> None:
    """One password for several accounts: the demo's, never a real instance's."""
    with instance.store.write() as connection:
        people.put_passwords(connection, [one.id for one in accounts], _hasher.hash(word), moment)
        audit.append(connection, moment, "demo", "password", "demo accounts", {"accounts": len(accounts)})


def is_strong(word: str) -> bool:
    """Fourteen characters of four classes, since a second factor is not asked yet."""
    classes = (str.islower, str.isupper, str.isdigit, lambda letter: not letter.isalnum())
    return len(word) >= LEAST_LENGTH and all(any(test(letter) for letter in word) for test in classes)


def hash_of(cookie: str) -> str:
    """What the store keeps of a session's cookie."""
    return hashlib.sha256(cookie.encode()).hexdigest()


def _lock_minutes(instance: Instance) -> int:
    return int(instance.settings.lock_for.total_seconds() // 60)


def _matches(hashed: str, word: str) -> bool:
    try:
        return _hasher.verify(hashed, word)
    except (VerificationError, InvalidHashError):
        return False
