"""What the report says in words is what its table shows in figures."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from compile.placing import place_rows
from compile.sentences import Said, say
from registry.catalogue.model import Heading
from registry.catalogue.values import Aspect
from tests.compile.small_report import (
    BUON_DON,
    COMMUNES,
    EA_SUP,
    SNNMT,
    TKE,
    TUY_HOA,
    ReportBuilder,
    a_full_report,
    a_report,
)


def said(report: ReportBuilder) -> Said:
    order = report.order
    return say(report.totals.rows, report.totals, order)


def sentence(report: ReportBuilder, start: str) -> str:
    return next(one for one in said(report).sentences if one.startswith(start))


def test_a_partial_sum_names_its_coverage_and_is_compared_with_nothing() -> None:
    assert sentence(a_full_report(), "Diện tích") == (
        "Diện tích tái canh tháng 10 ước đạt 10,5 ha (số liệu của 2/3 xã, phường)."
    )


def test_a_whole_sum_is_compared_with_last_month_last_year_and_the_plan() -> None:
    report = a_report().knows("SUM", "202510", 2800).knows("SUM", "2026", 40_000, Aspect.PLAN_COUNCIL)
    for month in range(1, 9):
        report = report.knows("SUM", f"2026{month:02d}", 3000)
    for commune in COMMUNES:
        report = report.gives(commune, {"SUM.c05": 10, "SUM.c06": Decimal("10.5")})
    assert sentence(report, "Diện tích") == (
        "Diện tích tái canh tháng 10 ước đạt 31,5 ha, tăng 5,0% so với tháng trước, tăng 12,5% so với cùng kỳ năm "
        "trước; lũy kế 10 tháng ước đạt 301,5 ha, bằng 75,4% kế hoạch năm."
    )


@pytest.mark.parametrize(
    ("before", "words"),
    [(1000, "không đổi so với tháng trước"), (1250, "giảm 20,0% so với tháng trước"), (250, "gấp 4,0 lần so với")],
)
def test_rise_fall_and_multiples_have_their_words(before: int, words: str) -> None:
    report = a_report().gives(TKE, {"SAID.c05": before, "SAID.c06": 1000})
    assert words in sentence(report, "Bán lẻ")


def test_nothing_is_compared_with_zero() -> None:
    report = a_report().gives(TKE, {"SAID.c05": 0, "SAID.c06": 1000})
    assert sentence(report, "Bán lẻ") == "Bán lẻ tháng 10 ước 1.000,0 tỷ đồng."


def test_what_did_not_occur_is_said_so() -> None:
    report = a_report()
    for commune in COMMUNES:
        report = report.gives(commune, {"SUM.c06": "-"})
    assert sentence(report, "Diện tích") == "Diện tích tái canh tháng 10: không phát sinh."


def test_an_index_is_said_as_rise_and_fall() -> None:
    report = a_report().gives(TKE, {"INDEX.c08": Decimal("100.35")})
    assert sentence(report, "Chỉ số") == "Chỉ số giá tháng 10 tăng 0,35% so với tháng trước."


def test_a_ratio_is_part_of_its_main_row() -> None:
    assert sentence(a_full_report(), "Đàn bò") == (
        "Đàn bò ước 1.000 con, tăng 1,0% so với tháng trước; trong đó: tỷ lệ bao phủ 50,00%."
    )


def test_rows_without_figures_are_named() -> None:
    report = a_report().gives(EA_SUP, {"SUM.c06": 1}).gives(SNNMT, {"ALL.c06": 2})
    assert said(report).without_data == ("Đàn bò", "Bán lẻ", "Thu ngân sách xã", "Chỉ số giá")


def test_every_number_said_is_a_number_of_the_table() -> None:
    from compile.total_table import total_table

    report = a_full_report().gives(TUY_HOA, {"SUM.c06": 1, "MONEY.c07": 3})
    table = total_table(report.totals, report.order, with_coverage=False)
    printed = {cell.text for row in table.rows for cell in row.cells}
    for amount in ("11,5", "1.000", "1.260,5", "50,00"):
        assert amount in printed
        assert any(amount in one for one in said(report).sentences)


def test_rows_go_under_the_heading_that_shares_their_words() -> None:
    headings = (
        Heading("1.", "Chăn nuôi, thú y", 3, ("SNNMT",)),
        Heading("2.", "Thương mại, dịch vụ, giá cả", 3, ("TKE",)),
        Heading("3.", "Thanh tra, tiếp công dân", 3, ("TTT",)),
        Heading("4.", "Tài chính, ngân sách, ngân hàng", 3, ("STC",)),
    )
    placed = place_rows(a_full_report().totals, headings)
    found = {index: [row.row.code for row in rows] for index, rows in placed.items()}
    assert found[0][-2:] == ["BOTH", "RATE"]
    assert "ALL" in found[2]
    assert "MONEY" in found[3]
    assert sorted(code for codes in found.values() for code in codes) == sorted(
        ["SUM", "ALL", "BOTH", "RATE", "SAID", "MONEY", "INDEX"]
    )


def test_nothing_is_lost_when_no_heading_fits() -> None:
    placed = place_rows(a_full_report().totals, ())
    assert len(placed[-1]) == 7


def test_a_repeated_version_does_not_change_the_words() -> None:
    report = a_full_report()
    assert said(report) == said(replace(report, versions=report.versions))
    assert BUON_DON in COMMUNES
