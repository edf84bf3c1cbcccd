"""Whose data an entry of the audit log is about, from how it names its object."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import Column, Connection, Select, select

from registry.store.tables import (
    assignment,
    dashboard,
    delegation,
    draft,
    feedback,
    grant,
    petition,
    practice,
    reception,
    report,
    report_version,
    submission,
    submission_event,
    submission_version,
    trial,
    upload,
)
from registry.store.uploads import ANSWERING_UNIT

_OF_SUBMISSION = select(assignment.c.unit_id).join(submission, submission.c.assignment_id == assignment.c.id)
_OF_REPORT = select(report.c.unit_id).join(report_version, report_version.c.report_id == report.c.id)
_OWNERS: dict[str, tuple[Select[Any], Column[int]]] = {  # kind of object: the unit it belongs to, its number
    "upload": (
        select(ANSWERING_UNIT).outerjoin_from(upload, assignment, assignment.c.id == upload.c.assignment_id),
        upload.c.id,
    ),
    "assignment": (select(assignment.c.unit_id), assignment.c.id),
    "submission": (_OF_SUBMISSION, submission.c.id),
    "receipt": (
        _OF_SUBMISSION.join(submission_event, submission_event.c.submission_id == submission.c.id),
        submission_event.c.id,
    ),
    "version": (
        _OF_SUBMISSION.join(submission_version, submission_version.c.submission_id == submission.c.id),
        submission_version.c.id,
    ),
    "reception": (_OF_REPORT.join(reception, reception.c.report_version_id == report_version.c.id), reception.c.id),
    "petition": (select(petition.c.unit_id), petition.c.id),
    "draft": (select(draft.c.unit_id), draft.c.id),
    "trial": (select(trial.c.unit_id), trial.c.id),
    "person": (select(grant.c.unit_id).order_by(grant.c.id).limit(1), grant.c.person_id),
    "grant": (select(grant.c.unit_id), grant.c.id),
    "delegation": (select(delegation.c.unit_id), delegation.c.id),
    "feedback": (select(feedback.c.unit_id), feedback.c.id),
    "practice": (select(practice.c.unit_id), practice.c.id),
    "dashboard": (select(dashboard.c.unit_id), dashboard.c.id),
}
_SAID = re.compile(r"\bunit (\d{1,9})$")  # ``opening 3 unit 7``
_NUMBERED = re.compile(r"(\w+) (\d{1,9})(?: |$)")  # ``upload 12``, ``upload 12 marked``


def unit_of(connection: Connection, on: str) -> int | None:
    """The unit an object belongs to; None where it is of none, of many, or unknown."""
    if said := _SAID.search(on):
        return int(said[1])
    named = _NUMBERED.match(on)
    if named is None or named[1] not in _OWNERS:
        return None
    query, number = _OWNERS[named[1]]
    return connection.execute(query.where(number == int(named[2]))).scalar()
