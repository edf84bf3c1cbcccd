"""Reporting regimes (chế độ báo cáo) written on a page: the province's periodic ones, checked as any catalogue."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from actions.catalogues import Loaded, check, put
from actions.desk import Desk, NotNow, NotYours, Refusal
from registry.catalogue.codec import BadValue, clean
from registry.catalogue.model import Catalogue, Deadline, Frequency, Regime
from registry.catalogue.sheets import DEADLINES, REGIMES, Field
from registry.findings import is_blocking
from registry.periods import Period, Timetable, WorkingCalendar, periods_of, timetable
from registry.workflow.policy import Action
from workbook_templates import definition_book

_WORKBOOK = "regimes.xlsx"
_CODE = re.compile(r"[A-Za-zĐđ0-9][A-Za-zĐđ0-9._-]{0,38}")
_YEARS_AHEAD = 2


@dataclass(frozen=True, slots=True)
class Coming:
    """A period a regime will ask, with its closing and its deadlines."""

    period: Period
    dates: Timetable


def coming(desk: Desk, regime: Regime, calendar: WorkingCalendar, count: int) -> list[Coming]:
    """The next periods whose last deadline is still to come, at most so many; none of what is asked once."""
    found: list[Coming] = []
    for year in range(desk.day.year - 1, desk.day.year + _YEARS_AHEAD + 1):
        for period in periods_of(regime.frequency, year):
            if not regime.holds_on(period.last):
                continue
            dates = timetable(regime, period, calendar)
            if len(found) < count and any(desk.moment < due.moment for due in dates.dues):
                found.append(Coming(period, dates))
    return found


def written(typed: Mapping[str, str], deadlines: Iterable[Mapping[str, str]]) -> Regime:
    """The regime a form describes, each field as a cell of the catalogue's sheet is written.

    Lines of ``deadlines`` without a level are left out. Raises Refusal naming the field and what it may hold.
    """
    values = _values(REGIMES.fields, typed)
    lines = [line for line in deadlines if clean(line.get("level", ""))]
    due = tuple(Deadline(**_kept(Deadline, _values(DEADLINES.fields, {"regime": "-", **line}))) for line in lines)
    return Regime(**_kept(Regime, values), deadlines=due)


def _values(wanted: Iterable[Field], typed: Mapping[str, str]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for field in wanted:
        text = clean(typed.get(field.name, ""))
        if not text and field.required:
            raise Refusal("regime-field-missing", field=field.header)
        try:
            values[field.name] = field.codec.parse(text) if text else field.blank
        except BadValue as bad:
            raise Refusal("regime-field", field=field.header, found=text[:60], expected=bad.expected) from None
    return values


def _kept(kind: type[Any], values: Mapping[str, Any]) -> dict[str, Any]:
    names = {field.name for field in fields(kind)}
    return {name: value for name, value in values.items() if name in names}


def texts(record: object, of: Iterable[Field]) -> dict[str, str]:
    """A record as a form shows it: the inverse of `written`, field by field."""
    shown = {field.name: getattr(record, field.name, None) for field in of}
    by_name = {field.name: field for field in of}
    return {name: by_name[name].codec.show(value) for name, value in shown.items() if value not in (None, (), "")}


def save(desk: Desk, regime: Regime, *, is_new: bool, in_scope: bool) -> Loaded:
    """Write a periodic regime, or a dated version of one, through the door catalogues are loaded by.

    ``in_scope`` is the office's word that it is no statistical, secret or internal report (R35). What was found
    comes back, and nothing is written when any of it blocks. Raises NotYours, Refusal, NotNow (the code is taken).
    """
    desk.require(Action.CHANGE_CATALOGUE)
    with desk.read() as connection:
        known = desk.snapshot(connection).regimes
    if regime.frequency is Frequency.ONCE:
        raise Refusal("regime-not-periodic")
    if is_new and not in_scope:
        raise Refusal("regime-scope")
    if is_new and not _CODE.fullmatch(regime.code):
        raise Refusal("regime-code", found=regime.code)
    if is_new and regime.code in known:
        raise NotNow("regime-taken", regime=regime.code)
    if not is_new and regime.code not in known:
        raise NotYours
    workbook = definition_book.write(Catalogue(regimes=(regime,)))[_WORKBOOK]
    catalogue, findings = check(desk, {_WORKBOOK: workbook})
    if is_blocking(findings):
        return Loaded((), findings)
    return Loaded(put(desk, catalogue), findings)
