"""A unit's own report as a document to be signed and filed: a draft of what stands now, or a version as it was sent."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from actions import downloads
from actions.capacities import signatures
from actions.cases import view_of, window_of
from actions.desk import Desk, NotYours
from actions.outlines import order_for
from compile.file_names import report_name
from compile.narratives import UnreadableNarrative, read_story
from compile.own_report import OwnReport, build
from compile.own_tables import OwnForm
from compile.story import Story
from registry.rules.background import Background
from registry.rules.context import Context
from registry.store import openings, report_versions, reports, submissions, unicode_copies, uploads
from registry.store.codec import sha
from registry.store.engine import Connection, take_turns
from registry.store.files import Destroyed
from registry.store.openings import Work
from registry.store.report_versions import ReportVersion
from registry.store.reports import CompiledFile
from registry.store.submissions import Version
from registry.workflow.personal import sight_of_all
from registry.workflow.policy import EVERYWHERE, Action
from registry.workflow.report import ReportState
from registry.workflow.submission import State
from workbook_templates.official.letterhead import Signature

DOCX = "docx"
_SETTLED = (ReportState.APPROVED, ReportState.SENT)


@dataclass(frozen=True)
class Basis:
    """What a document of a unit's report rests on."""

    works: Sequence[Work]
    versions: Sequence[Version]
    narrative_name: str
    narrative_sha: str | None  # as it is read
    inputs_sha: str
    n: int  # the version of the report it is, or would be
    is_draft: bool
    signature: Signature | None
    at: datetime

    @property
    def on(self) -> str:
        """How the audit log names the report."""
        return f"opening {self.works[0].opening_id} unit {self.works[0].unit_id}"

    @property
    def key(self) -> str:
        """Told apart from every other document of the report: of other figures, another text, another signer."""
        return f"{self.on} {sha([self.inputs_sha, self.is_draft, self.n, self.signature])[:16]}"


@dataclass(frozen=True, slots=True)
class Drawn:
    """A document of a unit's report."""

    name: str
    data: bytes


def basis(desk: Desk, connection: Connection, opening_id: int, unit_id: int) -> Basis:
    """What `standing` tells. Raises NotYours where it tells nothing."""
    found = standing(desk, connection, opening_id, unit_id)
    if found is None:
        raise NotYours
    return found


def standing(desk: Desk, connection: Connection, opening_id: int, unit_id: int) -> Basis | None:
    """What stands now: the newest figures handed in and the text attached; None where nothing was asked, or one of its
    forms is not the actor's to see.

    A draft until the text is approved and every form is; its code is that of the version that will be sent.
    """
    allowed = desk.scope(Action.SEE_SUBMISSION)
    report = reports.find(connection, allowed, opening_id, unit_id)
    works = openings.work(connection, EVERYWHERE, opening_id=opening_id, unit_id=unit_id)
    if report is None or not works or not all(allowed.allows(unit_id, work.regime, work.form) for work in works):
        return None
    newest = submissions.newest_of(connection, [work.submission_id for work in works])
    versions = [newest[work.submission_id] for work in works if work.submission_id in newest]
    return Basis(
        works,
        versions,
        report.narrative_name or "",
        report.readable_sha,
        sha([[one.id for one in versions], report.narrative_sha]),
        report.version + (report.state is not ReportState.SENT),
        report.state not in _SETTLED or any(work.state is not State.APPROVED for work in works),
        _signature(desk, connection, works[0]),
        max((one.at for one in versions), default=works[0].opened_at),
    )


def fetch_draft(desk: Desk, opening_id: int, unit_id: int) -> Drawn:
    """What stands now as a document, handed out. Raises NotYours."""
    with desk.read() as connection:
        found = basis(desk, connection, opening_id, unit_id)
        made = drawn(desk, connection, found)
    downloads.record(desk, found.on, found.inputs_sha)
    return made


def document(desk: Desk, version: ReportVersion) -> CompiledFile:
    """The document of a version as it was sent, made once and kept beside it."""
    kept = version.file(DOCX)
    if kept is not None:
        return kept
    with desk.read() as connection:
        made = drawn(desk, connection, _of_version(desk, connection, version))
    stored = desk.instance.files.put(io.BytesIO(made.data))
    with desk.change("print report", version.on) as change:
        take_turns(change.connection, f"files of report version {version.id}")
        now = report_versions.get(change.connection, version.id)
        there = now.file(DOCX) if now is not None else None
        if there is not None:
            return there
        reports.add_file(change.connection, version.id, DOCX, made.name, stored, desk.moment)
        change.detail |= {"version": version.n, "files": [stored.sha]}
    return CompiledFile(DOCX, made.name, stored.sha)


def _of_version(desk: Desk, connection: Connection, version: ReportVersion) -> Basis:
    works = openings.work(connection, EVERYWHERE, opening_id=version.opening_id, unit_id=version.unit_id)
    if not works:
        raise NotYours
    held = submissions.by_ids(connection, report_versions.inputs(connection, version.id))
    by_submission = {one.submission_id: one for one in held.values()}
    name, readable = "", None
    if version.narrative_upload_id is not None:
        upload = uploads.get(connection, version.narrative_upload_id)
        assert upload is not None
        name, readable = upload.name, unicode_copies.sha_of(connection, upload.id) or upload.sha
    return Basis(
        works,
        [by_submission[work.submission_id] for work in works if work.submission_id in by_submission],
        name,
        readable,
        version.inputs_sha,
        version.n,
        False,
        _signature(desk, connection, works[0]),
        version.as_of,
    )


def _signature(desk: Desk, connection: Connection, work: Work) -> Signature | None:
    forms = desk.snapshot(connection).regimes[work.regime].forms
    return signatures(desk, connection, [work.unit_id], forms).get(work.unit_id)


def drawn(desk: Desk, connection: Connection, found: Basis) -> Drawn:
    """The document itself; personal data in lists are covered, as in every report."""
    told = _told(desk, connection, found)
    content = f"{told.unit.code}-du-thao" if found.is_draft else told.unit.code
    return Drawn(report_name(told.regime.code, told.period.code, found.n, DOCX, content), build(told))


def _told(desk: Desk, connection: Connection, found: Basis) -> OwnReport:
    snapshot, first = desk.snapshot(connection), found.works[0]
    regime, unit = snapshot.regimes[first.regime], snapshot.units_by_id[first.unit_id]
    period = openings.period_of(connection, regime.code, first.opening_id, first.period)
    opening = openings.get(connection, first.opening_id)
    closes_on = opening.closes_on if opening else None
    given = {one.submission_id: one.values for one in found.versions}
    forms, missing = [], []
    for work in found.works:
        view, _ = view_of(connection, snapshot, work)
        if work.submission_id not in given:
            missing.append(view.form.title)
            continue
        context = Context(view, period, regime.frequency, Background(), unit)
        values = sight_of_all(view.form).values(given[work.submission_id])
        forms.append(OwnForm(context, values, window_of(regime, period, work.opened_at, work.due_at, closes_on)))
    order = order_for(snapshot, regime, unit, period)
    return OwnReport(
        regime=regime,
        period=period,
        unit=unit,
        province=snapshot.province,
        at=found.at,
        inputs_sha=found.inputs_sha,
        forms=tuple(forms),
        missing=tuple(missing),
        story=_story(desk, found.narrative_sha),
        narrative_name=found.narrative_name,
        prompts=frozenset(one.prompt for one in order.places) if order else (),
        signature=found.signature,
        is_draft=found.is_draft,
        sample=desk.instance.is_sample(connection),
    )


def _story(desk: Desk, file_sha: str | None) -> Story | None:
    if file_sha is None:
        return None
    try:
        return read_story(desk.instance.files.read(file_sha))
    except (UnreadableNarrative, Destroyed):
        return None
