"""What a corrected figure of an earlier month touches: later values to date, and reports that told them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from actions.cases import Situation
from actions.decide import figures_of
from registry.catalogue.forms import CellSpec
from registry.catalogue.measures import from_mantissa
from registry.catalogue.model import Row
from registry.catalogue.values import Known, SeriesKey
from registry.periods import Period, parse
from registry.rules.background import Need
from registry.rules.ripples import Correction, needs, ripples
from registry.store import amendments, figures
from registry.store.amendments import Later
from registry.store.definitions import Snapshot
from registry.store.engine import Connection
from registry.store.figures import NewFigure
from registry.store.submissions import Version
from registry.store.warehouse import courses_of
from vietnamese.numbers import format_number


@dataclass(frozen=True, slots=True)
class Line:
    """A value to date, told and as it comes out, as the form prints it."""

    row: Row
    period: Period
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Touched:
    """Everything a correction touches after the month it is of."""

    lines: tuple[Line, ...] = ()
    reports: tuple[Later, ...] = ()


NOTHING = Touched()


def of_earlier_months(connection: Connection, snapshot: Snapshot, situated: Situation, version: Version) -> Touched:
    """What official figures of earlier months in a version change of what was told until then: up to three queries."""
    own = situated.period
    earlier = [one for one in figures_of(situated, version, snapshot) if parse(one.period) < own]
    if not earlier:
        return NOTHING
    known = figures.by_need(connection, _subjects(earlier), {Need(one.series, one.period) for one in earlier})
    corrections = [
        Correction(one.series, one.period, one.subject_id, one.nature, held.mantissa, one.mantissa)
        for one in earlier
        if (held := known.get(Need(one.series, one.period), {}).get(one.subject_id)) is not None
    ]
    told = max(parse(one.period) for one in earlier)
    return _touched(connection, snapshot, situated, corrections, told)


def of_correction(
    connection: Connection, snapshot: Snapshot, situated: Situation, old: Version, new: Version, today: Period
) -> Touched:
    """What a corrected version (đính chính) changes of the months after it."""
    before = {_place(one): one.mantissa for one in figures_of(situated, old, snapshot)}
    corrections = [
        Correction(one.series, one.period, one.subject_id, one.nature, before[_place(one)], one.mantissa)
        for one in figures_of(situated, new, snapshot)
        if _place(one) in before
    ]
    return _touched(connection, snapshot, situated, corrections, today)


def _touched(
    connection: Connection, snapshot: Snapshot, situated: Situation, given: Iterable[Correction], until: Period
) -> Touched:
    corrections = [one for one in given if one.old != one.new]
    if not corrections:
        return NOTHING
    known_courses = courses_of(snapshot)
    wanted = needs(corrections, known_courses, until)
    known: dict[Need, dict[int, Known]] = {}
    if wanted:
        known = figures.by_need(connection, {one.subject for one in corrections}, wanted)
    found = list(ripples(corrections, known_courses, known, until))
    specs = _specs(situated)
    lines = tuple(
        Line(row, one.period, _printed(snapshot, spec, one.old), _printed(snapshot, spec, one.new))
        for one in found
        if one.series in specs
        for row, spec in (specs[one.series],)
    )
    months = {one.period.code for one in found}
    reports = amendments.later(connection, situated.work.unit_id, situated.work.form, months) if months else []
    return Touched(lines, tuple(reports))


def _specs(situated: Situation) -> dict[SeriesKey, tuple[Row, CellSpec]]:
    rows = {row.code: row for row in situated.view.form.rows}
    return {spec.series: (rows[key.row], spec) for key, spec in situated.view.inputs.items() if spec.series is not None}


def _printed(snapshot: Snapshot, spec: CellSpec, mantissa: int) -> str:
    assert spec.series is not None
    definitions = snapshot.definitions
    number = from_mantissa(mantissa, definitions.measures[spec.measure], definitions.canonical(spec.series))
    return format_number(number, spec.decimals)


def _place(one: NewFigure) -> tuple[object, ...]:
    return one.series, one.period, one.subject_id, one.nature


def _subjects(given: Iterable[NewFigure]) -> set[int]:
    return {one.subject_id for one in given}
