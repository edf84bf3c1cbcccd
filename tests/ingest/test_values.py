"""What a cell becomes: states, digits, measures; and laws that hold for every figure."""

from __future__ import annotations

import time
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.known import settled
from ingest.model import RawCell
from ingest.numbers import FigureReader, is_date_format, is_percent_format
from ingest.shown import as_shown, is_hiding
from ingest.text import Place, clean, note_value
from registry.catalogue.forms import CellSpec
from registry.catalogue.measures import rounded
from registry.catalogue.values import BLANK, CellValue, State
from tests.ingest import a_form, crafted
from vietnamese.numbers import format_number

PLACE = Place("THU-01", "G10", "Diện tích sắn", "Ước tháng")
READER = FigureReader(a_form.view())


def spec(row: str) -> CellSpec:
    return a_form.view().cells[a_form.key(row, "c06")]


def value_of(row: str, cell: RawCell | None) -> CellValue:
    return READER.read(cell, spec(row), PLACE)[0]


def numeric(digits: str) -> RawCell:
    return RawCell("G10", "n", digits)


def typed(text: str) -> RawCell:
    return RawCell("G10", "s", text)


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("-", State.NIL),
        ("–", State.NIL),
        ("KPS", State.NIL),
        ("không phát sinh", State.NIL),
        ("…", State.NOT_AVAILABLE),
        ("...", State.NOT_AVAILABLE),
        ("chưa có", State.NOT_AVAILABLE),
        ("   ", State.BLANK),
        ("\u200b", State.BLANK),
        ("0", State.ZERO),
    ],
)
def test_signs_become_states(text: str, state: State) -> None:
    assert value_of("HOMES", typed(text)).state is state


def test_a_cell_that_is_not_there_is_blank() -> None:
    assert value_of("HOMES", None) == BLANK


def test_zero_is_zero_and_not_blank() -> None:
    assert value_of("HOMES", numeric("0")) == CellValue(State.ZERO, Decimal(0))


@pytest.mark.parametrize(
    ("digits", "kept"),
    [
        ("0.1", "0.1"),
        ("120.45", "120.5"),  # half away from zero
        ("1.0000000000000001E-5", "0"),
        ("0.30000000000000004", "0.3"),
        ("1.25E2", "125"),
    ],
)
def test_figures_are_kept_at_fifteen_digits_and_the_decimals_of_the_cell(digits: str, kept: str) -> None:
    assert value_of("AREA", numeric(digits)).number == Decimal(kept)


@pytest.mark.parametrize(
    ("row", "text", "number"),
    [
        ("HOMES", "9 trăm", "900"),
        ("HOMES", "9 TRĂM hộ", "900"),
        ("HOMES", "9trăm", "900"),
        ("HOMES", "3 vạn", "30000"),
        ("HOMES", "2 chục", "20"),
        ("HOMES", "9 trăm rưỡi", "950"),
        ("HOMES", "3 nghìn 2 trăm", "3200"),
        ("HOMES", "1 vạn 2 ngàn", "12000"),
        ("MONEY", "9 trăm triệu", "900"),
        ("MONEY", "2 triệu rưỡi", "2.5"),
        ("MONEY", "1 tỷ rưỡi đồng", "1500"),
        ("MONEY", "1 tỷ 200 triệu", "1200"),
        ("MONEY", "1 tỷ 2 trăm triệu đồng", "1200"),
        ("MONEY", "1 tỷ 2 triệu rưỡi", "1002.5"),
        ("MONEY", "9 trăm nghìn đồng", "0.9"),
        ("DEBT", "-2 tỷ rưỡi", "-2500"),
        ("AREA", "2 ha rưỡi", "2.5"),
    ],
)
def test_hundreds_and_halves_in_words_are_understood(row: str, text: str, number: str) -> None:
    assert value_of(row, typed(text)) == CellValue(State.VALUE, Decimal(number))


@pytest.mark.parametrize(
    ("row", "text"),
    [
        ("HOMES", "9 trạm"),
        ("HOMES", "9 tram"),
        ("HOMES", "5 ván"),
        ("HOMES", "9 mươi"),
        ("HOMES", "chín trăm"),
        ("HOMES", "2 rưỡi"),
        ("HOMES", "2 trăm nghìn rưỡi"),
        ("HOMES", "1,5 nghìn rưỡi"),
        ("MONEY", "9 trăm"),  # đồng or triệu đồng
        ("MONEY", "3 vạn"),
        ("MONEY", "1 tỷ 2"),
        ("MONEY", "5 triệu 300"),
        ("PRICE", "1 trăm"),
    ],
)
def test_words_of_more_than_one_meaning_are_refused(row: str, text: str) -> None:
    assert value_of(row, typed(text)) == BLANK


def test_negative_halves_round_away_from_zero() -> None:
    assert value_of("DEBT", numeric("-0.25")).number == Decimal("-0.3")


@given(st.integers(-(10**14), 10**14))
def test_a_typed_figure_reads_like_the_same_figure_as_a_number(tenths: int) -> None:
    figure = Decimal(tenths).scaleb(-1)

    assert value_of("DEBT", typed(format_number(figure, 1))) == value_of("DEBT", numeric(str(figure)))


@given(st.decimals(-(10**8), 10**8, places=6, allow_nan=False))
def test_what_is_kept_is_the_rounded_figure(figure: Decimal) -> None:
    kept = value_of("DEBT", numeric(str(figure)))

    assert (kept.number or Decimal(0)) == rounded(figure, 1)
    assert (kept.state is State.ZERO) == (rounded(figure, 1) == 0)


@given(st.text(max_size=30))
def test_any_text_is_answered(text: str) -> None:
    value, found = READER.read(typed(text), spec("AREA"), PLACE)

    assert value.state in (State.VALUE, State.ZERO) or value.number is None
    assert all(one.cell == "G10" for one in found)


def test_a_figure_finer_than_its_canonical_measure_is_an_error() -> None:
    fine = replace(spec("HOMES"), measure="hộ", decimals=1)
    value, found = FigureReader(a_form.view()).read(numeric("0.5"), fine, PLACE)

    assert value == BLANK
    assert [one.code for one in found] == ["measure-too-fine"]


@pytest.mark.parametrize("code", ["dd/mm/yyyy", "DD/MM/YY", "[$-42A]d/m/yyyy", "mmm-yy", "h:mm", "yyyy;@"])
def test_date_formats_are_known(code: str) -> None:
    assert is_date_format(code)


@pytest.mark.parametrize(
    "code", ["General", "#,##0", '#,##0 "hộ dân"', "0.00E+00", "[Red]0", "#,##0_d", "@", "0\\d", "# ?/?"]
)
def test_number_formats_are_not_dates(code: str) -> None:
    assert not is_date_format(code)


@pytest.mark.parametrize(
    ("code", "percent"), [("0%", True), ("0.00 %", True), ('0"%"', False), ("0\\%", False), ("0", False)]
)
def test_percent_formats_are_known(code: str, percent: bool) -> None:
    assert is_percent_format(code) is percent


def test_a_long_format_costs_no_more_than_its_length() -> None:
    before = time.process_time()

    assert not is_percent_format("[" * 200_000)
    assert as_shown(Decimal(1), '["' * 100_000) is None
    assert time.process_time() - before < crafted.HANGING


def test_a_date_typed_by_mistake_is_shown_as_a_date() -> None:
    _, found = READER.read(RawCell("G10", "n", "46310", None, "dd/mm/yyyy"), spec("AREA"), PLACE)
    _, of_1904 = FigureReader(a_form.view(), date1904=True).read(
        RawCell("G10", "n", "44848", None, "dd/mm/yyyy"), spec("AREA"), PLACE
    )

    assert found[0].found == of_1904[0].found == "15/10/2026"


def test_notes_are_composed_and_cleared_of_what_nobody_sees() -> None:
    assert clean(" Ha\u0323n\u200b\xa0ha\u0301n\r\nkéo dài\x07 ") == "Hạn hán\nkéo dài"


@given(st.text(max_size=40))
def test_cleaning_twice_changes_nothing(text: str) -> None:
    assert clean(clean(text)) == clean(text)


def test_an_empty_note_is_blank() -> None:
    assert note_value(typed("  \n "), PLACE) == (BLANK, ())
    assert note_value(None, PLACE) == (BLANK, ())


@pytest.mark.parametrize(
    ("digits", "code", "seen"),
    [
        ("12.3456", "0.00", "12.35"),
        ("12.3", "0.00", None),
        ("12", "General", None),
        ("12.5", "0", "13"),
        ("1234", "#,##0,", "1"),
        ("1234567", "#,##0.0,,", "1.2"),
        ("12.5", '#,##0 "ha"', "13"),
        ("12.5", "[Red]0;(0)", "13"),
        ("12.5", "@", None),
        ("12.5", "# ?/?", None),
        ("12.5", "0.0E+00", None),
        ("-12.5", "0", "-13"),
    ],
)
def test_what_a_format_leaves_out_is_known(digits: str, code: str, seen: str | None) -> None:
    assert as_shown(Decimal(digits), code) == (None if seen is None else Decimal(seen))


@pytest.mark.parametrize(("code", "hides"), [(";;;", True), (" ; ;", True), ("0;-0;;@", False), ("General", False)])
def test_formats_that_show_nothing_are_known(code: str, hides: bool) -> None:
    assert is_hiding(code) is hides


@pytest.mark.parametrize(
    ("readings", "decimals", "known", "settled_as"),
    [
        (("1234", "1.234"), 0, (), "1234"),
        (("25000", "25.000"), 0, ("7",), "25000"),
        (("1234", "1.234"), 0, ("2",), "1234"),  # a counted thing is whole whatever is known
        (("1234", "1.234"), 1, (), "1234"),
        (("1234", "1.234"), 1, ("2",), None),
        (("1234", "1.234"), 1, ("2000",), "1234"),
        (("1234", "1.234"), 3, (), None),
        (("1234", "1.234"), 3, ("2",), "1.234"),
        (("1234", "1.234"), 3, ("2", "2000"), None),
        (("1234", "1.234"), 3, ("50",), None),
        (("-1234", "-1.234"), 3, ("2",), None),
    ],
)
def test_a_reading_is_settled_by_decimals_and_what_is_known(
    readings: tuple[str, str], decimals: int, known: tuple[str, ...], settled_as: str | None
) -> None:
    found = settled([Decimal(one) for one in readings], decimals, [Decimal(one) for one in known])

    assert found == (None if settled_as is None else Decimal(settled_as))
