"""A tidied copy: what was understood stands in its cells, reads as the same, and is said of no more."""

from __future__ import annotations

import io

import openpyxl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from ingest.mark import tidy
from ingest.mark.job import Conversion, Job
from ingest.mark.marking import marked
from ingest.reading import read_guarded
from registry.findings import Severity, codes, finding
from tests.ingest import a_form
from tests.ingest.workbooks import GRID, SHAPES, cell, typed, verdict

SETTLED = tidy.NUMBERS | tidy.TEXTS
RESULTS = "Kết quả kiểm tra"


def converted(data: bytes) -> tuple[Conversion, ...]:
    judged = verdict(data)
    return tidy.conversions(a_form.view(), judged.values, judged.addresses, judged.findings)


def tidied(data: bytes) -> bytes:
    return marked(data, Job(verdict(data).findings, (), converted(data)))


def sheet(data: bytes, name: str = GRID.sheet):  # type: ignore[no-untyped-def]
    return openpyxl.load_workbook(io.BytesIO(data))[name]


# --- one cell at a time ---


@pytest.mark.parametrize(
    ("row", "written", "number"),
    [
        ("AREA", "1.234,5", 1234.5),
        ("AREA", "12,5 ha", 12.5),
        ("AREA", "1.234,56", 1234.6),
        ("AREA", 1234.56, 1234.6),
        ("HOMES", "1.250", 1250),
        ("PRICE", "104,25%", 104.25),
        ("DEBT", "(1.250,5)", -1250.5),
        ("DEBT", "5 tỷ", 5000),
    ],
)
def test_a_figure_that_was_understood_is_a_number(row: str, written: object, number: float) -> None:
    data = typed({cell(row): written})
    out = tidied(data)
    assert sheet(out)[cell(row)].value == number
    assert sheet(out)[cell(row)].number_format == sheet(data)[cell(row)].number_format
    assert not {one.code for one in verdict(out).findings if one.cell == cell(row)} & SETTLED


def test_a_cell_formatted_as_text_shows_numbers_afterwards() -> None:
    data = typed({cell("AREA"): "1.234,5"}, formats={cell("AREA"): "@"})
    assert sheet(tidied(data))[cell("AREA")].number_format == "[$-42A]#,##0.0"


def test_a_percentage_is_written_in_points_and_its_format_goes() -> None:
    data = typed({cell("PRICE"): 1.0425}, formats={cell("PRICE"): "0.00%"})
    found = sheet(tidied(data))[cell("PRICE")]
    assert (found.value, found.number_format) == (104.25, "[$-42A]#,##0.00")


def test_decomposed_words_are_composed() -> None:
    data = typed({cell("AREA", "c13"): "đo lại ở Ea Súp"})
    assert sheet(tidied(data))[cell("AREA", "c13")].value == "đo lại ở Ea Súp"


@pytest.mark.parametrize("written", ["12 hai", "1.234", "5 kg", "khoảng 5", "31/02", "-", "…", "", "=2+3,5"])
def test_what_was_refused_asked_or_in_order_is_not_touched(written: str) -> None:
    data = typed({cell("AREA"): written}) if written else typed({})
    assert [one for one in converted(data) if one.cell == cell("AREA")] == []


def test_a_formula_is_never_overwritten() -> None:
    data = typed({cell("AREA"): "=1234.56*1"})
    change = Conversion(GRID.sheet, cell("AREA"), "Diện tích", "Ước", "1234.56", "1.234,6", number="1234.6")
    out = marked(data, Job((), (), (change,)))
    assert sheet(out)[cell("AREA")].value == "=1234.56*1"
    assert "1.234,6" not in [one.value for one in sheet(out, RESULTS)["H"]]


@pytest.mark.parametrize(("row", "measure"), [("AREA", "km"), ("MONEY", "đồng"), ("MONEY", "tỷ đồng")])
def test_a_row_in_another_measure_is_left_alone(row: str, measure: str) -> None:
    place = next(addresses[2] for code, addresses in GRID.labels if code == row)
    data = typed({place: measure, cell(row): "1.234,5", cell("DEBT"): "1.234,5"})
    assert [one.cell for one in converted(data)] == [cell("DEBT")]


def test_a_comment_in_an_old_charset_does_not_keep_its_cell_from_being_tidied() -> None:
    about = {"sheet": GRID.sheet, "cell": cell("AREA"), "row": "Diện tích sắn", "column": "Ước tháng"}
    judged = verdict(typed({cell("AREA"): "1.234,5"}))
    findings = (*judged.findings, finding("text-note-converted", **about))
    found = tidy.conversions(a_form.view(), judged.values, judged.addresses, findings)
    assert [one.cell for one in found] == [cell("AREA")]


# --- formulas typed over ---

SUM = cell("HOMES", "c07")
TYPED_OVER = {cell("HOMES", "c05"): 7, cell("HOMES"): 9, SUM: 17}


@pytest.mark.parametrize("shape", sorted(SHAPES))
def test_a_formula_typed_over_is_put_back_with_what_it_comes_to(shape: str) -> None:
    data = SHAPES[shape](typed(TYPED_OVER))
    out = tidied(data)
    assert "anchor-formula-overwritten" in {one.code for one in verdict(data).findings}
    if shape != "strict":  # which openpyxl does not read
        assert sheet(out)[SUM].value == openpyxl.load_workbook(io.BytesIO(a_form.workbook()))[GRID.sheet][SUM].value
    read = next(one for one in read_guarded(out, "biểu.xlsx").sheets if one.name == GRID.sheet)
    assert read.cells[SUM].raw == "16"
    assert "anchor-formula-overwritten" not in {one.code for one in verdict(out).findings}
    assert verdict(out).values == verdict(data).values


def test_a_formula_put_back_is_listed_with_what_stood_there() -> None:
    rows = [[one.value for one in row] for row in sheet(tidied(typed(TYPED_OVER)), RESULTS).iter_rows()]
    change = next(row for row in rows if "Đã chuẩn hóa" in row)
    assert change[4] == SUM
    assert change[7:9] == ["17", "16 (công thức của biểu)"]


@pytest.mark.parametrize(
    "more",
    [
        {cell("HOMES"): f"={SUM}-7"},  # it would read itself
        {cell("HOMES"): "…", cell("HOMES", "c05"): "…"},  # nothing to come to
        {cell("MONEY"): "=2+3"},
    ],
)
def test_a_formula_is_not_put_back_where_that_is_not_safe(more: dict[str, object]) -> None:
    assert [one for one in converted(typed(TYPED_OVER | more)) if one.formula] == []


def test_a_formula_is_not_put_back_among_rows_that_moved() -> None:
    book = openpyxl.load_workbook(io.BytesIO(typed(TYPED_OVER)))
    book[GRID.sheet].insert_rows(GRID.rows["HOMES"])
    out = io.BytesIO()
    book.save(out)
    assert "anchor-formula-overwritten" in {one.code for one in verdict(out.getvalue()).findings}
    assert [one for one in converted(out.getvalue()) if one.formula] == []


def test_each_change_is_listed_with_before_and_after_and_a_link() -> None:
    data = typed({cell("AREA"): "1.234,56", cell("CROP"): "12 hai"})
    listed = sheet(tidied(data), RESULTS)
    rows = [[one.value for one in row] for row in listed.iter_rows(min_col=2, max_col=11)]
    change = next(row for row in rows if row[1] == "Đã chuẩn hóa")
    assert change[2:8] == [
        GRID.sheet,
        cell("AREA"),
        "Diện tích sắn",
        "Năm báo cáo – Ước tháng",
        "1.234,56",
        "1.234,6",
    ]
    assert cell("AREA") not in [row[3] for row in rows if row[1] in ("Lỗi", "Lưu ý")]
    assert cell("CROP") in [row[3] for row in rows if row[1] == "Lỗi"]


# --- all of it ---

MESS = st.sampled_from(
    [
        "1.234,5", "1,234.5", "12,5 ha", "5%", "12 hai", "1.234", "(12)", "-5", "5 triệu", "1,2 tỷ", "012", "３４", "-",
        "…", "0", "", 7, 7.25, 1234.5678, -3, "=1+1", "31/02", "x", "1 234", "'12",
    ]
)  # fmt: skip
INPUTS = sorted(GRID.cells[key] for key in a_form.view().inputs)
FORMATS = st.sampled_from(["@", "0%", "General", "0.00"])


@given(
    st.dictionaries(st.sampled_from(INPUTS), MESS, max_size=8),
    st.dictionaries(st.sampled_from(INPUTS), FORMATS, max_size=4),
    st.sampled_from(sorted(SHAPES)),
)
@settings(
    max_examples=15,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow],
)
def test_the_tidied_copy_reads_as_the_same_without_those_notes(
    values: dict[str, object], formats: dict[str, str], shape: str
) -> None:
    data = SHAPES[shape](typed({at: value for at, value in values.items() if value != ""}, formats=formats))
    before, changes = verdict(data), converted(data)
    after = verdict(tidied(data))
    assert after.values == before.values
    gone = {(one.cell, code) for one in changes for code in one.codes}
    formulas = {at for at, value in values.items() if str(value).startswith("=")}
    refused = {one.cell for one in before.findings if one.severity is not Severity.NOTE and one.cell}
    left = [one for one in after.findings if one.code in SETTLED and one.cell not in formulas | refused]
    assert left == []
    assert [one.code for one in after.findings if one.code not in SETTLED] == [
        one.code for one in before.findings if (one.cell, one.code) not in gone and one.code not in SETTLED
    ]


def test_every_code_that_is_settled_is_in_the_catalogue() -> None:
    assert set(codes()) >= SETTLED
