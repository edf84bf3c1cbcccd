"""Typing on the page and typing in the workbook are one and the same to the judge."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import example, given, settings
from hypothesis import strategies as st

from ingest import typed
from ingest.judge import judge
from ingest.model import Case, RawCell, Verdict
from registry.catalogue.values import CellKey, State
from tests.ingest import a_form
from tests.ingest.returned import Returned, template

CASE = Case(a_form.EA_SUP, a_form.context(), a_form.RULES)
CELLS = typed.typed_cells(a_form.view())
NUMBERS = st.one_of(
    st.integers(-(10**16), 10**16).map(str),
    st.decimals(-(10**9), 10**9, places=3, allow_nan=False).map(lambda one: f"{one:f}".replace(".", ",")),
    st.integers(0, 10**12).map(lambda one: f"{one:,}".replace(",", ".")),
    st.decimals(0, 10**7, places=2, allow_nan=False).map(lambda one: f"{one:f}"),
)
WORDS = st.sampled_from(
    (
        "",
        " ",
        "-",
        "kps",
        "…",
        "x",
        "không phát sinh",
        "1.234",
        "5%",
        "12 tấn",
        "(7)",
        "1 234,5",
        "10/2026",
        "mười",
        "1-2",
    )
)
TEXTS = st.fixed_dictionaries({key: st.one_of(NUMBERS, WORDS, st.text(max_size=12)) for key in CELLS})


def on_the_page(texts: dict[CellKey, str]) -> Verdict:
    return judge(typed.extraction(a_form.view(), texts), typed.ON_THE_PAGE, CASE)


def in_the_workbook(texts: dict[CellKey, str]) -> Verdict:
    """The template with every typed cell emptied, then filled with text, as a spreadsheet keeps what it is told to."""
    book = template()
    (sheet,) = (one for one in book.sheets if one.name == a_form.grid().sheet)
    cells = {
        a1: cell
        for a1, cell in sheet.cells.items()
        if a1 not in a_form.grid().keys or a_form.grid().keys[a1] not in CELLS
    }
    cells |= {
        a_form.grid().cells[key]: RawCell(a_form.grid().cells[key], "s", text)
        for key, text in texts.items()
        if text.strip()
    }
    filled = replace(sheet, cells={a1: cell for a1, cell in cells.items() if not _is_computed(a1)})
    return Returned(replace(book, sheets=tuple(filled if one is sheet else one for one in book.sheets)), CASE).verdict()


def _is_computed(a1: str) -> bool:
    """Cached totals of the template are those of an empty form; a spreadsheet would have worked them out anew."""
    key = a_form.grid().keys.get(a1)
    return key is not None and bool(a_form.view().cells[key].formula)


@settings(max_examples=150)
@given(TEXTS)
@example({a_form.key("HOMES", "c06"): "25.000"})
def test_what_is_typed_on_the_page_is_judged_as_in_the_workbook(texts: dict[CellKey, str]) -> None:
    page, book = on_the_page(texts), in_the_workbook(texts)
    heard = [one for one in book.findings if one.code != "number-converted"]  # only a file keeps numbers as text
    assert (page.status, page.values, page.addresses) == (book.status, book.values, book.addresses)
    assert [one for one in page.findings if one.code != "number-converted"] == heard


def test_a_number_beyond_doubt_needs_no_remark_and_a_doubtful_one_is_asked_about() -> None:
    texts = dict.fromkeys(CELLS, "-") | {a_form.key("AREA", "c06"): "1.150,5", a_form.key("CROP", "c06"): "1.234"}
    verdict = on_the_page(texts)
    codes = {(one.code, one.row) for one in verdict.findings if one.code.startswith("number-")}
    assert codes == {("number-ambiguous", "Sản lượng sầu riêng")}
    assert str(verdict.values[a_form.key("AREA", "c06")].number) == "1150.5"


def test_what_is_kept_gives_back_what_was_typed() -> None:
    texts = {a_form.key("AREA", "c06"): " 12,5 ", a_form.key("HOMES", "c13"): "đang xác minh\nxong trước 20/10"}
    assert typed.unpack(typed.pack(7, texts)) == texts
    assert typed.pack(7, texts) == typed.pack(7, dict(reversed(list(texts.items()))))
    assert typed.pack(7, texts) != typed.pack(8, texts)


def test_cells_nobody_types_in_are_left_out() -> None:
    verdict = on_the_page({a_form.key("SEEN", "c06"): "99", a_form.key("HOMES", "c07"): "5"})
    assert verdict.values[a_form.key("SEEN", "c06")].number == 42
    assert verdict.values[a_form.key("HOMES", "c07")].state is State.BLANK
