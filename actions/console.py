"""What the operator does at the server's own console, for oneself or in a person's name (CLI.md)."""

from __future__ import annotations

import io
import logging
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from actions import reading
from actions.cases import Situation, situation
from actions.desk import Desk, Refusal, say
from actions.experience import confided
from actions.given import contents, name_of
from actions.instance import Instance, now
from actions.people import operator_for
from actions.reading import ReadFile
from actions.receive import Sent, examine, judge_upload, receive
from actions.submit import submit
from ingest import identity as identities
from ingest.model import CarrierState, Extraction, Identity, Status
from registry.catalogue.model import PROVINCE, Role
from registry.catalogue.values import CellKey
from registry.findings import Finding, Severity, finding, fix, message
from registry.store import openings, people, units, uploads
from registry.store.cells import Address, Cells
from registry.store.codec import plain
from registry.workflow.policy import Action, Actor, Grant

log = logging.getLogger(__name__)


def open_desk(instance: Instance, login: str | None) -> Desk:
    """A desk for a person ("operator for LOGIN" in the log), or for the operator; raises Refusal."""
    moment = now()
    if login is not None:
        return Desk(instance, operator_for(instance, login, moment), moment, "cli")
    name = say("operator")
    with instance.store.write() as connection:
        operator = people.put_operator(connection, name)
        everywhere = frozenset(units.ids_by_key(connection).values())
    grants = tuple(Grant(role, 0, everywhere) for role in (Role.OFFICE, Role.CLERK))
    return Desk(instance, Actor(operator, people.OPERATOR, name, grants), moment, "cli")


_ACCEPTED = (Status.ACCEPTED.value, Status.ACCEPTED_WITH_WARNINGS.value)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the command line says a file is."""

    unit: str | None = None
    regime: str | None = None
    period: str | None = None

    @property
    def narrowing(self) -> dict[str, str]:
        """Regime and period, where said."""
        return {name: value for name in ("regime", "period") if (value := getattr(self, name))}


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer about one file, whether it was accepted, and why it was not submitted although that was asked."""

    body: dict[str, Any]
    accepted: bool
    unsubmitted: Refusal | None = None


def ingest(
    desk: Desk, path: Path, wanted: Wanted, *, dry_run: bool, then_submit: bool, explanation: str | None
) -> Answer:
    """Judge whatever stands at a path; unless ``dry_run`` a file is kept and numbered.

    Raises Refusal when the unit wanted is not there, NotYours when it is not the actor's.
    """
    began = time.perf_counter()
    name = name_of(path)
    data = contents(path, desk.instance.settings.upload_limit)
    if isinstance(data, Finding):
        read = ReadFile(Extraction(sheets=(), findings=(data,)))
    else:
        read = reading.read(desk.instance, data, name, keep=not dry_run)
    identity = identities.identify(read.extraction, desk.instance.token_keys)
    unit_id = _unit(desk, wanted.unit, identity.unit)
    sent = Sent(unit_id, desk.moment, wanted.narrowing)
    number = None
    if not (dry_run or isinstance(data, Finding)):
        number = receive(desk, io.BytesIO(data), name, unit_id, wanted.narrowing, queue=False)
    try:
        seen = _examined(desk, read.extraction, sent) if number is None else _judged(desk, number, read)
    except Refusal:
        raise
    except Exception:  # whatever a file makes of its judgement, those after it are answered
        log.exception("judging %s failed", path)
        seen = _Seen(Status.REFUSED.value, {}, {}, (finding("reading-not-judged", name=name),), None)
    submitted = None
    if then_submit and number is not None and seen.status in _ACCEPTED:
        submitted = submit_upload(desk, number, explanation)
    body = {
        "file": str(path),
        "upload": number,
        "status": seen.status,
        "identity": _identity(identity, seen.found),
        "figures": figures(seen.found, seen.values, seen.places) if seen.found else [],
        "findings": described_all((*seen.findings, *_confided(desk, seen.found, seen.values)), seen.places),
        "seconds": round(time.perf_counter() - began, 3),
    }
    return Answer(body, seen.status in _ACCEPTED, submitted if isinstance(submitted, Refusal) else None)


@dataclass(frozen=True, slots=True)
class _Seen:
    """What came of a file."""

    status: str
    values: Cells
    places: dict[CellKey, Address]
    findings: tuple[Finding, ...]
    found: Situation | None


def _examined(desk: Desk, extraction: Extraction, sent: Sent) -> _Seen:
    with desk.read() as connection:
        verdict, found = examine(desk, connection, extraction, sent)
    return _Seen(verdict.status.value, verdict.values, verdict.addresses, verdict.findings, found)


def _judged(desk: Desk, number: int, read: ReadFile) -> _Seen:
    stored = judge_upload(desk, number, read)
    return _Seen(stored.status, stored.values, stored.addresses, stored.findings, _situation(desk, number))


def _identity(identity: Identity, found: Situation | None) -> dict[str, Any]:
    """What the file says it is; of one without a code, what it was confirmed to be."""
    by_layout = found if identity.state is CarrierState.MISSING else None
    return {
        "unit": by_layout.unit.code if by_layout else identity.unit,
        "regime": found.regime.code if found else None,
        "form": by_layout.form.form.code if by_layout else identity.form,
        "form_version": by_layout.form.n if by_layout else identity.form_version,
        "period": by_layout.period.code if by_layout else identity.period,
        "token": identity.state.value,
    }


def _unit(desk: Desk, wanted: str | None, named: str | None) -> int:
    """Whose return it is taken for: the unit wanted, else the one the file names if it is the actor's, else home."""
    with desk.read() as connection:
        keys = units.codes(connection)
    allowed = desk.require(Action.UPLOAD)
    if wanted is not None:
        if wanted not in keys:
            raise Refusal("unknown-unit", unit=wanted)
        desk.require(Action.UPLOAD, keys.at(wanted, desk.day))
        return keys.at(wanted, desk.day)
    said = keys.at(named, desk.day) if named is not None and named in keys else None
    if said is not None and allowed.allows(said):
        return said
    return desk.actor.home or keys.at(PROVINCE, desk.day)


def _confided(desk: Desk, found: Situation | None, values: Cells) -> tuple[Finding, ...]:
    """What only who receives the unit's report is told."""
    if found is None:
        return ()
    with desk.read() as connection:
        return confided(desk, connection, desk.snapshot(connection), found, values)


def _situation(desk: Desk, number: int) -> Situation | None:
    with desk.read() as connection:
        upload = uploads.get(connection, number)
        if upload is None or upload.assignment_id is None:
            return None
        works = openings.work(connection, desk.require(Action.SEE_UPLOAD), assignment_id=upload.assignment_id)
        return situation(connection, desk.snapshot(connection), works[0]) if works else None


def submit_upload(desk: Desk, number: int, explanation: str | None) -> int | Refusal:
    """Submit with one explanation for every warning; the submission, or why not."""
    with desk.read() as connection:
        verdict = uploads.newest_verdict(connection, number)
    warnings = {
        place: explanation
        for place, found in enumerate(verdict.findings if verdict else ())
        if explanation and found.severity is Severity.WARNING
    }
    try:
        return submit(desk, number, warnings)
    except Refusal as refusal:
        return refusal


def figures(found: Situation, values: Cells, places: dict[CellKey, Address]) -> list[dict[str, Any]]:
    """Cells as CLI.md prints them: decimal strings in the measure named beside them."""
    listed = []
    for key, value in values.items():
        spec = found.view.cells.get(CellKey(key.row, key.column))
        sheet, cell = places.get(key, (None, None))
        listed.append(
            {
                "sheet": sheet,
                "cell": cell,
                "row": key.row,
                "column": key.column,
                "line": key.line,
                "state": value.state.value,
                "value": None if value.number is None else plain(value.number),
                "text": value.text,
                "measure": spec.measure if spec else None,
            }
        )
    return listed


def described_all(findings: Iterable[Finding], places: Mapping[CellKey, Address]) -> list[dict[str, Any]]:
    """Findings as CLI.md prints them; row and column are codes where one stands at a cell of ``places``."""
    keys: dict[tuple[str | None, str | None], CellKey] = {(sheet, a1): key for key, (sheet, a1) in places.items()}
    return [described(one, keys.get((one.sheet, one.cell))) for one in findings]


def described(found: Finding, key: CellKey | None = None) -> dict[str, Any]:
    """A finding as CLI.md prints it; row and column are codes where it knows them or the cell it is about is known."""
    codes = dict(found.values)
    body: dict[str, Any] = plain(found)
    body.pop("values")
    return body | {
        "row": codes.get("row_code") or (key.row if key else found.row),
        "column": codes.get("column_code") or (key.column if key else found.column),
        "message": message(found),
        "fix": fix(found),
    }
