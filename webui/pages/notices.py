"""Notices: what waits for a person, or was decided for him; shown at home until they are put away, here for good."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from actions import digest
from actions.desk import Refusal
from actions.openings import OPENED, OPENED_EARLY, UNDECIDED
from registry.periods import parse
from registry.store import mail_wishes, notices
from registry.store.mail_wishes import How
from registry.store.notices import Notice
from registry.workflow.policy import Action
from vietnamese.dates import civil
from webui.permission import page
from webui.typed import as_number
from webui.visitor import desk
from webui.wording import say

blueprint = Blueprint("notices", __name__)

_PAGES = {  # kind of object, or of notice: its page, what names it there
    "account request": ("unit_accounts.one", "request_id"),
    "reopening-asked": ("reopening.listing", "viec"),
    "assignment": ("submissions.one", "assignment_id"),
    "unit": ("units.one", "unit_id"),
    "feedback-waits": ("feedback_desk.one", "feedback_id"),
    "feedback-said": ("feedback.one", "feedback_id"),
    "feedback-overdue": ("feedback_desk.one", "feedback_id"),
    "training-invited": ("trainings.own", "dot"),
    "opening": ("work.home", "ky"),
    "plea": ("pleas.one", "plea_id"),
    "indicator proposal": ("proposals.one", "proposal_id"),
    "petition": ("petitions.one", "petition_id"),
    "draft ask": ("draft_asks.asked", "ask_id"),
    "draft": ("drafting.one", "draft_id"),
    "catalogue load": ("changed.listing", "nap"),
}
_REPORT = re.compile(r"opening (\d+) unit (\d+)")
_A_PAGE = 50


@dataclass(frozen=True)
class Told:
    """A notice with its words and the page it leads to."""

    notice: Notice
    address: str
    words: str


@blueprint.get("/thong-bao")
@page(Action.OWN_ACCOUNT)
def listing() -> str:
    """Everything the reader was told, by day."""
    at = desk()
    before = request.args.get("truoc", type=as_number)
    only_unread = "moi" in request.args
    with at.read() as connection:
        found = notices.page(connection, at.actor.person_id, _A_PAGE + 1, before, only_unread=only_unread)
    shown = [told(one) for one in found[:_A_PAGE]]
    return render_template(
        "notices.html",
        days=[(day, list(some)) for day, some in groupby(shown, _day)],
        newest=shown[0].notice.id if shown and before is None else None,
        older=shown[-1].notice.id if len(found) > _A_PAGE else None,
        is_first=before is None,
        only_unread=only_unread,
    )


@blueprint.post("/thong-bao")
@page(Action.OWN_ACCOUNT)
def put_away() -> Response:
    """All that the reader has seen, or one of it."""
    at, number = desk(), request.form.get("den", default=0, type=as_number)
    one = request.form.get("mot", type=as_number)
    with at.instance.store.write() as connection:
        notices.put_away(connection, at.actor.person_id, one or number, at.moment, only=one is not None)
    return redirect(url_for("notices.listing" if "o-day" in request.form else "work.home"))


@blueprint.get("/thong-bao/thu-dien-tu")
@page(Action.OWN_ACCOUNT)
def mail() -> str:
    """How the reader wants to be told by mail."""
    return _mail()


def _mail(sentence: str = "") -> str:
    at = desk()
    with at.read() as connection:
        wish = mail_wishes.get(connection, at.actor.person_id)
        address = mail_wishes.address(connection, at.actor.person_id)
    is_sending = bool(at.instance.settings.smtp)
    return render_template(
        "mail_wish.html", wish=wish, address=address, hows=list(How), is_sending=is_sending, sentence=sentence
    )


@blueprint.post("/thong-bao/thu-dien-tu")
@page(Action.OWN_ACCOUNT)
def choose_mail() -> Response | tuple[str, int]:
    """The reader chooses."""
    try:
        digest.choose(desk(), request.form.get("cach", ""), request.form.get("gio", default=-1, type=as_number))
    except Refusal as refusal:
        return _mail(str(refusal)), refusal.status
    flash(say("notice.mail-saved"), "success")
    return redirect(url_for("notices.mail"))


def told(one: Notice) -> Told:
    """A notice as pages show it."""
    return Told(one, address_of(one), words_of(one))


def address_of(told: Notice) -> str:
    """The page of what a notice is about."""
    if of_report := _REPORT.fullmatch(told.object):
        return url_for("reports.one", opening_id=int(of_report[1]), unit_id=int(of_report[2]))
    if told.kind in (OPENED, OPENED_EARLY):
        return url_for("due_calendar.own", thang=told.values["month"])
    if told.kind == UNDECIDED:
        return url_for("previews.look", regime=told.values["regime"], period=told.values["period"])
    kind, _, number = told.object.rpartition(" ")
    endpoint, name = _PAGES.get(told.kind) or _PAGES[kind]
    where: dict[str, Any] = {name: int(number)}
    return url_for(endpoint, **where)


def words_of(told: Notice) -> str:
    """What a notice says."""
    more = {"what": say(f"accounts.kind.{told.values['kind']}")} if "kind" in told.values else {}
    more |= {"standing": say(f"feedback.is.{told.values['state']}")} if "state" in told.values else {}
    more |= {"holds": say(f"role.{told.values['role']}")} if "role" in told.values else {}
    more |= {"when": parse(told.values["period"]).label} if "period" in told.values else {}
    return say(f"notice.{told.kind}", **more, **told.values)


def _day(one: Told) -> date:
    return civil(one.notice.at).date()
