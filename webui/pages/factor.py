"""The second factor: setting it up, recovery codes, and the step after the password that asks for it."""

from __future__ import annotations

import pyotp
import segno
from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from actions import factors, people
from actions.desk import Refusal
from registry.workflow.policy import Action
from webui.pages.account import next_page, welcome
from webui.permission import page
from webui.visitor import cookie, desk, instance, moment
from webui.wording import say

blueprint = Blueprint("factor", __name__)


@blueprint.get("/dang-nhap/ma-xac-thuc")
@page(Action.SIGN_IN)
def ask() -> Response | str:
    """Where the code is typed; without a password given before, back to where that is asked."""
    try:
        with instance().store.read() as connection:
            people.half_of(connection, cookie(), moment())
    except people.HalfOver as refusal:
        return _from_the_start(refusal)
    return _ask_page()


@blueprint.post("/dang-nhap/ma-xac-thuc")
@page(Action.SIGN_IN)
def answer() -> Response | tuple[str, int]:
    """Check the code and let the person in."""
    code, address, agent = request.form.get("code", ""), request.remote_addr or "", request.user_agent.string
    try:
        signed = people.second_step(instance(), cookie(), code, address, moment(), agent)
    except people.HalfOver as refusal:
        return _from_the_start(refusal)
    except Refusal as refusal:
        return _ask_page(str(refusal)), refusal.status
    return welcome(signed)


def _ask_page(sentence: str = "") -> str:
    return render_template("factor_ask.html", sentence=sentence, next=next_page())


def _from_the_start(refusal: people.HalfOver) -> Response:
    flash(str(refusal), "warning")
    return redirect(url_for("account.sign_in", next=next_page()))


@blueprint.get("/tai-khoan/xac-thuc-hai-buoc")
@page(Action.OWN_ACCOUNT)
def own() -> str:
    """How one's factor stands; the picture for the app while it is not set up."""
    return _own_page()


@blueprint.post("/tai-khoan/xac-thuc-hai-buoc")
@page(Action.OWN_ACCOUNT)
def confirm() -> str | tuple[str, int]:
    """Turn it on with a first code; the recovery codes are shown this once."""
    word, code = request.form.get("password", ""), request.form.get("code", "")
    try:
        codes = factors.confirm(desk(), word, code)
    except Refusal as refusal:
        return _own_page(str(refusal)), refusal.status
    return render_template("factor_codes.html", codes=codes, is_new=True)


@blueprint.post("/tai-khoan/xac-thuc-hai-buoc/ma-khoi-phuc")
@page(Action.OWN_ACCOUNT)
def renew_codes() -> str | tuple[str, int]:
    """Ten new recovery codes, shown this once."""
    try:
        codes = factors.renew_codes(desk(), request.form.get("password", ""))
    except Refusal as refusal:
        return _own_page(str(refusal)), refusal.status
    return render_template("factor_codes.html", codes=codes, is_new=False)


@blueprint.post("/tai-khoan/xac-thuc-hai-buoc/tat")
@page(Action.OWN_ACCOUNT)
def drop() -> Response | tuple[str, int]:
    """Turn it off, where the rules let one."""
    try:
        factors.drop(desk(), request.form.get("password", ""))
    except Refusal as refusal:
        return _own_page(str(refusal)), refusal.status
    flash(say("factor.dropped"), "success")
    return redirect(url_for("account.own"))


def _own_page(sentence: str = "") -> str:
    at = desk()
    found = factors.begin(at)
    picture = ""
    if found.secret:
        address = pyotp.TOTP(found.secret).provisioning_uri(name=at.actor.login, issuer_name=say("site.name"))
        picture = segno.make(address, micro=False).svg_data_uri(scale=5, border=4)
    groups = [found.secret[start : start + 4] for start in range(0, len(found.secret), 4)]
    return render_template("factor.html", standing=found, picture=picture, key=" ".join(groups), sentence=sentence)
