"""Answers made of words are sent compressed: a commune's line carries a page in a fifth of the bytes.

A page holds a token and may repeat what was asked for, so that its compressed length could tell the one through the
other (BREACH). As in Django's middleware, and by the paper it follows (Heal the Breach, 2022), the gzip header bears a
name of random length: that hides nothing for good, it only makes whoever averages answers need many more of them.
What keeps the token safe is beside it: its signature is of the second it was made in (Flask-WTF), so that answers of
different seconds do not add up; the session's cookie is SameSite, so that a stranger's page can ask for nothing in
somebody's name but by taking the window there; and requests are counted (`webui.doors`).
"""

from __future__ import annotations

import gzip
import io
import secrets

from flask import Flask, request
from werkzeug.wrappers import Response

_WORDS = frozenset({"text/html", "text/css", "text/javascript", "application/json", "image/svg+xml"})
_FEWEST = 1_000  # bytes; fewer fill one packet as they are
_LONGEST_NAME = 100
_LEVEL = 3  # of 9: a large page in two milliseconds


def install(app: Flask) -> None:
    """Compress what is made of words, for whoever understands it."""
    app.after_request(_squeezed)


def squeezed(body: bytes) -> bytes:
    """A gzip file of the bytes under a name of random length."""
    buffer = io.BytesIO()
    name = "a" * secrets.randbelow(_LONGEST_NAME)
    with gzip.GzipFile(name, "wb", _LEVEL, buffer, mtime=0) as file:
        file.write(body)
    return buffer.getvalue()


def _squeezed(response: Response) -> Response:
    if response.status_code != 200 or response.mimetype not in _WORDS:
        return response
    response.vary.add("Accept-Encoding")
    if not request.accept_encodings["gzip"] or "Content-Encoding" in response.headers:
        return response
    response.direct_passthrough = False  # of a file that was to be sent as it lies
    body = response.get_data()
    if len(body) >= _FEWEST:
        response.set_data(squeezed(body))
        response.headers["Content-Encoding"] = "gzip"
        if etag := response.get_etag()[0]:
            response.set_etag(etag, weak=True)  # the same words, other bytes
    return response
