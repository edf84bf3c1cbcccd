"""What an answer leaves in the audit log: that another unit's data were read, or what is not theirs was asked for."""

from __future__ import annotations

from typing import cast
from urllib.parse import quote

from flask import Flask, current_app, g, request
from werkzeug.wrappers import Response

from webui.visitor import actor_or_none, desk, instance

REFUSED = "refused"
_LONGEST = 200
_REFUSED = (403, 404)
_NOTHING_OF_ANYBODY = ("static", "bootstrap.static", "icons.icons", "guides.picture")


def install(app: Flask) -> None:
    """Note what is read and what is refused, once a request."""
    app.after_request(_noted)


def saw(on: str, unit_id: int | None = None) -> None:
    """The page being made shows what a unit (None: many) keeps; for pages that know it only when they are asked."""
    g.saw = (on, unit_id)


def asked() -> str:
    """What was asked for, as the log names it."""
    return f"{request.method} {quote(request.path, safe='/')}"[:_LONGEST]


def _noted(response: Response) -> Response:
    if request.endpoint is None or request.endpoint in _NOTHING_OF_ANYBODY or actor_or_none() is None:
        return response
    if response.status_code in _REFUSED:
        instance().journal.write(desk(), REFUSED, asked(), {})
    elif response.status_code == 200 and (read := _read()):
        instance().journal.read(desk(), *read)
    return response


def _read() -> tuple[str, int | None] | None:
    if "saw" in g:
        return cast("tuple[str, int | None]", g.saw)
    reads: str = vars(current_app.view_functions[str(request.endpoint)]).get("reads", "")
    return (reads.format(**(request.view_args or {})), None) if reads else None
