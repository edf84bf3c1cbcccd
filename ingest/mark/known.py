"""What a marking adds to a workbook and how it is known again, so that it is never read as the clerk's."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from ingest.model import RawCell, RawSheet
from vietnamese.copydeck import deck

say = deck(Path(__file__).parent / "copy.toml")
NOTE_BEGINS = say("note.first")  # the line in a comment below which everything is ours
LIST_MARK = "baocao:ket-qua-kiem-tra:1"  # in A1, a cell of a hidden column; cells survive every program (FACTS 4)


def is_list(sheet: RawSheet) -> bool:
    """True for the sheet a marking added, whatever it is called by now."""
    first = sheet.cells.get("A1")
    return first is not None and first.raw.strip() == LIST_MARK


def without_list(sheets: Iterable[RawSheet]) -> tuple[RawSheet, ...]:
    """The sheets that are the clerk's."""
    return tuple(sheet for sheet in sheets if not is_list(sheet))


def own_words(note: RawCell) -> RawCell:
    """A comment without what is ours in it."""
    own, ours, _ = note.raw.partition(NOTE_BEGINS)
    if not ours:
        return note
    runs, left = [], len(own.rstrip("\n"))
    for text, font in note.runs:
        if left > 0:
            runs.append((text[:left], font))
        left -= len(text)
    is_plain = all(not font for _, font in runs)
    return note._replace(raw=own.rstrip("\n"), runs=() if is_plain else tuple(runs))
