"""The four carriers of a workbook's identity, found cheaply before anything else is read (FACTS 4)."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from xml.sax.saxutils import escape

from ingest.container import Container, Refused, open_container
from ingest.model import Extraction, RawSheet
from ingest.reader.package import workbook_part
from ingest.reader.workbook import Workbook, read_properties, read_workbook
from workbook_templates.token import CELL_PREFIX, META_SHEET, NAME_PREFIX, PROPERTY

_BASE32 = r"([A-Za-z2-7]{20,200})"
_IN_CELL = re.compile(re.escape(CELL_PREFIX.strip()) + r"\s*" + _BASE32)
_IN_CELL_BYTES = re.compile(re.escape(escape(CELL_PREFIX.strip()).encode()) + rb"\s*" + _BASE32.encode())
_IN_META = re.compile(r'"token"\s*:\s*"' + _BASE32 + '"')


@dataclass(frozen=True, slots=True)
class Carriers:
    """Texts of the tokens each carrier holds, without repeats."""

    cells: tuple[str, ...] = ()
    meta: tuple[str, ...] = ()
    properties: tuple[str, ...] = ()
    names: tuple[str, ...] = ()

    @property
    def present(self) -> tuple[str, ...]:
        """Which carriers hold something: ``("cell", "name")``."""
        held = {"cell": self.cells, "sheet": self.meta, "property": self.properties, "name": self.names}
        return tuple(carrier for carrier, texts in held.items() if texts)

    @property
    def texts(self) -> tuple[str, ...]:
        """Every different token text."""
        return _unique(text.upper() for text in (*self.cells, *self.meta, *self.properties, *self.names))


def _unique(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))


def peek(data: bytes) -> Carriers:
    """The carriers of a guarded workbook; none when it cannot be opened. Never raises.

    Costs a search through the bytes of the sheets, not a parse of them.
    """
    try:
        container = open_container(data)
        book = read_workbook(container, workbook_part(container))
        properties = read_properties(container)
        return Carriers(
            cells=_unique(_searched(container, book)),
            meta=_unique(_meta(container, book)),
            properties=_in_properties(properties),
            names=_in_names(book.names),
        )
    except Refused:
        return Carriers()


def _searched(container: Container, book: Workbook) -> list[str]:
    parts = [book.strings, *(entry.part for entry in book.sheets if entry.name != META_SHEET)]
    found = [_IN_CELL_BYTES.findall(container.read(part)) for part in parts if part in container]
    return [text.decode("ascii") for texts in found for text in texts]


def _meta(container: Container, book: Workbook) -> list[str]:
    """The token of the map: inline in the hidden sheet, or among the shared strings."""
    if not any(entry.name == META_SHEET for entry in book.sheets):
        return []
    parts = [book.strings, *(entry.part for entry in book.sheets if entry.name == META_SHEET)]
    texts = [html.unescape(container.read(part).decode("utf-8", "replace")) for part in parts if part in container]
    return [token for text in texts for token in _IN_META.findall(text)]


def _in_properties(properties: dict[str, str]) -> tuple[str, ...]:
    value = properties.get(PROPERTY, "").strip()
    return (value,) if value else ()


def _in_names(names: dict[str, str]) -> tuple[str, ...]:
    start = NAME_PREFIX.upper()
    return _unique(name[len(start) :] for name in names if name.upper().startswith(start))


def carriers_of(extraction: Extraction) -> Carriers:
    """The carriers of a workbook that has been read."""
    forms = [sheet for sheet in extraction.sheets if sheet.name != META_SHEET]
    metas = [sheet for sheet in extraction.sheets if sheet.name == META_SHEET]
    return Carriers(
        cells=_unique(text for sheet in forms for text in _in_cells(sheet)),
        meta=_unique(text for sheet in metas for text in _in_map(sheet)),
        properties=_in_properties(extraction.properties),
        names=_in_names(extraction.names),
    )


def _in_cells(sheet: RawSheet) -> list[str]:
    prefix = CELL_PREFIX.strip()
    texts = [cell.raw for cell in sheet.cells.values() if cell.kind == "s" and prefix in cell.raw]
    return [token for text in texts for token in _IN_CELL.findall(text)]


def _in_map(sheet: RawSheet) -> list[str]:
    first = sheet.cells.get("A1")
    if first is None:
        return []
    try:
        line = json.loads(first.raw)
    except ValueError:
        return []
    token = line.get("token") if isinstance(line, dict) else None
    return [token] if isinstance(token, str) and token else []
