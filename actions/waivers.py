"""The register of waivers: the office and a regime's lead let chosen units explain an error instead of mending it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from actions.cases import Situation
from actions.desk import Desk, NotEntitled, NotNow, NotYours, Refusal
from registry.catalogue.model import RuleLevel, Unit
from registry.findings import RULE, Finding, is_waivable
from registry.store import waivers
from registry.store.definitions import Snapshot
from registry.store.engine import Connection
from registry.store.waivers import NewWaiver, Waiver
from registry.workflow.policy import Action
from vietnamese.fold import fold

MOST_WORDS, MOST_LETTERS = 1000, 200  # characters of a reason, of a document
LONGEST = 366  # days from the first to the last


@dataclass(frozen=True)
class Entry:
    """One waiver as the register shows it."""

    waiver: Waiver
    uses: tuple[tuple[Unit, int], ...]  # versions handed in under it, by unit, most first
    can_withdraw: bool

    @property
    def used(self) -> int:
        """Versions handed in under it."""
        return sum(n for _, n in self.uses)


def register(desk: Desk, text: str = "", *, only_in_force: bool = False) -> list[Entry]:
    """The register, newest first; of a text those that say it anywhere."""
    desk.require(Action.SEE_WAIVERS)
    with desk.read() as connection:
        snapshot = desk.snapshot(connection)
        found = [
            one
            for one in waivers.register(connection)
            if _says(one, text) and not (only_in_force and (one.is_withdrawn or one.new.valid_to < desk.day))
        ]
        counts = waivers.uses(connection, [one.id for one in found])
    return [
        Entry(
            one,
            tuple((snapshot.units_by_id[key], n) for key, n in counts.get(one.id, Counter()).most_common()),
            not one.is_withdrawn and may_waive(desk, snapshot, one.new.form),
        )
        for one in found
    ]


def _says(one: Waiver, text: str) -> bool:
    new = one.new
    words = f"{new.form} {new.code} {new.selector} {new.reason} {new.document} {one.by_name}"
    return fold(text.strip()) in fold(words)


def may_waive(desk: Desk, snapshot: Snapshot, form: str) -> bool:
    """True where the actor waives rules of a form: a waiver reaches every report that asks it, so all must be led.

    Requests (báo cáo đột xuất) have no say in a form of periodic reports; one only they ask is of all who asked it.
    """
    allowed = desk.scope(Action.WAIVE)
    regimes = {one.code for one in snapshot.regimes.values() if form in one.forms}
    asking = regimes - snapshot.requests.keys() or regimes
    return bool(asking) and all(allowed.allows(0, code, form) for code in asking)


def choices(snapshot: Snapshot, form: str, *days: date) -> dict[str, str]:
    """What may be waived of a form: the words of its rules that reject on any of these days, by code."""
    rules = (one for day in days for one in snapshot.rules(form, day))
    return {one.code: one.message for one in rules if one.level is RuleLevel.ERROR}


def grant(desk: Desk, new: NewWaiver) -> int:
    """Enter a waiver; its number. What was judged before is judged again when it is handed in.

    Raises Refusal (something missing or wrong), NotEntitled.
    """
    desk.require(Action.WAIVE)
    with desk.change(Action.WAIVE, f"form {new.form}") as change:
        snapshot = desk.snapshot(change.connection)
        if new.form not in snapshot.form_versions:
            raise Refusal("waiver-form")
        if not may_waive(desk, snapshot, new.form):
            raise NotEntitled("waiver-not-led", form=new.form)
        _assert_sound(snapshot, new)
        code = _code(snapshot, new)
        kept = NewWaiver(
            new.form,
            code,
            new.selector.strip(),
            new.valid_from,
            new.valid_to,
            new.reason.strip(),
            new.document.strip(),
        )
        number = waivers.put(change.connection, kept, desk.actor.person_id, desk.moment)
        change.on = f"waiver {number}"
        change.detail |= {
            "form": kept.form,
            "code": kept.code,
            "units": kept.selector,
            "first": kept.valid_from,
            "last": kept.valid_to,
            "reason": kept.reason,
            "document": kept.document,
        }
    return number


def _code(snapshot: Snapshot, new: NewWaiver) -> str:
    """The finding's code, from a rule's own or a finding's. What blocks or was read wrongly is never waived."""
    typed = new.code.strip()
    rule = typed.removeprefix(RULE)
    if rule in choices(snapshot, new.form, new.valid_from, new.valid_to):
        return RULE + rule
    if is_waivable(typed) and not typed.startswith(RULE):
        return typed
    raise Refusal("waiver-code", rule=typed, form=new.form)


def _assert_sound(snapshot: Snapshot, new: NewWaiver) -> None:
    selector = new.selector.strip()
    if selector and not any(unit.answers_to(selector) for unit in snapshot.units.values()):
        raise Refusal("waiver-units", units=selector)
    if not new.valid_from <= new.valid_to or (new.valid_to - new.valid_from).days > LONGEST:
        raise Refusal("waiver-days", most=LONGEST)
    if not 0 < len(new.reason.strip()) <= MOST_WORDS:
        raise Refusal("waiver-reason", most=MOST_WORDS)
    if not 0 < len(new.document.strip()) <= MOST_LETTERS:
        raise Refusal("waiver-document", most=MOST_LETTERS)


def withdraw(desk: Desk, number: int, reason: str) -> None:
    """Take a waiver back: from now on the rule rejects again. Raises NotYours, NotEntitled, NotNow, Refusal."""
    desk.require(Action.WAIVE)
    with desk.change(Action.WAIVE, f"waiver {number}") as change:
        known = waivers.get(change.connection, number)
        if known is None:
            raise NotYours
        if not may_waive(desk, desk.snapshot(change.connection), known.new.form):
            raise NotEntitled("waiver-not-led", form=known.new.form)
        if known.is_withdrawn:
            raise NotNow("waiver-withdrawn")
        if not 0 < len(reason.strip()) <= MOST_WORDS:
            raise Refusal("waiver-reason", most=MOST_WORDS)
        waivers.end(change.connection, number, reason.strip(), desk.actor.person_id, desk.moment)
        change.detail |= {"step": "withdrawn", "reason": reason.strip()}


def assert_still_hold(connection: Connection, situated: Situation, version_id: int) -> None:
    """Asked again when a version is approved: what let it pass still does. Raises NotNow."""
    rejecting = {RULE + one.code for one in situated.rules if one.level is RuleLevel.ERROR}
    let_pass = waivers.under(connection, version_id) - situated.waived.keys()
    gone = {code for code in let_pass if code in rejecting or not code.startswith(RULE)}
    if gone:
        raise NotNow("waiver-gone", rule=min(gone).removeprefix(RULE))


def used(findings: Iterable[Finding]) -> Counter[int]:
    """How many findings each waiver let pass."""
    return Counter(number for one in findings if (number := waiver_of(one)) is not None)


def waiver_of(found: Finding) -> int | None:
    """The number of the waiver under which a finding no longer rejects."""
    number = dict(found.values).get("waived")
    return int(number) if number else None
