"""The quick report of a storm along the coast: what a commune types into form DX, invented and labelled so."""

from __future__ import annotations

from fractions import Fraction

from registry.catalogue.model import Unit
from registry.sample.sources import chance

COLUMN = "c02"  # phát sinh từ báo cáo trước
_MOST = {  # the worst a commune reports, by row; what is not named did not occur
    "BITHUONG": 3,
    "NHAHONG": 14,
    "NHATOCMAI": 60,
    "NHANGAP": 120,
    "LUA": 90,
    "HOAMAU": 35,
    "CAYLAUNAM": 20,
    "GIASUC": 15,
    "GIACAM": 900,
    "SATLOM": 400,
    "SATLOD": 6,
    "UOCTHIETHAI": 5200,
}
_SPARED = Fraction(2, 5)  # of the rows


def typed(unit: Unit, row: str, decimals: int) -> str:
    """What the clerk of a commune types into a row: a number as officials write it, or "-"."""
    if row not in _MOST or chance("storm", unit.code, row) < _SPARED:
        return "-"
    most = _MOST[row] * 10**decimals
    number = 1 + int(chance("damage", unit.code, row) * most)
    whole, part = divmod(number, 10**decimals)
    return f"{whole:,}".replace(",", ".") + (f",{part:0{decimals}}" if decimals else "")
