"""The outline of a unit's report: its headings, its layout, and what a clerk may write into it."""

from __future__ import annotations

import zipfile
from io import BytesIO

import docx
import pytest
from docx.document import Document
from docx.oxml.ns import qn

from registry import sample
from registry.periods import parse
from workbook_templates.outline import OutlineOrder, build, level_of, places

MM = 36_000  # EMU


def order(unit: str, period: str = "202610") -> OutlineOrder:
    catalogue = sample.catalogue()
    units = {one.code: one for one in catalogue.units if one.valid_to is None}
    outlines = {one.code: one for one in catalogue.outlines}
    regime = next(one for one in catalogue.regimes if one.code == "KTXH")
    who, when = units[unit], parse(period)
    outline = outlines[dict(regime.outlines)[level_of(who)]]
    return OutlineOrder(outline, places(outline, when, who, outlines["KTXH-TINH"]), regime, who, units["66"], when)


def opened(one: OutlineOrder) -> Document:
    return docx.Document(BytesIO(build(one)))


def texts(held: Document) -> list[str]:
    return ["".join(node.text or "" for node in line.iter(qn("w:t"))) for line in held.element.iter(qn("w:p"))]


def test_a_communes_outline_has_every_heading_in_order_as_a_named_style() -> None:
    held = opened(order("24211"))
    headings = [line for line in held.element.iter(qn("w:p")) if _style(line).startswith("Heading")]
    assert [("".join(node.text or "" for node in line.iter(qn("w:t"))), _style(line)) for line in headings[:5]] == [
        ("I. CÔNG TÁC CHỈ ĐẠO, ĐIỀU HÀNH", "Heading1"),
        ("II. KẾT QUẢ THỰC HIỆN", "Heading1"),
        ("1. Kinh tế", "Heading2"),
        ("a) Sản xuất nông, lâm nghiệp, thủy sản, nông thôn mới", "Heading3"),
        ("b) Tiểu thủ công nghiệp, thương mại, dịch vụ", "Heading3"),
    ]
    assert len(headings) == len(order("24211").places)


def _style(line: object) -> str:
    node = next(line.iter(qn("w:pStyle")), None)  # type: ignore[attr-defined]
    return "" if node is None else str(node.get(qn("w:val")))


def test_each_heading_that_holds_no_other_has_a_locked_content_control() -> None:
    one = order("24211")
    tags = [node.get(qn("w:val")) for node in opened(one).element.iter(qn("w:tag"))]
    assert tags == [place.tag for place in one.places if place.is_written]
    assert {place.heading for place in one.places if not place.is_written} == {"II. KẾT QUẢ THỰC HIỆN", "1. Kinh tế"}
    locks = {node.get(qn("w:val")) for node in opened(one).element.iter(qn("w:lock"))}
    assert locks == {"sdtLocked"}


def test_instructions_and_the_table_of_proposals_stand_in_their_places() -> None:
    said = texts(opened(order("24211")))
    assert "[Chỉ nội dung không mật.]" in said
    assert any("Báo cáo không quá 4 trang" in text for text in said)
    assert [text for text in said if text in ("TT", "Nội dung", "Cơ quan xử lý", "Căn cứ")] == [
        "TT",
        "Nội dung",
        "Cơ quan xử lý",
        "Căn cứ",
    ]


def test_a_communes_paper_has_no_superior_line_and_a_departments_has() -> None:
    commune, department = texts(opened(order("24211"))), texts(opened(order("SNNMT")))
    assert commune[:2] == ["ỦY BAN NHÂN DÂN", "XÃ EA SÚP"]
    assert department[:2] == ["UBND TỈNH ĐẮK LẮK", "SỞ NÔNG NGHIỆP VÀ MÔI TRƯỜNG"]
    assert "Ea Súp, ngày      tháng      năm 2026" in commune
    assert "Số:      /BC-UBND" in commune
    assert [one for one in commune if one.startswith("- ")][:2] == ["- Ủy ban nhân dân tỉnh;", "- Sở Tài chính."]
    assert "- Lưu: VT, VP." in commune
    assert commune[commune.index("TM. ỦY BAN NHÂN DÂN") + 1] == "CHỦ TỊCH"
    assert any(text.endswith("kính báo cáo./.") for text in commune)


def test_a_department_writes_under_the_provinces_headings_it_owns() -> None:
    headings = [place.heading for place in order("SNNMT").places]
    assert headings[:4] == [
        "I. TÌNH HÌNH, KẾT QUẢ THỰC HIỆN",
        "1. Nông, lâm nghiệp, thủy sản; nông thôn mới; phòng, chống thiên tai",
        "a) Trồng trọt",
        "b) Chăn nuôi, thú y",
    ]
    assert "2. Quy hoạch, đất đai, tài nguyên, môi trường, giải phóng mặt bằng" in headings
    assert headings[-1] == "IV. KIẾN NGHỊ, ĐỀ XUẤT"


def test_headings_open_only_in_their_periods_and_annexes_are_not_written() -> None:
    assert not any("Tăng trưởng kinh tế" in place.heading for place in order("TKE").places)
    assert any("Tăng trưởng kinh tế" in place.heading for place in order("TKE", "202609").places)
    assert not any(place.heading.startswith("Phụ lục") for place in order("66").places)
    assert "THÁNG 10 VÀ 10 THÁNG NĂM 2026" in order("66").places[0].heading


def test_paper_margins_fonts_and_numbers_are_those_of_the_decree() -> None:
    held = opened(order("24211"))
    (section,) = held.sections
    assert [round(length / MM) for length in (section.page_width, section.page_height)] == [210, 297]
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    for margin, (least, most) in zip(margins, ((20, 25), (20, 25), (30, 35), (15, 20)), strict=True):
        assert margin is not None
        assert least * MM - 400 <= margin <= most * MM + 400
    assert section.different_first_page_header_footer
    assert "PAGE" in held.sections[0].header._element.xml
    styles = zipfile.ZipFile(BytesIO(build(order("24211")))).read("word/styles.xml").decode()
    assert "Theme=" not in styles
    for level in range(1, 6):
        style = held.styles[f"Heading {level}"]
        assert (style.font.name, style.font.size.pt) == ("Times New Roman", 14)
        assert style.font.color.rgb is None  # automatic: black
    body = next(line for line in held.paragraphs if line.text.startswith("Trên đây là"))
    assert body.paragraph_format.first_line_indent is not None
    assert 10 <= body.paragraph_format.first_line_indent.mm <= 12.8
    assert body.paragraph_format.space_before is not None
    assert body.paragraph_format.space_before.pt >= 6


@pytest.mark.parametrize("unit", ["24211", "SNNMT", "66"])
def test_equal_orders_give_equal_bytes_and_name_whose_they_are(unit: str) -> None:
    one = order(unit)
    assert build(one) == build(one)
    assert opened(one).core_properties.keywords == f"BC:{one.outline.code}/202610/{unit}"
    assert len({place.tag for place in one.places}) == len(one.places)
