"""Reorganising units: looked at beforehand, done as dated definitions, and what hangs on a unit that ends settled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from actions import hanging, telling
from actions.desk import Change, Desk, NotYours, Refusal
from actions.grants import LONGEST_REASON
from actions.hanging import Ending, Fate, Hanging, Lapse
from actions.units import chronicle_of, fresh
from ingest.reorganisation import read_acts
from registry.catalogue.check_units import unit_findings
from registry.catalogue.chronicle import Chronicle
from registry.catalogue.model import Catalogue
from registry.catalogue.places import Places
from registry.catalogue.reorganise import SHEET, Act, Plan, Planned, acts_of, plan, planned, without
from registry.catalogue.table import key_of_record
from registry.findings import Finding, finding
from registry.store import definitions, grants, jobs, signing, unit_work, units
from registry.store.definitions import Snapshot
from registry.store.engine import Connection
from registry.store.unit_work import OpenForm
from registry.workflow.policy import Action
from vietnamese.dates import HO_CHI_MINH
from workbook_templates.definition_book import write_acts

REORGANISE = "reorganise"  # kind of the job that settles what hangs on units ended since
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Preview:
    """What acts would do, and to what; nothing may be done while there are findings."""

    acts: tuple[Act, ...]
    plan: Plan
    findings: tuple[Finding, ...]
    hanging: tuple[Hanging, ...]
    regimes: tuple[str, ...]  # regimes that name a unit which ends
    lapsing: tuple[Lapse, ...] = ()


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
        return _preview(connection, desk.snapshot(connection), chronicle_of(desk, connection), acts, places, desk.day)


def apply(desk: Desk, acts: Sequence[Act]) -> Preview:
    """Do the acts: versions that hold from their days, and what hangs on ended units settled on that day.

    Raises NotYours, Refusal when anything is wrong with them.
    """
    desk.require(Action.CHANGE_UNITS)
    with desk.change(Action.CHANGE_UNITS, "units") as change:
        connection = change.connection
        seen = _preview(connection, desk.snapshot(connection), fresh(connection), acts, None, desk.day)
        if seen.findings or not acts:
            raise Refusal("reorganise-blocked")
        made = Catalogue(units=seen.plan.units, successions=seen.plan.successions)
        definitions.load(connection, made, desk.actor.signature, desk.moment)
        change.detail["acts"] = [f"{one.kind} {one.unit} {one.into} {one.on} {one.document}" for one in acts]
        if any(one.on <= desk.day for one in acts):
            _settle(desk, change)
        for day in sorted({one.on for one in acts if one.on > desk.day}):
            _settle_on(connection, desk, day)
    return seen


def _preview(
    connection: Connection,
    snapshot: Snapshot,
    chronicle: Chronicle,
    acts: Sequence[Act],
    places: Places | None,
    day: date,
) -> Preview:
    made = plan(chronicle, acts, places)
    findings = made.findings
    if not findings:
        after = _after(chronicle, made)
        findings = tuple(unit_findings(after, places or Places()))
    ids = units.ids_by_key(connection)
    endings = [Ending(ids[one.unit.key], one.unit, one.successor) for one in made.ended if one.unit.key in ids]
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
    hangs = tuple(hanging.found(connection, endings, ids, day))
    return Preview(tuple(acts), made, findings, hangs, named, tuple(hanging.lapsing(connection, endings, day)))


def _after(chronicle: Chronicle, made: Plan) -> Catalogue:
    versions = {(unit.key, unit.valid_from): unit for key in chronicle.keys for unit in chronicle.versions(key)}
    versions |= {(unit.key, unit.valid_from): unit for unit in made.units}
    return Catalogue(units=tuple(versions.values()), successions=(*chronicle.successions, *made.successions))


def cancel(desk: Desk, on: date, document: str, reason: str) -> Planned:
    """Take back what a document says will happen on a day still to come: nothing of it holds.

    Raises NotYours (nothing such is planned), Refusal (no reason; something else rests on it).
    """
    desk.require(Action.CHANGE_UNITS)
    if not reason.strip():
        raise Refusal("reason-needed")
    with desk.change("cancel planned units", "units") as change:
        connection = change.connection
        chronicle = fresh(connection)
        coming = planned(chronicle, desk.day)
        one = next((one for one in coming if (one.on, one.document) == (on, document)), None)
        if one is None:
            raise NotYours
        after = without(chronicle, one)
        if after is None or _faults(after) - _faults(chronicle):
            raise Refusal("planned-needed", document=document)
        signature = desk.actor.signature
        definitions.withdraw(connection, (*one.versions, *one.successions), signature, desk.moment)
        definitions.load(connection, Catalogue(units=one.restored), signature, desk.moment)
        change.detail |= {"from": on, "document": document, "reason": reason.strip()[:LONGEST_REASON]}
        change.detail |= {"units": sorted(code for code, _ in one.keys)}
        return one


def _faults(chronicle: Chronicle) -> set[str]:
    versions = tuple(unit for key in chronicle.keys for unit in chronicle.versions(key))
    known = Catalogue(units=versions, successions=chronicle.successions)
    return {f"{one.code} {one.found} {one.expected}" for one in unit_findings(known, Places())}


# --- what hangs on units that ended ----------------------------------------------------------------------------------


def settle(desk: Desk) -> dict[str, int]:
    """The body of the job on the day of a change: do what needs no decision; may run twice."""
    with desk.change(Action.CHANGE_UNITS, "units") as change:
        return _settle(desk, change)


def _settle(desk: Desk, change: Change) -> dict[str, int]:
    connection = change.connection
    chronicle, ids = fresh(connection), units.ids_by_key(connection)
    endings = hanging.ended(chronicle, ids, desk.day)
    found = hanging.found(connection, endings, ids, desk.day)
    counts = dict.fromkeys((str(one) for one in Fate), 0)
    for one in found:
        counts[one.fate] += 1
        if one.fate is Fate.CLOSE:
            unit_work.close_form(connection, one.number, desk.moment)
        elif one.heir is not None and (one.fate is Fate.MOVE or (one.fate is Fate.STAY and not one.is_form)):
            _move(desk, connection, one, ids[one.heir.key])
    replaced = [one.instead_of for one in found if one.instead_of is not None]
    change.detail |= {
        "settled": counts,
        "replaced": replaced,
        "signing ended": _end_signing(desk, connection, found, endings),
    }
    if busy := hanging.staying(found):
        change.detail["staying"] = sorted(busy)
        _settle_on(connection, desk, desk.day + _DAY)
    return counts


def _settle_on(connection: Connection, desk: Desk, day: date) -> None:
    at = datetime.combine(day, time(), HO_CHI_MINH)
    name = f"{REORGANISE} {day}"
    jobs.enqueue(connection, REORGANISE, {"on": str(day)}, at, unique_key=name, by_id=desk.actor.person_id)


def _end_signing(desk: Desk, connection: Connection, found: list[Hanging], endings: list[Ending]) -> int:
    """Nobody signs for units that are no more and have nothing left to do; how much that ends."""
    busy = hanging.staying(found)
    lapses = hanging.lapsing(connection, [one for one in endings if one.id not in busy], desk.day)
    for one in lapses:
        end = signing.end_capacity if one.is_capacity else signing.end_delegation
        end(connection, one.what.id, one.last, desk.moment)
        telling.lapsed(desk, connection, one)
    return len(lapses)


def _move(desk: Desk, connection: Connection, one: Hanging, unit_id: int) -> None:
    if isinstance(one.what, OpenForm):
        unit_work.move_form(connection, one.what, unit_id, desk.moment, instead_of=one.instead_of)
    elif one.unit.valid_to is not None:
        unit_work.move_grant(connection, one.what.id, unit_id, one.unit.valid_to + _DAY)
        if one.fate is not Fate.STAY:
            _end_grant(desk, connection, one)


def _end_grant(desk: Desk, connection: Connection, one: Hanging) -> None:
    grants.end(connection, one.number, Ending(0, one.unit, one.heir).lapses(desk.day))


def waiting(desk: Desk) -> list[Hanging]:
    """What hangs on units that are no more: whatever was not moved or closed is here, so nothing is orphaned."""
    desk.require(Action.CHANGE_UNITS)
    with desk.read() as connection:
        return _waiting(desk, connection, chronicle_of(desk, connection))


def _waiting(desk: Desk, connection: Connection, chronicle: Chronicle) -> list[Hanging]:
    ids = units.ids_by_key(connection)
    return hanging.found(connection, hanging.ended(chronicle, ids, desk.day), ids, desk.day)


def decide(desk: Desk, kind: str, number: int, code: str) -> None:
    """Move a form (``form``) or role (``grant``) of a unit that is no more to a unit, or with no code close it.

    Raises NotYours, Refusal (unknown unit; one that has the form already; a form of the ended unit's own time; a role
    by which somebody would enter and approve where that is not allowed).
    """
    desk.require(Action.CHANGE_UNITS)
    with desk.change(Action.CHANGE_UNITS, f"{kind} {number}") as change:
        connection = change.connection
        hangs = _waiting(desk, connection, fresh(connection))
        one = next((one for one in hangs if one.is_form == (kind == "form") and one.number == number), None)
        if one is None:
            raise NotYours
        change.detail |= {"unit": one.unit.code, "to": code or "closed"}
        if code:
            _move_to(desk, connection, one, code)
        elif one.is_form:
            unit_work.close_form(connection, number, desk.moment)
        else:
            _end_grant(desk, connection, one)


def _move_to(desk: Desk, connection: Connection, one: Hanging, code: str) -> None:
    snapshot = desk.snapshot(connection)
    unit_id = snapshot.unit_ids.get(code)
    if unit_id is None:
        raise Refusal("unknown-unit", unit=code)
    name = snapshot.units[code].name
    if isinstance(one.what, OpenForm):
        if hanging.is_its_own(one.what, one.unit):
            raise Refusal("form-of-its-own-time", unit=one.unit.name)
        own = unit_work.asked(connection, one.what.opening_id, unit_id, one.what.form)
        if own is not None and not own.is_empty:
            raise Refusal("asked-already", unit=name, form=one.what.form)
        one = replace(one, fate=Fate.MOVE, instead_of=own.assignment_id if own else None)
    elif hanging.would_be_both(connection, one.what, unit_id, desk.day):
        raise Refusal("would-be-both", unit=name, name=one.what.name)
    _move(desk, connection, one, unit_id)
