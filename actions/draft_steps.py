"""A draft is submitted, passed on, given back, commented on: the table of `registry.workflow.draft` is run (F12)."""

from __future__ import annotations

from actions import draft_issues, drafting
from actions.desk import Changed, Desk, NotEntitled, NotNow, NotYours, Refusal
from actions.drafting import Look
from actions.reasons import reason_of
from registry.catalogue.model import PROVINCE, Role
from registry.store import accounts, drafts, notices, people
from registry.store.drafts import NewStep
from registry.store.engine import Connection, take_turns
from registry.store.people import Person
from registry.workflow.draft import By, DraftState, DraftStep, Transition, draft_step
from registry.workflow.policy import Action

WAITS = "draft-waits"  # notice to with whom it is
SAID = {
    DraftStep.RETURN: "draft-returned",
    DraftStep.COMMENT: "draft-commented",
    DraftStep.UPDATE: "draft-updated",
    DraftStep.WITHDRAW: "draft-withdrawn",
}
PASSED = "draft-passed"
_PASSING = (DraftStep.SUBMIT, DraftStep.APPROVE)
_TOLD = (WAITS, *SAID.values(), PASSED)


def step(
    desk: Desk,
    draft_id: int,
    seen_lock: int,
    taken: DraftStep,
    words: str = "",
    to_id: int | None = None,
    n: int = 0,
    seen_texts: int | None = None,
) -> DraftState:
    """Take a step; the state after it. ``n``: number of the heading a comment is about; ``seen_texts``: how many texts
    had been saved when whoever passes the draft on looked at it.

    Raises NotYours, NotEntitled (not the chief editor, not with whom it is), NotNow, Refusal (no words, nobody
    named who could take it on), Changed.
    """
    passed = draft_issues.texts(desk, draft_id) if taken is DraftStep.APPROVE else []
    with desk.change(f"draft-{taken}", f"draft {draft_id}") as change:
        connection = change.connection
        take_turns(connection, f"draft {draft_id}")
        seen = drafting.look(desk, connection, draft_id)
        transition = transition_of(desk, connection, seen, taken)
        if taken in _PASSING and seen_texts not in (None, texts_saved(seen)):
            raise Changed
        said = reason_of(words) if transition.words or words.strip() else ""
        keeps = transition.target is seen.draft.state
        to = _addressee(desk, connection, seen, transition, to_id) if transition.addressed else None
        heading = drafting.heading_of(seen, n).id if n else None
        made = NewStep(
            taken, transition.target, desk.actor.person_id, desk.moment, said, to.id if to else None, heading
        )
        if keeps:
            drafts.record(connection, draft_id, made)
        elif not drafts.advance(connection, draft_id, seen_lock, made):
            raise Changed
        if transition.target is DraftState.DONE:
            if [one.body for one in seen.headings if one.is_written] != [one["body"] for one in passed]:
                raise Changed  # somebody saved between reading the texts and here
            change.detail["version"] = draft_issues.issue(desk, connection, draft_id, passed)
        change.unit_id = seen.draft.unit_id
        change.detail |= {"reason": said} if said else {}
        change.detail |= {"to person": to.id} if to else {}
        _tell(desk, connection, seen, transition, made)
        return transition.target


def texts_saved(seen: Look) -> int:
    """How many texts were ever saved under the draft's headings: another number is another draft."""
    return sum(one.lock for one in seen.headings)


def may(desk: Desk, connection: Connection, seen: Look, taken: DraftStep) -> bool:
    """Whether the actor may take a step now."""
    found = _found(desk, connection, seen, taken)
    return found is not None and _is_by(desk, seen, found)


def addressees(desk: Desk, connection: Connection, seen: Look, taken: DraftStep) -> list[Person]:
    """Who the draft may be submitted to with a step, by name."""
    found = _found(desk, connection, seen, taken)
    if found is None or not found.addressed:
        return []
    unit_id, snapshot = seen.draft.unit_id, desk.snapshot(connection)
    if found.target is DraftState.DIVISION:
        mine = desk.actor.person_id
        able = drafting.candidates(desk, connection, unit_id, Action.APPROVE_DRAFT)
        return [one for one in able if one.id != mine]
    heads = accounts.holders(connection, Role.LEADER, unit_id, desk.day)
    if found.target is DraftState.PROVINCE:
        heads |= accounts.holders(connection, Role.LEADER, snapshot.unit_ids[PROVINCE], desk.day)
    return sorted(people.by_ids(connection, heads), key=lambda one: one.name)


def _found(desk: Desk, connection: Connection, seen: Look, taken: DraftStep) -> Transition | None:
    of_province = drafting.is_of_province(desk.snapshot(connection), seen.draft.unit_id)
    return draft_step(seen.draft.state, taken, of_province=of_province)


def transition_of(desk: Desk, connection: Connection, seen: Look, taken: DraftStep) -> Transition:
    """The transition a step makes now. Raises NotNow, NotYours, NotEntitled."""
    found = _found(desk, connection, seen, taken)
    if found is None:
        raise NotNow("draft-not-now")
    if desk.scope(found.action).is_empty:
        raise NotYours
    if not _is_by(desk, seen, found):
        raise NotEntitled(f"draft-only-{found.by}")
    return found


def _is_by(desk: Desk, seen: Look, found: Transition) -> bool:
    if desk.scope(found.action).is_empty:
        return False
    return {
        By.CHIEF: seen.is_chief and seen.may_run,
        By.HOLDER: seen.is_holder and seen.may_approve,
        By.ANYBODY: seen.may_edit,
    }[found.by]


def _addressee(desk: Desk, connection: Connection, seen: Look, transition: Transition, to_id: int | None) -> Person:
    able = {one.id: one for one in addressees(desk, connection, seen, transition.step)}
    if to_id not in able:
        raise Refusal("draft-to-whom")
    return able[to_id]


def _tell(desk: Desk, connection: Connection, seen: Look, transition: Transition, made: NewStep) -> None:
    draft, snapshot = seen.draft, desk.snapshot(connection)
    on, moves = f"draft {draft.id}", transition.target is not draft.state
    if moves:
        notices.settle(connection, _TOLD, on, desk.moment)
    owners = {one.owner_id for one in seen.headings if one.owner_id is not None}
    if made.to_id is not None:
        drafting.put_notice(desk, connection, snapshot, draft, WAITS, {made.to_id}, made.words)
    if transition.target is DraftState.DONE:
        drafting.put_notice(desk, connection, snapshot, draft, PASSED, {draft.chief_id} | owners, made.words)
    elif transition.step in SAID:
        about = {one.owner_id for one in seen.headings if one.id == made.heading_id and one.owner_id is not None}
        people_told = {draft.chief_id} | (owners if moves else about)
        drafting.put_notice(desk, connection, snapshot, draft, SAID[transition.step], people_told, made.words)
