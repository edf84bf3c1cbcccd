"""Reorganising units on the page or from a workbook: looked at beforehand, then done; and what waits for a decision."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import BinaryIO, cast

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from actions import kept, mentions, reorganising
from actions.reorganising import Preview
from actions.units import chronicle_of
from registry.catalogue.model import Unit, UnitKind
from registry.catalogue.reorganise import Act, ActKind
from registry.workflow.policy import Action
from webui import standing, tickets
from webui.mishaps import NoFile
from webui.permission import page
from webui.typed import as_number
from webui.visitor import desk
from webui.wording import say

blueprint = Blueprint("reorganising", __name__)

_SALT, _LIMIT = "reorganisation", 4 << 20
WORDS = {  # in addresses
    "doi-ten": ActKind.RENAME,
    "chuyen": ActKind.MOVE,
    "sap-nhap": ActKind.MERGE,
    "tach": ActKind.SPLIT,
    "ket-thuc": ActKind.END,
    "thanh-lap": ActKind.FOUND,
}
_TURNS = 6
_MERGED, _PARTS = 8, 5  # lines of the form; more go into a workbook
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class BadDay(ValueError):
    """A day nobody can read."""


@blueprint.get("/don-vi/viec/<viec>")
@page(Action.CHANGE_UNITS)
def form(viec: str) -> tuple[str, int]:
    """The form of an act."""
    return _form(viec, request.args, None)


def _form(viec: str, filled: MultiDict[str, str], seen: Preview | None, problem: str = "") -> tuple[str, int]:
    at = desk()
    at.require(Action.CHANGE_UNITS)
    with at.read() as connection:
        snapshot = at.snapshot(connection)
    code = filled.get("don_vi", "")
    shown = render_template(
        "reorganise_form.html",
        viec=viec if viec in WORDS else "doi-ten",
        words=WORDS,
        filled=filled,
        unit=snapshot.units.get(code.partition(" ")[0]),
        units=list(snapshot.units.values()),
        kinds=list(UnitKind),
        seen=seen,
        problem=problem,
        **_names(list(snapshot.units.values()), seen),
        merged=range(_MERGED),
        parts=range(_PARTS),
        finding_badge=standing.of_finding,
        today=at.day,
    )
    return shown, 422 if problem or (seen is not None and seen.findings) else 200


def _names(alive: list[Unit], seen: Preview | None) -> dict[str, dict[str, str]]:
    """Names by code as they are, and as they will be."""
    names = {unit.code: unit.name for unit in alive}
    coming = {unit.code: unit.name for unit in (seen.plan.units if seen else ()) if unit.valid_to is None}
    return {"names": coming | names, "later": names | coming}


@blueprint.post("/don-vi/viec/<viec>")
@page(Action.CHANGE_UNITS)
def take(viec: str) -> Response | tuple[str, int]:
    """Look at what the act would do, or do it."""
    try:
        acts = list(_acts(WORDS.get(viec, ActKind.RENAME), request.form))
    except BadDay:
        return _form(viec, request.form, None, say("reorganise.bad-day"))
    if not acts:
        return _form(viec, request.form, None, say("reorganise.nothing"))
    if request.form.get("do") != "apply":
        return _form(viec, request.form, reorganising.preview(desk(), acts))
    return _done(reorganising.apply(desk(), acts))


def _done(made: Preview) -> Response:
    later = any(act.on > desk().day for act in made.acts)
    flash(say("reorganise.planned" if later else "reorganise.done"), "success")
    return redirect(url_for("reorganising.workbook" if made.plan.ended and not later else "units.tree"))


@dataclass(frozen=True)
class _Filled:
    """The fields of the form, read once."""

    form: MultiDict[str, str]

    def text(self, name: str) -> str:
        return self.form.get(name, "").strip()[:200]

    def code(self, name: str) -> str:
        """A unit as chosen from the list: "24211 – Xã Ea Súp"."""
        return self.text(name).partition(" ")[0]

    def codes(self, name: str) -> list[str]:
        return [code for text in self.form.getlist(name) if (code := text.strip().partition(" ")[0])]

    def number(self, name: str) -> int | None:
        return self.form.get(name, type=as_number)

    def kind(self, name: str) -> UnitKind | None:
        text = self.text(name)
        return UnitKind(text) if text in set(UnitKind) else None


def _acts(kind: ActKind, form: MultiDict[str, str]) -> Iterator[Act]:
    """The acts a form says."""
    filled = _Filled(form)
    try:
        on = date.fromisoformat(filled.text("tu_ngay"))
    except ValueError:
        raise BadDay from None
    document = filled.text("van_ban")
    if not document:
        raise BadDay
    if kind is ActKind.FOUND or (kind is ActKind.MERGE and filled.text("moi")):
        yield Act(
            ActKind.FOUND,
            filled.code("ma_moi"),
            on,
            document,
            name=filled.text("ten"),
            short_name=filled.text("ten_ngan"),
            level=filled.kind("loai"),
            parent=filled.code("truc_thuoc"),
            order=filled.number("thu_tu"),
            letterhead=filled.text("tieu_de"),
            signer=filled.text("tham_quyen"),
        )
    if kind is ActKind.RENAME:
        yield Act(
            kind,
            filled.code("don_vi"),
            on,
            document,
            name=filled.text("ten"),
            short_name=filled.text("ten_ngan"),
            level=filled.kind("loai"),
            letterhead=filled.text("tieu_de"),
            signer=filled.text("tham_quyen"),
        )
    elif kind is ActKind.MOVE:
        yield Act(kind, filled.code("don_vi"), on, document, parent=filled.code("truc_thuoc"))
    elif kind is ActKind.MERGE:
        into = filled.code("ma_moi") if filled.text("moi") else filled.code("nhap_vao")
        yield from (Act(kind, code, on, document, into) for code in dict.fromkeys(filled.codes("don_vi")))
    elif kind is ActKind.SPLIT:
        yield from _split(filled, on, document)
    elif kind is ActKind.END:
        yield Act(kind, filled.code("don_vi"), on, document)


def _split(filled: _Filled, on: date, document: str) -> Iterator[Act]:
    """Parts go to units there are, or to new ones where a name is given; the rest goes on unless it is said to end."""
    unit = filled.code("don_vi")
    for n in range(_PARTS):
        code = filled.code(f"phan_{n}")
        if not code:
            continue
        if filled.text(f"ten_{n}"):
            yield Act(
                ActKind.FOUND,
                code,
                on,
                document,
                name=filled.text(f"ten_{n}"),
                level=filled.kind("loai"),
                parent=filled.code("truc_thuoc"),
                order=filled.number(f"thu_tu_{n}"),
            )
        yield Act(ActKind.SPLIT, unit, on, document, code)
    if filled.text("het"):
        yield Act(ActKind.END, unit, on, document)


# --- a workbook ------------------------------------------------------------------------------------------------------


@blueprint.get("/don-vi/sap-xep")
@page(Action.CHANGE_UNITS)
def workbook() -> tuple[str, int]:
    """Where a reorganisation's workbook is sent; with what waits for a decision."""
    return _workbook(None)


def _workbook(seen: Preview | None, ticket: str = "") -> tuple[str, int]:
    at = desk()
    waiting = reorganising.waiting(at)
    with at.read() as connection:
        alive = list(at.snapshot(connection).units.values())
        turns = chronicle_of(at, connection).turns[1:]  # the first is the beginning
        named = mentions.of_ended(at, connection)
    shown = render_template(
        "reorganise.html",
        turns=turns[-_TURNS:],
        seen=seen,
        ticket=ticket,
        waiting=waiting,
        mentions=named,
        units=alive,
        **_names(alive, seen),
        finding_badge=standing.of_finding,
    )
    return shown, 422 if seen is not None and seen.findings else 200


@blueprint.get("/don-vi/sap-xep/mau.xlsx")
@page(Action.CHANGE_UNITS)
def template() -> Response:
    """A workbook to write a reorganisation in, or what happened on a day as one."""
    try:
        day = date.fromisoformat(request.args["ngay"]) if "ngay" in request.args else None
    except ValueError:
        day = None
    data = io.BytesIO(reorganising.workbook(desk(), day))
    return send_file(data, mimetype=_XLSX, as_attachment=True, download_name="sap-xep-don-vi.xlsx", max_age=0)


@blueprint.post("/don-vi/sap-xep")
@page(Action.CHANGE_UNITS)
def look() -> tuple[str, int]:
    """Everything wrong with a workbook, or what it would do."""
    file = request.files.get("tep")
    if file is None or not file.filename:
        raise NoFile
    sha = kept.keep(desk(), Action.CHANGE_UNITS, "reorganisation", cast(BinaryIO, file.stream), _LIMIT)
    name = file.filename[:200]
    return _workbook(_seen(sha, name), tickets.sign(_SALT, sha, name))


def _seen(sha: str, name: str) -> Preview:
    return reorganising.read(desk(), name, kept.read(desk(), Action.CHANGE_UNITS, sha))[1]


@blueprint.post("/don-vi/sap-xep/<ticket>")
@page(Action.CHANGE_UNITS)
def apply(ticket: str) -> Response | tuple[str, int]:
    """Do what the workbook looked at says."""
    sha, name = tickets.opened(_SALT, ticket)
    seen = _seen(sha, name)
    if seen.findings:
        return _workbook(seen, ticket)
    return _done(reorganising.apply(desk(), seen.acts))


@blueprint.post("/don-vi/du-kien/huy")
@page(Action.CHANGE_UNITS)
def cancel() -> Response:
    """Take back what is planned for a day."""
    filled = _Filled(request.form)
    try:
        on = date.fromisoformat(filled.text("tu_ngay"))
    except ValueError:
        flash(say("reorganise.bad-day"), "warning")
        return redirect(url_for("units.tree"))
    reorganising.cancel(desk(), on, request.form.get("van_ban", ""), request.form.get("ly_do", ""))
    flash(say("units.cancelled"), "success")
    return redirect(url_for("units.tree"))


@blueprint.post("/don-vi/cho-quyet-dinh")
@page(Action.CHANGE_UNITS)
def decide() -> Response:
    """Move or close what hangs on a unit that is no more."""
    code = request.form.get("chuyen_den", "").strip().partition(" ")[0]
    if request.form.get("do") == "close":
        code = ""
    elif not code:
        flash(say("reorganise.choose-unit"), "warning")
        return redirect(url_for("reorganising.workbook"))
    reorganising.decide(desk(), request.form.get("loai", ""), request.form.get("so", default=0, type=as_number), code)
    flash(say("reorganise.decided"), "success")
    return redirect(url_for("reorganising.workbook"))
