"""A workbook whose unit-dependent cells hold their text in place, so that stamping leaves no other part to change."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, NamedTuple

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_cell_to_rowcol
from xlsxwriter.worksheet import Worksheet

from workbook_templates.grid import Slot
from workbook_templates.plain_text import PLAIN_TEXT

_OUTER_BLANKS = re.compile(r"^\s|\s$")


class String(NamedTuple):
    """A cell whose text is not shared; xlsxwriter tells kinds of cells apart by the name of their class."""

    string: str
    format: Any


class SlotSheet(Worksheet):  # type: ignore[misc]
    """A worksheet that writes the strings of its slots inline."""

    def __init__(self) -> None:
        super().__init__()
        self.slots: frozenset[tuple[int, int]] = frozenset()  # row, column counted from 0

    def _write_string(self, row: int, col: int, string: str, cell_format: Any = None) -> int:
        if (row, col) not in self.slots:
            return int(super()._write_string(row, col, string, cell_format))
        if not string:
            return int(self._write_blank(row, col, None, cell_format))
        self._check_dimensions(row, col)
        self.table[row][col] = String(string, cell_format)
        return 0

    def _xml_string_element(self, index: int | str, attributes: Any = ()) -> None:
        if isinstance(index, int):
            super()._xml_string_element(index, attributes)
        else:
            text = self._escape_control_characters(index)
            self._xml_inline_string(text, _OUTER_BLANKS.search(text), attributes)


class SlotWorkbook(Workbook):  # type: ignore[misc]
    """A workbook that knows which of its cells depend on the unit."""

    def __init__(self, target: Any, slots: Iterable[Slot]) -> None:
        super().__init__(target, PLAIN_TEXT)
        self._slots: dict[str, set[tuple[int, int]]] = {}
        for slot in slots:
            self._slots.setdefault(slot.sheet, set()).add(xl_cell_to_rowcol(slot.a1))

    def add_worksheet(self, name: str | None = None, worksheet_class: Any = SlotSheet) -> SlotSheet:
        """A sheet of the workbook."""
        sheet: SlotSheet = super().add_worksheet(name, worksheet_class)
        sheet.slots = frozenset(self._slots.get(sheet.name, ()))
        return sheet
