"""The file an administrative document is: paper, sections, numbers of pages, what is attached to it (FACTS 8)."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING, NamedTuple
from xml.sax.saxutils import escape

from workbook_templates.official.plain import PICTURES, plain
from workbook_templates.official.wordml import FONT, Run, paragraph
from workbook_templates.official.zipping import added_to, same_bytes, without

if TYPE_CHECKING:
    from docx.document import Document
    from docx.section import Section

MARGIN_TOP, MARGIN_BOTTOM, MARGIN_LEFT, MARGIN_RIGHT = 20.0, 20.0, 30.0, 15.0  # mm
PAPERS = {"A4": (210.0, 297.0), "A3": (297.0, 420.0)}
PAGE_NUMBER_SIZE = 14
_FOOT_SIZE = 8


def blank(title: str, author: str, at: datetime) -> Document:
    """An empty upright A4 document."""
    import docx

    document = docx.Document(BytesIO(plain()))
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


@dataclass(frozen=True, slots=True)
class Attached:
    """What the text refers to: pictures by file name (their relationship is the name without its dot), footnotes
    (``<w:footnote>`` elements) numbered from 1.
    """

    pictures: Mapping[str, bytes] = field(default_factory=dict)
    footnotes: Sequence[str] = ()


class Mould(NamedTuple):
    """A document made once, to be cast many times with other blocks and other words about the file."""

    rest: bytes  # the package without the parts that vary
    body: str  # word/document.xml
    core: str  # docProps/core.xml
    footnotes: str
    relations: str  # word/_rels/document.xml.rels

    def cast(self, blocks: Sequence[str], words: Mapping[str, str], attached: Attached | None = None) -> bytes:
        """The file with block elements at its end; ``words`` replace texts of its properties."""
        core = self.core
        for mark, word in words.items():
            core = core.replace(mark, escape(word))
        held = attached or Attached()
        relations = "".join(
            f'<Relationship Id="{relation_of(name)}" Type="{_IMAGE}" Target="media/{name}"/>' for name in held.pictures
        )
        parts = {
            _BODY: _put_in(self.body, self.body.rindex("<w:sectPr"), blocks),
            _CORE: core,
            _FOOTNOTES: _put_in(self.footnotes, self.footnotes.rindex("</"), held.footnotes),
            _RELATIONS: _put_in(self.relations, self.relations.rindex("</"), (relations,)),
        }
        pictures = {f"word/media/{name}": data for name, data in held.pictures.items()}
        return added_to(self.rest, {**{name: text.encode() for name, text in parts.items()}, **pictures})


_BODY, _CORE, _FOOTNOTES, _RELATIONS = _VARYING = (
    "word/document.xml",
    "docProps/core.xml",
    "word/footnotes.xml",
    "word/_rels/document.xml.rels",
)
_TYPES = "[Content_Types].xml"
_IMAGE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"


def relation_of(picture: str) -> str:
    """The id by which the text refers to an attached picture.

    >>> relation_of("h12.png")
    'h12png'
    """
    return picture.replace(".", "")


def _put_in(text: str, at: int, pieces: Sequence[str]) -> str:
    return "".join((text[:at], *pieces, text[at:]))


def mould(document: Document) -> Mould:
    """The mould of a document."""
    package = saved(document)
    with zipfile.ZipFile(BytesIO(package)) as parts:
        body, core, footnotes, relations = (parts.read(name).decode() for name in _VARYING)
        types = parts.read(_TYPES).decode()
    defaults = [f'<Default Extension="{end}" ContentType="{kind}"/>' for end, kind in PICTURES.items()]
    typed = _put_in(types, types.index("<Default"), defaults)
    return Mould(without(package, _VARYING, {_TYPES: typed.encode()}), body, core, footnotes, relations)


def finished(document: Document, blocks: Sequence[str], attached: Attached | None = None) -> bytes:
    """The file with block elements at its end, which are not parsed again; equal ones give equal bytes."""
    return mould(document).cast(blocks, {}, attached)


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


def section_end(document: Document, paper: str, landscape: bool) -> str:
    """A paragraph without height that ends a section on this paper; headers are the document's own."""
    from docx.section import Section
    from lxml import etree

    properties = deepcopy(document.sections[-1]._sectPr)
    set_section(Section(properties, document.part), paper, landscape)
    text = etree.tostring(properties).decode()
    spacing = '<w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/>'
    return f'<w:p><w:pPr>{spacing}<w:rPr><w:sz w:val="2"/></w:rPr>{text}</w:pPr></w:p>'


def _number_pages(section: Section) -> None:
    """The number centred in the top margin; the first page of body and annex carries none."""
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    section.header.is_linked_to_previous = False
    section.first_page_header.is_linked_to_previous = False
    fonts = f'<w:rFonts w:ascii="{FONT}" w:hAnsi="{FONT}" w:cs="{FONT}"/>'
    run = f'<w:r><w:rPr>{fonts}<w:sz w:val="{2 * PAGE_NUMBER_SIZE}"/></w:rPr><w:t>2</w:t></w:r>'
    field = f'<w:fldSimple {nsdecls("w")} w:instr=" PAGE ">{run}</w:fldSimple>'
    target = section.header.paragraphs[0]._p
    properties = target.get_or_add_pPr()
    properties.append(parse_xml(f'<w:jc {nsdecls("w")} w:val="center"/>'))
    target.append(parse_xml(field))


def set_foot(document: Document, lines: Sequence[str]) -> None:
    """Small print at the foot of every page of every section: what ties the paper to its data."""
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    if not lines:
        return
    section = document.sections[0]
    small = "".join(paragraph([Run(line, size=_FOOT_SIZE)]) for line in lines)
    for foot in (section.footer, section.first_page_footer):
        foot.is_linked_to_previous = False
        empty = foot.paragraphs[0]._p
        for block in parse_xml(f"<w:ftr {nsdecls('w')}>{small}</w:ftr>"):
            empty.addprevious(block)
        foot._element.remove(empty)


def saved(document: Document) -> bytes:
    """The bytes of the file; equal documents give equal bytes."""
    buffer = BytesIO()
    document.save(buffer)
    return same_bytes(buffer.getvalue())
