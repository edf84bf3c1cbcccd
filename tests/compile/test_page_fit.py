"""A table that fits a page keeps its notes there; one that cannot takes its last lines along to the next."""

from __future__ import annotations

from decimal import Decimal

from compile.document_table import table_blocks
from compile.page_fit import Fit, fitted, table_height
from compile.tables import Cell, Table, TableColumn, TableRow

WIDTHS, MARGIN = (30.0, 200.0, 100.0), 2.0
NOTE = "Đã có số liệu 6/16 sở, ban, ngành; còn thiếu: Văn phòng Ủy ban nhân dân tỉnh, Sở Tài chính, Sở Y tế."


def a_table(lines: int) -> Table:
    columns = tuple(TableColumn((name,)) for name in ("TT", "Chỉ tiêu", "Số liệu"))
    rows = tuple(TableRow((Cell(str(n)), Cell("Đàn trâu"), Cell("120", Decimal(120)))) for n in range(lines))
    return Table("Biểu", columns, rows, notes=(NOTE, NOTE))


def fit_in(height: float, lines: int = 20) -> Fit:
    return fitted(a_table(lines), 11, WIDTHS, height, MARGIN)


def test_letters_are_made_smaller_only_where_notes_would_go_over_to_a_page_of_their_own() -> None:
    of_table = table_height(a_table(20), 11, WIDTHS, MARGIN, 10_000)
    of_notes = Fit(11).height((NOTE, NOTE), sum(WIDTHS))
    assert fit_in(of_table + of_notes) == Fit(11)
    assert fit_in(of_table + of_notes - 1) == Fit(11, 9.5, 1)
    assert fit_in(of_table + 30) == Fit(10.5, 8.5, 0)
    assert fit_in(of_table + 5) == Fit(11)  # nothing helps
    assert fit_in(of_table - 1) == Fit(11)  # goes over to the next page by itself


def test_a_long_heading_over_several_lines_counts_with_all_of_them() -> None:
    table = a_table(1)
    low = table_height(table, 11, WIDTHS, MARGIN, 10_000)
    high = table_height(table, 11, (30.0, 25.0, 100.0), MARGIN, 10_000)
    assert high - low > 2 * 11  # two lines of "Chỉ tiêu" in the head, and of "Đàn trâu"


def test_the_last_lines_and_the_notes_stay_together() -> None:
    *_, table, first, second = table_blocks(a_table(5), 6000)
    assert [row.count("<w:keepNext/>") for row in table.split("<w:tr>")[-5:]] == [0, 0, 0, 3, 3]
    assert ("<w:keepNext/>" in first, "<w:keepNext/>" in second) == (True, False)
