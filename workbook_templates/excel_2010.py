"""What a formula may hold so that Excel 2010, WPS Office and LibreOffice all reckon it (PRACTICE F30)."""

from __future__ import annotations

import re
from collections.abc import Iterator

FUNCTIONS = frozenset((
    "ABS", "AND", "COUNT", "COUNTIF", "IF", "INT", "ISNUMBER", "ISTEXT", "MAX", "MIN", "N", "NOT", "OR",
    "ROUND", "ROUNDDOWN", "ROUNDUP", "SUM", "AVERAGE", "COUNTA", "COUNTBLANK", "DATE", "DAY", "EXACT", "FIND",
    "IFERROR", "INDEX", "ISBLANK", "ISERROR", "LEFT", "LEN", "LOWER", "MATCH", "MID", "MOD", "MONTH", "RIGHT",
    "SIGN", "SUBSTITUTE", "SUMIF", "SUMPRODUCT", "TEXT", "TRIM", "UPPER", "VALUE", "YEAR",
))  # fmt: skip
LONGEST, DEEPEST, MOST_ARGUMENTS, LONGEST_TEXT = 8192, 64, 255, 255
_TEXT = re.compile(r'"(?:[^"]|"")*"')
_CALL = re.compile(r"([A-Za-z_][A-Za-z0-9_.]*)\s*\(")
_DYNAMIC = re.compile(r"[{}@]|[A-Z]\$?[0-9]+#|_xl[a-z]*\.")


def faults(formula: str) -> Iterator[str]:
    """Why an older Excel would refuse a formula or reckon it otherwise; nothing for a formula that is safe.

    >>> list(faults('=IF(A1="MAXIFS(",FILTER(A1:A9,B1:B9),_xlfn.CONCAT(A1#))'))
    ['FILTER', '_xlfn.CONCAT', '#']
    """
    if len(formula) > LONGEST:
        yield f"{len(formula)} > {LONGEST}"
    yield from (text[:20] for text in _TEXT.findall(formula) if len(text) - 2 > LONGEST_TEXT)
    bare = _TEXT.sub('""', formula)
    yield from (name for name in _CALL.findall(bare) if name not in FUNCTIONS)
    yield from (found[-1] for found in _DYNAMIC.findall(bare) if not found.startswith("_"))
    depth, most = _nesting(bare)
    if depth > DEEPEST:
        yield f"{depth} > {DEEPEST}"
    if most > MOST_ARGUMENTS:
        yield f"{most} > {MOST_ARGUMENTS}"


def _nesting(bare: str) -> tuple[int, int]:
    """The deepest level of brackets, and the most commas at one level of any."""
    commas, deepest, most = [0], 0, 0
    for letter in bare:
        if letter == "(":
            commas.append(1)
            deepest = max(deepest, len(commas) - 1)
        elif letter == ")" and len(commas) > 1:
            most = max(most, commas.pop())
        elif letter == ",":
            commas[-1] += 1
    return deepest, most
