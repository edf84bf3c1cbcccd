"""Cells corrected on the page: the file's extraction with those cells typed anew, all else as it was (F30)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from ingest import typed
from ingest.cells import OVERWRITTEN
from ingest.model import Extraction, RawCell
from ingest.seen import Address, spec_of
from ingest.text import clean
from registry.catalogue.forms import View
from registry.catalogue.values import CellKey
from registry.findings import Finding


class Told(NamedTuple):
    """An explanation written so far, by what it explains."""

    code: str
    row: str | None
    column: str | None
    line: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Corrected:
    """One cell typed anew, and what a person saw in it before."""

    key: CellKey
    address: Address
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Correction:
    """Cells of an upload typed anew; ``base`` is its number."""

    base: int
    cells: tuple[Corrected, ...]
    told: tuple[Told, ...] = ()


def pack(correction: Correction) -> bytes:
    """A correction as the bytes that are kept: UTF-8 JSON, equal for equal content."""
    cells = sorted([*one.address, one.before, one.after, *one.key[:2], one.key.line] for one in correction.cells)
    kept = {"base": correction.base, "cells": cells}
    told = [list(one) for one in correction.told if one.text.strip()]
    return json.dumps(kept | ({"told": told} if told else {}), ensure_ascii=False).encode()


def unpack(data: bytes) -> Correction:
    """The inverse of ``pack``."""
    kept = json.loads(data)
    cells = tuple(
        Corrected(CellKey(row, column, line), (sheet, a1), before, after)
        for sheet, a1, before, after, row, column, line in kept["cells"]
    )
    return Correction(kept["base"], cells, tuple(Told(*one) for one in kept.get("told", ())))


def changes(
    texts: Mapping[CellKey, str], before: Mapping[CellKey, str], addresses: Mapping[CellKey, Address]
) -> tuple[Corrected, ...]:
    """The cells whose text was changed; only those named in ``before`` may be."""
    return tuple(
        Corrected(key, addresses[key], before[key], text)
        for key, text in ((key, clean(text)) for key, text in texts.items() if key in before)
        if text != before[key]
    )


def corrected(view: View, extraction: Extraction, cells: tuple[Corrected, ...]) -> Extraction:
    """The extraction with those cells as they were typed; what was found while reading them is no longer so."""
    by_sheet: dict[str, dict[str, RawCell | None]] = {}
    for one in cells:
        spec = spec_of(view, one.key)
        if spec is not None:
            sheet, a1 = one.address
            by_sheet.setdefault(sheet, {})[a1] = typed.cell(a1, spec, one.after) if one.after else None
    sheets = tuple(
        replace(sheet, cells=_replaced(sheet.cells, by_sheet[sheet.name])) if sheet.name in by_sheet else sheet
        for sheet in extraction.sheets
    )
    gone = {one.address for one in cells}
    findings = tuple(one for one in extraction.findings if (one.sheet, one.cell) not in gone)
    return replace(extraction, sheets=sheets, findings=findings)


def without_its_own(found: Iterable[Finding], before: Iterable[Finding]) -> tuple[Finding, ...]:
    """Without the constants in computed cells that agreed until the page's correction changed what they should be."""
    told = {(one.code, one.sheet, one.cell) for one in before}
    return tuple(one for one in found if one.code != OVERWRITTEN or (one.code, one.sheet, one.cell) in told)


def _replaced(cells: dict[str, RawCell], by_address: Mapping[str, RawCell | None]) -> dict[str, RawCell]:
    kept = {a1: cell for a1, cell in cells.items() if a1 not in by_address}
    return kept | {a1: cell for a1, cell in by_address.items() if cell is not None}
