"""Which cells of a judged workbook may be written as they were understood: only where nothing was asked or refused."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from ingest.mark.job import Conversion
from ingest.mark.restored import restored
from ingest.seen import Address, spec_of
from registry.catalogue.forms import View
from registry.catalogue.model import CellKind
from registry.catalogue.values import CellKey, CellValue, State
from registry.findings import Finding
from vietnamese.numbers import format_number
from workbook_templates.styles import FONT

NUMBERS = frozenset(("number-converted", "number-rounded", "measure-percent-converted", "measure-converted"))
TEXTS = frozenset(("text-composed", "text-converted", "text-mended"))
_OLD_LETTERS = "text-converted"
_WORDS = (CellKind.TEXT, CellKind.NOTE)
_READING = ("number-", "measure-", "text-", "anchor-")  # findings about how a cell is to be read
_OF_ITS_COMMENT = "text-note-converted"


def conversions(
    view: View,
    values: Mapping[CellKey, CellValue],
    addresses: Mapping[CellKey, Address],
    findings: Sequence[Finding],
) -> tuple[Conversion, ...]:
    """What may be written anew, in the order of the findings that say how it was understood; formulas last."""
    here: dict[Address, list[Finding]] = defaultdict(list)
    for one in findings:
        if one.sheet and one.cell:
            here[one.sheet, one.cell].append(one)
    places = {address: key for key, address in addresses.items() if address in here}
    keys = {address: places[address] for address in here if address in places}
    other = {(place[0], about[0].row) for place, about in here.items() if place not in keys and _of_measure(about)}
    typed = (one for at, key in keys.items() for one in _conversion(key, view, values, at, here[at]))
    made = (*typed, *restored(view, values, addresses, findings))
    return tuple(one for one in made if not {(one.sheet, one.row), (one.sheet, None)} & other)


def _of_measure(about: Sequence[Finding]) -> bool:
    """True of a measure's own cell: what it says decides how its row, or the sheet, is read; that stays as it is."""
    return any(one.code.startswith("measure-") for one in about)


def _conversion(
    key: CellKey, view: View, values: Mapping[CellKey, CellValue], address: Address, about: Sequence[Finding]
) -> Iterator[Conversion]:
    spec, value = spec_of(view, key), values.get(key)
    if spec is None or value is None:
        return
    is_figure = spec.kind is CellKind.INPUT
    settled = [one for one in about if one.code in NUMBERS | TEXTS]
    others = (one.code for one in about if one not in settled)
    is_doubtful = any(code.startswith(_READING) and code != _OF_ITS_COMMENT for code in others)
    if is_doubtful or not {one.code for one in settled} & (NUMBERS if is_figure else TEXTS):
        return
    codes = tuple(one.code for one in settled)
    made = Conversion(
        sheet=address[0],
        cell=address[1],
        row=settled[0].row or "",
        column=settled[0].column or "",
        before=settled[0].found or "",
        codes=codes,
    )
    if is_figure and value.state in (State.VALUE, State.ZERO) and value.number is not None:
        shown = format_number(value.number, spec.decimals)
        yield replace(made, after=shown, number=f"{value.number:f}", decimals=spec.decimals)
    elif spec.kind in _WORDS and value.text:
        font = FONT if _OLD_LETTERS in codes else ""
        yield replace(made, after=value.text, text=value.text, font=font)
