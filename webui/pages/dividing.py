"""The unit says which division supplies which rows of a form, from which day, who there fills in and who checks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from actions import dividing
from actions.desk import NotYours, Refusal
from actions.dividing import Divided
from registry.catalogue.model import RowKind
from registry.store.divisions import Duty
from registry.workflow.policy import Action
from webui.pages.units import day_asked
from webui.permission import page
from webui.typed import as_number
from webui.visitor import desk
from webui.wording import say

blueprint = Blueprint("dividing", __name__)

_ROW, _SECTION = "d:", "m:"  # names of the fields of rows and of sections
_CLERK, _CHECKER = "n:", "k:"  # of divisions
_OWN = "0"  # the unit itself


@blueprint.get("/phan-cong")
@page(Action.DIVIDE_WORK)
def listing() -> str:
    """The forms that can be divided, and how many rows each division has of them."""
    return render_template("divided_forms.html", units=dividing.listing(desk()))


@blueprint.post("/phan-cong/<int:unit_id>/dau-moi")
@page(Action.MANAGE_PEOPLE)
def let_clerks(unit_id: int) -> Response:
    """Let the unit's clerks divide its work too, or no longer."""
    allowed = request.form.get("cho_phep") == "1"
    dividing.let_clerks(desk(), unit_id, allowed=allowed)
    flash(say("divide.clerks-may-now" if allowed else "divide.clerks-may-not-now"), "success")
    return redirect(url_for("dividing.listing"))


@blueprint.get("/phan-cong/<int:unit_id>/<form>")
@page(Action.DIVIDE_WORK)
def one(unit_id: int, form: str) -> str:
    """Every row with who supplies it on a day."""
    at = desk()
    day = max(day_asked(at.day), at.day)
    found = dividing.look(at, unit_id, form, day)
    return render_template(
        "dividing.html",
        found=found,
        day=day,
        is_section=lambda row: row.kind is RowKind.SECTION,
        labels={row.code: row.label for row in found.rows},
    )


@blueprint.post("/phan-cong/<int:unit_id>/<form>")
@page(Action.DIVIDE_WORK)
def put(unit_id: int, form: str) -> Response:
    """Put rows in charge of divisions from a day on."""
    at = desk()
    try:
        since = date.fromisoformat(request.form.get("tu_ngay", ""))
        seen = date.fromisoformat(request.form.get("xem_ngay", "") or since.isoformat())
    except ValueError:
        raise Refusal("bad-day") from None
    wanted = _wanted(dividing.look(at, unit_id, form, seen), request.form)
    changed = dividing.divide(at, unit_id, form, wanted, since, request.form.get("moc", type=as_number))
    flash(say("divide.kept" if changed else "divide.nothing", count=changed, day=f"{since:%d/%m/%Y}"), "success")
    return redirect(url_for("dividing.one", unit_id=unit_id, form=form, ngay=since.isoformat()))


@blueprint.post("/phan-cong/<int:unit_id>/<form>/nguoi")
@page(Action.DIVIDE_WORK)
def name(unit_id: int, form: str) -> Response:
    """Say who in each division fills in its rows, and who checks them."""
    at = desk()
    found = dividing.look(at, unit_id, form, at.day)
    wanted = {
        one: Duty(_person(f"{_CLERK}{one}"), _person(f"{_CHECKER}{one}"))
        for one in found.divisions
        if f"{_CLERK}{one}" in request.form
    }
    changed = dividing.name(at, unit_id, form, wanted)
    flash(say("divide.named" if changed else "divide.nothing"), "success")
    return redirect(url_for("dividing.one", unit_id=unit_id, form=form))


def _person(field: str) -> int | None:
    return request.form.get(field, 0, type=as_number) or None


def _wanted(found: Divided, posted: Mapping[str, str]) -> dict[str, int | None]:
    """Who is to supply each row changed on the page: as chosen in its own line, else for the section it stands in.

    Raises NotYours for anybody but the unit and its divisions.
    """
    choices: dict[str, int | None] = {_OWN: None} | {str(one): one for one in found.divisions}
    wanted: dict[str, int | None] = {}
    sections: list[tuple[int, str]] = []  # (indent, what was chosen) of those the row stands in
    for row in found.rows:
        if row.kind is RowKind.SECTION:
            sections = [one for one in sections if one[0] < row.indent]
            sections.append((row.indent, posted.get(_SECTION + row.code, "")))
            continue
        known = str(found.charge.get(row.code, _OWN))
        chosen = posted.get(_ROW + row.code, known)
        of_section = next((choice for _, choice in reversed(sections) if choice), "")
        text = of_section if chosen == known and of_section else chosen
        if text == known:
            continue
        if text not in choices:
            raise NotYours
        wanted[row.code] = choices[text]
    return wanted
