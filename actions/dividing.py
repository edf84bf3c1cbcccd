"""Saying which division of a unit supplies which rows of a form, from which day (phân công, F16)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from actions import parts
from actions.desk import Desk, NotNow, NotYours
from registry.catalogue.forms import row_set
from registry.catalogue.model import Form, PeriodShape, Row, RowKind, Unit
from registry.periods import parse
from registry.store import divisions
from registry.store.definitions import Snapshot
from registry.store.divisions import Change
from registry.workflow.policy import Action


@dataclass(frozen=True, slots=True)
class Divided:
    """A form of a unit and who supplies each of its rows on a day."""

    unit: Unit
    unit_id: int
    form: Form
    rows: tuple[Row, ...]  # those the unit supplies, with the sections they stand in
    divisions: Mapping[int, Unit]
    charge: Mapping[str, int]  # the division of a row; rows not here are the unit's own
    to_come: tuple[Change, ...]

    @property
    def data_rows(self) -> tuple[Row, ...]:
        """The rows that somebody fills in."""
        return tuple(row for row in self.rows if row.kind is RowKind.DATA)


def listing(desk: Desk) -> list[Divided]:
    """The forms of the units somebody administers that can be divided, of units that have divisions."""
    allowed = desk.require(Action.DIVIDE_WORK).units or frozenset()
    with desk.read() as connection:
        snapshot = desk.snapshot(connection)
        found = []
        for unit_id in sorted(allowed):
            unit = snapshot.units_by_id.get(unit_id)
            if unit is None or snapshot.unit_ids.get(unit.code) != unit_id or not parts.divisions_of(snapshot, unit):
                continue
            for form in _forms(snapshot, unit):
                if desk.scope(Action.DIVIDE_WORK).allows(unit_id, None, form.code):
                    found.append(_divided(snapshot, unit_id, form, {}, ()))
        return [
            _divided(snapshot, one.unit_id, one.form, divisions.in_charge(connection, _share(one), desk.day), ())
            for one in found
        ]


def look(desk: Desk, unit_id: int, form: str, day: date) -> Divided:
    """A form's rows and who supplies each on a day. Raises NotYours."""
    desk.require(Action.DIVIDE_WORK, unit_id, None, form)
    with desk.read() as connection:
        snapshot = desk.snapshot(connection)
        unit = snapshot.units_by_id.get(unit_id)
        asked = next((one for one in _forms(snapshot, unit) if one.code == form), None) if unit else None
        if asked is None:
            raise NotYours
        share = (unit_id, form)
        charge = divisions.in_charge(connection, share, day)
        return _divided(snapshot, unit_id, asked, charge, tuple(divisions.to_come(connection, share, day)))


def divide(desk: Desk, unit_id: int, form: str, wanted: Mapping[str, int | None], since: date) -> int:
    """Put rows in charge of divisions from a day on (None: of the unit itself); how many change hands.

    Raises NotYours (also for a division that is not the unit's), NotNow (a day already over).
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
            divisions.put(change.connection, (unit_id, form), changed, since, desk.actor.person_id, desk.moment)
            change.unit_id = unit_id
            change.detail |= {"form": form, "since": since.isoformat(), "rows": changed}
    return len(changed)


def _share(one: Divided) -> divisions.Share:
    return one.unit_id, one.form.code


def _forms(snapshot: Snapshot, unit: Unit) -> list[Form]:
    """The forms asked of a unit that have rows; lists are written by one hand."""
    asked = {
        code: None
        for regime in snapshot.regimes.values()
        if any(unit.answers_to(one) for one in regime.reporters)
        for code in regime.forms
    }
    found = (snapshot.form_versions[code].form for code in asked if code in snapshot.form_versions)
    return [form for form in found if not form.lists and _rows(form, unit)]


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


def _divided(
    snapshot: Snapshot, unit_id: int, form: Form, charge: Mapping[str, int], to_come: tuple[Change, ...]
) -> Divided:
    unit = snapshot.units_by_id[unit_id]
    held = parts.divisions_of(snapshot, unit)
    mine = {row: division for row, division in charge.items() if division in held}
    return Divided(unit, unit_id, form, _rows(form, unit), held, mine, to_come)
