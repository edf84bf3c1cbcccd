"""Whether figures of the catalogue's workbooks can be kept: measures of one dimension, digits that fit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from registry.catalogue.codec import show_decimal
from registry.catalogue.forms import Definitions
from registry.catalogue.measures import MantissaOverflow, MeasureClash, NotRepresentable, to_mantissa
from registry.catalogue.model import Catalogue, HistoryFigure, PlanFigure
from registry.catalogue.places import Places
from registry.catalogue.sheets import Sheet
from registry.catalogue.table import key_of_record
from registry.catalogue.values import SeriesKey
from registry.findings import Finding, finding

_FAULTS: dict[type[ValueError], tuple[str, str]] = {  # finding, field
    MeasureClash: ("catalogue-measure-clash", "measure"),
    NotRepresentable: ("catalogue-figure-digits", "value"),
    MantissaOverflow: ("catalogue-figure-too-large", "value"),
}


def figure_findings(
    sheet: Sheet, figures: Iterable[PlanFigure | HistoryFigure], catalogue: Catalogue, places: Places
) -> Iterator[Finding]:
    """Figures that cannot be exact in their indicator's measure; names nothing bears are said elsewhere."""
    definitions = Definitions.of(catalogue)
    for one in figures:
        try:
            canonical = definitions.canonical(SeriesKey(one.indicator, one.aspect))
            shown = definitions.measures[one.measure]
        except KeyError:
            continue
        try:
            to_mantissa(one.value, shown, canonical)
        except tuple(_FAULTS) as fault:
            code, field = _FAULTS[type(fault)]
            yield finding(
                code,
                **places.where(sheet.stem, key_of_record(sheet, one), field),
                found=shown.code if field == "measure" else show_decimal(one.value),
                expected=canonical.code,
                measure=shown.code,
                indicator=one.indicator,
            )
