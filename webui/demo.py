"""The guided demo: its accounts by role, and what each role may try first."""

from __future__ import annotations

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from registry.catalogue.model import Role
from registry.workflow.policy import Action
from webui.permission import page
from webui.visitor import actor_or_none, instance
from webui.wording import say

blueprint = Blueprint("demo", __name__)

LOGINS: dict[Role, tuple[str, ...]] = {
    Role.CLERK: ("easup", "bmt", "snnmt", "kt.easup"),
    Role.LEADER: ("ld.easup", "ld.bmt", "ld.snnmt"),
    Role.OFFICE: ("vpub",),
    Role.RECEIVER: ("stc",),
    Role.UNIT_ADMIN: ("qt.easup",),
    Role.MONITOR: ("ioc",),
    Role.SECURITY: ("bmnn",),
    Role.WATCH: ("khcn",),
}
_COOKIE = "baocao_thu"


def to_try() -> Role | None:
    """Whose first steps the home page of a demo proposes; None once the reader put them away."""
    actor = actor_or_none()
    if actor is None or not instance().settings.demo:
        return None
    roles = {grant.role for grant in actor.grants}
    role = next((one for one in (Role.OFFICE, Role.RECEIVER, *LOGINS) if one in roles), None)
    return None if role in _put_away() or f"demo.try.{role}.1" not in say else role


@blueprint.post("/dung-thu/cat")
@page(Action.SIGN_IN)
def put_away() -> Response:
    """The reader has seen the first steps of a role; those of others are still proposed."""
    answer = redirect(url_for("work.home"))
    seen = _put_away() | {request.form.get("vai-tro", "")} & set(Role)
    answer.set_cookie(_COOKIE, ".".join(sorted(seen)), httponly=True, samesite="Lax", secure=request.is_secure)
    return answer


def _put_away() -> set[str]:
    return set(request.cookies.get(_COOKIE, "").split(".")) & set(Role)
