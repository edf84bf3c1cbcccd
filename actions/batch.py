"""Deciding several forms at once: all that wait in a period, or those a leader has ticked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from actions import steps
from actions.decide import approve, send_back
from actions.desk import Desk, Refusal
from actions.naming import unit_ids
from actions.reports import send
from registry.catalogue.model import Unit
from registry.findings import Finding, Severity
from registry.store import openings, submissions, uploads
from registry.store.engine import Connection
from registry.store.openings import Work
from registry.store.submissions import Version
from registry.workflow.policy import Action
from registry.workflow.submission import State


@dataclass(frozen=True)
class Waiting:
    """A form before its leader; ``warnings`` were found in it and explained."""

    work: Work
    newest: Version
    warnings: int

    @property
    def may_be_ticked(self) -> bool:
        """True where it can be approved among others: nothing in it wants reading first."""
        return not self.warnings and self.newest.behalf_id is None


def queue(desk: Desk, connection: Connection) -> list[Work]:
    """The forms that wait for the actor's approval, by deadline."""
    scoped = openings.all_work(connection, desk.scope(Action.APPROVE))
    return sorted((one for one in scoped if steps.may(desk, one, Action.APPROVE)), key=lambda one: one.due_at)


def waiting(desk: Desk, connection: Connection) -> list[Waiting]:
    """The same with what their leader would look at first."""
    works = queue(desk, connection)
    newest = submissions.newest_of(connection, [one.submission_id for one in works]) if works else {}
    verdicts = {one.verdict_id for one in newest.values() if one.verdict_id is not None}
    findings = uploads.findings_of(connection, verdicts) if verdicts else {}
    return [
        Waiting(work, version, _warnings(findings.get(version.verdict_id or 0, ())))
        for work in works
        if (version := newest.get(work.submission_id))
    ]


def _warnings(findings: Iterable[Finding]) -> int:
    return sum(one.severity is Severity.WARNING for one in findings)


@dataclass(frozen=True)
class Outcome:
    """What became of a form that was ticked; ``refused`` says why it was not approved."""

    work: Work
    refused: str | None
    left_out: int = 0  # figures of a locked year


def approve_seen(desk: Desk, seen: Mapping[int, int]) -> list[Outcome]:
    """Approve forms in the versions their leader saw, by assignment; each by itself, and those that changed since, or
    hold warnings, are not. What is not the actor's is left out.
    """
    with desk.read() as connection:
        held = {one.work.assignment_id: one for one in waiting(desk, connection)}
        works = [one for one in openings.work(connection, desk.require(Action.APPROVE)) if one.assignment_id in seen]
    outcomes = []
    for work in works:
        known = held.get(work.assignment_id)
        if known is not None and not known.may_be_ticked:
            outcomes.append(Outcome(work, str(Refusal("to-be-read-first"))))
            continue
        outcomes.append(_approved(desk, work, seen[work.assignment_id]))
    return outcomes


def _approved(desk: Desk, work: Work, version: int) -> Outcome:
    try:
        return Outcome(work, None, approve(desk, work.assignment_id, version))
    except Refusal as refusal:
        return Outcome(work, str(refusal))


def decide_all(
    desk: Desk, regime: str, period: str, units: Sequence[str], reason: str | None, *, send_reports: bool
) -> list[dict[str, Any]]:
    """Approve (or with ``reason`` return) every pending form in the actor's scope; one row each.

    Why something was not done stands in the row's ``refused``, and the others are done all the same; a unit asked
    for where nothing waits has a row without a form.
    Raises Refusal when nothing waits, or a unit is unknown.
    """
    action = Action.APPROVE if reason is None else Action.RETURN
    with desk.read() as connection:
        snapshot = desk.snapshot(connection)
        wanted = unit_ids(snapshot, units)
        works = [
            work
            for work in openings.work(connection, desk.require(action), regime=regime, period_code=period)
            if work.state is State.PENDING and (not wanted or work.unit_id in wanted)
        ]
    if not works:
        raise Refusal("nothing-waits")
    refused = [_refusal(partial(_decide, desk, work, reason)) for work in works]
    states = [_state(reason) if why is None else work.state for work, why in zip(works, refused, strict=True)]
    if reason is None and send_reports:
        for reported in sorted({(work.opening_id, work.unit_id) for work in works}):
            why_not = _refusal(partial(send, desk, *reported))
            for at, work in enumerate(works):
                if (work.opening_id, work.unit_id) == reported:
                    refused[at] = refused[at] or why_not
    idle = wanted - {work.unit_id for work in works}
    return [
        *(
            _row(snapshot.units_by_id[work.unit_id], work.form, work.version, state, why)
            for work, state, why in zip(works, states, refused, strict=True)
        ),
        *(_row(snapshot.units_by_id[one], None, None, None, str(Refusal("nothing-waits"))) for one in sorted(idle)),
    ]


def _row(unit: Unit, form: str | None, version: int | None, state: State | None, why: str | None) -> dict[str, Any]:
    return {"unit": unit.code, "form": form, "version": version, "state": state, "refused": why}


def _state(reason: str | None) -> State:
    return State.APPROVED if reason is None else State.RETURNED


def _decide(desk: Desk, work: Work, reason: str | None) -> None:
    if reason is None:
        approve(desk, work.assignment_id, work.version)
    else:
        send_back(desk, work.assignment_id, work.version, reason)


def _refusal(act: Callable[[], object]) -> str | None:
    """Do it; why not, when it was refused."""
    try:
        act()
    except Refusal as refusal:
        return str(refusal)
    return None
