"""The office's page of the rules of accounts, and of accounts that lay unused."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from actions import account_rules, factors
from actions.desk import Refusal
from actions.desk import say as told
from registry.workflow.account_rules import BOUNDS, AccountRules
from registry.workflow.policy import Action
from webui.permission import page
from webui.visitor import desk
from webui.wording import say

blueprint = Blueprint("account_rules", __name__)

# As the page tells them, in two columns: heading, rules.
COLUMNS = (
    (
        ("passwords", ("length_alone", "classes_alone", "length_with_factor", "classes_with_factor", "history")),
        ("admins", ("admin_password_days", "factor_for_all")),
    ),
    (
        ("sessions", ("idle_minutes", "idle_minutes_admin", "warn_minutes", "session_hours")),
        ("accounts", ("lock_after", "lock_minutes", "idle_days", "link_hours")),
    ),
)


@blueprint.get("/quy-tac-tai-khoan")
@page(Action.RULE_ACCOUNTS)
def look() -> str:
    """The rules in force."""
    return _page()


@blueprint.post("/quy-tac-tai-khoan")
@page(Action.RULE_ACCOUNTS)
def change() -> Response | tuple[str, int]:
    """Put rules in force."""
    try:
        changed = account_rules.change(desk(), request.form)
    except Refusal as refusal:
        return _page(str(refusal)), refusal.status
    flash(say("account-rules.changed", count=len(changed)), "success")
    return redirect(url_for("account_rules.look"))


@blueprint.post("/quy-tac-tai-khoan/mo-lai/<int:person_id>")
@page(Action.RULE_ACCOUNTS)
def enable(person_id: int) -> Response:
    """Give an account that lay unused back to its owner."""
    owner = account_rules.enable(desk(), person_id)
    flash(say("account-rules.enabled", login=owner.login), "success")
    return redirect(url_for("account_rules.look"))


@blueprint.post("/quy-tac-tai-khoan/go-xac-thuc")
@page(Action.RULE_ACCOUNTS)
def drop_factor() -> Response | tuple[str, int]:
    """Take a lost phone from an account."""
    login = request.form.get("login", "")
    try:
        factors.drop_of(desk(), login)
    except Refusal as refusal:
        return _page(str(refusal)), refusal.status
    flash(say("account-rules.factor-dropped", login=login), "success")
    return redirect(url_for("account_rules.look"))


def _page(sentence: str = "") -> str:
    ruled = account_rules.look(desk())
    return render_template(
        "account_rules.html",
        ruled=ruled,
        columns=COLUMNS,
        bounds=BOUNDS,
        usual=AccountRules(),
        typed=request.form,
        sentence=sentence,
        rule_name=lambda name: told(f"account-rule.{name}"),
    )
