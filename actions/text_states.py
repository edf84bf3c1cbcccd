"""How far the text of a report is, beside the versions compiled with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from registry.store import drafts
from registry.store.engine import Connection
from registry.workflow.text_history import Taken, TextState, text_state


def of(
    connection: Connection, opening_id: int, unit_id: int, moments: Iterable[datetime]
) -> tuple[int | None, Mapping[datetime, TextState]]:
    """The key of the draft of a unit's report (None without one), and its text as it was at some moments."""
    draft = drafts.find(connection, opening_id, unit_id)
    if draft is None:
        return None, {}
    taken = [Taken(one.step, one.state, one.by_name, one.at) for one in reversed(drafts.steps(connection, draft.id))]
    found = {moment: text_state(taken, moment) for moment in moments}
    return draft.id, {moment: state for moment, state in found.items() if state is not None}
