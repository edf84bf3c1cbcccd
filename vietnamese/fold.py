"""Search keys, file-name pieces and "did you mean": names compared as people compare them, without accents."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from difflib import SequenceMatcher
from functools import lru_cache

_APOSTROPHES = "'’‘ʼʻ`´′＇‛"
_DASHES = "-‐‑‒–—―−"
_LETTERS = {
    "đ": "d",
    "ð": "d",  # eth typed for đ
    "ɖ": "d",  # African d typed for đ
    "ƀ": "b",  # Ê Đê, M'nông
    "ɓ": "b",
    "ł": "l",
    "ø": "o",
    "ħ": "h",
    "ı": "i",
}
_UNIFIED = str.maketrans({**dict.fromkeys(_APOSTROPHES, "'"), **dict.fromkeys(_DASHES, "-")})
_PLAIN = str.maketrans(_LETTERS)
_UNWANTED = frozenset({"Mn", "Cf", "Cc"})
_NOT_IN_A_FILE_NAME = re.compile(r"[^a-z0-9]+")


@lru_cache(maxsize=8192)  # the names of rows and columns come again and again
def fold(text: str) -> str:
    """The search key of a text: no case, no accents, one kind of apostrophe and dash, single spaces.

    ``fold("Hoà  Thuận") == fold("HÒA THUẬN") == "hoa thuan"``; ``fold("M’Drắk") == "m'drak"``. Folding twice
    changes nothing. Two names with one key may still be two names: warn with it, never identify with it.
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.translate(_UNIFIED).casefold().split())
    previous = None
    while text != previous:
        previous, text = text, _folded_once(text)
    return text


def _folded_once(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text.translate(_UNIFIED)).casefold().translate(_PLAIN)
    spaced = "".join(" " if letter.isspace() else letter for letter in unicodedata.normalize("NFKD", letters))
    kept = "".join(letter for letter in spaced if unicodedata.category(letter) not in _UNWANTED)
    return " ".join(unicodedata.normalize("NFC", kept).translate(_UNIFIED).split())


def slug(text: str) -> str:
    """A piece of a file name in ASCII: ``slug("Ea Súp") == "ea-sup"``, ``slug("M'Drắk") == "mdrak"``.

    May be empty when nothing of the text is a Latin letter or digit.
    """
    return _NOT_IN_A_FILE_NAME.sub("-", fold(text).replace("'", "")).strip("-")


def nearest(name: str, names: Iterable[str], limit: int = 3) -> list[str]:
    """The at most ``limit`` of ``names`` that ``name`` probably meant, best first; [] when none is near.

    Names that differ only by accents or case come first, then those that hold it as whole words, then
    misspellings.
    """
    wanted = fold(name)
    if not wanted or limit < 1:
        return []
    ranked = sorted((-_likeness(wanted, fold(candidate)), candidate) for candidate in set(names))
    return [candidate for likeness, candidate in ranked[:limit] if -likeness >= _NEAR]


_NEAR = 0.6


def _likeness(wanted: str, candidate: str) -> float:
    if wanted == candidate:
        return 2.0
    if f" {wanted} " in f" {candidate} " or (candidate and f" {candidate} " in f" {wanted} "):
        return 1.0
    matcher = SequenceMatcher(None, wanted, candidate, autojunk=False)
    if matcher.real_quick_ratio() < _NEAR or matcher.quick_ratio() < _NEAR:
        return 0.0
    return matcher.ratio()
