"""What the province's values of other periods were, from every figure row of those periods."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from compile.contributions import STRENGTH
from compile.model import FigureRow
from compile.ratios import ratio_needs
from compile.totals import ADDED
from registry.catalogue.forms import Definitions, View, province_row_set
from registry.catalogue.measures import MANTISSA_LIMIT
from registry.catalogue.model import Form, Frequency, PeriodShape, ProvinceValue, Row, Unit, UnitKind
from registry.catalogue.values import Known, Nature, SeriesKey, State
from registry.periods import Period
from registry.rules.background import Background, Need


def province_needs(form: Form, period: Period, frequency: Frequency, definitions: Definitions) -> frozenset[Need]:
    """Every figure of other periods the province's table of ``form`` leans on."""
    from registry.rules.needs import needs

    view = View(form, period.shape, province_row_set(form, period.shape), definitions)
    return needs(view, period, frequency) | ratio_needs(view, period, frequency)


def province_background(
    needs: Iterable[Need],
    figures: Iterable[FigureRow],
    forms: Iterable[tuple[Form, PeriodShape]],
    definitions: Definitions,
    province: Unit,
    units: Mapping[str, Unit],
) -> Background:
    """Answer ``needs`` about the province the way its table is compiled: sums where a row adds, else who speaks.

    ``figures`` are all rows of the needed series and periods, whatever their subject. Every unit's best nature is
    taken; a sum is as strong as its weakest part. Where a summed row has no figures of units (before they
    existed), a figure about the province itself, loaded as history, stands in. What nobody knows stays absent.
    """
    row_of = _rows_by_series(forms, definitions)
    held: dict[Need, list[FigureRow]] = {}
    for figure in figures:
        if figure.state.is_number:
            held.setdefault(Need(figure.series, figure.period), []).append(figure)
    known: dict[Need, Known] = {}
    for need in needs:
        value = _value(held.get(need, []), row_of.get(need.series), province, units)
        if value is not None:
            known[need] = value
    return Background(known)


def _rows_by_series(forms: Iterable[tuple[Form, PeriodShape]], definitions: Definitions) -> dict[SeriesKey, Row]:
    found: dict[SeriesKey, Row] = {}
    for form, shape in forms:
        view = View(form, shape, province_row_set(form, shape), definitions)
        rows = {row.code: row for row in form.rows}
        for key, spec in view.cells.items():
            if spec.series is not None:
                found.setdefault(spec.series, rows[key.row])
    return found


def _value(figures: list[FigureRow], row: Row | None, province: Unit, units: Mapping[str, Unit]) -> Known | None:
    if row is not None and row.province_value in ADDED:
        total = _sum([one for one in figures if _is_added(one, row, units)])
        if total is not None:
            return total
    order = {code: place for place, code in enumerate(row.suppliers)} if row is not None else {}
    about = [one for one in figures if one.subject == province.code]
    best = min(about, key=lambda one: (order.get(one.reporting, len(order)), -STRENGTH[one.nature]), default=None)
    return Known(best.mantissa, best.nature, best.state) if best else None


def _is_added(figure: FigureRow, row: Row, units: Mapping[str, Unit]) -> bool:
    unit = units.get(figure.subject)
    if unit is None or figure.subject != figure.reporting:
        return False
    return unit.kind.is_commune or (row.province_value is ProvinceValue.ALL and unit.kind is not UnitKind.PROVINCE)


def _sum(figures: list[FigureRow]) -> Known | None:
    best: dict[str, FigureRow] = {}
    for one in figures:
        held = best.get(one.subject)
        if held is None or STRENGTH[one.nature] >= STRENGTH[held.nature]:
            best[one.subject] = one
    if not best or sum(abs(one.mantissa) for one in best.values()) >= MANTISSA_LIMIT:
        return None
    mantissa = sum(one.mantissa for one in best.values())
    weakest = min((one.nature for one in best.values()), key=list(Nature).index)
    nil = all(one.state is State.NIL for one in best.values())
    return Known(mantissa, weakest, State.NIL if nil else State.VALUE if mantissa else State.ZERO)
