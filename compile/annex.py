"""Sheets of many lines: xlsxwriter makes a sheet's head, foot and looks; its lines are spliced in as XML, streamed.

A million cells so take a fifth of the time of writing them one by one, and the memory of a few lines (bench/compile).
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from io import BytesIO
from itertools import islice
from typing import NamedTuple

from isal import isal_zlib

from compile.tables import SIGNS, Align, Cell, RowStyle, Table, Tone
from registry.catalogue.values import State
from workbook_templates.package import DEFLATED, Member, crc32, end

MOST_LINES = 1_000_000  # of a sheet's 1,048,576; the rest is head and foot
_AT_ONCE = 400  # lines joined before they are deflated
_LEVEL = 1  # of ISA-L
_LONGEST_TEXT = 32_767  # letters Excel allows a cell
_ROWS = re.compile(rb'(?=<row r="(\d+)")')
_STYLED = re.compile(rb'<c r="[A-Z]+\d+" s="(\d+)"')
_DIMENSION = re.compile(rb'<dimension ref="[^"]*"/>')
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_LOCAL_HEAD = 30  # bytes of a zip's local header before name and extra


class Mark(NamedTuple):
    """What stands in a cell without a number: a sign, or the tone that says why it is empty."""

    text: str
    tone: Tone = Tone.PLAIN


OWED, CLOSED = Mark("", Tone.OWED), Mark("", Tone.CLOSED)
SIGNED: Mapping[State, Mark] = {state: Mark(text) for state, text in SIGNS.items() if text}
_MARKS = (*SIGNED.values(), OWED, CLOSED)
Value = str | Decimal | int | Mark


class Line(NamedTuple):
    """One line of a sheet: a value for each column, words as words, figures exact."""

    style: RowStyle
    values: Sequence[Value]


@dataclass(frozen=True)
class Body:
    """The lines under a table's head, made anew each time they are asked for."""

    count: int
    lines: Callable[[], Iterator[Line]]
    decimals: tuple[int | None, ...]  # of figures, by column; None: as they come
    centred: frozenset[int] = frozenset({0})  # columns whose words stand in the middle
    styles: tuple[RowStyle, ...] = (RowStyle.DATA, RowStyle.GROUP)


@dataclass(frozen=True)
class Annex:
    """A table without lines, and the lines."""

    table: Table
    body: Body


@dataclass(frozen=True)
class Placed:
    """An annex in a workbook: its lines begin at ``top`` (0-based); its models stand from ``models`` on."""

    annex: Annex
    top: int
    models: int


def models(body: Body) -> Iterator[tuple[RowStyle, list[Cell]]]:
    """A line of every look: of each style words, then figures; then every mark. `spliced` reads them back."""
    for style in body.styles:
        aligned = (Align.CENTRE if column in body.centred else Align.LEFT for column in range(len(body.decimals)))
        yield style, [Cell("x", align=align) for align in aligned]
        yield style, [Cell("0", Decimal(0), decimals, Align.RIGHT) for decimals in body.decimals]
    for mark in _MARKS:
        yield RowStyle.DATA, [Cell(mark.text, align=Align.CENTRE, tone=mark.tone)] * len(body.decimals)


def value_of(cell: Cell) -> Value:
    """What a cell of a table is in a line."""
    if cell.number is not None:
        return cell.number
    if cell.tone is not Tone.PLAIN:
        return Mark("", cell.tone)
    mark = Mark(cell.text)
    return mark if cell.text and mark in _MARKS else cell.text


def parts_of(count: int) -> Iterator[tuple[int, int]]:
    """First and last line (exclusive) of each sheet that many lines fill; one sheet where there is none."""
    for start in range(0, max(count, 1), MOST_LINES):
        yield start, min(start + MOST_LINES, count)


def some(lines: Callable[[], Iterator[Line]], first: int, last: int) -> Callable[[], Iterator[Line]]:
    """The lines of one of several sheets."""
    return lambda: islice(lines(), first, last)


def spliced(book: bytes, placed: Mapping[str, Placed]) -> bytes:
    """The workbook with the lines of each annex, by the name of its part in the package; all else stays as it is."""
    out = BytesIO()
    directory: list[bytes] = []
    with zipfile.ZipFile(BytesIO(book)) as package:
        for info in package.infolist():
            offset = out.tell()
            if info.filename in placed:
                parts = _parts(package.read(info), placed[info.filename])
                member, packed = _deflated(info.filename.encode(), parts)
                out.write(member.local)
                out.writelines(packed)
            else:
                raw = _raw(book, info)
                method, size = info.compress_type, info.file_size
                member = Member(info.filename.encode(), method, info.CRC, len(raw), size)
                out.write(member.local + raw)
            directory.append(member.central(offset))
    offset, listed = out.tell(), b"".join(directory)
    out.write(listed + end(len(directory), len(listed), offset))
    return out.getvalue()


def _raw(book: bytes, info: zipfile.ZipInfo) -> bytes:
    at = info.header_offset
    name, extra = (int.from_bytes(book[at + n : at + n + 2], "little") for n in (26, 28))
    start = at + _LOCAL_HEAD + name + extra
    return book[start : start + info.compress_size]


def _deflated(name: bytes, parts: Iterable[bytes]) -> tuple[Member, list[bytes]]:
    deflate = isal_zlib.compressobj(_LEVEL, DEFLATED, -15)
    crc = size = 0
    packed: list[bytes] = []
    for part in parts:
        crc, size = crc32(part, crc), size + len(part)
        packed.append(deflate.compress(part))
    packed.append(deflate.flush())
    return Member(name, DEFLATED, crc, sum(map(len, packed)), size), packed


def _parts(xml: bytes, placed: Placed) -> Iterator[bytes]:
    """A sheet's XML with its lines: rows above them, the lines, rows below; the models are left out."""
    before, _, rest = xml.partition(b"<sheetData>")
    rows, _, after = rest.partition(b"</sheetData>")
    found = [(int(row[8 : row.index(b'"', 8)]), row) for row in _ROWS.split(rows)[0::2] if row]
    last = placed.top + placed.annex.body.count
    head = b"".join(row for n, row in found if n <= placed.top)
    foot = b"".join(row for n, row in found if last < n <= placed.models)
    looks = _Looks(placed.annex.body, [row for n, row in found if n > placed.models])
    columns = len(placed.annex.body.decimals)
    reach = f'<dimension ref="A1:{_letters(columns)[-1]}{max(last, placed.models)}"/>'.encode()
    yield _DIMENSION.sub(reach, before, count=1) + b"<sheetData>" + head
    yield from _lines(placed.annex.body, placed.top + 1, looks)
    yield foot + b"</sheetData>" + after


@dataclass
class _Looks:
    """Numbers of formats, as the model lines bear them: of words, figures and marks, by column."""

    body: Body
    rows: list[bytes]
    words: dict[RowStyle, list[str]] = field(default_factory=dict)
    figures: dict[RowStyle, list[str]] = field(default_factory=dict)
    marks: dict[Mark, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        read = iter([[one.decode() for one in _STYLED.findall(row)] for row in self.rows])
        for style in self.body.styles:
            self.words[style], self.figures[style] = next(read), next(read)
        self.marks.update(zip(_MARKS, read, strict=True))


def _lines(body: Body, first: int, looks: _Looks) -> Iterator[bytes]:
    letters = _letters(len(body.decimals))
    texts = _Texts()
    columns = {
        style: list(zip(letters, looks.words[style], looks.figures[style], strict=True)) for style in body.styles
    }
    waiting: list[str] = []
    for r, (style, values) in enumerate(body.lines(), first):
        waiting.append(f'<row r="{r}">')
        for column, (value, (letter, words, figure)) in enumerate(zip(values, columns[style], strict=True)):
            kind = value.__class__
            if kind is Decimal or kind is int:
                waiting.append(f'<c r="{letter}{r}" s="{figure}"><v>{value}</v></c>')
            elif kind is str:
                waiting.append(f'<c r="{letter}{r}" s="{words}"{texts[value]}')  # type: ignore[index]
            else:
                mark = looks.marks[value][column]  # type: ignore[index]
                waiting.append(f'<c r="{letter}{r}" s="{mark}"{texts[value[0]]}')  # type: ignore[index]
        waiting.append("</row>")
        if r % _AT_ONCE == 0:
            yield "".join(waiting).encode()
            waiting.clear()
    yield "".join(waiting).encode()


class _Texts(dict[str, str]):
    """Words as the end of a cell, each made once."""

    def __missing__(self, text: str) -> str:
        made = self[text] = _inline(text)
        return made


def _inline(text: str) -> str:
    if not text:
        return "/>"
    fit = _UNFIT.sub(lambda found: f"_x{ord(found[0]):04X}_", text[:_LONGEST_TEXT])
    safe = fit.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    space = ' xml:space="preserve"' if safe != safe.strip() or "\n" in safe else ""
    return f' t="inlineStr"><is><t{space}>{safe}</t></is></c>'


@lru_cache(maxsize=16)
def _letters(count: int) -> tuple[str, ...]:
    from xlsxwriter.utility import xl_col_to_name

    return tuple(xl_col_to_name(column) for column in range(count))
