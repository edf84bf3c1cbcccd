"""A report's version in one zip: its files, the narratives behind it, on demand the units' own workbooks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, BinaryIO

from actions import making
from actions.desk import Desk, NotNow, say
from actions.instance import local_day
from actions.making import Making
from actions.own_reports import DOCX
from actions.personal import sight_of_upload
from actions.report_versions import document_of, seen
from compile.bundle import Part, path_of, write
from compile.file_names import report_name
from compile.foot import version_code
from registry.store import jobs, openings, report_versions, reports, uploads
from registry.store.codec import sha
from registry.store.engine import Connection
from registry.store.report_versions import ReportVersion
from registry.workflow.policy import Action
from vietnamese.dates import format_moment

PACKAGE = "package"  # kind of the job
_WORKBOOKS = ("xlsx", "xls", "ods")


def prepare(desk: Desk, version_id: int, *, with_sources: bool) -> None:
    """Have the zip made of what the actor may have of it. Raises NotYours."""
    with desk.read() as connection:
        version = seen(desk, connection, version_id)
    if document_of(desk, version) is not version.file(DOCX):
        with desk.read() as connection:
            version = seen(desk, connection, version_id)
    args, by = {"version": version_id, "sources": with_sources}, desk.actor.person_id
    key = _key(desk, version, with_sources=with_sources)
    with desk.change("package report", version.on) as change:
        jobs.enqueue(change.connection, PACKAGE, args, desk.moment, unique_key=key, by_id=by)
    desk.instance.wake.set()


def make_now(desk: Desk, version_id: int, with_sources: bool, progress: Callable[[int], None]) -> dict[str, Any]:
    """The body of the job: the zip goes to the shelf; it may run twice."""
    with desk.read() as connection:
        version = seen(desk, connection, version_id)
        parts = list(_parts(desk, connection, version, with_sources=with_sources))
        about = _about(desk, connection, version)
    progress(1)
    with desk.instance.shelf.writing(_key(desk, version, with_sources=with_sources)) as out:
        for done in write(out, local_day(version.as_of), about, sorted(parts, key=lambda one: one.path)):
            progress(min(99, done * 100 // len(parts)))
        size = out.tell()
    return {"count": len(parts), "size": size}


def newest(desk: Desk, connection: Connection, version: ReportVersion, *, with_sources: bool) -> Making | None:
    """How far the zip of what the actor may have now is."""
    key = _key(desk, version, with_sources=with_sources)
    found = making.newest(connection, key)
    return None if found is not None and found.is_ready and not desk.instance.shelf.has(key) else found


def stop(desk: Desk, version_id: int, *, with_sources: bool) -> None:
    """Stop the zip being made. Raises NotYours, NotNow."""
    with desk.read() as connection:
        version = seen(desk, connection, version_id)
    making.stop(desk, _key(desk, version, with_sources=with_sources), version.on)


def fetch(desk: Desk, version_id: int, *, with_sources: bool) -> tuple[str, BinaryIO]:
    """Name and bytes of the zip, to be sent piece by piece. Raises NotYours, NotNow while none is ready."""
    with desk.read() as connection:
        version = seen(desk, connection, version_id)
    try:
        stream = desk.instance.shelf.open(_key(desk, version, with_sources=with_sources))
    except FileNotFoundError:
        raise NotNow("no-package") from None
    with desk.change("take package", version.on) as change:
        change.detail["version"] = version.n
    content = "ho-so-va-nguon" if with_sources else "ho-so"
    return report_name(version.regime, version.period, version.n, "zip", content), stream


def _about(desk: Desk, connection: Connection, version: ReportVersion) -> dict[str, str]:
    snapshot = desk.snapshot(connection)
    period = openings.period_of(connection, version.regime, version.opening_id, version.period)
    return {
        say("package.report"): snapshot.regimes[version.regime].name,
        say("package.period"): period.label,
        say("package.unit"): snapshot.units_by_id[version.unit_id].name,
        say("package.version"): str(version.n),
        say("package.code"): version_code(version.inputs_sha),
        say("package.as-of"): format_moment(version.as_of),
    }


def _parts(desk: Desk, connection: Connection, version: ReportVersion, *, with_sources: bool) -> Iterator[Part]:
    """What of it is still there: contents that were destroyed are left out."""
    read, exists = desk.instance.files.read, desk.instance.files.exists
    for one in (one for one in version.files if exists(one.sha)):
        yield Part(f"bao-cao/{one.name}", say(f"package.{one.kind}"), partial(read, one.sha), one.sha)
    yield from _narratives(desk, connection, version)
    if with_sources:
        yield from _sources(desk, connection, version)


def _narratives(desk: Desk, connection: Connection, version: ReportVersion) -> Iterator[Part]:
    snapshot, allowed, read = desk.snapshot(connection), desk.scope(Action.SEE_SUBMISSION), desk.instance.files.read
    for unit_id, name, file_sha in _sent_with(connection, version):
        if allowed.allows(unit_id, version.regime) and desk.instance.files.exists(file_sha):
            unit = snapshot.units_by_id[unit_id]
            path = path_of("thuyet-minh", unit.code, name.rpartition(".")[0], suffix="docx")
            yield Part(path, say("package.narrative"), partial(read, file_sha), file_sha, unit.name)


def _sent_with(connection: Connection, version: ReportVersion) -> list[tuple[int, str, str]]:
    if version.is_compiled:
        found = reports.narratives(connection, version.opening_id, version.unit_id, version.as_of)
        return [(one.unit_id, one.name, one.original) for one in found]
    sent = uploads.get(connection, version.narrative_upload_id) if version.narrative_upload_id else None
    return [(version.unit_id, sent.name, sent.sha)] if sent is not None else []


def _sources(desk: Desk, connection: Connection, version: ReportVersion) -> Iterator[Part]:
    """The workbooks as they came: those the actor may have, whole."""
    snapshot, allowed, read = desk.snapshot(connection), desk.scope(Action.SEE_UPLOAD), desk.instance.files.read
    for number in report_versions.sources(connection, version.id):
        one = uploads.get(connection, number)
        if (
            one is None
            or not one.is_kept
            or not allowed.allows(*one.place)
            or not sight_of_upload(desk, connection, one).is_whole
        ):
            continue
        unit = snapshot.units_by_id[one.unit_id]
        path = path_of("nguon", unit.code, one.form or "", f"tep {one.id}", suffix=suffix_of(one.name))
        yield Part(path, say("package.source", n=one.id), partial(read, one.sha), one.sha, unit.name)


def suffix_of(name: str) -> str:
    """Of a workbook as it came; what was typed on a page is kept as JSON."""
    found = name.rpartition(".")[2].lower()
    return found if found in _WORKBOOKS else "json"


def rights_of(desk: Desk) -> str:
    """What the actor may have of units' forms and files now, as a word."""
    places = [place for action in (Action.SEE_SUBMISSION, Action.SEE_UPLOAD) for place in desk.scope(action).places]
    return sha(sorted(str((one.units and sorted(one.units), one.regime, one.form)) for one in places))[:16]


def _key(desk: Desk, version: ReportVersion, *, with_sources: bool) -> str:
    """Names the person and what the person may have now: with other rights, or another file of the report, another."""
    held = sha([[one.sha for one in version.files], rights_of(desk), with_sources])
    return f"{PACKAGE} {version.id} {desk.actor.person_id} {held[:16]}"
