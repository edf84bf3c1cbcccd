"""What changed in the catalogue, said to the units it concerns (R18)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from actions.desk import Desk
from registry.catalogue import sheets
from registry.catalogue.diff import Change, Design, What, diff, record_changes
from registry.catalogue.model import Form, Regime, Role, Rule
from registry.store import addressees, definitions, loads, notices
from registry.store.definitions import Change as Written
from registry.store.definitions import Snapshot
from registry.store.engine import Connection
from registry.store.loads import Item, Load
from registry.workflow.policy import Action

CHANGED = "catalogue-changed"  # what the people of the units it touches are told
KINDS = ("indicator", "form", "rule", "regime", "outline")
A_PAGE = 10  # loads
_SHEETS = {
    "indicator": sheets.INDICATORS,
    "form": sheets.FORM,
    "rule": sheets.RULES,
    "regime": sheets.REGIMES,
    "outline": sheets.OUTLINES,
}
_TOLD = (Role.UNIT_ADMIN, Role.CLERK)


@dataclass(frozen=True)
class Loaded:
    """One load with its changes, those of one item together."""

    id: int
    by: str
    at: datetime
    changes: tuple[tuple[Change, date], ...]  # each with the day from which it holds


def listing(desk: Desk, *, before: int | None = None, only: int | None = None) -> list[Loaded]:
    """The newest loads that changed what units report by; not what somebody asks of others once."""
    desk.require(Action.SEE_CHANGES)
    with desk.read() as connection:
        asked = _asked_once(desk.snapshot(connection))
        found = loads.newest(connection, KINDS, A_PAGE, before=before, only=only)
    made = (Loaded(one.id, one.by, one.at, tuple(_changes(_of_all(one), asked))) for one in found)
    return [one for one in made if one.changes]


def _of_all(load: Load) -> list[Item]:
    """What a load wrote, but for what came into being by asking somebody once."""
    return [one for one in load.items if one.n > 1 or not load.asks_once]


def _asked_once(snapshot: Snapshot) -> frozenset[str]:
    """Codes of regimes and forms of requests, and of nobody's business but who was asked."""
    regimes = [snapshot.regimes[code] for code in snapshot.requests if code in snapshot.regimes]
    periodic = {form for one in snapshot.regimes.values() if one.code not in snapshot.requests for form in one.forms}
    return frozenset(snapshot.requests) | {form for one in regimes for form in one.forms if form not in periodic}


def _changes(items: Sequence[Item], asked_once: frozenset[str]) -> Iterator[tuple[Change, date]]:
    for one in items:
        if one.code.partition("|")[0] not in asked_once and not _is_tried(one):
            for change in _of_item(one):
                yield change, one.valid_from


def _is_tried(one: Item) -> bool:
    """True of a rule in shadow mode: it is none of the units' business yet."""
    return isinstance(one.after, Rule) and one.after.shadow and (one.before is None or one.before.shadow)


def _of_item(one: Item) -> Iterator[Change]:
    sheet, held = _SHEETS[one.kind], one.before if one.after is None else one.after
    code = one.code.replace("|", " ")
    if one.before is None or one.after is None:
        what = What.ADDED if one.before is None else What.REMOVED
        yield Change(what, sheet.stem, code, _name(held))
    elif isinstance(one.after, Form):
        yield from diff(Design(one.before), Design(one.after))
    else:
        yield from record_changes(sheet, one.before, one.after)
        if isinstance(one.after, Regime) and one.before.deadlines != one.after.deadlines:
            texts = (_deadlines(each) for each in (one.before, one.after))
            yield Change(
                What.CHANGED, sheet.stem, code, _name(held), "deadlines", sheets.DEADLINES.title.lower(), *texts
            )


def _name(held: object) -> str:
    return next((text for name in ("name", "title", "message") if (text := getattr(held, name, ""))), "")


def _deadlines(regime: Regime) -> str:
    return "; ".join(f"{one.level} {one.day}" for one in regime.deadlines)


# --- telling ----------------------------------------------------------------------------------------------------------


def tell(desk: Desk, connection: Connection, changes: Iterable[Written]) -> None:
    """Tell administrators and clerks of the units whose forms a load touched; a new form is told when it is asked."""
    written = list(changes)
    new = {one.code for one in written if one.kind == "form" and one.n == 1}
    forms = {one.code for one in written if one.kind == "form" and one.n > 1}
    forms |= {one.code.partition("|")[0] for one in written if one.kind == "rule"} - new
    indicators = {one.code for one in written if one.kind == "indicator" and one.n > 1}
    if not forms and not indicators:
        return
    snapshot = definitions.snapshot(connection, desk.day)  # of this transaction, so never a kept one
    forms |= {
        code
        for code, version in snapshot.form_versions.items()
        if code not in new and any(row.indicator in indicators for row in version.form.rows)
    }
    told: dict[int, set[str]] = {}
    for regime in snapshot.regimes.values():
        touched = forms & set(regime.forms)
        if touched and regime.code not in snapshot.requests:
            for code, unit in snapshot.units.items():
                if any(unit.answers_to(selector) for selector in regime.reporters):
                    told.setdefault(snapshot.unit_ids[code], set()).update(touched)
    people: dict[str, set[int]] = {}
    for unit_id, some in addressees.of_units(connection, _TOLD, list(told), desk.day).items():
        people.setdefault(", ".join(sorted(told[unit_id])), set()).update(some)
    on = f"catalogue load {definitions.generation(connection)}"
    for said, some in people.items():
        notices.put(connection, some - {desk.actor.person_id}, CHANGED, on, {"forms": said}, desk.moment)
