"""The unit's clerk puts together what its divisions gave (ghép phần việc, F16); a division's head stands behind it."""

from __future__ import annotations

import io
from collections.abc import Collection, Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from datetime import datetime

from actions import correct, parts, steps
from actions.cases import Part, Situation, situation
from actions.desk import Desk, NotEntitled, NotNow, NotYours, say
from actions.instance import local_day
from actions.pieces import READY, counting, entries_of, of_divisions
from actions.receive import judge_upload
from ingest import assembled
from ingest.assembled import Assembly, Entry, Piece
from ingest.model import Status
from registry.catalogue.model import Row, RowKind, UnitKind
from registry.catalogue.values import CellKey
from registry.catalogue.words import shown
from registry.store import collected, divisions, openings, people, submissions, uploads
from registry.store.definitions import Snapshot
from registry.store.divisions import Confirmed, Duty
from registry.store.engine import Connection
from registry.store.openings import Work
from registry.store.uploads import StoredVerdict, Upload
from registry.workflow.policy import Action
from registry.workflow.submission import step
from workbook_templates.filling import prefilled


@dataclass(frozen=True, slots=True)
class Given:
    """How far a division is with its part."""

    part: Part
    rows: tuple[Row, ...]
    newest: Upload | None  # what it sent last, fit or not
    status: str | None
    ready: Upload | None  # what counts of it when the parts are put together
    confirmed: Confirmed | None
    unchecked: Upload | None  # fit and newer than what counts, still to be checked by its head
    clerk: str  # named to fill it in, "" where nobody is
    checker: str

    @property
    def is_missing(self) -> bool:
        """True while nothing of it could be put together."""
        return self.ready is None


@dataclass(frozen=True, slots=True)
class Standing:
    """A unit's form as its divisions fill it."""

    situated: Situation
    given: tuple[Given, ...]
    own_rows: tuple[Row, ...]  # nobody's: the unit's clerk gives them
    own: Upload | None  # what the clerk sent last of the form
    own_status: str | None
    is_together: bool  # that is: made of parts put together
    newer: tuple[str, ...]  # divisions with something that is not in it
    collecting: frozenset[int]  # units with a sheet of places without accounts
    can_assemble: bool


def look(desk: Desk, assignment_id: int) -> Standing:
    """Who has given what of a form. Raises NotYours."""
    with desk.read() as connection:
        situated = _whole(desk, connection, Action.SEE_PARTS, assignment_id)
        work, snapshot = situated.work, desk.snapshot(connection)
        sent = divisions.answers(connection, assignment_id)
        rows = _open_rows(situated)
        held = parts.of_assignment(connection, snapshot, work, desk.day)
        duties = divisions.duties(connection, (work.unit_id, work.form))
        others = {one: answers for one, answers in sent.items() if all(one != part.division_id for part in held)}
        gone = _gone(desk, connection, work, held, of_divisions(connection, snapshot, situated, others, duties))
        named = people.by_ids(connection, {key for duty in duties.values() for key in astuple(duty) if key is not None})
        names = {one.id: one.name for one in named}
        given = tuple(
            _given(connection, part, rows, sent.get(part.division_id, []), duties.get(part.division_id, Duty()), names)
            for part in (*held, *gone)
        )
        mine = frozenset[str]().union(*(one.part.rows for one in given if one.ready or one.part in held))
        answers = [(number, status) for number, status in sent.get(work.unit_id, []) if status != Status.REFUSED]
        own = uploads.get(connection, answers[0][0]) if answers else None
        file = correct.origin(desk, connection, own).file if own else None
        inside = divisions.parts_of(connection, file.id) if file else frozenset()
        may = desk.scope(Action.ASSEMBLE).allows(work.unit_id, work.regime, work.form)
        return Standing(
            situated,
            given,
            tuple(row for row in rows if row.code not in mine),
            own,
            answers[0][1] if answers else None,
            file is not None and file.kind == uploads.ASSEMBLED,
            tuple(one.part.division.name for one in given if one.ready and one.ready.id not in inside),
            collected.collecting(connection, assignment_id),
            may and bool(given) and steps.is_possible(work, Action.UPLOAD, desk.moment),
        )


def _whole(desk: Desk, connection: Connection, action: Action, assignment_id: int) -> Situation:
    works = openings.work(connection, desk.require(action), assignment_id=assignment_id)
    if not works:
        raise NotYours
    return situation(connection, desk.snapshot(connection), works[0])


def _open_rows(situated: Situation) -> list[Row]:
    is_open = situated.view.row_set.open_rows
    return [row for row, _ in situated.view.rows if row.kind is RowKind.DATA and row.code in is_open]


def _given(
    connection: Connection,
    part: Part,
    rows: list[Row],
    sent: Sequence[tuple[int, str | None]],
    duty: Duty,
    names: Mapping[int, str],
) -> Given:
    ready, fit = counting(connection, sent, duty), counting(connection, sent, Duty())
    confirmed = divisions.confirmed(connection, [ready]) if ready else {}
    return Given(
        part,
        tuple(row for row in rows if row.code in part.rows),
        uploads.get(connection, sent[0][0]) if sent else None,
        sent[0][1] if sent else None,
        uploads.get(connection, ready) if ready else None,
        confirmed.get(ready) if ready else None,
        uploads.get(connection, fit) if fit and fit != ready else None,
        names.get(duty.clerk_id or 0, ""),
        names.get(duty.checker_id or 0, ""),
    )


def assemble(desk: Desk, assignment_id: int) -> tuple[int, StoredVerdict]:
    """Put together what the divisions gave last and the clerk's own figures, and judge the whole at once.

    Nothing new since gives the number of before. Raises NotYours, NotNow (closed, waiting or approved; nothing given).
    """
    with desk.read() as connection:
        situated = _whole(desk, connection, Action.ASSEMBLE, assignment_id)
        work = situated.work
        steps.needed(work, Action.UPLOAD, desk.moment)
        given, assembly = _assembly(desk, connection, situated)
    if not given:
        raise NotNow("nothing-to-assemble")
    stored = desk.instance.files.put(io.BytesIO(assembled.pack(assignment_id, assembly)))
    with desk.change(Action.ASSEMBLE, "upload") as change:
        same = uploads.same_file(change.connection, work.unit_id, stored.sha, uploads.ASSEMBLED, {})
        number = same or uploads.receive(
            change.connection,
            stored,
            uploads.ASSEMBLED,
            say("assembled", form=work.form),
            desk.actor.person_id,
            work.unit_id,
            desk.channel,
            desk.moment,
            assignment_id=assignment_id,
        )
        if same is None:
            divisions.put_together(change.connection, number, {one.upload for one in assembly.pieces if one.upload})
        change.on = f"upload {number}"
        change.detail |= {"sha256": stored.sha, "parts": given}
    return number, judge_upload(desk, number)


def assembly_of(desk: Desk, assignment_id: int) -> tuple[Situation, Assembly]:
    """What counts of each division of a form now, as it would be put together. Raises NotYours."""
    with desk.read() as connection:
        situated = _whole(desk, connection, Action.SEE_PARTS, assignment_id)
        return situated, _assembly(desk, connection, situated)[1]


def _assembly(desk: Desk, connection: Connection, situated: Situation) -> tuple[list[int], Assembly]:
    """The numbers of what divisions gave, and that with the unit's own figures."""
    work, snapshot = situated.work, desk.snapshot(connection)
    sent = divisions.answers(connection, work.assignment_id)
    duties = divisions.duties(connection, (work.unit_id, work.form))
    pieces = of_divisions(connection, snapshot, situated, sent, duties)
    held = parts.of_assignment(connection, snapshot, work, desk.day)
    gone = _gone(desk, connection, work, held, pieces)
    giving, open_rows = {one.unit_id for one in pieces}, {row.code for row in _open_rows(situated)}
    silent = (one for one in (*held, *gone) if one.rows & open_rows and one.division_id not in giving)
    theirs = frozenset[str]().union(*(one.rows for one in (*held, *gone) if one in held or one.division_id in giving))
    own = next((number for number, status in sent.get(work.unit_id, []) if status != Status.REFUSED), None)
    own_pieces = (one for one in _of_unit(desk, connection, situated, theirs, own) if one.entries)
    return [one.upload for one in pieces], Assembly((*pieces, *own_pieces), tuple(one.division.name for one in silent))


def _gone(
    desk: Desk, connection: Connection, work: Work, held: Sequence[Part], pieces: Sequence[Piece]
) -> tuple[Part, ...]:
    """Parts of divisions that have none today: those given before, and those never given of divisions that ended, or
    left the unit, since the form was opened.
    """
    snapshot, known = desk.snapshot(connection), {one.division_id for one in held}
    found = {one.unit_id: frozenset(key.row for key in one.entries) for one in pieces}
    charge = divisions.in_charge(connection, (work.unit_id, work.form), desk.day)
    ended = set(charge.values()) - known - found.keys()
    if ended:
        then = desk.snapshot(connection, local_day(work.opened_at))
        ended &= parts.divisions_of(then, then.units_by_id[work.unit_id]).keys()
    found |= {one: frozenset(row for row, whose in charge.items() if whose == one) for one in sorted(ended)}
    return tuple(Part(one, snapshot.units_by_id[one], rows) for one, rows in found.items() if one not in known)


def _of_unit(
    desk: Desk, connection: Connection, situated: Situation, theirs: frozenset[str], number: int | None
) -> list[Piece]:
    """The clerk's own figures, those of before under who gave them; in the rows of divisions only what somebody typed
    there.
    """
    work, known = situated.work, _prefilled(situated)
    if number is None:
        own = {key: entry for key, entry in known.items() if key.row not in theirs}
        return [Piece(work.unit_id, situated.unit.name, 0, own)]
    upload, verdict = uploads.get(connection, number), uploads.newest_verdict(connection, number)
    assert upload is not None
    assert verdict is not None
    snapshot, entries = desk.snapshot(connection), entries_of(connection, situated, verdict)
    origin = correct.origin(desk, connection, upload)
    before: list[Piece] = []
    if origin.file.kind == uploads.ASSEMBLED:
        corrected = {cell.key for made in origin.corrections for cell in made.cells}
        before = [_without(one, corrected) for one in _kept(desk, snapshot, origin.file)]
        entries = {key: entry for key, entry in entries.items() if key in corrected}
    pieces = [*before, Piece(upload.sent_for, snapshot.units_by_id[upload.sent_for].name, number, entries)]
    return [
        replace(
            piece,
            entries={
                key: one
                for key, one in piece.entries.items()
                if key.row not in theirs or not _same(one, known.get(key))
            },
        )
        for piece in pieces
    ]


def _same(one: Entry, other: Entry | None) -> bool:
    return other is not None and one.meaning == other.meaning


def _without(piece: Piece, keys: Collection[CellKey]) -> Piece:
    return replace(piece, entries={key: entry for key, entry in piece.entries.items() if key not in keys})


def _kept(desk: Desk, snapshot: Snapshot, upload: Upload) -> list[Piece]:
    """What clerks of the unit, or of one it took over, gave when parts were put together before."""
    pieces = assembled.unpack(desk.instance.files.read(upload.sha)).pieces if upload.is_kept else ()
    return [one for one in pieces if snapshot.units_by_id[one.unit_id].kind is not UnitKind.DIVISION]


def _prefilled(situated: Situation) -> dict[CellKey, Entry]:
    view = situated.view
    known = prefilled(situated.context)
    return {key: Entry.of(shown(view, view.cells[key], value), value) for key, value in known.items()}


def confirm(desk: Desk, number: int) -> None:
    """The head of the division stands behind its part.

    Raises NotYours, NotNow (not a part, not fit, or done), NotEntitled (who had a hand in it is no check of it).
    """
    with desk.change(Action.CONFIRM_PART, f"upload {number}") as change:
        upload = uploads.get(change.connection, number)
        if upload is None or upload.kind not in uploads.ANSWERS:
            raise NotYours
        desk.require(Action.CONFIRM_PART, *upload.place)
        verdict = uploads.newest_verdict(change.connection, number)
        if not _is_part(desk, change.connection, upload) or verdict is None or verdict.status not in READY:
            raise NotNow("not-a-part")
        if divisions.confirmed(change.connection, [number]):
            raise NotNow("part-confirmed")
        if desk.actor.person_id in submissions.senders(change.connection, [number]):
            raise NotEntitled("part-own-entry")
        divisions.confirm(change.connection, number, desk.actor.person_id, desk.moment)


def _is_part(desk: Desk, connection: Connection, upload: Upload) -> bool:
    if upload.assignment_id is None:
        return False
    return parts.answering(desk, connection, Action.CONFIRM_PART, upload.assignment_id, upload.unit_id).part is not None


@dataclass(frozen=True, slots=True)
class Errand:
    """A part in somebody's list of work."""

    work: Work
    part: Part
    newest: Upload | None
    status: str | None
    confirmed_at: datetime | None
    clerk: str  # named to fill it in, "" where nobody is
    is_to_be_checked: bool  # by its head, before it counts

    @property
    def is_shown(self) -> bool:
        """True while something can be given, and for what was given."""
        return self.newest is not None or self.is_takable

    @property
    def is_takable(self) -> bool:
        """True unless the unit's figures are before its leader, or approved."""
        return step(self.work.state, Action.UPLOAD) is not None


def errands(desk: Desk, connection: Connection, division_ids: frozenset[int]) -> list[Errand]:
    """The parts divisions are asked for in periods that are open, newest first; as many queries for one as for many."""
    asked = [
        (work, part)
        for work, part in parts.of_divisions(connection, desk.snapshot(connection), division_ids, desk.day)
        if work.is_open_at(desk.moment)
    ]
    if not asked:
        return []
    answers = divisions.answers_to(connection, {work.assignment_id for work, _ in asked})
    sent = [answers.get(work.assignment_id, {}).get(part.division_id, []) for work, part in asked]
    numbers = [mine[0][0] for mine in sent if mine]
    newest, confirmed = uploads.several(connection, numbers), divisions.confirmed(connection, numbers)
    named = divisions.duties_of(connection, {(work.unit_id, work.form) for work, _ in asked})
    duties = [named.get((work.unit_id, work.form), {}).get(part.division_id, Duty()) for work, part in asked]
    clerks = {one.id: one.name for one in people.by_ids(connection, {one.clerk_id for one in duties if one.clerk_id})}
    found = []
    for (work, part), mine, duty in zip(asked, sent, duties, strict=True):
        number, status = mine[0] if mine else (None, None)
        by = confirmed.get(number) if number else None
        found.append(
            Errand(
                work,
                part,
                newest[number] if number else None,
                status,
                by.at if by else None,
                clerks.get(duty.clerk_id or 0, ""),
                duty.checker_id is not None and status in READY and by is None,
            )
        )
    return sorted(found, key=lambda one: (one.work.due_at, one.work.form), reverse=True)
