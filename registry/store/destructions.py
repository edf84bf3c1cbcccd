"""Contents destroyed by a recorded act: who proposed it, who did it, and everything emptied (PRACTICE F21).

The rows that speak of a destroyed file stay, with its hash, so that the audit chain and every number stay whole.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, desc, func, insert, select, update

from registry.store.codec import pack
from registry.store.tables import (
    assembled_part,
    destruction_step,
    explanation,
    file,
    person,
    report,
    report_file,
    report_input,
    report_version,
    submission_version,
    unicode_copy,
    unit_version,
    upload,
    verdict,
)
from registry.store.uploads import NARRATIVE


class Step(StrEnum):
    """What was done about destroying an upload's content."""

    PROPOSED = "proposed"
    DECLINED = "declined"
    DESTROYED = "destroyed"


@dataclass(frozen=True, slots=True)
class Act:
    """A step somebody took."""

    upload_id: int
    step: Step
    record: str  # number of the minutes (biên bản)
    reason: str
    by_id: int
    by_name: str
    at: datetime
    file_name: str
    unit_name: str
    sha: str


def add(connection: Connection, upload_id: int, step: Step, record: str, reason: str, by_id: int, at: datetime) -> None:
    """Record a step."""
    values = {"upload_id": upload_id, "step": step, "record": record, "reason": reason, "by_id": by_id, "at": at}
    connection.execute(insert(destruction_step).values(**values))


def last(connection: Connection, upload_id: int | None = None) -> list[Act]:
    """The last step about each upload, newest first; of one upload when named."""
    newest = select(func.max(destruction_step.c.id)).group_by(destruction_step.c.upload_id)
    name = (
        select(unit_version.c.name)
        .where(unit_version.c.unit_id == upload.c.unit_id)
        .order_by(desc(unit_version.c.valid_from))
        .limit(1)
        .scalar_subquery()
    )
    query = (
        select(
            destruction_step,
            person.c.name.label("by_name"),
            upload.c.name,
            upload.c.file_sha,
            name.label("unit_name"),
        )
        .join(upload, upload.c.id == destruction_step.c.upload_id)
        .join(person, person.c.id == destruction_step.c.by_id)
        .where(destruction_step.c.id.in_(newest))
        .order_by(desc(destruction_step.c.id))
    )
    if upload_id is not None:
        query = query.where(destruction_step.c.upload_id == upload_id)
    return [_act(row) for row in connection.execute(query)]


def waiting(connection: Connection) -> int:
    """How many proposals wait for the second person."""
    return sum(act.step is Step.PROPOSED for act in last(connection))


def _act(row: Any) -> Act:
    return Act(
        row.upload_id,
        Step(row.step),
        row.record,
        row.reason,
        row.by_id,
        row.by_name,
        row.at,
        row.name,
        row.unit_name,
        row.file_sha,
    )


def derived(connection: Connection, sha: str) -> list[str]:
    """SHA-256 of what may hold a file's words beside it.

    A narrative's Unicode copy, or the narrative it is the copy of; the files compiled of it (of its periods, made since
    it came); of a workbook the corrections of its cells, and the files compiled of what was handed in from it.
    """
    numbers = _resting_on(connection, sha)
    slots = (
        select(report.c.opening_id, func.min(upload.c.at).label("since"))
        .join(report_version, report_version.c.report_id == report.c.id, isouter=True)
        .join(
            upload,
            (upload.c.id == report.c.narrative_upload_id) | (upload.c.id == report_version.c.narrative_upload_id),
        )
        .where(upload.c.id.in_(numbers), upload.c.kind == NARRATIVE)
        .group_by(report.c.opening_id)
        .subquery()
    )
    compiled = report.alias()
    written = (
        select(report_file.c.file_sha)
        .join(report_version, report_version.c.id == report_file.c.report_version_id)
        .join(compiled, compiled.c.id == report_version.c.report_id)
        .join(slots, slots.c.opening_id == compiled.c.opening_id)
        .where(report_version.c.as_of >= slots.c.since)
        .distinct()
    )
    summed = (
        select(report_file.c.file_sha)
        .join(report_input, report_input.c.report_version_id == report_file.c.report_version_id)
        .join(submission_version, submission_version.c.id == report_input.c.submission_version_id)
        .where(submission_version.c.upload_id.in_(numbers))
        .distinct()
    )
    sent = select(upload.c.file_sha).where(upload.c.id.in_(numbers))
    copies = select(unicode_copy.c.file_sha).where(unicode_copy.c.upload_id.in_(numbers))
    found = [one for asked in (written, summed, sent, copies) for one in connection.execute(asked).scalars()]
    return sorted({one for one in found if one and one != sha})


def _resting_on(connection: Connection, sha: str) -> list[int]:
    """Numbers of the uploads of a file or of one whose Unicode copy it is, of all corrections of them, and of what was
    put together from them.
    """
    copied = select(upload.c.file_sha).join(unicode_copy, unicode_copy.c.upload_id == upload.c.id)
    same = (upload.c.file_sha == sha) | upload.c.file_sha.in_(copied.where(unicode_copy.c.file_sha == sha))
    numbers = list(connection.execute(select(upload.c.id).where(same)).scalars())
    newest = numbers
    while newest:
        corrected = select(upload.c.id).where(upload.c.base_id.in_(newest))
        together = select(assembled_part.c.upload_id).where(assembled_part.c.part_id.in_(newest))
        found = {one for asked in (corrected, together) for one in connection.execute(asked).scalars()}
        newest = sorted(found.difference(numbers))
        numbers += newest
    return numbers


def empty(connection: Connection, sha: str) -> list[int]:
    """Empty everything read out of a file or told of it, whoever sent it, corrections too; the uploads."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA secure_delete = ON")  # else what is freed stays legible in the database file
    numbers = _resting_on(connection, sha)
    nothing = {"extraction": b"", "cells": b"", "findings": pack(())}
    connection.execute(update(verdict).where(verdict.c.upload_id.in_(numbers)).values(**nothing))
    connection.execute(update(unicode_copy).where(unicode_copy.c.upload_id.in_(numbers)).values(changes=pack(())))
    versions = submission_version.c.upload_id.in_(numbers)
    connection.execute(update(submission_version).where(versions).values(cells=b""))
    handed_in = explanation.c.version_id.in_(select(submission_version.c.id).where(versions))
    connection.execute(update(explanation).where(handed_in).values(text=""))
    return numbers


def set_destroyed(connection: Connection, shas: list[str]) -> None:
    """Files on record whose bytes are no more."""
    connection.execute(update(file).where(file.c.sha.in_(shas)).values(state="destroyed"))
