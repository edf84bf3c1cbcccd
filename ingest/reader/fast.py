"""One worksheet read by cutting its XML at the values: for sheets written as spreadsheet programs usually write them.

Whatever is not exactly as expected is left to expat; what is read here is what expat would have read (a property test
holds the two together).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache, partial
from typing import Any, cast

from ingest.container import Refused
from ingest.limits import Limits
from ingest.markup import check_markup, is_usual
from ingest.model import RawCell
from ingest.reader.expat import KINDS, SheetReader
from ingest.reader.fragments import (
    COLUMN,
    DIGITS,
    ROW,
    SHARED,
    Fragment,
    Others,
    Unusual,
    characters,
    fragments,
    is_clean,
)
from ingest.reader.strings import SharedStrings, unescaped
from ingest.reader.styles import PLAIN, Style
from ingest.reader.workbook import SheetEntry

_OPEN, _CLOSE = b"<sheetData>", b"</sheetData>"
_LISTS, _LISTS_END = b"<dataValidations ", b"</dataValidations>"
_TAG = re.compile(rb"<(/?[^ >/]*)")
_TAGS_OF_LISTS = frozenset(
    end + tag for end in (b"", b"/") for tag in (b"dataValidations", b"dataValidation", b"formula1", b"formula2")
)
_MOST_BYTES = 12 * 1024 * 1024  # of a sheet; a larger one need not be fast
_MOST_VALUES = 40_000  # what is met for the first time takes longer than by expat
_MOST_OF_LISTS = 512 * 1024
_NOTHING = Others(0, 0, 0, (), (), ())
_raw_cell = cast("Any", partial(tuple.__new__, RawCell))  # RawCell._make without a Python frame for each cell


def read(
    data: bytes, entry: SheetEntry, strings: SharedStrings, styles: dict[str, Style], limits: Limits
) -> SheetReader | None:
    """A reader that has read the sheet, or None for a sheet that expat has to read or to refuse. Never raises."""
    start, end = data.find(_OPEN), data.rfind(_CLOSE)
    if not 0 < start < end or len(data) > _MOST_BYTES:
        return None
    if data.count(b"</v", start, end) > _MOST_VALUES:
        return None
    parts = data[start + len(_OPEN) : end].replace(b"</v", b"<v>").split(b"<v>")
    reader = SheetReader(entry, strings, styles, limits)
    try:
        _read_around(data[:start], data[end + len(_CLOSE) :], reader)
        opened, last = fragments(parts[::2])
        _read_table(opened, last, _texts(parts[1::2]), reader)
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


def _read_table(opened: Sequence[Fragment], last: Fragment, texts: Sequence[str], reader: SheetReader) -> None:
    """The cells; fragments and texts correspond one to one. Raises Unusual, Refused."""
    cells, raws = reader.cells, _raws(opened, texts, reader.strings.plain)
    looks = {style: (look.number_format, look.font, look.is_noted) for style, look in reader.styles.items()}
    plain = (PLAIN.number_format, PLAIN.font, False)
    before = 0
    for (address, style, kind, _, formula, least, most, leave, others), raw in zip(opened, raws, strict=True):
        if not least <= before < most:
            raise Unusual
        if others is not None:
            _add_others(others, before, reader)
        before = leave
        code, font, is_noted = looks.get(style, plain)
        if raw or formula is not None:
            cells[address] = _raw_cell((address, kind if raw else "", raw, formula, code, (), font))
            if is_noted:
                reader.note_look(address, style)
    if not last.least <= before < last.most:
        raise Unusual
    _add_others(last.others or _NOTHING, before, reader)
    reader.count.block(0, len(opened), max(before, last.leave) >> ROW, 0)
    _add_shared(opened, texts, reader)


def _raws(opened: Sequence[Fragment], texts: Sequence[str], strings: dict[str, str]) -> list[str]:
    """What each value says."""
    try:
        return [
            text.strip() if one.mode == DIGITS else strings[text] if one.mode == SHARED else unescaped(text)
            for one, text in zip(opened, texts, strict=True)
        ]
    except KeyError:
        raise Unusual from None


def _add_shared(opened: Sequence[Fragment], texts: Sequence[str], reader: SheetReader) -> None:
    """Counts the characters taken from the shared strings; gives cells of several fonts their runs."""
    shared = [(one.address, text) for one, text in zip(opened, texts, strict=True) if one.mode == SHARED]
    reader.characters = sum(len(reader.strings.plain[text]) for _, text in shared)
    for address, runs in ((address, reader.strings.rich.get(text)) for address, text in shared):
        if runs and address in reader.cells:
            cell = reader.cells[address]
            reader.cells[address] = cell._replace(runs=tuple((text, own or cell.font) for text, own in runs))


def _add_others(others: Others, before: int, reader: SheetReader) -> None:
    """What stands between two values, the first of which is that of the cell at ``before``. Raises Refused."""
    reader.count.block(others.rows, others.cells, before >> ROW, max(before & COLUMN, others.reach))
    reader.hidden_rows += others.hidden
    for address, style in others.blanks:
        code = reader.styles.get(style, PLAIN).number_format
        if code != PLAIN.number_format:
            reader.blank_formats[address] = code
    for address, style, stated, formula, text in others.whole:
        look = reader.styles.get(style, PLAIN)
        kind = KINDS.get(stated, "n") if text else ""
        reader.cells[address] = RawCell(address, kind, text, formula, look.number_format, (), look.font)
        reader.note_look(address, style)
