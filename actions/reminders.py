"""Reminding units that have not sent, and whoever lets a question lie: by the office's schedule, once for each step."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any, NamedTuple

from actions import events
from actions.desk import Desk, Refusal
from actions.feedback import OVERDUE
from registry.catalogue.model import Role
from registry.store import accounts, addressees, audit, feedback, notices, openings, people, sendings
from registry.store import reminders as kept
from registry.store import settings as facts
from registry.store.definitions import Snapshot
from registry.store.engine import Connection, take_turns
from registry.store.notices import New
from registry.store.openings import Opening
from registry.workflow.feedback import WAITING_AT_UNIT
from registry.workflow.policy import EVERYWHERE, Action
from registry.workflow.reminders import MOST_DAYS, MOST_STEPS, BadReminders, ReminderRules, Step, StepKind
from registry.workflow.timeliness import Sending
from vietnamese.dates import civil, day_of_due, format_due

_KIND = {
    StepKind.BEFORE: events.REMIND_BEFORE,
    StepKind.DAY: events.REMIND_DAY,
    StepKind.AFTER: events.REMIND_AFTER,
}
EVERY = ""  # the schedule of every regime that has none of its own


class Turn(NamedTuple):
    """The step whose turn it is for a unit that has to send by ``due``."""

    sending: Sending
    due: datetime
    step: Step
    rules: ReminderRules


# --- the schedule ----------------------------------------------------------------------------------------------------


def schedules(connection: Connection) -> dict[str, ReminderRules]:
    """Those the office set by regime, and the one for every other."""
    found = {code: ReminderRules.read(rules) for code, rules in (facts.get(connection, facts.REMINDERS) or {}).items()}
    return {EVERY: ReminderRules(), **found}


def change(desk: Desk, regime: str, given: Mapping[str, Any]) -> ReminderRules:
    """Set the schedule of a regime, or of every other. Raises NotYours, Refusal."""
    desk.require(Action.TELL)
    with desk.change("set reminders", "reminders") as done:
        if regime != EVERY and regime not in desk.snapshot(done.connection).regimes:
            raise Refusal("unknown-regime", regime=regime)
        try:
            rules = ReminderRules.read(given)
        except (BadReminders, ValueError):
            raise Refusal("reminders-bad", steps=MOST_STEPS, days=MOST_DAYS) from None
        stored = facts.get(done.connection, facts.REMINDERS) or {}
        facts.put(done.connection, facts.REMINDERS, {**stored, regime: asdict(rules)})
        done.detail |= {"regime": regime or "all", "rules": asdict(rules)}
    return rules


def drop(desk: Desk, regime: str) -> None:
    """A regime follows the schedule of every other again. Raises NotYours."""
    desk.require(Action.TELL)
    with desk.change("set reminders", "reminders") as done:
        stored = dict(facts.get(done.connection, facts.REMINDERS) or {})
        stored.pop(regime, None)
        facts.put(done.connection, facts.REMINDERS, stored)
        done.detail |= {"regime": regime or "all", "rules": "usual"}


# --- its turn --------------------------------------------------------------------------------------------------------


def remind(desk: Desk) -> int:
    """Remind every unit whose turn it is and that has not sent; how many. Safe to run twice, linear in units."""
    with desk.instance.store.write() as connection:
        take_turns(connection, "reminders")
        snapshot = desk.snapshot(connection)
        running = {one.id: one for one in openings.all_openings(connection) if _takes(one, desk.moment)}
        if not running:
            return 0
        rules = schedules(connection)
        known = kept.given(connection, running.keys())
        turns: dict[str, list[Turn]] = {}
        for one in sendings.within(connection, EVERYWHERE, openings=running):
            ruled, due = rules.get(one.regime, rules[EVERY]), one.owed_until
            if due is None:
                continue
            step = ruled.step_at(due, desk.moment, running[one.opening_id].opened_at, snapshot.calendar)
            if step and (one.opening_id, one.unit_id, step.name, due) not in known:
                turns.setdefault(one.regime, []).append(Turn(one, due, step, ruled))
        new = [told for regime, some in turns.items() for told in _of_regime(desk, connection, snapshot, regime, some)]
        given = [
            (one.sending.opening_id, one.sending.unit_id, one.step.name, one.due)
            for some in turns.values()
            for one in some
        ]
        kept.put(connection, given, desk.moment)
        notices.settle_all(connection, _KIND.values(), [one.object for one in new], desk.moment)
        notices.put_all(connection, new, desk.moment)
        if given:
            told = {"units": len(given), "people": len({person for one in new for person in one.people})}
            audit.append(connection, desk.moment, people.OPERATOR, "remind by schedule", "reminders", told)
    return len(given)


def _takes(one: Opening, moment: datetime) -> bool:
    return one.is_open_at(moment) and one.closed_at is None


def _of_regime(
    desk: Desk, connection: Connection, snapshot: Snapshot, regime: str, turns: Collection[Turn]
) -> list[New]:
    reminded = {one.sending.unit_id for one in turns}
    clerks = addressees.of_units(connection, (Role.CLERK,), reminded, desk.day, regime)
    late = {one.sending.unit_id for one in turns if one.rules.leader and one.step.kind is StepKind.AFTER}
    leaders = addressees.of_units(connection, (Role.LEADER,), late, desk.day, regime) if late else {}
    name = snapshot.regimes[regime].name if regime in snapshot.regimes else regime
    today = civil(desk.moment).date()
    found = []
    for turn in turns:
        one = turn.sending
        left = max((day_of_due(turn.due) - today).days, 0)
        values = {"regime": regime, "name": name, "period": one.period, "due": format_due(turn.due)}
        values |= {"unit": snapshot.units_by_id[one.unit_id].name, "left": str(left)}
        told = clerks[one.unit_id] | leaders.get(one.unit_id, set())
        found.append(New(told, _KIND[turn.step.kind], f"opening {one.opening_id} unit {one.unit_id}", values))
    return found


def remind_of_feedback(desk: Desk) -> int:
    """Whoever has to answer what lies too long is told so, once for each day it was due; how many there were."""
    with desk.instance.store.write() as connection:
        take_turns(connection, "reminders")
        late = feedback.overdue(connection, desk.moment)
        told = notices.last_told(connection, OVERDUE, [f"feedback {one.id}" for one in late])
        new = []
        for one in late:
            on = f"feedback {one.id}"
            if on in told and told[on] >= one.due_at:
                continue
            at_unit = one.state in WAITING_AT_UNIT
            people = accounts.holders(connection, Role.UNIT_ADMIN, one.unit_id, desk.day) if at_unit else set()
            people = people or accounts.everybody(connection, Role.OFFICE, desk.day)
            new.append(New(people, OVERDUE, on, {"number": one.id, "due": format_due(one.due_at)}))
        notices.settle_all(connection, (OVERDUE,), [one.object for one in new], desk.moment)
        notices.put_all(connection, new, desk.moment)
    return len(new)
