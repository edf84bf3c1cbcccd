"""What a narrative says against its own tables is found and little else: precision and recall on labelled sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compile.contradictions import contradictions
from compile.filled import Origin, Table, own_table, table_of
from compile.remarks import Paragraph
from compile.rows_in_text import Named
from compile.sentences import say
from compile.totals import CellTotal
from registry.catalogue.forms import Definitions, View, row_set
from registry.catalogue.values import CellKey, CellValue, State
from registry.findings import fix, message
from registry.periods import parse
from registry.sample import catalogue
from tests.compile.small_report import DEFINITIONS, TUY_HOA, ReportBuilder, a_full_report
from vietnamese.numbers import format_number

D = Decimal
PERIOD = parse("202610")
COLUMNS = ("c02", "c03", "c04", "c05", "c06", "c07")
FIGURES = {  # plan; same month and to date last year; last month; this month and to date
    "NN07": "820 800 - 812.5 812.5 -",
    "NN10": "70 9 60 11.5 10.5 62",
    "NN13": "90 90 - 85 86 -",
    "NN14": "1300 1180 - 1230 1250 -",
    "NN15": "3700 3600 - 3520 3400 -",
    "NN16": "48000 43000 - 44000 45200 -",
    "NN17": "- 0 12 3 7 15",
    "NN21": "200 20 150 17 18 160",
    "TX01": "15000 1180 11800 11200 1250.5 12450.5",
    "TX02": "14000 900 9000 8800 1000 9800",
    "TC06": "- 8000 - 8500 8500 -",
    "TC07": "8500 400 4700 4600 500 5100",
    "TC08": "- - - 54.12 60 60",
    "TC12": "- 10 100 9 12 110",
    "XH01": "350 40 300 28 35 285",
    "NC01": "- 800 8000 830 845 8100",
    "NC02": "- 790 7900 820 812 8050",
    "NC05": "- 25 240 20 23 230",
}
SENTENCES = Path(__file__).parent / "narrative_sentences.txt"
CODES = {
    "narrative-number-differs": "number",
    "narrative-change-differs": "change",
    "narrative-direction-differs": "way",
}


class Labelled(NamedTuple):
    part: int
    label: str
    text: str


@cache
def tables() -> tuple[tuple[Table, ...], Definitions]:
    """The figures of one commune in the sample's monthly form."""
    held = catalogue()
    definitions = Definitions.of(held)
    form = next(one for one in held.forms if one.code == "KTXH-01")
    unit = next(one for one in held.units if one.code == "24211")
    view = View(form, PERIOD.shape, row_set(form, unit, PERIOD.shape), definitions)
    values = {
        CellKey(row, column): CellValue(State.VALUE, D(number))
        for row, numbers in FIGURES.items()
        for column, number in zip(COLUMNS, numbers.split(), strict=True)
        if number != "-"
    }
    return (own_table(view, values),), definitions


def remarks(text: str) -> list[str]:
    own, definitions = tables()
    found = contradictions([Paragraph(1, text)], Named(own), PERIOD, definitions, "Xã Ea Súp")
    return [CODES[one.finding.code] for one in found]


def labelled() -> Iterator[Labelled]:
    part = 0
    for line in SENTENCES.read_text("utf-8").splitlines():
        if line.startswith("# ---"):
            part += 1
        elif line and not line.startswith("#"):
            label, text = line.split(" | ", 1)
            yield Labelled(part, label, text)


def measured(part: int) -> Counter[str]:
    """Sentences rightly and wrongly remarked on, and those missed."""
    count: Counter[str] = Counter()
    for one in labelled():
        if one.part == part:
            found = remarks(one.text)
            count["right"] += one.label in found
            count["wrong"] += any(each != one.label for each in found)
            count["missed"] += one.label != "ok" and one.label not in found
    return count


def test_nothing_right_is_remarked_on_and_most_of_what_is_wrong_is_found() -> None:
    for part, least in ((1, D("0.95")), (2, D("0.85"))):
        count = measured(part)
        assert count["wrong"] == 0
        assert count["right"] >= least * (count["right"] + count["missed"])
    assert sum(1 for _ in labelled()) > 150


def test_a_remark_names_paragraph_found_and_the_tables_value_with_its_cell() -> None:
    own, definitions = tables()
    text = "Đàn trâu 86 con; đàn bò 1.520 con."
    [one] = contradictions([Paragraph(1, "CHĂN NUÔI", True), Paragraph(2, text)], Named(own), PERIOD, definitions)
    assert (one.paragraph, text[one.start : one.end]) == (2, "1.520 con")
    assert one.origin == Origin("KTXH-01", (CellKey("NN14", "c06"),))
    assert message(one.finding) == (
        "Đoạn 2 viết “1.520 con”, nhưng biểu KTXH-01, chỉ tiêu “Đàn bò”, "
        "cột “Năm báo cáo – Ước tháng báo cáo” là 1.250 con."
    )
    assert "sửa số trong thuyết minh" in fix(one.finding)


@pytest.mark.parametrize(
    ("code", "trips", "nearly"),
    [
        ("narrative-number-differs", "Đàn bò khoảng 1.600 con.", "Đàn bò khoảng 1.380 con."),
        ("narrative-number-differs", "Đàn gia cầm 45,3 nghìn con.", "Đàn gia cầm 45,2 nghìn con."),
        ("narrative-number-differs", "Chi ngân sách xã là 9,9 tỷ đồng.", "Chi ngân sách xã là 9,8 tỷ đồng."),
        ("narrative-change-differs", "Đàn bò tăng 6,1% so với cùng kỳ.", "Đàn bò tăng 5,9% so với cùng kỳ."),
        ("narrative-direction-differs", "Đàn lợn tăng so với cùng kỳ.", "Đàn lợn giảm so với cùng kỳ."),
    ],
)  # fmt: skip
def test_rounding_and_rough_words_make_the_difference(code: str, trips: str, nearly: str) -> None:
    assert remarks(trips) == [CODES[code]]
    assert remarks(nearly) == []


def test_a_wrong_change_is_told_in_the_measure_it_was_written_in() -> None:
    own, definitions = tables()
    for text, wanted in (
        ("Đàn bò tăng 170 con so với cùng kỳ.", "tăng 70 con"),
        ("Đàn bò tăng 9,5% so với cùng kỳ.", "tăng 5,9%"),
        ("Đàn lợn tăng 200 con so với cùng kỳ.", "giảm 200 con"),
    ):
        [one] = contradictions([Paragraph(1, text)], Named(own), PERIOD, definitions)
        assert one.finding.expected == wanted


def test_a_change_reckoned_from_the_printed_figures_is_no_contradiction() -> None:
    own, definitions = tables()
    cells = {
        CellKey("NN07", "c06"): CellTotal(State.VALUE, D("812.46")),
        CellKey("NN07", "c03"): CellTotal(State.VALUE, D("800.04")),
    }
    held = [replace(own[0], cells=cells)]
    for text in ("Diện tích sắn tăng 12,5 ha so với cùng kỳ.", "Diện tích sắn tăng 12,4 ha so với cùng kỳ."):
        assert contradictions([Paragraph(1, text)], Named(held), PERIOD, definitions) == ()


def spoken(report: ReportBuilder) -> list[str]:
    return list(say(report.totals.rows, report.totals, report.order).sentences)


def test_what_the_report_itself_says_of_its_figures_is_never_contradicted_and_a_wrong_digit_is() -> None:
    report = a_full_report().gives(TUY_HOA, {"SUM.c05": 10, "SUM.c06": 5, "BOTH.c06": 100, "MONEY.c07": 100})
    held = [table_of(report.totals)]
    said = spoken(report)
    paragraphs = [Paragraph(n, text) for n, text in enumerate(said, 1)]
    assert contradictions(paragraphs, Named(held), report.order.period, DEFINITIONS) == ()
    wrong = [
        replace(one, text=one.text.replace("1.260,5", "1.620,5").replace("1.000 con", "1.400 con"))
        for one in paragraphs
    ]
    found = contradictions(wrong, Named(held), report.order.period, DEFINITIONS)
    assert sorted(text.found or "" for text in (one.finding for one in found)) == ["1.400 con", "1.620,5 tỷ đồng"]


@given(st.integers(10, 99_999), st.integers(10, 99_999), st.sampled_from(["", "khoảng "]))
def test_a_number_is_remarked_on_just_when_it_is_not_the_cells(actual: int, said: int, rough: str) -> None:
    own, definitions = tables()
    figures = {**own[0].cells, CellKey("NN14", "c06"): CellTotal(State.VALUE, D(actual))}
    held = [
        replace(own[0], cells={key: one for key, one in figures.items() if key.row == "NN14" and key.column == "c06"})
    ]
    text = f"Đàn bò hiện có {rough}{format_number(D(said), 0)} con."
    found = contradictions([Paragraph(1, text)], Named(held), PERIOD, definitions)
    if actual == said:
        assert not found
    elif abs(actual - said) * 9 > max(actual, said):
        assert [one.finding.code for one in found] == ["narrative-number-differs"]
