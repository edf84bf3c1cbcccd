"""The heaviest hostile workbooks are refused, each for its own reason, by the guard alone and by the reader alike."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ingest import guard
from ingest.reader import notes
from ingest.reading import read_guarded
from tests.ingest.crafted import book, relationships
from tests.ingest.hostile import HEAVIEST
from tests.ingest.test_guard_battery import IDS, PAIRS, Pair


@pytest.mark.parametrize(("make", "code"), HEAVIEST.values(), ids=HEAVIEST)
def test_the_heaviest_are_refused(make: Callable[[], bytes], code: str) -> None:
    assert [one.code for one in read_guarded(make(), "a.xlsx").findings] == [code]


ENTITIES = '<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>'


@pytest.mark.parametrize("kind", ["comments", "threadedComment", "image"])
def test_a_part_that_plays_two_parts_is_parsed_for_neither_unguarded(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second sheet is also the notes of the first, and is refused before a parser sees it."""
    rels = relationships(("rId1", kind, "sheet2.xml"))
    more = {"xl/worksheets/sheet2.xml": ENTITIES, "xl/worksheets/_rels/sheet1.xml.rels": rels}
    monkeypatch.setattr(notes, "parse", None)

    assert [one.code for one in read_guarded(book(names=("a", "b"), more=more), "a.xlsx").findings] == ["guard-doctype"]


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
