"""Rows and columns wherever they went: every figure lands right or a finding names its row or column."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.a1 import join
from ingest.anchor import anchor
from ingest.model import Extraction, RawCell, RawSheet
from ingest.reading import read_guarded
from registry.catalogue.values import CellKey
from registry.findings import message
from tests.ingest import a_form
from tests.ingest.returned import Returned
from workbook_templates.grid import CODE_COLUMN, place
from workbook_templates.template import build

GRID = a_form.grid()
FIRST, LAST = GRID.first_row, GRID.last_row
LABELS = {row.code: row.label.strip("–-+ ") for row, _ in a_form.view().rows}
HEADINGS = {column.code: " – ".join(column.path) for column in a_form.view().columns}
Lines = list[int | None]  # the old line at each new place, from 1; None = one put in


def filled() -> Returned:
    """A figure of its own in every input."""
    book = Returned.filled()
    for n, key in enumerate(a_form.view().inputs):
        if key.column == "c06" and key.row != "HOMES":
            book.number(key.row, key.column, str(200 + n))
    return book


BASE = filled().verdict()


@st.composite
def lines(draw: st.DrawFn, first: int, last: int, whole: int) -> Lines:
    """Lines ``first`` to ``last`` in any order, some gone and some put in; those around stay."""
    inside: Lines = list(draw(st.permutations(range(first, last + 1))))
    for _ in range(draw(st.integers(0, 2))):
        inside.pop(draw(st.integers(0, len(inside) - 1)))
    for _ in range(draw(st.integers(0, 3))):
        inside.insert(draw(st.integers(0, len(inside))), None)
    return [*range(1, first), *inside, *range(last + 1, whole + 1)]


def places(order: Lines) -> Callable[[int], int | None]:
    new = {old: at for at, old in enumerate(order, start=1) if old is not None}
    return new.get


rows = lines(FIRST, LAST, LAST + 20)
columns = lines(2, GRID.check_column - 1, GRID.check_column + 20)


@settings(deadline=None)
@given(rows, columns, st.sampled_from(["THU-01", "Sheet1", "Tháng 10 (2)"]))
def test_every_figure_lands_right_or_is_named(down: Lines, across: Lines, name: str) -> None:
    row_at, column_at = places(down), places(across)

    def where(row: int, column: int) -> tuple[int, int] | None:
        at = (row_at(row), column_at(column))
        return None if None in at else at  # type: ignore[return-value]

    book = filled().move(where)
    book.with_sheet(replace(book.sheet, name=name))
    verdict = book.verdict()

    named = {one.row for one in verdict.findings} | {one.column for one in verdict.findings}
    for key in a_form.view().inputs:
        is_right = verdict.values.get(key) == BASE.values[key]
        assert is_right or LABELS[key.row] in named or HEADINGS[key.column] in named, key


@settings(deadline=None)
@given(st.permutations(range(FIRST, LAST + 1)), st.permutations(range(2, GRID.check_column)))
def test_whole_rows_and_columns_in_another_order_are_nothing_to_say(down: list[int], across: list[int]) -> None:
    def where(row: int, column: int) -> tuple[int, int]:
        moved = across[column - 2] if 2 <= column < GRID.check_column else column
        return (down[row - FIRST] if FIRST <= row <= LAST else row), moved

    verdict = filled().move(where).verdict()

    assert verdict.values == BASE.values
    assert verdict.findings == ()


@settings(deadline=None)
@given(st.permutations([code for code in GRID.rows if not code.startswith("S")]))
def test_labels_and_figures_sorted_without_their_codes_are_named(order: list[str]) -> None:
    """Sorting a selection leaves the hidden codes behind: no figure may land in another row unsaid."""
    codes = [code for code in GRID.rows if not code.startswith("S")]
    moved = {GRID.rows[old]: GRID.rows[new] for old, new in zip(codes, order, strict=True)}
    verdict = filled().move(lambda r, c: (r if c == CODE_COLUMN else moved.get(r, r), c)).verdict()

    named = {one.row for one in verdict.findings if one.code == "anchor-label-moved"}
    assert named == {LABELS[new] for old, new in zip(codes, order, strict=True) if old != new}


@pytest.mark.parametrize("row", ["AREA", "CROP", "MONEY"])
def test_a_row_copied_into_another_workbook_with_its_sheet_keeps_its_figures(row: str) -> None:
    book = filled()
    book.extraction = Extraction((RawSheet("Trang tính1", dict(book.sheet.cells)),), names=book.extraction.names)

    assert (
        anchor(book.extraction, GRID).cells[CellKey(row, "c06")].raw == f"{BASE.values[CellKey(row, 'c06')].number:.0f}"
    )


# --- measures ---


def test_figures_of_a_row_in_another_scale_are_converted_and_told() -> None:
    book = filled().number("MONEY", "c05", "1.2").number("MONEY", "c06", "3")
    address = dict(GRID.labels)["MONEY"][2]
    (found,) = (verdict := book.at(address, "Tỷ đồng").verdict()).findings

    assert found.code == "measure-row-converted"
    assert dict(found.values)["figures"] == "1,2 → 1.200; 3 → 3.000"
    assert [verdict.values[CellKey("MONEY", one)].number for one in ("c05", "c06")] == [Decimal(1200), Decimal(3000)]


def test_a_figure_the_workbook_came_with_is_not_converted_again() -> None:
    address = dict(GRID.labels)["AREA"][2]
    book = filled().number("AREA", "c05", "120.5").number("AREA", "c06", "1210000").at(address, "m2")
    book.case = replace(
        book.case,
        context=replace(
            book.case.context,
            view=replace(
                a_form.view(),
                definitions=replace(
                    a_form.view().definitions,
                    measures={
                        **a_form.MEASURES,
                        "ha": replace(a_form.MEASURES["ha"], factor=a_form.MEASURES["ha"].factor * 10_000),
                        "m²": replace(a_form.MEASURES["ha"], code="m²"),
                    },
                ),
            ),
        ),
    )
    verdict = book.verdict()

    assert [one.code for one in verdict.findings] == ["measure-row-converted"]
    assert [verdict.values[CellKey("AREA", one)].number for one in ("c05", "c06")] == [Decimal("120.5"), Decimal(121)]


def test_the_one_measure_of_a_whole_sheet_is_looked_at() -> None:
    form = replace(a_form.FORM, unit_line="Đơn vị tính: triệu đồng")
    view = replace(a_form.view(), form=form)
    order = replace(a_form.order(), context=replace(a_form.context(), view=view))
    sheets = read_guarded(build(order), "biểu.xlsx").sheets
    grid = place(view)
    at = join(grid.heading_row - 1, grid.last_column)

    def codes(words: str) -> list[str]:
        sheet = next(one for one in sheets if one.name == grid.sheet)
        cells = {**sheet.cells, at: RawCell(at, "s", words)}
        return [one.code for one in anchor(Extraction((replace(sheet, cells=cells),)), grid).findings]

    assert codes("ĐVT: tỷ đồng") == ["measure-line-changed"]
    assert codes("Đơn vị tính: Triệu đồng") == []


def test_a_row_put_in_is_quoted_with_its_label_and_its_figures() -> None:
    at = GRID.rows["HOMES"]
    book = filled().move(lambda row, column: (row + (row >= at), column))
    label = next(addresses[1] for code, addresses in GRID.labels if code == "HOMES")
    cells = {label: ("s", "Hộ nghỉ kinh doanh"), "c06": ("n", "1234.5"), "c05": ("s", "3 hộ"), "c13": ("n", "7")}
    for name, (kind, raw) in cells.items():
        address = name if name == label else join(at, GRID.columns[name])
        book.at(address, RawCell(address, kind, raw))

    (found,) = book.found("anchor-extra-row")

    assert found.row == "Hộ nghỉ kinh doanh"
    said = "“Hộ nghỉ kinh doanh” – Chính thức tháng trước: 3 hộ; Ước tháng: 1.234,5; Ghi chú: 7"
    assert f"Hàng {at} được thêm vào bảng ({said})" in message(found)
