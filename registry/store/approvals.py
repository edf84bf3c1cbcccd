"""Which approvals stand: those of versions nobody took the approval of back (thu hồi duyệt) since."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, desc, exists, func, select

from registry.store.tables import report_input, submission_event, submission_version

APPROVE, TAKE_BACK = "approve", "take-back"


def stands(event: Any = submission_event, as_of: datetime | None = None) -> ColumnElement[bool]:
    """True of an event of ``submission_event`` that approves a version and was not taken back, by a moment if told."""
    later = submission_event.alias("later")
    mine = [
        later.c.submission_id == event.c.submission_id,
        later.c.n == event.c.n,
        later.c.id > event.c.id,
        later.c.action == TAKE_BACK,
    ]
    if as_of is not None:
        mine.append(later.c.at <= as_of)
    return and_(event.c.action == APPROVE, ~exists().where(*mine).correlate(event))


def last_moment(connection: Connection, submission_id: int, n: int) -> datetime | None:
    """When a version was approved last."""
    mine = (submission_event.c.submission_id == submission_id, submission_event.c.n == n)
    query = select(submission_event.c.at).where(*mine, submission_event.c.action == APPROVE)
    return connection.execute(query.order_by(desc(submission_event.c.id)).limit(1)).scalar()


def last(connection: Connection, submission_id: int, *, before: int | None = None) -> int | None:
    """The key of the version whose approval stands last, of those before one if told."""
    earlier = () if before is None else (submission_event.c.n < before,)
    n = (
        select(func.max(submission_event.c.n))
        .where(submission_event.c.submission_id == submission_id, stands(), *earlier)
        .scalar_subquery()
    )
    mine = and_(submission_version.c.submission_id == submission_id, submission_version.c.n == n)
    return connection.execute(select(submission_version.c.id).where(mine)).scalar()


def is_rested_on(connection: Connection, version_id: int) -> bool:
    """True when a report that was sent or compiled counts the version."""
    query = select(report_input.c.report_version_id).where(report_input.c.submission_version_id == version_id)
    return connection.execute(query.limit(1)).first() is not None
