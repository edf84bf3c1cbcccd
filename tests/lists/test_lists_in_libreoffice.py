"""A filled list opened in LibreOffice, a row put in, saved: both reckon the same."""

from __future__ import annotations

import io
from decimal import Decimal
from pathlib import Path

import pytest

from ingest.identity import identify
from ingest.judge import judge
from ingest.model import Case, Status
from ingest.reading import read_guarded
from registry.catalogue.model import CellKind
from registry.catalogue.values import CellKey
from registry.catalogue.words import written
from registry.rules.lines import lines_of
from tests.lists.orders import PROJECTS, SECRET, answers, grid, opened, order, project
from tests.tools.office import office
from workbook_templates.grid import a1
from workbook_templates.template import build

pytestmark = pytest.mark.office
LINES = [project("0012345"), project("7654321"), project("7654321", "Tiền sử dụng đất")]


def filled() -> bytes:
    """The blank workbook with three lines written into its unlocked cells."""
    at, book = grid(), opened(build(order(PROJECTS)))
    for n, line in enumerate(LINES, start=1):
        for code, value in line.items():
            key = CellKey("DA", code)
            figure = value.number
            book[at.sheet][at.address(key, n)] = (
                written(at.view, at.view.cells[key], value) if figure is None else figure
            )
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_row_is_put_between_three_lines_and_both_reckon_alike(tmp_path: Path) -> None:
    at, one = grid(), order(PROJECTS)
    blank, saved = tmp_path / "filled.xlsx", tmp_path / "saved.xlsx"
    blank.write_bytes(filled())
    totals = f"{at.sheet}!{a1(at.total_row, 1)}:{a1(at.total_row, at.last_column)}"
    first = f"{at.sheet}!{a1(at.first_row, 1)}:{a1(at.first_row, at.last_column)}"
    locked = f"--expect-locked={at.sheet}!{a1(at.total_row, at.columns['c13'])}"
    insert = f"--insert-row={at.sheet}!{at.first_row + 1}"
    answer = office(blank, locked, insert, "--read", totals, "--read", first, "--find-errors", "--save", str(saved))

    assert [one["refused"] for one in answer["locked"]] == [True]
    assert answer["errors"] == []
    extraction = read_guarded(saved.read_bytes(), "saved.xlsx")
    verdict = judge(extraction, identify(extraction, {1: SECRET}), Case(one.unit, one.context, one.rules))
    assert verdict.status is Status.ACCEPTED, verdict.findings
    assert {key: verdict.values[key] for key in answers(PROJECTS, LINES)} == answers(PROJECTS, LINES)
    assert verdict.addresses[CellKey("DA", "c01", 2)][1] == a1(at.first_row + 2, at.columns["c01"])

    shown = answer["read"][1]["values"][0]
    lines = lines_of(verdict.values)["DA"]
    for key, spec in at.view.cells.items():
        if spec.kind is CellKind.COMPUTED:
            assert _figure(shown[at.columns[key.column] - 1]) == _figure(lines[1][key].amount)
    added = answer["read"][0]["values"][0]
    summed = sum(line[CellKey("DA", "c13")].number or 0 for line in lines.values())
    assert _figure(added[at.columns["c13"] - 1]) == _figure(Decimal(summed))
    assert _figure(added[at.columns["c16"] - 1]) == _figure(Decimal("58.00"))


def _figure(value: object) -> Decimal | None:
    if value is None or value == "":
        return None
    exact = value if isinstance(value, Decimal) else Decimal(repr(value))
    return exact.quantize(Decimal("0.0001")).normalize() + 0
