"""The compiled workbook: totals a reader can follow to every unit, with sources and who is missing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC
from io import BytesIO
from typing import Any

from compile.compiled import Compiled
from compile.coverage import copy
from compile.group_table import group_table
from compile.links import Places, find_places, formula
from compile.list_tables import line_table, lists_of, sum_table
from compile.report_tables import report_tables
from compile.sheet import draw
from compile.side_tables import change_table, difference_table, explanation_table, missing_table, source_table
from compile.tables import Table
from compile.total_table import total_table
from compile.unit_table import unit_table
from workbook_templates.plain_text import PLAIN_TEXT

_LONGEST_NAME = 31  # letters Excel allows a sheet's name


def build(report: Compiled) -> bytes:
    """The workbook as xlsx bytes; the same report gives the same bytes.

    Per form a sheet "Tổng hợp" in the official layout whose sums are live formulas into the sheet "Theo đơn vị";
    a sheet for each report form; where agencies and communes give the same rows a sheet "Đối chiếu"; then sources,
    missing units and explanations. Cached results are the exact totals; strings are written as strings, whatever they
    begin with.
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
    tables, places = _tables(report)
    formats: dict[tuple[Any, ...], Any] = {}
    for name, table in tables.items():
        sheet = book.add_worksheet(name)
        draw(book, sheet, table, formats, report, lambda cell, row: formula(cell.link, places, row))
    book.close()
    return buffer.getvalue()


def _tables(report: Compiled) -> tuple[dict[str, Table], Places]:
    """Sheets in order of reading, and where every unit's figure stands in them."""
    tables: dict[str, Table] = {}
    units: dict[str, Table] = {}
    for one in report.totals:
        code = one.view.form.code
        for held in lists_of(one):
            names = {"form": code, "list": held.table.code}
            tables[copy("sheet.sums", **names)[:_LONGEST_NAME]] = sum_table(held, report.order)
            tables[copy("sheet.lines", **names)[:_LONGEST_NAME]] = line_table(held, report.order)
        if not one.view.cells:
            continue
        tables[copy("sheet.totals", form=code)[:_LONGEST_NAME]] = total_table(one, report.order, with_coverage=True)
        name = copy("sheet.units", form=code)[:_LONGEST_NAME]
        units[name] = tables[name] = unit_table(one, report.order)
        subtotals = group_table(one, report.order, report.order.group_set) if report.order.group_set else None
        if subtotals is not None:
            tables[copy("sheet.by_group", form=code)[:_LONGEST_NAME]] = subtotals
    for form, table in zip(report.order.report_forms, report_tables(report), strict=True):
        tables[copy("sheet.report_form", form=form.code)[:_LONGEST_NAME]] = table
    for one in report.totals:
        if one.differences:
            tables[_difference_name(report, one.view.form.code)] = difference_table(one, report)
    changed = change_table(report)
    if changed is not None:
        tables[copy("sheet.changes")] = changed
    tables[copy("sheet.sources")] = source_table(report)
    tables[copy("sheet.missing")] = missing_table(report)
    explanations = explanation_table(report)
    if explanations is not None:
        tables[copy("sheet.explanations")] = explanations
    return tables, find_places(units, _communes(report))


def _difference_name(report: Compiled, code: str) -> str:
    several = sum(bool(one.differences) for one in report.totals) > 1
    return f"{copy('sheet.differences')} {code}" if several else copy("sheet.differences")


def _communes(report: Compiled) -> Mapping[str, bool]:
    return {unit.code: unit.kind.is_commune for unit in report.order.reporters}
