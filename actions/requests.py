"""Asking units for a report outside the periodic ones: đột xuất, chuyên đề (R19, R50; PRACTICE F20)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from actions import letters
from actions.askers import askable, is_own
from actions.desk import Change, Changed, Desk, NotNow, NotYours, Refusal, say
from actions.letters import Enclosed
from actions.openings import assert_ahead, open_planned, parsed
from registry.catalogue.asked import selected
from registry.catalogue.asking import Ask, AskedRow, ColumnKind, Phrases, Setting, again, definitions_of
from registry.catalogue.check import check
from registry.catalogue.forms import View, row_set
from registry.catalogue.merge import merged
from registry.catalogue.model import Catalogue, Form, FormPurpose, Regime, Unit
from registry.catalogue.values import Aspect
from registry.findings import is_blocking, message
from registry.periods import Period, parse
from registry.rules import catalogue_check
from registry.store import definitions, openings
from registry.store.definitions import FormVersion, Snapshot
from registry.store.engine import Connection
from registry.store.openings import Opening
from registry.workflow.policy import Action
from vietnamese.fold import fold, nearest

_OWN_CODE = re.compile(r"DX-(\d{4})-(\d{3})")  # of a request, and of the form drawn for it
MOST_ROWS, MOST_COLUMNS = 40, 10
_PLANS = {Aspect.PLAN_CENTRAL, Aspect.PLAN_COUNCIL, Aspect.SCENARIO, Aspect.NEXT_YEAR_PLAN}
_OUTSIDE_PERIODS = parse("2025DX001").shape


# --- asking ---------------------------------------------------------------------------------------------------------


def ask(desk: Desk, asker: str, asked: Ask, due: datetime, looked: str = "", letter: Enclosed | None = None) -> Opening:
    """Write the request's definitions and give out the work, in one transaction; its first round.

    The moment stands as the requester names it (Điều 14.3). ``looked`` is the code the request had in the look before
    it went out: one look gives one request, and asking a second time is Changed. Raises NotYours, Refusal.
    """
    desk.require(Action.REQUEST)
    with desk.change(Action.REQUEST, "request") as change:
        known = definitions.snapshot(change.connection, desk.day)
        if looked and any(_is_same(known, code, asker, asked) for code in known.requests if code >= looked):
            raise Changed
        made, regime = rehearsed(desk, change.connection, known, asker, asked)
        definitions.load(change.connection, made, desk.actor.signature, desk.moment)
        after = definitions.snapshot(change.connection, desk.day)
        period = _first_round(regime)
        change.on = f"{regime.code} {period.code}"
        change.detail |= {"asker": asker, "document": asked.document, "due": due.isoformat(), "units": asked.units}
        open_planned(desk, change, after, regime, period, due)
        if letter is not None:
            letters.put(desk, change, regime.code, after.unit_ids[asker], letter)
        found = openings.find(change.connection, regime.code, period.code)
        assert found is not None
        return found


def _is_same(snapshot: Snapshot, code: str, asker: str, asked: Ask) -> bool:
    """True for a request that says what is about to be asked."""
    regime, request = snapshot.regimes.get(code), snapshot.requests[code]
    said = (asker, asked.name, asked.document, asked.units)
    return regime is not None and said == (regime.lead, regime.name, request.document, regime.reporters)


def rehearsed(
    desk: Desk, connection: Connection, snapshot: Snapshot, asker: str, asked: Ask
) -> tuple[Catalogue, Regime]:
    """The definitions a request would write, checked as any catalogue is. Raises NotYours, Refusal."""
    unit = snapshot.units.get(asker)
    if unit is None:
        raise NotYours
    desk.require(Action.REQUEST, snapshot.unit_ids[asker])
    asked = _complete(snapshot, asked)
    code = f"DX-{desk.day.year}-{_next_number(connection, snapshot, desk.day.year):03}"
    units = _units(snapshot, unit, asked.units)
    measures = {one.code: one for one in snapshot.catalogue.measures}
    phrases = Phrases(*(say(f"request.{name}") for name in ("before", "since", "total", "answer")))
    made = definitions_of(asked, Setting(code, unit, desk.day, tuple(units), measures, phrases))
    _assert_sound(snapshot, made)
    return made, made.regimes[0]


def imagined(snapshot: Snapshot, made: Catalogue) -> Snapshot:
    """The catalogue as it would be with a request's definitions in it, for a look before anything is written."""
    forms = {form.code: FormVersion(0, form.version, "", form) for form in made.forms}
    together = merged(snapshot.catalogue, made)
    return replace(snapshot, catalogue=together, form_versions={**snapshot.form_versions, **forms})


def _first_round(regime: Regime) -> Period:
    _, year, number = regime.code.split("-")
    return parsed(f"{year}DX{number}")


def _next_number(connection: Connection, snapshot: Snapshot, year: int) -> int:
    """Requests and their rounds are numbered through the year: one code is never two things."""
    taken = [int(code[-3:]) for code in openings.once_codes(connection, year)]
    numbered = [found for code in snapshot.requests if (found := _OWN_CODE.fullmatch(code))]
    taken += [int(found[2]) for found in numbered if found[1] == str(year)]
    number = max(taken, default=0) + 1
    if number > 999:
        raise Refusal("no-more-codes", year=year)
    return number


def _units(snapshot: Snapshot, asker: Unit, selectors: Iterable[str]) -> list[Unit]:
    chosen = selected(selectors, snapshot.catalogue.units)
    allowed = {unit.code for unit in askable(snapshot, asker)}
    stranger = next((unit for unit in chosen if unit.code not in allowed), None)
    if stranger is not None:
        raise Refusal("not-to-be-asked", unit=stranger.name)
    if not chosen:
        raise Refusal("nobody-chosen")
    return chosen


def _complete(snapshot: Snapshot, asked: Ask) -> Ask:
    """The request with its measures found in the catalogue. Raises Refusal naming what is missing."""
    if not asked.name.strip():
        raise Refusal("name-needed")
    if asked.form:
        if asked.form not in snapshot.form_versions:
            raise Refusal("unknown-form", form=asked.form)
        if not can_be_asked(snapshot, snapshot.form_versions[asked.form].form):
            raise Refusal("form-not-askable", form=asked.form)
        return asked
    if not asked.rows and not asked.outline:
        raise Refusal("nothing-asked")
    if len(asked.rows) > MOST_ROWS or len(asked.columns) > MOST_COLUMNS:
        raise Refusal("too-much-asked", rows=MOST_ROWS, columns=MOST_COLUMNS)
    has_figures = asked.repeats or any(one.kind is ColumnKind.NUMBER for one in asked.columns)
    if not has_figures:
        return asked
    return replace(asked, rows=tuple(_measured(snapshot, one) for one in asked.rows))


def can_be_asked(snapshot: Snapshot, form: Form) -> bool:
    """True for a form a request may use: an input form of the catalogue's own, no plans, with cells outside periods."""
    if form.purpose is FormPurpose.REPORT or _OWN_CODE.fullmatch(form.code):
        return False
    key = ("can be asked", form.code, form.version)
    if key not in snapshot.memo:
        met = {row_set(form, unit, _OUTSIDE_PERIODS) for unit in snapshot.catalogue.units}
        views = [View(form, _OUTSIDE_PERIODS, rows, snapshot.definitions) for rows in met]
        aspects = {spec.series.aspect for view in views for spec in view.inputs.values() if spec.series}
        snapshot.memo[key] = any(view.asks for view in views) and not aspects & _PLANS
    return bool(snapshot.memo[key])


def _measured(snapshot: Snapshot, row: AskedRow) -> AskedRow:
    codes = [one.code for one in snapshot.catalogue.measures]
    found = row.measure if row.measure in codes else next((c for c in codes if fold(c) == fold(row.measure)), None)
    if not found:
        near = ", ".join(nearest(row.measure, codes, 3)) if row.measure else ""
        raise Refusal("unknown-measure", row=row.label, measure=row.measure, near=near or "…")
    return replace(row, measure=found)


def _assert_sound(snapshot: Snapshot, made: Catalogue) -> None:
    used = {code for regime in made.regimes for code in regime.forms}
    forms = tuple(form for form in snapshot.catalogue.forms if form.code in used)
    known = replace(snapshot.catalogue, forms=forms, rules=(), plans=(), regimes=(), outlines=(), requests=())
    together = merged(known, made)
    found = (*check(together), *catalogue_check.check(together))
    if is_blocking(found):
        raise Refusal("request-unsound", why=message(found[0]))


# --- once more -------------------------------------------------------------------------------------------------------


def next_round(desk: Desk, regime: str, due: datetime, after: str = "") -> Opening:
    """Ask the same again, starting from the last round: "cộng dồn đến báo cáo trước" is filled in (5.12).

    ``after`` is the round the person has seen as the last. Raises NotYours, Refusal (no moment, no more codes), NotNow
    (never asked before), Changed (another round followed already).
    """
    desk.require(Action.REQUEST)
    assert_ahead(desk, due)
    with desk.change(Action.REQUEST, regime) as change:
        return open_next(desk, change, regime, due, after)


def open_next(desk: Desk, change: Change, regime: str, due: datetime, after: str = "") -> Opening:
    """The next round inside an open transaction. Raises NotYours, Refusal, NotNow, Changed as ``next_round`` does."""
    snapshot = desk.snapshot(change.connection)
    if not is_own(desk, snapshot, regime):
        raise NotYours
    last = last_round(change.connection, regime)
    if last is None:
        raise NotNow("never-asked")
    if after not in ("", last):
        raise Changed
    number = _next_number(change.connection, snapshot, desk.day.year)
    period = parsed(f"{desk.day.year}DX{number:03}")
    change.on = f"{regime} {period.code}"
    change.detail["due"] = due.isoformat()
    open_planned(desk, change, snapshot, snapshot.regimes[regime], period, due)
    found = openings.find(change.connection, regime, period.code)
    assert found is not None
    return found


def last_round(connection: Connection, regime: str) -> str | None:
    """The period of the round given out last; None when there was none."""
    rounds = [one for one in openings.all_openings(connection) if one.regime == regime]
    return max(rounds, key=lambda one: one.id).period if rounds else None


def as_before(desk: Desk, snapshot: Snapshot, regime: str) -> Ask:
    """An earlier request of one's own, ready to be asked anew. Raises NotYours."""
    if not is_own(desk, snapshot, regime):
        raise NotYours
    found, request = snapshot.regimes[regime], snapshot.requests[regime]
    form: Form = snapshot.form_versions[found.forms[0]].form
    outline = next((snapshot.outlines[code] for _, code in found.outlines if code in snapshot.outlines), None)
    return again(found, request, form, outline)


def already_reported(snapshot: Snapshot, asked: Ask) -> list[tuple[str, str]]:
    """(row, indicator) where the units report the same thing periodically already: same name, same measure (R03)."""
    known = {
        (fold(one.name), one.measure): f"{one.code} {one.name}"
        for one in snapshot.catalogue.indicators
        if one.code.partition(".")[0] not in snapshot.requests
    }
    pairs = ((row.label, known.get((fold(row.label), row.measure))) for row in asked.rows)
    return [(label, found) for label, found in pairs if found]
