"""Repairs of Unicode text, always after decoding: transport damage, letters in pieces, look-alikes, invisibles."""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum

from vietnamese.charsets import western
from vietnamese.evidence import is_suspicious
from vietnamese.syllables import LETTERS, PROOFS, is_spelt, is_syllable


class Repair(StrEnum):
    """What was mended."""

    UTF8 = "utf8"  # UTF-8 read as Windows-1252
    REFERENCE = "reference"  # &#7879;
    ORDER = "order"  # a tone typed before ^ or ˘
    COMPOSED = "composed"  # letters in pieces: NFD, "Unicode tổ hợp", Windows-1258
    HOMOGLYPH = "homoglyph"  # Ð for Đ
    INVISIBLE = "invisible"
    CONTROL = "control"


_SHAPES = "\u0302\u0306\u031b"
_TONES = "\u0300\u0301\u0303\u0309\u0323"
_TONE_BEFORE_SHAPE = re.compile(f"([a-zA-Z])([{_TONES[:-1]}])([{_SHAPES[:-1]}])")  # NFC orders the others
_PIECES = re.compile(f"[{_SHAPES}{_TONES}]")
_REFERENCE = re.compile(r"&#(?:x([0-9a-fA-F]{2,6})|([0-9]{3,7}));")
_SOFT_HYPHEN = "\u00ad"
_HYPHENATED = re.compile(r"[^\W\d_]*(?:\u00ad[^\W\d_]*)+")
_INVISIBLE = dict.fromkeys((0x200B, 0x2060, 0xFEFF, 0x200E, 0x200F, 0x202A, 0x202C, 0x202D), None)
_INVISIBLE_MARK = re.compile("[" + "".join(map(chr, _INVISIBLE)) + "]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_WORD = re.compile(r"[^\W\d_]+")
_WESTERN = {western(byte): byte for byte in range(0x80, 0x100)} | {chr(byte): byte for byte in range(0x80, 0xA0)}
_DRAWN_ALIKE = str.maketrans(
    "АВЕКМНОРСТУХаеорсухіΑΒΕΗΙΚΜΝΟΡΤΥΧο",
    "ABEKMHOPCTYXaeopcyxiABEHIKMNOPTYXo",
)
_ETHS = str.maketrans("ÐƉðɖ", "ĐĐđđ")
_ETH_IN_TCVN3 = str.maketrans("Ð", "é")
_ALIKE = re.compile("[" + "".join(map(chr, {**_ETHS, **_DRAWN_ALIKE})) + "]")
_ACRONYM_WITH_ETH = re.compile(r"[BCDGHKLMNPQRSTVX]*[ÐƉ][BCDGHKLMNPQRSTVXÐƉ]*")
_UNLIKELY = re.compile(f"[^\x00-~\u00a0-\u00ff\u0300-\u03ff\u2000-\u2bff{''.join(sorted(LETTERS))}]")
_OTHER_SCRIPT = re.compile("[\u0590-\u1dff\u2e80-\ufdff]")
_FOLLOWS = "[" + "".join(sign for sign, byte in _WESTERN.items() if byte < 0xC0) + "]"
_DAMAGED = re.compile(  # sequences of two, three and four bytes
    f"(?:[\\x00-\\x7f]|[\u00c2-\u00df]{_FOLLOWS}|[\u00e0-\u00ef]{_FOLLOWS}{{2}}|[\u00f0-\u00f4]{_FOLLOWS}{{3}})*"
)


def unmangle_utf8(text: str) -> str | None:
    """The text that was UTF-8 and was read as Windows-1252 or Latin-1; None when it was not, strictly."""
    if text.isascii() or not _DAMAGED.fullmatch(text):
        return None
    stored = bytes(_WESTERN.get(character) or ord(character) for character in text)
    try:
        mended = stored.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return None if _UNLIKELY.search(mended) else mended


def resolve_references(text: str) -> str:
    """Numeric references beyond ASCII become characters where they are letters of a word; named ones (&amp;) stay."""
    if not any(_spells(found, text) for found in _REFERENCE.finditer(text)):
        return text

    def character(found: re.Match[str]) -> str:
        code = int(found[1], 16) if found[1] else int(found[2])
        if code < 0xA0 or code > 0x10FFFF or unicodedata.category(chr(code)) in ("Cs", "Cn", "Cc"):
            return found[0]
        return chr(code)

    return _REFERENCE.sub(character, text)


def _spells(found: re.Match[str], text: str) -> bool:
    """Whether a reference is a Vietnamese letter or touches a plain one, or is a dash or quotation mark at a word."""
    code = int(found[1], 16) if found[1] else int(found[2])
    if code <= 0x10FFFF and chr(code) in PROOFS:
        return True
    around = text[: found.start()][-1:], text[found.end() :][:1]
    is_sign = 0x2010 <= code <= 0x203A
    return any(one.isalpha() or (is_sign and one.isdigit()) for one in around)


def mend(text: str) -> tuple[str, frozenset[Repair]]:
    """Text in NFC with Vietnamese letters whole, look-alikes replaced inside Vietnamese words only, nothing invisible.

    Line breaks and tabs stay; every other character a person can see stays as it is.
    """
    if text.isascii() and not _CONTROL.search(text):
        return text, frozenset()
    repairs = set()
    for repair, step in _STEPS:
        mended = step(text)
        if mended != text:
            repairs.add(repair)
            text = mended
    return text, frozenset(repairs)


def _in_order(text: str) -> str:
    if not _PIECES.search(text):
        return text
    return _TONE_BEFORE_SHAPE.sub(r"\1\3\2", _apart(text))


def _apart(text: str) -> str:
    """Vietnamese letters followed by a stray mark, taken to pieces; all else untouched."""
    return re.sub(
        f"([{''.join(sorted(LETTERS))}])(?=[{_SHAPES}])",
        lambda found: unicodedata.normalize("NFD", found[1]),
        text,
    )


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _without_homoglyphs(text: str) -> str:
    if not _ALIKE.search(text):
        return text
    mended = _WORD.sub(lambda found: _latin_word(found[0]), text)
    return mended if _is_unicode(text, mended) else text


def _is_unicode(text: str, mended: str) -> bool:
    """Whether a text is surely no legacy charset that nobody decoded: there a letter may look like anything."""
    return not PROOFS.isdisjoint(text) or not is_suspicious(mended)


def _latin_word(word: str) -> str:
    if word.isascii():
        return word
    if len(word) > 1 and _ACRONYM_WITH_ETH.fullmatch(word) and not is_spelt(word.translate(_ETH_IN_TCVN3)):
        return word.translate(_ETHS)
    mapped = word.translate(_ETHS)
    alike = mapped.translate(_DRAWN_ALIKE)
    if mapped == word and alike == word:
        return word
    has_latin = any("LATIN" in unicodedata.name(letter, "") for letter in word)
    return alike if has_latin and not alike.isascii() and is_syllable(alike) else word


def _visible(text: str) -> str:
    if _SOFT_HYPHEN in text:
        joined = _HYPHENATED.sub(lambda found: _unhyphenated(found[0]), text)
        text = joined if _is_unicode(text, joined) else text
    if not _INVISIBLE_MARK.search(text) or _OTHER_SCRIPT.search(text):
        return text  # Khmer and Thai break lines by U+200B, Arabic needs its direction marks
    return text.translate(_INVISIBLE)


def _unhyphenated(word: str) -> str:
    """Without soft hyphens, unless they may be the letter ư of TCVN3 that nobody decoded."""
    joined = word.replace(_SOFT_HYPHEN, "")
    may_be_letter = is_spelt(word.replace(_SOFT_HYPHEN, "ư")) or not (joined.isascii() or is_syllable(joined))
    return word if may_be_letter else joined


def _without_controls(text: str) -> str:
    return _CONTROL.sub(_western_sign, text)


def _western_sign(found: re.Match[str]) -> str:
    """What Windows shows for the byte, if anything: a dash stored as U+0096."""
    byte = ord(found[0])
    sign = western(byte) if byte >= 0x80 else ""
    return "" if _CONTROL.match(sign) else sign


_STEPS = (
    (Repair.ORDER, _in_order),
    (Repair.COMPOSED, _composed),
    (Repair.HOMOGLYPH, _without_homoglyphs),
    (Repair.INVISIBLE, _visible),
    (Repair.CONTROL, _without_controls),
)
