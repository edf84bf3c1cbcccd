"""Units: the tree at any date, found by any name they ever bore, and the history of each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from flask import Blueprint, render_template, request

from actions import mentions
from actions import units as looked_at
from registry.catalogue.chronicle import FOREVER, Chronicle, Step, Stretch
from registry.catalogue.lineage import former
from registry.catalogue.model import Unit, UnitKey, UnitKind
from registry.catalogue.reorganise import Planned, planned
from registry.store import units
from registry.workflow.policy import Action
from webui.permission import page
from webui.visitor import desk

blueprint = Blueprint("units", __name__)

_LEVELS = (  # how the units right below another are told apart
    ("departments", (UnitKind.DEPARTMENT,)),
    ("agencies", (UnitKind.VERTICAL, UnitKind.ARMED, UnitKind.INVESTOR, UnitKind.ENTERPRISE)),
    ("districts", (UnitKind.DISTRICT,)),
    ("communes", (UnitKind.WARD, UnitKind.COMMUNE, UnitKind.TOWNSHIP)),
    ("divisions", (UnitKind.DIVISION,)),
)


@dataclass(frozen=True)
class Branch:
    """A unit in the tree with what stands right below it, level by level."""

    unit: Unit
    id: int
    levels: tuple[tuple[str, tuple[Branch, ...]], ...]


@dataclass(frozen=True)
class Coming:
    """What a document says will happen on a day to come: (found | change | end, unit, its key)."""

    what: Planned
    lines: tuple[tuple[str, Unit, int], ...]


def day_asked(today: date) -> date:
    """The day the page is about: as typed into its date field, today unless told."""
    try:
        return date.fromisoformat(request.args.get("ngay", ""))
    except ValueError:
        return today


@blueprint.get("/don-vi")
@page(Action.SEE_UNITS)
def tree() -> str:
    """The units as they stand on a day; with words, those whose name of any time has them."""
    at = desk()
    at.require(Action.SEE_UNITS)
    day, words = day_asked(at.day), request.args.get("tim", "").strip()[:100]
    with at.read() as connection:
        chronicle, ids = looked_at.chronicle_of(at, connection), units.ids_by_key(connection)
    children = chronicle.children(day)
    return render_template(
        "units.html",
        day=day,
        words=words,
        hits=[(hit, _heirs(chronicle, hit.unit.key, ids)) for hit in looked_at.search(at, words, day)],
        roots=[_branch(root, children, ids) for root in children[None]],
        counts=[(name, sum(unit.kind in kinds for unit in chronicle.units_on(day))) for name, kinds in _LEVELS],
        turns=[turn for turn in chronicle.turns if turn > date(2004, 1, 1)],
        planned=[_coming(one, ids) for one in planned(chronicle, at.day)],
    )


def _branch(unit: Unit, children: dict[UnitKey | None, list[Unit]], ids: dict[UnitKey, int]) -> Branch:
    below = children.get(unit.key, [])
    levels = tuple(
        (name, found)
        for name, kinds in _LEVELS
        if (found := tuple(_branch(one, children, ids) for one in below if one.kind in kinds))
    )
    return Branch(unit, ids[unit.key], levels)


def _heirs(chronicle: Chronicle, key: UnitKey, ids: dict[UnitKey, int]) -> list[tuple[Step, Unit, int]]:
    """What a unit went into, each as it stood then."""
    return [
        (step, unit, ids[step.new])
        for step in chronicle.went_to(key)
        if (unit := chronicle.at(step.new, step.on)) is not None
    ]


def _coming(one: Planned, ids: dict[UnitKey, int]) -> Coming:
    begun = [("found" if unit.born == one.on else "change", unit) for unit in one.versions]
    lines = sorted((*begun, *(("end", unit) for unit in one.ended)), key=lambda line: line[1].order)
    return Coming(one, tuple((kind, unit, ids[unit.key]) for kind, unit in lines))


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a unit with what it changes, field by field: (name of the field, before, after)."""

    stretch: Stretch
    changes: tuple[tuple[str, str, str], ...]

    @property
    def until(self) -> date | None:
        """Its last day; None when no end is known."""
        return None if self.stretch.until == FOREVER else self.stretch.until


_SHOWN = ("name", "kind", "parent", "order", "letterhead", "signer")


@blueprint.get("/don-vi/<int:unit_id>")
@page(Action.SEE_UNITS)
def one(unit_id: int) -> str:
    """A unit's versions, what it came from and went to, its groups, what stands above and below it."""
    at = desk()
    chronicle, key = looked_at.key_of(at, unit_id)
    with at.read() as connection:
        ids, snapshot = units.ids_by_key(connection), at.snapshot(connection)
        is_office = not at.scope(Action.CHANGE_UNITS).is_empty
        named = [one for one in mentions.of_ended(at, connection) if one.unit.key == key] if is_office else []
    now = chronicle.at(key, at.day)
    shown = now or chronicle.last(key)
    day = at.day if now else (shown.valid_to or at.day)
    came = [
        (step, unit, ids[step.old])
        for step in chronicle.came_from(key)
        if (unit := chronicle.at(step.old, step.on - timedelta(days=1))) is not None
    ]
    came.sort(key=lambda way: (-way[0].on.toordinal(), way[1].order))
    sets = {one.code: one.name for one in snapshot.catalogue.group_sets}
    return render_template(
        "unit.html",
        unit=shown,
        unit_id=unit_id,
        is_alive=now is not None,
        versions=_versions(chronicle, key),
        above=[(found, ids[other]) for other in chronicle.above(key, day) if (found := chronicle.at(other, day))],
        below=[(found, ids[found.key]) for found in chronicle.children(day).get(key, [])],
        came=came,
        went=_heirs(chronicle, key, ids),
        has_break=bool(former(chronicle, {key}, shown.born - timedelta(days=1)).breaks),
        groups=[(sets.get(code, code), group) for code, group in shown.groups],
        day=day,
        today=at.day,
        mentions=named,
        planned=[_coming(one, ids) for one in planned(chronicle, at.day) if key in one.keys],
    )


def _versions(chronicle: Chronicle, key: UnitKey) -> list[Version]:
    found: list[Version] = []
    before: Unit | None = None
    for stretch in chronicle.stretches(key):
        changes = (
            tuple(
                (name, str(getattr(before, name) or ""), str(getattr(stretch.unit, name) or ""))
                for name in _SHOWN
                if getattr(before, name) != getattr(stretch.unit, name)
            )
            if before
            else ()
        )
        if before is not None and before.groups != stretch.unit.groups:
            changes += (("groups", _listed(before), _listed(stretch.unit)),)
        found.append(Version(stretch, changes))
        before = stretch.unit
    return found[::-1]


def _listed(unit: Unit) -> str:
    return "; ".join(group for _, group in unit.groups)
