"""Submissions: their versions, events and explanations, and which version counts."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Select, and_, desc, func, insert, select, tuple_, update

from registry.catalogue.values import CellKey
from registry.store import cells
from registry.store.approvals import stands
from registry.store.engine import inserted
from registry.store.tables import (
    assembled_part,
    assignment,
    behalf,
    delegation,
    explanation,
    import_batch,
    opening,
    period,
    person,
    reception,
    reception_event,
    report,
    report_version,
    submission,
    submission_event,
    submission_version,
    upload,
)
from registry.workflow.report import ReceptionState
from registry.workflow.submission import State

_REOPEN = "reopen"  # the step after which a version awaits its successor
NIL = "nil"  # kind of a version that is a report of nothing at all, made without a file


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a submission's figures; ``upload_id`` is None for nil reports."""

    id: int
    submission_id: int
    n: int
    kind: str
    values: cells.Cells
    addresses: dict[CellKey, cells.Address]
    sha: str
    upload_id: int | None
    verdict_id: int | None
    by_name: str
    at: datetime
    behalf_id: int | None = None  # the document it was entered by on the unit's behalf


@dataclass(frozen=True, slots=True)
class Event:
    """A step somebody took; ``id`` is the number of its receipt where it handed something in."""

    id: int
    n: int
    action: str
    by_name: str
    reason: str | None
    at: datetime
    lender: str | None = None  # in whose name, by delegation, it was approved or returned
    own_entry: bool = False  # approved by somebody who had a hand in the entry


@dataclass(frozen=True, slots=True)
class Explanation:
    """A clerk's words on a warning."""

    code: str
    row: str | None
    column: str | None
    text: str
    line: int | None = None  # of a list table


@dataclass(frozen=True, slots=True)
class Counted:
    """The version that counts for a receiver; ``provisional`` while a reopened one awaits its successor."""

    assignment_id: int
    unit_id: int
    form: str
    version_id: int
    n: int
    provisional: bool


def advance(connection: Connection, submission_id: int, lock: int, state: State, version: int) -> bool:
    """Move a submission on; False when somebody else moved it since ``lock`` was read."""
    mine = and_(submission.c.id == submission_id, submission.c.lock == lock)
    changed = update(submission).where(mine).values(state=state, version=version, lock=lock + 1)
    return connection.execute(changed).rowcount == 1


@dataclass(frozen=True, slots=True)
class NewVersion:
    """What is put before a leader; ``kind`` is how it came to be."""

    kind: str
    values: cells.Cells
    addresses: dict[CellKey, cells.Address]
    upload_id: int | None = None
    verdict_id: int | None = None
    behalf_id: int | None = None


def number_of(connection: Connection, submission_id: int, new: NewVersion) -> tuple[int, int | None]:
    """(number, key) the version will have: those of the last one where nothing differs from it, else no key yet."""
    last = newest(connection, submission_id)
    if last is None:
        return 1, None
    known = (cells.sha(new.values), new.upload_id, new.behalf_id)
    return (last.n, last.id) if (last.sha, last.upload_id, last.behalf_id) == known else (last.n + 1, None)


def add_version(connection: Connection, submission_id: int, n: int, new: NewVersion, by_id: int, at: datetime) -> int:
    """Keep a version under its number; its key."""
    row = insert(submission_version).values(
        submission_id=submission_id,
        n=n,
        kind=new.kind,
        cells=cells.pack(new.values, new.addresses),
        cells_sha=cells.sha(new.values),
        upload_id=new.upload_id,
        verdict_id=new.verdict_id,
        by_id=by_id,
        at=at,
        behalf_id=new.behalf_id,
    )
    return inserted(connection, row)


def add_event(
    connection: Connection,
    submission_id: int,
    n: int,
    action: str,
    by_id: int,
    at: datetime,
    reason: str | None = None,
    *,
    delegation_id: int | None = None,
    own_entry: bool = False,
) -> int:
    """Record a step; ``delegation_id`` is the one it rests on. Its key."""
    values = {"submission_id": submission_id, "n": n, "action": action, "by_id": by_id, "reason": reason, "at": at}
    row = insert(submission_event).values(**values, delegation_id=delegation_id, own_entry=own_entry or None)
    return inserted(connection, row)


def authors(connection: Connection, version_id: int) -> frozenset[int]:
    """Keys of those who had a hand in a version: who put it forward, who sent its file, those it corrects and the
    parts it was put together from.
    """
    row = connection.execute(
        select(submission_version.c.by_id, submission_version.c.upload_id).where(submission_version.c.id == version_id)
    ).one()
    return frozenset({row.by_id}) | senders(connection, {row.upload_id} - {None})


def submitter(connection: Connection, submission_id: int) -> int | None:
    """Key of whoever put a submission before the leader last."""
    query = (
        select(submission_event.c.by_id)
        .where(submission_event.c.submission_id == submission_id, submission_event.c.action == "submit")
        .order_by(desc(submission_event.c.id))
        .limit(1)
    )
    return connection.execute(query).scalar()


def senders(connection: Connection, upload_ids: Iterable[int]) -> frozenset[int]:
    """Keys of those who sent files, those they correct and the parts they were put together from."""
    found, seen, left = set[int](), set[int](), set(upload_ids)
    while left:
        seen |= left
        sent = connection.execute(select(upload.c.by_id, upload.c.base_id).where(upload.c.id.in_(left))).all()
        parts = select(assembled_part.c.part_id).where(assembled_part.c.upload_id.in_(left))
        found |= {one.by_id for one in sent}
        left = ({one.base_id for one in sent} | set(connection.execute(parts).scalars())) - {None} - seen
    return frozenset(found)


@dataclass(frozen=True, slots=True)
class Approval:
    """How a form was approved last."""

    by_name: str
    lender: str | None  # in whose name, by delegation
    own_entry: bool  # by somebody who had a hand in the entry


def approvals(connection: Connection, opening_id: int) -> dict[int, Approval]:
    """The last approval of each assignment of an opening that has one, in one query."""
    lender = person.alias("lender")
    query = (
        select(
            submission.c.assignment_id,
            person.c.name.label("by_name"),
            lender.c.name.label("lender"),
            submission_event.c.own_entry,
        )
        .join(submission, submission.c.id == submission_event.c.submission_id)
        .join(assignment, assignment.c.id == submission.c.assignment_id)
        .join(person, person.c.id == submission_event.c.by_id)
        .outerjoin(delegation, delegation.c.id == submission_event.c.delegation_id)
        .outerjoin(lender, lender.c.id == delegation.c.from_id)
        .where(assignment.c.opening_id == opening_id, stands())
        .order_by(submission_event.c.id)
    )
    return {
        row.assignment_id: Approval(row.by_name, row.lender, bool(row.own_entry)) for row in connection.execute(query)
    }


def explain(connection: Connection, version_id: int, texts: Iterable[Explanation], by_id: int) -> None:
    """Keep the explanations that go with a version; what was said before is not said twice."""
    known = set(explanations(connection, [version_id]).get(version_id, ()))
    rows = [{"version_id": version_id, "by_id": by_id, **asdict(e)} for e in texts if e not in known]
    if rows:
        connection.execute(insert(explanation), rows)


def explanations(connection: Connection, version_ids: Iterable[int]) -> dict[int, list[Explanation]]:
    """The explanations of each version, the last words on each warning."""
    newest: dict[int, dict[tuple[str, str | None, str | None, int | None], Explanation]] = {}
    query = select(explanation).where(explanation.c.version_id.in_(list(version_ids))).order_by(explanation.c.id)
    for row in connection.execute(query):
        told = Explanation(row.code, row.row, row.column, row.text, row.line)
        newest.setdefault(row.version_id, {})[told.code, told.row, told.column, told.line] = told
    return {version_id: list(told.values()) for version_id, told in newest.items()}


def rests_on(connection: Connection, upload_id: int) -> bool:
    """True when a version was made of an upload."""
    return upload_id in resting(connection, [upload_id])


def resting(connection: Connection, upload_ids: Iterable[int]) -> set[int]:
    """Those uploads a version was made of, in one query."""
    wanted = list(upload_ids)
    if not wanted:
        return set()
    query = select(submission_version.c.upload_id).where(submission_version.c.upload_id.in_(wanted))
    return set(connection.execute(query.distinct()).scalars())


def newest(connection: Connection, submission_id: int) -> Version | None:
    """The last version."""
    return next(iter(versions(connection, submission_id)), None)


def newest_of(connection: Connection, submission_ids: Iterable[int]) -> dict[int, Version]:
    """The last version of each submission that has one, in one query."""
    mine = submission_version.alias("mine")
    last = (
        select(mine.c.submission_id, func.max(mine.c.n).label("n"))
        .where(mine.c.submission_id.in_(list(submission_ids)))
        .group_by(mine.c.submission_id)
        .subquery()
    )
    is_last = and_(last.c.submission_id == submission_version.c.submission_id, last.c.n == submission_version.c.n)
    return {row.submission_id: _version(row) for row in connection.execute(_versions().join(last, is_last))}


def versions(connection: Connection, submission_id: int) -> list[Version]:
    """All versions, newest first."""
    query = _versions().where(submission_version.c.submission_id == submission_id)
    return [_version(row) for row in connection.execute(query.order_by(desc(submission_version.c.n)))]


def by_ids(connection: Connection, version_ids: Iterable[int]) -> dict[int, Version]:
    """Versions by key, in one query."""
    query = _versions().where(submission_version.c.id.in_(list(version_ids)))
    return {row.id: _version(row) for row in connection.execute(query)}


def assignment_of(connection: Connection, version_id: int) -> int | None:
    """The key of what a version answers; None where there is no such version."""
    query = select(submission.c.assignment_id).join(
        submission_version, submission_version.c.submission_id == submission.c.id
    )
    return connection.execute(query.where(submission_version.c.id == version_id)).scalar()


def newest_keys(connection: Connection) -> tuple[int, ...]:
    """Keys of the last version handed in, the last step of any submission and the last import: what was reckoned from
    stored figures holds while they stay.
    """
    last = (
        func.coalesce(select(func.max(table.c.id)).scalar_subquery(), 0)
        for table in (submission_version, submission_event, import_batch)
    )
    return tuple(connection.execute(select(*last)).one())


def newest_values(
    connection: Connection, submission_ids: Iterable[int], *, but_nil: bool = False
) -> dict[int, cells.Cells]:
    """The values of the newest version of each submission that has one (and it is no nil report), in one query."""
    query = (
        select(submission_version.c.submission_id, submission_version.c.cells)
        .join(
            submission,
            and_(submission.c.id == submission_version.c.submission_id, submission.c.version == submission_version.c.n),
        )
        .where(submission.c.id.in_(list(submission_ids)))
    )
    if but_nil:
        query = query.where(submission_version.c.kind != NIL)
    return {row.submission_id: cells.unpack(row.cells)[0] for row in connection.execute(query)}


def _versions() -> Any:
    return select(submission_version, person.c.name.label("by_name")).join(
        person, person.c.id == submission_version.c.by_id
    )


def _version(row: Any) -> Version:
    values, addresses = cells.unpack(row.cells)
    return Version(
        row.id,
        row.submission_id,
        row.n,
        row.kind,
        values,
        addresses,
        row.cells_sha,
        row.upload_id,
        row.verdict_id,
        row.by_name,
        row.at,
        row.behalf_id,
    )


def events(connection: Connection, submission_id: int) -> list[Event]:
    """Every step, oldest first."""
    lender = person.alias("lender")
    query = (
        select(submission_event, person.c.name.label("by_name"), lender.c.name.label("lender"))
        .join(person, person.c.id == submission_event.c.by_id)
        .outerjoin(delegation, delegation.c.id == submission_event.c.delegation_id)
        .outerjoin(lender, lender.c.id == delegation.c.from_id)
        .where(submission_event.c.submission_id == submission_id)
        .order_by(submission_event.c.id)
    )
    return [
        Event(row.id, row.n, row.action, row.by_name, row.reason, row.at, row.lender, bool(row.own_entry))
        for row in connection.execute(query)
    ]


def counted(connection: Connection, opening_id: int, receiver_id: int, as_of: datetime) -> list[Counted]:
    """For each unit and form the latest version approved by ``as_of``, unless the receiver sent the report back.

    A report sent back leaves the totals at once, and so does a version whose approval was taken back: the one approved
    before it counts again. A reopened submission stays, provisional (DESIGN).
    """
    back = sent_back(opening_id, [receiver_id], as_of)
    query = _counted(opening_id, as_of).where(assignment.c.unit_id.not_in(back))
    return [_as_counted(row) for row in connection.execute(query)]


def counted_by(
    connection: Connection, opening_id: int, receiver_ids: Iterable[int], as_of: datetime
) -> dict[int, list[Counted]]:
    """What is `counted` for each of some receivers, in two queries."""
    receivers = list(receiver_ids)
    back = sent_back(opening_id, receivers, as_of).add_columns(reception.c.receiver_id)
    left_out = {(row.receiver_id, row.unit_id) for row in connection.execute(back)}
    known = [_as_counted(row) for row in connection.execute(_counted(opening_id, as_of))]
    return {key: [one for one in known if (key, one.unit_id) not in left_out] for key in receivers}


def _counted(opening_id: int, as_of: datetime) -> Select[Any]:
    happened = submission_event.c.at <= as_of
    approved = _approved_last(as_of)
    last = (
        select(submission_event.c.submission_id, func.max(submission_event.c.id).label("id"))
        .where(happened)
        .group_by(submission_event.c.submission_id)
        .subquery()
    )
    return (
        select(
            assignment.c.id,
            assignment.c.unit_id,
            assignment.c.form,
            submission_version.c.id.label("version_id"),
            approved.c.n,
            submission_event.c.action,
        )
        .join(submission, submission.c.assignment_id == assignment.c.id)
        .join(approved, approved.c.submission_id == submission.c.id)
        .join(last, last.c.submission_id == submission.c.id)
        .join(submission_event, submission_event.c.id == last.c.id)
        .join(
            submission_version,
            and_(submission_version.c.submission_id == submission.c.id, submission_version.c.n == approved.c.n),
        )
        .where(assignment.c.opening_id == opening_id)
        .order_by(assignment.c.id)
    )


def _as_counted(row: Any) -> Counted:
    return Counted(row.id, row.unit_id, row.form, row.version_id, row.n, row.action != "approve")


def _approved_last(as_of: datetime | None = None) -> Any:
    """Of each submission the highest number whose approval stands, or stood at a moment."""
    happened = () if as_of is None else (submission_event.c.at <= as_of,)
    return (
        select(submission_event.c.submission_id, func.max(submission_event.c.n).label("n"))
        .where(stands(as_of=as_of), *happened)
        .group_by(submission_event.c.submission_id)
        .subquery()
    )


def reopened_for(connection: Connection, version_ids: Iterable[int]) -> dict[int, str]:
    """Of versions that came after a reopening the reason of the last one before them."""
    query = (
        select(submission_version.c.id, submission_event.c.reason)
        .join(submission_event, submission_event.c.submission_id == submission_version.c.submission_id)
        .where(
            submission_version.c.id.in_(list(version_ids)),
            submission_event.c.action == _REOPEN,
            submission_event.c.n < submission_version.c.n,
            submission_event.c.reason.is_not(None),
        )
        .order_by(submission_event.c.id)
    )
    return {row.id: row.reason for row in connection.execute(query)}


@dataclass(frozen=True, slots=True)
class Approved:
    """What a unit's form held in a period when it was approved last."""

    unit_id: int
    period: str
    form_definition_id: int
    values: cells.Cells


def approved(
    connection: Connection, regime: str, form: str, unit_ids: Iterable[int], periods: Iterable[str]
) -> list[Approved]:
    """The version of a regime's form approved last by each unit and period that has one, in one query."""
    query = _approved().where(
        opening.c.regime == regime,
        assignment.c.form == form,
        assignment.c.unit_id.in_(list(unit_ids)),
        period.c.code.in_(list(periods)),
    )
    return [
        Approved(row.unit_id, row.code, row.form_definition_id, cells.unpack(row.cells)[0])
        for row in connection.execute(query)
    ]


Place = tuple[str, str, int, str]  # regime, form, unit and period code


def approved_at(connection: Connection, places: Collection[Place]) -> dict[Place, cells.Cells]:
    """What was approved last at each place that has such a version, in one query."""
    at = tuple_(opening.c.regime, assignment.c.form, assignment.c.unit_id, period.c.code)
    rows = connection.execute(_approved().where(at.in_(list(places))))
    return {(row.regime, row.form, row.unit_id, row.code): cells.unpack(row.cells)[0] for row in rows}


def _approved() -> Select[Any]:
    last = _approved_last()
    return (
        select(
            opening.c.regime,
            assignment.c.form,
            assignment.c.unit_id,
            period.c.code,
            assignment.c.form_definition_id,
            submission_version.c.cells,
        )
        .join(opening, opening.c.id == assignment.c.opening_id)
        .join(period, period.c.id == opening.c.period_id)
        .join(submission, submission.c.assignment_id == assignment.c.id)
        .join(last, last.c.submission_id == submission.c.id)
        .join(
            submission_version,
            and_(submission_version.c.submission_id == submission.c.id, submission_version.c.n == last.c.n),
        )
        .order_by(assignment.c.id)
    )


def sent_back(opening_id: int, receiver_ids: list[int], as_of: datetime) -> Select[Any]:
    """Units whose newest report at a moment some receivers had sent back by then."""
    newest_report = (
        select(report_version.c.report_id, func.max(report_version.c.n).label("n"))
        .where(report_version.c.as_of <= as_of)
        .group_by(report_version.c.report_id)
        .subquery()
    )
    return (
        select(report.c.unit_id)
        .join(newest_report, newest_report.c.report_id == report.c.id)
        .join(
            report_version,
            and_(report_version.c.report_id == report.c.id, report_version.c.n == newest_report.c.n),
        )
        .join(reception, reception.c.report_version_id == report_version.c.id)
        .join(reception_event, reception_event.c.reception_id == reception.c.id)
        .where(
            report.c.opening_id == opening_id,
            report.c.kind == "own",
            reception.c.receiver_id.in_(receiver_ids),
            reception_event.c.state == ReceptionState.RETURNED,
            reception_event.c.at <= as_of,
        )
    )


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a counted version came from: what the sources sheet prints."""

    version_id: int
    kind: str
    upload_id: int | None
    file_name: str | None
    file_sha: str | None
    submitted_by: str
    submitted_at: datetime
    approved_by: str
    approved_at: datetime
    lender: str | None  # in whose name, by delegation, it was approved
    own_entry: bool
    by_document: tuple[str, date] | None  # number and day of what it was entered by on the unit's behalf


def provenance(connection: Connection, version_ids: Iterable[int]) -> dict[int, Provenance]:
    """Upload, submitter and approver of each version, in one query."""
    approver = person.alias("approver")
    submitter = person.alias("submitter")
    lender = person.alias("lender")
    query = (
        select(
            submission_version.c.id,
            submission_version.c.kind,
            submission_version.c.upload_id,
            upload.c.name,
            upload.c.file_sha,
            submitter.c.name.label("submitted_by"),
            submission_version.c.at.label("submitted_at"),
            approver.c.name.label("approved_by"),
            submission_event.c.at.label("approved_at"),
            lender.c.name.label("lender"),
            submission_event.c.own_entry,
            behalf.c.number,
            behalf.c.dated,
        )
        .join(submitter, submitter.c.id == submission_version.c.by_id)
        .join(
            submission_event,
            and_(
                submission_event.c.submission_id == submission_version.c.submission_id,
                submission_event.c.n == submission_version.c.n,
                submission_event.c.action == "approve",
            ),
        )
        .join(approver, approver.c.id == submission_event.c.by_id)
        .outerjoin(delegation, delegation.c.id == submission_event.c.delegation_id)
        .outerjoin(lender, lender.c.id == delegation.c.from_id)
        .outerjoin(upload, upload.c.id == submission_version.c.upload_id)
        .outerjoin(behalf, behalf.c.id == submission_version.c.behalf_id)
        .where(submission_version.c.id.in_(list(version_ids)))
        .order_by(submission_event.c.id)
    )
    return {
        row.id: Provenance(
            row.id,
            row.kind,
            row.upload_id,
            row.name,
            row.file_sha,
            row.submitted_by,
            row.submitted_at,
            row.approved_by,
            row.approved_at,
            row.lender,
            bool(row.own_entry),
            (row.number, row.dated) if row.number else None,
        )
        for row in connection.execute(query)
    }
