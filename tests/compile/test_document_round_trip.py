"""A compiled document through LibreOffice and back: the same words, tables, headings, pictures, notes and sections.

``python -m tests.compile.test_document_round_trip`` writes the golden text anew.
"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import docx
import pytest

from compile import document
from compile.narratives import read_story
from compile.story import Figure, Footnote, Grid, Text
from registry.catalogue.model import Heading, Outline
from tests.compile.office import convert
from tests.compile.small_report import EA_SUP, SNNMT, TKE, ReportBuilder, a_full_report, a_narrative
from tests.compile.stories import a_png, controlled, drawn, in_list, p, packed, r
from tests.compile.test_unit_narratives import LISTS

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


@pytest.mark.office
def test_libreoffice_opens_it_and_gives_it_back_unchanged(tmp_path: Path) -> None:
    made = document.build(a_rich_report().compiled)
    back = convert(made, "report.docx", "docx:MS Word 2007 XML", tmp_path)
    assert told(back) == told(made)
    assert sections(back) == sections(made)


if __name__ == "__main__":
    GOLDEN.write_text(golden(), encoding="utf-8")
