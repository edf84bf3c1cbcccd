"""Working days (ngày nghỉ, ngày làm bù): the office's table by year, with the decision behind each day."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from actions import working_days
from actions.desk import Refusal
from registry.catalogue.model import Holiday
from registry.workflow.policy import Action
from webui.filled import day_in
from webui.permission import page
from webui.typed import as_number
from webui.visitor import desk
from webui.wording import say

blueprint = Blueprint("working_days", __name__)

_LONGEST = 200
_NOT_DONE = 409


@blueprint.get("/danh-muc/ngay-nghi")
@page(Action.SEE_CATALOGUE)
def look() -> str:
    """One year."""
    return _page(request.args.get("nam", default=desk().day.year, type=as_number))


def _page(year: int, asked: tuple[Holiday, ...] = (), *, removes: bool = False) -> str:
    """``asked`` waits for a second yes: it would put deadlines already given out on rest days."""
    at = desk()
    return render_template(
        "working_days.html",
        table=working_days.year_of(at, year),
        changed=request.args.get("sua", type=date.fromisoformat),
        asked=asked,
        removes=removes,
        would=working_days.would_rest(at, asked) if asked else (),
    )


@blueprint.post("/danh-muc/ngay-nghi")
@page(Action.CHANGE_CATALOGUE)
def put() -> Response | tuple[str, int]:
    """Write one day, or those of a year that were proposed and ticked."""
    days = _typed()
    at = desk()
    if not request.form.get("chac_chan") and working_days.would_rest(at, days):
        return _page(days[0].day.year, days), _NOT_DONE
    count = working_days.put(at, days)
    flash(say("working-days.kept", count=count), "success")
    return _to(days[0].day.year)


def _typed() -> tuple[Holiday, ...]:
    """The days a form names as "2026-05-01 off tên", or one in fields of its own. Raises Refusal."""
    decision = request.form.get("van_ban", "").strip()[:_LONGEST]
    several = [text.split(" ", 2) for text in request.form.getlist("ngay")]
    if several and all(len(parts) == 3 for parts in several):
        return tuple(Holiday(_day(day), kind == "off", name[:_LONGEST], decision) for day, kind, name in several)
    name = request.form.get("ten", "").strip()[:_LONGEST]
    return (Holiday(_day(request.form.get("ngay", "")), request.form.get("loai") == "off", name, decision),)


def _day(text: str) -> date:
    found = day_in(text)
    first, last = working_days.YEARS
    if not first <= found.year <= last:
        raise Refusal("year-out-of-reach", first=first, last=last)
    return found


@blueprint.post("/danh-muc/ngay-nghi/bo")
@page(Action.CHANGE_CATALOGUE)
def remove() -> Response | tuple[str, int]:
    """A day is ordinary again."""
    at, day = desk(), _day(request.form.get("ngay", ""))
    ordinary = working_days.ordinary(day)
    if not request.form.get("chac_chan") and working_days.would_rest(at, (ordinary,)):
        return _page(day.year, (ordinary,), removes=True), _NOT_DONE
    working_days.remove(at, day)
    flash(say("working-days.removed"), "success")
    return _to(day.year)


def _to(year: int) -> Response:
    return redirect(url_for("working_days.look", nam=year))
