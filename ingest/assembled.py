"""What the divisions of a unit gave of one form, put together: disjoint cells merge, a clash names both (F16).

A cell two of them give alike is no clash. What hangs on the parts is reckoned anew: the whole is judged as one form.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from ingest import typed
from ingest.model import Extraction, RawCell
from ingest.seen import Address
from registry.catalogue.forms import View
from registry.catalogue.values import CellKey, CellValue
from registry.findings import Finding, finding
from workbook_templates.grid import place

CLASH, MISSING, OTHERWISE = "assembled-clash", "assembled-missing", "assembled-otherwise"
_BETWEEN = "; "


class Entry(NamedTuple):
    """What stands in a cell: the number it was understood as, where it was, and the text a person sees."""

    text: str
    number: str | None = None  # "121.5": 121,125 written as people do could be read in two ways

    @property
    def meaning(self) -> str:
        """Equal for entries that say the same."""
        return self.text.strip() if self.number is None else self.number

    @classmethod
    def of(cls, text: str, value: CellValue | None) -> Entry:
        """A cell's text with what was understood of it."""
        if value is None or value.number is None:
            return cls(text)
        number = f"{value.number:f}"
        return cls(text, number.rstrip("0").rstrip(".") if "." in number else number)


@dataclass(frozen=True, slots=True)
class Piece:
    """What one division gave, or the unit's own clerk."""

    unit_id: int
    name: str  # as findings name it
    upload: int  # number of the file it came in, 0 for figures nobody sent (prefilled)
    entries: Mapping[CellKey, Entry]


@dataclass(frozen=True, slots=True)
class Assembly:
    """What was put together, and who had given nothing by then."""

    pieces: tuple[Piece, ...]
    missing: tuple[str, ...] = ()


class Said(NamedTuple):
    """What somebody gave for a cell."""

    name: str
    upload: int
    entry: Entry


@dataclass(frozen=True, slots=True)
class Clash:
    """A cell given differently, with everybody who gave it."""

    key: CellKey
    said: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Merged:
    """All pieces as one form: the cells given alike, and the others."""

    entries: Mapping[CellKey, Entry]
    clashes: tuple[Clash, ...]


def merge(pieces: Iterable[Piece]) -> Merged:
    """The pieces together, the same in whatever order they come; a cell they do not agree on is left blank."""
    given: dict[CellKey, list[Said]] = {}
    for piece in pieces:
        for key, entry in piece.entries.items():
            if entry.meaning:
                given.setdefault(key, []).append(Said(piece.name, piece.upload, entry))
    alike = {key: min(said).entry for key, said in given.items() if len({one.entry.meaning for one in said}) == 1}
    clashes = (Clash(key, tuple(sorted(said))) for key, said in given.items() if key not in alike)
    return Merged(alike, tuple(sorted(clashes, key=lambda one: one.key[:2])))


def extraction(view: View, assembly: Assembly) -> Extraction:
    """The pieces as the sheet they would stand in, with a finding at every cell given differently, and one of those
    who gave nothing.
    """
    merged = merge(assembly.pieces)
    read = typed.as_sheet(view, _cells(view, merged.entries))
    missing = [finding(MISSING, found=_BETWEEN.join(assembly.missing))] if assembly.missing else []
    grid = place(view)
    addresses = {key: (grid.sheet, cell) for key, cell in grid.cells.items()}
    return replace(read, findings=(*missing, *_findings(view, merged.clashes, addresses)))


def _cells(view: View, entries: Mapping[CellKey, Entry]) -> Iterator[RawCell]:
    """In printed order; cells of another version of the form since, and those nobody types in, are left out."""
    grid = place(view)
    for key, spec in typed.typed_cells(view).items():
        entry = entries.get(key)
        if entry is not None and entry.number is not None:
            yield RawCell(grid.cells[key], "n", entry.number)
        elif entry is not None:
            yield typed.cell(grid.cells[key], spec, entry.text)


def otherwise(
    view: View, own: Piece, given: Iterable[Piece], addresses: Mapping[CellKey, Address]
) -> Iterator[Finding]:
    """A finding at every cell in which the unit's own file says other than a division."""
    clashes = (one for one in merge((own, *given)).clashes if one.key in own.entries)
    return _findings(view, clashes, addresses, OTHERWISE)


def _findings(
    view: View, clashes: Iterable[Clash], addresses: Mapping[CellKey, Address], code: str = CLASH
) -> Iterator[Finding]:
    asked = typed.typed_cells(view)
    rows = {row.code: row.label for row, _ in view.rows}
    columns = {one.code: " – ".join(one.heading(view.row_set.audience)) for one in view.columns}
    for clash in clashes:
        if clash.key in asked and clash.key in addresses:
            yield finding(
                code,
                sheet=addresses[clash.key][0],
                cell=addresses[clash.key][1],
                row=rows[clash.key.row],
                column=columns[clash.key.column],
                found=_BETWEEN.join(f"{one.name}: {one.entry.text}" for one in clash.said),
                row_code=clash.key.row,
                column_code=clash.key.column,
            )


def pack(assignment_id: int, assembly: Assembly) -> bytes:
    """What was put together for an assignment as the bytes that are kept: UTF-8 JSON, equal for equal content."""
    pieces = sorted(assembly.pieces, key=lambda one: (one.unit_id, one.upload))
    kept = {
        "assignment": assignment_id,
        "pieces": [[one.unit_id, one.name, one.upload, _listed(one)] for one in pieces],
        "missing": sorted(assembly.missing),
    }
    return json.dumps(kept, ensure_ascii=False).encode()


def _listed(piece: Piece) -> list[list[str | None]]:
    cells = sorted(piece.entries.items(), key=lambda item: item[0][:2])
    return [[key.row, key.column, entry.text, entry.number] for key, entry in cells]


def unpack(data: bytes) -> Assembly:
    """The inverse of ``pack``."""
    kept = json.loads(data)
    pieces = (
        Piece(unit_id, name, upload, {CellKey(row, column): Entry(text, number) for row, column, text, number in cells})
        for unit_id, name, upload, cells in kept["pieces"]
    )
    return Assembly(tuple(pieces), tuple(kept["missing"]))
