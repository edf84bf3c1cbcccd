"""Figures of places without accounts (thôn, buôn, trường, trạm), collected on one sheet and added up (PRACTICE F16)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from registry.catalogue.values import CellKey
from vietnamese.numbers import Ambiguous, Exact, parse_number, places, sign_of


@dataclass(frozen=True, slots=True)
class Told:
    """What one place told: ``texts`` as typed, one for each cell of the sheet; ``source`` is who said so."""

    name: str
    source: str
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """Some cells of a form, asked of places."""

    cells: tuple[CellKey, ...]
    places: tuple[Told, ...]


@dataclass(frozen=True, slots=True)
class Total:
    """A cell added up: of how many places, and whose text is no number."""

    amount: Decimal | None  # None: nobody told anything
    given: int
    unread: tuple[Told, ...] = ()


def total(sheet: Sheet, cell: CellKey, decimals: int) -> Total:
    """The sum over places that told a number of at most ``decimals`` decimals; "không phát sinh" adds nothing."""
    at = sheet.cells.index(cell)
    told = [(place, place.texts[at].strip()) for place in sheet.places if place.texts[at].strip()]
    known = [(place, _number(text, decimals)) for place, text in told if sign_of(text) != "not_available"]
    amounts = [amount for _, amount in known if amount is not None]
    unread = tuple(place for place, amount in known if amount is None)
    return Total(sum(amounts, Decimal(0)) if amounts else None, len(amounts), unread)


def _number(text: str, decimals: int) -> Decimal | None:
    if sign_of(text) == "nil":
        return Decimal(0)
    read = parse_number(text, decimals)
    if isinstance(read, Ambiguous):
        read = read.settle(decimals) or read
    if not isinstance(read, Exact) or read.suffix or places(read.value) > decimals:
        return None
    return read.value
