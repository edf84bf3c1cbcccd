"""Correcting single cells on the page: the same checks, a new upload, its author on record (F30)."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass

from actions import sealing, steps
from actions.cases import Situation
from actions.desk import Desk, NotNow, NotYours, Refusal, say
from actions.parts import answering
from actions.receive import assert_pace, judge_upload
from actions.sealing import Seal
from ingest import corrected, parcel, seen
from ingest.corrected import Corrected, Correction, Told
from registry.catalogue.values import CellKey
from registry.store import uploads
from registry.store.engine import Connection
from registry.store.uploads import StoredVerdict, Upload
from registry.workflow.personal import Sight
from registry.workflow.policy import Action


class NothingCorrected(Refusal):
    """Every cell stands as it stood."""

    def __init__(self) -> None:
        super().__init__("nothing-corrected")


@dataclass(frozen=True)
class Base:
    """A judged upload whose cells may be corrected, and what stands in each of them."""

    upload: Upload
    verdict: StoredVerdict
    situated: Situation
    texts: dict[CellKey, str]
    seal: Seal | None = None  # of figures returned for some cells only


def to_be_corrected(desk: Desk, connection: Connection, number: int) -> Base:
    """What may be corrected of an upload.

    Raises NotYours, NotNow (closed, waiting or approved; or nothing could be read of the file).
    """
    upload = uploads.get(connection, number)
    if upload is None or upload.kind not in uploads.ANSWERS:
        raise NotYours
    desk.require(Action.UPLOAD, *upload.place)
    verdict = uploads.newest_verdict(connection, number)
    if verdict is None or upload.assignment_id is None or not verdict.addresses:
        raise NotNow("not-correctable", number=number)
    situated = answering(desk, connection, Action.UPLOAD, upload.assignment_id, upload.unit_id)
    steps.needed(situated.work, Action.UPLOAD, desk.moment)
    read = parcel.unpack(uploads.extraction(connection, verdict.id))
    texts = seen.standing(situated.view, read, verdict.values, verdict.addresses)
    seal = sealing.seal_of(connection, situated.work)
    if seal is not None:  # beside those returned, what must be set back
        mine = {*seal.cells, *seal.changed(situated, verdict.values)}
        texts = {key: text for key, text in texts.items() if key in mine}
    return Base(upload, verdict, situated, texts, seal)


def correct(
    desk: Desk, number: int, texts: Mapping[CellKey, str], told: tuple[Told, ...] = ()
) -> tuple[int, StoredVerdict]:
    """Keep the texts that differ from what stands in the upload's cells as a new upload and judge it at once.

    ``told`` are explanations written so far. The same correction again keeps its number. Raises what
    ``to_be_corrected`` raises, NothingCorrected, and Refusal (too fast).
    """
    with desk.read() as connection:
        base = to_be_corrected(desk, connection, number)
    cells = corrected.changes(texts, base.texts, base.verdict.addresses)
    if not cells:
        raise NothingCorrected
    assert_pace(desk)
    stored = desk.instance.files.put(io.BytesIO(corrected.pack(Correction(number, cells, told))))
    work, upload = base.situated.work, base.upload
    is_first = upload.kind != uploads.CORRECTION
    with desk.change(Action.UPLOAD, "upload") as change:
        same = uploads.same_file(change.connection, upload.unit_id, stored.sha, uploads.CORRECTION, {}, desk.behalf_id)
        made = same or uploads.receive(
            change.connection,
            stored,
            uploads.CORRECTION,
            say("corrected", name=upload.name) if is_first else upload.name,
            desk.actor.person_id,
            upload.unit_id,
            desk.channel,
            desk.moment,
            assignment_id=work.assignment_id,
            base_id=number,
            is_part=base.situated.part is not None,
            behalf_id=desk.behalf_id,
        )
        change.on = f"upload {made}"
        change.detail |= {"sha256": stored.sha, "kind": uploads.CORRECTION, "again": same is not None, "base": number}
        change.detail["cells"] = [list(one.key) for one in cells]
    return made, judge_upload(desk, made)


@dataclass(frozen=True, slots=True)
class Made:
    """Cells somebody corrected on the page."""

    upload: Upload
    cells: tuple[Corrected, ...]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an upload's figures came from: the file it began with, and the corrections since, oldest first."""

    file: Upload
    corrections: tuple[Made, ...]


def origin(desk: Desk, connection: Connection, upload: Upload) -> Origin:
    """The file an upload began with; itself where nothing was corrected on the page."""
    made: list[Made] = []
    while upload.base_id is not None:
        made.append(Made(upload, _kept(desk, upload).cells))
        base = uploads.get(connection, upload.base_id)
        assert base is not None
        upload = base
    return Origin(upload, tuple(reversed(made)))


def _kept(desk: Desk, upload: Upload) -> Correction:
    """What a correction says; of one whose content was destroyed, nothing."""
    if not upload.is_kept:
        return Correction(upload.base_id or 0, ())
    return corrected.unpack(desk.instance.files.read(upload.sha))


def visible(corrections: tuple[Made, ...], seen: Sight) -> tuple[Made, ...]:
    """The corrections without those of cells that are hidden from a reader."""
    return tuple(Made(one.upload, tuple(cell for cell in one.cells if not seen.hides(cell.key))) for one in corrections)


def first_texts(corrections: tuple[Made, ...]) -> dict[CellKey, str]:
    """What stood in each corrected cell before the first correction."""
    return {cell.key: cell.before for made in reversed(corrections) for cell in made.cells}


def told_with(desk: Desk, upload: Upload) -> tuple[Told, ...]:
    """The explanations written before a correction was kept."""
    return _kept(desk, upload).told if upload.kind == uploads.CORRECTION else ()
