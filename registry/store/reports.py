"""A unit's report for a period: the narrative slot, sending, reception; the province's report is one too."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, ScalarSelect, Select, and_, desc, func, insert, select, update

from registry.store.engine import inserted
from registry.store.files import Stored
from registry.store.submissions import sent_back
from registry.store.tables import (
    assignment,
    delegation,
    file,
    opening,
    period,
    person,
    reception,
    reception_event,
    report,
    report_event,
    report_file,
    report_input,
    report_version,
    submission_version,
    unicode_copy,
    upload,
)
from registry.store.uploads import put_file
from registry.store.within import within
from registry.workflow.policy import Scope
from registry.workflow.report import ReceptionState, ReportState, ReportStep

OWN = "own"  # what a unit sends up
COMPILED = "compiled"  # what a receiving unit makes of others' reports


@dataclass(frozen=True, slots=True)
class Report:
    """A report and how far it is."""

    id: int
    opening_id: int
    regime: str
    period: str
    unit_id: int
    state: ReportState
    version: int
    lock: int
    narrative_upload_id: int | None
    narrative_name: str | None
    narrative_sha: str | None
    unicode_sha: str | None = None  # of the narrative's Unicode copy, where it was typed in old fonts
    lender: str | None = None  # in whose name, by delegation, it was sent last

    @property
    def readable_sha(self) -> str | None:
        """Of the narrative as it is read and compiled."""
        return self.unicode_sha or self.narrative_sha


@dataclass(frozen=True, slots=True)
class CompiledFile:
    """One file of a compiled report."""

    kind: str
    name: str
    sha: str


@dataclass(frozen=True, slots=True)
class Compiled:
    """One compiled version of the province's report."""

    id: int
    n: int
    as_of: datetime
    by_name: str
    coverage: Any
    files: tuple[CompiledFile, ...]
    inputs_sha: str = ""
    made_from: Any = None  # what was chosen, and the hashes of what went in; None before these were kept


@dataclass(frozen=True, slots=True)
class Reception:
    """How one receiver took a sent report."""

    id: int
    report_id: int
    unit_id: int
    receiver_id: int
    state: ReceptionState
    reason: str | None
    at: datetime
    by_name: str | None
    resend_by: datetime | None  # sent back: when it is wanted again


@dataclass(frozen=True, slots=True)
class Decision:
    """What a receiver decided on a version of a report."""

    n: int
    receiver_id: int
    state: ReceptionState
    by_name: str
    reason: str | None
    at: datetime
    resend_by: datetime | None


def find(connection: Connection, scope: Scope, opening_id: int, unit_id: int) -> Report | None:
    """The report of a unit in an opening, within a scope."""
    found = listing(connection, scope, opening_id=opening_id, unit_id=unit_id)
    return found[0] if found else None


def listing(
    connection: Connection, scope: Scope, *, opening_id: int | None = None, unit_id: int | None = None
) -> list[Report]:
    """Reports within a scope, newest period first."""
    if scope.is_empty:
        return []
    query = (
        select(
            report,
            opening.c.regime,
            period.c.code,
            upload.c.name.label("narrative_name"),
            upload.c.file_sha.label("narrative_sha"),
            unicode_copy.c.file_sha.label("unicode_sha"),
            _lender().label("lender"),
        )
        .join(opening, opening.c.id == report.c.opening_id)
        .join(period, period.c.id == opening.c.period_id)
        .outerjoin(upload, upload.c.id == report.c.narrative_upload_id)
        .outerjoin(unicode_copy, unicode_copy.c.upload_id == upload.c.id)
        .where(report.c.kind == OWN, within(scope, report.c.unit_id, opening.c.regime))
        .order_by(desc(period.c.ends), opening.c.regime, report.c.unit_id)
    )
    for condition in (
        report.c.opening_id == opening_id if opening_id is not None else None,
        report.c.unit_id == unit_id if unit_id is not None else None,
    ):
        if condition is not None:
            query = query.where(condition)
    return [
        Report(
            row.id,
            row.opening_id,
            row.regime,
            row.code,
            row.unit_id,
            ReportState(row.state),
            row.version,
            row.lock,
            row.narrative_upload_id,
            row.narrative_name,
            row.narrative_sha,
            row.unicode_sha,
            row.lender,
        )
        for row in connection.execute(query)
    ]


def _lender() -> ScalarSelect[Any]:
    return (
        select(person.c.name)
        .select_from(report_event)
        .outerjoin(delegation, delegation.c.id == report_event.c.delegation_id)
        .outerjoin(person, person.c.id == delegation.c.from_id)
        .where(report_event.c.report_id == report.c.id, report_event.c.action == "send")
        .order_by(desc(report_event.c.id))
        .limit(1)
        .correlate(report)
        .scalar_subquery()
    )


@dataclass(frozen=True, slots=True)
class SentNarrative:
    """The narrative of a report as it was sent; ``sha`` is of its Unicode copy where there is one."""

    unit_id: int
    name: str
    sha: str
    original: str  # as it came


def narratives(connection: Connection, opening_id: int, receiver_id: int, as_of: datetime) -> list[SentNarrative]:
    """The narrative of each unit's report as last sent by a moment, unless the receiver sent it back; none whose
    content was destroyed since.
    """
    newest = (
        select(report_version.c.report_id, func.max(report_version.c.n).label("n"))
        .where(report_version.c.as_of <= as_of)
        .group_by(report_version.c.report_id)
        .subquery()
    )
    query = (
        select(
            report.c.unit_id,
            upload.c.name,
            func.coalesce(unicode_copy.c.file_sha, upload.c.file_sha).label("sha"),
            upload.c.file_sha,
        )
        .join(newest, newest.c.report_id == report.c.id)
        .join(report_version, and_(report_version.c.report_id == report.c.id, report_version.c.n == newest.c.n))
        .join(upload, upload.c.id == report_version.c.narrative_upload_id)
        .join(file, file.c.sha == upload.c.file_sha)
        .outerjoin(unicode_copy, unicode_copy.c.upload_id == upload.c.id)
        .where(
            report.c.opening_id == opening_id,
            report.c.kind == OWN,
            file.c.state == "kept",
            report.c.unit_id.not_in(sent_back(opening_id, [receiver_id], as_of)),
        )
    )
    return [SentNarrative(row.unit_id, row.name, row.sha, row.file_sha) for row in connection.execute(query)]


def compiling(connection: Connection, opening_id: int, unit_id: int) -> int:
    """The key of the report a receiving unit compiles, made when new."""
    mine = and_(report.c.opening_id == opening_id, report.c.unit_id == unit_id, report.c.kind == COMPILED)
    known = connection.execute(select(report.c.id).where(mine)).scalar()
    if known is not None:
        return int(known)
    values = {
        "opening_id": opening_id,
        "unit_id": unit_id,
        "state": ReportState.DRAFT,
        "version": 0,
        "lock": 0,
        "kind": COMPILED,
    }
    return inserted(connection, insert(report).values(**values))


def attach(connection: Connection, report_id: int, lock: int, upload_id: int | None) -> bool:
    """Put a narrative into the report's slot; False when somebody else changed the report meanwhile."""
    mine = and_(report.c.id == report_id, report.c.lock == lock)
    changed = update(report).where(mine).values(narrative_upload_id=upload_id, lock=lock + 1)
    return connection.execute(changed).rowcount == 1


def add_version(
    connection: Connection,
    report_id: int,
    as_of: datetime,
    inputs: Iterable[int],
    inputs_sha: str,
    by_id: int,
    narrative_upload_id: int | None = None,
    coverage: Any = None,
    made_from: Any = None,
) -> tuple[int, int]:
    """(key, number) of a new version of a report, pinned to the submission versions it rests on."""
    last = select(report_version.c.n).where(report_version.c.report_id == report_id)
    n = (connection.execute(last.order_by(desc(report_version.c.n)).limit(1)).scalar() or 0) + 1
    row = insert(report_version).values(
        report_id=report_id,
        n=n,
        as_of=as_of,
        inputs_sha=inputs_sha,
        narrative_upload_id=narrative_upload_id,
        by_id=by_id,
        coverage=coverage,
        made_from=made_from,
    )
    key = inserted(connection, row)
    pinned = [{"report_version_id": key, "submission_version_id": one} for one in inputs]
    if pinned:
        connection.execute(insert(report_input), pinned)
    connection.execute(update(report).where(report.c.id == report_id).values(version=n))
    return key, n


def advance(connection: Connection, known: Report, state: ReportState) -> bool:
    """Move a report on; False when somebody else moved it since it was read."""
    mine = and_(report.c.id == known.id, report.c.lock == known.lock)
    changed = update(report).where(mine).values(state=state, lock=known.lock + 1)
    return connection.execute(changed).rowcount == 1


def of_assignment(connection: Connection, assignment_id: int) -> int | None:
    """The key of the report a form belongs to."""
    mine = and_(report.c.opening_id == assignment.c.opening_id, report.c.unit_id == assignment.c.unit_id)
    query = select(report.c.id).join(assignment, mine).where(assignment.c.id == assignment_id, report.c.kind == OWN)
    return connection.execute(query).scalar()


def version_id(connection: Connection, report_id: int, n: int) -> int:
    """The key of a version of a report."""
    mine = (report_version.c.report_id == report_id, report_version.c.n == n)
    return int(connection.execute(select(report_version.c.id).where(*mine)).scalar_one())


def lay_before(connection: Connection, version_id: int, receivers: Iterable[int], at: datetime) -> None:
    """Lay a version of a report before each of its receivers."""
    rows = [
        {"report_version_id": version_id, "receiver_id": one, "state": ReceptionState.SENT, "at": at}
        for one in receivers
    ]
    if rows:
        connection.execute(insert(reception), rows)


def add_event(
    connection: Connection,
    report_id: int,
    n: int,
    action: str,
    by_id: int,
    at: datetime,
    reason: str | None = None,
    delegation_id: int | None = None,
) -> None:
    """Record a step; ``delegation_id`` is the one it rests on."""
    values = {"report_id": report_id, "n": n, "action": action, "by_id": by_id, "reason": reason, "at": at}
    connection.execute(insert(report_event).values(**values, delegation_id=delegation_id))


@dataclass(frozen=True, slots=True)
class Event:
    """A step somebody took with a report."""

    n: int  # the version it was about; 0 before any was sent
    step: ReportStep
    by_name: str
    reason: str | None
    at: datetime
    lender: str | None  # in whose name, by delegation


def events(connection: Connection, report_id: int) -> list[Event]:
    """Every step taken with a report, newest first."""
    lender = person.alias("lender")
    query = (
        select(report_event, person.c.name.label("by_name"), lender.c.name.label("lender"))
        .join(person, person.c.id == report_event.c.by_id)
        .outerjoin(delegation, delegation.c.id == report_event.c.delegation_id)
        .outerjoin(lender, lender.c.id == delegation.c.from_id)
        .where(report_event.c.report_id == report_id)
        .order_by(desc(report_event.c.id))
    )
    return [
        Event(row.n, ReportStep(row.action), row.by_name, row.reason, row.at, row.lender)
        for row in connection.execute(query)
    ]


def receptions(connection: Connection, opening_id: int) -> list[Reception]:
    """How each receiver took the newest version of each report of an opening."""
    return [_reception(row) for row in connection.execute(_receptions().where(report.c.opening_id == opening_id))]


def receptions_within(connection: Connection, scope: Scope) -> dict[int, list[Reception]]:
    """How the reports of a scope's units were taken, by report."""
    found: dict[int, list[Reception]] = {}
    if scope.is_empty:
        return found
    query = _receptions().join(opening, opening.c.id == report.c.opening_id)
    query = query.where(within(scope, report.c.unit_id, opening.c.regime))
    for row in connection.execute(query):
        found.setdefault(row.report_id, []).append(_reception(row))
    return found


def _receptions() -> Select[Any]:
    return (
        select(reception, report.c.id.label("report_id"), report.c.unit_id, person.c.name.label("by_name"))
        .outerjoin(person, person.c.id == reception.c.by_id)
        .join(report_version, report_version.c.id == reception.c.report_version_id)
        .join(report, and_(report.c.id == report_version.c.report_id, report.c.version == report_version.c.n))
        .order_by(report.c.unit_id, reception.c.receiver_id)
    )


def _reception(row: Any) -> Reception:
    return Reception(
        row.id,
        row.report_id,
        row.unit_id,
        row.receiver_id,
        ReceptionState(row.state),
        row.reason,
        row.at,
        row.by_name,
        row.resend_by,
    )


def counted_in(connection: Connection, compiled_id: int, receiver_id: int) -> list[Reception]:
    """The receptions, not compiled before, of reports sent by then whose figures a compiled version rests on."""
    theirs, compiled_version = report_input.alias("theirs"), report_version.alias("compiled")
    rests_on = (
        select(theirs.c.report_version_id)
        .join(report_input, report_input.c.submission_version_id == theirs.c.submission_version_id)
        .where(report_input.c.report_version_id == compiled_id)
    )
    as_of = select(compiled_version.c.as_of).where(compiled_version.c.id == compiled_id).scalar_subquery()
    query = _receptions().where(
        reception.c.receiver_id == receiver_id,
        reception.c.state.in_([ReceptionState.SENT, ReceptionState.RECEIVED]),
        reception.c.report_version_id.in_(rests_on),
        report_version.c.as_of <= as_of,
    )
    return [_reception(row) for row in connection.execute(query)]


def decisions(connection: Connection, report_id: int) -> list[Decision]:
    """Every decision of a receiver on any version of a report, newest first."""
    query = (
        select(reception_event, reception.c.receiver_id, report_version.c.n, person.c.name.label("by_name"))
        .join(reception, reception.c.id == reception_event.c.reception_id)
        .join(report_version, report_version.c.id == reception.c.report_version_id)
        .join(person, person.c.id == reception_event.c.by_id)
        .where(report_version.c.report_id == report_id)
        .order_by(desc(reception_event.c.id))
    )
    return [
        Decision(row.n, row.receiver_id, ReceptionState(row.state), row.by_name, row.reason, row.at, row.resend_by)
        for row in connection.execute(query)
    ]


def decide_receptions(
    connection: Connection,
    known: Collection[Reception],
    state: ReceptionState,
    by_id: int,
    at: datetime,
    reason: str | None,
    resend_by: datetime | None = None,
) -> bool:
    """Received, or sent back with a reason; each decision stays on record. False when somebody else was quicker with
    any. As many statements for one as for all.
    """
    values = {"state": state, "by_id": by_id, "at": at, "reason": reason, "resend_by": resend_by}
    ids: dict[ReceptionState, list[int]] = {}
    for one in known:
        ids.setdefault(one.state, []).append(one.id)
    for before, mine in ids.items():
        as_known = and_(reception.c.id.in_(mine), reception.c.state == before)
        if connection.execute(update(reception).where(as_known).values(**values)).rowcount != len(mine):
            return False
    if known:
        connection.execute(insert(reception_event), [{"reception_id": one.id, **values} for one in known])
    return True


def add_file(connection: Connection, version_id: int, kind: str, name: str, stored: Stored, at: datetime) -> None:
    """Attach a compiled file to a report's version."""
    put_file(connection, stored, at)
    connection.execute(
        insert(report_file).values(report_version_id=version_id, kind=kind, name=name, file_sha=stored.sha)
    )


def compiled(connection: Connection, opening_id: int, unit_id: int) -> list[Compiled]:
    """Compiled versions of a receiving unit's report, newest first."""
    query = (
        select(report_version, person.c.name.label("by_name"))
        .join(report, report.c.id == report_version.c.report_id)
        .join(person, person.c.id == report_version.c.by_id)
        .where(report.c.opening_id == opening_id, report.c.unit_id == unit_id, report.c.kind == COMPILED)
        .order_by(desc(report_version.c.n))
    )
    rows = connection.execute(query).all()
    files: dict[int, list[CompiledFile]] = {}
    keys = [row.id for row in rows]
    if keys:
        for one in connection.execute(select(report_file).where(report_file.c.report_version_id.in_(keys))):
            files.setdefault(one.report_version_id, []).append(CompiledFile(one.kind, one.name, one.file_sha))
    return [
        Compiled(
            row.id,
            row.n,
            row.as_of,
            row.by_name,
            row.coverage,
            tuple(files.get(row.id, ())),
            row.inputs_sha,
            row.made_from,
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class Use:
    """A compiled version that counted a submission's version."""

    compiled_id: int
    unit_id: int  # who compiled
    n: int
    as_of: datetime
    by_name: str


def uses(connection: Connection, submission_id: int) -> dict[int, list[Use]]:
    """Which compiled versions counted each version of a submission, the first use first, in one query."""
    query = (
        select(
            report_input.c.submission_version_id,
            report_version.c.id,
            report.c.unit_id,
            report_version.c.n,
            report_version.c.as_of,
            person.c.name,
        )
        .join(submission_version, submission_version.c.id == report_input.c.submission_version_id)
        .join(report_version, report_version.c.id == report_input.c.report_version_id)
        .join(report, report.c.id == report_version.c.report_id)
        .join(person, person.c.id == report_version.c.by_id)
        .where(submission_version.c.submission_id == submission_id, report.c.kind == COMPILED)
        .order_by(report_version.c.id)
    )
    found: dict[int, list[Use]] = {}
    for row in connection.execute(query):
        found.setdefault(row.submission_version_id, []).append(Use(row.id, row.unit_id, row.n, row.as_of, row.name))
    return found
