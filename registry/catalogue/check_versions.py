"""What a folder may not do to the catalogue in force: give a known name another meaning, or go back in time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from registry.catalogue import sheets as s
from registry.catalogue.asked import newest
from registry.catalogue.model import Catalogue, Indicator
from registry.catalogue.places import Places
from registry.findings import Finding, finding
from vietnamese.fold import fold

_MEANING = ("nature", "accumulation", "aggregation", "concept", "method")
_HEADERS = {field.name: field for field in s.INDICATORS.fields}


def version_findings(known: Catalogue, new: Catalogue, places: Places) -> Iterator[Finding]:
    """Indicators given another meaning (R03), and form versions that would never be used or start at once."""
    in_force = {one.code: one for one in known.indicators}
    for indicator in new.indicators:
        if indicator.code in in_force:
            yield from _redefined(in_force[indicator.code], indicator, places)
    yield from _left_out(known, new)
    published = newest(known.forms)
    for form in newest(new.forms).values():
        before = published.get(form.code)
        if before is None or replace(form, version=before.version) == before:
            continue
        where = places.where("form", (form.code, str(form.version)), "valid_from")
        days = {"found": _day(form.valid_from), "expected": _day(before.valid_from), "form": form.code}
        if form.valid_from < before.valid_from:
            yield finding("catalogue-form-date-earlier", **where, **days)
        elif form.valid_from == before.valid_from:
            yield finding("catalogue-form-date-kept", **where, **days)


def _left_out(known: Catalogue, new: Catalogue) -> Iterator[Finding]:
    """Rules of a form that its workbook no longer holds: an absent row changes nothing, so they stay in force."""
    drawn = {form.code for form in new.forms}
    given = {(rule.form, rule.code) for rule in new.rules}
    for rule in known.rules:
        if rule.form in drawn and rule.valid_to is None and (rule.form, rule.code) not in given:
            yield finding("catalogue-rule-left-out", sheet=s.FORM_RULES.title, found=rule.code, form=rule.form)


def _redefined(before: Indicator, after: Indicator, places: Places) -> Iterator[Finding]:
    """A measure never changes under one code; anything else of the meaning only from a later date."""
    changed = ["measure"] if before.measure != after.measure else []
    if after.valid_from <= before.valid_from:
        changed += [name for name in _MEANING if _differs(getattr(before, name), getattr(after, name))]
    for name in changed:
        field = _HEADERS[name]
        yield finding(
            "catalogue-indicator-redefined" if name != "measure" else "catalogue-indicator-measure",
            **places.where("indicators", (after.code,), name),
            indicator=after.code,
            field=field.header,
            found=str(field.codec.show(getattr(after, name))),
            expected=str(field.codec.show(getattr(before, name))),
        )


def _differs(before: object, after: object) -> bool:
    """Whether two words mean another thing; what was not said before may be said now."""
    return bool(before) and fold(str(before)) != fold(str(after))


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"
