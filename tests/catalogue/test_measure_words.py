"""Measures as people write them: the same, another scale of it, or none of it."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from registry import sample
from registry.catalogue.measure_words import names_of, ratio_told
from registry.catalogue.measures import times

MEASURES = {one.code: one for one in sample.catalogue().measures}
NAMES = names_of(MEASURES.values())


@pytest.mark.parametrize(
    ("own", "said", "ratio"),
    [
        ("triệu đồng", "Triệu đồng.", 1),
        ("triệu đồng", "trđ", 1),
        ("triệu đồng", "tr.đ", 1),
        ("triệu đồng", "tỉ", 1000),
        ("triệu đồng", "nghìn tỷ", 10**6),
        ("triệu đồng", "VNĐ", Fraction(1, 10**6)),
        ("triệu đồng", "%", None),
        ("triệu đồng", "hộ", None),
        ("tấn", "kg", Fraction(1, 1000)),
        ("tấn", "tạ", Fraction(1, 10)),
        ("ha", "m2", Fraction(1, 10**4)),
        ("ha", "m²", Fraction(1, 10**4)),
        ("nghìn con", "triệu con", 1000),
        ("nghìn con", "triệu", 1000),
        ("nghìn con", "con", Fraction(1, 1000)),
        ("hộ", "nghìn hộ", 1000),
        ("hộ", "người", None),
        ("%", "phần trăm", 1),
        ("%", "triệu", None),
        ("điểm %", "%", 1),
        ("lượt khách", "lượt", 1),
    ],
)
def test_what_is_said_behind_a_figure_is_a_ratio_or_none(own: str, said: str, ratio: int | Fraction | None) -> None:
    assert ratio_told(said, MEASURES[own], NAMES) == ratio


@pytest.mark.parametrize("own", sorted(MEASURES))
def test_every_measure_is_once_itself(own: str) -> None:
    assert ratio_told(own, MEASURES[own], NAMES) == 1
    assert ratio_told(own.upper(), MEASURES[own], NAMES) == 1


def test_times_is_exact_or_nothing() -> None:
    assert times(Decimal("1.2"), Fraction(1000)) == Decimal(1200)
    assert times(Decimal(1), Fraction(1, 10**6)) == Decimal("0.000001")
    assert times(Decimal(1), Fraction(1, 3)) is None
    assert times(Decimal(3), Fraction(1, 3)) == 1
