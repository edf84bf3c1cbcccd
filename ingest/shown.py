"""What a person saw of a stored number: as its number format shows it."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

from registry.catalogue.measures import rounded

LITERAL = re.compile(r'"[^"]*"|\[[^\[\]]*\]|[\\_*].')  # of a format: text, colours and locales, escapes
_PLAIN = re.compile(r"[#0?]+(?:,[#0?]+)*(?:\.([#0?]*))?(,*)")


def as_shown(value: Decimal, code: str) -> Decimal | None:
    """``value`` as a reader of the cell understood it, where that is another number: 12.3456 shown by ``0.0`` is 12.3,
    1234 by ``#,##0,`` is 1.

    None where the whole figure is seen, or the format is none of plain digits.
    """
    plain = _plain(code)
    if plain is None:
        return None
    decimals, thousands = plain
    seen = rounded(value.scaleb(-3 * thousands) if thousands else value, decimals)
    return None if seen == value else seen


@lru_cache(maxsize=1024)
def shows_whole(code: str, decimals: int) -> bool:
    """True for formats in which a figure of so many decimals is seen as it is."""
    plain = _plain(code)
    return not is_hiding(code) and (plain is None or (plain[0] >= decimals and not plain[1]))


@lru_cache(maxsize=1024)
def is_hiding(code: str) -> bool:
    """True for formats such as ``;;;`` that leave a number invisible."""
    return code.count(";") > 1 and not code.replace(";", "").strip()


@lru_cache(maxsize=1024)
def _plain(code: str) -> tuple[int, int] | None:
    """Decimals shown and thousands left out by a format's section for positive numbers."""
    section = LITERAL.sub("", code.split(";")[0]).strip()
    digits = _PLAIN.search(section)
    if digits is None or digits[0] != section.strip(" -()+"):
        return None
    return len(digits[1] or ""), len(digits[2])
