"""WordprocessingML written as text: paragraphs, tables and fields of the compiled document."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple, Protocol
from xml.sax.saxutils import escape

FONT = "Times New Roman"
TWIPS_PER_MM = 1440 / 25.4
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")

_UNUSUAL = re.compile("[\x00-\x1f&<>\ufffe\uffff\ud800-\udfff]")


def twips(millimetres: float) -> int:
    """Twentieths of a point."""
    return round(millimetres * TWIPS_PER_MM)


class Run(NamedTuple):
    """Text of one look; ``size`` in points, None = the document's."""

    text: str
    bold: bool = False
    italic: bool = False
    underline: bool = False
    size: float | None = None
    superscript: bool = False
    subscript: bool = False

    @property
    def xml(self) -> str:
        """``<w:r>`` with tabs and line breaks as elements."""
        return f"{_look(*self[1:])}{_text(self[0])}</w:r>"


@lru_cache(maxsize=512)
def _look(bold: bool, italic: bool, underline: bool, size: float | None, superscript: bool, subscript: bool) -> str:
    """How a run of one look begins."""
    marks = "".join(f"<w:{tag}/>" for tag, on in (("b", bold), ("bCs", bold), ("i", italic)) if on)
    if size is not None:
        marks += f'<w:sz w:val="{round(size * 2)}"/><w:szCs w:val="{round(size * 2)}"/>'
    if underline:
        marks += '<w:u w:val="single"/>'
    if superscript or subscript:
        marks += f'<w:vertAlign w:val="{"superscript" if superscript else "subscript"}"/>'
    return f"<w:r>{f'<w:rPr>{marks}</w:rPr>' if marks else ''}"


def _text(text: str) -> str:
    if _UNUSUAL.search(text) is None:
        return f'<w:t xml:space="preserve">{text}</w:t>' if text else ""
    parts = []
    for piece in re.split("([\t\n])", _UNWRITABLE.sub("", text)):
        if piece == "\t":
            parts.append("<w:tab/>")
        elif piece == "\n":
            parts.append("<w:br/>")
        elif piece:
            parts.append(f'<w:t xml:space="preserve">{escape(piece)}</w:t>')
    return "".join(parts)


@dataclass(frozen=True, slots=True)
class Setting:
    """How a paragraph is set; lengths in twips, spacing in points."""

    align: str = "both"
    first_line: int = 0
    left: int = 0
    right: int = 0
    before: float = 0
    after: float = 0
    line: int = 240  # 240 = single
    keep_next: bool = False
    outline: int | None = None  # level in the navigation pane, 0-based
    rule_below: bool = False  # a thin line under the paragraph
    page_break: bool = False  # begins a page
    mark: float | None = None  # size of the paragraph's own mark in points: the height of an empty line
    style: str = ""  # id of a named style, which gives what is not set here

    @property
    def xml(self) -> str:
        """``<w:pPr>``, children in the order of the schema."""
        return _properties(self)

    def _xml(self) -> str:
        parts = [f'<w:pStyle w:val="{self.style}"/>'] if self.style else []
        if self.keep_next:
            parts.append("<w:keepNext/>")
        if self.page_break:
            parts.append("<w:pageBreakBefore/>")
        if self.rule_below:
            parts.append('<w:pBdr><w:bottom w:val="single" w:sz="6" w:space="0" w:color="000000"/></w:pBdr>')
        parts.append(
            f'<w:spacing w:before="{round(self.before * 20)}" w:after="{round(self.after * 20)}"'
            f' w:line="{self.line}" w:lineRule="auto"/>'
        )
        if self.left or self.right or self.first_line:
            first = f' w:firstLine="{self.first_line}"' if self.first_line >= 0 else f' w:hanging="{-self.first_line}"'
            parts.append(f'<w:ind w:left="{self.left}" w:right="{self.right}"{first}/>')
        parts.append(f'<w:jc w:val="{self.align}"/>')
        if self.outline is not None:
            parts.append(f'<w:outlineLvl w:val="{self.outline}"/>')
        if self.mark is not None:
            parts.append(f'<w:rPr><w:sz w:val="{round(self.mark * 2)}"/></w:rPr>')
        return f"<w:pPr>{''.join(parts)}</w:pPr>"


@lru_cache(maxsize=512)
def _properties(setting: Setting) -> str:
    return setting._xml()


CENTRED = Setting(align="center")


class Inline(Protocol):
    """Anything that stands in a paragraph."""

    @property
    def xml(self) -> str:
        """Its ``<w:r>``."""


def paragraph(runs: Iterable[Inline] | str, setting: Setting = CENTRED) -> str:
    """``<w:p>``; a plain string is one run."""
    held = [Run(runs)] if isinstance(runs, str) else runs
    return f"<w:p>{setting.xml}{''.join(run.xml for run in held)}</w:p>"


def rule(length: float, width: float, after: float = 0) -> str:
    """A line ``length`` points long, centred in a column ``width`` points wide."""
    side = max(0, round((width - length) / 2 * 20))
    setting = Setting("center", left=side, right=side, before=2, after=after, rule_below=True, line=20, mark=1)
    return paragraph([Run("", size=1)], setting).replace("<w:r></w:r>", "")


class Box(NamedTuple):
    """One cell of a table: its paragraphs, how many grid columns it spans, and its part in a vertical merge."""

    content: str  # one or more block elements
    span: int = 1
    merge: str = ""  # "restart" | "continue"
    shade: str = ""
    valign: str = "center"

    def xml(self, width: int) -> str:
        """``<w:tc>`` of a given width in twips."""
        content, span, merge, shade, valign = self
        return f"<w:tc>{_cell(width, span, merge, shade, valign)}{content}</w:tc>"


@lru_cache(maxsize=2048)
def _cell(width: int, span: int, merge: str, shade: str, valign: str) -> str:
    parts = [f'<w:tcW w:w="{width}" w:type="dxa"/>']
    if span > 1:
        parts.append(f'<w:gridSpan w:val="{span}"/>')
    if merge:
        parts.append(f'<w:vMerge w:val="{merge}"/>')
    if shade:
        parts.append(f'<w:shd w:val="clear" w:color="auto" w:fill="{shade}"/>')
    parts.append(f'<w:vAlign w:val="{valign}"/>')
    return f"<w:tcPr>{''.join(parts)}</w:tcPr>"


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a table; heading rows are repeated on every page."""

    boxes: tuple[Box, ...]
    is_heading: bool = False

    def xml(self, widths: Sequence[int]) -> str:
        """``<w:tr>`` that is never broken across pages."""
        marks = "<w:cantSplit/>" + ("<w:tblHeader/>" if self.is_heading else "")
        cells, place = [], 0
        for box in self.boxes:
            cells.append(box.xml(sum(widths[place : place + box.span])))
            place += box.span
        return f"<w:tr><w:trPr>{marks}</w:trPr>{''.join(cells)}</w:tr>"


def table(widths: Sequence[int], lines: Iterable[Line], ruled: bool = True, margin: int = 40) -> str:
    """``<w:tbl>`` of fixed column widths in twips, ruled or bare, centred between the margins."""
    edge = "single" if ruled else "nil"
    names = ("top", "left", "bottom", "right", "insideH", "insideV")
    borders = "".join(f'<w:{name} w:val="{edge}" w:sz="4" w:space="0" w:color="000000"/>' for name in names)
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    sides = f'<w:left w:w="{margin}" w:type="dxa"/><w:right w:w="{margin}" w:type="dxa"/>'
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblBorders>{borders}</w:tblBorders><w:tblLayout w:type="fixed"/>'
        f"<w:tblCellMar>{sides}</w:tblCellMar></w:tblPr>"
        f"<w:tblGrid>{grid}</w:tblGrid>{''.join(line.xml(widths) for line in lines)}</w:tbl>"
    )
