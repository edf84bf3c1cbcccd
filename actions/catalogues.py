"""The catalogue from spreadsheets: check, load, export; plans and history as figures (R17, R37, R38)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from actions.desk import Desk, Refusal
from ingest.definition import read_folder
from registry.catalogue.forms import Definitions
from registry.catalogue.measures import to_mantissa
from registry.catalogue.model import Catalogue, PlanFigure
from registry.catalogue.values import Nature, SeriesKey, State
from registry.findings import Finding, is_blocking
from registry.store import definitions, figures, people, units
from registry.store.codec import sha
from registry.store.definitions import Change
from registry.store.engine import Connection
from registry.store.figures import NewFigure, Source
from registry.workflow.policy import Action
from workbook_templates import definition_book


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load did: nothing when any finding blocks."""

    changes: tuple[Change, ...]
    findings: tuple[Finding, ...]


class HistoryFigure(NamedTuple):
    """One figure of an earlier period, as a number in a measure."""

    series: SeriesKey
    period: str
    subject: str
    reporting: str
    value: Decimal
    measure: str


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
        changes = definitions.load(change.connection, catalogue, desk.actor.signature, desk.moment)
        people.put_holders(change.connection, catalogue.roles, desk.actor.signature)
        changed = {one.code for one in changes if one.kind == "plan"}
        plan_kind = next(kind for kind in definitions.KINDS if kind.name == "plan")
        _put_plans(desk, change.connection, [plan for plan in catalogue.plans if plan_kind.code(plan) in changed])
        change.detail["changes"] = len(changes)
    return tuple(changes)


def export(desk: Desk) -> dict[str, bytes]:
    """The catalogue as the folder of workbooks it could be loaded from."""
    desk.require(Action.SEE_CATALOGUE)
    with desk.read() as connection:
        return definition_book.write(definitions.catalogue_of(connection))


def _put_plans(desk: Desk, connection: Connection, plans: Iterable[PlanFigure]) -> None:
    grouped: dict[str, list[PlanFigure]] = {}
    for plan in sorted(plans, key=lambda plan: plan.valid_from):
        grouped.setdefault(plan.decision, []).append(plan)
    known = definitions.snapshot(connection, desk.day).definitions  # of this transaction, so never a kept one
    keys = units.all_ids(connection)
    for decision, items in grouped.items():
        batch = figures.begin_import(
            connection, "plans", decision, sha(items), desk.actor.signature, desk.actor.signature, desk.moment
        )
        rows = (_plan_figure(plan, known, keys) for plan in items)
        figures.put(connection, rows, Source(import_id=batch), desk.moment)


def _plan_figure(plan: PlanFigure, known: Definitions, keys: Mapping[str, int]) -> NewFigure:
    series = SeriesKey(plan.indicator, plan.aspect)
    mantissa = to_mantissa(plan.value, known.measures[plan.measure], known.canonical(series))
    subject = keys[plan.subject]
    return NewFigure(series, str(plan.year), subject, subject, Nature.OFFICIAL, mantissa, State.VALUE)


def load_history(desk: Desk, rows: Iterable[HistoryFigure], document: str, approver: str) -> int:
    """Load figures of earlier periods as "số liệu nền" with their document; how many were written.

    They never count as a submission. The same content again writes nothing. Raises NotYours, Refusal.
    """
    desk.require(Action.CHANGE_CATALOGUE)
    given = list(rows)
    with desk.change(Action.CHANGE_CATALOGUE, "history") as change:
        known = desk.snapshot(change.connection).definitions
        keys = units.all_ids(change.connection)
        batch = figures.begin_import(
            change.connection, "history", document, sha([document, given]), desk.actor.signature, approver, desk.moment
        )
        if batch is None:
            return 0
        written = figures.put(
            change.connection,
            (_history_figure(row, known, keys) for row in given),
            Source(import_id=batch),
            desk.moment,
        )
        change.detail |= {"document": document, "figures": written, "approver": approver}
    return written


def _history_figure(row: HistoryFigure, known: Definitions, keys: Mapping[str, int]) -> NewFigure:
    if row.subject not in keys or row.reporting not in keys:
        raise Refusal("unknown-unit", unit=row.subject)
    mantissa = to_mantissa(row.value, known.measures[row.measure], known.canonical(row.series))
    return NewFigure(
        row.series, row.period, keys[row.subject], keys[row.reporting], Nature.OFFICIAL, mantissa, State.VALUE
    )
