"""The word says what the sign does, and the number beside it reads back."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vietnamese.change import Direction, attained, direction, directions_in, moved, moved_by, percent_decimals
from vietnamese.numbers import Exact, format_number, parse_number

D = Decimal
figures = st.decimals(D(-(10**9)), D(10**9), places=3)
decimals = st.integers(0, 3)


@given(figures, decimals)
def test_a_change_names_its_direction_and_its_size(change: D, digits: int) -> None:
    said = moved_by(change, digits, "con")
    shown = parse_number(format_number(change, digits), digits)
    assert isinstance(shown, Exact) or digits
    ways = [way for _, way in directions_in(said)]
    rounded = change.quantize(D(1).scaleb(-digits), rounding="ROUND_HALF_UP")
    assert ways == ([] if not rounded else [direction(rounded)])
    assert not rounded or format_number(abs(rounded), digits) in said


@given(st.decimals(D(0), D("299.9"), places=1))
def test_a_percentage_rises_above_a_hundred_and_falls_below(percent: D) -> None:
    said = moved(percent, 1)
    wanted = {1: "tăng", -1: "giảm", 0: "không đổi"}[int((percent - 100).compare(D(0)))]
    assert said.startswith(wanted)
    if percent != 100:
        assert said == f"{wanted} {format_number(abs(percent - 100), 1)}%"


def test_from_three_times_on_multiples_are_said() -> None:
    assert moved(D("299.9"), 1) == "tăng 199,9%"
    assert moved(D(300), 1) == "gấp 3,0 lần"


@pytest.mark.parametrize(
    ("percent", "is_over", "lower", "said"),
    [
        ("85.24", False, False, "đạt 85,2% kế hoạch năm"),
        ("85.24", True, False, "chưa đạt kế hoạch năm (bằng 85,2%)"),
        ("100", True, False, "đạt 100,0% kế hoạch năm"),
        ("103.2", False, False, "vượt 3,2% kế hoạch năm"),
        ("103.2", True, True, "bằng 103,2% kế hoạch năm"),
    ],
)
def test_a_plan_is_exceeded_met_or_missed_once_its_time_has_passed(
    percent: str, is_over: bool, lower: bool, said: str
) -> None:
    assert attained(D(percent), 1, "kế hoạch năm", is_over=is_over, lower_is_better=lower) == said


def test_words_of_direction_are_whole_words() -> None:
    assert directions_in("Tăng cường kiểm tra; đàn bò giảm mạnh") == [(28, Direction.FALL)]
    assert directions_in("tầng hầm, tang lễ, giám sát, giảm nghèo") == []
    assert percent_decimals(D("0.35"), 1) == 2
