"""A schedule of rounds (mỗi ngày, mỗi tuần đến ngày …): planned once, opened by the worker, each may be cancelled."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from actions.askers import is_own
from actions.desk import Desk, NotYours, Refusal
from actions.openings import assert_ahead
from actions.requests import open_next
from registry.store import jobs, rounds
from registry.store.rounds import RoundState
from registry.workflow.policy import Action

ROUND = "round"  # kind of the job
MOST_ROUNDS = 60
EVERY_DAYS = (1, 7)


def plan(desk: Desk, regime: str, first: datetime, due: datetime, every: int, until: date) -> int:
    """Plan rounds from ``first`` every so many days up to a day; each is due as long after it as the first's ``due``.

    Planning the same again adds nothing. Returns how many were added. Raises NotYours, Refusal.
    """
    desk.require(Action.REQUEST)
    assert_ahead(desk, first)
    moments = list(_moments(first, every, until))
    if not first < due or every not in EVERY_DAYS or not 0 < len(moments) <= MOST_ROUNDS:
        raise Refusal("bad-schedule", most=MOST_ROUNDS)
    added = 0
    with desk.change(Action.REQUEST, f"rounds of {regime}") as change:
        if not is_own(desk, desk.snapshot(change.connection), regime):
            raise NotYours
        for moment in moments:
            by_id = desk.actor.person_id
            key = rounds.plan(change.connection, regime, moment, moment + (due - first), by_id)
            if key is not None:
                name = f"{ROUND} {key} {moment.isoformat()}"
                jobs.enqueue(change.connection, ROUND, {"round": key}, moment, unique_key=name, by_id=by_id)
                added += 1
        change.detail |= {"first": first.isoformat(), "every": every, "until": until.isoformat(), "added": added}
    return added


def _moments(first: datetime, every: int, until: date) -> Iterator[datetime]:
    moment = first
    for _ in range(MOST_ROUNDS + 1):
        if moment.date() > until:
            return
        yield moment
        moment += timedelta(days=every)


def cancel(desk: Desk, regime: str, round_id: int) -> None:
    """A round planned and not open yet will not be opened. Raises NotYours."""
    with desk.change(Action.REQUEST, f"rounds of {regime}") as change:
        found = rounds.get(change.connection, round_id)
        if found is None or found.regime != regime or not is_own(desk, desk.snapshot(change.connection), regime):
            raise NotYours
        if found.state is RoundState.PLANNED:
            rounds.settle(change.connection, round_id, RoundState.CANCELLED)
        change.detail["cancelled"] = found.opens_at.isoformat()


def open_planned(desk: Desk, round_id: int) -> str:
    """The body of the job: open the round unless that was done, cancelled, or its deadline is over; its period's code.

    The round and the note of it are one transaction, so it may run twice. Raises NotYours, Refusal, NotNow.
    """
    with desk.change(Action.REQUEST, f"round {round_id}") as change:
        found = rounds.get(change.connection, round_id)
        if found is None or found.state is not RoundState.PLANNED:
            return ""
        if found.due_at <= desk.moment:
            rounds.settle(change.connection, round_id, RoundState.MISSED)
            return ""
        period = open_next(desk, change, found.regime, found.due_at).period
        rounds.settle(change.connection, round_id, RoundState.OPENED)
        return period


def give_up(desk: Desk, round_id: int) -> None:
    """A round that could not be opened is no longer waited for; people see it and open one by hand."""
    with desk.change(Action.REQUEST, f"round {round_id}") as change:
        found = rounds.get(change.connection, round_id)
        if found is not None and found.state is RoundState.PLANNED:
            rounds.settle(change.connection, round_id, RoundState.FAILED)
            change.detail["failed"] = found.opens_at.isoformat()
