"""Which charset a stretch of text is written in: the font proposes, the syllables decide.

The rules and their measurements: fonts are wrong now and then, whole cells mix Unicode with a legacy charset,
and a text without a font may only be decoded where several words are wrong as they stand and right when decoded.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cache
from typing import NamedTuple

from vietnamese.charsets import Charset, charsets
from vietnamese.syllables import PROOFS, is_acronym, is_common, is_name, is_spelt, is_syllable

_MOST_REMEMBERED = 50_000
_SHARE_INVALID = 0.2  # of the accented words, at most, without a font
_SHARE_COMMON = 0.7  # of the decoded words, that spares the comparison with rarer charsets
_SHARE_COMMON_ALONE = 0.6  # of the decoded words, at least, without a font
_FREQUENT = ("TCVN3", "VNI-WIN")
_MEASURES = frozenset(
    [micro + unit for micro in "µμ" for unit in ("m", "g", "l", "L", "s", "F", "A", "V", "M", "mol")]
    + ["°C", "°F", "°K", "N·m", "A·h", "m²", "m³", "km²", "cm²", "cm³", "dm³"]
)
_SIGN_INSIDE = re.compile(r"[A-Za-z][\u00a1-\u00bf×÷][A-Za-zÀ-ÿ]|[A-Za-z][µ¶]|[a-z][À-ÖØ-Þ]")
_PLAIN_WORD = re.compile(r"(?<![^\W\d_])(?<![\u00a1-\u00bf×÷])[A-Za-z]{2,}(?![^\W\d_]|[\u00a1-\u00bf])")
_WORD = re.compile(r"[^\s\d!-/:-@\[-`{-~]+")
_AROUND_WORDS = "«»©®§¨¬¯°±·¸¹º÷×“”‘’…–—•\u00ad"


class Kind(IntEnum):
    """What one accented word says about a charset."""

    NEUTRAL = 0  # reads the same both ways, or an acronym
    LEGACY = 1  # a syllable only when decoded
    UNICODE = 2  # a syllable only as it stands
    PROOF = 3  # holds a letter that only Unicode has
    BOTH = 4  # a syllable both ways
    NAME = 5  # decoded, it could be a minority name
    NEITHER = 6


_CLEAR = frozenset({Kind.NEUTRAL, Kind.LEGACY, Kind.BOTH})


class Word(NamedTuple):
    """An accented word at ``start`` of its text."""

    start: int
    text: str
    decoded: str
    kind: Kind


class _Judgement(NamedTuple):
    kind: Kind
    decoded: str
    common: bool


@dataclass(frozen=True, slots=True)
class Evidence:
    """The accented words of a text under one charset, counted by Kind; ``common`` of those decoded are common words."""

    charset: Charset
    text: str
    counts: tuple[int, ...]
    common: int

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
        return (self.good - self.counts[Kind.NEITHER] - self.unicode, self.common)

    @property
    def is_frequent(self) -> bool:
        return self.charset.name in _FREQUENT

    @property
    def beats_unicode(self) -> bool:
        """At most a fifth of the words make no sense when decoded, and more prove the charset than Unicode."""
        bad = self.counts[Kind.NEITHER] + self.counts[Kind.UNICODE]
        believable = bad <= _SHARE_INVALID * (self.good + bad)
        return believable and self.legacy > self.unicode and self.rank[0] > 0

    @property
    def is_flawless(self) -> bool:
        only_good = sum(self.counts) == self.good + self.counts[Kind.NEUTRAL]
        return only_good and self.legacy >= self.charset.evidence and self.common >= _SHARE_COMMON * self.good

    def words(self) -> list[Word]:
        """The accented words with their places."""
        judge = _memory(self.charset.name).judge
        words = []
        for found in self.charset.words.finditer(self.text):
            kind, decoded, _ = judge(found[0])
            words.append(Word(found.start(), found[0], decoded, kind))
        return words


@dataclass(frozen=True, slots=True)
class ColumnVerdict:
    """What the cells of one column show together.

    ``charset`` is the legacy charset proved among them; ``is_pure`` says hardly any of them is Unicode;
    ``is_unicode`` says several are Unicode and none is legacy; ``has_no_unicode`` that none is Unicode for certain;
    ``seen`` are the charsets that two or more cells speak for.
    """

    charset: str | None = None
    is_pure: bool = False
    is_unicode: bool = False
    has_no_unicode: bool = False
    seen: frozenset[str] = frozenset()


NO_COLUMN = ColumnVerdict()


class Basis(IntEnum):
    """What a decision rests on."""

    NONE = 0
    FONT = 1
    CONTENT = 2
    COLUMN = 3
    MIXED = 4  # word by word


@dataclass(frozen=True, slots=True)
class Decision:
    """How to read a stretch of text; ``evidence`` None means as it stands.

    ``wanting`` says that a charset has something for it, but too little.
    """

    basis: Basis
    evidence: Evidence | None = None
    wanting: bool = False


AS_IT_STANDS = Decision(Basis.NONE)
_TOO_LITTLE = Decision(Basis.NONE, wanting=True)


@dataclass(frozen=True, slots=True)
class Hint:
    """What is known of a stretch besides its text: the charset its font announces, or that it is some legacy font."""

    charset: str | None = None
    some_legacy: bool = False


def evidence(text: str, charset: str) -> Evidence:
    """Judge every accented word of a text under one charset."""
    memory = _memory(charset)
    judged = memory.judged
    counts = [0] * len(Kind)
    commons = 0
    for word in memory.charset.words.findall(text):
        kind, _, common = judged.get(word) or memory.judge(word)
        counts[kind] += 1
        commons += common
    return Evidence(memory.charset, text, tuple(counts), commons)


def decide(text: str, hint: Hint, column: ColumnVerdict = NO_COLUMN) -> Decision:
    """How a stretch of text in fonts of one family is to be read."""
    if text.isascii() and hint.charset:
        return AS_IT_STANDS
    if hint.charset is None:
        return _decide_by_content(text, column, hint.some_legacy)
    return _decide_with_font(evidence(text, hint.charset), text, column)


def _decide_with_font(seen: Evidence, text: str, column: ColumnVerdict) -> Decision:
    if not seen.legacy or seen.counts[Kind.NEITHER] > seen.good or seen.unicode >= seen.legacy:
        other = _best(_candidates(text, without=seen.charset.name), column)
        if other.evidence and other.evidence.rank > seen.rank:
            return other
    if not seen.unicode:
        return Decision(Basis.FONT, seen) if seen.legacy or not column.is_unicode else AS_IT_STANDS
    if not seen.legacy or (seen.legacy == 1 and seen.unicode >= 4):
        return AS_IT_STANDS
    if not seen.counts[Kind.PROOF] and seen.unicode * 4 <= seen.legacy:
        return Decision(Basis.FONT, seen)
    return Decision(Basis.MIXED, seen)


def _decide_by_content(text: str, column: ColumnVerdict, some_legacy: bool) -> Decision:
    best = _best(_candidates(text), column, some_legacy)
    if best.evidence or column.charset is None or not column.is_pure:
        return best
    seen = evidence(text, column.charset)
    return best if seen.unicode or not sum(seen.counts) else Decision(Basis.COLUMN, seen)


def _candidates(text: str, without: str | None = None) -> list[Evidence]:
    """The charsets under which some word is right that is wrong as it stands, and which beat the Unicode reading."""
    if not any(_is_suspicious(word) for word in _WORD.findall(text)):
        return []
    foreign = sum(not is_syllable(word) for word in _plain_words(text))
    found = []
    for name, charset in charsets().items():
        if not charset.evidence or name == without:
            continue
        seen = evidence(text, name)
        if not seen.legacy or not seen.beats_unicode or seen.good < foreign:
            continue
        if seen.is_frequent and seen.is_flawless:
            return [seen]
        found.append(seen)
    return found


def _best(candidates: list[Evidence], column: ColumnVerdict, some_legacy: bool = False) -> Decision:
    """The one charset that the words prove; none when two prove as much."""
    if not candidates:
        return AS_IT_STANDS
    best = max(candidates, key=lambda seen: (seen.rank, seen.is_frequent))
    of_column = next((seen for seen in candidates if seen.charset.name == column.charset), None)
    if of_column and of_column.rank[0] * 2 >= best.rank[0]:
        best = of_column
    elif _has_rival(best, candidates):
        return _TOO_LITTLE
    proofs = _distinct(best)
    needed = 1 if of_column is best or some_legacy else best.charset.evidence
    if proofs < needed and _is_telling(best, column):
        needed = 1
    is_rare = of_column is not best and best.common < _SHARE_COMMON_ALONE * best.good
    if is_rare or proofs < needed:
        return _TOO_LITTLE
    if best.counts[Kind.PROOF]:
        return Decision(Basis.MIXED, best)
    return Decision(Basis.COLUMN if proofs < best.charset.evidence and not some_legacy else Basis.CONTENT, best)


def _has_rival(best: Evidence, candidates: list[Evidence]) -> bool:
    rivals = [seen for seen in candidates if seen is not best and seen.rank == best.rank]
    if best.is_frequent:
        rivals = [seen for seen in rivals if seen.is_frequent]
    return any(rival.charset.decode(rival.text) != best.charset.decode(best.text) for rival in rivals)


def _distinct(seen: Evidence) -> int:
    return len({word.decoded.lower() for word in seen.words() if word.kind is Kind.LEGACY})


def _is_telling(seen: Evidence, column: ColumnVerdict) -> bool:
    """Whether even one word is enough in its column: a common one, written as no language writes, or in company."""
    words = seen.words()
    if not seen.is_frequent or any(word.kind not in _CLEAR for word in words):
        return False
    legacy = [word for word in words if word.kind is Kind.LEGACY]
    if not all(is_common(word.decoded) for word in legacy):
        return False
    written_oddly = any(_SIGN_INSIDE.search(word.text) or len(word.decoded) < len(word.text) for word in legacy)
    if written_oddly and seen.charset.name in column.seen:
        return True
    in_company = any(word.kind is Kind.BOTH and is_common(word.decoded) for word in words)
    return column.has_no_unicode and (written_oddly or in_company or _is_among_syllables(seen.text))


def _is_among_syllables(text: str) -> bool:
    """Whether there are plain words and all of them could be Vietnamese, acronyms left aside."""
    plain = _plain_words(text)
    return bool(plain) and all(is_syllable(word) for word in plain)


def _plain_words(text: str) -> list[str]:
    return [word for word in _PLAIN_WORD.findall(text) if not word.isupper()]


def column_verdict(cells: Iterable[Iterable[tuple[str, Hint]]]) -> ColumnVerdict:
    """Judge the cells of a column together; a cell is its stretches of text and what is known of each."""
    votes: Counter[str] = Counter()
    words: dict[str, set[str]] = {}
    silent = []
    for text, hint in (stretch for cell in cells for stretch in cell):
        decision = decide(text, hint)
        proving = [decision.evidence] if decision.evidence else _strongest(_candidates(text))
        for seen in proving:
            if seen.legacy:
                votes[seen.charset.name] += 1
                legacy = (word.text for word in seen.words() if word.kind is Kind.LEGACY)
                words.setdefault(seen.charset.name, set()).update(legacy)
        if not any(seen.legacy for seen in proving):
            silent.append(text)
    name = max(votes, key=lambda name: (votes[name], name in _FREQUENT)) if votes else None
    unicode_cells = sum(_speaks_unicode(text, name or _FREQUENT[0]) for text in silent)
    if name is None:
        return ColumnVerdict(is_unicode=unicode_cells >= 3, has_no_unicode=not unicode_cells)
    enough = len(words[name]) >= charsets()[name].evidence or (
        name in _FREQUENT and votes[name] >= 2 and not unicode_cells
    )
    proved = enough and votes[name] > unicode_cells
    is_pure = proved and unicode_cells * 10 <= votes[name]
    seen_often = frozenset(name for name, count in votes.items() if count >= 2)
    return ColumnVerdict(name if proved else None, is_pure, has_no_unicode=not unicode_cells, seen=seen_often)


def _strongest(candidates: list[Evidence]) -> list[Evidence]:
    top = max((seen.rank for seen in candidates), default=None)
    return [seen for seen in candidates if seen.rank == top]


def _speaks_unicode(text: str, charset: str) -> bool:
    return evidence(text, charset).unicode > 0


def word_by_word(seen: Evidence, decoder: Callable[[Word], str]) -> str:
    """Decode only the words that are legacy; a word that proves nothing follows its nearest neighbour that does."""
    words = seen.words()
    settled = [
        (word.start, word.start + len(word.text), verdict) for word in words if (verdict := _settled(word)) is not None
    ]
    pieces = []
    end = 0
    for word in words:
        verdict = _settled(word)
        if verdict is None:
            verdict = min(settled, key=lambda place: _gap(place, word))[2]
        pieces.append(seen.text[end : word.start])
        pieces.append(decoder(word) if verdict else word.text)
        end = word.start + len(word.text)
    return "".join([*pieces, seen.text[end:]])


def _gap(place: tuple[int, int, bool], word: Word) -> int:
    return max(place[0] - (word.start + len(word.text)), word.start - place[1])


def _settled(word: Word) -> bool | None:
    """Whether a word is legacy; None when it does not tell."""
    if word.kind is Kind.LEGACY:
        return True
    if word.kind in (Kind.UNICODE, Kind.PROOF):
        return False
    if word.kind is Kind.BOTH:
        stored, decoded = is_common(word.text), is_common(word.decoded)
        return None if stored == decoded else decoded
    has_sign = len(word.text) > 1 and any(not letter.isalpha() for letter in word.text)
    return True if has_sign and word.text not in _MEASURES else None


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


def _is_suspicious(word: str) -> bool:
    """Accented and no Vietnamese word as it stands."""
    return not word.isascii() and not _stands(word)


def _judge(word: str, charset: Charset) -> _Judgement:
    decoded = charset.decode(word)
    proof = not PROOFS.isdisjoint(word)
    stands = _stands(word)
    if decoded == word:
        known = not proof and all(letter.isascii() or letter in charset.table for letter in word)
        standing = Kind.PROOF if proof else Kind.UNICODE if stands else Kind.NEITHER
        return _Judgement(Kind.NEUTRAL if known else standing, word, False)
    if word in _MEASURES:
        return _Judgement(Kind.NEUTRAL, decoded, False)
    kind = _kind(_reads(decoded, charset), stands, proof)
    if kind is Kind.LEGACY and len(word) == 1 and not word.isalpha():
        kind = Kind.NEUTRAL  # a lone sign: "½", "»"
    elif kind is Kind.LEGACY and _proves_little(word, decoded, charset):
        kind = Kind.BOTH
    if kind is Kind.NEITHER and is_acronym(decoded):
        kind = Kind.NEUTRAL
    elif kind is Kind.NEITHER and is_name(decoded):
        kind = Kind.NAME
    return _Judgement(kind, decoded, kind in (Kind.LEGACY, Kind.BOTH) and is_common(decoded))


def _proves_little(word: str, decoded: str, charset: Charset) -> bool:
    """A single letter or, in a rare charset, a letter in quotation marks ("«a»")."""
    return len(decoded) == 1 or (charset.name not in _FREQUENT and word.strip(_AROUND_WORDS).isascii())


def _kind(reads: bool, stands: bool, proof: bool) -> Kind:
    if reads:
        return Kind.BOTH if stands else Kind.LEGACY
    if proof:
        return Kind.PROOF
    return Kind.UNICODE if stands else Kind.NEITHER


def _reads(decoded: str, charset: Charset) -> bool:
    if is_syllable(decoded):
        return True
    if not charset.shared_capitals or not is_spelt(decoded):
        return False
    return all(letter.isupper() for letter in decoded if letter.isascii())


def _stands(word: str) -> bool:
    bare = word.strip(_AROUND_WORDS)
    return not bare.isascii() and is_syllable(bare)
