"""Chosen units give their opinion on a draft, heading by heading, by a date; each is taken up or not, with words."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from actions import draft_steps, drafting
from actions.desk import Change, Changed, Desk, NotEntitled, NotNow, NotYours, Refusal
from actions.reasons import reason_of
from registry.catalogue.model import Role, UnitKind
from registry.store import addressees, draft_asks, draft_texts, drafts, notices
from registry.store.draft_asks import Ask, Opinion
from registry.store.draft_texts import Heading
from registry.store.drafts import Draft, NewStep
from registry.store.engine import Connection, take_turns
from registry.workflow.draft import WRITTEN, DraftStep
from registry.workflow.policy import Action
from vietnamese.dates import format_due

ASKED, ANSWERED = "draft-asked", "draft-answered"  # notices
MOST = 4000  # characters of one opinion
_TOLD = (Role.CLERK, Role.LEADER, Role.RECEIVER)


@dataclass(frozen=True)
class Asked:
    """What a unit that was asked sees."""

    ask: Ask
    draft: Draft
    headings: tuple[Heading, ...]
    said: tuple[Opinion, ...]
    is_open: bool  # the round it was asked in still runs


def ask(desk: Desk, draft_id: int, seen_lock: int, unit_ids: Collection[int], due: datetime, words: str = "") -> int:
    """Ask units by a date; how many. Raises NotYours, NotEntitled, NotNow, Refusal (nobody, the date), Changed."""
    with desk.change("draft-ask", f"draft {draft_id}") as change:
        seen = drafting.look(desk, change.connection, draft_id)
        transition = draft_steps.transition_of(desk, change.connection, seen, DraftStep.ASK)
        snapshot = desk.snapshot(change.connection)
        alive = dict(snapshot.units_on(desk.day))
        wanted = set(unit_ids) - {seen.draft.unit_id}
        if not wanted <= alive.keys() or not wanted or any(alive[one].kind is UnitKind.DIVISION for one in wanted):
            raise Refusal("draft-ask-whom")
        if due <= desk.moment:
            raise Refusal("draft-ask-due")
        said = words.strip()[:MOST]
        made = NewStep(DraftStep.ASK, transition.target, desk.actor.person_id, desk.moment, said)
        if not drafts.advance(change.connection, draft_id, seen_lock, made):
            raise Changed
        _asked(desk, change, seen.draft, wanted, due, said)
        change.unit_id = seen.draft.unit_id
        change.detail |= {"units": sorted(wanted), "due": due.isoformat()}
        return len(wanted)


def _asked(desk: Desk, change: Change, draft: Draft, wanted: set[int], due: datetime, words: str) -> None:
    connection, snapshot = change.connection, desk.snapshot(change.connection)
    people = addressees.of_units(connection, _TOLD, wanted, desk.day, draft.regime)
    values = {"name": snapshot.regimes[draft.regime].name, "period": draft.period, "due": format_due(due)}
    for unit_id in sorted(wanted):
        key = draft_asks.put(connection, draft.id, unit_id, due, words, desk.actor.person_id, desk.moment)
        told = people[unit_id] - {desk.actor.person_id}
        notices.put(connection, told, ASKED, f"draft ask {key}", values | {"why": words}, desk.moment)


def asked(desk: Desk, connection: Connection, ask_id: int) -> Asked:
    """What a unit was asked, with the draft's texts. Raises NotYours."""
    found = draft_asks.get(connection, ask_id)
    draft = drafts.get(connection, found.draft_id) if found else None
    if found is None or draft is None or not desk.scope(Action.ANSWER_DRAFT).allows(found.unit_id, draft.regime):
        raise NotYours
    said = [one for one in draft_asks.opinions(connection, draft.id) if one.ask_id == ask_id]
    headings = tuple(one for one in draft_texts.headings(connection, draft.id) if one.is_written)
    return Asked(found, draft, headings, tuple(said), draft_asks.is_open(connection, found))


def answer(desk: Desk, ask_id: int, said: Mapping[int, str]) -> int:
    """Keep what a unit says of headings by their numbers, 0 of the whole; how many opinions.

    What it said before in the same words is not kept again. Raises NotYours, NotNow (no opinions are asked for any
    more), Refusal (nothing said, too long).
    """
    with desk.change(Action.ANSWER_DRAFT, f"draft ask {ask_id}") as change:
        take_turns(change.connection, f"draft ask {ask_id}")
        one = asked(desk, change.connection, ask_id)
        if not one.is_open:
            raise NotNow("draft-ask-over")
        keys = {heading.n: heading.id for heading in one.headings}
        words = {n: text for n, text in said.items() if text.strip() and (n == 0 or n in keys)}
        if not words:
            raise Refusal("reason-needed")
        known = {(each.heading_id, each.body) for each in one.said}
        fresh = {n: body for n, text in words.items() if (keys.get(n), body := reason_of(text, MOST)) not in known}
        if not fresh:
            return len(words)  # the second click
        for n, body in sorted(fresh.items()):
            draft_asks.opine(change.connection, ask_id, keys.get(n), body, desk.actor.person_id, desk.moment)
        notices.settle(change.connection, (ASKED,), f"draft ask {ask_id}", desk.moment)
        owners = {heading.owner_id for heading in one.headings if heading.n in fresh and heading.owner_id is not None}
        snapshot = desk.snapshot(change.connection)
        name = snapshot.units_by_id[one.ask.unit_id].name
        told = {one.draft.chief_id} | owners
        drafting.put_notice(desk, change.connection, snapshot, one.draft, ANSWERED, told, name)
        change.unit_id = one.ask.unit_id
        change.detail["headings"] = len(fresh)
        return len(words)


def rule(desk: Desk, draft_id: int, opinion_id: int, words: str, *, accepted: bool) -> None:
    """Take an opinion up, or not with words, as chief editor or owner of the heading.

    Raises NotYours, NotEntitled, NotNow (the text is not written any more), Refusal (no words), Changed.
    """
    with desk.change("draft-rule", f"draft {draft_id}") as change:
        take_turns(change.connection, f"draft {draft_id}")
        seen = drafting.look(desk, change.connection, draft_id)
        found = next((one for one in draft_asks.opinions(change.connection, draft_id) if one.id == opinion_id), None)
        if found is None:
            raise NotYours
        owners = {one.id: one.owner_id for one in seen.headings}
        if not seen.may_edit:
            raise NotEntitled("draft-only-anybody")
        if not seen.is_chief and owners.get(found.heading_id or 0) != desk.actor.person_id:
            raise NotEntitled("draft-only-chief")
        if seen.draft.state not in WRITTEN:
            raise NotNow("draft-submitted")
        if found.accepted is not None:
            raise Changed
        said = words.strip()[:MOST] if accepted else reason_of(words, MOST)
        draft_asks.rule(change.connection, opinion_id, said, desk.actor.person_id, desk.moment, accepted=accepted)
        change.unit_id = seen.draft.unit_id
        change.detail |= {"accepted_opinion": accepted} | ({"reason": said} if said else {})
