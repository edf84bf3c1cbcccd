"""Answering in the browser: what is typed on the page is kept and judged as a workbook is (F30; DESIGN: Ingest)."""

from __future__ import annotations

import io
from collections.abc import Mapping

from actions import steps
from actions.cases import Situation
from actions.desk import Desk, Refusal, say
from actions.parts import answering
from actions.receive import assert_pace, judge_upload
from ingest import typed
from registry.catalogue.forms import View, limited, row_set
from registry.catalogue.model import Form, Unit
from registry.catalogue.values import CellKey
from registry.periods import Period
from registry.store import uploads
from registry.store.definitions import Snapshot
from registry.store.engine import Connection
from registry.store.uploads import StoredVerdict
from registry.workflow.policy import Action

MOST_CELLS = 400  # typed on one page; larger forms stay with their workbook


def fits(view: View) -> bool:
    """True for a form small enough to be filled on a page."""
    return not view.form.lists and len(typed.typed_cells(view)) <= MOST_CELLS


def fits_unit(snapshot: Snapshot, form: Form, unit: Unit, period: Period, mine: frozenset[str] | None = None) -> bool:
    """The same from the catalogue alone, worked out once for units that meet the same rows; ``mine``: of a part."""
    rows = row_set(form, unit, period.shape)
    if mine is not None:
        rows = limited(form, rows, mine)
    key = (form.code, form.version, rows, period.shape, "fits")
    if key not in snapshot.memo:
        snapshot.memo[key] = fits(View(form, period.shape, rows, snapshot.definitions))
    return bool(snapshot.memo[key])


def enter(
    desk: Desk,
    assignment_id: int,
    texts: Mapping[CellKey, str],
    told: Mapping[typed.Place, str] | None = None,
    by: int | None = None,
) -> tuple[int, StoredVerdict]:
    """Keep what was typed, explanations too, as a numbered draft and judge it at once; the number and the verdict.

    ``by`` is the division whose part it is, where the actor answers for the unit too. The same content again keeps its
    number. Raises NotYours, NotNow (closed, waiting or approved), Refusal (too many cells, too fast).
    """
    with desk.read() as connection:
        situated = to_be_typed(desk, connection, assignment_id, by)
    work = situated.work
    steps.needed(work, Action.UPLOAD, desk.moment)
    if not fits(situated.view):
        raise Refusal("too-big-to-type", most=MOST_CELLS)
    assert_pace(desk)
    cells = typed.typed_cells(situated.view)
    data = typed.pack(assignment_id, {key: text for key, text in texts.items() if key in cells}, told)
    stored = desk.instance.files.put(io.BytesIO(data))
    with desk.change(Action.UPLOAD, "upload") as change:
        same = uploads.same_file(
            change.connection, situated.answerer_id, stored.sha, uploads.BROWSER, {}, desk.behalf_id
        )
        number = same or uploads.receive(
            change.connection,
            stored,
            uploads.BROWSER,
            say("typed", form=work.form),
            desk.actor.person_id,
            situated.answerer_id,
            desk.channel,
            desk.moment,
            assignment_id=assignment_id,
            is_part=situated.part is not None,
            behalf_id=desk.behalf_id,
        )
        change.on = f"upload {number}"
        change.detail |= {"sha256": stored.sha, "kind": uploads.BROWSER, "again": same is not None}
    return number, judge_upload(desk, number)


def to_be_typed(desk: Desk, connection: Connection, assignment_id: int, by: int | None = None) -> Situation:
    """The form, or their part of it, that a clerk may fill on the page. Raises NotYours."""
    return answering(desk, connection, Action.UPLOAD, assignment_id, by)
