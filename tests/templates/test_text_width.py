"""Estimates of how text wraps: never fewer lines than the words need."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbook_templates.text_width import height, line_count, width

words = st.lists(st.text("aăâbcdđeêghiklmnoôơpqrstuưvxyAĂÂ", min_size=1, max_size=12), min_size=1, max_size=30)


def test_accents_add_no_width() -> None:
    assert width("Sầu riêng", 10) == width("Sau rieng", 10)


def test_a_known_line_has_the_width_of_times_new_roman() -> None:
    assert width("0123456789", 10) == pytest.approx(50)


@given(words, st.floats(40, 400))
def test_a_wider_cell_never_needs_more_lines(drawn: list[str], points: float) -> None:
    text = " ".join(drawn)
    assert line_count(text, points + 50, 10) <= line_count(text, points, 10)


@given(words, st.floats(40, 400))
def test_the_lines_hold_the_text(drawn: list[str], points: float) -> None:
    text = " ".join(drawn)
    assert line_count(text, points, 10) * points >= width(text.replace(" ", ""), 10)


def test_a_line_break_begins_a_new_line() -> None:
    assert line_count("Ban hành kèm theo\nQuyết định", 400, 10) == 2
    assert height(2, 10) > height(1, 10)
