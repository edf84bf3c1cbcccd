"""An OpenDocument spreadsheet looked through before LibreOffice may open it: nothing runs, nothing swells."""

from __future__ import annotations

import re
from xml.parsers import expat

from ingest.container import Container, Refused, starts_as_xml
from ingest.markup import check_markup

_RUNS = ("basic/", "scripts/", "dialogs/")  # beginning of a member's name in lower case
_EMBEDDED = re.compile(r"object \d+")  # a member, not a folder: a chart is a folder of parts
_ACTIVE = (b"<script:event-listener", b"<form:form ", b"vnd.sun.star.script:", b"macro:")
_DDE = (b"<table:dde-link", b"<office:dde-source", b'"of:=DDE(')
_WEB = b"WEBSERVICE("


def check_ods(container: Container) -> None:
    """Nothing in an OpenDocument spreadsheet runs a program, reaches out, hides a file, or is of inhuman size.

    Raises Refused.
    """
    tags = 0
    for part in container:
        if part.lower().startswith(_RUNS):
            raise Refused("guard-macros")
        if _EMBEDDED.fullmatch(part.lower()):
            raise Refused("guard-embedded", part=part)
        data = container.read(part)
        if part == "META-INF/manifest.xml" and b"encryption-data" in data:
            raise Refused("guard-encrypted")
        if starts_as_xml(data):
            tags += check_markup(data, part, container.limits)
            _check_words(data, part)
            if tags > container.limits.tags:
                raise Refused("guard-too-many-tags", part=part, limit=container.limits.tags)
            _Walk(container, part).over(data)


def _check_words(data: bytes, part: str) -> None:
    if any(word in data for word in _ACTIVE):
        raise Refused("guard-active-content", part=part)
    if any(word in data for word in _DDE) or _WEB in data:
        raise Refused("guard-dde", part=part)


class _Walk:
    """Counts depth, and cells with a value as often as they are repeated."""

    def __init__(self, container: Container, part: str) -> None:
        self.limits, self.part = container.limits, part
        self.depth = self.cells = self.in_row = 0
        self.rows = 1

    def over(self, data: bytes) -> None:
        """Raises Refused at the first limit passed, and for a part that is not well-formed."""
        parser = expat.ParserCreate()
        parser.StartElementHandler, parser.EndElementHandler = self._open, self._close
        try:
            parser.Parse(data, True)
        except (expat.ExpatError, ValueError):
            raise Refused("guard-broken-xml", part=self.part) from None

    def _open(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.depth > self.limits.depth:
            raise Refused("guard-too-deep", part=self.part, limit=self.limits.depth)
        if name == "table:table-row":
            self.rows, self.in_row = _times(attributes, "table:number-rows-repeated"), 0
        elif name in ("table:table-cell", "table:covered-table-cell"):
            is_filled = any(key.startswith(("office:", "table:formula", "calcext:")) for key in attributes)
            self.in_row += _times(attributes, "table:number-columns-repeated") if is_filled else 0

    def _close(self, name: str) -> None:
        self.depth -= 1
        if name == "table:table-row":
            self.cells += self.in_row * self.rows
            if self.cells > self.limits.cells:
                raise Refused("guard-too-many-cells", found=str(self.cells), limit=self.limits.cells)


def _times(attributes: dict[str, str], name: str) -> int:
    said = attributes.get(name, "1")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 9 else 1
