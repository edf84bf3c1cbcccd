"""Account life: the unit proposes, its head agrees, the office decides and it is carried out (R05, PRACTICE F24)."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import timedelta

from actions import grants as giving
from actions import telling
from actions.desk import Change, Changed, Desk, NotNow, NotYours, Refusal
from registry.catalogue.model import Role
from registry.catalogue.new_accounts import is_login, is_mail, is_phone, login_for
from registry.store import accounts, notices, people, signing
from registry.store.accounts import NO_HASH, Request, Taken, Wanted
from registry.store.engine import Connection
from registry.store.grants import NewGrant
from registry.workflow.accounts import ASKED_BY_UNITS, RequestKind, RequestState, RequestStep, Transition, transition
from registry.workflow.policy import Action

_BOTH = {Role.CLERK, Role.LEADER}  # enters and approves
LONGEST_REASON, LONGEST_DOCUMENT = 2_000, 200
_LONGEST = {"name": 200, "position": 200, "phone": 40, "email": 200}


# --- looking ---------------------------------------------------------------------------------------------------------


def see(desk: Desk, connection: Connection, request_id: int) -> Request:
    """A proposal the actor may see. Raises NotYours."""
    found = accounts.get(connection, request_id)
    if found is None or not desk.scope(Action.SEE_ACCOUNTS).allows(found.unit_id):
        raise NotYours
    return found


def waiting(desk: Desk, connection: Connection) -> tuple[int, int]:
    """How many proposals wait for the actor as head of a unit, and as the office."""
    agree, decide = desk.scope(Action.AGREE_ACCOUNT), desk.scope(Action.DECIDE_ACCOUNT)
    return (
        0 if agree.is_empty else accounts.count(connection, agree.units, RequestState.PROPOSED),
        0 if decide.is_empty else accounts.count(connection, decide.units, RequestState.AGREED),
    )


def roles_to_ask(desk: Desk) -> tuple[Role, ...]:
    """The roles the actor may put into a proposal."""
    return ASKED_BY_UNITS if desk.scope(Action.DECIDE_ACCOUNT).is_empty else tuple(Role)


def is_without_administrator(desk: Desk, connection: Connection, unit_id: int, person_id: int | None = None) -> bool:
    """True when nobody in a unit, but for the person concerned, could propose: then the office acts by itself."""
    return not accounts.holders(connection, Role.UNIT_ADMIN, unit_id, desk.day) - {person_id}


# --- proposing -------------------------------------------------------------------------------------------------------


def propose(
    desk: Desk, unit_id: int, kind: RequestKind, wanted: Wanted, person_id: int | None = None, reason: str = ""
) -> int:
    """Propose about an account of a unit; the proposal's number. Raises NotYours, Refusal."""
    return _begin(desk, RequestStep.PROPOSE, unit_id, kind, wanted, person_id, reason=reason).id


def act(
    desk: Desk, unit_id: int, kind: RequestKind, wanted: Wanted, document: str, person_id: int | None = None
) -> Request:
    """The office does it for a unit in which nobody can propose, by a document. Raises NotYours, Refusal."""
    return _begin(desk, RequestStep.ACT, unit_id, kind, wanted, person_id, document=document)


def _begin(
    desk: Desk,
    step: RequestStep,
    unit_id: int,
    kind: RequestKind,
    wanted: Wanted,
    person_id: int | None,
    *,
    reason: str = "",
    document: str = "",
) -> Request:
    found = transition(None, step)
    assert found is not None
    desk.require(found.action, unit_id)
    reason, document = _said(found, reason, document)
    with desk.change(found.action, "") as change:
        connection = change.connection
        if step is RequestStep.ACT and not is_without_administrator(desk, connection, unit_id, person_id):
            raise Refusal("unit-has-administrator")
        wanted = _in_order(desk, connection, unit_id, kind, wanted, person_id)
        number = accounts.put(connection, kind, unit_id, wanted, None if kind is RequestKind.CREATE else person_id)
        request = accounts.get(connection, number)
        assert request is not None
        change.on, change.unit_id = f"account request {number}", unit_id
        return _take(desk, change, request, found, 0, reason, document)


def _in_order(
    desk: Desk, connection: Connection, unit_id: int, kind: RequestKind, wanted: Wanted, person_id: int | None
) -> Wanted:
    """What is asked, tidied; raises NotYours, Refusal."""
    if kind is RequestKind.CREATE:
        wanted = _described(wanted)
        if not wanted.login:
            code = desk.snapshot(connection).units_by_id[unit_id].code
            wanted = replace(wanted, login=login_for(wanted.name, code, accounts.logins(connection)))
        if not is_login(wanted.login):
            raise Refusal("login-bad")
        if wanted.login in accounts.logins(connection):
            raise Refusal("login-taken", login=wanted.login)
        return replace(wanted, roles=_roles(desk, wanted.roles))
    known = people.by_ids(connection, [person_id] if person_id else [])
    held = accounts.roles_in(connection, person_id, desk.day).get(unit_id, set()) if person_id else set()
    if not known or known[0].state == "system" or not held:
        raise NotYours
    owner = known[0]
    if accounts.is_waited_for(connection, owner.id):
        raise NotNow("account-waits")
    if kind is RequestKind.CHANGE:
        wanted = replace(_described(wanted), login=owner.login)
        asked = tuple(role for role in Role if role in held - set(roles_to_ask(desk)))  # not the actor's: they stay
        return replace(wanted, roles=(*_roles(desk, wanted.roles, held, or_none=bool(asked)), *asked))
    return Wanted(owner.login, owner.name, owner.position, owner.phone, roles=tuple(sorted(held)))


def _described(wanted: Wanted) -> Wanted:
    """The words about a person without what does not belong into a line; raises Refusal."""
    said = {name: _line(getattr(wanted, name)) for name in _LONGEST}
    if not said["name"] or any(len(text) > _LONGEST[name] for name, text in said.items()):
        raise Refusal("account-name-needed")
    if said["email"] and not is_mail(said["email"]):
        raise Refusal("mail-bad")
    if said["phone"] and not is_phone(said["phone"]):
        raise Refusal("phone-bad")
    return Wanted(wanted.login.strip().casefold(), **said, roles=wanted.roles)


def _line(text: str) -> str:
    plain = "".join(letter if letter.isprintable() else " " for letter in unicodedata.normalize("NFC", text))
    return " ".join(plain.split())


def _roles(
    desk: Desk, wanted: Iterable[Role], held: Collection[Role] = (), *, or_none: bool = False
) -> tuple[Role, ...]:
    """The roles asked for; who holds both sides of an approval already was allowed to. Raises Refusal."""
    asked = set(wanted)
    roles = tuple(role for role in roles_to_ask(desk) if role in asked)
    if asked - set(roles) or not (roles or or_none):
        raise Refusal("account-roles")
    if asked >= _BOTH and not set(held) >= _BOTH:
        raise Refusal("account-enters-and-approves")
    return roles


# --- deciding --------------------------------------------------------------------------------------------------------


def take_step(
    desk: Desk, request_id: int, step: RequestStep, version: int, reason: str = "", document: str = ""
) -> Request:
    """Agree, decline, take back, issue or refuse a proposal seen at ``version``.

    Raises NotYours, Changed (somebody was quicker), NotNow, Refusal.
    """
    with desk.read() as connection:
        seen = see(desk, connection, request_id)
    found = transition(seen.state, step)
    if found is None:
        raise Changed if seen.version != version else NotNow("account-not-now")
    desk.require(found.action, seen.unit_id)
    reason, document = _said(found, reason, document)
    with desk.change(found.action, f"account request {request_id}") as change:
        change.unit_id = seen.unit_id
        return _take(desk, change, seen, found, version, reason, document)


def issue_many(desk: Desk, seen: Iterable[tuple[int, int]]) -> tuple[list[int], list[tuple[int, str]]]:
    """The office issues several proposals, each (number, version) in its own transaction.

    The numbers done, and those that were not with the sentence why. Raises NotYours.
    """
    desk.require(Action.DECIDE_ACCOUNT)
    done: list[int] = []
    left: list[tuple[int, str]] = []
    for number, version in seen:
        try:
            done.append(take_step(desk, number, RequestStep.ISSUE, version).id)
        except Refusal as refusal:
            left.append((number, str(refusal)))
    return done, left


def _said(found: Transition, reason: str, document: str) -> tuple[str, str]:
    reason, document = reason.strip()[:LONGEST_REASON], _line(document)[:LONGEST_DOCUMENT]
    if found.reason and not reason:
        raise Refusal("reason-needed")
    if found.document and not document:
        raise Refusal("account-document-needed")
    return reason, document


def _take(
    desk: Desk, change: Change, request: Request, found: Transition, version: int, reason: str, document: str
) -> Request:
    """One step: recorded, carried out where it is the last, those told whom it concerns."""
    taken = Taken(request.id, found.step, reason, document, desk.actor.person_id, desk.actor.name, desk.moment)
    if not accounts.advance(change.connection, taken, found.target, version):
        raise Changed
    change.detail |= {"step": found.step, "kind": request.kind, "login": request.wanted.login}
    change.detail |= {"roles": list(request.wanted.roles), "reason": reason, "document": document}
    request = replace(request, state=found.target, version=version + 1)
    if found.target is RequestState.DONE:
        if request.person_id == desk.actor.person_id:
            raise Refusal("own-account-decided")
        request = _carry_out(desk, change, request, ours=found.step is RequestStep.ACT)
    _tell(desk, change.connection, request)
    return request


# --- carrying out ----------------------------------------------------------------------------------------------------


def _carry_out(desk: Desk, change: Change, request: Request, *, ours: bool) -> Request:
    """Do what is asked; ``ours`` when the office thought of it itself."""
    if request.kind is RequestKind.CREATE:
        return _create(desk, change, request)
    assert request.person_id is not None
    change.detail["person"] = request.person_id
    if request.kind is RequestKind.CHANGE:
        _change(desk, change, request, request.person_id, set(Role) if ours else set(ASKED_BY_UNITS))
    elif request.kind is RequestKind.WITHDRAW:
        _withdraw(desk, change, request, request.person_id)
    else:
        people.put_password(change.connection, request.person_id, NO_HASH, desk.moment)
        accounts.wake(change.connection, request.person_id, desk.moment)
        change.detail["sessions"] = accounts.end_sessions(change.connection, request.person_id, desk.moment)
    return request


def _create(desk: Desk, change: Change, request: Request) -> Request:
    connection, wanted = change.connection, request.wanted
    if people.find(connection, wanted.login) is not None:
        raise Refusal("login-taken", login=wanted.login)
    person_id = accounts.create(connection, [wanted], desk.moment)[wanted.login]
    for role in wanted.roles:
        _give(desk, change, person_id, request.unit_id, role)
    accounts.made_for(connection, request.id, person_id)
    change.detail["person"] = person_id
    return replace(request, person_id=person_id)


def _change(desk: Desk, change: Change, request: Request, person_id: int, touched: set[Role]) -> None:
    """The person anew, the roles as asked; those not among ``touched`` stay, whenever they were given."""
    connection, wanted = change.connection, request.wanted
    accounts.describe(connection, person_id, wanted)
    held = accounts.roles_in(connection, person_id, desk.day).get(request.unit_id, set())
    gone = touched & held - set(wanted.roles)
    accounts.take_back(connection, person_id, request.unit_id, gone, desk.moment)
    new = [role for role in wanted.roles if role not in held]
    for role in new:
        _give(desk, change, person_id, request.unit_id, role)
    change.detail |= {"given": new, "taken": sorted(gone)}


def _give(desk: Desk, change: Change, person_id: int, unit_id: int, role: Role) -> None:
    giving.put(desk, change, NewGrant(person_id, role, unit_id, False, None, None, desk.day, None))


def _withdraw(desk: Desk, change: Change, request: Request, person_id: int) -> None:
    """All a person holds in the unit ends: roles, what was lent, in what capacity he signs.

    An account that holds nothing elsewhere is disabled and its sessions end.
    """
    connection = change.connection
    accounts.take_back(connection, person_id, request.unit_id, tuple(Role), desk.moment)
    for lent in signing.delegations(connection, [request.unit_id]):
        if person_id in (lent.from_id, lent.to_id) and lent.is_open_on(desk.day):
            signing.revoke_delegation(connection, lent.id, desk.moment)
            telling.no_longer_lent(desk, connection, lent)
    for held in signing.capacities(connection, [request.unit_id]):
        if held.person_id == person_id and held.is_open_on(desk.day):
            signing.end_capacity(connection, held.id, desk.day - timedelta(days=1), desk.moment)
    elsewhere = sorted(accounts.roles_in(connection, person_id, desk.day))
    change.detail["still in units"] = elsewhere
    if not elsewhere:
        accounts.disable(connection, person_id)
        change.detail["sessions"] = accounts.end_sessions(connection, person_id, desk.moment)


# --- telling ---------------------------------------------------------------------------------------------------------

_WAITING = ("account-proposed", "account-agreed")


def _tell(desk: Desk, connection: Connection, request: Request) -> None:
    """Whoever decides next is told; whoever proposed learns how it ended."""
    on = f"account request {request.id}"
    values = {"number": request.id, "name": request.wanted.name, "unit": request.unit_name, "kind": request.kind.value}
    notices.settle(connection, _WAITING, on, desk.moment)
    if request.state is RequestState.PROPOSED:
        told = accounts.holders(connection, Role.LEADER, request.unit_id, desk.day)
    elif request.state is RequestState.AGREED:
        told = accounts.everybody(connection, Role.OFFICE, desk.day)
    else:
        first = accounts.steps(connection, [request.id])[request.id][0]
        told = {first.by_id}
    notices.put(connection, told - {desk.actor.person_id}, f"account-{request.state}", on, values, desk.moment)
