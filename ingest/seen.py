"""What a person sees in the cells of a file, beside what was understood of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta

from ingest.model import Extraction, RawCell
from ingest.numbers import FIRST_DAY, LAST_SERIAL, is_date_format, is_percent_format
from ingest.text import clean
from registry.catalogue.forms import CellSpec, View
from registry.catalogue.values import BLANK, CellKey, CellValue, State
from registry.catalogue.words import shown
from vietnamese.dates import format_date
from vietnamese.numbers import format_number, stored_number

Address = tuple[str, str]  # (sheet, A1)


def view_of(view: View, key: CellKey) -> View | None:
    """The view a cell stands in: the form's own, or that of a line of the list the key names."""
    return view if key.line is None else view.lists.get(key.row)


def spec_of(view: View, key: CellKey) -> CellSpec | None:
    """What is fixed about a cell of the form or of a list's line; None where there is no such cell."""
    own = view_of(view, key)
    return own.cells.get(key._replace(line=None)) if own else None


def standing(
    view: View, extraction: Extraction, values: Mapping[CellKey, CellValue], addresses: Mapping[CellKey, Address]
) -> dict[CellKey, str]:
    """What stands in every cell a person may type: as it was understood, else as it is seen in the file."""
    return {key: understood or seen for key, seen, understood, _ in _typed(view, extraction, values, addresses)}


def converted(
    view: View, extraction: Extraction, values: Mapping[CellKey, CellValue], addresses: Mapping[CellKey, Address]
) -> dict[CellKey, str]:
    """What is seen in the typed cells that were understood as something else, or not at all."""
    return {
        key: seen
        for key, seen, understood, is_same in _typed(view, extraction, values, addresses)
        if seen and seen != understood and not is_same
    }


def _typed(
    view: View, extraction: Extraction, values: Mapping[CellKey, CellValue], addresses: Mapping[CellKey, Address]
) -> Iterator[tuple[CellKey, str, str, bool]]:
    """(key, what is seen, what was understood, whether both are one number) of the cells a person may type."""
    sheets = {sheet.name: sheet for sheet in extraction.sheets}
    for key, (sheet, a1) in addresses.items():
        own, spec = view_of(view, key), spec_of(view, key)
        if own is None or spec is None or not spec.kind.is_typed:
            continue
        cell = sheets[sheet].cells.get(a1) if sheet in sheets else None
        value = values.get(key, BLANK)
        understood = "" if value.state is State.BLANK else shown(own, spec, value)
        is_same = cell is not None and cell.kind == "n" and stored_number(cell.raw) == value.amount
        yield key, seen_in(cell, extraction.date1904) if cell else "", understood, is_same


def seen_in(cell: RawCell, date1904: bool) -> str:
    """A cell as its sheet shows it: numbers in Vietnamese writing, percent and days as such, all else as it stands."""
    number = stored_number(cell.raw) if cell.kind == "n" else None
    if number is None:
        return clean(cell.raw)
    if is_percent_format(cell.number_format):
        return f"{format_number(number * 100)}%"
    if is_date_format(cell.number_format) and 0 < number <= LAST_SERIAL:
        return format_date(FIRST_DAY[date1904] + timedelta(days=int(number)))
    return format_number(number)
