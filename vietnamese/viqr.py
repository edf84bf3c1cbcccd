"""VIQR: Vietnamese typed in ASCII, ``Vie^.t``; found only where several words bear its strong marks."""

from __future__ import annotations

import re
import unicodedata

from vietnamese.syllables import is_acronym, is_common, is_syllable

NEEDED = 2
"""Words with a strong mark (``^``, ``a(``, ``o+``, ``dd``) that prove VIQR."""

_SHAPES = {"^": "\u0302", "(": "\u0306", "+": "\u031b"}
_SHAPED = {"^": "aeoAEO", "(": "aA", "+": "ouOU"}
_TONES = {"'": "\u0301", "`": "\u0300", "?": "\u0309", "~": "\u0303", ".": "\u0323"}
_WORD = re.compile(r"(?<![A-Za-z0-9])(?:[A-Za-z][\^(+]?['`?~.]?)+(?![A-Za-z0-9])")
_LETTER = re.compile(r"(dd|DD|Dd)|([aeiouyAEIOUY])([\^(+]?)(['`?~.]?)")
_STRONG = re.compile(r"[aeoAEO]\^|[aA]\(|[ouOU]\+|dd|DD|Dd")
_MARKED = re.compile(r"[aeiouyAEIOUY][\^(+'`?~.]|dd|DD|Dd")
_MARKED_D = re.compile(r"(?:dd|DD|Dd)[A-Za-z]*[\^(+'`?~.]")
_NEW_SENTENCE = re.compile(r"\s+[A-Z]")
_VOWEL = re.compile("[AEIOUY]")
_NEVER = re.compile(r"https?:|www\.|@|\\")


def decode(text: str) -> str | None:
    """The text in Unicode; None when it is not VIQR beyond doubt."""
    if not _STRONG.search(text) or _NEVER.search(text):
        return None
    readings = [(found, _word(found, text)) for found in _WORD.finditer(text) if _MARKED.search(found[0])]
    read = [(found, word) for found, word in readings if word is not None]
    strong = sum(bool(_STRONG.search(found[0])) and is_syllable(word.rstrip(".?")) for found, word in read)
    failed = len(readings) - len(read)
    is_shaped = any(set(found[0]) & set(_SHAPES) or _MARKED_D.match(found[0]) for found, _ in read)
    all_vietnamese = is_shaped and not failed and len(read) >= 2 and _is_vietnamese(text)
    if strong < NEEDED - all_vietnamese or failed * 5 > len(readings):
        return None
    for found, word in reversed(read):
        text = text[: found.start()] + word + text[found.end() :]
    return text


def _is_vietnamese(text: str) -> bool:
    plain = (word.rstrip(".?'") for word in _WORD.findall(text) if not _MARKED.search(word))
    return all(is_syllable(word) or (word.isupper() and word.isalpha()) for word in plain)


def _word(found: re.Match[str], text: str) -> str | None:
    """The word read as one syllable; its last mark is punctuation where that makes the better sense."""
    word = found[0]
    whole = _letters(word)
    if word[-1] not in ".?'":
        return whole if _is_word(whole) else None
    shorter = _letters(word[:-1])
    readings = [reading for reading in ((whole, ""), (shorter, word[-1])) if _is_word(reading[0])]
    if len(readings) == 2 and _stops(word[-1], text[found.end() :]) and not is_common(whole):
        readings.reverse()
    return "".join(readings[0]) if readings else None


def _stops(mark: str, rest: str) -> bool:
    """Whether a last mark may end a sentence there: at the end of the text, a full stop before a capital too."""
    return mark != "'" and (not rest.strip() or (mark == "." and bool(_NEW_SENTENCE.match(rest))))


def _is_word(read: str) -> bool:
    return is_syllable(read) or (is_acronym(read) and not _VOWEL.search(read))


def _letters(word: str) -> str:
    return unicodedata.normalize("NFC", _LETTER.sub(_letter, word))


def _letter(found: re.Match[str]) -> str:
    if found[1]:
        return "đ" if found[1] == "dd" else "Đ"
    base, shape, tone = found[2], found[3], found[4]
    if shape and base not in _SHAPED[shape]:
        return found[0]
    return base + _SHAPES.get(shape, "") + _TONES.get(tone, "")
