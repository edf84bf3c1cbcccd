"""The compiled report as a docx in the layout of Nghị định 30/2020, Phụ lục I (FACTS 8)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil

from compile.attaching import Attaching
from compile.body import TEXT, Words, body_blocks
from compile.chart_blocks import chart_blocks
from compile.compiled import Compiled
from compile.corrections import against_sent, correction_note
from compile.coverage import copy
from compile.document_parts import attached_line, opening_blocks, signature_blocks
from compile.document_table import is_wide, table_blocks
from compile.list_tables import lists_of, sum_table
from compile.narrative_blocks import Narratives, body_narratives, commune_blocks, narrative_blocks, placed
from compile.numbering import printed
from compile.page_fit import LINE
from compile.report_tables import report_tables
from compile.side_tables import change_table, changed_since, timeliness_table
from compile.tables import Table
from compile.total_table import total_table
from compile.unit_table import is_matrix, matrix_table
from workbook_templates.official import document as official
from workbook_templates.official.document import MARGIN_BOTTOM, MARGIN_LEFT, MARGIN_RIGHT, MARGIN_TOP, PAPERS
from workbook_templates.official.letterhead import letterhead, width_in_points
from workbook_templates.official.plain import BODY_SIZE
from workbook_templates.official.wordml import Run, Setting, paragraph, twips

_ONE_LINE = 550  # points of room in which an annex says in one line what it is attached to


@dataclass(frozen=True, slots=True)
class Annex:
    """One annex: its blocks, and the paper they are set on."""

    title: str
    blocks: tuple[str, ...]
    paper: str = "A4"
    landscape: bool = False


def build(report: Compiled, foot: Sequence[str] = ()) -> bytes:
    """The report as docx bytes; the same report gives the same bytes. ``foot`` is printed under every page.

    Number and date stay blank: văn thư gives them (F14); so does the signer's name where no signing capacity is on
    record. Every table and the narratives are annexes of the one file, each counting its own pages.
    """
    issuer = letterhead(report.order.issuer, report.order.province, report.order.signature)
    attaching = Attaching()
    held = placed(report)
    under = body_narratives(held, report.order, attaching)
    corrected = against_sent(report)
    annexes = _annexes(report, corrected, held, attaching)
    numbers = {annex.title: printed(place, "upperRoman") for place, annex in enumerate(annexes, 1)}
    made = official.blank(report.order.regime.name, report.order.issuer.name, report.order.as_of)
    official.set_foot(made, foot)
    note = correction_note(corrected, numbers.get(changed_since(corrected), "")) if corrected else ()
    blocks = [
        *opening_blocks(report, issuer),
        *(paragraph([Run(line, italic=True)], TEXT) for line in note),
        *body_blocks(report, issuer, Words(under, held.apart_of, numbers.get(copy("narratives.title"), ""))),
        *signature_blocks(report, issuer),
    ]
    sheet = ("A4", False)
    for place, annex in enumerate(annexes, 1):
        blocks.append(official.section_end(made, *sheet))
        blocks += annex_head(printed(place, "upperRoman"), annex.title, attached_line(report, issuer))
        blocks += annex.blocks
        sheet = (annex.paper, annex.landscape)
    official.set_section(made.sections[-1], *sheet)
    return official.finished(made, blocks, attaching.attached)


def _annexes(report: Compiled, corrected: Compiled | None, held: Narratives, attaching: Attaching) -> list[Annex]:
    """One annex per table, then the regime's report forms, timeliness, then what the units wrote."""
    annexes = []
    for one in report.totals:
        tables = [total_table(one, report.order, with_coverage=False)] if one.view.cells else []
        tables += [sum_table(lines, report.order) for lines in lists_of(one)]
        if is_matrix(one.view.form):
            tables.append(_by_unit(matrix_table(one, report.order, with_detail=False)))
        annexes += [table_annex(table) for table in tables]
    annexes += [table_annex(table) for table in report_tables(report)]
    annexes.append(table_annex(timeliness_table(report)))
    if corrected is not None and corrected.changes and (changed := change_table(corrected)) is not None:
        annexes.append(table_annex(replace(changed, paper="A4")))
    for title, blocks in (
        ("document.charts", chart_blocks(report.order.charts, attaching)),
        ("narratives.communes", commune_blocks(held, report.order, attaching)),
        ("narratives.title", narrative_blocks(held.apart, attaching)),
    ):
        if blocks:
            annexes.append(Annex(copy(title), tuple(blocks)))
    return annexes


def _by_unit(table: Table) -> Table:
    return replace(table, title=copy("document.by_unit", title=table.title))


def table_annex(table: Table) -> Annex:
    """Upright, and across the sheet only where the table is wide."""
    width, height = PAPERS[table.paper]
    upright, across = (twips(side - MARGIN_LEFT - MARGIN_RIGHT) for side in (width, height))
    landscape = is_wide(table, upright)
    room = across if landscape else upright
    left = (width if landscape else height) - MARGIN_TOP - MARGIN_BOTTOM
    free = twips(left) / 20 - _head_height(table.title, room / 20)
    return Annex(table.title, tuple(table_blocks(table, room, free)), table.paper, landscape)


def _head_height(title: str, room: float) -> float:
    """Points the head of an annex takes, the document it is attached to on one line where the sheet lies across."""
    titled = ceil(width_in_points(title.upper(), BODY_SIZE) / room)
    return (1 + titled + (1 if room > _ONE_LINE else 2)) * BODY_SIZE * LINE + 6


def annex_head(number: str, title: str, attached: str) -> list[str]:
    """Number and title of an annex, and the document it is attached to."""
    return [
        paragraph([Run(copy("document.annex", number=number), bold=True)], Setting("center", outline=0)),
        paragraph([Run(title.upper(), bold=True)], Setting("center")),
        paragraph([Run(attached, italic=True)], Setting("center", after=6)),
    ]
