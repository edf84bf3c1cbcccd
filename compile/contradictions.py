"""Numbers and words of a text that its unit's own tables contradict: precision first, for a false alarm costs trust.

A number is judged only where an indicator's name begins its clause, nothing but words of linking stand between the
name and the number, the measure behind it is one of the indicator's, and nothing behind that makes it another thing.
It contradicts when no figure of the row that it may mean is near it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, takewhile

from compile.claims import Amount, Claim, Moved, Share, judged
from compile.remarks import Paragraph, Remark
from compile.rows_in_text import LINKS, Known, Mention, Named
from compile.words_in_text import Said, Token, When, key_of, number_of, phrases, sentences, single, time_at
from registry.catalogue.forms import Definitions
from registry.catalogue.measure_words import ratio_told
from registry.periods import Period
from vietnamese.change import Direction, directions_in

_LEADS, _AFTER, _MILD = single("words.lead"), single("words.after"), single("words.mild")
_ROUGH, _ELSEWHERE = phrases("words.rough"), phrases("words.elsewhere")
_ATTAINED, _ABOVE, _TO = phrases("attained.words"), phrases("attained.above"), single("words.to")
_UNTIL = single("words.until")
_LONGEST_MEASURE = 3  # words
_BULLETS = frozenset("-–+*•:()")
_BASES = (When.SAME, When.BEFORE, When.PLAN, When.OTHER)
_CENTRAL, _NEAR = phrases("base.central"), 6


def contradictions(
    paragraphs: Iterable[Paragraph],
    named: Named,
    period: Period,
    definitions: Definitions,
    unit: str = "",
) -> tuple[Remark, ...]:
    """What the tables of the rows ``named`` contradict in a text; ``unit`` is the name of whose text it is, which may
    stand anywhere in it.

    Findings are ``narrative-number-differs``, ``narrative-change-differs`` and ``narrative-direction-differs``, each
    with its paragraph, what was found, the table's value and the cell it stands in.
    """
    own = frozenset(key_of(word, is_plain) for word in unit.replace("'", " ").split() for is_plain in (False, True))
    reader = _Reader(named, period, definitions, own)
    found: list[Remark] = []
    for paragraph in paragraphs:
        if not paragraph.is_heading:
            claims = chain.from_iterable(reader.claims(one, paragraph.text) for one in sentences(paragraph.text))
            found += [remark for claim in claims if (remark := judged(claim, paragraph, definitions))]
    return tuple(found)


class _Reader:
    """Reads claims about rows out of sentences."""

    def __init__(self, named: Named, period: Period, definitions: Definitions, own: frozenset[str]) -> None:
        self.named, self.period, self.definitions, self.own = named, period, definitions, own

    def claims(self, tokens: Sequence[Token], text: str) -> Iterator[Claim]:
        """What a sentence claims, in order."""
        if _ELSEWHERE.anywhere(tokens):
            return iter(())
        return _Sentence(self, tokens, text).claims()


class _Sentence:
    """One sentence as it is read from left to right: of whom it speaks, of what time, and which way things moved."""

    def __init__(self, reader: _Reader, tokens: Sequence[Token], text: str) -> None:
        self._reader, self._tokens, self._text = reader, tokens, text
        ways = dict(directions_in(text))
        self._ways = {place: ways[token.start] for place, token in enumerate(tokens) if token.start in ways}
        self._subject: tuple[Known, ...] = ()
        self._is_spent = False  # a number was said of the subject
        self._has_named = False  # what was said of the time before the first name holds until the next comma behind it
        self._begins = True  # only words that lead to a name stood before in this clause
        self._when: When | None = None
        self._way: tuple[int, Direction] | None = None

    def claims(self) -> Iterator[Claim]:
        place = 0
        while place < len(self._tokens):
            taken, claim = self._step(place)
            if claim is not None:
                yield claim
            place += max(taken, 1)

    def _step(self, place: int) -> tuple[int, Claim | None]:
        token = self._tokens[place]
        if mention := self._reader.named.at(self._tokens, place):
            return self._named(mention, place)
        if place in self._ways:
            return self._turned(place)
        if time := time_at(self._tokens, place, self._reader.period):
            is_until = time[0] is When.NOW and place > 0 and self._tokens[place - 1].key in _UNTIL
            self._when = self._when if is_until else time[0] or self._when
            return time[1], None
        if token.is_number:
            return self._number(place, place)
        if token.is_mark:
            self._marked(token)
            return 1, None
        self._word(token)
        return 1, None

    # --- steps -------------------------------------------------------------------------------------------------------

    def _named(self, mention: Mention, place: int) -> tuple[int, Claim | None]:
        is_joined = bool(self._subject) and not self._is_spent
        if not self._begins or is_joined:
            self._forget()
            return mention.length, None
        self._subject, self._is_spent, self._way, self._begins = mention.rows, False, None, False
        self._has_named = True
        if mention.slot is not None:
            _, claim = self._number(mention.slot, place, after=place + mention.length)
            return mention.length, claim
        return mention.length + self._aside(place + mention.length), None

    def _aside(self, place: int) -> int:
        """Tokens of a short form in parentheses behind a name: "(CPI)"."""
        if place < len(self._tokens) and self._tokens[place].text == "(":
            for at in range(place + 1, min(place + 6, len(self._tokens))):
                if self._tokens[at].text == ")":
                    return at - place + 1
                if self._tokens[at].is_number:
                    break
        return 0

    def _turned(self, place: int) -> tuple[int, Claim | None]:
        """A word of rise or fall; without a number it is held against the base it names."""
        self._way = (place, self._ways[place])
        if not self._subject:
            self._begins = False
            return 1, None
        at = place + 1
        while at < len(self._tokens) and self._tokens[at].key in _MILD:
            at += 1
        if at < len(self._tokens) and not self._tokens[at].is_number and (base := self._base(at)):
            way = self._way[1]
            self._way, self._is_spent = None, True
            return 1, self._claim(Moved(way, base), place, at)
        return 1, None

    def _marked(self, token: Token) -> None:
        if token.text == ",":
            self._begins, self._way = True, None
            self._when = None if self._has_named else self._when
            if self._subject and not self._is_spent:
                self._subject = ()
        elif token.text == ":" and not self._subject:
            self._begins = True
        elif token.text not in _BULLETS:
            self._forget()

    def _word(self, token: Token) -> None:
        if self._subject:
            if token.key not in LINKS and token.key not in self._reader.own and token.key not in _AFTER:
                leads_on = self._begins and token.key in _LEADS  # ", trong đó thu nội địa …"
                self._forget()
                self._begins = leads_on
        elif token.key not in _LEADS and token.key not in self._reader.own:
            self._begins = False

    def _forget(self) -> None:
        self._subject, self._way, self._begins = (), None, False

    # --- numbers -----------------------------------------------------------------------------------------------------

    def _number(self, place: int, start: int, after: int = 0) -> tuple[int, Claim | None]:
        """A number and the measure behind it; ``after`` is where a name that holds the number ends."""
        number = number_of(self._tokens[place], self._text, self._is_rough(place))
        if not self._subject:
            return 1, None
        length = after - place - 1 if after else self._measure(place + 1)
        end = place + 1 + length
        if number is None or not length or self._goes_on(end):
            self._forget()
            return max(end - start, 1), None
        behind = " ".join(token.text for token in self._tokens[place + 1 : end])
        measure = self._subject[0].measure if after else behind
        claim = self._read(number, measure, place, end)
        self._is_spent, self._begins, self._way = True, True, None
        return end - start, claim

    def _is_rough(self, place: int) -> bool:
        return any(at >= 0 and _ROUGH.at(self._tokens, at) == place - at for at in (place - 1, place - 2))

    def _measure(self, place: int) -> int:
        """Tokens of the measure behind a number: one of the subject's, or "%"."""
        near = self._tokens[place : place + _LONGEST_MEASURE]
        behind = list(takewhile(lambda token: not token.is_mark, near))
        for length in range(len(behind), 0, -1):
            said = " ".join(token.text for token in behind[:length])
            if said in ("%", "điểm %") or any(self._fits(said, known) for known in self._subject):
                return length
        return 0

    def _fits(self, said: str, known: Known) -> bool:
        own = self._reader.definitions.measures.get(known.measure)
        return own is not None and ratio_told(said, own, self._reader.definitions.measure_names) is not None

    def _goes_on(self, place: int) -> bool:
        """True when what follows the measure makes the number one of something else: "120 con bò lai", "5%/năm"."""
        if place >= len(self._tokens):
            return False
        token = self._tokens[place]
        if token.is_mark:
            return token.text == "/"
        is_time = time_at(self._tokens, place, self._reader.period) is not None
        is_next = place in self._ways or self._reader.named.at(self._tokens, place) is not None
        return not (token.key in _AFTER or token.key in self._reader.own or is_time or is_next)

    def _read(self, number: Said, measure: str, place: int, end: int) -> Claim | None:
        base = self._base(end) or (self._when if self._when in _BASES else None)
        if base is When.OTHER or self._when is When.OTHER:
            return None
        if self._way is not None and not self._leads_to_a_level(place):
            return self._claim(Moved(self._way[1], base, number, measure), self._way[0], end)
        if measure == "%":
            first = self._verb(place)
            if base is not None and first is not None:
                return self._claim(Share(base, number, is_above=_ABOVE.at(self._tokens, first) > 0), first, end)
            if base is not None:
                return None
        return self._claim(Amount(self._when, number, measure), place, end)

    def _leads_to_a_level(self, place: int) -> bool:
        """True of "tăng lên 1.250 con": the number is the level reached."""
        assert self._way is not None
        return any(token.key in _TO for token in self._tokens[self._way[0] + 1 : place])

    def _verb(self, place: int) -> int | None:
        """Where "đạt", "bằng", "vượt" stands before a percentage."""
        for at in range(place - 1, max(place - 4, -1), -1):
            if _ATTAINED.at(self._tokens, at) or _ABOVE.at(self._tokens, at):
                return at
        return None

    def _base(self, place: int) -> When | None:
        """What the rest of the clause says a figure is held against."""
        for at in range(place, len(self._tokens)):
            token = self._tokens[at]
            if token.text in (",", "(", ")") or at in self._ways:
                return None
            time = time_at(self._tokens, at, self._reader.period)
            if time and time[0] in _BASES:
                is_central = time[0] is When.PLAN and _CENTRAL.anywhere(self._tokens[at : at + _NEAR])
                return When.CENTRAL if is_central else time[0]
            if not time and (token.is_number or self._reader.named.at(self._tokens, at)):
                return None
        return None

    def _claim(self, said: Amount | Moved | Share, place: int, end: int) -> Claim:
        last = self._tokens[min(end, len(self._tokens)) - 1]
        return Claim(self._subject, said, self._tokens[place].start, last.end)
