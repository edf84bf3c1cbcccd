"""The reader: everything a workbook holds that matters here, taken once, figures as the digits in the file."""

from __future__ import annotations

from ingest.container import Container, Refused, open_container
from ingest.model import Extraction, RawSheet
from ingest.reader.package import workbook_part
from ingest.reader.sheet import read_sheet
from ingest.reader.strings import read_strings
from ingest.reader.styles import read_styles
from ingest.reader.workbook import read_properties, read_workbook


def read(data: bytes) -> Extraction:
    """The extraction of a workbook that has passed the guard. Never raises: trouble is a BLOCK finding."""
    try:
        return read_container(open_container(data))
    except Refused as refused:
        return Extraction(sheets=(), findings=(refused.finding,))


def read_container(container: Container) -> Extraction:
    """The extraction of an open container. Raises Refused."""
    book = read_workbook(container, workbook_part(container))
    strings = read_strings(container, book.strings)
    styles = read_styles(container, book.styles)
    sheets: list[RawSheet] = []
    for entry in book.sheets:
        if entry.part not in container:
            raise Refused("reading-part-missing", part=entry.part or entry.name, sheet=entry.name)
        sheets.append(read_sheet(container.read(entry.part), entry, strings, styles))
    return Extraction(tuple(sheets), book.names, read_properties(container), date1904=book.date1904)
