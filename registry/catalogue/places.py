"""Where each row of a catalogue folder was written, so that what is wrong with it can be pointed at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from vietnamese.copydeck import deck

_copy = deck(Path(__file__).parent / "copy.toml")
Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Spot:
    """One record's place: its workbook, sheet, and the cell of each of its fields."""

    workbook: str
    sheet: str
    cells: Mapping[str, str]

    def cell(self, name: str = "") -> str:
        """The cell of a field, the record's first cell when the field has none."""
        return self.cells.get(name) or next(iter(self.cells.values()), "")


@dataclass
class Places:
    """Spots by the stem of the sheet and the key of the record as text."""

    spots: dict[tuple[str, Key], Spot] = field(default_factory=dict)

    def note(self, stem: str, key: Key, spot: Spot) -> None:
        """Remember a record, also one that could not be understood."""
        self.spots.setdefault((stem, key), spot)

    def mentioned(self, stem: str, scope: Key = ()) -> set[str]:
        """The codes that stand in the sheets of a stem, faulty rows included, below a scope (a form's code)."""
        depth = len(scope)
        return {key[depth] for found, key in self.spots if found == stem and len(key) > depth and key[:depth] == scope}

    def where(self, stem: str, key: Key, name: str = "") -> dict[str, str]:
        """Keywords of a finding that point at a field of a record; of one not in the folder, at its row in force."""
        spot = self.spots.get((stem, key))
        if spot is None:
            return {"workbook": _copy("in-force"), "sheet": stem, "cell": " ".join(key)}
        return {"workbook": spot.workbook, "sheet": spot.sheet, "cell": spot.cell(name)}
