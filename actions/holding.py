"""What a person sends when his session is over is held until he signs in again, and then sent on by him."""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import datetime
from typing import BinaryIO

from actions import many, people
from actions.desk import Desk, NotYours, say
from actions.instance import Instance, local_day
from actions.many import Taken
from registry.store import people as accounts
from registry.store.held import KEPT, Held
from registry.workflow.policy import Action


def hold(desk: Desk, files: Iterable[tuple[str, BinaryIO]], unit_id: int) -> int:
    """Keep named files for whoever sits at the desk; how many were. None of what is too large.

    Raises NotYours, DiskFull.
    """
    desk.require(Action.UPLOAD, unit_id)
    desk.instance.files.assert_room()
    limit, count = desk.instance.settings.upload_limit, 0
    for name, stream in files:
        data = stream.read(limit + 1)
        if len(data) <= limit:
            count += desk.instance.held.put(desk.actor.person_id, data, name, unit_id, desk.moment)
    return count


def held(desk: Desk) -> list[Held]:
    """One's own held files, oldest first."""
    return desk.instance.held.of(desk.actor.person_id, desk.moment)


def send(desk: Desk) -> list[Taken]:
    """Send on all that is held, each for the unit it was meant for.

    What is not taken stays held, as where one may not send for that unit any more.
    """
    taken: list[Taken] = []
    for one in held(desk):
        try:
            data = one.read()
        except FileNotFoundError:  # sent on or dropped in the same moment
            continue
        try:
            mine = many.take(desk, io.BytesIO(data), one.name, one.unit_id)
        except NotYours:
            taken.append(Taken(one.name, refused=say("held.not-yours")))
            continue
        if any(done.number is not None for done in mine):
            one.drop()
        taken += mine
    return taken


def drop(desk: Desk) -> None:
    """Hold none of them any more."""
    for one in held(desk):
        one.drop()


def desk_of_lapsed(instance: Instance, cookie: str, moment: datetime) -> Desk | None:
    """The desk of whom a session belonged to that was not ended but lay unused, for no longer than a day."""
    with instance.store.read() as connection:
        session = accounts.session_of(connection, people.hash_of(cookie), KEPT, moment)
        if session is None or session.is_half:
            return None
        actor = accounts.actor(connection, session.person_id, local_day(moment))
    return Desk(instance, actor, moment) if actor else None
