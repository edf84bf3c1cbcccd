"""A stamped workbook is the workbook xlsxwriter builds in full for that unit, part by part and cell by cell."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.workbook import Workbook

from ingest.model import Extraction
from ingest.peek import carriers_of, peek
from ingest.reading import read_guarded
from registry.catalogue.model import CellKind, Rule, RuleLevel
from registry.catalogue.values import CellKey, Known, Nature, State
from registry.rules.background import Background
from registry.rules.needs import needs
from tests.templates import real_orders
from tests.templates import small_catalogue as small
from tests.tools.office import office
from workbook_templates import token
from workbook_templates.base import cut
from workbook_templates.content import Content
from workbook_templates.foundry import Foundry, Pattern, generator
from workbook_templates.grid import Grid, Slot, place
from workbook_templates.order import Order
from workbook_templates.stamps import Stamp
from workbook_templates.template import build

STAMPS = (Stamp.SLOTS, Stamp.REDEFLATE)
RULES = (
    Rule("P1", "KTXH-09", "(c05) <= 10", RuleLevel.WARNING, "Số tháng trước lớn hơn 10.", rows=frozenset({"NN12"})),
    Rule(
        "P2",
        "KTXH-09",
        'NHÓM("loai") = "xã" VÀ (c06) = KỲ_TRƯỚC((c06))',
        RuleLevel.NOTE,
        "Số ước bằng số ước tháng trước.",
        rows=frozenset({"NN12", "NN07"}),
    ),
)


class Drawer(dict[str, bytes]):
    """A shelf for one test."""

    def put(self, key: str, data: bytes) -> None:
        self[key] = data


def parts(workbook: bytes) -> dict[str, bytes]:
    """The XML of every part, without blanks at the end of tags, which no reader sees."""
    archive = ZipFile(BytesIO(workbook))
    assert archive.testzip() is None
    return {name: re.sub(rb" +(/?>)", rb"\1", archive.read(name)) for name in archive.namelist()}


def stamped(base_of: Order, order: Order, how: Stamp) -> bytes:
    """``order``'s workbook from the base another order's made."""
    shelf, pattern = Drawer(), Pattern("key", base_of.context, base_of.rules)
    Foundry(pattern).make(base_of, how, shelf)
    return Foundry(pattern).make(order, how, shelf)


# --- orders of any unit ----------------------------------------------------------------------------------------------

WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc"), include_characters="<>&\"'ậ\t\n "), max_size=60
)
NAMES = st.one_of(WORDS, st.sampled_from(["Ea Súp", "Krông Pắc & <Buôn> Hồ", "xã " * 90, "_x000D_", " hai  đầu "]))
MANTISSAS = st.one_of(st.integers(-(10**6), 10**6), st.integers(-(10**15) + 1, 10**15 - 1))
KNOWN = st.builds(
    Known, MANTISSAS, st.sampled_from([Nature.ESTIMATE, Nature.OFFICIAL]), st.sampled_from([State.VALUE, State.NIL])
)


@st.composite
def orders(draw: st.DrawFn, form: str) -> Order:
    what, period = (small.MONTHLY, "202610") if form == "monthly" else (small.MATRIX, "20263")
    code = "".join(draw(st.lists(st.sampled_from("0123456789ABCXYZ-."), min_size=1, max_size=12)))
    name = draw(NAMES)
    unit = replace(small.EA_SUP, code=code, name=f"Xã {name}", short_name=name, groups=(("loai", draw(NAMES)),))
    one = small.order(form=what, unit=unit, period=period, rules=RULES, issue=draw(st.integers(1, 300)))
    asked = sorted(needs(one.context.view, one.context.period, one.context.frequency, RULES))
    figures = draw(st.dictionaries(st.sampled_from(asked), KNOWN)) if asked else {}
    return replace(
        one,
        context=replace(one.context, background=Background(figures), unit=unit),
        receivers=tuple(draw(st.lists(NAMES, max_size=3))),
        contact=draw(NAMES),
        place=draw(st.sampled_from(["", "Đắk Lắk", "A & B"])),
        due=one.due + timedelta(minutes=draw(st.integers(0, 60 * 24 * 40))),
    )


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.sampled_from(["monthly", "matrix"]).flatmap(lambda form: st.tuples(orders(form), orders(form))))
def test_a_stamped_workbook_equals_the_one_built_in_full(pair: tuple[Order, Order]) -> None:
    base_of, order = pair
    expected = parts(build(order))
    for how in STAMPS:
        assert parts(stamped(base_of, order, how)) == expected


REAL = [
    ("KTXH-01", "202610", "22081", "22090"),
    ("KTXH-01", "202601", "STC", "STC"),
    ("II.06a", "20263", "24211", "24235"),
]


@pytest.mark.parametrize(("form", "period", "one", "other"), REAL)
def test_the_real_forms_come_out_the_same_three_ways(form: str, period: str, one: str, other: str) -> None:
    base_of, order = (real_orders.order(form, unit, period, seed) for unit, seed in ((one, None), (other, 2)))
    full = build(order)
    for how in STAMPS:
        made = stamped(base_of, order, how)
        assert parts(made) == parts(full)
        assert seen(openpyxl.load_workbook(BytesIO(made))) == seen(openpyxl.load_workbook(BytesIO(full)))
        assert read_guarded(made, "a.xlsx") == read_guarded(full, "a.xlsx")


def seen(book: Workbook) -> dict[str, object]:
    """What openpyxl finds in a workbook: cells, looks, behaviour, names, properties."""
    found: dict[str, object] = {
        "names": {name: one.attr_text for name, one in book.defined_names.items()},
        "properties": [(one.name, one.value) for one in book.custom_doc_props.props],
        "title": (book.properties.title, book.properties.creator, book.properties.created),
    }
    for sheet in book:
        found[sheet.title] = {
            "cells": [
                (cell.coordinate, cell.data_type.replace("inlineStr", "s"), cell.value, cell.style_id)
                for row in sheet.iter_rows()
                for cell in row
            ],
            "state": sheet.sheet_state,
            "protection": dict(sheet.protection),
            "merged": sorted(map(str, sheet.merged_cells.ranges)),
            "widths": {key: (one.width, one.hidden) for key, one in sheet.column_dimensions.items()},
            "heights": {key: (one.height, one.hidden) for key, one in sheet.row_dimensions.items()},
            "validations": [(str(v.sqref), v.formula1, v.prompt) for v in sheet.data_validations.dataValidation],
            "formats": [(str(f.sqref), [r.formula for r in f.rules]) for f in sheet.conditional_formatting],
            "print": (
                sheet.print_area,
                sheet.print_title_rows,
                sheet.page_setup.fitToHeight,
                sheet.oddFooter.left.text,
            ),
            "freeze": sheet.freeze_panes,
        }
    return found


# --- the edges -------------------------------------------------------------------------------------------------------


def test_a_value_too_long_for_its_slot_is_not_cut_but_deflated_anew() -> None:
    first, order = (replace(small.order(), place=where) for where in ("Ea", "Ea Súp " * 40))
    foundry, shelf = Foundry(Pattern("key", order.context, order.rules)), Drawer()
    assert foundry.prepare(first, shelf)[1].fits
    assert not foundry.prepare(order, shelf)[1].fits
    assert len(shelf) == 1
    assert parts(foundry.make(order, Stamp.SLOTS, shelf)) == parts(build(order))


def test_units_whose_words_take_the_same_lines_share_a_base_and_others_do_not() -> None:
    first = small.order()
    foundry, shelf = Foundry(Pattern("key", first.context, first.rules)), Drawer()
    for unit in (small.EA_SUP, small.EA_ROK):
        foundry.make(small.order(unit=unit), Stamp.SLOTS, shelf)
    assert len(shelf) == 1
    long = replace(small.EA_ROK, name="Xã " + "Ea Rốk " * 20)
    foundry.make(small.order(unit=long), Stamp.SLOTS, shelf)
    assert len(shelf) == 2


def test_a_spoiled_base_is_made_again() -> None:
    order, shelf = small.order(), Drawer()
    pattern = Pattern("key", order.context, order.rules)
    made = Foundry(pattern).make(order, Stamp.SLOTS, shelf)
    (key,) = shelf
    assert key.startswith(generator())
    shelf[key] = b"\x00"
    assert Foundry(pattern).make(order, Stamp.SLOTS, shelf) == made
    assert shelf[key] != b"\x00"


def test_no_word_of_the_unit_the_base_was_made_for_remains() -> None:
    first = small.order(unit=replace(small.EA_SUP, name="Xã Đầu Tiên", short_name="Đầu Tiên"), rules=RULES)
    second = small.order(unit=small.EA_ROK, rules=RULES)
    made = parts(stamped(first, second, Stamp.SLOTS))
    for word in ("Đầu Tiên", first.token, first.unit.code):
        assert not any(word.encode() in part for part in made.values()), word
    assert peek(stamped(first, second, Stamp.SLOTS)).texts == (second.token,)


def test_cutting_at_a_cell_the_workbook_does_not_have_is_an_error() -> None:
    order = small.order()
    with pytest.raises(ValueError, match="ZZ9"):
        cut(build(order), [Slot(place(order.context.view).sheet, "ZZ9")], [Content()], [])


def test_a_token_of_each_unit_stands_in_its_own_workbook() -> None:
    first, second = small.order(), small.order(unit=small.EA_ROK)
    found = peek(stamped(first, second, Stamp.SLOTS))
    assert found.present == ("cell", "sheet", "property", "name")
    assert token.verify(found.texts[0], {1: small.SECRET}).unit == small.EA_ROK.code


def test_calamine_reads_a_stamped_workbook() -> None:
    from python_calamine import CalamineWorkbook

    first, second = small.order(), small.order(background=small.known(NN12_202609=5000))
    made = stamped(first, second, Stamp.SLOTS)
    sheets = [CalamineWorkbook.from_filelike(BytesIO(one)) for one in (made, build(second))]
    rows = [book.get_sheet_by_name("KTXH-09").to_python() for book in sheets]
    assert rows[0] == rows[1]
    assert any(5.0 in row for row in rows[0])


def figures(extraction: Extraction, grid: Grid) -> dict[str, Decimal]:
    """The numbers in a form's cells by A1."""
    (sheet,) = [one for one in extraction.sheets if one.name == grid.sheet]
    found = {at: sheet.cells[at] for at in grid.cells.values() if at in sheet.cells}
    return {at: round(Decimal(cell.raw), 6) for at, cell in found.items() if cell.kind == "n"}


@pytest.mark.office
def test_after_libreoffice_has_saved_it_everything_the_reader_needs_is_still_there(tmp_path: Path) -> None:
    form, period, one, other = REAL[0]
    base_of, order = (real_orders.order(form, unit, period, seed) for unit, seed in ((one, None), (other, 2)))
    grid = place(order.context.view)
    blank, saved = tmp_path / "blank.xlsx", tmp_path / "saved.xlsx"
    blank.write_bytes(stamped(base_of, order, Stamp.SLOTS))
    office(blank, f"--type={grid.sheet}!{grid.cells[CellKey('NN12', 'c06')]}=1.234,5", "--save", str(saved))

    before, after = (read_guarded(path.read_bytes(), path.name) for path in (blank, saved))
    assert (before.findings, after.findings) == ((), ())
    assert carriers_of(after).present == ("cell", "sheet", "property", "name")
    assert carriers_of(after).texts == (order.token,)
    codes = {f"{grid.code_column}{row}": code for code, row in grid.rows.items()}
    (sheet,) = [one for one in after.sheets if one.name == grid.sheet]
    assert {at: sheet.cells[at].raw for at in codes} == codes
    expected = figures(before, grid)
    kept = figures(after, grid)
    assert len(expected) > 200
    prefilled = {grid.cells[key] for key in grid.unit_cells if grid.view.cells[key].kind is not CellKind.COMPUTED}
    assert {at: kept[at] for at in prefilled & expected.keys()} == {
        at: expected[at] for at in prefilled & expected.keys()
    }
    assert kept[grid.cells[CellKey("NN12", "c06")]] == Decimal("1234.5")
