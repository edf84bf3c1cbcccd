"""What the office decides about all accounts: their rules, and those that lay unused and were disabled (R32)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from actions.desk import Desk, NotYours, Refusal, say
from actions.instance import Instance
from registry.store import audit, jobs, people
from registry.store import settings as facts
from registry.store.people import Person
from registry.workflow.account_rules import AccountRules, OutOfBounds
from registry.workflow.policy import Action

IDLE = "idle-accounts"
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Ruled:
    """The rules as the office set them, and the accounts disabled because nobody signed in."""

    rules: AccountRules
    idle: list[Person]


def look(desk: Desk) -> Ruled:
    """Raises NotYours."""
    desk.require(Action.RULE_ACCOUNTS)
    with desk.read() as connection:
        idle = [one for one in people.all_people(connection) if one.state == "idle"]
        return Ruled(AccountRules.read(facts.get(connection, facts.ACCOUNT_RULES) or {}), idle)


def change(desk: Desk, given: Mapping[str, str]) -> dict[str, tuple[int, int]]:
    """Put rules in force, those not given staying as they are; what changed, from and to. Raises NotYours, Refusal."""
    desk.require(Action.RULE_ACCOUNTS)
    with desk.change(Action.RULE_ACCOUNTS, "account rules") as done:
        stored = facts.get(done.connection, facts.ACCOUNT_RULES) or {}
        before = asdict(AccountRules.read(stored))
        try:
            after = asdict(AccountRules.read(before | {name: given[name] for name in before if name in given}))
        except OutOfBounds as wrong:
            raise Refusal(
                "rule-bounds", rule=say(f"account-rule.{wrong.name}"), least=wrong.least, most=wrong.most
            ) from None
        except ValueError:
            raise Refusal("rule-not-a-number") from None
        changed = {name: (before[name], after[name]) for name in before if before[name] != after[name]}
        if not changed:
            raise Refusal("nothing-changed")
        usual = asdict(AccountRules())
        kept = {name: value for name, value in after.items() if value != usual[name]}
        facts.put(done.connection, facts.ACCOUNT_RULES, kept)
        done.detail["changed"] = {name: list(pair) for name, pair in changed.items()}
    return changed


def enable(desk: Desk, person_id: int) -> Person:
    """Give an account that lay unused back to its owner; raises NotYours."""
    desk.require(Action.RULE_ACCOUNTS)
    with desk.change("enable account", f"person {person_id}") as done:
        if not people.enable(done.connection, person_id, desk.moment):
            raise NotYours
        return people.one(done.connection, person_id)


# --- every day -------------------------------------------------------------------------------------------------------


def queue_next(instance: Instance, operator_id: int, moment: datetime) -> None:
    """Have idle accounts looked for tomorrow; whoever asks again before then is answered by the same job."""
    since = moment - datetime.min.replace(tzinfo=moment.tzinfo)
    then = moment + _DAY - since % _DAY
    with instance.store.write() as connection:
        jobs.enqueue(connection, IDLE, {}, then, unique_key=f"{IDLE} {then.date()}", by_id=operator_id)


def disable_idle(instance: Instance, moment: datetime) -> list[Person]:
    """Disable every account not signed in to for the days of the rules; those disabled."""
    with instance.store.write() as connection:
        days = instance.account_rules(connection).idle_days
        if not days:
            return []
        found = people.disable_idle(connection, moment - timedelta(days=days), moment)
        for one in found:
            on = f"person {one.id}"
            audit.append(connection, moment, people.OPERATOR, "disable idle account", on, {"days": days})
    return found
