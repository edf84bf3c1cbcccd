"""One worksheet read by cutting its XML at the values: for sheets written as spreadsheet programs usually write them.

Whatever is not exactly as expected is left to expat; what is read here is what expat would have read (a property test
holds the two together).
"""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from dataclasses import replace
from functools import lru_cache, partial
from itertools import compress, repeat
from operator import not_
from typing import Any, cast

from ingest.container import Refused
from ingest.limits import Limits
from ingest.markup import check_markup, is_usual
from ingest.model import RawCell
from ingest.reader.expat import SheetReader
from ingest.reader.fragments import Unusual, characters, fragments, is_clean
from ingest.reader.strings import SharedStrings, unescaped
from ingest.reader.styles import PLAIN, Style
from ingest.reader.table import Table, look_of, table_of
from ingest.reader.workbook import SheetEntry

_OPEN, _CLOSE = b"<sheetData>", b"</sheetData>"
_TAG_ENDS = b"v>"  # of <v> and </v>; in between stand a value and "</", or a fragment and "<"
_PADDED = re.compile(rb"</v[ \t\n]+>")  # templates fill the end tags of values up to a fixed width
_INLINE, _INLINE_ENDS = b' t="inlineStr"><is><t>', b"</t></is>"  # what a template writes for one unit alone
_VALUE, _VALUE_ENDS = b' t="inlineStr"><', b"</"  # of such a cell the same, but for the ends of tags
_LISTS = (b"dataValidations", b"dataValidation", b"formula1", b"formula2")
_PAGES = (b"headerFooter", b"oddHeader", b"oddFooter", b"evenHeader", b"evenFooter", b"firstHeader", b"firstFooter")
_ANY = ()
_TAG = re.compile(rb"</?([^ \t\n>/]*)")
_MOST_BYTES = 12 * 1024 * 1024  # of a sheet; a larger one need not be fast
_MOST_PARTS = 80_000  # what is met for the first time takes longer than by expat
_MOST_AROUND = 512 * 1024  # bytes worth remembering; at most 32 of them are
_raw_cell = cast("Any", partial(tuple.__new__, RawCell))  # RawCell._make without a Python frame for each cell


def read(
    data: bytes, entry: SheetEntry, strings: SharedStrings, styles: dict[str, Style], limits: Limits
) -> SheetReader | None:
    """A reader that has read the sheet, or None for a sheet that expat has to read or to refuse. Never raises."""
    start, end = data.find(_OPEN), data.rfind(_CLOSE)
    if not 0 < start < end or len(data) > _MOST_BYTES:
        return None
    reader = SheetReader(entry, strings, styles, limits)
    try:
        parts, texts = _cut(data, start + len(_OPEN), end)
        _read_around(data[:start], data[end + len(_CLOSE) :], reader)
        _read_table(table_of(fragments(parts)), texts, reader)
    except (Unusual, Refused, UnicodeDecodeError):
        return None
    return reader


# --- around the table


def _read_around(head: bytes, tail: bytes, reader: SheetReader) -> None:
    """Everything but the table; what is the same from unit to unit, once. Raises Unusual, Refused."""
    tail, lists = _without(tail, _LISTS[0])
    tail, pages = _without(tail, _PAGES[0])
    if not is_usual(head) or b"<!" in tail or b"<?" in tail:
        raise Unusual
    limits = reader.count.limits
    inside = replace(limits, depth=limits.depth - 1)
    around = _kept(b"".join((head, _OPEN, _CLOSE, tail)), _ANY, limits)
    for found in (around, _kept(lists, _LISTS, inside), _parsed(pages, _PAGES, inside)):
        reader.protected = reader.protected or found.protected
        reader.merges += found.merges
        reader.hidden_columns += found.hidden_columns
        reader.choices |= found.choices


def _without(tail: bytes, name: bytes) -> tuple[bytes, bytes]:
    """What stands behind a table with one element emptied, and that element."""
    empty, closes = b"<%b/>" % name, b"</%b>" % name
    start, end = tail.find(b"<" + name), tail.find(closes) + len(closes)
    if not 0 <= start < end:
        return tail, empty
    return b"".join((tail[:start], empty, tail[end:])), tail[start:end]


def _parsed(data: bytes, tags: tuple[bytes, ...], limits: Limits) -> SheetReader:
    """A reader that has read a piece of a sheet without cells, of such elements alone. Raises Unusual, Refused."""
    if tags and not set(tags).issuperset(_TAG.findall(data)):
        raise Unusual
    check_markup(data, "", limits)
    reader = SheetReader(SheetEntry("", "", ""), SharedStrings([]), {}, limits)
    reader.parse(data)
    if reader.count.rows or reader.count.cells:
        raise Unusual
    return reader


def _kept(data: bytes, tags: tuple[bytes, ...], limits: Limits) -> SheetReader:
    return (_remembered if len(data) <= _MOST_AROUND else _parsed)(data, tags, limits)


_remembered = lru_cache(maxsize=32)(_parsed)


# --- the table


def _cut(data: bytes, start: int, end: int) -> tuple[list[bytes], list[str]]:
    """The fragments of a table, and what stands between the tags of every value. Raises Unusual, UnicodeDecodeError."""
    parts = _parts(data, start, end)
    texts = _texts(parts[1::2])
    if texts is None:
        table = _PADDED.sub(b"</v>", data[start:end])
        parts = _parts(table, 0, len(table))
        texts = _texts(parts[1::2])
    if texts is None:
        raise Unusual
    return parts[::2], texts


def _parts(data: bytes, start: int, end: int) -> list[bytes]:
    """Fragments and values in turns; a plain inline text is a value as well. Raises Unusual."""
    parts: list[bytes] = []
    while (inline := data.find(_INLINE, start, end)) >= 0 and len(parts) <= _MOST_PARTS:
        text = inline + len(_INLINE)
        text_ends = data.find(b"<", text)
        if not data.startswith(_INLINE_ENDS, text_ends):
            raise Unusual
        parts += data[start:inline].split(_TAG_ENDS, _MOST_PARTS)
        parts[-1] += _VALUE
        parts.append(data[text:text_ends] + _VALUE_ENDS)
        start = text_ends + len(_INLINE_ENDS)
    parts += data[start:end].split(_TAG_ENDS, _MOST_PARTS)
    if len(parts) > _MOST_PARTS or len(parts) % 2 == 0:
        raise Unusual
    return parts


def _texts(values: Sequence[bytes]) -> list[str] | None:
    """Values without the "</" at their ends; None where one ends otherwise. Raises Unusual, UnicodeDecodeError."""
    if not values:
        return []
    joints, together = len(values) - 1, b"\0".join(values)
    if together.count(b"\0") != joints or together.count(b"</\0") != joints or not together.endswith(b"</"):
        return None
    if together.count(b"<") != len(values) or b">" in together:
        raise Unusual
    if is_clean(together, besides=joints):
        return together[:-2].decode().split("</\0")
    return [characters(value[:-2]) for value in values]


def _read_table(table: Table, texts: Sequence[str], reader: SheetReader) -> None:
    """The cells, with what each value says. Raises Unusual, Refused."""
    reader.count.block(table.rows, table.cells, table.last_row, table.reach)
    reader.hidden_rows += table.hidden
    look = look_of(table, tuple(reader.styles.get(style, PLAIN) for style in table.styles))
    raws, kinds, addresses = _raws(table, texts, reader), list(table.kinds), table.addresses
    silent = [*compress(range(len(raws)), map(not_, raws))]
    for at in silent:  # formulas that were not calculated have no kind
        kinds[at] = ""
    cells = zip(addresses, kinds, raws, table.formulas, look.formats, repeat(()), look.fonts, strict=False)
    reader.cells.update(zip(addresses, map(_raw_cell, cells), strict=True))
    reader.bold += look.bold
    reader.indents |= look.indents
    reader.blank_formats |= look.blank_formats
    if gone := {addresses[at] for at in silent if table.formulas[at] is None}:
        _leave_out(gone, reader)
    if reader.strings.rich:
        _give_runs(table, texts, reader)


def _raws(table: Table, texts: Sequence[str], reader: SheetReader) -> list[str]:
    """What each cell says; counts the characters taken from the shared strings. Raises Unusual."""
    strings, said = reader.strings.plain, list(map(str.strip, texts))
    try:
        shared = [strings[texts[at]] for at in table.shared]
    except KeyError:
        raise Unusual from None
    reader.characters += sum(map(len, shared))
    for at, text in zip(table.shared, shared, strict=True):
        said[at] = text
    for at in table.literal:
        said[at] = unescaped(texts[at])
    if not table.texts:
        return said
    said += table.texts
    return [said[at] for at in table.order]


def _leave_out(gone: Set[str], reader: SheetReader) -> None:
    """Of cells that say nothing, nothing is kept."""
    for address in gone:
        del reader.cells[address]
        reader.indents.pop(address, None)
    reader.bold = [address for address in reader.bold if address not in gone]


def _give_runs(table: Table, texts: Sequence[str], reader: SheetReader) -> None:
    """The runs of cells of several fonts."""
    for at in table.shared:
        address, runs = table.addresses[table.values[at]], reader.strings.rich.get(texts[at])
        if runs and address in reader.cells:
            cell = reader.cells[address]
            reader.cells[address] = cell._replace(runs=tuple((text, own or cell.font) for text, own in runs))
