"""The clerk's own workbook handed back: marked with everything found, or tidied besides."""

from __future__ import annotations

from dataclasses import dataclass

from actions import downloads
from actions.cases import Situation
from actions.desk import Desk, NotYours, Refusal, say
from actions.made import Made
from actions.parts import answering
from actions.personal import assert_sees_all
from ingest.mark.job import Conversion, Job
from ingest.mark.tidy import conversions
from ingest.model import Status
from registry.store import uploads
from registry.store.engine import Connection
from registry.store.uploads import StoredVerdict, Upload
from registry.workflow.policy import Action
from vietnamese.dates import format_moment
from workbook_templates.template import file_name_ending

_MARKED, _TIDIED = "da-danh-dau", "da-chuan-hoa"  # in names of files


@dataclass(frozen=True)
class _Judged:
    upload: Upload
    verdict: StoredVerdict
    situated: Situation


def can_be_marked(upload: Upload, verdict: StoredVerdict | None) -> bool:
    """True for a workbook that was judged: what was refused is handed back as it came, or not at all."""
    is_judged = verdict is not None and verdict.status != Status.REFUSED and upload.assignment_id is not None
    return upload.kind == uploads.WORKBOOK and upload.is_kept and is_judged


def tidied_cells(verdict: StoredVerdict, situated: Situation) -> tuple[Conversion, ...]:
    """The cells a tidied copy would hold otherwise."""
    return conversions(situated.view, verdict.values, verdict.addresses, verdict.findings)


def marked(desk: Desk, number: int) -> Made:
    """The workbook with its findings shown in it. Raises NotYours, Refusal."""
    return _made(desk, _judged(desk, number), (), _MARKED)


def tidied(desk: Desk, number: int) -> Made:
    """The same with what was understood written into its cells. Raises NotYours, Refusal."""
    judged = _judged(desk, number)
    cells = tidied_cells(judged.verdict, judged.situated)
    if not cells:
        raise Refusal("nothing-tidied")
    return _made(desk, judged, cells, _TIDIED)


def _judged(desk: Desk, number: int) -> _Judged:
    with desk.read() as connection:
        upload = uploads.get(connection, number)
        if upload is None or upload.kind not in uploads.ANSWERS:
            raise NotYours
        desk.require(Action.SEE_UPLOAD, *upload.place)
        assert_sees_all(desk, connection, upload)
        verdict = uploads.newest_verdict(connection, number)
        if verdict is None or not can_be_marked(upload, verdict):
            raise Refusal("not-marked")
        return _Judged(upload, verdict, _situated(desk, connection, upload))


def _situated(desk: Desk, connection: Connection, upload: Upload) -> Situation:
    return answering(desk, connection, Action.SEE_UPLOAD, upload.assignment_id, upload.unit_id)


def _made(desk: Desk, judged: _Judged, cells: tuple[Conversion, ...], kind: str) -> Made:
    upload, situated = judged.upload, judged.situated
    form, unit, period = situated.view.form.code, situated.answerer, situated.period
    about = say("returned.about", form=form, unit=unit.name, period=period.label)
    sent, checked = format_moment(upload.at), format_moment(judged.verdict.at)
    file = say("returned.file", number=upload.id, name=upload.name, sent=sent, judged=checked)
    job = Job(judged.verdict.findings, (about, file), cells)
    data = desk.instance.pool.marked(desk.instance.files.read(judged.verdict.conversion or upload.sha), job)
    if not data:
        raise Refusal("cannot-mark")
    name = file_name_ending(form, period.code, unit, f"tep-{upload.id}_{kind}.xlsx")
    made = Made(unit.code, form, name, data)
    downloads.record(desk, f"upload {upload.id} {kind}", made.sha256)
    return made
