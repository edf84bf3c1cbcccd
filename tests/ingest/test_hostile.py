"""The heaviest hostile workbooks are refused, each for its own reason, by the guard alone and by the reader alike."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ingest import guard
from ingest.reading import read_guarded
from tests.ingest.hostile import HEAVIEST
from tests.ingest.test_guard_battery import IDS, PAIRS, Pair


@pytest.mark.parametrize(("make", "code"), HEAVIEST.values(), ids=HEAVIEST)
def test_the_heaviest_are_refused(make: Callable[[], bytes], code: str) -> None:
    assert [one.code for one in read_guarded(make(), "a.xlsx").findings] == [code]


@pytest.mark.parametrize("pair", PAIRS, ids=IDS)
@pytest.mark.parametrize("quickly", [True, False])
def test_who_counts_while_reading_finds_what_the_guard_finds(pair: Pair, quickly: bool) -> None:
    """A sheet cut at its values has no tags counted: its rows and cells bound them."""
    if quickly and pair.code == "guard-too-many-tags":
        return
    for made in (pair.trips(), pair.passes()):
        counted = read_guarded(made, "bieu.xlsx", pair.limits, quickly=quickly).findings
        walked = guard.check(made, "bieu.xlsx", pair.limits)

        assert [one.code for one in counted if one.code.startswith("guard-")] == [one.code for one in walked]
