"""The heaviest hostile workbooks are refused, each for its own reason, by the guard alone and by the reader alike."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from ingest import guard
from ingest.reader import notes
from ingest.reading import read_guarded
from tests.ingest.crafted import HANGING, MAIN, book, relationships, sheet
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


def _comments(count: int) -> str:
    listed = "".join(f'<comment ref="A{n}"><text><t>x</t></text></comment>' for n in range(1, count + 1))
    return f'<comments xmlns="{MAIN}"><commentList>{listed}</commentList></comments>'


def noted(count: int, *, times: int, sheets: int = 1) -> bytes:
    """So many comments in one part, which every sheet leads to so many times."""
    rels = relationships(*((f"rId{n}", "comments", "../comments1.xml") for n in range(times)))
    names = tuple(f"s{n}" for n in range(1, sheets + 1))
    more = {f"xl/worksheets/_rels/sheet{n}.xml.rels": rels for n in range(1, sheets + 1)}
    return book(names=names, more={**more, "xl/comments1.xml": _comments(count)})


REPEATED = {
    "paragraphs that never end as usual": book(
        more={"xl/drawings/drawing1.xml": f'<a:x xmlns:a="a">{"<a:p></a:p >" * 100_000}</a:x>'}
    ),
    "letters of a header that is none": book(
        sheet(after=f"<headerFooter><oddHeader><![CDATA[{'<oddHeader' * 100_000}]]></oddHeader></headerFooter>")
    ),
    "a value in a hundred thousand pieces": book(
        sheet(f'<row r="1"><c r="A1" t="str"><v>{"x<b/>" * 100_000}</v></c></row>')
    ),
    "one part of comments for 2,000 relationships": noted(500, times=2_000),
}


@pytest.mark.parametrize("data", REPEATED.values(), ids=REPEATED)
def test_what_is_repeated_costs_no_more_than_its_length(data: bytes) -> None:
    before = time.process_time()

    assert read_guarded(data, "a.xlsx").findings == ()
    assert time.process_time() - before < HANGING


def test_columns_are_hidden_once() -> None:
    columns = "".join(f'<col min="{n}" max="{n + 1}" hidden="1"/>' for n in (2, 2, 3, 4, 9_000)) * 2
    data = book(sheet().replace("<sheetData>", f"<cols>{columns}</cols><sheetData>"))
    assert read_guarded(data, "a.xlsx").sheets[0].look.hidden_columns == ((2, 3), (4, 5))


def test_comments_count_as_cells_and_for_every_sheet_that_shows_them() -> None:
    assert read_guarded(noted(400, times=1, sheets=240), "a.xlsx").findings == ()
    (found,) = read_guarded(noted(400, times=1, sheets=250), "a.xlsx").findings
    assert found.code == "guard-too-many-cells"


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
