"""A cell corrected on the page changes that cell alone, and is judged as if the file had come with it."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from ingest import corrected, seen
from ingest.corrected import Corrected, Correction, Told
from ingest.judge import judge
from ingest.model import RawCell, Verdict
from registry.catalogue.values import CellKey, State
from registry.findings import finding
from tests.ingest import a_form
from tests.ingest.returned import Returned

AREA = a_form.key("AREA", "c06")
NOTE = a_form.key("AREA", "c13")


def changed(book: Returned, texts: dict[CellKey, str]) -> tuple[Corrected, ...]:
    verdict = book.verdict()
    before = seen.standing(a_form.view(), book.extraction, verdict.values, verdict.addresses)
    return corrected.changes(texts, before, verdict.addresses)


def judged(book: Returned, texts: dict[CellKey, str]) -> Verdict:
    extraction = corrected.corrected(a_form.view(), book.extraction, changed(book, texts))
    return judge(extraction, book.verdict().identity, book.case)


def test_a_wrong_cell_is_corrected_and_everything_else_stays() -> None:
    book = Returned.filled().put("AREA", "c06", "s", "một trăm").put("AREA", "c13", "s", "mất mùa")
    assert "number-is-text" in book.codes()
    verdict = judged(book, {AREA: "1.234,5"})
    assert "number-is-text" not in {one.code for one in verdict.findings}
    assert str(verdict.values[AREA].number) == "1234.5"
    assert verdict.values[NOTE].text == "mất mùa"
    assert {key for key, value in verdict.values.items() if value != book.verdict().values[key]} >= {AREA}
    others = {key: value for key, value in verdict.values.items() if key.row != "AREA"}
    assert others == {key: value for key, value in book.verdict().values.items() if key.row != "AREA"}
    assert (verdict.addresses, verdict.reader) == (book.verdict().addresses, book.verdict().reader)


def test_the_correction_is_checked_as_any_figure_is() -> None:
    verdict = judged(Returned.filled(), {AREA: "mười"})
    assert "number-is-text" in {one.code for one in verdict.findings}


def test_a_constant_the_correction_made_stale_is_not_told_but_one_that_was_wrong_before_is() -> None:
    stale = finding("anchor-formula-overwritten", sheet="KTXH-01", cell="K24")
    other = finding("number-is-text", sheet="KTXH-01", cell="K24")
    assert corrected.without_its_own((stale, other), ()) == (other,)
    assert corrected.without_its_own((stale, other), (replace(stale, found="1"),)) == (stale, other)
    assert corrected.without_its_own((stale,), (replace(stale, cell="N24"),)) == ()


def test_an_emptied_cell_is_blank_and_one_typed_the_same_is_no_change() -> None:
    book = Returned.filled()
    assert judged(book, {AREA: "  "}).values[AREA].state is State.BLANK
    [shown] = {one.before for one in changed(book, {AREA: ""})}
    assert changed(book, {AREA: f" {shown} "}) == ()


def test_only_cells_a_person_types_in_may_be_corrected() -> None:
    texts = {a_form.key("SEEN", "c06"): "99", a_form.key("HOMES", "c07"): "5", CellKey("NONE", "c06"): "1"}
    assert changed(Returned.filled(), texts) == ()


def test_what_was_found_while_reading_a_corrected_cell_is_gone_with_it() -> None:
    book, other = Returned.filled(), finding("anchor-protection-missing", sheet="KTXH-01", cell="A1")
    address = book.verdict().addresses[AREA]
    mine = replace(other, sheet=address[0], cell=address[1])
    extraction = replace(book.extraction, findings=(mine, other))
    cells = (Corrected(AREA, address, "121", "122"),)
    assert corrected.corrected(a_form.view(), extraction, cells).findings == (other,)


@settings(max_examples=60)
@given(st.text(max_size=30), st.text(max_size=30), st.integers(1, 10**6), st.integers(1, 999) | st.none())
def test_what_is_kept_of_a_correction_gives_it_back(before: str, after: str, base: int, line: int | None) -> None:
    cells = (Corrected(CellKey("A", "c01", line), ("Trang", "B2"), before, after),)
    told = (Told("rule-K01", "A", None, line, "giải trình"),)
    assert corrected.unpack(corrected.pack(Correction(base, cells, told))) == Correction(base, cells, told)


def test_what_was_understood_as_something_else_is_shown_as_it_was_seen() -> None:
    book = (
        Returned.filled()
        .put("AREA", "c06", "s", "1 234,5")
        .put("CROP", "c06", "s", "mười")
        .put("HOMES", "c06", "n", "9")
    )
    verdict = book.verdict()
    found = seen.converted(a_form.view(), book.extraction, verdict.values, verdict.addresses)
    assert found == {AREA: "1 234,5", a_form.key("CROP", "c06"): "mười"}


def test_a_cell_is_seen_as_its_sheet_shows_it() -> None:
    cells = {
        "12,5%": RawCell("A1", "n", "0.125", number_format="0.0%"),
        "05/02/2026": RawCell("A1", "n", "46058", number_format="dd/mm/yyyy"),
        "1.234,5": RawCell("A1", "n", "1234.5"),
        "ba": RawCell("A1", "s", " ba "),
        "#REF!": RawCell("A1", "e", "#REF!"),
    }
    assert {text: seen.seen_in(cell, False) for text, cell in cells.items()} == {text: text for text in cells}
