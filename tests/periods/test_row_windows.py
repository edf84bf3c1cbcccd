"""Windows of sections and rows in words (PRACTICE F8)."""

from __future__ import annotations

from registry.catalogue.model import Row, RowKind, RowWindow
from registry.periods import parse
from registry.periods.row_windows import effective, footnote, shared

OCTOBER = parse("202610")


def row(number: str, window: RowWindow = RowWindow.REGIME, kind: RowKind = RowKind.DATA) -> Row:
    return Row(f"R{number}", number, f"– Dòng {number}", kind, window=window)


def test_a_section_gives_its_window_to_the_rows_that_name_none() -> None:
    rows = [
        row("I", RowWindow.CLOSING, RowKind.SECTION),
        row("1"),
        row("2", RowWindow.MOMENT),
        row("II", kind=RowKind.SECTION),
        row("3"),
    ]
    assert [(one.number, kind) for one, kind in effective(rows)] == [
        ("1", RowWindow.CLOSING),
        ("2", RowWindow.MOMENT),
        ("3", RowWindow.REGIME),
    ]


def test_the_footnote_names_the_rows_and_their_days() -> None:
    rows = [row("1"), row("2", RowWindow.MOMENT), row("3"), *(row(f"42.{n}", RowWindow.CLOSING) for n in range(1, 5))]
    assert footnote(rows, OCTOBER) == (
        "Thời gian chốt số liệu dòng 2: tại thời điểm báo cáo; dòng 42.1 đến 42.4: từ ngày 15/09/2026 đến ngày "
        "14/10/2026; các dòng khác như ghi ở đầu biểu."
    )
    budget = footnote([row("1"), row("29.1", RowWindow.FISCAL_YEAR)], OCTOBER)
    assert "dòng 29.1: theo niên độ ngân sách, đến ngày 31/01/2027" in budget
    civil = footnote([row("1", RowWindow.MONTH), row("", RowWindow.MOMENT)], OCTOBER)
    assert civil == (
        "Thời gian chốt số liệu dòng 1: tháng dương lịch, từ ngày 01/10/2026 đến ngày 31/10/2026, là số ước; "
        "dòng Dòng: tại thời điểm báo cáo."
    )


def test_one_window_for_every_row_goes_to_the_head() -> None:
    rows = [row("1", RowWindow.MOMENT), row("2", RowWindow.MOMENT)]
    assert (shared(rows), footnote(rows, OCTOBER)) == (RowWindow.MOMENT, "")
    assert (shared([row("1")]), footnote([row("1")], OCTOBER)) == (RowWindow.REGIME, "")
    assert shared([*rows, row("3")]) is RowWindow.REGIME
