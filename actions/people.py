"""Signing in and out, and the accounts a catalogue names (R05, R32)."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from actions import passwords
from actions.desk import NotYours, Refusal
from actions.instance import Instance, local_day
from registry.store import audit, people
from registry.store.engine import Connection
from registry.store.people import Person
from registry.workflow.policy import Actor


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
    with instance.store.read() as connection:
        rules = instance.account_rules(connection)
        failed = people.failures(connection, key, moment - rules.locked)
        from_here = people.failures(connection, f"ip {ip}", moment - rules.locked)
        person = people.find(connection, login)
        hashed = people.password_hash(connection, person.id) if person else None
    if failed >= rules.lock_after or from_here >= rules.lock_after * 20:
        with instance.store.write() as connection:
            _note_attempt(connection, moment, login, LOCKED, person, ip)
        raise SignInRefused("locked", minutes=rules.lock_minutes)
    good = passwords.matches(hashed or passwords.nobodys(), word) and person is not None and person.state == "active"
    cookie = secrets.token_urlsafe(32)
    with instance.store.write() as connection:
        people.record_attempt(connection, key, moment, ok=good)
        if good and person is not None:
            people.start_session(connection, hash_of(cookie), person.id, ip, moment)
        else:
            people.record_attempt(connection, f"ip {ip}", moment, ok=False)
        _note_attempt(connection, moment, login, SIGNED_IN if good else REFUSED, person, ip)
    if not good or person is None:
        raise SignInRefused("sign-in")
    return SignedIn(cookie, person.id)


SIGNED_IN, REFUSED, LOCKED = "sign-in", "sign-in refused", "sign-in locked"
_MOST_OF_A_LOGIN = 80  # characters: it is whatever somebody typed


def _note_attempt(
    connection: Connection, moment: datetime, login: str, action: str, person: Person | None, ip: str
) -> None:
    """An entry for the unit whose account it is to see; ``person`` is None where there is no such account."""
    person_id = person.id if person else None
    unit_id = people.home(connection, person_id or 0, local_day(moment))  # asked of nobody too: it takes its time
    who = login[:_MOST_OF_A_LOGIN]
    audit.append(connection, moment, who, action, "session", {"ip": ip}, person_id=person_id, unit_id=unit_id)


def sign_out(instance: Instance, cookie: str, actor: Actor, moment: datetime) -> None:
    """End the session."""
    with instance.store.write() as connection:
        people.end_session(connection, hash_of(cookie), moment)
        _note(connection, moment, actor, "sign-out", "session")


def who(instance: Instance, cookie: str, moment: datetime) -> Actor | None:
    """The actor of a session that is alive; its last use is noted at most once a minute."""
    with instance.store.read() as connection:
        rules = instance.account_rules(connection)
        session = people.session_of(connection, hash_of(cookie), rules.idle(is_admin=False), moment)
        if session is None or session.created < moment - rules.whole_session:
            return None
        actor = people.actor(connection, session.person_id, local_day(moment), acting_unit=session.acting_unit)
    if actor is not None and session.seen < moment - timedelta(minutes=1):
        with instance.store.write() as connection:
            people.touch_session(connection, hash_of(cookie), moment)
    return actor


def act_in(instance: Instance, cookie: str, actor: Actor, unit_id: int | None, moment: datetime) -> None:
    """Choose the unit whose work one looks at, of those one works in; None: all. Raises NotYours."""
    if unit_id is not None and all(grant.unit_id != unit_id for grant in actor.grants):
        raise NotYours
    with instance.store.write() as connection:
        people.act_in(connection, hash_of(cookie), unit_id)
        audit.append(
            connection,
            moment,
            actor.signature,
            "act in unit",
            f"unit {unit_id or 'all'}",
            {},
            person_id=actor.person_id,
            unit_id=unit_id or actor.home,
        )


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
    with instance.store.read() as connection:
        rules = instance.account_rules(connection)
        failed = people.failures(connection, key, moment - rules.locked)
        kept = people.password_hash(connection, actor.person_id)
    if failed >= rules.lock_after:
        raise PasswordLocked(rules.lock_minutes)
    if kept is None or not passwords.matches(kept, old):
        with instance.store.write() as connection:
            people.record_attempt(connection, key, moment, ok=False)
            _note(connection, moment, actor, "password refused")
        raise Refusal("old-password-wrong")
    with instance.store.write() as connection:
        owner = people.one(connection, actor.person_id)
        passwords.replace(connection, rules, owner, new, moment, has_factor=False)
        people.record_attempt(connection, key, moment, ok=True)
        people.end_other_sessions(connection, actor.person_id, hash_of(keep), moment)
        _note(connection, moment, actor, "password")


def set_password(instance: Instance, login: str, word: str, moment: datetime) -> None:
    """The operator gives an account a password, which its owner replaces after signing in; its sessions end.

    Raises Refusal (unknown login, weak password).
    """
    with instance.store.write() as connection:
        owner = people.find(connection, login.strip().casefold())
        if owner is None or owner.state != "active":
            raise Refusal("unknown-login", login=login)
        passwords.refuse_weak(instance.account_rules(connection), owner, word, has_factor=False)
        people.put_password(connection, owner.id, passwords.hashed(word), moment, given=True)
        people.end_other_sessions(connection, owner.id, "", moment)
        home = people.home(connection, owner.id, local_day(moment))
        audit.append(connection, moment, people.OPERATOR, "password", f"person {owner.id}", {}, unit_id=home)


def give_password(instance: Instance, accounts: list[Person], word: str, moment: datetime) -> None:
    """One password for several accounts: the demo's, never a real instance's."""
    with instance.store.write() as connection:
        people.put_passwords(connection, [one.id for one in accounts], passwords.hashed(word), moment)
        audit.append(connection, moment, "demo", "password", "demo accounts", {"accounts": len(accounts)})


def hash_of(cookie: str) -> str:
    """What the store keeps of a session's cookie."""
    return hashlib.sha256(cookie.encode()).hexdigest()


def _note(connection: Connection, moment: datetime, actor: Actor, action: str, on: str = "") -> None:
    on = on or f"person {actor.person_id}"
    audit.append(connection, moment, actor.signature, action, on, {}, person_id=actor.person_id, unit_id=actor.home)
