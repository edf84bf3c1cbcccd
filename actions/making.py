"""What is made in the background for somebody who waits: how far it is, whether it came to something, stopping it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from actions.desk import Desk, NotNow
from actions.instance import Instance, now
from registry.store import jobs
from registry.store.engine import Connection
from registry.store.jobs import Job


class NotWanted(Exception):
    """The job was cancelled, or another worker has taken it: nothing of it is recorded."""


@dataclass(frozen=True, slots=True)
class Course:
    """A job on its way: whoever does it tells it how many percent are done."""

    instance: Instance
    job: Job

    def __call__(self, percent: int) -> None:
        """Say so to who waits. Raises NotWanted."""
        with self.instance.store.write() as connection:
            is_wanted = jobs.report_progress(connection, self.job, now(), percent)
        if not is_wanted:
            raise NotWanted

    def close(self, connection: Connection, result: Any) -> None:
        """Done, with the transaction in which what it made is kept: from then on it cannot be stopped.

        Raises NotWanted.
        """
        if not jobs.finish(connection, self.job, result):
            raise NotWanted


@dataclass(frozen=True, slots=True)
class Making:
    """The newest attempt; ``why`` it gave nothing is a code of the copy deck's ``[making.why]``."""

    state: str  # waiting | running | done | failed | cancelled
    progress: int = 0  # percent
    why: str = ""
    result: Any = None

    @property
    def is_coming(self) -> bool:
        """True while somebody waits for it."""
        return self.state in ("waiting", "running")

    @property
    def is_ready(self) -> bool:
        """True when it came to something."""
        return self.state == "done" and not self.why


def newest(connection: Connection, key: str) -> Making | None:
    """The newest attempt under a job's unique key."""
    found = jobs.newest(connection, key)
    if found is None:
        return None
    if found.state == "failed":
        return Making(found.state, why="failed")
    result = found.result if found.state == "done" else None
    return Making(found.state, found.progress, (result or {}).get("why", ""), result)


def stop(desk: Desk, key: str, on: str) -> None:
    """Stop what is being made under a key. Raises NotNow when nothing is."""
    with desk.change("stop making", on) as change:
        if not jobs.cancel(change.connection, key):
            raise NotNow("nothing-to-stop")
