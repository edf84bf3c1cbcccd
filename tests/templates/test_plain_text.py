"""Whoever's words stand in a workbook made here, no spreadsheet program runs them."""

import ast
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from compile import log_book
from registry.catalogue import book
from registry.catalogue.sheets import UNITS
from tests.templates import small_catalogue as small
from workbook_templates.definition_book import written
from workbook_templates.template import build

ROOT = Path(__file__).parents[2]
ROOMS = ("actions", "compile", "ingest", "registry", "webui", "workbook_templates")
EVIL = ("=1+1", '=HYPERLINK("http://a")', "+1", "-1+cmd|' /C calc'!A0", "@SUM(1)", "{=1+1}", "http://a")
BEGINNING = ("xlsxwriter.Workbook", "SlotWorkbook")
# The only places where a formula is written; each writes one made from the grammar of rules or from places of cells.
WITH_FORMULAS = {
    "compile/chart_sheet.py",
    "compile/sheet.py",
    "workbook_templates/form_sheet.py",
    "workbook_templates/guide.py",
    "workbook_templates/list_sheet.py",
}


def calls() -> list[tuple[str, ast.Call]]:
    """Every call in a module that has to do with xlsxwriter, with the module's path."""
    found = []
    for path in (one for room in ROOMS for one in (ROOT / room).rglob("*.py")):
        text = path.read_text("utf-8")
        if "xlsxwriter" in text or ".write_" in text:
            name = str(path.relative_to(ROOT))
            found += [(name, node) for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]
    return found


def test_every_workbook_is_begun_with_text_as_text() -> None:
    begun = {(name, ast.unparse(call.args[-1])) for name, call in calls() if ast.unparse(call.func) in BEGINNING}
    begun = {one for one in begun if one[1] != "slots(grid)"}  # SlotWorkbook, which is itself looked at
    assert len(begun) >= 4
    assert {options for _, options in begun} == {"PLAIN_TEXT"}
    slot_sheet = (ROOT / "workbook_templates" / "slot_sheet.py").read_text("utf-8")
    assert "super().__init__(target, PLAIN_TEXT)" in slot_sheet


def test_formulas_are_written_where_they_are_made_and_nowhere_else() -> None:
    names = ("write_formula", "write_array_formula", "write_dynamic_array_formula")
    writers = {name for name, call in calls() if isinstance(call.func, ast.Attribute) and call.func.attr in names}
    assert writers == WITH_FORMULAS


@pytest.mark.parametrize("words", EVIL)
def test_words_of_the_catalogue_stay_words(words: str) -> None:
    form = replace(small.MONTHLY, title=words, legal_basis=words, unit_line=words)
    sheet = openpyxl.load_workbook(BytesIO(build(small.order(form), {})))["KTXH-09"]
    found = [cell for row in sheet.iter_rows() for cell in row if words.strip() in str(cell.value)]
    assert found
    assert {cell.data_type for cell in found} == {"s"}
    assert [cell.hyperlink for cell in found if cell.hyperlink] == []


def test_words_of_people_stay_words_in_other_books() -> None:
    unit = replace(small.EA_SUP, name="=1+1")
    for data in (
        log_book.build("Nhật ký", "=1+1", ["=1+1"] * 8, [["=1+1"] * 8]),
        written((book.page(UNITS, [(unit, "=1+1")]),)),
    ):
        sheets = openpyxl.load_workbook(BytesIO(data))
        cells = [cell for sheet in sheets for row in sheet.iter_rows() for cell in row if cell.value == "=1+1"]
        assert cells
        assert {cell.data_type for cell in cells} == {"s"}
