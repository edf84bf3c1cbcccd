"""The calendar of deadlines (lịch hạn gửi): a month of one's own unit or of all, as a feed and as a workbook."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import date, timedelta

from flask import Blueprint, Response, render_template, request, send_file, url_for
from werkzeug.wrappers import Response as Answer

from actions import due_calendar, feeds
from actions.desk import Desk, NotYours
from actions.due_calendar import Calendar
from registry.store import feeds as kept
from registry.workflow.policy import Action
from webui.pages.templates import XLSX
from webui.permission import page
from webui.visitor import desk, instance, moment

blueprint = Blueprint("due_calendar", __name__)

_MONTH = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])")
_DAY = timedelta(days=1)
_WEEK = 7
_Look = Callable[[Desk, date, date], Calendar]


@blueprint.get("/lich-han-gui")
@page(Action.SEE_WORK)
def own() -> str:
    """A month of the unit the reader acts in; of who is in no unit, a page without deadlines."""
    return _page(due_calendar.own, "due_calendar.own")


@blueprint.get("/lich-han-gui/tat-ca")
@page(Action.SEE_BOARD)
def everything() -> str:
    """A month of every level."""
    return _page(due_calendar.everything, "due_calendar.everything")


def _page(look: _Look, here: str, address: str = "") -> str:
    at = desk()
    first = _month(at)
    calendar = look(at, first, _after(first) - _DAY)
    with at.read() as connection:
        made = kept.made_at(connection, at.actor.person_id)
        working = at.snapshot(connection).calendar
    begin = first - first.weekday() * _DAY
    weeks = [[begin + (7 * week + n) * _DAY for n in range(_WEEK)] for week in range(6)]
    return render_template(
        "due_calendar.html",
        calendar=calendar,
        month=first,
        before=first - _DAY,
        after=_after(first),
        weeks=[week for week in weeks if week[0] < _after(first)],
        today=at.day,
        is_working=working.is_working,
        here=here,
        address=address,
        made=made,
    )


def _month(at: Desk) -> date:
    found = _MONTH.fullmatch(request.args.get("thang", ""))
    return date(int(found[1]), int(found[2]), 1) if found else at.day.replace(day=1)


def _after(first: date) -> date:
    return (first + 31 * _DAY).replace(day=1)


@blueprint.get("/lich-han-gui/<int:year>.xlsx")
@page(Action.SEE_WORK)
def take_own(year: int) -> Answer:
    """A year of the own unit."""
    return _taken(due_calendar.own, year, "don-vi")


@blueprint.get("/lich-han-gui/tat-ca/<int:year>.xlsx")
@page(Action.SEE_BOARD)
def take(year: int) -> Answer:
    """A year of every level."""
    return _taken(due_calendar.everything, year, "tat-ca")


def _taken(look: _Look, year: int, whose: str) -> Answer:
    if not 2000 <= year < 2100:
        raise NotYours
    at = desk()
    made = feeds.workbook(at, look(at, date(year, 1, 1), date(year, 12, 31)), f"lich-han-gui_{whose}_{year}.xlsx")
    return send_file(io.BytesIO(made.data), mimetype=XLSX, as_attachment=True, download_name=made.name, max_age=0)


@blueprint.post("/lich-han-gui/dia-chi")
@page(Action.SEE_WORK)
def renew() -> str:
    """A new secret address, shown this once."""
    at = desk()
    address = url_for("due_calendar.feed", token=feeds.renew(at), _external=True)
    if at.scope(Action.SEE_BOARD).is_empty:
        return _page(due_calendar.own, "due_calendar.own", address)
    return _page(due_calendar.everything, "due_calendar.everything", address)


@blueprint.get("/lich-han-gui/<token>.ics")
@page(Action.SIGN_IN)
def feed(token: str) -> Response:
    """The calendar behind a secret address, for a reader that cannot sign in."""
    return Response(feeds.fetch(instance(), token, moment()), mimetype="text/calendar")
