"""Saying which division of a unit supplies which rows of a form, from which day, and who there (phân công, F16)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache

from actions import parts
from actions.desk import Changed, Desk, NotNow, NotYours
from registry.catalogue.forms import row_set
from registry.catalogue.model import Form, PeriodShape, Role, Row, RowKind, Unit
from registry.periods import parse
from registry.store import divisions, grants, rights
from registry.store.definitions import Snapshot
from registry.store.divisions import Change, Duty
from registry.store.engine import Connection
from registry.workflow.policy import Action


@dataclass(frozen=True, slots=True)
class Staff:
    """Who in a division could be named: names by key."""

    clerks: Mapping[int, str]
    heads: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Divided:
    """A form of a unit and who supplies each of its rows on a day."""

    unit: Unit
    unit_id: int
    form: Form
    rows: tuple[Row, ...]  # those the unit supplies, with the sections they stand in
    divisions: Mapping[int, Unit]
    charge: Mapping[str, int]  # the division of a row; rows not here are the unit's own
    to_come: tuple[Change, ...] = ()
    duties: Mapping[int, Duty] = field(default_factory=dict)  # by division
    staff: Mapping[int, Staff] = field(default_factory=dict)
    mark: int = 0  # of what was looked at: another once somebody divided it anew

    @property
    def data_rows(self) -> tuple[Row, ...]:
        """The rows that somebody fills in."""
        return tuple(row for row in self.rows if row.kind is RowKind.DATA)


@dataclass(frozen=True, slots=True)
class Shared:
    """A unit with divisions, the forms it may divide among them, and those it cannot: lists."""

    unit: Unit
    unit_id: int
    forms: tuple[Divided, ...]
    lists: tuple[Form, ...]
    clerks_may: bool  # divide it as the administrator does
    is_ruled: bool  # by the actor, who lets clerks do so or not


def listing(desk: Desk) -> list[Shared]:
    """The units with divisions whose work somebody divides."""
    allowed = desk.require(Action.DIVIDE_WORK)
    with desk.read() as connection:
        snapshot = desk.snapshot(connection)
        found = []
        for unit_id in sorted(allowed.units or ()):
            unit = snapshot.units_by_id.get(unit_id)
            if unit is None or snapshot.unit_ids.get(unit.code) != unit_id or not parts.divisions_of(snapshot, unit):
                continue
            asked = [one for one in _asked(snapshot, unit) if allowed.allows(unit_id, None, one.code)]
            shares = (
                (one, divisions.in_charge(connection, (unit_id, one.code), desk.day))
                for one in asked
                if _can_be_divided(one, unit)
            )
            found.append(
                Shared(
                    unit,
                    unit_id,
                    tuple(_divided(snapshot, unit_id, form, charge) for form, charge in shares),
                    tuple(one for one in asked if one.lists),
                    rights.may_divide(connection, unit_id),
                    desk.scope(Action.MANAGE_PEOPLE).allows(unit_id),
                )
            )
        return found


def let_clerks(desk: Desk, unit_id: int, *, allowed: bool) -> None:
    """Let the clerks of a unit divide its work too, or no longer. Raises NotYours."""
    desk.require(Action.MANAGE_PEOPLE, unit_id)
    with desk.read() as connection:
        if unit_id not in desk.snapshot(connection).units_by_id:
            raise NotYours
    with desk.change("let divide", f"unit {unit_id}") as change:
        rights.let_divide(change.connection, unit_id, desk.actor.person_id, desk.moment, allowed=allowed)
        change.unit_id = unit_id
        change.detail["allowed"] = allowed


def look(desk: Desk, unit_id: int, form: str, day: date) -> Divided:
    """A form's rows, who supplies each on a day, and who is named there. Raises NotYours, NotNow (a form of lists)."""
    desk.require(Action.DIVIDE_WORK, unit_id, None, form)
    with desk.read() as connection:
        snapshot = desk.snapshot(connection)
        unit = snapshot.units_by_id.get(unit_id)
        asked = next((one for one in _asked(snapshot, unit) if one.code == form), None) if unit else None
        if unit is None or asked is None:
            raise NotYours
        if not _can_be_divided(asked, unit):
            raise NotNow("lists-not-divided", form=form)
        share = (unit_id, form)
        found = _divided(snapshot, unit_id, asked, divisions.in_charge(connection, share, day))
        return replace(
            found,
            to_come=tuple(divisions.to_come(connection, share, day)),
            duties=divisions.duties(connection, share),
            staff=_staff(connection, found.divisions, desk.day),
            mark=divisions.last_said(connection, share),
        )


def _staff(connection: Connection, division_ids: Iterable[int], day: date) -> dict[int, Staff]:
    held = [one for one in grants.of_units(connection, list(division_ids)) if one.is_open_on(day)]
    return {
        division: Staff(
            *(
                {one.person_id: one.name for one in held if (one.unit_id, one.role) == (division, role)}
                for role in (Role.CLERK, Role.LEADER)
            )
        )
        for division in division_ids
    }


def name(desk: Desk, unit_id: int, form: str, wanted: Mapping[int, Duty]) -> int:
    """Say who in each division fills in its rows, and who checks them before they count; how many divisions changed.

    Naming gives no right: whoever is named holds a role in the division. Raises NotYours (also for whoever does not).
    """
    known = look(desk, unit_id, form, desk.day)
    changed = {one: duty for one, duty in wanted.items() if known.duties.get(one, Duty()) != duty}
    for division, duty in changed.items():
        staff = known.staff.get(division)
        if staff is None or duty.clerk_id not in (None, *staff.clerks) or duty.checker_id not in (None, *staff.heads):
            raise NotYours
    if changed:
        with desk.change("name in division", f"unit {unit_id}") as change:
            divisions.put_duties(change.connection, (unit_id, form), changed, desk.actor.person_id, desk.moment)
            change.unit_id = unit_id
            change.detail |= {
                "form": form,
                "clerks": {str(one): duty.clerk_id for one, duty in changed.items()},
                "checkers": {str(one): duty.checker_id for one, duty in changed.items()},
            }
    return len(changed)


def divide(
    desk: Desk, unit_id: int, form: str, wanted: Mapping[str, int | None], since: date, mark: int | None = None
) -> int:
    """Put rows in charge of divisions from a day on (None: of the unit itself); how many change hands.

    ``mark`` is that of what was looked at. Raises NotYours (also for a division that is not the unit's), NotNow (a day
    already over), Changed (divided anew by somebody else since it was looked at).
    """
    known = look(desk, unit_id, form, since)
    if since < desk.day:
        raise NotNow("divided-in-the-past")
    if any(one is not None and one not in known.divisions for one in wanted.values()):
        raise NotYours
    own = {row.code for row in known.data_rows}
    changed = {row: to for row, to in wanted.items() if row in own and known.charge.get(row) != to}
    if changed:
        with desk.change(Action.DIVIDE_WORK, f"unit {unit_id}") as change:
            if mark is not None and divisions.last_said(change.connection, (unit_id, form)) != mark:
                raise Changed
            divisions.put(change.connection, (unit_id, form), changed, since, desk.actor.person_id, desk.moment)
            change.unit_id = unit_id
            change.detail |= {"form": form, "since": since.isoformat(), "rows": changed}
    return len(changed)


def _asked(snapshot: Snapshot, unit: Unit) -> list[Form]:
    """The forms asked of a unit."""
    asked = {
        code: None
        for regime in snapshot.regimes.values()
        if any(unit.answers_to(one) for one in regime.reporters)
        for code in regime.forms
    }
    return [snapshot.form_versions[code].form for code in asked if code in snapshot.form_versions]


def _can_be_divided(form: Form, unit: Unit) -> bool:
    """True of forms with rows the unit supplies; lists are written by one hand."""
    return not form.lists and bool(_rows(form, unit))


def _rows(form: Form, unit: Unit) -> tuple[Row, ...]:
    """The rows a unit supplies in some period of a year, each section before its own."""
    is_open = frozenset[str]().union(*(row_set(form, unit, shape).open_rows for shape in _shapes()))
    kept: list[Row] = []
    for row in form.rows:
        if row.kind is RowKind.SECTION:
            while kept and kept[-1].kind is RowKind.SECTION and kept[-1].indent >= row.indent:
                kept.pop()
            kept.append(row)
        elif row.kind is RowKind.DATA and row.code in is_open:
            kept.append(row)
    while kept and kept[-1].kind is RowKind.SECTION:
        kept.pop()
    return tuple(kept)


@cache
def _shapes() -> tuple[PeriodShape, ...]:
    """Every shape of period a year has (any year: seasons and occasions name months)."""
    months = (f"2026{month:02}" for month in range(1, 13))
    return tuple(parse(code).shape for code in (*months, "20261", "20262", "20263", "20264", "2026"))


def _divided(snapshot: Snapshot, unit_id: int, form: Form, charge: Mapping[str, int]) -> Divided:
    unit = snapshot.units_by_id[unit_id]
    held = parts.divisions_of(snapshot, unit)
    mine = {row: division for row, division in charge.items() if division in held}
    return Divided(unit, unit_id, form, _rows(form, unit), held, mine)
