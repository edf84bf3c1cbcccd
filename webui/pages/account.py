"""Signing in and out, and one's own password."""

from __future__ import annotations

import re

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from actions import people
from actions.desk import Refusal
from registry.workflow.policy import Action
from webui.permission import page
from webui.visitor import COOKIE, actor_or_none, desk, forget, instance, moment, remember
from webui.wording import say

blueprint = Blueprint("account", __name__)

_PATH_OF_OURS = re.compile(r"/(?!/)[^\\\x00-\x1f\x7f]*")  # browsers drop tabs and line breaks, and turn "\\" into "/"

DEMO_LOGINS = ("vpub", "easup", "ld.easup", "stc", "snnmt", "ld.snnmt", "qt.easup", "ioc", "khcn")


@blueprint.get("/dang-nhap")
@page(Action.SIGN_IN)
def sign_in() -> Response | str:
    """The sign-in page; somebody already signed in goes on."""
    if actor_or_none() is not None:
        return redirect(_next())
    return _sign_in_page(request.args.get("tai-khoan", ""))


@blueprint.post("/dang-nhap")
@page(Action.SIGN_IN)
def enter() -> Response | tuple[str, int]:
    """Check the password and start a session."""
    login, word = request.form.get("login", ""), request.form.get("password", "")
    try:
        signed = people.sign_in(instance(), login, word, request.remote_addr or "", moment())
    except Refusal as refusal:
        return _sign_in_page(login, str(refusal)), refusal.status
    session.clear()
    return remember(redirect(_next()), signed.cookie)


def _sign_in_page(login: str, sentence: str = "") -> str:
    return render_template("sign_in.html", login=login, sentence=sentence, next=_next(), **_demo_accounts())


def _demo_accounts() -> dict[str, object]:
    if not instance().settings.demo:
        return {"demo_logins": ()}
    from actions.demo import PASSWORD  # the sample data behind it is only loaded where it is shown

    return {"demo_logins": DEMO_LOGINS, "demo_password": PASSWORD}


def _next() -> str:
    """Where to go after signing in: a path of ours, never another site."""
    wanted = request.values.get("next", "")
    return wanted if _PATH_OF_OURS.fullmatch(wanted) else url_for("work.home")


@blueprint.post("/dang-xuat")
@page(Action.OWN_ACCOUNT)
def sign_out() -> Response:
    """End the session."""
    people.sign_out(instance(), request.cookies[COOKIE], desk().actor, moment())
    session.clear()
    flash(say("sign-in.bye"), "success")
    return forget(redirect(url_for("account.sign_in")))


@blueprint.post("/don-vi-lam-viec")
@page(Action.OWN_ACCOUNT)
def act_in() -> Response:
    """Choose the unit whose work “Việc của tôi” shows."""
    unit_id = request.form.get("unit", type=int)
    people.act_in(instance(), request.cookies[COOKIE], desk().actor, unit_id, moment())
    return redirect(url_for("work.home"))


@blueprint.get("/tai-khoan")
@page(Action.OWN_ACCOUNT)
def own() -> str:
    """One's roles, and the form that changes the password."""
    return _own_page()


@blueprint.post("/tai-khoan")
@page(Action.OWN_ACCOUNT)
def change_password() -> Response | tuple[str, int]:
    """Set a new password."""
    new = request.form.get("new", "")
    if new != request.form.get("again", ""):
        return _own_page(say("account.differ")), 400
    try:
        people.change_password(
            instance(), desk().actor, request.form.get("old", ""), new, moment(), keep=request.cookies[COOKIE]
        )
    except people.PasswordLocked as refusal:
        return _own_page(say("account.locked", minutes=refusal.minutes)), refusal.status
    except Refusal as refusal:
        return _own_page(str(refusal)), refusal.status
    flash(say("account.changed"), "success")
    return redirect(url_for("account.own"))


def _own_page(sentence: str = "") -> str:
    at = desk()
    with at.read() as connection:
        units = at.snapshot(connection).units_by_id
        length, classes = at.instance.account_rules(connection).shape(has_factor=False)
    held = [(grant, units.get(grant.unit_id)) for grant in at.actor.grants]
    return render_template("account.html", held=held, sentence=sentence, length=length, classes=classes)
