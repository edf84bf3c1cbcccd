"""LibreOffice as the clerk's program: printing, locked cells, Vietnamese typing, recalculation."""

from __future__ import annotations

import subprocess
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from registry.catalogue.model import CellKind
from registry.catalogue.values import CellKey, State
from registry.rules.evaluate import compute
from tests.templates import real_orders
from tests.tools.office import office, typed
from workbook_templates.filling import prefilled
from workbook_templates.grid import a1, place
from workbook_templates.order import Order
from workbook_templates.template import build
from workbook_templates.token import CELL_PREFIX

pytestmark = pytest.mark.office


def table(answer: dict[str, Any], first_column: int) -> dict[str, Any]:
    """Values by A1 of the one range read, which starts in row 1."""
    return {
        a1(row, first_column + i): value
        for row, values in enumerate(answer["read"][0]["values"], start=1)
        for i, value in enumerate(values)
    }


@pytest.mark.parametrize(("form", "unit", "period"), [("KTXH-01", "24211", "202610"), ("II.06a", "24133", "20263")])
def test_what_is_typed_is_reckoned_as_the_server_reckons_it(form: str, unit: str, period: str, tmp_path: Path) -> None:
    order = real_orders.order(form, unit, period)
    grid, context = place(order.context.view), order.context
    answers = {key: value for key, value in real_orders.answers(order).items() if value.state is not State.BLANK}
    blank = tmp_path / "blank.xlsx"
    blank.write_bytes(build(order))
    types = [f"--type={grid.sheet}!{grid.cells[key]}={typed(value)}" for key, value in answers.items()]
    whole = f"{grid.sheet}!A1:{a1(grid.last_row, grid.check_column)}"
    answer = office(blank, *types, "--read", whole, "--find-errors")

    assert [one for one in answer["type"] if not one["accepted"]] == []
    assert answer["errors"] == []
    shown = table(answer, 1)
    expected = compute(context, prefilled(context) | answers)
    computed = [key for key, spec in grid.view.cells.items() if spec.kind is CellKind.COMPUTED]
    reckoned = {key: _figure(shown[grid.cells[key]]) for key in computed}
    assert reckoned == {key: _rounded(expected[key].amount) for key in computed}


def _figure(value: Any) -> Decimal | None:
    return None if value == "" else Decimal(repr(value)).quantize(Decimal("0.0001")).normalize()


def _rounded(amount: Decimal | None) -> Decimal | None:
    return None if amount is None else amount.quantize(Decimal("0.0001")).normalize()


def test_locked_cells_refuse_and_inputs_judge_what_is_typed(tmp_path: Path) -> None:
    order = real_orders.order("KTXH-01", "24211", "202610", seed=None)
    grid = place(order.context.view)
    blank = tmp_path / "blank.xlsx"
    blank.write_bytes(build(order))

    def at(row: str, column: str) -> str:
        return f"{grid.sheet}!{grid.cells[CellKey(row, column)]}"

    locked = [at("NN12", "c02"), at("NN12", "c07"), at("NN07", "c07"), f"{grid.sheet}!{grid.identity}"]
    locked += [f"{grid.sheet}!{a1(grid.rows['NN12'], column)}" for column in (1, 2, 3, 4)]
    wrong = [f"{at('NN12', 'c06')}=chín tấn", f"{at('NN12', 'c05')}=-5", f"{at('NN13', 'c06')}=1,5"]
    right = [f"{at('TX01', 'c07')}=-1.234,5", f"{at('NN07', 'c06')}=1.234,5", f"{at('NN13', 'c05')}=-"]
    options = [f"--expect-locked={one}" for one in locked] + [f"--type={one}" for one in (*wrong, *right)]
    answer = office(blank, *options, "--find-errors")

    assert [one["refused"] for one in answer["locked"]] == [True] * len(locked)
    assert [one["refused_by"] for one in answer["type"][:3]] == ["validation"] * 3
    assert [one["accepted"] for one in answer["type"][3:]] == [True] * 3
    assert [one["value"] for one in answer["type"][3:5]] == [-1234.5, 1234.5]
    assert answer["errors"] == []
    assert all(sheet["protected"] for sheet in answer["info"]["sheets"])


def test_a_broken_check_speaks_beside_its_row(tmp_path: Path) -> None:
    order = real_orders.order("II.06a", "24211", "20263", seed=None)
    grid = place(order.context.view)
    blank = tmp_path / "blank.xlsx"
    blank.write_bytes(build(order))
    row = grid.rows["HT"]
    figures = {"c04": 10, "c05": 0, "c06": 0, "c08": 9, "c09": 0, "c10": 0, "c12": 5, "c13": 0}
    types = [f"--type={grid.sheet}!{a1(row, grid.columns[code])}={figure}" for code, figure in figures.items()]
    check = f"{grid.sheet}!{a1(row, grid.check_column)}:{a1(row, grid.check_column)}"
    answer = office(blank, *types, "--read", check)
    assert "không bằng" in answer["read"][0]["values"][0][0]


@pytest.mark.parametrize(("form", "unit"), [("KTXH-01", "24211"), ("KTXH-01", "SNNMT"), ("II.06a", "24211")])
def test_it_prints_one_page_wide_with_the_whole_head_and_foot(form: str, unit: str, tmp_path: Path) -> None:
    order = real_orders.order(form, unit, "202610" if form == "KTXH-01" else "20263")
    pages = printed(order, tmp_path)
    grid = place(order.context.view)
    form_pages = [page for page in pages if "HƯỚNG DẪN" not in page and grid.view.form.official_number in page]
    assert len(form_pages) == 1, "the head is on one page only: nothing is cut off to the right"
    words = "\n".join(pages)
    assert CELL_PREFIX + order.token in words
    assert "THỦ TRƯỞNG ĐƠN VỊ" in words
    assert "###" not in words
    last = next(row.label for row, _ in reversed(grid.view.rows))
    assert last.split()[-1] in words


def printed(order: Order, folder: Path) -> list[str]:
    """Text of each page LibreOffice prints."""
    workbook = folder / "form.xlsx"
    workbook.write_bytes(build(order, real_orders.answers(order)))
    pdf = folder / "form.pdf"
    office(workbook, "--pdf", str(pdf))
    text = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], capture_output=True, text=True, check=True).stdout
    return text.split("\f")
