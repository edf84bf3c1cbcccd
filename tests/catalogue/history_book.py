"""A workbook of figures of earlier periods as an office would write it, for ``ingest.history`` to read."""

from __future__ import annotations

from collections.abc import Iterable

from registry.catalogue import book, sheets
from registry.catalogue.model import HistoryDocument, HistoryFigure
from workbook_templates.definition_book import written


def write_history(figures: Iterable[HistoryFigure], document: HistoryDocument) -> bytes:
    """The figures and the document they come from."""
    listed = book.page(sheets.HISTORY, [(figure, "") for figure in figures])
    return written((listed, book.page(sheets.DOCUMENT, [(document, "")])))
