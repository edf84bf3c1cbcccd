"""A unit's report: its narrative, and sending it; the files of the compiled one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, cast

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from actions import downloads, draft_prints, outlines, own_reports, papers, reports, text_checks
from actions.behalf import at_report
from actions.desk import Desk, NotYours, Refusal
from actions.letters import Enclosed
from compile.foot import version_code
from ingest.word.changes import how
from registry.findings import Severity, fix, message
from registry.store import openings, report_versions
from registry.store import papers as stored_papers
from registry.store import reports as stored
from registry.store.definitions import Snapshot
from registry.store.openings import Work
from registry.store.papers import NewPaper
from registry.store.reports import Decision, Event, Report
from registry.workflow.policy import Action
from registry.workflow.report import ReportStep, report_step
from registry.workflow.submission import State
from vietnamese.convert import Reason
from webui import standing
from webui.file_names import arrived_as, handed_back_as
from webui.filled import day_of
from webui.makings import said_of
from webui.mishaps import NoFile
from webui.pages.letters import chosen_letter, mimetype_of
from webui.pages.templates import DOCX, XLSX
from webui.permission import page
from webui.typed import as_number
from webui.visitor import desk
from webui.wording import say

blueprint = Blueprint("reports", __name__)

_MOST_LISTED = 300  # paragraphs
_THEIRS = {
    Action.ATTACH_NARRATIVE: (ReportStep.ATTACH, ReportStep.FORWARD, ReportStep.WITHDRAW),
    Action.SEND_REPORT: (ReportStep.APPROVE, ReportStep.RETURN, ReportStep.SEND),
}
TYPES = {"xlsx": XLSX, "docx": DOCX, "pdf": "application/pdf"}


@blueprint.get("/bao-cao-don-vi/<int:opening_id>/<int:unit_id>")
@page(Action.SEE_SUBMISSION, reads="opening {opening_id} unit {unit_id}")
def one(opening_id: int, unit_id: int) -> str:
    """How far a unit's report is: its text, its forms, who took it, every step."""
    at = at_report(desk(), opening_id, unit_id)
    report = _report(at, opening_id, unit_id)
    with at.read() as connection:
        snapshot = at.snapshot(connection)
        allowed = at.scope(Action.SEE_SUBMISSION)
        works = openings.work(connection, allowed, opening_id=opening_id, unit_id=unit_id)
        taken = [each for each in stored.receptions(connection, opening_id) if each.report_id == report.id]
        recorded = stored_papers.of_report(connection, report.id)
        signers = papers.signers(at, connection, report)
        is_open = reports.is_open(at, connection, report)
        stands = own_reports.standing(at, connection, opening_id, unit_id)
        printed = draft_prints.newest(connection, stands) if stands else None
        sent = report_versions.of_report(connection, report.id)
        story = _story(snapshot, stored.events(connection, report.id), stored.decisions(connection, report.id))
    remarked = [one.finding for one in text_checks.remarks(at, report)]
    return render_template(
        "report.html",
        remarks=[(standing.of_finding(one), message(one), fix(one), one.sheet) for one in remarked],
        assignments={each.form: each.assignment_id for each in works},
        report=report,
        unit=snapshot.units_by_id[unit_id],
        regime=snapshot.regimes[report.regime],
        badge=standing.of_report(report, taken),
        works=[(each, standing.of_submission(each.state)) for each in works],
        receptions=[
            (snapshot.units_by_id[each.receiver_id], each, standing.of_reception(each.state)) for each in taken
        ],
        story=story,
        papers=recorded,
        signers=signers,
        today=at.day,
        stands=stands,
        code=version_code(stands.inputs_sha) if stands else "",
        printed=printed,
        said=said_of(printed),
        prints=at.instance.office.is_there,
        versions=[(each, version_code(each.inputs_sha)) for each in sent],
        can=_steps(at, report, works) if is_open else {},
    )


@dataclass(frozen=True)
class Told:
    """One step of a report's story."""

    words: str
    n: int
    by_name: str
    at: datetime
    reason: str | None
    lender: str | None = None


def _story(snapshot: Snapshot, events: Sequence[Event], decisions: Sequence[Decision]) -> list[Told]:
    """What was done with a report and what each receiver decided, newest first; who sent it back is named once."""
    steps = [
        Told(say(f"report.event.{one.step}"), one.n, one.by_name, one.at, one.reason, one.lender)
        for one in events
        if one.step is not ReportStep.SEND_BACK
    ]
    taken = [
        Told(
            f"{snapshot.units_by_id[one.receiver_id].name}: {say(f'reception.{one.state}')}",
            one.n,
            one.by_name,
            one.at,
            one.reason,
        )
        for one in decisions
    ]
    return sorted([*taken, *steps], key=lambda one: one.at, reverse=True)


def _steps(at: Desk, report: Report, works: Sequence[Work]) -> dict[str, bool]:
    """What this person can do with the report now."""
    can = {
        step.value: report_step(report.state, step) is not None and at.scope(who).allows(report.unit_id, report.regime)
        for who, steps in _THEIRS.items()
        for step in steps
    }
    return can | {
        "forward": can["forward"] and report.narrative_upload_id is not None,
        "send": can["send"] and all(each.state is State.APPROVED for each in works),
    }


@blueprint.post("/bao-cao-don-vi/<int:opening_id>/<int:unit_id>/trinh-duyet")
@page(Action.ATTACH_NARRATIVE)
def forward(opening_id: int, unit_id: int) -> Response:
    """Before the leader, or back from him."""
    if request.form.get("do") == "withdraw":
        reports.withdraw(desk(), opening_id, unit_id)
        flash(say("report.withdrawn"), "success")
    else:
        reports.forward(desk(), opening_id, unit_id)
        flash(say("report.forwarded"), "success")
    return _to(opening_id, unit_id)


@blueprint.post("/bao-cao-don-vi/<int:opening_id>/<int:unit_id>/duyet")
@page(Action.SEND_REPORT)
def decide(opening_id: int, unit_id: int) -> Response:
    """The leader approves the text he saw, or gives it back with the reason."""
    at, seen = desk(), request.form.get("lock", -1, type=as_number)
    if request.form.get("do") == "return":
        reports.give_back(at, opening_id, unit_id, seen, request.form.get("reason", ""))
        flash(say("report.given-back"), "success")
    else:
        reports.approve(at, opening_id, unit_id, seen)
        flash(say("report.was-approved"), "success")
    return _to(opening_id, unit_id)


def _to(opening_id: int, unit_id: int) -> Response:
    return redirect(url_for("reports.one", opening_id=opening_id, unit_id=unit_id))


@blueprint.post("/bao-cao-don-vi/<int:opening_id>/<int:unit_id>/thuyet-minh")
@page(Action.ATTACH_NARRATIVE)
def attach(opening_id: int, unit_id: int) -> Response:
    """Put a narrative into the report's slot."""
    file = request.files.get("thuyet_minh")
    if file is None or not file.filename:
        raise NoFile
    name = arrived_as(file)
    at = desk()
    reports.attach_narrative(at, opening_id, unit_id, cast(BinaryIO, file.stream), name)
    flash(say("report.attached", name=name), "success")
    for one in reports.conversion(at, opening_id, unit_id).findings:
        flash(f"{message(one)} {fix(one)}", "warning" if one.severity is Severity.WARNING else "info")
    blank = outlines.unwritten(at, opening_id, unit_id)
    if blank:
        flash(say("report.unwritten", headings="; ".join(blank)), "warning")
    remarked = text_checks.remarks(at, _report(at, opening_id, unit_id))
    if remarked:
        flash(say("report.remarked", n=len(remarked)), "warning")
        return _to(opening_id, unit_id)
    return redirect(url_for("work.home"))


@blueprint.get("/bao-cao-don-vi/<int:opening_id>/<int:unit_id>/thuyet-minh/chuyen-ma")
@page(Action.SEE_SUBMISSION, reads="opening {opening_id} unit {unit_id}")
def conversion(opening_id: int, unit_id: int) -> str:
    """Every paragraph of a narrative that was converted to Unicode, before and after."""
    made = reports.conversion(desk(), opening_id, unit_id)
    listed = [(one, how(one), one.reason == Reason.DOUBTFUL) for one in made.changes[:_MOST_LISTED]]
    return render_template("conversion.html", made=made, listed=listed, more=len(made.changes) - len(listed))


@blueprint.get("/bao-cao-don-vi/<int:opening_id>/<int:unit_id>/thuyet-minh/unicode")
@page(Action.SEE_SUBMISSION)
def in_unicode(opening_id: int, unit_id: int) -> Response:
    """A narrative as it is compiled: its Unicode copy, where it was not Unicode itself."""
    at = desk()
    report = _report(at, opening_id, unit_id)
    return _handed_out(at, report, report.readable_sha, "-unicode" if report.unicode_sha else "")


@blueprint.get("/bao-cao-don-vi/<int:opening_id>/<int:unit_id>/thuyet-minh")
@page(Action.SEE_SUBMISSION)
def narrative(opening_id: int, unit_id: int) -> Response:
    """The narrative as it came."""
    at = desk()
    report = _report(at, opening_id, unit_id)
    return _handed_out(at, report, report.narrative_sha)


def _report(at: Desk, opening_id: int, unit_id: int) -> Report:
    with at.read() as connection:
        report = stored.find(connection, at.require(Action.SEE_SUBMISSION, unit_id), opening_id, unit_id)
    if report is None:
        raise NotYours
    return report


def _handed_out(at: Desk, report: Report, sha: str | None, suffix: str = "") -> Response:
    if sha is None:
        raise NotYours
    stream = at.instance.files.open(sha)
    downloads.record(at, f"narrative of opening {report.opening_id} unit {report.unit_id}", sha)
    stem, dot, extension = handed_back_as(report.narrative_name, "thuyet-minh.docx").rpartition(".")
    return send_file(
        stream, mimetype=DOCX, as_attachment=True, download_name=f"{stem}{suffix}{dot}{extension}", max_age=0
    )


@blueprint.post("/bao-cao-don-vi/<int:opening_id>/<int:unit_id>/gui")
@page(Action.SEND_REPORT)
def send(opening_id: int, unit_id: int) -> Response:
    """Approve the report as it was seen and send it to its receivers."""
    seen = request.form.get("lock", -1, type=as_number)
    reports.send(at_report(desk(), opening_id, unit_id), opening_id, unit_id, seen)
    flash(say("report.was-sent"), "success")
    return redirect(url_for("work.home"))


@blueprint.post("/bao-cao-don-vi/<int:opening_id>/<int:unit_id>/van-ban")
@page(Action.ATTACH_NARRATIVE)
def record_paper(opening_id: int, unit_id: int) -> Response:
    """What the signed document bears, and its scan."""
    at = desk()
    signed = request.form.get("ban", None, type=as_number)
    papers.record(at, opening_id, unit_id, *record_told(at, Action.ATTACH_NARRATIVE), n=signed)
    flash(say("report.paper-recorded"), "success")
    return _to(opening_id, unit_id)


def record_told(at: Desk, action: Action) -> tuple[NewPaper, Enclosed | None]:
    """What the form tells of a signed document. Raises Refusal."""
    dated = day_of("dated")
    if dated is None:
        raise Refusal("bad-day")
    number, recipients = request.form.get("number", "").strip(), request.form.get("recipients", "").strip()
    new = NewPaper(number, dated, request.form.get("capacity", 0, type=as_number), recipients)
    return new, chosen_letter(at, action)


@blueprint.get("/bao-cao-don-vi/<int:opening_id>/<int:unit_id>/van-ban/<int:paper_id>")
@page(Action.SEE_SUBMISSION)
def paper(opening_id: int, unit_id: int, paper_id: int) -> Response:
    """The scan of a signed document."""
    found, stream = papers.fetch(desk(), opening_id, unit_id, paper_id)
    name = found.file_name or ""
    return send_file(stream, mimetype=mimetype_of(name), as_attachment=True, download_name=name, max_age=0)
