"""The clerk's steps: submit for approval (trình duyệt), nil report, withdraw."""

from __future__ import annotations

from collections.abc import Mapping

from actions import sealing, steps
from actions.cases import Situation, situation
from actions.desk import Change, Desk, NotNow, NotYours, Refusal, say
from actions.pieces import is_told
from actions.steps import Given
from actions.waivers import used
from ingest.judge import judge_values
from ingest.model import Case
from registry.catalogue.values import BLANK, CellKey, CellValue
from registry.catalogue.values import State as CellState
from registry.findings import Finding, Severity, is_blocking, message
from registry.store import submissions, uploads, waivers
from registry.store.definitions import Snapshot
from registry.store.openings import Work
from registry.store.submissions import Explanation, NewVersion
from registry.workflow.policy import Action
from workbook_templates.filling import prefilled

_KINDS = {uploads.WORKBOOK: "upload"}  # of the version, where it is not called as the upload's


def submit(
    desk: Desk, upload_id: int, explanations: Mapping[int, str] | None = None, *, keeps_returned: bool = False
) -> int:
    """Put an accepted upload before the unit's leader; the submission's key.

    ``explanations`` holds the clerk's words by the finding's place in the verdict; every warning needs one.
    ``keeps_returned``: that cells the form came back for stay as they were is meant.
    Raises NotYours, NotNow (not judged, rejected, destroyed, already waiting; a division's part), Refusal
    (unexplained; returned cells unchanged), Changed.
    """
    with desk.change(Action.SUBMIT, f"upload {upload_id}") as change:
        upload = uploads.get(change.connection, upload_id)
        if upload is None or upload.kind not in uploads.ANSWERS:
            raise NotYours
        desk.require(Action.SUBMIT, *upload.place)
        verdict = uploads.newest_verdict(change.connection, upload_id) if upload.is_kept else None
        if verdict is None or upload.assignment_id is None or not verdict.can_be_submitted:
            raise NotNow("not-acceptable", number=upload_id)
        work = steps.work_of(desk, change.connection, upload.assignment_id, Action.SUBMIT)
        if upload.is_part:  # also where a clerk answers for unit and division: only the whole is submitted
            raise NotNow("part-alone", number=upload_id)
        steps.needed(work, Action.SUBMIT, desk.moment)
        snapshot = desk.snapshot(change.connection)
        situated = situation(change.connection, snapshot, work)
        if upload.kind != uploads.ASSEMBLED and not is_told(change.connection, snapshot, situated, verdict):
            raise NotNow("verdict-is-old", number=upload_id)
        if not sealing.is_told(change.connection, situated, verdict):
            raise NotNow("verdict-is-old", number=upload_id)
        if (situated.definition_sha, situated.background_sha) != (verdict.definition_sha, verdict.background_sha):
            raise NotNow("verdict-is-old", number=upload_id)
        seal = None if keeps_returned else sealing.seal_of(change.connection, work)
        if seal is not None and (same := seal.unchanged(situated, verdict.values)):
            raise Refusal("returned-unchanged", count=len(same))
        kind = _KINDS.get(upload.kind, upload.kind)
        new = NewVersion(kind, verdict.values, verdict.addresses, upload_id, verdict.id, desk.behalf_id)
        key = _put_before_leader(desk, change, work, new, *_explained(verdict.findings, explanations or {}))
        waivers.use(change.connection, key, used(verdict.findings))
        return work.submission_id


def _explained(findings: tuple[Finding, ...], texts: Mapping[int, str]) -> tuple[list[Explanation], int]:
    """The clerk's words on warnings, and how many have none."""
    told, silent = [], 0
    for place, found in enumerate(findings):
        if found.severity is not Severity.WARNING:
            continue
        text = texts.get(place, "").strip()
        if not text:
            silent += 1
            continue
        keys = dict(found.values)
        line = int(keys["line"]) if "line" in keys else None
        told.append(Explanation(found.code, keys.get("row_code"), keys.get("column_code"), text, line))
    return told, silent


def nil(desk: Desk, assignment_id: int) -> int:
    """Report a whole form as "không phát sinh", without a file; the submission's key (R40).

    Raises NotYours, NotNow (closed, or an error a nil report cannot have), Changed.
    """
    with desk.change(Action.SUBMIT, f"assignment {assignment_id}") as change:
        work = steps.work_of(desk, change.connection, assignment_id, Action.SUBMIT)
        steps.needed(work, Action.SUBMIT, desk.moment)
        snapshot = desk.snapshot(change.connection)
        if not may_be_nil(snapshot, work.regime):
            raise NotNow("nil-not-taken")
        situated = situation(change.connection, snapshot, work)
        values = nil_values(situated)
        seal = sealing.seal_of(change.connection, work)
        if seal is not None and (shut := seal.changed(situated, values)):
            raise NotNow("cells-sealed", count=len(shut))
        verdict = judge_values(values, Case(situated.unit, situated.context, situated.rules, situated.waived))
        if is_blocking(verdict.findings):
            raise NotNow("nil-contradicts", why=message(verdict.findings[0]))
        change.detail["kind"] = "nil"
        new = NewVersion(submissions.NIL, verdict.values, {}, behalf_id=desk.behalf_id)
        words = dict.fromkeys(range(len(verdict.findings)), say("nil-explanation"))
        key = _put_before_leader(desk, change, work, new, *_explained(verdict.findings, words))
        waivers.use(change.connection, key, used(verdict.findings))
        return work.submission_id


def may_be_nil(snapshot: Snapshot, regime: str) -> bool:
    """False where whoever asked wants an answer from everybody."""
    request = snapshot.requests.get(regime)
    return request is None or request.nil


def nil_values(situated: Situation) -> dict[CellKey, CellValue]:
    """Every input "không phát sinh", except those about an earlier period, which keep the figure known."""
    known = prefilled(situated.context)
    return {
        key: known.get(key, BLANK) if spec.shift else CellValue(CellState.NIL)
        for key, spec in situated.view.inputs.items()
    }


def _put_before_leader(
    desk: Desk, change: Change, work: Work, new: NewVersion, told: list[Explanation], unexplained: int
) -> int:
    n, key = submissions.number_of(change.connection, work.submission_id, new)
    steps.take(desk, change, work, Action.SUBMIT, Given(unexplained=unexplained), version=n)
    if key is None:
        key = submissions.add_version(change.connection, work.submission_id, n, new, desk.actor.person_id, desk.moment)
    submissions.explain(change.connection, key, told, desk.actor.person_id)
    change.detail["upload"] = new.upload_id
    return key


def withdraw(desk: Desk, assignment_id: int) -> None:
    """Take a submission back before the leader has decided (thu hồi). Raises NotYours, NotNow, Changed."""
    with desk.change(Action.WITHDRAW, f"assignment {assignment_id}") as change:
        work = steps.work_of(desk, change.connection, assignment_id, Action.WITHDRAW)
        steps.take(desk, change, work, Action.WITHDRAW)
