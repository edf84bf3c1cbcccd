"""A draft that comes back from Word or LibreOffice: what stands under its headings, its linked numbers told apart."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from xml.parsers import expat

from ingest.guard import open_office_file
from ingest.kind import Kind
from ingest.limits import LIMITS, Limits
from ingest.pieces import Found, Line, attributed, is_heading, style_names
from ingest.reader.package import local
from ingest.word.text import LEFT_OUT, SOFT_HYPHEN, attribute, said
from workbook_templates.outline import Place

NUMBER, BOOKMARK = "BCN:", "BCN_"  # how the tag of a linked number begins, and the name of the bookmark around it
_MARK = re.compile(rb"BCD:\d{1,9}/\d{1,9}")
_OFF = ("0", "false", "off", "none")


@dataclass(frozen=True, slots=True)
class Said:
    """Words of one look; ``number`` is the tag of the linked number they stand in."""

    text: str
    bold: bool = False
    italic: bool = False
    number: str = ""


@dataclass(frozen=True, slots=True)
class EditedText:
    """What stands under one heading, a paragraph each; rows of tables are one, cells parted by " | "."""

    tag: str
    found: Found
    paragraphs: tuple[tuple[Said, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Edited:
    """One document read."""

    texts: tuple[EditedText, ...]
    added: tuple[str, ...] = ()  # headings that are none of the outline's, or were renamed
    outside: tuple[str, ...] = ()  # paragraphs before the first heading and behind the end of the text
    mark: str = ""  # which copy of which draft it was made from


@dataclass(frozen=True, slots=True)
class _Line(Line):
    pieces: tuple[Said, ...] = ()
    heads: bool = False  # it is a heading: its tag says which, whatever its words


def read_edited(data: bytes, places: Sequence[Place], limits: Limits = LIMITS) -> Edited:
    """One text for each place a text is written under, in the outline's order. Raises Refused, expat.ExpatError."""
    container = open_office_file(data, Kind.DOCUMENT, limits)
    styles = style_names(container.read("word/styles.xml")) if "word/styles.xml" in container else {}
    body = _Body()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = body.opens, body.closes
    parser.CharacterDataHandler = body.text
    parser.Parse(container.read("word/document.xml"), True)
    how: dict[str, Found] = {}
    held: dict[str, list[tuple[Said, ...]]] = {place.tag: [] for place in places}
    added, placed = [], set()
    for place, found, text, line in attributed(body.lines, places, styles):
        placed.add(id(line))
        how.setdefault(place.tag, found)
        if line.heads:
            added += [text] if text != place.heading else []
            continue
        if text and text == line.text and is_heading(line, styles):
            added.append(text)
        if text and text != place.prompt:
            held[place.tag].append(line.pieces if text == line.text else (Said(text),))
    texts = (
        EditedText(place.tag, how.get(place.tag, Found.NOWHERE), tuple(held[place.tag]))
        for place in places
        if place.is_written
    )
    core = container.read("docProps/core.xml") if "docProps/core.xml" in container else b""
    mark = _MARK.search(core)
    outside = (one.text for one in body.lines if one.text and not one.is_row and id(one) not in placed)
    return Edited(tuple(texts), tuple(added), tuple(outside), mark[0].decode() if mark else "")


@dataclass
class _Body:
    """What the parser has seen of the document's body."""

    lines: list[_Line] = field(default_factory=list)
    controls: list[tuple[str, bool]] = field(default_factory=list)  # open ones: tag, inside a paragraph
    paragraphs: list[list[Said]] = field(default_factory=list)  # open ones
    styles: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)  # cells of the rows open
    look: tuple[bool, bool] | None = None  # bold, italic of the run open
    head: str = ""  # tag of the heading the paragraph open is
    marks: dict[str, str] = field(default_factory=dict)  # bookmarks of numbers open: id to tag
    left_out: int = 0
    in_text: bool = False

    def opens(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        name = local(tag)
        if name in ("sdt", "tag", "bookmarkStart", "bookmarkEnd"):
            self._link(name, attributes)
        elif name == "tr":
            self.rows.append([])
        elif name == "p":
            self.paragraphs.append([])
            self.styles.append("")
        elif name == "pStyle" and self.styles:
            self.styles[-1] = attribute(attributes, "val")
        else:
            self._run(name, attributes)
        self.left_out += name in LEFT_OUT
        self.in_text = name == "t"

    def _link(self, name: str, attributes: dict[str, str]) -> None:
        """What tells of a heading or a number: a control with its tag, a bookmark."""
        if name == "sdt":
            self.controls.append(("", bool(self.paragraphs)))
        elif name == "tag" and self.controls and not self.controls[-1][0]:
            value, inside = attribute(attributes, "val"), self.controls[-1][1]
            self.controls[-1] = (value, inside)
            if inside and not value.startswith(NUMBER):
                self.head = value
        elif name == "bookmarkStart" and attribute(attributes, "name").startswith(BOOKMARK):
            n, _, at = attribute(attributes, "name").removeprefix(BOOKMARK).partition("_")
            self.marks[attribute(attributes, "id")] = f"{NUMBER}{n}.{at}"
        elif name == "bookmarkEnd":
            self.marks.pop(attribute(attributes, "id"), None)

    def _run(self, name: str, attributes: dict[str, str]) -> None:
        if name == "r":
            self.look = (False, False)
        elif name in ("b", "i") and self.look is not None:
            is_on = attribute(attributes, "val") not in _OFF
            self.look = (is_on, self.look[1]) if name == "b" else (self.look[0], is_on)
        elif mark := said(name, attributes):
            self._say(" " if mark in "\t\n" else mark)

    def text(self, characters: str) -> None:
        """Characters between tags."""
        if self.in_text:
            self._say(characters)

    def _say(self, words: str) -> None:
        if self.left_out or not self.paragraphs or self.look is None:
            return
        controls = (tag for tag, inside in reversed(self.controls) if inside and tag.startswith(NUMBER))
        number = next(controls, "") or next(iter(self.marks.values()), "")
        held = self.paragraphs[-1]
        piece = Said(words.replace(SOFT_HYPHEN, ""), *self.look, number)
        if held and (held[-1].bold, held[-1].italic, held[-1].number) == (*self.look, number):
            piece = Said(held.pop().text + piece.text, *self.look, number)
        held.append(piece)

    def closes(self, tag: str) -> None:
        """An element ends."""
        name = local(tag)
        self.in_text = False
        self.left_out -= name in LEFT_OUT
        if name == "sdt" and self.controls:
            self.controls.pop()
        elif name == "r":
            self.look = None
        elif name == "tr":
            cells = self.rows.pop() if self.rows else []
            if row := " | ".join(cells):
                self.lines.append(_Line(row, "", self._place, is_row=True, pieces=(Said(row),)))
        elif name == "p" and self.paragraphs:
            self._end_paragraph(self.paragraphs.pop(), self.styles.pop())

    def _end_paragraph(self, pieces: list[Said], style: str) -> None:
        kept = tuple(
            Said(unicodedata.normalize("NFC", one.text), one.bold, one.italic, one.number) for one in pieces if one.text
        )
        words = " ".join("".join(one.text for one in kept).split())
        if self.rows:
            self.rows[-1] += [words] if words else []
        else:
            head, self.head = self.head, ""
            self.lines.append(_Line(words, style, head or self._place, pieces=kept, heads=bool(head)))

    @property
    def _place(self) -> str:
        return next((tag for tag, inside in self.controls if tag and not inside), "")
