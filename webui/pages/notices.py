"""Notices: what waits for a person, or was decided for him; shown at home until they are put away."""

from __future__ import annotations

import re
from typing import Any

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from registry.periods import parse
from registry.store import notices
from registry.store.notices import Notice
from registry.workflow.policy import Action
from webui.permission import page
from webui.typed import as_number
from webui.visitor import desk
from webui.wording import say

blueprint = Blueprint("notices", __name__)

_PAGES = {  # kind of object, or of notice: its page, what names it there
    "account request": ("unit_accounts.one", "request_id"),
    "assignment": ("submissions.one", "assignment_id"),
    "unit": ("units.one", "unit_id"),
    "feedback-waits": ("feedback_desk.one", "feedback_id"),
    "feedback-said": ("feedback.one", "feedback_id"),
    "training-invited": ("trainings.own", "dot"),
    "opening": ("work.home", "ky"),
}

_REPORT = re.compile(r"opening (\d+) unit (\d+)")


@blueprint.post("/thong-bao")
@page(Action.OWN_ACCOUNT)
def put_away() -> Response:
    """All that the reader has seen."""
    at = desk()
    with at.instance.store.write() as connection:
        notices.put_away(connection, at.actor.person_id, request.form.get("den", default=0, type=as_number), at.moment)
    return redirect(url_for("work.home"))


def address_of(told: Notice) -> str:
    """The page of what a notice is about."""
    if of_report := _REPORT.fullmatch(told.object):
        return url_for("reports.one", opening_id=int(of_report[1]), unit_id=int(of_report[2]))
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
