"""“Tài khoản của đơn vị”: the accounts of a unit, proposals about them, what the head of the unit says (F24)."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from actions import account_slips
from actions import accounts as acting
from actions.desk import Desk, NotYours
from registry.catalogue.model import Role, Unit
from registry.store import accounts
from registry.store.accounts import Account, Wanted
from registry.store.definitions import Snapshot
from registry.store.engine import Connection
from registry.workflow.accounts import RequestKind, RequestState, RequestStep, steps_from
from registry.workflow.policy import Action, Scope
from webui import standing
from webui.noting import saw
from webui.permission import page
from webui.typed import as_number
from webui.visitor import desk
from webui.wording import say

blueprint = Blueprint("unit_accounts", __name__)

_BY_UNIT = (RequestStep.CANCEL, RequestStep.AGREE_ON_PAPER)
_BY_HEAD = (RequestStep.AGREE, RequestStep.DECLINE)


# --- the unit's accounts ---------------------------------------------------------------------------------------------


@blueprint.get("/tai-khoan-don-vi")
@page(Action.SEE_ACCOUNTS)
def listing() -> str:
    """Accounts of a unit: states, roles, last sign-in; and what was proposed about them."""
    at = desk()
    with at.read() as connection:
        snapshot = at.snapshot(connection)
        allowed = at.require(Action.SEE_ACCOUNTS)
        units = units_within(snapshot, allowed)
        chosen, unit_id = chosen_unit(at, snapshot, allowed)
        of_unit = accounts.of_units(connection, [unit_id], at.day)[unit_id]
        asked = accounts.listing(connection, [unit_id])
        taken = accounts.steps(connection, [one.id for one in asked])
        alone = acting.is_without_administrator(at, connection, unit_id)
    return render_template(
        "accounts.html",
        units=units,
        unit=chosen,
        unit_id=unit_id,
        accounts=[(one, standing.of_account(one)) for one in of_unit],
        requests=[(one, standing.of_account_request(one.state), taken[one.id]) for one in asked],
        may_propose=at.scope(Action.PROPOSE_ACCOUNT).allows(unit_id),
        may_act=alone and at.scope(Action.DECIDE_ACCOUNT).allows(unit_id),
        is_alone=alone,
    )


def units_within(snapshot: Snapshot, allowed: Scope) -> list[Unit]:
    """The units alive of a scope, in official order."""
    return [unit for unit in snapshot.units.values() if allowed.allows(snapshot.unit_ids[unit.code])]


def chosen_unit(at: Desk, snapshot: Snapshot, allowed: Scope) -> tuple[Unit, int]:
    """The unit named in the address, by its code or key, else the person's own. Raises NotYours."""
    code = request.values.get("don_vi", "").strip().partition(" ")[0]
    key = snapshot.unit_ids.get(code) if code else request.values.get("unit", default=at.actor.home, type=as_number)
    if key is None or key not in snapshot.units_by_id or not allowed.allows(key):
        raise NotYours
    return snapshot.units_by_id[key], key


# --- proposing -------------------------------------------------------------------------------------------------------


@blueprint.get("/tai-khoan-don-vi/de-xuat")
@page(Action.PROPOSE_ACCOUNT)
def ask() -> str:
    """The form of a proposal: a new account, or what to do with one."""
    return asking(Action.PROPOSE_ACCOUNT)


@blueprint.post("/tai-khoan-don-vi/de-xuat")
@page(Action.PROPOSE_ACCOUNT)
def propose() -> Response:
    """Put a proposal before the head of the unit."""
    at = desk()
    unit, unit_id, person_id = subject(at, Action.PROPOSE_ACCOUNT)
    number = acting.propose(at, unit_id, kind_sent(), wanted_sent(), person_id, request.form.get("ly_do", ""))
    flash(say("accounts.proposed", unit=unit.name), "success")
    return redirect(url_for("unit_accounts.one", request_id=number))


def asking(action: Action) -> str:
    """The form of a proposal, of the unit's administrator or of the office acting by itself."""
    at = desk()
    unit, unit_id, person_id = subject(at, action)
    with at.read() as connection:
        known = _account(at, connection, unit_id, person_id) if person_id else None
    return render_template(
        "account_ask.html",
        unit=unit,
        unit_id=unit_id,
        account=known,
        roles=acting.roles_to_ask(at),
        badge=standing.of_account(known) if known else None,
        kinds=RequestKind,
        by_office=action is Action.DECIDE_ACCOUNT,
        longest=acting.LONGEST_DOCUMENT,
    )


def subject(at: Desk, action: Action) -> tuple[Unit, int, int | None]:
    """The unit a form is about, and the person where there is one. Raises NotYours."""
    with at.read() as connection:
        snapshot = at.snapshot(connection)
        unit, unit_id = chosen_unit(at, snapshot, at.require(action))
    return unit, unit_id, request.values.get("nguoi", type=as_number)


def _account(at: Desk, connection: Connection, unit_id: int, person_id: int) -> Account:
    found = accounts.of_units(connection, [unit_id], at.day)[unit_id]
    account = next((one for one in found if one.person.id == person_id and one.roles), None)
    if account is None:
        raise NotYours
    return account


def kind_sent() -> RequestKind:
    """What the form asks for. Raises NotYours for anything that is not one of its buttons."""
    try:
        return RequestKind(request.form.get("viec", ""))
    except ValueError:
        raise NotYours from None


def wanted_sent() -> Wanted:
    """The account as the form describes it."""
    filled = request.form
    roles = tuple(role for role in Role if role.value in filled.getlist("vai_tro"))
    return Wanted(
        filled.get("tai_khoan", ""),
        filled.get("ho_ten", ""),
        filled.get("chuc_vu", ""),
        filled.get("dien_thoai", ""),
        filled.get("thu", ""),
        roles,
    )


# --- one proposal ----------------------------------------------------------------------------------------------------


@blueprint.get("/tai-khoan-don-vi/de-xuat/<int:request_id>")
@page(Action.SEE_ACCOUNTS)
def one(request_id: int) -> str:
    """A proposal: what is asked, who said what, what the reader can do."""
    at = desk()
    with at.read() as connection:
        found = acting.see(at, connection, request_id)
        saw(f"unit {found.unit_id}", found.unit_id)
        taken = accounts.steps(connection, [request_id])[request_id]
        unit = at.snapshot(connection).units_by_id[found.unit_id]
        sure = accounts.with_password(connection, {found.person_id} if found.person_id else ())
    can = [step.step for step in steps_from(found.state) if at.scope(step.action).allows(found.unit_id)]
    return render_template(
        "account_request.html",
        one=found,
        unit=unit,
        taken=taken,
        badge=standing.of_account_request(found.state),
        can=can,
        steps=RequestStep,
        may_slip=account_slips.waits_for_slip(found, sure) and at.scope(Action.DECIDE_ACCOUNT).allows(found.unit_id),
        longest=acting.LONGEST_DOCUMENT,
    )


@blueprint.post("/tai-khoan-don-vi/de-xuat/<int:request_id>/don-vi")
@page(Action.PROPOSE_ACCOUNT)
def by_unit(request_id: int) -> Response:
    """The administrator takes a proposal back, or records that the head agreed on paper."""
    return step_sent(request_id, _BY_UNIT)


@blueprint.post("/tai-khoan-don-vi/de-xuat/<int:request_id>/thu-truong")
@page(Action.AGREE_ACCOUNT)
def by_head(request_id: int) -> Response:
    """The head of the unit agrees, or does not for a reason."""
    return step_sent(request_id, _BY_HEAD)


def step_sent(request_id: int, steps: tuple[RequestStep, ...]) -> Response:
    """Take the step a button sent, one of those its page has."""
    found = next((step for step in steps if step.value == request.form.get("do")), None)
    if found is None:
        raise NotYours
    version = request.form.get("version", default=-1, type=as_number)
    acting.take_step(desk(), request_id, found, version, request.form.get("ly_do", ""), request.form.get("van_ban", ""))
    flash(say(f"accounts.done.{found}"), "success")
    return redirect(url_for("unit_accounts.one", request_id=request_id))


@blueprint.get("/tai-khoan-don-vi/cho-dong-y")
@page(Action.AGREE_ACCOUNT)
def to_agree() -> str:
    """What waits for the head of the unit."""
    at = desk()
    allowed = at.require(Action.AGREE_ACCOUNT)
    with at.read() as connection:
        found = accounts.listing(connection, allowed.units, states=[RequestState.PROPOSED])
        taken = accounts.steps(connection, [one.id for one in found])
    return render_template("accounts_to_agree.html", requests=[(one, taken[one.id][0]) for one in found])
