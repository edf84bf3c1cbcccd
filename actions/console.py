"""What the operator does at the server's own console, for oneself or in a person's name (CLI.md)."""

from __future__ import annotations

import io
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from actions.cases import Situation, situation
from actions.desk import Desk, Refusal
from actions.instance import Instance, now
from actions.people import operator_for
from actions.receive import examine, judge_upload, receive
from actions.submit import submit
from ingest import identity as identities
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
    """The answer about one file, and whether it was accepted."""

    body: dict[str, Any]
    accepted: bool


def ingest(
    desk: Desk, path: Path, wanted: Wanted, *, dry_run: bool, then_submit: bool, explanation: str | None
) -> Answer:
    """Judge one file; unless ``dry_run`` it is kept and numbered; raises Refusal for an unknown unit."""
    began = time.perf_counter()
    data = path.read_bytes()
    extraction = desk.instance.pool.read(data, path.name)
    identity = identities.identify(extraction, desk.instance.token_keys)
    unit_id = _unit(desk, wanted.unit or identity.unit)
    number, state = None, None
    if dry_run:
        with desk.read() as connection:
            verdict, found = examine(desk, connection, extraction, unit_id, desk.moment, wanted.narrowing)
        status, values, places, findings = verdict.status.value, verdict.values, verdict.addresses, verdict.findings
    else:
        number = receive(desk, io.BytesIO(data), path.name, unit_id, wanted.narrowing)
        stored = judge_upload(desk, number)
        status, values, places, findings = stored.status, stored.values, stored.addresses, stored.findings
        found = _situation(desk, number)
        if then_submit and stored.can_be_submitted:
            state = submit_upload(desk, number, explanation)
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
        "findings": [described(one) for one in findings],
        "seconds": round(time.perf_counter() - began, 3),
    }
    refused = isinstance(state, Refusal)
    if refused:
        body["submit"] = str(state)
    return Answer(body, status in ("accepted", "accepted_with_warnings") and not refused)


def _unit(desk: Desk, code: str | None) -> int:
    with desk.read() as connection:
        keys = units.all_ids(connection)
    allowed = desk.require(Action.UPLOAD)
    said = keys.get(code or "")
    if said is not None and allowed.allows(said):
        return said
    return desk.actor.home or keys[PROVINCE]


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
                "value": None if value.number is None else f"{value.number:f}",
                "text": value.text,
                "measure": spec.measure if spec else None,
            }
        )
    return listed


def described(found: Finding) -> dict[str, Any]:
    """A finding as CLI.md prints it; row and column are codes where the finding knows them."""
    codes = dict(found.values)
    body: dict[str, Any] = plain(found)
    body.pop("values")
    return body | {
        "row": codes.get("row_code", found.row),
        "column": codes.get("column_code", found.column),
        "message": message(found),
        "fix": fix(found),
    }
