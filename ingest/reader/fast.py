"""One worksheet read by cutting its XML at the values: for sheets written as spreadsheet programs usually write them.

Whatever is not exactly as expected is left to expat; what is read here is what expat would have read (a property test
holds the two together).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache, partial
from itertools import repeat
from typing import Any, cast

from ingest.container import Refused
from ingest.limits import Limits
from ingest.markup import check_markup, is_usual
from ingest.model import RawCell
from ingest.reader.expat import SheetReader
from ingest.reader.fragments import Unusual, characters, fragments, is_clean
from ingest.reader.strings import SharedStrings, unescaped
from ingest.reader.styles import PLAIN, Style
from ingest.reader.table import Table, table_of
from ingest.reader.workbook import SheetEntry

_OPEN, _CLOSE = b"<sheetData>", b"</sheetData>"
_INLINE = re.compile(rb'( t="inlineStr"><)is><t>([^<]*)</t></is></c>')  # what a template writes for one unit alone
_AS_VALUE = rb"\1v>\2</v></c>"  # of such a cell the same
_LISTS, _LISTS_END = b"<dataValidations ", b"</dataValidations>"
_TAG = re.compile(rb"<(/?[^ >/]*)")
_TAGS_OF_LISTS = frozenset(
    end + tag for end in (b"", b"/") for tag in (b"dataValidations", b"dataValidation", b"formula1", b"formula2")
)
_MOST_BYTES = 12 * 1024 * 1024  # of a sheet; a larger one need not be fast
_MOST_VALUES = 40_000  # what is met for the first time takes longer than by expat
_MOST_OF_LISTS = 512 * 1024
_raw_cell = cast("Any", partial(tuple.__new__, RawCell))  # RawCell._make without a Python frame for each cell


def read(
    data: bytes, entry: SheetEntry, strings: SharedStrings, styles: dict[str, Style], limits: Limits
) -> SheetReader | None:
    """A reader that has read the sheet, or None for a sheet that expat has to read or to refuse. Never raises."""
    start, end = data.find(_OPEN), data.rfind(_CLOSE)
    if not 0 < start < end or len(data) > _MOST_BYTES:
        return None
    rows = _INLINE.sub(_AS_VALUE, data[start + len(_OPEN) : end])
    if rows.count(b"</v") > _MOST_VALUES:
        return None
    parts = rows.replace(b"</v", b"<v>").split(b"<v>")
    reader = SheetReader(entry, strings, styles, limits)
    try:
        _read_around(data[:start], data[end + len(_CLOSE) :], reader)
        _read_table(table_of(fragments(parts[::2])), _texts(parts[1::2]), reader)
    except (Unusual, Refused, UnicodeDecodeError):
        return None
    return reader


# --- around the table


def _read_around(head: bytes, tail: bytes, reader: SheetReader) -> None:
    """Everything but the table, by expat; validations, the same from unit to unit, once. Raises Unusual, Refused."""
    if not is_usual(head) or b"<!" in tail or b"<?" in tail:
        raise Unusual
    limits = reader.count.limits
    start, end = tail.find(_LISTS), tail.find(_LISTS_END) + len(_LISTS_END)
    if 0 <= start < end <= start + _MOST_OF_LISTS:
        reader.choices |= _lists(tail[start:end], replace(limits, depth=limits.depth - 1))
        tail = b"".join((tail[:start], b"<dataValidations/>", tail[end:]))
    around = b"".join((head, _OPEN, _CLOSE, tail))
    check_markup(around, reader.entry.part, limits)
    reader.parse(around)
    if reader.count.rows or reader.count.cells:
        raise Unusual


@lru_cache(maxsize=32)
def _lists(data: bytes, limits: Limits) -> dict[str, tuple[str, ...]]:
    """The list validations of a ``dataValidations`` element. Raises Unusual, Refused."""
    if not set(_TAG.findall(data)) <= _TAGS_OF_LISTS:
        raise Unusual
    check_markup(data, "", limits)
    reader = SheetReader(SheetEntry("", "", ""), SharedStrings([]), {}, limits)
    reader.parse(data)
    return reader.choices


# --- the table


def _texts(values: Sequence[bytes]) -> list[str]:
    """What stands between the tags of every value. Raises Unusual, UnicodeDecodeError."""
    together = b"<".join(values)
    if b">" in together:
        raise Unusual
    texts = together.decode().split("<") if values else []
    if len(texts) != len(values):
        raise Unusual
    return texts if is_clean(together) else list(map(characters, values))


def _read_table(table: Table, texts: Sequence[str], reader: SheetReader) -> None:
    """The cells, with what each value says. Raises Unusual, Refused."""
    reader.count.block(table.rows, table.cells, table.last_row, table.reach)
    reader.hidden_rows += table.hidden
    looks = {style: reader.styles.get(style, PLAIN) for style in {*table.styles, *(style for _, style in table.blanks)}}
    codes = {style: look.number_format for style, look in looks.items()}
    fonts = {style: look.font for style, look in looks.items()}
    raws = _raws(table, texts, reader)
    formats, used = map(codes.__getitem__, table.styles), map(fonts.__getitem__, table.styles)
    cells = zip(table.addresses, table.kinds, raws, table.formulas, formats, repeat(()), used, strict=False)
    reader.cells.update(zip(table.addresses, map(_raw_cell, cells), strict=True))
    if "" in raws:
        _without_value(table, raws, reader.cells)
    noted = {style for style, look in looks.items() if look.is_noted}
    for address, style in zip(table.addresses, table.styles, strict=True):
        if style in noted and address in reader.cells:
            reader.note_look(address, style)
    blanks = ((address, codes[style]) for address, style in table.blanks)
    reader.blank_formats.update((address, code) for address, code in blanks if code != PLAIN.number_format)
    if reader.strings.rich:
        _give_runs(table, texts, reader)


def _raws(table: Table, texts: Sequence[str], reader: SheetReader) -> list[str]:
    """What each cell says; counts the characters taken from the shared strings. Raises Unusual."""
    strings, said = reader.strings.plain, [text.strip() for text in texts]
    try:
        for at in table.shared:
            said[at] = text = strings[texts[at]]
            reader.characters += len(text)
    except KeyError:
        raise Unusual from None
    for at in table.literal:
        said[at] = unescaped(texts[at])
    raws = list(table.texts)
    for cell, text in zip(table.values, said, strict=True):
        raws[cell] = text
    return raws


def _without_value(table: Table, raws: Sequence[str], cells: dict[str, RawCell]) -> None:
    """Formulas that were not calculated have no kind; of other cells that say nothing, nothing is kept."""
    for address, raw, formula in zip(table.addresses, raws, table.formulas, strict=True):
        if not raw and formula is None:
            del cells[address]
        elif not raw:
            cells[address] = cells[address]._replace(kind="")


def _give_runs(table: Table, texts: Sequence[str], reader: SheetReader) -> None:
    """The runs of cells of several fonts."""
    for at in table.shared:
        address, runs = table.addresses[table.values[at]], reader.strings.rich.get(texts[at])
        if runs and address in reader.cells:
            cell = reader.cells[address]
            reader.cells[address] = cell._replace(runs=tuple((text, own or cell.font) for text, own in runs))
