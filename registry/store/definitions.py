"""The catalogue as the database's record: effective-dated versions in, a snapshot of one day out."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, func, insert, select

from registry.catalogue.forms import Definitions
from registry.catalogue.measures import Measure
from registry.catalogue.model import (
    PROVINCE,
    Catalogue,
    Form,
    Holiday,
    Indicator,
    Member,
    Outline,
    PlanFigure,
    Regime,
    RoleHolder,
    Rule,
    Succession,
    Unit,
)
from registry.periods import WorkingCalendar
from registry.store import units
from registry.store.codec import plain, revive, sha
from registry.store.tables import catalogue_load, definition

EVER = date(1900, 1, 1)


@dataclass(frozen=True, slots=True)
class Kind:
    """How one table of the catalogue is kept: its field, its class, and the code of an item."""

    name: str
    field: str
    type: type

    def code(self, item: Any) -> str:
        """The identity of an item across its versions."""
        return str(_CODES[self.name](item))

    def valid_from(self, item: Any) -> date:
        """From when this version holds."""
        return getattr(item, "valid_from", None) or getattr(item, "on", None) or EVER


_CODES: Mapping[str, Any] = {
    "measure": lambda item: item.code,
    "unit": lambda item: f"{item.code}|{item.born}",
    "succession": lambda item: f"{item.old}|{item.new}|{item.on}",
    "indicator": lambda item: item.code,
    "member": lambda item: f"{item.breakdown}|{item.code}",
    "form": lambda item: item.code,
    "rule": lambda item: f"{item.form}|{item.code}",
    "outline": lambda item: item.code,
    "regime": lambda item: item.code,
    "plan": lambda item: f"{item.indicator}|{item.aspect}|{item.subject}|{item.year}|{item.decision}",
    "holiday": lambda item: str(item.day),
    "role": lambda item: f"{item.login}|{item.role}|{item.unit}|{item.valid_from}",
}

KINDS = (
    Kind("measure", "measures", Measure),
    Kind("unit", "units", Unit),
    Kind("succession", "successions", Succession),
    Kind("indicator", "indicators", Indicator),
    Kind("member", "members", Member),
    Kind("form", "forms", Form),
    Kind("rule", "rules", Rule),
    Kind("outline", "outlines", Outline),
    Kind("regime", "regimes", Regime),
    Kind("plan", "plans", PlanFigure),
    Kind("holiday", "holidays", Holiday),
    Kind("role", "roles", RoleHolder),
)
_SNAPSHOT_KINDS = tuple(kind for kind in KINDS if kind.name not in ("plan", "role", "succession"))


@dataclass(frozen=True, slots=True)
class Change:
    """One item that a load added or changed."""

    kind: str
    code: str
    n: int  # 1 = new


@dataclass(frozen=True, slots=True)
class FormVersion:
    """A form definition as a row of the store."""

    id: int
    n: int
    sha: str
    form: Form


def load(connection: Connection, catalogue: Catalogue, by: str, at: datetime) -> list[Change]:
    """Write what differs from the newest versions; an absent item is left alone. Empty list = nothing written."""
    newest = _newest(connection, None)
    fresh: list[dict[str, Any]] = []
    for kind in KINDS:
        for item in getattr(catalogue, kind.field):
            code, digest = kind.code(item), sha(item)
            known = newest.get((kind.name, code))
            if known is None or known.sha != digest:
                n = known.n + 1 if known else 1
                fresh.append(
                    {
                        "kind": kind.name,
                        "code": code,
                        "n": n,
                        "valid_from": kind.valid_from(item),
                        "sha": digest,
                        "body": plain(item),
                    }
                )
    changes = [Change(row["kind"], row["code"], row["n"]) for row in fresh]
    if not fresh:
        return []
    digest = hashlib.sha256("".join(row["sha"] for row in fresh).encode()).hexdigest()
    diff = [f"{change.kind} {change.code} v{change.n}" for change in changes[:500]]
    result = connection.execute(insert(catalogue_load).values(by=by, at=at, sha=digest, diff=diff))
    load_id = result.inserted_primary_key[0]  # type: ignore[index]
    connection.execute(insert(definition), [row | {"load_id": load_id} for row in fresh])
    if any(change.kind == "unit" for change in changes):
        units.rebuild(connection, catalogue_of(connection, ("unit",)).units)
    return changes


def generation(connection: Connection) -> int:
    """Grows with every load; 0 before the first."""
    return int(connection.execute(select(func.coalesce(func.max(catalogue_load.c.id), 0))).scalar_one())


def catalogue_of(connection: Connection, kinds: Iterable[str] | None = None) -> Catalogue:
    """The newest version of everything (of these kinds), in loading order: what an export gives back."""
    wanted = [kind for kind in KINDS if kinds is None or kind.name in kinds]
    by_kind: dict[str, list[Any]] = defaultdict(list)
    for (name, _), row in sorted(_newest(connection, [k.name for k in wanted]).items(), key=lambda pair: pair[1].first):
        by_kind[name].append(row.body)
    return Catalogue(**{k.field: tuple(revive(k.type, body) for body in by_kind[k.name]) for k in wanted})


@dataclass(frozen=True, slots=True)
class _Newest:
    n: int
    sha: str
    body: Any
    first: int


def _newest(connection: Connection, kinds: list[str] | None) -> dict[tuple[str, str], _Newest]:
    query = select(definition).order_by(definition.c.id)
    if kinds is not None:
        query = query.where(definition.c.kind.in_(kinds))
    newest: dict[tuple[str, str], _Newest] = {}
    for row in connection.execute(query):
        before = newest.get((row.kind, row.code))
        newest[row.kind, row.code] = _Newest(row.n, row.sha, row.body, before.first if before else row.id)
    return newest


@dataclass(frozen=True)
class Snapshot:
    """The catalogue in force over some days, with the store's integer keys beside the codes."""

    since: date  # the snapshot holds from this day
    until: date  # to the day before this one
    generation: int
    catalogue: Catalogue
    form_versions: Mapping[str, FormVersion]
    regime_ids: Mapping[str, int]
    unit_ids: Mapping[str, int]  # code -> id of the unit alive on the day
    units_by_id: Mapping[int, Unit]  # of all times: old periods name units that are no more
    ancestors: Mapping[str, tuple[str, ...]]

    @cached_property
    def units(self) -> dict[str, Unit]:
        """Units alive by code, in official order."""
        return {unit.code: unit for unit in self.catalogue.units}

    @cached_property
    def definitions(self) -> Definitions:
        """Measures and indicators by code."""
        return Definitions(
            {measure.code: measure for measure in self.catalogue.measures},
            {indicator.code: indicator for indicator in self.catalogue.indicators},
            self.catalogue.members,
            self.catalogue.units,
        )

    @cached_property
    def regimes(self) -> dict[str, Regime]:
        """Regimes in force by code."""
        return {regime.code: regime for regime in self.catalogue.regimes}

    @cached_property
    def outlines(self) -> dict[str, Outline]:
        """Outlines in force by code."""
        return {outline.code: outline for outline in self.catalogue.outlines}

    @cached_property
    def calendar(self) -> WorkingCalendar:
        """Working days."""
        return WorkingCalendar(self.catalogue.holidays)

    @cached_property
    def memo(self) -> dict[Any, Any]:
        """Answers that follow from the catalogue alone, kept as long as the snapshot."""
        return {}

    @property
    def province(self) -> Unit:
        """The root of the tree."""
        return self.units[PROVINCE]

    def rules(self, form: str) -> tuple[Rule, ...]:
        """The checks of a form and those without a form."""
        return tuple(rule for rule in self.catalogue.rules if rule.form in (form, ""))


def snapshot(connection: Connection, day: date) -> Snapshot:
    """The catalogue in force on ``day``: of each item the newest version whose valid_from has come."""
    chosen: dict[tuple[str, str], Any] = {}
    first: dict[tuple[str, str], int] = {}
    query = (
        select(definition)
        .where(definition.c.kind.in_([kind.name for kind in _SNAPSHOT_KINDS]))
        .order_by(definition.c.valid_from, definition.c.n)
    )
    everything = connection.execute(query).all()
    for row in everything:
        key = (row.kind, row.code)
        first[key] = min(first.get(key, row.id), row.id)
        if row.valid_from <= day or row.kind in ("form", "regime", "indicator", "outline", "unit"):
            chosen[key] = _later(chosen.get(key), row, day)
    parts: dict[str, list[Any]] = defaultdict(list)
    rows: dict[str, list[Any]] = defaultdict(list)
    for key, row in sorted(chosen.items(), key=lambda pair: first[pair[0]]):
        kind = next(kind for kind in _SNAPSHOT_KINDS if kind.name == key[0])
        parts[kind.field].append(revive(kind.type, row.body))
        rows[kind.name].append(row)
    alive = sorted((unit for unit in parts["units"] if _alive(unit, day)), key=lambda unit: unit.order)
    catalogue = Catalogue(**{name: tuple(items) for name, items in (parts | {"units": alive}).items()})
    keys = units.ids(connection, parts["units"])
    forms = {
        row.code: FormVersion(row.id, row.n, row.sha, replace(form, version=row.n))
        for row, form in zip(rows["form"], parts["forms"], strict=True)
    }
    return Snapshot(
        *_span([row.valid_from for row in everything], parts["units"], day),
        generation(connection),
        catalogue,
        forms,
        {row.code: row.id for row in rows["regime"]},
        {one.code: keys[one] for one in alive},
        {key: one for one, key in keys.items()},
        _ancestors(alive),
    )


def _span(dates: Iterable[date], units_of_all_times: Iterable[Unit], day: date) -> tuple[date, date]:
    """The days around ``day`` on which the catalogue is the same: [since, until)."""
    turns = set(dates)
    for one in units_of_all_times:
        turns.add(one.born)
        if one.valid_to is not None:
            turns.add(one.valid_to + timedelta(days=1))
    return max((turn for turn in turns if turn <= day), default=EVER), min(
        (turn for turn in turns if turn > day), default=date.max
    )


def _later(before: Any, row: Any, day: date) -> Any:
    """The version in force on the day; before the first one's date, the first (an upcoming definition)."""
    return row if before is None or row.valid_from <= day else before


def _alive(unit: Unit, day: date) -> bool:
    return unit.born <= day and (unit.valid_to is None or day <= unit.valid_to)


def _ancestors(alive: Iterable[Unit]) -> dict[str, tuple[str, ...]]:
    parents = {unit.code: unit.parent for unit in alive}
    found: dict[str, tuple[str, ...]] = {}
    for code in parents:
        chain: list[str] = []
        above = parents[code]
        while above is not None and above not in chain:
            chain.append(above)
            above = parents.get(above)
        found[code] = tuple(chain)
    return found


def form_version(connection: Connection, current: Snapshot, definition_id: int) -> FormVersion:
    """A version of a form by its key: the snapshot's own when it is the one in force, else from the store."""
    for version in current.form_versions.values():
        if version.id == definition_id:
            return version
    row = connection.execute(select(definition).where(definition.c.id == definition_id)).one()
    return FormVersion(row.id, row.n, row.sha, replace(revive(Form, row.body), version=row.n))
