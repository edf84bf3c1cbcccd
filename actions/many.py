"""Many files at once: a zip taken apart, what became of each file, and all that is fit put before the leader."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from actions import steps
from actions.desk import Desk, Refusal
from actions.receive import receive
from actions.submit import submit
from ingest.bundle import MOST_WORKBOOKS, bundle_of
from ingest.container import Refused
from ingest.guard import named
from ingest.model import Status
from registry.findings import message
from registry.store import openings, submissions, uploads
from registry.store.engine import Connection
from registry.store.openings import Work
from registry.store.uploads import Upload
from registry.workflow.policy import Action


@dataclass(frozen=True, slots=True)
class Taken:
    """A file that was kept under its number, or why it was not."""

    name: str
    number: int | None = None
    refused: str = ""
    same: Upload | None = None  # these very bytes came before, under this number


def take(desk: Desk, stream: BinaryIO, name: str, unit_id: int, *, alone: bool = False) -> list[Taken]:
    """Keep a workbook, or each workbook of a zip; a zip that is not safe to open is refused whole.

    Raises NotYours; Refusal where a workbook that came ``alone`` is refused.
    """
    desk.require(Action.UPLOAD, unit_id)
    data = stream.read(desk.instance.settings.upload_limit + 1)
    try:
        bundle = bundle_of(data)
        if bundle is None or not bundle.workbooks:
            if alone:
                return [_received(desk, data, name, unit_id)]
            return [_one(desk, data, name, unit_id)]
        if len(bundle.workbooks) > MOST_WORKBOOKS:
            return [Taken(name, refused=str(Refusal("too-many-in-zip", most=MOST_WORKBOOKS)))]
        taken = [_one(desk, inner, own, unit_id) for own, inner in bundle.files()]
    except Refused as refused:
        return [Taken(name, refused=message(named(refused.finding, name)))]
    return [*taken, *(Taken(one, refused=str(Refusal("not-out-of-zip"))) for one in bundle.others)]


def _one(desk: Desk, data: bytes, name: str, unit_id: int) -> Taken:
    try:
        return _received(desk, data, name, unit_id)
    except Refusal as refusal:
        return Taken(name, refused=str(refusal))


def _received(desk: Desk, data: bytes, name: str, unit_id: int) -> Taken:
    number = receive(desk, io.BytesIO(data), name, unit_id)
    with desk.read() as connection:
        found = uploads.get(connection, number)
    came_before = found is not None and (found.at < desk.moment or found.name != name[: uploads.LONGEST_NAME])
    return Taken(name, number, same=found if came_before else None)


@dataclass(frozen=True)
class Line:
    """One file, how it was judged, and the form it answers; ``step`` is what its clerk does next with it."""

    upload: Upload
    status: str | None
    work: Work | None
    step: str  # wait | fix | explain | ready | done | see


def look(desk: Desk, connection: Connection, numbers: Iterable[int]) -> list[Line]:
    """What became of files, in the order of their numbers; of those that are not the actor's nothing."""
    allowed, found = desk.scope(Action.SEE_UPLOAD), uploads.several(connection, numbers)
    mine = [one for _, one in sorted(found.items()) if one.kind in uploads.ANSWERS and allowed.allows(*one.place)]
    return _lines(desk, connection, mine)


def _lines(desk: Desk, connection: Connection, files: Sequence[Upload]) -> list[Line]:
    """The same of as many files as there are, in three queries."""
    numbers = [one.id for one in files]
    statuses, resting = uploads.statuses(connection, numbers), submissions.resting(connection, numbers)
    answered = {one.assignment_id for one in files if one.assignment_id is not None}
    found = openings.work(connection, desk.scope(Action.SEE_UPLOAD), assignment_ids=answered) if answered else []
    works = {one.assignment_id: one for one in found}
    lines = []
    for one in files:
        status, work = statuses.get(one.id) if one.is_kept else None, works.get(one.assignment_id or 0)
        lines.append(Line(one, status, work, _step(desk, one, status, work, rests=one.id in resting)))
    return lines


def _step(desk: Desk, upload: Upload, status: str | None, work: Work | None, *, rests: bool) -> str:
    if status is None:
        return "wait" if upload.is_kept else "see"
    if status not in (Status.ACCEPTED, Status.ACCEPTED_WITH_WARNINGS):
        return "fix"
    if rests:
        return "done"
    if work is None or upload.is_part or not steps.may(desk, work, Action.SUBMIT):
        return "see"
    return "ready" if status == Status.ACCEPTED else "explain"


def unsent(desk: Desk, connection: Connection) -> list[int]:
    """The numbers of the newest file of each form of the actor's that is fit and was not put before the leader."""
    scope = desk.scope(Action.SUBMIT)
    newest: dict[int, Upload] = {}
    for one in uploads.lately(connection, scope):
        number = one.upload.assignment_id
        if number is not None and not one.upload.is_part:
            newest.setdefault(number, one.upload)
    works = openings.all_work(connection, scope) if newest else []
    possible = {one.assignment_id for one in works if steps.may(desk, one, Action.SUBMIT)}
    lines = _lines(desk, connection, [one for key, one in sorted(newest.items()) if key in possible])
    return [one.upload.id for one in lines if one.step in ("ready", "explain")]


def submit_all(desk: Desk, numbers: Iterable[int]) -> dict[int, str | None]:
    """Put before the leader each file that has nothing to be explained; why not, for those it was refused.

    Of two files of one form the later one.
    """
    with desk.read() as connection:
        ready = [one for one in look(desk, connection, numbers) if one.step == "ready"]
    last = {one.upload.assignment_id: one.upload.id for one in ready}
    told: dict[int, str | None] = {}
    for number in last.values():
        try:
            submit(desk, number)
            told[number] = None
        except Refusal as refusal:
            told[number] = str(refusal)
    return told
