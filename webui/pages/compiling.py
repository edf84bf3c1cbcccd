"""Compiling: as of which moment, on which map, held against what; named moments; every version and what made it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from actions import compile_orders, compiling, freezes, text_states
from actions.compile_orders import Choice
from actions.desk import Desk
from actions.made_from import SHOWN
from compile.merging import headings_of
from compile.model import MapChoice
from registry.catalogue.model import Regime, Unit
from registry.periods import parse
from registry.store import freezes as stored
from registry.store import reports
from registry.store.definitions import Snapshot
from registry.store.engine import Connection
from registry.store.openings import Opening
from registry.store.reports import Compiled
from registry.workflow.policy import Action
from registry.workflow.text_history import TextState
from webui.makings import said_of, told
from webui.moments import said_moment
from webui.pages.periods import opening_of, receiver_of
from webui.permission import page
from webui.visitor import desk
from webui.wording import say
from workbook_templates.outline import COMMUNE

blueprint = Blueprint("compiling", __name__)


@dataclass(frozen=True)
class Version:
    """A compiled version, by whom, and what went into it."""

    unit: Unit
    of: Compiled
    inputs: tuple[tuple[str, str], ...]  # words, the first letters of a hash
    draft_id: int | None  # of its text
    text: TextState | None  # as it was compiled

    @property
    def made(self) -> Mapping[str, Any]:
        """What was chosen and what changed; empty before this was kept."""
        return self.of.made_from or {}


@blueprint.get("/ky-bao-cao/<regime>/<period>/tong-hop")
@page(Action.SEE_REPORT, reads="{regime} {period}")
def look(regime: str, period: str) -> str:
    """What can be chosen, the named moments, and every version."""
    at = desk()
    opening, snapshot = opening_of(at, Action.SEE_REPORT, regime, period)
    rule = snapshot.regimes[regime]
    with at.read() as connection:
        named = stored.of_opening(connection, opening.id)
        receiver = receiver_of(at, snapshot, rule)
        order = compile_orders.newest(connection, opening.id, snapshot.unit_ids[receiver])
        made = [one for code in rule.receivers for one in _versions(connection, snapshot, opening, code)]
    return render_template(
        "compiling.html",
        opening=opening,
        regime=rule,
        receiver=snapshot.units[receiver],
        order=order,
        said=said_of(order),
        freezes=named,
        versions=sorted(made, key=lambda one: one.of.id, reverse=True),
        group_sets=snapshot.catalogue.group_sets,
        headings=_headings(snapshot, rule, opening),
        maps=[(one.value, say(f"compiling.map-{one.value}")) for one in MapChoice],
        listed=compiling.CHANGES_LISTED,
        name_most=stored.MOST_NAME,
    )


def _headings(snapshot: Snapshot, regime: Regime, opening: Opening) -> list[tuple[str, str]]:
    """The headings communes write under; none where the regime gives them no outline."""
    code = dict(regime.outlines).get(COMMUNE)
    return headings_of(snapshot.outlines[code], parse(opening.period)) if code else []


def _versions(connection: Connection, snapshot: Snapshot, opening: Opening, receiver: str) -> Iterator[Version]:
    unit_id = snapshot.unit_ids[receiver]
    found = reports.compiled(connection, opening.id, unit_id)
    draft_id, texts = text_states.of(connection, opening.id, unit_id, {one.as_of for one in found})
    for one in found:
        yield Version(snapshot.units[receiver], one, _inputs(one), draft_id, texts.get(one.as_of))


def _inputs(one: Compiled) -> tuple[tuple[str, str], ...]:
    hashes = (one.made_from or {}).get("hashes", {})
    inputs = [(say(f"compiling.input-{kind}"), sha[:SHOWN]) for kind, sha in hashes.items()]
    return (*inputs, (say("compiling.input-all"), one.inputs_sha[:SHOWN]))


@blueprint.post("/ky-bao-cao/<regime>/<period>/tong-hop")
@page(Action.COMPILE)
def make(regime: str, period: str) -> Response:
    """Have compiled what counted at the moment chosen, now unless told; or stop that."""
    at, asked = desk(), request.form
    receiver = _receiver(at, regime, period)
    if asked.get("do") == "stop":
        compile_orders.stop(at, regime, period, receiver)
        flash(say("making.stopped"), "success")
    else:
        choice = Choice(
            regime,
            period,
            receiver,
            _moment(at, asked.get("thoi_diem", "")),
            asked.get("nhom", "")[:40],
            asked.get("chot", "")[: stored.MOST_NAME],
            MapChoice.THEN if asked.get("ban_do") == MapChoice.THEN else MapChoice.NOW,
            asked.get("so_voi", "")[: stored.MOST_NAME],
            asked.get("xa", "")[:80],
        )
        if not compile_orders.prepare(at, choice):
            flash(say("compiling.under-way"), "info")
    page_of = "compiling.look" if request.values.get("tu") == "lua-chon" else "board.board"
    return redirect(url_for(page_of, regime=regime, period=period, _anchor="tong-hop"))


@blueprint.get("/ky-bao-cao/<regime>/<period>/tong-hop.json")
@page(Action.COMPILE)
def progress(regime: str, period: str) -> Response:
    """How far the compile is: {state, percent, words}."""
    at = desk()
    opening, snapshot = opening_of(at, Action.COMPILE, regime, period)
    receiver_id = snapshot.unit_ids[receiver_of(at, snapshot, snapshot.regimes[regime])]
    with at.read() as connection:
        return told(compile_orders.newest(connection, opening.id, receiver_id))


@blueprint.post("/ky-bao-cao/<regime>/<period>/so-lieu-chot")
@page(Action.COMPILE)
def freeze(regime: str, period: str) -> Response:
    """Give a moment a name."""
    at = desk()
    receiver = _receiver(at, regime, period)
    name = request.form.get("ten", "")
    freezes.freeze(at, regime, period, receiver, name, _moment(at, request.form.get("thoi_diem", "")))
    flash(say("compiling.frozen", name=" ".join(name.split())), "success")
    return redirect(url_for("compiling.look", regime=regime, period=period, _anchor="so-lieu-chot"))


def _receiver(at: Desk, regime: str, period: str) -> str:
    _, snapshot = opening_of(at, Action.COMPILE, regime, period)
    return receiver_of(at, snapshot, snapshot.regimes[regime])


def _moment(at: Desk, text: str) -> datetime | None:
    return said_moment(text, at.moment) if text else None
