"""The rules of accounts (TCVN 11930 level 3, FACTS 9): one table of defaults; the office may change each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import timedelta
from typing import Any

from registry.catalogue.model import Role
from registry.workflow.policy import Actor

# Who look after accounts, data, secrets or the system's security.
ADMINS = frozenset({Role.OFFICE, Role.UNIT_ADMIN, Role.SECURITY, Role.WATCH})
_CLASSES = (str.islower, str.isupper, str.isdigit, lambda letter: not letter.isalnum())


def is_admin(actor: Actor) -> bool:
    """True when the person holds a role the rules count among the administrators."""
    return any(actor.has(role) for role in ADMINS)


class OutOfBounds(ValueError):
    """A rule was given a value it cannot have."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.least, self.most = BOUNDS[name]
        super().__init__(name)


@dataclass(frozen=True, slots=True)
class AccountRules:
    """What passwords, second factors, sessions and accounts must be; whole numbers, 0 where a rule is off."""

    length_with_factor: int = 8
    classes_with_factor: int = 1  # of four: small letters, capitals, digits, signs
    length_alone: int = 14
    classes_alone: int = 4
    history: int = 10  # passwords that may not come back
    admin_password_days: int = 60
    lock_after: int = 5  # failures
    lock_minutes: int = 15
    idle_minutes: int = 15
    idle_minutes_admin: int = 5
    warn_minutes: int = 2  # before the idle end
    session_hours: int = 12
    idle_days: int = 45  # then the account is disabled
    link_hours: int = 72
    factor_for_all: int = 0  # 1: everybody needs a second factor, not only admins

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> AccountRules:
        """From whole numbers by name; a name not given keeps its default. Raises OutOfBounds."""
        rules = replace(cls(), **{one.name: int(stored[one.name]) for one in fields(cls) if one.name in stored})
        for name, (least, most) in BOUNDS.items():
            if not least <= getattr(rules, name) <= most:
                raise OutOfBounds(name)
        if rules.warn_minutes >= min(rules.idle_minutes, rules.idle_minutes_admin):
            raise OutOfBounds("warn_minutes")
        return rules

    def shape(self, *, has_factor: bool) -> tuple[int, int]:
        """The least length of a password and how many classes of letters it needs."""
        if has_factor:
            return self.length_with_factor, self.classes_with_factor
        return self.length_alone, self.classes_alone

    def fits(self, word: str, *, has_factor: bool) -> bool:
        """True when a password is long enough and has enough classes."""
        length, classes = self.shape(has_factor=has_factor)
        return len(word) >= length and sum(any(map(is_one, word)) for is_one in _CLASSES) >= classes

    def idle(self, *, is_admin: bool) -> timedelta:
        """How long a session may lie unused."""
        return timedelta(minutes=self.idle_minutes_admin if is_admin else self.idle_minutes)

    @property
    def locked(self) -> timedelta:
        """How long failures count."""
        return timedelta(minutes=self.lock_minutes)

    @property
    def whole_session(self) -> timedelta:
        """How long a session may last, however much it is used."""
        return timedelta(hours=self.session_hours)

    @property
    def link_life(self) -> timedelta:
        """How long a one-time link is good."""
        return timedelta(hours=self.link_hours)

    @property
    def trial(self) -> AccountRules:
        """As a demo keeps them: its accounts are shared, their password is on the front page and stays."""
        return replace(self, admin_password_days=0, idle_days=0, idle_minutes_admin=self.idle_minutes)


BOUNDS: dict[str, tuple[int, int]] = {
    "length_with_factor": (8, 64),
    "classes_with_factor": (1, 4),
    "length_alone": (8, 64),
    "classes_alone": (1, 4),
    "history": (0, 50),
    "admin_password_days": (0, 365),
    "lock_after": (3, 20),
    "lock_minutes": (5, 1440),
    "idle_minutes": (3, 240),
    "idle_minutes_admin": (3, 60),
    "warn_minutes": (1, 10),
    "session_hours": (1, 24),
    "idle_days": (0, 365),
    "link_hours": (1, 336),
    "factor_for_all": (0, 1),
}
