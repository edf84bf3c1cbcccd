"""What a proposal guessed, where it read it, and where a person corrects it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from ingest.a1 import join
from registry.findings import Finding, finding


class Target(NamedTuple):
    """A field of a record of the proposed workbook: the stem of its sheet, its place among the records, the field."""

    stem: str
    record: int
    field: str


class Doubt(NamedTuple):
    """A guess: ``finding`` points at the source cell, ``target`` at the proposed one."""

    finding: Finding
    target: Target | None = None


@dataclass
class Doubts:
    """Gathers the doubts about one sheet; no two the same."""

    sheet: str = ""
    found: list[Doubt] = field(default_factory=list)

    def add(self, code: str, at: tuple[int, int] | None = None, target: Target | None = None, **values: object) -> None:
        """A doubt read at (row, column) of the sheet."""
        cell = join(*at) if at else None
        one = Doubt(finding(code, sheet=self.sheet or None, cell=cell, **values), target)
        if one not in self.found:
            self.found.append(one)
