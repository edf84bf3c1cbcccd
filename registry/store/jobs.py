"""Work to do later: jobs with lease and fence, enqueued in the business transaction."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, delete, desc, insert, or_, select, update

from registry.store.engine import inserted
from registry.store.tables import job

LEASE = timedelta(minutes=5)
MAX_ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class Job:
    """A job as its worker holds it; ``fence`` grows with every lease, so a lost worker cannot finish it."""

    id: int
    kind: str
    args: dict[str, Any]
    state: str
    attempt: int
    fence: int
    progress: int
    result: Any
    by_id: int | None


def enqueue(
    connection: Connection,
    kind: str,
    args: dict[str, Any],
    at: datetime,
    *,
    unique_key: str | None = None,
    by_id: int | None = None,
) -> int:
    """Put a job in the queue; while one with the same unique key waits or runs, that one is returned instead."""
    if unique_key is not None:
        same = select(job.c.id).where(job.c.unique_key == unique_key, job.c.state.in_(("waiting", "running")))
        known = connection.execute(same).scalar()
        if known is not None:
            return int(known)
    return inserted(connection, insert(job).values(**_waiting(kind, args, at, unique_key, by_id)))


def enqueue_all(
    connection: Connection, kind: str, new: Mapping[str, dict[str, Any]], at: datetime, by_id: int | None
) -> None:
    """Put jobs that nobody asked for before in the queue, by unique key what they are told: one statement."""
    connection.execute(insert(job), [_waiting(kind, args, at, key, by_id) for key, args in new.items()])


def _waiting(
    kind: str, args: dict[str, Any], at: datetime, unique_key: str | None, by_id: int | None
) -> dict[str, Any]:
    return {
        "kind": kind,
        "args": args,
        "unique_key": unique_key,
        "state": "waiting",
        "run_at": at,
        "fence": 0,
        "attempt": 0,
        "progress": 0,
        "by_id": by_id,
    }


def forget(connection: Connection, kind: str, before: datetime) -> None:
    """Drop the jobs of a kind done before a moment: what comes every few minutes leaves no heap behind."""
    connection.execute(delete(job).where(job.c.kind == kind, job.c.state == "done", job.c.run_at < before))


def hand_over(connection: Connection, key: str, to_id: int) -> None:
    """Waiting jobs whose unique key begins so run in somebody else's name."""
    waiting = (job.c.state == "waiting", job.c.unique_key.startswith(key, autoescape=True))
    connection.execute(update(job).where(*waiting).values(by_id=to_id))


def lease(connection: Connection, at: datetime, kinds: Collection[str] | None = None) -> Job | None:
    """Take the next job (of these kinds) that is due, or one whose worker's lease has run out."""
    due = or_(
        and_(job.c.state == "waiting", job.c.run_at <= at),
        and_(job.c.state == "running", job.c.lease_until < at),
    )
    query = select(job).where(due).order_by(job.c.run_at, job.c.id).limit(1)
    if kinds is not None:
        query = query.where(job.c.kind.in_(kinds))
    if connection.dialect.name == "postgresql":
        query = query.with_for_update(skip_locked=True)
    row = connection.execute(query).first()
    if row is None:
        return None
    values = {"state": "running", "lease_until": at + LEASE, "fence": row.fence + 1, "attempt": row.attempt + 1}
    connection.execute(update(job).where(job.c.id == row.id).values(**values))
    return Job(
        row.id, row.kind, row.args, "running", row.attempt + 1, row.fence + 1, row.progress, row.result, row.by_id
    )


def finish(connection: Connection, held: Job, result: Any) -> bool:
    """Mark done; False when another worker has taken the job meanwhile."""
    return _close(connection, held, {"state": "done", "progress": 100, "result": result})


def fail(connection: Connection, held: Job, at: datetime, error: str) -> bool:
    """Try again a little later, or give up after MAX_ATTEMPTS."""
    if held.attempt >= MAX_ATTEMPTS:
        return _close(connection, held, {"state": "failed", "result": {"error": error}})
    return _close(connection, held, {"state": "waiting", "run_at": at + timedelta(seconds=5 * held.attempt)})


def _close(connection: Connection, held: Job, values: dict[str, Any]) -> bool:
    mine = and_(job.c.id == held.id, job.c.fence == held.fence, job.c.state == "running")
    return connection.execute(update(job).where(mine).values(**values, lease_until=None)).rowcount == 1


def report_progress(connection: Connection, held: Job, at: datetime, percent: int) -> bool:
    """Progress 0–100; renews the lease. False when the job was cancelled, or another worker has taken it."""
    mine = and_(job.c.id == held.id, job.c.fence == held.fence, job.c.state == "running")
    return connection.execute(update(job).where(mine).values(progress=percent, lease_until=at + LEASE)).rowcount == 1


def cancel(connection: Connection, unique_key: str) -> bool:
    """Cancel what waits or runs under a unique key; its worker notices when it next tells its progress."""
    mine = and_(job.c.unique_key == unique_key, job.c.state.in_(("waiting", "running")))
    return connection.execute(update(job).where(mine).values(state="cancelled", lease_until=None)).rowcount == 1


def get(connection: Connection, job_id: int) -> Job | None:
    """A job by its number."""
    return _job(connection.execute(select(job).where(job.c.id == job_id)).first())


def newest(connection: Connection, unique_key: str, state: str = "") -> Job | None:
    """The last job enqueued under a unique key, of any state or of one."""
    query = select(job).where(job.c.unique_key == unique_key).order_by(desc(job.c.id)).limit(1)
    return _job(connection.execute(query.where(job.c.state == state) if state else query).first())


def _job(row: Any) -> Job | None:
    if row is None:
        return None
    return Job(row.id, row.kind, row.args, row.state, row.attempt, row.fence, row.progress, row.result, row.by_id)
