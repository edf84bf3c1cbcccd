"""The PDF of a unit's report as it stands now, made in the background; other figures or text ask for another."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, BinaryIO

from actions import downloads, making
from actions.desk import Desk, NotNow, NotYours
from actions.making import Making
from actions.own_reports import DOCX, Basis, basis, drawn
from ingest.office import NotConverted
from registry.store import jobs
from registry.store.engine import Connection

PRINT_DRAFT = "print-draft"  # kind of the job
_BEGUN = 10  # percent told while LibreOffice is at work


def prepare(desk: Desk, opening_id: int, unit_id: int) -> None:
    """Have the PDF made. Raises NotYours, NotNow (no LibreOffice here)."""
    if not desk.instance.office.is_there:
        raise NotNow("no-printer")
    with desk.read() as connection:
        found = basis(desk, connection, opening_id, unit_id)
    args, by = {"opening": opening_id, "unit": unit_id}, desk.actor.person_id
    with desk.change("print report", found.on) as change:
        jobs.enqueue(change.connection, PRINT_DRAFT, args, desk.moment, unique_key=_key(found), by_id=by)
    desk.instance.wake.set()


def make_now(desk: Desk, opening_id: int, unit_id: int, progress: Callable[[int], None]) -> dict[str, Any]:
    """The body of the job: the PDF goes to the shelf, or {"why"} LibreOffice gave none; it may run twice."""
    with desk.read() as connection:
        found = basis(desk, connection, opening_id, unit_id)
        made = drawn(desk, connection, found)
    progress(_BEGUN)
    try:
        printed = desk.instance.office.pdf(made.data, lambda: progress(_BEGUN))
    except NotConverted as failed:
        return {"why": failed.why}
    desk.instance.shelf.put(_key(found), printed)
    return {"size": len(printed)}


def stop(desk: Desk, opening_id: int, unit_id: int) -> None:
    """Stop the PDF being made. Raises NotYours, NotNow."""
    with desk.read() as connection:
        found = basis(desk, connection, opening_id, unit_id)
    making.stop(desk, _key(found), found.on)


def newest(connection: Connection, found: Basis) -> Making | None:
    """How far the PDF of what stands now is."""
    return making.newest(connection, _key(found))


def fetch(desk: Desk, opening_id: int, unit_id: int) -> tuple[str, BinaryIO]:
    """Name and bytes of the PDF of what stands now. Raises NotYours, also when it was not made."""
    with desk.read() as connection:
        found = basis(desk, connection, opening_id, unit_id)
        made = drawn(desk, connection, found)
    try:
        stream = desk.instance.shelf.open(_key(found))
    except FileNotFoundError:
        raise NotYours from None
    downloads.record(desk, found.on, found.inputs_sha)
    return f"{made.name.removesuffix(DOCX)}pdf", stream


def _key(found: Basis) -> str:
    return f"{PRINT_DRAFT} {found.key}"
