"""Proposals about indicators: by a unit's administrator, drafted by who leads the regime, applied by the office."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from actions import proposals
from actions.desk import Desk, NotYours, Refusal
from actions.proposals import Decision
from registry.store import proposals as stored
from registry.store.proposals import Proposal
from registry.workflow.policy import Action
from registry.workflow.proposals import ProposalKind, ProposalState, ProposalStep, proposal_step
from webui import standing
from webui.filled import day_in
from webui.permission import page
from webui.typed import as_number
from webui.visitor import desk
from webui.wording import say

blueprint = Blueprint("proposals", __name__)

_FIELDS = ("don_vi", "bieu", "chi_tieu", "loai", "noi_dung", "ly_do")


@blueprint.get("/de-xuat-chi-tieu")
@page(Action.SEE_PROPOSALS)
def listing() -> str:
    """Those the reader sees; with ``bieu`` the form in which to propose something of that form."""
    return _listing({name: request.args.get(name, "") for name in _FIELDS})


def _listing(typed: dict[str, str], sentence: str = "") -> str:
    at, wanted = desk(), request.args.get("trang_thai", "")
    mine = at.scope(Action.PROPOSE_INDICATOR).units or frozenset()
    with at.read() as connection:
        snapshot = at.snapshot(connection)
        found = proposals.within_sight(at, connection)
    forms = proposals.forms(snapshot)
    return render_template(
        "proposals.html",
        found=[one for one in found if not wanted or one.state == wanted],
        total=len(found),
        wanted=wanted,
        states=[state for state in ProposalState if any(one.state is state for one in found)],
        badge=standing.of_proposal,
        units=snapshot.units_by_id,
        own=[(key, snapshot.units_by_id[key]) for key in sorted(mine) if key in snapshot.units_by_id],
        forms=[code for code in forms if code in snapshot.form_versions],
        indicators=proposals.indicators(snapshot, typed["bieu"]),
        all_indicators=snapshot.definitions.indicators,
        kinds=list(ProposalKind),
        typed=typed,
        sentence=sentence,
    )


@blueprint.post("/de-xuat-chi-tieu")
@page(Action.PROPOSE_INDICATOR)
def propose() -> Response | tuple[str, int]:
    """Make one."""
    typed = {name: request.form.get(name, "").strip() for name in _FIELDS}
    try:
        kind = _kind(typed["loai"])
        number = proposals.propose(
            desk(),
            request.form.get("don_vi", 0, type=as_number),
            typed["bieu"],
            typed["chi_tieu"],
            kind,
            typed["noi_dung"],
            typed["ly_do"],
        )
    except NotYours:
        raise
    except Refusal as refusal:
        return _listing(typed, str(refusal)), refusal.status
    flash(say("proposal.made", n=number), "success")
    return redirect(url_for("proposals.one", proposal_id=number))


def _kind(text: str) -> ProposalKind:
    try:
        return ProposalKind(text)
    except ValueError:
        raise Refusal("proposal-kind") from None


@blueprint.get("/de-xuat-chi-tieu/<int:proposal_id>")
@page(Action.SEE_PROPOSALS)
def one(proposal_id: int) -> str:
    """One with its story, and what the reader can do with it now."""
    return _one(desk(), proposal_id)


def _one(at: Desk, proposal_id: int, sentence: str = "") -> str:
    with at.read() as connection:
        snapshot = at.snapshot(connection)
        known = stored.get(connection, proposal_id)
        allowed = at.scope(Action.SEE_PROPOSALS)
        if known is None or not allowed.allows(known.new.unit_id, known.new.regime, known.new.form):
            raise NotYours
        steps = stored.steps(connection, [proposal_id]).get(proposal_id, [])
    return render_template(
        "proposal.html",
        known=known,
        unit=snapshot.units_by_id[known.new.unit_id],
        indicator=snapshot.definitions.indicators.get(known.new.indicator),
        regime=snapshot.regimes.get(known.new.regime),
        steps=steps,
        badge=standing.of_proposal,
        can={step.value: _may(at, known, step) for step in ProposalStep},
        sentence=sentence,
        today=at.day,
    )


def _may(at: Desk, known: Proposal, step: ProposalStep) -> bool:
    found = proposal_step(known.state, step)
    return found is not None and at.scope(found.action).allows(known.new.unit_id, known.new.regime, known.new.form)


@blueprint.post("/de-xuat-chi-tieu/<int:proposal_id>/rut")
@page(Action.PROPOSE_INDICATOR)
def withdraw(proposal_id: int) -> Response | tuple[str, int]:
    """Take one's own back."""
    return _taken(proposal_id, ProposalStep.WITHDRAW)


@blueprint.post("/de-xuat-chi-tieu/<int:proposal_id>/du-thao")
@page(Action.DRAFT_INDICATORS)
def decide(proposal_id: int) -> Response | tuple[str, int]:
    """Accept for drafting, or decline with the reason."""
    return _taken(proposal_id, ProposalStep.ACCEPT if request.form.get("do") == "accept" else ProposalStep.DECLINE)


def _taken(proposal_id: int, step: ProposalStep) -> Response | tuple[str, int]:
    at, version = desk(), request.form.get("version", 0, type=as_number)
    try:
        proposals.take(at, proposal_id, version, step, request.form.get("ly_do", ""))
    except NotYours:
        raise
    except Refusal as refusal:
        return _one(at, proposal_id, str(refusal)), refusal.status
    flash(say("proposal.taken"), "success")
    return redirect(url_for("proposals.one", proposal_id=proposal_id))


@blueprint.post("/de-xuat-chi-tieu/<int:proposal_id>/ap-dung")
@page(Action.CHANGE_CATALOGUE)
def apply(proposal_id: int) -> Response | tuple[str, int]:
    """Apply by the deciding document."""
    at, version = desk(), request.form.get("version", 0, type=as_number)
    try:
        dated, since = (
            day_in(request.form.get(name, ""), "proposal-document", most=proposals.MOST_LETTERS)
            for name in ("ngay", "tu_ngay")
        )
        decision = Decision(request.form.get("so", ""), dated, since, request.form.get("ma", ""))
        proposals.apply(at, proposal_id, version, decision)
    except NotYours:
        raise
    except Refusal as refusal:
        return _one(at, proposal_id, str(refusal)), refusal.status
    flash(say("proposal.applied"), "success")
    return redirect(url_for("proposals.one", proposal_id=proposal_id))
