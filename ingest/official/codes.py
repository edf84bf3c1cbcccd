"""Codes for what is new: ASCII, short, the same whenever the same form is read again."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from vietnamese.fold import slug

_LEADING_LETTERS = re.compile(r"([A-Z]{1,6})\d+")
_ABBREVIATION = re.compile(r"[A-ZĐ]{2,8}")
_SMALL_WORDS = frozenset(["va", "cac", "cua", "theo", "cho", "tai", "trong", "ve", "so", "do", "tu", "den"])


def initials(text: str, most: int = 4) -> str:
    """The initials of the words that matter, abbreviations whole: "Bảo trợ xã hội" -> "BTXH"; "X" without any."""
    written = text.split()
    is_mixed = text != text.upper() or len(written) == 1
    whole = next((slug(word) for word in written if is_mixed and _ABBREVIATION.fullmatch(word)), "")
    words = [word for word in slug(text).split("-") if word and word != whole]
    chosen = [word for word in words if word not in _SMALL_WORDS] or words
    first = "".join(word if word.isdecimal() else word[0] for word in chosen)[:most]
    return (whole + first).upper() or "X"


class Codes:
    """Hands out codes no other record of the kind bears."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._taken = {code.casefold() for code in taken}

    def take(self, wanted: str) -> str:
        """The code wanted, or that code with a number behind it."""
        code, n = wanted, 1
        while code.casefold() in self._taken:
            n += 1
            code = f"{wanted}{n}"
        self._taken.add(code.casefold())
        return code

    def numbered(self, prefix: str) -> str:
        """The next of ``XX01``, ``XX02`` … that is free."""
        n = 1
        while f"{prefix}{n:02d}".casefold() in self._taken:
            n += 1
        return self.take(f"{prefix}{n:02d}")


def common_prefix(codes: Iterable[str]) -> str:
    """The letters most of the codes begin with, "" when there are none."""
    found = Counter(match[1] for code in codes if (match := _LEADING_LETTERS.fullmatch(code)))
    return found.most_common(1)[0][0] if found else ""
