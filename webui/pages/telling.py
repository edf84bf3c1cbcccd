"""The office tells everybody: announcements, when units are reminded, the log of what was sent."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from actions import announcements as announcing
from actions import reminders
from actions.desk import Refusal
from actions.desk import say as told
from actions.mailing import TRIES
from registry.store import announcements, sent
from registry.store.announcements import New
from registry.workflow.policy import Action
from registry.workflow.reminders import MOST_DAYS, ReminderRules
from vietnamese.dates import HO_CHI_MINH
from webui import entries, table_door
from webui.moments import said_moment
from webui.pages.account import next_page
from webui.permission import page
from webui.standing import Badge
from webui.typed import as_number
from webui.visitor import actor_or_none, desk
from webui.wording import say

blueprint = Blueprint("telling", __name__)

_A_PAGE = 100
_USUAL = timedelta(days=3)  # an announcement stands, unless told
_YEARS = range(2000, 2101)


# --- announcements ---------------------------------------------------------------------------------------------------


@blueprint.get("/thong-bao-chung")
@page(Action.TELL)
def announced() -> str:
    """What is announced, and was."""
    return _announced()


def _announced(sentence: str = "") -> str:
    at = desk()
    with at.read() as connection:
        found = announcements.listing(connection)
    first = at.moment.astimezone(HO_CHI_MINH)
    usual = {"tu": f"{first:%Y-%m-%dT%H:%M}", "den": f"{first + _USUAL:%Y-%m-%dT%H:%M}"}
    return render_template(
        "announcements.html",
        found=found,
        typed=usual | request.form.to_dict(),
        tones=announcing.TONES,
        most=announcing.MOST,
        sentence=sentence,
    )


@blueprint.post("/thong-bao-chung")
@page(Action.TELL)
def announce() -> Response | tuple[str, int]:
    """Announce something."""
    form, at = request.form, desk()
    try:
        starts, ends = (said_moment(form.get(name, ""), at.moment) for name in ("tu", "den"))
        announcing.announce(at, New(form.get("noi-dung", ""), form.get("loai", ""), starts, ends))
    except Refusal as refusal:
        return _announced(str(refusal)), refusal.status
    flash(say("telling.announced"), "success")
    return redirect(url_for("telling.announced"))


@blueprint.post("/thong-bao-chung/<int:key>/go")
@page(Action.TELL)
def withdraw(key: int) -> Response:
    """Show it no longer."""
    announcing.withdraw(desk(), key)
    flash(say("telling.withdrawn"), "success")
    return redirect(url_for("telling.announced"))


@blueprint.post("/thong-bao-chung/<int:key>/da-xem")
@page(Action.OWN_ACCOUNT)
def put_away(key: int) -> Response:
    """The reader has seen it."""
    announcing.put_away(desk(), key)
    return redirect(next_page())


def shown_now() -> list[announcements.Announcement]:
    """What stands on top of the page for who is signed in."""
    actor = actor_or_none()
    if actor is None:
        return []
    at = desk()
    with at.read() as connection:
        return announcements.unseen(connection, actor.person_id, at.moment)


# --- reminders -------------------------------------------------------------------------------------------------------


@blueprint.get("/lich-nhac")
@page(Action.TELL)
def schedule() -> str:
    """When units that have not sent are reminded, by regime."""
    return _schedule()


def _schedule(sentence: str = "") -> str:
    at = desk()
    with at.read() as connection:
        snapshot, rules = at.snapshot(connection), reminders.schedules(connection)
    regimes = {code: regime.name for code, regime in snapshot.regimes.items() if code not in snapshot.requests}
    return render_template(
        "reminders.html", rules=rules, regimes=regimes, every=reminders.EVERY, sentence=sentence, most=MOST_DAYS
    )


@blueprint.post("/lich-nhac")
@page(Action.TELL)
def set_schedule() -> Response | tuple[str, int]:
    """Set the schedule of a regime or of every other, or drop a regime's own."""
    form, regime = request.form, request.form.get("che-do", reminders.EVERY)
    try:
        if "bo" in form:
            reminders.drop(desk(), regime)
        else:
            reminders.change(desk(), regime, _rules())
    except Refusal as refusal:
        return _schedule(str(refusal)), refusal.status
    flash(say("telling.scheduled"), "success")
    return redirect(url_for("telling.schedule"))


def _rules() -> dict[str, object]:
    form = request.form
    return {
        "before": form.get("truoc", "").replace(",", " ").split(),
        "after": form.get("sau", "").replace(",", " ").split(),
        "on_day": "dung-ngay" in form,
        "leader": "lanh-dao" in form,
        "hour": form.get("gio", default=ReminderRules().hour, type=as_number),
    }


# --- the log of what was sent ----------------------------------------------------------------------------------------


@blueprint.get("/nhat-ky-gui")
@page(Action.TELL)
def log() -> str:
    """Notices and letters of a day: to whom, of what kind, how they fared; never what stands in them."""
    at = desk()
    day = _day(request.args.get("ngay", "")) or at.day
    since = datetime.combine(day, time(), HO_CHI_MINH)
    unit = request.args.get("don-vi", "")
    a_page = table_door.lines(_A_PAGE)
    with at.read() as connection:
        unit_id = at.snapshot(connection).unit_ids.get(unit)
        search = sent.Search(since, since + timedelta(days=1), request.args.get("nguoi", "").strip()[:100], unit_id)
        before = request.args.get("truoc", type=as_number)
        notices = sent.notices(connection, search, a_page + 1, before)
        kinds = sent.kinds(connection, search)
        letters = sent.letters(connection, search, a_page)
    return render_template(
        "sent_log.html",
        day=day,
        who=search.who,
        unit=unit,
        units=entries.units(at, None),
        kinds=[(_kind(kind), count, read) for kind, count, read in kinds],
        notices=[(one, _kind(one.kind)) for one in notices[:a_page]],
        older=notices[a_page - 1].id if len(notices) > a_page else None,
        letters=[(one, _fate(one)) for one in letters],
        most=a_page,
    )


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if found.year in _YEARS else None


def _kind(kind: str) -> str:
    words = told(f"digest.kind.{kind}") if f"digest.kind.{kind}" in told else say("telling.other", kind=kind)
    return words[:1].upper() + words[1:]


def _fate(one: sent.Letter) -> Badge:
    if one.sent_at is not None:
        return Badge("good", "send-check", say("telling.sent"))
    if one.tries >= TRIES:
        return Badge("bad", "x-octagon-fill", say("telling.given-up"))
    return Badge("wait", "hourglass-split", say("telling.waiting"))
