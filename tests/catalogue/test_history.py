"""A workbook of figures of earlier periods: read back as written, everything wrong named by sheet and cell."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from ingest.history import History, read_history
from registry.catalogue.model import HistoryDocument, HistoryFigure
from registry.catalogue.values import Aspect, Nature
from registry.findings import Finding, fix, message
from tests.catalogue.folders import small
from tests.catalogue.history_book import write_history

DOCUMENT = HistoryDocument("Niên giám thống kê 2025", "Nguyễn Văn Bình")
HERD = HistoryFigure("B1", Aspect.ACTUAL, "", "202508", "24211", "24211", Decimal(120), "con")
AREA = HistoryFigure("A1", Aspect.CUMULATIVE, "cay=L", "20253", "646", "SNNMT", Decimal("12.5"), "ha", Nature.ESTIMATE)


def read(data: bytes) -> History:
    return read_history(data, "nen.xlsx", small())


def edited(changes: dict[str, object], sheet: str = "Số liệu nền") -> History:
    book = load_workbook(BytesIO(write_history([HERD, AREA], DOCUMENT)))
    for cell, value in changes.items():
        book[sheet][cell] = value
    out = BytesIO()
    book.save(out)
    return read(out.getvalue())


def said(history: History) -> list[tuple[str, str | None, str | None]]:
    return [(one.code, one.sheet, one.cell) for one in history.findings]


figures = st.builds(
    HistoryFigure,
    st.just("B1"),
    st.sampled_from(Aspect).filter(lambda aspect: not aspect.startswith("index")),
    st.sampled_from(["", "cay=L", "cay=N"]),
    st.sampled_from(["202501", "20254", "2025", "2025H1", "20259M"]),
    st.sampled_from(["66", "24211", "646"]),
    st.just("SNNMT"),
    st.integers(-(10**14), 10**14).map(Decimal),
    st.just("con"),
    st.sampled_from(Nature),
)


@given(st.lists(figures, max_size=4, unique_by=lambda one: (one.series, one.period, one.subject, one.nature)))
def test_what_was_written_is_read_back(given: list[HistoryFigure]) -> None:
    assert read(write_history(given, DOCUMENT)) == History(tuple(given), DOCUMENT, ())


def test_equal_figures_give_equal_bytes() -> None:
    assert write_history([HERD], DOCUMENT) == write_history([HERD], DOCUMENT)


def test_a_clerks_own_way_of_writing_is_understood() -> None:
    history = edited({"A1": "Chi tieu", "B2": "Thực Hiện", "D2": 202508, "E2": 24211, "F2": 24211, "H3": "12,5"})
    assert (history.figures, history.findings) == ((HERD, AREA), ())


@pytest.mark.parametrize(
    ("cell", "value", "code", "hint"),
    [
        ("A2", "B11", "catalogue-reference-unknown", "B1"),
        ("B2", "thực hien", "catalogue-value-bad", "thực hiện"),
        ("C3", "cay=M", "catalogue-reference-unknown", "cay="),
        ("C3", "lúa", "catalogue-value-bad", "tên=giá trị"),
        ("D2", "2025-08", "catalogue-value-bad", "202508"),
        ("D2", "tháng Tám", "catalogue-value-bad", "202610"),
        ("E2", "24212", "catalogue-reference-unknown", "24211"),
        ("F2", "SNNM", "catalogue-reference-unknown", "SNNMT"),
        ("G2", "chinh thuc", "catalogue-value-bad", "chính thức"),
        ("H2", "một trăm", "catalogue-value-bad", "1234,5"),
        ("H2", "0,5", "catalogue-figure-digits", "ĐVT"),
        ("H2", "1000000000000000", "catalogue-figure-too-large", "ĐVT"),
        ("H2", "=1+1", "catalogue-value-formula", "công thức"),
        ("I2", "kon", "catalogue-reference-unknown", "con"),
        ("I2", "ha", "catalogue-measure-clash", "con"),
        ("A2", None, "catalogue-value-missing", "A2"),
    ],
)
def test_a_mistake_is_named_by_its_cell_with_what_was_meant(cell: str, value: object, code: str, hint: str) -> None:
    history = edited({cell: value})
    found = next(one for one in history.findings if one.code == code)
    assert (found.sheet, found.cell) == ("Số liệu nền", cell)
    assert hint in _sentences(found)


def _sentences(found: Finding) -> str:
    return f"{message(found)} {fix(found)}"


def test_everything_wrong_is_said_in_one_pass() -> None:
    history = edited({"A2": "ZZ", "D2": "2025-08", "H3": "x", "Z1": "lạ"})
    assert {cell for _, _, cell in said(history)} == {"A2", "D2", "H3", "Z1"}


def test_a_figure_given_twice_is_a_mistake_and_another_nature_of_it_is_none() -> None:
    twice = read(write_history([HERD, replace(HERD, value=Decimal(130))], DOCUMENT))
    assert said(twice) == [("catalogue-duplicate", "Số liệu nền", "A3")]
    estimate = read(write_history([HERD, replace(HERD, nature=Nature.ESTIMATE)], DOCUMENT))
    assert estimate.findings == ()


def test_figures_come_with_one_document_and_its_approver() -> None:
    assert said(edited({"B1": None}, "Văn bản")) == [("catalogue-value-missing", "Văn bản", "B1")]
    assert said(edited({"B1": None, "B2": None}, "Văn bản")) == [("catalogue-value-missing", "Văn bản", "B1")]
    assert said(edited({"C1": "NQ 2", "C2": "An"}, "Văn bản")) == [("catalogue-document-twice", "Văn bản", "C1")]
    assert said(edited({"B1": "a" * 201}, "Văn bản")) == [("catalogue-value-bad", "Văn bản", "B1")]


def test_a_missing_sheet_and_a_file_that_is_no_workbook_are_named() -> None:
    book = load_workbook(BytesIO(write_history([HERD], DOCUMENT)))
    del book["Văn bản"]
    out = BytesIO()
    book.save(out)
    assert [one.code for one in read(out.getvalue()).findings] == ["catalogue-sheet-missing"]
    assert read(b"a,b\n1,2\n").findings[0].code.startswith("guard-")
