"""The compiled workbook: totals a reader can follow to every unit, with sources and who is missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC
from io import BytesIO

from compile.annex import Annex, Placed, spliced
from compile.chart_sheet import Drawn, draw_charts, has_charts
from compile.compiled import Compiled
from compile.cover_table import cover_table
from compile.coverage import copy
from compile.figure_sources import figure_annexes
from compile.group_table import group_table, heir_table
from compile.links import Places, find_places, formula, lines_of_table
from compile.list_tables import line_annex, lists_of, sum_table
from compile.reckoning import reckoned
from compile.report_tables import report_tables
from compile.sheet import Formats, draw, draw_annex
from compile.side_tables import change_table, difference_table, explanation_table, missing_table, source_tables
from compile.tables import Cell, Reckoned, Table
from compile.total_table import total_table
from compile.totals import Totals
from compile.unit_table import is_matrix, lines_of_annex, matrix_table, unit_annex
from registry.catalogue.values import CellKey
from workbook_templates.plain_text import PLAIN_TEXT

_LONGEST_NAME = 31  # letters Excel allows a sheet's name


@dataclass(frozen=True)
class Sheet:
    """A sheet to be drawn, and what its numbers lead to."""

    name: str
    of: Table | Annex | None  # None: the charts
    places: Places | None = None
    reckoned: Mapping[CellKey, str] = field(default_factory=dict)

    def formula(self, cell: Cell, row: int) -> str | None:
        """What a cell's number is reckoned by; None for a plain number."""
        if isinstance(cell.link, Reckoned):
            return self.reckoned.get(cell.link.key)
        return formula(cell.link, self.places, row) if self.places else None


def build(report: Compiled) -> bytes:
    """The workbook as xlsx bytes; the same report gives the same bytes.

    After a sheet of what it is, per form a sheet "Tổng hợp" in the official layout whose sums are live formulas into
    the sheet "Theo đơn vị" and whose other figures are the form's own formulas; a sheet for each report form; where
    agencies and communes give the same rows a sheet "Đối chiếu"; charts; then what changed, sources, missing units and
    explanations. Cached results are the exact totals; strings are written as strings, whatever they begin with.
    """
    import xlsxwriter

    buffer = BytesIO()
    book = xlsxwriter.Workbook(buffer, PLAIN_TEXT)
    book.set_properties(
        {
            "title": report.order.regime.name,
            "company": report.order.issuer.name,
            "created": report.order.as_of.astimezone(UTC).replace(tzinfo=None),
        }
    )
    drawn: list[Drawn] = []
    sheets = list(_sheets(report, drawn))
    cover = Sheet(copy("sheet.cover"), cover_table(report, [one.name for one in sheets]))
    formats: Formats = {}
    placed: dict[str, Placed] = {}
    for number, one in enumerate((cover, *sheets), 1):
        sheet = book.add_worksheet(one.name)
        if isinstance(one.of, Annex):
            placed[f"xl/worksheets/sheet{number}.xml"] = draw_annex(book, sheet, one.of, formats, report)
        elif one.of is not None:
            draw(book, sheet, one.of, formats, report, one.formula)
        else:
            draw_charts(book, sheet, drawn)
    book.close()
    return spliced(buffer.getvalue(), placed)


def _sheets(report: Compiled, drawn: list[Drawn]) -> Iterator[Sheet]:
    """Sheets in order of reading."""
    known: dict[str, Places] = {}
    for one in report.totals:
        yield from _form_sheets(one, report, drawn, known)
    for form, table in zip(report.order.report_forms, report_tables(report), strict=True):
        yield Sheet(_name("report_form", form=form.code), table)
    several = sum(bool(one.differences) for one in report.totals) > 1
    for one in report.totals:
        if one.differences:
            code = one.view.form.code
            name = f"{copy('sheet.differences')} {code}"[:_LONGEST_NAME] if several else copy("sheet.differences")
            yield Sheet(name, difference_table(one, report), known.get(code))
    drawn[:] = [one for one in drawn if has_charts(one.one)]
    if drawn:
        yield Sheet(copy("sheet.charts"), None)
    changed = change_table(report)
    if changed is not None:
        yield Sheet(copy("sheet.changes"), changed)
    yield from _numbered(copy("sheet.sources"), source_tables(report))
    for one in report.totals:
        yield from _numbered(_name("figures", form=one.view.form.code), figure_annexes(one, report.order))
    yield Sheet(copy("sheet.missing"), missing_table(report))
    explanations = explanation_table(report)
    if explanations is not None:
        yield Sheet(copy("sheet.explanations"), explanations)


def _form_sheets(one: Totals, report: Compiled, drawn: list[Drawn], known: dict[str, Places]) -> Iterator[Sheet]:
    order, code = report.order, one.view.form.code
    for held in lists_of(one):
        names = {"form": code, "list": held.table.code}
        yield Sheet(_name("sums", **names), sum_table(held, order))
        yield Sheet(_name("lines", **names), line_annex(held, order))
    if not one.view.cells:
        return
    communes = {unit.code: unit.kind.is_commune for unit in order.reporters}
    name = _name("units", form=code)
    units: Table | Annex
    if is_matrix(one.view.form):
        units = matrix_table(one, order)
        lines = lines_of_table(name, units)
    else:
        units = unit_annex(one, order)
        lines = lines_of_annex(name, one, units)
    places = known[code] = find_places(lines, communes)
    totals = total_table(one, order, with_coverage=True)
    yield Sheet(_name("totals", form=code), totals, places, reckoned(one, totals))
    drawn.append(Drawn(one, _name("totals", form=code), totals, places))
    yield Sheet(name, units, places)
    subtotals = group_table(one, order, order.group_set) if order.group_set else None
    for kind, table in (("by_group", subtotals), ("heirs", heir_table(one, order))):
        if table is not None:
            yield Sheet(_name(kind, form=code), table, places)


def _name(kind: str, **names: str) -> str:
    return copy(f"sheet.{kind}", **names)[:_LONGEST_NAME]


def _numbered(name: str, parts: Sequence[Table | Annex]) -> Iterator[Sheet]:
    for n, part in enumerate(parts, 1):
        yield Sheet(name if n == 1 else copy("sheet.part", name=name[: _LONGEST_NAME - 4], n=n), part)
