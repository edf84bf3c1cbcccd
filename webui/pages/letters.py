"""The document behind a request (công văn): taken with the five-minute form or later, handed out to all who see it."""

from __future__ import annotations

from typing import BinaryIO, cast

from flask import Blueprint, flash, redirect, request, send_file, url_for
from werkzeug.wrappers import Response

from actions import letters
from actions.desk import Desk
from actions.letters import Enclosed
from registry.workflow.policy import Action
from webui import tickets
from webui.file_names import arrived_as
from webui.mishaps import NoFile
from webui.pages.templates import DOCX
from webui.permission import page
from webui.visitor import desk
from webui.wording import say

blueprint = Blueprint("letters", __name__)

OPEN = "khong-mat"  # the box of the form
_SALT = "letter"
_PDF = "application/pdf"


def chosen_letter(at: Desk, action: Action = Action.REQUEST, what: str = "letter") -> Enclosed | None:
    """The document chosen now, else the one kept when the form was sent before; ``what`` as `letters.keep` has it.

    Raises Refusal.
    """
    file, ticket = request.files.get("file"), request.form.get("letter", "")
    if file is not None and file.filename:
        stream, name = cast(BinaryIO, file.stream), arrived_as(file)
        return letters.keep(at, stream, name, is_open=_is_open(), action=action, what=what)
    return Enclosed(*tickets.opened(_SALT, ticket)) if ticket else None


def _is_open() -> bool:
    """The sender's word that the document bears no mark of secrecy."""
    return OPEN in request.form


def ticket_of(letter: Enclosed | None) -> str:
    """What the form carries of a kept document; empty when there is none."""
    return tickets.sign(_SALT, letter.sha, letter.name) if letter else ""


def mimetype_of(name: str) -> str:
    """Of a document kept here, by its name's end."""
    return _PDF if name.lower().endswith(".pdf") else DOCX


@blueprint.get("/yeu-cau/<regime>/van-ban")
@page(Action.SEE_SUBMISSION)
def fetch(regime: str) -> Response:
    """The document as it came."""
    found, stream = letters.fetch(desk(), regime)
    return send_file(stream, mimetype=mimetype_of(found.name), as_attachment=True, download_name=found.name, max_age=0)


@blueprint.post("/yeu-cau/<regime>/<period>/van-ban")
@page(Action.REQUEST)
def attach(regime: str, period: str) -> Response:
    """Lay a document beside a request that is out already."""
    file = request.files.get("file")
    if file is None or not file.filename:
        raise NoFile
    letters.attach(desk(), regime, cast(BinaryIO, file.stream), arrived_as(file), is_open=_is_open())
    flash(say("ask.letter-attached"), "success")
    return redirect(url_for("answers.board", regime=regime, period=period))
