"""The compiled report as a docx in the layout of Nghị định 30/2020, Phụ lục I (FACTS 8)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from compile.body import body_blocks
from compile.compiled import Compiled
from compile.coverage import copy
from compile.document_parts import attached_line, opening_blocks, signature_blocks
from compile.document_table import table_blocks
from compile.list_tables import lists_of, sum_table
from compile.narrative_blocks import narrative_blocks
from compile.report_tables import report_tables
from compile.side_tables import timeliness_table
from compile.tables import Table
from compile.total_table import total_table
from compile.unit_table import is_matrix, unit_table
from workbook_templates.official import document as official
from workbook_templates.official.document import MARGIN_LEFT, MARGIN_RIGHT, PAPERS
from workbook_templates.official.letterhead import Letterhead, letterhead
from workbook_templates.official.wordml import Run, Setting, paragraph, twips

if TYPE_CHECKING:
    from docx.document import Document

_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")


@dataclass(frozen=True, slots=True)
class Annex:
    """One annex: its blocks, and the paper they are set on."""

    title: str
    blocks: tuple[str, ...]
    paper: str = "A4"
    landscape: bool = True


def build(report: Compiled) -> bytes:
    """The report as docx bytes; the same report gives the same bytes.

    Number and date stay blank: văn thư gives them (F14); so does the signer's name where no signing capacity is on
    record. Every table and the narratives are annexes of the one file, each counting its own pages.
    """
    issuer = letterhead(report.order.issuer, report.order.province, report.order.signature)
    annexes = _annexes(report)
    document = official.blank(report.order.regime.name, report.order.issuer.name, report.order.as_of)
    numbers = {annex.title: _ROMAN[place] for place, annex in enumerate(annexes)}
    official.append(
        document,
        [
            *opening_blocks(report, issuer),
            *body_blocks(report, issuer, numbers.get(copy("narratives.title"), "")),
            *signature_blocks(report, issuer),
        ],
    )
    for place, annex in enumerate(annexes):
        _add_section(document, annex)
        official.append(document, [*_annex_head(_ROMAN[place], annex.title, report, issuer), *annex.blocks])
    return official.saved(document)


def _annexes(report: Compiled) -> list[Annex]:
    """One annex per table, then the regime's report forms, timeliness, then what the units wrote."""
    annexes = []
    for one in report.totals:
        tables = [total_table(one, report.order, with_coverage=False)] if one.view.cells else []
        tables += [sum_table(held, report.order) for held in lists_of(one)]
        if is_matrix(one.view.form):
            tables.append(_by_unit(unit_table(one, report.order, with_detail=False)))
        annexes += [_table_annex(table) for table in tables]
    annexes += [_table_annex(table) for table in report_tables(report)]
    annexes.append(_table_annex(timeliness_table(report), landscape=False))
    narratives = narrative_blocks(report)
    if narratives:
        annexes.append(Annex(copy("narratives.title"), tuple(narratives), landscape=False))
    return annexes


def _by_unit(table: Table) -> Table:
    return replace(table, title=copy("document.by_unit", title=table.title))


def _table_annex(table: Table, landscape: bool = True) -> Annex:
    width, height = PAPERS[table.paper]
    room = (height if landscape else width) - MARGIN_LEFT - MARGIN_RIGHT
    return Annex(table.title, tuple(table_blocks(table, twips(room))), table.paper, landscape)


def _annex_head(number: str, title: str, report: Compiled, issuer: Letterhead) -> list[str]:
    return [
        paragraph([Run(copy("document.annex", number=number), bold=True)], Setting("center", outline=0)),
        paragraph([Run(title.upper(), bold=True)], Setting("center")),
        paragraph([Run(attached_line(report, issuer), italic=True)], Setting("center", after=6)),
    ]


# --- the file ---------------------------------------------------------------------------------------------------------


def _add_section(document: Document, annex: Annex) -> None:
    """Close the section before; the paragraph that carries its end takes no room."""
    from docx.enum.section import WD_SECTION
    from docx.shared import Pt

    section = document.add_section(WD_SECTION.NEW_PAGE)
    carrier: Any = document.paragraphs[-1]
    carrier.paragraph_format.space_before = carrier.paragraph_format.space_after = Pt(0)
    carrier.paragraph_format.line_spacing = Pt(1)
    official.set_section(section, annex.paper, annex.landscape)
