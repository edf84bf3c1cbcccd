"""Sample plans and budgets (kế hoạch, dự toán) of 2025 and 2026: the province's and each commune's, with decisions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from registry.catalogue.forms import COMMUNE, PROVINCE_LEVEL
from registry.catalogue.model import PROVINCE, CommuneEntry, PlanFigure, PlanKind, Row, RowNature
from registry.catalogue.values import Aspect
from registry.sample import course, figures
from registry.sample.sources import communes, indicators, magnitudes, rows, swing

YEARS = (2025, 2026)


@dataclass(frozen=True, slots=True)
class Decision:
    """A document that gives plans."""

    number: str
    on: date
    since: date


_COUNCIL = {
    2025: Decision("NQ 19/NQ-HĐND", date(2025, 7, 16), date(2025, 1, 1)),
    2026: Decision("NQ 54/NQ-HĐND", date(2025, 12, 24), date(2026, 1, 1)),
}
_CENTRAL = {
    2025: Decision("QĐ của Thủ tướng Chính phủ (dữ liệu mẫu)", date(2024, 12, 4), date(2025, 1, 1)),
    2026: Decision("QĐ của Thủ tướng Chính phủ (dữ liệu mẫu)", date(2025, 12, 5), date(2026, 1, 1)),
}
_GIVEN_TO_COMMUNES = {
    2025: Decision("QĐ của UBND tỉnh (dữ liệu mẫu)", date(2025, 7, 20), date(2025, 7, 1)),
    2026: Decision("QĐ của UBND tỉnh (dữ liệu mẫu)", date(2025, 12, 30), date(2026, 1, 1)),
}
_ADJUSTMENT = Decision("NQ 21/NQ-HĐND (dữ liệu mẫu)", date(2026, 7, 15), date(2026, 7, 15))
_PUBLISHED = {  # SAMPLE_CATALOGUE 5.14 and the published figures
    ("TC01", Aspect.PLAN_CENTRAL, 2025): Decimal("13398.0"),
    ("TC01", Aspect.PLAN_COUNCIL, 2025): Decimal("16310.0"),
    ("TC14", Aspect.PLAN_COUNCIL, 2025): Decimal("73670"),
    ("NN01", Aspect.PLAN_COUNCIL, 2026): Decimal("135405.0"),
}
_RATIOS = {  # percent: 2025, 2026
    "XH06": ("5.50", "4.60"),
    "XH08": ("94.00", "95.00"),
    "XH11": ("92.0", "93.0"),
    "NC04": ("98.00", "98.50"),
}
_PLANNED_AS = {"TC07": "TC06"}  # kế hoạch vốn
_PARTS = {"TC02": "TC01", "TC03": "TC01", "TC04": "TC01"}  # planned with their total, never more than it


def plans() -> tuple[PlanFigure, ...]:
    """Every plan of the rows of KTXH-01 that have one."""
    return tuple(plan for year in YEARS for code, row in rows().items() for plan in _of_row(code, row, year))


def _of_row(code: str, row: Row, year: int) -> Iterator[PlanFigure]:
    if row.plan is PlanKind.NONE or code == "DANSO":
        return
    yield _province(code, row, year, Aspect.PLAN_COUNCIL, _COUNCIL[year])
    if row.plan is PlanKind.BUDGET and not code.startswith("TX"):
        yield _province(code, row, year, Aspect.PLAN_CENTRAL, _CENTRAL[year])
    if code == "TC01" and year == 2026:
        council = _value(code, Aspect.PLAN_COUNCIL, year)
        yield _figure(code, PROVINCE, year, Aspect.PLAN_COUNCIL, _times(council, Fraction(102, 100)), row, _ADJUSTMENT)
    if row.commune_entry is not CommuneEntry.ABSENT:
        yield from _communes(code, row, year)


def _province(code: str, row: Row, year: int, aspect: Aspect, decision: Decision) -> PlanFigure:
    return _figure(code, PROVINCE, year, aspect, _value(code, aspect, year), row, decision)


def _figure(
    code: str, subject: str, year: int, aspect: Aspect, value: Decimal, row: Row, decision: Decision
) -> PlanFigure:
    measure = row.measure if subject == PROVINCE else row.commune_measure
    return PlanFigure(code, subject, year, aspect, value, measure, decision.number, decision.on, decision.since)


def _value(code: str, aspect: Aspect, year: int) -> Decimal:
    if (code, aspect, year) in _PUBLISHED:
        return _PUBLISHED[code, aspect, year]
    if code in _RATIOS:
        return Decimal(_RATIOS[code][year - YEARS[0]])
    whole = _whole(code, PROVINCE, PROVINCE_LEVEL, year)
    if (total := _PARTS.get(code)) is not None:
        return _part(whole, _whole(total, PROVINCE, PROVINCE_LEVEL, year), _value(total, aspect, year))
    below = Fraction(82, 100) if aspect is Aspect.PLAN_CENTRAL else Fraction(1)
    return _times(whole, below * (1 + swing(Fraction(4, 100), "plan", code, year)))


def _part(whole: Decimal, of_total: Decimal, planned_total: Decimal) -> Decimal:
    """What a part is planned to bring where it brings ``whole`` of ``of_total``."""
    return _times(planned_total, Fraction(whole) / Fraction(of_total))


def _whole(code: str, unit: str, audience: str, year: int) -> Decimal:
    """What the year, or the season counted in it, really brings; of disbursement, the capital given."""
    code = _PLANNED_AS.get(code, code)
    if indicators()[code].nature in (RowNature.SEASON, RowNature.CROP_YEAR):
        season = rows()[code].season
        ends_later = season is not None and season.plan_year(year, 12) == year and season.crosses_the_year
        return figures.of_the_year(code, unit, audience, year + ends_later, 1)
    return figures.of_the_year(code, unit, audience, year, 12)


def _communes(code: str, row: Row, year: int) -> Iterator[PlanFigure]:
    if code in _RATIOS:
        for unit in communes():
            value = Decimal(_RATIOS[code][year - YEARS[0]])
            yield _figure(code, unit, year, Aspect.PLAN_COUNCIL, value, row, _GIVEN_TO_COMMUNES[year])
        return
    if code not in magnitudes():
        return
    for unit in communes():
        value = _of_commune(code, unit, year)
        if value:
            yield _figure(code, unit, year, Aspect.PLAN_COUNCIL, value, row, _GIVEN_TO_COMMUNES[year])


def _of_commune(code: str, unit: str, year: int) -> Decimal:
    whole, total = _whole(code, unit, COMMUNE, year), _PARTS.get(code)
    if total is not None:
        return _part(whole, _whole(total, unit, COMMUNE, year), _of_commune(total, unit, year))
    return _times(whole, 1 + swing(Fraction(12, 100), "plan", code, unit, year))


def _times(value: Decimal, factor: Fraction) -> Decimal:
    places = -int(value.as_tuple().exponent)
    return Decimal(int(course.round_half_up(Fraction(value) * factor, places) * 10**places)).scaleb(-places)
