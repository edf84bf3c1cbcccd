"""A clerk fills our workbook in LibreOffice set to Vietnamese, saves, uploads: both reckon the same."""

import io
from decimal import Decimal
from pathlib import Path

import pytest

from actions import distribute, openings, receive, submit
from actions.desk import Desk
from registry.catalogue.model import CellKind
from registry.catalogue.values import State
from registry.findings import Severity
from registry.sample.figures import inputs
from tests.actions.conftest import As
from tests.actions.test_month import situated, work_of
from tests.tools.office import office, typed
from tests.webui.conftest import ON_SQLITE
from workbook_templates.grid import Grid, place

pytestmark = [pytest.mark.office, ON_SQLITE]


def blank_workbook(clerk: Desk, folder: Path) -> tuple[Path, Grid]:
    one = situated(clerk)
    with clerk.read() as connection:
        made = distribute.make(clerk, clerk.snapshot(connection), one)
    path = folder / made.name
    path.write_bytes(made.data)
    return path, place(one.view)


def test_what_the_clerk_types_is_stored_and_totals_equal_libreoffices(at_desk: As, tmp_path: Path) -> None:
    openings.open_period(at_desk("vpub"), "KTXH", "202610")
    clerk = at_desk("easup")
    blank, grid = blank_workbook(clerk, tmp_path)
    one = situated(clerk)
    answers = {
        key: value
        for key, value in inputs(one.view, one.unit, one.period, one.context.background).items()
        if value.state is not State.BLANK
    }
    types = [f"--type={grid.sheet}!{grid.cells[key]}={typed(value)}" for key, value in answers.items()]
    computed = [key for key, spec in one.view.cells.items() if spec.kind is CellKind.COMPUTED]
    reads = [f"--read={grid.sheet}!{grid.cells[key]}" for key in computed]
    filled = tmp_path / "saved" / blank.name
    filled.parent.mkdir()
    locked = f"--expect-locked={grid.sheet}!{grid.cells[computed[0]]}"
    session = office(blank, locked, *types, *reads, "--save", str(filled))

    assert [one["refused"] for one in session["locked"]] == [True]
    assert [one for one in session["type"] if not one["accepted"]] == []
    number = receive.receive(clerk, io.BytesIO(filled.read_bytes()), filled.name, work_of(clerk).unit_id)
    verdict = receive.judge_upload(clerk, number)
    assert verdict.can_be_submitted, verdict.findings
    assert {key: verdict.values[key].amount for key in answers} == {key: answers[key].amount for key in answers}
    shown = {key: answer["values"][0][0] for key, answer in zip(computed, session["read"], strict=True)}
    assert {key: _figure(value) for key, value in shown.items()} == {
        key: _figure(verdict.values[key].amount) for key in computed
    }
    texts = {at: "đã đối chiếu" for at, found in enumerate(verdict.findings) if found.severity is Severity.WARNING}
    submit.submit(clerk, number, texts)
    assert work_of(clerk).version == 1


def _figure(value: object) -> Decimal | None:
    if value is None or value == "":
        return None
    exact = value if isinstance(value, Decimal) else Decimal(repr(value))
    return exact.quantize(Decimal("0.0001")).normalize() + 0
