"""A workbook of new accounts: rows in, with where each was written and everything wrong with the text of it."""

from __future__ import annotations

from ingest.definition import Guard, tables_of
from registry.catalogue import book
from registry.catalogue.new_accounts import SHEET, NewAccount
from registry.catalogue.places import Places
from registry.catalogue.table import Reader, record
from registry.findings import Finding, finding
from vietnamese.fold import fold


def read_accounts(
    data: bytes, name: str, guard: Guard | None = None
) -> tuple[tuple[NewAccount, ...], Places, tuple[Finding, ...]]:
    """The rows of a workbook with one sheet ``Tài khoản``; a row not understood is named and left out.

    Rows understood stand in ``Places`` under their number, from 0.
    """
    tables, findings = tables_of(data, name, name, (SHEET,), guard)
    reader = Reader(fold)
    entries = book.entries_of(reader, SHEET, name, tables) if tables is not None else []
    found = [*findings, *reader.findings]
    if tables is not None and not entries and not found:
        found.append(finding("account-none", workbook=name, sheet=SHEET.title))
    return tuple(record(SHEET, entry.values) for entry in entries), reader.places, tuple(found)
