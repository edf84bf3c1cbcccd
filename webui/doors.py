"""What costs the server something, and the page of whoever asks for it too often."""

from __future__ import annotations

import logging
from datetime import timedelta

from flask import Flask, request
from werkzeug.wrappers import Response

from actions.pace import Door, Knock
from vietnamese.dates import civil
from webui import mishaps, noting, table_door
from webui.visitor import actor_or_none, desk, instance, moment
from webui.wording import say

log = logging.getLogger(__name__)
TOO_OFTEN = "too-often"
_TOO_MANY = 429
_FREE = (
    "static",
    "bootstrap.static",
    "icons.icons",
    "guides.picture",
    "health.healthz",
    "account.alive",
    "account.sign_out",
)
DOORS = {
    "uploads.take": Door.SENDING,
    "holding.send": Door.SENDING,
    "uploads.judge_again": Door.SENDING,
    "uploads.send_as": Door.SENDING,
    "corrections.keep": Door.SENDING,
    "entry.keep": Door.SENDING,
    "parts.assemble": Door.SENDING,
    "reports.attach": Door.SENDING,
    "reports.record_paper": Door.SENDING,
    "reports.paper": Door.FETCHING,
    "drafting.heading": Door.SEARCHES,
    "drafting.gathered_texts": Door.SEARCHES,
    "draft_files.send_back": Door.SENDING,
    "draft_files.take_away": Door.COMPILING,
    "draft_files.fetch": Door.FETCHING,
    "drafting.write": Door.SENDING,
    "letters.attach": Door.SENDING,
    "feedback.take": Door.SENDING,
    "feedback.step": Door.SENDING,
    "feedback_desk.step": Door.SENDING,
    "trainings.send": Door.SENDING,
    "behalf.lay_down": Door.SENDING,
    "behalf.take": Door.SENDING,
    "collecting.keep": Door.SENDING,
    "designer.upload": Door.SENDING,
    "official.read": Door.SENDING,
    "account_import.look": Door.SENDING,
    "reorganising.look": Door.SENDING,
    "rule_lab.try_it": Door.SEARCHES,
    "log.latest": Door.SEARCHES,
    "reviewing.sheet": Door.SEARCHES,
    "reviewing.totals": Door.SEARCHES,
    "unit_totals.look": Door.SEARCHES,
    "dashboards.explore": Door.SEARCHES,
    "dashboards.take": Door.FETCHING,
    "dashboards.take_explored": Door.FETCHING,
    "watch.overview": Door.SEARCHES,
    "feedback.shared": Door.SEARCHES,
    "feedback_desk.listing": Door.SEARCHES,
    "templates.workbook": Door.FETCHING,
    "templates.due": Door.BUNDLES,
    "parts.book": Door.FETCHING,
    "templates.outline": Door.FETCHING,
    "previews.lying": Door.FETCHING,
    "previews.trial": Door.FETCHING,
    "designer.to_edit": Door.FETCHING,
    "designer.trial": Door.FETCHING,
    "returned.marked": Door.FETCHING,
    "returned.tidied": Door.FETCHING,
    "uploads.original": Door.FETCHING,
    "reports.narrative": Door.FETCHING,
    "reports.conversion": Door.FETCHING,
    "reports.in_unicode": Door.FETCHING,
    "report_files.take": Door.FETCHING,
    "report_files.make_pdf": Door.COMPILING,
    "unit_exports.make": Door.COMPILING,
    "unit_exports.take": Door.BUNDLES,
    "report_files.record_paper": Door.SENDING,
    "report_files.official_copy": Door.FETCHING,
    "report_files.make_package": Door.COMPILING,
    "report_files.take_package": Door.BUNDLES,
    "own_reports.document": Door.FETCHING,
    "own_reports.pdf": Door.FETCHING,
    "own_reports.make_pdf": Door.COMPILING,
    "letters.fetch": Door.FETCHING,
    "attainments.export": Door.FETCHING,
    "asking.take": Door.FETCHING,
    "watch.checkpoint": Door.FETCHING,
    "trainings.workbook": Door.FETCHING,
    "behalf.document": Door.FETCHING,
    "feedback.file": Door.FETCHING,
    "feedback_desk.file": Door.FETCHING,
    "feedback_desk.take_difficulties": Door.FETCHING,
    "chasing.take": Door.FETCHING,
    "history.take": Door.FETCHING,
    "due_calendar.take_own": Door.FETCHING,
    "due_calendar.take": Door.FETCHING,
    "due_calendar.feed": Door.FETCHING,
    "usage.take": Door.FETCHING,
    "templates.workbooks": Door.BUNDLES,
    "official.bundle": Door.BUNDLES,
    "catalogue.export": Door.BUNDLES,
    "log.export": Door.BUNDLES,
    "watch.export": Door.BUNDLES,
    "watch.chain": Door.BUNDLES,
    "templates.prepare": Door.COMPILING,
    "compiling.make": Door.COMPILING,
    "answers.compile_now": Door.COMPILING,
    "catalogue.load": Door.COMPILING,
    "plausibility.renew": Door.COMPILING,
}


def install(app: Flask) -> None:
    """Count every request once its session has told who asks, before the page does anything."""
    app.before_request(_counted)


def _counted() -> Response | None:
    if request.endpoint in _FREE:
        return None
    actor = actor_or_none()
    doors = [Door.STRANGERS] if actor is None else [Door.PAGES]
    if actor is not None and (costly := DOORS.get(request.endpoint or "")) is not None:
        doors.append(costly)
    if actor is not None and table_door.is_asked():
        doors.append(Door.FETCHING)
    for door in doors:
        person_id = None if actor is None else actor.person_id
        knock = instance().pace.knock(door, person_id, request.remote_addr or "", moment())
        if knock.wait:
            return _too_often(knock)
    return None


def _too_often(knock: Knock) -> Response:
    if knock.is_first and actor_or_none() is not None:
        instance().journal.write(desk(), TOO_OFTEN, noting.asked(), {})
    elif knock.is_first:
        log.warning("too many requests from %s", request.remote_addr)
    again = civil(moment() + timedelta(seconds=knock.wait))
    response = mishaps.answer(_TOO_MANY, say("mishap.429.again", seconds=knock.wait, at=f"{again:%H:%M:%S}"))
    response.headers["Retry-After"] = str(knock.wait)
    return response
