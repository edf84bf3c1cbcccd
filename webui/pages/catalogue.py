"""The catalogue: what it holds, taking it out, and loading a changed one."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections import Counter

from flask import Blueprint, render_template, request, send_file
from werkzeug.wrappers import Response

from actions import catalogues, downloads
from actions.catalogues import Loaded
from registry.findings import is_blocking
from registry.workflow.policy import Action
from webui import standing
from webui.folder import NotAFolder, unfolded
from webui.mishaps import NoFile
from webui.permission import page
from webui.visitor import desk

blueprint = Blueprint("catalogue", __name__)


@blueprint.get("/danh-muc")
@page(Action.SEE_CATALOGUE)
def overview() -> str:
    """What is in force today."""
    return _overview()


def _overview(loaded: Loaded | None = None, *, only_checked: bool = False) -> str:
    at = desk()
    with at.read() as connection:
        snapshot = at.snapshot(connection)
    known = snapshot.catalogue
    return render_template(
        "catalogue.html",
        kinds=Counter(unit.kind for unit in known.units),
        forms=snapshot.form_versions.values(),
        regimes=known.regimes,
        units=snapshot.units,
        counts={
            "units": len(known.units),
            "indicators": len(known.indicators),
            "measures": len(known.measures),
            "rules": len(known.rules),
            "holidays": len(known.holidays),
        },
        loaded=loaded,
        only_checked=only_checked,
        is_blocked=loaded is not None and is_blocking(loaded.findings),
        finding_badge=standing.of_finding,
        day=at.day,
    )


@blueprint.get("/danh-muc/tai-ve.zip")
@page(Action.SEE_CATALOGUE)
def export() -> Response:
    """The folder of workbooks the catalogue could be loaded from, as a zip."""
    at, out = desk(), io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in catalogues.export(at).items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), data)
    downloads.record(at, "catalogue", hashlib.sha256(out.getvalue()).hexdigest())
    out.seek(0)
    return send_file(out, mimetype="application/zip", as_attachment=True, download_name="danh-muc.zip", max_age=0)


@blueprint.post("/danh-muc")
@page(Action.CHANGE_CATALOGUE)
def load() -> tuple[str, int]:
    """Check a folder's workbooks and, unless only that was asked, load them: all or nothing."""
    file = request.files.get("thu_muc")
    if file is None or not file.filename:
        raise NoFile
    at, files = desk(), unfolded(file.stream)
    only_check = request.form.get("do") == "check"
    loaded = Loaded((), catalogues.check(at, files)[1]) if only_check else catalogues.load(at, files)
    unknown = [one for one in loaded.findings if one.code == "catalogue-workbook-unknown"]
    if len(unknown) == len(files):
        raise NotAFolder
    return _overview(loaded, only_checked=only_check), 422 if is_blocking(loaded.findings) else 200
