"""Who has given a figure and who has not: counts and names, never a silent zero."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from compile.model import official_order
from registry.catalogue.model import Unit
from vietnamese.copydeck import deck
from vietnamese.letters import first_lower

copy = deck(Path(__file__).parent / "copy.toml")


@dataclass(frozen=True, slots=True)
class Coverage:
    """Units that owe something and those of them that are missing, both in official order."""

    expected: tuple[Unit, ...]
    missing: tuple[Unit, ...] = ()
    provisional: tuple[Unit, ...] = ()  # counted, but reopened

    @property
    def have(self) -> int:
        """How many of the expected have reported."""
        return len(self.expected) - len(self.missing)

    @property
    def is_complete(self) -> bool:
        """True when nobody is missing."""
        return not self.missing

    @property
    def text(self) -> str:
        """``97/102``."""
        return f"{self.have}/{len(self.expected)}"


def coverage(expected: Iterable[Unit], having: frozenset[str], provisional: frozenset[str] = frozenset()) -> Coverage:
    """Coverage of ``expected`` by the unit codes in ``having``."""
    ordered = tuple(sorted(expected, key=official_order))
    return Coverage(
        ordered,
        tuple(unit for unit in ordered if unit.code not in having),
        tuple(unit for unit in ordered if unit.code in provisional),
    )


def by_level(whole: Coverage) -> tuple[tuple[str, Coverage], ...]:
    """The coverage of agencies and of communes apart, each with its group name; empty groups are left out."""
    parts = []
    for name, is_commune in ((copy("group.agencies"), False), (copy("group.communes"), True)):
        part = Coverage(
            *(
                tuple(unit for unit in units if unit.kind.is_commune == is_commune)
                for units in (whole.expected, whole.missing, whole.provisional)
            )
        )
        if part.expected:
            parts.append((name, part))
    return tuple(parts)


def names(units: Iterable[Unit]) -> str:
    """``Xã Ea Súp; Phường Tuy Hòa``."""
    return "; ".join(unit.name for unit in units)


def sentences(whole: Coverage) -> tuple[str, ...]:
    """``Đã có số liệu 97/102 xã, phường; còn thiếu: …`` for each level."""
    lines = []
    for name, part in by_level(whole):
        key = "coverage.complete" if part.is_complete else "coverage.missing"
        lines.append(copy(key, have=part.text, group=first_lower(name), names=names(part.missing)))
        if part.provisional:
            lines.append(copy("coverage.provisional", names=names(part.provisional)))
    return tuple(lines)
