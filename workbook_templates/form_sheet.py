"""The form's sheet: official head, merged headings, rows, foot, print set-up (SAMPLE_CATALOGUE 5.6, 5.9, 5.13)."""

from __future__ import annotations

from pathlib import Path
from types import MappingProxyType
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_cell_to_rowcol
from xlsxwriter.worksheet import Worksheet

from registry.catalogue.forms import COMMUNE
from registry.catalogue.model import CellKind, Row, RowKind
from registry.catalogue.values import CellKey, CellValue, State
from vietnamese.copydeck import deck
from workbook_templates import live_checks, styles, validation, word_cells
from workbook_templates.content import SIGN, Content, of_cell
from workbook_templates.filling import Filling, Live
from workbook_templates.grid import CODE_COLUMN, FIRST_LABEL_COLUMN, HEAD_ROWS, STATUS_ROW, Grid, Heading, a1
from workbook_templates.paper import MARGINS_MM
from workbook_templates.slot_sheet import SlotSheet
from workbook_templates.styles import Styles, figure_format
from workbook_templates.text_width import height, line_count
from workbook_templates.word_cells import Sources
from workbook_templates.wording import Wording

_say = deck(Path(__file__).parent / "copy.toml")
CHECK_HEADING = _say("check.heading")
_CHECK_WIDTH = 75.0  # a sentence on one line
_DEFAULT_HEIGHT = 15.0  # points of a row nobody set
_PROTECTION = {"format_columns": True, "format_rows": True, "sort": True, "autofilter": True}


class GrowingSheet(SlotSheet):
    """A worksheet some of whose rows have a height to begin with but grow when a note is typed into them."""

    def __init__(self) -> None:
        super().__init__()
        self.growing: set[int] = set()  # rows counted from 0

    def _xml_start_tag_unencoded(self, tag: str, attributes: Any = ()) -> None:
        if tag == "row" and dict(attributes)["r"] - 1 in self.growing:
            attributes = [pair for pair in attributes if pair[0] != "customHeight"]
        super()._xml_start_tag_unencoded(tag, attributes)

    def _prepare_formula(self, formula: str, _expand: bool = False) -> str:
        """Without the 40 searches for functions newer than Excel 2010, of which our formulas have none."""
        return formula.removeprefix("=")


class FormSheet:
    """Writes one form's sheet from its grid, its words and its figures."""

    def __init__(
        self,
        workbook: Workbook,
        style: Styles,
        grid: Grid,
        words: Wording,
        filling: Filling,
        sources: Sources = MappingProxyType({}),
    ) -> None:
        self.sources = sources
        self.grid, self.words, self.filling, self.style = grid, words, filling, style
        self.heights: dict[int, float] = {}  # points by sheet row, where not the default
        self.sheet: GrowingSheet = workbook.add_worksheet(grid.sheet, GrowingSheet)

    def write(self) -> Worksheet:
        """The finished sheet."""
        self._columns()
        self._head()
        self._headings()
        self._codes_and_numbers()
        for row, _ in self.grid.view.rows:
            self._row(row)
        self._background()
        self._status()
        self._foot()
        self._validate()
        self._view_and_protection()
        self._print()
        return self.sheet

    # --- columns and head ----------------------------------------------------------------------------------------

    def _columns(self) -> None:
        hidden = {"hidden": True}
        self.sheet.set_column(CODE_COLUMN - 1, CODE_COLUMN - 1, 10, None, hidden)
        for i, characters in enumerate(self.grid.fit.widths):
            at = FIRST_LABEL_COLUMN - 1 + i
            self.sheet.set_column(at, at, characters)
        check = self.grid.check_column
        self.sheet.set_column(check - 1, check - 1, _CHECK_WIDTH)
        behind = max(len({key.asks for key in self.grid.background}), 1)
        self.sheet.set_column(check, check + behind - 1, 14, None, hidden)

    def _height(self, row: int, points: float) -> None:
        self.heights[row] = points
        self.sheet.set_row(row - 1, points)

    def _merged(self, row: int, zone: tuple[int, int], text: str, style: str, last_row: int | None = None) -> None:
        left, right = zone
        if left == right and last_row is None:
            self.sheet.write_string(row - 1, left - 1, text, self.style(style))
        else:
            self.sheet.merge_range(row - 1, left - 1, (last_row or row) - 1, right - 1, text, self.style(style))

    def _head(self) -> None:
        left, middle, right = self.grid.zones
        words = self.words.head
        first = STATUS_ROW + 1
        self._merged(first, left, words["number"], "head bold")
        self._merged(first + 1, left, words["basis"], "head", last_row=first + 2)
        for row, part in enumerate(("title", "period", "window"), start=first):
            self._merged(row, middle, words[part], part)
        for row, part in enumerate(("unit", "receivers", "due"), start=first):
            self._merged(row, right, words[part], "head bold" if part == "unit" else "head")
        for line in range(3):
            self._height(first + line, self._head_height(line))
        self.sheet.write_string(self.grid.places["identity"], words["identity"], self.style("identity"))
        if self.grid.view.form.unit_line:
            address = a1(HEAD_ROWS, self.grid.last_column)
            self.sheet.write_string(address, self.grid.view.form.unit_line, self.style("unit line"))
        self._height(HEAD_ROWS, 16)

    def _head_height(self, line: int) -> float:
        left, middle, right = self.grid.zones
        words = self.words.head
        centre = ("title", "period", "window")[line]
        size = (styles.TITLE_SIZE, 11.5, styles.HEAD_SIZE)[line]
        beside = ("unit", "receivers", "due")[line]
        heights = [
            height(line_count(words[centre], self.grid.points(*middle), size, bold=line < 2), size),
            height(
                line_count(words[beside], self.grid.points(*right), styles.HEAD_SIZE, bold=line == 0), styles.HEAD_SIZE
            ),
        ]
        if line:  # the legal basis stands over the second and third line
            lines = line_count(words["basis"], self.grid.points(*left), styles.HEAD_SIZE)
            heights.append(height(lines, styles.HEAD_SIZE) / 2)
        return max(heights)

    # --- headings ------------------------------------------------------------------------------------------------

    def _headings(self) -> None:
        for heading in self.grid.headings:
            format_ = self.style("heading")
            top, left, bottom, right = (n - 1 for n in heading[1:])
            if (top, left) == (bottom, right):
                self.sheet.write_string(top, left, heading.text, format_)
            else:
                self.sheet.merge_range(top, left, bottom, right, heading.text, format_)
        for row, points in self._heading_heights().items():
            self._height(row, points)
        check = self.grid.check_column
        top, bottom = self.grid.heading_row - 1, self.grid.code_row - 2
        self._merged_rows(top, bottom, check - 1, CHECK_HEADING, "check heading")

    def _merged_rows(self, top: int, bottom: int, column: int, text: str, style: str) -> None:
        if top == bottom:
            self.sheet.write_string(top, column, text, self.style(style))
        else:
            self.sheet.merge_range(top, column, bottom, column, text, self.style(style))

    def _heading_heights(self) -> dict[int, float]:
        """Each row high enough for its own headings; what a tall heading still lacks goes to its last row."""
        heights = {row: height(1, styles.SIZE) for row in range(self.grid.heading_row, self.grid.code_row)}
        for heading in sorted(self.grid.headings, key=lambda one: one.bottom - one.top):
            rows = range(heading.top, heading.bottom + 1)
            lacking = self._heading_height(heading) - sum(heights[row] for row in rows)
            if lacking > 0:
                heights[heading.bottom] += lacking
        return heights

    def _heading_height(self, heading: Heading) -> float:
        lines = line_count(heading.text, self.grid.points(heading.left, heading.right), styles.SIZE, bold=True)
        return height(lines, styles.SIZE)

    def _codes_and_numbers(self) -> None:
        grid, form = self.grid, self.grid.view.form
        for code, column in grid.columns.items():
            self.sheet.write_string(grid.code_row - 1, column - 1, code, self.style("hidden"))
        self.sheet.set_row(grid.code_row - 1, None, None, {"hidden": True})
        numbers = [*form.letters[: grid.label_columns], *(column.number for column in grid.view.columns)]
        for i, number in enumerate(numbers):
            self.sheet.write_string(grid.number_row - 1, FIRST_LABEL_COLUMN - 1 + i, number, self.style("number"))
        self.sheet.write_blank(grid.number_row - 1, grid.check_column - 1, None, self.style("check heading"))

    # --- rows ----------------------------------------------------------------------------------------------------

    def _row(self, row: Row) -> None:
        at = self.grid.rows[row.code] - 1
        bold = row.kind is not RowKind.DATA
        self.sheet.write_string(at, CODE_COLUMN - 1, row.code, self.style("hidden"))
        labels = (row.number, row.label, self._measure(row))
        names = ("ordinal", "label", "measure")
        for i in range(self.grid.label_columns):
            varying = {"bold": bold} | ({"indent": row.indent} if names[i] == "label" and row.indent else {})
            self.sheet.write_string(at, FIRST_LABEL_COLUMN - 1 + i, labels[i], self.style(names[i], **varying))
        for column in self.grid.view.columns:
            if row.kind is RowKind.SECTION:
                self.sheet.write_blank(at, self.grid.columns[column.code] - 1, None, self.style("empty"))
            else:
                self._cell(CellKey(row.code, column.code), bold)
        self._live(at, self.grid.check_column - 1, self.filling.checks.get(row.code), "check")
        room = self.grid.points(FIRST_LABEL_COLUMN + 1, FIRST_LABEL_COLUMN + 1) - 7 * row.indent
        self._height(at + 1, height(line_count(row.label, room, styles.SIZE, bold), styles.SIZE) + 1)
        self.sheet.growing.add(at)

    def _measure(self, row: Row) -> str:
        """The measure this audience reads in, as every cell of the row without a measure of its own has it."""
        if row.kind is RowKind.SECTION:
            return ""
        is_commune = self.grid.view.row_set.audience == COMMUNE
        return row.commune_measure if is_commune and row.commune_measure else row.measure

    def _cell(self, key: CellKey, bold: bool) -> None:
        spec = self.grid.view.cells[key]
        value = self.filling.values.get(key, CellValue(State.BLANK))
        at, column = self.grid.rows[key.row] - 1, self.grid.columns[key.column] - 1
        if spec.kind is CellKind.NOTE:
            self._put(at, column, of_cell(value), self.style("note"))
            return
        if spec.kind.is_worded:
            word_cells.write(self.sheet, (at, column), self.grid.view, spec, value, self.style)
            return
        if spec.kind is CellKind.CLOSED:
            self.sheet.write_string(at, column, SIGN[State.NOT_APPLICABLE], self.style("closed"))
            return
        varying = {"num_format": figure_format(spec.decimals)} | ({"bold": True} if bold else {})
        format_ = self.style(_style_of(spec.kind, spec.prefill), **varying)
        self._put(at, column, of_cell(value, self.filling.formulas.get(key)), format_)

    def _put(self, at: int, column: int, content: Content, format_: Format) -> None:
        value, formula = content
        if formula is not None:
            self.sheet.write_formula(at, column, formula, format_, "" if value is None else value)
        elif value is None or value == "":
            self.sheet.write_blank(at, column, None, format_)
        elif isinstance(value, str):
            self.sheet.write_string(at, column, value, format_)
        else:
            self.sheet.write_number(at, column, value, format_)

    def _live(self, at: int, column: int, live: Live | None, style: str) -> None:
        content = Content() if live is None else Content(live.cached, live.formula)
        self._put(at, column, content, self.style(style))

    def _status(self) -> None:
        """The line in which the sheet says what is missing; it stays in sight and is never printed."""
        row, column = STATUS_ROW - 1, FIRST_LABEL_COLUMN - 1
        self._live(row, column, self.filling.status.line, "status")
        self._live(row, self.grid.check_column, self.filling.status.blanks, "hidden")
        self._height(STATUS_ROW, 18)

    def _background(self) -> None:
        for key, address in self.grid.background.items():
            at, column = xl_cell_to_rowcol(address)
            self._put(at, column, Content(self.filling.background.get(key)), self.style("hidden"))

    # --- foot ----------------------------------------------------------------------------------------------------

    def _foot(self) -> None:
        grid, words = self.grid, self.words.foot
        left, middle, right = grid.zones
        whole = (FIRST_LABEL_COLUMN, grid.last_column)
        self._merged(grid.last_row + 1, whole, words["signs"], "signs")
        lines = line_count(words["signs"], self.grid.points(*whole), 9)
        self._height(grid.last_row + 1, height(lines, 9) + 2)
        self._merged(grid.foot_row, right, words["place"], "place")
        signers = ((left, "preparer", "sign"), (middle, "checker", "sign"), (right, "head", "seal"))
        for zone, who, how in signers:
            self._merged(grid.foot_row + 1, zone, words[who], "signer")
            self._merged(grid.foot_row + 2, zone, words[how], "signature")
        self._height(grid.foot_row + 1, 18)
        fullest = max(line_count(words[how], self.grid.points(*zone), styles.SIZE) for zone, _, how in signers)
        self._height(grid.foot_row + 2, height(fullest, styles.SIZE))
        self.sheet.write_string(grid.places["issue"], words["issue"], self.style("identity"))

    # --- behaviour -----------------------------------------------------------------------------------------------

    def _validate(self) -> None:
        grid = self.grid
        for addresses, options in validation.validations(grid):
            self.sheet.data_validation(addresses[0], {**options, "multi_range": " ".join(addresses)})
        notes = [grid.cells[key] for key, spec in grid.view.cells.items() if spec.kind is CellKind.NOTE]
        if notes:
            self.sheet.data_validation(notes[0], {**validation.note_validation(), "multi_range": " ".join(notes)})
        columns = {column.code: column for column in grid.view.columns}
        for key, spec in grid.view.cells.items():
            if spec.kind.is_worded:
                options = word_cells.options(columns[key.column], spec, self.sources)
                self.sheet.data_validation(grid.cells[key], options)
        inputs = [grid.cells[key] for key in grid.view.inputs]
        if inputs:
            criteria = f"=AND(ISTEXT({inputs[0]}),NOT({validation.is_sign(inputs[0])}))"
            wrong = {"type": "formula", "criteria": criteria, "format": self.style.difference("wrong")}
            self.sheet.conditional_format(inputs[0], {**wrong, "multi_range": " ".join(inputs)})
        self._colour_what_fails()

    def _colour_what_fails(self) -> None:
        """The labels and the sentence of a row that breaks a check, and the status line, by what they say."""
        grid = self.grid
        labels = f"{a1(grid.first_row, FIRST_LABEL_COLUMN)}:{a1(grid.last_row, grid.first_figure_column - 1)}"
        beside = f"${a1(grid.first_row, grid.check_column)}"
        for kind, begins in live_checks.PREFIXES.items():
            criteria = f'=LEFT({beside},{len(begins)})="{begins}"'
            found = {"type": "formula", "criteria": criteria, "format": self.style.difference(f"{kind} found")}
            self.sheet.conditional_format(labels, {**found, "multi_range": f"{labels} {grid.checked}"})
        criteria = f"={live_checks.broken(grid)}>0"
        wrong = {"type": "formula", "criteria": criteria, "format": self.style.difference("status wrong")}
        self.sheet.conditional_format(grid.status, wrong)

    def _view_and_protection(self) -> None:
        grid = self.grid
        self.sheet.freeze_panes(grid.first_row - 1, grid.first_figure_column - 1)
        self.sheet.autofilter(grid.number_row - 1, FIRST_LABEL_COLUMN - 1, grid.last_row - 1, grid.check_column - 1)
        self.sheet.hide_gridlines(2)
        self.sheet.protect("", _PROTECTION)
        table = f"{a1(grid.heading_row, FIRST_LABEL_COLUMN)}:{a1(grid.last_row, grid.check_column)}"
        self.sheet.ignore_errors({"number_stored_as_text": table, "formula_differs": table})
        first_input = next((grid.cells[key] for key in grid.view.inputs), None)
        if first_input:
            self.sheet.set_selection(first_input)
        self.sheet.activate()

    def _print(self) -> None:
        grid = self.grid
        self.sheet.set_landscape()
        self.sheet.set_paper(grid.fit.paper.number)
        self.sheet.fit_to_pages(1, self._pages())
        self.sheet.set_margins(**{side: mm / 25.4 for side, mm in MARGINS_MM.items()})
        self.sheet.center_horizontally()
        self.sheet.print_area(STATUS_ROW, FIRST_LABEL_COLUMN - 1, grid.end_row - 1, grid.last_column - 1)
        self.sheet.repeat_rows(grid.heading_row - 1, grid.number_row - 1)
        self.sheet.set_footer(self.words.footer, {"margin": 0.3})
        if self.words.header:
            self.sheet.set_header(self.words.header, {"margin": 0.2})

    def _pages(self) -> int:
        grid = self.grid
        repeated = self._down(grid.heading_row, grid.number_row)
        return grid.fit.pages(
            self._down(STATUS_ROW + 1, grid.end_row), repeated, self._down(grid.last_row - 2, grid.end_row)
        )

    def _down(self, first: int, last: int) -> float:
        rows = (row for row in range(first, last + 1) if row != self.grid.code_row)
        return sum(self.heights.get(row, _DEFAULT_HEIGHT) for row in rows)


def _style_of(kind: CellKind, prefilled: bool) -> str:
    if kind is CellKind.INPUT:
        return "prefilled" if prefilled else "input"
    return "shown" if kind is CellKind.SHOWN else "locked"
