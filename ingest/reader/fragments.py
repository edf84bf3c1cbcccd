"""Worksheet XML from the end of one value to the beginning of the next, read strictly or not at all.

A form's sheets differ in values; what stands between them is the same from unit to unit, so its meaning is remembered.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple
from xml.parsers import expat

from ingest.a1 import column_number
from ingest.limits import LIMITS
from ingest.reader.expat import KINDS, runs_program
from ingest.reader.memo import Memo
from ingest.reader.package import is_true
from ingest.reader.strings import unescaped

ROW = 15  # a place is row << ROW | column
DIGITS, SHARED, LITERAL = range(3)  # what a value is: to be stripped, the number of a string, or as it stands


_MODES = {"s": SHARED, "str": LITERAL, "inlineStr": LITERAL}


class Unusual(Exception):
    """Not written as expected; expat reads it."""


class Whole(NamedTuple):
    """A cell that ends within a fragment: without a value, or with a text of its own."""

    address: str
    style: str
    stated: str
    formula: str | None
    text: str


class Others(NamedTuple):
    """What a fragment holds besides the cell it opens."""

    rows: int
    cells: int
    reach: int  # the furthest column of these cells
    hidden: tuple[int, ...]
    blanks: tuple[tuple[str, str], ...]  # address and style
    whole: tuple[Whole, ...]


@dataclass(slots=True, eq=False)  # frozen would take twice as long to make, by the thousand
class Fragment:
    """The cell a fragment opens, and where the cell before must have stood: from ``least`` up to before ``most``.

    One object for one piece of XML, as far as it is remembered: fragments are compared by identity.
    """

    address: str  # empty at the end of the table
    style: str
    kind: str
    mode: int
    formula: str | None
    least: int
    most: int
    leave: int  # place of the last cell, 0 for none
    others: Others | None


COLUMN = (1 << ROW) - 1
_ANYWHERE = 1 << 40
_LONGEST = 100_000  # bytes of a fragment
_ATTRIBUTES = rb'((?:[ \t\n]+[A-Za-z_][\w.:-]*[ \t\n]*=[ \t\n]*"[ !#-%\'-;=-~]*")*)[ \t\n]*'
_TOKEN = re.compile(
    rb"[ \t\n]*(?:"
    rb"<(?P<opens>c|row|f|v)" + _ATTRIBUTES + rb"(?P<empty>/?)>"
    rb"|</(?P<closes>c|row|f)[ \t\n]*>"
    rb'|<is><t(?: xml:space="preserve")?>(?P<inline>[^<]*)</t></is>'
    rb")"
)
_ATTRIBUTE = re.compile(r'([\w.:-]+)[ \t\n]*=[ \t\n]*"([^"]*)"')
_TO_TAG = re.compile(rb"[^<]*")
_BLANK = re.compile(rb"[ \t\n]*")
_PLACE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_UNCLEAN = bytes(range(9)) + bytes(range(11, 32)) + b"&]\xef\xf0\xf1\xf2\xf3\xf4" + bytes(range(0xF5, 0x100))
_first: Memo[Fragment] = Memo()
_inner: Memo[Fragment] = Memo()
_last: Memo[Fragment] = Memo()


def fragments(parts: list[bytes]) -> tuple[Fragment, ...]:
    """What the parts between values say: those that open a cell and end with the "<" of its value, and the last, which
    ends the table. Raises Unusual.
    """
    if len(parts) == 1:
        return (_parsed(parts[0], begins=True, ends=True),)
    first, last = _learnt(_first, parts[0], begins=True), _learnt(_last, parts[-1], ends=True)
    return (first, *_inner.of_all(parts[1:-1], partial(_learnt, _inner)), last)


def _learnt(known: Memo[Fragment], part: bytes, *, begins: bool = False, ends: bool = False) -> Fragment:
    found = known.get(part)
    if found is None:
        found = _parsed(part, begins=begins, ends=ends)
        known.add(part, found)
    return found


def characters(text: bytes) -> str:
    """Text between tags. Raises Unusual."""
    if is_clean(text):
        return text.decode()
    found: list[str] = []
    parser = expat.ParserCreate("utf-8")
    parser.CharacterDataHandler = found.append
    try:
        parser.Parse(b"<v>" + text + b"</v>", True)
    except (expat.ExpatError, ValueError):
        raise Unusual from None
    return "".join(found)


def is_clean(text: bytes, besides: int = 0) -> bool:
    """True for bytes that mean themselves between tags, but for so many: no reference, no line end to be changed,
    nothing forbidden.
    """
    return len(text.translate(None, _UNCLEAN)) == len(text) - besides


class _Parser:
    """State of one fragment."""

    row = 0  # 0 before the first row element of the fragment
    place = 0  # of the last cell or row
    last = 0  # place of the last cell
    first = 0  # place of the first cell or row
    continues = False  # the fragment begins with cells of the row it starts in
    in_row = False
    reach = 0  # the furthest column of a cell that ends within the fragment
    rows = 0
    cells = 0
    cell: dict[str, str] | None = None
    formula: str | None = None
    text: str | None = None

    def __init__(self) -> None:
        self.hidden: list[int] = []
        self.blanks: list[tuple[str, str]] = []
        self.whole: list[Whole] = []

    def row_opens(self, attributes: dict[str, str], *, empty: bool) -> None:
        number = attributes.get("r", "")
        if self.in_row or self.cell is not None or not _is_number(number) or int(number) <= self.place >> ROW:
            raise Unusual
        self.row, self.in_row = int(number), not empty
        if not self.first:
            self.first = self.row << ROW
        self.place = self.row << ROW
        self.rows += 1
        if is_true(attributes.get("hidden")):
            self.hidden.append(self.row)

    def cell_opens(self, attributes: dict[str, str], *, empty: bool) -> None:
        found = _PLACE.fullmatch(attributes.get("r", ""))
        if found is None or self.cell is not None or not self.in_row:
            raise Unusual
        row, column = int(found[2]), column_number(found[1])
        if not self.place:
            self.row = row
            self.continues = True
            self.first = row << ROW | column
        place = row << ROW | column
        if row != self.row or place <= self.place or row > LIMITS.rows or column > LIMITS.columns:
            raise Unusual
        self.place = self.last = place
        self.cells += 1
        self.cell, self.formula, self.text = attributes, None, None
        if empty:
            self.cell_closes()

    def cell_closes(self) -> None:
        cell = self.cell
        if cell is None:
            raise Unusual
        address, style = cell["r"], cell.get("s", "0")
        self.reach = max(self.reach, self.last & COLUMN)
        if self.text is None and self.formula is None:
            self.blanks.append((address, style))
        elif self.text or self.formula is not None:
            self.whole.append(Whole(address, style, cell.get("t", "n"), self.formula, self.text or ""))
        self.cell = None

    def row_closes(self) -> None:
        if self.cell is not None or not self.in_row:
            raise Unusual
        self.in_row = False

    def fragment(self, *, ends: bool) -> Fragment:
        """What has been read. Raises Unusual where a table cannot end, or a value cannot begin, here."""
        cell = self.cell
        is_open = cell is not None and self.text is None
        if ends == is_open or (ends and self.in_row):
            raise Unusual
        here = 0 if cell is None else 1
        others = None
        if self.rows or self.cells > here:
            hidden, blanks, whole = tuple(self.hidden), tuple(self.blanks), tuple(self.whole)
            others = Others(self.rows, self.cells - here, self.reach, hidden, blanks, whole)
        row = self.first >> ROW << ROW
        least, most = (row, self.first) if self.continues else (0, row or _ANYWHERE)
        stated = cell.get("t", "n") if cell else ""
        return Fragment(
            address=cell["r"] if cell else "",
            style=cell.get("s", "0") if cell else "",
            kind=KINDS.get(stated, "n"),
            mode=_MODES.get(stated, DIGITS),
            formula=self.formula if cell else None,
            least=least,
            most=most,
            leave=self.last,
            others=others,
        )


_OPENS = {b"c": _Parser.cell_opens, b"row": _Parser.row_opens}
_CLOSES = {b"c": _Parser.cell_closes, b"row": _Parser.row_closes}


def _parsed(part: bytes, *, begins: bool = False, ends: bool = False) -> Fragment:
    if len(part) > _LONGEST or not (ends or part.endswith(b"<")):
        raise Unusual
    one, at, until = _Parser(), 0, len(part) - (not ends)
    if not begins:
        one.in_row, one.cell = True, {"r": ""}
        at = _end(_CLOSE_CELL, part, 0)
        one.cell = None
    while token := _TOKEN.match(part, at, until):
        at = token.end()
        opens, written, empty, closes, inline = token.groups()
        if opens in _OPENS:
            _OPENS[opens](one, _attributes(written), empty=bool(empty))
        elif opens == b"f":
            at = _formula(one, part, token)
        elif closes in _CLOSES:
            _CLOSES[closes](one)
        elif inline is not None:
            _text_of(one, characters(inline))
        elif empty and not written:
            _text_of(one, "")
        else:
            raise Unusual
    if _end(_BLANK, part, at) != until:
        raise Unusual
    return one.fragment(ends=ends)


_CLOSE_CELL = re.compile(rb"[ \t\n]*</c[ \t\n]*>")


def _end(pattern: re.Pattern[bytes], part: bytes, at: int) -> int:
    found = pattern.match(part, at)
    if found is None:
        raise Unusual
    return found.end()


def _text_of(one: _Parser, text: str) -> None:
    if one.cell is None or one.text is not None:
        raise Unusual
    one.text = unescaped(text)


def _formula(one: _Parser, part: bytes, token: re.Match[bytes]) -> int:
    """Takes the formula of the cell at hand; the place after its end tag."""
    if one.cell is None or one.text is not None or one.formula is not None:
        raise Unusual
    _attributes(token[2])
    if token["empty"]:
        one.formula = ""
        return token.end()
    end = _end(_TO_TAG, part, token.end())
    closes = _TOKEN.match(part, end)
    if closes is None or closes["closes"] != b"f":
        raise Unusual
    one.formula = characters(part[token.end() : end]).strip()
    if runs_program(one.formula):
        raise Unusual
    return closes.end()


def _attributes(written: bytes) -> dict[str, str]:
    pairs = _ATTRIBUTE.findall(written.decode())
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Unusual
    return found


def _is_number(digits: str) -> bool:
    return digits.isascii() and digits.isdigit() and len(digits) <= 7 and digits[0] != "0"
