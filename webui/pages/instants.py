"""The instants of an open period: what they are and were, more time, reception, closing, locking (R28, R47)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from actions import closing, instants
from actions.cases import window_of
from actions.desk import NotYours, Refusal
from registry.catalogue.model import Regime
from registry.periods import parse
from registry.store import instants as stored
from registry.store.definitions import Snapshot
from registry.store.instants import Dues, Kept, YearLock
from registry.store.openings import Opening
from registry.workflow.period import PeriodAct, step
from registry.workflow.policy import Action
from webui import standing
from webui.moments import moment_of
from webui.pages.periods import opening_of
from webui.permission import page
from webui.visitor import desk
from webui.wording import say

blueprint = Blueprint("instants", __name__)


@dataclass(frozen=True)
class Line:
    """One act that changed instants, for one unit, several or all."""

    first: Kept
    units: tuple[str, ...]  # names; empty: everybody
    before: tuple[datetime, ...]  # what it was, of each


@blueprint.get("/ky-bao-cao/<regime>/<period>/thoi-han")
@page(Action.SEE_BOARD, reads="{regime} {period}")
def look(regime: str, period: str) -> str:
    """The three instants of a period, how they came to be, and for who runs it the ways to change them."""
    at = desk()
    found, snapshot = opening_of(at, Action.SEE_BOARD, regime, period)
    rule, when = snapshot.regimes[regime], parse(period)
    with at.read() as connection:
        dues = stored.dues(connection, found.id)
        kept = stored.history(connection, found.id)
        year = stored.years(connection, regime).get((regime, when.year))
    may_run = instants.may_run(at, snapshot, regime)
    is_shut = found.is_locked or _is_locked(year)
    return render_template(
        "instants.html",
        opening=found,
        regime=rule,
        lead=instants.lead_of(snapshot, regime),
        state=standing.of_period(found.state),
        is_open=found.is_open_at(at.moment),
        closes=_closes(rule, found, dues),
        dues=sorted(Counter(one.now for one in dues.values()).items()),
        moved=sum(one.now != one.first for one in dues.values()),
        lines=lines_of(kept, snapshot),
        moves=stored.OF_DEADLINES,
        units=sorted((snapshot.units_by_id[one] for one in dues), key=lambda unit: unit.order),
        groups=_groups(snapshot, dues),
        can_change=may_run and not is_shut,
        acts=[act for act in PeriodAct if may_run and not _is_locked(year) and step(found.state, act)],
        needs_reason={act for act in PeriodAct if (taken := step(found.state, act)) and taken.reason},
        year=when.year,
        year_lock=year,
    )


def _is_locked(year: YearLock | None) -> bool:
    return year is not None and year.is_locked


def _closes(regime: Regime, opening: Opening, dues: dict[int, Dues]) -> date:
    last = max((one.first for one in dues.values()), default=opening.opened_at)
    return window_of(regime, parse(opening.period), opening.opened_at, last, opening.closes_on)[1]


def _groups(snapshot: Snapshot, dues: dict[int, Dues]) -> list[tuple[str, str]]:
    held = {(code, group) for one in dues for code, group in snapshot.units_by_id[one].groups}
    names = {one.code: one.name for one in snapshot.catalogue.group_sets}
    return [(f"{code}={group}", f"{names.get(code, code)}: {group}") for code, group in sorted(held)]


def lines_of(kept: list[Kept], snapshot: Snapshot) -> list[Line]:
    """What was done at once to several units is one line."""
    together: dict[tuple[object, ...], list[Kept]] = {}
    for one in kept:
        change = one.change
        together.setdefault((change.kind, change.at, change.new, change.reason, change.by_id), []).append(one)
    return [
        Line(
            many[0],
            tuple(snapshot.units_by_id[one.change.unit_id].name for one in many if one.change.unit_id is not None),
            tuple(sorted({one.change.old for one in many if one.change.old is not None})),
        )
        for many in together.values()
    ]


@blueprint.post("/ky-bao-cao/<regime>/<period>/gia-han")
@page(Action.RUN_PERIOD)
def extend(regime: str, period: str) -> Response:
    """More time, for everybody, a group or some units."""
    at = desk()
    found, snapshot = opening_of(at, Action.RUN_PERIOD, regime, period)
    due = moment_of(request.form.get("due", ""), at.moment)
    instants.extend(at, found.id, due, request.form.get("reason", ""), whom(snapshot))
    flash(say("period.extended"), "success")
    return _back(regime, period)


def whom(snapshot: Snapshot) -> frozenset[int] | None:
    """The units a form names one by one, as a group or both; None for everybody when it names none. Raises Refusal."""
    codes, group = [one for one in request.form.getlist("unit") if one], request.form.get("nhom", "")
    if group:
        codes += [unit.code for unit in snapshot.units.values() if unit.answers_to(group)]
        if not codes:
            raise Refusal("nobody-chosen")
    for code in codes:
        if code not in snapshot.unit_ids:
            raise Refusal("unknown-unit", unit=code)
    return frozenset(snapshot.unit_ids[code] for code in codes) or None


@blueprint.post("/ky-bao-cao/<regime>/<period>/nhan")
@page(Action.RUN_PERIOD)
def reception(regime: str, period: str) -> Response:
    """Close reception, at once or at a moment to come, or open it again."""
    at = desk()
    found, _ = opening_of(at, Action.RUN_PERIOD, regime, period)
    is_open = request.form.get("open") == "1"
    closes = closing_moment(at.moment) if not is_open else None
    instants.set_reception(at, found.id, is_open=is_open, reason=request.form.get("reason", ""), at=closes)
    flash(said_of_reception(is_open=is_open, closes=closes), "success")
    return _back(regime, period)


def closing_moment(now: datetime) -> datetime | None:
    """The moment reception is to close by itself; None: at once. Raises BadMoment."""
    text = request.form.get("at", "")
    return moment_of(text, now) if text else None


def said_of_reception(*, is_open: bool, closes: datetime | None) -> str:
    """What whoever changed it is told."""
    if is_open:
        return say("period.reception-open")
    return say("period.reception-will-close") if closes else say("period.reception-closed")


@blueprint.post("/ky-bao-cao/<regime>/<period>/trang-thai")
@page(Action.RUN_PERIOD)
def move(regime: str, period: str) -> Response:
    """Chốt, bỏ chốt, khóa, mở khóa."""
    at = desk()
    found, _ = opening_of(at, Action.RUN_PERIOD, regime, period)
    closing.take(at, found.id, _act(), request.form.get("reason", ""))
    flash(say(f"period.done-{_act()}"), "success")
    return _back(regime, period)


def _act() -> PeriodAct:
    try:
        return PeriodAct(request.form.get("do", ""))
    except ValueError:
        raise NotYours from None


@blueprint.post("/ky-bao-cao/<regime>/<period>/khoa-nam")
@page(Action.LOCK_YEAR)
def set_year(regime: str, period: str) -> Response:
    """Lock the year a period belongs to, with all its periods, or unlock it."""
    at = desk()
    opening_of(at, Action.LOCK_YEAR, regime, period)
    is_locked = request.form.get("do") == "lock"
    closing.set_year(at, regime, parse(period).year, request.form.get("document", ""), is_locked=is_locked)
    flash(say("period.year-locked" if is_locked else "period.year-unlocked"), "success")
    return _back(regime, period)


def _back(regime: str, period: str) -> Response:
    return redirect(url_for("instants.look", regime=regime, period=period))
