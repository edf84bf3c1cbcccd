"""Rows whose measure somebody changed for another scale of it: their figures in the form's measure, each named."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction

from ingest.anchor import Anchored
from ingest.known import is_like, known_figures
from ingest.model import RawCell
from ingest.printed import OtherMeasure
from ingest.text import row_name
from registry.catalogue.forms import CellSpec
from registry.catalogue.measures import times
from registry.catalogue.model import Row
from registry.catalogue.values import CellKey, CellValue
from registry.findings import Finding, finding
from registry.rules.context import Context
from registry.rules.lookup import looked_up
from vietnamese.numbers import format_number, stored_number

_MOST_TOLD = 6  # figures one finding tells


def ratios(context: Context, anchored: Anchored) -> dict[CellKey, Fraction]:
    """Of the cells whose figures are in another measure: how many of the form's one of it makes.

    Figures the workbook came with are as they were, and so is a row whose figures are like the known ones only as they
    stand: somebody wrote another measure beside them, no more.
    """
    found: dict[CellKey, Fraction] = {}
    for code, other in anchored.measures.items():
        typed = {
            key: cell
            for key, spec in context.view.inputs.items()
            if key.row == code and spec.measure == other.expected and (cell := anchored.cells.get(key))
        }
        if not any(_stands(context, context.view.inputs[key], cell, other.ratio) for key, cell in typed.items()):
            untouched = {key for key, cell in typed.items() if _is_prefilled(context, context.view.inputs[key], cell)}
            found |= {key: other.ratio for key in typed if key not in untouched}
    return found


def _stands(context: Context, spec: CellSpec, cell: RawCell, ratio: Fraction) -> bool:
    number = stored_number(cell.raw) if cell.kind == "n" else None
    if not number or _is_prefilled(context, spec, cell):
        return False
    known = known_figures(context, spec)
    return is_like(number, known) and not is_like(times(number, ratio) or Decimal(0), known)


def _is_prefilled(context: Context, spec: CellSpec, cell: RawCell) -> bool:
    return spec.prefill and cell.kind == "n" and stored_number(cell.raw) == looked_up(context, spec)


def measure_findings(
    anchored: Anchored, rows: Mapping[str, Row], values: Mapping[CellKey, CellValue], made: Mapping[CellKey, Fraction]
) -> Iterator[Finding]:
    """Each such row with its figures before and after; asked where nothing could be converted."""
    for code, other in anchored.measures.items():
        told = [
            f"{_before(anchored.cells[key])} → {format_number(number)}"
            for key in made
            if key.row == code and (number := values[key].number)
        ]
        where = {"sheet": anchored.sheet, "cell": other.address, "row": row_name(rows[code]), "row_code": code}
        if told:
            figures = "; ".join(told[:_MOST_TOLD]) + ("; …" if len(told) > _MOST_TOLD else "")
            yield _named("measure-row-converted", where, other, figures=figures)
        else:
            yield _named("measure-changed", where, other)


def _named(code: str, where: Mapping[str, str], other: OtherMeasure, **more: str) -> Finding:
    return finding(code, **where, found=other.said, expected=other.expected, **more)


def _before(cell: RawCell) -> str:
    number = stored_number(cell.raw) if cell.kind == "n" else None
    return cell.raw.strip() if number is None else format_number(number)
