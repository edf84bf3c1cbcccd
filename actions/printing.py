"""The PDF of a report's version, made by LibreOffice in the background and kept beside its other files."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

from actions import making
from actions.desk import Desk, NotEntitled, NotNow
from actions.making import Making
from actions.own_reports import DOCX
from actions.report_versions import document_of, seen
from ingest.office import NotConverted
from registry.store import jobs, report_versions, reports
from registry.store.engine import Connection, take_turns
from registry.store.report_versions import ReportVersion
from registry.workflow.policy import Action

PRINT = "print"  # kind of the job
PDF = "pdf"
_BEGUN = 10  # percent told while LibreOffice is at work, which tells nothing itself


def prepare(desk: Desk, version_id: int) -> None:
    """Have the PDF made, unless it is there. Raises NotYours, NotNow (no LibreOffice here)."""
    if not desk.instance.office.is_there:
        raise NotNow("no-printer")
    with desk.read() as connection:
        version = seen(desk, connection, version_id)
    if version.file(PDF) is not None:
        return
    with desk.change("print report", version.on) as change:
        key, by = _key(version_id), desk.actor.person_id
        jobs.enqueue(change.connection, PRINT, {"version": version_id}, desk.moment, unique_key=key, by_id=by)
    desk.instance.wake.set()


def make_now(desk: Desk, version_id: int, progress: Callable[[int], None]) -> dict[str, Any]:
    """The body of the job: {"sha256"} of the PDF, or {"why"} LibreOffice gave none; it may run twice."""
    with desk.read() as connection:
        version = seen(desk, connection, version_id)
    document = document_of(desk, version)
    if document is None:
        return {"why": "nothing"}
    progress(_BEGUN)
    try:
        printed = desk.instance.office.pdf(desk.instance.files.read(document.sha), lambda: progress(_BEGUN))
    except NotConverted as failed:
        return {"why": failed.why}
    stored = desk.instance.files.put(io.BytesIO(printed))
    with desk.change("print report", version.on) as change:
        take_turns(change.connection, f"files of report version {version_id}")
        now = report_versions.get(change.connection, version_id)
        kept = now.file(PDF) if now is not None else None
        if kept is not None:
            return {"sha256": kept.sha}
        name = f"{document.name.removesuffix(f'.{DOCX}')}.{PDF}"
        reports.add_file(change.connection, version_id, PDF, name, stored, desk.moment)
        change.detail |= {"version": version.n, "files": [stored.sha]}
    return {"sha256": stored.sha}


def stop(desk: Desk, version_id: int) -> None:
    """Stop the PDF being made; of a compiled report only who compiles may. Raises NotYours, NotEntitled, NotNow."""
    with desk.read() as connection:
        version = seen(desk, connection, version_id)
    if version.is_compiled and desk.scope(Action.COMPILE).is_empty:
        raise NotEntitled("pdf-others-compile")
    making.stop(desk, _key(version_id), version.on)


def newest(connection: Connection, version: ReportVersion) -> Making | None:
    """How far the PDF of a version is; None where nobody asked for it and it is not there."""
    if version.file(PDF) is not None:
        return Making("done", 100)
    return making.newest(connection, _key(version.id))


def _key(version_id: int) -> str:
    return f"{PRINT} {version_id}"
