"""A dashboard of eight panels over the province's communes and two years of months: its charts, and one picture;
then six panels over 3,321 units × 250 indicators × 24 months on PostgreSQL, 20 million figures, from the dense array.

The yardstick sends SQLite the same statements on a bare connection and fetches their rows; that of the large set is
the same dashboard without the array.
"""

import logging
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pysqlite3.dbapi2 as sqlite
from sqlalchemy import event

from actions import catalogues, cubes, openings, panels
from actions.console import open_desk
from actions.desk import Desk
from actions.instance import Instance, make
from actions.settings import Settings
from bench import paper, warehouse
from bench.harness import Effort, Measurement, compare, main
from compile.charts import draw
from compile.charts.png import png
from registry.catalogue.dashboards import Against, Dashboard, Extent, Kind, Panel
from registry.catalogue.model import GroupSet, Role
from registry.catalogue.values import Aspect, Nature, SeriesKey, State
from registry.periods import parse
from registry.sample import catalogue
from registry.store import dashboards, definitions, figures, people, units
from registry.store import openings as stored_openings
from registry.store.figures import NewFigure, Source
from registry.workflow.policy import Actor, Grant
from tests.tools import databases

NOW = datetime(2026, 10, 20, 9, tzinfo=paper.VIETNAM)
MONTHS = tuple(f"{year}{month:02d}" for year in (2025, 2026) for month in range(1, 13))[: 12 + 10]
_NARROW, _WIDE, _WHOLE = 340, 560, 1080
_STEP, _SPREAD = 7919, 100_000


def measure(effort: Effort) -> Iterator[Measurement]:
    """The default dashboard of who sees the whole province: all its charts at two widths, and a map as a picture."""
    logging.disable(logging.WARNING)
    with tempfile.TemporaryDirectory() as folder:
        instance = _instance(Path(folder))
        desk = Desk(instance, _monitor(instance), NOW)
        shown = panels.view(desk, 0, MONTHS[-1], _link).panels
        count = len([one for one in shown if one.chart])

        def page(_: int) -> None:
            for one in panels.view(desk, 0, MONTHS[-1], _link).panels:
                if one.chart is not None:
                    draw(one.chart, _NARROW)
                    draw(one.chart, _WIDE)

        bare = {"bare SQLite, the same statements": _statements(instance, desk)}
        yield compare(f"dashboard of {count} panels", page, bare, range(effort.rounds(9) + 1))
        tiles = next(one.chart for one in shown if one.panel.kind is Kind.TILES)
        assert tiles is not None
        drawn = draw(tiles, 1080, framed=True)
        yield compare("map of tiles as PNG", lambda _: png(drawn), {}, range(effort.rounds(9) + 1))
        instance.close()
    yield from _large(effort)


_KINDS = GroupSet("loai", "Loại", single=True)
_YEAR_BEFORE = frozenset({Against.SAME_PERIOD})
_LARGE = Dashboard(
    "bench",
    (
        Panel(Kind.TREND, ("CT001",), Extent.PROVINCE, span=13, against=_YEAR_BEFORE),
        Panel(Kind.COMPARISON, ("CT002", "CT003"), Extent.PROVINCE, to_date=True, against=_YEAR_BEFORE),
        Panel(Kind.TILES, ("CT004",), Extent.COMMUNES, to_date=True),
        Panel(Kind.RANKING, ("CT004",), Extent.COMMUNES, to_date=True),
        Panel(Kind.SHARE, ("CT005",), Extent.GROUPS, "loai"),
        Panel(Kind.TABLE, tuple(f"CT{number:03d}" for number in range(6, 14)), Extent.PROVINCE),
    ),
)


def _large(effort: Effort) -> Iterator[Measurement]:
    """All a page asks and draws, by the clock and in CPU time of this process."""
    size, indicators = (300, 50) if effort.quick else (3321, 250)
    folder = databases.make_folder()
    try:
        with databases.postgresql_database() as url, tempfile.TemporaryDirectory() as kept:
            environment = {"BAOCAO_INSTANCE": kept, "BAOCAO_DATABASE_URL": url}
            settings = replace(Settings.read(environment), second_factor=False)
            make(settings, NOW)
            instance = Instance.open(settings)
            key = _filled(instance, size, indicators)
            bare = Instance.open(replace(settings, files_root=Path(kept) / "bare"))
            with instance.store.read() as connection:
                cubes.cube_in(settings.files_root).refresh(connection)
            fast, slow = (Desk(one, _reader(one), NOW) for one in (instance, bare))
            named = f"6 panels over {size} units × {indicators} indicators × {len(warehouse.MONTHS)} months"
            for name, by_the_clock in (("by the clock", True), ("CPU", False)):
                yield compare(
                    f"{named}, {name}",
                    lambda _: _looked_at(fast, key),
                    {"without the array": lambda _: _looked_at(slow, key)},
                    range(effort.rounds(3) + 1),
                    by_the_clock=by_the_clock,
                )
            instance.close()
            bare.close()
    finally:
        databases.remove_folder(folder)


def _looked_at(desk: Desk, key: int) -> None:
    for one in panels.view(desk, key, warehouse.MONTHS[-1], _link).panels:
        assert one.chart is not None
        assert not one.chart.is_empty
        for width in (_WHOLE,) if one.panel.kind is Kind.TILES else (_NARROW, _WIDE):
            draw(one.chart, width)


def _filled(instance: Instance, size: int, indicators: int) -> int:
    """The catalogue and figures of ``bench.warehouse``, its communes in two groups; the dashboard's number."""
    communes = [warehouse.commune(number) for number in range(size)]
    grouped = tuple(replace(one, groups=(("loai", "ABC"[one.order % 3]),)) for one in communes)
    codes = tuple(f"CT{number:03d}" for number in range(indicators))
    made = warehouse.catalogue_of(grouped, codes)
    with instance.store.write() as connection:
        definitions.load(
            connection, replace(made, group_sets=(GroupSet("loai", "Loại", single=True),)), "bench", warehouse.AT
        )
        figures.put_series(connection, [SeriesKey(code) for code in codes])
        for code in warehouse.MONTHS:
            stored_openings.put_period(connection, parse(code))
        by = people.put_operator(connection, "bench")
        province = units.ids_by_key(connection)[made.units[0].key]
        key = dashboards.put(connection, province, _LARGE, by, warehouse.AT)
    warehouse.fill(instance.store, with_vintages=False)
    return key


def _reader(instance: Instance) -> Actor:
    """Somebody who sees the whole province."""
    with instance.store.write() as connection:
        person = people.put_operator(connection, "bench")
        known = units.ids_by_key(connection)
    province = next(key for (code, _), key in known.items() if code == "66")
    return Actor(person, "ioc", "ioc", (Grant(Role.MONITOR, province, frozenset(known.values())),))


def _link(*_: str) -> str:
    return ""


def _statements(instance: Instance, desk: Desk) -> Callable[[int], None]:
    said: list[tuple[str, Any]] = []

    def note(*given: Any) -> None:
        said.append((given[2], given[3]))

    event.listen(instance.store.engine, "before_cursor_execute", note)
    panels.view(desk, 0, MONTHS[-1], _link)
    event.remove(instance.store.engine, "before_cursor_execute", note)
    bare = sqlite.connect(instance.settings.root / "baocao.db")
    asked = [(statement, values) for statement, values in said if statement.startswith("SELECT")]

    def ask(_: int) -> None:
        for statement, values in asked:
            bare.execute(statement, values).fetchall()

    return ask


def _instance(folder: Path) -> Instance:
    settings = replace(Settings.read({"BAOCAO_INSTANCE": str(folder)}), second_factor=False)
    make(settings, NOW)
    instance = Instance.open(settings, durable=False)
    whole = catalogue()
    catalogues.put(open_desk(instance, None), replace(whole, plans=(), requests=()))
    openings.open_period(open_desk(instance, "vpub"), "KTXH", "202610")
    with instance.store.write() as connection:
        snapshot = Desk(instance, _monitor(instance), NOW).snapshot(connection)
        batch = figures.begin_import(connection, "history", "bench", "0" * 64, "bench", "bench", NOW)
        communes = [snapshot.unit_ids[one.code] for one in snapshot.catalogue.units if one.kind.is_commune]
        codes = [one.code for one in whole.indicators]
        for place, month in enumerate(MONTHS):
            new = [
                NewFigure(
                    SeriesKey(code, aspect), month, unit, unit, Nature.OFFICIAL, 1 + unit * place * _STEP % _SPREAD,
                    State.VALUE,
                )
                for code in codes
                for aspect in (Aspect.ACTUAL, Aspect.CUMULATIVE)
                for unit in communes
            ]  # fmt: skip
            figures.put(connection, new, Source(import_id=batch), NOW)
    return instance


def _monitor(instance: Instance) -> Any:
    with instance.store.read() as connection:
        person = people.find(connection, "ioc")
        assert person is not None
        return people.actor(connection, person.id, NOW.date())


if __name__ == "__main__":
    main(measure)
