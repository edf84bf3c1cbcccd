"""A workbook of figures of earlier periods ("số liệu nền"): everything wrong with it in one pass."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ingest.definition import Guard, tables_of
from registry.catalogue import book, sheets
from registry.catalogue.check_figures import figure_findings
from registry.catalogue.check_references import FIGURE, Known, unknown_names
from registry.catalogue.codec import nearest
from registry.catalogue.model import Catalogue, HistoryDocument, HistoryFigure
from registry.catalogue.places import Places
from registry.catalogue.table import Entry, Reader, key_of_record, record
from registry.findings import Finding, finding
from registry.periods import BadPeriodCode, parse
from vietnamese.fold import fold

_LIKE = "202610, 20263, 2026"  # a month, a quarter, a year


@dataclass(frozen=True, slots=True)
class History:
    """What a workbook holds; ``document`` is None where the file does not name one."""

    figures: tuple[HistoryFigure, ...]
    document: HistoryDocument | None
    findings: tuple[Finding, ...]


def read_history(data: bytes, name: str, known: Catalogue, guard: Guard | None = None) -> History:
    """The figures of a workbook and everything found in it, by sheet and cell; ``known`` is the catalogue in force.

    Rows that cannot be understood are named and left out. ``name`` is only used in sentences.
    """
    workbook = name.removesuffix(".xlsx")
    tables, found = tables_of(data, name, workbook, sheets.HISTORY_SHEETS, guard)
    if tables is None:
        return History((), None, found)
    reader = Reader(fold)
    rows = book.entries_of(reader, sheets.HISTORY, workbook, tables)
    figures: tuple[HistoryFigure, ...] = tuple(record(sheets.HISTORY, row.values) for row in rows)
    before = len(reader.findings)
    documents = book.entries_of(reader, sheets.DOCUMENT, workbook, tables)
    nothing_said = len(reader.findings) == before
    findings = (
        *found,
        *reader.findings,
        *(_no_document(workbook) if nothing_said and not documents else _more_documents(documents)),
        *_unknown(figures, known, reader.places),
        *figure_findings(sheets.HISTORY, figures, known, reader.places),
    )
    return History(figures, record(sheets.DOCUMENT, documents[0].values) if documents else None, findings)


def _no_document(workbook: str) -> Iterator[Finding]:
    sheet, field = sheets.DOCUMENT, sheets.DOCUMENT.fields[0]
    yield finding("catalogue-value-missing", workbook=workbook, sheet=sheet.title, cell="B1", column=field.header)


def _more_documents(entries: list[Entry]) -> Iterator[Finding]:
    for one in entries[1:]:
        place = {"workbook": one.spot.workbook, "sheet": one.spot.sheet, "cell": one.spot.cell("number")}
        yield finding("catalogue-document-twice", **place, found=one.values["number"])


def _unknown(figures: tuple[HistoryFigure, ...], known: Catalogue, places: Places) -> Iterator[Finding]:
    names = Known.of(known, Places())
    codes = {code: _is_period(code) for code in {figure.period for figure in figures}}
    for figure in figures:
        key = key_of_record(sheets.HISTORY, figure)
        yield from unknown_names(FIGURE, figure, "history", key, names, places)
        if not codes[figure.period]:
            yield finding(
                "catalogue-value-bad",
                **places.where("history", key, "period"),
                column=next(field.header for field in sheets.HISTORY.fields if field.name == "period"),
                found=figure.period,
                expected=nearest(figure.period, _periods_of(figure.period[:4])) or _LIKE,
            )


def _is_period(code: str) -> bool:
    try:
        parse(code)
    except BadPeriodCode:
        return False
    return True


def _periods_of(year: str) -> list[str]:
    if not _is_period(year):
        return []
    return [*(f"{year}{month:02d}" for month in range(1, 13)), *(f"{year}{quarter}" for quarter in range(1, 5)), year]
