"""Parts put together: disjoint cells merge in any order, a clash is named whole, the whole is judged as one form."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from ingest import assembled, seen, typed
from ingest.assembled import Assembly, Clash, Entry, Piece, Said
from ingest.judge import judge
from ingest.model import Verdict
from registry.catalogue.values import CellKey, CellValue, State
from registry.findings import Finding, Severity
from tests.ingest import a_form
from tests.ingest.returned import Returned

AREA, OTHER = a_form.key("AREA", "c06"), a_form.key("AREA", "c07")
KEYS = [CellKey(row, column) for row in "ABCD" for column in ("c1", "c2")]
TEXTS = st.sampled_from(["1", "2", "3,5", "-"])
PIECES = st.lists(st.dictionaries(st.sampled_from(KEYS), TEXTS), max_size=4)


def piece(at: int, name: str, texts: Mapping[CellKey, str]) -> Piece:
    return Piece(at, name, 100 + at, {key: Entry(text) for key, text in texts.items()})


def pieces_of(given_cells: list[Mapping[CellKey, str]]) -> list[Piece]:
    return [piece(at, f"Phòng {at}", texts) for at, texts in enumerate(given_cells, 1)]


def whole(*pieces: Piece, missing: tuple[str, ...] = ()) -> Verdict:
    book = Returned.filled()
    return judge(assembled.extraction(a_form.view(), Assembly(pieces, missing)), typed.ON_THE_PAGE, book.case)


def clashing() -> tuple[Piece, ...]:
    return piece(1, "Phòng Kinh tế", {AREA: "10"}), piece(2, "Phòng Văn hóa", {AREA: "12"})


def agreeing() -> tuple[Piece, ...]:
    return piece(1, "Phòng Kinh tế", {AREA: "10"}), piece(2, "Phòng Văn hóa", {AREA: "10"})


@given(st.dictionaries(st.sampled_from(KEYS), st.tuples(TEXTS, st.integers(0, 2))))
def test_disjoint_parts_merge_into_exactly_what_was_given_in_any_order(
    shared: dict[CellKey, tuple[str, int]],
) -> None:
    pieces = pieces_of([{key: text for key, (text, whose) in shared.items() if whose == who} for who in range(3)])
    for order in permutations(pieces):
        merged = assembled.merge(order)
        assert merged.entries == {key: Entry(text) for key, (text, _) in shared.items()}
        assert merged.clashes == ()


@given(PIECES)
@settings(max_examples=200)
def test_every_cell_given_differently_is_a_clash_that_names_everybody_who_gave_it(
    given_cells: list[Mapping[CellKey, str]],
) -> None:
    pieces = pieces_of(given_cells)
    merged = assembled.merge(pieces)
    assert all(assembled.merge(order) == merged for order in permutations(pieces))
    by_key = {clash.key: clash for clash in merged.clashes}
    for key in KEYS:
        said = [Said(one.name, one.upload, one.entries[key]) for one in pieces if key in one.entries]
        differ = len({one.entry for one in said}) > 1
        assert (key in by_key) == differ
        assert (key in merged.entries) == (bool(said) and not differ)
        if differ:
            assert by_key[key] == Clash(key, tuple(sorted(said)))


@given(PIECES)
def test_what_is_kept_says_again_what_was_given(given_cells: list[Mapping[CellKey, str]]) -> None:
    pieces = pieces_of(given_cells)
    kept = assembled.pack(7, Assembly(tuple(pieces), ("Phòng B", "Phòng A")))
    assert assembled.pack(7, Assembly(tuple(reversed(pieces)), ("Phòng A", "Phòng B"))) == kept
    assert assembled.unpack(kept) == Assembly(tuple(pieces), ("Phòng A", "Phòng B"))


def test_a_clash_is_an_error_at_its_cell_naming_both_and_the_cell_stays_blank() -> None:
    verdict = whole(*clashing())
    [found] = [one for one in verdict.findings if one.code == "assembled-clash"]
    assert found.found == "Phòng Kinh tế: 10; Phòng Văn hóa: 12"
    assert (found.sheet, found.cell) == verdict.addresses[AREA]
    assert verdict.values[AREA].number is None
    assert not verdict.status.startswith("accepted")


def test_two_who_say_the_same_do_not_clash() -> None:
    verdict = whole(*agreeing())
    assert "assembled-clash" not in {one.code for one in verdict.findings}
    assert verdict.values[AREA].number == 10


def test_parts_together_are_judged_as_one_table() -> None:
    book = Returned.filled()
    whole_file = book.verdict()
    texts = seen.standing(a_form.view(), book.extraction, whole_file.values, whole_file.addresses)
    entries = {key: Entry.of(text, whole_file.values.get(key)) for key, text in texts.items()}
    rows = sorted({key.row for key in entries})
    halves = [
        Piece(half, "", 0, {key: one for key, one in entries.items() if rows.index(key.row) % 2 == half})
        for half in (0, 1)
    ]
    verdict = whole(*halves)
    assert verdict.values == whole_file.values
    assert [one.code for one in verdict.findings] == [one.code for one in whole_file.findings]


def test_a_number_that_could_be_read_in_two_ways_stays_what_it_was_understood_as() -> None:
    key = a_form.key("CROP", "c06")
    entry = Entry.of("121,125", CellValue(State.VALUE, Decimal("121.125")))
    assert whole(Piece(1, "Phòng Kinh tế", 101, {key: entry})).values[key].number == Decimal("121.125")
    assert Entry.of("121,000", CellValue(State.VALUE, Decimal("121.000"))).meaning == "121"


def test_a_unit_s_own_file_that_says_other_than_a_part_is_found_at_its_cell() -> None:
    view, elsewhere = a_form.view(), {AREA: ("Sheet1", "F9")}
    part = Piece(2, "Phòng Kinh tế", 101, {AREA: Entry("10", "10")})

    def found(text: str) -> list[Finding]:
        own = Piece(1, "Xã Ea Súp", 0, {AREA: Entry(text, text or None)})
        return list(assembled.otherwise(view, own, [part], elsewhere))

    [one] = found("12")
    assert (one.code, one.severity, one.sheet, one.cell) == ("assembled-otherwise", Severity.WARNING, "Sheet1", "F9")
    assert one.found == "Phòng Kinh tế: 10; Xã Ea Súp: 12"
    assert found("10") == found("") == []


def test_who_gave_nothing_is_named_and_wants_explaining() -> None:
    verdict = whole(*agreeing(), missing=("Phòng Tư pháp",))
    [found] = [one for one in verdict.findings if one.code == "assembled-missing"]
    assert (found.found, found.severity) == ("Phòng Tư pháp", Severity.WARNING)
    assert "assembled-missing" not in {one.code for one in whole(*agreeing()).findings}
