"""What is looked at every few minutes: held files too old, reminders and letters due, plans coming into force."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from actions import cubes, digest, reminders
from actions.desk import Desk
from actions.instance import Instance
from registry.store import figures, jobs

TELL = "tell"
EVERY = timedelta(minutes=5)
_KEPT = timedelta(days=1)  # jobs done


def queue_next(instance: Instance, operator_id: int, moment: datetime) -> None:
    """Have it looked at again; whoever asks before then is answered by the same job."""
    since = moment - datetime.min.replace(tzinfo=moment.tzinfo)
    then = moment + EVERY - since % EVERY
    with instance.store.write() as connection:
        jobs.forget(connection, TELL, moment - _KEPT)
        jobs.enqueue(connection, TELL, {}, then, unique_key=f"{TELL} {then.isoformat()}", by_id=operator_id)


def run(desk: Desk) -> dict[str, Any]:
    """Drop files held too long; plans of today, then remind, then write letters, those about the reminders too."""
    desk.instance.held.sweep(desk.moment)
    with desk.instance.store.write() as connection:
        begun = figures.come_into_force(connection, desk.moment)
        if begun:
            cubes.follow(desk, connection)
    told = {"plans": begun} | {"units": reminders.remind(desk), "feedback": reminders.remind_of_feedback(desk)}
    return told | {"letters": digest.send(desk)}
