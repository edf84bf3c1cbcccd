"""Which policy action each page needs; a page without one is never served."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial, wraps
from typing import Any, BinaryIO, TypeVar, cast

from flask import Flask, abort, current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from actions import holding
from actions.people import Duty
from registry.workflow.policy import Action, scope
from webui.file_names import arrived_as
from webui.typed import as_number
from webui.visitor import actor_or_none, desk_or_lapsed, duty
from webui.wording import say

PageFunction = TypeVar("PageFunction", bound=Callable[..., Any])
# Where a duty is done; until then there is no other page but the way out.
_DONE_AT = {
    Duty.PASSWORD: ("account.own", "account.change_password"),
    Duty.FACTOR: ("factor.own", "factor.confirm"),
}
_ALWAYS = ("account.sign_out",)
_OURS = "same-origin"
_PUBLIC_FILES = ("static", "bootstrap.static")


class UnmarkedPage(RuntimeError):
    """A route whose function names no policy action: a fault of ours."""


def page(
    action: Action, reads: str = "", also: Action | None = None, keeps: str = "", holds: str = ""
) -> Callable[[PageFunction], PageFunction]:
    """Mark a view function with what it lets people do; `Action.SIGN_IN` is open to all.

    ``reads`` says of which object it shows what a unit keeps, as the audit log names it: ``upload {number}``; ``also``
    lets in who does it on behalf of another unit; ``keeps`` names a long text that is handed back, and ``holds``
    a field of files that are held, never lost, when the session is over.
    """

    def mark(view: PageFunction) -> PageFunction:
        vars(view).update(policy_action=action, reads=reads, also=also, keeps=keeps, holds=holds)
        return view

    return mark


def action_of(app: Flask, endpoint: str) -> Action:
    """The action a route is marked with; raises UnmarkedPage."""
    action = vars(app.view_functions[endpoint]).get("policy_action")
    if not isinstance(action, Action):
        raise UnmarkedPage(endpoint)
    return action


def install(app: Flask) -> None:
    """Guard every request: nobody without a session gets in, and what is not yours is not there."""
    for endpoint in _PUBLIC_FILES:
        app.view_functions[endpoint] = page(Action.SIGN_IN)(_public(app.view_functions[endpoint]))
    app.before_request(partial(_guard, app))


def _public(view: Callable[..., Any]) -> Callable[..., Any]:
    """A view function of a library, as one of ours that can be marked."""

    @wraps(view)
    def served(**values: Any) -> Any:
        return view(**values)

    return served


def _guard(app: Flask) -> Response | None:
    if request.endpoint is None:
        return None
    action = action_of(app, request.endpoint)
    if action is Action.SIGN_IN:
        return None
    actor = actor_or_none()
    if actor is None:
        return _to_sign_in()
    also = vars(app.view_functions[request.endpoint]).get("also")
    if all(scope(actor, one).is_empty for one in (action, also) if one is not None):
        abort(404)
    return _to_duty(request.endpoint)


def _to_duty(endpoint: str) -> Response | None:
    owed = duty()
    if owed is None or endpoint in _DONE_AT[owed] or endpoint in _ALWAYS:
        return None
    if request.accept_mimetypes.best == "application/json":
        abort(403)
    return redirect(url_for(_DONE_AT[owed][0]))


def rescued() -> Response | None:
    """What was sent without a good session, kept for its sender; None where nothing is, or another site sent it."""
    view = current_app.view_functions.get(request.endpoint or "")
    if view is None or request.headers.get("Sec-Fetch-Site", _OURS) != _OURS:
        return None
    return _kept_text(vars(view).get("keeps", "")) or _held_files(vars(view).get("holds", ""))


def _kept_text(name: str) -> Response | None:
    """The text of a page that ``keeps`` one, ready to be sent again."""
    if not name or name not in request.form:
        return None
    fields = [(key, value) for key, value in request.form.items() if key not in (name, "csrf_token")]
    shown = render_template("kept_text.html", name=name, text=request.form[name], fields=fields)
    return Response(shown, status=401, mimetype="text/html")


def _held_files(name: str) -> Response | None:
    """The way to where the files are that were sent to a page that ``holds`` them."""
    files = [(arrived_as(one), cast(BinaryIO, one.stream)) for one in request.files.getlist(name) if one.filename]
    at, unit_id = desk_or_lapsed() if files else None, request.form.get("don_vi", type=as_number)
    if at is None or unit_id is None or not at.scope(Action.UPLOAD).allows(unit_id):
        return None
    count = holding.hold(at, files, unit_id)
    flash(say("held.kept", count=count, total=len(files)), "warning")
    return redirect(url_for("holding.look"))


def lost_files() -> str:
    """The names of files that came with what was not done, to be chosen again; empty where there were none."""
    return ", ".join(arrived_as(one) for _, one in request.files.items(multi=True) if one.filename)


def _to_sign_in() -> Response:
    if request.accept_mimetypes.best == "application/json":
        abort(401)
    if request.method != "GET":
        if (kept := rescued()) is not None:
            return kept
        lost = lost_files()
        flash(say("sign-in.expired-file", names=lost) if lost else say("sign-in.expired"), "warning")
        return redirect(url_for("account.sign_in"))
    wanted = request.full_path.rstrip("?") if request.path != "/" else None
    return redirect(url_for("account.sign_in", next=wanted))
