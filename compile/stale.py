"""Old words: a month, quarter, year or deadline of the last report, and last report's text left as it was (F12)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import pairwise

from compile.remarks import Paragraph, Remark
from compile.words_in_text import Phrases, Token, key_of, phrases, sentences
from registry.findings import finding
from registry.periods import Period, PeriodKind

FEWEST_WORDS = 12  # of a paragraph that is told to stand unchanged; shorter ones are set phrases
_COMPARED, _BESIDE = phrases("stale.compared"), phrases("stale.beside")
_DUE, _NEXT = phrases("stale.due"), phrases("stale.next")
_MONTH, _QUARTER, _YEAR, _IN = (frozenset({key_of(one), key_of(one, True)}) for one in ("tháng", "quý", "năm", "trong"))
_ROMAN = ("i", "ii", "iii", "iv")
_OPENERS = 3  # words that may stand before a period which opens a sentence


def stale_words(
    paragraphs: Sequence[Paragraph], period: Period, last: Period | None, before: Iterable[Paragraph] = ()
) -> tuple[Remark, ...]:
    """What seems to be left over from the report of ``last`` in one of ``period``; ``before`` is that report's text.

    Findings are ``narrative-stale-period``, ``narrative-stale-deadline`` and ``narrative-unchanged``.
    """
    kept = {_bare(one.text) for one in before}
    sentences_before = {_bare(_text(one, said.text)) for said in before for one in sentences(said.text)}
    found: list[Remark] = []
    for one in paragraphs:
        if last is not None:
            found += _periods(one, period, last, sentences_before)
        found += _deadlines(one, period)
        if not one.is_heading and _bare(one.text) in kept and len(one.text.split()) >= FEWEST_WORDS:
            found.append(_remark("narrative-unchanged", one, 0, len(one.text), last))
    return tuple(found)


def _bare(text: str) -> str:
    return " ".join(text.lower().split())


def _text(tokens: Sequence[Token], text: str) -> str:
    return text[tokens[0].start : tokens[-1].end]


def _remark(code: str, one: Paragraph, start: int, end: int, last: Period | None, expected: str = "") -> Remark:
    told = finding(
        code,
        found=one.text[start:end],
        expected=expected or None,
        paragraph=one.number,
        period=last.label if last else "",
    )
    return Remark(told, one.number, start, end)


# --- periods ---------------------------------------------------------------------------------------------------------


def _periods(one: Paragraph, period: Period, last: Period, before: set[str]) -> Iterator[Remark]:
    is_title = one.is_heading or one.text.isupper()
    for tokens in sentences(one.text):
        named = list(_named(tokens, last))
        is_about_next = is_title and _NEXT.anywhere(tokens)
        if is_about_next:
            named += _named(tokens, period)  # "nhiệm vụ tháng 10" was last month's
        elif any(True for _ in _named(tokens, period)):
            continue
        was_there = _bare(_text(tokens, one.text)) in before
        for at, taken in named:
            opens = at == 0 or (at <= _OPENERS and tokens[at - 1].key in _IN)
            if (is_title or was_there or opens) and not _is_compared(tokens, at, _BESIDE if is_title else _COMPARED):
                yield _remark(
                    "narrative-stale-period", one, tokens[at].start, tokens[at + taken - 1].end, last, period.label
                )
                break


def _named(tokens: Sequence[Token], period: Period) -> Iterator[tuple[int, int]]:
    """Where a period is named, and in how many tokens: "tháng 9", "9 tháng", "quý III", and "năm 2025" of a year."""
    month, quarter = period.last.month, (period.last.month + 2) // 3
    for at, (one, two) in enumerate(pairwise(tokens)):
        if period.kind is PeriodKind.MONTH and one.key in _MONTH and _is(two, month):
            if _is_of_year(tokens, at + 2, period.year):
                yield at, 2
        elif period.kind is PeriodKind.MONTH and month > 1 and _is(one, month) and two.key in _MONTH:
            yield at, 2
        elif period.kind is PeriodKind.QUARTER and one.key in _QUARTER:
            if two.key == _ROMAN[quarter - 1] or _is(two, quarter):
                yield at, 2
        elif period.kind is PeriodKind.YEAR and one.key in _YEAR and _is(two, period.year):
            yield at, 2


def _is(token: Token, number: int) -> bool:
    return token.text.isdecimal() and int(token.text) == number


def _is_of_year(tokens: Sequence[Token], at: int, year: int) -> bool:
    """False when another year follows: "tháng 9 năm 2025", "tháng 9/2025"."""
    behind = tokens[at : at + 2]
    if len(behind) == 2 and (behind[0].text == "/" or behind[0].key in _YEAR) and behind[1].text.isdecimal():
        return int(behind[1].text) == year
    return True


def _is_compared(tokens: Sequence[Token], at: int, compared: Phrases) -> bool:
    """True behind "so với", "từ": there an earlier period is meant."""
    return any(compared.at(tokens, place) for place in range(max(at - 4, 0), at))


# --- deadlines -------------------------------------------------------------------------------------------------------


def _deadlines(one: Paragraph, period: Period) -> Iterator[Remark]:
    """Days by which something is still to be done that were over before the period began."""
    for tokens in sentences(one.text):
        end = 0
        for at in range(len(tokens)):
            taken = _DUE.at(tokens, at) if tokens[at].start >= end else 0
            day, used = _day(tokens, at + taken, period.year) if taken else (None, 0)
            if day is not None and day < period.first:
                end = tokens[at + taken + used - 1].end
                yield _remark("narrative-stale-deadline", one, tokens[at].start, end, None, f"{period.first:%d/%m/%Y}")


def _day(tokens: Sequence[Token], at: int, year: int) -> tuple[date | None, int]:
    """A day "25/9/2026", "25/9" or "25 tháng 9 năm 2026", and the tokens it takes."""
    words = [token.text for token in tokens[at : at + 5]]
    if len(words) < 3 or not (words[0].isdecimal() and words[2].isdecimal()):
        return None, 0
    if words[1] not in ("/", "-", ".") and tokens[at + 1].key not in _MONTH:
        return None, 0
    has_year = len(words) == 5 and words[4].isdecimal() and len(words[4]) == 4
    try:
        return date(int(words[4]) if has_year else year, int(words[2]), int(words[0])), 5 if has_year else 3
    except ValueError:
        return None, 0
