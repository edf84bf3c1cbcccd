"""Who sees a version of a report: a unit's own as its forms are seen, a compiled one as reports are or as its asker."""

from __future__ import annotations

from typing import BinaryIO

from actions import downloads
from actions.askers import is_own
from actions.desk import Desk, NotYours
from actions.own_reports import DOCX, document
from registry.store import report_versions
from registry.store.engine import Connection
from registry.store.report_versions import ReportVersion
from registry.store.reports import CompiledFile
from registry.workflow.policy import Action


def seen(desk: Desk, connection: Connection, version_id: int) -> ReportVersion:
    """A version the actor may see. Raises NotYours."""
    found = report_versions.get(connection, version_id)
    if found is None or not _may_see(desk, connection, found):
        raise NotYours
    return found


def _may_see(desk: Desk, connection: Connection, found: ReportVersion) -> bool:
    if not found.is_compiled:
        return desk.scope(Action.SEE_SUBMISSION).allows(found.unit_id, found.regime)
    snapshot = desk.snapshot(connection)
    asked = is_own(desk, snapshot, found.regime)
    is_asker = asked and snapshot.unit_ids[snapshot.regimes[found.regime].lead] == found.unit_id
    return is_asker or not desk.scope(Action.SEE_REPORT).is_empty


def document_of(desk: Desk, version: ReportVersion) -> CompiledFile | None:
    """Its docx; that of a unit's own report is made when it is first asked for."""
    return version.file(DOCX) if version.is_compiled else document(desk, version)


def fetch(desk: Desk, version_id: int, kind: str) -> tuple[CompiledFile, BinaryIO]:
    """A file of a version. Raises NotYours."""
    with desk.read() as connection:
        version = seen(desk, connection, version_id)
    found = document_of(desk, version) if kind == DOCX else version.file(kind)
    if found is None:
        raise NotYours
    stream = desk.instance.files.open(found.sha)
    on = f"compiled report {version.id} {kind}" if version.is_compiled else version.on
    downloads.record(desk, on, found.sha)
    return found, stream
