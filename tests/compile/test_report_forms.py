"""Report forms (PRACTICE F11): figures of input forms arranged anew, with no input of their own."""

from dataclasses import replace

from compile.compiled import compiled
from compile.model import CompileInput, FigureRow
from compile.report_tables import report_tables
from compile.tables import Table
from registry.catalogue.model import CellKind, Column, Form, FormPurpose, ListTable, Row, RowKind, RowNature, Unit
from registry.catalogue.values import Aspect, Known, Nature, SeriesKey, State
from registry.rules.background import Background, Need
from tests.compile.small_report import (
    BUON_DON,
    EA_SUP,
    LAST_MONTH,
    SNNMT,
    TUY_HOA,
    UNITS,
    a_full_report,
    a_report,
    indicator,
)

SHOWN, COMPUTED = CellKind.SHOWN, CellKind.COMPUTED
BY_ROW = Form(
    "PL-1",
    "PHỤ LỤC",
    "PL-1",
    "",
    rows=(
        Row("S", "I", "TÀI CHÍNH", kind=RowKind.SECTION),
        Row("R1", "1", "Bán lẻ", indicator="SAID", measure="tỷ đồng", decimals=1),
        Row("R2", "2", "Tái canh", indicator="SUM", measure="ha", decimals=1),
    ),
    columns=(
        Column("a", "1", ("Kế hoạch",), CellKind.PLAN, Aspect.PLAN_COUNCIL),
        Column("b", "2", ("Tháng trước",), SHOWN, shift=1),
        Column("c", "3", ("Ước tháng",), SHOWN),
        Column("d", "4", ("Lũy kế",), COMPUTED, formula="LŨY_KẾ((c); 1) + (c)"),
        Column("e", "5", ("So tháng trước",), COMPUTED, formula="(c) / (b) * 100", measure="%", decimals=1),
    ),
    purpose=FormPurpose.REPORT,
)
WEST, EAST = ("phia", "Tây"), ("phia", "Đông")
BY_TERRITORY = Form(
    "PL-2",
    "THEO XÃ",
    "PL-2",
    "",
    rows=(),
    columns=(
        Column("x", "1", ("Đàn bò",), SHOWN, indicator="BOTH", measure="con", decimals=0),
        Column("y", "2", ("So tháng trước",), COMPUTED, formula="(x) / KỲ_TRƯỚC((x)) * 100", measure="%", decimals=1),
        Column("z", "3", ("Thu xã",), SHOWN, Aspect.CUMULATIVE, indicator="MONEY", measure="triệu đồng", decimals=1),
    ),
    purpose=FormPurpose.REPORT,
    subjects=("phia=Tây", "phia=Đông"),
)


def _printed(order: CompileInput, form: Form) -> dict[str, list[str]]:
    """Label -> the figures of its line as printed."""
    (table,) = report_tables(compiled(replace(order, report_forms=(form,))))
    return _lines(table)


def _lines(table: Table) -> dict[str, list[str]]:
    return {row.cells[1].text: [cell.text for cell in row.cells[table.labels :]] for row in table.rows}


def grouped() -> CompileInput:
    groups = {EA_SUP.code: (WEST,), BUON_DON.code: (WEST,), TUY_HOA.code: (EAST,)}
    units = tuple(replace(unit, groups=groups.get(unit.code, ())) for unit in UNITS)
    return replace(a_full_report().order, units=units)


def _bovine(mantissa: int, nature: Nature = Nature.OFFICIAL) -> Background:
    return Background({Need(SeriesKey("BOTH"), LAST_MONTH): Known(mantissa, nature)})


def test_a_row_shows_the_totals_of_this_compile_whichever_form_they_were_asked_in() -> None:
    lines = _printed(a_full_report().order, BY_ROW)
    assert lines["Bán lẻ"][:3] == ["", "1.200,0", "1.260,5"]
    assert lines["Tái canh"][:3] == ["120,0", "20,0", "10,5"]
    assert lines["Tái canh"][4] == "52,5"


def test_a_cumulative_adds_what_is_known_of_earlier_months_to_this_month() -> None:
    report = a_full_report()
    for month in range(1, 9):
        report = report.knows("SUM", f"2026{month:02d}", 100)
    assert _printed(report.order, BY_ROW)["Tái canh"][3] == "…"  # a commune is missing from this month's sum
    whole = report.gives(TUY_HOA, {"SUM.c05": "-", "SUM.c06": "-"})
    assert _printed(whole.order, BY_ROW)["Tái canh"][3] == "38,5"  # 8 × 1 + the official 20 of September + 10,5


def test_a_cumulative_with_a_month_missing_is_blank() -> None:
    assert _printed(a_full_report().order, BY_ROW)["Tái canh"][3] == ""


def test_a_section_has_no_figures() -> None:
    assert set(_printed(a_full_report().order, BY_ROW)["TÀI CHÍNH"]) == {""}


def test_by_territory_every_unit_has_a_line_in_official_order_under_its_group() -> None:
    lines = list(_printed(grouped(), BY_TERRITORY))
    assert lines == [
        "Toàn tỉnh",
        "Tây (đã có số liệu 2/2 xã, phường)",
        EA_SUP.name,
        BUON_DON.name,
        "Đông (đã có số liệu 0/1 xã, phường)",
        TUY_HOA.name,
    ]


def test_a_groups_line_adds_its_units_and_a_unit_without_figures_is_blank_never_zero() -> None:
    lines = _printed(grouped(), BY_TERRITORY)
    assert lines["Tây (đã có số liệu 2/2 xã, phường)"] == ["900", "", "4.250,0"]
    assert lines[EA_SUP.name] == ["400", "", "1.500,0"]
    assert lines[TUY_HOA.name] == ["", "", ""]
    assert lines["Toàn tỉnh"][0] == "1.000", "the agency speaks for the province"


def test_a_comparison_of_a_group_needs_every_unit_of_the_earlier_period() -> None:
    order = replace(grouped(), subjects={EA_SUP.code: _bovine(200), BUON_DON.code: _bovine(250)})
    lines = _printed(order, BY_TERRITORY)
    assert lines["Tây (đã có số liệu 2/2 xã, phường)"][1] == "200,0"
    partly = _printed(replace(order, subjects={EA_SUP.code: _bovine(200)}), BY_TERRITORY)
    assert partly["Tây (đã có số liệu 2/2 xã, phường)"][1] == ""
    assert partly[EA_SUP.name][1] == "200,0"


def test_a_units_own_word_stands_before_what_an_agency_says_about_it() -> None:
    order = grouped()
    (form,) = order.forms
    about = next(row for row in form.figures if row.subject == EA_SUP.code and row.series == SeriesKey("BOTH"))
    other = about._replace(reporting=SNNMT.code, mantissa=1)
    for figures in ((*form.figures, other), (other, *form.figures)):
        lines = _printed(replace(order, forms=(replace(form, figures=figures),)), BY_TERRITORY)
        assert lines[EA_SUP.name][0] == "400"


def test_a_report_nobody_answered_prints_blanks() -> None:
    order = replace(a_report().order, report_forms=(BY_ROW, BY_TERRITORY))
    tables = report_tables(compiled(order))
    assert [table.title for table in tables] == ["PHỤ LỤC", "THEO XÃ"]
    assert all(set(figures) == {""} for figures in _lines(tables[0]).values())


def with_list(*given: tuple[Unit, int]) -> CompileInput:
    """A report whose form also has a list of projects, the sum of whose lines feeds an indicator."""
    column = Column("v", "1", ("Vốn",), indicator="PROJECTS", measure="con", decimals=0, keep=True)
    order = a_full_report().order
    (form,) = order.forms
    fed = tuple(
        FigureRow(SeriesKey("PROJECTS"), "202610", unit.code, unit.code, n, State.VALUE, Nature.OFFICIAL, 1)
        for unit, n in given
    )
    listed = replace(form.form, lists=(ListTable("DA", "Dự án", (column,)),))
    projects = indicator("PROJECTS", "con", RowNature.OCCURS)
    return replace(
        order,
        forms=(replace(form, form=listed, figures=(*form.figures, *fed)),),
        definitions=replace(order.definitions, indicators={**order.definitions.indicators, "PROJECTS": projects}),
    )


def test_the_province_adds_what_lists_feed_over_all_units() -> None:
    row = Row("R3", "3", "Dự án", indicator="PROJECTS", measure="con")
    by_row = replace(BY_ROW, rows=(*BY_ROW.rows, row))
    assert _printed(with_list((EA_SUP, 5), (SNNMT, 7)), by_row)["Dự án"][2] == "12"
    assert _printed(with_list(), by_row)["Dự án"][2] == ""
