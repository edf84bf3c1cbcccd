"""The outline (đề cương) of a unit's report as a docx to be written into; its pieces are found again on upload."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import quoteattr

from registry.catalogue.model import Heading, Outline, Regime, Unit, UnitKind
from registry.periods import Period
from vietnamese.letters import first_upper
from workbook_templates.official import document as paper
from workbook_templates.official.blocks import LEFT_COLUMN, RIGHT_COLUMN, closing, filled, opening_blocks
from workbook_templates.official.blocks import signature_blocks as signature
from workbook_templates.official.document import Mould
from workbook_templates.official.letterhead import Signature, copy, letterhead
from workbook_templates.official.plain import HEADINGS
from workbook_templates.official.wordml import Box, Line, Run, Setting, paragraph, table, twips

if TYPE_CHECKING:
    from docx.document import Document

ANNEX = "Phụ lục"  # how the outline's own list of annexes begins; the system makes those
DEPARTMENT, COMMUNE, PROVINCE = "sở", "xã", "tỉnh"  # levels of outlines
_BODY = Setting("both", first_line=twips(12.7), before=6, style="BCContent")
_BLANK_LINES = 2  # of a table to be filled


@dataclass(frozen=True, slots=True)
class Place:
    """Where one heading's text goes."""

    tag: str  # of its content control: "BC:KTXH-XA:03"
    heading: str  # as printed: "a) Trồng trọt"
    level: int  # 1-based
    instruction: str
    is_written: bool  # False for a heading that only holds others
    text: str = ""  # sentences the unit begins with, a paragraph a line; their placeholders filled by who asks

    @property
    def prompt(self) -> str:
        """What stands in the place until something is written."""
        return copy("outline.place", instruction=self.instruction or copy("outline.empty"))


@dataclass(frozen=True)
class OutlineOrder:
    """One outline to be made; equal orders give equal bytes."""

    outline: Outline
    places: tuple[Place, ...]
    regime: Regime
    unit: Unit
    province: Unit
    period: Period
    signature: Signature | None = None

    @property
    def subject(self) -> str:
        """The trích yếu."""
        return first_upper(filled(self.regime.report_title or self.regime.name, self.period))

    @property
    def mark(self) -> str:
        """What tells whose outline it is: kept among the file's keywords."""
        return f"BC:{self.outline.code}/{self.period.code}/{self.unit.code}"


def level_of(unit: Unit) -> str:
    """The level whose outline a unit writes by."""
    if unit.kind.is_commune:
        return COMMUNE
    return PROVINCE if unit.kind is UnitKind.PROVINCE else DEPARTMENT


# --- headings --------------------------------------------------------------------------------------------------------


def places(outline: Outline, period: Period, unit: Unit, province: Outline | None = None) -> tuple[Place, ...]:
    """The headings a unit writes in a period.

    Below the first heading of a department's outline stand the headings of the province's outline that
    it owns (SAMPLE_CATALOGUE 5.8), numbered anew.
    """
    numbered = [(f"BC:{outline.code}:{n:02d}", heading) for n, heading in enumerate(outline.headings)]
    if province is not None and outline.level == DEPARTMENT:
        numbered[1:1] = _own(province, unit)
    shown = [(tag, one) for tag, one in numbered if one.occasion.is_open(period.shape) and not _is_annex(one)]
    return tuple(_places(shown, period))


def _is_annex(heading: Heading) -> bool:
    return heading.number.startswith(ANNEX)


def _own(province: Outline, unit: Unit) -> Iterator[tuple[str, Heading]]:
    above: list[Heading] = []  # owned headings around the present one
    count = 0
    for n, heading in enumerate(province.headings):
        above = [one for one in above if one.level < heading.level]
        if unit.code not in heading.owners or heading.level == 1:
            continue
        count += not above
        number = heading.number if above else f"{count}."
        yield f"BC:{province.code}:{n:02d}", replace(heading, number=number, level=2 + len(above))
        above.append(heading)


def _places(shown: Sequence[tuple[str, Heading]], period: Period) -> Iterator[Place]:
    for n, (tag, one) in enumerate(shown):
        holds_others = n + 1 < len(shown) and shown[n + 1][1].level > one.level
        text = f"{one.number} {filled(one.title, period)}".strip()
        yield Place(tag, text, min(one.level, HEADINGS), one.instruction, not holds_others, one.text)


# --- the file --------------------------------------------------------------------------------------------------------


def build(order: OutlineOrder) -> bytes:
    """The docx of an outline, number and date blank; the same order gives the same bytes."""
    issuer = letterhead(order.unit, order.province, order.signature)
    body = [block for n, place in enumerate(order.places) for block in _place(n, place)]
    blocks = [
        *opening_blocks(issuer, order.subject, order.period.year),
        _instruction(_rules(order.outline)),
        *body,
        paragraph(closing(order.subject, issuer), _BODY),
        *signature(issuer),
    ]
    made = f"{order.period.last.isoformat()}T00:00:00Z"
    words = {_TITLE: order.subject, _AUTHOR: issuer.name, _MARK: order.mark, _MADE: made}
    return _mould().cast(blocks, words)


_TITLE, _AUTHOR, _MARK, _MADE = "@title", "@author", "@mark", "1999-12-31T00:00:00Z"  # in the mould's properties


@lru_cache(maxsize=1)
def _mould() -> Mould:
    document = paper.blank(_TITLE, _AUTHOR, datetime.fromisoformat(_MADE[:-1]))
    document.core_properties.keywords = _MARK
    _add_styles(document)
    return paper.mould(document)


def _rules(outline: Outline) -> str:
    size = copy("outline.size", pages=outline.max_pages) if outline.max_pages else ""
    return copy("outline.place", instruction=f"{size} {copy('outline.rules')}".strip())


def _instruction(text: str) -> str:
    return paragraph(text, Setting("both", before=6, style="BCInstruction"))


def _place(n: int, place: Place) -> Iterator[str]:
    yield paragraph(place.heading, _heading_setting(place))
    if place.is_written:
        yield _control(n, place)
    else:
        yield from _sentences(place)


def _sentences(place: Place) -> Iterator[str]:
    return (paragraph(line, _BODY) for line in place.text.splitlines())


def _heading_setting(place: Place) -> Setting:
    return Setting("both", first_line=twips(12.7), before=6, keep_next=True, style=f"Heading{place.level}")


def _control(n: int, place: Place) -> str:
    """A content control that cannot be taken out by mistake, with the instruction in the place of the text."""
    columns = place.instruction.partition(copy("outline.columns"))[2].strip(" .")
    content = paragraph(place.prompt, replace(_BODY, after=4, style="BCInstruction"))
    if columns:
        content += _table([first_upper(one.strip()) for one in columns.split(",")])
    content += "".join(_sentences(place)) + paragraph("", _BODY)
    return (
        f"<w:sdt><w:sdtPr><w:alias w:val={quoteattr(place.heading[:60])}/><w:tag w:val={quoteattr(place.tag)}/>"
        f'<w:id w:val="{1000 + n}"/><w:lock w:val="sdtLocked"/></w:sdtPr><w:sdtContent>{content}</w:sdtContent></w:sdt>'
    )


def _table(headings: Sequence[str]) -> str:
    room = twips(LEFT_COLUMN + RIGHT_COLUMN)
    small = Setting("center")
    first, rest = room // 10, room * 9 // 10 // len(headings)
    heads = [Box(paragraph([Run(one, bold=True, size=13)], small)) for one in (copy("outline.ordinal"), *headings)]
    blank = Line(tuple(Box(paragraph("", small)) for _ in heads))
    return table([first, *[rest] * len(headings)], [Line(tuple(heads), True), *[blank] * _BLANK_LINES])


def _add_styles(document: Document) -> None:
    """The named styles of what is written and of instructions; pieces are found by them and by those of headings."""
    from docx.enum.style import WD_STYLE_TYPE
    from docx.shared import Pt, RGBColor

    for name, is_instruction in (("BCContent", False), ("BCInstruction", True)):
        style: Any = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = document.styles["Normal"]
        if is_instruction:
            style.font.italic, style.font.size = True, Pt(12)
            style.font.color.rgb = RGBColor(0x59, 0x59, 0x59)
