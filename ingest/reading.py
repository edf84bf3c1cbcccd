"""Guard, then read, in this process: what a reading child does with each file."""

from __future__ import annotations

from ingest import secrecy
from ingest.container import Refused
from ingest.guard import named, open_workbook
from ingest.model import Extraction
from ingest.reader.expat import read_container
from registry.findings import finding


def read_guarded(data: bytes, name: str) -> Extraction:
    """The extraction of a file with everything found on the way; a refused file has no sheets. Never raises."""
    container, found = open_workbook(data, name)
    if container is None:
        return Extraction(sheets=(), findings=found)
    try:
        extraction = read_container(container)
    except Refused as refused:
        return Extraction(sheets=(), findings=(*found, named(refused.finding, name)))
    mark = secrecy.workbook_mark(container, extraction)
    if mark:
        return Extraction(sheets=(), findings=(finding(secrecy.MARK, name=name, found=mark),))
    return Extraction(
        extraction.sheets,
        extraction.names,
        extraction.properties,
        (*found, *extraction.findings),
        extraction.date1904,
        extraction.reader,
    )
