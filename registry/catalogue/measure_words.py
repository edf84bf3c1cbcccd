"""Measures as people write them beside a figure: "trđ", "tỷ", "m2", "nghìn hộ", "trăm"."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from fractions import Fraction

from registry.catalogue.measures import Measure
from vietnamese.fold import fold

Names = Mapping[str, Measure]
"""Measures by their folded codes; two that fold alike are left out."""

_SMALL = {"chục": 10, "trăm": 10**2, "vạn": 10**4}  # with their accents: trạm and ván are no numbers
_SCALES = {"nghin": 10**3, "ngan": 10**3, "trieu": 10**6, "tr": 10**6, "ty": 10**9, "ti": 10**9, **_SMALL}
_OTHERWISE = {
    "d": "dong",
    "vnd": "dong",
    "dong viet nam": "dong",
    "₫": "dong",
    "$": "usd",
    "trd": "trieu dong",
    "tyd": "ty dong",
    "tid": "ty dong",
    "met vuong": "m2",
    "hec ta": "ha",
    "hecta": "ha",
    "kilogam": "kg",
    "phan trăm": "%",
}
_SHARES = ("%", "điểm %")  # a figure followed by % may stand in either


def names_of(measures: Iterable[Measure]) -> Names:
    """What ``ratio_told`` looks words up in."""
    named = [(_words(one.code), one) for one in measures]
    alike = Counter(words for words, _ in named)
    return {words: one for words, one in named if alike[words] == 1}


def ratio_told(said: str, own: Measure, names: Names) -> Fraction | None:
    """How many of ``own`` one of the measure ``said`` makes; None where it is no measure of that dimension.

    A scale alone counts what the cell counts: "triệu" in a column of nghìn con is a million con, a thousand of them.
    Not so "trăm": there nobody knows whether it is a hundred con or a hundred thousand.
    """
    words = _words(said)
    if _unscaled(_words(own.code))[0] != 1 and _SMALL.keys() >= set(words.split()):
        return None
    if _words(own.code).startswith(f"{words} ") or (words == "%" and own.code in _SHARES):
        return Fraction(1)
    told = _measure(words, own, names)
    return told[1] / own.factor if told and told[0] == own.dimension else None


def _measure(words: str, own: Measure, names: Names) -> tuple[str, Fraction] | None:
    """Dimension and factor of what the words name."""
    if known := names.get(words) or names.get(_OTHERWISE.get(words, "")):
        return known.dimension, known.factor
    if words == _words(own.code):
        return own.dimension, own.factor
    scale, rest = _unscaled(words)
    if scale == 1:
        return None
    counted = rest or _unscaled(_words(own.code))[1]
    told = _measure(counted, own, names) if counted[:1].isalpha() else None
    return (told[0], told[1] * scale) if told else None


def _unscaled(words: str) -> tuple[int, str]:
    scale = 1
    first, _, rest = words.partition(" ")
    while first in _SCALES:
        scale, words = scale * _SCALES[first], rest
        first, _, rest = words.partition(" ")
    return scale, words


def _words(text: str) -> str:
    told = unicodedata.normalize("NFC", text).casefold().replace(".", " ").split()
    return " ".join(one if one in _SMALL else fold(one) for one in told)
