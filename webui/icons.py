"""The icons the pages use, cut once from the Bootstrap Icons sheet that comes with Bootstrap-Flask."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import flask_bootstrap
from flask import Blueprint, Response

from registry.workflow.policy import Action
from webui.permission import page

NAMES = (
    "archive",
    "arrow-clockwise",
    "arrow-counterclockwise",
    "arrow-left",
    "arrow-return-left",
    "arrow-up-circle",
    "bar-chart-line",
    "bell",
    "bell-fill",
    "box-arrow-in-right",
    "box-arrow-right",
    "building",
    "calendar-check",
    "calendar-plus",
    "check-circle-fill",
    "check-lg",
    "chat-left-text",
    "chevron-right",
    "circle",
    "clock",
    "clock-history",
    "cloud-arrow-up",
    "collection",
    "dash-circle",
    "download",
    "exclamation-circle-fill",
    "exclamation-triangle-fill",
    "file-earmark-arrow-up",
    "file-earmark-spreadsheet",
    "file-earmark-text",
    "file-earmark-word",
    "flag-fill",
    "hourglass-split",
    "inbox",
    "info-circle-fill",
    "journal-text",
    "key",
    "lock",
    "pencil-fill",
    "people",
    "person-circle",
    "printer",
    "question-circle",
    "search",
    "send-check",
    "send-fill",
    "shield-check",
    "shield-lock",
    "table",
    "unlock",
    "x-octagon-fill",
)
_SYMBOL = re.compile(r"<symbol .*?</symbol>", re.DOTALL)
_ID = re.compile(r'\bid="([^"]+)"')

blueprint = Blueprint("icons", __name__)


@cache
def sheet() -> bytes:
    """One SVG with a symbol for each of `NAMES`."""
    path = Path(flask_bootstrap.__file__).parent / "static/bootstrap5/icons/bootstrap-icons.svg"
    known = {
        found[1]: symbol
        for symbol in _SYMBOL.findall(path.read_text(encoding="utf-8"))
        if (found := _ID.search(symbol))
    }
    symbols = "".join(known[name] for name in NAMES)
    return f'<svg xmlns="http://www.w3.org/2000/svg">{symbols}</svg>'.encode()


@blueprint.get("/bieu-tuong.svg")
@page(Action.SIGN_IN)
def icons() -> Response:
    """The sheet, kept by browsers for a day."""
    return Response(sheet(), mimetype="image/svg+xml", headers={"Cache-Control": "public, max-age=86400"})
