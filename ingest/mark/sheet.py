"""One worksheet edited where it stands: a few cells, a few elements after the table, not a byte besides.

The part may be large and is not made a tree of: one pass notes where what matters begins and ends, then the new text is
spliced in.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple
from xml.parsers import expat

from ingest.a1 import join, split
from ingest.mark.xml import attribute
from ingest.reader.package import Attributes, is_true, local

_DECLARATION = re.compile(rb"^\s*<\?xml[^>]*\?>")
_ENCODING = re.compile(rb"""encoding\s*=\s*["']([A-Za-z0-9._-]+)""")
_TAG = re.compile(rb"""<[^>"']*(?:(?:"[^"]*"|'[^']*')[^>"']*)*>""")
_ATTRIBUTE = re.compile(rb"""\s+([^\s=/>]+)\s*=\s*("[^"]*"|'[^']*')""")
_AFTER_LEGACY_DRAWING = frozenset(
    (
        "legacyDrawingHF",
        "drawingHF",
        "picture",
        "oleObjects",
        "controls",
        "AlternateContent",
        "webPublishItems",
        "tableParts",
        "extLst",
    )
)
_AFTER_HYPERLINKS = _AFTER_LEGACY_DRAWING | frozenset(
    (
        "printOptions",
        "pageMargins",
        "pageSetup",
        "headerFooter",
        "rowBreaks",
        "colBreaks",
        "customProperties",
        "cellWatches",
        "ignoredErrors",
        "smartTags",
        "drawing",
        "legacyDrawing",
    )
)

LAST_COLUMN = 16_384
Position = tuple[int, int]  # row and column, from 1


def utf8(data: bytes) -> bytes:
    """A part as UTF-8 without declaration, whatever it was written in."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        data = data.decode("utf-16").encode()
    elif b"\0" in data[:4]:
        data = data.decode("utf-16-be" if data[:1] == b"\0" else "utf-16-le").encode()
    data = data.removeprefix(b"\xef\xbb\xbf")
    declaration = _DECLARATION.match(data)
    if declaration is None:
        return data
    encoding = _ENCODING.search(declaration[0])
    body = data[declaration.end() :].lstrip()
    is_latin = encoding is not None and encoding[1].lower() == b"iso-8859-1"
    return body.decode("iso-8859-1").encode() if is_latin else body


class Cell(NamedTuple):
    """A cell as it stands in the part."""

    start: int
    end: int  # behind its closing tag
    style: int
    has_formula: bool


@dataclass
class _Row:
    start: int
    tag_end: int
    number: int
    style: int | None  # of cells that are not written
    has_spans: bool
    end: int = 0  # where the closing tag begins; of an empty row, behind its tag
    later: list[tuple[int, int]] = field(default_factory=list)  # (column, start) of its cells


@dataclass
class _Span:
    """An element below the root, or a link."""

    name: str
    start: int
    tag_end: int
    attributes: Attributes
    end: int = 0


class Sheet:
    """A worksheet part and the edits made to it so far."""

    def __init__(self, data: bytes, wanted: Iterable[str], painted: Collection[int] = ()) -> None:
        """``wanted`` are cells to be edited, as A1; cells in ``painted`` formats are found besides.

        Raises ValueError, ExpatError for a part that is no worksheet.
        """
        self.data = utf8(data)
        self._edits: list[tuple[int, int, bytes]] = []
        self.wanted = {split(one) for one in wanted}
        self.cells: dict[Position, Cell] = {}
        self.painted: set[str] = set()
        self._rows: dict[int, _Row] = {}
        self._tops: list[_Span] = []
        self._links: list[_Span] = []
        self._columns: list[tuple[int, int, int]] = []
        self._hidden: set[int] = set()  # columns
        self.first = ""  # A1 of the first cell with something in it that is not hidden
        self._views: list[_Span] = []
        _Pass(self, frozenset(painted)).run()

    # --- cells

    def style(self, address: str) -> int:
        """The format of a cell; of one that is not written, its row's or column's."""
        row, column = split(address)
        cell = self.cells.get((row, column))
        if cell is not None:
            return cell.style
        of_row = self._rows[row].style if row in self._rows else None
        if of_row is not None:
            return of_row
        return next((style for first, last, style in self._columns if first <= column <= last), 0)

    def has(self, address: str) -> bool:
        """Whether the cell is written in the part."""
        return split(address) in self.cells

    def number(self, digits: str, formula: str = "") -> bytes:
        """What a cell holds that is a number, for ``write``; it may be what a formula comes to."""
        p = self.prefix
        head = b"<%bf>%b</%bf>" % (p, formula.encode(), p) if formula else b""
        return b">%b<%bv>%b</%bv>" % (head, p, digits.encode(), p)

    def text(self, escaped: str) -> bytes:
        """What a cell holds that is a text, for ``write``."""
        p = self.prefix
        return b' t="inlineStr"><%bis><%bt xml:space="preserve">%b</%bt></%bis>' % (p, p, escaped.encode(), p, p)

    def has_formula(self, address: str) -> bool:
        """Whether a formula stands in the cell."""
        cell = self.cells.get(split(address))
        return cell is not None and cell.has_formula

    def write(self, styles: Mapping[str, int], contents: Mapping[str, bytes]) -> None:
        """Formats of cells, and what shall stand in some of them (their type and the elements inside, ready made).

        A cell that is not there is written where it belongs.
        """
        missing: dict[int, list[tuple[int, bytes]]] = defaultdict(list)
        for address in sorted({*styles, *contents}, key=split):
            row, column = split(address)
            cell = self.cells.get((row, column))
            style = styles.get(address, self.style(address))
            if cell is None:
                missing[row].append((column, self._new(address, style, contents.get(address))))
            elif address in contents:
                self._edit(cell.start, cell.end, self._new(address, style, contents[address]))
            else:
                tag = _tag(self.data, cell.start)
                self._edit(cell.start, cell.start + len(tag), with_attributes(tag, s=str(style)))
        for row, cells in missing.items():
            self._insert(row, cells)

    @cached_property
    def _numbers(self) -> list[int]:
        return sorted(self._rows)

    def _new(self, address: str, style: int, inside: bytes | None) -> bytes:
        name = self.prefix + b"c"
        head = b'<%b r="%b" s="%d"' % (name, address.encode(), style)
        return head + (b"/>" if inside is None else b"%b</%b>" % (inside, name))

    def _insert(self, number: int, cells: list[tuple[int, bytes]]) -> None:
        """Cells that the part lacks, in a row that may be lacking too; a sheet without any row stays so."""
        if not self._rows:
            return
        row = self._rows.get(number)
        name = self.prefix + b"row"
        if row is None:
            after = next(
                (self._rows[one].start for one in self._numbers[bisect(self._numbers, number) :]), self._table_end
            )
            made = b"".join(cell for _, cell in cells)
            self._edit(after, after, b'<%b r="%d">%b</%b>' % (name, number, made, name))
            return
        tag = self.data[row.start : row.tag_end]
        bare = with_attributes(tag, spans=None) if row.has_spans else tag
        if tag.endswith(b"/>"):
            made = b"".join(cell for _, cell in cells)
            self._edit(row.start, row.tag_end, b"%b>%b</%b>" % (bare[:-2].rstrip(), made, name))
            return
        if bare != tag:
            self._edit(row.start, row.tag_end, bare)
        for column, cell in cells:
            at = next((start for other, start in row.later if other > column), row.end)
            self._edit(at, at, cell)

    # --- what stands around the table

    def unselect(self) -> None:
        """Take the sheet out of those shown selected."""
        for view in (one for one in self._views if is_true(one.attributes.get("tabSelected"))):
            tag = self.data[view.start : view.tag_end]
            self._edit(view.start, view.tag_end, with_attributes(tag, tabSelected=None))

    @property
    def legacy_drawing(self) -> str:
        """Id of the relationship to the drawing of its comments; empty without one."""
        found = (one for one in self._tops if one.name == "legacyDrawing")
        return next((_id(one.attributes) for one in found), "")

    def draw_comments(self, id_: str, namespace: str) -> None:
        """Lead to a drawing of comments; ``namespace`` is that of relationship ids."""
        made = b'<%blegacyDrawing xmlns:kq="%b" kq:id="%b"/>' % (self.prefix, namespace.encode(), id_.encode())
        at = self._before(_AFTER_LEGACY_DRAWING)
        self._edit(at, at, made)

    def relink(self, former: str, location: str, tip: str) -> None:
        """Take our link away (to ``former``, or with ``tip``); link the first thing seen to ``location``, if any."""
        ours = [one for one in self._links if _leads(one.attributes, former, tip)]
        for one in ours:
            self._edit(one.start, one.end, b"")
        kept = [one for one in self._links if one not in ours]
        lists = [one for one in self._tops if one.name == "hyperlinks" and one.end > one.tag_end]
        made = b""
        if location and self.first and all(one.attributes.get("ref") != self.first for one in kept):
            words = f"ref={attribute(self.first)} location={attribute(location)} tooltip={attribute(tip)}".encode()
            made = b"<%bhyperlink %b/>" % (self.prefix, words)
        if lists and made:
            self._edit(lists[0].tag_end, lists[0].tag_end, made)
        elif lists and ours and not kept:
            self._edits = [one for one in self._edits if not lists[0].start <= one[0] < lists[0].end]
            self._edit(lists[0].start, lists[0].end, b"")
        elif made and not lists:
            at = self._before(_AFTER_HYPERLINKS)
            self._edit(at, at, b"<%bhyperlinks>%b</%bhyperlinks>" % (self.prefix, made, self.prefix))

    def _before(self, later: frozenset[str]) -> int:
        found = (one.start for one in self._tops if one.name in later and one.start > self._table_end)
        return next(found, self._root_end)

    # --- the part

    prefix: bytes = b""
    _table_end: int = 0
    _root_end: int = 0

    def _edit(self, start: int, end: int, text: bytes) -> None:
        self._edits.append((start, end, text))

    @property
    def is_edited(self) -> bool:
        """Whether anything would change."""
        return bool(self._edits)

    def edited(self) -> bytes:
        """The part with all edits made."""
        pieces, at = [b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'], 0
        for start, end, text in sorted(self._edits, key=lambda one: one[:2]):
            pieces += (self.data[at:start], text)
            at = end
        return b"".join((*pieces, self.data[at:]))


class _Pass:
    """The one pass over a part."""

    def __init__(self, sheet: Sheet, painted: frozenset[int]) -> None:
        self.sheet, self.painted = sheet, painted
        self.rows = {row for row, _ in sheet.wanted}
        self.depth = 0
        self.last_column = 0
        self.row: _Row | None = None
        self.at: Position = (0, 0)
        self.cell: tuple[int, int] | None = None  # start and style of the wanted one at hand
        self.has_formula = False
        self.is_hidden_row = False
        self.parser = expat.ParserCreate("UTF-8")
        self.parser.StartElementHandler = self._opens
        self.parser.EndElementHandler = self._closes

    def run(self) -> None:
        self.parser.Parse(self.sheet.data, True)

    @property
    def here(self) -> int:
        return self.parser.CurrentByteIndex

    def _opens(self, tag: str, attributes: Attributes) -> None:
        self.depth += 1
        name = local(tag)
        if name == "c" and self.depth == 4:
            self._cell_opens(attributes)
        elif name == "row" and self.depth == 3:
            self._row_opens(attributes)
        elif name in ("f", "v", "is"):
            self.has_formula = self.has_formula or name == "f"
            self._something()
        elif self.depth == 1:
            self.sheet.prefix = tag[: -len(name)].encode()
        elif self.depth == 2:
            self.sheet._tops.append(self._span(name, attributes))
        elif name == "col" and self.depth == 3:
            self._columns_open(attributes)
        elif name == "hyperlink" and self.depth == 3:
            self.sheet._links.append(self._span(name, attributes))
        elif name == "sheetView" and self.depth == 3:
            self.sheet._views.append(self._span(name, attributes))

    def _span(self, name: str, attributes: Attributes) -> _Span:
        return _Span(name, self.here, self.here + len(_tag(self.sheet.data, self.here)), attributes)

    def _columns_open(self, attributes: Attributes) -> None:
        """Columns one after the other, as the format has them; what goes back to earlier ones is left out."""
        first, last = int(attributes.get("min", "0")), min(int(attributes.get("max", "0")), LAST_COLUMN)
        if first <= self.last_column:
            return
        self.last_column = last
        self.sheet._columns.append((first, last, _number(attributes.get("style"))))
        if is_true(attributes.get("hidden")):
            self.sheet._hidden.update(range(first, last + 1))

    def _row_opens(self, attributes: Attributes) -> None:
        number = int(attributes["r"]) if attributes.get("r") else self.at[0] + 1
        self.at = (number, 0)
        self.is_hidden_row = is_true(attributes.get("hidden"))
        style = _number(attributes.get("s")) if is_true(attributes.get("customFormat")) else None
        tag_end = self.here + len(_tag(self.sheet.data, self.here)) if number in self.rows else 0
        self.row = _Row(self.here, tag_end, number, style, "spans" in attributes)
        self.sheet._rows[number] = self.row

    def _something(self) -> None:
        """The cell at hand is not empty."""
        if not (self.sheet.first or self.is_hidden_row or self.at[1] in self.sheet._hidden):
            self.sheet.first = join(*self.at)

    def _cell_opens(self, attributes: Attributes) -> None:
        row, column = self.at
        given = attributes.get("r")
        self.at = split(given) if given else (row, column + 1)
        style = _number(attributes.get("s"))
        self.cell = None
        self.has_formula = False
        if row in self.rows and self.row is not None:
            self.row.later.append((self.at[1], self.here))
        if style in self.painted:
            self.sheet.painted.add(join(*self.at))
        if self.at in self.sheet.wanted or style in self.painted:
            self.cell = (self.here, style)

    def _closes(self, tag: str) -> None:
        name = local(tag)
        if name == "c" and self.depth == 4 and self.cell is not None:
            start, style = self.cell
            self.sheet.cells[self.at] = Cell(start, self._end(start), style, self.has_formula)
            self.cell = None
        elif name == "row" and self.depth == 3 and self.row is not None:
            self.row.end = self.here
        elif name == "hyperlink" and self.depth == 3:
            self.sheet._links[-1].end = self._end(self.sheet._links[-1].start)
        elif self.depth == 2:
            self.sheet._tops[-1].end = self._end(self.sheet._tops[-1].start)
            if name == "sheetData":
                self.sheet._table_end = self.here
        elif self.depth == 1:
            self.sheet._root_end = self.here
        self.depth -= 1

    def _end(self, start: int) -> int:
        """Behind the element that began at ``start`` and closes now."""
        tag = _tag(self.sheet.data, start)
        is_empty = tag.endswith(b"/>")
        return start + len(tag) if is_empty else self.here + len(_tag(self.sheet.data, self.here))


def _tag(data: bytes, start: int) -> bytes:
    found = _TAG.match(data, start)
    if found is None:
        raise ValueError("no tag")
    return found[0]


def with_attributes(tag: bytes, **values: str | None) -> bytes:
    """An opening tag with attributes set, or with None taken away."""
    left = {name.encode(): value for name, value in values.items()}

    def changed(found: re.Match[bytes]) -> bytes:
        if found[1] not in left:
            return found[0]
        value = left.pop(found[1])
        return b"" if value is None else b" %b=%b" % (found[1], attribute(value).encode())

    made = _ATTRIBUTE.sub(changed, tag)
    more = b"".join(b" %b=%b" % (name, attribute(value).encode()) for name, value in left.items() if value is not None)
    close = 2 if made.endswith(b"/>") else 1
    return made[:-close].rstrip() + more + made[-close:]


def _leads(attributes: Attributes, location: str, tip: str) -> bool:
    """True of our link: by its words, which LibreOffice drops, or by where it leads, which Excel does not update."""
    return attributes.get("tooltip") == tip or attributes.get("location") == location


def _id(attributes: Attributes) -> str:
    return next((value for name, value in attributes.items() if local(name) == "id"), "")


def _number(digits: str | None) -> int:
    return int(digits) if digits and digits.isdecimal() and len(digits) < 9 else 0
