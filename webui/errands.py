"""What a unit owes, report by report and form by form, and the step its reader can take next with each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass

from actions import assembling, parts, sealing, steps
from actions.desk import Desk
from actions.entry import fits_unit
from actions.reports import is_open
from actions.submit import may_be_nil
from registry.catalogue.forms import COMMUNE, row_set
from registry.catalogue.model import Form, Regime, Request, Unit
from registry.periods import parse
from registry.store import behalf, divisions, letters, openings, reports, uploads
from registry.store.behalf import Behalf
from registry.store.definitions import Snapshot, form_version
from registry.store.engine import Connection
from registry.store.letters import Letter
from registry.store.openings import Work
from registry.store.reports import Reception, Report
from registry.store.returned import Returned
from registry.store.uploads import Judged, Upload
from registry.workflow.policy import Action, Scope
from registry.workflow.report import ReceptionState, ReportState, ReportStep, report_step
from registry.workflow.submission import State, step
from webui import standing, turns
from webui.cell_names import Named, named
from webui.standing import Badge
from workbook_templates.outline import level_of


@dataclass(frozen=True)
class Task:
    """One form to be filled, and the step its reader can take next."""

    work: Work
    form: Form
    state: Badge
    deadline: Badge
    step: str  # template | upload | result | returned | approve | see
    upload: Upload | None
    can_type: bool  # the form is small enough to be filled on the page
    is_divided: bool  # among the unit's divisions
    entered: Behalf | None  # on the unit's behalf, by this document
    can_be_nil: bool
    returned: tuple[Named, ...]  # the cells it came back for, where not all of it did


@dataclass(frozen=True)
class Errand:
    """One report of one unit: its forms, its narrative, sending it."""

    unit: Unit
    regime: Regime
    period: str
    tasks: tuple[Task, ...]
    report: Report | None
    badge: Badge | None
    receptions: tuple[Reception, ...]
    can_attach: bool
    can_send: bool
    reasons: tuple[Badge, ...]  # why it waits for its reader; none where it waits for others
    request: Request | None  # what stands behind a report asked for once
    letter: Letter | None

    @property
    def opening_id(self) -> int:
        """Of all its tasks."""
        return self.tasks[0].work.opening_id

    @property
    def next_task(self) -> Task:
        """The one whose deadline comes next, of those not approved yet."""
        left = [one for one in self.tasks if one.work.state is not State.APPROVED] or list(self.tasks)
        return min(left, key=lambda one: one.work.due_at)

    @property
    def has_outline(self) -> bool:
        """True when the regime gives the unit's level an outline to write by."""
        return level_of(self.unit) in dict(self.regime.outlines)

    @property
    def is_over(self) -> bool:
        """True when nobody in the unit has anything left to do."""
        return self.report is not None and self.report.state is ReportState.SENT

    @property
    def has_returned_report(self) -> bool:
        """True when a receiver sent the report back."""
        return any(one.state is ReceptionState.RETURNED for one in self.receptions)


@dataclass(frozen=True)
class PartTask:
    """A division's part of a form (F16)."""

    errand: assembling.Errand
    regime: Regime
    unit: Unit
    form: Form
    state: Badge
    deadline: Badge
    can_fill: bool
    can_type: bool
    row_count: int  # open in the period
    can_check: bool  # it waits for its head, who reads this


@dataclass(frozen=True)
class Seen:
    """The work within a scope, and what is known of it."""

    snapshot: Snapshot
    works: tuple[Work, ...]
    shared: tuple[assembling.Errand, ...]  # parts of forms, of the divisions within the scope
    recent: tuple[Judged, ...]  # files, newest first
    forms: Mapping[int, Form]  # by definition
    reports: Mapping[tuple[int, int], Report]  # by opening and unit
    shut: Set[tuple[int, int]]  # of them those in a locked period
    taken: Mapping[int, list[Reception]]  # by report
    divided: frozenset[divisions.Share]
    entered: Mapping[int, Behalf]  # by assignment
    opened: Mapping[int, Returned]  # likewise
    behind: Mapping[str, Letter]  # by regime


def look(at: Desk, connection: Connection, allowed: Scope) -> Seen:
    """Everything within a scope, in as many queries whatever there is."""
    snapshot = at.snapshot(connection)
    works = openings.all_work(connection, allowed)
    held = {(one.opening_id, one.unit_id): one for one in reports.listing(connection, allowed)}
    locked = {(one.opening_id, one.unit_id) for one in works if one.is_locked} & held.keys()
    unsent = {place for place in locked if held[place].state is not ReportState.SENT}
    shared = assembling.errands(at, connection, allowed.units or frozenset())
    asked = {one.form_definition_id for one in (*works, *(one.work for one in shared))}
    return Seen(
        snapshot=snapshot,
        works=tuple(works),
        shared=tuple(shared),
        recent=tuple(uploads.lately(connection, allowed)),
        forms={one: form_version(connection, snapshot, one).form for one in asked},
        reports=held,
        shut={place for place in unsent if not is_open(at, connection, held[place])},
        taken=reports.receptions_within(connection, allowed),
        divided=divisions.divided(connection, _sharing(snapshot, works), at.day),
        entered=behalf.of_newest(connection, allowed, assignment_ids=[one.assignment_id for one in works]),
        opened=sealing.opened(connection, works),
        behind=letters.of(connection, {one.regime for one in works} & snapshot.requests.keys()),
    )


def _sharing(snapshot: Snapshot, works: Iterable[Work]) -> set[int]:
    """The units that have divisions, of those whose figures are not before the leader yet."""
    filling = {one.unit_id for one in works if step(one.state, Action.UPLOAD) is not None}
    return {one for one in filling if parts.divisions_of(snapshot, snapshot.units_by_id[one])}


def errands(at: Desk, seen: Seen) -> list[Errand]:
    """Each report with its forms."""
    files = (one.upload for one in reversed(seen.recent))
    newest = {one.assignment_id: one for one in files if one.assignment_id and not one.is_part}
    groups: dict[tuple[int, int], list[Work]] = {}
    for work in seen.works:
        groups.setdefault((work.opening_id, work.unit_id), []).append(work)
    return [_errand(at, seen, group, newest) for group in groups.values()]


def _errand(at: Desk, seen: Seen, works: list[Work], newest: Mapping[int, Upload]) -> Errand:
    first = works[0]
    place = (first.opening_id, first.unit_id)
    report, is_shut = seen.reports.get(place), place in seen.shut
    receptions = tuple(seen.taken.get(report.id, ())) if report else ()
    can_attach, can_send = (
        report is not None and not is_shut and report_step(report.state, one) is not None
        for one in (ReportStep.ATTACH, ReportStep.SEND)
    )
    can_attach = can_attach and at.scope(Action.ATTACH_NARRATIVE).allows(first.unit_id)
    can_decide = not is_shut and at.scope(Action.SEND_REPORT).allows(first.unit_id)
    can_send = can_send and can_decide and all(work.state is State.APPROVED for work in works)
    waits = turns.of_report(
        report,
        is_sent_back=any(one.state is ReceptionState.RETURNED for one in receptions),
        can_send=can_send,
        can_attach=can_attach,
        can_decide=can_decide,
    )
    mine = tuple(_task(at, seen, work, newest.get(work.assignment_id)) for work in works)
    return Errand(
        unit=seen.snapshot.units_by_id[first.unit_id],
        regime=seen.snapshot.regimes[first.regime],
        period=first.period,
        tasks=mine,
        report=report,
        badge=standing.of_report(report, receptions) if report else None,
        receptions=receptions,
        can_attach=can_attach,
        can_send=can_send,
        reasons=(*turns.of_forms((one.form.code, one.step) for one in mine), *waits),
        request=seen.snapshot.requests.get(first.regime),
        letter=seen.behind.get(first.regime),
    )


def _task(at: Desk, seen: Seen, work: Work, upload: Upload | None) -> Task:
    form, unit = seen.forms[work.form_definition_id], seen.snapshot.units_by_id[work.unit_id]
    back = seen.opened.get(work.assignment_id)
    is_divided = (work.unit_id, work.form) in seen.divided
    return Task(
        work=work,
        form=form,
        state=standing.of_submission(work.state),
        deadline=standing.of_deadline(work, at.moment, seen.snapshot.calendar),
        step=_next_step(at, work, upload),
        upload=upload,
        can_type=fits_unit(seen.snapshot, form, unit, parse(work.period)),
        is_divided=is_divided and at.scope(Action.SEE_PARTS).allows(work.unit_id),
        entered=seen.entered.get(work.assignment_id),
        can_be_nil=may_be_nil(seen.snapshot, work.regime) and steps.may(at, work, Action.SUBMIT),
        returned=named(form, COMMUNE if unit.kind.is_commune else "", back.cells) if back else (),
    )


def _next_step(at: Desk, work: Work, upload: Upload | None) -> str:
    """The one thing this person would do next with a form."""
    if work.state is State.PENDING and at.scope(Action.APPROVE).allows(work.unit_id, work.regime, work.form):
        return "approve"
    is_open = work.is_open_at(at.moment)
    if is_open and at.scope(Action.UPLOAD).allows(work.unit_id, work.regime, work.form):
        if work.state is State.EMPTY and upload is None:
            return "template"
        if work.state in (State.EMPTY, State.DRAFT):
            return "result" if upload else "upload"
        if work.state is State.RETURNED:
            return "returned"
    return "see"


def part_tasks(at: Desk, seen: Seen, allowed: Scope) -> list[PartTask]:
    """The parts of forms that divisions within the scope fill or check."""
    return [
        _part_task(at, seen, one)
        for one in seen.shared
        if allowed.allows(one.part.division_id, one.work.regime, one.work.form) and one.is_shown
    ]


def _part_task(at: Desk, seen: Seen, one: assembling.Errand) -> PartTask:
    work, unit, form = one.work, seen.snapshot.units_by_id[one.work.unit_id], seen.forms[one.work.form_definition_id]
    place, period = (one.part.division_id, work.regime, work.form), parse(work.period)
    return PartTask(
        errand=one,
        regime=seen.snapshot.regimes[work.regime],
        unit=unit,
        form=form,
        state=standing.of_upload(one.newest, one.status) if one.newest else standing.nothing_given(),
        deadline=standing.of_deadline(work, at.moment, seen.snapshot.calendar),
        can_fill=work.is_open_at(at.moment) and one.is_takable and at.scope(Action.UPLOAD).allows(*place),
        can_type=fits_unit(seen.snapshot, form, unit, period, one.part.rows),
        row_count=len(row_set(form, unit, period.shape).open_rows & one.part.rows),
        can_check=one.is_to_be_checked and at.scope(Action.CONFIRM_PART).allows(*place),
    )
