"""What a page says of something being made in the background."""

from __future__ import annotations

from flask import jsonify
from werkzeug.wrappers import Response

from actions.making import Making
from webui.wording import say


def said_of(made: Making | None) -> str:
    """How far it is, while somebody waits for it."""
    if made is None or not made.is_coming:
        return ""
    return say("making.waiting") if made.state == "waiting" else say("making.running")


def told(made: Making | None) -> Response:
    """What a page that waits asks every few seconds: {state, percent, words}."""
    words = said_of(made)
    return jsonify(state="waiting" if words else "settled", percent=made.progress if made else 0, words=words)
