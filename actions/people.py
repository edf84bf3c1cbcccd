"""Signing in and out, one's own sessions, and the passwords the operator gives (R05, R32)."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from actions import factors, passwords
from actions.desk import Desk, NotYours, Refusal
from actions.instance import Instance, local_day
from registry.store import audit, people
from registry.store.engine import Connection
from registry.store.people import OpenSession, Person, SessionRow
from registry.workflow.account_rules import AccountRules, is_admin
from registry.workflow.policy import Actor

_HALF_LIFE = timedelta(minutes=5)  # between the password and the second factor
_NOBODY = 0  # the key of no account
_ADDRESS_FACTOR = 20  # an office may share one address


class SignInRefused(Refusal):
    """Wrong login, password or code, or locked: one sentence for an unknown and a known account."""

    status = 401


class HalfOver(Refusal):
    """The second factor came too late, or without a password before it."""

    status = 401

    def __init__(self) -> None:
        super().__init__("half-over")


class Duty(StrEnum):
    """What a person has to do before anything else."""

    PASSWORD = "password"  # noqa: S105 (a word, not a password)
    FACTOR = "factor"


@dataclass(frozen=True, slots=True)
class Before:
    """The sign-in before this one, and wrong passwords given since."""

    at: datetime
    ip: str
    failures: int


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A new session; ``cookie`` is shown to the browser once and only its hash is kept."""

    cookie: str
    person_id: int
    is_half: bool = False  # `second_step` makes it whole
    before: Before | None = None


@dataclass(frozen=True, slots=True)
class Presence:
    """A person at work, what he owes first, and how long the session lives unused."""

    actor: Actor
    duty: Duty | None
    idle: timedelta
    warn: timedelta
    unread: int  # notices he has not put away
    announced: int  # announcements likewise


def sign_in(
    instance: Instance, login: str, word: str, ip: str, moment: datetime, agent: str = "", brought: str = ""
) -> SignedIn:
    """Check a password and start a session, half of one where a second factor is asked.

    It takes the place of the session of the cookie ``brought``, which ends.
    Raises SignInRefused; failures lock the login for a while.
    """
    login = _typed(login)
    with instance.store.read() as connection:
        rules = instance.account_rules(connection)
        is_locked = _is_locked(connection, rules, login, ip, moment)
        person = people.find(connection, login)
        key = person.id if person else _NOBODY  # asked of nobody too: it takes its time
        kept = people.password_hash(connection, key)
        has_factor = factors.is_asked(instance, connection, key)
    if is_locked:
        raise _locked(instance, rules, login, person, ip, moment)
    good = passwords.matches(kept or passwords.nobodys(), word) and person is not None and person.state == "active"
    if not good or person is None:
        with instance.store.write() as connection:
            people.record_attempt(connection, f"login {login}", moment, ok=False)
            people.record_attempt(connection, f"ip {ip}", moment, ok=False)
            _note_attempt(connection, moment, login, REFUSED, person, ip)
        raise SignInRefused("sign-in")
    if brought:
        with instance.store.write() as connection:
            people.end_session(connection, hash_of(brought), moment)
    weak = not rules.fits(word, has_factor=has_factor)
    if not has_factor:
        return _begin(instance, person, ip, moment, agent, weak=weak)
    cookie = secrets.token_urlsafe(32)
    with instance.store.write() as connection:
        people.start_session(connection, hash_of(cookie), person.id, ip, moment, half=True, weak=weak)
    return SignedIn(cookie, person.id, is_half=True)


def _typed(login: str) -> str:
    """A login as it was typed, short enough to be kept; what is no letter or sign shows as such and names nobody."""
    shown = (letter if letter.isprintable() else "\ufffd" for letter in login.strip().casefold())
    return "".join(shown)[:_MOST_OF_A_LOGIN]


def second_step(instance: Instance, cookie: str, code: str, ip: str, moment: datetime, agent: str = "") -> SignedIn:
    """Make half a sign-in whole with a code of the app or a recovery code.

    Raises HalfOver, SignInRefused; wrong codes lock the login as wrong passwords do.
    """
    with instance.store.read() as connection:
        half = half_of(connection, cookie, moment)
        person = people.one(connection, half.person_id)
        rules = instance.account_rules(connection)
        is_locked = _is_locked(connection, rules, person.login, ip, moment)
    if is_locked:
        raise _locked(instance, rules, person.login, person, ip, moment)
    with instance.store.write() as connection:
        good = factors.is_right(instance, connection, person.id, code, moment) and person.state == "active"
        people.record_attempt(connection, f"factor {person.login}", moment, ok=good)
        if good:
            people.end_session(connection, hash_of(cookie), moment)
        else:
            people.record_attempt(connection, f"ip {ip}", moment, ok=False)
            _note_attempt(connection, moment, person.login, CODE_REFUSED, person, ip)
    if not good:
        raise SignInRefused("factor-wrong")
    return _begin(instance, person, ip, moment, agent, weak=half.is_weak)


def half_of(connection: Connection, cookie: str, moment: datetime) -> SessionRow:
    """The half session of a cookie; raises HalfOver."""
    row = people.session_of(connection, hash_of(cookie), _HALF_LIFE, moment)
    if row is None or not row.is_half:
        raise HalfOver
    return row


def _is_locked(connection: Connection, rules: AccountRules, login: str, ip: str, moment: datetime) -> bool:
    since, most = moment - rules.locked, rules.lock_after
    failed = max(people.failures(connection, f"{kind} {login}", since) for kind in ("login", "factor"))
    return failed >= most or people.failures(connection, f"ip {ip}", since) >= most * _ADDRESS_FACTOR


def _locked(
    instance: Instance, rules: AccountRules, login: str, person: Person | None, ip: str, moment: datetime
) -> SignInRefused:
    with instance.store.write() as connection:
        _note_attempt(connection, moment, login, LOCKED, person, ip)
    return SignInRefused("locked", minutes=rules.lock_minutes)


def _begin(instance: Instance, person: Person, ip: str, moment: datetime, agent: str, *, weak: bool) -> SignedIn:
    cookie, key = secrets.token_urlsafe(32), f"login {person.login}"
    with instance.store.write() as connection:
        last = people.last_sign_in(connection, person.id)
        failed = people.failures(connection, key, moment - timedelta(days=1))
        people.record_attempt(connection, key, moment, ok=True)
        people.start_session(connection, hash_of(cookie), person.id, ip, moment, agent=agent, weak=weak)
        _note_attempt(connection, moment, person.login, SIGNED_IN, person, ip)
    return SignedIn(cookie, person.id, before=Before(*last, failed) if last else None)


SIGNED_IN, REFUSED, LOCKED, CODE_REFUSED = "sign-in", "sign-in refused", "sign-in locked", "code refused"
_MOST_OF_A_LOGIN = 80  # characters: it is whatever somebody typed


def _note_attempt(
    connection: Connection, moment: datetime, login: str, action: str, person: Person | None, ip: str
) -> None:
    """An entry for the unit whose account it is to see; ``person`` is None where there is no such account."""
    person_id = person.id if person else None
    unit_id = people.home(connection, person_id or _NOBODY, local_day(moment))  # of nobody too, as above
    audit.append(connection, moment, login, action, "session", {"ip": ip}, person_id=person_id, unit_id=unit_id)


def sign_out(instance: Instance, cookie: str, actor: Actor, moment: datetime) -> None:
    """End the session."""
    with instance.store.write() as connection:
        people.end_session(connection, hash_of(cookie), moment)
        passwords.note(connection, moment, actor, "sign-out", "session")


def who(instance: Instance, cookie: str, moment: datetime, *, is_use: bool = True) -> Presence | None:
    """Who a living session belongs to; its last use is noted at most once a minute, unless a page asks by itself."""
    with instance.store.read() as connection:
        rules = instance.account_rules(connection)
        session = people.session_of(connection, hash_of(cookie), rules.idle(is_admin=False), moment)
        if session is None or session.is_half or session.created < moment - rules.whole_session:
            return None
        actor = people.actor(connection, session.person_id, local_day(moment), acting_unit=session.acting_unit)
        if actor is None:
            return None
        idle = rules.idle(is_admin=is_admin(actor))
        if session.seen < moment - idle:
            return None
        duty = _duty(Desk(instance, actor, moment), connection, rules, session)
    if is_use and session.seen < moment - timedelta(minutes=1):
        with instance.store.write() as connection:
            people.touch_session(connection, hash_of(cookie), moment)
    return Presence(actor, duty, idle, timedelta(minutes=rules.warn_minutes), session.unread, session.announced)


def _duty(desk: Desk, connection: Connection, rules: AccountRules, session: SessionRow) -> Duty | None:
    age = people.password_age(connection, desk.actor.person_id)
    days = rules.admin_password_days
    too_old = days and is_admin(desk.actor) and age and age[0] < desk.moment - timedelta(days=days)
    if session.is_weak or too_old or (age and age[1]):
        return Duty.PASSWORD
    if factors.is_required(desk, connection) and not factors.is_asked(desk.instance, connection, desk.actor.person_id):
        return Duty.FACTOR
    return None


def own_sessions(desk: Desk, cookie: str) -> list[tuple[OpenSession, bool]]:
    """One's open sessions, newest first, each with whether it is the one of the cookie."""
    with desk.read() as connection:
        rules = desk.instance.account_rules(connection)
        used = desk.moment - rules.idle(is_admin=is_admin(desk.actor))
        found = people.open_sessions(connection, desk.actor.person_id, desk.moment - rules.whole_session, used)
    here = people.mark_of(hash_of(cookie))
    return [(one, one.mark == here) for one in found]


def end_own_session(desk: Desk, mark: str) -> None:
    """Sign out of one place; raises NotYours."""
    with desk.change("end session", f"person {desk.actor.person_id}") as change:
        if not people.end_marked_session(change.connection, desk.actor.person_id, mark, desk.moment):
            raise NotYours


def end_other_sessions(desk: Desk, cookie: str) -> None:
    """Sign out of every place but this."""
    with desk.change("end other sessions", f"person {desk.actor.person_id}") as change:
        people.end_other_sessions(change.connection, desk.actor.person_id, hash_of(cookie), desk.moment)


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

    Raises Refusal (old one wrong, new one weak or a former one), PasswordLocked (old one wrong too often).
    """
    passwords.prove(instance, actor, old, moment)
    with instance.store.write() as connection:
        rules, owner = instance.account_rules(connection), people.one(connection, actor.person_id)
        has_factor = factors.is_asked(instance, connection, owner.id)
        passwords.replace(connection, rules, owner, new, moment, has_factor=has_factor)
        people.end_other_sessions(connection, owner.id, hash_of(keep), moment)
        people.is_strong_now(connection, hash_of(keep))
        passwords.note(connection, moment, actor, "password")


def set_password(instance: Instance, login: str, word: str, moment: datetime) -> None:
    """The operator gives an account a password, which its owner replaces after signing in; its sessions end.

    An account that lay unused is enabled by it. Raises Refusal (unknown login, weak password).
    """
    with instance.store.write() as connection:
        owner = people.find(connection, login.strip().casefold())
        if owner is None or owner.state not in ("active", "idle"):
            raise Refusal("unknown-login", login=login)
        passwords.refuse_weak(instance.account_rules(connection), owner, word, has_factor=False)
        people.put_password(connection, owner.id, passwords.hashed(word), moment, given=True)
        people.enable(connection, owner.id, moment)
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
