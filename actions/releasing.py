"""The check before a compiled report leaves (rà soát trước khi phát hành), asked for when it does (R54, R58)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from actions import tracing
from actions.desk import Change, Desk, NotNow, NotYours, Refusal
from actions.matters import Matters, matters
from actions.reasons import reason_of
from actions.tracing import Report
from registry.store import releases
from registry.store.engine import Connection
from registry.store.releases import NewRelease, Release, ReleaseStep
from registry.workflow.policy import Action

MOST_NOTE = 1000  # characters


@dataclass(frozen=True)
class Check:
    """A compiled version before it leaves: what stands open, what was signed and issued."""

    report: Report
    matters: Matters
    steps: tuple[Release, ...]  # newest first
    may_sign: bool


def look(desk: Desk, version_id: int) -> Check:
    """What stands open of a version now. Raises NotYours."""
    report = tracing.look(desk, version_id)
    with desk.read() as connection:
        return _check(desk, connection, report)


def _check(desk: Desk, connection: Connection, report: Report) -> Check:
    return Check(
        report,
        matters(desk, connection, report),
        tuple(releases.of_version(connection, report.version.id)),
        may_sign=desk.scope(Action.CHECK_RELEASE).allows(report.version.unit_id, report.version.regime),
    )


def sign(desk: Desk, version_id: int, counts: str, note: str = "") -> None:
    """Sign the list as it was seen (``counts`` of the page): who, when, and what stood open stays on record.

    Raises NotYours, Refusal (too long a note), NotNow (something else stands open by now).
    """
    words = _note(note)
    report = tracing.look(desk, version_id)
    with desk.change(Action.CHECK_RELEASE, f"compiled report {version_id} check") as change:
        check = _check(desk, change.connection, report)
        if not check.may_sign:
            raise NotYours
        if counts != seen_as(check.matters):
            raise NotNow("release-changed")
        _put(desk, change, version_id, NewRelease(ReleaseStep.CHECK, check.matters.plain, words))
        change.detail |= {"open": sum(check.matters.counts.values())}


def seen_as(found: Matters) -> str:
    """What stands open in a word, to tell whether it is still what somebody saw."""
    return " ".join(f"{kind}={count}" for kind, count in found.counts.items())


def let_out(
    desk: Desk, change: Change, version_id: int, stood: Mapping[str, Any], document: tuple[str, date], why: str
) -> None:
    """The report left the house as this document (number, day): once, with a check signed that saw what stands open
    now, or why there is none.

    Its figures are public from now on where the catalogue lets them. Raises Refusal.
    """
    steps = releases.of_version(change.connection, version_id)
    if any(one.step is ReleaseStep.ISSUE for one in steps):
        return
    is_checked = any(one.step is ReleaseStep.CHECK and one.stood == stood for one in steps)
    reason = "" if is_checked else reason_of(why, MOST_NOTE)
    _put(desk, change, version_id, NewRelease(ReleaseStep.ISSUE, dict(stood), reason, *document))
    change.detail |= {"reason": reason} if reason else {}


def _put(desk: Desk, change: Change, version_id: int, new: NewRelease) -> None:
    releases.put(change.connection, version_id, new, desk.actor.person_id, desk.moment)


def _note(text: str) -> str:
    words = text.strip()
    if len(words) > MOST_NOTE:
        raise Refusal("reason-too-long", most=MOST_NOTE)
    return words
