"""The page behind a one-time link: a person sets a password of his own."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from actions import links
from actions.desk import Refusal
from registry.workflow.policy import Action
from webui.permission import page
from webui.visitor import instance, moment
from webui.wording import say

blueprint = Blueprint("links", __name__)


@blueprint.get("/dat-mat-khau/")
@page(Action.SIGN_IN)
def ask() -> Response | str:
    """Where the code of a printed slip is typed."""
    code = request.args.get("ma", "").strip()
    return redirect(url_for("links.one", token=code)) if code else render_template("link_code.html")


@blueprint.get("/dat-mat-khau/<token>")
@page(Action.SIGN_IN)
def one(token: str) -> tuple[str, int]:
    """The form, or the sentence that the link is good no more."""
    return _page(token)


@blueprint.post("/dat-mat-khau/<token>")
@page(Action.SIGN_IN)
def set_password(token: str) -> Response | tuple[str, int]:
    """Set the password; the person then signs in with it."""
    new = request.form.get("new", "")
    if new != request.form.get("again", ""):
        return _page(token, say("account.differ"), 400)
    try:
        owner = links.consume(instance(), token, new, request.remote_addr or "", moment())
    except Refusal as refusal:
        return _page(token, str(refusal), refusal.status)
    flash(say("link.done"), "success")
    filled: dict[str, Any] = {"tai-khoan": owner.login}
    return redirect(url_for("account.sign_in", **filled))


def _page(token: str, sentence: str = "", status: int = 200) -> tuple[str, int]:
    try:
        wanted = links.look_up(instance(), token, moment())
    except links.LinkDead as refusal:
        return render_template("link_code.html", sentence=str(refusal)), refusal.status
    return render_template("link.html", token=token, wanted=wanted, sentence=sentence), status
