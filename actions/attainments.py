"""Plans against what was done (vượt, đạt, không đạt): the province and every unit within one's scope (F6)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from actions.cases import Situation, each_situation
from actions.compiling import gather
from actions.desk import Desk, NotYours, say
from compile.attainment import Attainment, attained, plan_cells
from compile.totals import totals
from registry.catalogue.forms import View, province_row_set, subject_of
from registry.catalogue.measures import from_mantissa, rounded
from registry.catalogue.model import PROVINCE, Form, Frequency, Regime, RowNature
from registry.catalogue.values import Aspect, CellKey, Known, State
from registry.periods import Period, periods_to_date
from registry.rules.background import Need
from registry.rules.evaluate import compute
from registry.rules.lookup import cell_terms
from registry.store import definitions, figures, openings, submissions
from registry.store.definitions import Snapshot
from registry.store.engine import Connection
from registry.store.openings import Opening
from registry.store.submissions import Version
from registry.workflow.policy import Action

_YEAR_ENDS = 12  # month
_GROWING = (RowNature.CUMULATIVE, RowNature.SEASON, RowNature.CROP_YEAR)
EVERYBODY = ""


@dataclass(frozen=True)
class Attainments:
    """Every plan of a period's forms with what was done to date."""

    regime: Regime
    period: Period
    lines: tuple[Attainment, ...]  # the province first, then units in official order

    @property
    def is_final(self) -> bool:
        """True when the year is over: what is not met by now was missed."""
        return self.period.last.month == _YEAR_ENDS


@dataclass(frozen=True, slots=True)
class _Line:
    """A line with whom its figures are about, which its plan is looked up by."""

    found: Attainment
    subject_id: int
    need: Need | None


def attainments(desk: Desk, regime_code: str, period_code: str, unit: str = EVERYBODY) -> Attainments:
    """What was done against plan by everybody within reach or by one unit; queries do not grow with units.

    The province's own plans are seen by whoever watches all units. Raises NotYours.
    """
    allowed = desk.require(Action.SEE_SUBMISSION)
    with desk.read() as connection:
        snapshot = desk.snapshot(connection)
        opening = openings.find(connection, regime_code, period_code)
        works = openings.work(connection, allowed, regime=regime_code, period_code=period_code)
        if opening is None or not works:
            raise NotYours
        regime = snapshot.regimes[regime_code]
        period = openings.period_of(connection, regime.code, opening.id, opening.period)
        receiver_id = snapshot.unit_ids[regime.receivers[-1]]
        counted = submissions.counted(connection, opening.id, receiver_id, desk.moment)
        keys = {one.assignment_id: one.version_id for one in counted}
        one_unit = snapshot.unit_ids.get(unit)
        asked = [work for work in works if unit == EVERYBODY or work.unit_id == one_unit]
        is_province = unit in (EVERYBODY, PROVINCE) and not desk.scope(Action.SEE_BOARD).is_empty
        if not asked and not is_province:
            raise NotYours
        planned = [work for work in works if has_plans(connection, snapshot, work.form_definition_id, period)]
        mine = [work for work in planned if unit == EVERYBODY or work.unit_id == one_unit]
        given = [keys[one.assignment_id] for one in mine if one.assignment_id in keys]
        versions = submissions.by_ids(connection, given)
        lines: list[_Line] = []
        if is_province:
            lines += _of_province(desk, connection, snapshot, opening, {one.form for one in planned})
        for one in each_situation(connection, snapshot, mine):
            key = keys.get(one.work.assignment_id)
            lines += _of_unit(snapshot, one, versions[key] if key else None)
        lines = _with_ended_seasons(connection, snapshot, regime, period, lines)
        told = sorted(_with_origins(connection, snapshot, lines), key=_order)
    return Attainments(regime, period, tuple(told))


def _order(line: Attainment) -> tuple[bool, int]:
    return line.unit.code != PROVINCE, line.unit.order


def has_plans(connection: Connection, snapshot: Snapshot, form_definition_id: int, period: Period) -> bool:
    """True for a form that shows plans in a period; worked out once."""
    key = ("has plans", form_definition_id, period.shape)
    if key not in snapshot.memo:
        form = definitions.form_version(connection, snapshot, form_definition_id).form
        view = View(form, period.shape, province_row_set(form, period.shape), snapshot.definitions)
        snapshot.memo[key] = any(True for _ in plan_cells(view))
    return bool(snapshot.memo[key])


def _of_unit(snapshot: Snapshot, one: Situation, version: Version | None) -> Iterator[_Line]:
    values = compute(one.context, version.values if version else {})
    numbers = {key: value.amount for key, value in values.items()}
    for found in attained(one.unit, one.view, numbers):
        subject = snapshot.unit_ids[subject_of(found.row, one.unit, PROVINCE)]
        yield _Line(found, subject, _need(one.view, one.period, one.regime.frequency, found))


def _of_province(
    desk: Desk, connection: Connection, snapshot: Snapshot, opening: Opening, forms: set[str]
) -> Iterator[_Line]:
    receiver = snapshot.regimes[opening.regime].receivers[-1]
    counted = submissions.counted(connection, opening.id, snapshot.unit_ids[receiver], desk.moment)
    mine = [one for one in counted if one.form in forms]
    order = gather(desk, connection, snapshot, opening, mine, receiver, desk.moment, 1, tables_of=forms)
    for form in order.forms:
        made = totals(form, order)
        numbers: dict[CellKey, Decimal | None] = {key: cell.number for key, cell in made.cells.items()}
        partial = {key: cell.coverage.text for key, cell in made.cells.items() if cell.is_partial and cell.coverage}
        for found in attained(snapshot.province, made.view, numbers, partial):
            need = _need(made.view, order.period, order.regime.frequency, found)
            yield _Line(found, snapshot.unit_ids[PROVINCE], need)


def _need(view: View, period: Period, frequency: Frequency, found: Attainment) -> Need | None:
    terms = cell_terms(view, period, frequency, found.plan_cell)
    return terms[0].need if terms else None


def _with_ended_seasons(
    connection: Connection, snapshot: Snapshot, regime: Regime, period: Period, lines: Sequence[_Line]
) -> list[_Line]:
    """What grows through a season and is asked no more stands as it was when the season was last reported (F7)."""
    earlier = periods_to_date(period, regime.frequency)
    wanted = [() if line.found.done is not None or line.found.have else _grown(line.found, earlier) for line in lines]
    needs = {need for its in wanted for need in its}
    known = figures.backgrounds(connection, {line.subject_id for line in lines}, needs)
    settled = []
    for line, its in zip(lines, wanted, strict=True):
        given = (known[line.subject_id].figures.get(need) for need in its)
        last = next((one for one in given if one is not None and one.state is State.VALUE), None)
        done = line.found.done if last is None else _shown(snapshot, line.found, last)
        settled.append(replace(line, found=replace(line.found, done=done)))
    return settled


def _grown(line: Attainment, earlier: Sequence[Period]) -> tuple[Need, ...]:
    """The cumulative figures of the year's periods, the last first; of a season's row those while the season ran."""
    season, series = line.row.season, line.plan_cell.series
    if series is None or line.indicator.nature not in _GROWING or not earlier:
        return ()
    now = earlier[-1].last
    return tuple(
        Need(series._replace(aspect=Aspect.CUMULATIVE), one.code)
        for one in reversed(earlier)
        if season is None
        or (
            one.last.month in season.months
            and season.plan_year(one.year, one.last.month) == season.plan_year(now.year, now.month)
        )
    )


def _shown(snapshot: Snapshot, line: Attainment, last: Known) -> Decimal:
    """A figure of the warehouse as the form shows the plan."""
    measures, spec = snapshot.definitions.measures, line.plan_cell
    exact = from_mantissa(last.mantissa, measures[spec.measure], measures[line.indicator.measure])
    return rounded(exact, spec.decimals)


def _with_origins(connection: Connection, snapshot: Snapshot, lines: Sequence[_Line]) -> Iterator[Attainment]:
    needs = {one.need for one in lines if one.need is not None}
    known = figures.plan_origins(connection, {one.subject_id for one in lines}, needs)
    given = {one.version_id for one in known.values() if one.version_id is not None}
    versions = submissions.by_ids(connection, given)
    for one in lines:
        origin = known.get((one.subject_id, one.need)) if one.need else None
        if origin is None or origin.version_id is None or origin.form_definition_id is None:
            yield replace(one.found, origin=(origin.document or "") if origin else say("plan.summed"))
            continue
        form = definitions.form_version(connection, snapshot, origin.form_definition_id).form
        words = _beside(form, versions[origin.version_id], one.found)
        by = say("plan.by-form", form=form.code, unit=snapshot.units_by_id[origin.unit_id].name)
        yield replace(one.found, origin="; ".join((*words, by)))


def _beside(form: Form, version: Version, line: Attainment) -> Iterator[str]:
    """What was typed beside the plan in the form it was given by: the deciding document, in the order of columns."""
    same = [row.code for row in form.rows if (row.indicator, row.member) == (line.indicator.code, line.row.member)]
    for row in same:
        for column in form.columns:
            value = version.values.get(CellKey(row, column.code))
            if value is not None and value.text:
                yield value.text
