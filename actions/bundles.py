"""Everything of a period in one zip, made in the background and kept until it is made anew."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any, BinaryIO

from actions import making
from actions.desk import Desk, NotNow
from actions.distribute import asked, workbooks
from actions.made import Made
from actions.making import Making
from actions.outlines import outlines
from registry.store import jobs
from registry.store.codec import sha
from registry.store.engine import Connection
from registry.workflow.policy import Action
from workbook_templates.package import Archive

BUNDLE = "templates"  # kind of the job


def write(desk: Desk, made: Iterable[Made], out: BinaryIO) -> Iterator[Made]:
    """Writes files into one zip, a folder for each unit, and passes them on; complete when exhausted."""
    archive = Archive(out, desk.day)
    for one in made:
        archive.add(one.path, one.data)
        yield one
    archive.close()


@dataclass(frozen=True, slots=True)
class Bundle:
    """All workbooks and outlines of a period in one zip, to be fetched."""

    count: int
    size: int  # bytes
    made_at: datetime

    @property
    def megabytes(self) -> float:
        """Its size, at least the 0.1 that is printed."""
        return max(self.size / 1e6, 0.1)


def prepare(desk: Desk, regime: str, period: str) -> None:
    """Have the zip of all the actor may hand out made in the background; until then an earlier one stays.

    Raises NotYours.
    """
    key = _key(desk, regime, period)
    args = {"regime": regime, "period": period}
    with desk.change(Action.DOWNLOAD_TEMPLATE, f"{regime} {period}") as change:
        jobs.enqueue(change.connection, BUNDLE, args, desk.moment, unique_key=key, by_id=desk.actor.person_id)
    desk.instance.wake.set()


def make_now(desk: Desk, regime: str, period: str, progress: Callable[[int], None]) -> dict[str, Any]:
    """The body of the job: the zip goes to the shelf; it may run twice."""
    key, handout = _key(desk, regime, period), workbooks(desk, regime, period)
    done = said = 0
    with desk.instance.shelf.writing(key) as out:
        for _ in write(desk, chain(handout.made, outlines(desk, regime, period)), out):
            done += 1
            percent = done * 100 // handout.count  # outlines come last and fast
            if said < percent < 100:
                progress(percent)
                said = percent
        size = out.tell()
    return {"count": handout.count, "size": size, "at": desk.moment.isoformat()}


def newest(desk: Desk, regime: str, period: str) -> tuple[Making | None, Bundle | None]:
    """How far the zip is that the actor last asked for, of all that may be handed out now, and the last one made.

    Raises NotYours.
    """
    key = _key(desk, regime, period)
    with desk.read() as connection:
        return making.newest(connection, key), _ready(connection, key)


def _ready(connection: Connection, key: str) -> Bundle | None:
    """The zip that stands there, whatever became of a later attempt."""
    job = jobs.newest(connection, key, "done")
    return Bundle(job.result["count"], job.result["size"], datetime.fromisoformat(job.result["at"])) if job else None


def stop(desk: Desk, regime: str, period: str) -> None:
    """Stop the zip being made. Raises NotYours, NotNow."""
    making.stop(desk, _key(desk, regime, period), f"{regime} {period}")


def fetch(desk: Desk, regime: str, period: str) -> BinaryIO:
    """The zip itself, to be sent piece by piece; raises NotYours, or NotNow while none is ready."""
    key = _key(desk, regime, period)
    with desk.read() as connection:
        found = _ready(connection, key)
    if found is None:
        raise NotNow("no-bundle")
    try:
        file = desk.instance.shelf.open(key)
    except FileNotFoundError:
        raise NotNow("no-bundle") from None
    with desk.change(Action.DOWNLOAD_TEMPLATE, f"{regime} {period}") as change:
        change.detail["workbooks"] = found.count
    return file


def _key(desk: Desk, regime: str, period: str) -> str:
    """Names the person and everything the person may hand out of the period: with other grants, another zip."""
    _, works = asked(desk, regime, period)
    handed_out = sha(sorted(work.assignment_id for work in works))
    return f"{BUNDLE} {regime} {period} {desk.actor.person_id} {handed_out[:16]}"
