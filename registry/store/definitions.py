"""The catalogue as the database's record: effective-dated versions in, a snapshot of one day out."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, func, insert, select

from registry.catalogue.chronicle import Chronicle
from registry.catalogue.forms import Definitions
from registry.catalogue.measures import Measure
from registry.catalogue.model import (
    PROVINCE,
    Catalogue,
    Form,
    GroupSet,
    Holiday,
    Indicator,
    Member,
    Outline,
    PlanFigure,
    Regime,
    Request,
    RoleHolder,
    Rule,
    Succession,
    Unit,
)
from registry.catalogue.season import Season
from registry.periods import WorkingCalendar
from registry.store import units
from registry.store.codec import plain, revive, sha
from registry.store.engine import asked_once, forget, inserted
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
    "group_set": lambda item: item.code,
    "indicator": lambda item: item.code,
    "member": lambda item: f"{item.breakdown}|{item.code}",
    "form": lambda item: item.code,
    "rule": lambda item: f"{item.form}|{item.code}",
    "outline": lambda item: item.code,
    "regime": lambda item: item.code,
    "request": lambda item: item.regime,
    "plan": lambda item: f"{item.indicator}|{item.aspect}|{item.subject}|{item.year}|{item.decision}",
    "season": lambda item: item.code,
    "holiday": lambda item: str(item.day),
    "role": lambda item: f"{item.login}|{item.role}|{item.unit}|{item.valid_from}",
}

KINDS = (
    Kind("measure", "measures", Measure),
    Kind("unit", "units", Unit),
    Kind("succession", "successions", Succession),
    Kind("group_set", "group_sets", GroupSet),
    Kind("indicator", "indicators", Indicator),
    Kind("member", "members", Member),
    Kind("form", "forms", Form),
    Kind("rule", "rules", Rule),
    Kind("outline", "outlines", Outline),
    Kind("regime", "regimes", Regime),
    Kind("request", "requests", Request),
    Kind("plan", "plans", PlanFigure),
    Kind("season", "seasons", Season),
    Kind("holiday", "holidays", Holiday),
    Kind("role", "roles", RoleHolder),
)
_GENERATION = "generation of the catalogue"
_KINDS = {kind.name: kind for kind in KINDS}
_SNAPSHOT_KINDS = tuple(kind for kind in KINDS if kind.name not in ("plan", "role", "succession"))


@dataclass(frozen=True, slots=True)
class Change:
    """One item that a load added or changed."""

    kind: str
    code: str
    n: int  # 1 = new


@dataclass(frozen=True, slots=True)
class RuleVersion:
    """One published version of a check, with who published it."""

    n: int
    rule: Rule
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class FormVersion:
    """A form definition as a row of the store."""

    id: int
    n: int
    sha: str
    form: Form


def load(connection: Connection, catalogue: Catalogue, by: str, at: datetime) -> list[Change]:
    """Write what differs from the newest version of its date; an absent item is left alone. Empty list = nothing
    written: an item that was superseded from a later date is not brought back by loading it again.
    """
    newest = _newest(connection, None)
    fresh: list[dict[str, Any]] = []
    for kind in KINDS:
        for item in map(_unnumbered, getattr(catalogue, kind.field)):
            code, digest, since = kind.code(item), sha(item), kind.valid_from(item)
            known = newest.setdefault((kind.name, code), _Newest(0, None, 0, {}, {}))
            if known.shas.get(since) != digest:
                known.n += 1
                known.shas[since] = digest
                fresh.append(
                    {
                        "kind": kind.name,
                        "code": code,
                        "n": known.n,
                        "valid_from": since,
                        "sha": digest,
                        "body": plain(item),
                    }
                )
    return _write(connection, fresh, by, at) if fresh else []


def withdraw(
    connection: Connection, items: Iterable[Unit | Succession | Holiday], by: str, at: datetime
) -> list[Change]:
    """Take back versions: what was written for their day counts no longer, as if it never had.

    The rows stay; one without a body after them says so.
    """
    kinds = {kind.type: kind for kind in map(_KINDS.__getitem__, ("unit", "succession", "holiday"))}
    newest = _newest(connection, [kind.name for kind in kinds.values()])
    gone: list[dict[str, Any]] = []
    for item in items:
        kind = kinds[type(item)]
        code = kind.code(item)
        known = newest[kind.name, code]
        known.n += 1
        gone.append({"kind": kind.name, "code": code, "n": known.n, "valid_from": kind.valid_from(item)})
    return _write(connection, [row | {"sha": "", "body": None} for row in gone], by, at)


def _write(connection: Connection, rows: list[dict[str, Any]], by: str, at: datetime) -> list[Change]:
    changes = [Change(row["kind"], row["code"], row["n"]) for row in rows]
    digest = hashlib.sha256("".join(row["sha"] for row in rows).encode()).hexdigest()
    diff = [f"{change.kind} {change.code} v{change.n}" for change in changes[:500]]
    forget(connection, _GENERATION)
    load_id = inserted(connection, insert(catalogue_load).values(by=by, at=at, sha=digest, diff=diff))
    connection.execute(insert(definition), [row | {"load_id": load_id} for row in rows])
    if any(change.kind == "unit" for change in changes):
        units.rebuild(connection, catalogue_of(connection, ("unit",)).units)
    return changes


def _unnumbered(item: Any) -> Any:
    """An item as its versions are compared: the store numbers versions of forms, whatever their workbooks say."""
    return replace(item, version=1) if isinstance(item, Form) else item


def _revived(kind: type[Any], row: Any) -> Any:
    item = revive(kind, row.body)
    return replace(item, version=row.n) if isinstance(item, Form) else item


@dataclass(frozen=True, slots=True)
class Published:
    """A version of a form: from when it holds, who published it and when."""

    id: int
    code: str
    n: int
    valid_from: date
    by: str
    at: datetime


def published(connection: Connection, form: str | None = None) -> list[Published]:
    """Every version of every form (of one), by code, newest first: one query."""
    query = (
        select(
            definition.c.id,
            definition.c.code,
            definition.c.n,
            definition.c.valid_from,
            catalogue_load.c.by,
            catalogue_load.c.at,
        )
        .join(catalogue_load, catalogue_load.c.id == definition.c.load_id)
        .where(definition.c.kind == "form")
        .order_by(definition.c.code, definition.c.n.desc())
    )
    if form is not None:
        query = query.where(definition.c.code == form)
    return [Published(**row._mapping) for row in connection.execute(query)]


def generation(connection: Connection) -> int:
    """Grows with every load; 0 before the first."""
    query = select(func.coalesce(func.max(catalogue_load.c.id), 0))
    return int(asked_once(connection, _GENERATION, lambda: connection.execute(query).scalar_one()))


def catalogue_of(connection: Connection, kinds: Iterable[str] | None = None) -> Catalogue:
    """The newest version of everything (of these kinds), in loading order: what an export gives back.

    Of a unit it is the newest for each day from which one holds: its history is part of it.
    """
    wanted = [kind for kind in KINDS if kinds is None or kind.name in kinds]
    by_kind: dict[str, list[Any]] = defaultdict(list)
    for (name, _), row in sorted(_newest(connection, [k.name for k in wanted]).items(), key=lambda pair: pair[1].first):
        bodies = [row.dated[day] for day in sorted(row.dated)] if name == "unit" else [row.body] if row.dated else []
        by_kind[name] += [_revived(_KINDS[name].type, replace(row, body=body)) for body in bodies]
    return Catalogue(**{k.field: tuple(by_kind[k.name]) for k in wanted})


@dataclass(slots=True)
class _Newest:
    n: int
    body: Any
    first: int
    shas: dict[date, str]  # of the version that holds from each date
    dated: dict[date, Any]  # the bodies likewise


def _newest(connection: Connection, kinds: list[str] | None) -> dict[tuple[str, str], _Newest]:
    query = select(definition).order_by(definition.c.id)
    if kinds is not None:
        query = query.where(definition.c.kind.in_(kinds))
    newest: dict[tuple[str, str], _Newest] = {}
    for row in connection.execute(query):
        known = newest.setdefault((row.kind, row.code), _Newest(0, None, row.id, {}, {}))
        known.n, known.body = row.n, row.body
        if row.body is None:  # withdrawn
            known.shas.pop(row.valid_from, None)
            known.dated.pop(row.valid_from, None)
        else:
            known.shas[row.valid_from] = row.sha
            known.dated[row.valid_from] = row.body
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
    rule_versions: Mapping[str, tuple[Rule, ...]]  # of all times, in the order in which they take effect

    @cached_property
    def units(self) -> dict[str, Unit]:
        """Units alive by code, in official order."""
        return {unit.code: unit for unit in self.catalogue.units}

    @cached_property
    def definitions(self) -> Definitions:
        """Measures and indicators by code."""
        return replace(
            Definitions.of(self.catalogue), forms={code: version.form for code, version in self.form_versions.items()}
        )

    @cached_property
    def regimes(self) -> dict[str, Regime]:
        """Regimes in force by code."""
        return {regime.code: regime for regime in self.catalogue.regimes}

    @cached_property
    def requests(self) -> dict[str, Request]:
        """What stands behind each regime asked for once, by the regime's code."""
        return {request.regime: request for request in self.catalogue.requests}

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

    def units_on(self, day: date) -> list[tuple[int, Unit]]:
        """The units alive on a day of any time, by the store's keys, in official order."""
        alive = ((key, unit) for key, unit in self.units_by_id.items() if _alive(unit, day))
        return sorted(alive, key=lambda pair: pair[1].order)

    def rules(self, form: str, day: date) -> tuple[Rule, ...]:
        """The checks of a form and those without a form as they stand on a day: the last of the period judged.

        An old period keeps the versions of its time, whatever was published since.
        """
        begun = (
            next((rule for rule in reversed(versions) if rule.valid_from <= day), None)
            for versions in self._rules_by_form.get(form, self._rules_by_form.get("", ()))
        )
        return tuple(rule for rule in begun if rule is not None)

    @cached_property
    def _rules_by_form(self) -> dict[str, list[tuple[Rule, ...]]]:
        """The versions of each form's rules and of those without a form, in the order of the catalogue."""
        forms = {"", *(versions[0].form for versions in self.rule_versions.values())}
        found: dict[str, list[tuple[Rule, ...]]] = {form: [] for form in forms}
        for versions in self.rule_versions.values():
            for form in forms if not versions[0].form else (versions[0].form,):
                found[form].append(versions)
        return found


def snapshot(connection: Connection, day: date) -> Snapshot:
    """The catalogue in force on ``day``: of each item the newest version whose valid_from has come."""
    chosen: dict[tuple[str, str], Any] = {}
    first: dict[tuple[str, str], int] = {}
    query = (
        select(definition)
        .where(definition.c.kind.in_([kind.name for kind in _SNAPSHOT_KINDS]))
        .order_by(definition.c.valid_from, definition.c.n)
    )
    everything = _standing(connection.execute(query).all())
    for row in everything:
        key = (row.kind, row.code)
        first[key] = min(first.get(key, row.id), row.id)
        if row.valid_from <= day or row.kind in ("form", "regime", "indicator", "outline", "unit"):
            chosen[key] = _later(chosen.get(key), row, day)
    parts: dict[str, list[Any]] = defaultdict(list)
    rows: dict[str, list[Any]] = defaultdict(list)
    for key, row in sorted(chosen.items(), key=lambda pair: first[pair[0]]):
        kind = next(kind for kind in _SNAPSHOT_KINDS if kind.name == key[0])
        parts[kind.field].append(_revived(kind.type, row))
        rows[kind.name].append(row)
    alive = sorted((unit for unit in parts["units"] if _alive(unit, day)), key=lambda unit: unit.order)
    parts["regimes"] = _with_heirs(connection, parts["regimes"], alive, parts["units"], day)
    catalogue = Catalogue(**{name: tuple(items) for name, items in (parts | {"units": alive}).items()})
    keys = units.ids(connection, parts["units"])
    forms = {
        row.code: FormVersion(row.id, row.n, row.sha, form)
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
        _rule_versions(everything, first),
    )


def _standing(rows: Sequence[Any]) -> list[Any]:
    """Those not withdrawn since."""
    gone = {(row.kind, row.code, row.valid_from): row.n for row in rows if row.body is None}
    return [row for row in rows if row.n > gone.get((row.kind, row.code, row.valid_from), 0)]


def _with_heirs(
    connection: Connection, regimes: list[Regime], alive: Iterable[Unit], known: Iterable[Unit], day: date
) -> list[Regime]:
    """Regimes that name a unit which ended name the one that took all of it over, from that day on."""
    ended = {unit.code for unit in known if unit.valid_to is not None and unit.valid_to < day}
    ended -= {unit.code for unit in alive}
    named = {code for one in regimes for code in (*one.reporters, *one.receivers, one.lead)} & ended
    if not named:
        return regimes
    whole = catalogue_of(connection, ("unit", "succession"))
    chronicle = Chronicle(whole.units, whole.successions)
    heirs = {
        code: heir.code for code in named if (heir := chronicle.heir(chronicle.of_code(code)[-1], day)) is not None
    }

    def today(codes: Iterable[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(heirs.get(code, code) for code in codes))

    return [
        replace(one, reporters=today(one.reporters), receivers=today(one.receivers), lead=heirs.get(one.lead, one.lead))
        for one in regimes
    ]


def _rule_versions(everything: Iterable[Any], first: Mapping[tuple[str, str], int]) -> dict[str, tuple[Rule, ...]]:
    """Rows come by the day they take effect; of one day the version written last stands last."""
    versions: dict[str, list[Rule]] = {}
    for row in everything:
        if row.kind == "rule":
            versions.setdefault(row.code, []).append(revive(Rule, row.body))
    return {code: tuple(versions[code]) for code in sorted(versions, key=lambda code: first["rule", code])}


def rule_history(connection: Connection, form: str, code: str) -> list[RuleVersion]:
    """Every version of a check, the last written first (lịch sử quy tắc)."""
    query = (
        select(definition.c.n, definition.c.body, catalogue_load.c.by, catalogue_load.c.at)
        .join(catalogue_load, catalogue_load.c.id == definition.c.load_id)
        .where(definition.c.kind == "rule", definition.c.code == f"{form}|{code}")
        .order_by(definition.c.n.desc())
    )
    return [RuleVersion(row.n, revive(Rule, row.body), row.by, row.at) for row in connection.execute(query)]


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
    key = ("form version", definition_id)
    if key not in current.memo:
        row = connection.execute(select(definition).where(definition.c.id == definition_id)).one()
        current.memo[key] = FormVersion(row.id, row.n, row.sha, _revived(Form, row))
    kept: FormVersion = current.memo[key]
    return kept
