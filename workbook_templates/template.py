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
from workbook_templates.filling import Filling, fill, skeleton
from workbook_templates.form_sheet import FormSheet
from workbook_templates.grid import Grid, Slot, letters, place
from workbook_templates.guide import write_guide
from workbook_templates.list_filling import fill_list, started
from workbook_templates.list_grid import ListGrid, place_lists
from workbook_templates.list_sheet import ListSheet
from workbook_templates.order import Order
from workbook_templates.slot_sheet import SlotWorkbook
from workbook_templates.styles import Styles
from workbook_templates.token import META_SHEET, PROPERTY, defined_name
from workbook_templates.word_cells import write_choices
from workbook_templates.wording import Wording, wording

_say = deck(Path(__file__).parent / "copy.toml")
_NO_ANSWERS: Mapping[CellKey, CellValue] = {}
_CROSSED = str.maketrans("đĐ", "dD")
_NOT_IN_FILE_NAMES = re.compile(r"[^A-Za-z0-9.]+")


def build(order: Order, answers: Mapping[CellKey, CellValue] = _NO_ANSWERS) -> bytes:
    """The bytes of the xlsx; equal orders and answers give equal bytes.

    ``answers`` fill input and note cells, figures in the measure shown; an input without an answer
    keeps what the order's background prefills.
    """
    form = place(order.context.view)
    shared = skeleton(order.context, order.rules, form)
    return written(order, form, shared.grid, wording(order), fill(order, shared, answers), answers)


def written(
    order: Order,
    form: Grid,
    grid: Grid,
    words: Wording,
    filling: Filling,
    answers: Mapping[CellKey, CellValue] = _NO_ANSWERS,
) -> bytes:
    """The workbook by xlsxwriter; ``form`` is the grid as it will be read, ``grid`` that of the skeleton."""
    lists = place_lists(order.context.view, started(order.context, answers))
    filled = [(one, fill_list(order, one, answers)) for one in lists]
    buffer = BytesIO()
    with SlotWorkbook(buffer, slots(grid)) as workbook:
        style = Styles(workbook)
        first, status = (grid, filling.status.line) if grid.cells else (lists[0], filled[0][1].status)
        write_guide(workbook, style, order, grid, lists, words, status)
        sources: dict[tuple[str, str], str] = {}
        sheets = [FormSheet(workbook, style, grid, words, filling, sources)] if grid.cells else []
        sheets += [ListSheet(workbook, style, one, words, parts, sources) for one, parts in filled]
        sources |= write_choices(workbook, order.context.view)
        for sheet in sheets:
            sheet.write()
        sheets[0].sheet.activate()
        _write_meta(workbook, order, form, lists)
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
    """Every unit-dependent cell of a workbook on a skeleton's grid; besides only token and footer tell units apart.

    A unit whose list starts with more lines than the form prepares gets a workbook with more rows (``place_lists``).
    """
    lists = (slot for one in place_lists(grid.view) for slot in one.slots)
    return (*guide.SLOTS, *(grid.slots if grid.cells else ()), *lists, Slot(META_SHEET, "A1"))


def file_name(form_code: str, period_code: str, unit: Unit, issue: int, kind: str = "xlsx") -> str:
    """ASCII, code first (PRACTICE F30): ``KTXH-01_202610_24211_ea-sup_v1.xlsx``."""
    return file_name_ending(form_code, period_code, unit, f"v{issue}.{kind}")


def file_name_ending(form_code: str, period_code: str, unit: Unit, ending: str) -> str:
    """The same with another ending (``"tep-12_da-danh-dau.xlsx"``)."""
    name = unit.short_name if unit.kind.is_commune and unit.short_name else unit.name
    return "_".join((_ascii(form_code), period_code, _ascii(unit.code), slug(name), ending))


def _ascii(code: str) -> str:
    """A code as it is but for its accents: ``_ascii("ĐX-01") == "DX-01"``."""
    bare = unicodedata.normalize("NFD", code.translate(_CROSSED))
    return _NOT_IN_FILE_NAMES.sub("-", "".join(c for c in bare if not unicodedata.combining(c))).strip("-")


def _absolute(address: str) -> str:
    return re.sub(r"([A-Z]+)(\d+)", r"$\1$\2", address)


def identity_line(order: Order, grid: Grid) -> str:
    """The first line of the map: whose workbook it is. ``grid`` is the form's own, as it will be read."""
    first = grid if grid.cells else place_lists(grid.view)[0]
    return _json(
        {
            "form": order.form.code,
            "form_version": order.form.version,
            "unit": order.unit.code,
            "period": order.context.period.code,
            "issue": order.issue,
            "grid": grid.hash,
            "sheet": first.sheet,
            "token": order.token,
        }
    )


def _json(line: Mapping[str, object]) -> str:
    return json.dumps(line, ensure_ascii=False, separators=(",", ":"))


def _write_meta(workbook: Workbook, order: Order, grid: Grid, lists: tuple[ListGrid, ...]) -> None:
    """The map of the cells, one JSON object a line: whose workbook it is, then the addresses of each row."""
    sheet = workbook.add_worksheet(META_SHEET)
    sheet.write_string(0, 0, identity_line(order, grid))
    cells: dict[str, dict[str, str]] = {}
    for key, address in grid.cells.items():
        cells.setdefault(key.row, {})[key.column] = address
    for at, (row, addresses) in enumerate(cells.items(), start=1):
        sheet.write_string(at, 0, _json({"row": row, "cells": addresses}))
    for at, one in enumerate(lists, start=len(cells) + 1):
        columns = {code: letters(column) for code, column in one.columns.items()}
        line = {"list": one.table.code, "sheet": one.sheet, "first": one.first_row, "columns": columns}
        sheet.write_string(at, 0, _json(line))
    sheet.protect()
    sheet.very_hidden()
