"""Cell addresses as spreadsheets write them."""

from __future__ import annotations

import re
from functools import lru_cache

_CELL = re.compile(r"\$?([A-Za-z]{1,3})\$?([1-9][0-9]{0,6})")
_RANGE = re.compile(_CELL.pattern + "(?::" + _CELL.pattern + ")?")


@lru_cache(maxsize=4096)
def column_number(letters: str) -> int:
    """``"A"`` -> 1, ``"XFD"`` -> 16384."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


@lru_cache(maxsize=4096)
def column_letters(number: int) -> str:
    """``1`` -> ``"A"``, ``16384`` -> ``"XFD"``."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


@lru_cache(maxsize=16_384)
def split(address: str) -> tuple[int, int]:
    """(row, column) of ``"B7"`` or ``"$B$7"``, counted from 1. Raises ValueError for anything else."""
    found = _CELL.fullmatch(address)
    if found is None:
        raise ValueError(address)
    return int(found[2]), column_number(found[1])


def join(row: int, column: int) -> str:
    """``(7, 2)`` -> ``"B7"``."""
    return f"{column_letters(column)}{row}"


def area(reference: str) -> int:
    """Cells in a range such as ``B2:C9``; 0 when it is not one."""
    found = _RANGE.fullmatch(reference.strip())
    if not found:
        return 0
    left, top, right, bottom = found.groups()
    width = abs(column_number(right or left) - column_number(left)) + 1
    return width * (abs(int(bottom or top) - int(top)) + 1)
