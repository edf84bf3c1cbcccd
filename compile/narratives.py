"""Narratives read from docx: paragraphs, bold and italic, lists, tables; nothing is executed or fetched."""

from __future__ import annotations

import re
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import TYPE_CHECKING, Any

from compile.numbering import Numbering
from ingest.word.text import SOFT_HYPHEN, said
from workbook_templates.official.wordml import Run

if TYPE_CHECKING:
    from lxml.etree import _Element

LARGEST_PART = 32 * 1024 * 1024
_OFFICE_DOCUMENT = "/officeDocument"
_ALIGNMENTS = {"center": "center", "right": "right", "end": "right", "both": "both", "justify": "both"}
_CONTENT = {"sdt", "sdtContent", "ins", "moveTo", "hyperlink", "smartTag", "customXml", "fldSimple"}


class UnreadableNarrative(ValueError):
    """The file is no docx that can be read: encrypted, truncated, another format, or hostile."""


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph; ``level`` is its heading level, None for body text."""

    runs: tuple[Run, ...]
    align: str = "both"
    level: int | None = None


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: per row its cells as (paragraphs, columns spanned, continues the cell above)."""

    rows: tuple[tuple[tuple[tuple[Text, ...], int, bool], ...], ...]
    shares: tuple[int, ...] = ()  # widths of the columns as the file gives them, in any one unit

    @property
    def width(self) -> int:
        """Columns of the widest row."""
        return max((sum(span for _, span, _ in row) for row in self.rows), default=0)


Block = Text | Grid


@dataclass(frozen=True)
class Story:
    """What a narrative holds, in order; pictures are counted, not carried."""

    blocks: tuple[Block, ...] = ()
    pictures: int = 0

    @property
    def is_empty(self) -> bool:
        """True when there is no word in it."""
        return not any(
            run.text.strip() for block in self.blocks if isinstance(block, Text) for run in block.runs
        ) and not any(isinstance(block, Grid) for block in self.blocks)


def read_story(data: bytes) -> Story:
    """The text and tables of a docx (transitional or strict, document or template). Raises UnreadableNarrative."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as package:
            main = _main_part(package)
            root = _parsed(package, main)
            numbering = _optional(package, main, "numbering.xml")
            styles = _optional(package, main, "styles.xml")
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, NotImplementedError, RuntimeError, SyntaxError) as wrong:
        raise UnreadableNarrative(str(wrong)) from wrong
    body = next((child for child in root if _name(child) == "body"), None)
    if body is None:
        raise UnreadableNarrative("no body")
    reader = _Reader(Numbering(numbering), _heading_levels(styles), _list_styles(styles))
    blocks = tuple(reader.blocks(body))
    return Story(blocks, reader.pictures)


def _main_part(package: zipfile.ZipFile) -> str:
    for relation in _parsed(package, "_rels/.rels"):
        if relation.get("Type", "").endswith(_OFFICE_DOCUMENT):
            return relation.get("Target", "").lstrip("/")
    raise KeyError(_OFFICE_DOCUMENT)


def _optional(package: zipfile.ZipFile, main: str, name: str) -> _Element | None:
    part = f"{main.rpartition('/')[0]}/{name}".lstrip("/")
    return _parsed(package, part) if part in package.namelist() else None


def _parsed(package: zipfile.ZipFile, part: str) -> _Element:
    """The XML of a part; bytes really inflated are counted, no DTD is read and nothing is fetched."""
    from lxml import etree

    with package.open(part) as stream:
        text = stream.read(LARGEST_PART + 1)
    if len(text) > LARGEST_PART or b"<!DOCTYPE" in text or b"<!ENTITY" in text:
        raise ValueError(part)
    return etree.fromstring(text, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))


def _name(element: Any) -> str:
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _child(element: Any, name: str) -> Any:
    return next((child for child in element if _name(child) == name), None) if element is not None else None


def _value(element: Any) -> str:
    return "" if element is None else _attribute(element, "val")


def _attribute(element: Any, name: str) -> str:
    return next((str(value) for key, value in element.attrib.items() if key.rpartition("}")[2] == name), "")


def _is_on(element: Any) -> bool:
    return element is not None and _value(element) not in ("0", "false", "off", "none")


def _heading_levels(styles: Any) -> dict[str, int]:
    """Outline level by style id: from the style's own level, or its name "heading 1"."""
    levels: dict[str, int] = {}
    for style in styles if styles is not None else ():
        if _name(style) != "style":
            continue
        identity = next((value for key, value in style.attrib.items() if key.endswith("styleId")), "")
        outline = _value(_child(_child(style, "pPr"), "outlineLvl"))
        named = re.fullmatch(r"heading (\d)", _value(_child(style, "name")).lower())
        if outline.isdigit() and int(outline) < 9:
            levels[str(identity)] = int(outline)
        elif named:
            levels[str(identity)] = int(named[1]) - 1
    return levels


def _list_styles(styles: Any) -> dict[str, Any]:
    """List membership by style id ("List Number")."""
    found: dict[str, Any] = {}
    for style in styles if styles is not None else ():
        properties = _child(_child(style, "pPr"), "numPr") if _name(style) == "style" else None
        if properties is not None:
            found.update({value: properties for key, value in style.attrib.items() if key.endswith("styleId")})
    return found


@dataclass
class _Reader:
    """Walks a body once; numbers lists as it goes."""

    numbering: Numbering
    heading_levels: dict[str, int]
    list_styles: dict[str, Any]
    pictures: int = field(default=0)

    def blocks(self, parent: Any) -> Iterator[Block]:
        for child in parent:
            name = _name(child)
            if name == "p":
                yield self._text(child)
            elif name == "tbl":
                yield self._grid(child)
            elif name in _CONTENT:
                yield from self.blocks(child)

    def _text(self, paragraph: Any) -> Text:
        properties = _child(paragraph, "pPr")
        style = _value(_child(properties, "pStyle"))
        outline = _value(_child(properties, "outlineLvl"))
        level = int(outline) if outline.isdigit() and int(outline) < 9 else self.heading_levels.get(style)
        runs = tuple(_joined(self._runs(paragraph, level is not None)))
        in_list = _child(properties, "numPr")
        label = self.numbering.label(self.list_styles.get(style) if in_list is None else in_list) if runs else ""
        if label:
            runs = (Run(label + " ", bold=runs[0].bold, italic=runs[0].italic), *runs)
        align = _ALIGNMENTS.get(_value(_child(properties, "jc")), "both")
        return Text(runs, align, level)

    def _runs(self, parent: Any, is_heading: bool) -> Iterator[Run]:
        for child in parent:
            name = _name(child)
            if name == "r":
                run = self._run(child, is_heading)
                if run.text:
                    yield run
            elif name in _CONTENT:
                yield from self._runs(child, is_heading)

    def _run(self, element: Any, is_heading: bool) -> Run:
        look = _child(element, "rPr")
        raised = _value(_child(look, "vertAlign"))
        return Run(
            unicodedata.normalize("NFC", "".join(self._pieces(element))),
            bold=_is_on(_child(look, "b")) or is_heading,
            italic=_is_on(_child(look, "i")),
            underline=_is_on(_child(look, "u")),
            superscript=raised == "superscript",
            subscript=raised == "subscript",
        )

    def _pieces(self, run: Any) -> Iterator[str]:
        for child in run:
            name = _name(child)
            if name == "t":
                yield child.text or ""
            elif text := said(name, child.attrib):
                yield "" if text == SOFT_HYPHEN else text
            elif name in ("drawing", "pict", "object"):
                self.pictures += 1
            elif name == "AlternateContent":
                yield from self._pieces(_child(child, "Choice") or ())

    def _grid(self, table: Any) -> Grid:
        rows = []
        for row in _within(table, "tr"):
            cells = []
            for cell in _within(row, "tc"):
                properties = _child(cell, "tcPr")
                span = _value(_child(properties, "gridSpan"))
                merge = _child(properties, "vMerge")
                continues = merge is not None and _value(merge) in ("", "continue")
                texts = tuple(_flat(self.blocks(cell)))
                cells.append((texts, int(span) if span.isdigit() and 0 < int(span) < 64 else 1, continues))
            rows.append(tuple(cells))
        grid = _child(table, "tblGrid")
        widths = [_attribute(column, "w") for column in (grid if grid is not None else ())]
        shares = tuple(int(width) for width in widths if width.isdigit() and int(width) > 0)
        return Grid(tuple(row for row in rows if row), shares)


def _within(parent: Any, name: str) -> Iterator[Any]:
    for child in parent:
        if _name(child) == name:
            yield child
        elif _name(child) in _CONTENT:
            yield from _within(child, name)


def _flat(blocks: Iterable[Block]) -> Iterator[Text]:
    """Paragraphs of a cell; a table inside a cell becomes its lines of text."""
    for block in blocks:
        if isinstance(block, Text):
            yield block
        else:
            for row in block.rows:
                words = "; ".join("".join(run.text for text in cell for run in text.runs) for cell, _, _ in row)
                yield Text((Run(words),))


def _joined(runs: Iterable[Run]) -> Iterator[Run]:
    """Neighbouring runs of one look as one."""
    held: Run | None = None
    for run in runs:
        if held is not None and _look(held) == _look(run):
            held = Run(held.text + run.text, *_look(held))
        else:
            if held is not None:
                yield held
            held = run
    if held is not None:
        yield held


def _look(run: Run) -> tuple[bool, bool, bool, float | None, bool, bool]:
    return run.bold, run.italic, run.underline, run.size, run.superscript, run.subscript
