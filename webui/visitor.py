"""Who is visiting: Flask-Login over the store's session rows, and the desk a page works at."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import cast

from flask import Flask, Request, current_app, g, request
from flask.sessions import SecureCookieSessionInterface
from flask_login import LoginManager, UserMixin, current_user
from werkzeug.wrappers import Response

from actions import holding, people
from actions.desk import Desk
from actions.instance import Instance, now
from actions.people import Duty, Presence
from actions.reviewing import reviewers
from registry.catalogue.model import Unit
from registry.workflow.policy import Action, Actor

COOKIE, MESSAGES = "baocao_phien", "baocao_tin"
_HOST = "__Host-"  # over https the browser itself keeps such a cookie to this very host
_EXTENSION = "baocao"
_BY_ITSELF = ("board.live", "uploads.progress")  # what a page left open asks for ever: no use


class Visitor(UserMixin):  # type: ignore[misc]
    """A signed-in person as Flask-Login wants to see one."""

    def __init__(self, presence: Presence) -> None:
        self.actor = presence.actor
        self.duty = presence.duty
        self.idle_seconds = int(presence.idle.total_seconds())
        self.unread, self.announced = presence.unread, presence.announced
        self.warn_seconds = int(presence.warn.total_seconds())

    def get_id(self) -> str:
        """The person's key."""
        return str(self.actor.person_id)


class _Sessions(SecureCookieSessionInterface):
    """Flask's own cookie (messages, CSRF) is Secure, and so named, exactly when the request came by https."""

    digest_method = staticmethod(hashlib.sha256)

    def get_cookie_name(self, app: Flask) -> str:  # noqa: ARG002
        return _named(MESSAGES)

    def get_cookie_secure(self, app: Flask) -> bool:  # noqa: ARG002
        return request.is_secure


def install(app: Flask, served: Instance) -> None:
    """Let Flask-Login ask the store who holds the request's cookie."""
    serve(app, served)
    app.session_interface = _Sessions()
    manager = LoginManager(app)
    manager.session_protection = None
    manager.request_loader(_visitor_of)


def serve(app: Flask, served: Instance) -> None:
    """Make the pages of ``app`` those of this instance."""
    app.extensions[_EXTENSION] = served


def _visitor_of(arrived: Request) -> Visitor | None:
    brought = arrived.cookies.get(_named(COOKIE))
    is_use = arrived.endpoint not in _BY_ITSELF
    presence = people.who(instance(), brought, moment(), is_use=is_use) if brought else None
    return Visitor(presence) if presence else None


def _named(name: str) -> str:
    return f"{_HOST}{name}" if request.is_secure else name


def cookie() -> str:
    """What the browser brought of its session; empty when nothing."""
    return request.cookies.get(_named(COOKIE), "")


def instance() -> Instance:
    """The instance being served."""
    return cast(Instance, current_app.extensions[_EXTENSION])


def moment() -> datetime:
    """The request's moment: one for all it does."""
    if "moment" not in g:
        g.moment = now()
    return cast(datetime, g.moment)


def actor_or_none() -> Actor | None:
    """Who is signed in, if anybody."""
    return current_user.actor if current_user.is_authenticated else None


def duty() -> Duty | None:
    """What the person signed in has to do before anything else."""
    return cast(Visitor, current_user).duty if current_user.is_authenticated else None


def desk() -> Desk:
    """The desk of the person signed in."""
    return Desk(instance(), cast(Actor, actor_or_none()), moment())


def desk_or_lapsed() -> Desk | None:
    """The desk of who is signed in, else of whose session in this browser lay unused for too long."""
    if actor_or_none() is not None:
        return desk()
    return holding.desk_of_lapsed(instance(), cookie(), moment())


def may(action: Action, unit_id: int | None = None) -> bool:
    """True when the person signed in may do this somewhere, or for the unit."""
    actor = actor_or_none()
    if actor is None:
        return False
    allowed = Desk(instance(), actor, moment()).scope(action)
    return not allowed.is_empty and (unit_id is None or allowed.allows(unit_id))


def units_held() -> list[tuple[int, Unit]]:
    """The units the person signed in works in, when there are several to choose from."""
    actor = actor_or_none()
    held = dict.fromkeys(grant.unit_id for grant in actor.grants) if actor else {}
    if len(held) < 2:
        return []
    at = desk()
    with at.read() as connection:
        known = at.snapshot(connection).units_by_id
    return [(key, known[key]) for key in held if key in known]


def is_reviewer() -> bool:
    """True when a unit of the person signed in reviews what other units approved."""
    if not may(Action.SEE_REVIEW):
        return False
    at = desk()
    snapshot = at.instance.known_snapshot(at.day)
    allowed = at.scope(Action.SEE_REVIEW)
    return snapshot is not None and any(allowed.allows(one) for one in reviewers(snapshot))


def remember(response: Response, value: str) -> Response:
    """Give the browser its session."""
    response.set_cookie(_named(COOKIE), value, httponly=True, samesite="Lax", secure=request.is_secure)
    return response


def forget(response: Response) -> Response:
    """Take the session from the browser."""
    response.delete_cookie(_named(COOKIE), httponly=True, samesite="Lax", secure=request.is_secure)
    return response
