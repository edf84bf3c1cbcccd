"""What an outline's sentences say of the figures is what the table's cells hold, and each number knows its cell."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from io import BytesIO

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from compile import document
from compile.filled import Origin, own_table, table_of
from compile.placeholders import Filler
from registry.catalogue.forms import Access, RowSet, View, row_set
from registry.catalogue.model import Applies, Heading, Occasion, Outline, PlanKind
from registry.catalogue.values import Aspect, CellKey, CellValue, State
from registry.findings import message
from tests.compile.small_report import (
    DEFINITIONS,
    EA_SUP,
    FORM,
    PERIOD,
    PROVINCE,
    TKE,
    TUY_HOA,
    UNITS,
    ReportBuilder,
    a_full_report,
)
from vietnamese.numbers import Exact, format_number, parse_number

D = Decimal


def whole() -> ReportBuilder:
    """Every commune has answered, one of them is open again; with a plan and last year's months."""
    report = a_full_report().gives(TUY_HOA, {"SUM.c05": 10, "SUM.c06": 5, "MONEY.c07": 100}, provisional=True)
    for month in range(1, 9):
        report = report.knows("SUM", f"2026{month:02d}", 1000)
    return report.knows("SUM", "2026", 10_000, Aspect.PLAN_COUNCIL)


def filler(report: ReportBuilder) -> Filler:
    return Filler([table_of(report.totals)], PERIOD, DEFINITIONS, UNITS)


def said(text: str, report: ReportBuilder | None = None) -> str:
    return filler(report or whole()).fill(text).text


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("{{ [Bán lẻ].thực hiện | tỷ đồng }}", "1.260,5 tỷ đồng"),
        ("{{ [ban le].thuc_hien }}", "1.260,5 tỷ đồng"),
        ("{{ {NHO-01}![SAID].(c06) }}", "1.260,5 tỷ đồng"),
        ("{{ [SAID] | triệu đồng }}", "1.260.500 triệu đồng"),
        ("{{ [SAID] | 0 số lẻ }}", "1.261 tỷ đồng"),
        ("{{ [SAID] | số }} tỷ", "1.260,5 tỷ"),
        ("{{ [SAID].tháng trước }}", "1.200,0 tỷ đồng"),
        ("{{ kỳ_trước([SAID]) }}", "1.200,0 tỷ đồng"),
        ("{{ tăng_giảm([SAID]; tháng trước) }}", "tăng 5,0%"),
        ("{{ TANG_GIAM([SAID]; thang truoc) | 2 so le }}", "tăng 5,04%"),
        ("{{ so_sánh([SAID]; kỳ trước) }}", "tăng 5,0% so với tháng trước"),
        ("{{ chênh_lệch([SAID]; kỳ trước) | triệu đồng }}", "tăng 60.500 triệu đồng"),
        ("{{ ước_đạt([SAID]) }}", "ước"),
        ("{{ tăng_giảm([INDEX]; tháng trước) }}", "tăng 0,35%"),
        ("{{ [RATE] }}, {{ tăng_giảm([RATE]; tháng trước) }}", "50,00%, tăng 0,50 điểm %"),
        ("{{ tỷ_lệ([SAID]; [SAID].tháng trước) }}", "105,0%"),
        ("{{ [MONEY] | của Xã Ea Súp }}", "1,5 tỷ đồng"),
        ("Tháng {m} năm {Y}, {khác}", "Tháng 10 năm 2026, {khác}"),
    ],
)
def test_a_placeholder_prints_what_its_cell_holds(text: str, wanted: str) -> None:
    found = filler(whole()).fill(text)
    assert (found.text, found.findings) == (wanted, ())


def test_sums_say_that_they_are_tentative_and_are_held_against_their_plan() -> None:
    assert said("{{ [SUM] }}") == "15,5 ha (tạm)"
    assert said("{{ [SUM].kế hoạch }}") == "100,0 ha"
    assert said("{{ đạt_kế_hoạch([SUM]) }}") == "vượt 25,5% kế hoạch năm (tạm)"
    assert said("{{ so_sánh([SUM]; kế hoạch) }}") == "giảm 84,5% so với kế hoạch năm (tạm)"


def test_a_partial_sum_names_who_is_missing_and_is_compared_with_nothing() -> None:
    found = filler(a_full_report()).fill("{{ [SUM] }}, {{ so_sánh([SUM]) }}")
    assert found.text == "10,5 ha (số liệu của 2/3 xã, phường), …"
    assert [one.code for one in found.findings] == ["compile-placeholder-blank"]


@pytest.mark.parametrize(
    ("text", "code", "told"),
    [
        ("{{ [SAID].cùng kỳ }}", "compile-placeholder-blank", "[SAID].cùng kỳ"),
        ("{{ [Bán sỉ] }}", "compile-placeholder-bad", "Bán sỉ"),
        ("{{ [SAID] | ha }}", "compile-placeholder-bad", "tỷ đồng"),
        ("{{ [SAID].(c99) }}", "compile-placeholder-bad", "c99"),
        ("{{ [MONEY] | của Xã Lạ }}", "compile-placeholder-bad", "Xã Lạ"),
        ("{{ [SAID }}", "compile-placeholder-bad", "[SAID"),
        ("{{ [SAID].thực hiện }}", "", ""),
        ("{{ [SAID].tháng trước }}", "", ""),
    ],
)
def test_what_has_no_figure_prints_a_sign_and_is_found(text: str, code: str, told: str) -> None:
    found = filler(whole()).fill(f"Số: {text}.", "Thương mại")
    assert [one.code for one in found.findings] == ([code] if code else [])
    assert (found.text == "Số: ….") is bool(code)
    assert all(told in message(one) and "Thương mại" in message(one) for one in found.findings)


def test_every_number_keeps_the_cells_it_came_from() -> None:
    found = filler(whole()).fill(
        "Bán lẻ {{ [SAID] }}, {{ tăng_giảm([SAID]; tháng trước) }}, xã {{ [MONEY] | của 24211 }}"
    )
    now, before = CellKey("SAID", "c06"), CellKey("SAID", "c05")
    assert [(text, span and span.origin) for text, span in found.runs] == [
        ("Bán lẻ ", None),
        ("1.260,5 tỷ đồng", Origin("NHO-01", (now,))),
        (", ", None),
        ("tăng 5,0%", Origin("NHO-01", (now, before))),
        (", xã ", None),
        ("1,5 tỷ đồng", Origin("NHO-01", (CellKey("MONEY", "c07"),), "24211")),
    ]


@given(
    st.decimals(D(0), D(10**9), places=1),
    st.decimals(D("0.1"), D(10**9), places=1),
    st.integers(0, 3),
)
def test_a_filled_value_is_its_cell_rounded_and_the_word_agrees_with_the_sign(now: D, before: D, digits: int) -> None:
    rows = row_set(FORM, TKE, PERIOD.shape)
    view = View(FORM, PERIOD.shape, rows, DEFINITIONS)
    values = {
        CellKey("SAID", "c06"): CellValue(State.VALUE, now),
        CellKey("SAID", "c05"): CellValue(State.VALUE, before),
    }
    own = Filler([own_table(view, values)], PERIOD, DEFINITIONS)
    value = own.fill(f"{{{{ [SAID] | {digits} số lẻ | số }}}}").text
    assert value == format_number(now, digits)
    read = parse_number(value, digits)
    rounded = now.quantize(D(1).scaleb(-digits), rounding="ROUND_HALF_UP")
    assert rounded in ((read.value,) if isinstance(read, Exact) else read.readings)  # type: ignore[union-attr]
    change = own.fill("{{ chênh_lệch([SAID]; tháng trước) }}").text
    assert change.startswith("tăng" if now > before else "giảm" if now < before else "không đổi")


def test_a_communes_budget_is_not_called_the_provinces() -> None:
    form = replace(FORM, rows=tuple(replace(row, plan=PlanKind.BUDGET) for row in FORM.rows))
    values = {
        CellKey("MONEY", "c07"): CellValue(State.VALUE, D(80)),
        CellKey("MONEY", "c02"): CellValue(State.VALUE, D(100)),
    }
    for unit, plan in ((EA_SUP, "dự toán được giao"), (PROVINCE, "dự toán HĐND tỉnh giao")):
        met = RowSet("xã" if unit is EA_SUP else "tỉnh", tuple((row.code, Access.OPEN) for row in form.rows))
        table = own_table(View(form, PERIOD.shape, met, DEFINITIONS), values)
        assert Filler([table], PERIOD, DEFINITIONS).fill("{{ đạt_kế_hoạch([MONEY]) }}").text == f"đạt 80,0% {plan}"


def with_sentence(text: str) -> ReportBuilder:
    headings = (Heading("1.", "Thương mại, giá cả, ngân sách", 1, ("TKE",), text=text), Heading("2.", "Chăn nuôi", 1))
    return whole().having(outline=Outline("DC", "Đề cương", "tỉnh", headings))


def test_the_document_says_the_outlines_sentences_once_and_what_they_lack() -> None:
    report = with_sentence(
        "Bán lẻ tháng {m} {{ ước_đạt([SAID]) }} {{ [SAID] }}.\nNăm trước {{ [SAID].cùng kỳ }}."
    ).compiled
    lines = [one.text for one in docx.Document(BytesIO(document.build(report))).paragraphs]
    at = lines.index("1. Thương mại, giá cả, ngân sách")
    assert lines[at + 1 : at + 3] == ["Bán lẻ tháng 10 ước 1.260,5 tỷ đồng.", "Năm trước …."]
    assert not any(line.startswith("- Bán lẻ") for line in lines)
    assert any(line.startswith("- Thu ngân sách xã") for line in lines)
    assert [one.code for one in report.findings if "placeholder" in one.code] == ["compile-placeholder-blank"]


def test_a_heading_closed_in_the_period_says_nothing() -> None:
    headings = (Heading("1.", "Thương mại", 1, text="{{ [SAID] }}", occasion=Occasion(frozenset({Applies.QUARTER}))),)
    assert whole().having(outline=Outline("DC", "Đề cương", "tỉnh", headings)).compiled.texts == {}
