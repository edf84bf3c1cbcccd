"""A workbook ready to be filled: one form, one unit, one period (DESIGN: The template)."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime, time
from io import BytesIO
from pathlib import Path

from xlsxwriter import Workbook

from registry.catalogue.model import Unit
from registry.catalogue.values import CellKey, CellValue
from vietnamese.copydeck import deck
from vietnamese.fold import slug
from workbook_templates import guide
from workbook_templates.filling import fill
from workbook_templates.form_sheet import FormSheet
from workbook_templates.grid import Grid, Slot, letters, place
from workbook_templates.guide import write_guide
from workbook_templates.list_filling import fill_list, started
from workbook_templates.list_grid import ListGrid, place_lists
from workbook_templates.list_sheet import ListSheet
from workbook_templates.order import Order
from workbook_templates.styles import Styles
from workbook_templates.token import META_SHEET, PROPERTY, defined_name
from workbook_templates.word_cells import write_choices
from workbook_templates.wording import wording

_say = deck(Path(__file__).parent / "copy.toml")
_NO_ANSWERS: Mapping[CellKey, CellValue] = {}
_CROSSED = str.maketrans("đĐ", "dD")
_NOT_IN_FILE_NAMES = re.compile(r"[^A-Za-z0-9.]+")


def build(order: Order, answers: Mapping[CellKey, CellValue] = _NO_ANSWERS) -> bytes:
    """The bytes of the xlsx; equal orders and answers give equal bytes.

    ``answers`` fill input and note cells, figures in the measure shown; an input without an answer
    keeps what the order's background prefills.
    """
    grid = place(order.context.view)
    lists = place_lists(order.context.view, started(order.context, answers))
    words = wording(order)
    buffer = BytesIO()
    with Workbook(buffer, {"in_memory": True}) as workbook:
        style = Styles(workbook)
        write_guide(workbook, style, order, grid, words)
        forms: list[FormSheet] = []
        sources: dict[tuple[str, str], str] = {}
        if grid.cells:
            forms.append(FormSheet(workbook, style, grid, words, fill(order, grid, answers), sources))
        for one in lists:
            forms.append(ListSheet(workbook, style, one, words, fill_list(order, one, answers), sources))
        sources |= write_choices(workbook, order.context.view)
        for form in forms:
            form.write()
        forms[0].sheet.activate()
        _write_meta(workbook, order, grid, lists)
        first = forms[0].grid
        workbook.define_name(defined_name(order.token), f"='{first.sheet}'!{_absolute(first.origin)}")
        workbook.set_custom_property(PROPERTY, order.token)
        workbook.set_properties(
            {
                "title": _say("print.title", number=order.form.official_number, title=order.form.title),
                "author": _say("print.company"),
                "created": datetime.combine(order.window[1], time()),
            }
        )
    return buffer.getvalue()


def slots(grid: Grid) -> tuple[Slot, ...]:
    """Every unit-dependent cell of the workbook; besides them only name, property and footer tell units apart.

    A unit whose list starts with more lines than the form prepares gets a workbook with more rows (``place_lists``).
    """
    lists = (slot for one in place_lists(grid.view) for slot in one.slots)
    return (*guide.SLOTS, *(grid.slots if grid.cells else ()), *lists, Slot(META_SHEET, "A1"))


def file_name(form_code: str, period_code: str, unit: Unit, issue: int) -> str:
    """ASCII, code first (PRACTICE F30): ``KTXH-01_202610_24211_ea-sup_v1.xlsx``."""
    name = unit.short_name if unit.kind.is_commune and unit.short_name else unit.name
    return "_".join((_ascii(form_code), period_code, _ascii(unit.code), slug(name), f"v{issue}")) + ".xlsx"


def _ascii(code: str) -> str:
    """A code as it is but for its accents: ``_ascii("ĐX-01") == "DX-01"``."""
    bare = unicodedata.normalize("NFD", code.translate(_CROSSED))
    return _NOT_IN_FILE_NAMES.sub("-", "".join(c for c in bare if not unicodedata.combining(c))).strip("-")


def _absolute(address: str) -> str:
    return re.sub(r"([A-Z]+)(\d+)", r"$\1$\2", address)


def _write_meta(workbook: Workbook, order: Order, grid: Grid, lists: tuple[ListGrid, ...]) -> None:
    """The map of the cells, one JSON object a line: whose workbook it is, then the addresses of each row."""
    sheet = workbook.add_worksheet(META_SHEET)
    lines: list[dict[str, object]] = [
        {
            "form": order.form.code,
            "form_version": order.form.version,
            "unit": order.unit.code,
            "period": order.context.period.code,
            "issue": order.issue,
            "grid": grid.hash,
            "sheet": grid.sheet if grid.cells else lists[0].sheet,
            "token": order.token,
        }
    ]
    cells: dict[str, dict[str, str]] = {}
    for key, address in grid.cells.items():
        cells.setdefault(key.row, {})[key.column] = address
    lines.extend({"row": row, "cells": addresses} for row, addresses in cells.items())
    for one in lists:
        columns = {code: letters(column) for code, column in one.columns.items()}
        lines.append({"list": one.table.code, "sheet": one.sheet, "first": one.first_row, "columns": columns})
    for at, line in enumerate(lines):
        sheet.write_string(at, 0, json.dumps(line, ensure_ascii=False, separators=(",", ":")))
    sheet.protect()
    sheet.very_hidden()
