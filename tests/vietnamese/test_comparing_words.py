from decimal import Decimal

from vietnamese.words import change, change_in_points, reached, trend

D = Decimal


def test_two_figures_are_compared_in_one_word() -> None:
    assert [trend(D(value), D(2)) for value in (3, 2, 1)] == ["tăng", "bằng", "giảm"]


def test_a_change_is_told_with_its_measure() -> None:
    assert change(D("5.24"), 1, "%") == "tăng 5,2%"
    assert change(D("-1250"), 0, "tấn") == "giảm 1.250 tấn"


def test_a_change_that_rounds_to_nothing_is_no_change() -> None:
    assert change(D("-0.04"), 1, "%") == "bằng"


def test_percentages_differ_by_points() -> None:
    assert change_in_points(D("-0.35"), 2) == "giảm 0,35 điểm %"


def test_a_plan_is_reached_to_a_percentage() -> None:
    assert reached(D("87.5"), 1) == "đạt 87,5%"
