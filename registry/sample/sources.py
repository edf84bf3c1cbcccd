"""The sources the sample is built from: the catalogue's CSV files, the size of each commune, the magnitudes."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path

from registry.catalogue import book, sheets
from registry.catalogue.model import Catalogue, Form, Indicator, Row, RowKind, Unit
from registry.catalogue.table import Table, exact

HERE = Path(__file__).parent
_CATALOGUE = HERE / "catalogue"


class BrokenSample(AssertionError):
    """A source of the sample does not read: a fault of ours."""


@cache
def base() -> Catalogue:
    """The sample catalogue without its plans."""
    reading = book.read(_tables(), exact)
    if reading.findings:
        raise BrokenSample("; ".join(map(repr, reading.findings)))
    return reading.catalogue


def _tables() -> dict[str, dict[str, Table]]:
    tables: dict[str, dict[str, Table]] = {name: {} for name in sheets.WORKBOOKS if name != "plans"}
    for path in sorted(_CATALOGUE.rglob("*.csv")):
        workbook, stem = path.relative_to(_CATALOGUE).with_suffix("").as_posix().rsplit(".", 1)
        tables.setdefault(workbook, {})[stem] = Table(stem, list(_lines(path)))
    return tables


def _lines(path: Path) -> Iterator[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.reader(file)


def _records(name: str) -> Iterator[dict[str, str]]:
    with (HERE / "data" / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


# --- units -----------------------------------------------------------------------------------------------------------


@cache
def communes() -> dict[str, Unit]:
    """The 102 communes and wards of today by code, in the official order."""
    return {unit.code: unit for unit in base().units if unit.kind.is_commune and unit.valid_to is None}


@cache
def areas() -> dict[str, int]:
    """km² by commune; beyond 350 it is forest that feeds no one's figures."""
    return {one["commune_code"]: min(round(Decimal(one["area_km2"])), 350) for one in _records("units_daklak.csv")}


def national_units() -> Iterator[dict[str, str]]:
    """All 3,321 communes of the country, for scale: columns of ``data/units_national.csv``."""
    return _records("units_national.csv")


# --- rows and magnitudes ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Magnitude:
    """How big an indicator is: its province value in 2025 and 2026 at the end of ``month``, and its course.

    ``course`` holds twelve weights (flows), twelve percentages done (seasons), "year" (fixed for the year) or
    one swing in points (indices); a derived indicator is ``ratio`` of another one, times its own course.
    """

    code: str
    month: int
    values: tuple[Fraction, Fraction]
    course: tuple[Fraction, ...]
    yearly: bool
    basis: str
    of: str
    ratio: Fraction


@cache
def magnitudes() -> dict[str, Magnitude]:
    """Magnitudes by indicator (SAMPLE_CATALOGUE 5.5, published figures where there are any)."""
    return {one["code"]: _magnitude(one) for one in _records("magnitudes.csv")}


def _magnitude(one: dict[str, str]) -> Magnitude:
    yearly = one["course"] == "year"
    return Magnitude(
        one["code"],
        int(one["month"] or 12),
        (Fraction(one["value2025"] or 0), Fraction(one["value2026"] or 0)),
        () if yearly else tuple(map(Fraction, one["course"].split())),
        yearly,
        one["basis"],
        one["of"],
        Fraction(one["ratio"] or 0),
    )


@cache
def form(code: str) -> Form:
    """A form of the sample."""
    return next(one for one in base().forms if one.code == code)


@cache
def rows() -> dict[str, Row]:
    """The data rows of KTXH-01 by indicator; the population, in no row, stands as one of the households'."""
    found = {row.indicator: row for row in form("KTXH-01").rows if row.kind is RowKind.DATA and row.indicator}
    people = next(row for row in found.values() if row.indicator == "XH07")
    return {**found, "DANSO": people}


@cache
def indicators() -> dict[str, Indicator]:
    """Indicators by code."""
    return {one.code: one for one in base().indicators}


def chance(*what: object) -> Fraction:
    """A number in [0, 1) that depends on nothing but its arguments."""
    seed = hashlib.blake2b("/".join(map(str, what)).encode(), digest_size=4).digest()
    return Fraction(int.from_bytes(seed, "big"), 2**32)


def swing(limit: Fraction, *what: object) -> Fraction:
    """A number in [-limit, limit) that depends on nothing but its arguments."""
    return (2 * chance(*what) - 1) * limit
