"""The workbook a form is designed in: a guide, the form's own sheets with help at every cell, names to look up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path

import xlsxwriter

from registry.catalogue import book, sheets
from registry.catalogue.asked import newest
from registry.catalogue.book import Page
from registry.catalogue.chronicle import lasting
from registry.catalogue.model import Catalogue, CellKind, Column, Form, Rule, UnitKind
from registry.catalogue.sheets import Sheet
from vietnamese.copydeck import deck
from workbook_templates.definition_book import Help, Place, begun, row_height, write_pages

_copy = deck(Path(__file__).parent / "form_book.toml")
_EXAMPLE_LINES = {"rows": 6, "columns": 7, "rules": 3, "cells": 3, "lists": 2, "list_columns": 4, "members": 4}
_EXAMPLE_WIDTH = 18
_STEPS = range(1, 10)


def form_book(catalogue: Catalogue, form: Form | None = None, rules: Iterable[Rule] = ()) -> bytes:
    """The definition workbook of a form, or an empty one to begin with; ``ingest.definition.read_form`` reads it.

    ``catalogue`` gives the names to choose from and, for an empty one, an example. Equal arguments, equal bytes.
    """
    lists = _lists(catalogue)
    target = BytesIO()
    with begun(target) as workbook:
        _write_guide(workbook, form)
        pages = book.form_pages(form, list(rules)) if form else _blank_pages()
        write_pages(workbook, pages, Help(_hints(), _sources(lists), _SEVERAL))
        if form is None:
            _write_example(workbook, catalogue)
        _write_lookup(workbook, lists)
        workbook.get_worksheet_by_name(sheets.FORM.title).activate()
    return target.getvalue()


def _blank_pages() -> tuple[Page, ...]:
    """No rows yet; the two columns that nearly every form has."""
    columns = (
        Column("c01", "1", (_copy("blank.figure"),)),
        Column("c02", "", (_copy("blank.note"),), CellKind.NOTE, width=24.0),
    )
    pages = book.form_pages(Form("", "", "", "", (), columns), [])
    head = pages[0]
    empty = tuple(
        "" if field.name in ("version", "valid_from") else text
        for field, text in zip(head.fields, head.rows[0], strict=True)
    )
    return (replace(head, rows=(empty,)), *pages[1:])


def _hints() -> dict[Place, str]:
    return {
        (sheet.stem, field.name): _copy(f"hint.{sheet.stem}.{field.name}")
        for sheet in sheets.FORM_SHEETS
        for field in sheet.fields
    }


# --- names to look up ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _List:
    """Words of one kind on the lookup sheet: the word that is typed, then what it means."""

    name: str
    lines: tuple[tuple[str, ...], ...]


def _lists(catalogue: Catalogue) -> tuple[_List, ...]:
    members = [*catalogue.members, *(one for form in newest(catalogue.forms).values() for one in form.members)]
    alive = lasting(catalogue.units)
    groups = dict.fromkeys(f"{name}={group}" for unit in alive for name, group in unit.groups)
    return (
        _List("indicators", tuple((one.code, one.name, one.measure) for one in catalogue.indicators)),
        _List("measures", tuple((one.code, one.dimension) for one in catalogue.measures)),
        _List(
            "suppliers",
            (
                *((kind.value, _copy("lookup.kind")) for kind in UnitKind),
                *((unit.code, unit.name) for unit in alive if not unit.kind.is_commune),
            ),
        ),
        _List("members", tuple(dict.fromkeys((f"{one.breakdown}={one.code}", one.label) for one in members))),
        _List("choices", tuple((one,) for one in dict.fromkeys(one.breakdown for one in members))),
        _List("groups", tuple((one,) for one in groups)),
    )


_TAKEN: Mapping[str, tuple[Place, ...]] = {
    "indicators": (("rows", "indicator"), ("columns", "indicator"), ("list_columns", "indicator")),
    "measures": (
        ("rows", "measure"),
        ("rows", "commune_measure"),
        ("cells", "measure"),
        *((stem, name) for stem in ("columns", "list_columns") for name in ("measure", "commune_measure")),
    ),
    "suppliers": (("rows", "suppliers"),),
    "members": (("rows", "member"),),
    "choices": (("columns", "choices"), ("list_columns", "choices")),
    "groups": (("rows", "commune_group"),),
}
_OWN: Mapping[Place, Sheet] = {  # codes that stand in a sheet of the same workbook
    ("cells", "columns"): sheets.COLUMNS,
    ("cells", "rows"): sheets.ROWS,
    ("rules", "rows"): sheets.ROWS,
    ("rules", "table"): sheets.LISTS,
    ("list_columns", "table"): sheets.LISTS,
}
_SEVERAL = frozenset({("rows", "suppliers"), ("cells", "columns"), ("cells", "rows"), ("rules", "rows")})


def _sources(lists: tuple[_List, ...]) -> dict[Place, str]:
    found = {place: f"='{sheet.title}'!$A$2:$A$300" for place, sheet in _OWN.items()}
    for column, one in _columns(lists):
        letter = xlsxwriter.utility.xl_col_to_name(column)
        if one.lines:
            area = f"='{sheets.LOOKUP}'!${letter}$3:${letter}${len(one.lines) + 2}"
            found |= dict.fromkeys(_TAKEN[one.name], area)
    return found


def _columns(lists: tuple[_List, ...]) -> list[tuple[int, _List]]:
    """Where each list begins on the lookup sheet, an empty column between two."""
    placed, column = [], 0
    for one in lists:
        placed.append((column, one))
        column += len(_copy(f"lookup.{one.name}.heads").split("|")) + 1
    return placed


def _write_lookup(workbook: xlsxwriter.Workbook, lists: tuple[_List, ...]) -> None:
    sheet = _lying(workbook, sheets.LOOKUP)
    title = workbook.add_format({"bold": True, "font_color": "#1F4E79"})
    head = workbook.add_format({"bold": True, "bg_color": "#E8EEF4", "border": 1, "text_wrap": True})
    text = workbook.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
    sheet.freeze_panes(2, 0)
    for column, one in _columns(lists):
        sheet.write_string(0, column, _copy(f"lookup.{one.name}.title"), title)
        heads = _copy(f"lookup.{one.name}.heads").split("|")
        widths = _copy(f"lookup.{one.name}.widths").split("|")
        for at, (name, width) in enumerate(zip(heads, widths, strict=True)):
            sheet.write_string(1, column + at, name.strip(), head)
            sheet.set_column(column + at, column + at, float(width), text)
        sheet.set_column(column + len(heads), column + len(heads), 2)
        for line, words in enumerate(one.lines, start=2):
            for at, word in enumerate(words):
                sheet.write_string(line, column + at, word, text)


def _lying(workbook: xlsxwriter.Workbook, title: str) -> xlsxwriter.worksheet.Worksheet:
    """A sheet printed across A4, as wide as the paper."""
    sheet = workbook.add_worksheet(title)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    return sheet


# --- guide and example -----------------------------------------------------------------------------------------------


def _write_guide(workbook: xlsxwriter.Workbook, form: Form | None) -> None:
    sheet = workbook.add_worksheet(sheets.GUIDE)
    title = workbook.add_format({"bold": True, "font_size": 16, "font_color": "#1F4E79"})
    heading = workbook.add_format({"bold": True, "font_size": 12})
    number = workbook.add_format({"bold": True, "align": "center", "valign": "top"})
    name = workbook.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    text = workbook.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 5)
    sheet.set_column(1, 1, 24)
    sheet.set_column(2, 2, 96)
    sheet.hide_gridlines(2)
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.write_string(0, 0, _copy("guide.edit", form=form.code) if form else _copy("guide.title"), title)
    sheet.write_string(2, 0, _copy("guide.steps"), heading)
    line = 3
    for step in _STEPS:
        sheet.write_number(line, 0, step, number)
        sheet.merge_range(line, 1, line, 2, _copy(f"guide.step{step}"), text)
        sheet.set_row(line, 32)
        line += 1
    sheet.write_string(line + 1, 0, _copy("guide.sheets"), heading)
    line += 2
    for one in sheets.FORM_SHEETS:
        sheet.write_string(line, 1, one.title, name)
        sheet.write_string(line, 2, _copy(f"guide.sheet.{one.stem}"), text)
        line += 1
    sheet.write_string(line + 1, 0, _copy("guide.colours"), heading)
    for shade, key in (("#F6DDB5", "required"), ("#DDE7F0", "free")):
        line += 1
        sheet.write_blank(line + 1, 1, None, workbook.add_format({"bg_color": shade, "border": 1}))
        sheet.write_string(line + 1, 2, _copy(f"guide.{key}"), text)


def _write_example(workbook: xlsxwriter.Workbook, catalogue: Catalogue) -> None:
    """The first lines of every sheet of the richest form there is: always rows that pass the check."""
    form = max(newest(catalogue.forms).values(), key=lambda one: len(one.rows), default=None)
    if form is None:
        return
    sheet = _lying(workbook, sheets.EXAMPLE)
    heading = workbook.add_format({"bold": True, "font_size": 12, "font_color": "#1F4E79"})
    head = workbook.add_format({"bold": True, "bg_color": "#E8EEF4", "border": 1, "text_wrap": True, "valign": "top"})
    text = workbook.add_format({"border": 1, "text_wrap": True, "valign": "top"})
    sheet.set_column(0, 30, _EXAMPLE_WIDTH)
    line = 0
    for page in book.form_pages(form, [rule for rule in catalogue.rules if rule.form == form.code]):
        rows = page.rows[: _EXAMPLE_LINES.get(page.sheet.stem, 1)]
        used = [at for at in range(len(page.headers)) if any(row[at] for row in rows)]
        if not used:
            continue
        sheet.write_string(line, 0, _copy("example.sheet", sheet=page.sheet.title, form=form.code), heading)
        for column, at in enumerate(used):
            sheet.write_string(line + 1, column, page.headers[at], head)
            for down, row in enumerate(rows, start=2):
                sheet.write_string(line + down, column, row[at], text)
        for down, row in enumerate((page.headers, *rows), start=1):
            texts = [row[at] for at in used]
            sheet.set_row(line + down, row_height(texts, [_EXAMPLE_WIDTH] * len(used), bold=down == 1))
        line += len(rows) + 3
