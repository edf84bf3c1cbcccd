"""The editing desk (bàn biên tập): drafts of reports, heading by heading beside what they are written from (R42)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from actions import draft_figures, draft_steps, drafting, gathered
from actions.desk import Changed, Desk, NotYours, Refusal
from actions.gathered import Contribution
from compile.differences import differences
from compile.marked import paragraphs
from registry.store import draft_asks, draft_copies, draft_texts
from registry.store import drafts as stored
from registry.store.definitions import Snapshot
from registry.store.draft_texts import Heading
from registry.workflow.draft import DraftStep
from registry.workflow.policy import Action
from webui import standing
from webui.draft_taking import mark_of, wanted
from webui.permission import page
from webui.typed import as_number, numbered
from webui.visitor import desk
from webui.wording import say

blueprint = Blueprint("drafting", __name__)
TEXT = "noi_dung"  # the field that holds what was typed; never lost
_MOVES = (DraftStep.SUBMIT, DraftStep.APPROVE, DraftStep.RETURN, DraftStep.WITHDRAW, DraftStep.UPDATE)
_MOST_FOUND = 40  # contributions of communes on one page


@dataclass(frozen=True)
class Typed:
    """What stood in the field when it could not be saved: after another's save, or beside a refusal."""

    body: str
    sentence: str


@blueprint.get("/bien-tap")
@page(Action.SEE_DRAFT)
def listing() -> str:
    """The drafts the reader sees, and the reports a draft may be begun of."""
    at = desk()
    allowed = at.require(Action.SEE_DRAFT)
    with at.read() as connection:
        snapshot = at.snapshot(connection)
        found = stored.listing(connection, allowed)
        answering = at.scope(Action.ANSWER_DRAFT)
        asked = [] if answering.is_empty else draft_asks.of_units(connection, answering.units)
        to_begin = drafting.to_begin(at, connection) if not at.scope(Action.RUN_DRAFT).is_empty else []
    return render_template(
        "drafts.html",
        found=[(one, snapshot.regimes.get(one.regime), standing.of_draft(one.state)) for one in found],
        asked=asked,
        to_begin=[(one, unit, snapshot.regimes[one.regime]) for one, unit in to_begin],
        units=snapshot.units_by_id,
    )


@blueprint.post("/bien-tap")
@page(Action.RUN_DRAFT)
def begin() -> Response:
    """Begin one, or go to the one that was begun."""
    opening, _, unit = request.form.get("ky", "").partition(" ")
    try:
        key = drafting.begin(desk(), as_number(opening), as_number(unit))
    except ValueError:
        raise NotYours from None
    return redirect(url_for("drafting.one", draft_id=key))


@blueprint.get("/bien-tap/<int:draft_id>")
@page(Action.SEE_DRAFT, reads="draft {draft_id}")
def one(draft_id: int) -> str:
    """A draft: its headings with their owners, whose turn it is, what was done."""
    at = desk()
    with at.read() as connection:
        snapshot = at.snapshot(connection)
        seen = drafting.look(at, connection, draft_id)
        taken = stored.steps(connection, draft_id)
        known = draft_figures.facts(at, connection, seen.draft, seen.headings)
        earlier, last = draft_figures.last_period(connection, seen.draft), drafting.last_texts(connection, seen.draft)
        rounds, issued = draft_copies.came_back(connection, draft_id), draft_copies.issues(connection, draft_id)
        people = drafting.candidates(at, connection, seen.draft.unit_id) if seen.may_run else []
        can = {step.value: draft_steps.may(at, connection, seen, step) for step in DraftStep}
        to = {step.value: draft_steps.addressees(at, connection, seen, step) for step in _MOVES if can[step]}
    warned = {
        each.n: draft_figures.warnings(
            known, each.title, each.body, earlier, last.get(each.tag, drafting.LastText()).text
        )[1]
        for each in seen.headings
        if each.body
    }
    return render_template(
        "draft.html",
        warned=warned,
        seen=seen,
        draft=seen.draft,
        unit=snapshot.units_by_id[seen.draft.unit_id],
        regime=snapshot.regimes.get(seen.draft.regime),
        badge=standing.of_draft(seen.draft.state),
        units=snapshot.units,
        steps=taken,
        titles={each.id: each.title for each in seen.headings},
        people=people,
        can=can,
        to=to,
        moves=[step for step in _MOVES if can[step]],
        mine=at.actor.person_id,
        rounds=rounds,
        texts_saved=draft_steps.texts_saved(seen),
        issues=issued,
        can_send=any(seen.may_write(each, at.actor.person_id) for each in seen.headings),
    )


@blueprint.post("/bien-tap/<int:draft_id>/phan-cong")
@page(Action.RUN_DRAFT)
def name_people(draft_id: int) -> Response:
    """Say who is chief editor and who writes what."""
    owners, shown = (
        {n: request.form.get(f"{prefix}{n}", type=as_number) for n in numbered(request.form, prefix)}
        for prefix in ("muc-", "cu-")
    )
    drafting.name_people(desk(), draft_id, request.form.get("chu_bien", 0, type=as_number), owners, shown)
    flash(say("drafting.named"), "success")
    return redirect(url_for("drafting.one", draft_id=draft_id))


@blueprint.post("/bien-tap/<int:draft_id>/buoc")
@page(Action.SEE_DRAFT)
def step(draft_id: int) -> Response:
    """Submit, pass on, give back, comment."""
    given = request.form
    try:
        taken = DraftStep(given.get("do", ""))
    except ValueError:
        raise NotYours from None
    seen, to, n, texts = (given.get(name, type=as_number) for name in ("lock", "den", "muc", "da_luu"))
    draft_steps.step(desk(), draft_id, seen or 0, taken, given.get("loi", ""), to, n or 0, texts)
    flash(say(f"drafting.done.{taken}"), "success")
    if n:
        return redirect(url_for("drafting.heading", draft_id=draft_id, n=n))
    return redirect(url_for("drafting.one", draft_id=draft_id))


@blueprint.get("/bien-tap/<int:draft_id>/muc/<int:n>")
@page(Action.SEE_DRAFT, reads="draft {draft_id}")
def heading(draft_id: int, n: int) -> str:
    """One heading: last period's text, contributions, and the text being written, side by side."""
    return _heading(desk(), draft_id, n)


def _heading(at: Desk, draft_id: int, n: int, typed: Typed | None = None) -> str:
    words, with_communes = request.args.get("tim", "").strip(), "xa" in request.args
    with at.read() as connection:
        snapshot = at.snapshot(connection)
        seen = drafting.look(at, connection, draft_id)
        shown = drafting.heading_of(seen, n)
        last = drafting.last_texts(connection, seen.draft).get(shown.tag, drafting.LastText())
        given = gathered.contributions(at, connection, seen.draft, seen.headings)
        under = gathered.under(given, shown)
        quiet = gathered.silent(at, connection, seen.draft, shown, {one.unit_id for one in under})
        of_communes = []
        if with_communes:
            of_communes = gathered.contributions(at, connection, seen.draft, seen.headings, communes=True)
        can_comment = draft_steps.may(at, connection, seen, DraftStep.COMMENT)
        said = [one for one in stored.steps(connection, draft_id) if one.heading_id == shown.id]
        known = draft_figures.facts(at, connection, seen.draft, seen.headings)
        earlier = draft_figures.last_period(connection, seen.draft)
    body = shown.body if typed is None else typed.body
    printed, warned = draft_figures.warnings(known, shown.title, body, earlier, last.text)
    found = gathered.sought(of_communes, words) if words else [one for one in of_communes if one.tag == shown.tag]
    written = [one for one in seen.headings if one.is_written]
    at_place = written.index(shown)
    return render_template(
        "draft_heading.html",
        draft=seen.draft,
        heading=shown,
        unit=snapshot.units_by_id[seen.draft.unit_id],
        badge=standing.of_draft(seen.draft.state),
        can_write=seen.may_write(shown, at.actor.person_id),
        before=written[at_place - 1] if at_place else None,
        after=written[at_place + 1] if at_place + 1 < len(written) else None,
        last=last.text,
        last_changes=differences(last.text, printed.text) if last.text and shown.body else (),
        under=[(mark_of(given, one), one) for one in under],
        quiet=[(one.unit, standing.of_report_state(one.state)) for one in quiet],
        with_communes=with_communes,
        words=words,
        found=[(mark_of(of_communes, one), one) for one in found[:_MOST_FOUND]],
        more=max(0, len(found) - _MOST_FOUND),
        body=body,
        printed=printed if printed.spans or printed.findings else None,
        warned=warned,
        printed_paragraphs=paragraphs(printed.text),
        sayings=known.by_tag.get(shown.tag, ()),
        of_outline=known.of_outline.get(shown.tag, ""),
        sentence="" if typed is None else typed.sentence,
        against=differences(shown.body, typed.body) if typed is not None else (),
        said=said,
        can_comment=can_comment,
        paragraphs=paragraphs,
        most=drafting.MOST_TEXT,
    )


@blueprint.post("/bien-tap/<int:draft_id>/muc/<int:n>")
@page(Action.WRITE_DRAFT, keeps=TEXT)
def write(draft_id: int, n: int) -> Response | tuple[str, int]:
    """Save what was typed, with last period's text or a contribution put behind it where one was asked for."""
    at, given = desk(), request.form
    body, (kind, _, mark) = given.get(TEXT, ""), given.get("do", "").partition(" ")
    try:
        more, origin, from_id = wanted(at, draft_id, n, kind, mark)
        text = (" " if kind == "so" else "\n\n").join(one for one in (body.strip(), more) if one)
        saved = drafting.write(at, draft_id, n, given.get("lock", 0, type=as_number), text, origin, from_id)
    except NotYours:
        raise
    except Changed:
        return _heading(at, draft_id, n, Typed(body, say("drafting.changed"))), Changed.status
    except Refusal as refusal:
        return _heading(at, draft_id, n, Typed(body, str(refusal))), refusal.status
    flash(say("drafting.saved" if saved else "drafting.nothing-new"), "success")
    return redirect(url_for("drafting.heading", draft_id=draft_id, n=n, **_kept_view()))


def _kept_view() -> dict[str, Any]:
    return {name: request.args[name] for name in ("xa", "tim") if name in request.args}


@blueprint.get("/bien-tap/<int:draft_id>/muc/<int:n>/ban-luu")
@page(Action.SEE_DRAFT, reads="draft {draft_id}")
def versions(draft_id: int, n: int) -> str:
    """Every text saved under a heading, newest first, each with what it changed."""
    at = desk()
    with at.read() as connection:
        snapshot = at.snapshot(connection)
        seen = drafting.look(at, connection, draft_id)
        shown: Heading = drafting.heading_of(seen, n)
        texts = draft_texts.texts(connection, shown.id)
    before = [*(one.body for one in texts[1:]), ""][: len(texts)]
    return render_template(
        "draft_versions.html",
        draft=seen.draft,
        heading=shown,
        lines=[(one, differences(body, one.body)) for one, body in zip(texts, before, strict=True)],
        units=_names(snapshot),
    )


def _names(snapshot: Snapshot) -> dict[int, str]:
    return {key: unit.name for key, unit in snapshot.units_by_id.items()}


@blueprint.get("/bien-tap/<int:draft_id>/tap-hop")
@page(Action.SEE_DRAFT, reads="draft {draft_id}")
def gathered_texts(draft_id: int) -> str:
    """Bản tập hợp: what was sent, heading by heading, to be searched by heading, unit and words."""
    at, words = desk(), request.args.get("tim", "").strip()
    with at.read() as connection:
        seen = drafting.look(at, connection, draft_id)
        given = gathered.contributions(at, connection, seen.draft, seen.headings, communes="xa" in request.args)
    found = gathered.sought(given, words) if words else given
    by_tag: dict[str, list[Contribution]] = {}
    for one in found:
        by_tag.setdefault(one.tag, []).append(one)
    places = [(each, by_tag[each.tag]) for each in seen.headings if each.tag in by_tag]
    return render_template(
        "draft_gathered.html",
        draft=seen.draft,
        places=places,
        rest=by_tag.get("", []),
        words=words,
        with_communes="xa" in request.args,
        count=len(found),
    )
