"""The text the report's last approval passed: printed as it was passed, held against the tables it goes out with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from compile.compiled import Compiled
from compile.sayings import filler_of


@dataclass(frozen=True, slots=True)
class Outdated:
    """A number of the passed text that the tables say otherwise by now."""

    heading: str
    placeholder: str
    old: str  # as it was passed, and as it is printed
    new: str  # as it would print now


def outdated(report: Compiled) -> Iterator[Outdated]:
    """Linked numbers whose figures changed after the text was passed; each once a heading, in order."""
    if not report.order.passed:
        return
    filler = filler_of(report)
    for _, text in sorted(report.order.passed.items()):
        for placeholder, printed in dict.fromkeys(text.numbers):
            now = filler.fill(placeholder).text
            if now != printed:
                yield Outdated(text.heading, placeholder, printed, now)
