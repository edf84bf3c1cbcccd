"""What reviewing units said of versions (rà soát, PRACTICE F13)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, insert, select

from registry.catalogue.values import CellKey
from registry.store.tables import person, review, submission_version
from registry.workflow.review import Review


def put(
    connection: Connection,
    version_id: int,
    reviewer_id: int,
    rows: Iterable[str],
    cells: Iterable[CellKey],
    reason: str,
    by_id: int,
    at: datetime,
) -> None:
    """Record what a reviewer said of a version."""
    connection.execute(
        insert(review).values(
            version_id=version_id,
            reviewer_id=reviewer_id,
            rows=sorted(rows),
            cells=[[key.row, key.column, key.line] for key in cells],
            reason=reason,
            by_id=by_id,
            at=at,
        )
    )


def of_submissions(
    connection: Connection, submission_ids: Iterable[int], as_of: datetime | None = None
) -> dict[int, list[Review]]:
    """Everything said of submissions (by a moment), oldest first: one query."""
    query = (
        select(review, submission_version.c.submission_id, submission_version.c.n, person.c.name)
        .join(submission_version, submission_version.c.id == review.c.version_id)
        .join(person, person.c.id == review.c.by_id)
        .where(submission_version.c.submission_id.in_(list(submission_ids)))
        .order_by(review.c.id)
    )
    if as_of is not None:
        query = query.where(review.c.at <= as_of)
    found: dict[int, list[Review]] = {}
    for row in connection.execute(query):
        found.setdefault(row.submission_id, []).append(
            Review(
                row.submission_id,
                row.version_id,
                row.n,
                row.reviewer_id,
                frozenset(row.rows),
                tuple(CellKey(*one) for one in row.cells),
                row.reason,
                row.name,
                row.at,
            )
        )
    return found
