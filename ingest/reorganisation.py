"""A reorganisation's workbook: acts in, with where each was written and everything wrong with the text of it."""

from __future__ import annotations

from ingest.definition import Guard, tables_of
from registry.catalogue import book
from registry.catalogue.places import Places
from registry.catalogue.reorganise import SHEET, Act
from registry.catalogue.table import Reader, record
from registry.findings import Finding
from vietnamese.fold import fold


def read_acts(
    data: bytes, name: str, guard: Guard | None = None
) -> tuple[tuple[Act, ...], Places, tuple[Finding, ...]]:
    """The acts of a workbook with one sheet ``Sắp xếp đơn vị``; a row not understood is named and left out."""
    tables, findings = tables_of(data, name, name, (SHEET,), guard)
    reader = Reader(fold)
    entries = book.entries_of(reader, SHEET, name, tables) if tables is not None else []
    return tuple(record(SHEET, entry.values) for entry in entries), reader.places, (*findings, *reader.findings)
