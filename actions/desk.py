"""The desk an action is done at: who, when, and the one transaction with its audit entry."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from actions.instance import Instance, local_day
from registry.store import audit, audit_places
from registry.store.audit import Note
from registry.store.definitions import Snapshot
from registry.store.engine import Connection
from registry.workflow.policy import Action, Actor, Scope, StandIn, scope
from vietnamese.copydeck import deck

say = deck(Path(__file__).parent / "copy.toml")


class Refusal(Exception):
    """The action was not done; ``str()`` is the Vietnamese sentence saying why and what to do."""

    status = 400

    def __init__(self, code: str, **values: object) -> None:
        self.code = code
        super().__init__(say(f"refusal.{code}", **values))


class NotYours(Refusal):
    """It does not exist, or is not yours: one answer for both."""

    status = 404

    def __init__(self) -> None:
        super().__init__("not-found")


class NotEntitled(Refusal):
    """An attempt at what the actor may not do where they may do other things; noted in the audit log."""

    status = 403


class Changed(Refusal):
    """Somebody else was quicker; nothing was done."""

    status = 409

    def __init__(self) -> None:
        super().__init__("changed")


class NotNow(Refusal):
    """The state does not allow it."""

    status = 409


@dataclass
class Change:
    """An open transaction and what the audit log will say of it; ``unit_id`` where ``on`` does not tell whose it is."""

    connection: Connection
    action: str
    on: str
    detail: dict[str, Any] = field(default_factory=dict)
    unit_id: int | None = None
    number: int = 0  # of its entry in the audit log, once done


@dataclass(frozen=True)
class Desk:
    """One actor at one moment."""

    instance: Instance
    actor: Actor
    moment: datetime
    channel: str = "web"  # web | cli | job
    stands_in: StandIn | None = None  # for a unit, on one of its forms

    @property
    def behalf_id(self) -> int | None:
        """The document by which what is done here is done on behalf of a unit."""
        return self.stands_in.behalf if self.stands_in else None

    @property
    def day(self) -> date:
        """The moment's day in Viet Nam."""
        return local_day(self.moment)

    def scope(self, action: Action) -> Scope:
        """Where the actor may do this."""
        own = scope(self.actor, action)
        if self.stands_in is None or action not in self.stands_in.actions:
            return own
        return Scope.of((*own.places, self.stands_in.place))

    def require(
        self, action: Action, unit_id: int | None = None, regime: str | None = None, form: str | None = None
    ) -> Scope:
        """The scope, if it is not empty and allows the unit; raises NotYours."""
        allowed = self.scope(action)
        if allowed.is_empty or (unit_id is not None and not allowed.allows(unit_id, regime, form)):
            raise NotYours
        return allowed

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A consistent look at the store."""
        with self.instance.store.read() as connection:
            yield connection

    @contextmanager
    def change(self, action: str, on: str) -> Iterator[Change]:
        """The one transaction of an action; its audit entry is written last."""
        with self.instance.store.write() as connection:
            change = Change(connection, action, on)
            if self.stands_in is not None:
                change.detail["behalf"] = self.stands_in.said
            yield change
            whose = change.unit_id or audit_places.unit_of(connection, change.on)
            change.number = audit.append_all(connection, [self.note(change.action, change.on, change.detail, whose)])

    def note(self, action: str, on: str, detail: Mapping[str, object], unit_id: int | None) -> Note:
        """An entry of the audit log by this actor, about a unit's object, else about the actor's own unit."""
        actor = self.actor
        whose = unit_id or actor.home or None
        return Note(self.moment, actor.signature, action, on, detail, actor.person_id, whose)

    def snapshot(self, connection: Connection, day: date | None = None) -> Snapshot:
        """The catalogue in force on a day, today unless told."""
        return self.instance.snapshot(connection, day or self.day)
