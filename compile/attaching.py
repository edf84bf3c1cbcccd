"""Pictures and footnotes of narratives on their way into the report: numbered anew, each picture kept once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from xml.sax.saxutils import quoteattr

from compile.coverage import copy
from compile.story import Figure, Footnote, Inline
from workbook_templates.official.document import Attached, relation_of
from workbook_templates.official.plain import NOTE_SIZE
from workbook_templates.official.wordml import Run, Setting, paragraph

EMU_PER_TWIP = 635
MOST_BYTES = 64 * 1024 * 1024  # of pictures in one report
_TALLEST = 13_000 * EMU_PER_TWIP  # what a page has room for beside a line of text
_LARGEST = 2**31 - 1
_WHOLE, _FULL_TURN = 100_000, 21_600_000  # thousandths of a percent, 60,000ths of a degree
_NOTE = Setting("both")
_PICTURE = "http://schemas.openxmlformats.org/drawingml/2006/picture"
_MARK = '<w:r><w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr>'


@dataclass(frozen=True, slots=True)
class Written:
    """An inline element as XML."""

    xml: str


@dataclass
class Attaching:
    """What the text written so far refers to."""

    _pictures: dict[str, bytes] = field(default_factory=dict)
    _names: dict[str, str] = field(default_factory=dict)  # by hash
    _footnotes: list[str] = field(default_factory=list)
    _figures: int = 0
    _bytes: int = 0

    @property
    def attached(self) -> Attached:
        """Everything referred to."""
        return Attached(dict(self._pictures), tuple(self._footnotes))

    def inlines(self, held: Sequence[Inline], room: int, size: float | None = None) -> list[Run | Written]:
        """Runs, pictures and marks of notes of a paragraph ``room`` twips wide, its letters ``size`` points."""
        return [self._inline(one, room, size) for one in held]

    def _inline(self, one: Inline, room: int, size: float | None) -> Run | Written:
        if isinstance(one, Footnote):
            return self._footnote(one)
        if isinstance(one, Figure):
            return self._figure(one, room)
        return one if size is None else _sized(one, size)

    def _footnote(self, one: Footnote) -> Written:
        number = len(self._footnotes) + 1
        mark = Written(f"{_MARK}<w:footnoteRef/></w:r>")
        texts = one.texts or ()
        lines = [[run for run in text.runs if isinstance(run, Run)] for text in texts] or [[]]
        written = [[_sized(run, NOTE_SIZE) for run in line] for line in lines]
        first = paragraph([mark, Run(" ", size=NOTE_SIZE), *written[0]], _NOTE)
        rest = "".join(paragraph(line, _NOTE) for line in written[1:])
        self._footnotes.append(f'<w:footnote w:id="{number}">{first}{rest}</w:footnote>')
        return Written(f'{_MARK}<w:footnoteReference w:id="{number}"/></w:r>')

    def _figure(self, one: Figure, room: int) -> Run | Written:
        name = self._name(one)
        if not name or not (0 < one.width < _LARGEST and 0 < one.height < _LARGEST):
            return Run(copy("narratives.picture_left_out"), italic=True, size=NOTE_SIZE)
        share = min(1.0, room * EMU_PER_TWIP / one.width, _TALLEST / one.height)
        width, height = max(1, round(one.width * share)), max(1, round(one.height * share))
        self._figures += 1
        return Written(_drawing(one, name, self._figures, width, height))

    def _name(self, one: Figure) -> str:
        """The file name of the picture; empty where the report holds as many bytes of pictures as it may."""
        data = one.picture.data
        key = sha256(data).hexdigest()
        if key not in self._names:
            if self._bytes + len(data) > MOST_BYTES:
                return ""
            self._bytes += len(data)
            self._names[key] = f"h{len(self._names) + 1}.{one.picture.kind}"
            self._pictures[self._names[key]] = data
        return self._names[key]


def _sized(run: Run, size: float) -> Run:
    text, bold, italic, underline, _, superscript, subscript = run
    return Run(text, bold, italic, underline, size, superscript, subscript)


def _drawing(one: Figure, name: str, number: int, width: int, height: int) -> str:
    parts = (max(-_WHOLE, min(part, _WHOLE)) for part in one.crop)
    cut = "".join(f' {side}="{part}"' for side, part in zip("ltrb", parts, strict=True) if part)
    turned = f' rot="{one.turned % _FULL_TURN}"' if one.turned else ""
    about = f'id="{number}" name="{name}"'
    said = f" descr={quoteattr(one.said)}" if one.said.isprintable() and one.said else ""
    extent = f'cx="{width}" cy="{height}"'
    return (
        f'<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent {extent}/>'
        f'<wp:docPr {about}{said}/><wp:cNvGraphicFramePr><a:graphicFrameLocks noChangeAspect="1"/>'
        f'</wp:cNvGraphicFramePr><a:graphic><a:graphicData uri="{_PICTURE}">'
        f"<pic:pic><pic:nvPicPr><pic:cNvPr {about}/><pic:cNvPicPr/></pic:nvPicPr>"
        f'<pic:blipFill><a:blip r:embed="{relation_of(name)}"/>{f"<a:srcRect{cut}/>" if cut else ""}'
        "<a:stretch><a:fillRect/></a:stretch></pic:blipFill>"
        f'<pic:spPr><a:xfrm{turned}><a:off x="0" y="0"/><a:ext {extent}/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr>'
        "</pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
    )
