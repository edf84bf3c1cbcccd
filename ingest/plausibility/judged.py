"""The cells of a table that experience speaks against, and how often each check speaks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping

from ingest.anchor import Anchored
from ingest.cells import place_of
from ingest.experience import Experience
from ingest.model import Case
from ingest.plausibility.checks import grounds, look
from ingest.plausibility.watched import watched
from registry.catalogue.model import Column, Row
from registry.catalogue.values import CellKey, CellValue
from registry.findings import Finding


def implausible(
    case: Case, values: Mapping[CellKey, CellValue], anchored: Anchored, spoken_of: Collection[str] = ()
) -> Iterator[Finding]:
    """The cells of a table that experience speaks against, each with what it was compared with.

    ``spoken_of`` are the addresses of cells in which another check has found fault already.
    """
    known = case.experience
    if known is None:
        return
    view = case.context.view
    rows: dict[str, Row] = {}
    columns: dict[str, Column] = {}
    for cell in watched(view, case.context.period, case.context.frequency):
        told = look(cell, values, known)
        if told is None or told.code in known.off or anchored.addresses.get(cell.key) in spoken_of:
            continue
        if not rows:
            rows = {row.code: row for row, _ in view.rows}
            columns = {column.code: column for column in view.columns}
        place = place_of(anchored, cell.key, rows[cell.key.row], columns[cell.key.column])
        words = dict(told.words) | {"row_code": cell.key.row, "column_code": cell.key.column}
        yield place.finding(told.code, severity=told.severity, found=told.found, expected=told.expected, **words)


def asked(case: Case, values: Mapping[CellKey, CellValue]) -> Counter[str]:
    """Of each check the cells it had grounds to judge: what its hits are a share of."""
    known, counts = case.experience or Experience(), Counter[str]()
    for cell in watched(case.context.view, case.context.period, case.context.frequency):
        value, past = values.get(cell.key), known.past.get(cell.key)
        if value is None or value.amount is None:
            continue
        counts.update(grounds(cell, value.amount, past, known))
    return counts
