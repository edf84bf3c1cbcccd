"""Which charset a stretch of text is written in: the font proposes, the syllables decide.

Fonts are wrong now and then, whole cells mix Unicode with a legacy charset, and a text without a font may only be
decoded where several words are wrong as they stand and right when decoded, or where its column tells.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from vietnamese.charsets import FREQUENT, charsets
from vietnamese.evidence import Evidence, Kind, Word, evidence, evidence_for, is_suspicious
from vietnamese.syllables import PROOFS, is_common, is_syllable

_PLAIN_WORD = re.compile(
    r"(?<![^\W\d_])(?<![\u00a1-\u00bf×÷])[A-Za-z]{2,}(?![^\W\d_]|[\u00a1-\u00bf×÷])",
)
_LONGEST_REMEMBERED = 200  # characters
_CLEAR = frozenset({Kind.NEUTRAL, Kind.LEGACY, Kind.BOTH})


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

    ``wanting`` is what speaks for a charset, where that is too little.
    """

    basis: Basis
    evidence: Evidence | None = None
    wanting: Evidence | None = None


AS_IT_STANDS = Decision(Basis.NONE)


@dataclass(frozen=True, slots=True)
class Hint:
    """What is known of a stretch besides its text: the charset its font announces, or that it is some legacy font."""

    charset: str | None = None
    some_legacy: bool = False


def decide(text: str, hint: Hint, column: ColumnVerdict = NO_COLUMN) -> Decision:
    """How a stretch of text in fonts of one family is to be read."""
    if hint.charset is None:
        return _decide_by_content(text, column, hint.some_legacy)
    if text.isascii():
        return AS_IT_STANDS
    return _decide_with_font(evidence(text, hint.charset), text, column)


def _decide_with_font(seen: Evidence, text: str, column: ColumnVerdict) -> Decision:
    if not seen.legacy or seen.counts[Kind.NEITHER] > seen.good or seen.unicode >= seen.legacy:
        other = _best(_candidates(text, without=seen.charset.name), column)
        if other.evidence and other.evidence.rank > seen.rank:
            return other
    if not seen.unicode:
        if not seen.good and _strange_words(seen) > seen.counts[Kind.NAME]:
            return AS_IT_STANDS
        reads_better = seen.legacy or not (column.is_unicode or seen.weight < 0)
        return Decision(Basis.FONT, seen) if reads_better else AS_IT_STANDS
    if not seen.legacy or (seen.legacy == 1 and seen.unicode >= 4 and not _is_certain(seen)):
        return AS_IT_STANDS
    if not seen.counts[Kind.PROOF] and seen.unicode * 4 <= seen.legacy:
        return Decision(Basis.FONT, seen)
    return Decision(Basis.MIXED, seen)


def _is_certain(seen: Evidence) -> bool:
    """Whether some legacy word is common and written as no language writes."""
    legacy = (word for word in seen.words() if word.kind is Kind.LEGACY)
    return any(is_common(word.decoded) and word.is_written_oddly for word in legacy)


def _decide_by_content(text: str, column: ColumnVerdict, some_legacy: bool) -> Decision:
    best = _best(_candidates(text), column, some_legacy)
    if best.evidence is None and not PROOFS.isdisjoint(text):
        best = _mixture(text) or best
    if best.evidence or column.charset is None or not column.is_pure:
        return best
    seen = evidence(text, column.charset)
    if seen.unicode or not sum(seen.counts) or _is_foreign(seen):
        return best
    return Decision(Basis.COLUMN, seen)


def _mixture(text: str) -> Decision | None:
    """Words of a frequent charset among Unicode ones: several, common, and some written as no language writes."""
    if not is_suspicious(text):
        return None
    for name in FREQUENT:
        seen = evidence(text, name)
        if not seen.legacy or seen.counts[Kind.NEITHER] or seen.counts[Kind.NAME]:
            continue
        legacy = [word for word in seen.words() if word.kind is Kind.LEGACY]
        if all(is_common(word.decoded) for word in legacy) and any(word.is_written_oddly for word in legacy):
            is_enough = seen.proofs() >= seen.charset.evidence
            return Decision(Basis.MIXED, seen) if is_enough else Decision(Basis.NONE, wanting=seen)
    return None


def _candidates(text: str, without: str | None = None) -> Sequence[Evidence]:
    """The charsets under which some word is right that is wrong as it stands, and which beat the Unicode reading."""
    if not is_suspicious(text):
        return ()
    return _remembered(text, without) if len(text) <= _LONGEST_REMEMBERED else _found(text, without)


def _found(text: str, without: str | None) -> Sequence[Evidence]:
    foreign = _foreign_words(text)
    found = []
    for name, charset in charsets().items():
        if not charset.evidence or name == without:
            continue
        seen = evidence_for(text, name)
        if seen is None or not seen.legacy or not seen.beats_unicode or seen.good < foreign:
            continue
        if seen.is_frequent and seen.is_flawless:
            return (seen,)
        found.append(seen)
    return found


_remembered = lru_cache(maxsize=16_384)(_found)  # a column is looked through before each of its cells


def _best(candidates: Sequence[Evidence], column: ColumnVerdict, some_legacy: bool = False) -> Decision:
    """The one charset that the words prove; none when two prove as much."""
    if not candidates:
        return AS_IT_STANDS
    best = max(candidates, key=lambda seen: (seen.rank, seen.is_frequent))
    of_column = next((seen for seen in candidates if seen.charset.name == column.charset), None)
    if of_column and of_column.rank[0] * 2 >= best.rank[0]:
        best = of_column
    elif _has_rival(best, candidates):
        return Decision(Basis.NONE, wanting=best)
    proofs = best.proofs()
    needed = 1 if best is of_column or some_legacy else best.charset.evidence
    if proofs < needed and _is_telling(best, column):
        needed = 1
    if proofs < needed or not (best is of_column or best.is_common):
        return Decision(Basis.NONE, wanting=best)
    if best.counts[Kind.PROOF]:
        return Decision(Basis.MIXED, best)
    by_column = proofs < best.charset.evidence and not some_legacy
    return Decision(Basis.COLUMN if by_column else Basis.CONTENT, best)


def _has_rival(best: Evidence, candidates: Iterable[Evidence]) -> bool:
    rivals = [seen for seen in candidates if seen is not best and seen.rank == best.rank]
    if best.is_frequent:
        rivals = [seen for seen in rivals if seen.is_frequent]
    return any(rival.charset.decode(rival.text) != best.charset.decode(best.text) for rival in rivals)


def _is_telling(seen: Evidence, column: ColumnVerdict) -> bool:
    """Whether even one word is enough in its column: a common one, written as no language writes, or in company."""
    words = seen.words()
    if not seen.is_frequent or any(word.kind not in _CLEAR for word in words):
        return False
    legacy = [word for word in words if word.kind is Kind.LEGACY]
    if not all(is_common(word.decoded) for word in legacy):
        return False
    oddly = any(word.is_written_oddly for word in legacy)
    if oddly and seen.charset.name in column.seen:
        return True
    in_company = any(word.kind is Kind.BOTH and is_common(word.decoded) for word in words)
    return column.has_no_unicode and (oddly or in_company or _is_among_syllables(seen.text))


def _is_among_syllables(text: str) -> bool:
    """Whether there are plain words and all of them could be Vietnamese, acronyms left aside."""
    plain = _plain_words(text)
    return bool(plain) and all(is_syllable(word) for word in plain)


def _is_foreign(seen: Evidence) -> bool:
    """Whether most words are not Vietnamese."""
    return _strange_words(seen) > seen.good or _foreign_words(seen.text) > sum(seen.counts)


def _strange_words(seen: Evidence) -> int:
    """Words that are Vietnamese neither way, nor written as only a legacy charset is: "Société"."""
    neither = (word for word in seen.words() if word.kind is Kind.NEITHER)
    return sum(word.text.isalpha() and not word.is_written_oddly for word in neither)


def _foreign_words(text: str) -> int:
    words = " ".join(word for word in text.split() if not ("@" in word or "://" in word))
    return sum(not is_syllable(word) for word in _plain_words(words))


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
        proving = [seen for seen in proving if seen.legacy]
        for seen in proving:
            votes[seen.charset.name] += 1
            legacy = (word.text for word in seen.words() if word.kind is Kind.LEGACY)
            words.setdefault(seen.charset.name, set()).update(legacy)
        if not proving:
            silent.append(text)
    name = max(votes, key=lambda name: (votes[name], name in FREQUENT)) if votes else None
    unicode_cells = sum(evidence(text, name or FREQUENT[0]).unicode > 0 for text in silent)
    if name is None:
        return ColumnVerdict(is_unicode=unicode_cells >= 3, has_no_unicode=not unicode_cells)
    foreign_cells = sum(map(is_suspicious, silent))
    return _verdict(name, votes, len(words[name]), unicode_cells, foreign_cells)


def _verdict(name: str, votes: Counter[str], words: int, unicode_cells: int, foreign_cells: int) -> ColumnVerdict:
    repeated = name in FREQUENT and votes[name] >= 2 and not unicode_cells
    proved = (words >= charsets()[name].evidence or repeated) and votes[name] > max(unicode_cells, foreign_cells)
    return ColumnVerdict(
        charset=name if proved else None,
        is_pure=proved and unicode_cells * 10 <= votes[name],
        has_no_unicode=not unicode_cells,
        seen=frozenset(name for name, count in votes.items() if count >= 2),
    )


def _strongest(candidates: Sequence[Evidence]) -> list[Evidence]:
    top = max((seen.rank for seen in candidates), default=None)
    return [seen for seen in candidates if seen.rank == top]


def word_by_word(seen: Evidence, decoder: Callable[[Word], str], mixed: bool) -> str:
    """Decode the words one by one; in a ``mixed`` text only those that are legacy."""
    words = seen.words()
    settled = [(word, verdict) for word in words if (verdict := _settled(word)) is not None] if mixed else []
    pieces = []
    end = 0
    for word in words:
        pieces.append(seen.text[end : word.start])
        pieces.append(decoder(word) if not mixed or _is_legacy(word, settled) else word.text)
        end = word.end
    return "".join([*pieces, seen.text[end:]])


def _settled(word: Word) -> bool | None:
    """Whether a word is legacy by itself; None when it does not tell."""
    if word.kind in (Kind.UNICODE, Kind.PROOF):
        return False
    if word.kind is Kind.LEGACY or (word.kind is not Kind.BOTH and word.has_sign):
        return True
    return None


def _is_legacy(word: Word, settled: Sequence[tuple[Word, bool]]) -> bool:
    """A word that does not tell follows its neighbours; between two kinds, the more common reading, then the nearer."""
    verdict = _settled(word)
    if verdict is not None:
        return verdict
    at = bisect_left([other.start for other, _ in settled], word.start)
    before, after = settled[max(0, at - 1) : at], settled[at : at + 1]
    if not before or not after:
        return (before or after)[0][1]
    if before[0][1] == after[0][1]:
        return before[0][1]
    if word.kind is Kind.BOTH and word.weight:
        return word.weight > 0
    nearer_before = word.start - before[0][0].end < after[0][0].start - word.end
    return before[0][1] if nearer_before else after[0][1]
