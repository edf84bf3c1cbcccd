"""``baocao cube rebuild`` makes the dense array; what writes figures then has it refreshed by a job."""

from __future__ import annotations

from decimal import Decimal

from actions import cubes, work
from actions.catalogues import load_history
from actions.console import open_desk
from registry.catalogue.model import HistoryFigure
from registry.catalogue.values import Aspect, SeriesKey
from registry.rules.background import Need
from registry.store.warehouse import summed
from tests.commands.conftest import EASUP, Console


def test_the_array_is_made_by_a_command_and_follows_what_is_written(baocao: Console) -> None:
    history = HistoryFigure("NN14", Aspect.ACTUAL, "", "202601", EASUP, EASUP, Decimal(5), "con")
    opened = baocao.open()
    desk = open_desk(opened, None)
    load_history(desk, [history], "NG 2025", "Nguyễn Văn Bình")
    assert not work.run_one(opened, [cubes.CUBE])  # nobody asked for an array yet
    assert "kỳ" in baocao.run("cube", "rebuild").output
    load_history(desk, [history], "NG 2026", "Nguyễn Văn Bình")
    cube, need = cubes.cube_in(opened.settings.files_root), Need(SeriesKey("NN14"), "202601")
    with desk.read() as connection:
        subject = desk.snapshot(connection).unit_ids[EASUP]
        assert cube.sums(connection, [subject], [need]) is None
    assert work.run_one(opened, [cubes.CUBE])
    with desk.read() as connection:
        found = cube.sums(connection, [subject], [need])
        assert found == summed(connection, [subject], [need])
        assert found is not None
        assert found[need].mantissa == 5
    opened.close()
