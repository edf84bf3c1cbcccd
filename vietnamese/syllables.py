"""Whether a word is a Vietnamese syllable, by the rules of spelling: the judge of every conversion."""

from __future__ import annotations

import unicodedata
from functools import cache
from pathlib import Path

_ONSETS = ["b", "c", "ch", "d", "đ", "g", "gh", "gi", "h", "k", "kh", "l", "m", "n", "ng", "ngh", "nh", "p", "ph", "qu", "r", "s", "t", "th", "tr", "v", "x"]
_RIMES = ["a", "ac", "ach", "ai", "am", "an", "ang", "anh", "ao", "ap", "at", "au", "ay", "ăc", "ăm", "ăn", "ăng", "ăp", "ăt", "âc", "âm", "ân", "âng", "âp", "ât", "âu", "ây", "e", "ec", "em", "en", "eng", "eo", "ep", "et", "ê", "êch", "êm", "ên", "ênh", "êp", "êt", "êu", "i", "ia", "ich", "im", "in", "inh", "ip", "it", "iu", "iêc", "iêm", "iên", "iêng", "iêp", "iêt", "iêu", "o", "oc", "oi", "om", "on", "ong", "op", "ot", "ooc", "oong", "ô", "ôc", "ôi", "ôm", "ôn", "ông", "ôp", "ôt", "ơ", "ơi", "ơm", "ơn", "ơp", "ơt", "u", "ua", "uc", "ui", "um", "un", "ung", "up", "ut", "uôc", "uôi", "uôm", "uôn", "uông", "uôt", "ư", "ưa", "ưc", "ưi", "ưm", "ưn", "ưng", "ưt", "ưu", "ươc", "ươi", "ươm", "ươn", "ương", "ươp", "ươt", "ươu", "y"]
_ROUNDED_RIMES = (  # with the glide o, u
    "oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oe oen oeo oet oem "
    "uân uâng uât uây uê uêch uênh uêu uơ uy uya uych uyn uynh uyp uyt uyu uyên uyêt"
).split()
_RIMES_ALONE = ["yêm", "yên", "yêng", "yêt", "yêu"]
_RIMES_AFTER_QU = ["a", "ac", "ach", "ai", "an", "ang", "anh", "ao", "ap", "at", "au", "ay", "ăc", "ăm", "ăn", "ăng", "ăp", "ăt", "ân", "âng", "ât", "ây", "âu", "e", "en", "eng", "eo", "et", "ê", "ên", "ênh", "êt", "êch", "i", "ich", "in", "inh", "it", "y", "ych", "yên", "yêt", "ynh", "yt", "ơ", "ơi", "ơn", "ôc"]
_RIMES_OF_NAMES = ["ak", "ăk", "âk", "ek", "êk", "ik", "ok", "ôk", "ơk", "uk", "ưk"]  # Đắk Lắk, Krông Búk
_BEFORE_Y = frozenset(["", "h", "k", "l", "m", "n", "s", "t", "th", "v"])
_NOT_BEFORE_FRONT = frozenset(["c", "g", "ng"])
_ONLY_BEFORE_FRONT = frozenset(["k", "gh", "ngh"])
_FRONT = "eêiy"
_STOPS = ("c", "ch", "p", "t", "k")
_TONES = ("", "\u0301", "\u0300", "\u0309", "\u0303", "\u0323")
_STOPPED_TONES = ("\u0301", "\u0323")
_VOWELS = "aăâeêioôơuưy"
_SHAPED = "ăâêôơư"
_EITHER_PLACE = frozenset(["oa", "oe", "uy", "uơ"])  # hoà/hòa, khoẻ/khỏe, uỷ/ủy

_LATIN_1 = "àáâãèéêìíòóôõùúý"
_BEYOND_LATIN_1 = "ăđĩũơư" + "".join(chr(code) for code in range(0x1EA1, 0x1EFA, 2))
_MINORITY = "ƀčĭŏŭ"  # Ê Đê, M'nông, Gia Rai
LETTERS = frozenset(_LATIN_1 + _BEYOND_LATIN_1 + _MINORITY)
LETTERS |= frozenset(letter.upper() for letter in LETTERS)
PROOFS = frozenset(letter for letter in LETTERS if ord(letter) > 0xFF)
"""Letters no legacy charset stores: one of them proves that a word is Unicode."""

_CONSONANTS = frozenset("bcdđghklmnpqrstvxƀčfjwzñ")
_LENIENT_NUCLEI = frozenset(
    ["a", "ă", "â", "e", "ê", "i", "o", "ô", "ơ", "u", "ư", "y", "ai", "ao", "au", "ay", "âu", "ây", "eo", "êu", "ia", "iê", "iêu", "iu", "iă", "oa", "oai", "oe", "oi", "ôi", "ơi", "ua", "uă", "uâ", "ui", "uô", "uôi", "uê", "uy", "uyê", "ưa", "ươ", "ươi", "ưi", "ưu", "ea", "eo", "yă", "yô", "yê", "yơ", "yư", "ĭ", "ŏ", "ŭ", "ie", "uơ"]
)


def is_syllable(word: str) -> bool:
    """Whether the word, of any case but NFC, is spelt as a Vietnamese syllable with its tone in a right place.

    "hòa" and "hoà" both are; "cac" is not (a stop needs sắc or nặng), nor is "tiéng".
    """
    return word.lower() in _syllables() and has_natural_case(word)


def is_spelt(word: str) -> bool:
    """As is_syllable, whatever the case of its letters: "TổNG" is."""
    return word.lower() in _syllables()


def is_common(word: str) -> bool:
    """Whether it is a syllable with accents met often in administrative texts."""
    return word.lower() in _common()


def is_name(word: str) -> bool:
    """Whether the word could be a syllable of a minority name: "Blôm", "Niê", "Kđăm", "Búk"."""
    bare = "".join(_toneless(letter) for letter in word.lower())
    start = next((at for at, letter in enumerate(bare) if letter not in _CONSONANTS), None)
    if start is None or start > 3:
        return False
    end = next((at for at in range(start, len(bare)) if bare[at] in _CONSONANTS), len(bare))
    nucleus, coda = bare[start:end], bare[end:]
    consonants = all(letter in _CONSONANTS for letter in coda)
    return nucleus in _LENIENT_NUCLEI and len(coda) <= 2 and consonants and has_natural_case(word)


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
def _common() -> frozenset[str]:
    lines = (Path(__file__).parent / "common_syllables.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


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
    pairs = [(onset, rime) for onset in ["", *_ONSETS] for rime in _RIMES + _RIMES_OF_NAMES if _fit(onset, rime)]
    pairs += [(onset, rime) for onset in ["", *_ONSETS] for rime in _ROUNDED_RIMES if onset not in ("c", "k", "qu")]
    pairs += [("", rime) for rime in _RIMES_ALONE]
    pairs += [("qu", rime) for rime in _RIMES_AFTER_QU]
    pairs += [("g", rime) for rime in ("i", "in", "im", "iêc", "iêm", "iên", "iêng", "iêt", "iêu")]
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
