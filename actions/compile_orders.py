"""A compile somebody asked for on a page: made in the background, stopped on demand, told of when they come back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from actions import compiling, freezes, making
from actions.desk import Desk, Refusal
from actions.making import Course, Making
from compile.model import MapChoice
from registry.store import jobs
from registry.store.engine import Connection

COMPILE = "compile"  # kind of the job


@dataclass(frozen=True, slots=True)
class Choice:
    """What is compiled as of when, and how; empty texts choose nothing (``actions.compiling.compile_report``)."""

    regime: str
    period: str
    receiver: str
    as_of: datetime | None = None
    group_set: str = ""
    freeze: str = ""
    map_choice: MapChoice = MapChoice.NOW
    against: str = ""
    communes: str = ""

    @property
    def args(self) -> dict[str, Any]:
        """As a job keeps it."""
        return asdict(self) | {"as_of": self.as_of.isoformat() if self.as_of else None}

    @classmethod
    def of(cls, args: Mapping[str, Any]) -> Choice:
        """As it was kept."""
        given = {key: value for key, value in args.items() if key in cls.__dataclass_fields__}
        as_of = datetime.fromisoformat(given["as_of"]) if given["as_of"] else None
        return cls(**given | {"as_of": as_of, "map_choice": MapChoice(given["map_choice"])})


def prepare(desk: Desk, choice: Choice) -> bool:
    """Have it compiled, as of this moment unless told; False while another compile for the receiver is under way.

    Raises NotYours, and Refusal for what can be told at once.
    """
    with desk.read() as connection:
        opening, receiver_id = compiling.placed(desk, connection, choice.regime, choice.period, choice.receiver)
        compiling.moment_of(desk, connection, opening, choice.freeze, choice.as_of)
        compiling.group_set_of(desk.snapshot(connection), choice.group_set)
        if choice.against:
            freezes.named(connection, opening.id, choice.against)
        held = newest(connection, opening.id, receiver_id)
    if held is not None and held.is_coming:
        return False
    key, args = _key(opening.id, receiver_id), choice.args | {"asked_at": desk.moment.isoformat()}
    with desk.change("ask compile", f"{choice.regime} {choice.period}") as change:
        jobs.enqueue(change.connection, COMPILE, args, desk.moment, unique_key=key, by_id=desk.actor.person_id)
    desk.instance.wake.set()
    return True


def make_now(desk: Desk, args: Mapping[str, Any], course: Course) -> dict[str, Any]:
    """The body of the job: {"n", "is_new"} of the version, or {"why", "sentence"} there is none; it may run twice.

    The job is done with the transaction that keeps a new version: it is stopped before that, or not at all.
    """

    def keeping(connection: Connection, n: int) -> None:
        course.close(connection, {"n": n, "is_new": True})

    one = Choice.of(args)
    try:
        made = compiling.compile_report(
            desk,
            one.regime,
            one.period,
            one.receiver,
            one.as_of,
            one.group_set,
            freeze=one.freeze,
            map_choice=one.map_choice,
            against=one.against,
            communes=one.communes,
            asked_at=datetime.fromisoformat(args["asked_at"]),
            progress=course,
            keeping=keeping,
        )
    except Refusal as refusal:
        return {"why": refusal.code, "sentence": str(refusal)}
    return {"n": made.n, "is_new": made.is_new}


def newest(connection: Connection, opening_id: int, receiver_id: int) -> Making | None:
    """The last compile asked for of an opening for a receiver; None where nobody asked."""
    return making.newest(connection, _key(opening_id, receiver_id))


def stop(desk: Desk, regime: str, period: str, receiver: str) -> None:
    """Stop the one under way. Raises NotYours, NotNow."""
    with desk.read() as connection:
        opening, receiver_id = compiling.placed(desk, connection, regime, period, receiver)
    making.stop(desk, _key(opening.id, receiver_id), f"{regime} {period}")


def _key(opening_id: int, receiver_id: int) -> str:
    return f"{COMPILE} {opening_id} {receiver_id}"
