"""A catalogue folder read from its workbooks: everything wrong with any of them in one pass, never an exception."""

from __future__ import annotations

import posixpath
import unicodedata
import warnings
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, time
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

from ingest.limits import FORM_LIMITS
from registry.catalogue import book, check, check_versions, merge, new_accounts, sheets
from registry.catalogue.codec import Raw, nearest
from registry.catalogue.model import Catalogue
from registry.catalogue.sheets import Sheet
from registry.catalogue.table import Reader, Table, letters
from registry.findings import Finding, Severity, finding
from registry.rules import catalogue_check
from vietnamese.copydeck import deck
from vietnamese.fold import fold

_copy = deck(Path(__file__).parent / "copy.toml")
_HELPED = (fold(sheets.FORM.title), fold(new_accounts.SHEET.title))  # workbooks of these have sheets that are aside
Guard = Callable[[bytes, str], tuple[Finding, ...]]


def read_folder(
    files: Mapping[str, bytes], known: Catalogue | None = None, guard: Guard | None = None
) -> tuple[Catalogue, tuple[Finding, ...]]:
    """The catalogue of a folder and everything found in it, by sheet and cell.

    ``files`` maps relative paths (``units.xlsx``, ``forms/KTXH-01.xlsx``) to bytes; ``known`` is the catalogue in
    force, which rows of the folder may refer to. The catalogue returned holds the folder's rows only, and the
    forms in force that lean on a season it changes.
    """
    opened: dict[str, dict[str, Table]] = {}
    findings: list[Finding] = []
    for name in sorted(files):
        workbook = _workbook_of(name)
        if not sheets.sheets_of(workbook):
            expected = ", ".join([*(f"{one}.xlsx" for one in sheets.WORKBOOKS), _copy("form-workbook")])
            findings.append(finding("catalogue-workbook-unknown", workbook=name, expected=expected))
            continue
        tables, found = tables_of(files[name], name, workbook, sheets.sheets_of(workbook), guard)
        findings += found
        if tables is not None:
            opened[workbook] = tables
    known = known or Catalogue()
    reading = _bound(book.read(opened, fold), known)
    return _followed(reading.catalogue, known), (*findings, *_judged(reading, known))


def read_form(
    data: bytes, name: str, known: Catalogue, guard: Guard | None = None
) -> tuple[Catalogue, tuple[Finding, ...]]:
    """One form's workbook, whatever its file is called: a catalogue of that form and its rules, and all findings."""
    tables, findings = tables_of(data, name, name, sheets.FORM_SHEETS, guard or _guard_of_form())
    if tables is None:
        return Catalogue(), findings
    heads = book.entries_of(Reader(fold), sheets.FORM, name, tables)
    workbook = f"forms/{heads[0].values['code'] if heads else name}"
    reading = _bound(book.read({workbook: tables}, fold), known)
    return reading.catalogue, (*findings, *_judged(reading, known))


def _bound(reading: book.Reading, known: Catalogue) -> book.Reading:
    """What was read, its rows leaning on the seasons in force where it brings none of its own."""
    seasons = (*known.seasons, *reading.catalogue.seasons)
    forms = tuple(book.with_seasons(reading.catalogue.forms, seasons))
    return replace(reading, catalogue=replace(reading.catalogue, forms=forms))


def _followed(catalogue: Catalogue, known: Catalogue) -> Catalogue:
    """A folder's catalogue with the forms in force that change because a season of theirs does."""
    given = {form.code for form in catalogue.forms}
    followers = (form for form in book.with_seasons(known.forms, catalogue.seasons) if form.code not in given)
    changed = tuple(form for form in followers if form not in known.forms)
    return replace(catalogue, forms=(*catalogue.forms, *changed))


def _judged(reading: book.Reading, known: Catalogue) -> tuple[Finding, ...]:
    """What is wrong with a reading: in itself, beside the catalogue in force, and against it."""
    whole = merge.merged(known, reading.catalogue)
    return (
        *reading.findings,
        *check.check(whole, reading.places),
        *catalogue_check.check(whole, reading.places),
        *check_versions.version_findings(known, reading.catalogue, reading.places),
    )


def _workbook_of(name: str) -> str:
    path = posixpath.normpath(unicodedata.normalize("NFC", name).replace("\\", "/"))
    stem, dot, extension = path.rpartition(".")
    return stem if dot and extension.casefold() == "xlsx" else ""


def _guard() -> Guard:
    from ingest.guard import check as guard_check

    return guard_check


def _guard_of_form() -> Guard:
    from ingest.guard import check as guard_check

    return lambda data, name: guard_check(data, name, FORM_LIMITS)


def tables_of(
    data: bytes, name: str, workbook: str, described: Iterable[Sheet], guard: Guard | None = None
) -> tuple[dict[str, Table] | None, tuple[Finding, ...]]:
    """The described sheets of the file ``name`` by their stem; None when it may not or cannot be opened."""
    found = (guard or _guard())(data, name)
    if any(one.severity in (Severity.BLOCK, Severity.ERROR) for one in found):
        return None, found
    try:
        raw, formulas = _cells(data)
    except Exception:  # openpyxl raises whatever its parser met
        return None, (*found, finding("catalogue-workbook-unreadable", workbook=name))
    tables, unknown = _recognised(raw, workbook, described)
    computed = [
        finding("catalogue-value-formula", workbook=workbook, sheet=title, cell=cell) for title, cell in formulas
    ]
    return tables, (*found, *unknown, *computed)


def _recognised(
    raw: Mapping[str, list[list[Raw]]], workbook: str, described: Iterable[Sheet]
) -> tuple[dict[str, Table], list[Finding]]:
    by_title = {fold(sheet.title): sheet for sheet in described}
    passed_over = {fold(title) for title in sheets.ASIDE} if any(title in by_title for title in _HELPED) else ()
    tables: dict[str, Table] = {}
    unknown: list[Finding] = []
    for title, rows in raw.items():
        if fold(title) in passed_over:
            continue
        sheet = by_title.get(fold(title))
        if sheet is None:
            titles = [one.title for one in by_title.values()]
            expected = nearest(title, titles) or ", ".join(titles)
            unknown.append(finding("catalogue-sheet-unknown", workbook=workbook, sheet=title, expected=expected))
        else:
            tables.setdefault(sheet.stem, Table(title, rows))
    return tables, unknown


def _cells(data: bytes) -> tuple[dict[str, list[list[Raw]]], list[tuple[str, str]]]:
    """The cells of every worksheet, and where formulas stand instead of values."""
    from openpyxl import load_workbook

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # extensions openpyxl leaves out carry no values
        workbook = load_workbook(BytesIO(data), data_only=False)
    formulas: list[tuple[str, str]] = []
    cells: dict[str, list[list[Raw]]] = {}
    for sheet in workbook.worksheets:
        cells[sheet.title] = [[_raw(cell, sheet.title, formulas) for cell in row] for row in sheet.iter_rows()]
    return cells, formulas


def _raw(cell: Any, title: str, formulas: list[tuple[str, str]]) -> Raw:
    if cell.data_type == "f":
        formulas.append((title, f"{letters(cell.column - 1)}{cell.row}"))
        return None
    return _plain(cell.value)


def _plain(value: Any) -> Raw:
    if isinstance(value, float):
        return Decimal(repr(value)) if value == value and abs(value) < 1e15 else str(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    if value is None or isinstance(value, str | bool | datetime | date | time):
        return value
    return str(value)


def names(files: Iterable[str]) -> list[str]:
    """The paths of a listing that a catalogue folder is made of, in the order they are read."""
    return sorted(name for name in files if sheets.sheets_of(_workbook_of(name)))
