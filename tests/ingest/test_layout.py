"""A form known by its layout alone: every way it may be drawn and still be the form, and what makes it another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import pytest

from ingest.a1 import join, split
from ingest.judge import judge
from ingest.layout import Difference, Layout, Pages, match
from ingest.model import CarrierState, Case, Extraction, Identity, RawCell, RawSheet, Status
from registry.periods import parse
from tests.ingest import a_form
from tests.ingest.returned import Returned
from tests.lists import orders
from workbook_templates.grid import place
from workbook_templates.list_grid import END, TOTALS, mark, place_lists
from workbook_templates.wording import head_lines

HEAD = head_lines(a_form.EA_SUP, parse(a_form.PERIOD))
NO_CODE = Identity(CarrierState.MISSING)


def without_codes(sheet: RawSheet, codes: set[str]) -> RawSheet:
    """A sheet as somebody retypes it: no hidden code, no token, nothing locked."""
    cells = {at: cell for at, cell in sheet.cells.items() if cell.raw not in codes and "Mã biểu" not in cell.raw}
    return replace(sheet, name="Sheet1", cells=cells, protected=False)


@cache
def retyped() -> Extraction:
    grid = a_form.grid()
    return Extraction((without_codes(Returned.filled().sheet, {*grid.rows, *grid.columns}),))


def compared(extraction: Extraction) -> Layout | Difference:
    return match(Pages(extraction), a_form.grid(), (), HEAD)


class Drawn:
    """Fluent edits of the retyped form."""

    def __init__(self) -> None:
        self.cells = dict(retyped().sheets[0].cells)

    def put(self, at: str, text: str, kind: str = "s") -> Drawn:
        self.cells[at] = RawCell(at, kind, text)
        return self

    def drop(self, *addresses: str) -> Drawn:
        for at in addresses:
            self.cells.pop(at, None)
        return self

    def move(self, where: Callable[[int, int], tuple[int, int] | None]) -> Drawn:
        moved = {at: where(*split(at)) for at in self.cells}
        self.cells = {join(*to): self.cells[at]._replace(a1=join(*to)) for at, to in moved.items() if to}
        return self

    def rename(self, before: str, after: str) -> Drawn:
        self.cells = {at: cell._replace(raw=after) if cell.raw == before else cell for at, cell in self.cells.items()}
        return self

    def found(self) -> Layout | Difference:
        sheet = replace(retyped().sheets[0], cells=self.cells)
        return compared(Extraction((RawSheet("Ghi chú", {"A1": RawCell("A1", "s", "Lúa")}), sheet)))


GRID = a_form.grid()
FIRST, LAST = GRID.first_row, GRID.last_row
HEADING, NUMBERS = GRID.heading_row, GRID.number_row
C06 = GRID.columns["c06"]


def shifted(down: int, right: int) -> Callable[[int, int], tuple[int, int] | None]:
    return lambda row, column: (row + down, column + right)


def only_the_table(row: int, column: int) -> tuple[int, int] | None:
    return (row - HEADING + 1, column) if HEADING <= row <= LAST else None


SAME: dict[str, Drawn] = {
    "as it was": Drawn(),
    "pasted elsewhere": Drawn().move(shifted(7, 4)),
    "without head and foot": Drawn().move(only_the_table),
    "without its numbers": Drawn().move(lambda row, column: None if row == NUMBERS else (row, column)),
    "without its ordinals": Drawn().move(lambda row, column: None if column == 2 else (row, column)),
    "without the check column": Drawn().move(
        lambda row, column: None if column >= GRID.check_column else (row, column)
    ),
    "headings unmerged": Drawn().put(join(HEADING, C06), "Năm báo cáo").put(join(HEADING, C06 + 1), "Năm báo cáo"),
    "labels in capitals": Drawn().rename("Thu ngân sách", "THU  NGÂN SÁCH"),
    "a blank row between": Drawn().move(lambda row, column: (row + (row > FIRST + 3), column)),
    "a remark far below": Drawn().put(join(LAST + 9, C06), "5", "n"),
    "a column moved apart": Drawn().move(lambda row, column: (row, column + (column > C06))),
}


@pytest.mark.parametrize("way", SAME)
def test_the_form_however_it_is_drawn(way: str) -> None:
    found = SAME[way].found()

    assert isinstance(found, Layout), found
    assert found.table is not None
    cells = SAME[way].cells
    homes = join(found.table.rows["HOMES"], found.table.columns["c06"])
    assert (cells[homes].raw, found.table.sheet) == ("9", "Sheet1")
    assert set(found.table.columns) == set(GRID.columns)
    assert set(found.table.rows) == set(GRID.rows)


OTHER: dict[str, tuple[Drawn, Callable[[Difference], bool]]] = {
    "a label changed": (Drawn().rename("Thu ngân sách", "Chi ngân sách"), lambda one: "Thu ngân sách" in one.rows),
    "a label too many": (
        Drawn().move(lambda row, column: (row + (row > FIRST + 3), column)).put(join(FIRST + 4, 3), "Số hộ nghèo"),
        lambda one: one.rows == ("+ Số hộ nghèo",),
    ),
    "two rows swapped": (
        Drawn().rename("Thu ngân sách", "x").rename("Chỉ số giá", "Thu ngân sách").rename("x", "Chỉ số giá"),
        lambda one: "Chỉ số giá" in one.rows or "Thu ngân sách" in one.rows,
    ),
    "figures without a label": (
        Drawn().move(lambda row, column: (row + (row > FIRST + 3), column)).put(join(FIRST + 4, C06), "5", "n"),
        lambda one: one.rows == (f"({FIRST + 4})",),
    ),
    "figures right below": (Drawn().put(join(LAST + 1, C06), "5", "n"), lambda one: one.rows == (f"({LAST + 1})",)),
    "another measure": (Drawn().rename("tấn", "tạ"), lambda one: one.rows == ("– Sản lượng sầu riêng (tấn)",)),
    "a heading changed": (Drawn().rename("Ước tháng", "Ước quý"), lambda one: "Năm báo cáo – Ước tháng" in one.columns),
    "a heading above changed": (Drawn().rename("Năm báo cáo", "Năm trước"), lambda one: bool(one.columns)),
    "a column number changed": (Drawn().put(join(NUMBERS, C06), "9"), lambda one: len(one.columns) == 1),
    "a column gone": (
        Drawn().move(lambda row, column: None if column == C06 else (row, column)),
        lambda one: "Năm báo cáo – Ước tháng" in one.columns,
    ),
    "a column more": (
        Drawn().move(lambda row, column: (row, column + (column >= C06))).put(join(HEADING + 1, C06), "Ước quý"),
        lambda one: one.columns == ("+ Ước quý",),
    ),
    "another unit": (
        Drawn().rename(HEAD.unit, HEAD.unit_begins + " UBND xã Ea Rốk"),
        lambda one: one.other_unit and "Rốk" not in repr(one),
    ),
    "another period": (
        Drawn().rename(HEAD.period, HEAD.period.replace("10", "9")),
        lambda one: one.other_period == HEAD.period.replace("10", "9"),
    ),
}


@pytest.mark.parametrize("way", OTHER)
def test_what_makes_it_another_is_told(way: str) -> None:
    drawn, is_told = OTHER[way]
    found = drawn.found()

    assert isinstance(found, Difference), way
    assert is_told(found), found
    assert found.alike > 0.3


def test_something_else_is_not_like_it_at_all() -> None:
    sheet = RawSheet("Lương", {f"A{n}": RawCell(f"A{n}", "s", f"Nguyễn Văn {n}") for n in range(1, 50)})

    assert compared(Extraction((sheet,))) == Difference(0.0)
    assert compared(Extraction(())) == Difference(0.0)


def test_a_hidden_or_enormous_sheet_is_not_looked_at() -> None:
    sheet = retyped().sheets[0]
    more = {join(row, 50): RawCell(join(row, 50), "n", "1") for row in range(1, 50_002)}

    assert compared(Extraction((replace(sheet, state="hidden"),))) == Difference(0.0)
    assert compared(Extraction((replace(sheet, cells=sheet.cells | more),))) == Difference(0.0)


def test_judged_by_layout_it_gives_the_figures_of_the_workbook_and_a_warning() -> None:
    layout = SAME["pasted elsewhere"].found()
    assert isinstance(layout, Layout)
    extraction = Extraction((replace(retyped().sheets[0], cells=SAME["pasted elsewhere"].cells),))
    case = Case(a_form.EA_SUP, a_form.context(), a_form.RULES)
    expected = Returned.filled().verdict()

    verdict = judge(extraction, NO_CODE, case, layout)

    assert verdict.values == expected.values
    assert {one.code for one in verdict.findings} == {"identity-without-token", *(f.code for f in expected.findings)}
    assert verdict.status is Status.ACCEPTED_WITH_WARNINGS
    assert judge(extraction, NO_CODE, case).status is Status.REFUSED


@pytest.mark.parametrize("state", [CarrierState.INVALID, CarrierState.MIXED, CarrierState.TRIAL])
def test_a_layout_never_makes_up_for_a_false_code(state: CarrierState) -> None:
    layout = SAME["as it was"].found()
    assert isinstance(layout, Layout)
    case = Case(a_form.EA_SUP, a_form.context(), a_form.RULES)

    assert judge(retyped(), Identity(state), case, layout).status is Status.REFUSED


# --- lists -----------------------------------------------------------------------------------------------------------


@cache
def listed() -> orders.Back:
    return orders.Back(orders.PROJECTS, [orders.project(), orders.project("0012346")])


def a_list(sheet: RawSheet) -> Layout | Difference:
    unit = listed().order.unit
    head = head_lines(unit, listed().order.context.period)
    view = orders.view(orders.PROJECTS)
    return match(Pages(Extraction((sheet,))), place(view), place_lists(view), head)


def list_retyped() -> RawSheet:
    grid = listed().grid
    return without_codes(listed().sheet, {mark(grid.table.code), TOTALS, END, *grid.columns})


def test_a_list_is_known_by_its_headings_and_gives_the_same_lines() -> None:
    back, sheet = listed(), list_retyped()
    layout = a_list(sheet)
    assert isinstance(layout, Layout), layout
    extraction = Extraction((sheet,))

    verdict = judge(extraction, NO_CODE, Case(back.order.unit, back.order.context, back.order.rules), layout)

    expected = back.verdict()
    assert verdict.values == expected.values
    assert "list-total-line" not in {one.code for one in verdict.findings}
    assert {one.code for one in verdict.findings} == {"identity-without-token", *(f.code for f in expected.findings)}


def test_a_list_with_a_heading_changed_is_told() -> None:
    sheet = list_retyped()
    heading = next(column.path[-1] for column in listed().grid.view.columns if column.code == "c10")
    cells = {at: cell._replace(raw="Khác") if cell.raw == heading else cell for at, cell in sheet.cells.items()}

    found = a_list(replace(sheet, cells=cells))

    assert isinstance(found, Difference)
    assert any(heading in one for one in found.columns)
