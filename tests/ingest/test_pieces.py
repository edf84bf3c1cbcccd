"""The pieces of a narrative are found again whatever the clerk's program left of the outline."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import docx
import pytest
from docx.document import Document
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.pieces import Found, Piece, pieces
from tests.compile.office import convert
from tests.templates.test_outline import order
from workbook_templates.outline import build

_GIVEN = order("24211")  # without the sentences the catalogue writes there: those are text already
ORDER = replace(_GIVEN, places=tuple(replace(place, text="") for place in _GIVEN.places))
WRITTEN = [place for place in ORDER.places if place.is_written]
TABLE = WRITTEN[-1]  # KIẾN NGHỊ, ĐỀ XUẤT


def said(n: int) -> str:
    return f"Nội dung thứ {n}: sản lượng tăng 3,5% so với cùng kỳ."


def written() -> Document:
    """The outline as filled in Word: every control's blank line written into, instructions left standing."""
    held = docx.Document(BytesIO(build(ORDER)))
    for n, control in enumerate(held.element.iter(qn("w:sdt"))):
        line = list(control.find(qn("w:sdtContent")).iterchildren(qn("w:p")))[-1]
        docx.text.paragraph.Paragraph(line, held).add_run(said(n))
    return held


def bytes_of(held: Document) -> bytes:
    saved = BytesIO()
    held.save(saved)
    return saved.getvalue()


def without_controls(held: Document) -> Document:
    """Every content control dissolved into what it held."""
    for control in list(held.element.iter(qn("w:sdt"))):
        for block in list(control.find(qn("w:sdtContent"))):
            control.addprevious(block)
        control.getparent().remove(control)
    return held


def without_styles(held: Document) -> Document:
    for node in list(held.element.iter(qn("w:pStyle"))):
        node.getparent().remove(node)
    return held


def renumbered(held: Document) -> Document:
    """As typed anew: "a/ trồng trọt" for "a) Trồng trọt"."""
    for node in held.element.iter(qn("w:t")):
        node.text = (node.text or "").replace("a) ", "a/ ").replace("III. ", "III/ ")
    return held


PROGRAMS: list[tuple[Callable[[Document], Document], Found]] = [
    (lambda held: held, Found.CONTROL),
    (without_controls, Found.STYLE),
    (lambda held: without_styles(without_controls(held)), Found.TEXT),
    (lambda held: renumbered(without_styles(without_controls(held))), Found.TEXT),
]


@pytest.mark.parametrize(("program", "how"), PROGRAMS)
def test_every_piece_is_found_by_control_by_style_or_by_text(
    program: Callable[[Document], Document], how: Found
) -> None:
    found = pieces(bytes_of(program(written())), ORDER.places)
    assert found == tuple(Piece(place, how, (said(n),)) for n, place in enumerate(WRITTEN))


def test_an_outline_nobody_wrote_into_has_only_empty_pieces() -> None:
    assert [piece.lines for piece in pieces(build(ORDER), ORDER.places)] == [()] * len(WRITTEN)


def test_rows_of_a_table_are_lines_under_its_headings() -> None:
    held = written()
    cells = list(list(held.element.iter(qn("w:tbl")))[1].iter(qn("w:tc")))[4:8]
    for cell, text in zip(cells, ("1", "Bổ sung vốn", "Sở Tài chính", "NQ 54"), strict=True):
        docx.text.paragraph.Paragraph(next(cell.iter(qn("w:p"))), held).add_run(text)
    lines = pieces(bytes_of(held), ORDER.places)[-1].lines
    assert lines[:2] == ("TT | Nội dung | Cơ quan xử lý | Căn cứ", "1 | Bổ sung vốn | Sở Tài chính | NQ 54")


def test_a_table_within_a_cell_loses_nothing_of_the_row_around_it() -> None:
    held = docx.Document()
    held.add_paragraph("III. ĐÁNH GIÁ CHUNG")
    outer = held.add_table(2, 2)
    for cell, text in zip(outer.rows[0].cells, ("Lĩnh vực", "Đánh giá"), strict=True):
        cell.text = text
    left, right = outer.rows[1].cells
    left.text = "Kinh tế"
    inner = left.add_table(2, 1)
    inner.rows[0].cells[0].text, inner.rows[1].cells[0].text = "Ngành", "Trồng trọt"
    right.text = "Tốt"
    found = {piece.place.heading: piece for piece in pieces(bytes_of(held), ORDER.places)}
    assert found["III. ĐÁNH GIÁ CHUNG"].lines == ("Ngành", "Trồng trọt", "Lĩnh vực | Đánh giá", "Kinh tế | Tốt")


def test_text_may_stand_on_the_line_of_its_heading() -> None:
    held = docx.Document()
    held.add_paragraph("c) Thu, chi ngân sách: Thu đạt 1.234,5 triệu đồng.")
    held.add_paragraph("Chi đạt 90%.")
    found = {piece.place.heading: piece for piece in pieces(bytes_of(held), ORDER.places)}
    assert found["c) Thu, chi ngân sách"].lines == ("Thu đạt 1.234,5 triệu đồng.", "Chi đạt 90%.")
    assert found["IV. NHIỆM VỤ TRỌNG TÂM THÁNG TỚI"].found is Found.NOWHERE


def test_a_sentence_that_only_mentions_a_heading_is_text() -> None:
    held = docx.Document()
    held.add_paragraph("III. ĐÁNH GIÁ CHUNG")
    held.add_paragraph("Kinh tế")
    held.add_paragraph("Kinh tế phát triển ổn định.")
    held.add_paragraph("Trên đây là báo cáo của xã./.")
    held.add_paragraph("Người gửi")
    found = {piece.place.heading: piece for piece in pieces(bytes_of(held), ORDER.places)}
    assert found["III. ĐÁNH GIÁ CHUNG"].lines == ("Kinh tế", "Kinh tế phát triển ổn định.")


def test_two_headings_of_one_name_are_told_apart_by_their_order() -> None:
    province = order("66")
    held = without_styles(without_controls(docx.Document(BytesIO(build(province)))))
    found = pieces(bytes_of(held), province.places)
    assert {piece.found for piece in found} == {Found.TEXT}


@settings(max_examples=25, deadline=None)
@given(st.lists(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=40), max_size=8))
def test_any_text_gives_one_piece_for_each_place(texts: list[str]) -> None:
    held = docx.Document()
    for text in texts:
        held.add_paragraph(text)
    assert [piece.place for piece in pieces(bytes_of(held), ORDER.places)] == WRITTEN


@pytest.mark.office
def test_the_pieces_survive_libreoffice(tmp_path: Path) -> None:
    saved = convert(bytes_of(written()), "de-cuong.docx", "docx:MS Word 2007 XML", tmp_path)
    found = pieces(saved, ORDER.places)
    assert [piece.lines for piece in found] == [(said(n),) for n in range(len(WRITTEN))]
    assert Found.NOWHERE not in {piece.found for piece in found}
