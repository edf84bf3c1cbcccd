"""Several files in one list: the verdict and place of each, and all that is fit put before the leader at once."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from actions import many
from actions.many import Line
from registry.store.definitions import form_version
from registry.workflow.policy import Action
from webui import standing
from webui.pages.uploads import say_again
from webui.permission import page
from webui.standing import Badge
from webui.typed import as_number
from webui.visitor import desk
from webui.wording import say

blueprint = Blueprint("many", __name__)

_MOST = 200  # files in one list


@blueprint.get("/tai-len/ket-qua")
@page(Action.UPLOAD)
def listing() -> str:
    """The files asked for, or all that were found fit and not put before the leader yet."""
    return _page(request.args.getlist("tep", type=as_number)[:_MOST], {})


@blueprint.post("/tai-len/trinh-duyet")
@page(Action.SUBMIT)
def submit_all() -> Response | str:
    """Everything in the list that has nothing to explain; what was refused stays in it with the reason."""
    numbers = request.form.getlist("tep", type=as_number)[:_MOST]
    told = many.submit_all(desk(), numbers)
    done = sum(one is None for one in told.values())
    if done:
        flash(say("many.submitted", count=done), "success")
    elif not told:
        flash(say("many.nothing-ready"), "info")
    refused = {number: why for number, why in told.items() if why is not None}
    return _page(numbers, refused) if refused else redirect(url_for("many.listing", tep=numbers))


def _state(one: Line) -> Badge | None:
    return standing.of_submission(one.work.state) if one.work else None


def _page(numbers: list[int], refused: dict[int, str]) -> str:
    at = desk()
    with at.read() as connection:
        snapshot = at.snapshot(connection)
        lines = many.look(at, connection, numbers or many.unsent(at, connection))
        works = {one.work.form_definition_id for one in lines if one.work}
        titles = {one: form_version(connection, snapshot, one).form.title for one in works}
    is_waiting = any(one.step == "wait" for one in lines)
    say_again(is_waiting=is_waiting)
    return render_template(
        "many.html",
        lines=[(one, standing.of_upload(one.upload, one.status), _state(one)) for one in lines],
        titles=titles,
        units=snapshot.units_by_id,
        refused=refused,
        is_waiting=is_waiting,
        ready=[one.upload.id for one in lines if one.step == "ready"],
        is_chosen=bool(numbers),
    )
