"""One form of one unit in one period: how it came to be, what it holds, and the decision on it."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from actions import (
    bases,
    comparing,
    correct,
    decide,
    entry,
    instants,
    reports,
    ripples,
    sealing,
    steps,
    submit,
    text_checks,
)
from actions.attainments import has_plans
from actions.behalf import at_assignment, at_report
from actions.cases import situation
from actions.desk import Changed, Desk, NotNow, NotYours
from actions.experience import confided
from actions.instants import lead_of
from actions.personal import sight_of
from registry.catalogue.values import CellKey
from registry.findings import fix, message
from registry.store import (
    amendments,
    behalf,
    checkpoints,
    letters,
    openings,
    receipts,
    reopenings,
    submissions,
    uploads,
)
from registry.store import approvals as standing_approvals
from registry.store import reports as stored
from registry.store import returned as returned_cells
from registry.store.openings import Work
from registry.store.submissions import Version
from registry.store.uploads import Upload
from registry.workflow.policy import Action
from registry.workflow.report import ReportStep, report_step
from registry.workflow.submission import State
from webui import standing
from webui.boxes import named
from webui.cell_names import Named
from webui.cell_names import named as named_cells
from webui.clusters import EXPLAIN, groups_of
from webui.explaining import by_place
from webui.lists import lists_of
from webui.pages.reviewing import reviewers_of
from webui.permission import page
from webui.table import Remarks, marks_of, open_findings, table_of
from webui.typed import as_number
from webui.visitor import desk
from webui.wording import say

blueprint = Blueprint("submissions", __name__)

_APPROVALS = (Action.APPROVE, Action.TAKE_BACK)


@blueprint.get("/viec/<int:assignment_id>")
@page(Action.SEE_SUBMISSION, reads="assignment {assignment_id}")
def one(assignment_id: int) -> str:
    """The whole story of a form."""
    at = at_assignment(desk(), assignment_id)
    allowed = at.scope(Action.SEE_SUBMISSION)
    with at.read() as connection:
        works = openings.work(connection, allowed, assignment_id=assignment_id)
        if not works:
            raise NotYours
        work = works[0]
        snapshot = at.snapshot(connection)
        situated = situation(connection, snapshot, work)
        versions = submissions.versions(connection, work.submission_id)
        events = submissions.events(connection, work.submission_id)
        approvals = receipts.approvals(connection, work.submission_id)
        signed = {moment: checkpoints.over(connection, entry.seq) for moment, entry in approvals.items()}
        sent = uploads.recent(connection, at.scope(Action.SEE_UPLOAD), assignment_id=assignment_id)
        report = stored.find(connection, allowed, work.opening_id, work.unit_id)
        is_open_report = report is not None and reports.is_open(at, connection, report)
        of_report = at_report(desk(), work.opening_id, work.unit_id)
        siblings = openings.work(
            connection, of_report.scope(Action.SEE_SUBMISSION), opening_id=work.opening_id, unit_id=work.unit_id
        ) or [work]
        asked = reopenings.of_assignment(connection, assignment_id)
        amended = amendments.of_assignment(connection, assignment_id)
        uses = stored.uses(connection, work.submission_id)
        counted_id = standing_approvals.last(connection, work.submission_id)
        document = behalf.newest(connection, assignment_id)
        entered = behalf.of_versions(connection, [one.id for one in versions]) if document else {}
        planned = has_plans(connection, snapshot, work.form_definition_id, situated.period)
        letter = letters.of(connection, [work.regime]).get(work.regime)
        newest = versions[0] if versions else None
        told = submissions.explanations(connection, [newest.id]).get(newest.id, []) if newest else []
        verdict = uploads.get_verdict(connection, newest.verdict_id) if newest and newest.verdict_id else None
        source = uploads.get(connection, newest.upload_id) if newest and newest.upload_id else None
        corrections = correct.origin(at, connection, source).corrections if source else ()
        seen = sight_of(at, snapshot, situated.view.form, work.unit_id)
        reviews = reviewers_of(connection, snapshot, situated)
        open_cells = sealing.opened(connection, [work]).get(work.assignment_id)
        said = returned_cells.remarks(connection, work.submission_id)
        cells_of = returned_cells.of_events(connection, [event.id for event in events])
        compared = comparing.compare(connection, situated)
        may_take_back = decide.may_take_back(at, connection, work)
        touched = ripples.NOTHING
        if newest is not None and work.state is State.PENDING:
            touched = ripples.of_earlier_months(connection, snapshot, situated, newest)
        told_to_us = confided(at, connection, snapshot, situated, newest.values) if newest else ()
    by_text = text_checks.remarks(of_report, report) if report and work.state is State.PENDING else ()
    findings = open_findings(verdict.findings, verdict.addresses, seen) if verdict else ()
    values = seen.values(newest.values) if newest else {}
    corrections = correct.visible(corrections, seen)
    is_open = steps.may(at, work, Action.UPLOAD)
    remarked = {one.key for one in said} | (open_cells.cells.keys() if open_cells else set())
    remarks = Remarks(
        marks_of(findings, newest.addresses if newest else {}),
        corrected=correct.first_texts(corrections),
        said={key for key in remarked if not seen.hides(key)},
    )

    def called(cells: Mapping[CellKey, str]) -> tuple[Named, ...]:
        view = situated.view
        shown = {key: text for key, text in cells.items() if not seen.hides(key)}
        return named_cells(view.form, view.row_set.audience, shown)

    return render_template(
        "submission.html",
        work=work,
        situated=situated,
        state=standing.of_submission(work.state),
        deadline=standing.of_deadline(work, at.moment, snapshot.calendar),
        late_for_closing=standing.after_closing() if work.came_after_closing else None,
        locked_by=lead_of(snapshot, work.regime) if work.is_locked else "",
        newest=newest,
        versions=versions,
        events=events,
        changed=len(compared.changed) if compared and (compared.approved_n or compared.before) else None,
        open_cells=called(open_cells.cells) if open_cells else (),
        returned_n=open_cells.n if open_cells else 0,
        said=[(one, called({one.key: one.text})) for one in said],
        cells_of={event: called(cells) for event, cells in cells_of.items()},
        uploads=[(each.upload, standing.of_upload(each.upload, each.status)) for each in sent],
        table=table_of(situated, values, remarks) if newest and situated.view.cells else None,
        lists=lists_of(situated, values, remarks) if newest else (),
        corrections=named(situated.view, values, corrections) if newest else (),
        approvals=approvals,
        signed=signed,
        warnings=next((group for group in groups_of(findings) if group.name == EXPLAIN), None),
        told=by_place(findings, told),
        confided=[(message(one), fix(one)) for one in told_to_us],
        text_remarks=sum(one.finding.sheet == work.form for one in by_text),
        finding_badge=standing.of_finding,
        reviews=reviews,
        report=report,
        report_badge=standing.of_report(report) if report else None,
        siblings=siblings,
        document=document,
        behalf=entered.get(newest.id) if newest else None,
        entered=entered,
        instead=at.stands_in is not None,
        can=_steps(at, work)
        | ({"send": True} if of_report.stands_in else {})
        | ({"approve": False, "return": False} if _is_for_the_lead(at, newest) else {})
        | {"take_back": may_take_back}
        | {"reopen": decide.may_reopen(at, snapshot, work), "remark": decide.may_remark(at, snapshot, work)}
        | {"type": is_open and entry.fits(situated.view)}
        | {"correct": _is_correctable(source) and is_open}
        | ({} if submit.may_be_nil(snapshot, work.regime) and not open_cells else {"nil": False}),
        without_code=any(each.code == "identity-without-token" for each in findings),
        asked=asked[0] if asked else None,
        amended=amended,
        touched=touched,
        no_base=bases.why_blank(situated),
        may_amend=work.is_locked and work.state is State.APPROVED and instants.may_run(at, snapshot, work.regime),
        approved_versions={event.n for event in events if event.action == Action.APPROVE},
        is_provisional=counted_id is not None and work.state is not State.APPROVED,
        counted_id=counted_id,
        uses=uses,
        units=snapshot.units_by_id,
        behind=snapshot.requests.get(work.regime),
        letter=letter,
        has_plans=planned,
        closes_report=_closes(work, siblings)
        and report is not None
        and is_open_report
        and report_step(report.state, ReportStep.SEND) is not None,
        approved=next((event for event in reversed(events) if event.action in _APPROVALS), None),
        returned=next((event for event in reversed(events) if event.reason), None),
        receipt=next((event for event in reversed(events) if event.action == Action.SUBMIT), None),
    )


def _steps(at: Desk, work: Work) -> dict[str, bool]:
    """What this person can do with the form now."""

    def allows(action: Action) -> bool:
        return at.scope(action).allows(work.unit_id, work.regime, work.form)

    return {
        "template": work.is_open_at(at.moment) and allows(Action.DOWNLOAD_TEMPLATE),
        "upload": steps.may(at, work, Action.UPLOAD),
        "nil": steps.may(at, work, Action.SUBMIT),
        "withdraw": steps.may(at, work, Action.WITHDRAW),
        "approve": steps.may(at, work, Action.APPROVE),
        "return": steps.may(at, work, Action.RETURN),
        "ask_reopen": steps.is_possible(work, Action.REOPEN, at.moment)
        and at.scope(Action.ASK_REOPEN).allows(work.unit_id, work.regime, work.form),
        "send": allows(Action.SEND_REPORT),
        "see_upload": allows(Action.SEE_UPLOAD),
        "enter_instead": allows(Action.ENTER_FOR_ABSENT) and steps.is_possible(work, Action.UPLOAD, at.moment),
    }


def _is_for_the_lead(at: Desk, newest: Version | None) -> bool:
    """True where the unit's own leader has nothing to decide: its figures were entered on its behalf."""
    decides = at.stands_in is not None and Action.APPROVE in at.stands_in.actions
    return newest is not None and newest.behalf_id is not None and not decides


def _is_correctable(source: Upload | None) -> bool:
    """True for a file whose content is there; what was typed on the page is typed again."""
    return source is not None and source.is_kept and source.kind != uploads.BROWSER


def _closes(work: Work, siblings: list[Work]) -> bool:
    """True when every other form of the report is approved: approving this one completes it."""
    others = [each for each in siblings if each.assignment_id != work.assignment_id]
    return all(each.state is State.APPROVED for each in others)


def _to(assignment_id: int) -> Response:
    return redirect(url_for("submissions.one", assignment_id=assignment_id))


@blueprint.post("/viec/<int:assignment_id>/khong-phat-sinh")
@page(Action.SUBMIT, also=Action.ENTER_ON_BEHALF)
def nil(assignment_id: int) -> Response:
    """The whole form "không phát sinh", without a file."""
    submit.nil(at_assignment(desk(), assignment_id), assignment_id)
    flash(say("submission.nil-done"), "success")
    return _to(assignment_id)


@blueprint.post("/viec/<int:assignment_id>/thu-hoi")
@page(Action.WITHDRAW, also=Action.ENTER_ON_BEHALF)
def withdraw(assignment_id: int) -> Response:
    """Back from the leader."""
    submit.withdraw(at_assignment(desk(), assignment_id), assignment_id)
    flash(say("submission.withdrawn"), "success")
    return _to(assignment_id)


@blueprint.post("/viec/<int:assignment_id>/duyet")
@page(Action.APPROVE)
def approve(assignment_id: int) -> Response:
    """Approve the version seen, and with the box ticked send the report as it was seen."""
    at = at_assignment(desk(), assignment_id)
    left_out = decide.approve(at, assignment_id, request.form.get("version", 0, type=as_number))
    flash(say("submission.approved"), "success")
    if left_out:
        flash(say("submission.left-out", count=left_out), "warning")
    if request.form.get("send"):
        _send_too(at, assignment_id)
    return _to(assignment_id)


def _send_too(at: Desk, assignment_id: int) -> None:
    with at.read() as connection:
        work = openings.work(connection, at.scope(Action.SEE_SUBMISSION), assignment_id=assignment_id)[0]
    try:
        seen = request.form.get("lock", -1, type=as_number)
        reports.send(at_report(desk(), work.opening_id, work.unit_id), work.opening_id, work.unit_id, seen)
    except (NotNow, Changed) as refusal:
        flash(str(refusal), "warning")
    else:
        flash(say("report.was-sent"), "success")


@blueprint.post("/viec/<int:assignment_id>/tra-lai")
@page(Action.RETURN)
def send_back(assignment_id: int) -> Response:
    """Not approved, with the reason."""
    version = request.form.get("version", 0, type=as_number)
    decide.send_back(at_assignment(desk(), assignment_id), assignment_id, version, request.form.get("reason", ""))
    flash(say("submission.sent-back"), "success")
    return _to(assignment_id)


@blueprint.post("/viec/<int:assignment_id>/thu-hoi-duyet")
@page(Action.TAKE_BACK, also=Action.APPROVE_ON_BEHALF)
def take_back(assignment_id: int) -> Response:
    """The approval was a mistake: back before the leader."""
    version = request.form.get("version", 0, type=as_number)
    decide.take_back(at_assignment(desk(), assignment_id), assignment_id, version, request.form.get("reason", ""))
    flash(say("submission.taken-back"), "success")
    return _to(assignment_id)


@blueprint.post("/viec/<int:assignment_id>/mo-lai")
@page(Action.REOPEN)
def reopen(assignment_id: int) -> Response:
    """Let the unit correct what is approved."""
    version = request.form.get("version", 0, type=as_number)
    decide.reopen(desk(), assignment_id, request.form.get("reason", ""), version=version)
    flash(say("submission.reopened"), "success")
    return _to(assignment_id)
