"""Lines that came back: wherever they moved they land right, and each mistake of a line is named with its cell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.judge import judge_values
from ingest.lines import MOST_ALIKE
from ingest.model import Case, Status
from registry.catalogue.model import UnitKind
from registry.catalogue.values import CellKey, Known, Nature, SeriesKey, State
from registry.findings import Severity, fix, message
from registry.rules.background import Background, KnownLines, Need
from registry.rules.lines import lines_of
from tests.lists.orders import (
    HAMLETS,
    PROJECTS,
    Back,
    answers,
    grid,
    hamlet,
    number,
    opened,
    order,
    project,
    text,
)
from workbook_templates import template
from workbook_templates.grid import CODE_COLUMN

THREE = [hamlet("Thôn 1"), hamlet("Buôn Kdruh", c02=number(0)), hamlet("Thôn 2", c11=number(4))]
AT = grid(HAMLETS)
Edit = Callable[[Back], Back]


def hamlets() -> Back:
    return Back(HAMLETS, THREE)


def names(back: Back) -> list[str | None]:
    lines = lines_of(back.verdict().values)["THON"]
    return [line[CellKey("THON", "c00")].text for line in lines.values()]


# --- what is filled is what is read


WORDS = st.text(st.characters(codec="utf-8", categories=("Ll", "Lu", "Nd")), min_size=1, max_size=20)
FIGURES = st.decimals(0, 10**6, places=3)


@st.composite
def projects(draw: st.DrawFn) -> list[dict[str, object]]:
    codes = draw(st.lists(st.from_regex(r"[0-9]{7}", fullmatch=True), min_size=1, max_size=4, unique=True))
    return [
        project(code, c02=text(f"Dự án {draw(WORDS)}"), c07=number(str(draw(FIGURES))), c14=number(str(draw(FIGURES))))
        for code in codes
    ]


@settings(max_examples=5)
@given(projects())
def test_lines_filled_are_the_lines_read(lines: list) -> None:  # type: ignore[type-arg]
    back = Back(PROJECTS, lines)
    values = back.verdict().values
    typed = answers(PROJECTS, lines)
    assert {key: values[key] for key in typed} == typed


FILLED = hamlets()


@settings(max_examples=25)
@given(st.permutations(range(6)), st.permutations(range(len(AT.columns))))
def test_lines_and_columns_may_be_moved_anywhere(rows: list[int], columns: list[int]) -> None:
    """Lines sorted with blank ones between, columns moved: the same lines in the order they now stand in."""
    first, left = AT.first_row, AT.first_figure_column

    def moved(row: int, column: int) -> tuple[int, int]:
        down = first + rows[row - first] if first <= row < first + len(rows) else row
        along = left + columns[column - left] if left <= column < left + len(columns) else column
        return down, along

    back = Back.__new__(Back)
    back.form, back.order, back.grid, back.extraction = HAMLETS, FILLED.order, FILLED.grid, FILLED.extraction
    verdict = back.move(moved).verdict()
    assert verdict.status is Status.ACCEPTED, verdict.findings
    wanted = lines_of(FILLED.verdict().values)["THON"]
    found = lines_of(verdict.values)["THON"]
    assert sorted(map(str, found.values())) == sorted(map(str, wanted.values()))
    in_order = sorted(range(3), key=lambda n: rows[n])
    assert names(back) == [THREE[n]["c00"].text for n in in_order]


def test_rows_put_in_and_taken_out_change_nothing_else() -> None:
    second = hamlets().row(2)
    inserted = hamlets().move(lambda row, column: (row + 2 * (row >= second), column))
    assert names(inserted) == ["Thôn 1", "Buôn Kdruh", "Thôn 2"]
    deleted = hamlets().move(lambda row, column: None if row == second else (row - (row > second), column))
    assert names(deleted) == ["Thôn 1", "Thôn 2"]


def test_a_list_of_thousands_of_lines_is_read_past_the_prepared_end() -> None:
    back = hamlets()
    codes = {code: back.grid.columns[code] for code in THREE[0]}
    for n in range(4, 304):
        row = back.row(n)
        cells = dict(back.sheet.cells)
        for code, column in codes.items():
            like = back.sheet.cells.get(f"{_letters(column)}{back.row(1)}")
            if like is not None:
                raw = f"Thôn {n + 10}" if code == "c00" else like.raw
                cells[f"{_letters(column)}{row}"] = like._replace(a1=f"{_letters(column)}{row}", raw=raw)
        back._with(replace(back.sheet, cells=cells))
    verdict = back.verdict()
    assert len(lines_of(verdict.values)["THON"]) == 303
    assert verdict.addresses[CellKey("THON", "c00", 303)][1] == f"C{back.row(303)}"


def _letters(column: int) -> str:
    from ingest.a1 import column_letters

    return column_letters(column)


def test_the_sheet_is_known_by_its_mark_under_another_name_and_without_the_hidden_column() -> None:
    back = hamlets()
    renamed = replace(back.sheet, name="Danh sách thôn")
    back.extraction = replace(
        back.extraction,
        sheets=tuple(renamed if one.name == AT.sheet else one for one in back.extraction.sheets),
    )
    assert lines_of(back.verdict().values)["THON"]
    bare = hamlets().move(lambda row, column: None if column == CODE_COLUMN else (row, column))
    assert names(bare) == ["Thôn 1", "Buôn Kdruh", "Thôn 2"]


# --- mistakes


@dataclass(frozen=True)
class Pair:
    code: str
    form: str
    trips: Edit
    passes: Edit
    severity: Severity
    cell: str | None = None


def copy_line(back: Back, source: int, target: int, *left_out: str) -> Back:
    for code, column in back.grid.columns.items():
        cell = back.sheet.cells.get(f"{_letters(column)}{back.row(source)}")
        if cell is not None and cell.formula is None and code not in left_out:
            back.put(target, code, cell.kind, cell.raw, cell.number_format)
    return back


def copied(back: Back, digits: str) -> Back:
    address = f"E{back.row(1)}"
    cells = {**back.sheet.cells, address: back.sheet.cells[address]._replace(raw=digits)}
    sheets = (*back.extraction.sheets, replace(back.sheet, name="HN-01 (2)", cells=cells))
    back.extraction = replace(back.extraction, sheets=sheets)
    return back


def heading(code: str) -> str:
    return next(one for one in AT.view.columns if one.code == code).path[-1]


def lowest_heading(code: str) -> int:
    """Sheet row of the heading of a column."""
    cells = hamlets().sheet.cells
    letters = _letters(AT.columns[code])
    return next(
        row for row in range(AT.code_row, 0, -1) if (at := cells.get(f"{letters}{row}")) and at.raw == heading(code)
    )


PAIRS = [
    Pair("anchor-two-sheets", HAMLETS, lambda b: copied(b, "211"), lambda b: copied(b, "210"), Severity.ERROR),
    Pair("anchor-sheet-copied", HAMLETS, lambda b: copied(b, "210"), lambda b: copied(b, "211"), Severity.NOTE),
    Pair("anchor-list-missing", HAMLETS, lambda b: b.without_sheet(), lambda b: b, Severity.BLOCK),
    Pair(
        "anchor-column-missing",
        HAMLETS,
        lambda b: b.at(AT.code_row, AT.columns["c02"], "s", "cột lạ"),
        lambda b: b.at(AT.code_row, AT.check_column, "s", "cột lạ"),
        Severity.ERROR,
    ),
    Pair(
        "anchor-duplicate-column",
        HAMLETS,
        lambda b: b.at(AT.code_row, AT.check_column, "s", "c02"),
        lambda b: b.at(AT.code_row, AT.check_column, "s", "c22"),
        Severity.ERROR,
    ),
    Pair(
        "anchor-heading-changed",
        HAMLETS,
        lambda b: b.at(lowest_heading("c02"), AT.columns["c02"], "s", "Hộ cũ"),
        lambda b: b.at(lowest_heading("c02"), AT.columns["c02"], "s", heading("c02").upper()),
        Severity.WARNING,
    ),
    Pair(
        "anchor-heading-moved",
        HAMLETS,
        lambda b: b.at(lowest_heading("c02"), AT.columns["c02"], "s", heading("c01")),
        lambda b: b.at(lowest_heading("c02"), AT.columns["c02"], "s", f" {heading('c02')} "),
        Severity.ERROR,
    ),
    Pair("anchor-protection-missing", HAMLETS, lambda b: b.unprotected(), lambda b: b, Severity.NOTE),
    Pair(
        "list-duplicate-key",
        HAMLETS,
        lambda b: b.put(3, "c00", "s", "thôn  1"),
        lambda b: b.put(3, "c00", "s", "Thôn Í"),
        Severity.ERROR,
        "C14",
    ),
    Pair("list-required", HAMLETS, lambda b: b.erase(2, "c01"), lambda b: b.erase(2, "c02"), Severity.ERROR, "E13"),
    Pair(
        "list-total-line",
        HAMLETS,
        lambda b: b.put(5, "c00", "s", "Tổng cộng:").put(5, "c01", "n", "630"),
        lambda b: copy_line(b, 1, 5, "c00").put(5, "c00", "s", "Tổng đội 3"),
        Severity.NOTE,
    ),
    Pair(
        "choice-unknown",
        HAMLETS,
        lambda b: b.put(1, "c00a", "s", "nông  thông"),
        lambda b: b.put(1, "c00a", "s", "NONG THON"),
        Severity.ERROR,
        "D12",
    ),
    Pair(
        "choice-several",
        HAMLETS,
        lambda b: b.put(1, "c00a", "s", "Nông thôn; Thành thị"),
        lambda b: b.put(1, "c00a", "s", "Nông thôn;"),
        Severity.ERROR,
    ),
    Pair(
        "number-is-text",
        HAMLETS,
        lambda b: b.put(1, "c02", "s", "tám mươi"),
        lambda b: b.put(1, "c02", "s", "80"),
        Severity.ERROR,
    ),
    Pair(
        "number-not-whole",
        HAMLETS,
        lambda b: b.put(1, "c02", "n", "80.5"),
        lambda b: b.put(1, "c02", "n", "80.0"),
        Severity.ERROR,
    ),
    Pair(
        "number-negative",
        HAMLETS,
        lambda b: b.put(1, "c02", "n", "-1"),
        lambda b: b.put(1, "c02", "s", "-"),
        Severity.ERROR,
    ),
    Pair(
        "anchor-formula-overwritten",
        HAMLETS,
        lambda b: b.put(1, "c18", "n", "99"),
        lambda b: b.put(1, "c18", "n", "7.62"),
        Severity.NOTE,
    ),
    Pair(
        "rule-H03",
        HAMLETS,
        lambda b: b.put(1, "c11", "n", "17"),
        lambda b: b.put(1, "c11", "n", "16"),
        Severity.ERROR,
        "O12",
    ),
    Pair(
        "text-from-number",
        PROJECTS,
        lambda b: b.put(1, "c01", "n", "12345", "0000000"),
        lambda b: b.put(1, "c01", "s", "0012345"),
        Severity.NOTE,
    ),
    Pair(
        "words-too-long",
        PROJECTS,
        lambda b: b.put(1, "c02", "s", "a" * 1001),
        lambda b: b.put(1, "c02", "s", "a" * 1000),
        Severity.ERROR,
    ),
    Pair(
        "unit-unknown",
        PROJECTS,
        lambda b: b.put(1, "c03", "s", "Xã Ea Súm"),
        lambda b: b.put(1, "c03", "s", "XA EA SUP"),
        Severity.ERROR,
    ),
    Pair(
        "list-more",
        HAMLETS,
        lambda b: many(b, MOST_ALIKE + 1),
        lambda b: many(b, MOST_ALIKE),
        Severity.ERROR,
    ),
]


def many(back: Back, count: int) -> Back:
    for n in range(1, count + 1):
        copy_line(back, 1, n, "c01").put(n, "c00", "s", f"Làng {n}").erase(n, "c01")
    return back


def returned(form: str) -> Back:
    return Back(form, THREE if form == HAMLETS else [project(), project("7654321")])


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.code)
def test_each_mistake_of_a_line_is_named_and_its_neighbour_is_not(pair: Pair) -> None:
    found = [one for one in pair.trips(returned(pair.form)).verdict().findings if one.code == pair.code]
    assert found
    assert {one.severity for one in found} == {pair.severity}
    if pair.cell:
        assert [one.cell for one in found] == [pair.cell]
    assert all(message(one) and fix(one) for one in found)
    assert pair.code not in pair.passes(returned(pair.form)).codes()


def test_a_finding_names_the_line_as_people_do() -> None:
    wrong = returned(PROJECTS).put(2, "c14", "n", "99999").verdict().findings
    one = next(one for one in wrong if one.code == "rule-D01")
    assert one.row == "dòng 2 (7654321 · NSĐP cân đối · 2026)"
    assert dict(one.values)["line"] == "2"
    assert one.column == "Giải ngân lũy kế đến kỳ báo cáo – Chủ đầu tư"


def test_a_short_name_borne_by_two_units_is_asked_about() -> None:
    one = order(PROJECTS)
    definitions = one.context.view.definitions
    ward = next(unit for unit in definitions.units if unit.kind is UnitKind.WARD)
    twin = replace(ward, code="99999", name=f"Xã {ward.short_name}", kind=UnitKind.COMMUNE)
    known = replace(definitions, units=(*definitions.units, twin))
    context = replace(one.context, view=replace(one.context.view, definitions=known))
    back = Back(PROJECTS, [project()], replace(one, context=context)).put(1, "c03", "s", ward.short_name)
    ambiguous = next(found for found in back.verdict().findings if found.code == "unit-ambiguous")
    assert (ambiguous.expected or "").count(",") == 1
    assert "unit-ambiguous" not in back.put(1, "c03", "s", ward.name).codes()


def test_units_are_known_by_code_name_and_short_name_and_kept_as_codes() -> None:
    back = returned(PROJECTS).put(1, "c05", "s", "24211; phường Buôn Ma Thuột\nEa Rốk")
    kept = back.verdict().values[CellKey("DA", "c05", 1)]
    assert kept.text is not None
    assert kept.text.split("; ")[:2] == ["24211", "24133"]
    assert len(kept.text.split("; ")) == 3


def test_an_empty_list_is_an_empty_form() -> None:
    assert Back(HAMLETS, []).codes() == ["judge-empty-form"]


# --- other periods


def test_a_line_is_compared_with_the_line_of_its_key_a_period_before() -> None:
    before = Need(SeriesKey("XH04"), "2025")
    known = {("THON", ("thôn 1",)): Background({before: Known(25, Nature.OFFICIAL)})}
    back = Back(HAMLETS, THREE, order(HAMLETS, lines=KnownLines(known)))
    found = [one for one in back.verdict().findings if one.code == "rule-H02"]
    assert [(one.row, one.found, one.expected) for one in found] == [("dòng 1 (Thôn 1)", "20", "25")]


def test_a_line_a_thousand_times_its_own_of_the_period_before_is_asked_about() -> None:
    before = Need(SeriesKey("XH04"), "2025")
    known = {("THON", ("thôn 1",)): Background({before: Known(25, Nature.OFFICIAL)})}

    def codes(digits: str) -> set[str]:
        back = Back(HAMLETS, THREE, order(HAMLETS, lines=KnownLines(known))).put(1, "c03", "n", digits)
        return {one.code for one in back.verdict().findings if one.row == "dòng 1 (Thôn 1)"}

    assert "measure-factor-suspected" in codes("25000")
    assert "measure-factor-suspected" not in codes("250")


def test_a_figure_of_a_line_that_could_not_be_read_breaks_no_rule() -> None:
    found = Back(HAMLETS, THREE).put(1, "c11", "s", "mười bảy").codes()

    assert found == ["number-is-text"]


def test_an_input_about_the_period_before_starts_from_its_line() -> None:
    before = Need(SeriesKey("XH04"), "2025")
    known = {("THON", ("thôn 1",)): Background({before: Known(25, Nature.OFFICIAL)})}
    start = answers(HAMLETS, [{"c00": text("Thôn 1")}])
    sheet = opened(template.build(order(HAMLETS, lines=KnownLines(known, start))))["HN-01"]
    assert sheet.cell(AT.first_row, AT.columns["c03"]).value == 25


def test_nothing_of_a_sheet_is_read_twice() -> None:
    values = hamlets().verdict().values
    assert sum(value.state is State.VALUE for key, value in values.items() if key.column == "c00") == 3


# --- without a workbook


def test_lines_without_a_workbook_are_judged_like_those_of_one() -> None:
    one = order(HAMLETS)
    typed = answers(HAMLETS, [hamlet("Thôn 1"), hamlet("Thôn 1", c11=number(17))])
    verdict = judge_values(typed, Case(one.unit, one.context, one.rules))
    assert {found.code: found.cell for found in verdict.findings} == {
        "list-duplicate-key": AT.address(CellKey("THON", "c00"), 2),
        "rule-H03": AT.address(CellKey("THON", "c11"), 2),
    }
    assert verdict.values[CellKey("THON", "c18", 1)].number == number("7.62").number


def test_a_list_nobody_has_lines_for_may_be_reported_so() -> None:
    one = order(HAMLETS)
    assert judge_values({}, Case(one.unit, one.context, one.rules)).status is Status.ACCEPTED
