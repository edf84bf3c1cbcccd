"""The leader's decision on figures: approve into the warehouse, or return with a reason (Điều 12.4)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from actions import amending, cubes, events, sealing, steps
from actions.behalf import assert_may_decide
from actions.cases import Situation, rows_by_series, situation
from actions.desk import Change, Changed, Desk, NotYours, Refusal
from actions.instants import locked_years
from actions.own_entry import assert_may_approve
from actions.reopening import decides
from actions.reports import figures_reopened
from actions.steps import Given
from actions.waivers import assert_still_hold
from registry.catalogue.forms import subject_of
from registry.catalogue.measures import to_mantissa
from registry.catalogue.model import PROVINCE, Row
from registry.catalogue.values import CellKey, State
from registry.periods import NoSuchPeriod, Period, parse, previous
from registry.rules.lines import sums
from registry.store import approvals, figures, reports, returned, submissions
from registry.store.definitions import Snapshot
from registry.store.engine import Connection, take_turns
from registry.store.fallback import fall_back
from registry.store.figures import NewFigure, Source
from registry.store.openings import Work
from registry.store.submissions import Version
from registry.workflow.policy import EVERYWHERE, Action
from registry.workflow.report import ReportState

_OF_THE_UNIT = (Action.RETURN, Action.ASK_REOPEN)  # who remarks and may do either leads the unit


def approve(desk: Desk, assignment_id: int, version: int) -> int:
    """Approve the version the leader has seen: its figures enter the warehouse in the same transaction.

    Those of a locked year do not: it changes by a document only; how many were left out. Raises NotYours, NotNow (not
    waiting; own entry where that may not be; let pass under a waiver withdrawn since), Changed (another version, or
    another actor was quicker).
    """
    with desk.change(Action.APPROVE, f"assignment {assignment_id}") as change:
        work = steps.work_of(desk, change.connection, assignment_id, Action.APPROVE)
        seen = Given(version)
        steps.needed(work, Action.APPROVE, desk.moment, seen)
        snapshot = desk.snapshot(change.connection)
        newest = submissions.newest(change.connection, work.submission_id)
        assert newest is not None
        document = assert_may_decide(desk, change.connection, newest)
        own_entry = document is None and assert_may_approve(desk, change.connection, snapshot, work, newest.id)
        situated = situation(change.connection, snapshot, work)
        assert_still_hold(change.connection, situated, newest.id)
        former = approvals.last(change.connection, work.submission_id)
        steps.take(desk, change, work, Action.APPROVE, seen, own_entry=own_entry)
        written = left_out = 0
        if former != newest.id:
            given = _again(change.connection, newest.id) or list(figures_of(situated, newest, snapshot))
            mine, locked = Source(version_id=newest.id), locked_years(change.connection, work.regime)
            open_ones = [one for one in given if parse(one.period).year not in locked]
            left_out = len(given) - len(open_ones)
            written = figures.put(change.connection, open_ones, mine, desk.moment)
            if former is not None:
                written += fall_back(change.connection, [former], mine, desk.moment, locked)
        change.detail |= {"figures": written} | ({"left out": left_out} if left_out else {})
        cubes.follow(desk, change.connection)
        amending.finish(desk, change, work, newest.id)
        return left_out


def _again(connection: Connection, version_id: int) -> list[NewFigure]:
    """The figures a version wrote when it was approved before, to be written once more."""
    return [
        NewFigure(
            one.series,
            one.period,
            one.subject_id,
            one.reporting_id,
            one.nature,
            one.mantissa,
            one.state,
            one.authority,
        )
        for one in figures.of_versions(connection, [version_id])
    ]


def take_back(desk: Desk, assignment_id: int, version: int, reason: str) -> None:
    """Take an approval back shortly after, before anybody counted it: its figures leave the warehouse, what stood there
    before (of the version approved before, of an import) counts again, and the version waits before the leader.

    Raises NotYours, NotNow (not approved, too late, sent or compiled), Changed, Refusal (no reason).
    """
    with desk.change(Action.TAKE_BACK, f"assignment {assignment_id}") as change:
        connection = change.connection
        work = steps.work_of(desk, connection, assignment_id, Action.TAKE_BACK)
        take_turns(connection, f"counting {work.opening_id}")  # a compile may be about to rest on it
        given = _to_take_back(desk, connection, work, version, reason)
        steps.needed(work, Action.TAKE_BACK, desk.moment, given)
        newest = submissions.newest(connection, work.submission_id)
        assert newest is not None
        assert_may_decide(desk, connection, newest)
        steps.take(desk, change, work, Action.TAKE_BACK, given)
        report = reports.find(connection, EVERYWHERE, work.opening_id, work.unit_id)
        if report is not None and not reports.advance(connection, report, report.state):
            raise Changed  # it was being sent
        former = approvals.last(connection, work.submission_id) or newest.id
        again, locked = Source(version_id=former), locked_years(connection, work.regime)
        change.detail["figures"] = fall_back(connection, {former, newest.id}, again, desk.moment, locked)
        cubes.follow(desk, connection)


def may_take_back(desk: Desk, connection: Connection, work: Work) -> bool:
    """True while the actor may take the approval of a form back."""
    if not steps.may(desk, work, Action.TAKE_BACK):
        return False
    given = _to_take_back(desk, connection, work, work.version, "")
    return not (given.is_long_ago or given.is_counted)


def _to_take_back(desk: Desk, connection: Connection, work: Work, version: int, reason: str) -> Given:
    approved_at = approvals.last_moment(connection, work.submission_id, work.version)
    newest = submissions.newest(connection, work.submission_id)
    report = reports.find(connection, EVERYWHERE, work.opening_id, work.unit_id)
    is_sent = report is not None and report.state is ReportState.SENT
    return Given(
        version,
        reason,
        is_long_ago=approved_at is None or desk.moment - approved_at > desk.instance.settings.take_back,
        is_counted=is_sent or (newest is not None and approvals.is_rested_on(connection, newest.id)),
    )


def send_back(
    desk: Desk, assignment_id: int, version: int, reason: str, cells: Mapping[CellKey, str] | None = None
) -> None:
    """Not approved, returned with a written reason; with ``cells`` only those are open, with words on each.

    Of a form that was opened to the unit for some cells the others stay sealed. Raises NotYours, Refusal (no reason; a
    cell nobody types, or sealed), NotNow, Changed.
    """
    with desk.change(Action.RETURN, f"assignment {assignment_id}") as change:
        work = steps.work_of(desk, change.connection, assignment_id, Action.RETURN)
        given = Given(version, reason)
        steps.needed(work, Action.RETURN, desk.moment, given)
        newest = submissions.newest(change.connection, work.submission_id)
        assert newest is not None
        assert_may_decide(desk, change.connection, newest)
        sealing.assert_within(change.connection, work, cells or {})
        event = steps.take(desk, change, work, Action.RETURN, given)
        name_cells(desk, change, work, event, cells or {})


def name_cells(desk: Desk, change: Change, work: Work, event_id: int, cells: Mapping[CellKey, str]) -> None:
    """Keep which cells a step opens; the others stay sealed."""
    if not cells:
        return
    newest = submissions.newest(change.connection, work.submission_id)
    assert newest is not None
    situated = situation(change.connection, desk.snapshot(change.connection), work)
    named = sealing.chosen(situated, newest, cells)
    returned.put(change.connection, event_id, named)
    change.detail["cells"] = [list(key) for key in named]


def may_remark(desk: Desk, snapshot: Snapshot, work: Work) -> bool:
    """True for the unit's own leader, and for whoever receives its report, while its period is not locked."""
    asked = work.unit_id, work.regime, work.form
    if work.is_locked or not desk.scope(Action.REMARK).allows(*asked):
        return False
    return decides(desk, snapshot, work.regime) or any(desk.scope(one).allows(*asked) for one in _OF_THE_UNIT)


def remark(desk: Desk, assignment_id: int, version: int, cells: Mapping[CellKey, str]) -> None:
    """Say something of cells of a version without returning it. Raises NotYours, Changed, Refusal (nothing said)."""
    told = {key: text for key, text in cells.items() if text.strip()}
    if not told:
        raise Refusal("remark-needed-on-cell")
    with desk.change(Action.REMARK, f"assignment {assignment_id}") as change:
        work = steps.work_of(desk, change.connection, assignment_id, Action.REMARK)
        snapshot = desk.snapshot(change.connection)
        if not may_remark(desk, snapshot, work):
            raise NotYours
        newest = submissions.newest(change.connection, work.submission_id)
        if newest is None or newest.n != version:
            raise Changed
        situated = situation(change.connection, snapshot, work)
        named = sealing.chosen(situated, newest, told)
        returned.remark(change.connection, work.submission_id, version, named, desk.actor.person_id, desk.moment)
        events.of_figures(desk, change.connection, events.REMARKED, work)
        change.on = f"submission {work.submission_id}"
        change.detail |= {"version": version, "cells": [list(key) for key in named]}


def may_reopen(desk: Desk, snapshot: Snapshot, work: Work) -> bool:
    """True while the form can be reopened, by whoever receives the unit's report."""
    return steps.may(desk, work, Action.REOPEN) and decides(desk, snapshot, work.regime)


def reopen(
    desk: Desk,
    assignment_id: int,
    reason: str,
    cells: Mapping[CellKey, str] | None = None,
    *,
    version: int | None = None,
) -> None:
    """Let a unit correct approved figures, or only some ``cells`` of them, with words on each; the approved version
    stays counted until its successor is approved. ``version`` is the one that was looked at, on a page always.

    Raises NotYours, Refusal (no reason; a cell nobody types), NotNow, Changed.
    """
    with desk.change(Action.REOPEN, f"assignment {assignment_id}") as change:
        work = steps.work_of(desk, change.connection, assignment_id, Action.REOPEN)
        if not decides(desk, desk.snapshot(change.connection), work.regime):
            raise NotYours
        seen = work.version if version is None else version
        event = steps.take(desk, change, work, Action.REOPEN, Given(seen, reason))
        name_cells(desk, change, work, event, cells or {})
        figures_reopened(desk, change, work.opening_id, work.unit_id, reason)


def _period_of(situated: Situation, shift: int) -> Period | None:
    """The period a figure belongs to; None before the first round of a report asked for once."""
    try:
        return previous(situated.period, situated.regime.frequency, shift)
    except NoSuchPeriod:
        return None


def figures_of(situated: Situation, version: Version, snapshot: Snapshot) -> Iterator[NewFigure]:
    """The figures a version writes: every kept cell that holds a number, with its own period and nature (F3)."""
    view, definitions = situated.view, snapshot.definitions
    yield from _sums_of_lists(situated, version, snapshot)
    rows = rows_by_series(view)
    for key, spec in view.cells.items():
        value = version.values.get(key)
        if not spec.keep or spec.series is None or value is None or value.amount is None:
            continue
        row = rows[spec.series.indicator, spec.series.members]
        shown, canonical = definitions.measures[spec.measure], definitions.canonical(spec.series)
        period = _period_of(situated, spec.shift)
        if period is None or period.code in situated.inherited.periods:
            continue  # what the former units gave stays as it was
        yield NewFigure(
            spec.series,
            period.code,
            _subject(situated, row, snapshot),
            situated.work.unit_id,
            spec.nature,
            to_mantissa(value.amount, shown, canonical),
            State.NIL if value.state is State.NIL else State.VALUE,
            row.suppliers.index(situated.unit.code) if situated.unit.code in row.suppliers else len(row.suppliers),
        )


def _subject(situated: Situation, row: Row, snapshot: Snapshot) -> int:
    """The unit a row's figures are about; the one that answers by its key: it may have ended, its code live on."""
    code = subject_of(row, situated.unit, PROVINCE)
    return situated.work.unit_id if code == situated.unit.code else snapshot.unit_ids[code]


def _sums_of_lists(situated: Situation, version: Version, snapshot: Snapshot) -> Iterator[NewFigure]:
    """A kept column of a list gives the unit's own figure: the sum over its lines (DATA_MODEL: list_line)."""
    definitions, mine = snapshot.definitions, situated.work.unit_id
    for line in situated.view.lists.values():
        for key, total in sums(line, version.values).items():
            spec = line.cells[key]
            if not spec.keep or spec.series is None or total.amount is None:
                continue
            period = _period_of(situated, spec.shift)
            if period is None or period.code in situated.inherited.periods:
                continue
            shown, canonical = definitions.measures[spec.measure], definitions.canonical(spec.series)
            yield NewFigure(
                spec.series,
                period.code,
                mine,
                situated.work.unit_id,
                spec.nature,
                to_mantissa(total.amount, shown, canonical),
                State.NIL if total.state is State.NIL else State.VALUE,
            )
