from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vietnamese.numbers import (
    Ambiguous,
    Doubt,
    Exact,
    Habit,
    NotANumber,
    format_number,
    parse_number,
    parse_parts,
    places,
    sign_of,
    stored_number,
)

D = Decimal


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", "0"),
        ("007", "7"),
        ("1.234,5", "1234.5"),
        ("1,234.5", "1234.5"),
        ("67.835,5", "67835.5"),
        ("67835.5", "67835.5"),
        ("67835,5", "67835.5"),
        ("8.5", "8.5"),
        ("8,50", "8.50"),
        ("1 234", "1234"),
        ("1\u00a0234\u202f567", "1234567"),
        ("1\u2009234,56", "1234.56"),
        ("1 234 567.89", "1234567.89"),
        ("1.234.567", "1234567"),
        ("1,234,567", "1234567"),
        ("1.234.567,891", "1234567.891"),
        ("1234.567", "1234.567"),
        ("0.234", "0.234"),
        ("0,234", "0.234"),
        (",5", "0.5"),
        ("(123)", "-123"),
        ("(1.250,5)", "-1250.5"),
        ("-5", "-5"),
        ("– 5", "-5"),
        ("−5,5", "-5.5"),
        ("+5", "5"),
        ("１２３，５", "123.5"),
        ("١٢", "12"),
        ("'1234", "1234"),
        ("’12,5", "12.5"),
        ("\u200b12\ufeff", "12"),
        ("  12  ", "12"),
        ("-0", "0"),
        ("999999999999999", "999999999999999"),
    ],
)
def test_a_number_with_one_reading_is_read_exactly(text: str, value: str) -> None:
    parsed = parse_number(text, None)
    assert isinstance(parsed, Exact)
    assert (parsed.value, parsed.suffix) == (D(value), "")


@pytest.mark.parametrize(
    ("text", "value", "suffix"),
    [
        ("5%", "5", "%"),
        ("5,5 %", "5.5", "%"),
        ("5 triệu", "5", "triệu"),
        ("1,2 tỷ", "1.2", "tỷ"),
        ("1,2 tỷ đồng", "1.2", "tỷ đồng"),
        ("12 ha", "12", "ha"),
        ("12ha", "12", "ha"),
        ("350 m2", "350", "m2"),
        ("350 m³/ngày đêm", "350", "m³/ngày đêm"),
        ("3.000.000đ", "3000000", "đ"),
        ("15 hộ nghèo", "15", "hộ nghèo"),
        ("(5)%", "-5", "%"),
        ("VNĐ 5.000.000", "5000000", "VNĐ"),
        ("₫5", "5", "₫"),
    ],
)
def test_a_trailing_unit_is_reported_and_never_applied(text: str, value: str, suffix: str) -> None:
    parsed = parse_number(text, 2)
    assert isinstance(parsed, Exact)
    assert (parsed.value, parsed.suffix) == (D(value), suffix)


def test_three_digits_after_one_dot_are_ambiguous_where_decimals_are_allowed() -> None:
    assert parse_number("1.234", 3) == Ambiguous((D("1234"), D("1.234")))
    assert parse_number("1.234", None) == Ambiguous((D("1234"), D("1.234")))
    assert parse_number("-1.234", 1) == Ambiguous((D("-1234"), D("-1.234")))


def test_three_digits_after_one_comma_read_as_decimals_first() -> None:
    assert parse_number("1,234", 3) == Ambiguous((D("1.234"), D("1234")))


def test_a_cell_without_decimals_settles_the_ambiguity() -> None:
    assert parse_number("1.234", 0) == Exact(D("1234"))
    assert parse_number("1.000", 0) == Exact(D("1000"))
    assert parse_number("1,234", 0) == Exact(D("1234"))


def test_a_scale_word_brings_the_ambiguity_back() -> None:
    parsed = parse_number("1,234 tỷ", 0)
    assert isinstance(parsed, Ambiguous)
    assert parsed.settle(0) == Exact(D("1234"), "tỷ")
    assert parsed.settle(3) is None


@pytest.mark.parametrize(
    ("text", "doubt"),
    [
        ("", Doubt.EMPTY),
        (" \u00a0", Doubt.EMPTY),
        ("nan", Doubt.WORDS),
        ("Infinity", Doubt.WORDS),
        ("1e308", Doubt.EXPONENT),
        ("1E+05", Doubt.EXPONENT),
        ("1,23457E+11", Doubt.EXPONENT),
        ("1.5e3", Doubt.EXPONENT),
        ("12O", Doubt.WORDS),
        ("1_000", Doubt.SEPARATORS),
        ("5²", Doubt.SEPARATORS),
        ("½", Doubt.WORDS),
        ("mười", Doubt.WORDS),
        ("~100", Doubt.ROUGH),
        (">50", Doubt.ROUGH),
        ("≥ 50 ha", Doubt.ROUGH),
        ("khoảng 5", Doubt.ROUGH),
        ("Trên 5 triệu", Doubt.ROUGH),
        ("100 trở lên", Doubt.ROUGH),
        ("10+", Doubt.ROUGH),
        ("12 ha (trong đó 3 ha lúa)", Doubt.WORDS),
        ("5 triệu 300", Doubt.WORDS),
        ("31/02", Doubt.DATE),
        ("15/10/2026", Doubt.DATE),
        ("1.5.2026", Doubt.DATE),
        ("2026-10-15", Doubt.DATE),
        ("15/10/2026 08:00", Doubt.DATE),
        ("5-7", Doubt.RANGE),
        ("5 – 7", Doubt.RANGE),
        ("12-15 ha", Doubt.RANGE),
        ("từ 5 đến 7", Doubt.RANGE),
        ("5 ÷ 7", Doubt.RANGE),
        ("1.23.4", Doubt.SEPARATORS),
        ("12.34.567", Doubt.SEPARATORS),
        ("1.234,567.8", Doubt.SEPARATORS),
        ("1,23,456.7", Doubt.SEPARATORS),
        ("12 34", Doubt.SEPARATORS),
        ("1  234", Doubt.SEPARATORS),
        ("5,", Doubt.SEPARATORS),
        ("5\n6", Doubt.SEPARATORS),
        ("(-5)", Doubt.SIGNS),
        ("-(5)", Doubt.SIGNS),
        ("--5", Doubt.SIGNS),
        ("5-", Doubt.SIGNS),
        ("500.000,-", Doubt.SIGNS),
        ("1000000000000000", Doubt.TOO_LARGE),
        ("0,1234567890123456", Doubt.TOO_LARGE),
        ("9" * 81, Doubt.TOO_LONG),
        ("-", Doubt.WORDS),
    ],
)
def test_what_is_no_number_is_refused_with_its_reason(text: str, doubt: Doubt) -> None:
    assert parse_number(text, 2) == NotANumber(doubt)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("1 tỷ 051 triệu", [("1", "tỷ"), ("51", "triệu")]),
        ("2 tấn, 300kg", [("2", "tấn"), ("300", "kg")]),
        ("1.250 triệu đồng 500 nghìn đồng", [("1250", "triệu đồng"), ("500", "nghìn đồng")]),
        ("5 triệu 300", []),
        ("5 triệu", []),
        ("1,5 tỷ 051 triệu", []),
        ("khoảng 1 tỷ 51 triệu", []),
    ],
)
def test_a_figure_told_in_several_measures_comes_in_parts(text: str, parts: list[tuple[str, str]]) -> None:
    assert [(part.value, part.suffix) for part in parse_parts(text)] == [(D(value), word) for value, word in parts]


@pytest.mark.parametrize(
    ("text", "habit"),
    [
        ("1,234.5", Habit.ENGLISH),
        ("8.5", Habit.ENGLISH),
        ("1 234", Habit.SPACES),
        ("(5)", Habit.PARENTHESES),
        ("５", Habit.FULL_WIDTH),
        ("٥", Habit.FOREIGN_DIGITS),
        ("'5", Habit.APOSTROPHE),
        ("\u200b5", Habit.INVISIBLE),
        ("–5", Habit.SIGN),
    ],
)
def test_a_foreign_habit_is_named(text: str, habit: Habit) -> None:
    parsed = parse_number(text, 1)
    assert isinstance(parsed, Exact)
    assert parsed.habits == {habit}


def test_the_house_style_has_no_habit_to_name() -> None:
    assert parse_number("1.234,5", 1) == Exact(D("1234.5"))


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("-", "nil"),
        (" – ", "nil"),
        ("--", "nil"),
        ("KPS", "nil"),
        ("kps.", "nil"),
        ("K.P.S", "nil"),
        ("Không phát sinh", "nil"),
        ("khong phat sinh", "nil"),
        ("…", "not_available"),
        ("...", "not_available"),
        (". . .", "not_available"),
        ("⋯", "not_available"),
        ("chưa có", "not_available"),
        ("Chưa có số liệu", "not_available"),
        ("x", "not_applicable"),
        ("X", "not_applicable"),
        ("0", None),
        ("", None),
        (".", None),
        ("không", None),
        ("x" * 100, None),
    ],
)
def test_signs_mean_what_officials_mean(text: str, sign: str | None) -> None:
    assert sign_of(text) == sign


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("1234", "1234"),
        ("0.30000000000000004", "0.3"),
        ("2.9999999999999996", "3"),
        ("1.0000000000000001E-5", "0.00001"),
        ("1E+2", "100"),
        ("-0", "0"),
        ("67835.5", "67835.5"),
    ],
)
def test_a_stored_number_is_what_excel_shows(raw: str, value: str) -> None:
    assert stored_number(raw) == D(value)
    assert str(stored_number(raw)) == str(D(value)) or "E" in str(D(value))


@pytest.mark.parametrize("raw", ["", "nan", "inf", "1e308", "1E+15", "1e99999", "1_000", "１", "1,5", "--1", "9" * 16])
def test_a_stored_number_that_is_none_is_refused(raw: str) -> None:
    assert stored_number(raw) is None


@pytest.mark.parametrize(
    ("value", "decimals", "written"),
    [
        ("1234567.8", 1, "1.234.567,8"),
        ("1234567.85", 1, "1.234.567,9"),
        ("-1234.5", 0, "-1.235"),
        ("2.5", 0, "3"),
        ("-0.04", 1, "0,0"),
        ("0", 2, "0,00"),
        ("100", None, "100"),
        ("8.50", None, "8,5"),
        ("1E+3", None, "1.000"),
    ],
)
def test_numbers_are_written_the_vietnamese_way(value: str, decimals: int | None, written: str) -> None:
    assert format_number(D(value), decimals) == written


figures = st.decimals(min_value=-(10**14), max_value=10**14, places=3, allow_nan=False, allow_infinity=False)


@given(figures, st.integers(0, 3))
def test_what_is_written_reads_back_as_the_same_number(value: Decimal, decimals: int) -> None:
    shown = value.quantize(D(1).scaleb(-decimals), rounding="ROUND_HALF_UP")
    parsed = parse_number(format_number(value, decimals), decimals)
    if isinstance(parsed, Ambiguous):
        assert parsed.readings[0] == shown
        return
    assert isinstance(parsed, Exact)
    assert parsed.value == shown
    assert not parsed.habits


@given(st.text(max_size=90), st.none() | st.integers(0, 6))
def test_any_text_has_an_answer_and_every_number_is_finite_and_small(text: str, decimals: int | None) -> None:
    parsed = parse_number(text, decimals)
    if isinstance(parsed, Exact):
        assert parsed.value.is_finite()
        assert abs(parsed.value) < 10**15


@given(st.integers(1, 999), st.integers(0, 999), st.sampled_from(".,"), st.integers(1, 6))
def test_ambiguous_readings_differ_by_a_thousand(whole: int, rest: int, mark: str, decimals: int) -> None:
    parsed = parse_number(f"{whole}{mark}{rest:03}", decimals)
    assert isinstance(parsed, Ambiguous)
    small, large = sorted(parsed.readings)
    assert large == small * 1000


@given(st.text(alphabet="0123456789.,  -–()%'e", max_size=20), st.none() | st.integers(0, 6))
def test_any_mixture_of_digits_and_marks_has_an_answer(text: str, decimals: int | None) -> None:
    parsed = parse_number(text, decimals)
    if isinstance(parsed, Exact):
        assert [digit for digit in text if digit.isdigit()]
        assert abs(parsed.value) < 10**15


def test_places_counts_the_decimals_a_value_needs() -> None:
    assert [places(D(text)) for text in ("1.250", "100", "1E+3", "0.001")] == [2, 0, 0, 3]
