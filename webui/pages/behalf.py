"""Nhập thay: forms of units that will not sign in, entered by the document they answered with (F23)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import BinaryIO, cast

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from actions import behalf, entry, receive
from actions.behalf import Case, Document, Incomplete
from actions.cases import view_of
from actions.desk import Desk, NotYours, Refusal
from actions.letters import Enclosed
from actions.submit import may_be_nil
from registry.catalogue.model import Form, Regime, Unit
from registry.store import behalf as stored
from registry.store import uploads
from registry.store.behalf import Behalf
from registry.store.definitions import Snapshot, form_version
from registry.store.engine import Connection
from registry.store.openings import Work
from registry.workflow.policy import EVERYWHERE, Action
from registry.workflow.submission import State
from webui import noting, standing
from webui.file_names import arrived_as
from webui.mishaps import NoFile
from webui.pages.letters import chosen_letter, mimetype_of, ticket_of
from webui.permission import page
from webui.standing import Badge
from webui.visitor import desk
from webui.wording import say

blueprint = Blueprint("behalf", __name__)


@dataclass(frozen=True)
class Line:
    """One form of one unit."""

    work: Work
    unit: Unit
    regime: Regime
    form: Form
    state: Badge
    deadline: Badge
    entered: Behalf | None  # its newest version rests on this document


@blueprint.get("/nhap-thay/cho-duyet")
@page(Action.APPROVE_ON_BEHALF)
def waiting() -> str:
    """What waits for the reader's approval."""
    at = desk()
    with at.read() as connection:
        found = _lines(at, connection, at.snapshot(connection), behalf.to_approve(at, connection))
    noting.saw("entry on behalf")
    return render_template("behalf_waiting.html", lines=found)


@blueprint.get("/nhap-thay")
@page(Action.ENTER_ON_BEHALF)
def listing() -> str:
    """What may be entered: forms of units that have nobody, for the office of any unit it chooses."""
    at = desk()
    with at.read() as connection:
        snapshot = at.snapshot(connection)
        code = request.args.get("don-vi", "")
        chosen = snapshot.unit_ids.get(code)
        found = _lines(at, connection, snapshot, behalf.to_enter(at, connection, chosen))
        units = _choice(at, connection, snapshot)
    sees = at.scope(Action.SEE_SUBMISSION)
    noting.saw("entry on behalf", chosen)
    return render_template(
        "behalf_list.html",
        open=[one for one in found if one.work.state not in (State.PENDING, State.APPROVED)],
        done=[
            one
            for one in found
            if one.work.state in (State.PENDING, State.APPROVED)
            if one.entered or sees.allows(one.work.unit_id, one.work.regime, one.work.form)
        ],
        units=units,
        chosen=code if chosen else "",
    )


def _lines(at: Desk, connection: Connection, snapshot: Snapshot, works: list[Work]) -> list[Line]:
    entered = stored.of_newest(connection, EVERYWHERE, assignment_ids=[one.assignment_id for one in works])
    return [
        Line(
            work,
            snapshot.units_by_id[work.unit_id],
            snapshot.regimes[work.regime],
            form_version(connection, snapshot, work.form_definition_id).form,
            standing.of_submission(work.state),
            standing.of_deadline(work, at.moment, snapshot.calendar),
            entered.get(work.assignment_id),
        )
        for work in works
    ]


def _choice(at: Desk, connection: Connection, snapshot: Snapshot) -> list[Unit]:
    """The units that have people and may be entered for all the same, with the reason."""
    if at.scope(Action.ENTER_FOR_ABSENT).is_empty:
        return []
    held = behalf.manned(at, connection)
    return [unit for code, unit in snapshot.units.items() if snapshot.unit_ids[code] in held]


@blueprint.get("/nhap-thay/<int:assignment_id>")
@page(Action.ENTER_ON_BEHALF, reads="assignment {assignment_id}")
def one(assignment_id: int) -> str:
    """The document, then the figures."""
    return _page(assignment_id)


@blueprint.post("/nhap-thay/<int:assignment_id>")
@page(Action.ENTER_ON_BEHALF)
def lay_down(assignment_id: int) -> Response | tuple[str, int]:
    """Lay the document down; what is missing is said all at once, nothing typed is lost."""
    at, typed, enclosed = desk(), _typed(), None
    try:
        enclosed = chosen_letter(at, Action.ENTER_ON_BEHALF, "behalf-letter")
        behalf.lay_down(at, assignment_id, typed, enclosed)
    except NotYours:
        raise
    except Refusal as refusal:
        return _page(assignment_id, typed, enclosed, refusal), refusal.status
    flash(say("behalf.laid-down"), "success")
    return redirect(url_for("behalf.one", assignment_id=assignment_id))


def _typed() -> Document:
    given = request.form
    try:
        dated = date.fromisoformat(given.get("dated", "").strip())
    except ValueError:
        dated = None
    number, summary, reason = (given.get(name, "").strip() for name in ("number", "summary", "reason"))
    return Document(number, dated, summary, reason)


@blueprint.post("/nhap-thay/<int:assignment_id>/tep")
@page(Action.ENTER_ON_BEHALF)
def take(assignment_id: int) -> Response:
    """The unit's workbook, sent for it."""
    at = behalf.at_assignment(desk(), assignment_id)
    with at.read() as connection:
        work = behalf.case(at, connection, assignment_id).work
    file = request.files.get("tep")
    if file is None or not file.filename:
        raise NoFile
    wanted = {"regime": work.regime, "period": work.period}
    number = receive.receive(at, cast(BinaryIO, file.stream), arrived_as(file), work.unit_id, wanted)
    return redirect(url_for("uploads.verdict", number=number))


@blueprint.get("/nhap-thay/<int:assignment_id>/van-ban/<int:key>")
@page(Action.SEE_SUBMISSION)
def document(assignment_id: int, key: int) -> Response:
    """The document as it came, for all who see the form."""
    found, stream = behalf.fetch(behalf.at_assignment(desk(), assignment_id), assignment_id, key)
    name = found.letter_name
    return send_file(stream, mimetype=mimetype_of(name), as_attachment=True, download_name=name, max_age=0)


def _page(
    assignment_id: int, typed: Document | None = None, enclosed: Enclosed | None = None, refusal: Refusal | None = None
) -> str:
    at = behalf.at_assignment(desk(), assignment_id)
    with at.read() as connection:
        found: Case = behalf.case(at, connection, assignment_id)
        snapshot = at.snapshot(connection)
        view, _ = view_of(connection, snapshot, found.work)
        (line,) = _lines(at, connection, snapshot, [found.work])
        sent = uploads.recent(connection, at.scope(Action.SEE_UPLOAD), 5, assignment_id=assignment_id)
    place = (line.work.unit_id, line.work.regime, line.work.form)
    can_fill = found.can_enter and at.scope(Action.UPLOAD).allows(*place)
    return render_template(
        "behalf.html",
        case=found,
        line=line,
        lead=snapshot.units[line.regime.lead].name if line.regime.lead in snapshot.units else line.regime.lead,
        typed=typed or Document(),
        given=request.form.get("dated", ""),
        letter=enclosed,
        ticket=ticket_of(enclosed),
        sentence=str(refusal) if refusal else "",
        fields=refusal.fields if isinstance(refusal, Incomplete) else {},
        today=at.day,
        can_see=at.scope(Action.SEE_SUBMISSION).allows(*place),
        can_fill=can_fill,
        can_type=can_fill and entry.fits(view),
        can_be_nil=can_fill and may_be_nil(snapshot, line.work.regime),
        sent=[(each.upload, standing.of_upload(each.upload, each.status)) for each in sent if each.upload.behalf_id],
    )
