"""What a page says of a compiled report: every printed figure with what it is made of."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from compile.compiled import compiled
from compile.model import CompileInput, Explanation
from compile.total_table import total_table
from compile.traced import traced
from compile.traced_model import Figure, Sheet, Traced, Way
from registry.catalogue.forms import Definitions
from registry.catalogue.values import CellKey, CellValue, State
from registry.store.codec import pack, unpack
from tests.compile.small_report import BUON_DON, DEFINITIONS, EA_SUP, PROVINCE, a_full_report
from tests.compile.test_report_forms import BY_ROW, BY_TERRITORY, grouped, with_list


def the_sheet() -> Sheet:
    return traced(a_full_report().compiled).sheets[0]


def listed() -> CompileInput:
    """The small report whose form has a list too: Ea Súp gave two lines."""
    order = with_list()
    (form,) = order.forms
    values = {CellKey("DA", "v", n): CellValue(State.VALUE, Decimal(number)) for n, number in ((1, 5), (2, 7))}
    first, *others = form.sources
    return replace(order, forms=(replace(form, sources=(replace(first, values=values), *others)),))


def figure(code: str) -> Figure:
    found = the_sheet().figure(code)
    assert found is not None
    return found


def test_every_printed_figure_of_the_table_can_be_followed_and_is_printed_as_the_workbook_prints_it() -> None:
    report = a_full_report().compiled
    table = total_table(report.totals[0], report.order, with_coverage=True)
    sheet = traced(report).sheets[0]
    assert [[cell.text for cell in line.cells] for line in sheet.lines] == [
        [cell.text for cell in row.cells] for row in table.rows
    ]
    numbers = [cell for row in table.rows for cell in row.cells if cell.number is not None]
    linked = [cell.figure for line in sheet.lines for cell in line.cells if cell.figure]
    assert len(numbers) > 10
    assert {figure.code for figure in sheet.figures} == set(linked)
    assert len([one for one in sheet.figures if one.number is not None]) == len(numbers)


def test_what_the_units_gave_adds_up_to_the_sum_in_official_order_and_the_missing_are_named() -> None:
    found = figure("SUM.c06")
    assert found.way is Way.SUM
    assert [(one.unit, one.number, one.version_id) for one in found.given] == [
        (EA_SUP.code, Decimal("10.5"), 1),
        (BUON_DON.code, Decimal(0), 2),
    ]
    assert found.total == found.number == Decimal("10.5")
    assert found.missing == ("Phường Tuy Hòa",)


def test_a_figure_is_shown_as_its_unit_typed_it_in_its_own_measure() -> None:
    first = figure("MONEY.c07").given[0]
    assert (first.number, first.typed, first.measure) == (Decimal("1.5"), "1500", "triệu đồng")


def test_an_agencys_figure_has_the_communes_beside_it() -> None:
    found = figure("BOTH.c06")
    assert (found.way, [one.unit for one in found.given]) == (Way.SAID, ["SNNMT"])
    assert [(one.unit, one.number) for one in found.beside] == [(EA_SUP.code, 400), (BUON_DON.code, 500)]


def test_a_computed_figure_tells_its_formula_and_links_its_parts() -> None:
    found = figure("SUM.c08")
    assert found.way is Way.COMPUTED
    assert [part.code for part in found.parts] == ["SUM.c06", "SUM.c05"]
    assert [part.number for part in found.parts] == [Decimal("10.5"), Decimal(20)]
    assert "cột 4" in found.words


def test_a_comparison_names_the_period_and_series_it_leans_on() -> None:
    (then,) = figure("SUM.c03").asked
    assert (then.series.indicator, then.period, then.number, then.measure) == ("SUM", "202510", Decimal(10), "ha")
    (plan,) = figure("SUM.c02").asked
    assert (plan.series.aspect, plan.period, plan.number) == ("plan-council", "2026", Decimal(120))


def test_a_reopened_figure_is_marked_and_explanations_go_with_their_cell() -> None:
    order = a_full_report().order
    (form,) = order.forms

    told = replace(
        form.sources[0], provisional=True, explanations=(Explanation("K01", CellKey("SUM", "c06"), "vụ mới"),)
    )
    changed = replace(order, forms=(replace(form, sources=(told, *form.sources[1:])),))
    found = traced(compiled(changed)).sheets[0].figure("SUM.c06")
    assert found is not None
    assert found.is_provisional
    assert found.given[0].told == ("vụ mới",)


def test_only_what_the_catalogue_lets_out_is_public() -> None:
    assert not figure("SUM.c06").public
    open_to_all = {**DEFINITIONS.indicators, "SUM": replace(DEFINITIONS.indicators["SUM"], public=True)}
    report = replace(a_full_report(), definitions=Definitions(DEFINITIONS.measures, open_to_all))
    found = traced(report.compiled).sheets[0].figure("SUM.c06")
    assert found is not None
    assert found.public


def test_an_annex_follows_its_figures_too() -> None:
    sheets = traced(replace(a_full_report(), more={"report_forms": (BY_ROW,)}).compiled).sheets
    assert [sheet.form for sheet in sheets] == ["NHO-01", BY_ROW.code]
    assert sheets[1].figures
    assert all(one.way in (Way.KNOWN, Way.COMPUTED) for one in sheets[1].figures)


def test_by_territory_a_unit_leads_to_its_own_cell_and_a_group_to_its_units() -> None:
    sheet = traced(compiled(replace(grouped(), report_forms=(BY_TERRITORY,)))).sheets[-1]
    shown = {(line.cells[1].text.split(" (")[0], cell.figure): cell for line in sheet.lines for cell in line.cells}
    unit = shown[EA_SUP.name, f"{EA_SUP.code}.x"]
    assert (unit.text, unit.version_id, unit.cell) == ("400", 1, "BOTH.c06")
    west = sheet.figure("phia=Tây.x")
    assert west is not None
    assert (west.way, west.total, [(one.unit, one.cell) for one in west.given]) == (
        Way.SUM,
        west.number,
        [(EA_SUP.code, "BOTH.c06"), (BUON_DON.code, "BOTH.c06")],
    )
    assert shown["Tây", "phia=Tây.x"].version_id == 0
    province = sheet.figure(f"{PROVINCE.code}.x")
    assert province is not None
    assert (province.text, province.way, province.given) == ("1.000", Way.KNOWN, ())


def test_the_total_of_a_list_names_what_each_unit_gave_and_a_units_line_leads_to_its_first() -> None:
    sheet = traced(compiled(listed())).sheets[1]
    total = sheet.figure("DA.v")
    assert total is not None
    assert (total.number, [(one.unit, one.number, one.cell) for one in total.given]) == (
        Decimal(12),
        [(EA_SUP.code, Decimal(12), "DA.v.1")],
    )
    led = [(cell.text, cell.version_id, cell.cell) for line in sheet.lines for cell in line.cells if cell.version_id]
    assert led == [("12", 1, "DA.v.1")]


def test_it_is_kept_as_bytes_and_comes_back_the_same() -> None:
    made = traced(a_full_report().compiled)
    assert unpack(Traced, pack(made)) == made
