"""Proposals about indicators: any unit's administrator proposes, who leads the regime drafts, the office applies."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date

from actions import catalogues
from actions.desk import Change, Changed, Desk, NotNow, NotYours, Refusal
from actions.reasons import reason_of
from registry.catalogue.model import Catalogue, Indicator, Regime, Role
from registry.store import addressees, notices, proposals
from registry.store.definitions import Snapshot
from registry.store.engine import Connection
from registry.store.proposals import NewProposal, Proposal
from registry.workflow.policy import Action
from registry.workflow.proposals import ProposalKind, ProposalState, ProposalStep, Transition, proposal_step
from vietnamese.dates import format_date
from vietnamese.fold import fold, nearest

MOST_WORDS, MOST_LETTERS = 2000, 200  # characters of what is wanted and of a reason; of a document
_MOST_NAME = 300  # characters of an indicator's name
_DRAFTS = (Role.LEADER, Role.CLERK)


@dataclass(frozen=True, slots=True)
class Decision:
    """The document by which the office applies a proposal, and from when."""

    document: str
    dated: date
    valid_from: date
    code: str = ""  # of the new indicator in the catalogue


def forms(snapshot: Snapshot) -> dict[str, Regime]:
    """The forms a proposal can be about, each with the periodic regime that asks it."""
    found: dict[str, Regime] = {}
    for regime in snapshot.regimes.values():
        for code in () if regime.code in snapshot.requests else regime.forms:
            found.setdefault(code, regime)
    return found


def indicators(snapshot: Snapshot, form: str) -> dict[str, Indicator]:
    """The indicators a form asks, by code, in its order."""
    version = snapshot.form_versions.get(form)
    if version is None:
        return {}
    codes = [*(one.indicator for one in version.form.rows), *(one.indicator for one in version.form.columns)]
    known = snapshot.definitions.indicators
    return {code: known[code] for code in dict.fromkeys(codes) if code in known}


def propose(desk: Desk, unit_id: int, form: str, indicator: str, kind: ProposalKind, wanted: str, reason: str) -> int:
    """Put a proposal before who leads the regime of the form; its number. Raises NotYours, Refusal."""
    desk.require(Action.PROPOSE_INDICATOR, unit_id)
    text = wanted.strip()
    with desk.change(Action.PROPOSE_INDICATOR, "indicator proposal") as change:
        snapshot = desk.snapshot(change.connection)
        regime = forms(snapshot).get(form)
        if regime is None:
            raise Refusal("proposal-form")
        if (kind is ProposalKind.NEW) != (not indicator) or (indicator and indicator not in indicators(snapshot, form)):
            raise Refusal("proposal-indicator", form=form)
        if kind is not ProposalKind.END and not 0 < len(text) <= MOST_WORDS:
            raise Refusal("proposal-wanted", most=MOST_WORDS)
        if kind is ProposalKind.NAME and len(text) > _MOST_NAME:
            raise Refusal("proposal-wanted", most=_MOST_NAME)
        if kind is ProposalKind.MEASURE:
            text = _measure(snapshot, text)
        reason_of(reason, MOST_WORDS)
        new = NewProposal(unit_id, regime.code, form, indicator, kind, text)
        number = proposals.put(change.connection, new, desk.moment)
        proposals.add_step(
            change.connection, number, ProposalStep.PROPOSE, desk.actor.person_id, desk.moment, reason.strip()
        )
        change.on, change.unit_id = f"indicator proposal {number}", unit_id
        change.detail |= {"form": form, "indicator": indicator, "kind": kind, "reason": reason.strip()}
        lead = snapshot.unit_ids[regime.lead]
        people = addressees.of_units(change.connection, _DRAFTS, [lead], desk.day)[lead]
        _tell(desk, change, snapshot, number, new, ProposalState.PROPOSED, people)
    return number


def take(desk: Desk, number: int, version: int, step: ProposalStep, reason: str = "") -> None:
    """Withdraw, accept for drafting, or decline. Raises NotYours, NotNow, Changed, Refusal."""
    with desk.change(Action.SEE_PROPOSALS, f"indicator proposal {number}") as change:
        known, transition = _now(desk, change, number, version, step)
        if transition.reason:
            reason_of(reason, MOST_WORDS)
        _move(desk, change, known, transition, reason.strip())


def apply(desk: Desk, number: int, version: int, decision: Decision) -> None:
    """Apply what was drafted, by the deciding document: a name or a method at once, as a version of the indicator that
    holds from a day; all else must stand in the catalogue already, loaded through its own door.

    Raises NotYours, NotNow (not drafted, or not in the catalogue yet), Changed, Refusal.
    """
    if not 0 < len(decision.document.strip()) <= MOST_LETTERS or decision.dated > desk.day:
        raise Refusal("proposal-document", most=MOST_LETTERS)
    with desk.change(Action.CHANGE_CATALOGUE, f"indicator proposal {number}") as change:
        known, transition = _now(desk, change, number, version, ProposalStep.APPLY)
        snapshot = desk.snapshot(change.connection)
        if known.new.kind.is_simple:
            _write(desk, change, snapshot, known.new, decision.valid_from)
        elif not _stands(snapshot, known.new, decision.code.strip()):
            raise NotNow("proposal-not-in-catalogue")
        _move(desk, change, known, transition, decision.code.strip(), decision)


def _now(desk: Desk, change: Change, number: int, version: int, step: ProposalStep) -> tuple[Proposal, Transition]:
    known = proposals.get(change.connection, number)
    allowed = desk.scope(Action.SEE_PROPOSALS)
    if known is None or not allowed.allows(known.new.unit_id, known.new.regime, known.new.form):
        raise NotYours
    transition = proposal_step(known.state, step)
    if transition is None:
        raise NotNow("proposal-not-now")
    desk.require(transition.action, known.new.unit_id, known.new.regime, known.new.form)
    if known.version != version:
        raise Changed
    change.unit_id = known.new.unit_id
    return known, transition


def _move(
    desk: Desk, change: Change, known: Proposal, transition: Transition, text: str, decision: Decision | None = None
) -> None:
    if not proposals.advance(change.connection, known, transition.target):
        raise Changed
    document = (decision.document.strip(), decision.dated) if decision else ("", None)
    proposals.add_step(change.connection, known.id, transition.step, desk.actor.person_id, desk.moment, text, *document)
    change.action = transition.action
    change.detail |= {"step": transition.step} | ({"reason": text} if transition.reason else {})
    change.detail |= {"document": f"{document[0]}, {format_date(decision.dated)}"} if decision else {}
    unit_id, snapshot = known.new.unit_id, desk.snapshot(change.connection)
    people = addressees.of_units(change.connection, (Role.UNIT_ADMIN,), [unit_id], desk.day)[unit_id]
    _tell(desk, change, snapshot, known.id, known.new, transition.target, people)


def _write(desk: Desk, change: Change, snapshot: Snapshot, new: NewProposal, valid_from: date) -> None:
    """A version of the indicator that holds from a day."""
    indicator = snapshot.definitions.indicators.get(new.indicator)
    if indicator is None:
        raise NotNow("proposal-not-in-catalogue")
    if valid_from < max(indicator.valid_from, desk.day):
        raise Refusal("proposal-since", day=format_date(max(indicator.valid_from, desk.day)))
    dated = replace(indicator, valid_from=valid_from)
    is_name = new.kind is ProposalKind.NAME
    changed = replace(dated, name=new.wanted) if is_name else replace(dated, method=new.wanted)
    if not catalogues.write(desk, change, Catalogue(indicators=(changed,))):
        raise NotNow("proposal-not-in-catalogue")


def _stands(snapshot: Snapshot, new: NewProposal, code: str) -> bool:
    """True when the catalogue in force says what was proposed already."""
    known = indicators(snapshot, new.form)
    if new.kind is ProposalKind.NEW:
        return code in known
    if new.kind is ProposalKind.END:
        return new.indicator not in known
    return new.indicator in known and known[new.indicator].measure == new.wanted


def _measure(snapshot: Snapshot, wanted: str) -> str:
    """The measure of the catalogue that is meant: only such a one can be applied."""
    codes = [one.code for one in snapshot.catalogue.measures]
    alike = [wanted] if wanted in codes else [code for code in codes if fold(code) == fold(wanted) != ""]
    if len(alike) != 1:
        raise Refusal("proposal-measure", wanted=wanted[:_MOST_NAME], near=", ".join(nearest(wanted, codes)) or "…")
    return alike[0]


def _tell(
    desk: Desk,
    change: Change,
    snapshot: Snapshot,
    number: int,
    new: NewProposal,
    state: ProposalState,
    people: Collection[int],
) -> None:
    values = {"n": number, "form": new.form, "unit": snapshot.units_by_id[new.unit_id].name, "by": desk.actor.name}
    told = set(people) - {desk.actor.person_id}
    notices.put(change.connection, told, f"indicator-{state}", f"indicator proposal {number}", values, desk.moment)


def within_sight(desk: Desk, connection: Connection) -> list[Proposal]:
    """The proposals the actor sees, newest first."""
    return proposals.listing(connection, desk.require(Action.SEE_PROPOSALS))
