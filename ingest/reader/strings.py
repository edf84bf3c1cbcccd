"""Shared and inline strings: their text, and the runs of those written in several fonts."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import compress
from operator import itemgetter
from typing import NamedTuple

from ingest.container import Refused
from ingest.geometry import StringCount
from ingest.guard import Gate
from ingest.limits import LIMITS, Limits
from ingest.markup import is_usual
from ingest.reader.memo import Memo
from ingest.reader.package import Attributes, local, parse

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


class Text(NamedTuple):
    """A string; runs are (text, font), font empty where the run takes the cell's."""

    text: str
    runs: tuple[tuple[str, str], ...] = ()


def unescaped(text: str) -> str:
    """``_x000D_`` as the character it stands for (ECMA-376 22.9.2.19)."""
    return _ESCAPED.sub(_character, text) if "_x" in text else text


def _character(escape: re.Match[str]) -> str:
    code = int(escape[1], 16)
    return escape[0] if code == 0 or 0xD800 <= code <= 0xDFFF else chr(code)


class StringBuilder:
    """Collects the text of one ``si`` or ``is`` element, told of every element inside it; phonetics are left out."""

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """A new string."""
        self._runs: list[tuple[str, str]] = []
        self._plain: list[str] = []
        self._font = ""
        self._in_text = self._in_run = self._in_phonetic = False

    def opens(self, kind: str, attributes: Attributes) -> None:
        """An element inside the string begins."""
        if kind == "t":
            self._in_text = not self._in_phonetic
        elif kind == "r":
            self._in_run, self._font = True, ""
            self._flush()
        elif kind == "rFont":
            self._font = attributes.get("val", "")
        elif kind == "rPh":
            self._in_phonetic = True

    def closes(self, kind: str) -> None:
        """An element inside the string ends."""
        if kind == "t":
            self._in_text = False
        elif kind == "rPh":
            self._in_phonetic = False
        elif kind == "r":
            self._flush()
            self._in_run, self._font = False, ""

    def add(self, characters: str) -> None:
        """Characters at the place reached."""
        if self._in_text:
            self._plain.append(characters)

    def _flush(self) -> None:
        if self._plain:
            self._runs.append((unescaped("".join(self._plain)), self._font))
            self._plain.clear()

    def done(self) -> Text:
        """The whole string."""
        if not self._runs and not self._font:
            return Text(unescaped("".join(self._plain)))
        self._flush()
        text = "".join(one for one, _ in self._runs)
        return Text(text, tuple(self._runs) if len(self._runs) > 1 or any(font for _, font in self._runs) else ())


@dataclass(frozen=True)
class SharedStrings:
    """The strings cells share, by the number cells refer to them by."""

    texts: list[Text]

    @cached_property
    def lengths(self) -> list[int]:
        """Characters of each."""
        return list(map(len, map(_TEXT, self.texts)))

    @cached_property
    def plain(self) -> dict[str, str]:
        """Texts by the digits of their number."""
        return dict(zip(map(str, range(len(self.texts))), map(_TEXT, self.texts), strict=True))

    @cached_property
    def rich(self) -> dict[str, tuple[tuple[str, str], ...]]:
        """Runs of those that have any, by the digits of their number."""
        runs = list(map(_RUNS, self.texts))
        return {str(number): runs[number] for number in compress(range(len(runs)), runs)}


_TEXT, _RUNS = itemgetter(0), itemgetter(1)


def read_strings(gate: Gate, part: str, *, quickly: bool) -> SharedStrings:
    """The shared strings; none without the part. Raises Refused."""
    if part not in gate.container:
        return SharedStrings([])
    data, limits = gate.container.read(part), gate.limits
    if len(data) > limits.strings and (count := data.count(b"<si>")) > limits.strings:
        raise Refused("guard-too-many-strings", part=part, found=str(count), limit=limits.strings)
    texts = _quickly(data, part, gate.limits) if quickly else None
    return SharedStrings(_parsed(gate.markup(part), part, gate.limits) if texts is None else texts)


def _parsed(data: bytes, part: str, limits: Limits) -> list[Text]:
    """The strings by expat, however they are written."""
    found: list[Text] = []
    at_hand = StringBuilder()
    count = StringCount(part, limits)
    depth = 0

    def opens(tag: str, attributes: Attributes) -> None:
        nonlocal depth
        depth += 1
        if depth > limits.depth:
            raise Refused("guard-too-deep", part=part, limit=limits.depth)
        kind = local(tag) if ":" in tag else tag
        if kind == "si":
            count.string(attributes)
            at_hand.begin()
        elif kind == "sst":
            count.table(attributes)
        else:
            at_hand.opens(kind, attributes)

    def closes(tag: str) -> None:
        nonlocal depth
        depth -= 1
        kind = local(tag) if ":" in tag else tag
        if kind == "si":
            found.append(at_hand.done())
        else:
            at_hand.closes(kind)

    parse(data, part, opens, closes, at_hand.add)
    return found


# --- the usual way: one element after the other, most of them met before in other files


def _quickly(data: bytes, part: str, limits: Limits) -> list[Text] | None:
    """The strings of a table without anything unusual between its strings; None to have it parsed as a whole."""
    start, end = data.find(b"<si>"), data.rfind(b"</sst>")
    head, tail = data[:start], data[end:]
    if start < 0 or end < start or not is_usual(head) or tail.strip() != b"</sst>":
        return None
    try:
        if _parsed(head + tail, part, limits):
            return None
        *items, rest = data[start:end].split(b"</si>")
        if len(items) > _MOST_ITEMS:
            return None
        found = _known.of_all(items, _learnt)
    except (Refused, UnicodeDecodeError):
        return None
    return None if rest.strip(b" \t\n") else found


def _learnt(item: bytes) -> Text:
    """A string from its XML without the end tag. Raises Refused for anything that is not one whole string."""
    plain = _PLAIN_STRING.fullmatch(item)
    if plain:
        text = Text(unescaped(plain[1].decode()))
    elif b"<!" in item or b"<?" in item or item.count(b"<si") != 1 or item.count(b"<") > _MOST_TAGS:
        raise Refused("guard-broken-xml", part="")
    else:
        (text,) = _parsed(item + b"</si>", "", _INSIDE)
    _known.add(item, text)
    return text


_PLAIN_STRING = re.compile(rb'<si><t(?: xml:space="preserve")?>([\t\n -%\'-;=-\\^-~\x80-\xee]*)</t>')
_INSIDE = replace(LIMITS, depth=LIMITS.depth - 1)  # the table around it is one more
_MOST_ITEMS = 20_000  # strings met for the first time take longer than by expat
_MOST_TAGS = 2_000  # of a string in many fonts
_known: Memo[Text] = Memo()
