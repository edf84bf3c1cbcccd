"""Whether a word is a Vietnamese syllable, by the rules of spelling: the judge of every conversion."""

from __future__ import annotations

import tomllib
import unicodedata
from functools import cache
from pathlib import Path

with (Path(__file__).parent / "spelling.toml").open("rb") as _file:
    _SPELLING = {name: tuple(words.split()) for name, words in tomllib.load(_file).items()}
_BEFORE_Y = frozenset(["", *_SPELLING["before_y"]])
_NOT_BEFORE_FRONT = frozenset(["c", "g", "ng"])
_ONLY_BEFORE_FRONT = frozenset(["k", "gh", "ngh"])
_FRONT = "eêiy"
_STOPS = ("c", "ch", "p", "t", "k")
_TONES = ("", "\u0301", "\u0300", "\u0309", "\u0303", "\u0323")
_STOPPED_TONES = ("\u0301", "\u0323")
_VOWELS = "aăâeêioôơuưy"
_SHAPED = "ăâêôơư"
_FREQUENT = (250, 800)
_EITHER_PLACE = frozenset(["oa", "oe", "uy", "uơ"])  # hoà/hòa, khoẻ/khỏe, uỷ/ủy

_LATIN_1 = "àáâãèéêìíòóôõùúý"
_BEYOND_LATIN_1 = "ăđĩũơư" + "".join(chr(code) for code in range(0x1EA1, 0x1EFA, 2))
_MINORITY = "ƀčĭŏŭ"  # Ê Đê, M'nông, Gia Rai
LETTERS = frozenset(_LATIN_1 + _BEYOND_LATIN_1 + _MINORITY)
LETTERS |= frozenset(letter.upper() for letter in LETTERS)
PROOFS = frozenset(letter for letter in LETTERS if ord(letter) > 0xFF)
"""Letters no legacy charset stores: one of them proves that a word is Unicode."""

_CONSONANTS = frozenset("bcdđghklmnpqrstvxƀčfjwzñ")
_LOOSE_NUCLEI = frozenset(_SPELLING["loose_nuclei"])
_RIMES_OF_NAMES = frozenset(_SPELLING["names"])


def is_syllable(word: str) -> bool:
    """Whether the word, of any case but NFC, is spelt as a Vietnamese syllable with its tone in a right place.

    "hòa" and "hoà" both are; "cac" is not (a stop needs sắc or nặng), nor is "tiéng".
    """
    return word.lower() in _syllables() and has_natural_case(word)


def is_spelt(word: str) -> bool:
    """As is_syllable, whatever the case of its letters: "TổNG" is."""
    return word.lower() in _syllables()


def is_common(word: str) -> bool:
    """Whether it is a syllable with accents met often."""
    return word.lower() in _common()


def commonness(word: str) -> int:
    """0 rare, 1 common, 2 and 3 among the most frequent."""
    rank = _common().get(word.lower())
    return 0 if rank is None else 1 + sum(rank < limit for limit in _FREQUENT)


def is_name(word: str) -> bool:
    """Whether the word could be a syllable of a minority name: "Blôm", "Niê", "Kđăm", "Búk"."""
    bare = "".join(_toneless(letter) for letter in word.lower())
    start = next((at for at, letter in enumerate(bare) if letter not in _CONSONANTS), None)
    if start is None or start > 3:
        return False
    end = next((at for at in range(start, len(bare)) if bare[at] in _CONSONANTS), len(bare))
    nucleus, coda = bare[start:end], bare[end:]
    consonants = all(letter in _CONSONANTS for letter in coda)
    return nucleus in _LOOSE_NUCLEI and len(coda) <= 2 and consonants and has_natural_case(word)


def is_acronym(word: str) -> bool:
    """Capitals (and the small đ of "đ/kg") without a tone: QĐ, GSĐT, ĐVT, TƯ."""
    if not word.isupper():
        return word == "đ"
    return all(letter.isascii() or letter in "ĐĂÂÊÔƠƯ" for letter in word)


def has_natural_case(word: str) -> bool:
    """lower, Capitalised or UPPER."""
    return word.islower() or word.isupper() or (word[:1].isupper() and word[1:].islower())


@cache
def _toneless(letter: str) -> str:
    kept = (mark for mark in unicodedata.normalize("NFD", letter) if mark not in _TONES)
    return unicodedata.normalize("NFC", "".join(kept))


@cache
def _common() -> dict[str, int]:
    """Rank of every common syllable, 0 the most frequent."""
    lines = (Path(__file__).parent / "common_syllables.txt").read_text(encoding="utf-8").splitlines()
    words = [word for line in lines if not line.startswith("#") for word in line.split()]
    return {word: rank for rank, word in enumerate(words)}


@cache
def _syllables() -> frozenset[str]:
    """All syllables, about 20,000."""
    return frozenset(
        unicodedata.normalize("NFC", onset + rime[:place] + tone + rime[place:])
        for onset, rime in _pairs()
        for tone in _tones_of(rime)
        for place in _tone_places(rime)
    )


def _pairs() -> list[tuple[str, str]]:
    onsets = ("", *_SPELLING["onsets"])
    pairs = [(onset, rime) for onset in onsets for rime in (*_SPELLING["rimes"], *_RIMES_OF_NAMES) if _fit(onset, rime)]
    pairs += [(onset, rime) for onset in onsets for rime in _SPELLING["rounded"] if onset not in ("c", "k", "qu")]
    for onset, rimes in (("", "alone"), ("qu", "after_qu"), ("g", "after_g")):
        pairs += [(onset, rime) for rime in _SPELLING[rimes]]
    return pairs


def _fit(onset: str, rime: str) -> bool:
    if onset == "qu":
        return False
    if rime == "y":
        return onset in _BEFORE_Y
    if onset == "gi":
        return rime[0] != "i"
    if rime[0] in _FRONT:
        return onset not in _NOT_BEFORE_FRONT
    return onset not in _ONLY_BEFORE_FRONT or rime in _RIMES_OF_NAMES


def _tones_of(rime: str) -> tuple[str, ...]:
    if rime in _RIMES_OF_NAMES:
        return ("", *_STOPPED_TONES)
    return _STOPPED_TONES if rime.endswith(_STOPS) else _TONES


def _tone_places(rime: str) -> tuple[int, ...]:
    """Where in the rime the tone mark may follow."""
    vowels = [at for at, letter in enumerate(rime) if letter in _VOWELS]
    shaped = [at for at in vowels if rime[at] in _SHAPED]
    if rime in _EITHER_PLACE:
        return (1, 2)
    if shaped:
        return (shaped[-1] + 1,)
    if len(vowels) == 1:
        return (1,)
    if rime in ("ia", "ua") or (len(rime) == 2 and rime not in _EITHER_PLACE):
        return (1,)
    return (2,)
