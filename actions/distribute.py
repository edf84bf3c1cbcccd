"""Workbooks for units: one, some, or all of a period."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from actions import steps
from actions.cases import Situation, each_situation, window_of
from actions.desk import Desk, NotNow, NotYours
from actions.made import Made
from actions.naming import unit_ids
from actions.parts import answering
from actions.personal import without_lines
from registry.catalogue.values import CellKey, CellValue
from registry.rules.background import Background, KnownLines
from registry.store import openings
from registry.store.codec import sha
from registry.store.definitions import Snapshot
from registry.store.openings import Work
from registry.workflow.policy import Action, own_work
from vietnamese.dates import civil
from workbook_templates import template, token
from workbook_templates.foundry import Pattern, foundry
from workbook_templates.order import Order


def workbook(desk: Desk, assignment_id: int, by: int | None = None) -> Made:
    """The workbook of one assignment; to a division (the one asked for: ``by``), with its own rows open.

    Raises NotYours.
    """
    with desk.read() as connection:
        one = answering(desk, connection, Action.DOWNLOAD_TEMPLATE, assignment_id, by)
        snapshot = desk.snapshot(connection)
    _log(desk, f"assignment {assignment_id}", 1)
    return make(desk, snapshot, without_lines(desk, snapshot, one))


@dataclass(frozen=True, slots=True)
class Handout:
    """The workbooks of a period: how many, and one after another as they are asked for."""

    count: int
    made: Iterator[Made]


def workbooks(desk: Desk, regime: str, period: str, units: Iterable[str] = ()) -> Handout:
    """The workbooks of a period, all or of some units; only the one at hand is held in memory.

    Raises NotYours (also when one of the units has none), Refusal (unknown unit).
    """
    snapshot, works = asked(desk, regime, period, units)
    _log(desk, f"{regime} {period}", len(works))
    return Handout(len(works), _each(desk, snapshot, works))


def _each(desk: Desk, snapshot: Snapshot, works: Sequence[Work]) -> Iterator[Made]:
    with desk.read() as connection:
        for one in each_situation(connection, snapshot, works):
            yield make(desk, snapshot, without_lines(desk, snapshot, one))


MOST_AT_ONCE = 40  # workbooks handed out while one waits


def to_fill(desk: Desk, works: Iterable[Work]) -> list[Work]:
    """Of some forms those the actor may fill now, the next deadline first; no more than can be waited for."""
    mine = (one for one in works if steps.may(desk, one, Action.UPLOAD))
    return sorted(mine, key=lambda one: (one.due_at, one.assignment_id))[:MOST_AT_ONCE]


def due(desk: Desk) -> Handout:
    """The workbooks of all the forms of the actor's own work that are still to be filled. Raises NotYours, NotNow."""
    desk.require(Action.UPLOAD)
    with desk.read() as connection:
        snapshot = desk.snapshot(connection)
        works = to_fill(desk, openings.all_work(connection, own_work(desk.actor)))
    if not works:
        raise NotNow("nothing-to-fill")
    _log(desk, f"person {desk.actor.person_id}", len(works))
    return Handout(len(works), _each(desk, snapshot, works))


def asked(desk: Desk, regime: str, period: str, units: Iterable[str] = ()) -> tuple[Snapshot, list[Work]]:
    """What a period asks of all or some units. Raises NotYours (also when one of them has none), Refusal."""
    allowed = desk.require(Action.DOWNLOAD_TEMPLATE)
    with desk.read() as connection:
        snapshot = desk.snapshot(connection)
        wanted = unit_ids(snapshot, units)
        works = openings.work(connection, allowed, regime=regime, period_code=period)
    if wanted:
        works = [work for work in works if work.unit_id in wanted]
    if not works or not wanted <= {work.unit_id for work in works}:
        raise NotYours
    return snapshot, works


def make(desk: Desk, snapshot: Snapshot, one: Situation, answers: Mapping[CellKey, CellValue] | None = None) -> Made:
    """The workbook of a situation; ``answers`` fills its inputs (demo, tests) and so is built in full."""
    key_id, secret = max(desk.instance.token_keys.items())
    works = foundry(_pattern(snapshot, one))
    signed = token.issue(
        token.Token(
            key_id=key_id,
            form=one.form.form.code,
            form_version=one.form.n,
            unit=one.answerer.code,
            born=one.answerer.born.year,
            period=one.period.code,
            issue=1,
            grid_hash=works.form.hash,
        ),
        secret,
    )
    order, instance = order_of(snapshot, one, signed), desk.instance
    data = template.build(order, answers) if answers else works.make(order, instance.settings.stamp, instance.shelf)
    return _made(order, data)


def _made(order: Order, data: bytes) -> Made:
    name = template.file_name(order.form.code, order.context.period.code, order.unit, order.issue)
    return Made(order.unit.code, order.form.code, name, data)


def order_of(snapshot: Snapshot, one: Situation, text: str = "") -> Order:
    """What is ordered of the template for a situation; ``text`` is its token."""
    return Order(
        context=one.context,
        unit=one.answerer,
        regime=one.regime,
        receivers=tuple(snapshot.units[code].name for code in one.regime.receivers if code in snapshot.units),
        due=civil(one.work.due_at),
        window=_window(one),
        token=text,
        contact=_contact(snapshot, one),
        rules=one.rules,
        request=snapshot.requests.get(one.regime.code),
        former=one.former.form if one.former else None,
        place=one.unit.short_name if one.unit.kind.is_commune else snapshot.province.short_name,
    )


def _pattern(snapshot: Snapshot, one: Situation) -> Pattern:
    """What the workbook shares with those of other units: everything of its order that is not the unit's."""
    former = one.former.sha if one.former else None
    at = ("pattern", one.form.id, former, one.view.row_set, one.period, one.regime.code, _window(one))
    if at not in snapshot.memo:
        facts = [
            (one.definition_sha, one.form.n, former),
            (one.period, _window(one)),
            (one.view.row_set, one.regime, snapshot.requests.get(one.regime.code), snapshot.definitions),
        ]
        context = replace(one.context, background=Background(), unit=None, lines=KnownLines())
        snapshot.memo[at] = Pattern(sha(facts), context, one.rules)
    kept: Pattern = snapshot.memo[at]
    return kept


def _window(one: Situation) -> tuple[date, date]:
    return window_of(one.regime, one.period, one.work.opened_at, one.work.due_at, one.work.closes_on)


def _contact(snapshot: Snapshot, one: Situation) -> str:
    request = snapshot.requests.get(one.regime.code)
    if request is not None and request.contact:
        return f"{request.contact}, {request.phone}" if request.phone else request.contact
    code = one.regime.lead
    former = (unit for unit in snapshot.units_by_id.values() if unit.code == code)  # merged away since
    lead = snapshot.units.get(code) or next(former, None)
    if lead is None:
        return code
    return f"{lead.name}, {lead.phone}" if lead.phone else lead.name


def _log(desk: Desk, on: str, count: int) -> None:
    with desk.change(Action.DOWNLOAD_TEMPLATE, on) as change:
        change.detail["workbooks"] = count
