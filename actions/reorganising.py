"""Reorganising units: looked at beforehand, done as dated definitions, and what hangs on a unit that ends settled."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from actions.desk import Change, Desk, NotYours, Refusal
from actions.units import chronicle_of, fresh
from ingest.reorganisation import read_acts
from registry.catalogue.check_units import unit_findings
from registry.catalogue.chronicle import Chronicle
from registry.catalogue.model import Catalogue, Unit, UnitKey
from registry.catalogue.places import Places
from registry.catalogue.reorganise import SHEET, Act, Plan, acts_of, plan
from registry.catalogue.table import key_of_record
from registry.findings import Finding, finding
from registry.store import definitions, jobs, unit_work, units
from registry.store.definitions import Snapshot
from registry.store.engine import Connection
from registry.store.unit_work import HeldGrant, OpenForm
from registry.workflow.policy import Action
from registry.workflow.submission import State
from vietnamese.dates import HO_CHI_MINH
from workbook_templates.definition_book import write_acts

REORGANISE = "reorganise"  # kind of the job that settles what hangs on units ended since
_DAY = timedelta(days=1)


class Fate(StrEnum):
    """What becomes of something that hangs on a unit that ends."""

    MOVE = "move"  # to the one unit that takes all of it over
    CLOSE = "close"  # nothing was entered, and that unit is asked the same itself
    DECIDE = "decide"  # the office says


@dataclass(frozen=True, slots=True)
class Hanging:
    """A form not approved, or a role somebody holds, of a unit that ends."""

    what: OpenForm | HeldGrant
    unit: Unit
    heir: Unit | None
    fate: Fate

    @property
    def is_form(self) -> bool:
        """True for a form, False for a role."""
        return isinstance(self.what, OpenForm)


@dataclass(frozen=True)
class Preview:
    """What acts would do, and to what; nothing may be done while there are findings."""

    acts: tuple[Act, ...]
    plan: Plan
    findings: tuple[Finding, ...]
    hanging: tuple[Hanging, ...]
    regimes: tuple[str, ...]  # regimes that name a unit which ends
    lapsing: int = 0  # signing capacities and delegations that end with it


# --- looking and doing -----------------------------------------------------------------------------------------------


def workbook(desk: Desk, day: date | None = None) -> bytes:
    """A workbook to write a reorganisation in: empty, or holding what happened to units on a day. Raises NotYours."""
    desk.require(Action.CHANGE_UNITS)
    if day is None:
        return write_acts(())
    with desk.read() as connection:
        return write_acts(acts_of(chronicle_of(desk, connection), day))


def read(desk: Desk, name: str, data: bytes) -> tuple[tuple[Act, ...], Preview]:
    """A reorganisation's workbook and what it would do: everything wrong by sheet and cell. Raises NotYours."""
    desk.require(Action.CHANGE_UNITS)
    acts, places, findings = read_acts(data, name)
    seen = preview(desk, acts, places)
    return acts, replace(seen, findings=(*findings, *seen.findings))


def preview(desk: Desk, acts: Sequence[Act], places: Places | None = None) -> Preview:
    """What the acts would do. Raises NotYours."""
    desk.require(Action.CHANGE_UNITS)
    with desk.read() as connection:
        return _preview(connection, desk.snapshot(connection), chronicle_of(desk, connection), acts, places)


def apply(desk: Desk, acts: Sequence[Act]) -> Preview:
    """Do the acts: versions that hold from their days, and what hangs on ended units settled on that day.

    Raises NotYours, Refusal when anything is wrong with them.
    """
    desk.require(Action.CHANGE_UNITS)
    with desk.change(Action.CHANGE_UNITS, "units") as change:
        connection = change.connection
        seen = _preview(connection, desk.snapshot(connection), fresh(connection), acts, None)
        if seen.findings or not acts:
            raise Refusal("reorganise-blocked")
        made = Catalogue(units=seen.plan.units, successions=seen.plan.successions)
        definitions.load(connection, made, desk.actor.signature, desk.moment)
        change.detail["acts"] = [f"{one.kind} {one.unit} {one.into} {one.on} {one.document}" for one in acts]
        if any(one.on <= desk.day for one in acts):
            _settle(desk, change)
        for day in sorted({one.on for one in acts if one.on > desk.day}):
            at = datetime.combine(day, time(), HO_CHI_MINH)
            name = f"{REORGANISE} {day}"
            jobs.enqueue(connection, REORGANISE, {"on": str(day)}, at, unique_key=name, by_id=desk.actor.person_id)
    return seen


def _preview(
    connection: Connection, snapshot: Snapshot, chronicle: Chronicle, acts: Sequence[Act], places: Places | None
) -> Preview:
    made = plan(chronicle, acts, places)
    findings = made.findings
    if not findings:
        after = _after(chronicle, made)
        findings = tuple(unit_findings(after, places or Places()))
    ids = units.ids_by_key(connection)
    ended = [(ids[one.unit.key], one.unit, one.successor) for one in made.ended if one.unit.key in ids]
    codes = {one.unit.code for one in made.ended} - {unit.code for unit in made.units if unit.valid_to is None}
    alone = {one.unit.code for one in made.ended if one.successor is None}
    for act in acts:
        for regime in snapshot.regimes.values() if act.unit in alone else ():
            if act.unit in (*regime.receivers, regime.lead):
                where = (places or Places()).where(SHEET.stem, key_of_record(SHEET, act), "unit")
                named_by = {"found": act.unit, "expected": regime.name}
                findings = (*findings, finding("reorganise-receives-reports", **where, **named_by))
    named = tuple(
        regime.name
        for regime in snapshot.regimes.values()
        if codes.intersection((*regime.reporters, *regime.receivers, regime.lead))
    )
    lapsing = sum(
        unit_work.signing_beyond(connection, frozenset({key}), unit.valid_to) for key, unit, _ in ended if unit.valid_to
    )
    return Preview(tuple(acts), made, findings, tuple(_hanging(connection, ended, ids)), named, lapsing)


def _after(chronicle: Chronicle, made: Plan) -> Catalogue:
    versions = {(unit.key, unit.valid_from): unit for key in chronicle.keys for unit in chronicle.versions(key)}
    versions |= {(unit.key, unit.valid_from): unit for unit in made.units}
    return Catalogue(units=tuple(versions.values()), successions=(*chronicle.successions, *made.successions))


# --- what hangs on units that ended ----------------------------------------------------------------------------------


def _hanging(
    connection: Connection, ended: Iterable[tuple[int, Unit, Unit | None]], ids: dict[UnitKey, int]
) -> list[Hanging]:
    """Everything that hangs on units that end, with what becomes of it."""
    units_by_id = {key: (unit, heir) for key, unit, heir in ended}
    if not units_by_id:
        return []
    found = _hanging_forms(connection, units_by_id, ids)
    for role in unit_work.grants(connection, frozenset(units_by_id)):
        unit, heir = units_by_id[role.unit_id]
        if role.valid_to is None or (unit.valid_to is not None and role.valid_to > unit.valid_to):
            found.append(Hanging(role, unit, heir, Fate.MOVE if heir else Fate.DECIDE))
    return found


def _hanging_forms(
    connection: Connection, units_by_id: dict[int, tuple[Unit, Unit | None]], ids: dict[UnitKey, int]
) -> list[Hanging]:
    """Forms of units that end. The heir answers each form once: what holds figures goes before what is empty, and
    where several hold figures nobody but the office says which goes on.
    """
    rivals: dict[tuple[int, UnitKey, str], list[OpenForm]] = {}
    forms = unit_work.open_forms(connection, frozenset(units_by_id))
    for form in forms:
        if heir := units_by_id[form.unit_id][1]:
            rivals.setdefault((form.opening_id, heir.key, form.form), []).append(form)
    fates: dict[int, Fate] = {}
    for (opening_id, heir_key, code), claims in rivals.items():
        heir_id = ids.get(heir_key)
        is_asked = heir_id is not None and unit_work.is_asked(connection, opening_id, heir_id, code)
        filled = [one for one in claims if one.state is not State.EMPTY]
        moved = None if is_asked or len(filled) > 1 else (filled or claims)[0]
        for one in claims:
            stays = Fate.CLOSE if one.state is State.EMPTY else Fate.DECIDE
            fates[one.assignment_id] = Fate.MOVE if one is moved else stays
    return [Hanging(one, *units_by_id[one.unit_id], fates.get(one.assignment_id, Fate.DECIDE)) for one in forms]


def _ended(chronicle: Chronicle, ids: dict[UnitKey, int], day: date) -> list[tuple[int, Unit, Unit | None]]:
    """The units that ended before a day, each with its heir of that day."""
    return [
        (ids[key], chronicle.last(key), chronicle.heir(key, day))
        for key in chronicle.keys
        if (until := chronicle.last(key).valid_to) is not None and until < day
    ]


def settle(desk: Desk) -> dict[str, int]:
    """The body of the job on the day of a change: move and close what needs no decision; may run twice."""
    with desk.change(Action.CHANGE_UNITS, "units") as change:
        return _settle(desk, change)


def _settle(desk: Desk, change: Change) -> dict[str, int]:
    connection = change.connection
    chronicle, ids = fresh(connection), units.ids_by_key(connection)
    counts = dict.fromkeys((str(one) for one in Fate), 0)
    ended = _ended(chronicle, ids, desk.day)
    for last in {unit.valid_to for _, unit, _ in ended if unit.valid_to}:
        those = frozenset(key for key, unit, _ in ended if unit.valid_to == last)
        change.detail["signing ended"] = unit_work.end_signing(connection, those, last) + int(
            change.detail.get("signing ended", 0)
        )
    for one in _hanging(connection, ended, ids):
        counts[one.fate] += 1
        if one.fate is Fate.MOVE and one.heir is not None:
            _move(connection, one, ids[one.heir.key])
        elif one.fate is Fate.CLOSE and isinstance(one.what, OpenForm):
            unit_work.close_form(connection, one.what.assignment_id, desk.moment)
    change.detail["settled"] = counts
    return counts


def _move(connection: Connection, one: Hanging, unit_id: int) -> None:
    if isinstance(one.what, OpenForm):
        unit_work.move_form(connection, one.what, unit_id)
    elif one.unit.valid_to is not None:
        unit_work.move_grant(connection, one.what.id, unit_id, one.unit.valid_to + _DAY)


def waiting(desk: Desk) -> list[Hanging]:
    """What hangs on units that are no more: whatever was not moved or closed is here, so nothing is orphaned."""
    desk.require(Action.CHANGE_UNITS)
    with desk.read() as connection:
        ids = units.ids_by_key(connection)
        return _hanging(connection, _ended(chronicle_of(desk, connection), ids, desk.day), ids)


def decide(desk: Desk, kind: str, number: int, code: str) -> None:
    """Move a form (``form``) or role (``grant``) of a unit that is no more to a unit, or with no code close it.

    Raises NotYours, Refusal (unknown unit, which is asked the form already).
    """
    desk.require(Action.CHANGE_UNITS)
    with desk.change(Action.CHANGE_UNITS, f"{kind} {number}") as change:
        connection, ids = change.connection, units.ids_by_key(change.connection)
        one = next(
            (
                held
                for held in _hanging(connection, _ended(fresh(connection), ids, desk.day), ids)
                if held.is_form == (kind == "form") and _number(held) == number
            ),
            None,
        )
        if one is None:
            raise NotYours
        change.detail |= {"unit": one.unit.code, "to": code or "closed"}
        if code:
            _move_to(desk, connection, one, code)
        elif isinstance(one.what, OpenForm):
            unit_work.close_form(connection, number, desk.moment)
        elif one.unit.valid_to is not None:
            unit_work.end_grant(connection, number, one.unit.valid_to + _DAY)


def _number(one: Hanging) -> int:
    return one.what.assignment_id if isinstance(one.what, OpenForm) else one.what.id


def _move_to(desk: Desk, connection: Connection, one: Hanging, code: str) -> None:
    unit_id = desk.snapshot(connection).unit_ids.get(code)
    if unit_id is None:
        raise Refusal("unknown-unit", unit=code)
    if isinstance(one.what, OpenForm) and unit_work.is_asked(connection, one.what.opening_id, unit_id, one.what.form):
        raise Refusal("asked-already", unit=desk.snapshot(connection).units[code].name, form=one.what.form)
    _move(connection, one, unit_id)
