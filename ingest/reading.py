"""Guard and read, in this process: what a reading child does with each file."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from ingest import secrecy
from ingest.container import Refused
from ingest.guard import Gate, named, open_office_file
from ingest.kind import Kind
from ingest.limits import LIMITS, Limits
from ingest.mark.known import without_list
from ingest.model import Extraction, RawSheet
from ingest.reader import fast
from ingest.reader.expat import SheetReader
from ingest.reader.notes import read_notes
from ingest.reader.package import relationships_of, workbook_part
from ingest.reader.strings import SharedStrings, read_strings
from ingest.reader.styles import Style, read_styles
from ingest.reader.workbook import SheetEntry, Workbook, read_properties, read_workbook
from registry.findings import finding


@contextmanager
def _undisturbed() -> Iterator[None]:
    """No search for garbage while cells are made by the thousand: none of them is in a cycle."""
    searches = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if searches:
            gc.enable()


@_undisturbed()
def read_guarded(data: bytes, name: str, limits: Limits = LIMITS, *, quickly: bool = True) -> Extraction:
    """The extraction of a file with everything found on the way; a refused file has no sheets. Never raises.

    ``quickly=False`` leaves everything to expat; the answer is the same.
    """
    try:
        gate = Gate(open_office_file(data, Kind.WORKBOOK, limits))
        extraction = _read(gate, quickly)
        mark = secrecy.workbook_mark(gate.container, extraction)
    except Refused as refused:
        return Extraction(sheets=(), findings=(named(refused.finding, name),))
    if mark:
        return Extraction(sheets=(), findings=(finding(secrecy.MARK, name=name, found=mark),))
    return extraction


def admitted(gate: Gate) -> Workbook:
    """The workbook part, when everything but its worksheets and shared strings has passed; those are counted while they
    are read. Raises Refused.
    """
    container = gate.container
    gate.look("[Content_Types].xml")
    gate.look(relationships_of(""))
    part = workbook_part(container)
    gate.look(part)
    gate.look(relationships_of(part))
    book = read_workbook(container, part)
    tables = {*(entry.part for entry in book.sheets), book.strings} - {book.styles, part}
    gate.look_at_all(but=frozenset(table for table in tables if not table.endswith(".rels")))
    return book


def _read(gate: Gate, quickly: bool) -> Extraction:
    container, book = gate.container, admitted(gate)
    styles = read_styles(container, book.styles)
    strings = read_strings(gate, book.strings, quickly=quickly)
    sheets = without_list(_sheet(gate, entry, strings, styles, quickly) for entry in book.sheets)
    return Extraction(sheets, book.names, read_properties(container), gate.outside_links(), book.date1904)


def _sheet(gate: Gate, entry: SheetEntry, strings: SharedStrings, styles: dict[str, Style], quickly: bool) -> RawSheet:
    part = entry.part
    if part not in gate.container:
        raise Refused("reading-part-missing", part=part or entry.name, sheet=entry.name)
    gate.weigh(part, strings.lengths)
    reader = fast.read(gate.container.read(part), entry, strings, styles, gate.limits) if quickly else None
    if reader is None:
        reader = SheetReader(entry, strings, styles, gate.limits)
        reader.parse(gate.markup(part))
    gate.sheet(reader.count.cells, reader.characters)
    return reader.sheet(read_notes(gate, part))
