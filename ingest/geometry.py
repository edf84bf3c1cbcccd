"""How far a part reaches: one expat pass that counts, and refuses before anything is built from it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from xml.parsers import expat

from ingest.a1 import area, column_letters, column_number
from ingest.container import Refused
from ingest.limits import LIMITS, Limits

Attributes = dict[str, str]
Watch = dict[str, Callable[[Attributes], object]]  # element's local name -> what to count

_ADDRESS = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_COLUMN_BITS = 15
_COLUMN = (1 << _COLUMN_BITS) - 1
_places: dict[str, int] = {}  # row << 15 | column of addresses met before, in any sheet
_MOST_PLACES = 50_000


class SheetCount:
    """Rows, cells and merges of one worksheet; rows and cells must ascend strictly."""

    def __init__(self, part: str, limits: Limits) -> None:
        self.part, self.limits = part, limits
        self.cells = 0
        self.shared = 0  # cells that use a shared string
        self.rows = self._tables = self._merged = 0
        self._row = 0
        self._place = 0  # of the last cell, or of its row
        self._row_end = _COLUMN  # the last place of the row
        self._seen = 0  # up to this place, the row lies within what is known to be allowed
        self._last_column = 0  # of the furthest cell
        self.watch: Watch = {
            "c": self.cell,
            "row": self.row,
            "sheetData": self.table,
            "mergeCell": self.merge,
            "hyperlink": self.link,
        }

    def _refused(self, code: str, found: object = None, limit: object = None) -> Refused:
        return Refused(code, part=self.part, found=None if found is None else str(found), limit=limit)

    def table(self, _: Attributes) -> None:
        """``sheetData`` begins."""
        self._tables += 1
        if self._tables > 1:
            raise self._refused("guard-disorder")

    def row(self, attributes: Attributes) -> int:
        """A row begins; its number."""
        self.rows += 1
        if self.rows > self.limits.rows:
            raise self._refused("guard-too-many-rows", self.rows, self.limits.rows)
        given = attributes.get("r", str(self._row + 1))
        if not (given.isascii() and given.isdigit() and len(given) <= 7 and int(given) > self._row):
            raise self._refused("guard-disorder", given[:20])
        self._row = int(given)
        self._place = self._seen = self._row << _COLUMN_BITS
        self._row_end = self._place | _COLUMN
        return self._row

    def cell(self, attributes: Attributes) -> str:
        """A cell begins; its address."""
        self.cells += 1
        given = attributes.get("r")
        if given is None:
            given = column_letters((self._place & _COLUMN) + 1) + str(self._row)
        place = _places.get(given) or _place_of(given)
        if not self._place < place <= self._row_end:
            raise self._refused("guard-disorder", given[:20])
        self._place = place
        if place > self._seen:
            self._reach(self._row, place & _COLUMN)
            self._seen = self._row << _COLUMN_BITS | self._last_column
        if attributes.get("t") == "s":
            self.shared += 1
        return given

    def block(self, rows: int, cells: int, last_row: int, last_column: int) -> None:
        """Rows and cells whose order is known to be right, all at once; ``last_row`` is the last with a cell."""
        self.rows += rows
        self.cells += cells
        if self.rows > self.limits.rows:
            raise self._refused("guard-too-many-rows", self.rows, self.limits.rows)
        self._reach(last_row, last_column)

    def _reach(self, row: int, column: int) -> None:
        rows, columns = row, max(column, self._last_column)
        self._last_column = columns
        if rows > self.limits.rows:
            raise self._refused("guard-too-many-rows", rows, self.limits.rows)
        if columns > self.limits.columns:
            raise self._refused("guard-far-column", columns, self.limits.columns)
        if rows * columns > self.limits.rectangle:
            raise self._refused("guard-wide-area", f"{rows} × {columns}", self.limits.rectangle)
        if self.cells > self.limits.cells:
            raise self._refused("guard-too-many-cells", self.cells, self.limits.cells)

    def merge(self, attributes: Attributes) -> str:
        """Merged cells; their range."""
        self._merged += area(attributes.get("ref", ""))
        self.link(attributes)
        if self._merged > self.limits.merge_areas:
            raise self._refused("guard-huge-merge", attributes.get("ref", "")[:40], self.limits.merge_areas)
        return attributes.get("ref", "")

    def link(self, attributes: Attributes) -> None:
        """A hyperlink over a range."""
        if area(attributes.get("ref", "")) > self.limits.merge_area:
            raise self._refused("guard-huge-merge", attributes.get("ref", "")[:40], self.limits.merge_area)


def _place_of(address: str) -> int:
    """Where a cell is; 0, which is nowhere, for anything but an address as programs write them."""
    found = _ADDRESS.fullmatch(address)
    if found is None:
        return 0
    place = int(found[2]) << _COLUMN_BITS | column_number(found[1])
    if len(_places) < _MOST_PLACES:
        _places[address] = place
    return place


class StringCount:
    """Shared strings and the characters of each."""

    def __init__(self, part: str, limits: Limits) -> None:
        self.part, self.limits = part, limits
        self.lengths: list[int] = []
        self.watch: Watch = {"sst": self.table, "si": self.string}

    def table(self, attributes: Attributes) -> None:
        """The table begins; what it says of its own size is not believed, only looked at."""
        for name in ("count", "uniqueCount"):
            stated = attributes.get(name, "0")
            if len(stated) > 9:
                raise Refused("guard-too-many-strings", part=self.part, found=stated[:20], limit=self.limits.strings)

    def string(self, _: Attributes) -> None:
        """A string begins."""
        self.lengths.append(0)
        if len(self.lengths) > self.limits.strings:
            raise Refused(
                "guard-too-many-strings", part=self.part, found=str(len(self.lengths)), limit=self.limits.strings
            )

    def text(self, characters: str) -> None:
        """Adds to the string at hand."""
        if self.lengths:
            self.lengths[-1] += len(characters)


class FormatCount:
    """Cell formats of the style sheet."""

    def __init__(self, part: str, limits: Limits) -> None:
        self.part, self.limits, self.formats = part, limits, 0
        self.watch: Watch = {"xf": self._format}

    def _format(self, _: Attributes) -> None:
        self.formats += 1
        if self.formats > self.limits.formats:
            raise Refused("guard-too-many-formats", part=self.part, limit=self.limits.formats)


class NameCount:
    """Sheets named by the workbook part; no two share a name or a relationship."""

    def __init__(self, part: str, limits: Limits) -> None:
        self.part, self.limits = part, limits
        self.names: set[str] = set()
        self.parts: set[str] = set()
        self.watch: Watch = {"sheet": self._sheet}

    def _sheet(self, attributes: Attributes) -> None:
        name = attributes.get("name", "")
        part = next((value for key, value in attributes.items() if key.endswith(":id")), name)
        if name.casefold() in self.names or part in self.parts:
            raise Refused("guard-duplicate-sheet", sheet=name)
        self.names.add(name.casefold())
        self.parts.add(part)
        if len(self.names) > self.limits.sheets:
            raise Refused("guard-too-many-sheets", limit=self.limits.sheets)


_FORBIDDEN_KINDS = {  # wherever the part lies, and whatever it is called
    "vbaProject": "guard-macros",
    "xlMacrosheet": "guard-macros",
    "xlIntlMacrosheet": "guard-macros",
    "control": "guard-active-content",
    "activeXControlBinary": "guard-active-content",
    "oleObject": "guard-embedded",
    "package": "guard-embedded",
}


class RelationshipCount:
    """Relationships that lead out of the file (links a person clicks are left alone), and sheets led to twice."""

    def __init__(self, part: str, limits: Limits) -> None:
        self.part, self.limits = part, limits
        self.targets: list[str] = []
        self.sheets: set[str] = set()
        self.watch: Watch = {"Relationship": self._relationship}

    def _relationship(self, attributes: Attributes) -> None:
        kind = attributes.get("Type", "").rpartition("/")[2]
        target = attributes.get("Target", "")
        if kind in _FORBIDDEN_KINDS:
            raise Refused(_FORBIDDEN_KINDS[kind], part=target[:100])
        if attributes.get("TargetMode") == "External" and kind != "hyperlink":
            self.targets.append(target[:200])
        if kind == "worksheet":
            sheet = target.rpartition("/")[2].casefold()
            if sheet in self.sheets:
                raise Refused("guard-duplicate-sheet", part=self.part, sheet=target[:100])
            self.sheets.add(sheet)


class TypeCount:
    """Content types; those of macros refuse the file, given to a part or to parts whose names end so."""

    _MACROS = ("macroenabled", "vbaproject", "intlmacrosheet", "activex")

    def __init__(self, part: str, limits: Limits) -> None:
        self.part, self.limits = part, limits
        self.endings: set[str] = set()  # SheetJS declares one in every file, for parts it never writes
        self.watch: Watch = {"Override": self._type, "Default": self._ending}

    def _type(self, attributes: Attributes) -> None:
        if self._is_of_macros(attributes):
            raise Refused("guard-macros")

    def _ending(self, attributes: Attributes) -> None:
        if self._is_of_macros(attributes):
            self.endings.add(f".{attributes.get('Extension', '').casefold()}")

    def is_of(self, names: Iterable[str]) -> bool:
        """True when a part's name ends as only those of macros do."""
        return any(name.casefold().endswith(tuple(self.endings)) for name in names)

    def _is_of_macros(self, attributes: Attributes) -> bool:
        kind = attributes.get("ContentType", "").casefold()
        return any(mark in kind for mark in self._MACROS)


class DdeCount:
    """External links that run a program when the file is opened."""

    def __init__(self, part: str, limits: Limits) -> None:
        self.part, self.limits = part, limits
        self.watch: Watch = {"ddeLink": self._link, "oleLink": self._link}

    def _link(self, _: Attributes) -> None:
        raise Refused("guard-dde", part=self.part)


Count = SheetCount | StringCount | FormatCount | NameCount | RelationshipCount | TypeCount | DdeCount

_COUNTS: dict[str, type[Count]] = {
    "worksheet": SheetCount,
    "sst": StringCount,
    "styleSheet": FormatCount,
    "workbook": NameCount,
    "Relationships": RelationshipCount,
    "Types": TypeCount,
    "externalLink": DdeCount,
}


class _Pass:
    """Handlers of one expat pass."""

    def __init__(self, part: str, limits: Limits) -> None:
        self.part, self.limits = part, limits
        self.depth = 0
        self.count: Count | None = None
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._root
        self.parser.EndElementHandler = self._close
        self.parser.StartDoctypeDeclHandler = self._doctype

    def _doctype(self, *_: object) -> None:
        raise Refused("guard-doctype", part=self.part)

    def _root(self, name: str, attributes: Attributes) -> None:
        self.depth = 1
        kind = _COUNTS.get(name.rpartition(":")[2])
        self.count = kind(self.part, self.limits) if kind else None
        self.watch: Watch = self.count.watch if self.count else {}
        if isinstance(self.count, StringCount):
            self.parser.CharacterDataHandler = self.count.text
        self.parser.StartElementHandler = self._open
        self._open(name, attributes)
        self.depth = 1

    def _open(self, name: str, attributes: Attributes) -> None:
        self.depth += 1
        if self.depth > self.limits.depth:
            raise Refused("guard-too-deep", part=self.part, limit=self.limits.depth)
        counted = self.watch.get(name) or (":" in name and self.watch.get(name.rpartition(":")[2]))
        if counted:
            counted(attributes)

    def _close(self, _: str) -> None:
        self.depth -= 1


def walk(data: bytes, part: str, limits: Limits = LIMITS) -> Count | None:
    """Counts one XML part by its root element; None for parts without limits of their own.

    Raises Refused for a limit; ``guard-broken-xml`` only where the part matters to readers (a drawing of an
    old program need not be well-formed).
    """
    one = _Pass(part, limits)
    try:
        one.parser.Parse(data, True)
    except (expat.ExpatError, ValueError):
        if one.count is not None or part.endswith(".rels") or part == "[Content_Types].xml":
            raise Refused("guard-broken-xml", part=part) from None
    return one.count


def used_characters(data: bytes, lengths: Sequence[int], part: str) -> int:
    """Characters a worksheet takes from the shared strings, counted at every use. Raises Refused."""
    used = 0
    shared = in_value = False
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def opens(name: str, attributes: Attributes) -> None:
        nonlocal shared, in_value
        local = name.rpartition(":")[2]
        if local == "c":
            shared = attributes.get("t") == "s"
        in_value = shared and local == "v"

    def text(characters: str) -> None:
        nonlocal used
        digits = characters.strip()
        if in_value and digits.isascii() and digits.isdigit() and len(digits) < 8 and int(digits) < len(lengths):
            used += lengths[int(digits)]

    parser.StartElementHandler = opens
    parser.CharacterDataHandler = text
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError):
        raise Refused("guard-broken-xml", part=part) from None
    return used
