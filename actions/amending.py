"""Correcting figures after their period was locked (đính chính, PRACTICE F17): never silently, and every report that
counted the wrong ones is named.
"""

from __future__ import annotations

from collections.abc import Mapping

from actions import events, instants, steps
from actions.cases import Situation
from actions.desk import Change, Desk, NotNow, NotYours, Refusal
from actions.reasons import reason_of
from actions.reports import figures_reopened
from actions.steps import Given
from ingest.seen import spec_of, view_of
from registry.catalogue.values import BLANK, CellKey
from registry.catalogue.words import shown
from registry.store import amendments, approvals, openings
from registry.store.cells import Cells
from registry.store.engine import Connection, take_turns
from registry.store.openings import Work
from registry.workflow.policy import EVERYWHERE, Action

MOST_DOCUMENT, MOST_REASON = 200, 1000  # characters


def begin(desk: Desk, assignment_id: int, document: str, reason: str) -> int:
    """Let a unit put right approved figures of a locked period, by a document; the correction's number in the period.

    What was approved stays counted until the right figures are. Raises NotYours, Refusal (no document, no reason),
    NotNow (not locked, its year is, not approved), Changed.
    """
    document = document.strip()
    if not document or len(document) > MOST_DOCUMENT:
        raise Refusal("amendment-document", most=MOST_DOCUMENT)
    reason = reason_of(reason, MOST_REASON)
    with desk.change("correct locked figures", f"assignment {assignment_id}") as change:
        work = _work(change.connection, assignment_id)
        here = instants.running(desk, change.connection, work.opening_id)
        instants.assert_year_open(desk, change.connection, work.regime, work.period)
        take_turns(change.connection, f"amendments of {work.opening_id}")
        wrong = approvals.last(change.connection, work.submission_id)
        if not here.opening.is_locked or not work.is_locked or wrong is None:
            raise NotNow("amendment-not-now")
        by, said = desk.actor.person_id, f"{document}: {reason}"
        n = amendments.put(change.connection, work.opening_id, assignment_id, wrong, document, reason, by, desk.moment)
        change.detail |= {"correction": n, "document": document}
        under_it = _work(change.connection, assignment_id)
        steps.take(desk, change, under_it, Action.REOPEN, Given(under_it.version, said))
        figures_reopened(desk, change, work.opening_id, work.unit_id, said)
        return n


def finish(desk: Desk, change: Change, work: Work, version_id: int) -> None:
    """The right figures are approved: who made a report that counted the wrong ones is told, and who receives one."""
    found = amendments.open_of(change.connection, work.assignment_id)
    if found is None:
        return
    amendments.finish(change.connection, found.id, version_id, desk.moment)
    change.detail |= {"correction": found.n}
    makers = {one.by_id for one in amendments.resting_on(change.connection, found.old_version_id, version_id)}
    events.corrected(desk, change.connection, work, found.n, found.document, makers)


def differences(situated: Situation, old: Cells, new: Cells) -> Mapping[CellKey, tuple[str, str]]:
    """What each cell that says something else held, and holds, as it is printed."""
    found: dict[CellKey, tuple[str, str]] = {}
    for key in dict.fromkeys((*old, *new)):
        view, spec = view_of(situated.view, key), spec_of(situated.view, key)
        if view is not None and spec is not None:
            pair = shown(view, spec, old.get(key, BLANK)), shown(view, spec, new.get(key, BLANK))
            found |= {key: pair} if pair[0] != pair[1] else {}
    return found


def _work(connection: Connection, assignment_id: int) -> Work:
    found = openings.work(connection, EVERYWHERE, assignment_id=assignment_id)
    if not found:
        raise NotYours
    return found[0]
