"""Many accounts from a workbook: fetching the template, everything wrong at once, making them, their slips."""

from __future__ import annotations

import io
from typing import BinaryIO, cast

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from actions import account_imports, account_slips, kept
from actions.account_imports import Seen
from registry.store import accounts, people
from registry.workflow.policy import Action
from webui import standing, tickets
from webui.mishaps import NoFile
from webui.permission import page
from webui.visitor import desk
from webui.wording import say

blueprint = Blueprint("account_import", __name__)

_SALT, _LIMIT = "account import", 4 << 20
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.get("/cap-tai-khoan/nhap")
@page(Action.DECIDE_ACCOUNT)
def choose() -> tuple[str, int]:
    """Where a workbook of new accounts is sent."""
    return _page(None)


@blueprint.get("/cap-tai-khoan/nhap/mau.xlsx")
@page(Action.DECIDE_ACCOUNT)
def template() -> Response:
    """An empty workbook to list accounts in."""
    data = io.BytesIO(account_imports.template(desk()))
    return send_file(data, mimetype=_XLSX, as_attachment=True, download_name="danh-sach-tai-khoan.xlsx", max_age=0)


@blueprint.post("/cap-tai-khoan/nhap")
@page(Action.DECIDE_ACCOUNT)
def look() -> tuple[str, int]:
    """Everything wrong with a workbook, or what it would make."""
    file = request.files.get("tep")
    if file is None or not file.filename:
        raise NoFile
    at, name = desk(), file.filename[:200]
    sha = kept.keep(at, Action.DECIDE_ACCOUNT, "account import", cast(BinaryIO, file.stream), _LIMIT)
    seen = account_imports.look(at, name, sha, kept.read(at, Action.DECIDE_ACCOUNT, sha))
    return _page(seen, tickets.sign(_SALT, sha, name))


@blueprint.post("/cap-tai-khoan/nhap/<ticket>")
@page(Action.DECIDE_ACCOUNT)
def apply(ticket: str) -> Response | tuple[str, int]:
    """Make the accounts of the workbook looked at."""
    sha, name = tickets.opened(_SALT, ticket)
    at = desk()
    data = kept.read(at, Action.DECIDE_ACCOUNT, sha)
    seen = account_imports.look(at, name, sha, data)
    if seen.is_blocked:
        return _page(seen, ticket)
    number = account_imports.apply(at, name, sha, data, request.form.get("van_ban", ""))
    flash(say("accounts.imported", count=len(seen.accounts)), "success")
    return redirect(url_for("account_import.one", import_id=number))


def _page(seen: Seen | None, ticket: str = "") -> tuple[str, int]:
    at = desk()
    with at.read() as connection:
        units = at.snapshot(connection).units
    shown = render_template(
        "account_import.html", seen=seen, ticket=ticket, units=units, finding_badge=standing.of_finding
    )
    return shown, 422 if seen is not None and seen.is_blocked else 200


@blueprint.get("/cap-tai-khoan/lan-nhap/<int:import_id>")
@page(Action.DECIDE_ACCOUNT)
def one(import_id: int) -> str:
    """What an import made: who has set a password, slips for those who have not."""
    at = desk()
    with at.read() as connection:
        found, made = account_imports.one(at, connection, import_id)
        keys = {one.person_id for one in made if one.person_id}
        sure = accounts.with_password(connection, keys)
        now = {one.id: one for one in people.by_ids(connection, keys)}
    due = [one for one in made if account_slips.waits_for_slip(one, sure)]
    return render_template(
        "account_imported.html",
        found=found,
        made=made,
        people=now,
        sure=sure,
        due=sum(now[one.person_id or 0].state == "active" for one in due),
    )
