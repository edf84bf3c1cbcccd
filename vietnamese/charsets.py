"""Tables of the legacy Vietnamese charsets and the fonts that announce them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from vietnamese.syllables import LETTERS

_FONTS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\.vn"), "TCVN3"),
    (re.compile(r"vni"), "VNI-WIN"),
    (re.compile(r"vps"), "VPS"),
    (re.compile(r"vi (?:times|arial|helv|courier|univers|palatino|book)"), "VISCII"),
)
_SOME_LEGACY_FONT = re.compile(r"vns(?:tcvn|vni)")  # seen over TCVN3 and VNI text alike
_CAPITALS_FONTS = frozenset({"TCVN3", "VISCII"})
FREQUENT = ("TCVN3", "VNI-WIN")
"""The charsets nearly all legacy files are written in."""

_DRAWING_FONTS = re.compile(r"wingdings|webdings|symbol$|zapf dingbats|monotype sorts")
_DISPLAY_SUFFIX = re.compile(r"\s*\((?:ds|none)\)$")
_MICRO = {"µ": "μ"}  # U+03BC where a program normalised U+00B5
_WESTERN_GAPS = frozenset({0x81, 0x8D, 0x8F, 0x90, 0x9D})


@dataclass(frozen=True, slots=True)
class FontVoice:
    """What a font's name announces: the charset of its text, or None; whether it draws only capitals or pictures.

    ``legacy``: some legacy charset, the name does not tell which.
    """

    charset: str | None
    capitals: bool = False
    drawing: bool = False
    legacy: bool = False

    @property
    def is_legacy(self) -> bool:
        """True when the font draws some legacy charset."""
        return self.charset is not None or self.legacy


@dataclass(frozen=True, slots=True)
class Charset:
    """A legacy charset as its text sits in a workbook: one or two characters a letter.

    ``evidence`` is the number of words that prove it without a font (0: never by content). ``words`` finds words
    that hold more than plain ASCII letters. ``decode`` is total: what is not in the table stays.
    """

    name: str
    evidence: int
    shared_capitals: bool
    table: dict[str, str]
    words: re.Pattern[str]
    decode: Callable[[str], str]
    is_single: bool  # one character a letter: decoding keeps positions
    has_capitals_font: bool


@cache
def font_voice(font: str | None) -> FontVoice:
    """``.VnTimeH`` -> TCVN3 in capitals; "UVnTime", "SVN-…", "Times New Roman" announce nothing."""
    name = _DISPLAY_SUFFIX.sub("", (font or "").strip().lower())
    charset = next((charset for pattern, charset in _FONTS if pattern.match(name)), None)
    capitals = charset in _CAPITALS_FONTS and name.endswith("h")
    drawing = charset is None and bool(_DRAWING_FONTS.match(name))
    return FontVoice(charset, capitals, drawing, legacy=bool(_SOME_LEGACY_FONT.match(name)))


@cache
def charsets() -> dict[str, Charset]:
    """All charsets by name, as in ``charsets.toml``."""
    with (Path(__file__).parent / "charsets.toml").open("rb") as file:
        return {name: _charset(name, entry) for name, entry in tomllib.load(file).items()}


def western(byte: int) -> str:
    """The character Windows code page 1252 shows for a byte; bytes it leaves out stay control characters."""
    return chr(byte) if byte in _WESTERN_GAPS else bytes([byte]).decode("cp1252")


def _charset(name: str, entry: dict[str, Any]) -> Charset:
    table: dict[str, str] = {}
    for item in (entry["small"] + entry["capital"]).split():
        letter, _, code = item.partition("=")
        table.setdefault("".join(western(byte) for byte in bytes.fromhex(code)), letter)
    table |= {alias: table[stored] for stored, alias in _MICRO.items() if stored in table}
    single = all(len(stored) == 1 for stored in table)
    if not single:
        _tolerate(table)
    own = {character for stored in table for character in stored if not character.isalpha() or not character.isascii()}
    own.discard("\u00a0")
    alphabet = "".join(re.escape(character) for character in sorted(own | LETTERS))
    return Charset(
        name=name,
        evidence=entry["evidence"],
        shared_capitals=entry.get("shared_capitals", False),
        table=table,
        words=re.compile(f"[A-Za-z]*[{alphabet}\u0300-\u036f][A-Za-z{alphabet}\u0300-\u036f]*"),
        decode=_single_decoder(table) if single else _paired_decoder(table),
        is_single=single,
        has_capitals_font=name in _CAPITALS_FONTS,
    )


def _tolerate(table: dict[str, str]) -> None:
    """Accept a mark in the other case than its base ("Uûy" from AutoCorrect), the letter keeping the base's case."""
    pairs = {stored: letter for stored, letter in table.items() if len(stored) == 2}
    for stored, letter in pairs.items():
        table.setdefault(stored[0] + stored[1].swapcase(), letter)


def _single_decoder(table: dict[str, str]) -> Callable[[str], str]:
    codes = {ord(stored): letter for stored, letter in table.items()}
    return lambda text: text.translate(codes)


def _paired_decoder(table: dict[str, str]) -> Callable[[str], str]:
    longest_first = sorted(table, key=len, reverse=True)
    letter = re.compile("|".join(re.escape(stored) for stored in longest_first))
    marks = "".join(sorted({stored[1] for stored in table if len(stored) == 2}))
    doubled = re.compile(f"([{re.escape(marks)}])\\1+")

    def decode(text: str) -> str:
        return letter.sub(lambda found: table[found[0]], doubled.sub(r"\1", text))

    return decode
