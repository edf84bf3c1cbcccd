"""Dashboards (bảng điều hành): seen, built by picking indicators, one panel full-screen, taken away as files."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from typing import TypeVar

from flask import Blueprint, abort, flash, redirect, render_template, request, send_file, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from actions import dashboards, downloads, panels
from actions.dashboards import DEFAULT, Nonsense
from actions.desk import Desk, Refusal
from actions.panels import Shown, View
from compile.charts import Chart, draw, rows_of
from compile.charts.export import comma_separated, workbook
from compile.charts.png import png
from registry.catalogue.dashboards import FREQUENCIES, LONGEST_SPAN, Against, Extent, Kind, Panel
from registry.catalogue.model import Frequency
from registry.workflow.policy import Action
from vietnamese.fold import fold
from webui.pages.templates import XLSX
from webui.permission import page
from webui.typed import as_number
from webui.visitor import desk
from webui.wording import say

Word = TypeVar("Word", Kind, Extent, Frequency)

blueprint = Blueprint("dashboards", __name__)

NARROW, WIDE, FULL = 340, 560, 1080  # widths a chart is drawn at: a phone, half a page, a page
_FILES: dict[str, tuple[str, Callable[[Chart], bytes]]] = {
    "png": ("image/png", lambda chart: png(draw(chart, FULL, framed=True))),
    "xlsx": (XLSX, workbook),
    "csv": ("text/csv; charset=utf-8", comma_separated),
}
_MOST_CHOICES = 400


@blueprint.get("/bang-dieu-hanh")
@page(Action.SEE_DASHBOARD)
def listing() -> Response:
    """The first dashboard of one's own unit, else the default one: the period asked for, or the last with figures."""
    at = desk()
    found = dashboards.listing(at)
    own = next((one.key for one in found if one.unit_id == at.actor.home), DEFAULT)
    return redirect(url_for("dashboards.look", key=own, ky=_period() or panels.latest(at, own).code))


@blueprint.get("/bang-dieu-hanh/<int:key>")
@page(Action.SEE_DASHBOARD, reads="dashboard {key}")
def look(key: int) -> str:
    """A dashboard for a period."""
    at = desk()
    found = panels.view(at, key, _period(), _link)
    return render_template(
        "dashboard.html",
        found=found,
        drawn=[_drawn(one, f"o{one.place}") for one in found.panels],
        others=dashboards.listing(at),
        units=dashboards.buildable(at),
    )


@blueprint.get("/bang-dieu-hanh/<int:key>/o/<int:place>")
@page(Action.SEE_DASHBOARD, reads="dashboard {key}")
def panel(key: int, place: int) -> str:
    """One panel by itself, with its table."""
    found = panels.view(desk(), key, _period(), _link, place)
    return render_template("dashboard_panel.html", found=found, drawn=[_drawn(one, "o", FULL) for one in found.panels])


@blueprint.get("/bang-dieu-hanh/<int:key>/o/<int:place>/<string:form>")
@page(Action.SEE_DASHBOARD)
def take(key: int, place: int, form: str) -> Response:
    """A panel as a picture, a workbook or CSV."""
    at = desk()
    found = panels.view(at, key, _period(), _link, place)
    return _file(at, found, form, f"dashboard {key}", f"{key}-{place + 1}")


@blueprint.get("/bang-dieu-hanh/chi-tieu")
@page(Action.SEE_DASHBOARD, reads="figures")
def explore() -> str:
    """One indicator of the province and its communes, or of one of them."""
    unit = request.args.get("don_vi", "")
    found = panels.explored(desk(), request.args.get("ma", ""), unit, _period(), _link)
    return render_template(
        "dashboard_explore.html", found=found, drawn=[_drawn(one, f"o{one.place}") for one in found.panels], unit=unit
    )


@blueprint.get("/bang-dieu-hanh/chi-tieu/o/<int:place>/<string:form>")
@page(Action.SEE_DASHBOARD)
def take_explored(place: int, form: str) -> Response:
    """A panel of one indicator as a picture, a workbook or CSV."""
    at = desk()
    indicator, unit = request.args.get("ma", ""), request.args.get("don_vi", "")
    found = panels.explored(at, indicator, unit, _period(), _link, place)
    named = "-".join((indicator, found.entry.unit.code, str(place + 1)))
    return _file(at, found, form, "figures", named)


@blueprint.post("/bang-dieu-hanh")
@page(Action.BUILD_DASHBOARD)
def make() -> Response:
    """A new dashboard of a unit."""
    unit_id = request.form.get("don_vi", default=0, type=as_number)
    from_default = bool(request.form.get("theo_mau"))
    made = dashboards.make(desk(), unit_id, request.form.get("ten", ""), from_default=from_default)
    flash(say("dashboards.made"), "success")
    return redirect(url_for("dashboards.edit", key=made))


@blueprint.get("/bang-dieu-hanh/<int:key>/sua")
@page(Action.BUILD_DASHBOARD, reads="dashboard {key}")
def edit(key: int) -> str:
    """Its panels in order, and the form of one of them."""
    at = desk()
    place = request.args.get("o", default=None, type=as_number)
    entry = dashboards.to_edit(at, key)
    shown = entry.definition.panels
    chosen = shown[place] if place is not None and place < len(shown) else None
    return _edit_page(at, key, chosen, place if chosen else None)


@blueprint.post("/bang-dieu-hanh/<int:key>/sua")
@page(Action.BUILD_DASHBOARD)
def change(key: int) -> str | Response:
    """Add, change, move or take away a panel; another title; end the dashboard."""
    at = desk()
    version = request.form.get("version", default=0, type=as_number)
    place = request.form.get("o", default=None, type=as_number)
    match request.form.get("do", ""):
        case "rename":
            dashboards.rename(at, key, version, request.form.get("ten", ""))
        case "put":
            typed = _typed(request.form)
            try:
                dashboards.put_panel(at, key, version, typed, place)
            except Nonsense as nonsense:
                return _edit_page(at, key, typed, place, nonsense)
        case "drop" if place is not None:
            dashboards.drop_panel(at, key, version, place)
        case "up" | "down" if place is not None:
            dashboards.move_panel(at, key, version, place, -1 if request.form["do"] == "up" else 1)
        case "end":
            dashboards.end(at, key)
            flash(say("dashboards.ended"), "success")
            return redirect(url_for("dashboards.listing"))
        case _:
            raise Refusal("not-found")
    flash(say("dashboards.kept"), "success")
    return redirect(url_for("dashboards.edit", key=key))


def _edit_page(at: Desk, key: int, chosen: Panel | None, place: int | None, nonsense: Nonsense | None = None) -> str:
    """The page of building; what clashes stands beside the form, which keeps what was typed."""
    entry = dashboards.to_edit(at, key)
    choices = dashboards.choices(at, entry.unit)
    sought = request.args.get("tim", "")
    held = chosen.indicators if chosen else ()
    found = [one for one in choices.indicators if one.code in held or fold(sought) in fold(f"{one.code} {one.name}")]
    return render_template(
        "dashboard_edit.html",
        entry=entry,
        titles=dashboards.titles(at, entry),
        panel=chosen or Panel(Kind.TREND, ()),
        is_new=place is None,
        place=place,
        choices=choices,
        indicators=sorted(found, key=lambda one: one.code not in held)[:_MOST_CHOICES],
        sought=sought,
        clashes=nonsense.clashes if nonsense else (),
        kinds=Kind,
        extents=Extent,
        against=Against,
        frequencies=FREQUENCIES,
        longest=LONGEST_SPAN,
    )


def _typed(form: MultiDict[str, str]) -> Panel:
    """The panel of a form; what is no word of ours is as if it were not said."""
    extent = _word(Extent, form.get("pham_vi"), Extent.OWN)
    named = {Extent.UNIT: "cua_don_vi", Extent.GROUP: "cua_nhom", Extent.GROUPS: "cua_bo"}
    return Panel(
        kind=_word(Kind, form.get("kieu"), Kind.TREND),
        indicators=tuple(dict.fromkeys(code[:40] for code in form.getlist("chi_tieu"))),
        extent=extent,
        of=form.get(named[extent], "")[:200] if extent in named else "",
        frequency=_word(Frequency, form.get("dinh_ky"), Frequency.MONTH),
        span=form.get("so_ky", default=12, type=as_number),
        to_date=bool(form.get("luy_ke")),
        against=frozenset(one for one in Against if one.value in form.getlist("so_voi")),
        title=" ".join(form.get("ten", "").split())[:120],
        report=form.get("bao_cao", "")[:40],
        top=min(max(form.get("so_don_vi", default=10, type=as_number), 3), 120),
    )


def _word(words: type[Word], said: str | None, otherwise: Word) -> Word:
    return next((one for one in words if one.value == said), otherwise)


def _file(at: Desk, found: View, form: str, on: str, named: str) -> Response:
    """The one panel of a view as a file, noted before it is handed over."""
    chart = found.panels[0].chart if found.panels else None
    if chart is None or form not in _FILES:
        abort(404)
    mimetype, made_from = _FILES[form]
    data = made_from(chart)
    name = f"bieu-do_{named}_{found.period.code}.{form}"
    downloads.record(at, on, hashlib.sha256(data).hexdigest())
    return send_file(io.BytesIO(data), mimetype=mimetype, as_attachment=True, download_name=name, max_age=0)


def _period() -> str:
    return request.args.get("ky", "")[:20]


def _link(period: str, indicator: str, unit: str) -> str:
    """Where figures of an indicator and unit are told, for the period at hand."""
    return url_for("dashboards.explore", ma=indicator, don_vi=unit, ky=period)


def _drawn(shown: Shown, name: str, width: int = WIDE) -> dict[str, object]:
    """What the page shows of a panel: the drawing for wide and narrow screens and the rows behind."""
    chart = shown.chart
    if chart is None:
        return {}
    whole = FULL if chart.kind is Kind.TILES else width
    drawings: dict[str, object] = {"wide": draw(chart, whole, name)}
    if chart.kind is not Kind.TILES:
        drawings["narrow"] = draw(chart, NARROW, f"{name}h")
    return drawings | {"rows": rows_of(chart)}
