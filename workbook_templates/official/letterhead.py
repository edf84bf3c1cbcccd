"""Who issues a document: letterhead, symbol, place, signature block (Nghị định 30/2020; PRACTICE F31)."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from pathlib import Path

from registry.catalogue.model import Unit, UnitKind
from vietnamese.copydeck import deck
from vietnamese.letters import first_lower

copy = deck(Path(__file__).parent / "copy.toml")
_PEOPLES_COMMITTEES = (UnitKind.PROVINCE, UnitKind.COMMUNE, UnitKind.WARD)


@dataclass(frozen=True, slots=True)
class Letterhead:
    """The parts of a document that say who speaks.

    ``superior`` is empty for an ủy ban nhân dân, which has nobody above it on paper.
    """

    superior: tuple[str, ...]
    agency: tuple[str, ...]
    symbol: str  # behind "BC-": "UBND", "STC"
    place: str  # địa danh
    signer: tuple[str, ...]  # "TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"
    name: str  # as the text calls it: "Ủy ban nhân dân tỉnh Đắk Lắk"
    kind: str  # province | commune | agency: which lists of the copy deck apply


def letterhead(unit: Unit, province: Unit) -> Letterhead:
    """The letterhead of ``unit``; what its catalogue row leaves out follows from its kind."""
    is_committee = unit.kind in _PEOPLES_COMMITTEES
    superior, separator, agency = unit.letterhead.partition(" // ")
    if not separator:
        superior, agency = "", superior
    if not agency:
        agency = f"{copy('letterhead.committee')} / {unit.name.upper()}" if is_committee else unit.name.upper()
        superior = "" if is_committee else copy("letterhead.above", province=province.name.upper())
    return Letterhead(
        superior=() if is_committee else _lines(superior),
        agency=_lines(agency),
        symbol=copy("letterhead.symbol") if is_committee else unit.code,
        place=(unit.short_name if is_committee else "") or province.short_name,
        signer=_lines(unit.signer or copy("letterhead.signer" if is_committee else "letterhead.head")),
        name=copy("letterhead.name", name=first_lower(unit.name)) if is_committee else unit.name,
        kind="agency" if not is_committee else "province" if unit.kind is UnitKind.PROVINCE else "commune",
    )


def _lines(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(" / ") if part.strip())


# Advance widths of Times New Roman Bold in thousandths of the size, for lines drawn "as long as the text".
_BOLD_WIDTHS = {
    **dict.fromkeys("ijl.,;:()/", 300),
    **dict.fromkeys("abghknopquvxyd", 530),
    **dict.fromkeys("cerstzf", 410),
    **dict.fromkeys("0123456789", 500),
    **dict.fromkeys("ABCDEGKLNPQRTUVXYZ", 705),
    **dict.fromkeys("HOM", 830),
    **dict.fromkeys("FSJ", 560),
    "I": 389,
    "w": 722,
    "W": 1000,
    "m": 833,
    " ": 250,
    "-": 333,
    "–": 500,
}


def width_in_points(text: str, size: float) -> float:
    """How wide a text is set in Times New Roman Bold; accents add nothing."""
    plain = (letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter))
    return sum(_BOLD_WIDTHS.get({"Đ": "D", "đ": "d"}.get(letter, letter), 550) for letter in plain) * size / 1000
