"""The pieces of a narrative under the headings of its outline: by content control, else by heading.

Whatever the clerk's program kept of the outline will do: the controls' tags, the named styles of headings, or
only the headings as text, numbered otherwise or with their text on the same line ("a) Trồng trọt: ...").
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import takewhile
from pathlib import Path
from typing import TypeVar
from xml.parsers import expat

from ingest.guard import open_office_file
from ingest.kind import Kind
from ingest.limits import LIMITS, Limits
from ingest.reader.package import local
from ingest.word.text import Paragraphs, attribute
from vietnamese.copydeck import deck
from vietnamese.fold import fold
from workbook_templates.outline import Place

_copy = deck(Path(__file__).parent / "copy.toml")
_NUMBER = re.compile(r"\s*(?:phần thứ \w+|[ivxlc]+|\d+(?:\.\d+)*|[a-zđ])\s*[.)/:–-]+\s*", re.IGNORECASE)
_HEADING_STYLE = re.compile(r"(?:heading|tiêu đề|đầu đề)\s*\d", re.IGNORECASE)
_END = "./."


class Found(StrEnum):
    """What a piece was recognised by."""

    CONTROL = "content control"
    STYLE = "style of its heading"
    TEXT = "text of its heading"
    NOWHERE = "not found"


@dataclass(frozen=True, slots=True)
class Piece:
    """What stands under one heading; rows of tables are one line, cells parted by " | "."""

    place: Place
    found: Found
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph or a row of a table, in document order."""

    text: str
    style: str = ""  # id
    tag: str = ""  # of the content control around it
    is_row: bool = False


AnyLine = TypeVar("AnyLine", bound=Line)


def pieces(data: bytes, places: Sequence[Place], limits: Limits = LIMITS) -> tuple[Piece, ...]:
    """One piece for each place a text is expected in, in the outline's order. Raises Refused, expat.ExpatError.

    Instructions nobody wrote over and headings of tables nobody filled are not text.
    """
    container = open_office_file(data, Kind.DOCUMENT, limits)
    styles = style_names(container.read("word/styles.xml")) if "word/styles.xml" in container else {}
    texts: dict[str, list[str]] = {place.tag: [] for place in places}
    found: dict[str, Found] = {}
    for place, how, text, _ in attributed(_lines(container.read("word/document.xml")), places, styles):
        if how is Found.CONTROL or place.tag not in found:
            found[place.tag] = how
        if text and text != place.prompt:
            texts[place.tag].append(text)
    return tuple(
        Piece(place, found.get(place.tag, Found.NOWHERE), tuple(texts[place.tag]))
        for place in places
        if place.is_written
    )


@dataclass(frozen=True, slots=True)
class TextLine:
    """A paragraph outside of tables, as it is numbered among them."""

    text: str
    is_heading: bool  # by its style


def text_lines(data: bytes, limits: Limits = LIMITS) -> tuple[TextLine, ...]:
    """The paragraphs of a document that say anything, up to its end; rows of tables are left out.

    Raises Refused, expat.ExpatError.
    """
    container = open_office_file(data, Kind.DOCUMENT, limits)
    styles = style_names(container.read("word/styles.xml")) if "word/styles.xml" in container else {}
    said = (one for one in _lines(container.read("word/document.xml")) if one.text and not one.is_row)
    told = takewhile(lambda one: not closes_text(one.text), said)
    return tuple(TextLine(one.text, is_heading(one, styles)) for one in told)


def attributed(
    lines: Iterable[AnyLine], places: Sequence[Place], styles: dict[str, str]
) -> Iterator[tuple[Place, Found, str, AnyLine]]:
    """The lines that stand under a place, in order: the place, how its heading was known, what it says of the text,
    the line itself. A heading comes with what stands behind it on its line.
    """
    at_tag = {place.tag: at for at, place in enumerate(places)}
    titles = Titles(places)
    current, how = -1, Found.NOWHERE
    for line in lines:
        if line.tag in at_tag:
            current, how = at_tag[line.tag], Found.CONTROL
            yield places[current], how, line.text, line
            continue
        is_styled = is_heading(line, styles)
        at, rest = (None, "") if line.is_row else titles.find(line.text, current, is_styled=is_styled)
        if at is not None:
            current, how = at, Found.STYLE if is_styled else Found.TEXT
            yield places[current], how, rest, line
        elif closes_table(line.text) if line.is_row else closes_text(line.text):
            return
        elif current >= 0:
            yield places[current], how, line.text, line


def is_heading(line: Line, styles: dict[str, str]) -> bool:
    """True of a paragraph in a named style of headings."""
    return bool(_HEADING_STYLE.match(styles.get(line.style, line.style)))


def closes_text(line: str) -> bool:
    """True of the sentence a report closes with."""
    return line.endswith(_END) and fold(line).startswith(fold(_copy("closing")))


def closes_table(row: str) -> bool:
    """True of the block of recipients and signer below the text, by its first row."""
    return fold(row).startswith(fold(_copy("recipients")))


class Titles:
    """The headings of an outline, found again among lines of text however they are numbered."""

    def __init__(self, places: Sequence[Place]) -> None:
        self._held = [(_bare(place.heading), _title(place.heading)) for place in places]
        self._longest = max((2 * len(place.heading) for place in places), default=0)  # other numbers

    def find(self, line: str, current: int, *, is_styled: bool) -> tuple[int | None, str]:
        """The place whose heading a line is, those behind ``current`` first, and what it says behind the heading."""
        head, _, behind = line.partition(":")
        if not line or len(head) > self._longest:
            return None, ""
        titled = is_styled or _NUMBER.match(line) is not None
        said = [(text, _bare(text), _title(text) if titled else None) for text in dict.fromkeys((line, head))]
        for at in (*range(current + 1, len(self._held)), *range(current + 1)):
            bare, title = self._held[at]
            for text, own_bare, own_title in said:
                if own_bare == bare or own_title == title:
                    return at, "" if text == line else behind.strip()
        return None, ""


def _bare(text: str) -> str:
    return " ".join(re.findall(r"\w+", fold(text)))


def without_number(text: str) -> str:
    """A heading without its number: "a) Trồng trọt" is "Trồng trọt"."""
    number = _NUMBER.match(text)
    return text[number.end() :] if number else text


def _title(text: str) -> str:
    return _bare(without_number(text))


# --- reading the XML -------------------------------------------------------------------------------------------------


def style_names(data: bytes) -> dict[str, str]:
    """Names of styles by their ids, of a part of styles."""
    names: dict[str, str] = {}
    current = [""]

    def opens(tag: str, attributes: dict[str, str]) -> None:
        if local(tag) == "style":
            current[0] = attribute(attributes, "styleId")
        elif local(tag) == "name" and current[0]:
            names.setdefault(current[0], attribute(attributes, "val"))

    parser = expat.ParserCreate()
    parser.StartElementHandler = opens
    parser.Parse(data, True)
    return names


def _lines(data: bytes) -> Iterator[Line]:
    body = _Body()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = body.opens, body.closes
    parser.CharacterDataHandler = body.words.text
    parser.Parse(data, True)
    return iter(body.lines)


@dataclass
class _Body:
    """What the parser has seen of the document's body."""

    lines: list[Line] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)  # of the controls open, outermost first
    rows: list[list[str]] = field(default_factory=list)  # cells of the rows being read, outermost first
    heads: list[str | None] = field(default_factory=list)  # first row of each table open, until a row follows it
    words: Paragraphs = field(default_factory=Paragraphs)
    styles: list[str] = field(default_factory=list)  # ids, of the paragraphs open

    def opens(self, tag: str, attributes: dict[str, str]) -> None:
        name = local(tag)
        if name == "sdt":
            self.tags.append("")
        elif name == "tag" and self.tags:
            self.tags[-1] = attribute(attributes, "val")
        elif name == "tbl":
            self.heads.append("")
        elif name == "tr":
            self.rows.append([])
        elif name == "p":
            self.styles.append("")
        elif name == "pStyle" and self.styles:
            self.styles[-1] = attribute(attributes, "val")
        self.words.opens(name, attributes)

    def closes(self, tag: str) -> None:
        name = local(tag)
        text = self.words.closes(name)
        if name == "sdt" and self.tags:
            self.tags.pop()
        elif name == "tbl" and self.heads:
            self.heads.pop()
        elif name == "tr":
            self._end_row()
        elif text is not None:
            self._end_paragraph(text, self.styles.pop())

    def _end_paragraph(self, text: str, style: str) -> None:
        said = " ".join(unicodedata.normalize("NFC", text).split())
        if not self.rows:
            self.lines.append(Line(said, style, self._tag))
        elif said:
            self.rows[-1].append(said)

    def _end_row(self) -> None:
        """A table's first row is its heading: it says nothing before another row does."""
        row = " | ".join(self.rows.pop() if self.rows else ())
        if not row or not self.heads:
            return
        if self.heads[-1] == "":
            self.heads[-1] = row
            return
        told = [one for one in (self.heads[-1], row) if one]
        self.heads[-1] = None
        self.lines += [Line(one, "", self._tag, is_row=True) for one in told]

    @property
    def _tag(self) -> str:
        return next((tag for tag in self.tags if tag), "")
