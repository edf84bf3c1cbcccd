"""The file an administrative document is: fonts, paper, sections, numbers of pages (FACTS 8)."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any, NamedTuple
from xml.sax.saxutils import escape

from workbook_templates.official.wordml import FONT
from workbook_templates.official.zipping import added_to, same_bytes, without

if TYPE_CHECKING:
    from docx.document import Document
    from docx.section import Section

MARGIN_TOP, MARGIN_BOTTOM, MARGIN_LEFT, MARGIN_RIGHT = 20.0, 20.0, 30.0, 15.0  # mm
PAPERS = {"A4": (210.0, 297.0), "A3": (297.0, 420.0)}
BODY_SIZE = 14


def blank(title: str, author: str, at: datetime) -> Document:
    """An empty upright A4 document."""
    import docx

    document = docx.Document()
    _set_fonts(document)
    properties = document.core_properties
    properties.title = title
    properties.author = author
    properties.last_modified_by = ""
    properties.comments = ""
    properties.created = properties.modified = at
    properties.language = "vi-VN"
    properties.revision = 1
    set_section(document.sections[0], "A4", landscape=False)
    return document


class Mould(NamedTuple):
    """A document made once, to be cast many times with other blocks and other words about the file."""

    rest: bytes  # the package without the two parts that vary
    body: str  # word/document.xml
    core: str  # docProps/core.xml

    def cast(self, blocks: Sequence[str], words: Mapping[str, str]) -> bytes:
        """The file with block elements at its end; ``words`` replace texts of its properties."""
        at = self.body.rindex("<w:sectPr")
        core = self.core
        for mark, word in words.items():
            core = core.replace(mark, escape(word))
        body = "".join((self.body[:at], *blocks, self.body[at:]))
        return added_to(self.rest, {_BODY: body.encode(), _CORE: core.encode()})


_BODY, _CORE = "word/document.xml", "docProps/core.xml"


def mould(document: Document) -> Mould:
    """The mould of a document."""
    package = saved(document)
    with zipfile.ZipFile(BytesIO(package)) as parts:
        body, core = (parts.read(name).decode() for name in (_BODY, _CORE))
    return Mould(without(package, (_BODY, _CORE)), body, core)


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


def append(document: Document, blocks: Sequence[str]) -> None:
    """Put block elements at the end of the document, in time linear in them.

    Each is parsed as a tree of its own: lxml takes quadratic time to move an element whose namespaces an ancestor
    it leaves behind declares.
    """
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls, qn
    from lxml import etree

    end = document.element.body.find(qn("w:sectPr"))
    for block in parse_xml(f"<w:body {nsdecls('w')}>{''.join(blocks)}</w:body>"):
        end.addprevious(parse_xml(etree.tostring(block)))


def set_section(section: Section, paper: str, landscape: bool) -> None:
    """Paper and margins of a section, whose pages count from 1."""
    from docx.enum.section import WD_ORIENT
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls, qn
    from docx.shared import Mm

    width, height = PAPERS[paper]
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


def saved(document: Document) -> bytes:
    """The bytes of the file; equal documents give equal bytes."""
    buffer = BytesIO()
    document.save(buffer)
    return same_bytes(buffer.getvalue())
