"""Slips (phiếu cấp tài khoản): a one-time link for each account without a password, made when the slip is printed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from actions import links
from actions.desk import Desk, NotNow, NotYours
from actions.links import Link
from registry.store import accounts, people
from registry.store.accounts import Request
from registry.workflow.accounts import RequestKind, RequestState
from registry.workflow.policy import Action

_NEED = (RequestKind.CREATE, RequestKind.RESET)


@dataclass(frozen=True, slots=True)
class Slip:
    """What is handed to one person; the link can be shown only now."""

    request: Request
    link: Link


def waits_for_slip(request: Request, with_password: Collection[int]) -> bool:
    """True of a proposal carried out whose person still has to set a password."""
    is_done = request.state is RequestState.DONE and request.kind in _NEED
    return is_done and request.person_id is not None and request.person_id not in with_password


def make(desk: Desk, request_ids: Collection[int] = (), import_id: int | None = None) -> list[Slip]:
    """A new link for each of some proposals, or of an import; earlier links of the same people die.

    Only the office makes them: whoever holds one can sign in as that person. The log says for whom, never the link.
    Raises NotYours, NotNow (everybody has set a password).
    """
    desk.require(Action.DECIDE_ACCOUNT)
    on = f"account import {import_id}" if import_id is not None else "account requests"
    with desk.change("make-slips", on) as change:
        connection = change.connection
        if import_id is not None:
            found = accounts.listing(connection, None, import_id=import_id, limit=100_000)[::-1]
        else:
            found = [one for key in request_ids if (one := accounts.get(connection, key)) is not None]
        if not found:
            raise NotYours
        keys = {one.person_id for one in found if one.person_id}
        sure = accounts.with_password(connection, keys)
        active = {one.id for one in people.by_ids(connection, keys) if one.state == "active"}
        due = {one.person_id: one for one in found if one.person_id in active and waits_for_slip(one, sure)}
        if not due:
            raise NotNow("slip-not-needed")
        rules = desk.instance.account_rules(connection)
        slips = [
            Slip(one, links.issue(connection, person_id, rules, desk.moment))
            for person_id, one in due.items()
            if person_id is not None
        ]
        change.detail["people"] = [one.request.person_id for one in slips]
    return slips
