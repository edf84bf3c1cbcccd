"""An instance with the sample catalogue and KTXH 202610 open, and the command line at it."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import app
from actions import catalogues, console, distribute, instance, openings, people
from actions.cases import situation
from actions.console import open_desk
from actions.desk import Desk
from actions.instance import Instance
from actions.settings import Settings
from registry.catalogue.values import CellKey, CellValue, State
from registry.sample import catalogue
from registry.store import openings as stored
from registry.workflow.policy import Action
from vietnamese.dates import HO_CHI_MINH
from webui import commands

NOW = datetime(2026, 10, 15, 9, 0, tzinfo=HO_CHI_MINH)
EASUP = "24211"


@dataclass(frozen=True)
class Console:
    """The ``baocao`` command at an instance, as a terminal meets it."""

    root: Path

    @property
    def settings(self) -> Settings:
        """Those a terminal would give."""
        return Settings.read({"BAOCAO_INSTANCE": str(self.root)})

    def run(self, *words: object, given: str | None = None) -> Result:
        """Run one command; a programming mistake comes out as what it is."""
        shell = commands.Shell(self.settings, app.create_app)
        result = CliRunner().invoke(commands.baocao, [str(word) for word in words], obj=shell, input=given)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    def json(self, *words: object, code: int = 0) -> Any:
        """What a command answers on standard output."""
        result = self.run(*words)
        assert result.exit_code == code, result.output
        return json.loads(result.stdout)

    def open(self) -> Instance:
        """The instance, for looking inside."""
        return Instance.open(self.settings)

    def filled(self, folder: Path, number: str = "120", unit: str = EASUP, **changed: CellValue) -> Path:
        """A unit's workbook of 202610 with every figure ``number`` except those named ``NN01_c06``."""
        opened = self.open()
        desk = open_desk(opened, None)
        with desk.read() as connection:
            snapshot = desk.snapshot(connection)
            works = stored.work(connection, desk.scope(Action.SEE_BOARD), regime="KTXH", period_code="202610")
            work = next(work for work in works if snapshot.units_by_id[work.unit_id].code == unit)
            one = situation(connection, snapshot, work)
        answers = {key: CellValue(State.VALUE, Decimal(number)) for key in one.view.inputs} if number else {}
        answers |= {CellKey(*name.split("_")): value for name, value in changed.items()}
        made = distribute.make(desk, snapshot, one, answers)
        opened.close()
        folder.mkdir(exist_ok=True)
        (folder / made.name).write_bytes(made.data)
        return folder / made.name


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The instance every test gets a copy of."""
    root = tmp_path_factory.mktemp("commands") / "instance"
    settings = Settings.read({"BAOCAO_INSTANCE": str(root)})
    instance.make(settings, NOW)
    opened = Instance.open(settings)
    catalogues.put(open_desk(opened, None), catalogue())
    office = people.operator_for(opened, "vpub", NOW)
    openings.open_period(Desk(opened, office, NOW, "cli"), "KTXH", "202610")
    opened.close()
    return root


@pytest.fixture(scope="session")
def exported(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its catalogue as workbooks, to be read only."""
    folder = tmp_path_factory.mktemp("exported")
    shutil.copytree(prepared, folder / "instance")
    assert Console(folder / "instance").run("catalogue", "export", folder / "catalogue").exit_code == 0
    return folder / "catalogue"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """The shells' clock stands still while KTXH 202610 is being answered."""
    monkeypatch.setattr(console, "now", lambda: NOW)
    monkeypatch.setattr(instance, "now", lambda: NOW)


@pytest.fixture
def baocao(prepared: Path, tmp_path: Path, clock: None) -> Console:
    """The command line at a fresh copy of the prepared instance."""
    shutil.copytree(prepared, tmp_path / "instance")
    return Console(tmp_path / "instance")
