"""“Tập huấn”: units rehearse a form with invented figures; the office invites them and sees who tried (F25)."""

from __future__ import annotations

import io
from typing import BinaryIO, cast

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from actions import trainings as acting
from actions.desk import NotYours, Refusal
from actions.personal import sight_of
from registry.periods import parse
from registry.store import trainings
from registry.store.trainings import Tried
from registry.workflow.policy import Action, own_work
from registry.workflow.submission import step
from webui import standing
from webui.clusters import groups_of
from webui.explaining import explanations_in
from webui.file_names import arrived_as
from webui.lists import lists_of
from webui.mishaps import NoFile
from webui.pages.periods import suggested
from webui.pages.templates import XLSX
from webui.permission import page
from webui.table import NO_REMARKS, open_findings, table_of
from webui.typed import as_number
from webui.visitor import desk
from webui.wording import say

blueprint = Blueprint("trainings", __name__)


# --- a unit ----------------------------------------------------------------------------------------------------------


@blueprint.get("/tap-huan")
@page(Action.SEE_WORK)
def own() -> str:
    """The trainings the units one works in are invited to."""
    at = desk()
    with at.read() as connection:
        found = trainings.practices(connection, own_work(at.actor))
        snapshot = at.snapshot(connection)
    lines = [(one, snapshot.units_by_id[one.unit_id], standing.of_submission(one.state)) for one in found]
    return render_template("trainings.html", lines=lines)


@blueprint.get("/tap-huan/<int:practice_id>")
@page(Action.SEE_WORK, reads="practice {practice_id}")
def one(practice_id: int) -> str:
    """A unit's part: workbook, result, and the step that comes next."""
    return _page(practice_id)


def _page(practice_id: int, sentence: str = "") -> str:
    at = desk()
    with at.read() as connection:
        found = acting.see(at, connection, practice_id)
        situated = acting.situation(at, connection, found)
        taken = trainings.steps(connection, practice_id)
        sight = sight_of(at, at.snapshot(connection), situated.view.form, found.unit_id)
    values = dict(sight.values(found.values))
    can = {
        tried
        for tried, action in acting.ACTIONS.items()
        if at.scope(action).allows(found.unit_id, found.training.regime, found.training.form)
        and (tried is Tried.DOWNLOAD or step(found.state, action) is not None)
    }
    if found.status not in ("accepted", "accepted_with_warnings"):
        can.discard(Tried.SUBMIT)
    return render_template(
        "training.html",
        one=found,
        situated=situated,
        badge=standing.of_submission(found.state),
        status=standing.of_status(found.status) if found.status else None,
        groups=groups_of(open_findings(found.findings, found.addresses, sight)),
        finding_badge=standing.of_finding,
        table=table_of(situated, values, NO_REMARKS) if values and situated.view.cells else None,
        lists=lists_of(situated, values) if values else (),
        taken=taken,
        can={tried.value for tried in can},
        typed=explanations_in(request.form.items()),
        sentence=sentence,
    )


@blueprint.get("/tap-huan/<int:practice_id>.xlsx")
@page(Action.DOWNLOAD_TEMPLATE)
def workbook(practice_id: int) -> Response:
    """The unit's workbook, marked on every sheet and page."""
    made = acting.workbook(desk(), practice_id)
    return send_file(io.BytesIO(made.data), mimetype=XLSX, as_attachment=True, download_name=made.name, max_age=0)


@blueprint.post("/tap-huan/<int:practice_id>/tep")
@page(Action.UPLOAD)
def send(practice_id: int) -> Response | tuple[str, int]:
    """Judge a filled workbook."""
    file, at = request.files.get("tep"), desk()
    with at.read() as connection:
        acting.see(at, connection, practice_id, Action.UPLOAD)
    if file is None or not file.filename:
        raise NoFile
    try:
        acting.send(at, practice_id, cast(BinaryIO, file.stream), arrived_as(file))
    except NotYours:
        raise
    except Refusal as refusal:
        return _page(practice_id, str(refusal)), refusal.status
    flash(say("training.sent"), "info")
    return _to(practice_id)


@blueprint.post("/tap-huan/<int:practice_id>/trinh-duyet")
@page(Action.SUBMIT)
def submit(practice_id: int) -> Response | tuple[str, int]:
    """Put it before the leader; nothing typed is lost when that is refused."""
    try:
        acting.submit(desk(), practice_id, _version(), explanations_in(request.form.items()))
    except NotYours:
        raise
    except Refusal as refusal:
        return _page(practice_id, str(refusal)), refusal.status
    flash(say("training.submitted"), "success")
    return _to(practice_id)


@blueprint.post("/tap-huan/<int:practice_id>/thu-hoi")
@page(Action.WITHDRAW)
def withdraw(practice_id: int) -> Response:
    """Take it back before the leader decides."""
    return _decided(practice_id, Tried.WITHDRAW)


@blueprint.post("/tap-huan/<int:practice_id>/duyet")
@page(Action.APPROVE)
def approve(practice_id: int) -> Response:
    """As the leader: approve."""
    return _decided(practice_id, Tried.APPROVE)


@blueprint.post("/tap-huan/<int:practice_id>/tra-lai")
@page(Action.RETURN)
def send_back(practice_id: int) -> Response:
    """As the leader: return for a reason."""
    return _decided(practice_id, Tried.RETURN)


def _decided(practice_id: int, tried: Tried) -> Response:
    acting.decide(desk(), practice_id, _version(), tried, request.form.get("ly_do", ""))
    flash(say("training.done"), "success")
    return _to(practice_id)


def _version() -> int:
    return request.form.get("version", default=-1, type=as_number)


def _to(practice_id: int) -> Response:
    return redirect(url_for("trainings.one", practice_id=practice_id))


# --- the office ------------------------------------------------------------------------------------------------------


@blueprint.get("/tap-huan/to-chuc")
@page(Action.HOLD_TRAINING)
def manage() -> str:
    """The trainings held, how many units did what, and the form that begins another."""
    at, chosen = desk(), request.args.get("ky", "")
    with at.read() as connection:
        snapshot = at.snapshot(connection)
        held, counts = trainings.all_of(connection), trainings.counts(connection)
    regime, _, period = chosen.partition(" ")
    would = acting.asked(at, regime, period)[2] if chosen else []
    units = {one.unit_id: snapshot.units_by_id[one.unit_id] for one in would}
    return render_template(
        "trainings_held.html",
        held=[(one, *counts[one.id]) for one in held],
        tried=Tried,
        suggestions=[(one, suggested(one, at.day)) for one in snapshot.regimes.values()],
        chosen=chosen,
        heading=parse(period).label if would else "",
        forms=list(dict.fromkeys(one.form for one in would)),
        units=sorted(units.items(), key=lambda pair: (pair[1].order, pair[1].code)),
    )


@blueprint.post("/tap-huan/to-chuc")
@page(Action.HOLD_TRAINING)
def hold() -> Response:
    """Invite units."""
    regime, _, period = request.form.get("ky", "").partition(" ")
    units = set(request.form.getlist("don_vi", type=as_number))
    acting.hold(desk(), regime, period, request.form.get("bieu", ""), units)
    flash(say("training.held"), "success")
    return redirect(url_for("trainings.manage"))


@blueprint.post("/tap-huan/to-chuc/<int:training_id>/ket-thuc")
@page(Action.HOLD_TRAINING)
def end(training_id: int) -> Response:
    """End one and clear it."""
    acting.end(desk(), training_id)
    flash(say("training.over"), "success")
    return redirect(url_for("trainings.manage"))
