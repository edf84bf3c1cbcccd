"""Answering in the browser: what is typed on the page is kept and judged as a workbook is (F30; DESIGN: Ingest)."""

from __future__ import annotations

import io
from collections.abc import Mapping

from actions.cases import Situation, situation
from actions.desk import Desk, NotNow, NotYours, Refusal, say
from actions.receive import assert_pace, judge_upload
from ingest import typed
from registry.catalogue.forms import View, row_set
from registry.catalogue.model import Form, Unit
from registry.catalogue.values import CellKey
from registry.periods import Period
from registry.store import openings, uploads
from registry.store.definitions import Snapshot
from registry.store.engine import Connection
from registry.store.openings import Work
from registry.store.uploads import StoredVerdict
from registry.workflow.policy import Action
from registry.workflow.submission import step

MOST_CELLS = 400  # typed on one page; larger forms stay with their workbook


def fits(view: View) -> bool:
    """True for a form small enough to be filled on a page."""
    return not view.form.lists and len(typed.typed_cells(view)) <= MOST_CELLS


def fits_unit(snapshot: Snapshot, form: Form, unit: Unit, period: Period) -> bool:
    """The same from the catalogue alone, worked out once for units that meet the same rows."""
    rows = row_set(form, unit, period.shape)
    key = (form.code, form.version, rows, period.shape, "fits")
    if key not in snapshot.memo:
        snapshot.memo[key] = fits(View(form, period.shape, rows, snapshot.definitions))
    return bool(snapshot.memo[key])


def is_open(desk: Desk, work: Work) -> bool:
    """True while the actor may type figures of an assignment: theirs, open, and not before the leader."""
    allowed = desk.scope(Action.UPLOAD).allows(work.unit_id, work.regime, work.form)
    return allowed and work.is_open_at(desk.moment) and step(work.state, Action.UPLOAD) is not None


def enter(
    desk: Desk, assignment_id: int, texts: Mapping[CellKey, str], told: Mapping[typed.Place, str] | None = None
) -> tuple[int, StoredVerdict]:
    """Keep what was typed, explanations too, as a numbered draft and judge it at once; the number and the verdict.

    The same content again keeps its number. Raises NotYours, NotNow (closed, waiting or approved), Refusal (too many
    cells, too fast).
    """
    with desk.read() as connection:
        situated = to_be_typed(desk, connection, assignment_id)
    work = situated.work
    if not work.is_open_at(desk.moment):
        raise NotNow("reception-closed")
    if step(work.state, Action.UPLOAD) is None:
        raise NotNow("cannot-submit")
    if not fits(situated.view):
        raise Refusal("too-big-to-type", most=MOST_CELLS)
    assert_pace(desk)
    cells = typed.typed_cells(situated.view)
    data = typed.pack(assignment_id, {key: text for key, text in texts.items() if key in cells}, told)
    stored = desk.instance.files.put(io.BytesIO(data))
    with desk.change(Action.UPLOAD, "upload") as change:
        same = uploads.same_file(change.connection, work.unit_id, stored.sha, uploads.BROWSER, {})
        number = same or uploads.receive(
            change.connection,
            stored,
            uploads.BROWSER,
            say("typed", form=work.form),
            desk.actor.person_id,
            work.unit_id,
            desk.channel,
            desk.moment,
            assignment_id=assignment_id,
        )
        change.on = f"upload {number}"
        change.detail |= {"sha256": stored.sha, "kind": uploads.BROWSER, "again": same is not None}
    return number, judge_upload(desk, number)


def to_be_typed(desk: Desk, connection: Connection, assignment_id: int) -> Situation:
    """The form a clerk may fill on the page. Raises NotYours."""
    works = openings.work(connection, desk.require(Action.UPLOAD), assignment_id=assignment_id)
    if not works:
        raise NotYours
    return situation(connection, desk.snapshot(connection), works[0])
