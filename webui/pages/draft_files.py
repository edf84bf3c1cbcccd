"""A draft as a file: taken away, sent back as the next round, looked through before any of it is taken over (F12)."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import cast

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from actions import draft_copies, draft_figures, drafting
from actions.desk import Desk, NotYours
from compile.differences import Change, differences
from registry.store import draft_copies as stored
from registry.store.draft_texts import Heading
from registry.workflow.policy import Action
from webui.file_names import arrived_as
from webui.mishaps import NoFile
from webui.pages.templates import DOCX
from webui.permission import page
from webui.typed import as_number, numbers_in
from webui.visitor import desk
from webui.wording import say

blueprint = Blueprint("draft_files", __name__)
_MOST_OUTSIDE = 40  # paragraphs on one page


@dataclass(frozen=True)
class Line:
    """One heading of a file that came back, beside the draft as it stands."""

    heading: Heading
    changes: tuple[Change, ...]
    against_last: tuple[Change, ...]
    against_round: tuple[Change, ...]  # the file that came back before
    numbers: list[dict[str, str]]
    meanwhile: bool  # somebody saved the heading after the file was taken away
    can_take: bool


@blueprint.post("/bien-tap/<int:draft_id>/tai-ve")
@page(Action.SEE_DRAFT)
def take_away(draft_id: int) -> Response:
    """The draft as docx."""
    made = draft_copies.take_away(desk(), draft_id)
    return send_file(io.BytesIO(made.data), mimetype=DOCX, as_attachment=True, download_name=made.name, max_age=0)


@blueprint.post("/bien-tap/<int:draft_id>/ban-sua")
@page(Action.WRITE_DRAFT)
def send_back(draft_id: int) -> Response:
    """An edited file comes back as the next round."""
    file = request.files.get("tep")
    if file is None or not file.filename:
        raise NoFile
    key = draft_copies.send_back(desk(), draft_id, cast("io.BytesIO", file.stream), arrived_as(file))
    return redirect(url_for("draft_files.look", draft_id=draft_id, copy_id=key))


@blueprint.get("/bien-tap/<int:draft_id>/ban-sua/<int:copy_id>")
@page(Action.SEE_DRAFT, reads="draft {draft_id}")
def look(draft_id: int, copy_id: int) -> str:
    """What an edited file would change, heading by heading, and the numbers typed over."""
    at = desk()
    with at.read() as connection:
        seen = drafting.look(at, connection, draft_id)
        found = stored.get(connection, draft_id, copy_id)
        earlier_round = stored.newest(connection, draft_id, is_back=True, n=found.n - 1) if found else None
        last = drafting.last_texts(connection, seen.draft)
        known = draft_figures.facts(at, connection, seen.draft, seen.headings)
        earlier = draft_figures.last_period(connection, seen.draft)
    if found is None or not found.is_back:
        raise NotYours
    headings = {one.n: one for one in seen.headings}
    rounds = {one["n"]: one["body"] for one in draft_copies.held_texts(earlier_round)} if earlier_round else {}
    lines = [
        _line(at, seen, headings[one["n"]], one, last, rounds.get(one["n"])) for one in draft_copies.held_texts(found)
    ]
    warned = {
        one["n"]: draft_figures.warnings(
            known,
            headings[one["n"]].title,
            one["body"],
            earlier,
            last.get(headings[one["n"]].tag, drafting.LastText()).text,
        )[1]
        for one in draft_copies.held_texts(found)
    }
    return render_template(
        "draft_file.html",
        draft=seen.draft,
        copy=found,
        warned=warned,
        lines=[one for one in lines if one.changes or one.numbers],
        same=sum(not one.changes for one in lines),
        missing=found.held["missing"],
        added=found.held["added"],
        outside=found.held.get("outside", [])[:_MOST_OUTSIDE],
        outside_count=len(found.held.get("outside", [])),
    )


def _line(
    at: Desk,
    seen: drafting.Look,
    heading: Heading,
    held: dict[str, object],
    last: dict[str, drafting.LastText],
    earlier: str | None,
) -> Line:
    body = str(held["body"])
    before = last.get(heading.tag, drafting.LastText())
    return Line(
        heading,
        differences(heading.body, body),
        differences(before.body, body) if before.body else (),
        differences(earlier, body) if earlier is not None else (),
        cast("list[dict[str, str]]", held["numbers"]),
        meanwhile=heading.lock != held["lock"],
        can_take=seen.may_write(heading, at.actor.person_id),
    )


@blueprint.post("/bien-tap/<int:draft_id>/ban-sua/<int:copy_id>")
@page(Action.WRITE_DRAFT)
def apply(draft_id: int, copy_id: int) -> Response:
    """Take the chosen headings over."""
    given = request.form
    chosen = {n: given.get(f"lock-{n}", type=as_number) for n in numbers_in(given.getlist("muc"))}
    count = draft_copies.apply(desk(), draft_id, copy_id, chosen)
    flash(say("drafting.applied", count=count), "success")
    return redirect(url_for("drafting.one", draft_id=draft_id))


@blueprint.get("/bien-tap/<int:draft_id>/ban-sua/<int:copy_id>/tep")
@page(Action.SEE_DRAFT)
def fetch(draft_id: int, copy_id: int) -> Response:
    """The file as it came back."""
    name, stream = draft_copies.fetch(desk(), draft_id, copy_id)
    return send_file(stream, mimetype=DOCX, as_attachment=True, download_name=name, max_age=0)
