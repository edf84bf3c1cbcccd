"""The second factor: codes of an authenticator app (TOTP, RFC 6238), and recovery codes for a lost phone (R32)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime

import pyotp
from cryptography.fernet import Fernet, MultiFernet

from actions import passwords
from actions.desk import Desk, NotNow, Refusal
from actions.instance import Instance
from registry.store import factors, people
from registry.store.engine import Connection
from registry.workflow.account_rules import is_admin
from registry.workflow.policy import Action

_SECONDS, _DRIFT = 30, 1  # of a step; steps a phone's clock may be off
_CODES, _GROUPS, _IN_A_GROUP = 10, 3, 4
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that print alike


@dataclass(frozen=True, slots=True)
class Standing:
    """How a person's second factor stands; ``secret`` only while it is being set up."""

    is_used: bool  # this instance asks for second factors at all
    is_on: bool
    is_required: bool
    secret: str
    codes_left: int


def standing(desk: Desk) -> Standing:
    """One's own factor as it stands; a secret begun earlier is shown again."""
    with desk.read() as connection:
        found = factors.find(connection, desk.actor.person_id)
        left = factors.codes_left(connection, desk.actor.person_id)
        required = is_required(desk, connection)
    begun = found is not None and found.confirmed is None
    return Standing(
        is_used=desk.instance.settings.second_factor,
        is_on=found is not None and not begun,
        is_required=required,
        secret=_opened(desk.instance, found.secret) if found and begun else "",
        codes_left=left,
    )


def is_required(desk: Desk, connection: Connection) -> bool:
    """True when the rules ask a second factor of the person."""
    if not desk.instance.settings.second_factor:
        return False
    return bool(desk.instance.account_rules(connection).factor_for_all) or is_admin(desk.actor)


def is_asked(instance: Instance, connection: Connection, person_id: int) -> bool:
    """True when a second factor is asked of the person at sign-in."""
    return instance.settings.second_factor and factors.is_on(connection, person_id)


def begin(desk: Desk) -> Standing:
    """Make a secret, unless one was begun or confirmed; nothing is asked until `confirm`."""
    found = standing(desk)
    if not found.is_used or found.is_on or found.secret:
        return found
    sealed = _vault(desk.instance).encrypt(pyotp.random_base32().encode()).decode()
    with desk.change("begin factor", f"person {desk.actor.person_id}") as change:
        factors.begin(change.connection, desk.actor.person_id, sealed, desk.moment)
    return standing(desk)


def confirm(desk: Desk, word: str, code: str) -> tuple[str, ...]:
    """Turn the factor on with a first code and the password; the recovery codes, shown once.

    Raises Refusal (password or code wrong), NotNow (nothing was begun).
    """
    found = standing(desk)
    if not found.secret or not found.is_used:
        raise NotNow("factor-not-begun")
    passwords.prove(desk.instance, desk.actor, word, desk.moment)
    with desk.change("confirm factor", f"person {desk.actor.person_id}") as change:
        if not _is_right_totp(desk.instance, change.connection, desk.actor.person_id, code, desk.moment):
            raise Refusal("factor-first-code")
        factors.confirm(change.connection, desk.actor.person_id, desk.moment)
        return _new_codes(desk, change.connection)


def renew_codes(desk: Desk, word: str) -> tuple[str, ...]:
    """Ten new recovery codes; the earlier ones are good no more. Raises Refusal, NotNow."""
    if not standing(desk).is_on:
        raise NotNow("factor-not-begun")
    passwords.prove(desk.instance, desk.actor, word, desk.moment)
    with desk.change("renew recovery codes", f"person {desk.actor.person_id}") as change:
        return _new_codes(desk, change.connection)


def drop(desk: Desk, word: str) -> None:
    """Turn one's own factor off, where it is not required and the password is strong enough alone."""
    found = standing(desk)
    if not found.is_on or found.is_required:
        raise NotNow("factor-required" if found.is_required else "factor-not-begun")
    passwords.prove(desk.instance, desk.actor, word, desk.moment)
    with desk.change("drop factor", f"person {desk.actor.person_id}") as change:
        rules = desk.instance.account_rules(change.connection)
        passwords.refuse_weak(rules, people.one(change.connection, desk.actor.person_id), word, has_factor=False)
        factors.drop(change.connection, desk.actor.person_id)


def drop_of(desk: Desk, login: str) -> None:
    """The office, or the operator, takes a lost phone from an account; its sessions end. Raises NotYours, Refusal."""
    desk.require(Action.RULE_ACCOUNTS)
    with desk.read() as connection:
        owner = people.find(connection, login.strip().casefold())
    if owner is None:
        raise Refusal("unknown-login", login=login)
    with desk.change("drop factor", f"person {owner.id}") as change:
        if not factors.drop(change.connection, owner.id):
            raise NotNow("factor-not-begun")
        people.end_other_sessions(change.connection, owner.id, "", desk.moment)


def is_right(instance: Instance, connection: Connection, person_id: int, code: str, moment: datetime) -> bool:
    """True of a code of the app or an unused recovery code, which is used up by it."""
    plain = "".join(letter for letter in code.casefold() if letter.isalnum())
    if plain.isascii() and plain.isdigit():
        return _is_right_totp(instance, connection, person_id, plain, moment)
    return factors.spend_code(connection, person_id, _hashes(instance, plain), moment)


def _is_right_totp(instance: Instance, connection: Connection, person_id: int, code: str, moment: datetime) -> bool:
    """RFC 6238, a step to either side; no step counts twice, nor one before the last."""
    found = factors.find(connection, person_id)
    if found is None:
        return False
    app = pyotp.TOTP(_opened(instance, found.secret), interval=_SECONDS)
    plain, now = "".join(code.split()).encode(), app.timecode(moment)
    steps = [
        step
        for step in range(now - _DRIFT, now + _DRIFT + 1)
        if hmac.compare_digest(app.generate_otp(step).encode(), plain)
    ]
    return bool(steps) and factors.spend_step(connection, person_id, steps[-1])


def _new_codes(desk: Desk, connection: Connection) -> tuple[str, ...]:
    codes = tuple(
        "-".join("".join(secrets.choice(_LETTERS) for _ in range(_IN_A_GROUP)) for _ in range(_GROUPS))
        for _ in range(_CODES)
    )
    newest = [_hashes(desk.instance, code.replace("-", ""))[0] for code in codes]
    factors.put_codes(connection, desk.actor.person_id, newest)
    return codes


def _hashes(instance: Instance, code: str) -> list[str]:
    """What is kept of a recovery code, under each key, newest first: without the keys the codes cannot be tried."""
    return [hmac.new(key, code.encode(), hashlib.sha256).hexdigest() for key in instance.factor_keys]


def _vault(instance: Instance) -> MultiFernet:
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in instance.factor_keys])


def _opened(instance: Instance, secret: str) -> str:
    return _vault(instance).decrypt(secret.encode()).decode()
