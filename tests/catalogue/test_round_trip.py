"""What is written is what is read, for any catalogue."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from decimal import Decimal
from fractions import Fraction
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from registry.catalogue import book
from registry.catalogue.measures import Measure
from registry.catalogue.merge import merged
from registry.catalogue.model import (
    Applies,
    Catalogue,
    Column,
    DayCount,
    Deadline,
    Frequency,
    Holiday,
    Occasion,
    PlanFigure,
    Row,
    Rule,
    RuleLevel,
    Unit,
    UnitKind,
)
from registry.catalogue.table import Table
from registry.catalogue.values import Aspect
from tests.catalogue.folders import BORN, FORM, Folder, small
from vietnamese.fold import fold
from workbook_templates.definition_book import write

WORDS = (
    st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), min_size=1, max_size=24)
    .map(lambda text: " ".join(text.replace(";", "").replace(">", "").replace("=", "").split()))
    .filter(lambda text: book.s.c.clean(text) == text and text)
)
DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))
NUMBERS = st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-(10**12), max_value=10**12)
OCCASIONS = st.builds(Occasion, st.frozensets(st.sampled_from(list(Applies))), st.frozensets(st.integers(1, 12)))


def through_text(catalogue: Catalogue) -> Catalogue:
    """Taken apart and put together without the workbooks."""
    tables = {
        name: {page.sheet.stem: Table(page.sheet.title, _grid(page)) for page in pages}
        for name, pages in book.pages(catalogue).items()
    }
    reading = book.read(tables, fold)
    assert reading.findings == ()
    return reading.catalogue


def _grid(page: book.Page) -> list[list[str]]:
    grid = [list(page.headers), *map(list, page.rows)]
    return [list(line) for line in zip(*grid, strict=True)] if page.sheet.vertical else grid


def test_a_small_catalogue_comes_back_equal_and_without_findings() -> None:
    catalogue, findings = Folder.of(small()).read()
    assert findings == ()
    assert catalogue == small()


def test_equal_catalogues_give_equal_bytes() -> None:
    assert write(small()) == write(small())


def test_an_empty_catalogue_is_a_folder_of_headers() -> None:
    catalogue, findings = Folder.of(Catalogue()).read()
    assert (catalogue, findings) == (Catalogue(), ())


def test_older_versions_of_a_form_stand_beside_the_newest() -> None:
    newest = small().forms[0]
    older = replace(newest, version=1, title="BIỂU CŨ", valid_to=date(2026, 1, 1))
    both = replace(small(), forms=(older, replace(newest, version=2)))
    folder = Folder.of(both)
    assert {"forms/TH-01.xlsx", "forms/TH-01_v1.xlsx"} <= folder.files.keys()
    assert folder.read() == (both, ())


def test_the_workbooks_can_be_read_by_people() -> None:
    sheet = load_workbook(BytesIO(write(small())[FORM]))["Chỉ tiêu"]
    assert sheet["A1"].value == "mã"
    assert sheet["A1"].font.bold
    assert sheet.freeze_panes == "B2"
    assert any("Σxã" in one.formula1 for one in sheet.data_validations.dataValidation)


@settings(max_examples=40)
@given(
    st.lists(st.tuples(WORDS, WORDS, st.none() | DAYS, st.lists(WORDS, max_size=2, unique=True)), max_size=4),
    st.lists(st.tuples(NUMBERS, DAYS), max_size=4, unique_by=lambda pair: pair[1]),
    st.lists(st.tuples(DAYS, WORDS, st.booleans()), max_size=4, unique_by=lambda one: one[0]),
)
def test_any_units_plans_and_holidays_survive_as_text(
    units: list[tuple[str, str, date | None, list[str]]],
    plans: list[tuple[Decimal, date]],
    holidays: list[tuple[date, str, bool]],
) -> None:
    catalogue = Catalogue(
        units=tuple(
            Unit(
                f"{place}{code}",
                name,
                UnitKind.COMMUNE,
                None,
                place,
                BORN,
                BORN,
                until,
                signer=name,
                groups=tuple(sorted(("loai", group) for group in groups)),
            )
            for place, (code, name, until, groups) in enumerate(units)
        ),
        plans=tuple(
            PlanFigure("A1", "66", 2026, Aspect.PLAN_CENTRAL, value, "ha", "QĐ", BORN, since, False)
            for value, since in plans
        ),
        holidays=tuple(Holiday(day, off, name) for day, name, off in holidays),
    )
    assert through_text(catalogue) == catalogue


@settings(max_examples=40)
@given(WORDS, OCCASIONS, NUMBERS.map(Fraction), st.integers(-3, 3), st.none() | st.integers(0, 4))
def test_any_form_survives_as_text(
    label: str, occasion: Occasion, factor: Fraction, shift: int, decimals: int | None
) -> None:
    form = small().forms[0]
    changed = replace(
        form,
        title=label,
        rows=(*form.rows, Row("Z", label, label, occasion=occasion, note=label, commune_decimals=decimals)),
        columns=(*form.columns, Column("c99", "9", (label, label), shift=shift, decimals=decimals, occasion=occasion)),
        cell_rules=tuple(replace(one, occasion=occasion, decimals=decimals, keep=True) for one in form.cell_rules),
    )
    catalogue = replace(
        small(),
        forms=(changed,),
        measures=(*small().measures, Measure(f"đvt {label}", label, abs(factor) + Fraction(1, 3), 2, True)),
        rules=(Rule("K9", "TH-01", label, RuleLevel.NOTE, label, label, condition=label),),
    )
    assert through_text(catalogue) == catalogue


@pytest.mark.parametrize("typed", [date(2026, 9, 2), "2/9/2026", "02/09/2026"])
def test_a_day_may_be_typed_as_a_day_or_as_text(typed: object) -> None:
    catalogue, findings = Folder.of(small()).cell("holidays.xlsx", "Ngày nghỉ", "A2", typed).read()
    assert (catalogue.holidays[0].day, findings) == (date(2026, 9, 2), ())


@pytest.mark.parametrize("typed", [1234.5, "1.234,5", "1234,50"])
def test_a_number_may_be_typed_as_a_number_or_with_a_decimal_comma(typed: object) -> None:
    catalogue, _ = Folder.of(small()).cell("plans.xlsx", "Kế hoạch", "E2", typed).read()
    assert catalogue.plans[0].value == Decimal("1234.5")


def test_headers_are_found_without_accents_and_in_any_case() -> None:
    folder = Folder.of(small()).cell("units.xlsx", "Đơn vị", "B1", "  TEN ").cell(FORM, "Cột", "C1", "TIÊU  ĐỀ")
    assert folder.read() == (small(), ())


def test_text_typed_in_another_unicode_form_becomes_the_same_name() -> None:
    decomposed = "Xã Ea Súp"
    catalogue, _ = Folder.of(small()).cell("units.xlsx", "Đơn vị", "B4", decomposed).read()
    assert catalogue.units[2].name == "Xã Ea Súp"


def test_deadlines_after_closing_and_regimes_that_open_by_themselves_come_back_equal() -> None:
    deadlines = (Deadline("xã", after=2, at=time(16)), Deadline("sở", after=6, counted=DayCount.CALENDAR))
    regime = replace(small().regimes[0], frequency=Frequency.HALF, deadlines=deadlines, spacing=2, opens_before=3)
    whole = replace(small(), regimes=(regime,))
    catalogue, findings = Folder.of(whole).read()
    assert (findings, catalogue.regimes) == ((), (regime,))


def test_a_workbook_from_before_the_newest_columns_of_regimes_is_still_read() -> None:
    files = dict(write(small()))
    book = load_workbook(BytesIO(files["regimes.xlsx"]))
    for title, first in (("Hạn gửi", "sau ngày chốt"), ("Chế độ báo cáo", "các cấp cách nhau (ngày làm việc)")):
        headers = [cell.value for cell in book[title][1]]
        book[title].delete_cols(headers.index(first) + 1, 2)
    stream = BytesIO()
    book.save(stream)
    catalogue, findings = Folder({**files, "regimes.xlsx": stream.getvalue()}).read()
    assert (findings, catalogue.regimes) == ((), small().regimes)


def test_a_part_of_the_folder_changes_only_what_it_holds() -> None:
    folder = Folder.of(small()).cell("measures.xlsx", "Đơn vị tính", "D2", 3).only("measures.xlsx")
    read, findings = folder.read(known=small())
    whole = merged(small(), read)
    assert findings == ()
    assert whole.measures[0].decimals == 3
    assert replace(whole, measures=small().measures) == small()


def test_loading_the_same_folder_twice_changes_nothing() -> None:
    assert merged(small(), small()) == small()


def test_an_absent_row_is_left_as_it_was() -> None:
    fewer = replace(small(), units=small().units[:1])
    assert merged(small(), fewer) == small()
