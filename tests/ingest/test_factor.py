"""Factors of a wrong scale: found where all that is known agrees, never where anything is like the figure."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.factor import suspected_factor
from ingest.thresholds import HUNDRED, SPREAD, THOUSANDS

D = Decimal
amounts = st.decimals(D("0.01"), D(10**9), places=2)


@pytest.mark.parametrize(
    ("value", "known", "factor"),
    [
        ("120500", ["120.5"], 1000),
        ("0.1205", ["120.5", "98"], Fraction(1, 1000)),
        ("120500000", ["120.5"], 10**6),
        ("-120500", ["120.5"], 1000),
        ("120500", ["120.5", "90000"], None),  # as large the year before
        ("1205", ["120.5"], None),
        ("120500", [], None),
        ("120500", ["0"], None),
        ("0", ["120.5"], None),
        ("480000", ["120"], 1000),
        ("490000", ["120"], None),
    ],
)
def test_a_factor_is_suspected_where_everything_known_agrees(
    value: str, known: list[str], factor: int | Fraction | None
) -> None:
    assert suspected_factor(D(value), map(D, known)) == factor


def test_shares_are_out_by_a_hundred() -> None:
    assert suspected_factor(D("0.875"), [D("87.5")], HUNDRED) == Fraction(1, 100)
    assert suspected_factor(D("0.875"), [D("87.5")]) is None


@given(amounts, st.sampled_from(THOUSANDS))
def test_a_figure_in_the_wrong_scale_is_always_caught_beside_its_right_self(amount: Decimal, factor: int) -> None:
    assert suspected_factor(amount * factor, [amount]) == factor
    assert suspected_factor(amount, [amount * factor]) == Fraction(1, factor)


@given(amounts, amounts, st.integers(1, SPREAD * SPREAD))
def test_a_figure_like_a_known_one_is_never_suspected(amount: Decimal, other: Decimal, more: int) -> None:
    assert suspected_factor(amount * more, [amount, other]) is None
