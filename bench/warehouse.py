"""The warehouse with 3,321 units × 250 indicators × 24 months on PostgreSQL, by the clock: 20 million figures.

The yardsticks are the same sums over an array held in memory, and bare statements on the same database.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from fractions import Fraction
from pathlib import Path

import numpy as np
from sqlalchemy import Connection, text

from bench.harness import Effort, Measurement, compare, main
from registry.catalogue.chronicle import Chronicle
from registry.catalogue.measures import Measure
from registry.catalogue.model import (
    Accumulation,
    Aggregation,
    Catalogue,
    Column,
    Form,
    Indicator,
    Row,
    RowNature,
    Unit,
    UnitKind,
)
from registry.catalogue.values import Nature, SeriesKey, State
from registry.periods import parse
from registry.rules.answers import Ask
from registry.rules.background import Need
from registry.rules.courses import Look
from registry.store import definitions, figures, openings, units
from registry.store.cube import Cube
from registry.store.definitions import Snapshot
from registry.store.engine import Store
from registry.store.figures import NewFigure, Source
from registry.store.warehouse import Warehouse, summed
from registry.workflow.policy import EVERYWHERE
from tests.tools import databases

BORN, AT = date(2020, 1, 1), datetime(2026, 1, 5, tzinfo=UTC)
MONTHS = tuple(f"{year}{month:02d}" for year in (2024, 2025) for month in range(1, 13))
LAST = parse(MONTHS[-1])
_KEYS = (
    ("figure", "pk_figure", "period_id, series_id, subject_id, nature, vintage"),
    ("figure_now", "pk_figure_now", "period_id, series_id, subject_id, nature"),
)


def measure(effort: Effort) -> Iterator[Measurement]:
    """Province sums from the array and from SQL, an approval of 1,000 figures, a unit's year."""
    size, indicators = (300, 50) if effort.quick else (3321, 250)
    folder = databases.make_folder()
    try:
        with databases.postgresql_database() as url, tempfile.TemporaryDirectory() as kept:
            store = Store(url)
            yield from _Bench(store, Path(kept), size, indicators).measured(effort.rounds(7))
            store.close()
    finally:
        databases.remove_folder(folder)


class _Bench:
    def __init__(self, store: Store, folder: Path, size: int, indicators: int) -> None:
        self.store, self.cube = store, Cube(folder / "cube")
        self.units = tuple(commune(number) for number in range(size))
        self.codes = tuple(f"CT{number:03d}" for number in range(indicators))
        catalogue = catalogue_of(self.units, self.codes)
        with store.write() as connection:
            definitions.load(connection, catalogue, "bench", AT)
            figures.put_series(connection, [SeriesKey(code) for code in self.codes])
            for code in MONTHS:
                openings.put_period(connection, parse(code))
            figures.begin_import(connection, "history", "bench", "0" * 64, "bench", "bench", AT)
        fill(store)
        with store.read() as connection:
            self.snapshot: Snapshot = definitions.snapshot(connection, date(2026, 1, 5))
            self.ids = units.ids_by_key(connection)
            self.cube.refresh(connection)
        self.chronicle = Chronicle(catalogue.units)
        self.array = np.random.default_rng(1).integers(0, 10**6, (len(MONTHS), indicators, size), dtype=np.int64)

    def measured(self, rounds: int) -> Iterator[Measurement]:
        turns = range(rounds + 1)
        named = f"{len(self.units)} units × {len(self.codes)} indicators"
        in_memory = {"numpy, the same array in memory": self._in_memory}
        yield compare(
            f"{named}, year to date and a year before, array", self._from_array, in_memory, turns, by_the_clock=True
        )
        yield compare(f"{named}, one period, SQL", self._by_sql, {"bare SQL": self._bare_sum}, turns, by_the_clock=True)
        yield compare(
            "1,000 figures approved", self._approved, {"bare SQL, counting the unit's": self._bare_unit}, turns,
            by_the_clock=True,
        )  # fmt: skip
        yield compare(
            f"a unit's year of {len(self.codes)} indicators", self._year, {"bare SQL": self._bare_unit}, turns,
            by_the_clock=True,
        )  # fmt: skip

    def _warehouse(self, connection: Connection) -> Warehouse:
        return Warehouse(connection, EVERYWHERE, self.snapshot, self.chronicle, None, self.cube)

    def _from_array(self, _: int) -> None:
        looks = (Look.IN_PERIOD, Look.SAME_PERIOD, Look.TO_DATE, Look.TO_DATE_SAME_PERIOD)
        with self.store.read() as connection:
            asked = [Ask(code, look) for code in self.codes for look in looks]
            found = self._warehouse(connection).totals([unit.key for unit in self.units], asked, LAST)
        assert all(one.is_comparable for one in found.values())

    def _in_memory(self, _: int) -> None:
        sums = self.array.sum(axis=2)
        assert sums[:12].sum(axis=0).shape == sums[12:].sum(axis=0).shape == (len(self.codes),)

    def _by_sql(self, turn: int) -> None:
        needs = [Need(SeriesKey(code), MONTHS[turn]) for code in self.codes]
        with self.store.read() as connection:
            found = summed(connection, [self.ids[unit.key] for unit in self.units], needs)
        assert len(found) == len(self.codes)

    def _bare_sum(self, turn: int) -> None:
        statement = "SELECT series_id, sum(mantissa) FROM figure_now WHERE period_id = :period GROUP BY series_id"
        with self.store.read() as connection:
            assert len(connection.execute(text(statement), {"period": turn + 1}).all()) == len(self.codes)

    def _approved(self, turn: int) -> None:
        subject = self.ids[self.units[turn].key]
        months = [f"2026{month:02d}" for month in range(1, 1 + 1000 // len(self.codes))][:12]
        new = [
            NewFigure(SeriesKey(code), month, subject, subject, Nature.ESTIMATE, turn, State.VALUE)
            for month in months
            for code in self.codes
        ]
        with self.store.write() as connection:
            figures.put(connection, new, Source(import_id=1), AT)

    def _year(self, turn: int) -> None:
        unit, months = self.units[turn].key, [parse(code) for code in MONTHS[12:]]
        with self.store.read() as connection:
            warehouse = self._warehouse(connection)
            asked = [(Ask(code), month) for code in self.codes for month in months]
            asked += [(Ask(code, Look.TO_DATE), months[-1]) for code in self.codes]
            found = warehouse.answers({unit: (unit,)}, asked)[unit]
        assert len(found) == 13 * len(self.codes)

    def _bare_unit(self, turn: int) -> None:
        statement = "SELECT series_id, period_id, nature, mantissa FROM figure_now WHERE subject_id = :subject"
        with self.store.read() as connection:
            connection.execute(text(statement), {"subject": self.ids[self.units[turn].key]}).all()


def commune(number: int) -> Unit:
    return Unit(f"X{number:04d}", f"Xã {number}", UnitKind.COMMUNE, "66", number + 1, BORN, BORN)


def catalogue_of(communes: tuple[Unit, ...], codes: tuple[str, ...]) -> Catalogue:
    province = Unit("66", "Tỉnh", UnitKind.PROVINCE, None, 0, BORN, BORN)
    indicators = tuple(
        Indicator(code, code, "ha", RowNature.OCCURS, Accumulation.ADD, Aggregation.SUM, concept=code) for code in codes
    )
    rows = tuple(Row(code, "", code, indicator=code, measure="ha", decimals=1) for code in codes)
    return Catalogue(
        measures=(Measure("ha", "diện tích", Fraction(10000), 2, False),),
        units=(province, *communes),
        indicators=indicators,
        forms=(Form("BENCH", "BENCH", "", "", rows, (Column("c06", "1", ("Tháng",)),)),),
    )


_VALUE = "(unit.id * 7919 + series.id * 104729 + :period * 31) % 1000000"
_ALL = "FROM series, unit WHERE unit.code LIKE 'X%' ORDER BY unit.id, series.id"
_FIGURE = (
    "INSERT INTO figure (period_id, series_id, subject_id, nature, vintage, reporting_id, mantissa, state, import_id,"
    f" approved_at, authority) SELECT :period, series.id, unit.id, 2, 1, unit.id, {_VALUE}, 0, 1, now(), 0 {_ALL}"
)
_FIGURE_NOW = (
    "INSERT INTO figure_now (period_id, series_id, subject_id, nature, reporting_id, authority, vintage, mantissa,"
    f" state) SELECT :period, series.id, unit.id, 2, unit.id, 0, 1, {_VALUE}, 0 {_ALL}"
)


def fill(store: Store, *, with_vintages: bool = True) -> None:
    """Every figure of every commune, written by the database itself: keys are made after the rows are there."""
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(
            text("SET session_replication_role = replica")
        )  # what is written here refers to what is there
        connection.execute(text("DROP INDEX ix_figure_now_subject"))
        for table, key, _ in _KEYS:
            connection.execute(text(f"ALTER TABLE {table} DROP CONSTRAINT {key}"))
        periods = connection.execute(text("SELECT id FROM period ORDER BY ends")).scalars().all()
        for period in periods:  # month by month, unit by unit, as they are approved
            if with_vintages:
                connection.execute(text(_FIGURE), {"period": period})
            connection.execute(text(_FIGURE_NOW), {"period": period})
        for table, key, columns in _KEYS:
            connection.execute(text(f"ALTER TABLE {table} ADD CONSTRAINT {key} PRIMARY KEY ({columns})"))
        connection.execute(text("CREATE INDEX ix_figure_now_subject ON figure_now (subject_id, series_id, period_id)"))
        connection.execute(text("VACUUM ANALYZE figure"))
        connection.execute(text("VACUUM ANALYZE figure_now"))


if __name__ == "__main__":
    main(measure)
