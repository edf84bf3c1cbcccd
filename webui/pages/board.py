"""The board of a period: units by forms, who is late, what came in, and what was compiled."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from actions import chase, compile_orders
from actions.attainments import has_plans
from actions.desk import Desk
from registry.catalogue.model import Form, Regime, Unit, UnitKind
from registry.periods import parse
from registry.store import board as boards
from registry.store import labels, papers, pleas, reports
from registry.store.board import Square
from registry.store.definitions import Snapshot
from registry.store.engine import Connection
from registry.store.openings import Opening
from registry.store.reports import Compiled
from registry.workflow.policy import Action, receives
from webui import standing, table_door
from webui.board_lines import FILTERS, PAGE, Board, Line, Wanted, board_of, shown
from webui.board_waits import Wait, waits
from webui.makings import said_of
from webui.pages.periods import opening_of, receiver_of
from webui.permission import page
from webui.typed import as_number
from webui.visitor import desk
from webui.wording import say

blueprint = Blueprint("board", __name__)
_NAMED = 150  # units named as missing, at most


@dataclass(frozen=True)
class Coverage:
    """Who of a kind of unit has figures that count."""

    key: str  # communes | agencies
    have: int
    expected: int
    missing: tuple[str, ...]

    @property
    def text(self) -> str:
        """How many there are."""
        return say("board.coverage", have=self.have, expected=self.expected, who=say(f"board.{self.key}"))

    @property
    def percent(self) -> int:
        """For the bar."""
        return self.have * 100 // self.expected if self.expected else 0


@dataclass(frozen=True)
class _Looked:
    """A period's board as somebody sees it at a moment."""

    opening: Opening
    snapshot: Snapshot
    regime: Regime
    receiver: Unit
    squares: Sequence[Square]
    board: Board
    compiled: Sequence[tuple[Unit, Compiled]]  # newest first
    waits: Sequence[Wait]
    pulse: tuple[int, ...]


def _look(at: Desk, connection: Connection, opening: Opening, snapshot: Snapshot) -> _Looked:
    rule = snapshot.regimes[opening.regime]
    receiver = snapshot.units[receiver_of(at, snapshot, rule)]
    receiver_id = snapshot.unit_ids[receiver.code]
    pulse = boards.pulse(connection)
    squares = boards.squares(connection, at.scope(Action.SEE_BOARD), opening.id, receiver_id)
    noted = labels.of_opening(connection, opening.id)
    pleaded = pleas.waiting(connection, at.scope(Action.RUN_PERIOD), opening.id)
    made = [
        (snapshot.units[code], one)
        for code in rule.receivers
        for one in reports.compiled(connection, opening.id, snapshot.unit_ids[code])
    ]
    board = board_of(squares, snapshot.units_by_id, noted, at.moment)
    waiting = waits(
        board,
        opening.regime,
        opening.period,
        pleaded,
        max((one.as_of for unit, one in made if unit is receiver), default=None),
        may_take=receives(at.actor, receiver_id, opening.regime),
        may_chase=may_chase(at, opening.regime),
    )
    newest_first = sorted(made, key=lambda pair: pair[1].as_of, reverse=True)
    return _Looked(opening, snapshot, rule, receiver, squares, board, newest_first, waiting, pulse)


@blueprint.get("/ky-bao-cao/<regime>/<period>")
@page(Action.SEE_BOARD, reads="{regime} {period}")
def board(regime: str, period: str) -> str:
    """Everything about one period."""
    at = desk()
    opening, snapshot = opening_of(at, Action.SEE_BOARD, regime, period)
    with at.read() as connection:
        looked = _look(at, connection, opening, snapshot)
        squares, whole = looked.squares, looked.board
        asked = {one.form_definition_id for one in squares}
        planned = any(has_plans(connection, snapshot, one, parse(period)) for one in asked)
        signed = papers.of_opening(connection, opening.id, {one.unit_id for one in squares})
        receiver_id = snapshot.unit_ids[looked.receiver.code]
        order = compile_orders.newest(connection, opening.id, receiver_id)
    wanted = wanted_now()
    found = whole.found(wanted)
    a_page = table_door.lines(PAGE)
    pages = max(-(-len(found) // a_page), 1)
    number = min(max(request.args.get("trang", 1, type=as_number), 1), pages)
    forms = _forms(snapshot, looked.regime.forms, squares)
    part = found[(number - 1) * a_page : number * a_page]
    may_decide, workbooks = receives(at.actor, receiver_id, regime), at.scope(Action.DOWNLOAD_TEMPLATE)
    codes, is_locked = [one.code for one in forms], opening.is_locked
    lines = shown(part, codes, at.moment, snapshot.calendar, may_decide=may_decide, is_locked=is_locked)
    return render_template(
        "board.html",
        opening=opening,
        regime=looked.regime,
        receiver=looked.receiver,
        forms=forms,
        lines=list(lines),
        found=len(found),
        total=len(whole.lines),
        page_now=number,
        pages=pages,
        wanted=wanted,
        asked_for=addressed(wanted),
        filters=[(key, say(f"board.filter.{key}"), count) for key, count in whole.counts],
        coverage=_coverage(whole.lines),
        waits=[one for one in looked.waits if one.count],
        stamp=_stamp(at, looked.pulse),
        compiled=looked.compiled,
        order=order,
        said=said_of(order),
        is_open=opening.is_open_at(at.moment),
        period_state=standing.of_period(opening.state),
        after_closing=standing.after_closing(),
        has_plans=planned,
        has_workbooks=any(workbooks.allows(one.unit_id, regime, one.form) for one in squares),
        due=sorted({one.due_at for one in squares}),
        groups=_groups(snapshot, whole.lines),
        labels=whole.labels,
        signed=signed,
        label_most=chase.LONGEST,
        may_chase=may_chase(at, regime),
        group_sets=snapshot.catalogue.group_sets,
        own_entries=sum(bool(one.own_entry) for one in squares),
        lent=sum(one.lender is not None for one in squares),
        entered=sum(one.behalf_number is not None for one in squares),
    )


@blueprint.get("/ky-bao-cao/<regime>/<period>/dem.json")
@page(Action.SEE_BOARD)
def live(regime: str, period: str) -> Response:
    """The counts of a board left open, by id of what shows them, where anything happened since its stamp ``dau``:
    {stamp, texts} or nothing.
    """
    at = desk()
    opening, snapshot = opening_of(at, Action.SEE_BOARD, regime, period)
    with at.read() as connection:
        if request.args.get("dau") == _stamp(at, boards.pulse(connection)):
            return jsonify({})
        looked = _look(at, connection, opening, snapshot)
    counts = dict(looked.board.counts)
    texts: dict[str, str | int] = {f"dem-{key}": counts.get(key, 0) for key in FILTERS}
    texts |= {f"cho-{one.key}": one.text for one in looked.waits}
    for one in _coverage(looked.board.lines):
        texts |= {f"phu-{one.key}": one.text, f"thanh-{one.key}": one.have}
    return jsonify(stamp=_stamp(at, looked.pulse), texts=texts)


def _stamp(at: Desk, pulse: Sequence[int]) -> str:
    """Says which board was shown; another every ten minutes, because the clock alone makes units late."""
    return "-".join(map(str, (*pulse, int(at.moment.timestamp()) // 600)))


def wanted_now() -> Wanted:
    """What the address asks for."""
    asked = request.args
    return Wanted(
        asked.get("state", ""), asked.get("q", "").strip(), asked.get("nhom", ""), asked.get("nhan", "").strip()
    )


def addressed(wanted: Wanted) -> dict[str, str]:
    """The same, for addresses of other pages."""
    asked = {"state": wanted.state, "q": wanted.text, "nhom": wanted.group, "nhan": wanted.label}
    return {name: text for name, text in asked.items() if text}


def may_chase(at: Desk, regime: str) -> bool:
    """True when the person chases the late of a regime."""
    return any(place.regime in (None, regime) for place in at.scope(Action.CHASE).places)


@blueprint.post("/ky-bao-cao/<regime>/<period>/nhan-don-vi")
@page(Action.CHASE)
def label(regime: str, period: str) -> Response:
    """Note something of a unit, for whoever calls next."""
    unit_ids = frozenset(request.form.getlist("unit", type=as_number))
    chase.label(desk(), regime, period, unit_ids, request.form.get("label", ""))
    flash(say("board.label-kept"), "success")
    where: dict[str, Any] = {"regime": regime, "period": period, "_anchor": "don-vi-ten"}
    where |= {name: request.form[name] for name in ("state", "q", "nhom", "nhan", "trang") if request.form.get(name)}
    return redirect(url_for("board.board", **where))


def _groups(snapshot: Snapshot, lines: Sequence[Line]) -> list[tuple[str, list[tuple[str, str]]]]:
    """The kinds and groups the units are of, set by set: (selector, group)."""
    kinds = {line.unit.kind for line in lines}
    found = [(say("board.kind"), [(one.value, one.value) for one in UnitKind if one in kinds])]
    for one in snapshot.catalogue.group_sets:
        names = dict.fromkeys(group for line in lines for code, group in line.unit.groups if code == one.code)
        listed = dict.fromkeys((*(name for name in one.groups if name in names), *names))
        if listed:
            found.append((one.name, [(f"{one.code}={name}", name) for name in listed]))
    return found


def _forms(snapshot: Snapshot, codes: Iterable[str], squares: Sequence[Square]) -> list[Form]:
    asked = {one.form for one in squares}
    return [snapshot.form_versions[code].form for code in codes if code in asked]


def _coverage(lines: Sequence[Line]) -> list[Coverage]:
    found = []
    for key, is_commune in (("communes", True), ("agencies", False)):
        members = [line for line in lines if line.unit.kind.is_commune is is_commune]
        if members:
            missing = [line.unit.name for line in members if not all(square.counts for square in line.squares)]
            named = tuple(missing[:_NAMED])
            found.append(Coverage(key, len(members) - len(missing), len(members), named))
    return found
