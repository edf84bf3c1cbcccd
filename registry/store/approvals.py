"""Which approvals stand: those of versions nobody took the approval of back (thu hồi duyệt) since."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, desc, exists, func, select

from registry.store.tables import report_input, submission_event, submission_version

APPROVE, TAKE_BACK = "approve", "take-back"


def stands(event: Any = submission_event, as_of: datetime | None = None) -> ColumnElement[bool]:
    """True of an event of ``submission_event`` that approves a version and was not taken back, by a moment if told.

    A version approved twice was taken back once: the approval just before that falls, the first stands.
    """
    later, between = submission_event.alias("later"), submission_event.alias("between")
    again = (
        between.c.submission_id == event.c.submission_id,
        between.c.id > event.c.id,
        between.c.id < later.c.id,
        between.c.action == APPROVE,
    )
    mine = [
        later.c.submission_id == event.c.submission_id,
        later.c.n == event.c.n,
        later.c.id > event.c.id,
        later.c.action == TAKE_BACK,
        ~exists().where(*again).correlate(event, later),
    ]
    if as_of is not None:
        mine.append(later.c.at <= as_of)
    return and_(event.c.action == APPROVE, ~exists().where(*mine).correlate(event))


def last_moment(connection: Connection, submission_id: int, n: int) -> datetime | None:
    """When a version was approved last."""
    mine = (submission_event.c.submission_id == submission_id, submission_event.c.n == n)
    query = select(submission_event.c.at).where(*mine, submission_event.c.action == APPROVE)
    return connection.execute(query.order_by(desc(submission_event.c.id)).limit(1)).scalar()


def last(connection: Connection, submission_id: int) -> int | None:
    """The key of the version whose approval stands last."""
    n = (
        select(func.max(submission_event.c.n))
        .where(submission_event.c.submission_id == submission_id, stands())
        .scalar_subquery()
    )
    mine = and_(submission_version.c.submission_id == submission_id, submission_version.c.n == n)
    return connection.execute(select(submission_version.c.id).where(mine)).scalar()


def before_newest(connection: Connection, submission_ids: Iterable[int]) -> dict[int, int]:
    """Of each submission the key of the version whose approval stands last of those before its newest, in one query."""
    mine = list(submission_ids)
    newest = (
        select(submission_version.c.submission_id, func.max(submission_version.c.n).label("n"))
        .where(submission_version.c.submission_id.in_(mine))
        .group_by(submission_version.c.submission_id)
        .subquery()
    )
    highest = (
        select(submission_event.c.submission_id, func.max(submission_event.c.n).label("n"))
        .join(newest, newest.c.submission_id == submission_event.c.submission_id)
        .where(submission_event.c.submission_id.in_(mine), submission_event.c.n < newest.c.n, stands())
        .group_by(submission_event.c.submission_id)
        .subquery()
    )
    same = [submission_version.c[name] == highest.c[name] for name in ("submission_id", "n")]
    query = select(submission_version.c.submission_id, submission_version.c.id).join(highest, and_(*same))
    return {row.submission_id: row.id for row in connection.execute(query)}


def standing(connection: Connection, version_ids: Iterable[int]) -> dict[int, datetime]:
    """Of versions those whose approval stands last in their submission, and when it was given."""
    mine = submission_version.c.id.in_(list(version_ids))
    submissions = select(submission_version.c.submission_id).where(mine)
    highest = (
        select(submission_event.c.submission_id, func.max(submission_event.c.n).label("n"))
        .where(submission_event.c.submission_id.in_(submissions), stands())
        .group_by(submission_event.c.submission_id)
        .subquery()
    )
    same = [submission_version.c[name] == highest.c[name] for name in ("submission_id", "n")]
    events = [submission_version.c[name] == submission_event.c[name] for name in ("submission_id", "n")]
    query = (
        select(submission_version.c.id, func.max(submission_event.c.at).label("at"))
        .join(highest, and_(*same))
        .join(submission_event, and_(*events, stands()))
        .where(mine)
        .group_by(submission_version.c.id)
    )
    return {row.id: row.at for row in connection.execute(query)}


def is_rested_on(connection: Connection, version_id: int) -> bool:
    """True when a report that was sent or compiled counts the version."""
    query = select(report_input.c.report_version_id).where(report_input.c.submission_version_id == version_id)
    return connection.execute(query.limit(1)).first() is not None
