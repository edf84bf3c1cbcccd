"""A dashboard of eight panels over the province's communes and two years of months: its charts, and one picture.

The yardstick sends SQLite the same statements on a bare connection and fetches their rows.
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

from actions import catalogues, openings, panels
from actions.console import open_desk
from actions.desk import Desk
from actions.instance import Instance, make
from actions.settings import Settings
from bench import paper
from bench.harness import Effort, Measurement, compare, main
from compile.charts import draw
from compile.charts.png import png
from registry.catalogue.dashboards import Kind
from registry.catalogue.values import Aspect, Nature, SeriesKey, State
from registry.sample import catalogue
from registry.store import figures, people
from registry.store.figures import NewFigure, Source

NOW = datetime(2026, 10, 20, 9, tzinfo=paper.VIETNAM)
MONTHS = tuple(f"{year}{month:02d}" for year in (2025, 2026) for month in range(1, 13))[: 12 + 10]
_NARROW, _WIDE = 340, 560
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
