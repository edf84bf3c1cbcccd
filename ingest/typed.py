"""What was typed on the page as an extraction: the same rows, columns and cells as in the unit's workbook (DESIGN)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping

from ingest.model import CarrierState, Extraction, Identity, RawCell, RawSheet
from registry.catalogue.forms import CellSpec, View
from registry.catalogue.model import CellKind
from registry.catalogue.values import CellKey
from vietnamese.numbers import Exact, parse_number
from workbook_templates.grid import Grid, a1, place

READER = "page-1"
ON_THE_PAGE = Identity(CarrierState.VALID)  # the session says whose figures these are; there is no file to prove it
Place = tuple[str, str, str]  # code, row, column of a finding: it stays the same from one judgement to the next


def typed_cells(view: View) -> dict[CellKey, CellSpec]:
    """The cells a person types in, row by row."""
    return {key: spec for key, spec in view.cells.items() if spec.kind.is_typed}


def pack(assignment_id: int, texts: Mapping[CellKey, str], told: Mapping[Place, str] | None = None) -> bytes:
    """What was typed for an assignment as the bytes that are kept: UTF-8 JSON, equal for equal content.

    ``told`` are explanations written beside the cells so far, by the place of what they explain.
    """
    cells = sorted([key.row, key.column, text] for key, text in texts.items() if text.strip())
    words = sorted([*at, text] for at, text in (told or {}).items() if text.strip())
    kept = {"assignment": assignment_id, "cells": cells} | ({"told": words} if words else {})
    return json.dumps(kept, ensure_ascii=False).encode()


def unpack(data: bytes) -> dict[CellKey, str]:
    """The texts in bytes that ``pack`` made."""
    return {CellKey(row, column): text for row, column, text in json.loads(data)["cells"]}


def unpack_told(data: bytes) -> dict[Place, str]:
    """The explanations in bytes that ``pack`` made."""
    return {(code, row, column): text for code, row, column, text in json.loads(data).get("told", ())}


def extraction(view: View, texts: Mapping[CellKey, str]) -> Extraction:
    """Texts typed into cells as the sheet they would stand in; blank ones and cells nobody types in are left out.

    A number written beyond doubt becomes a number, as a spreadsheet makes it one while it is typed; everything else
    stays as typed, to be judged as text in a workbook is.
    """
    return as_sheet(view, _content(place(view), texts))


def as_sheet(view: View, content: Iterable[RawCell]) -> Extraction:
    """Cells as they would stand in the form's sheet, among its headings, codes and labels."""
    grid = place(view)
    cells = {cell.a1: cell for cell in (*_frame(grid), *content)}
    return Extraction((RawSheet(grid.sheet, cells, protected=True),), reader=READER)


def _frame(grid: Grid) -> Iterator[RawCell]:
    """Headings, hidden codes, labels and measures, where the template has them."""
    for heading in grid.headings:
        yield RawCell(a1(heading.top, heading.left), "s", heading.text)
    for code, column in grid.columns.items():
        yield RawCell(a1(grid.code_row, column), "s", code)
    shown = {row.code: row for row, _ in grid.view.rows}
    is_commune = grid.view.row_set.audience == "xã"
    for code, addresses in grid.labels:
        row = shown[code]
        measure = (row.commune_measure if is_commune else "") or row.measure
        yield RawCell(f"{grid.code_column}{grid.rows[code]}", "s", code)
        for address, text in zip(addresses, (row.number, row.label, measure), strict=False):
            yield RawCell(address, "s", text)


def _content(grid: Grid, texts: Mapping[CellKey, str]) -> Iterator[RawCell]:
    for key, spec in typed_cells(grid.view).items():
        text = texts.get(key, "")
        if text.strip():
            yield cell(grid.cells[key], spec, text)


def cell(address: str, spec: CellSpec, text: str) -> RawCell:
    """A text typed on the page as the cell a spreadsheet would make of it."""
    if spec.kind is CellKind.INPUT:
        parsed = parse_number(text.strip(), spec.decimals)
        if isinstance(parsed, Exact) and not parsed.suffix:
            return RawCell(address, "n", f"{parsed.value:f}")
    return RawCell(address, "s", text)
