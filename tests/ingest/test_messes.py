"""Mistakes made at random in a correct workbook: exactly they are reported, and every other figure lands right."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.identity import identify
from ingest.judge import judge
from ingest.model import Verdict
from tests.ingest.messes import CELL_MISTAKES, SHEET_MISTAKES, Mess, Mistake, Nowhere, Outcome, Said
from tests.templates.real_orders import SECRET

KEYS = {1: SECRET}
BLANKS: Said = ("judge-blank-cells", None, None)
ALL = (*CELL_MISTAKES, *SHEET_MISTAKES)


def made(mess: Mess, mistakes: list[Mistake]) -> Outcome:
    """Makes the mistakes; what must come of them all. What finds no place is left out."""
    told = Outcome()
    for mistake in mistakes:
        try:
            one = mistake.make(mess)
        except Nowhere:
            continue
        told.said += one.said
        told.values |= one.values
    of_sheet = [one for one in told.said if one == BLANKS]
    told.said = [*(one for one in told.said if one != BLANKS), *of_sheet[:1]]  # one line for all blank cells
    return told


def judged(mess: Mess) -> Verdict:
    return judge(mess.extraction, identify(mess.extraction, KEYS), mess.case)


def said(verdict: Verdict) -> Counter[Said]:
    return Counter((one.code, one.row, one.column) for one in verdict.findings)


def test_there_are_mistakes_enough() -> None:
    assert len(ALL) >= 40
    assert len({one.name for one in ALL}) == len(ALL)


@pytest.mark.parametrize("mistake", ALL, ids=lambda one: one.name)
@pytest.mark.parametrize("seed", range(3))
def test_one_mistake_is_told_and_nothing_else(mistake: Mistake, seed: int) -> None:
    check(seed, [mistake])


def test_a_note_in_old_letters_on_a_copied_sheet_is_told_once() -> None:
    named = {one.name: one for one in ALL}
    check(1, [named["note in TCVN3"], named["sheet copied"]])


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 2**32),
    st.lists(st.sampled_from(CELL_MISTAKES), max_size=15),
    st.lists(st.sampled_from(SHEET_MISTAKES), max_size=1),
)
def test_many_mistakes_are_told_each_and_nothing_else(
    seed: int, of_cells: list[Mistake], of_sheet: list[Mistake]
) -> None:
    check(seed, [*of_cells, *of_sheet])


def check(seed: int, mistakes: list[Mistake]) -> None:
    mess = Mess(seed)
    told = made(mess, mistakes)
    verdict = judged(mess)
    assert said(verdict) == Counter(told.said)
    expected = mess.answers | told.values
    landed = {key: verdict.values[key] for key in expected}
    assert {key: (value.state, value.amount, value.text) for key, value in landed.items()} == {
        key: (value.state, value.amount, value.text) for key, value in expected.items()
    }
