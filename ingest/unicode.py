"""The texts of a workbook in Unicode NFC, whatever they were typed in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

from ingest.a1 import split
from ingest.limits import LIMITS
from ingest.model import Extraction, RawCell, RawSheet
from vietnamese.convert import Converted, Reason, Runs, context_of, convert_runs
from vietnamese.legacy import ColumnVerdict

_LONGEST_REMEMBERED = 200  # characters
_UNCHANGED = Reason.UNCHANGED  # asked of every text, and slow to look up in an enumeration


class Change(NamedTuple):
    """A text that was changed, or may have to be: where it stands (``a1``), what was there, what became of it."""

    sheet: str
    a1: str
    before: str
    converted: Converted
    is_note: bool = False  # a note or comment at the cell, not its content


@dataclass(frozen=True, slots=True)
class InUnicode:
    """An extraction with its texts converted; a cell that was changed keeps what stood there in ``runs``.

    ``left`` are sheets whose texts were too long to be looked at, and stay as they stood.
    """

    extraction: Extraction
    changes: tuple[Change, ...] = ()
    left: tuple[str, ...] = ()


def in_unicode(extraction: Extraction, codes: Collection[str] | None = None) -> InUnicode:
    """Convert the texts of every sheet that holds one of the hidden ``codes`` of a form; other sheets are not read.
    Without codes every sheet is.

    Texts of one column are judged together: a word that proves nothing by itself follows its neighbours.
    """
    sheets = []
    left: list[str] = []
    budget = LIMITS.accented_characters
    changes: list[Change] = []
    for sheet in extraction.sheets:
        is_read = codes is None or any(cell.raw.strip() in codes for cell in sheet.cells.values())
        if is_read:
            budget -= _accented(sheet)
        if is_read and budget < 0:
            left.append(sheet.name)
            is_read = False
        found = dict(_conversions(sheet)) if is_read else {}
        noted = dict(_noted(sheet)) if is_read else {}
        sheets.append(_converted(sheet, found, noted))
        changes += (Change(sheet.name, a1, sheet.cells[a1].raw, one) for a1, one in found.items())
        changes += (Change(sheet.name, a1, sheet.notes[a1].raw, one, is_note=True) for a1, one in noted.items())
    return InUnicode(replace(extraction, sheets=tuple(sheets)), tuple(changes), tuple(left))


def _accented(sheet: RawSheet) -> int:
    texts = [one.raw for held in (sheet.cells, sheet.notes) for one in held.values() if one.kind == "s"]
    return sum([len(text) for text in texts if not text.isascii()])


def original(cell: RawCell) -> str:
    """What stood in a cell before it was converted."""
    return "".join(text for text, _ in cell.runs) or cell.raw


def _converted(sheet: RawSheet, found: Mapping[str, Converted], noted: Mapping[str, Converted]) -> RawSheet:
    cells = {a1: _rewritten(sheet.cells[a1], one) for a1, one in found.items() if one.changed}
    notes = {a1: _rewritten(sheet.notes[a1], one) for a1, one in noted.items()}
    if not cells and not notes:
        return sheet
    return replace(sheet, cells={**sheet.cells, **cells}, notes={**sheet.notes, **notes})


def _rewritten(cell: RawCell, converted: Converted) -> RawCell:
    return cell._replace(raw=converted.unicode, runs=_runs(cell))


# --- one sheet -------------------------------------------------------------------------------------------------------


def _conversions(sheet: RawSheet) -> Iterator[tuple[str, Converted]]:
    """Address and conversion of every text that is changed or in doubt."""
    texts = ((a1, by_itself(cell)) for a1, cell in sheet.cells.items() if cell.kind == "s")
    alone = {a1: converted for a1, converted in texts if converted.reason is not _UNCHANGED}
    legacy = {split(a1)[1] for a1, one in alone.items() if _is_legacy(one)}
    columns = _columns(sheet) if legacy else {}
    for column in sorted(legacy & columns.keys()):
        context = _context(columns[column], alone, columns)
        for a1, runs in columns[column].items():
            alone[a1] = convert_runs(runs, context)
    yield from ((a1, one) for a1, one in alone.items() if one.reason is not _UNCHANGED)


def _columns(sheet: RawSheet) -> dict[int, dict[str, Runs]]:
    """The texts that are not plain ASCII, column by column."""
    columns: dict[int, dict[str, Runs]] = defaultdict(dict)
    for a1, cell in sheet.cells.items():
        if cell.kind == "s" and not cell.raw.isascii():
            columns[split(a1)[1]][a1] = _runs(cell)
    return columns


def _noted(sheet: RawSheet) -> Iterator[tuple[str, Converted]]:
    """Address and conversion of every note and comment that is changed."""
    for a1, note in sheet.notes.items():
        converted = convert_runs(_runs(note))
        if converted.changed:
            yield a1, converted


def _runs(cell: RawCell) -> tuple[tuple[str, str], ...]:
    return cell.runs or ((cell.raw, cell.font),)


def by_itself(cell: RawCell) -> Converted:
    """What a text is in Unicode, whatever stands around it."""
    if len(cell.raw) <= _LONGEST_REMEMBERED:
        return _remembered(cell.raw, cell.font, cell.runs)
    return convert_runs(_runs(cell))


@lru_cache(maxsize=8192)  # the labels of one form come back from every unit
def _remembered(raw: str, font: str, runs: Runs) -> Converted:
    return convert_runs(runs or ((raw, font),))


def _context(
    column: Mapping[str, Runs], alone: Mapping[str, Converted], columns: Mapping[int, Mapping[str, Runs]]
) -> ColumnVerdict:
    """What a column shows; where it is silent, which charset the legacy texts of its whole sheet are in."""
    verdict = context_of(column.values())
    if verdict.charset or verdict.is_unicode:
        return verdict
    of_sheet = context_of(runs for one in columns.values() for a1, runs in one.items() if _is_legacy(alone.get(a1)))
    return replace(verdict, charset=of_sheet.charset, seen=of_sheet.seen)


def _is_legacy(converted: Converted | None) -> bool:
    return converted is not None and converted.reason in _LEGACY


_LEGACY = frozenset({Reason.FONT, Reason.CONTENT, Reason.COLUMN, Reason.MIXED, Reason.DOUBTFUL})
