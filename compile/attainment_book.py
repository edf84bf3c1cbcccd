"""Plans against what was done, as a workbook: figures are numbers, words are words."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

from compile.attainment import Attainment, Verdict
from compile.coverage import copy
from workbook_templates.plain_text import PLAIN_TEXT

_WIDTHS = (30, 52, 12, 22, 16, 16, 10, 18, 48)
_HEADINGS = ("unit", "row", "measure", "basis", "plan", "done", "percent", "verdict", "origin")
_TOP = 3  # sheet row of the headings, 0-based


def build(title: str, subtitle: str, lines: Sequence[Attainment], *, is_final: bool) -> bytes:
    """The workbook as xlsx bytes; strings are written as strings, whatever they begin with."""
    import xlsxwriter

    buffer = BytesIO()
    book = xlsxwriter.Workbook(buffer, PLAIN_TEXT)
    sheet = book.add_worksheet(copy("attainment.sheet"))
    plain = {"font_name": "Times New Roman", "font_size": 11, "valign": "top"}
    words = book.add_format(plain | {"border": 1, "text_wrap": True})
    heading = book.add_format(plain | {"border": 1, "bold": True, "align": "center", "text_wrap": True})
    sheet.write_string(0, 0, title, book.add_format(plain | {"bold": True, "font_size": 13}))
    sheet.write_string(1, 0, subtitle, book.add_format(plain | {"italic": True}))
    for place, (name, width) in enumerate(zip(_HEADINGS, _WIDTHS, strict=True)):
        sheet.set_column(place, place, width)
        sheet.write_string(_TOP, place, copy(f"attainment.{name}"), heading)
    numbers = {
        decimals: book.add_format(plain | {"border": 1, "num_format": f"#,##0{'.' * bool(decimals)}{'0' * decimals}"})
        for decimals in {1, *(one.plan_cell.decimals for one in lines)}
    }
    for at, one in enumerate(lines, start=_TOP + 1):
        figures = ((4, one.plan, one.plan_cell.decimals), (5, one.done, one.plan_cell.decimals), (6, one.percent, 1))
        for place, number, decimals in figures:
            if number is None:
                sheet.write_blank(at, place, None, words)
            else:
                sheet.write_number(at, place, float(number), numbers[decimals])
        for place, text in enumerate(
            (one.unit.name, one.row.label, one.plan_cell.measure, copy(f"attainment.basis-{one.basis}"))
        ):
            sheet.write_string(at, place, text, words)
        sheet.write_string(at, 7, verdict_words(one.verdict, one.have, is_final=is_final), words)
        sheet.write_string(at, 8, one.origin, words)
    sheet.freeze_panes(_TOP + 1, 2)
    sheet.autofilter(_TOP, 0, _TOP + len(lines), len(_HEADINGS) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(_TOP)
    sheet.set_footer(copy("attainment.footer"))
    book.close()
    return buffer.getvalue()


def verdict_words(verdict: Verdict, have: str = "", *, is_final: bool) -> str:
    """The verdict as people say it, with how many gave their part where others did not; a plan is missed only when its
    year is over.
    """
    said = copy(f"attainment.{verdict}" if is_final else f"attainment.{verdict}-so-far")
    return f"{said} ({have})" if have else said
