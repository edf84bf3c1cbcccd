"""What a person sees when something was not done: one page, with a sentence and a way on."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, jsonify, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from actions.desk import Refusal
from registry.store.engine import StoreBusy
from registry.store.files import Destroyed, DiskFull
from webui import permission, whereabouts
from webui.visitor import actor_or_none
from webui.wording import say

_OUR_FAULT = 500
_TOO_MUCH = 413
_NOT_THERE = 404


class NoFile(Refusal):
    """A form was sent without choosing a file."""

    def __init__(self) -> None:
        Exception.__init__(self, say("upload.no-file"))


class BadMoment(Refusal):
    """A date and time nobody can read."""

    def __init__(self) -> None:
        Exception.__init__(self, say("period.bad-moment"))


class MomentOutOfRange(Refusal):
    """A new deadline that is over, or too far away to be meant."""

    def __init__(self, years: int) -> None:
        Exception.__init__(self, say("period.moment-out-of-range", years=years))


def install(app: Flask) -> None:
    """Answer every mishap in Vietnamese, with its own status."""
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(CSRFError, _stale)
    app.register_error_handler(StoreBusy, lambda _: answer(503))
    app.register_error_handler(DiskFull, lambda _: answer(507))
    app.register_error_handler(Destroyed, lambda gone: answer(410, say("destroy.content", act=gone.act)))
    app.register_error_handler(HTTPException, _http)


def wants_json() -> bool:
    """True when a script asks, not a person."""
    return request.accept_mimetypes.best == "application/json"


def answer(status: int, sentence: str | None = None) -> Response:
    """The page of a status, or its sentence as JSON."""
    if status == _NOT_THERE:
        whereabouts.nowhere()
    code = str(status) if f"mishap.{status}.title" in say else "other"
    actor = actor_or_none() if status == _NOT_THERE else None
    has_no_role = actor is not None and not actor.grants
    text = sentence or say("mishap.404.no-role" if has_no_role else f"mishap.{code}.text")
    if wants_json():
        return _with_status(jsonify(error=text), status)
    template = "mishap_plain.html" if status >= _OUR_FAULT else "mishap.html"
    title = say(f"mishap.{code}.title")
    page = render_template(template, title=title, text=text, back=_back())
    return _with_status(Response(page, mimetype="text/html"), status)


def _with_status(response: Response, status: int) -> Response:
    response.status_code = status
    return response


def _back() -> str:
    """Where the person came from, if that was a page of ours."""
    came = urlsplit(request.referrer or "")
    return came.path if came.netloc == request.host and came.path != request.path else "/"


def _refused(refusal: Refusal) -> Response:
    return answer(refusal.status, None if refusal.status == 404 else str(refusal))


def _stale(_: CSRFError) -> Response:
    if wants_json():
        return _with_status(jsonify(error=say("mishap.stale"), stale=True), 400)
    if (kept := permission.rescued()) is not None:
        return kept
    lost = permission.lost_files()
    return answer(400, say("mishap.stale-file", names=lost) if lost else say("mishap.stale"))


def _http(mishap: HTTPException) -> Response:
    if mishap.code is None or mishap.code < 400:
        return mishap.get_response()
    is_typed = mishap.code == _TOO_MUCH and request.mimetype == "application/x-www-form-urlencoded"
    return answer(mishap.code, say("mishap.too-much-typed") if is_typed else None)
