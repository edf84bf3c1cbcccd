"""What the operator does at the server's own console, for oneself or in a person's name (CLI.md)."""

from __future__ import annotations

import io
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from actions import reading
from actions.cases import Situation, situation
from actions.desk import Desk, Refusal
from actions.experience import confided
from actions.given import contents, name_of
from actions.instance import Instance, now
from actions.people import operator_for
from actions.reading import ReadFile
from actions.receive import Sent, examine, judge_upload, receive
from actions.submit import submit
from ingest import identity as identities
from ingest.model import Extraction, Status
from registry.catalogue.model import PROVINCE, Role
from registry.catalogue.values import CellKey
from registry.findings import Finding, Severity, fix, message
from registry.store import openings, people, units, uploads
from registry.store.cells import Address, Cells
from registry.store.codec import plain
from registry.workflow.policy import Action, Actor, Grant


def open_desk(instance: Instance, login: str | None) -> Desk:
    """A desk for a person ("operator for LOGIN" in the log), or for the operator; raises Refusal."""
    moment = now()
    if login is not None:
        return Desk(instance, operator_for(instance, login, moment), moment, "cli")
    with instance.store.write() as connection:
        operator = people.put_operator(connection)
        everywhere = frozenset(units.all_ids(connection).values())
    grants = tuple(Grant(role, 0, everywhere) for role in (Role.OFFICE, Role.CLERK))
    return Desk(instance, Actor(operator, people.OPERATOR, people.OPERATOR, grants), moment, "cli")


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
    extraction = read.extraction
    identity = identities.identify(extraction, desk.instance.token_keys)
    unit_id = _unit(desk, wanted.unit, identity.unit)
    number, submitted = None, None
    if dry_run or isinstance(data, Finding):
        with desk.read() as connection:
            verdict, found = examine(desk, connection, extraction, Sent(unit_id, desk.moment, wanted.narrowing))
        status, values, places, findings = verdict.status.value, verdict.values, verdict.addresses, verdict.findings
    else:
        number = receive(desk, io.BytesIO(data), name, unit_id, wanted.narrowing, queue=False)
        stored = judge_upload(desk, number, read)
        status, values, places, findings = stored.status, stored.values, stored.addresses, stored.findings
        found = _situation(desk, number)
        if then_submit and stored.can_be_submitted:
            submitted = submit_upload(desk, number, explanation)
    body = {
        "file": str(path),
        "upload": number,
        "status": status,
        "identity": {
            "unit": identity.unit,
            "regime": found.regime.code if found else None,
            "form": identity.form,
            "form_version": identity.form_version,
            "period": identity.period,
            "token": identity.state.value,
        },
        "figures": figures(found, values, places) if found else [],
        "findings": [described(one, places) for one in (*findings, *_confided(desk, found, values))],
        "seconds": round(time.perf_counter() - began, 3),
    }
    return Answer(body, status in _ACCEPTED, submitted if isinstance(submitted, Refusal) else None)


def _unit(desk: Desk, wanted: str | None, named: str | None) -> int:
    """Whose return it is taken for: the unit wanted, else the one the file names if it is the actor's, else home."""
    with desk.read() as connection:
        keys = units.all_ids(connection)
    allowed = desk.require(Action.UPLOAD)
    if wanted is not None:
        if wanted not in keys:
            raise Refusal("unknown-unit", unit=wanted)
        desk.require(Action.UPLOAD, keys[wanted])
        return keys[wanted]
    said = keys.get(named or "")
    if said is not None and allowed.allows(said):
        return said
    return desk.actor.home or keys[PROVINCE]


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


def described(found: Finding, places: dict[CellKey, Address] | None = None) -> dict[str, Any]:
    """A finding as CLI.md prints it; row and column are codes where it knows them or stands at a cell of ``places``."""
    codes = dict(found.values)
    here = (found.sheet, found.cell)
    key = next((key for key, place in (places or {}).items() if tuple(place) == here), None)
    body: dict[str, Any] = plain(found)
    body.pop("values")
    return body | {
        "row": codes.get("row_code") or (key.row if key else found.row),
        "column": codes.get("column_code") or (key.column if key else found.column),
        "message": message(found),
        "fix": fix(found),
    }
