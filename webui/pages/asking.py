"""The five-minute form: asking units for a report outside the periodic ones, looked at before it goes out (F20)."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from actions import previews, requests
from actions.askers import askable, askers
from actions.desk import Changed, Desk, NotYours, Refusal
from actions.letters import Enclosed
from actions.openings import parsed, planned
from registry.catalogue.asking import Ask, AskedColumn, AskedRow, ColumnKind
from registry.catalogue.model import RequestKind, Unit, UnitKind, Urgency
from registry.store.definitions import Snapshot
from registry.workflow.policy import Action
from webui.mishaps import BadMoment
from webui.moments import moment_of
from webui.pages.letters import OPEN, chosen_letter, ticket_of
from webui.pages.templates import XLSX
from webui.permission import page
from webui.visitor import desk
from webui.wording import say

blueprint = Blueprint("asking", __name__)

_ROWS, _COLUMNS, _MORE = 5, 3, 5
_NOT_CARRIED = ("do", "csrf_token", "looked", "thu", "letter", OPEN)
_NUMBER = (AskedColumn("", ColumnKind.NUMBER),)


@dataclass(frozen=True)
class Filled:
    """The form as it was filled: what is asked, in whose name, by when as typed."""

    ask: Ask
    asker: str = ""
    due: str = ""
    copied_from: str = ""
    dated: str = ""
    is_readable: bool = True  # False when a day or a choice among what was typed is none
    letter: Enclosed | None = None


@blueprint.get("/yeu-cau/moi")
@page(Action.REQUEST)
def blank() -> str:
    """An empty form, or with ``tu`` an earlier request to be asked anew."""
    at, source = desk(), request.args.get("tu", "")
    with at.read() as connection:
        snapshot = at.snapshot(connection)
        names = askers(at, snapshot)
    if not names:
        raise NotYours
    if not source:
        return _form(at, snapshot, Filled(Ask("", ()), names[0].code))
    return _form(at, snapshot, Filled(requests.as_before(at, snapshot, source), names[0].code, copied_from=source))


@blueprint.post("/yeu-cau/moi")
@page(Action.REQUEST)
def take() -> Response | str | tuple[str, int]:
    """More lines, a look before it goes out, a trial workbook, or asking; nothing typed is lost."""
    at, filled, do = desk(), _read(), request.form.get("do", "preview")
    with at.read() as connection:
        snapshot = at.snapshot(connection)
    if filled.asker not in snapshot.unit_ids:
        raise NotYours
    at.require(Action.REQUEST, snapshot.unit_ids[filled.asker])
    try:
        filled = replace(filled, letter=chosen_letter(at))
        if do == "more":
            return _form(at, snapshot, filled, more=_MORE)
        if do == "back":
            return _form(at, snapshot, filled)
        if not filled.is_readable:
            raise BadMoment
        if do == "ask":
            looked = request.form.get("looked", "")
            opening = requests.ask(
                at, filled.asker, filled.ask, moment_of(filled.due, at.moment), looked, filled.letter
            )
            flash(say("ask.asked", code=opening.regime), "success")
            return redirect(url_for("answers.board", regime=opening.regime, period=opening.period))
        return _look(at, snapshot, filled, trial=request.form.get("thu", "") if do == "trial" else "")
    except NotYours:
        raise
    except Changed:
        flash(say("ask.asked-already"), "warning")
        return redirect(url_for("answers.listing"))
    except Refusal as refusal:
        return _form(at, snapshot, filled, sentence=str(refusal)), refusal.status


def _look(at: Desk, snapshot: Snapshot, filled: Filled, trial: str) -> Response | str:
    """Who would get what, or a trial workbook of one unit: from definitions nobody has written yet."""
    due = moment_of(filled.due, at.moment)
    with at.read() as connection:
        made, regime = requests.rehearsed(at, connection, snapshot, filled.asker, filled.ask)
        imagined = requests.imagined(snapshot, made)
        period = parsed(f"{regime.code[3:7]}DX{regime.code[-3:]}")
        if trial:
            asked = planned(imagined, regime, period, due)
            book = previews.trial_for(at, connection, imagined, regime, period, asked, trial)
            return send_file(
                io.BytesIO(book.data), mimetype=XLSX, as_attachment=True, download_name=book.name, max_age=0
            )
        shown = previews.preview(at, connection, imagined, regime, period, due)
    return render_template(
        "ask_preview.html",
        preview=shown,
        behind=made.requests[0],
        filled=filled,
        carried=[(name, value) for name, value in request.form.items(multi=True) if name not in _NOT_CARRIED],
        known=requests.already_reported(snapshot, filled.ask),
        form=shown.forms[0] if shown.forms else None,
        ticket=ticket_of(filled.letter),
    )


# --- the form and what it holds --------------------------------------------------------------------------------------


def _read() -> Filled:
    given = request.form
    ask = Ask(
        name=given.get("name", "").strip(),
        units=_selectors(),
        document=given.get("document", "").strip(),
        summary=given.get("summary", "").strip(),
        contact=given.get("contact", "").strip(),
        phone=given.get("phone", "").strip(),
        rows=tuple(_rows()),
        columns=tuple(_columns()),
        outline=tuple(line.strip() for line in given.get("outline", "").splitlines() if line.strip()),
        form=given.get("form", ""),
        nil=given.get("nil") == "1",
        repeats=given.get("repeats") == "1",
    )
    kind, urgency, dated = given.get("kind"), given.get("urgency"), given.get("dated", "")
    is_readable = True
    try:
        ask = replace(
            ask,
            kind=RequestKind(kind or RequestKind.AD_HOC),
            urgency=Urgency(urgency or Urgency.NORMAL),
            dated=date.fromisoformat(dated) if dated else None,
        )
    except ValueError:
        is_readable = False
    if ask.form:
        ask = replace(ask, rows=(), columns=())
    elif not ask.columns and ask.rows and not ask.repeats:
        ask = replace(ask, columns=(AskedColumn(say("ask.figure")),))
    return Filled(ask, given.get("asker", ""), given.get("due", ""), given.get("copied", ""), dated, is_readable)


def _rows() -> Iterable[AskedRow]:
    for label, measure in zip(request.form.getlist("row"), request.form.getlist("measure"), strict=False):
        if label.strip():
            yield AskedRow(label.strip(), measure.strip())


def _columns() -> Iterable[AskedColumn]:
    for heading, kind in zip(request.form.getlist("column"), request.form.getlist("column_kind"), strict=False):
        if heading.strip():
            yield AskedColumn(heading.strip(), ColumnKind.TEXT if kind == ColumnKind.TEXT else ColumnKind.NUMBER)


def _selectors() -> tuple[str, ...]:
    return tuple(dict.fromkeys(one for one in request.form.getlist("unit") if one))


@dataclass(frozen=True, slots=True)
class Choice:
    """Units to be chosen by one tick: a kind, or a group of a set."""

    selector: str
    words: str
    count: int


def _kinds(units: list[Unit]) -> list[Choice]:
    """Kinds of the units that may be asked, with how many they are."""
    counts = Counter(unit.kind for unit in units)
    return [Choice(kind.value, kind.value.capitalize(), counts[kind]) for kind in UnitKind if counts[kind]]


def _groups(units: list[Unit]) -> list[tuple[str, list[Choice]]]:
    """Sets of groups, each with its groups among the units that may be asked."""
    counts = Counter(group for unit in units for group in unit.groups)
    return [
        (_set_name(name), [Choice("=".join(group), group[1], counts[group]) for group in sorted(groups)])
        for name, groups in groupby(sorted(counts), key=lambda group: group[0])
    ]


def _set_name(code: str) -> str:
    key = f"group-set.{code}"
    return say(key) if key in say else code


def _form(at: Desk, snapshot: Snapshot, filled: Filled, *, more: int = 0, sentence: str = "") -> str:
    names = askers(at, snapshot)
    asker = snapshot.units[filled.asker]
    names = names if asker in names else [asker, *names]
    units = askable(snapshot, asker)
    rows, columns = filled.ask.rows, filled.ask.columns
    spare = max(_ROWS - len(rows), 0) + more
    return render_template(
        "ask.html",
        filled=filled,
        names=names,
        asker=asker,
        choices=_kinds(units),
        groups=_groups(units),
        units=units,
        chosen=set(filled.ask.units),
        rows=(*rows, *[AskedRow("")] * min(spare, requests.MOST_ROWS - len(rows))),
        columns=(*columns, *_NUMBER * max(_COLUMNS - len(columns), 1 if more else 0)),
        kinds=list(RequestKind),
        urgencies=list(Urgency),
        column_kinds=list(ColumnKind),
        measures=[one.code for one in snapshot.catalogue.measures],
        forms=[one.form for one in snapshot.form_versions.values() if requests.can_be_asked(snapshot, one.form)],
        earliest=at.moment,
        ticket=ticket_of(filled.letter),
        sentence=sentence,
    )
