"""What counts of each division's part, cell by cell; where the unit's own file says otherwise (F16)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from actions import parts
from actions.cases import Situation
from ingest import assembled, parcel, seen
from ingest.assembled import Entry, Piece
from ingest.model import Extraction, Status, Verdict
from registry.catalogue.values import CellKey
from registry.findings import Finding
from registry.store import divisions, uploads
from registry.store.definitions import Snapshot
from registry.store.divisions import Duty
from registry.store.engine import Connection
from registry.store.uploads import StoredVerdict

READY = (Status.ACCEPTED, Status.ACCEPTED_WITH_WARNINGS)


def counting(connection: Connection, sent: Sequence[tuple[int, str | None]], duty: Duty) -> int | None:
    """The number of what counts of a division: the newest that is fit, and checked where somebody is named to."""
    fit = [number for number, status in sent if status in READY]
    if duty.checker_id is not None and fit:
        checked = divisions.confirmed(connection, fit)
        fit = [number for number in fit if number in checked]
    return fit[0] if fit else None


def of_divisions(
    connection: Connection,
    snapshot: Snapshot,
    situated: Situation,
    sent: Mapping[int, Sequence[tuple[int, str | None]]],
    duties: Mapping[int, Duty],
) -> list[Piece]:
    """What counts of each division that gave, of those too that are the unit's no more."""
    numbers = {
        division_id: counting(connection, answers, duties.get(division_id, Duty()))
        for division_id, answers in sorted(sent.items())
        if division_id != situated.work.unit_id
    }
    return [
        _of_division(connection, snapshot, situated, division_id, number)
        for division_id, number in numbers.items()
        if number is not None
    ]


def _of_division(
    connection: Connection, snapshot: Snapshot, situated: Situation, division_id: int, number: int
) -> Piece:
    """What a division's file holds in the rows that were its own when it was first judged."""
    verdict, at = uploads.newest_verdict(connection, number), uploads.first_answer(connection, number)
    assert verdict is not None
    assert at is not None
    mine = parts.given_rows(connection, situated.work, division_id, at)
    given = entries_of(connection, situated, verdict)
    name = snapshot.units_by_id[division_id].name
    return Piece(division_id, name, number, {key: entry for key, entry in given.items() if key.row in mine})


def entries_of(connection: Connection, situated: Situation, verdict: StoredVerdict) -> dict[CellKey, Entry]:
    """What stands in a judged file's cells."""
    return _entries(situated, parcel.unpack(uploads.extraction(connection, verdict.id)), verdict)


def _entries(situated: Situation, read: Extraction, verdict: Verdict | StoredVerdict) -> dict[CellKey, Entry]:
    texts = seen.standing(situated.view, read, verdict.values, verdict.addresses)
    return {key: Entry.of(text, verdict.values.get(key)) for key, text in texts.items() if text.strip()}


def otherwise(
    connection: Connection, snapshot: Snapshot, situated: Situation, read: Extraction, verdict: Verdict
) -> tuple[Finding, ...]:
    """Where the unit's own file, being judged, says other than what counts of its divisions."""
    given = _given(connection, snapshot, situated)
    return _otherwise(situated, _entries(situated, read, verdict), given, verdict) if given else ()


def is_told(connection: Connection, snapshot: Snapshot, situated: Situation, verdict: StoredVerdict) -> bool:
    """True while a verdict says of every cell given otherwise by a division; parts may have come since."""
    given = _given(connection, snapshot, situated)
    now = _otherwise(situated, entries_of(connection, situated, verdict), given, verdict) if given else ()
    return set(now) == {one for one in verdict.findings if one.code == assembled.OTHERWISE}


def _given(connection: Connection, snapshot: Snapshot, situated: Situation) -> list[Piece]:
    work = situated.work
    sent = divisions.answers(connection, work.assignment_id)
    if situated.part is not None or not sent.keys() - {work.unit_id}:
        return []
    duties = divisions.duties(connection, (work.unit_id, work.form))
    return of_divisions(connection, snapshot, situated, sent, duties)


def _otherwise(
    situated: Situation, said: Mapping[CellKey, Entry], given: list[Piece], verdict: Verdict | StoredVerdict
) -> tuple[Finding, ...]:
    own = Piece(situated.work.unit_id, situated.unit.name, 0, said)
    return tuple(assembled.otherwise(situated.view, own, given, verdict.addresses))
