"""Marks of state secrecy (dấu độ mật) in a file: such papers do not travel by this system (PRACTICE F21, R51).

A mark counts only where one is stamped: alone in a header, a footer, a text box, or one of the first rows or
paragraphs; ``mật độ dân số`` in a label is none. The number of a secret paper (``Số: 05-M/BC-UBND``) counts there too.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import takewhile

from ingest.a1 import split
from ingest.container import Container
from ingest.markup import as_utf8
from ingest.model import Extraction, RawCell
from ingest.reader.package import led_to, workbook_part
from ingest.unicode import by_itself
from vietnamese.convert import convert_text

MARK = "secrecy-mark"  # the finding of a marked workbook
HEADER_ZONE = 40  # paragraphs of a document in which a mark would stand
_HEADER_ROWS = 15  # of a worksheet
_LONGEST = 60  # characters of a text that may be a mark
_MARK = re.compile(r"\W*(?:(?:độ|mức độ|dấu)\s+mật\s*:?\s*)?(tuyệt mật|tối mật|mật)\W*", re.IGNORECASE)
_NUMBER = re.compile(r"số\s*:?\s*\d+\s*(?:-\s*m\s*/.*|/[\w\s/-]*-\s*m)", re.IGNORECASE)
_NUMBER_MARK = "-M"
_SHEETS, _DRAWINGS = frozenset({"worksheet", "chartsheet"}), frozenset({"drawing"})  # kinds of relationship
_PAGE_TEXTS = b"headerFooter"  # the element around them
_PAGE_TEXT = re.compile(rb"<(?:\w+:)?(?:odd|even|first)(?:Header|Footer)[^<>]*>([^<]*)<")
_PARAGRAPH_ENDS = re.compile(rb"</(?:\w+:)?p\s*>")
_PIECE = re.compile(rb"<(?:\w+:)?t(?:\s[^<>]*)?>([^<]*)<")
_PAGE_CODE = re.compile(r'&(?:"[^"]*"|K[0-9A-F]{6}|\d+|[A-Z])')  # fonts, sizes and sections of a header


def mark_of(text: str) -> str | None:
    """The mark a text is, in capitals, or None.

    >>> mark_of("Độ mật: Tối mật"), mark_of("Số: 05-M/BC-UBND"), mark_of("Mật độ dân số")
    ('TỐI MẬT', '-M', None)
    """
    return _mark_in(text) if len(text) <= _LONGEST and ("m" in text or "M" in text) else None


@lru_cache(maxsize=4096)  # headings come back from every unit
def _mark_in(text: str) -> str | None:
    spaced = " ".join(unicodedata.normalize("NFC", text).split())
    found = _MARK.fullmatch(spaced)
    if found:
        return found[1].upper()
    return _NUMBER_MARK if _NUMBER.fullmatch(spaced) else None


def first_mark(texts: Iterable[str]) -> str | None:
    """The first mark among texts."""
    return next((mark for text in texts if (mark := mark_of(text))), None)


def workbook_mark(container: Container, extraction: Extraction) -> str | None:
    """The mark stamped on a guarded and read workbook, or None."""
    return first_mark(_stamped(container, extraction))


def _stamped(container: Container, extraction: Extraction) -> Iterator[str]:
    for sheet in extraction.sheets:
        yield sheet.name
        yield from (
            by_itself(cell).unicode for _, cell in takewhile(_is_in_zone, sheet.cells.items()) if _may_be_mark(cell)
        )
    for part in led_to(container, workbook_part(container), _SHEETS):
        data = as_utf8(container.read(part), part)
        start = data.find(_PAGE_TEXTS)
        yield from map(_of_page, _PAGE_TEXT.findall(data, start) if start >= 0 else ())
        for drawing in led_to(container, part, _DRAWINGS):
            for paragraph in _PARAGRAPH_ENDS.split(as_utf8(container.read(drawing), drawing)):
                yield as_unicode(_decoded(b"".join(_PIECE.findall(paragraph))))


def _may_be_mark(cell: RawCell) -> bool:
    return cell.kind == "s" and len(cell.raw) <= _LONGEST


def _is_in_zone(placed: tuple[str, RawCell]) -> bool:
    return split(placed[0])[0] <= _HEADER_ROWS


def _of_page(raw: bytes) -> str:
    return as_unicode(_PAGE_CODE.sub("", _decoded(raw)).strip())


def as_unicode(text: str) -> str:
    """A short text, of which nobody says in what font it stands, in Unicode; a longer one is no mark."""
    return convert_text(text).unicode if len(text) <= _LONGEST else text


def _decoded(raw: bytes) -> str:
    return html.unescape(raw.decode("utf-8", "replace"))
