"""Uploads by number, and the verdicts on them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, case, desc, func, insert, select, update

from registry.catalogue.values import CellKey
from registry.findings import Finding
from registry.store import cells
from registry.store.codec import pack, unpack
from registry.store.engine import asked_once, inserted
from registry.store.files import Stored
from registry.store.tables import assignment, file, opening, person, upload, verdict
from registry.store.within import within
from registry.workflow.policy import Scope

WORKBOOK, BROWSER, CORRECTION, NARRATIVE = "workbook", "browser", "correction", "narrative"
ASSEMBLED = "assembled"  # what the divisions of a unit gave, put together
LETTER = "letter"  # the document behind a request
ENCLOSURE = "enclosure"  # laid beside what somebody wrote of trouble
CONVERSION = "conversion"  # in a verdict's identity: SHA-256 of the workbook read in place of the file sent
ANSWERING_UNIT = case(  # of an upload outer-joined with what it answers; a part stays with the division that gave it
    (upload.c.is_part.is_(True), upload.c.unit_id), else_=func.coalesce(assignment.c.unit_id, upload.c.unit_id)
)
LONGEST_NAME = 300  # letters of a file's name
ANSWERS = (WORKBOOK, BROWSER, CORRECTION, ASSEMBLED)  # kinds that hold a form's figures


@dataclass(frozen=True, slots=True)
class Upload:
    """A file somebody sent; ``id`` is the number to quote."""

    id: int
    sha: str
    kind: str  # one of those named above
    name: str
    by_id: int
    by_name: str
    unit_id: int  # that answers: the one it was sent for, or the heir that took its form over; of a part its division
    channel: str
    at: datetime
    assignment_id: int | None
    wanted: dict[str, str]
    state: str  # received | judged
    is_kept: bool  # False when its content was destroyed
    base_id: int | None  # of a correction: the upload whose cells it corrects
    is_part: bool = False  # of a division: its rows only, never the whole form
    behalf_id: int | None = None  # the document it was entered by on the unit's behalf
    regime: str | None = None  # of the assignment it answers, once that is known
    form: str | None = None
    sent_for: int = 0  # the unit it was sent for, whoever has taken its form over since

    @property
    def place(self) -> tuple[int, str | None, str | None]:
        """What a scope is asked about it: unit, regime, form."""
        return self.unit_id, self.regime, self.form


@dataclass(frozen=True, slots=True)
class Judged:
    """An upload and the status of its last judgement, None before the first."""

    upload: Upload
    status: str | None


@dataclass(frozen=True, slots=True)
class StoredVerdict:
    """What was found in an upload."""

    id: int
    upload_id: int
    status: str
    identity: dict[str, Any]
    values: cells.Cells
    addresses: dict[CellKey, cells.Address]
    findings: tuple[Finding, ...]
    definition_sha: str
    background_sha: str
    at: datetime

    @property
    def can_be_submitted(self) -> bool:
        """True for accepted files, with or without warnings."""
        return self.status in ("accepted", "accepted_with_warnings")

    @property
    def conversion(self) -> str | None:
        """SHA-256 of the workbook that was read in place of the file sent, if one was."""
        return self.identity.get(CONVERSION)


@dataclass(frozen=True, slots=True)
class NewVerdict:
    """A verdict to store; the blobs are `pack`ed by the caller's room."""

    status: str
    identity: dict[str, Any]
    extraction: bytes
    values: cells.Cells
    addresses: dict[CellKey, cells.Address]
    findings: tuple[Finding, ...]
    definition_sha: str
    background_sha: str
    reader: str


def put_file(connection: Connection, stored: Stored, at: datetime) -> None:
    """Record a stored file once."""
    if connection.execute(select(file.c.sha).where(file.c.sha == stored.sha)).first() is None:
        connection.execute(insert(file).values(sha=stored.sha, size=stored.size, at=at, state="kept"))


def all_files(connection: Connection) -> list[str]:
    """The SHA-256 of every file on record that was not destroyed."""
    return list(connection.execute(select(file.c.sha).where(file.c.state == "kept").order_by(file.c.at)).scalars())


def receive(
    connection: Connection,
    stored: Stored,
    kind: str,
    name: str,
    by_id: int,
    unit_id: int,
    channel: str,
    at: datetime,
    wanted: dict[str, str] | None = None,
    assignment_id: int | None = None,
    base_id: int | None = None,
    *,
    is_part: bool = False,
    behalf_id: int | None = None,
) -> int:
    """Give the upload its number; ``is_part`` where a division answers its rows only."""
    put_file(connection, stored, at)
    row = insert(upload).values(
        file_sha=stored.sha,
        kind=kind,
        name=name[:LONGEST_NAME],
        by_id=by_id,
        unit_id=unit_id,
        channel=channel,
        at=at,
        wanted=wanted or {},
        assignment_id=assignment_id,
        base_id=base_id,
        is_part=is_part,
        behalf_id=behalf_id,
        state="received",
    )
    return inserted(connection, row)


def same_file(
    connection: Connection, unit_id: int, sha: str, kind: str, wanted: dict[str, str], behalf_id: int | None = None
) -> int | None:
    """The number under which the unit, or others for it, sent these very bytes for the same purpose before."""
    query = select(upload.c.id, upload.c.wanted).where(
        upload.c.unit_id == unit_id,
        upload.c.file_sha == sha,
        upload.c.kind == kind,
        upload.c.behalf_id.is_not_distinct_from(behalf_id),
    )
    return next((row.id for row in connection.execute(query) if (row.wanted or {}) == wanted), None)


def get(connection: Connection, upload_id: int) -> Upload | None:
    """An upload by its number."""
    row = connection.execute(_uploads().where(upload.c.id == upload_id)).first()
    return _upload(row) if row else None


def several(connection: Connection, upload_ids: Iterable[int]) -> dict[int, Upload]:
    """Uploads by their numbers: one query."""
    rows = connection.execute(_uploads().where(upload.c.id.in_(list(upload_ids))))
    return {row.id: _upload(row) for row in rows}


def of_unit(connection: Connection, unit_id: int) -> list[Upload]:
    """Every answer and narrative of a unit whose content is kept, the oldest first."""
    query = _uploads().where(
        upload.c.kind.in_((*ANSWERS, NARRATIVE)), ANSWERING_UNIT.in_([unit_id]), file.c.state == "kept"
    )
    return [_upload(row) for row in connection.execute(query.order_by(upload.c.id))]


def lately(connection: Connection, scope: Scope) -> list[Judged]:
    """The same as `recent`, asked once in a look: a page counts and lists them."""
    found: list[Judged] = asked_once(connection, ("recent uploads", scope), lambda: recent(connection, scope))
    return found


def recent(
    connection: Connection,
    scope: Scope,
    limit: int = 60,
    *,
    assignment_id: int | None = None,
    answerer_id: int | None = None,
) -> list[Judged]:
    """The newest answers of a scope's units, each with the status of its last judgement: one query."""
    if scope.is_empty:
        return []
    judged = verdict.alias()
    last = select(func.max(judged.c.id)).where(judged.c.upload_id == upload.c.id).correlate(upload).scalar_subquery()
    query = (
        _uploads()
        .add_columns(verdict.c.status)
        .outerjoin(verdict, verdict.c.id == last)
        .where(upload.c.kind.in_(ANSWERS), within(scope, ANSWERING_UNIT, opening.c.regime, assignment.c.form))
        .order_by(desc(upload.c.id))
        .limit(limit)
    )
    if assignment_id is not None:
        query = query.where(upload.c.assignment_id == assignment_id)
    if answerer_id is not None:
        query = query.where(ANSWERING_UNIT.in_([answerer_id]))
    return [Judged(_upload(row), row.status) for row in connection.execute(query)]


def _uploads() -> Select[Any]:
    return (
        select(
            upload,
            person.c.name.label("by_name"),
            file.c.state.label("file_state"),
            opening.c.regime,
            assignment.c.form,
            ANSWERING_UNIT.label("answering_id"),
        )
        .join(person, person.c.id == upload.c.by_id)
        .join(file, file.c.sha == upload.c.file_sha)
        .outerjoin(assignment, assignment.c.id == upload.c.assignment_id)
        .outerjoin(opening, opening.c.id == assignment.c.opening_id)
    )


def _upload(row: Any) -> Upload:
    return Upload(
        row.id,
        row.file_sha,
        row.kind,
        row.name,
        row.by_id,
        row.by_name,
        row.answering_id,
        row.channel,
        row.at,
        row.assignment_id,
        row.wanted or {},
        row.state,
        row.file_state == "kept",
        row.base_id,
        bool(row.is_part),
        row.behalf_id,
        row.regime,
        row.form,
        row.unit_id,
    )


def put_verdict(
    connection: Connection,
    upload_id: int,
    made: NewVerdict,
    assignment_id: int | None,
    at: datetime,
    *,
    is_part: bool = False,
) -> int:
    """Store a verdict as the upload's newest, and what it answers; the same judgement made again is the same row."""
    last = connection.execute(_newest(upload_id)).first()
    judged = {"state": "judged", "assignment_id": assignment_id, "is_part": is_part}
    connection.execute(update(upload).where(upload.c.id == upload_id).values(**judged))
    keys = ("definition_sha", "background_sha", "reader", "status")
    findings = pack(made.findings)
    if last is not None and last.findings == findings and all(getattr(last, k) == getattr(made, k) for k in keys):
        return int(last.id)
    row = insert(verdict).values(
        upload_id=upload_id,
        definition_sha=made.definition_sha,
        background_sha=made.background_sha,
        reader=made.reader,
        status=made.status,
        identity=made.identity,
        extraction=made.extraction,
        cells=cells.pack(made.values, made.addresses),
        findings=findings,
        at=at,
    )
    return inserted(connection, row)


def confirm(connection: Connection, upload_id: int, assignment_id: int) -> None:
    """The sender says which assignment a file without a code answers."""
    connection.execute(update(upload).where(upload.c.id == upload_id).values(assignment_id=assignment_id))


def newest_verdict(connection: Connection, upload_id: int) -> StoredVerdict | None:
    """The last judgement of an upload."""
    return next((_verdict(row) for row in connection.execute(_newest(upload_id))), None)


def statuses(connection: Connection, upload_ids: Iterable[int]) -> dict[int, str]:
    """The status of the last judgement of each upload that was judged, in one query."""
    judged = verdict.alias()
    last = select(func.max(judged.c.id)).where(judged.c.upload_id.in_(list(upload_ids))).group_by(judged.c.upload_id)
    query = select(verdict.c.upload_id, verdict.c.status).where(verdict.c.id.in_(last))
    return {row.upload_id: row.status for row in connection.execute(query)}


def first_answer(connection: Connection, upload_id: int) -> datetime | None:
    """When an upload was first judged as an answer to its assignment."""
    query = select(func.min(verdict.c.at)).where(verdict.c.upload_id == upload_id, verdict.c.definition_sha != "")
    return connection.execute(query).scalar()


def _newest(upload_id: int) -> Select[Any]:
    return select(verdict).where(verdict.c.upload_id == upload_id).order_by(desc(verdict.c.id)).limit(1)


def conversions(connection: Connection, sha: str) -> list[str]:
    """SHA-256 of the workbooks a file was converted to."""
    query = select(verdict.c.identity).join(upload, upload.c.id == verdict.c.upload_id).where(upload.c.file_sha == sha)
    found = (identity.get(CONVERSION) for identity in connection.execute(query).scalars())
    return sorted({one for one in found if one})


def get_verdict(connection: Connection, verdict_id: int) -> StoredVerdict:
    """A judgement by its key; raises LookupError."""
    return _verdict(connection.execute(select(verdict).where(verdict.c.id == verdict_id)).one())


def findings_of(connection: Connection, verdict_ids: Iterable[int]) -> dict[int, tuple[Finding, ...]]:
    """What judgements found, by their keys: one query."""
    query = select(verdict.c.id, verdict.c.findings).where(verdict.c.id.in_(list(verdict_ids)))
    return {row.id: tuple(unpack(list[Finding], row.findings)) for row in connection.execute(query)}


def extraction(connection: Connection, verdict_id: int) -> bytes:
    """What was read of the file when it was judged, packed as its room packs it; raises LookupError."""
    return bytes(connection.execute(select(verdict.c.extraction).where(verdict.c.id == verdict_id)).scalar_one())


def _verdict(row: Any) -> StoredVerdict:
    values, addresses = cells.unpack(row.cells)
    return StoredVerdict(
        row.id,
        row.upload_id,
        row.status,
        row.identity,
        values,
        addresses,
        tuple(unpack(list[Finding], row.findings)),
        row.definition_sha,
        row.background_sha,
        row.at,
    )
