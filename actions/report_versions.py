"""Who sees a version of a report: a unit's own as its forms are seen, a compiled one as reports are or as its asker."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import BinaryIO

from actions import downloads
from actions.askers import is_own
from actions.desk import Desk, NotYours
from actions.own_reports import DOCX, document
from registry.store import openings, report_versions
from registry.store.engine import Connection
from registry.store.report_versions import ReportVersion
from registry.store.reports import CompiledFile
from registry.workflow.policy import EVERYWHERE, Action


def seen(desk: Desk, connection: Connection, version_id: int) -> ReportVersion:
    """A version whose files the actor may have: all its forms are the actor's to see. Raises NotYours."""
    return _found(desk, connection, version_id, all)


def seen_in_part(desk: Desk, connection: Connection, version_id: int) -> ReportVersion:
    """A version of which the actor may see one form at least; a page shows those alone. Raises NotYours."""
    return _found(desk, connection, version_id, any)


def _found(
    desk: Desk, connection: Connection, version_id: int, enough: Callable[[Iterable[bool]], bool]
) -> ReportVersion:
    snapshot, found = desk.snapshot(connection), report_versions.get(connection, version_id)
    # One that is not there costs as much as one that is not the actor's, of either kind.
    opening_id, unit_id = (found.opening_id, found.unit_id) if found is not None else (0, 0)
    works = openings.work(connection, EVERYWHERE, opening_id=opening_id, unit_id=unit_id)
    if found is None:
        raise NotYours
    if found.is_compiled:
        is_asked = is_own(desk, snapshot, found.regime)
        if is_asked and snapshot.unit_ids[snapshot.regimes[found.regime].lead] == found.unit_id:
            return found
        allowed, forms = desk.scope(Action.SEE_REPORT), list[str | None](snapshot.regimes[found.regime].forms)
    else:
        allowed, forms = desk.scope(Action.SEE_SUBMISSION), [work.form for work in works]
    if not enough(allowed.allows(found.unit_id, found.regime, form) for form in forms or [None]):
        raise NotYours
    return found


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
