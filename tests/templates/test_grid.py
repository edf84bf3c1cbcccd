"""The map of a form's sheet: every cell once, headings merged, a hash that notices what matters."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.catalogue.forms import View, row_set
from registry.catalogue.model import Column, Form, Unit
from registry.periods import parse
from tests.templates import small_catalogue as small
from workbook_templates.grid import Grid, Heading, a1, letters, place


def grid_of(form: Form = small.MONTHLY, unit: Unit = small.EA_SUP, period: str = "202610") -> Grid:
    shape = parse(period).shape
    return place(View(form, shape, row_set(form, unit, shape), small.DEFINITIONS))


@given(st.integers(1, 16384))
def test_column_letters_are_read_back_by_openpyxl(column: int) -> None:
    from openpyxl.utils import column_index_from_string

    assert column_index_from_string(letters(column)) == column


@pytest.mark.parametrize("form", [small.MONTHLY, small.MATRIX], ids=lambda form: form.code)
@pytest.mark.parametrize("unit", [small.EA_SUP, small.FINANCE], ids=lambda unit: unit.code)
@pytest.mark.parametrize("period", ["202601", "202603", "202610"])
def test_no_two_things_stand_on_one_cell(form: Form, unit: Unit, period: str) -> None:
    grid = grid_of(form, unit, period)
    labels = [address for _, addresses in grid.labels for address in addresses]
    codes = [f"{grid.code_column}{row}" for row in grid.rows.values()]
    codes += [f"{letters(column)}{grid.code_row}" for column in grid.columns.values()]
    checks = [a1(row, grid.check_column) for row in grid.rows.values()]
    everything = [*grid.cells.values(), *labels, *codes, *checks, *grid.background.values(), *grid.places.values()]
    assert len(everything) == len(set(everything))
    assert set(grid.cells) == set(grid.view.cells)


def test_a_cell_is_found_by_its_address() -> None:
    grid = grid_of()
    assert all(grid.keys[address] == key for key, address in grid.cells.items())


def test_common_prefixes_share_a_heading_and_short_paths_reach_down() -> None:
    grid = grid_of(small.MATRIX, period="20263")
    first, top = grid.first_figure_column, grid.heading_row
    assert Heading("Số hồ sơ tiếp nhận", top, first, top, first + 3) in grid.headings
    assert Heading("Trong kỳ", top + 1, first + 1, top + 1, first + 2) in grid.headings
    assert Heading("Trực tuyến", top + 2, first + 1, top + 2, first + 1) in grid.headings
    assert Heading("Từ kỳ trước", top + 1, first + 3, top + 2, first + 3) in grid.headings
    assert Heading("Lĩnh vực giải quyết", top, 3, top + 2, 3) in grid.headings


paths = st.lists(st.lists(st.sampled_from("abc"), min_size=1, max_size=4).map(tuple), min_size=1, max_size=12)


@given(paths)
def test_headings_tile_the_space_above_the_table(drawn: list[tuple[str, ...]]) -> None:
    columns = tuple(Column(f"c{i}", str(i), path) for i, path in enumerate(drawn))
    grid = grid_of(replace(small.MONTHLY, columns=columns, cell_rules=()))
    covered = [
        (row, column)
        for heading in grid.headings
        for row in range(heading.top, heading.bottom + 1)
        for column in range(heading.left, heading.right + 1)
    ]
    depth = max(map(len, drawn))
    assert len(covered) == len(set(covered)) == depth * (len(columns) + 3)


def test_equal_row_sets_give_equal_grids() -> None:
    one, other = grid_of(unit=small.EA_SUP), grid_of(unit=small.EA_ROK)
    assert one.cells == other.cells
    assert one.slots == other.slots
    assert one.hash == other.hash


def test_months_of_one_shape_share_a_grid() -> None:
    assert grid_of(period="202607").hash == grid_of(period="202608").hash


def test_the_hash_changes_when_a_row_moves() -> None:
    rows = list(small.MONTHLY.rows)
    rows[2], rows[3] = rows[3], rows[2]
    assert grid_of(replace(small.MONTHLY, rows=tuple(rows))).hash != grid_of().hash


def test_the_hash_changes_when_a_measure_changes() -> None:
    rows = tuple(replace(row, commune_measure="nghìn con") if row.code == "NN16" else row for row in small.MONTHLY.rows)
    assert grid_of(replace(small.MONTHLY, rows=rows)).hash != grid_of().hash


def test_the_hash_does_not_change_when_a_label_is_reworded() -> None:
    rows = tuple(replace(row, label=row.label + " ") for row in small.MONTHLY.rows)
    assert grid_of(replace(small.MONTHLY, rows=rows)).hash == grid_of().hash


def test_the_hash_is_32_bits_in_hex() -> None:
    assert len(bytes.fromhex(grid_of().hash)) == 4


def test_a_sheet_is_never_called_what_excel_forbids() -> None:
    assert grid_of(replace(small.MONTHLY, code="A/B[1]:" + "x" * 40)).sheet == "A-B-1--" + "x" * 24


def test_closed_cells_and_labels_are_no_slots() -> None:
    grid = grid_of()
    slots = {slot.a1 for slot in grid.slots}
    assert grid.cells[next(key for key in grid.cells if key == ("NN07", "c07", None))] not in slots
    assert grid.cells[next(key for key in grid.cells if key == ("NN07", "c05", None))] in slots
    assert not slots & {address for _, addresses in grid.labels for address in addresses}
