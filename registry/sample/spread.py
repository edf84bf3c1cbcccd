"""The province's sample figures divided among the communes: nothing lost in rounding, nothing where nothing grows."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from functools import cache

from registry.catalogue.model import RowNature, Unit, UnitKind
from registry.sample import course
from registry.sample.sources import areas, base, chance, communes, indicators, magnitudes, rows, swing

EAST = ("phia", "Khu vực phía Đông")
COAST = ("ven_bien", "ven biển")
FOREST = ("rung_trong", "có rừng trồng")
_NOISE = {RowNature.OCCURS: Fraction(8, 100), RowNature.POINT: Fraction(3, 1000)}  # month to month, within a commune


def _land(unit: Unit) -> Fraction:
    return areas()[unit.code] * (Fraction(35, 100) if unit.kind is UnitKind.WARD else Fraction(1))


def _western_land(unit: Unit) -> Fraction:
    grows = unit.kind is UnitKind.COMMUNE and not unit.in_group(*EAST)
    return _land(unit) if grows else Fraction(0)


def _people(unit: Unit) -> Fraction:
    return Fraction(14 if unit.kind is UnitKind.WARD else 7)


BASES: dict[str, Callable[[Unit], Fraction]] = {
    "land": _land,
    "scattered": _land,
    "cane": lambda unit: _land(unit) * (3 if unit.in_group(*EAST) and not unit.in_group(*COAST) else 1),
    "coffee": _western_land,
    "durian": _western_land,
    "forest": lambda unit: _land(unit) if unit.in_group(*FOREST) else Fraction(0),
    "sea": lambda unit: Fraction(10) if unit.in_group(*COAST) else Fraction(0),
    "ponds": lambda unit: Fraction(8 if unit.in_group(*COAST) else 1),
    "people": _people,
    "towns": lambda unit: Fraction(45 if unit.kind is UnitKind.WARD else 7),
    "poor": lambda unit: Fraction(2 if unit.kind is UnitKind.WARD else 4 if unit.in_group(*EAST) else 7),
}


@cache
def weights(basis: str) -> dict[str, int]:
    """A fixed whole weight for each commune."""
    share = BASES[basis]
    return {
        code: int(share(unit) * 100 * (1 + swing(Fraction(35, 100), "share", basis, code)))
        for code, unit in communes().items()
    }


def ticks_in_one(code: str) -> Fraction:
    """How many smallest steps of the communes' measure make one of the province's."""
    row = rows()[code]
    measures = {one.code: one for one in base().measures}
    shown = measures[row.commune_measure or row.measure]
    return Fraction(measures[row.measure].factor / shown.factor * 10 ** decimals(code))


def decimals(code: str) -> int:
    """Decimals of the communes' figures."""
    row = rows()[code]
    return row.decimals if row.commune_decimals is None else row.commune_decimals


@cache
def allotted(code: str, year: int, month: int) -> dict[str, int]:
    """Each commune's figure in smallest steps of its measure; together exactly the province's."""
    size = magnitudes()[code]
    if size.of:
        return _derived(code, year, month)
    total = int(course.province(code, year, month) * ticks_in_one(code))
    noise = Fraction(0) if size.yearly else _NOISE.get(indicators()[code].nature, Fraction(0))
    shares = {
        unit: 0
        if course.is_sparse(code, unit, year, month)
        else int(weight * 1000 * (1 + swing(noise, "month", code, unit, year, month)))
        for unit, weight in weights(size.basis).items()
    }
    return _divided(total, shares)


def _divided(total: int, shares: dict[str, int]) -> dict[str, int]:
    """Largest remainders."""
    whole = sum(shares.values())
    parts = {unit: divmod(total * share, whole) for unit, share in shares.items()}
    left = total - sum(part for part, _ in parts.values())
    first = set(sorted(parts, key=lambda unit: (-parts[unit][1], unit))[:left])
    return {unit: part + (unit in first) for unit, (part, _) in parts.items()}


def _derived(code: str, year: int, month: int) -> dict[str, int]:
    """A part of another figure: never more than it, and each commune's own share."""
    size = magnitudes()[code]
    done = size.course[month - 1] / 100 if size.course else Fraction(1)
    scale = ticks_in_one(code) / ticks_in_one(size.of)
    return {
        unit: int(whole * size.ratio * done * scale * (1 - chance("part", code, unit) * Fraction(2, 100)))
        for unit, whole in allotted(size.of, year, month).items()
    }


def in_commune_measure(code: str, ticks: int) -> Decimal:
    """Smallest steps as the figure a commune writes."""
    return Decimal(ticks).scaleb(-decimals(code))


def in_province_measure(code: str, ticks: Fraction | int) -> Decimal:
    """Smallest steps as the figure the province prints, rounded."""
    places = rows()[code].decimals
    rounded = course.round_half_up(Fraction(ticks) / ticks_in_one(code), places)
    return Decimal(int(rounded * 10**places)).scaleb(-places)
