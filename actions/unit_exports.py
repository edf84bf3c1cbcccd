"""Everything a unit ever sent in one zip: for its own people and the office, for a day."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any, BinaryIO

from actions import making
from actions.cases import view_of
from actions.desk import Desk, NotNow, say
from actions.making import Making
from actions.packages import rights_of, suffix_of
from actions.personal import sight_of, sight_of_upload
from actions.unit_history import told
from compile.bundle import Part, path_of, write
from compile.own_tables import OwnForm, tables_of
from compile.tables_book import build
from registry.findings import Finding, fix, message
from registry.rules.background import Background
from registry.rules.context import Context
from registry.store import jobs, openings, report_versions, reports, submissions, uploads
from registry.store.engine import Connection
from registry.store.openings import Work
from registry.store.submissions import Version
from registry.store.uploads import NARRATIVE, Upload
from registry.workflow.policy import EVERYWHERE, Action
from vietnamese.dates import format_moment

EXPORT = "export-unit"  # kind of the job
KEPT = timedelta(hours=24)


def prepare(desk: Desk, unit_id: int) -> None:
    """Have the zip made. Raises NotYours."""
    desk.require(Action.SEE_UPLOAD, unit_id)
    args, by = {"unit": unit_id}, desk.actor.person_id
    with desk.change("export unit", f"unit {unit_id}") as change:
        jobs.enqueue(change.connection, EXPORT, args, desk.moment, unique_key=_key(desk, unit_id), by_id=by)
    desk.instance.wake.set()


def make_now(desk: Desk, unit_id: int, progress: Callable[[int], None]) -> dict[str, Any]:
    """The body of the job: the zip goes to the shelf; it may run twice."""
    desk.require(Action.SEE_UPLOAD, unit_id)
    with desk.read() as connection:
        parts = sorted(_parts(desk, connection, unit_id), key=lambda one: one.path)
        name = desk.snapshot(connection).units_by_id[unit_id].name
    progress(1)
    about = {say("package.unit"): name, say("export.until"): format_moment(desk.moment)}
    with desk.instance.shelf.writing(_key(desk, unit_id)) as out:
        for done in write(out, desk.day, about, parts):
            progress(min(99, done * 100 // len(parts)))
        size = out.tell()
    return {"count": len(parts), "size": size, "until": (desk.moment + KEPT).isoformat()}


def newest(desk: Desk, connection: Connection, unit_id: int) -> Making | None:
    """How far the actor's zip is; None where there is none, or its day is over. Raises NotYours."""
    desk.require(Action.SEE_UPLOAD, unit_id)
    key = _key(desk, unit_id)
    found = making.newest(connection, key)
    if found is not None and found.is_ready and (_is_over(desk, found) or not desk.instance.shelf.has(key)):
        return None
    return found


def stop(desk: Desk, unit_id: int) -> None:
    """Stop the zip being made. Raises NotYours, NotNow."""
    desk.require(Action.SEE_UPLOAD, unit_id)
    making.stop(desk, _key(desk, unit_id), f"unit {unit_id}")


def fetch(desk: Desk, unit_id: int) -> BinaryIO:
    """The zip, to be sent piece by piece. Raises NotYours, NotNow while none is ready, and after its day."""
    with desk.read() as connection:
        found = newest(desk, connection, unit_id)
    if found is None or not found.is_ready:
        desk.instance.shelf.remove(_key(desk, unit_id))
        raise NotNow("no-export")
    try:
        stream = desk.instance.shelf.open(_key(desk, unit_id))
    except FileNotFoundError:
        raise NotNow("no-export") from None
    with desk.change("take unit export", f"unit {unit_id}"):
        return stream


def _is_over(desk: Desk, made: Making) -> bool:
    return datetime.fromisoformat(made.result["until"]) <= desk.moment


def _key(desk: Desk, unit_id: int) -> str:
    """Names the person and what the person may have now: with other rights, another."""
    return f"{EXPORT} {unit_id} {desk.actor.person_id} {rights_of(desk)}"


# --- what is in it ---------------------------------------------------------------------------------------------------


def _parts(desk: Desk, connection: Connection, unit_id: int) -> Iterator[Part]:
    """What the actor sees of it: of a report and its text nothing, where one of its forms is not the actor's to see."""
    allowed, taken = desk.scope(Action.SEE_SUBMISSION), desk.scope(Action.SEE_UPLOAD)
    asked = [one for one in openings.all_work(connection, EVERYWHERE) if one.unit_id == unit_id]
    works = [one for one in asked if allowed.allows(unit_id, one.regime, one.form)]
    hidden = {(one.regime, one.period) for one in asked if one not in works}
    for one in uploads.of_unit(connection, unit_id):
        is_text_of_more = one.kind == NARRATIVE and bool(hidden)
        if taken.allows(*one.place) and not is_text_of_more and sight_of_upload(desk, connection, one).is_whole:
            yield from _of_upload(desk, connection, one)
    for work in works:
        yield from _approved(desk, connection, work)
    listed = reports.listing(connection, allowed, unit_id=unit_id)
    mine = [one for one in listed if (one.regime, one.period) not in hidden]
    for report in mine:
        for version in report_versions.of_report(connection, report.id):
            for file in (file for file in version.files if desk.instance.files.exists(file.sha)):
                read = partial(desk.instance.files.read, file.sha)
                yield Part(f"bao-cao/{file.name}", say(f"package.{file.kind}"), read, file.sha)
    history = told(connection, desk.snapshot(connection), works, mine)
    yield Part("lich-su.txt", say("export.history"), lambda: history.encode())


def _of_upload(desk: Desk, connection: Connection, one: Upload) -> Iterator[Part]:
    folder = "thuyet-minh" if one.kind == NARRATIVE else "tep-da-gui"
    ending = "docx" if one.kind == NARRATIVE else suffix_of(one.name)
    path = path_of(folder, f"tep {one.id}", one.form or "", suffix=ending)
    yield Part(path, say("export.upload", n=one.id, name=one.name), partial(desk.instance.files.read, one.sha), one.sha)
    verdict = uploads.newest_verdict(connection, one.id)
    if verdict is not None:
        lines = [_finding(found) for found in verdict.findings]
        text = "\n".join([say("export.verdict", n=one.id, status=say(f"export.status.{verdict.status}")), *lines, ""])
        yield Part(path_of("ket-qua", f"tep {one.id}", suffix="txt"), say("export.result", n=one.id), text.encode)


def _finding(found: Finding) -> str:
    where = " ".join(filter(None, (found.sheet, found.cell)))
    return f"[{found.code}] {where}: {message(found)} {fix(found)}"


def _approved(desk: Desk, connection: Connection, work: Work) -> Iterator[Part]:
    """Each version its leader approved, as a workbook in the form's layout."""
    approved = {one.n for one in submissions.events(connection, work.submission_id) if one.action == "approve"}
    for version in submissions.versions(connection, work.submission_id):
        if version.n in approved:
            path = path_of("so-lieu-da-duyet", work.regime, work.period, work.form, f"lan {version.n}", suffix="xlsx")
            yield Part(path, say("export.approved", n=version.n), partial(_workbook, desk, work, version))


def _workbook(desk: Desk, work: Work, version: Version) -> bytes:
    with desk.read() as connection:
        snapshot = desk.snapshot(connection)
        view, period = view_of(connection, snapshot, work)
    unit = snapshot.units_by_id[work.unit_id]
    context = Context(view, period, snapshot.regimes[work.regime].frequency, Background(), unit)
    seen = sight_of(desk, snapshot, view.form, work.unit_id)
    tables = tables_of(OwnForm(context, seen.values(version.values)))
    sheets = [(f"{work.form} {place}"[:31], table) for place, table in enumerate(tables, 1)]
    return build(sheets, f"{unit.name}, {period.label}")
