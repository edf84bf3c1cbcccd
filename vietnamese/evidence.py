"""What the accented words of a text say about a legacy charset: legacy, Unicode, both or neither."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cache, lru_cache
from typing import NamedTuple

from vietnamese.charsets import FREQUENT, Charset, charsets
from vietnamese.syllables import (
    PROOFS,
    commonness,
    has_natural_case,
    is_acronym,
    is_common,
    is_name,
    is_spelt,
    is_syllable,
)

_MOST_REMEMBERED = 50_000
_SHARE_INVALID = 0.2  # of the accented words, at most, without a font
_SHARE_COMMON = 0.6  # of the decoded words, at least, without a font
_MEASURES = frozenset(
    [micro + unit for micro in "µμ" for unit in ("m", "g", "l", "L", "s", "F", "A", "V", "M", "mol")]
    + ["°C", "°F", "°K", "N·m", "A·h", "m²", "m³", "km²", "cm²", "cm³", "dm³"]
)
_ODD = re.compile(r"[A-Za-z][\u00a1-\u00bf×÷][A-Za-zÀ-ÿ]|[A-Za-z][µ¶]|[a-z][À-ÖØ-Þ]|^[§®][\u00a1-\u00bf]")
_ANY_WORD = re.compile(r"[^\s\d!-/:-@\[-`{-~]+")
_AROUND_WORDS = "«»©®§¨¬¯°±·¸¹º÷×–—‘’“”…•\u00ad"
_PUNCTUATION = "–—‘’“”…•"


class Kind(IntEnum):
    """What one accented word says about a charset."""

    NEUTRAL = 0  # reads the same both ways, or an acronym
    LEGACY = 1  # a syllable only when decoded
    UNICODE = 2  # a syllable only as it stands
    PROOF = 3  # holds a letter that only Unicode has
    BOTH = 4  # a syllable both ways
    NAME = 5  # decoded, it could be a minority name
    NEITHER = 6


_AGAINST = tuple(kind in (Kind.UNICODE, Kind.NEITHER) for kind in Kind)


class Word(NamedTuple):
    """An accented word at ``start`` of its text."""

    start: int
    text: str
    decoded: str
    kind: Kind

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    @property
    def is_written_oddly(self) -> bool:
        """As no language writes: a sign or a capital inside the word, or two characters for one letter."""
        return bool(_ODD.search(self.text)) or len(self.decoded) < len(self.text)

    @property
    def weight(self) -> int:
        """How much more common it is decoded than as it stands."""
        return _weight(self.text, self.decoded, self.kind)

    @property
    def has_sign(self) -> bool:
        return len(self.text) > 1 and self.text not in _MEASURES and not self.text.isalpha()


class _Judgement(NamedTuple):
    kind: Kind
    decoded: str
    common: int
    weight: int  # commonness of the decoded word minus that of the stored one


@dataclass(frozen=True, slots=True)
class Evidence:
    """The accented words of a text under one charset, counted by Kind.

    ``common`` counts the decoded words that are common, ``weight`` says how much more common they are than the
    words as they stand.
    """

    charset: Charset
    text: str
    counts: tuple[int, ...]
    common: int
    weight: int

    @property
    def legacy(self) -> int:
        return self.counts[Kind.LEGACY]

    @property
    def unicode(self) -> int:
        return self.counts[Kind.UNICODE] + self.counts[Kind.PROOF]

    @property
    def good(self) -> int:
        return self.counts[Kind.LEGACY] + self.counts[Kind.BOTH]

    @property
    def rank(self) -> tuple[int, int]:
        return (self.good - self.counts[Kind.NEITHER] - self.unicode, self.weight)

    @property
    def is_frequent(self) -> bool:
        return self.charset.name in FREQUENT

    @property
    def is_common(self) -> bool:
        return self.common >= _SHARE_COMMON * self.good

    @property
    def beats_unicode(self) -> bool:
        """At most a fifth of the words make no sense when decoded, and more prove the charset than Unicode.

        Names nobody can check are at most half as many as words that are right.
        """
        bad = self.counts[Kind.NEITHER] + self.counts[Kind.UNICODE]
        believable = bad <= _SHARE_INVALID * (self.good + bad) and self.counts[Kind.NAME] * 2 <= self.good
        return believable and self.legacy > self.unicode and self.rank[0] > 0

    @property
    def is_flawless(self) -> bool:
        """Every word is right and common: no other charset need be tried."""
        only_good = sum(self.counts) == self.good + self.counts[Kind.NEUTRAL]
        return only_good and self.legacy >= self.charset.evidence and self.common == self.good

    def words(self) -> list[Word]:
        """The accented words with their places."""
        judge = _memory(self.charset.name).judge
        return [
            Word(found.start(), found[0], judged.decoded, judged.kind)
            for found in self.charset.words.finditer(self.text)
            if (judged := judge(found[0]))
        ]

    def proofs(self) -> int:
        """Different words that are right only when decoded."""
        judged = map(_memory(self.charset.name).judge, self.charset.words.findall(self.text))
        return len({one.decoded.lower() for one in judged if one.kind is Kind.LEGACY})


@dataclass(slots=True)
class _Memory:
    """Judged words of one charset; forgets everything when full."""

    charset: Charset
    judged: dict[str, _Judgement] = field(default_factory=dict)

    def judge(self, word: str) -> _Judgement:
        known = self.judged.get(word)
        if known is None:
            if len(self.judged) >= _MOST_REMEMBERED:
                self.judged.clear()
            known = self.judged[word] = _judge(word, self.charset)
        return known


@cache
def _memory(charset: str) -> _Memory:
    return _Memory(charsets()[charset])


def evidence(text: str, charset: str) -> Evidence:
    """Judge every accented word of a text under one charset."""
    memory = _memory(charset)
    words = memory.charset.words.findall(text)
    found = _counted(memory, text, words, len(words))
    assert found is not None
    return found


def evidence_for(text: str, charset: str) -> Evidence | None:
    """As ``evidence``, None as soon as more words speak against the charset than it could bear."""
    memory = _memory(charset)
    words = memory.charset.words.findall(text)
    return _counted(memory, text, words, int(_SHARE_INVALID * len(words)))


def _counted(memory: _Memory, text: str, words: Sequence[str], most_against: int) -> Evidence | None:
    judged = memory.judged
    counts = [0] * len(_AGAINST)
    commons = weights = against = 0
    for word in words:
        kind, _, common, weight = judged.get(word) or memory.judge(word)
        counts[kind] += 1
        if _AGAINST[kind]:
            against += 1
            if against > most_against:
                return None
        commons += common
        weights += weight
    return Evidence(memory.charset, text, tuple(counts), commons, weights)


def is_suspicious(text: str) -> bool:
    """Whether some accented word is neither a Vietnamese word nor an acronym as it stands."""
    return any(not word.isascii() and _is_odd(word) for word in _ANY_WORD.findall(text))


@lru_cache(maxsize=_MOST_REMEMBERED)
def _is_odd(word: str) -> bool:
    return not _stands(word) and not is_acronym(word)


def _judge(word: str, charset: Charset) -> _Judgement:
    decoded = _decoded(word, charset)
    proof = not PROOFS.isdisjoint(word)
    stands = _stands(word)
    if decoded == word:
        known = not proof and all(letter.isascii() or letter in charset.table for letter in word)
        standing = Kind.PROOF if proof else Kind.UNICODE if stands else Kind.NEITHER
        return _Judgement(Kind.NEUTRAL if known else standing, word, 0, 0)
    if word in _MEASURES:
        return _Judgement(Kind.NEUTRAL, decoded, 0, 0)
    kind = _lowered(_kind(_reads(decoded, charset), stands, proof), word, decoded, charset)
    good = kind in (Kind.LEGACY, Kind.BOTH)
    return _Judgement(kind, decoded, int(good and is_common(decoded)), _weight(word, decoded, kind) if good else 0)


def _weight(stored: str, decoded: str, kind: Kind) -> int:
    if kind is Kind.LEGACY:
        return commonness(decoded)
    if has_natural_case(stored) and not has_natural_case(decoded):
        return -1
    return commonness(decoded) - commonness(stored)


def _decoded(word: str, charset: Charset) -> str:
    """The word read in the charset; dashes and quotation marks around it stay where they make better sense so."""
    core = word.strip(_PUNCTUATION)
    if not core:
        return word
    whole = charset.decode(word)
    if charset.name in FREQUENT or _reads(whole, charset):
        return whole
    if core == word:
        return whole
    start = word.index(core)
    return word[:start] + charset.decode(core) + word[start + len(core) :]


def _kind(reads: bool, stands: bool, proof: bool) -> Kind:
    if reads:
        return Kind.BOTH if stands else Kind.LEGACY
    if proof:
        return Kind.PROOF
    return Kind.UNICODE if stands else Kind.NEITHER


def _lowered(kind: Kind, word: str, decoded: str, charset: Charset) -> Kind:
    """The kind, less where it would prove too much: lone signs ("½"), single letters, letters in quotation marks."""
    if kind is Kind.LEGACY and len(word) == 1:
        return Kind.BOTH if word.isalpha() else Kind.NEUTRAL
    if kind is Kind.LEGACY and charset.name not in FREQUENT and word.strip(_AROUND_WORDS).isascii():
        return Kind.BOTH
    if kind is Kind.NEITHER:
        bare = decoded.strip(_PUNCTUATION)
        if not bare or is_acronym(bare):
            return Kind.NEUTRAL
        return Kind.LEGACY if bare != decoded and _reads(bare, charset) else Kind.NAME if is_name(bare) else kind
    return kind


def _reads(decoded: str, charset: Charset) -> bool:
    if is_syllable(decoded):
        return True
    if not charset.shared_capitals or not is_spelt(decoded):
        return False
    return all(letter.isupper() for letter in decoded if letter.isascii())


def _stands(word: str) -> bool:
    bare = word.strip(_AROUND_WORDS)
    return not bare.isascii() and is_syllable(bare)
