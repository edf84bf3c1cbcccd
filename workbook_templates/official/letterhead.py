"""Who issues a document: letterhead, symbol, place, signature block (Nghị định 30/2020; PRACTICE F31)."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from pathlib import Path

from registry.catalogue.model import Unit, UnitKind
from registry.workflow.signing import Standing
from vietnamese.copydeck import deck
from vietnamese.letters import first_lower

copy = deck(Path(__file__).parent / "copy.toml")
_PEOPLES_COMMITTEES = (UnitKind.PROVINCE, UnitKind.COMMUNE, UnitKind.WARD)


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signs and in what capacity (NĐ 30/2020, Điều 13)."""

    standing: Standing
    title: str  # chức vụ: "Phó Chủ tịch"
    head: str  # chức vụ he signs for: "Chủ tịch"
    name: str

    @property
    def lines(self) -> tuple[str, ...]:
        """``KT. CHỦ TỊCH``, ``PHÓ CHỦ TỊCH``; an acting head has one line."""
        if self.standing is Standing.DIRECT:
            return (self.title.upper(),)
        over = f"{self.standing}. {self.head.upper()}"
        return (over,) if self.standing is Standing.ACTING else (over, self.title.upper())

    @property
    def speaks_for_committee(self) -> bool:
        """True when TM. stands above: by order and by mandate one signs for the head, not for the committee."""
        return not self.standing.needs_document


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
    signer_name: str = ""  # where a signing capacity is on record; else the signer writes it


def letterhead(unit: Unit, province: Unit, signature: Signature | None = None) -> Letterhead:
    """The letterhead of ``unit``; what its catalogue row leaves out follows from its kind.

    ``signature`` stands in place of the catalogue's signer.
    """
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
        signer=_signer(unit, signature, is_committee=is_committee),
        name=copy("letterhead.name", name=first_lower(unit.name)) if is_committee else unit.name,
        kind="agency" if not is_committee else "province" if unit.kind is UnitKind.PROVINCE else "commune",
        signer_name=signature.name if signature else "",
    )


def _signer(unit: Unit, signature: Signature | None, *, is_committee: bool) -> tuple[str, ...]:
    if signature is None:
        return _lines(unit.signer or copy("letterhead.signer" if is_committee else "letterhead.head"))
    committee = _lines(copy("letterhead.signer"))[:1]
    return (*(committee if is_committee and signature.speaks_for_committee else ()), *signature.lines)


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
