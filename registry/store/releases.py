"""What was looked at before a compiled report left the house, and that it left (Điều 20.1, R54, R58)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, desc, insert, select

from registry.store.tables import person, report_release


class ReleaseStep(StrEnum):
    """What was done with a compiled version on its way out."""

    CHECK = "check"  # somebody signed the list of what stood open
    ISSUE = "issue"  # it was issued (phát hành)


@dataclass(frozen=True, slots=True)
class Release:
    """One step; ``stood`` is what stood open then, by kind of matter."""

    id: int
    step: ReleaseStep
    stood: dict[str, Any]
    note: str  # of a check; of an issue without one, why there was none
    number: str  # số, ký hiệu of the issued document
    dated: date | None
    by_name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class NewRelease:
    """A step to be recorded."""

    step: ReleaseStep
    stood: dict[str, Any]
    note: str = ""
    number: str = ""
    dated: date | None = None


def put(connection: Connection, version_id: int, new: NewRelease, by_id: int, at: datetime) -> None:
    """Record a step."""
    row = {"step": new.step, "stood": new.stood, "note": new.note, "number": new.number, "dated": new.dated}
    connection.execute(insert(report_release).values(report_version_id=version_id, by_id=by_id, at=at, **row))


def of_version(connection: Connection, version_id: int) -> list[Release]:
    """Every step taken with a version, newest first."""
    query = (
        select(report_release, person.c.name)
        .join(person, person.c.id == report_release.c.by_id)
        .where(report_release.c.report_version_id == version_id)
        .order_by(desc(report_release.c.id))
    )
    return [
        Release(row.id, ReleaseStep(row.step), row.stood, row.note, row.number, row.dated, row.name, row.at)
        for row in connection.execute(query)
    ]


def issued(connection: Connection, version_ids: Iterable[int]) -> set[int]:
    """Which of some versions were issued."""
    mine = report_release.c.report_version_id.in_(list(version_ids))
    query = select(report_release.c.report_version_id).where(mine, report_release.c.step == ReleaseStep.ISSUE)
    return set(connection.execute(query).scalars())
