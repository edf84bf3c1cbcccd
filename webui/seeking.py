"""Looking for something among many findings: by what is to be done, by kind, by words without accents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from registry.findings import Finding, fix, message
from vietnamese.fold import fold
from webui.clusters import Group
from webui.wording import say

_OTHER = "other"


@dataclass(frozen=True)
class Seeking:
    """What is looked for in a verdict, and what is found; nothing looked for finds everything."""

    group: str
    kind: str
    text: str
    groups: tuple[tuple[str, int], ...]  # with their counts
    kinds: tuple[tuple[str, int], ...]  # most frequent first
    words: Mapping[int, str]  # of each finding, by its place in the verdict
    shown: frozenset[int]

    @property
    def is_narrowed(self) -> bool:
        """True when anything was asked."""
        return bool(self.group or self.kind or self.text)

    @property
    def total(self) -> int:
        """All findings."""
        return len(self.words)


def kind_of(found: Finding) -> str:
    """What a finding is about, by the family of its code: number, text, rule …"""
    family = found.code.split("-", 1)[0]
    return family if f"verdict.kind.{family}" in say else _OTHER


def seek(groups: Sequence[Group], group: str, kind: str, text: str) -> Seeking:
    """The findings of a group and kind that hold the words."""
    wanted = fold(text)
    words: dict[int, str] = {}
    shown: set[int] = set()
    kinds: Counter[str] = Counter()
    for one in groups:
        for place, found in (placed for cluster in one.clusters for placed in cluster.findings):
            words[place] = _words(found)
            kinds[kind_of(found)] += 1
            if group in ("", one.name) and kind in ("", kind_of(found)) and wanted in words[place]:
                shown.add(place)
    counts = tuple((one.name, one.count) for one in groups)
    return Seeking(group, kind, text, counts, tuple(kinds.most_common()), words, frozenset(shown))


def _words(found: Finding) -> str:
    parts = (found.sheet, found.cell, found.row, found.column, found.found, found.expected, message(found), fix(found))
    return fold(" ".join(part for part in parts if part))
