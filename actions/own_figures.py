"""A unit's own figures as tables a text is filled from or held against."""

from __future__ import annotations

from collections.abc import Iterable

from actions.cases import view_of
from compile.filled import Table, own_table
from registry.store import submissions
from registry.store.definitions import Snapshot
from registry.store.engine import Connection
from registry.store.openings import Work
from registry.workflow.submission import State


def approved_tables(connection: Connection, snapshot: Snapshot, works: Iterable[Work]) -> dict[int, tuple[Table, ...]]:
    """By unit the forms whose figures its leader has approved."""
    return own_tables(connection, snapshot, (work for work in works if work.state is State.APPROVED))


def own_tables(connection: Connection, snapshot: Snapshot, works: Iterable[Work]) -> dict[int, tuple[Table, ...]]:
    """By unit its forms in the newest version handed in; those of which there is none are left out."""
    mine = list(works)
    values = submissions.newest_values(connection, [work.submission_id for work in mine])
    tables: dict[int, tuple[Table, ...]] = {}
    for work in mine:
        if work.submission_id in values:
            view, _ = view_of(connection, snapshot, work)
            tables[work.unit_id] = (*tables.get(work.unit_id, ()), own_table(view, values[work.submission_id]))
    return tables
