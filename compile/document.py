"""The compiled report as a docx in the layout of Nghị định 30/2020, Phụ lục I (FACTS 8)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from typing import TYPE_CHECKING, Any

from compile.body import body_blocks
from compile.compiled import Compiled
from compile.coverage import copy
from compile.document_parts import attached_line, opening_blocks, signature_blocks
from compile.document_table import table_blocks
from compile.letterhead import Letterhead, letterhead
from compile.list_tables import lists_of, sum_table
from compile.narrative_blocks import narrative_blocks
from compile.side_tables import timeliness_table
from compile.tables import Table
from compile.total_table import total_table
from compile.unit_table import is_matrix, unit_table
from compile.wordml import FONT, Run, Setting, paragraph, twips
from compile.zipping import same_bytes

if TYPE_CHECKING:
    from docx.document import Document
    from docx.section import Section

MARGIN_TOP, MARGIN_BOTTOM, MARGIN_LEFT, MARGIN_RIGHT = 20.0, 20.0, 30.0, 15.0  # mm
_PAPERS = {"A4": (210.0, 297.0), "A3": (297.0, 420.0)}
_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")
BODY_SIZE = 14


@dataclass(frozen=True, slots=True)
class Annex:
    """One annex: its blocks, and the paper they are set on."""

    title: str
    blocks: tuple[str, ...]
    paper: str = "A4"
    landscape: bool = True


def build(report: Compiled) -> bytes:
    """The report as docx bytes; the same report gives the same bytes.

    Number, date and signer's name stay blank: văn thư and the signer give them (F14). Every table and the
    narratives are annexes of the one file, each counting its own pages.
    """
    issuer = letterhead(report.order.issuer, report.order.province)
    annexes = _annexes(report)
    document = _blank_document(report)
    _set_section(document.sections[0], "A4", landscape=False)
    numbers = {annex.title: _ROMAN[place] for place, annex in enumerate(annexes)}
    _append(
        document,
        [
            *opening_blocks(report, issuer),
            *body_blocks(report, issuer, numbers.get(copy("narratives.title"), "")),
            *signature_blocks(report, issuer),
        ],
    )
    for place, annex in enumerate(annexes):
        _add_section(document, annex)
        _append(document, [*_annex_head(_ROMAN[place], annex.title, report, issuer), *annex.blocks])
    return _saved(document)


def _annexes(report: Compiled) -> list[Annex]:
    """One annex per table, then timeliness, then what the units wrote."""
    annexes = []
    for one in report.totals:
        tables = [total_table(one, report.order, with_coverage=False)] if one.view.cells else []
        tables += [sum_table(held, report.order) for held in lists_of(one)]
        if is_matrix(one.view.form):
            tables.append(_by_unit(unit_table(one, report.order, with_detail=False)))
        annexes += [_table_annex(table) for table in tables]
    annexes.append(_table_annex(timeliness_table(report), landscape=False))
    narratives = narrative_blocks(report)
    if narratives:
        annexes.append(Annex(copy("narratives.title"), tuple(narratives), landscape=False))
    return annexes


def _by_unit(table: Table) -> Table:
    return replace(table, title=copy("document.by_unit", title=table.title))


def _table_annex(table: Table, landscape: bool = True) -> Annex:
    width, height = _PAPERS[table.paper]
    room = (height if landscape else width) - MARGIN_LEFT - MARGIN_RIGHT
    return Annex(table.title, tuple(table_blocks(table, twips(room))), table.paper, landscape)


def _annex_head(number: str, title: str, report: Compiled, issuer: Letterhead) -> list[str]:
    return [
        paragraph([Run(copy("document.annex", number=number), bold=True)], Setting("center", outline=0)),
        paragraph([Run(title.upper(), bold=True)], Setting("center")),
        paragraph([Run(attached_line(report, issuer), italic=True)], Setting("center", after=6)),
    ]


# --- the file --------------------------------------------------------------------------------------------------------


def _blank_document(report: Compiled) -> Document:
    import docx

    document = docx.Document()
    _set_fonts(document)
    properties = document.core_properties
    properties.title = report.order.regime.name
    properties.author = report.order.issuer.name
    properties.last_modified_by = ""
    properties.comments = ""
    properties.created = properties.modified = report.order.as_of
    properties.language = "vi-VN"
    properties.revision = 1
    return document


def _set_fonts(document: Document) -> None:
    """Times New Roman everywhere, black: the template's theme fonts are taken out."""
    from docx.oxml.ns import qn
    from docx.shared import Pt

    for element in list(document.styles.element.iter(qn("w:rFonts"))):
        for name in list(element.attrib):
            del element.attrib[name]
        for name in ("ascii", "hAnsi", "eastAsia", "cs"):
            element.set(qn(f"w:{name}"), FONT)
    for element in list(document.styles.element.iter(qn("w:lang"))):
        element.set(qn("w:val"), "vi-VN")
    normal: Any = document.styles["Normal"]
    normal.font.name = FONT
    normal.font.size = Pt(BODY_SIZE)
    normal.paragraph_format.space_after = Pt(0)


def _append(document: Document, blocks: Sequence[str]) -> None:
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls, qn

    wrapped = parse_xml(f"<w:body {nsdecls('w')}>{''.join(blocks)}</w:body>")
    body = document.element.body
    end = body.find(qn("w:sectPr"))
    for block in list(wrapped):
        body.insert(body.index(end), block)


def _add_section(document: Document, annex: Annex) -> None:
    """Close the section before; the paragraph that carries its end takes no room."""
    from docx.enum.section import WD_SECTION
    from docx.shared import Pt

    section = document.add_section(WD_SECTION.NEW_PAGE)
    carrier: Any = document.paragraphs[-1]
    carrier.paragraph_format.space_before = carrier.paragraph_format.space_after = Pt(0)
    carrier.paragraph_format.line_spacing = Pt(1)
    _set_section(section, annex.paper, annex.landscape)


def _set_section(section: Section, paper: str, landscape: bool) -> None:
    from docx.enum.section import WD_ORIENT
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls, qn
    from docx.shared import Mm

    width, height = _PAPERS[paper]
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (Mm(height), Mm(width)) if landscape else (Mm(width), Mm(height))
    section.top_margin, section.bottom_margin = Mm(MARGIN_TOP), Mm(MARGIN_BOTTOM)
    section.left_margin, section.right_margin = Mm(MARGIN_LEFT), Mm(MARGIN_RIGHT)
    section.header_distance = section.footer_distance = Mm(10)
    section.different_first_page_header_footer = True
    properties = section._sectPr
    for element in properties.findall(qn("w:pgNumType")):
        properties.remove(element)
    numbering = parse_xml(f'<w:pgNumType {nsdecls("w")} w:start="1"/>')
    properties.find(qn("w:pgMar")).addnext(numbering)  # type: ignore[union-attr]
    if section.header.is_linked_to_previous:
        _number_pages(section)


def _number_pages(section: Section) -> None:
    """The number centred in the top margin; the first page of body and annex carries none."""
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    section.header.is_linked_to_previous = False
    section.first_page_header.is_linked_to_previous = False
    field = f'<w:fldSimple {nsdecls("w")} w:instr=" PAGE "><w:r><w:t>2</w:t></w:r></w:fldSimple>'
    target = section.header.paragraphs[0]
    target._p.append(parse_xml(f'<w:pPr {nsdecls("w")}><w:jc w:val="center"/></w:pPr>'))
    target._p.append(parse_xml(field))


def _saved(document: Document) -> bytes:
    buffer = BytesIO()
    document.save(buffer)
    return same_bytes(buffer.getvalue())
