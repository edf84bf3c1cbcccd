"""Signing in and out, one's own password and sessions."""

from __future__ import annotations

import re

from flask import Blueprint, flash, jsonify, redirect, render_template, request, session, url_for
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response

from actions import factors, people
from actions.desk import Refusal
from registry.workflow.policy import Action
from vietnamese.dates import format_moment
from webui import demo
from webui.agents import device
from webui.permission import page
from webui.typed import as_number
from webui.visitor import actor_or_none, cookie, desk, duty, forget, instance, moment, remember
from webui.wording import say

blueprint = Blueprint("account", __name__)

_PATH_OF_OURS = re.compile(r"/(?!/)[^\\\x00-\x1f\x7f]*")  # browsers drop tabs and line breaks, and turn "\\" into "/"


@blueprint.get("/dang-nhap")
@page(Action.SIGN_IN)
def sign_in() -> Response | str:
    """The sign-in page; somebody already signed in goes on."""
    if actor_or_none() is not None:
        return redirect(next_page())
    return _sign_in_page(request.args.get("tai-khoan", ""))


@blueprint.post("/dang-nhap")
@page(Action.SIGN_IN)
def enter() -> Response | tuple[str, int]:
    """Check the password and start a session."""
    login, word = request.form.get("login", ""), request.form.get("password", "")
    try:
        address, agent = request.remote_addr or "", request.user_agent.string
        signed = people.sign_in(instance(), login, word, address, moment(), agent, cookie())
    except Refusal as refusal:
        return _sign_in_page(login, str(refusal)), refusal.status
    if signed.is_half:
        return remember(redirect(url_for("factor.ask", next=next_page())), signed.cookie)
    return welcome(signed)


def welcome(signed: people.SignedIn) -> Response:
    """Let somebody in who has shown everything asked; he is told when he was last here."""
    session.clear()
    if (before := signed.before) is not None:
        key = "sign-in.before-failed" if before.failures else "sign-in.before"
        told = say(key, at=format_moment(before.at), ip=before.ip, count=before.failures)
        flash(told, "warning" if before.failures else "message")
    return remember(redirect(next_page()), signed.cookie)


def _sign_in_page(login: str, sentence: str = "") -> str:
    return render_template("sign_in.html", login=login, sentence=sentence, next=next_page(), **_demo_accounts())


def _demo_accounts() -> dict[str, object]:
    if not instance().settings.demo:
        return {"demo_logins": {}}
    from actions.demo import PASSWORD  # the sample data behind it is only loaded where it is shown

    return {"demo_logins": demo.LOGINS, "demo_password": PASSWORD}


def next_page() -> str:
    """Where to go after signing in: a path of ours, never another site."""
    wanted = request.values.get("next", "")
    return wanted if _PATH_OF_OURS.fullmatch(wanted) else url_for("work.home")


@blueprint.post("/dang-xuat")
@page(Action.OWN_ACCOUNT)
def sign_out() -> Response:
    """End the session."""
    people.sign_out(instance(), cookie(), desk().actor, moment())
    session.clear()
    flash(say("sign-in.bye"), "success")
    response = forget(redirect(url_for("account.sign_in")))
    # Not "cookies": they would go for every site of the province's domain.
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@blueprint.post("/don-vi-lam-viec")
@page(Action.OWN_ACCOUNT)
def act_in() -> Response:
    """Choose the unit whose work “Việc của tôi” shows."""
    unit_id = request.form.get("unit", type=as_number)
    people.act_in(instance(), cookie(), desk().actor, unit_id, moment())
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
        people.change_password(instance(), desk().actor, request.form.get("old", ""), new, moment(), keep=cookie())
    except Refusal as refusal:
        return _own_page(str(refusal)), refusal.status
    flash(say("account.changed"), "success")
    return redirect(url_for("account.own"))


@blueprint.post("/tai-khoan/phien/<mark>")
@page(Action.OWN_ACCOUNT)
def end_session(mark: str) -> Response:
    """Sign out of one place."""
    people.end_own_session(desk(), mark)
    flash(say("session.ended"), "success")
    return redirect(url_for("account.own"))


@blueprint.post("/tai-khoan/phien-khac")
@page(Action.OWN_ACCOUNT)
def end_other_sessions() -> Response:
    """Sign out of every place but this."""
    people.end_other_sessions(desk(), cookie())
    flash(say("session.others-ended"), "success")
    return redirect(url_for("account.own"))


@blueprint.get("/tai-khoan/con-lam-viec")
@page(Action.SIGN_IN)
def alive() -> Response:
    """A page left open asks whether, and as whom, one is still signed in; asking counts as using the session."""
    actor = actor_or_none()
    return jsonify(login=actor.login if actor else "", token=generate_csrf())


def _own_page(sentence: str = "") -> str:
    at = desk()
    with at.read() as connection:
        units = at.snapshot(connection).units_by_id
        has_factor = factors.is_asked(at.instance, connection, at.actor.person_id)
        length, classes = at.instance.account_rules(connection).shape(has_factor=has_factor)
    held = [(grant, units.get(grant.unit_id)) for grant in at.actor.grants]
    return render_template(
        "account.html",
        held=held,
        units=units,
        sentence=sentence,
        length=length,
        classes=classes,
        factor=factors.standing(at),
        sessions=people.own_sessions(at, cookie()),
        device=device,
        duty=duty(),
    )
