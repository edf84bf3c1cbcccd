"""Last year's regime and its forms, copied to another year in one step: looked at as a diff, then ordinary rows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from actions.catalogues import put
from actions.desk import Desk, NotNow, NotYours, Refusal
from registry.catalogue import sheets
from registry.catalogue.check import check
from registry.catalogue.diff import Change, Design, diff, record_changes
from registry.catalogue.merge import merged
from registry.catalogue.model import Catalogue, Column, Form, Regime
from registry.findings import is_blocking, message
from registry.rules import catalogue_check
from registry.store.definitions import Snapshot
from registry.workflow.policy import Action


@dataclass(frozen=True)
class Copy:
    """A copy before it is saved."""

    original: Regime
    regime: Regime
    catalogue: Catalogue
    changes: tuple[Change, ...]


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
    return Copy(original, made.regimes[0], made, tuple(_changes(snapshot, original, made)))


def save(desk: Desk, regime: str, code: str, year: int) -> Copy:
    """Write the copy: rows of the catalogue like any others. Raises as `plan` does."""
    copy = plan(desk, regime, code, year)
    put(desk, copy.catalogue)
    return copy


def _copied(snapshot: Snapshot, original: Regime, code: str, year: int) -> Catalogue:
    """The regime under its new code and the original, which ends the day before; forms and outlines keep their codes
    and get a version for the new year.
    """
    since = date(year, 1, 1)
    years = {year - 1: year, year - 2: year - 1}
    forms = tuple(
        _moved_form(version.form, years, since)
        for one in (*original.forms, *original.report_forms)
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
    eve = since - timedelta(days=1)
    closed = replace(original, valid_to=min(original.valid_to or eve, eve))
    return Catalogue(regimes=(regime, closed), forms=forms, outlines=outlines, requests=requests)


def _moved_form(form: Form, years: dict[int, int], since: date) -> Form:
    """The next version: headings and labels speak of the new year, rows and indicators stay, so that series go on."""
    return replace(
        form,
        title=moved(form.title, years),
        rows=tuple(replace(row, label=moved(row.label, years)) for row in form.rows),
        columns=_moved_columns(form.columns, years),
        lists=tuple(
            replace(one, title=moved(one.title, years), columns=_moved_columns(one.columns, years))
            for one in form.lists
        ),
        version=form.version + 1,
        valid_from=since,
        valid_to=None,
    )


def _moved_columns(columns: Iterable[Column], years: dict[int, int]) -> tuple[Column, ...]:
    return tuple(
        replace(
            one,
            path=tuple(moved(part, years) for part in one.path),
            commune_path=tuple(moved(part, years) for part in one.commune_path),
        )
        for one in columns
    )


def moved(text: str, years: dict[int, int]) -> str:
    """A text with years named in it moved on; numbers of documents ("24/2020/QĐ-UBND") stay.

    >>> moved("Tổng kết năm 2026 so với năm 2025 (QĐ 24/2025/QĐ-UBND)", {2026: 2027, 2025: 2026})
    'Tổng kết năm 2027 so với năm 2026 (QĐ 24/2025/QĐ-UBND)'
    """
    return re.sub(
        r"(?<![\w/.,])(?:19|20)\d\d(?![\w/])", lambda found: str(years.get(int(found[0]), int(found[0]))), text
    )


def _changes(snapshot: Snapshot, original: Regime, made: Catalogue) -> Iterator[Change]:
    """Every change in the order one asks for them: the regime's end, the copy beside it, its forms, its outlines."""
    copy, closed = made.regimes
    yield from record_changes(sheets.REGIMES, original, closed)
    yield from record_changes(sheets.REGIMES, original, copy)
    for form in made.forms:
        yield from diff(Design(snapshot.form_versions[form.code].form), Design(form))
    for outline in made.outlines:
        yield from record_changes(sheets.OUTLINES, snapshot.outlines[outline.code], outline)


def next_code(snapshot: Snapshot, regime: str, year: int) -> str:
    """A free code that says the year: KTXH becomes KTXH-2027, TK-2026 becomes TK-2027."""
    stem = re.sub(r"-?(?:19|20)\d\d$", "", regime)
    return next(one for one in (f"{stem}-{year}", f"{stem}-{year}b", f"{stem}-{year}c") if one not in snapshot.regimes)
