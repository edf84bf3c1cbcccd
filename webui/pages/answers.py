"""Requests of one's own: the rounds asked, and of each the table that fills while answers arrive (R19, F20)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from actions import compile_orders, instants, receptions, requests, rounds
from actions.answers import Answer, Answers, Heading, answers
from actions.askers import opening_of, own_requests
from actions.compile_orders import Choice
from actions.desk import Desk
from registry.catalogue.model import Form
from registry.catalogue.words import shown
from registry.store import behalf, letters, submissions
from registry.store import openings as stored
from registry.store import reports as stored_reports
from registry.store import rounds as planned_rounds
from registry.store.definitions import Snapshot, form_version
from registry.store.engine import Connection
from registry.store.openings import Opening, Work
from registry.store.reports import Reception
from registry.workflow.policy import EVERYWHERE, Action
from registry.workflow.report import ReceptionStep, reception_step
from vietnamese.numbers import format_number
from webui import standing
from webui.makings import said_of, told
from webui.mishaps import BadMoment
from webui.moments import moment_of
from webui.pages.instants import closing_moment, said_of_reception, whom
from webui.pages.periods import returning
from webui.pages.work import Watch
from webui.permission import page
from webui.standing import Badge
from webui.typed import as_number
from webui.visitor import desk
from webui.wording import say

blueprint = Blueprint("answers", __name__)


@dataclass(frozen=True)
class Line:
    """One unit's answer."""

    work: Work
    name: str
    state: Badge
    deadline: Badge
    texts: tuple[str, ...] | None
    reception: Reception | None

    @property
    def can_be_taken(self) -> bool:
        """True while the asker has not decided on the report."""
        return self.reception is not None and reception_step(self.reception.state, ReceptionStep.RECEIVE) is not None

    @property
    def can_be_returned(self) -> bool:
        """True while the report lies with the asker, and the period is not locked."""
        if self.work.is_locked:
            return False
        return self.reception is not None and reception_step(self.reception.state, ReceptionStep.RETURN) is not None


@blueprint.get("/yeu-cau")
@page(Action.REQUEST)
def listing() -> str:
    """Every round asked, newest first."""
    at = desk()
    with at.read() as connection:
        snapshot = at.snapshot(connection)
        known = stored.progress(connection, own_requests(at, snapshot))
    known.sort(key=lambda one: one.opening.id, reverse=True)
    return render_template(
        "requests.html",
        watched=[
            (Watch(one, snapshot.regimes[one.opening.regime]), snapshot.requests[one.opening.regime]) for one in known
        ],
        units=snapshot.units,
    )


@blueprint.get("/yeu-cau/<regime>/<period>")
@page(Action.REQUEST, reads="{regime} {period}")
def board(regime: str, period: str) -> str:
    """Who has answered what, as counted so far."""
    at = desk()
    with at.read() as connection:
        opening, snapshot = opening_of(at, connection, regime, period)
        rule = snapshot.regimes[regime]
        receiver_id = snapshot.unit_ids[rule.lead]
        works = stored.work(connection, EVERYWHERE, opening_id=opening.id)
        counted = submissions.counted(connection, opening.id, receiver_id, at.moment)
        asked = {code: [work for work in works if work.form == code] for code in rule.forms}
        tables = {
            code: answers(at, connection, snapshot, _form_of(connection, snapshot, its[0]), its, counted)
            for code, its in asked.items()
            if its
        }
        taken = {
            one.unit_id: one
            for one in stored_reports.receptions(connection, opening.id)
            if one.receiver_id == receiver_id
        }
        made = stored_reports.compiled(connection, opening.id, receiver_id)
        order = compile_orders.newest(connection, opening.id, receiver_id)
        is_last = requests.last_round(connection, regime) == period
        ahead = planned_rounds.of(connection, regime)
        letter = letters.of(connection, [regime]).get(regime)
        approvals = submissions.approvals(connection, opening.id)
        entered = behalf.of_newest(connection, EVERYWHERE, opening_id=opening.id)
    shown = [_shown(at, snapshot, table, taken) for table in tables.values() if table is not None]
    rest = [
        (code, [_line(at, snapshot, work, None, taken) for work in asked[code]])
        for code, table in tables.items()
        if table is None
    ]
    return render_template(
        "answers.html",
        opening=opening,
        regime=rule,
        behind=snapshot.requests[regime],
        letter=letter,
        approvals=approvals,
        entered=entered,
        rounds=ahead,
        every_days=rounds.EVERY_DAYS,
        asker=snapshot.units[rule.lead],
        tables=shown,
        rest=rest,
        have=len({one.unit_id for one in counted}),
        expected=len({work.unit_id for work in works}),
        units=sorted({snapshot.units_by_id[work.unit_id] for work in works}, key=lambda unit: unit.order),
        due=sorted({work.due_at for work in works}),
        compiled=[(snapshot.units[rule.lead], one) for one in sorted(made, key=lambda one: one.n, reverse=True)],
        order=order,
        said=said_of(order),
        is_last=is_last,
        is_open=opening.is_open_at(at.moment),
        here={"regime": regime, "period": period},
    )


def _form_of(connection: Connection, snapshot: Snapshot, work: Work) -> Form:
    return form_version(connection, snapshot, work.form_definition_id).form


def _shown(at: Desk, snapshot: Snapshot, table: Answers, taken: dict[int, Reception]) -> dict[str, object]:
    rows: list[tuple[str, int]] = []
    for heading in table.headings:
        if rows and rows[-1][0] == heading.row.label:
            rows[-1] = (heading.row.label, rows[-1][1] + 1)
        else:
            rows.append((heading.row.label, 1))
    return {
        "form": table.form,
        "rows": rows,
        "headings": table.headings,
        "lines": [_line(at, snapshot, one.work, _written(one, table.headings), taken) for one in table.lines],
        "totals": [
            "" if total is None else format_number(total, heading.spec.decimals)
            for total, heading in zip(table.totals, table.headings, strict=True)
        ],
    }


def _written(one: Answer, headings: Sequence[Heading]) -> tuple[str, ...] | None:
    """A unit's answers as it met the cells, each with its measure where the units have different ones."""
    if one.values is None:
        return None
    texts = []
    for value, heading in zip(one.values, headings, strict=True):
        spec = one.view.cells.get(heading.spec.key, heading.spec)
        text = shown(one.view, spec, value)
        texts.append(f"{text} {spec.measure}" if len(heading.measures) > 1 and value.amount is not None else text)
    return tuple(texts)


def _line(at: Desk, snapshot: Snapshot, work: Work, texts: tuple[str, ...] | None, taken: dict[int, Reception]) -> Line:
    return Line(
        work,
        snapshot.units_by_id[work.unit_id].name,
        standing.of_submission(work.state),
        standing.of_deadline(work, at.moment, snapshot.calendar),
        texts,
        taken.get(work.unit_id),
    )


def _to(opening: Opening) -> Response:
    return redirect(url_for("answers.board", regime=opening.regime, period=opening.period))


def _own(at: Desk, regime: str, period: str) -> tuple[Opening, Snapshot]:
    with at.read() as connection:
        return opening_of(at, connection, regime, period)


@blueprint.post("/yeu-cau/<regime>/<period>/ky-tiep")
@page(Action.REQUEST)
def once_more(regime: str, period: str) -> Response:
    """The next round, starting from the last."""
    at = desk()
    opening = requests.next_round(at, regime, moment_of(request.form.get("due", ""), at.moment), period)
    flash(say("ask.next-done", period=opening.period), "success")
    return _to(opening)


@blueprint.post("/yeu-cau/<regime>/<period>/lich")
@page(Action.REQUEST)
def plan_rounds(regime: str, period: str) -> Response:
    """Plan further rounds by day or week until a day."""
    at, given = desk(), request.form
    first, due = moment_of(given.get("first", ""), at.moment), moment_of(given.get("due", ""), at.moment)
    try:
        until = date.fromisoformat(given.get("until", ""))
    except ValueError:
        raise BadMoment from None
    added = rounds.plan(at, regime, first, due, given.get("every", 0, type=as_number), until)
    flash(say("ask.rounds-planned", count=added), "success")
    return redirect(url_for("answers.board", regime=regime, period=period, _anchor="lich"))


@blueprint.post("/yeu-cau/<regime>/<period>/lich/<int:round_id>/huy")
@page(Action.REQUEST)
def cancel_round(regime: str, period: str, round_id: int) -> Response:
    """A planned round will not be opened."""
    rounds.cancel(desk(), regime, round_id)
    flash(say("ask.round-cancel-done"), "success")
    return redirect(url_for("answers.board", regime=regime, period=period, _anchor="lich"))


@blueprint.post("/yeu-cau/<regime>/<period>/gia-han")
@page(Action.REQUEST)
def extend(regime: str, period: str) -> Response:
    """More time, for everybody or one unit."""
    at = desk()
    opening, snapshot = _own(at, regime, period)
    due = moment_of(request.form.get("due", ""), at.moment)
    instants.extend(at, opening.id, due, request.form.get("reason", ""), whom(snapshot))
    flash(say("period.extended"), "success")
    return _to(opening)


@blueprint.post("/yeu-cau/<regime>/<period>/nhan")
@page(Action.REQUEST)
def reception(regime: str, period: str) -> Response:
    """Close reception, or open it again."""
    at = desk()
    opening, _ = _own(at, regime, period)
    is_open = request.form.get("open") == "1"
    closes = closing_moment(at.moment) if not is_open else None
    instants.set_reception(at, opening.id, is_open=is_open, reason=request.form.get("reason", ""), at=closes)
    flash(said_of_reception(is_open=is_open, closes=closes), "success")
    return _to(opening)


@blueprint.post("/yeu-cau/<regime>/<period>/tiep-nhan/<int:reception_id>")
@page(Action.REQUEST)
def take(regime: str, period: str, reception_id: int) -> Response:
    """Receive an answer, or with a reason send it back."""
    at = desk()
    opening, _ = _own(at, regime, period)
    is_return = request.form.get("do") == "return"
    receptions.take(at, opening.id, reception_id, *returning(at, is_return))
    flash(say("board.returned" if is_return else "board.received"), "success")
    return _to(opening)


@blueprint.post("/yeu-cau/<regime>/<period>/tong-hop")
@page(Action.REQUEST)
def compile_now(regime: str, period: str) -> Response:
    """Have compiled what is counted at this moment, or stop that."""
    at = desk()
    _, snapshot = _own(at, regime, period)
    lead = snapshot.regimes[regime].lead
    if request.form.get("do") == "stop":
        compile_orders.stop(at, regime, period, lead)
        flash(say("making.stopped"), "success")
    elif not compile_orders.prepare(at, Choice(regime, period, lead)):
        flash(say("compiling.under-way"), "info")
    return redirect(url_for("answers.board", regime=regime, period=period, _anchor="tong-hop"))


@blueprint.get("/yeu-cau/<regime>/<period>/tong-hop.json")
@page(Action.REQUEST)
def compile_progress(regime: str, period: str) -> Response:
    """How far the compile is: {state, percent, words}."""
    at = desk()
    opening, snapshot = _own(at, regime, period)
    receiver_id = snapshot.unit_ids[snapshot.regimes[regime].lead]
    with at.read() as connection:
        return told(compile_orders.newest(connection, opening.id, receiver_id))
