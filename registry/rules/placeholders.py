"""Placeholders (chỗ điền số) in the sentences of an outline: ``{{ [Thu ngân sách].thực hiện | tỷ đồng }}``.

``{{ figure | option | ... }}`` or ``{{ function(figure; base) | option | ... }}``, where a figure is ``[row]``,
``[row].side`` or ``[row].(column)``, before it ``{form}!`` where another form's row has the same name. Rows are named
as in rules, or by label or indicator name; accents and case do not matter.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from registry.rules import functions
from registry.rules.tree import Function
from vietnamese.copydeck import deck
from vietnamese.fold import fold, nearest

LONGEST = 300  # characters of one placeholder
MOST_DECIMALS = 6
_copy = deck(Path(__file__).parent / "copy.toml")


class Side(StrEnum):
    """Which figure of a row is meant."""

    HEADLINE = "headline"  # the one the report's own sentences name first
    NOW = "now"
    TO_DATE = "to_date"
    BEFORE = "before"
    SAME = "same"
    SAME_TO_DATE = "same_to_date"
    COUNCIL = "council"
    CENTRAL = "central"


SIDES: dict[Side, tuple[str, ...]] = {
    Side.NOW: ("thực hiện", "trong kỳ", "trong tháng"),
    Side.TO_DATE: ("lũy kế",),
    Side.BEFORE: ("tháng trước", "kỳ trước", "quý trước"),
    Side.SAME: ("cùng kỳ", "cùng kỳ năm trước"),
    Side.SAME_TO_DATE: ("lũy kế cùng kỳ",),
    Side.COUNCIL: ("kế hoạch", "kế hoạch HĐND", "dự toán", "dự toán HĐND"),
    Side.CENTRAL: ("kế hoạch TW", "dự toán TW"),
}
"""What follows the point, as people write it; "_" stands for a space."""


class Use(StrEnum):
    """What is printed of the figure."""

    VALUE = "value"
    CHANGE = "change"  # tăng 5,2%
    COMPARED = "compared"  # tăng 5,2% so với cùng kỳ năm trước
    DIFFERENCE = "difference"  # tăng 120 con
    SHARE = "share"  # 85,2%, of another figure
    ATTAINED = "attained"  # đạt 85,2% kế hoạch năm
    VERB = "verb"  # ước đạt


_USES: dict[Use, tuple[str, ...]] = {
    Use.CHANGE: functions.SPELLINGS[Function.CHANGE],
    Use.COMPARED: ("so sánh", "so với"),
    Use.DIFFERENCE: ("chênh lệch",),
    Use.SHARE: functions.SPELLINGS[Function.RATIO],
    Use.ATTAINED: ("đạt kế hoạch",),
    Use.VERB: ("ước đạt",),
}
_SIDED: dict[Side, Function] = {
    Side.BEFORE: Function.PREVIOUS,
    Side.SAME: Function.SAME_PERIOD,
    Side.TO_DATE: Function.CUMULATIVE,
    Side.COUNCIL: Function.PLAN,
}  # KẾ_HOẠCH([X]) as in rules is [X].kế hoạch
_WITH_BASE = (Use.CHANGE, Use.COMPARED, Use.DIFFERENCE, Use.SHARE)


def _key(words: str) -> str:
    return fold(words.replace("_", " "))


_SIDE_NAMED = {_key(name): side for side, names in SIDES.items() for name in names}
_USE_NAMED = {_key(name): use for use, names in _USES.items() for name in names}
_SIDE_FUNCTION = {_key(name): side for side, of in _SIDED.items() for name in functions.SPELLINGS[of]}
_FUNCTION_NAMES = [
    name for names in (*_USES.values(), *(functions.SPELLINGS[of] for of in _SIDED.values())) for name in names
]


@dataclass(frozen=True, slots=True)
class Named:
    """A figure as written: a row's side, or its cell of a column."""

    name: str
    side: Side = Side.HEADLINE
    column: str = ""
    form: str = ""


@dataclass(frozen=True, slots=True)
class Placeholder:
    """One placeholder understood. ``base`` is what the figure is held against."""

    figure: Named
    use: Use = Use.VALUE
    base: Named | Side | None = None
    measure: str = ""  # as written; empty = the row's own
    decimals: int | None = None
    is_bare: bool = False  # the number without its measure
    unit: str = ""  # name or code: this unit's contribution instead of the total

    @property
    def figures(self) -> tuple[Named, ...]:
        """Every figure named."""
        return (self.figure, self.base) if isinstance(self.base, Named) else (self.figure,)


@dataclass(frozen=True, slots=True)
class Spot:
    """A placeholder of a text: where it stands, braces included, and what it says or why it says nothing."""

    start: int
    end: int
    written: str
    read: Placeholder | BadPlaceholder


class BadPlaceholder(ValueError):
    """A text between braces that is no placeholder; ``reason`` is the sentence."""

    def __init__(self, reason: str, **values: object) -> None:
        super().__init__(_copy(f"placeholder.{reason}", **values))
        self.reason = reason


_BRACES = re.compile(r"\{\{(.*?)\}\}|\{\{|\}\}", re.DOTALL)
_REFERENCE = re.compile(
    r"\s*(?:\{(?P<form>[^{}]{1,40})\}\s*!\s*)?\[(?P<name>[^\[\]{}]{1,200})\]"
    r"\s*(?:\.\s*(?:\(\s*(?P<column>\w{1,40})\s*\)|(?P<side>[^\[\](){}|;.]{1,40})))?\s*"
)
_CALL = re.compile(r"\s*(?P<function>[^\W\d][\w ]{0,40}?)\s*\((?P<arguments>.*)\)\s*", re.DOTALL)
_DECIMALS = re.compile(r"(\d) (?:so le|chu so(?: thap phan)?)")
_BARE = ("so", "chi so", "khong don vi")
_UNIT = re.compile(r"(?:của|đơn vị) (.+)", re.IGNORECASE)


def spots(text: str) -> Iterator[Spot]:
    """The placeholders of a text in order, the misspelt too; braces without their pair are one of these."""
    for match in _BRACES.finditer(text):
        try:
            read: Placeholder | BadPlaceholder = _read(match[1])
        except BadPlaceholder as bad:
            read = bad
        yield Spot(match.start(), match.end(), match[0], read)


def _read(inside: str | None) -> Placeholder:
    if inside is None:
        raise BadPlaceholder("braces")
    return parse(inside)


def parse(inside: str) -> Placeholder:
    """What stands between the braces; raises BadPlaceholder.

    >>> parse("[Đàn bò].kế hoạch | con").figure.side
    <Side.COUNCIL: 'council'>
    """
    plain = " ".join(unicodedata.normalize("NFC", inside).split())
    if not plain:
        raise BadPlaceholder("empty")
    if len(plain) > LONGEST:
        raise BadPlaceholder("long", most=LONGEST)
    said, *options = plain.split("|")
    if reference := _REFERENCE.fullmatch(said):
        found = Placeholder(_named(reference))
    elif call := _CALL.fullmatch(said):
        found = _called(call)
    else:
        raise BadPlaceholder("unread", found=said.strip())
    return _with_options(found, options)


def _named(match: re.Match[str]) -> Named:
    side = Side.HEADLINE
    if match["side"]:
        side = _side(match["side"])
    return Named(match["name"].strip(), side, match["column"] or "", (match["form"] or "").strip())


def _side(words: str) -> Side:
    side = _SIDE_NAMED.get(_key(words))
    if side is None:
        known = [name for names in SIDES.values() for name in names]
        raise _misspelt("side", words.strip(), known)
    return side


def _misspelt(reason: str, name: str, known: list[str]) -> BadPlaceholder:
    similar = next(iter(nearest(name.replace("_", " "), known, 1)), "")
    return BadPlaceholder(f"{reason}_similar" if similar else reason, found=name, similar=similar)


def _called(match: re.Match[str]) -> Placeholder:
    name, arguments = match["function"], match["arguments"].split(";")
    first = _REFERENCE.fullmatch(arguments[0])
    if _key(name) not in _USE_NAMED and _key(name) not in _SIDE_FUNCTION:
        raise _misspelt("function", name, [one.replace("_", " ").lower() for one in _FUNCTION_NAMES])
    if first is None:
        raise BadPlaceholder("argument", name=name)
    figure = _named(first)
    if (side := _SIDE_FUNCTION.get(_key(name))) is not None:
        if len(arguments) > 1 or figure.side is not Side.HEADLINE or figure.column:
            raise BadPlaceholder("argument", name=name)
        return Placeholder(Named(figure.name, side, "", figure.form))
    use = _USE_NAMED[_key(name)]
    return Placeholder(figure, use, _base(use, name, arguments[1:]))


def _base(use: Use, name: str, rest: list[str]) -> Named | Side | None:
    if len(rest) > (use in _WITH_BASE) or (use is Use.SHARE and not rest):
        raise BadPlaceholder("arguments", name=name)
    if not rest:
        return Side.SAME if use in _WITH_BASE else None
    reference = _REFERENCE.fullmatch(rest[0])
    return _named(reference) if reference else _side(rest[0])


def _with_options(found: Placeholder, options: list[str]) -> Placeholder:
    measure, decimals, is_bare, unit = "", None, False, ""
    for option in map(str.strip, options):
        key = _key(option)
        if not option:
            raise BadPlaceholder("option")
        if digits := _DECIMALS.fullmatch(key):
            decimals = int(digits[1])
        elif key in _BARE:
            is_bare = True
        elif whose := _UNIT.fullmatch(option):
            unit = whose[1].strip()
        else:
            measure = option
    if decimals is not None and decimals > MOST_DECIMALS:
        raise BadPlaceholder("decimals", most=MOST_DECIMALS)
    if measure and found.use not in (Use.VALUE, Use.DIFFERENCE):
        raise BadPlaceholder("measure", found=measure)
    return Placeholder(found.figure, found.use, found.base, measure, decimals, is_bare, unit)
