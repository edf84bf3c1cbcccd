"""An extraction as bytes: how it crosses a pipe and is kept beside its file. JSON, so that reading it runs nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import fields
from types import MappingProxyType
from typing import Any

from ingest.model import Extraction, Look, RawCell, RawSheet
from registry.findings import Finding, Severity

_FINDING = tuple(field.name for field in fields(Finding))


class DamagedParcel(ValueError):
    """The bytes are no extraction."""


def pack(extraction: Extraction) -> bytes:
    """UTF-8 JSON of an extraction; equal extractions give equal bytes."""
    parcel = {
        "reader": extraction.reader,
        "date1904": extraction.date1904,
        "names": extraction.names,
        "properties": extraction.properties,
        "findings": [_packed(one) for one in extraction.findings],
        "sheets": [
            [
                *(sheet.name, sheet.state, sheet.protected, sheet.hidden_rows, list(sheet.cells.values())),
                *(_look(sheet.look), list(sheet.notes.values()), sheet.choices),
            ]
            for sheet in extraction.sheets
        ],
    }
    return json.dumps(parcel, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def unpack(data: bytes) -> Extraction:
    """The extraction in ``data``. Raises DamagedParcel."""
    try:
        parcel = json.loads(data)
        return Extraction(
            sheets=tuple(_sheet(*sheet) for sheet in parcel["sheets"]),
            names=parcel["names"],
            properties=parcel["properties"],
            findings=tuple(_finding(one) for one in parcel["findings"]),
            date1904=parcel["date1904"],
            reader=parcel["reader"],
        )
    except (ValueError, TypeError, KeyError, AttributeError) as fault:
        raise DamagedParcel(str(fault)) from fault


def _packed(finding: Finding) -> list[Any]:
    return [getattr(finding, name) for name in _FINDING]


def _finding(packed: list[Any]) -> Finding:
    held = dict(zip(_FINDING, packed, strict=True))
    values = tuple((name, value) for name, value in held["values"])
    return Finding(**{**held, "severity": Severity(held["severity"]), "values": values})


def _look(look: Look) -> list[Any]:
    return [look.merges, look.hidden_columns, look.bold, look.indents, look.blank_formats]


def _sheet(
    name: str,
    state: str,
    protected: bool,
    hidden_rows: list[int],
    cells: list[list[Any]],
    look: list[Any],
    notes: Sequence[list[Any]] = (),
    choices: Mapping[str, list[str]] = MappingProxyType({}),
) -> RawSheet:
    """A sheet; one kept by the first reader has neither notes nor lists."""
    merges, hidden, bold, indents, blanks = look
    drawn = Look(tuple(merges), tuple((first, last) for first, last in hidden), tuple(bold), indents, blanks)
    listed = {where: tuple(values) for where, values in choices.items()}
    read, noted = ({cell[0]: _cell(*cell) for cell in one} for one in (cells, notes))
    return RawSheet(name, read, tuple(hidden_rows), protected, state, drawn, noted, listed)


def _cell(a1: str, kind: str, raw: str, formula: str | None, code: str, runs: list[list[str]], font: str) -> RawCell:
    return RawCell(a1, kind, raw, formula, code, tuple((text, own) for text, own in runs) if runs else (), font)
