"""Sample figures ("dữ liệu mẫu"): what a careful clerk would type, and the history that goes before it.

Everything follows from unit and period alone: the same call gives the same figures on any machine.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from functools import cache

from registry.catalogue.forms import COMMUNE, PROVINCE_LEVEL, View
from registry.catalogue.model import (
    PROVINCE,
    CommuneEntry,
    HistoryFigure,
    ProvinceValue,
    Row,
    RowNature,
    Unit,
)
from registry.catalogue.values import Aspect, CellKey, CellValue, Nature, SeriesKey, State
from registry.periods import Period, parse
from registry.rules.background import Background
from registry.sample import course, dossiers, lists, spread
from registry.sample.sources import base, communes, indicators, magnitudes, rows, swing

FIRST, LAST = "202501", "202608"  # history
SHOWN_LAST = "202610"  # agencies' own systems are ahead of the communes' reports
FIRST_OF_COMMUNES = "202507"  # communes exist from 01/7/2025, districts until the day before
INDEXES = (Aspect.INDEX_MONTH, Aspect.INDEX_YEAR, Aspect.INDEX_CUMULATIVE)
_GROWING = (RowNature.CUMULATIVE, RowNature.SEASON, RowNature.CROP_YEAR)
_REVISION = {  # how far an estimate may lie from what becomes official
    RowNature.OCCURS: Fraction(4, 100),
    RowNature.POINT: Fraction(5, 1000),
    RowNature.CUMULATIVE: Fraction(2, 100),
    RowNature.SEASON: Fraction(15, 1000),
    RowNature.CROP_YEAR: Fraction(15, 1000),
}
_LARGEST_REVISION = Fraction(6, 100)
_AGREEMENT = Fraction(9, 1000)  # between an agency's own figure and the sum of the communes
_DISAGREEING = {"NN14": Fraction(3, 100)}  # beyond the tolerance of K13, on purpose
_TTT_SHARE = Fraction(6, 100)  # citizens received at the province's own inspectorate


# --- one figure ------------------------------------------------------------------------------------------------------


def ticks(code: str, unit: str, year: int, month: int, nature: Nature = Nature.OFFICIAL) -> int:
    """A commune's figure in smallest steps of its measure: what becomes official, or the estimate before it."""
    actual = spread.allotted(code, year, month)[unit]
    if nature is Nature.OFFICIAL or magnitudes()[code].yearly:
        return actual
    kind = indicators()[code].nature
    revision = swing(_REVISION[kind], "revision", _root(code), unit, year, month)
    estimate = int(course.round_half_up(actual * (1 + revision)))
    if abs(estimate - actual) > _LARGEST_REVISION * actual:
        estimate = actual
    return max(estimate, _before(code, unit, year, month)) if kind in _GROWING else estimate


def _before(code: str, unit: str, year: int, month: int) -> int:
    """The cumulative figure a month earlier, nothing when the month begins the year or the season."""
    before = (year, month - 1) if month > 1 else (year - 1, 12)
    same_year = before[0] == year
    if indicators()[code].nature is not RowNature.CUMULATIVE:
        same_year = course.season_year(code, *before) == course.season_year(code, year, month)
    return spread.allotted(code, *before)[unit] if same_year else 0


def _root(code: str) -> str:
    above = magnitudes()[code].of
    return _root(above) if above else code


@cache
def province_figure(code: str, year: int, month: int, nature: Nature = Nature.OFFICIAL) -> Decimal:
    """The province's figure in its printed measure: an agency's own, or the communes' together."""
    value = rows()[code].province_value if code != "DANSO" else ProvinceValue.COMMUNES
    summed = value in (ProvinceValue.COMMUNES, ProvinceValue.AGENCY_AND_COMMUNES, ProvinceValue.ALL)
    if summed and code != "NC05":
        total = Fraction(sum(ticks(code, unit, year, month, nature) for unit in communes()))
        if value is ProvinceValue.AGENCY_AND_COMMUNES:
            total *= 1 + _DISAGREEING.get(code, swing(_AGREEMENT, "agency", code))
        return spread.in_province_measure(code, total)
    return _agency_figure(code, year, month, nature)


def _agency_figure(code: str, year: int, month: int, nature: Nature) -> Decimal:
    places = rows()[code].decimals
    actual = course.province(code, year, month)
    if nature is not Nature.OFFICIAL and not magnitudes()[code].yearly:
        kind = indicators()[code].nature
        actual *= 1 + swing(_REVISION[kind], "revision", _root(code), PROVINCE, year, month) / 2
        if kind is RowNature.CUMULATIVE and month > 1:
            actual = max(actual, course.province(code, year, month - 1))
    return Decimal(int(course.round_half_up(actual, places) * 10**places)).scaleb(-places)


def own_figure(code: str, unit: str, audience: str, year: int, month: int, nature: Nature) -> Decimal:
    """What a unit writes in the measure its audience sees."""
    if audience == COMMUNE:
        return spread.in_commune_measure(code, ticks(code, _twin(unit), year, month, nature))
    if code == "NC05":
        total = sum(ticks(code, one, year, month, nature) for one in communes())
        return Decimal(int(total * _TTT_SHARE))
    return province_figure(code, year, month, nature)


def _twin(unit: str) -> str:
    """The commune itself; for units of other provinces (scale tests) one of ours, always the same."""
    codes = list(communes())
    return unit if unit in communes() else codes[sum(unit.encode()) % len(codes)]


# --- what is typed ---------------------------------------------------------------------------------------------------


def inputs(view: View, unit: Unit, period: Period, background: Background) -> dict[CellKey, CellValue]:
    """What a careful clerk of a unit would type in every open cell of a form in a period.

    Figures are in the measures the workbook shows. Of II.06a the dossiers carried over are those the background
    knows as pending at the end of the period before.
    """
    if view.form.code == dossiers.FORM:
        return dossiers.inputs(view, unit, period, background)
    if view.lists:
        return lists.lines(view, unit, period)
    typed: dict[CellKey, CellValue] = {}
    for key, spec in view.inputs.items():
        if spec.series is None or spec.series.indicator not in magnitudes():
            continue
        number = _typed(spec.series, unit, view.row_set.audience, _shifted(period, spec.shift), spec.nature)
        typed[key] = _written(number, view.form.zeros_printed)
    return typed


def _written(number: Decimal, zeros_printed: bool) -> CellValue:
    if number:
        return CellValue(State.VALUE, number)
    return CellValue(State.ZERO, Decimal(0)) if zeros_printed else CellValue(State.NIL)


def _shifted(period: Period, shift: int) -> tuple[int, int]:
    months = 12 * period.year + period.last.month - 1 - shift
    return months // 12, months % 12 + 1


def _typed(series: SeriesKey, unit: Unit, audience: str, when: tuple[int, int], nature: Nature) -> Decimal:
    code, (year, month) = series.indicator, when
    if series.aspect in INDEXES:
        return _points(course.index(code, series.aspect, year, month))
    if series.aspect is Aspect.YEAR_ESTIMATE:
        return of_the_year(code, unit.code, audience, year, month)
    if series.aspect is Aspect.NEXT_YEAR_PLAN:
        this_year = of_the_year(code, unit.code, audience, year, month)
        return this_year if indicators()[code].nature is RowNature.INDEX else _grown(this_year, Fraction(103, 100))
    return own_figure(code, unit.code, audience, year, month, nature)


def _points(value: Fraction) -> Decimal:
    return Decimal(int(value * 100)).scaleb(-2)


def _grown(value: Decimal, factor: Fraction) -> Decimal:
    """Scaled, with the same decimals."""
    places = -int(value.as_tuple().exponent)
    return Decimal(int(course.round_half_up(Fraction(value) * factor, places) * 10**places)).scaleb(-places)


def of_the_year(code: str, unit: str, audience: str, year: int, month: int) -> Decimal:
    """What an indicator comes to in the whole year, or the whole season running in a month."""
    nature = indicators()[code].nature
    if nature is RowNature.INDEX:
        return _points(course.index(code, Aspect.INDEX_CUMULATIVE, year, 12))
    if nature is RowNature.OCCURS:
        months = (own_figure(code, unit, audience, year, one, Nature.OFFICIAL) for one in range(1, 13))
        return sum(months, Decimal(0))
    end = course.season_end(code, year, month) if nature in (RowNature.SEASON, RowNature.CROP_YEAR) else (year, 12)
    return own_figure(code, unit, audience, *end, Nature.OFFICIAL)


# --- history ---------------------------------------------------------------------------------------------------------


def history_rows(first: str = FIRST, last: str = LAST, shown_last: str = SHOWN_LAST) -> Iterator[HistoryFigure]:
    """Figures of earlier months: of the province all along, of districts before 07/2025, of communes since.

    Before that day the communes' rows are the former districts' sums; afterwards also what agencies say by commune
    (the grey rows of a commune's workbook), up to ``shown_last``. Dossiers of II.06a are given for 2025 and 20261.
    """
    period = parse(first)
    while period.code <= max(last, shown_last):
        if period.code <= last:
            yield from _of_province(period)
            yield from _of_districts(period) if period.code < FIRST_OF_COMMUNES else _of_communes(period)
        if FIRST_OF_COMMUNES <= period.code <= shown_last:
            yield from shown_rows(period)
        period = _next(period)
    yield from dossiers.history()


def _next(period: Period) -> Period:
    year, month = _shifted(period, -1)
    return parse(f"{year}{month:02d}")


def _open_rows(period: Period) -> Iterator[tuple[str, Row]]:
    return (
        (code, row)
        for code, row in rows().items()
        if code == "DANSO" or (code in magnitudes() and row.is_open(period.shape))
    )


def _series(code: str) -> SeriesKey:
    growing = indicators()[code].nature in _GROWING
    return SeriesKey(code, Aspect.CUMULATIVE if growing else Aspect.ACTUAL)


def _supplier(row: Row) -> str:
    return row.suppliers[0] if row.suppliers else "VPUB"


def _of_province(period: Period) -> Iterator[HistoryFigure]:
    year, month = period.year, period.last.month
    for code, row in _open_rows(period):
        reporting = "TKE" if code == "DANSO" else _supplier(row)
        if indicators()[code].nature is RowNature.INDEX:
            for aspect in INDEXES:
                if month > 1 or aspect is not Aspect.INDEX_CUMULATIVE:
                    value = _points(course.index(code, aspect, year, month))
                    yield HistoryFigure(*SeriesKey(code, aspect), period.code, PROVINCE, reporting, value, "%")
        else:
            value = province_figure(code, year, month)
            yield HistoryFigure(*_series(code), period.code, PROVINCE, reporting, value, row.measure)
            if row.province_value is ProvinceValue.ALL:  # the agency is one of those added up: it speaks for itself
                own = own_figure(code, reporting, PROVINCE_LEVEL, year, month, Nature.OFFICIAL)
                yield HistoryFigure(*_series(code), period.code, reporting, reporting, own, row.measure)
    insured = _percent(province_figure("XH07", year, month), province_figure("DANSO", year, month))
    yield HistoryFigure(*SeriesKey("XH08"), period.code, PROVINCE, "BHXH", insured, "%")


def _entered(row: Row) -> bool:
    return row.commune_entry in (CommuneEntry.ENTERS, CommuneEntry.SOME)


def _of_districts(period: Period) -> Iterator[HistoryFigure]:
    members = _districts()
    for code, row in _open_rows(period):
        if code == "DANSO" or not _entered(row):
            continue
        figures = spread.allotted(code, period.year, period.last.month)
        for district, units in members.items():
            value = spread.in_commune_measure(code, sum(figures[unit] for unit in units))
            yield HistoryFigure(*_series(code), period.code, district, district, value, row.commune_measure)


@cache
def _districts() -> dict[str, tuple[str, ...]]:
    """Communes by the former district they are counted with."""
    codes = {unit.name: unit.code for unit in base().units if unit.kind.value == "huyện"}
    found: dict[str, tuple[str, ...]] = dict.fromkeys(codes.values(), ())
    for unit in communes().values():
        district = codes[dict(unit.groups)["huyen_cu"]]
        found[district] += (unit.code,)
    return found


def _of_communes(period: Period) -> Iterator[HistoryFigure]:
    for code, row in _open_rows(period):
        if code == "DANSO" or not _entered(row):
            continue
        for unit in communes().values():
            if row.commune_group is None or unit.in_group(*row.commune_group):
                value = spread.in_commune_measure(code, ticks(code, unit.code, period.year, period.last.month))
                yield HistoryFigure(*_series(code), period.code, unit.code, unit.code, value, row.commune_measure)


def shown_rows(period: Period, nature: Nature = Nature.OFFICIAL) -> Iterator[HistoryFigure]:
    """What agencies say about each commune in a month: the grey rows (◐) of the communes' workbooks."""
    year, month = period.year, period.last.month
    for code, row in _open_rows(period):
        if code != "DANSO" and row.commune_entry is not CommuneEntry.SHOWN:
            continue
        reporting = "TKE" if code == "DANSO" else _supplier(row)
        for unit in communes():
            value = spread.in_commune_measure(code, ticks(code, unit, year, month, nature))
            yield HistoryFigure(*_series(code), period.code, unit, reporting, value, row.commune_measure, nature)
    for unit in communes():
        insured = _percent(
            Decimal(ticks("XH07", unit, year, month, nature)), Decimal(ticks("DANSO", unit, year, month, nature))
        )
        yield HistoryFigure(*SeriesKey("XH08"), period.code, unit, "BHXH", insured, "%", nature)


def _percent(part: Decimal, whole: Decimal) -> Decimal:
    return _points(course.round_half_up(Fraction(part) / Fraction(whole) * 100, 2))
