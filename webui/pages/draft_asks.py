"""Opinions on a draft: asked of units by a date, given heading by heading, taken up or not (F12)."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from actions import draft_asks, draft_figures, drafting
from compile.marked import paragraphs
from registry.catalogue.model import UnitKind
from registry.store import draft_asks as stored
from registry.workflow.draft import WRITTEN
from registry.workflow.policy import Action
from webui import noting
from webui.moments import moment_of
from webui.permission import page
from webui.typed import as_number, numbered, numbers_in
from webui.visitor import desk
from webui.wording import say

blueprint = Blueprint("draft_asks", __name__)


@blueprint.get("/bien-tap/<int:draft_id>/y-kien")
@page(Action.SEE_DRAFT, reads="draft {draft_id}")
def look(draft_id: int) -> str:
    """Who was asked, what they said heading by heading, and what became of it."""
    at = desk()
    with at.read() as connection:
        snapshot = at.snapshot(connection)
        seen = drafting.look(at, connection, draft_id)
        asks, said = stored.of_draft(connection, draft_id), stored.opinions(connection, draft_id)
    given, alive = {one.ask_id for one in said}, snapshot.units_on(at.day)
    mine, is_written = at.actor.person_id, seen.draft.state in WRITTEN
    owners = {one.id: one.owner_id for one in seen.headings}
    places = [(None, "")] + [(one.id, one.title) for one in seen.headings]
    ranked = (UnitKind.PROVINCE, UnitKind.DIVISION)
    return render_template(
        "draft_opinions.html",
        draft=seen.draft,
        asks=[(one, one.id in given) for one in asks],
        places=[(title, [one for one in said if one.heading_id == key]) for key, title in places],
        may_rule={
            one.id: is_written
            and seen.may_edit
            and one.accepted is None
            and (seen.is_chief or owners.get(one.heading_id or 0) == mine)
            for one in said
        },
        may_ask=seen.is_chief and seen.may_run and is_written,
        units=snapshot.units_by_id,
        choices=[
            (key, unit)
            for key, unit in alive
            if unit.kind not in ranked and key != seen.draft.unit_id and not unit.kind.is_commune
        ],
        communes=[(key, unit) for key, unit in alive if unit.kind.is_commune],
        most=draft_asks.MOST,
    )


@blueprint.post("/bien-tap/<int:draft_id>/y-kien")
@page(Action.RUN_DRAFT)
def ask(draft_id: int) -> Response:
    """Ask units."""
    at, given = desk(), request.form
    units = numbers_in(given.getlist("don_vi"))
    due = moment_of(given.get("han", ""), at.moment)
    count = draft_asks.ask(at, draft_id, given.get("lock", 0, type=as_number), units, due, given.get("loi", ""))
    flash(say("drafting.asked", count=count), "success")
    return redirect(url_for("draft_asks.look", draft_id=draft_id))


@blueprint.post("/bien-tap/<int:draft_id>/y-kien/<int:opinion_id>")
@page(Action.SEE_DRAFT)
def rule(draft_id: int, opinion_id: int) -> Response:
    """Tiếp thu, không tiếp thu."""
    accepted = request.form.get("do") == "accept"
    draft_asks.rule(desk(), draft_id, opinion_id, request.form.get("loi", ""), accepted=accepted)
    flash(say("drafting.ruled"), "success")
    return redirect(url_for("draft_asks.look", draft_id=draft_id, _anchor=f"y-kien-{opinion_id}"))


@blueprint.get("/gop-y-du-thao/<int:ask_id>")
@page(Action.ANSWER_DRAFT)
def asked(ask_id: int) -> str:
    """The draft as a unit that was asked reads it, with a place for its words under each heading; after its round only
    what it said.
    """
    at = desk()
    with at.read() as connection:
        snapshot = at.snapshot(connection)
        one = draft_asks.asked(at, connection, ask_id)
        noting.saw(f"draft ask {ask_id}", one.draft.unit_id)
        shown = one.headings if one.is_open else ()
        facts = draft_figures.printed(at, connection, one.draft, shown) if shown else {}
    unit = snapshot.units_by_id[one.ask.unit_id]
    return render_template(
        "draft_asked.html",
        asked=one,
        regime=snapshot.regimes.get(one.draft.regime),
        unit=unit,
        headings=[(each, paragraphs(facts[each.n]), unit.code in each.units) for each in shown],
        titles={each.id: each.title for each in one.headings},
        most=draft_asks.MOST,
    )


@blueprint.post("/gop-y-du-thao/<int:ask_id>")
@page(Action.ANSWER_DRAFT)
def answer(ask_id: int) -> Response:
    """Send what the unit says."""
    said = {n: request.form.get(f"muc-{n}", "") for n in numbered(request.form, "muc-")}
    count = draft_asks.answer(desk(), ask_id, said)
    flash(say("drafting.answered", count=count), "success")
    return redirect(url_for("draft_asks.asked", ask_id=ask_id))
