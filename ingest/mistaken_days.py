"""Days kept as figures: ``6/8`` typed into a cell of figures is 46.240 there, and shown as such.

Nothing in the file tells such a figure from one that was meant. It is asked about where it lies far from all that is
known of its cell, and is the number of a day near the period.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal

from ingest.anchor import Anchored
from ingest.known import known_figures
from ingest.model import Case
from ingest.numbers import FIRST_DAY
from ingest.scale import SHARES
from ingest.text import Place
from ingest.thresholds import SPREAD, USUAL_INDEX
from registry.catalogue.forms import CellSpec
from registry.catalogue.measures import from_mantissa
from registry.catalogue.values import BLANK, CellKey, CellValue, State
from registry.findings import Finding
from vietnamese.dates import format_date
from vietnamese.numbers import format_number

CODE = "number-may-be-day"
_AROUND = timedelta(days=366)  # before the period and after it, of which people type a day without its year


def day_findings(
    case: Case,
    values: Mapping[CellKey, CellValue],
    anchored: Anchored,
    place: Callable[[CellKey], Place],
    *,
    date1904: bool,
) -> Iterator[Finding]:
    """Figures of a file that are the serial number of a day within a year of the period, and unlike all that is known.

    Of a cell nothing at all is known of, nothing is said.
    """
    period, inputs = case.context.period, case.context.view.inputs
    first = FIRST_DAY[date1904]
    least, most = (str((day - first).days) for day in (period.first - _AROUND, period.last + _AROUND))
    for key, cell in zip(inputs, map(anchored.cells.get, inputs), strict=True):
        if cell is None or not (least <= cell.raw <= most and len(cell.raw) == len(least) and cell.raw.isdigit()):
            continue
        spec, number = inputs[key], values.get(key, BLANK).number
        if cell.kind != "n" or cell.formula is not None or number != Decimal(cell.raw):
            continue
        known = _known(case, spec, values)
        if not known or min(known) / SPREAD <= number <= max(known) * SPREAD:
            continue
        day = first + timedelta(days=int(number))
        yield place(key).finding(
            CODE,
            found=format_number(number),
            measure=spec.measure,
            known=format_number(known[0], spec.decimals),
            day=format_date(day),
            typed=f"{day.day}/{day.month}",
        )


def _known(case: Case, spec: CellSpec, values: Mapping[CellKey, CellValue]) -> Sequence[Decimal]:
    """Sizes known of a cell, the most telling first: of earlier periods, else of other columns that hold its series."""
    sizes = [abs(one) for one in (*known_figures(case.context, spec), *_experienced(case, spec))]
    if sizes or spec.series is None:
        return sizes
    inputs = case.context.view.inputs
    others = (
        values.get(key, BLANK)
        for key, other in inputs.items()
        if key.row == spec.key.row and key != spec.key and (other.series, other.measure) == (spec.series, spec.measure)
    )
    sizes = [abs(one.number) for one in others if one.state is State.VALUE and one.number]
    return sizes or ([Decimal(USUAL_INDEX)] if spec.measure in SHARES else [])


def _experienced(case: Case, spec: CellSpec) -> Iterator[Decimal]:
    """The smallest and the largest usual figure of earlier periods."""
    past = case.experience.past.get(spec.key) if case.experience else None
    if past is None or not past.usual or spec.series is None:
        return
    definitions = case.context.view.definitions
    shown, canonical = definitions.measures[spec.measure], definitions.canonical(spec.series)
    yield from (from_mantissa(one, shown, canonical) for one in (past.usual[-1], past.usual[0]))
