"""“Người và quyền”: who enters, approves, makes and receives reports of a unit; giving and taking back roles."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from actions import grants as giving
from actions.desk import Desk, NotYours, Refusal
from registry.catalogue.model import Regime, Role, Unit
from registry.store import grants, people, rights, signing
from registry.store.definitions import Snapshot
from registry.store.engine import Connection
from registry.store.grants import Held, NewGrant
from registry.workflow.policy import (
    GRANTED_BY_UNIT_ADMINS,
    Action,
    Actor,
    lent_by,
    receives,
    scope,
)
from vietnamese.fold import fold
from webui.filled import chosen, day_of
from webui.permission import page
from webui.typed import as_number
from webui.visitor import desk
from webui.wording import say

blueprint = Blueprint("staff", __name__)

_NEEDED = (Role.UNIT_ADMIN, Role.CLERK, Role.LEADER)


@dataclass(frozen=True)
class Doer:
    """Somebody who may do one thing now; ``lent`` when by delegation."""

    name: str
    lent: bool


@dataclass(frozen=True)
class Duty:
    """Forms, or reports as a whole, that the same people do the same things with."""

    of: tuple[str, ...]  # codes of forms, or of regimes
    are_reports: bool
    doers: tuple[tuple[str, tuple[Doer, ...]], ...]  # (what, who)


@blueprint.get("/nguoi-va-quyen")
@page(Action.MANAGE_PEOPLE)
def choose() -> Response | str:
    """The office finds a unit; an administrator goes to their own."""
    at = desk()
    allowed = at.require(Action.MANAGE_PEOPLE)
    with at.read() as connection:
        snapshot = at.snapshot(connection)
        roles = giving.roles_of_unit_admins(connection)
    if allowed.units is not None:
        home = at.actor.home if at.actor.home in allowed.units else min(allowed.units)
        return redirect(url_for("staff.one", unit_id=home))
    text = request.args.get("q", "").strip()
    units = [(snapshot.unit_ids[unit.code], unit) for unit in snapshot.units.values() if _matches(unit, text)]
    return render_template("staff_choose.html", units=units, text=text, roles=roles, every_role=GRANTED_BY_UNIT_ADMINS)


def _matches(unit: Unit, text: str) -> bool:
    return not text or fold(text) in f"{fold(unit.name)} {unit.code.casefold()}"


@blueprint.post("/nguoi-va-quyen/vai-tro")
@page(Action.DELEGATE_ROLES)
def delegate_roles() -> Response:
    """Which roles administrators of units may give."""
    roles = frozenset(role for role in GRANTED_BY_UNIT_ADMINS if role.value in request.form.getlist("role"))
    giving.let_unit_admins_give(desk(), roles)
    flash(say("staff.roles-saved"), "success")
    return redirect(url_for("staff.choose"))


@blueprint.get("/don-vi/<int:unit_id>/nguoi-va-quyen")
@page(Action.MANAGE_PEOPLE, reads="unit {unit_id}")
def one(unit_id: int) -> str:
    """People and roles of one unit."""
    at = desk()
    allowed = at.require(Action.MANAGE_PEOPLE, unit_id)
    with at.read() as connection:
        snapshot = at.snapshot(connection)
        unit = unit_of(snapshot, unit_id)
        held = grants.of_units(connection, [unit_id])
        house = house_of(at, connection, snapshot, unit_id)
        regimes = [one for one in snapshot.regimes.values() if _concerns(one, unit)]
        duties = _duties(connection, at.day, unit_id, unit, regimes, held)
        known = giving.people_of(at, connection, unit_id)
        roles = giving.roles_to_give(at, connection, unit_id)
        allows_own = signing.allows_own_approval(connection, unit_id)
    open_ones = [each for each in held if each.is_open_on(at.day)]
    return render_template(
        "staff.html",
        unit=unit,
        unit_id=unit_id,
        house=house,
        held=[(role, [each for each in open_ones if each.role is role]) for role in Role if _shown(role, open_ones)],
        needed=_NEEDED,
        over=[each for each in held if each not in open_ones],
        both=_both(open_ones, at.day),
        duties=duties,
        people=known,
        roles=roles,
        regimes=regimes,
        forms=sorted({code for regime in regimes for code in regime.forms}),
        allows_own=allows_own,
        is_office=allowed.units is None,
        is_alive=giving.is_alive(snapshot, unit_id),
        today=at.day,
        me=at.actor.person_id,
    )


def _shown(role: Role, held: list[Held]) -> bool:
    return role in _NEEDED or any(one.role is role for one in held)


def _both(held: Iterable[Held], day: date) -> list[str]:
    """Names of those who may enter and approve."""
    roles: dict[tuple[int, str], set[Role]] = {}
    for one in held:
        if one.holds_on(day):
            roles.setdefault((one.person_id, one.name), set()).add(one.role)
    return [name for (_, name), them in roles.items() if {Role.CLERK, Role.LEADER} <= them]


def unit_of(snapshot: Snapshot, unit_id: int) -> Unit:
    """A unit of any time. Raises NotYours."""
    found = snapshot.units_by_id.get(unit_id)
    if found is None:
        raise NotYours
    return found


def house_of(at: Desk, connection: Connection, snapshot: Snapshot, unit_id: int) -> list[tuple[int, Unit]]:
    """The units one may go to from here: all of one's own, or for the office this one and its divisions."""
    allowed = at.scope(Action.MANAGE_PEOPLE).units
    keys = allowed or rights.divisions(connection, unit_id, at.day) | {unit_id}
    known = [(key, snapshot.units_by_id[key]) for key in keys if key in snapshot.units_by_id]
    return sorted(known, key=lambda pair: (pair[1].order, pair[1].code))


def _concerns(regime: Regime, unit: Unit) -> bool:
    return unit.code in regime.receivers or any(unit.answers_to(selector) for selector in regime.reporters)


def _duties(
    connection: Connection, day: date, unit_id: int, unit: Unit, regimes: Iterable[Regime], held: Iterable[Held]
) -> list[Duty]:
    """Who may do what with each form and report, by the one policy."""
    lent = [one.to_id for one in signing.delegations(connection, [unit_id]) if one.holds_on(day)]
    ids = dict.fromkeys([*(one.person_id for one in held if one.is_active and one.holds_on(day)), *lent])
    actors = [actor for one in ids if (actor := people.actor(connection, one, day)) is not None]
    alike: dict[tuple[bool, tuple[tuple[str, tuple[Doer, ...]], ...]], list[str]] = {}
    for regime in regimes:
        if any(unit.answers_to(selector) for selector in regime.reporters):
            for form in regime.forms:
                who = tuple((what, _doers(actors, action, unit_id, regime.code, form)) for what, action in _WITH_A_FORM)
                alike.setdefault((False, who), []).append(form)
            who = tuple((what, _doers(actors, action, unit_id, regime.code, None)) for what, action in _WITH_A_REPORT)
            alike.setdefault((True, who), []).append(regime.code)
        if unit.code in regime.receivers:
            takers = tuple(Doer(one.name, False) for one in actors if receives(one, unit_id, regime.code))
            alike.setdefault((True, (("receives", takers),)), []).append(regime.code)
    return [Duty(tuple(dict.fromkeys(of)), reports, who) for (reports, who), of in alike.items()]


_WITH_A_FORM = (("enters", Action.UPLOAD), ("approves", Action.APPROVE))
_WITH_A_REPORT = (("makes", Action.ATTACH_NARRATIVE), ("sends", Action.SEND_REPORT))


def _doers(actors: Iterable[Actor], action: Action, unit_id: int, regime: str, form: str | None) -> tuple[Doer, ...]:
    return tuple(
        Doer(one.name, lent_by(one, action, unit_id, regime, form) is not None)
        for one in actors
        if scope(one, action).allows(unit_id, regime, form)
    )


@blueprint.post("/don-vi/<int:unit_id>/cap-quyen")
@page(Action.MANAGE_PEOPLE)
def give(unit_id: int) -> Response:
    """Give somebody a role in the unit."""
    at, filled = desk(), request.form
    at.require(Action.MANAGE_PEOPLE, unit_id)
    new = NewGrant(
        _person(at, filled.get("login", ""), filled.get("person", default=0, type=as_number)),
        chosen(Role, filled.get("role", "")),
        unit_id,
        "below" in filled,
        filled.get("regime") or None,
        filled.get("form") or None,
        day_of("from") or at.day,
        day_of("to"),
    )
    giving.give(at, new)
    flash(say("staff.given", role=say(f"role.{new.role}")), "success")
    return redirect(url_for("staff.one", unit_id=unit_id))


def _person(at: Desk, login: str, key: int) -> int:
    """Of the account named: the office may name any by its login."""
    if not login.strip() or at.scope(Action.MANAGE_PEOPLE).units is not None:
        return key
    with at.read() as connection:
        found = people.find(connection, login.strip().casefold())
    if found is None or found.state != "active":
        raise Refusal("unknown-person", login=login.strip()[:80])
    return found.id


@blueprint.post("/don-vi/<int:unit_id>/quyen/<int:grant_id>/thu-hoi")
@page(Action.MANAGE_PEOPLE)
def revoke(unit_id: int, grant_id: int) -> Response:
    """Take a role back."""
    at = desk()
    at.require(Action.MANAGE_PEOPLE, unit_id)
    held = giving.revoke(at, grant_id, request.form.get("reason", ""))
    flash(say("staff.revoked", name=held.name, role=say(f"role.{held.role}")), "success")
    return redirect(url_for("staff.one", unit_id=unit_id))


@blueprint.post("/don-vi/<int:unit_id>/nhap-dong-thoi-duyet")
@page(Action.MANAGE_PEOPLE)
def own_approval(unit_id: int) -> Response:
    """Let one person enter and approve, or no longer."""
    allowed = request.form.get("allowed") == "1"
    giving.allow_own_approval(desk(), unit_id, request.form.get("reason", ""), allowed=allowed)
    flash(say("staff.own-allowed" if allowed else "staff.own-forbidden"), "success")
    return redirect(url_for("staff.one", unit_id=unit_id))
