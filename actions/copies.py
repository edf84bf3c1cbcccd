"""Last year's regime and its forms, copied to another year in one step: looked at as a diff, then ordinary rows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

from actions.catalogues import put
from actions.desk import Desk, NotNow, NotYours, Refusal
from registry.catalogue.check import check
from registry.catalogue.merge import merged
from registry.catalogue.model import Catalogue, Form, Regime
from registry.findings import is_blocking, message
from registry.rules import catalogue_check
from registry.store.definitions import Snapshot
from registry.workflow.policy import Action


@dataclass(frozen=True, slots=True)
class Moved:
    """One field that differs between the original and the copy."""

    of: str  # "regime KTXH", "form KTXH-01"
    field: str
    before: str
    after: str


@dataclass(frozen=True)
class Copy:
    """A copy before it is saved."""

    original: Regime
    regime: Regime
    catalogue: Catalogue
    moved: tuple[Moved, ...]


def plan(desk: Desk, regime: str, code: str, year: int) -> Copy:
    """What a copy under ``code`` for ``year`` would be. Raises NotYours, Refusal, NotNow (the code is taken)."""
    desk.require(Action.CHANGE_CATALOGUE)
    with desk.read() as connection:
        snapshot = desk.snapshot(connection)
    original = snapshot.regimes.get(regime)
    if original is None:
        raise NotYours
    if not re.fullmatch(r"[A-Za-zĐđ0-9][A-Za-zĐđ0-9._-]{0,38}", code) or code in snapshot.regimes:
        raise NotNow("regime-taken", regime=code)
    made = _copied(snapshot, original, code, year)
    together = merged(replace(snapshot.catalogue, plans=()), made)
    found = (*check(together), *catalogue_check.check(together))
    if is_blocking(found):
        raise Refusal("request-unsound", why=message(found[0]))
    return Copy(original, made.regimes[0], made, tuple(_differences(snapshot, original, made)))


def save(desk: Desk, regime: str, code: str, year: int) -> Copy:
    """Write the copy: rows of the catalogue like any others. Raises as `plan` does."""
    copy = plan(desk, regime, code, year)
    put(desk, copy.catalogue)
    return copy


def _copied(snapshot: Snapshot, original: Regime, code: str, year: int) -> Catalogue:
    """The regime under its new code; forms and outlines keep theirs and get a version for the new year."""
    since = date(year, 1, 1)
    years = {year - 1: year, year - 2: year - 1}
    forms = tuple(
        _moved_form(version.form, years, since)
        for one in original.forms
        if (version := snapshot.form_versions.get(one)) is not None
    )
    outlines = tuple(
        replace(found, title=moved(found.title, years), valid_from=since)
        for _, one in original.outlines
        if (found := snapshot.outlines.get(one)) is not None
    )
    regime = replace(
        original,
        code=code,
        name=moved(original.name, years),
        report_title=moved(original.report_title, years),
        legal_basis=moved(original.legal_basis, years),
        valid_from=since,
        valid_to=None,
    )
    requests = tuple(
        replace(one, regime=code, document="", dated=None, summary=moved(one.summary, years))
        for one in snapshot.catalogue.requests
        if one.regime == original.code
    )
    return Catalogue(regimes=(regime,), forms=forms, outlines=outlines, requests=requests)


def _moved_form(form: Form, years: dict[int, int], since: date) -> Form:
    """The next version: headings and labels speak of the new year, rows and indicators stay, so that series go on."""
    return replace(
        form,
        title=moved(form.title, years),
        rows=tuple(replace(row, label=moved(row.label, years)) for row in form.rows),
        columns=tuple(replace(one, path=tuple(moved(part, years) for part in one.path)) for one in form.columns),
        version=form.version + 1,
        valid_from=since,
        valid_to=None,
    )


def moved(text: str, years: dict[int, int]) -> str:
    """A text with years named in it moved on; numbers of documents ("24/2020/QĐ-UBND") stay.

    >>> moved("Tổng kết năm 2026 so với năm 2025 (QĐ 24/2025/QĐ-UBND)", {2026: 2027, 2025: 2026})
    'Tổng kết năm 2027 so với năm 2026 (QĐ 24/2025/QĐ-UBND)'
    """
    return re.sub(
        r"(?<![\w/.,])(?:19|20)\d\d(?![\w/])", lambda found: str(years.get(int(found[0]), int(found[0]))), text
    )


def _differences(snapshot: Snapshot, original: Regime, made: Catalogue) -> Iterator[Moved]:
    yield from _between(f"regime {original.code}", original, made.regimes[0])
    for form in made.forms:
        before = snapshot.form_versions[form.code].form
        yield from _between(f"form {form.code}", before, form)
        for row, moved_row in zip(before.rows, form.rows, strict=True):
            yield from _between(f"form {form.code} {row.code}", row, moved_row)
        for column, moved_column in zip(before.columns, form.columns, strict=True):
            yield from _between(f"form {form.code} {column.code}", column, moved_column)
    for outline in made.outlines:
        yield from _between(f"outline {outline.code}", snapshot.outlines[outline.code], outline)


def _between(of: str, before: Any, after: Any) -> Iterator[Moved]:
    for one in fields(before):
        old, new = getattr(before, one.name), getattr(after, one.name)
        if old != new and one.name not in ("rows", "columns", "version"):
            yield Moved(of, one.name, _shown(old), _shown(new))


def _shown(value: object) -> str:
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, tuple):
        return " > ".join(map(str, value))
    return "" if value is None else str(value)


def next_code(snapshot: Snapshot, regime: str, year: int) -> str:
    """A free code that says the year: KTXH becomes KTXH-2027, TK-2026 becomes TK-2027."""
    stem = re.sub(r"-?(?:19|20)\d\d$", "", regime)
    return next(one for one in (f"{stem}-{year}", f"{stem}-{year}b", f"{stem}-{year}c") if one not in snapshot.regimes)
