"""The check before a compiled report leaves (rà soát trước khi phát hành), and its issue (R54, R58)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from actions import tracing
from actions.desk import Change, Desk, NotNow, NotYours, Refusal
from actions.matters import Matters, matters
from actions.reasons import reason_of
from actions.tracing import Report
from registry.store import releases
from registry.store.engine import Connection, take_turns
from registry.store.releases import NewRelease, Release, ReleaseStep
from registry.workflow.policy import Action

MOST_NUMBER, MOST_NOTE = 100, 1000  # characters


@dataclass(frozen=True)
class Check:
    """A compiled version before it leaves: what stands open, what was signed and issued."""

    report: Report
    matters: Matters
    steps: tuple[Release, ...]  # newest first
    may_sign: bool
    may_issue: bool

    @property
    def is_checked(self) -> bool:
        """True when somebody signed what stood open of this version."""
        return any(one.step is ReleaseStep.CHECK for one in self.steps)

    @property
    def issue(self) -> Release | None:
        """Its issue."""
        return next((one for one in self.steps if one.step is ReleaseStep.ISSUE), None)


def look(desk: Desk, version_id: int) -> Check:
    """What stands open of a version now. Raises NotYours."""
    report = tracing.look(desk, version_id)
    with desk.read() as connection:
        return _check(desk, connection, report)


def _check(desk: Desk, connection: Connection, report: Report) -> Check:
    place = (report.version.unit_id, report.version.regime)
    return Check(
        report,
        matters(desk, connection, report),
        tuple(releases.of_version(connection, report.version.id)),
        may_sign=desk.scope(Action.CHECK_RELEASE).allows(*place),
        may_issue=desk.scope(Action.ISSUE_REPORT).allows(*place),
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


def issue(desk: Desk, version_id: int, number: str, dated: date | None, why_unchecked: str = "") -> None:
    """The report was issued under this number: its figures are public now where the catalogue lets them.

    Raises NotYours, Refusal (no number or day, one to come; nobody signed the check and no reason is given), NotNow
    (issued before).
    """
    number = number.strip()
    report = tracing.look(desk, version_id)
    with desk.change(Action.ISSUE_REPORT, f"compiled report {version_id} issue") as change:
        take_turns(change.connection, f"release of {version_id}")
        check = _check(desk, change.connection, report)
        if not check.may_issue:
            raise NotYours
        if check.issue is not None:
            raise NotNow("release-issued", number=check.issue.number)
        if not any(one.isdigit() for one in number) or len(number) > MOST_NUMBER:
            raise Refusal("paper-number", most=MOST_NUMBER)
        if dated is None or dated > desk.day:
            raise Refusal("paper-dated")
        reason = "" if check.is_checked else reason_of(why_unchecked, MOST_NOTE)
        new = NewRelease(ReleaseStep.ISSUE, check.matters.plain, reason, number, dated)
        _put(desk, change, version_id, new)
        change.detail |= {"document": number, "document date": dated} | ({"reason": reason} if reason else {})


def _put(desk: Desk, change: Change, version_id: int, new: NewRelease) -> None:
    releases.put(change.connection, version_id, new, desk.actor.person_id, desk.moment)


def _note(text: str) -> str:
    words = text.strip()
    if len(words) > MOST_NOTE:
        raise Refusal("reason-too-long", most=MOST_NOTE)
    return words
