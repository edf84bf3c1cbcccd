"""Official forms rebuilt as plain workbooks: what is proposed, and how much of it a person has to correct."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from functools import cache
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.utils.exceptions import IllegalCharacterError
from openpyxl.worksheet.datavalidation import DataValidation

from ingest.definition import read_folder
from ingest.official import Proposal, propose
from ingest.official.formula import Ground, NotOurs, of_hint
from ingest.reading import read_guarded
from registry.catalogue.model import Catalogue, CellKind, Form, ProvinceValue, RowKind
from registry.findings import Severity, fix, message
from registry.rules.parse import parse
from registry.sample import catalogue
from tests.ingest.plain_forms import (
    LAYOUTS,
    Head,
    Layout,
    Printed,
    Variant,
    corrections,
    dtc,
    dx,
    hn,
    ii06a,
    ktxh,
    proposed,
    wanted,
)
from workbook_templates import proposal_book

VARIANTS = {
    "as published": Variant(),
    "numbers in brackets": Variant(bracketed=True),
    "heading repeated on the next page": Variant(repeated_at=2),
    "TCVN3 font": Variant(legacy=True),
    "a hidden column": Variant(hidden_column=True),
    "groups not merged": Variant(unmerged_groups=True),
    "table set in from A1": Variant(first_row=4, first_column=3),
}
KNOWN_TO_CORRECT = {"DTC-01": 3}  # what the form does not print: the words of column 19, the units of column 20
WITHOUT_NUMBERS = {"KTXH-01": 3, "II.06a": 0, "DTC-01": 3, "HN-01": 0, "DX": 1}  # besides: that notes are "D"
OF_A_NEXT_VERSION = ("catalogue-rule-left-out", "catalogue-form-date-kept")  # notes: rules stay, so does the date


@cache
def new_province() -> Catalogue:
    """Measures and units only: nothing of the forms is known."""
    known = replace(catalogue(), forms=(), rules=(), indicators=(), members=(), regimes=(), plans=(), requests=())
    return replace(known, outlines=())


@cache
def sample() -> Catalogue:
    """The sample catalogue as it is before the other three forms are there."""
    forms = tuple(form for form in catalogue().forms if form.code in ("KTXH-01", "II.06a"))
    rules = tuple(rule for rule in catalogue().rules if rule.form in {form.code for form in forms})
    return replace(catalogue(), forms=forms, rules=rules, regimes=(), requests=())


def files_of(proposal: Proposal) -> dict[str, bytes]:
    return proposal_book.write(proposal.catalogue, [])


def said(proposal: Proposal, code: str) -> list[str | None]:
    return [found.cell for found in proposal.findings if found.code == code]


def form_of(proposal: Proposal) -> Form:
    assert proposal.form is not None, [message(found) for found in proposal.findings]
    return proposal.form


# --- the five forms of the sample catalogue --------------------------------------------------------------------------


@pytest.mark.parametrize("name", LAYOUTS)
@pytest.mark.parametrize("variant", VARIANTS)
def test_a_form_nobody_knows_is_proposed_as_a_person_would_define_it(name: str, variant: str) -> None:
    made = corrections(proposed(LAYOUTS[name](), new_province(), VARIANTS[variant]).form, wanted(name))

    assert len(made.wrong) == KNOWN_TO_CORRECT.get(name, 0), made.wrong
    assert made.share_right >= 0.98


@pytest.mark.parametrize("name", LAYOUTS)
def test_without_a_row_of_numbers_only_numbers_need_correcting(name: str) -> None:
    made = corrections(proposed(LAYOUTS[name](), new_province(), Variant(number_row=False)).form, wanted(name))

    assert len(made.wrong) == WITHOUT_NUMBERS[name], made.wrong


@pytest.mark.parametrize("name", ["KTXH-01", "II.06a"])
def test_a_form_in_force_is_recognised_as_its_next_version(name: str) -> None:
    proposal = proposed(LAYOUTS[name](), sample())
    live = next(form for form in sample().forms if form.code == name)
    form = form_of(proposal)

    assert form.version == live.version + 1
    assert said(proposal, "official-known-form") == ["A1"]
    assert proposal.indicators == ()
    assert [row.code for row in form.rows] == [
        row.code for row in live.rows if row.label in {r.label for r in form.rows}
    ]
    assert {row.indicator for row in form.rows} <= {row.indicator for row in live.rows}


@pytest.mark.parametrize("name", LAYOUTS)
@pytest.mark.parametrize("known", [new_province, sample], ids=["new province", "sample"])
def test_an_uncorrected_proposal_reads_without_a_fault(name: str, known: Any) -> None:
    proposal = proposed(LAYOUTS[name](), known())
    without_list_rules = replace(proposal, rules=() if form_of(proposal).lists else proposal.rules)

    read, findings = read_folder(files_of(without_list_rules), known())

    said = [message(found) for found in findings if found.code not in OF_A_NEXT_VERSION]
    assert said == []
    in_force = name in {form.code for form in known().forms}
    rules_kept = sum(rule.form == name for rule in known().rules)
    assert len(findings) == (rules_kept + 1 if in_force else 0)
    assert read.forms == (proposal.form,)
    assert set(read.indicators) == set(proposal.indicators)


def test_the_rules_a_form_states_are_proposed() -> None:
    rules = {name: [rule.formula for rule in proposed(LAYOUTS[name](), new_province()).rules] for name in LAYOUTS}

    assert rules["DTC-01"] == ["(c14) <= (c13)", "(c17) >= (c14)", "(c18) >= (c17)"]
    assert rules["HN-01"] == [
        "(c02) <= (c01)",
        "(c11) <= (c10)",
        "(c10) = (c03) - (c04) - (c05) + (c06) + (c07) + (c08) - (c09)",
        "(c10) + (c17) <= (c01)",
    ]
    assert rules["KTXH-01"][1:] == ["[HCT03] <= [HCT02]"]  # trước hạn và đúng hạn, a part of the settled
    assert all(parse(formula) for formulas in rules.values() for formula in formulas)


def test_choices_named_below_the_table_become_a_list() -> None:
    form = form_of(proposed(dtc(), new_province()))

    assert [one.label for one in form.members if one.breakdown == "nhom_du_an"] == ["QTQG", "A", "B", "C"]
    assert [column.code for column in form.lists[0].columns if column.key] == ["c01", "c09"]


@pytest.mark.parametrize(
    ("listed", "offered"),
    [
        ("Đang làm,Đã xong,Tạm dừng", ["Đang làm", "Đã xong", "Tạm dừng"]),
        ("§ang lµm,§· xong,T¹m dõng", ["Đang làm", "Đã xong", "Tạm dừng"]),  # TCVN3
        ("1,2,3", []),
        ("Đã xong", []),
    ],
)
def test_a_list_drawn_on_the_cells_of_a_column_becomes_its_choices(listed: str, offered: list[str]) -> None:
    book = Workbook()
    sheet = book.active
    sheet.append(["TT", "Tên công trình", "Đánh giá", "Vốn đã giải ngân (triệu đồng)"])
    sheet.append(["A", "B", "1", "2"])
    drawn = DataValidation(type="list", formula1=f'"{listed}"')
    drawn.add("C3:C60")
    sheet.add_data_validation(drawn)
    form = form_of(_of(book))
    (column,) = (one for one in form.lists[0].columns if one.path == ("Đánh giá",))

    assert [one.label for one in form.members if one.breakdown == column.choices] == offered
    assert (column.kind is CellKind.CHOICE) == bool(offered)


def test_figures_of_the_same_name_below_other_headings_are_not_taken_for_the_same() -> None:
    """Deaths by storm are not the deaths of the traffic row, though both are "Số người chết"."""
    proposal = proposed(dx(), sample())
    deaths = next(row for row in form_of(proposal).rows if row.label == "Số người chết")

    assert deaths.indicator in {one.code for one in proposal.indicators}
    assert len(said(proposal, "official-indicator-near")) >= 2


def test_a_row_the_catalogue_knows_takes_its_indicator_and_its_suppliers() -> None:
    herd = Printed("1", "Đàn bò", "con", "#,##0")
    form = form_of(proposed(_small(herd, Printed("2", "Đàn dê núi", "con", "#,##0")), sample()))

    assert form.rows[0].indicator == "NN14"
    assert form.rows[0].suppliers == ("SNNMT",)
    assert form.rows[0].province_value is ProvinceValue.AGENCY_AND_COMMUNES
    assert form.rows[1].indicator == "NN23"  # the section's letters, the next free number


# --- parts of a table ------------------------------------------------------------------------------------------------

_LABELS = (Head(("STT",), "A"), Head(("Chỉ tiêu",), "B"), Head(("ĐVT",), "C"))
_MONTH = (Head(("Thực hiện trong tháng",), "1"), Head(("Ghi chú",), "2"))


def _small(*lines: Printed, columns: tuple[Head, ...] = _MONTH, **more: Any) -> Layout:
    return Layout(
        "02/TH", ("Ban hành kèm theo Thông tư 5/2026/TT-BTC",), ("BIỂU TỔNG HỢP",), _LABELS, columns, lines, **more
    )


def test_formulas_of_the_sheet_become_formulas_of_columns_and_cells() -> None:
    columns = (
        Head(("Kế hoạch năm",), "1"),
        Head(("Thực hiện",), "2"),
        Head(("Tỷ lệ (%)",), "3", format="0.00"),
    )
    ratio = {"3": '=IF({1}=0,"",{2}/{1}*100)'}
    form = form_of(
        proposed(
            _small(
                Printed("1", "Tổng diện tích", "ha", "#,##0.0", figures={"2": "=SUM({2:1}:{2:2})", **ratio}),
                Printed("1.1", "- Lúa", "ha", "#,##0.0", figures=ratio),
                Printed("1.2", "- Ngô", "ha", "#,##0.0", figures=ratio),
                Printed("2", "Đàn trâu", "con", "#,##0", figures={"1": "x", "3": "x"}),
                columns=columns,
            ),
            new_province(),
        )
    )

    codes = [row.code for row in form.rows]
    assert form.columns[2].formula == "(c02) / (c01) * 100"
    assert form.columns[2].decimals == 2
    shut, total = form.cell_rules
    assert (shut.rows, shut.columns, shut.kind) == ({codes[3]}, {"c01", "c03"}, CellKind.CLOSED)
    assert (total.rows, total.columns, total.keep) == ({codes[0]}, {"c02"}, True)
    assert total.formula == f"SUM([{codes[1]}]:[{codes[2]}])"


def test_hints_beside_column_numbers_are_read_in_every_spelling() -> None:
    codes = {"3": "c03", "5": "c05", "6": "c06", "100": "c100"}

    assert of_hint("(5)+(6)", codes) == of_hint("5+6", codes) == of_hint("[5] + [6]", codes) == "(c05) + (c06)"
    assert of_hint("6:5x100", codes) == "(c06) / (c05) * 100"
    assert of_hint("6/5 %", codes) == "(c06) / (c05) * 100"
    assert of_hint("(3)-(5)-(6)", codes) == "(c03) - (c05) - (c06)"
    for foreign in ("7+8", "a+b", "", "100"):
        with pytest.raises(NotOurs):
            of_hint(foreign, {"3": "c03"})


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("=E7+F7", "(c02) + (c03)"),
        ("=$E$7-(F7+G7)", "(c02) - ((c03) + (c04))"),
        ("=SUM(E7:G7)", "(c02) + (c03) + (c04)"),
        ("=100*SUM(E7:F7)", "100 * ((c02) + (c03))"),
        ("=SUM(D8:D9)", "SUM([A]:[B])"),
        ("=SUM(E8:E9)", "SUM([A]:[B].(c02))"),
        ("=SUM(D8,D9)", "[A] + [B]"),
        ('=IFERROR(E7/F7,"")', "(c02) / (c03)"),
        ("=IF(F7=0,0,ROUND(E7/F7*100,1))", "ROUND((c02) / (c03) * 100; 1)"),
        ('=IF(F7<>0,E7/F7,"")*100', "((c02) / (c03)) * 100"),
        ("=E8/E9*1.5", "[A].(c02) / [B].(c02) * 1,5"),
        ("=-E7+12.5%", "-(c02) + 12,5 / 100"),
    ],
)
def test_a_formula_of_excel_means_the_same_in_the_rule_language(written: str, meant: str) -> None:
    ground = Ground({8: "A", 9: "B"}, {4: "c01", 5: "c02", 6: "c03", 7: "c04"})

    translated = ground.translated(written.lstrip("="), 7, 4)

    assert parse(translated) == parse(meant)


@pytest.mark.parametrize(
    "written",
    ["VLOOKUP(E7,A1:B2,2,0)", "D7+1", "SUM(D7:D9)", "Sheet2!E7", "E70", "A7", "E7&F7", "(" * 400, "SUM(", "IF(", ""],
)
def test_a_formula_the_language_has_no_words_for_is_named(written: str) -> None:
    with pytest.raises(NotOurs):
        Ground({8: "A"}, {4: "c01", 5: "c02"}).translated(written, 7, 4)


def test_levels_follow_numbers_dashes_and_setting_in() -> None:
    form = form_of(
        proposed(
            _small(
                Printed("I", "NÔNG NGHIỆP", is_section=True),
                Printed("1", "Tổng đàn", "con"),
                Printed("", "- Trâu", "con"),
                Printed("", "+ Trâu cái", "con"),
                Printed("", "- Bò", "con"),
                Printed("a)", "Bò sữa", "con"),
                Printed("2", "Sản lượng", "tấn"),
                Printed("2.1", "Thịt", '"'),
                Printed("2.1.1", "Thịt lợn", ""),
                Printed("", "Tổng cộng", ""),
            ),
            new_province(),
        )
    )

    assert [row.indent for row in form.rows] == [0, 0, 1, 2, 1, 1, 0, 1, 2, 0]
    assert [row.measure for row in form.rows][6:9] == ["tấn", "tấn", "tấn"]
    assert [row.kind for row in form.rows][0::9] == [RowKind.SECTION, RowKind.TOTAL]


def test_a_number_like_1_10_typed_as_a_figure_is_mended() -> None:
    book = Workbook()
    for row, texts in enumerate(
        (["STT", "Chỉ tiêu", "ĐVT", "Thực hiện"], *([float(f"1.{n}"), f"Cây {n}", "ha", None] for n in range(1, 11))), 1
    ):
        for column, value in enumerate(texts, 1):
            book.active.cell(row, column, value)
    proposal = _of(book)

    assert [row.number for row in form_of(proposal).rows][-2:] == ["1.9", "1.10"]
    assert said(proposal, "official-number-mended") == ["A11"]


def test_measures_are_recognised_as_people_abbreviate_them() -> None:
    written = ("Tr.đ", "1000 con", "Ha", "tỉ đồng", "nghìn  con", "m2", "lượt khách", "bao")
    lines = [Printed(str(n), f"Việc {n}", measure) for n, measure in enumerate(written, start=1)]
    proposal = proposed(_small(*lines), new_province())

    assert [row.measure for row in form_of(proposal).rows] == [
        "triệu đồng", "nghìn con", "ha", "tỷ đồng", "nghìn con", "m²", "lượt khách", "bao",
    ]  # fmt: skip
    assert [measure.code for measure in proposal.measures] == ["bao"]
    assert said(proposal, "official-measure-unknown") == ["B13"]


def test_two_figures_of_one_row_that_nothing_tells_apart_are_left_for_a_person() -> None:
    columns = (Head(("Nam",), "1"), Head(("Nữ",), "2"))
    proposal = proposed(
        _small(Printed("1", "Việc làm", "người"), Printed("2", "Diện tích", "ha"), columns=columns), new_province()
    )

    assert [column.kind for column in form_of(proposal).columns] == [CellKind.INPUT, CellKind.TEXT]
    assert said(proposal, "official-series-clash") == ["E4"]


# --- laws ------------------------------------------------------------------------------------------------------------

_WORDS = [
    "cây",
    "rừng",
    "suối",
    "đường",
    "cầu",
    "lúa",
    "ngô",
    "bò",
    "trâu",
    "gỗ",
    "nước",
    "chợ",
    "lớp",
    "trạm",
    "vườn",
    "cá",
]
_heading = st.lists(st.sampled_from(_WORDS), min_size=1, max_size=3).map(lambda words: " ".join(words).capitalize())
_DRAWN = [name for name in VARIANTS if name != "TCVN3 font"]  # which has no letter for "Ềm"
_measure = st.sampled_from(["ha", "tấn", "con", "người", "hộ", "triệu đồng"])


@st.composite
def _layouts(draw: st.DrawFn) -> Layout:
    """A form of groups of columns and of sections of numbered lines."""
    groups = draw(
        st.lists(
            st.tuples(_heading, st.lists(_heading, min_size=1, max_size=3, unique=True)),
            min_size=1,
            max_size=4,
            unique_by=lambda g: g[0],
        )
    )
    paths = [(name, leaf) if len(leaves) > 1 else (name,) for name, leaves in groups for leaf in leaves]
    columns = tuple(Head(path, str(n), format="#,##0") for n, path in enumerate(paths, start=1))
    lines: list[Printed] = []
    for section, labels in enumerate(
        draw(st.lists(st.lists(_heading, min_size=1, max_size=4), min_size=1, max_size=3))
    ):
        lines.append(Printed(("I", "II", "III")[section], f"PHẦN {section + 1}", is_section=True))
        lines += [Printed(str(n), f"Số {label}", draw(_measure), "#,##0") for n, label in enumerate(labels, start=1)]
    return _small(*lines, columns=columns)


@settings(max_examples=20)
@given(_layouts(), st.sampled_from(_DRAWN))
def test_any_form_gives_back_its_headings_and_its_lines(layout: Layout, variant: str) -> None:
    form = form_of(proposed(layout, new_province(), VARIANTS[variant]))

    assert [column.path for column in form.columns] == [head.path for head in layout.columns]
    assert [(row.number, row.label, row.measure) for row in form.rows] == [
        (line.number, line.label, line.measure) for line in layout.lines
    ]
    assert [row.kind is RowKind.SECTION for row in form.rows] == [line.is_section for line in layout.lines]


_cell = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["STT", "TT", "Chỉ tiêu", "ĐVT", "1", "A", "(2)=(1)+(3)", "=A1+B2", "=SUM(A1:A9)", "x", "I", "…", "Tổng cộng"]
    ),
    st.integers(-3, 30),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
)


@settings(max_examples=40)
@given(
    st.dictionaries(st.tuples(st.integers(1, 12), st.integers(1, 8)), _cell, max_size=60),
    st.lists(st.tuples(st.integers(1, 12), st.integers(1, 8), st.integers(0, 3), st.integers(0, 3)), max_size=4),
)
def test_no_workbook_makes_it_fail(cells: dict[tuple[int, int], Any], merges: list[tuple[int, int, int, int]]) -> None:
    book = Workbook()
    for (row, column), value in cells.items():
        try:
            book.active.cell(row, column, value)
        except IllegalCharacterError:
            continue
    for row, column, down, right in merges:
        book.active.merge_cells(start_row=row, start_column=column, end_row=row + down, end_column=column + right)
    proposal = _of(book)

    assert all(message(found) and fix(found) for found in proposal.findings)
    if proposal.form is not None:
        read, findings = read_folder(files_of(replace(proposal, rules=())), new_province())
        assert read.forms == (proposal.form,), [message(found) for found in findings]


def _of(book: Workbook) -> Proposal:
    target = BytesIO()
    book.save(target)
    return propose(read_guarded(target.getvalue(), "la.xlsx"), "la.xlsx", new_province())


# --- odd files -------------------------------------------------------------------------------------------------------


def test_a_workbook_without_a_table_says_so() -> None:
    empty, one = Workbook(), Workbook()
    one.active["C5"] = "Công văn số 5"

    for book in (empty, one):
        proposal = _of(book)
        assert proposal.form is None
        assert [found.code for found in proposal.findings] == ["official-no-table"]


def test_what_is_no_workbook_is_refused_as_everywhere() -> None:
    bomb = BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<!DOCTYPE x>" + b" " * 1000)
    for data in (b"", b"MZ", bomb.getvalue()):
        proposal = propose(read_guarded(data, "la.xlsx"), "la.xlsx", new_province())
        assert proposal.form is None
        assert proposal.findings[0].severity is Severity.BLOCK


def test_the_first_sheet_with_a_table_is_read_and_the_others_are_named() -> None:
    book = Workbook()
    book.active.title = "Bìa"
    for title in ("Biểu 1", "Biểu 2"):
        sheet = book.create_sheet(title)
        for row in (["STT", "Chỉ tiêu", "ĐVT", "Thực hiện"], [1, "Đàn bò", "con", None]):
            sheet.append(row)
    proposal = _of(book)

    assert form_of(proposal).rows[0].label == "Đàn bò"
    assert [found.found for found in proposal.findings if found.code == "official-sheet-choice"] == ["Biểu 2"]


def test_a_second_table_below_is_named_and_left_out() -> None:
    book = Workbook()
    table = (["STT", "Chỉ tiêu", "ĐVT", "Thực hiện"], [1, "Đàn bò", "con", None], [2, "Đàn lợn", "con", None])
    for row in (*table, [], ["STT", "Công trình", "Quy mô", "Vốn"], [1, "Đường", "km", None]):
        book.active.append(row)
    proposal = _of(book)

    assert len(form_of(proposal).rows) == 2
    assert said(proposal, "official-second-table") == ["A5"]


def test_a_very_long_sheet_is_cut_and_says_so() -> None:
    book = Workbook()
    book.active.append(["STT", "Chỉ tiêu", "ĐVT", "Thực hiện"])
    for n in range(1, 2_300):
        book.active.append([n, f"Việc {n}", "con"])
    proposal = _of(book)

    assert len(form_of(proposal).rows) == 1_999
    assert said(proposal, "official-too-large") == ["A1"]


def test_every_doubt_points_at_the_file_and_at_the_proposal() -> None:
    for layout in (ktxh(), ii06a(), hn(), dx()):
        for doubt in proposed(layout, new_province()).doubts:
            assert doubt.finding.sheet == "Biểu"
            assert message(doubt.finding)
            assert fix(doubt.finding)
