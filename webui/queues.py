"""What waits for a person in other rooms than his own work: one line each at home, with the page it waits on.

A room that has such a queue adds a line; its count is asked only of who may act on it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from flask import url_for

from actions import accounts as account_life
from actions import behalf, holding, many, reopening, steps
from actions.desk import Desk
from registry.store import destructions, draft_waits, feedback, openings, outages, pleas
from registry.store.draft_waits import Kind, Wait
from registry.store.engine import Connection
from registry.workflow.feedback import WAITING_AT_OFFICE, WAITING_AT_UNIT
from registry.workflow.policy import Action
from registry.workflow.submission import State
from webui.wording import say


@dataclass(frozen=True, slots=True)
class Queue:
    """Who could act, how many wait, what is said of it and where they are."""

    may: Action
    count: Callable[[Desk, Connection], int]
    words: str
    endpoint: str
    icon: str
    tone: str = "warning"
    none: str = ""  # what is said while nothing waits, where the page still leads on


@dataclass(frozen=True, slots=True)
class Line:
    """A queue as home shows it."""

    text: str
    address: str
    icon: str
    tone: str


def _behalf_open(desk: Desk, connection: Connection) -> int:
    done = (State.PENDING, State.APPROVED)
    return sum(one.state not in done for one in behalf.to_enter(desk, connection))


def _feedback(desk: Desk, connection: Connection) -> int:
    states = WAITING_AT_UNIT if desk.scope(Action.SETTLE_FEEDBACK).is_empty else WAITING_AT_OFFICE
    counts = feedback.counts(connection, desk.scope(Action.SEE_FEEDBACK))
    return sum(counts.get(one, 0) for one in states)


def _to_approve(desk: Desk, connection: Connection) -> int:
    """One alone has its button in the work below."""
    works = openings.work(connection, desk.scope(Action.APPROVE))
    count = sum(steps.may(desk, one, Action.APPROVE) for one in works)
    return count if count > 1 else 0


def _unsent(desk: Desk, connection: Connection) -> int:
    """One alone has its button in the work below."""
    count = len(many.unsent(desk, connection))
    return count if count > 1 else 0


QUEUES = (
    Queue(Action.UPLOAD, lambda desk, _: len(holding.held(desk)), "held.home", "holding.look", "cloud-arrow-up"),
    Queue(Action.SUBMIT, _unsent, "many.home", "many.listing", "arrow-up-circle", tone="info"),
    Queue(Action.APPROVE, _to_approve, "bulk.home", "approving.listing", "check-lg", tone="info"),
    Queue(
        Action.CONFIRM_DESTRUCTION,
        lambda _, connection: destructions.waiting(connection),
        "destroy.waiting",
        "destroying.acts",
        "archive",
    ),
    Queue(
        Action.REOPEN,
        lambda desk, connection: len(reopening.waiting(desk, connection)),
        "reopening.home",
        "reopening.listing",
        "unlock",
    ),
    Queue(
        Action.CREDIT_OUTAGE,
        lambda _, connection: outages.waiting(connection),
        "outage.home-waiting",
        "outages.listing",
        "exclamation-triangle-fill",
    ),
    Queue(
        Action.RUN_PERIOD,
        lambda desk, connection: pleas.waiting(connection, desk.scope(Action.RUN_PERIOD)),
        "plea.home-waiting",
        "pleas.queue",
        "clock-history",
    ),
    Queue(
        Action.APPROVE_ON_BEHALF,
        lambda desk, connection: len(behalf.to_approve(desk, connection)),
        "behalf.home-waiting",
        "behalf.waiting",
        "file-earmark-text",
    ),
    Queue(
        Action.ENTER_ON_BEHALF,
        _behalf_open,
        "behalf.home-open",
        "behalf.listing",
        "file-earmark-text",
        tone="info",
        none="behalf.home-none",
    ),
    Queue(
        Action.AGREE_ACCOUNT,
        lambda desk, connection: account_life.waiting(desk, connection)[0],
        "work.queue.agree",
        "unit_accounts.to_agree",
        "person-circle",
    ),
    Queue(
        Action.DECIDE_ACCOUNT,
        lambda desk, connection: account_life.waiting(desk, connection)[1],
        "work.queue.decide",
        "account_desk.queue",
        "person-circle",
    ),
    Queue(Action.SEE_FEEDBACK, _feedback, "work.queue.feedback", "feedback_desk.listing", "question-circle"),
)


def waiting(desk: Desk, connection: Connection) -> list[Line]:
    """The queues of whoever sits at the desk that have anything in them."""
    found = []
    for one in QUEUES:
        if desk.scope(one.may).is_empty:
            continue
        count = one.count(desk, connection)
        if words := one.words if count else one.none:
            found.append(Line(say(words, count=count), url_for(one.endpoint), one.icon, one.tone))
    return [*found, *_at_the_editing_desk(desk, connection)]


_EDITING = {
    Kind.ROUND: ("drafting.home-rounds", "check-lg"),
    Kind.HEADING: ("drafting.home-headings", "pencil-fill"),
    Kind.ASK: ("drafting.home-asks", "chat-left-text"),
}


def _at_the_editing_desk(desk: Desk, connection: Connection) -> Iterator[Line]:
    """Three lines of one query."""
    answering = desk.scope(Action.ANSWER_DRAFT)
    if desk.scope(Action.SEE_DRAFT).is_empty and answering.is_empty:
        return
    by_kind: dict[Kind, list[Wait]] = defaultdict(list)
    for one in draft_waits.of(connection, desk.actor.person_id, answering.units or ()):
        by_kind[one.kind].append(one)
    for kind, (words, icon) in _EDITING.items():
        if kind in by_kind:
            found = by_kind[kind]
            yield Line(say(words, count=len(found)), _page_of(found), icon, "info")


def _page_of(found: list[Wait]) -> str:
    """Where a thing that waits alone is done; of several in one draft the draft, else the list of drafts."""
    first = found[0]
    if first.kind is Kind.ASK and len(found) == 1:
        return url_for("draft_asks.asked", ask_id=first.n)
    if first.kind is Kind.ASK or len({one.draft_id for one in found}) > 1:
        return url_for("drafting.listing")
    if first.kind is Kind.HEADING and len(found) == 1:
        return url_for("drafting.heading", draft_id=first.draft_id, n=first.n)
    return url_for("drafting.one", draft_id=first.draft_id)
