"""The sheet of a list table: the official head, prepared lines that may be inserted, deleted and sorted, live totals.

Everything on a line is unlocked, since Excel deletes, inserts and sorts only unlocked rows of a protected sheet;
what is computed refuses to be typed over by its validation, and the server computes it again whatever stands there.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from registry.catalogue.model import CellKind, Column
from registry.catalogue.values import BLANK, CellKey, CellValue
from registry.rules.lines import Line, adds_up
from vietnamese.copydeck import deck
from workbook_templates import styles, validation, word_cells
from workbook_templates.content import Content, of_cell
from workbook_templates.filling import Filling, Live, Status
from workbook_templates.form_sheet import FormSheet
from workbook_templates.grid import CODE_COLUMN, FIRST_LABEL_COLUMN, STATUS_ROW, a1
from workbook_templates.list_filling import ListFilling
from workbook_templates.list_grid import END, TOTALS, ListGrid, in_row, mark
from workbook_templates.styles import Styles, figure_format
from workbook_templates.text_width import height
from workbook_templates.validation import acceptance
from workbook_templates.word_cells import Sources
from workbook_templates.wording import Wording

_say = deck(Path(__file__).parent / "copy.toml")
_PROTECTION = {
    "format_columns": True,
    "format_rows": True,
    "insert_rows": True,
    "delete_rows": True,
    "sort": True,
    "autofilter": True,
}
_NOTHING = Live("", "")
_LONG = 28  # characters: a column this wide holds sentences
_REFUSES = {"validate": "custom", "value": "=FALSE", "ignore_blank": False, "error_title": _say("refusal.title")}


class ListSheet(FormSheet):
    """Writes one list's sheet; head, headings, foot and print set-up are those of a form's."""

    grid: ListGrid

    def __init__(
        self,
        workbook: Workbook,
        style: Styles,
        grid: ListGrid,
        words: Wording,
        filling: ListFilling,
        sources: Sources,
    ) -> None:
        nothing = Filling({}, {}, {}, {}, Status(filling.status, _NOTHING))
        super().__init__(workbook, style, grid, words, nothing, sources)
        self.list = filling

    def write(self) -> Worksheet:
        """The finished sheet."""
        self._columns()
        self._head()
        self._headings()
        self._codes_and_numbers()
        self.sheet.write_string(
            self.grid.code_row - 1, CODE_COLUMN - 1, mark(self.grid.table.code), self.style("hidden")
        )
        self._totals()
        for n in range(1, self.grid.lines + 1):
            self._line(n, self.list.lines.get(n, {}))
        self._end()
        self._status()
        self._foot()
        self._validate()
        self._view_and_protection()
        self._print()
        return self.sheet

    # --- totals, lines, end

    def _totals(self) -> None:
        grid = self.grid
        row = grid.total_row
        self.sheet.write_string(row - 1, CODE_COLUMN - 1, TOTALS, self.style("hidden"))
        self._height(row, 18)
        first = min((grid.columns[key.column] for key in grid.totalled), default=grid.check_column)
        self._merged(row, (FIRST_LABEL_COLUMN, first - 1), _say("list.totals"), "totals label")
        for key, spec in grid.view.cells.items():
            at = grid.columns[key.column]
            if at < first:
                continue
            format_ = self.style("totals", num_format=figure_format(spec.decimals))
            if key not in grid.totalled:
                self.sheet.write_blank(row - 1, at - 1, None, format_)
                continue
            total = self.list.totals.get(key, BLANK)
            self._put(row - 1, at - 1, of_cell(total, self._total(key)), format_)

    def _total(self, key: CellKey) -> str:
        """The sum over the lines as far as the end, where lines are put in; of a ratio the ratio of the sums."""
        grid = self.grid
        if not adds_up(grid.view, grid.view.cells[key]):
            return in_row(self.list.formulas[key], grid.first_row, grid.total_row)
        column = grid.columns[key.column]
        area = f"{a1(grid.first_row, column)}:{a1(grid.last_row, column)}"
        return f'=IF(COUNT({area})=0,"",SUM({area}))'

    @cached_property
    def _line_height(self) -> float:
        """Points every line begins with, whatever stands on it: three printed lines where long words belong."""
        has_long_words = any(column.width >= _LONG and not self._is_figure(column) for column in self.grid.view.columns)
        return height(3 if has_long_words else 1, styles.SIZE)

    def _is_figure(self, column: Column) -> bool:
        return self.grid.view.cells[CellKey(self.grid.table.code, column.code)].kind.is_figure

    def _line(self, n: int, line: Line) -> None:
        grid, row = self.grid, self.grid.number_row + n
        self.heights[row] = self._line_height
        self.sheet.set_row(row - 1, self._line_height, self.style("line"))
        self.sheet.growing.add(row - 1)
        keys = ",".join(a1(row, grid.columns[column.code]) for column in grid.view.columns if column.key)
        counted = f'=IF(COUNTA({keys or a1(row, grid.first_figure_column)})=0,"",ROW()-{grid.number_row})'
        self.sheet.write_formula(row - 1, FIRST_LABEL_COLUMN - 1, counted, self.style("line number"), n if line else "")
        for key in grid.view.cells:
            self._line_cell(row, key, line.get(key, BLANK))
        check = in_row(self.list.check, grid.first_row, row) if self.list.check else ""
        live = Live(check, self.list.broken.get(n, "")) if check else None
        self._live(row - 1, grid.check_column - 1, live, "line check")

    def _line_cell(self, row: int, key: CellKey, value: CellValue) -> None:
        grid, spec = self.grid, self.grid.view.cells[key]
        at = (row - 1, grid.columns[key.column] - 1)
        if spec.kind.is_worded:
            word_cells.write(self.sheet, at, grid.view, spec, value, self.style)
        elif spec.kind is CellKind.NOTE:
            self._put(*at, Content(value.text or None), self.style("note"))
        else:
            formula = self.list.formulas.get(key) if spec.kind is CellKind.COMPUTED else None
            moved = in_row(formula, grid.first_row, row) if formula else None
            self._put(*at, of_cell(value, moved), self._line_style(key))

    def _line_style(self, key: CellKey) -> Any:
        spec = self.grid.view.cells[key]
        name = "line reckoned"
        if spec.kind is CellKind.INPUT:
            name = "prefilled" if spec.prefill else "input"
        return self.style(name, num_format=figure_format(spec.decimals))

    def _status(self) -> None:
        """How many lines there are and how many are wrong; a list has no hidden count of blanks."""
        self._live(STATUS_ROW - 1, FIRST_LABEL_COLUMN - 1, self.list.status, "status")
        self._height(STATUS_ROW, 18)

    def _end(self) -> None:
        row, grid = self.grid.last_row, self.grid
        self.sheet.write_string(row - 1, CODE_COLUMN - 1, END, self.style("hidden"))
        self._merged(row, (FIRST_LABEL_COLUMN, grid.last_column), _say("list.end"), "list end")

    # --- behaviour

    def _validate(self) -> None:
        grid = self.grid
        for column in grid.view.columns:
            key = CellKey(grid.table.code, column.code)
            self.sheet.data_validation(grid.column_range(grid.columns[column.code]), self._options(column, key))
        refused = {**_REFUSES, "error_message": _say("refusal.reckoned")}
        for at in (FIRST_LABEL_COLUMN, grid.check_column):
            self.sheet.data_validation(grid.column_range(at), refused)
        inputs = [grid.columns[key.column] for key in grid.view.inputs]
        for at in inputs:
            first = a1(grid.first_row, at)
            criteria = f"=AND(ISTEXT({first}),NOT({validation.is_sign(first)}))"
            wrong = {"type": "formula", "criteria": criteria, "format": self.style.difference("wrong")}
            self.sheet.conditional_format(grid.column_range(at), wrong)

    def _options(self, column: Column, key: CellKey) -> dict[str, Any]:
        spec = self.grid.view.cells[key]
        if spec.kind.is_worded:
            return word_cells.options(column, spec, self.sources)
        if spec.kind is CellKind.NOTE:
            return validation.note_validation()
        if spec.kind is not CellKind.INPUT:
            return {**_REFUSES, "error_message": _say("refusal.reckoned")}
        accepted = acceptance(self.grid.view, spec)
        message = validation.prompt(" – ".join(column.path), accepted, column.hint)
        return validation.of_input(accepted, self.grid.cells[key], column.path[-1], message)

    def _view_and_protection(self) -> None:
        grid = self.grid
        keys = [grid.columns[column.code] for column in grid.view.columns if column.key]
        frozen = max((at for at in keys if at <= grid.first_figure_column + 1), default=FIRST_LABEL_COLUMN)
        self.sheet.freeze_panes(grid.first_row - 1, frozen)
        self.sheet.autofilter(grid.number_row - 1, FIRST_LABEL_COLUMN - 1, grid.last_row - 2, grid.check_column - 1)
        self.sheet.hide_gridlines(2)
        self.sheet.protect("", _PROTECTION)
        table = f"{a1(grid.heading_row, FIRST_LABEL_COLUMN)}:{a1(grid.last_row, grid.check_column)}"
        self.sheet.ignore_errors({"number_stored_as_text": table, "formula_differs": table, "formula_unlocked": table})
        self.sheet.set_selection(a1(grid.first_row, grid.first_figure_column))
