"""Is the server alive, and can it work?"""

from __future__ import annotations

from flask import Blueprint, Response

from registry.store import definitions
from registry.workflow.policy import Action
from webui.permission import page
from webui.visitor import instance

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
@page(Action.SIGN_IN)
def healthz() -> Response:
    """Alive."""
    return Response("ok\n", mimetype="text/plain")


@blueprint.get("/readyz")
@page(Action.SIGN_IN)
def readyz() -> Response:
    """Able to read the database and to find the files; 503 when not."""
    try:
        with instance().store.read() as connection:
            definitions.generation(connection)
        ready = instance().settings.files_root.is_dir()
    except Exception:  # whatever is wrong, the answer is the same
        ready = False
    return Response("ok\n" if ready else "not ready\n", status=200 if ready else 503, mimetype="text/plain")
