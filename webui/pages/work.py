"""“Việc của tôi”: what is due, how far it is, and the one button that matters."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from actions import assembling, parts, sealing, steps
from actions.desk import Desk
from actions.entry import fits_unit
from actions.reports import is_open
from actions.submit import may_be_nil
from registry.catalogue.forms import COMMUNE, row_set
from registry.catalogue.model import Form, Regime, Request, Role, Unit
from registry.periods import parse
from registry.store import (
    behalf,
    divisions,
    letters,
    notices,
    openings,
    reports,
    signing,
    trials,
    uploads,
)
from registry.store.behalf import Behalf
from registry.store.definitions import Snapshot, form_version
from registry.store.engine import Connection
from registry.store.letters import Letter
from registry.store.openings import Progress, Work
from registry.store.reports import Reception, Report
from registry.store.returned import Returned
from registry.store.signing import Delegation
from registry.store.uploads import Upload
from registry.workflow.policy import Action, own_work
from registry.workflow.report import ReceptionState, ReportState, ReportStep, report_step
from registry.workflow.submission import State, step
from webui import queues, standing, turns
from webui.cell_names import Named, named
from webui.pages import notices as notice_pages
from webui.permission import page
from webui.standing import Badge
from webui.visitor import desk
from workbook_templates.outline import level_of

blueprint = Blueprint("work", __name__)

_NEWEST = 2  # notices shown here; all of them have a page
_MOST_OVER = 24  # reports sent, of those the newest


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
class Watch:
    """One period the whole province works on."""

    progress: Progress
    regime: Regime | None


@blueprint.get("/")
@page(Action.SEE_WORK)
def home() -> Response | str:
    """What is due, what was sent lately, and for the office how the periods stand.

    Who only watches over security has no work here but the page about it.
    """
    at = desk()
    if {grant.role for grant in at.actor.grants} == {Role.WATCH}:
        return redirect(url_for("watch.overview"))
    allowed = own_work(at.actor)
    with at.read() as connection:
        snapshot = at.snapshot(connection)
        works = openings.all_work(connection, allowed)
        held = {(one.opening_id, one.unit_id): one for one in reports.listing(connection, allowed)}
        locked = {(one.opening_id, one.unit_id) for one in works if one.is_locked} & held.keys()
        unsent = {place for place in locked if held[place].state is not ReportState.SENT}
        shut = {place for place in unsent if not is_open(at, connection, held[place])}
        taken = reports.receptions_within(connection, allowed)
        recent = uploads.lately(connection, allowed)
        tried = trials.lying(connection, allowed)
        lent = _lent(at, connection)
        watched = openings.progress(connection, at.scope(Action.SEE_BOARD))
        behind = letters.of(connection, {one.regime for one in works} & snapshot.requests.keys())
        told = notices.unread(connection, at.actor.person_id, _NEWEST) if current_user.unread else []
        entered = behalf.of_newest(connection, allowed, assignment_ids=[one.assignment_id for one in works])
        queued = queues.waiting(at, connection)
        shared = assembling.errands(at, connection, allowed.units or frozenset())
        divided = divisions.divided(connection, _sharing(snapshot, works), at.day)
        opened = sealing.opened(connection, works)
        asked = {one.form_definition_id for one in (*works, *(one.work for one in shared))}
        forms = {one: form_version(connection, snapshot, one) for one in asked}
    newest = {
        one.upload.assignment_id: one.upload
        for one in reversed(recent)
        if one.upload.assignment_id and not one.upload.is_part
    }
    tasks = {
        one.assignment_id: _task(
            at, snapshot, one, forms[one.form_definition_id].form, newest, divided, entered, opened
        )
        for one in works
    }
    errands = [_errand(at, snapshot, group, held, shut, taken, tasks, behind) for group in _grouped(works)]
    current = sorted((one for one in errands if not one.is_over), key=lambda one: one.next_task.work.due_at)
    over = [one for one in errands if one.is_over]
    reached = _uploaders(at) & (allowed.units or frozenset())
    upload_units = [(one, snapshot.units_by_id[one]) for one in sorted(reached) if one in snapshot.units_by_id]
    return render_template(
        "work.html",
        current=[one for one in current if one.reasons],
        others=[one for one in current if not one.reasons],
        over=over[:_MOST_OVER],
        over_count=len(over),
        shared=[
            _part_task(at, snapshot, one, forms[one.work.form_definition_id].form)
            for one in shared
            if allowed.allows(one.part.division_id, one.work.regime, one.work.form) and one.is_shown
        ],
        recent=[(one.upload, standing.of_upload(one.upload, one.status), one.upload.unit_id) for one in recent[:12]],
        upload_units=upload_units,
        watched=[Watch(one, snapshot.regimes.get(one.opening.regime)) for one in watched],
        tried=[
            (
                one,
                snapshot.regimes[one.regime],
                snapshot.units_by_id[one.unit_id],
                at.scope(Action.UPLOAD).allows(one.unit_id, one.regime, one.form),
            )
            for one in tried
            if one.regime in snapshot.regimes
        ],
        many_units=len(allowed.units or ()) > 1,
        is_clerk=at.actor.has(Role.CLERK),
        is_leader=at.actor.has(Role.LEADER),
        home_units=_home_units(at, snapshot),
        queued=queued,
        borrowed=[one for one in lent if one.to_id == at.actor.person_id],
        lent=[one for one in lent if one.from_id == at.actor.person_id],
        told=[notice_pages.told(one) for one in told],
    )


def _lent(at: Desk, connection: Connection) -> list[Delegation]:
    """What is lent today by or to the person; only a leader lends."""
    if not at.actor.has(Role.LEADER) and all(one.delegation is None for one in at.actor.grants):
        return []
    return [one for one in signing.delegations_of(connection, at.actor.person_id) if one.holds_on(at.day)]


def _home_units(at: Desk, snapshot: Snapshot) -> list[str]:
    """Names of the units where the person holds a role."""
    held = dict.fromkeys(grant.unit_id for grant in at.actor.grants)
    return [snapshot.units_by_id[one].name for one in held if one in snapshot.units_by_id]


def _sharing(snapshot: Snapshot, works: Iterable[Work]) -> set[int]:
    """The units that have divisions, of those whose figures are not before the leader yet."""
    filling = {one.unit_id for one in works if step(one.state, Action.UPLOAD) is not None}
    return {one for one in filling if parts.divisions_of(snapshot, snapshot.units_by_id[one])}


def _uploaders(at: Desk) -> frozenset[int]:
    return at.scope(Action.UPLOAD).units or frozenset()


def _grouped(works: Iterable[Work]) -> list[list[Work]]:
    groups: dict[tuple[int, int], list[Work]] = {}
    for work in works:
        groups.setdefault((work.opening_id, work.unit_id), []).append(work)
    return list(groups.values())


def _errand(
    at: Desk,
    snapshot: Snapshot,
    works: list[Work],
    held: dict[tuple[int, int], Report],
    shut: set[tuple[int, int]],  # in a locked period
    taken: dict[int, list[Reception]],
    tasks: dict[int, Task],
    behind: dict[str, Letter],
) -> Errand:
    first = works[0]
    place = (first.opening_id, first.unit_id)
    report = held.get(place)
    receptions = tuple(taken.get(report.id, ())) if report else ()
    can_attach, can_send = (
        report is not None and place not in shut and report_step(report.state, one) is not None
        for one in (ReportStep.ATTACH, ReportStep.SEND)
    )
    can_attach = can_attach and at.scope(Action.ATTACH_NARRATIVE).allows(first.unit_id)
    can_decide = place not in shut and at.scope(Action.SEND_REPORT).allows(first.unit_id)
    can_send = can_send and can_decide and all(work.state is State.APPROVED for work in works)
    waits = turns.of_report(
        report,
        is_sent_back=any(one.state is ReceptionState.RETURNED for one in receptions),
        can_send=can_send,
        can_attach=can_attach,
        can_decide=can_decide,
    )
    mine = tuple(tasks[work.assignment_id] for work in works)
    return Errand(
        unit=snapshot.units_by_id[first.unit_id],
        regime=snapshot.regimes[first.regime],
        period=first.period,
        tasks=mine,
        report=report,
        badge=standing.of_report(report, receptions) if report else None,
        receptions=receptions,
        can_attach=can_attach,
        can_send=can_send,
        reasons=(*turns.of_forms((one.form.code, one.step) for one in mine), *waits),
        request=snapshot.requests.get(first.regime),
        letter=behind.get(first.regime),
    )


def _task(
    at: Desk,
    snapshot: Snapshot,
    work: Work,
    form: Form,
    newest: dict[int, Upload],
    divided: frozenset[divisions.Share],
    entered: dict[int, Behalf],
    opened: dict[int, Returned],
) -> Task:
    upload = newest.get(work.assignment_id)
    unit, back = snapshot.units_by_id[work.unit_id], opened.get(work.assignment_id)
    return Task(
        work=work,
        form=form,
        state=standing.of_submission(work.state),
        deadline=standing.of_deadline(work, at.moment, snapshot.calendar),
        step=_next_step(at, work, upload),
        upload=upload,
        can_type=fits_unit(snapshot, form, unit, parse(work.period)),
        is_divided=(work.unit_id, work.form) in divided and at.scope(Action.SEE_PARTS).allows(work.unit_id),
        entered=entered.get(work.assignment_id),
        can_be_nil=may_be_nil(snapshot, work.regime) and steps.may(at, work, Action.SUBMIT),
        returned=named(form, COMMUNE if unit.kind.is_commune else "", back.cells) if back else (),
    )


def _part_task(at: Desk, snapshot: Snapshot, one: assembling.Errand, form: Form) -> PartTask:
    work, unit = one.work, snapshot.units_by_id[one.work.unit_id]
    period = parse(work.period)
    is_open = work.is_open_at(at.moment) and one.is_takable
    return PartTask(
        one,
        snapshot.regimes[work.regime],
        unit,
        form,
        standing.of_upload(one.newest, one.status) if one.newest else standing.nothing_given(),
        standing.of_deadline(work, at.moment, snapshot.calendar),
        is_open and at.scope(Action.UPLOAD).allows(one.part.division_id, work.regime, work.form),
        fits_unit(snapshot, form, unit, period, one.part.rows),
        len(row_set(form, unit, period.shape).open_rows & one.part.rows),
        one.is_to_be_checked and at.scope(Action.CONFIRM_PART).allows(one.part.division_id, work.regime, work.form),
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
