"""One walk through the body of a Word document: its paragraphs, tables, pictures and notes as a story."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from unicodedata import normalize

from compile.numbering import Numbering
from compile.pictures import Picture, checked
from compile.story import Block, Figure, Footnote, Grid, Inline, Text
from compile.word_styles import ALIGNMENTS, PLAIN, Styles, list_place, outline_level, switch
from compile.word_xml import W, attribute, child, inside, is_on, name_of, number, relative, value
from ingest.word.text import SOFT_HYPHEN, said
from workbook_templates.official.wordml import Run

MOST_PICTURES = 60  # of one narrative
_CONTENT = frozenset({"sdt", "sdtContent", "ins", "moveTo", "hyperlink", "smartTag", "customXml", "fldSimple"})
_TRACKED = frozenset({"ins", "del", "moveTo", "moveFrom"})
_DRAWN = frozenset({"drawing", "pict", "object"})
_EMU_PER_POINT, _EMU_PER_INCH = 12_700, 914_400
_MOST_SPAN = 64
_P, _TBL, _PPR, _RPR, _R, _T, _B, _I, _U = (W + name for name in ("p", "tbl", "pPr", "rPr", "r", "t", "b", "i", "u"))
_STYLE, _OUTLINE, _LIST, _JC = (W + name for name in ("pStyle", "outlineLvl", "numPr", "jc"))
_VANISH, _RSTYLE, _CAPS, _RAISED = (W + name for name in ("vanish", "rStyle", "caps", "vertAlign"))

Look = tuple[bool, bool, bool, float | None, bool, bool]  # of a run: all that stands behind its text
Piece = tuple[str, Look] | Figure | Footnote
_NOTHING: Mapping[str, Any] = {}
_NO_LOOK: Look = (False, False, False, None, False, False)
_LENGTH = re.compile(r"(width|height):\s*([\d.]+)(pt|in|cm|mm|px)?")
_EMU = {"pt": _EMU_PER_POINT, "in": _EMU_PER_INCH, "cm": 360_000, "mm": 36_000, "px": 9_525, "": 9_525}


@dataclass
class Media:
    """The pictures of a document by relationship, each checked once; no more than ``MOST_PICTURES``."""

    read: Callable[[str], bytes]
    _held: dict[str, Picture | None] = field(default_factory=dict)

    def picture(self, relation: str) -> Picture | None:
        """The picture; None where there is none that may be shown."""
        if relation not in self._held:
            enough = len(self._held) >= MOST_PICTURES
            self._held[relation] = None if enough else checked(self.read(relation))
        return self._held[relation]


@dataclass
class StoryReader:
    """Walks a body once; numbers lists as it goes, and counts what it leaves out."""

    numbering: Numbering
    styles: Styles
    notes: Mapping[str, Mapping[str, Any]]  # by "footnote" and "endnote": their elements by id
    media: Media
    left_out: int = 0
    changes: int = 0
    _boxes: list[Any] = field(default_factory=list)  # text boxes of the paragraph being read

    def blocks(self, parent: Any, tag: str = "") -> list[Block]:
        """The paragraphs and tables of an element in reading order, with the tag of the content control around."""
        found: list[Block] = []
        for one in parent:
            kind = one.tag
            if kind == _P:
                self._paragraph(one, tag, found)
            elif kind == _TBL:
                found.append(self._grid(one, tag))
            elif (name := name_of(one)) == "sdt":
                found += self.blocks(one, value(child(child(one, "sdtPr"), "tag")) or tag)
            elif name in _CONTENT:
                found += self.blocks(one, tag)
        return found

    def _paragraph(self, element: Any, tag: str, into: list[Block]) -> None:
        properties = next(element.iterchildren(_PPR), None)
        held = {one.tag: one for one in properties} if properties is not None else _NOTHING
        style = self.styles.of(value(held.get(_STYLE))) if held else PLAIN
        if style.is_contents:
            return
        if (mark := held.get(_RPR)) is not None:
            self.changes += any(name_of(one) in _TRACKED for one in mark)
        level = outline_level(held.get(_OUTLINE))
        level = style.level if level is None else level
        bold = bool(style.bold) or level is not None
        look = (bold, bool(style.italic), False, None, False, False)
        pieces: list[Piece] = []
        self._runs(element, look, bool(style.caps), pieces)
        runs = _joined(pieces)
        label = self.numbering.label(list_place(held.get(_LIST)) or style.list_at) if runs else ""
        if label:
            first = runs[0] if isinstance(runs[0], Run) else Run("")
            runs = [Run(label + " ", bold=first.bold, italic=first.italic), *runs]
        align = ALIGNMENTS.get(value(held.get(_JC))) or style.align or "both"
        boxes, self._boxes = self._boxes, []
        into.append(Text(tuple(runs), align, level, tag))
        for box in boxes:
            into += _flat(self.blocks(box, tag))

    # --- within a paragraph

    def _runs(self, parent: Any, look: Look, caps: bool, into: list[Piece]) -> None:
        for one in parent:
            tag = one.tag
            if tag == _R:
                self._run(one, look, caps, into)
            elif tag == _PPR:
                continue
            elif (name := name_of(one)) in _CONTENT:
                self.changes += name in _TRACKED
                self._runs(one, look, caps, into)
            elif name in _TRACKED:
                self.changes += 1
            elif name in ("oMath", "oMathPara"):
                into.append(("".join(held.text or "" for held in inside(one, "t")), look))
            elif name == "AlternateContent":
                self._runs(_alternative(one), look, caps, into)

    def _run(self, element: Any, look: Look, caps: bool, into: list[Piece]) -> None:
        for one in element:
            tag = one.tag
            if tag == _T:
                text = one.text or ""
                into.append((text.upper() if caps else text, look))
            elif tag == _RPR:
                held = {part.tag: part for part in one}
                if is_on(held.get(_VANISH)):
                    return
                if held:
                    look, caps = self._look(held, look, caps)
            else:
                into.extend(self._piece(one, look))

    def _look(self, held: Mapping[str, Any], look: Look, caps: bool) -> tuple[Look, bool]:
        style = self.styles.of(value(held.get(_RSTYLE)))
        bold = _first(switch(held.get(_B)), style.bold, look[0])
        italic = _first(switch(held.get(_I)), style.italic, look[1])
        raised = value(held.get(_RAISED))
        own = (bold, italic, is_on(held.get(_U)), None, raised == "superscript", raised == "subscript")
        return own, _first(switch(held.get(_CAPS)), style.caps, caps)

    def _piece(self, one: Any, look: Look) -> Iterator[Piece]:
        name = name_of(one)
        if name == "br" and attribute(one, "type") in ("page", "column"):
            return
        if text := said(name, one.attrib):
            yield "" if text == SOFT_HYPHEN else text, look
        elif name in ("footnoteReference", "endnoteReference"):
            yield from self._note(name.removesuffix("Reference"), attribute(one, "id"))
        elif name in _DRAWN:
            yield from self._drawn(one)
        elif name == "AlternateContent":
            for inner in _alternative(one):
                yield from self._piece(inner, look)

    def _note(self, kind: str, identity: str) -> Iterator[Footnote]:
        element = self.notes[kind].get(identity)
        if element is not None:
            texts = tuple(text for text in _flat(self.blocks(element)) if not text.is_empty)
            yield Footnote(tuple(_without_lead(texts)))

    def _drawn(self, element: Any) -> Iterator[Figure]:
        """The pictures of a drawing, or the text boxes in it, which follow the paragraph with all they hold."""
        boxes = list(_outermost(element, "txbxContent"))
        self._boxes += boxes
        figures = [] if boxes else [*self._drawings(element), *self._images(element)]
        self.left_out += not figures and not boxes
        yield from figures

    def _drawings(self, element: Any) -> Iterator[Figure]:
        for held in inside(element, "pic"):
            fill, transform = relative(held, "blipFill"), relative(relative(held, "spPr"), "xfrm")
            blip = relative(fill, "blip")
            picture = self.media.picture(attribute(blip, "embed")) if blip is not None else None
            extent = relative(transform, "ext")
            if extent is None:
                extent = next(inside(element, "extent"), None)
            if picture is not None and extent is not None:
                cut = relative(fill, "srcRect")
                crop = tuple(number(attribute(cut, side)) if cut is not None else 0 for side in "ltrb")
                width, height = (number(attribute(extent, side)) for side in ("cx", "cy"))
                about = next(inside(element, "docPr"), None)
                spoken = attribute(about, "descr") if about is not None else ""
                turned = number(attribute(transform, "rot")) if transform is not None else 0
                yield Figure(picture, width, height, crop, turned, spoken)  # type: ignore[arg-type]

    def _images(self, element: Any) -> Iterator[Figure]:
        """Pictures of the older kind (VML)."""
        for held in inside(element, "imagedata"):
            picture = self.media.picture(attribute(held, "id"))
            shape = held.getparent()
            sides = {
                side: round(float(size) * _EMU[unit or ""])
                for side, size, unit in _LENGTH.findall(attribute(shape, "style"))
                if size.count(".") < 2 and size != "."
            }
            if picture is not None and len(sides) == 2:
                yield Figure(picture, sides["width"], sides["height"])

    # --- tables

    def _grid(self, table: Any, tag: str) -> Grid:
        rows: list[tuple[tuple[tuple[Text, ...], int, bool], ...]] = []
        headings = 0
        for row in _within(table, "tr"):
            properties = child(row, "trPr")
            self.changes += any(child(properties, name) is not None for name in ("ins", "del"))
            if child(properties, "del") is not None:
                continue
            headings += headings == len(rows) and is_on(child(properties, "tblHeader"))
            rows.append(tuple(self._cell(cell) for cell in _within(row, "tc")))
        grid = child(table, "tblGrid")
        widths = [number(attribute(column, "w")) for column in (grid if grid is not None else ())]
        return Grid(tuple(row for row in rows if row), tuple(width for width in widths if width > 0), headings, tag)

    def _cell(self, cell: Any) -> tuple[tuple[Text, ...], int, bool]:
        properties = child(cell, "tcPr")
        span = number(value(child(properties, "gridSpan")), 1)
        merge = child(properties, "vMerge")
        continues = merge is not None and value(merge) in ("", "continue")
        return tuple(_flat(self.blocks(cell))), span if 0 < span < _MOST_SPAN else 1, continues


def _alternative(element: Any) -> Any:
    """What newer programs show of a compatibility block."""
    chosen = relative(element, "Choice")
    return () if chosen is None else chosen


def _outermost(element: Any, name: str) -> Iterator[Any]:
    for one in element:
        if name_of(one) == name:
            yield one
        else:
            yield from _outermost(one if name_of(one) != "AlternateContent" else _alternative(one), name)


def _first(own: bool | None, styled: bool | None, around: bool) -> bool:
    return own if own is not None else styled if styled is not None else around


def _within(parent: Any, name: str) -> Iterator[Any]:
    for one in parent:
        if name_of(one) == name:
            yield one
        elif name_of(one) in _CONTENT:
            yield from _within(one, name)


def _flat(blocks: Iterable[Block]) -> Iterator[Text]:
    """Paragraphs; a table among them becomes its lines of text."""
    for block in blocks:
        if isinstance(block, Text):
            yield block
        else:
            for row in block.rows:
                yield Text((Run("; ".join(" ".join(text.said for text in cell) for cell, _, _ in row)),))


def _without_lead(texts: Iterable[Text]) -> Iterator[Text]:
    """Footnotes begin with a blank behind their mark, which is set anew."""
    for place, text in enumerate(texts):
        first = text.runs[0] if text.runs else None
        if place == 0 and isinstance(first, Run):
            start = first._replace(text=first.text.lstrip())
            yield Text((start, *text.runs[1:]), text.align, text.level, text.tag)
        else:
            yield text


def _joined(pieces: Iterable[Piece]) -> list[Inline]:
    """Neighbouring pieces of one look as one run, composed; empty ones not at all."""
    joined: list[Inline] = []
    held, last = "", _NO_LOOK
    for piece in pieces:
        if isinstance(piece, tuple):
            text, look = piece
            if look == last:
                held += text
                continue
        if held:
            joined.append(Run(normalize("NFC", held), *last))
        if isinstance(piece, tuple):
            held, last = piece
        else:
            held = ""
            joined.append(piece)
    if held:
        joined.append(Run(normalize("NFC", held), *last))
    return joined
