"""Headers every answer carries (FACTS 7: headers are 25 lines)."""

from __future__ import annotations

from flask import Flask, request
from werkzeug.wrappers import Response

CONTENT_POLICY = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data:",  # the drawings inside Bootstrap's style sheet
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
_UNUSED = ("camera", "microphone", "geolocation", "payment", "usb", "display-capture")  # of what browsers offer pages
_HEADERS = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{one}=()" for one in _UNUSED),
}
_YEAR = 31_536_000


def install(app: Flask) -> None:
    """Add the headers to every answer."""
    app.after_request(_guarded)


def _guarded(response: Response) -> Response:
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", f"max-age={_YEAR}; includeSubDomains")
    if not response.cache_control.public:  # only what says itself that it is the same for everybody is kept
        response.headers["Cache-Control"] = "no-store"
    return response
