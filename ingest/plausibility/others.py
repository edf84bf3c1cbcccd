"""What concerns another unit is the receiver's business alone: figures two units can hardly share by chance."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from ingest.plausibility.checks import digits
from ingest.plausibility.told import SAME_AS_ANOTHER
from ingest.plausibility.watched import Watched
from ingest.text import row_name
from ingest.thresholds import TELLING_DIGITS
from registry.catalogue.forms import View
from registry.catalogue.values import CellKey, CellValue, SeriesKey
from registry.findings import Finding, finding
from registry.periods import Period

_EXAMPLES = 3


def telling(
    cells: Iterable[Watched], values: Mapping[CellKey, CellValue]
) -> dict[tuple[str, SeriesKey], tuple[int, Watched]]:
    """The amounts two units can hardly share by chance, each with its cell, by period code and series."""
    found = {}
    for cell in cells:
        value = values.get(cell.key)
        if value is not None and value.number is not None and digits(value.number) >= TELLING_DIGITS:
            found[cell.period.code, cell.series] = (int(value.number / cell.step), cell)
    return found


def same_as_another(
    view: View, period: Period, other: str, shared: Sequence[Watched], values: Mapping[CellKey, CellValue]
) -> Finding:
    """A unit's figures that are another's too, with some of them to look at."""
    labels = {row.code: row_name(row) for row, _ in view.rows}
    examples = (
        f"{labels[cell.key.row]} {cell.said(number)}"
        for cell in shared[:_EXAMPLES]
        if (number := values[cell.key].number) is not None
    )
    return finding(SAME_AS_ANOTHER, count=len(shared), period=period.label, other=other, found="; ".join(examples))
