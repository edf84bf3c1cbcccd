"""The catalogue from spreadsheets: check, load, export; plans and history as figures (R17, R37, R38)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from actions import changed, cubes
from actions.desk import Change as OpenChange
from actions.desk import Desk, Refusal
from ingest.definition import read_folder
from ingest.history import read_history
from registry.catalogue.forms import Definitions
from registry.catalogue.measures import to_mantissa
from registry.catalogue.model import Catalogue, HistoryFigure, PlanFigure
from registry.catalogue.values import Nature, SeriesKey, State
from registry.findings import Finding, is_blocking
from registry.periods import parse
from registry.store import definitions, figures, instants, people, units
from registry.store.codec import sha
from registry.store.definitions import Change, Snapshot
from registry.store.engine import Connection
from registry.store.figures import NewFigure, Source
from registry.store.units import Codes
from registry.workflow.policy import Action
from workbook_templates import definition_book

_LAST = 999  # authority of history: what a unit's leader approved stands before it


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load did: nothing when any finding blocks."""

    changes: tuple[Change, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class LoadedFigures:
    """How many figures a workbook brought; none when any finding blocks, or when it was loaded before."""

    count: int
    findings: tuple[Finding, ...]


def load(desk: Desk, files: Mapping[str, bytes]) -> Loaded:
    """Check and load atomically; the same folder again changes nothing. Raises NotYours."""
    desk.require(Action.CHANGE_CATALOGUE)
    catalogue, findings = check(desk, files)
    if is_blocking(findings):
        return Loaded((), findings)
    return Loaded(put(desk, catalogue), findings)


def check(desk: Desk, files: Mapping[str, bytes]) -> tuple[Catalogue, tuple[Finding, ...]]:
    """Read a folder beside the catalogue in force: everything wrong with it by sheet and cell, in one pass."""
    with desk.read() as connection:
        known = definitions.catalogue_of(connection)
    return read_folder(files, known)


def put(desk: Desk, catalogue: Catalogue) -> tuple[Change, ...]:
    """Write a checked catalogue: versions of what differs, accounts and grants, plan figures."""
    with desk.change(Action.CHANGE_CATALOGUE, "catalogue") as change:
        return write(desk, change, catalogue)


def write(desk: Desk, change: OpenChange, catalogue: Catalogue) -> tuple[Change, ...]:
    """The same in a transaction that does more; the units it touches are told."""
    changes = definitions.load(change.connection, catalogue, desk.actor.signature, desk.moment)
    people.put_holders(change.connection, catalogue.roles, desk.actor.signature)
    versions = {one.code: one.n for one in changes if one.kind == "plan"}
    code = next(kind for kind in definitions.KINDS if kind.name == "plan").code
    plans = [(plan, versions[code(plan)]) for plan in catalogue.plans if code(plan) in versions]
    _put_plans(desk, change.connection, plans)
    changed.tell(desk, change.connection, changes)
    change.detail["changes"] = len(changes)
    return tuple(changes)


def export(desk: Desk) -> dict[str, bytes]:
    """The catalogue as the folder of workbooks it could be loaded from."""
    desk.require(Action.SEE_CATALOGUE)
    with desk.read() as connection:
        return definition_book.write(definitions.catalogue_of(connection))


def _put_plans(desk: Desk, connection: Connection, changed: Iterable[tuple[PlanFigure, int]]) -> None:
    """One import for each decision; the version makes a plan that returns to an earlier value a new one."""
    grouped: dict[str, list[tuple[PlanFigure, int]]] = {}
    for plan, n in sorted(changed, key=lambda pair: pair[0].valid_from):
        grouped.setdefault(plan.decision, []).append((plan, n))
    snapshot = definitions.snapshot(connection, desk.day)  # of this transaction, so never a kept one
    about = {(plan.indicator, plan.year) for items in grouped.values() for plan, _ in items}
    _assert_years_open(connection, snapshot, about, "plan-year-locked")
    known = snapshot.definitions
    keys = units.codes(connection)
    for decision, items in grouped.items():
        batch = figures.begin_import(
            connection, "plans", decision, sha(items), desk.actor.signature, desk.actor.signature, desk.moment
        )
        rows = (_plan_figure(plan, known, keys) for plan, _ in items)
        figures.put(connection, rows, Source(import_id=batch), desk.moment)
    if grouped:
        cubes.follow(desk, connection)


def _plan_figure(plan: PlanFigure, known: Definitions, keys: Codes) -> NewFigure:
    series = SeriesKey(plan.indicator, plan.aspect)
    mantissa = to_mantissa(plan.value, known.measures[plan.measure], known.canonical(series))
    subject = keys.at(plan.subject, parse(str(plan.year)).last)
    place = (series, str(plan.year), subject, subject)
    return NewFigure(*place, Nature.OFFICIAL, mantissa, State.VALUE, valid_from=plan.valid_from)


def load_history(desk: Desk, rows: Iterable[HistoryFigure], document: str, approver: str) -> int:
    """Load figures of earlier periods as "số liệu nền" with their document; how many were written.

    They never count as a submission. The same content again writes nothing. Raises NotYours, Refusal (also: of a year
    a regime has locked, and what it asks).
    """
    desk.require(Action.CHANGE_CATALOGUE)
    given = list(rows)
    with desk.change(Action.CHANGE_CATALOGUE, "history") as change:
        snapshot = desk.snapshot(change.connection)
        about = {(row.indicator, parse(row.period).year) for row in given}
        _assert_years_open(change.connection, snapshot, about, "history-year-locked")
        known = snapshot.definitions
        keys = units.codes(change.connection)
        last_days = {code: parse(code).last for code in {row.period for row in given}}
        batch = figures.begin_import(
            change.connection, "history", document, sha([document, given]), desk.actor.signature, approver, desk.moment
        )
        if batch is None:
            return 0
        written = figures.put(
            change.connection,
            (_history_figure(row, known, keys, last_days[row.period]) for row in given),
            Source(import_id=batch),
            desk.moment,
        )
        cubes.follow(desk, change.connection)
        change.detail |= {"document": document, "figures": written, "approver": approver}
    return written


def _assert_years_open(
    connection: Connection, snapshot: Snapshot, written: Collection[tuple[str, int]], refused: str
) -> None:
    """Of (indicator, year) none that a regime asks whose year is locked: years change by a document only (F17)."""
    for (code, year), found in instants.years(connection).items():
        regime = snapshot.regimes.get(code)
        about = [indicator for indicator, its in written if its == year] if found.is_locked else []
        if regime is None or not about:
            continue
        forms = [snapshot.form_versions[one].form for one in regime.forms if one in snapshot.form_versions]
        asked = {row.indicator for form in forms for row in form.rows}
        asked |= {column.indicator for form in forms for column in form.columns}
        for indicator in about:
            if indicator in asked:
                name = snapshot.definitions.indicators[indicator].name
                raise Refusal(refused, year=year, regime=regime.name, indicator=name)


def _history_figure(row: HistoryFigure, known: Definitions, keys: Codes, day: date) -> NewFigure:
    """A code is the unit's that bore it at the period's end: 22015 was phường 1 until 30/6/2025."""
    for unit in (row.subject, row.reporting):
        if unit not in keys:
            raise Refusal("unknown-unit", unit=unit)
    mantissa = to_mantissa(row.value, known.measures[row.measure], known.canonical(row.series))
    subject, reporting = keys.at(row.subject, day), keys.at(row.reporting, day)
    return NewFigure(row.series, row.period, subject, reporting, row.nature, mantissa, State.VALUE, _LAST)


def load_history_file(desk: Desk, name: str, data: bytes) -> LoadedFigures:
    """Check and load a workbook of figures of earlier periods atomically. Raises NotYours."""
    desk.require(Action.CHANGE_CATALOGUE)
    with desk.read() as connection:
        known = definitions.catalogue_of(connection)
    history = read_history(data, name, known)
    if is_blocking(history.findings) or history.document is None:
        return LoadedFigures(0, history.findings)
    count = load_history(desk, history.figures, history.document.number, history.document.approver)
    return LoadedFigures(count, history.findings)


def load_plans_file(desk: Desk, data: bytes) -> LoadedFigures:
    """Check and load a workbook like the folder's plans.xlsx atomically. Raises NotYours."""
    loaded = load(desk, {"plans.xlsx": data})
    return LoadedFigures(len(loaded.changes), loaded.findings)
