"""The text of a heading as editors type it: a paragraph a line, ``**bold**``, ``*italic*``, ``- `` for items."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from workbook_templates.official.wordml import Run

_MARKED = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*|\*(?=\S)([^*]+?)(?<=\S)\*")
_ITEM = re.compile(r"[-–+]\s+")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph: its runs, and whether it is an item of a list (its dash is part of the text)."""

    runs: tuple[Run, ...]
    is_item: bool = False

    @property
    def text(self) -> str:
        """Without marks."""
        return "".join(run.text for run in self.runs)


def paragraphs(text: str) -> tuple[Paragraph, ...]:
    """A line is a paragraph; blank lines only part them."""
    lines = (line.strip() for line in text.split("\n"))
    return tuple(Paragraph(tuple(_runs(line)), _ITEM.match(line) is not None) for line in lines if line)


def _runs(line: str) -> Iterator[Run]:
    at = 0
    for found in _MARKED.finditer(line):
        if found.start() > at:
            yield Run(line[at : found.start()])
        yield Run(found[1], bold=True) if found[1] else Run(found[2], italic=True)
        at = found.end()
    if at < len(line):
        yield Run(line[at:])


def marked(runs: Iterable[Run]) -> str:
    """Runs as an editor would type them; neighbours of one look are one, and bold wins where both are on."""
    pieces = []
    for (bold, italic), some in groupby(runs, key=lambda run: (run.bold, run.italic and not run.bold)):
        text = "".join(run.text for run in some)
        mark = "**" if bold else "*" if italic else ""
        inner = text.strip()
        if not mark or not inner:
            pieces.append(text)
            continue
        before, _, after = text.partition(inner)
        pieces.append(f"{before}{mark}{inner}{mark}{after}")
    return "".join(pieces)
