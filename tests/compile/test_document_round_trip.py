"""A compiled document through LibreOffice and back: the same words, tables, headings, pictures, notes and sections.

``python -m tests.compile.test_document_round_trip`` writes the golden text anew.
"""

from __future__ import annotations

import random
import re
import zipfile
from io import BytesIO
from pathlib import Path

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compile import document
from compile.attaching import Attaching
from compile.narratives import UnreadableNarrative, read_story
from compile.story import Figure, Footnote, Grid, Text
from compile.story_blocks import story_block
from registry.catalogue.model import Heading, Outline
from tests.compile.office import convert
from tests.compile.small_report import AS_OF, EA_SUP, SNNMT, TKE, ReportBuilder, a_full_report, a_narrative
from tests.compile.stories import a_png, controlled, drawn, in_list, p, packed, r
from tests.compile.test_unit_narratives import LISTS, with_part
from workbook_templates.official import document as official

GOLDEN = Path(__file__).parent / "golden" / "compiled_document.txt"
OUTLINE = Outline(
    "TINH",
    "Đề cương",
    "tỉnh",
    (Heading("I.", "KẾT QUẢ", 1), Heading("1.", "Chăn nuôi, thú y", 2, ("SNNMT",)), Heading("II.", "KIẾN NGHỊ", 1)),
)
COMMUNES = Outline("XA", "Đề cương", "xã", (Heading("I.", "Kinh tế", 1),))


def a_rich_report() -> ReportBuilder:
    """Everything a narrative may bring: a list, a table with merged cells, a picture, a footnote, raised letters."""
    note = '<w:footnote w:id="1">' + p("Theo Niên giám thống kê.") + "</w:footnote>"
    mark = '<w:r><w:footnoteReference w:id="1"/></w:r>'
    span = '<w:tcPr><w:gridSpan w:val="2"/></w:tcPr>'
    cells = "".join(f"<w:tc>{p(text)}</w:tc>" for text in ("Xã Ea Súp", "12"))
    table = (
        f"<w:tbl><w:tblGrid><w:gridCol w:w='300'/><w:gridCol w:w='100'/></w:tblGrid>"
        f"<w:tr><w:tc>{span}{p('Tiêm phòng')}</w:tc></w:tr><w:tr>{cells}</w:tr></w:tbl>"
    )
    square = r(" 1.000 m") + r("2", '<w:vertAlign w:val="superscript"/>')
    lines = p("Đàn lợn tăng", "", mark + square) + p("Tiêm phòng", in_list(1)) + p("Khử trùng", in_list(1))
    cattle = controlled("BC:TINH:01", lines + table + p("", "", drawn("h.png")))
    asks = controlled("BC:TINH:02", p("Cấp vốn."))
    department = packed(cattle + asks, {"h.png": a_png()}, footnotes=note, numbering=LISTS)
    return a_full_report().having(
        outline=OUTLINE,
        outlines={"xã": COMMUNES},
        communes_under="*",
        narratives=(
            a_narrative(SNNMT, department),
            a_narrative(TKE, b"no docx", "khong doc duoc.docx"),
            a_narrative(EA_SUP, packed(controlled("BC:XA:00", p("Lúa tốt.")))),
        ),
    )


def told(data: bytes) -> list[str]:
    """What a reader sees, a line each: headings with their level, rows of tables, pictures and notes where they are."""
    lines = []
    for block in read_story(data).blocks:
        if isinstance(block, Grid):
            rows = (" | ".join(" / ".join(map(_said, cell)) for cell, _, _ in row) for row in block.rows)
            lines += [f"[bảng {block.width} cột]", *rows]
        elif not block.is_empty:
            lines.append(f"{'#' * (block.level + 1)} {_said(block)}" if block.level is not None else _said(block))
    return lines


def _said(text: Text) -> str:
    return " ".join("".join(map(_piece, text.runs)).split())


def _piece(run: object) -> str:
    if isinstance(run, Footnote):
        return f"[chú thích: {' '.join(text.said for text in run.texts)}]"
    return f"[hình {run.picture.kind}]" if isinstance(run, Figure) else run.text  # type: ignore[attr-defined,no-any-return]


def sections(data: bytes) -> list[tuple[bool, int, int]]:
    """Of each whether it lies across, and its left and top margins in millimetres."""
    held = docx.Document(BytesIO(data)).sections
    return [(one.page_width > one.page_height, round(one.left_margin.mm), round(one.top_margin.mm)) for one in held]


def golden() -> str:
    return "\n".join(told(document.build(a_rich_report().compiled))) + "\n"


def test_the_text_of_a_compiled_document_is_the_one_agreed() -> None:
    assert golden() == GOLDEN.read_text(encoding="utf-8")


@settings(max_examples=40, deadline=None)
@given(st.randoms(use_true_random=False))
def test_a_damaged_narrative_is_read_or_refused_and_never_breaks_the_report(chance: random.Random) -> None:
    (narrative, *_) = a_rich_report().order.narratives
    with zipfile.ZipFile(BytesIO(narrative.data)) as package:
        part = chance.choice(["word/document.xml", "word/numbering.xml", "word/footnotes.xml", "_rels/.rels"])
        text = package.read(part)
    values = list(re.finditer(rb'(?<==")[^"]*(?=")|<[^>]+>', text))
    start, end = chance.choice(values).span()
    strange = chance.choice([b"", b"-1", b"99999999999999", b"1.5.2", b"x", b"\xc3\xa9"])
    damaged = with_part(narrative.data, part, (text, text[:start] + strange + text[end:]))
    try:
        story = read_story(damaged)
    except UnreadableNarrative:
        return
    attaching = Attaching()
    blocks = [story_block(block, attaching, 2) for block in story.blocks]
    made = official.finished(official.blank("", "", AS_OF), blocks, attaching.attached)
    assert docx.Document(BytesIO(made)).element.body is not None


@pytest.mark.office
def test_libreoffice_opens_it_and_gives_it_back_unchanged(tmp_path: Path) -> None:
    made = document.build(a_rich_report().compiled)
    back = convert(made, "report.docx", "docx:MS Word 2007 XML", tmp_path)
    assert told(back) == told(made)
    assert sections(back) == sections(made)


if __name__ == "__main__":
    GOLDEN.write_text(golden(), encoding="utf-8")
