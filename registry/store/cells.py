"""The values of a submission as one compressed blob, and the hash that tells two versions apart."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Mapping
from decimal import Decimal

import msgspec

from registry.catalogue.values import CellKey, CellValue, State

Address = tuple[str, str]  # (sheet, A1)
Cells = dict[CellKey, CellValue]
_STATES = {state.value: state for state in State}


def pack(values: Mapping[CellKey, CellValue], addresses: Mapping[CellKey, Address] | None = None) -> bytes:
    """Rows of [row, column, line, state, number, text, sheet, A1], compressed."""
    places = addresses or {}
    rows = [
        [*key, value.state, None if value.number is None else str(value.number), value.text, *places.get(key, ("", ""))]
        for key, value in values.items()
    ]
    return zlib.compress(msgspec.json.encode(rows), 6)


def unpack(blob: bytes) -> tuple[Cells, dict[CellKey, Address]]:
    """The inverse of `pack`; nothing of a blob whose content was destroyed."""
    values: Cells = {}
    addresses: dict[CellKey, Address] = {}
    if not blob:
        return values, addresses
    for row, column, line, state, number, text, sheet, a1 in msgspec.json.decode(zlib.decompress(blob)):
        key = CellKey(row, column, line)
        values[key] = CellValue(_STATES[state], None if number is None else Decimal(number), text)
        if a1:
            addresses[key] = (sheet, a1)
    return values, addresses


def sha(values: Mapping[CellKey, CellValue]) -> str:
    """Equal for equal values, whatever their order and trailing zeros."""
    rows = sorted(
        [
            *(str(part) for part in key),
            value.state,
            "" if value.number is None else str(value.number.normalize()),
            value.text or "",
        ]
        for key, value in values.items()
    )
    return hashlib.sha256(msgspec.json.encode(rows)).hexdigest()
