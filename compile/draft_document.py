"""A draft as a docx in the layout of Nghị định 30/2020: its headings and its linked numbers in content controls."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from xml.sax.saxutils import quoteattr

from compile.filled import Filled
from compile.marked import Paragraph, paragraphs
from compile.placeholders import Filler
from ingest.edited import BOOKMARK, NUMBER
from workbook_templates.official import document as official
from workbook_templates.official.blocks import closing, opening_blocks, signature_blocks
from workbook_templates.official.letterhead import Letterhead
from workbook_templates.official.plain import HEADINGS
from workbook_templates.official.wordml import Run, Setting, paragraph, twips

_FIRST_LINE = twips(12.7)
_BODY = Setting("both", first_line=_FIRST_LINE, before=6, line=264)
_MARK = re.compile("\ue000(\\d+)\ue001")  # where a number stands while marks are read


@dataclass(frozen=True, slots=True)
class Number:
    """A placeholder with what it printed when the draft went out."""

    placeholder: str
    printed: str


@dataclass(frozen=True, slots=True)
class DraftText:
    """One heading with its text; the placeholders of a text are numbered in order."""

    n: int
    tag: str
    title: str
    level: int
    is_written: bool
    body: str = ""


@dataclass(frozen=True)
class DraftOrder:
    """One draft to be written out; equal orders give equal bytes."""

    issuer: Letterhead
    subject: str
    year: int
    texts: tuple[DraftText, ...]
    as_of: datetime
    addressees: tuple[str, ...] = ()
    mark: str = ""  # tells which copy of which draft it is: kept among the file's keywords


def numbers_of(filled: Filled) -> tuple[Number, ...]:
    """The linked numbers of a filled text in order."""
    return tuple(Number(span.written, filled.text[span.start : span.end]) for span in filled.spans)


def build(order: DraftOrder, filler: Filler) -> bytes:
    """The docx, number and date blank."""
    document = official.blank(order.subject, order.issuer.name, order.as_of)
    document.core_properties.keywords = order.mark
    blocks = [block for at, text in enumerate(order.texts) for block in _text(at, text, filler)]
    return official.finished(
        document,
        [
            *opening_blocks(order.issuer, order.subject, order.year, order.addressees),
            *blocks,
            paragraph(closing(order.subject, order.issuer), _BODY),
            *signature_blocks(order.issuer),
        ],
    )


def linked(body: str, filler: Filler, title: str = "") -> tuple[tuple[Paragraph, ...], tuple[Number, ...]]:
    """A text's paragraphs with a mark where each linked number stands, and the numbers."""
    filled = filler.fill(body, title)
    numbers = numbers_of(filled)
    out, end = "", 0
    for at, span in enumerate(filled.spans):
        out += f"{filled.text[end : span.start]}\ue000{at}\ue001"
        end = span.end
    return paragraphs(out + filled.text[end:]), numbers


def _text(at: int, text: DraftText, filler: Filler) -> Iterator[str]:
    level = min(text.level, HEADINGS)
    setting = Setting(
        "center" if level == 1 else "both",
        first_line=0 if level == 1 else _FIRST_LINE,
        before=12 if level == 1 else 6,
        line=264,
        keep_next=True,
        style=f"Heading{level}",
    )
    yield f"<w:p>{setting.xml}{_control(text.title, text.tag, 1000 + at, Run(text.title).xml)}</w:p>"
    if text.is_written:
        held, numbers = linked(text.body, filler, text.title)
        yield from (_paragraph(one, text.n, numbers) for one in held) if held else [paragraph("", _BODY)]


def _paragraph(one: Paragraph, n: int, numbers: Sequence[Number]) -> str:
    runs = "".join(_run(run, n, numbers) for run in one.runs)
    return f"<w:p>{_BODY.xml}{runs}</w:p>"


def _run(run: Run, n: int, numbers: Sequence[Number]) -> str:
    pieces = _MARK.split(run.text)
    out = [run._replace(text=pieces[0]).xml if pieces[0] else ""]
    for at, words in zip(pieces[1::2], pieces[2::2], strict=True):
        number = numbers[int(at)]
        shown, key = run._replace(text=number.printed).xml, 100_000 + n * 1000 + int(at)
        control = _control(number.placeholder, f"{NUMBER}{n}.{at}", key, shown)
        name = f"{BOOKMARK}{n}_{at}"  # LibreOffice keeps bookmarks where it drops the tags of controls
        out.append(f'<w:bookmarkStart w:id="{key}" w:name="{name}"/>{control}<w:bookmarkEnd w:id="{key}"/>')
        out.append(run._replace(text=words).xml if words else "")
    return "".join(out)


def _control(title: str, tag: str, key: int, content: str) -> str:
    return (
        f"<w:sdt><w:sdtPr><w:alias w:val={quoteattr(title[:60])}/><w:tag w:val={quoteattr(tag)}/>"
        f'<w:id w:val="{key}"/></w:sdtPr><w:sdtContent>{content}</w:sdtContent></w:sdt>'
    )
