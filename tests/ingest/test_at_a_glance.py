"""What a glance settles of an ordinary file is what looking at it cell by cell comes to."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

import ingest.anchor
from ingest.a1 import join
from ingest.anchor import Anchored, anchor
from ingest.issued import as_issued
from ingest.model import Extraction, RawCell
from ingest.numbers import FigureReader
from ingest.reading import read_guarded
from ingest.text import Place
from registry.catalogue.values import CellKey
from tests.ingest.messes import CELL_MISTAKES, SHEET_MISTAKES, Mess, Mistake, Nowhere
from tests.templates import real_orders
from vietnamese.numbers import plain_numbers, stored_number
from workbook_templates.grid import place
from workbook_templates.template import build

ALL = (*CELL_MISTAKES, *SHEET_MISTAKES)
FORMS = [("KTXH-01", "24211", "202610"), ("KTXH-01", "SNNMT", "202609"), ("II.06a", "24211", "20263")]
FORMATS = (
    "",
    "General",
    "0",
    "0.0",
    "0.000",
    "#,##0.00",
    "#,##0",
    "#,##0,",
    "0%",
    "dd/mm/yyyy",
    ";;;",
    "0.0;;",
    '0" h"',
)
RAWS = st.one_of(
    st.integers(-(10**4), 10**16).map(str),
    st.decimals(-1, 10**13, places=3).map("{:f}".format),
    st.text("0123456789.-+eE_ ٣", max_size=17),
)
ORDINARY = Mess(1)


def searched(extraction: Extraction, monkeypatch: pytest.MonkeyPatch) -> Anchored:
    with monkeypatch.context() as patched:
        patched.setattr(ingest.anchor, "as_issued", lambda *_: None)
        return anchor(extraction, ORDINARY.grid)


@pytest.mark.parametrize("mistake", ALL, ids=lambda one: one.name)
def test_a_sheet_is_anchored_as_by_searching_it(mistake: Mistake, monkeypatch: pytest.MonkeyPatch) -> None:
    mess = Mess(1)
    try:
        mistake.make(mess)
    except Nowhere:
        return
    assert anchor(mess.extraction, mess.grid) == searched(mess.extraction, monkeypatch)


@given(st.data())
def test_whatever_stands_anywhere_is_found(data: st.DataObject) -> None:
    grid = ORDINARY.grid
    column = st.integers(1, grid.check_column + 2)
    address = data.draw(st.builds(join, st.integers(1, grid.last_row + 6), column))
    texts = st.sampled_from(("12", "-", "", "abc", *grid.rows, *grid.columns))
    cell = data.draw(st.builds(RawCell, st.just(address), st.sampled_from("ns"), texts))
    sheets = [
        replace(one, cells={**one.cells, address: cell}) if one.name == grid.sheet else one
        for one in ORDINARY.extraction.sheets
    ]
    extraction = replace(ORDINARY.extraction, sheets=tuple(sheets))
    with pytest.MonkeyPatch.context() as patch:
        assert anchor(extraction, grid) == searched(extraction, patch)


@pytest.mark.parametrize("order", FORMS)
def test_templates_are_as_issued(order: tuple[str, str, str]) -> None:
    made = real_orders.order(*order)
    grid = place(made.context.view)
    sheets = read_guarded(build(made, real_orders.answers(made)), "biểu.xlsx").sheets
    assert [sheet.name for sheet in sheets if as_issued(sheet, grid)] == [grid.sheet]


@given(st.data())
def test_a_plain_figure_is_read_as_any_other(data: st.DataObject) -> None:
    key = data.draw(st.sampled_from(sorted(ORDINARY.view.inputs)))
    spec = ORDINARY.view.inputs[key]
    formula = data.draw(st.sampled_from((None, None, None, "1+1")))
    cell = RawCell(
        "D9", data.draw(st.sampled_from("nns")), data.draw(RAWS), formula, data.draw(st.sampled_from(FORMATS))
    )
    reader = FigureReader(ORDINARY.view)
    for known, value in reader.read_plain({key: cell}).items():
        read, found = reader.read(cell, spec, Place("S", "D9", "", "", key))
        assert (known, str(value), found) == (key, str(read), ())


@pytest.mark.parametrize("key", sorted(ORDINARY.view.inputs)[:40])
def test_ordinary_figures_are_plain(key: CellKey) -> None:
    spec = ORDINARY.view.inputs[key]
    cell = RawCell("D9", "n", "12.5" if spec.decimals else "12", None, "#,##0.00")
    assert FigureReader(ORDINARY.view).read_plain({key: cell}).keys() == {key}


@given(RAWS)
def test_plain_numbers_are_the_stored_ones(raw: str) -> None:
    (number,) = plain_numbers([raw])
    assert number is None or number == stored_number(raw)
