"""The text the last approval passed is kept: the report's body, and what the next one begins with (F12)."""

from __future__ import annotations

from typing import Any

from actions import drafting
from actions.desk import Desk
from actions.draft_figures import facts
from compile.draft_document import numbers_of
from registry.store import draft_copies
from registry.store.engine import Connection


def texts(desk: Desk, draft_id: int) -> list[dict[str, Any]]:
    """The draft's texts with their numbers as they print now: {tag, body, text, numbers: [[placeholder, printed]]}."""
    with desk.read() as connection:
        seen = drafting.look(desk, connection, draft_id)
        filler = facts(desk, connection, seen.draft, seen.headings).filler
    found = []
    for one in seen.headings:
        if one.is_written:
            filled = filler.fill(one.body, one.title)
            numbers = [[each.placeholder, each.printed] for each in numbers_of(filled)]
            found.append({"tag": one.tag, "body": one.body, "text": filled.text, "numbers": numbers})
    return found


def issue(desk: Desk, connection: Connection, draft_id: int, passed: list[dict[str, Any]]) -> int:
    """Keep them as the next issue, with the numbers that print otherwise than in the one before; its number."""
    before = draft_copies.issues(connection, draft_id)
    changes = changed_numbers(before[0].texts, passed) if before else []
    return draft_copies.issue(connection, draft_id, passed, changes, desk.actor.person_id, desk.moment)


def changed_numbers(before: list[dict[str, Any]], now: list[dict[str, Any]]) -> list[list[str]]:
    """Linked numbers of both issues that print differently, each [tag, placeholder, old, new]."""
    old = {(one["tag"], number[0]): number[1] for one in before for number in one["numbers"]}
    return [
        [one["tag"], placeholder, old[one["tag"], placeholder], printed]
        for one in now
        for placeholder, printed in one["numbers"]
        if old.get((one["tag"], placeholder), printed) != printed
    ]
