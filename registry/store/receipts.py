"""Receipts (phiếu xác nhận gửi báo cáo): what was handed in, when, by whom, and its link of the audit chain."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, func, select

from registry.store.approvals import stands
from registry.store.audit import Head
from registry.store.sendings import columns, made
from registry.store.tables import (
    assignment,
    audit,
    opening,
    period,
    person,
    submission,
    submission_event,
    submission_version,
    verdict,
)
from registry.store.within import within
from registry.workflow.policy import Scope
from registry.workflow.timeliness import Sending

SUBMIT, APPROVE = "submit", "approve"


@dataclass(frozen=True, slots=True)
class Receipt:
    """One handing in; ``number`` is the number to quote."""

    number: int
    assignment_id: int
    unit_id: int
    regime: str
    period: str
    form: str
    form_definition_id: int
    sending: Sending  # of the unit's report
    n: int  # which version of the figures
    sending_n: int  # which handing in of that version: taken back and handed in again it stays the same version
    kind: str  # upload | browser | correction | nil | import
    by_name: str
    at: datetime
    values_sha: str
    upload_id: int | None  # None where there was no file
    status: str | None  # of the verdict it was handed in with
    approved_at: datetime | None  # of this very version
    newest: int  # number of the newest version
    audit_seq: int | None
    audit_hash: str | None
    approval: Head | None  # the audit entry of the approval
    behalf_id: int | None  # the document it was entered by on the unit's behalf


def get(connection: Connection, scope: Scope, number: int) -> Receipt | None:
    """A receipt by its number, within a scope."""
    if scope.is_empty:
        return None
    seen = within(scope, assignment.c.unit_id, opening.c.regime, assignment.c.form)
    row = connection.execute(_receipts().where(submission_event.c.id == number, seen)).first()
    if row is None:
        return None
    link = _link(connection, row)
    return Receipt(
        row.id,
        row.assignment_id,
        row.unit_id,
        row.regime,
        row.period,
        row.form,
        row.form_definition_id,
        made(row),
        row.n,
        row.sending_n,
        row.kind,
        row.by_name,
        row.at,
        row.cells_sha,
        row.upload_id,
        row.status,
        row.approved_at,
        row.newest,
        link.seq if link else None,
        link.hash if link else None,
        approvals(connection, row.submission_id).get(row.approved_at),
        row.behalf_id,
    )


def approvals(connection: Connection, submission_id: int) -> dict[datetime, Head]:
    """The audit entries of a submission's approvals, by their moment."""
    entries = select(audit.c.at, audit.c.seq, audit.c.hash).where(
        audit.c.object == f"submission {submission_id}", audit.c.action == APPROVE
    )
    return {row.at: Head(row.seq, row.hash) for row in connection.execute(entries)}


def _receipts() -> Any:
    approved = submission_event.alias("approved")
    approved_at = (
        select(func.min(approved.c.at))
        .where(
            approved.c.submission_id == submission_event.c.submission_id,
            approved.c.n == submission_event.c.n,
            stands(approved),
        )
        .correlate(submission_event)
        .scalar_subquery()
    )
    handed = submission_event.alias("handed")
    sending_n = (
        select(func.count())
        .where(
            handed.c.submission_id == submission_event.c.submission_id,
            handed.c.n == submission_event.c.n,
            handed.c.action == SUBMIT,
            handed.c.id <= submission_event.c.id,
        )
        .correlate(submission_event)
        .scalar_subquery()
    )
    return (
        select(
            submission_event.c.id,
            submission_event.c.submission_id,
            submission_event.c.n,
            submission_event.c.at,
            submission.c.assignment_id,
            submission.c.version.label("newest"),
            assignment.c.unit_id,
            assignment.c.form,
            assignment.c.form_definition_id,
            assignment.c.opening_id,
            opening.c.regime,
            period.c.code.label("period"),
            submission_version.c.kind,
            submission_version.c.cells_sha,
            submission_version.c.upload_id,
            submission_version.c.behalf_id,
            verdict.c.status,
            person.c.name.label("by_name"),
            approved_at.label("approved_at"),
            sending_n.label("sending_n"),
            *columns(assignment.c.opening_id, assignment.c.unit_id),
        )
        .join(submission, submission.c.id == submission_event.c.submission_id)
        .join(assignment, assignment.c.id == submission.c.assignment_id)
        .join(opening, opening.c.id == assignment.c.opening_id)
        .join(period, period.c.id == opening.c.period_id)
        .join(person, person.c.id == submission_event.c.by_id)
        .join(
            submission_version,
            and_(
                submission_version.c.submission_id == submission_event.c.submission_id,
                submission_version.c.n == submission_event.c.n,
            ),
        )
        .outerjoin(verdict, verdict.c.id == submission_version.c.verdict_id)
        .where(submission_event.c.action == SUBMIT)
    )


def _link(connection: Connection, row: Any) -> Any:
    """The audit entry written with an event: the one of the same moment and place among several (a test's clock)."""
    mine = (
        submission_event.c.submission_id == row.submission_id,
        submission_event.c.action == SUBMIT,
        submission_event.c.at == row.at,
    )
    earlier = select(func.count()).where(*mine, submission_event.c.id < row.id)
    place = connection.execute(earlier).scalar_one()
    links = (
        select(audit.c.seq, audit.c.hash)
        .where(audit.c.object == f"submission {row.submission_id}", audit.c.action == SUBMIT, audit.c.at == row.at)
        .order_by(audit.c.seq)
    )
    return connection.execute(links.offset(place).limit(1)).first()
