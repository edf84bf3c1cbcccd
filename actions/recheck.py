"""A reviewer's decision: what units approved is accepted, or chosen cells go back to be checked (PRACTICE F13)."""

from __future__ import annotations

from collections.abc import Mapping

from actions import events, steps
from actions.decide import name_cells
from actions.desk import Change, Changed, Desk, NotYours
from actions.instants import assert_unlocked
from actions.reasons import reason_of
from actions.reports import figures_reopened
from actions.reviewing import Line, Sheet, is_open, sheet_of
from actions.steps import Given
from registry.catalogue.values import CellKey
from registry.store import openings, reviews
from registry.store.definitions import Snapshot
from registry.store.openings import Work
from registry.workflow.policy import Action
from registry.workflow.review import ReviewState

MOST_WORDS = 1000  # characters of a reason


def review(
    desk: Desk,
    reviewer_id: int,
    regime: str,
    period: str,
    form: str,
    looked: Mapping[int, int],
    chosen: Mapping[int, frozenset[CellKey]],
    reason: str = "",
) -> int:
    """Accept the versions looked at, by assignment, but for the chosen cells, which their units are asked to check
    again; how many cells were asked about.

    The units are told. A version asked about stays counted until its successor is approved. Raises NotYours, Refusal
    (no reason), NotNow (nothing to review there, its period locked, or the form open already), Changed (another version
    by now).
    """
    desk.require(Action.REVIEW, reviewer_id, regime, form)
    asked = sum(map(len, chosen.values()))
    words = reason_of(reason, MOST_WORDS) if asked or reason.strip() else ""
    with desk.change(Action.REVIEW, "review") as change:
        snapshot = desk.snapshot(change.connection)
        sheet = sheet_of(desk, change.connection, snapshot, reviewer_id, regime, period, form)
        opening = openings.hold(change.connection, sheet.opening.id)
        if not is_open(change.connection, opening, looked.values()):
            assert_unlocked(desk, change.connection, opening)
        change.on = f"review of opening {sheet.opening.id} unit {reviewer_id}"
        held = {line.work.assignment_id: line for line in sheet.lines}
        if not chosen.keys() <= looked.keys() <= held.keys():
            raise NotYours
        accepted = 0
        for assignment_id, version_id in looked.items():
            line, cells = held[assignment_id], chosen.get(assignment_id, frozenset())
            if line.version_id != version_id:
                raise Changed
            accepted += _put(desk, change, snapshot, sheet, line, cells, words)
        change.detail |= {"form": form, "units": len(looked), "accepted": accepted, "cells": asked}
        change.detail |= {"reason": words} if asked else {}
    return asked


def _put(
    desk: Desk,
    change: Change,
    snapshot: Snapshot,
    sheet: Sheet,
    line: Line,
    cells: frozenset[CellKey],
    reason: str,
) -> int:
    """One unit's part of it; how many rows were accepted."""
    rows = {key.row for key in cells}
    if not rows <= line.rows.keys():
        raise NotYours
    accepted = {row for row, state in line.rows.items() if state is ReviewState.WAITING} - rows
    if not accepted and not cells:
        return 0
    reviews.put(
        change.connection,
        line.version_id,
        sheet.reviewer_id,
        accepted,
        sorted(cells, key=_order),
        reason if cells else "",
        desk.actor.person_id,
        desk.moment,
    )
    if cells:
        _reopen(desk, change, line.work, reason, cells)
    held_up = any(state is ReviewState.RECHECK for row, state in line.rows.items() if row not in rows)
    if cells or not held_up:
        _tell(desk, change, snapshot, sheet, line.work, events.RECHECK if cells else events.REVIEWED, reason)
    return len(accepted)


def _order(key: CellKey) -> tuple[str, str, int]:
    return key.row, key.column, key.line or 0


def _reopen(desk: Desk, change: Change, work: Work, reason: str, cells: frozenset[CellKey]) -> None:
    """The unit may correct these cells, the rest is sealed; what is approved stays counted until its successor is."""
    on, detail = change.on, dict(change.detail)
    event = steps.take(desk, change, work, Action.REOPEN, Given(work.version, reason))
    name_cells(desk, change, work, event, dict.fromkeys(sorted(cells, key=_order), ""))
    change.on, change.detail = on, detail
    figures_reopened(desk, change, work.opening_id, work.unit_id, reason)


def _tell(desk: Desk, change: Change, snapshot: Snapshot, sheet: Sheet, work: Work, kind: str, reason: str) -> None:
    values = {
        "form": work.form,
        "period": work.period,
        "reviewer": snapshot.units_by_id[sheet.reviewer_id].name,
        "why": reason[: events.LONGEST_REASON],
    }
    on = f"assignment {work.assignment_id}"
    events.tell(desk, change.connection, kind, on, values, (work.unit_id,), regime=work.regime, form=work.form)
