"""Cells of words, choices, days and units: how they look, what they accept, and the hidden lists behind dropdowns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from registry.catalogue.forms import CellSpec, View
from registry.catalogue.model import CellKind, Column
from registry.catalogue.values import CellValue
from registry.catalogue.words import choices, written
from vietnamese.copydeck import deck
from workbook_templates.grid import letters
from workbook_templates.styles import Styles
from workbook_templates.validation import cut

_say = deck(Path(__file__).parent / "copy.toml")
SHEET = "_danh_muc"
LONGEST = 1_000  # characters of a cell of words
_TITLE_LIMIT, _MESSAGE_LIMIT = 32, 255
_FORMATS = {CellKind.DATE: "dd/mm/yyyy"}
_WHERE = {CellKind.CHOICE, CellKind.UNIT}

Sources = Mapping[tuple[str, str], str]
"""Absolute ranges by kind of cell and its choices."""


def source_key(spec: CellSpec) -> tuple[str, str]:
    """What the range of a dropdown is kept under."""
    return spec.kind.value, spec.choices


def offered(view: View) -> Iterator[tuple[View, CellSpec]]:
    """The cells that offer a choice, in the form's table and its lists."""
    for one in (view, *view.lists.values()):
        yield from ((one, spec) for spec in one.cells.values() if spec.kind in _WHERE)


def write_choices(workbook: Workbook, view: View) -> Sources:
    """A hidden sheet with every choice the form offers, a column each; dropdowns refer to it."""
    lists = {source_key(spec): choices(one, spec) for one, spec in offered(view)}
    if not lists:
        return {}
    sheet = workbook.add_worksheet(SHEET)
    sources = {}
    for column, (key, words) in enumerate(lists.items()):
        for row, word in enumerate(words):
            sheet.write_string(row, column, word)
        name = letters(column + 1)
        sources[key] = f"='{SHEET}'!${name}$1:${name}${max(len(words), 1)}"
    sheet.protect()
    sheet.very_hidden()
    return sources


def write(sheet: Worksheet, at: tuple[int, int], view: View, spec: CellSpec, value: CellValue, style: Styles) -> None:
    """One cell: typed text stays text (leading zeros too), a day is a day."""
    format_ = style("words", num_format=_FORMATS.get(spec.kind, "@"))
    if not value.text:
        sheet.write_blank(*at, None, format_)
    elif spec.kind is CellKind.DATE:
        sheet.write_datetime(*at, date.fromisoformat(value.text), format_)
    else:
        sheet.write_string(*at, written(view, spec, value), format_)


def options(column: Column, spec: CellSpec, sources: Sources) -> dict[str, Any]:
    """xlsxwriter's options of the validation of a column of words."""
    heading = cut(column.path[-1], _TITLE_LIMIT)
    common = {
        "input_title": heading,
        "input_message": cut(_hint(column, spec), _MESSAGE_LIMIT),
        "error_title": _say("refusal.title"),
    }
    if spec.kind is CellKind.DATE:
        limits = {"criteria": "between", "minimum": date(1900, 1, 1), "maximum": date(2100, 12, 31)}
        return {**common, "validate": "date", **limits, "error_message": _say("refusal.date")}
    if spec.kind in _WHERE:
        shown = {"validate": "list", "source": sources[source_key(spec)], "error_message": _say("refusal.choice")}
        return {**common, **shown, "show_error": not spec.several}
    limit = {"validate": "length", "criteria": "<=", "value": LONGEST}
    return {**common, **limit, "error_message": _say("refusal.text", limit=LONGEST)}


def _hint(column: Column, spec: CellSpec) -> str:
    several = _say("prompt.several") if spec.several else ""
    return "\n".join(filter(None, (column.hint or _say(f"prompt.{spec.kind.name.lower()}"), several)))
