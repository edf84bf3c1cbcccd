"""Outlines (đề cương) for units to write their reports into, and what of them was written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from actions.capacities import signatures
from actions.desk import Desk, NotYours
from actions.made import Made
from actions.naming import unit_ids
from actions.own_figures import approved_tables
from compile.filled import Table
from compile.placeholders import Filler
from registry.catalogue.model import Regime, Unit
from registry.periods import Period, parse
from registry.store import openings, reports
from registry.store.definitions import Snapshot
from registry.workflow.policy import Action
from workbook_templates import template
from workbook_templates.official.letterhead import Signature
from workbook_templates.outline import PROVINCE, OutlineOrder, Place, build, level_of, places


def outline(desk: Desk, opening_id: int, unit_id: int) -> Made:
    """The outline of one unit's report; raises NotYours, also when the regime has none for it."""
    allowed = desk.require(Action.DOWNLOAD_TEMPLATE, unit_id)
    with desk.read() as connection:
        works = openings.work(connection, allowed, opening_id=opening_id, unit_id=unit_id)
        work = next(iter(works), None)
        snapshot = desk.snapshot(connection)
        forms = snapshot.regimes[work.regime].forms if work else ()
        signed = signatures(desk, connection, [unit_id], forms).get(unit_id)
        tables = approved_tables(connection, snapshot, works).get(unit_id, ())
    made = _made(snapshot, work, signed, tables) if work else None
    if made is None:
        raise NotYours
    with desk.change(Action.DOWNLOAD_TEMPLATE, f"outline of opening {opening_id} unit {unit_id}") as change:
        change.detail["sha256"] = made.sha256
    return made


def outlines(desk: Desk, regime: str, period: str, units: Iterable[str] = ()) -> Iterator[Made]:
    """The outlines of a period, all or of some units, one at a time. Raises Refusal (unknown unit)."""
    allowed = desk.require(Action.DOWNLOAD_TEMPLATE)
    with desk.read() as connection:
        snapshot = desk.snapshot(connection)
        works = openings.work(connection, allowed, regime=regime, period_code=period)
        forms = snapshot.regimes[regime].forms if regime in snapshot.regimes else ()
        signed = signatures(desk, connection, {work.unit_id for work in works}, forms)
        wanted = unit_ids(snapshot, units)
        works = [work for work in works if not wanted or work.unit_id in wanted]
        tables = approved_tables(connection, snapshot, works)
    asked = {work.unit_id: work for work in works}.values()
    given = [work for work in asked if _code(snapshot.regimes[work.regime], snapshot.units_by_id[work.unit_id])]
    if given:
        with desk.change(Action.DOWNLOAD_TEMPLATE, f"outlines {regime} {period}") as change:
            change.detail["outlines"] = len(given)
    for work in given:
        made = _made(snapshot, work, signed.get(work.unit_id), tables.get(work.unit_id, ()))
        if made is not None:
            yield made


def unwritten(desk: Desk, opening_id: int, unit_id: int) -> tuple[str, ...]:
    """The headings of a unit's outline under which its narrative says nothing; none when it cannot be read."""
    allowed = desk.require(Action.ATTACH_NARRATIVE, unit_id)
    with desk.read() as connection:
        report = reports.find(connection, allowed, opening_id, unit_id)
        works = openings.work(connection, allowed, opening_id=opening_id)
        snapshot = desk.snapshot(connection)
    work = next((one for one in works if one.unit_id == unit_id), None)
    order = _order(snapshot, work) if work else None
    if report is None or report.readable_sha is None or order is None:
        return ()
    with desk.instance.files.open(report.readable_sha) as stream:
        found = desk.instance.pool.pieces(stream.read(), order.places)
    return tuple(piece.place.heading for piece in found if not piece.lines)


def _made(snapshot: Snapshot, work: openings.Work, signed: Signature | None, tables: Sequence[Table]) -> Made | None:
    found = _order(snapshot, work)
    if found is None:
        return None
    filler = Filler(tables, found.period, snapshot.definitions)
    order = replace(found, signature=signed, places=tuple(_filled(one, filler) for one in found.places))
    name = template.file_name(order.outline.code, order.period.code, order.unit, 1, "docx")
    return Made(order.unit.code, order.outline.code, name, build(order))


def _filled(place: Place, filler: Filler) -> Place:
    """The place with its sentences holding the unit's own approved figures; "…" where there are none yet."""
    lines = (filler.fill(line, place.heading).text for line in place.text.splitlines())
    return replace(place, text="\n".join(lines)) if place.text else place


def _order(snapshot: Snapshot, work: openings.Work) -> OutlineOrder | None:
    regime, unit = snapshot.regimes[work.regime], snapshot.units_by_id[work.unit_id]
    return order_for(snapshot, regime, unit, parse(work.period))


def order_for(snapshot: Snapshot, regime: Regime, unit: Unit, period: Period) -> OutlineOrder | None:
    """The outline a regime gives a unit in a period, None when it gives its level none."""
    code = _code(regime, unit)
    if code is None:
        return None
    chosen = snapshot.outlines[code]
    province = snapshot.outlines.get(dict(regime.outlines).get(PROVINCE, ""))
    return OutlineOrder(chosen, places(chosen, period, unit, province), regime, unit, snapshot.province, period)


def _code(regime: Regime, unit: Unit) -> str | None:
    return dict(regime.outlines).get(level_of(unit))
