"""The board of a period: units by forms, who is late, what came in, and what was compiled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, render_template, request

from actions.attainments import has_plans
from actions.desk import Desk
from registry.catalogue.model import Form, Unit
from registry.periods import parse
from registry.store import behalf, openings, reports, submissions
from registry.store.definitions import Snapshot
from registry.store.openings import Work
from registry.store.reports import Compiled, Reception, Report
from registry.workflow.policy import Action, receives
from registry.workflow.report import ReceptionStep, ReportState, reception_step
from registry.workflow.submission import State
from vietnamese.fold import fold
from webui import standing
from webui.pages.periods import opening_of, receiver_of
from webui.permission import page
from webui.standing import Badge
from webui.visitor import desk
from webui.wording import say

blueprint = Blueprint("board", __name__)


@dataclass(frozen=True)
class Square:
    """One form of one unit."""

    work: Work
    state: Badge
    deadline: Badge


@dataclass(frozen=True)
class UnitLine:
    """One unit's line."""

    unit: Unit
    squares: tuple[Square | None, ...]  # in the order of the regime's forms
    report: Report | None
    report_badge: Badge | None
    reception: Reception | None  # before the receiver this person decides for

    @property
    def words(self) -> str:
        """What the search looks in."""
        return fold(f"{self.unit.name} {self.unit.code}")

    @property
    def states(self) -> frozenset[str]:
        """What the filter looks for."""
        squares = [square for square in self.squares if square]
        found = {square.work.state.value for square in squares}
        if any(square.deadline.tone == "bad" for square in squares):
            found.add("late")
        if self.report and self.report.state is ReportState.SENT:
            found.add("sent")
        return frozenset(found)

    @property
    def can_be_taken(self) -> bool:
        """True while a receiver has not decided."""
        return self.reception is not None and reception_step(self.reception.state, ReceptionStep.RECEIVE) is not None

    @property
    def can_be_returned(self) -> bool:
        """True while the report lies with the receiver."""
        return self.reception is not None and reception_step(self.reception.state, ReceptionStep.RETURN) is not None


@dataclass(frozen=True)
class Coverage:
    """Who of a kind of unit has figures that count."""

    key: str  # communes | agencies
    have: int
    expected: int
    missing: tuple[str, ...]

    @property
    def percent(self) -> int:
        """For the bar."""
        return self.have * 100 // self.expected if self.expected else 0


@blueprint.get("/ky-bao-cao/<regime>/<period>")
@page(Action.SEE_BOARD, reads="{regime} {period}")
def board(regime: str, period: str) -> str:
    """Everything about one period."""
    at = desk()
    opening, snapshot = opening_of(at, Action.SEE_BOARD, regime, period)
    rule = snapshot.regimes[regime]
    receiver = receiver_of(at, snapshot, rule)
    allowed = at.scope(Action.SEE_BOARD)
    with at.read() as connection:
        works = openings.work(connection, allowed, opening_id=opening.id)
        held = {one.unit_id: one for one in reports.listing(connection, allowed, opening_id=opening.id)}
        taken = reports.receptions(connection, opening.id)
        counted = submissions.counted(connection, opening.id, snapshot.unit_ids[receiver], at.moment)
        asked = {work.form_definition_id for work in works}
        planned = any(has_plans(connection, snapshot, one, parse(period)) for one in asked)
        approvals = submissions.approvals(connection, opening.id)
        entered = behalf.of_newest(connection, allowed, opening_id=opening.id)
        made = [
            (snapshot.units[code], one)
            for code in rule.receivers
            for one in reports.compiled(connection, opening.id, snapshot.unit_ids[code])
        ]
    approvals = {key: one for key, one in approvals.items() if key in {work.assignment_id for work in works}}
    lines = _lines(at, snapshot, works, held, taken, snapshot.unit_ids[receiver], rule.forms)
    wanted, text = request.args.get("state", ""), request.args.get("q", "").strip()
    group = request.args.get("nhom", "")
    return render_template(
        "board.html",
        opening=opening,
        regime=rule,
        receiver=snapshot.units[receiver],
        forms=_forms(snapshot, rule.forms, works),
        lines=[one for one in lines if _matches(one, wanted, text) and (not group or one.unit.answers_to(group))],
        total=len(lines),
        wanted=wanted,
        text=text,
        filters=_filters(lines),
        coverage=_coverage(snapshot, works, {one.assignment_id for one in counted}),
        compiled=_newest_first(made),
        is_open=opening.is_open_at(at.moment),
        has_plans=planned,
        due=_due(works),
        lines_units=[one.unit for one in lines],
        group=group,
        groups=_groups(snapshot, lines),
        group_sets=snapshot.catalogue.group_sets,
        approvals=approvals,
        entered=entered,
        own_entries=sum(one.own_entry for one in approvals.values()),
        lent=sum(one.lender is not None for one in approvals.values()),
    )


def _groups(snapshot: Snapshot, lines: Sequence[UnitLine]) -> list[tuple[str, list[tuple[str, str]]]]:
    """The groups the units shown are in, set by set: (selector, group)."""
    found = []
    for one in snapshot.catalogue.group_sets:
        names = [group for line in lines for code, group in line.unit.groups if code == one.code]
        listed = dict.fromkeys((*(name for name in one.groups if name in names), *names))
        if listed:
            found.append((one.name, [(f"{one.code}={name}", name) for name in listed]))
    return found


def _forms(snapshot: Snapshot, codes: Iterable[str], works: Sequence[Work]) -> list[Form]:
    asked = {work.form for work in works}
    return [snapshot.form_versions[code].form for code in codes if code in asked]


def _lines(
    at: Desk,
    snapshot: Snapshot,
    works: Sequence[Work],
    held: dict[int, Report],
    taken: Sequence[Reception],
    receiver_id: int,
    codes: Sequence[str],
) -> list[UnitLine]:
    asked = [code for code in codes if any(work.form == code for work in works)]
    squares: dict[int, dict[str, Square]] = {}
    for work in works:
        deadline = standing.of_deadline(work, at.moment, snapshot.calendar)
        squares.setdefault(work.unit_id, {})[work.form] = Square(work, standing.of_submission(work.state), deadline)
    may_decide = receives(at.actor, receiver_id, works[0].regime) if works else False
    receptions: dict[int, list[Reception]] = {}
    for one in taken:
        receptions.setdefault(one.unit_id, []).append(one)
    lines = []
    for unit_id, by_form in squares.items():
        report, mine = held.get(unit_id), receptions.get(unit_id, [])
        lines.append(
            UnitLine(
                unit=snapshot.units_by_id[unit_id],
                squares=tuple(by_form.get(code) for code in asked),
                report=report,
                report_badge=standing.of_report(report, mine) if report else None,
                reception=next((one for one in mine if may_decide and one.receiver_id == receiver_id), None),
            )
        )
    return sorted(lines, key=lambda line: line.unit.order)


def _matches(line: UnitLine, wanted: str, text: str) -> bool:
    return (not wanted or wanted in line.states) and (not text or fold(text) in line.words)


_FILTERS = (*State, "late", "sent")


def _filters(lines: Sequence[UnitLine]) -> list[tuple[str, str, int]]:
    """(key, words, how many units) of every state there is."""
    counts = Counter(state for line in lines for state in line.states)
    return [(str(key), say(f"board.filter.{key}"), counts[str(key)]) for key in _FILTERS if counts[str(key)]]


def _coverage(snapshot: Snapshot, works: Sequence[Work], have: set[int]) -> list[Coverage]:
    complete: dict[int, bool] = {}
    for work in works:
        complete[work.unit_id] = complete.get(work.unit_id, True) and work.assignment_id in have
    found = []
    for key, is_commune in (("communes", True), ("agencies", False)):
        units = {one: snapshot.units_by_id[one] for one in complete}
        members = sorted(
            (unit.order, one, unit.name) for one, unit in units.items() if unit.kind.is_commune is is_commune
        )
        if members:
            missing = tuple(name for _, one, name in members if not complete[one])
            found.append(Coverage(key, len(members) - len(missing), len(members), missing))
    return found


def _newest_first(made: Sequence[tuple[Unit, Compiled]]) -> list[tuple[Unit, Compiled]]:
    return sorted(made, key=lambda pair: pair[1].as_of, reverse=True)


def _due(works: Sequence[Work]) -> list[datetime]:
    """The deadlines in force, earliest first."""
    return sorted({work.due_at for work in works})
