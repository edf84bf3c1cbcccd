"""Whether the tables of a catalogue fit one another: everything wrong at once, pointing at sheet and cell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import combinations, pairwise
from typing import Any

from registry.catalogue import sheets as s
from registry.catalogue.check_figures import figure_findings
from registry.catalogue.check_forms import form_findings
from registry.catalogue.check_once import once_findings
from registry.catalogue.check_personal import personal_findings
from registry.catalogue.check_references import Known, reference_findings
from registry.catalogue.check_units import unit_findings
from registry.catalogue.model import Aggregation, Catalogue, Deadline, FormPurpose, Frequency, Regime, RowNature
from registry.catalogue.places import Places
from registry.catalogue.sheets import Sheet
from registry.catalogue.table import key_of_record
from registry.findings import Finding, finding


def check(catalogue: Catalogue, places: Places | None = None) -> tuple[Finding, ...]:
    """Everything wrong between the tables; formulas and rules are ``registry.rules.catalogue_check``'s.

    ``places`` says where each row was written; without it findings name rows but no cells.
    """
    places = places or Places()
    known = Known.of(catalogue, places)
    found = [
        *unit_findings(catalogue, places),
        *_dates(catalogue, places),
        *_ratios(catalogue, places),
        *_aggregations(catalogue, places),
        *figure_findings(s.PLANS, catalogue.plans, catalogue, places),
        *(one for regime in catalogue.regimes for one in _deadlines(regime, places)),
        *_purposes(catalogue, places),
        *_asked_twice(catalogue, places),
        *reference_findings(catalogue, known, places),
        *once_findings(catalogue, places),
    ]
    for form in catalogue.forms:
        found += _form_file(form.code, places)
        found += form_findings(form, catalogue, places)
        found += personal_findings(form, places, frozenset(one.code for one in catalogue.units))
    return tuple(found)


def _dates(catalogue: Catalogue, places: Places) -> Iterator[Finding]:
    dated: list[tuple[Sheet, Iterable[Any]]] = [
        (s.UNITS, catalogue.units),
        (s.REGIMES, catalogue.regimes),
        (s.ROLES, catalogue.roles),
        (s.FORM, catalogue.forms),
    ]
    for sheet, records in dated:
        for one in records:
            if one.valid_to is not None and one.valid_to < one.valid_from:
                yield finding(
                    "catalogue-dates-reversed",
                    **places.where(sheet.stem, key_of_record(sheet, one), "valid_to"),
                    found=_day(one.valid_to),
                    expected=_day(one.valid_from),
                )


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def _ratios(catalogue: Catalogue, places: Places) -> Iterator[Finding]:
    for one in catalogue.indicators:
        is_ratio = one.nature is RowNature.RATIO or one.aggregation is Aggregation.RATIO
        if is_ratio and not (one.numerator and one.denominator):
            where = places.where("indicators", (one.code,), "numerator")
            yield finding("catalogue-ratio-incomplete", **where, found=one.code)


def _aggregations(catalogue: Catalogue, places: Places) -> Iterator[Finding]:
    """What is reckoned from other indicators needs none that are reckoned themselves (the province's own, which nobody
    adds, may be); an index or a ratio never adds up.
    """
    known = {one.code: one for one in catalogue.indicators}
    for one in catalogue.indicators:
        is_whole_ratio = one.nature is RowNature.RATIO and one.numerator and one.denominator
        if one.aggregation is Aggregation.SUM and (one.nature is RowNature.INDEX or is_whole_ratio):
            where = places.where("indicators", (one.code,), "aggregation")
            yield finding("catalogue-aggregation-sum", **where, found=one.code, expected=one.nature.value)
        if one.aggregation is Aggregation.WEIGHTED and not one.denominator:
            where = places.where("indicators", (one.code,), "denominator")
            yield finding("catalogue-weight-missing", **where, found=one.code)
        reckoned = one.aggregation in (Aggregation.RATIO, Aggregation.WEIGHTED)
        for field in ("numerator", "denominator") if reckoned else ():
            part = known.get(getattr(one, field) or "")
            if part is not None and part.aggregation not in (Aggregation.SUM, Aggregation.NONE):
                where = places.where("indicators", (one.code,), field)
                yield finding("catalogue-part-not-additive", **where, found=part.code, indicator=one.code)


def _deadlines(regime: Regime, places: Places) -> Iterator[Finding]:
    for one in regime.deadlines:
        where = places.where("deadlines", (regime.code, one.level), "day")
        if (one.day is None) == (one.after is None):
            yield finding("catalogue-deadline-unstated", **where, found=one.level)
        elif regime.frequency is Frequency.WEEK and one.after is None:
            yield finding("catalogue-deadline-weekly", **where, found=one.level)
    for earlier, later in pairwise(regime.deadlines):
        if not _is_later(later, earlier):
            where = places.where("deadlines", (regime.code, later.level), "day")
            yield finding("catalogue-deadlines-order", **where, found=later.level, expected=earlier.level)


def _is_later(later: Deadline, earlier: Deadline) -> bool:
    """A day of the month and days after closing, or days counted in two ways, are compared when a period is opened."""
    if later.day is not None and earlier.day is not None:
        return (later.month_shift, later.day) > (earlier.month_shift, earlier.day)
    if later.after is not None and earlier.after is not None and later.counted is earlier.counted:
        return later.after > earlier.after
    return True


def _purposes(catalogue: Catalogue, places: Places) -> Iterator[Finding]:
    """What a regime has people fill are input forms, what its report prints besides are report forms (F11)."""
    purposes = {form.code: form.purpose for form in catalogue.forms}
    for regime in catalogue.regimes:
        for field, wanted, named in (
            ("forms", FormPurpose.INPUT, regime.forms),
            ("report_forms", FormPurpose.REPORT, regime.report_forms),
        ):
            for code in named:
                if purposes.get(code, wanted) is not wanted:
                    where = places.where("regimes", (regime.code,), field)
                    yield finding("catalogue-regime-form-purpose", **where, found=code, expected=wanted.value)


def _asked_twice(catalogue: Catalogue, places: Places) -> Iterator[Finding]:
    """One form within two regimes of one time would be asked, and reported, twice; requests may use it again."""
    periodic = [regime for regime in catalogue.regimes if regime.frequency is not Frequency.ONCE]
    for one, other in combinations(periodic, 2):
        together = max(one.valid_from, other.valid_from) <= min(one.valid_to or date.max, other.valid_to or date.max)
        for code in one.forms if together else ():
            if code in other.forms:
                where = places.where("regimes", (other.code,), "forms")
                yield finding("catalogue-form-asked-twice", **where, form=code, found=other.code, expected=one.code)


def _form_file(code: str, places: Places) -> Iterator[Finding]:
    for (stem, key), spot in places.spots.items():
        stated = spot.workbook.removeprefix("forms/")
        if stem == "form" and key[0] == code and stated != code and not stated.startswith(f"{code}_v"):
            yield finding("catalogue-form-file", **places.where("form", key, "code"), found=code)
