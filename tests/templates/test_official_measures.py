"""Every measure Nghị định 30/2020, Phụ lục I sets for an administrative document, read from the XML."""

from __future__ import annotations

import zipfile
from datetime import UTC, date, datetime
from io import BytesIO

import docx
import pytest
from docx.oxml.ns import qn
from lxml import etree

from registry.catalogue.model import Unit, UnitKind
from registry.workflow.signing import Standing
from workbook_templates.official import blocks, document
from workbook_templates.official.letterhead import Letterhead, Signature, letterhead, width_in_points
from workbook_templates.official.wordml import twips

AT = datetime(2026, 10, 15, tzinfo=UTC)
BORN = date(2025, 7, 1)
PROVINCE = Unit("66", "Tỉnh Đắk Lắk", UnitKind.PROVINCE, None, 0, BORN, BORN, short_name="Đắk Lắk")
DEPARTMENT = Unit("STC", "Sở Tài chính", UnitKind.DEPARTMENT, "66", 1, BORN, BORN)
COMMUNE = Unit("24211", "Xã Ea Súp", UnitKind.COMMUNE, "66", 2, BORN, BORN, short_name="Ea Súp")
SUBJECT = "Tình hình kinh tế - xã hội tháng 10 và 10 tháng năm 2026; nhiệm vụ trọng tâm tháng 11 năm 2026"
COLUMNS = blocks.LEFT_COLUMN, blocks.RIGHT_COLUMN


def file_of(issuer: Letterhead) -> bytes:
    made = document.blank("Báo cáo", issuer.name, AT)
    body = [*blocks.opening_blocks(issuer, SUBJECT, 2026), *blocks.signature_blocks(issuer)]
    return document.finished(made, body)


class Page:
    """Paragraphs of a document by their text, and how each is set."""

    def __init__(self, issuer: Letterhead) -> None:
        self.root = docx.Document(BytesIO(file_of(issuer))).element

    @property
    def lines(self) -> list[str]:
        return [self.said(line) for line in self.root.iter(qn("w:p")) if self.said(line)]

    def said(self, line: etree._Element) -> str:
        return "".join(node.text or "" for node in line.iter(qn("w:t")))

    def line(self, text: str) -> etree._Element:
        return next(line for line in self.root.iter(qn("w:p")) if self.said(line) == text)

    def look(self, text: str) -> tuple[float, bool, bool, str]:
        """(size in points, bold, italic, alignment) of a line."""
        line = self.line(text)
        size = line.find(f"{qn('w:r')}/{qn('w:rPr')}/{qn('w:sz')}")
        bold, italic = (line.find(f".//{qn(tag)}") is not None for tag in ("w:b", "w:i"))
        align = line.find(f".//{qn('w:jc')}").get(qn("w:val"))
        return 14 if size is None else int(size.get(qn("w:val"))) / 2, bold, italic, align

    def rule_under(self, text: str, column: float) -> float:
        """Length in points of the line drawn under a paragraph, within a column of millimetres."""
        rule = self.line(text).getnext()
        assert rule.find(f".//{qn('w:bottom')}").get(qn("w:val")) == "single"
        indent = rule.find(f".//{qn('w:ind')}")
        left, right = (int(indent.get(qn(f"w:{side}"))) for side in ("left", "right"))
        assert left == right
        return (twips(column) - left - right) / 20


@pytest.mark.parametrize(
    ("unit", "superior", "agency", "place"),
    [
        (PROVINCE, (), ("ỦY BAN NHÂN DÂN", "TỈNH ĐẮK LẮK"), "Đắk Lắk"),
        (COMMUNE, (), ("ỦY BAN NHÂN DÂN", "XÃ EA SÚP"), "Ea Súp"),
        (DEPARTMENT, ("UBND TỈNH ĐẮK LẮK",), ("SỞ TÀI CHÍNH",), "Đắk Lắk"),
    ],
    ids=["province", "commune", "department"],
)
def test_the_head_of_each_kind_of_issuer(
    unit: Unit, superior: tuple[str, ...], agency: tuple[str, ...], place: str
) -> None:
    page = Page(letterhead(unit, PROVINCE))
    symbol = "STC" if unit is DEPARTMENT else "UBND"
    number, day = f"Số:      /BC-{symbol}", f"{place}, ngày      tháng      năm 2026"
    country, motto = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"
    printed = [*superior, *agency, number, country, motto, day, "BÁO CÁO", SUBJECT]
    assert page.lines[: len(printed)] == printed
    assert [page.look(line) for line in superior] == [(13, False, False, "center")] * len(superior)
    assert [page.look(line) for line in agency] == [(13, True, False, "center")] * len(agency)
    assert page.look(number) == (13, False, False, "center")
    assert page.look(country) == (13, True, False, "center")
    assert page.look(motto) == (14, True, False, "center")
    assert page.look(day) == (14, False, True, "center")
    assert page.look("BÁO CÁO") == page.look(SUBJECT) == (14, True, False, "center")
    widest = max(width_in_points(line, 13) for line in agency)
    assert widest / 3 <= page.rule_under(agency[-1], COLUMNS[0]) <= widest / 2
    assert page.rule_under(motto, COLUMNS[1]) == pytest.approx(width_in_points(motto, 14), abs=0.2)
    whole = twips(sum(COLUMNS)) / 20
    assert whole / 3 <= page.rule_under(SUBJECT, sum(COLUMNS)) <= whole / 2


def test_a_short_subject_has_a_line_a_third_to_half_as_long() -> None:
    body = blocks.opening_blocks(letterhead(DEPARTMENT, PROVINCE), "Công tác tháng 10", 2026)
    indent = etree.fromstring(f'<w:p xmlns:w="w">{body[3]}</w:p>').find(".//{w}ind")
    assert indent is not None
    length = (twips(sum(COLUMNS)) - 2 * int(indent.get("{w}left", ""))) / 20
    assert width_in_points("Công tác tháng 10", 14) / 3 <= length <= width_in_points("Công tác tháng 10", 14) / 2


def test_addressees_recipients_and_the_file_have_their_sizes() -> None:
    page = Page(letterhead(COMMUNE, PROVINCE))
    assert page.look("Kính gửi:") == (14, False, False, "left")
    assert page.look("- Ủy ban nhân dân tỉnh;") == page.look("- Sở Tài chính.") == (14, False, False, "left")
    assert page.look("Nơi nhận:") == (12, True, True, "left")
    at = page.lines.index("Nơi nhận:")
    listed = page.lines[at + 1 : page.lines.index("- Lưu: VT, VP.") + 1]
    assert listed[0] == "- Như trên;"
    assert {page.look(line) for line in listed} == {(11, False, False, "left")}


@pytest.mark.parametrize(
    ("unit", "standing", "head", "title", "printed"),
    [
        (COMMUNE, Standing.DIRECT, "Chủ tịch", "Chủ tịch", ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH")),
        (COMMUNE, Standing.FOR, "Chủ tịch", "Phó Chủ tịch",
         ("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH")),
        (PROVINCE, Standing.BY_ORDER, "Chủ tịch", "Chánh Văn phòng", ("TL. CHỦ TỊCH", "CHÁNH VĂN PHÒNG")),
        (PROVINCE, Standing.BY_MANDATE, "Chủ tịch", "Giám đốc", ("TUQ. CHỦ TỊCH", "GIÁM ĐỐC")),
        (DEPARTMENT, Standing.DIRECT, "Giám đốc", "Giám đốc", ("GIÁM ĐỐC",)),
        (DEPARTMENT, Standing.FOR, "Giám đốc", "Phó Giám đốc", ("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC")),
        (DEPARTMENT, Standing.ACTING, "Giám đốc", "Giám đốc", ("Q. GIÁM ĐỐC",)),
    ],
)  # fmt: skip
def test_the_signers_block_of_each_capacity(
    unit: Unit, standing: Standing, head: str, title: str, printed: tuple[str, ...]
) -> None:
    issuer = letterhead(unit, PROVINCE, Signature(standing, title, head, "Nguyễn Văn Bình"))
    page = Page(issuer)
    assert issuer.signer == printed
    assert page.lines[-len(printed) - 1 :] == [*printed, "Nguyễn Văn Bình"]
    assert {page.look(line) for line in (*printed, "Nguyễn Văn Bình")} == {(14, True, False, "center")}


def test_paper_margins_and_page_numbers() -> None:
    (section,) = docx.Document(BytesIO(file_of(letterhead(PROVINCE, PROVINCE)))).sections
    lengths = (section.page_width, section.page_height, section.top_margin, section.bottom_margin)
    sides = (section.left_margin, section.right_margin, section.header_distance)
    assert [round(length / 36000) for length in (*lengths, *sides)] == [210, 297, 20, 20, 30, 15, 10]
    assert section._sectPr.find(qn("w:titlePg")) is not None
    assert section._sectPr.find(qn("w:pgNumType")).get(qn("w:start")) == "1"
    header = section.header._element
    assert header.find(f".//{qn('w:jc')}").get(qn("w:val")) == "center"
    assert header.find(f".//{qn('w:sz')}").get(qn("w:val")) == "28"
    assert header.find(f".//{qn('w:fldSimple')}").get(qn("w:instr")).strip() == "PAGE"
    assert not section.first_page_header._element.findall(f".//{qn('w:r')}")


def test_no_part_names_another_font_or_colour() -> None:
    package = zipfile.ZipFile(BytesIO(file_of(letterhead(PROVINCE, PROVINCE))))
    assert not [name for name in package.namelist() if "theme" in name or "thumbnail" in name]
    scripts = tuple(qn(f"w:{script}") for script in ("ascii", "hAnsi", "eastAsia", "cs"))
    for name in (name for name in package.namelist() if name.startswith("word/") and name.endswith(".xml")):
        root = etree.fromstring(package.read(name))
        fonts = [fonts.get(script) for fonts in root.iter(qn("w:rFonts")) for script in scripts]
        fonts += [font.get(qn("w:name")) for font in root.iter(qn("w:font"))]
        assert set(fonts) <= {"Times New Roman", None}, name
        assert not list(root.iter(qn("w:color"))), name
    defaults = etree.fromstring(package.read("word/styles.xml")).find(qn("w:docDefaults"))
    assert defaults is not None
    assert [defaults.find(f".//{qn('w:rFonts')}").get(script) for script in scripts] == ["Times New Roman"] * 4  # type: ignore[union-attr]
    assert defaults.find(f".//{qn('w:sz')}").get(qn("w:val")) == "28"  # type: ignore[union-attr]


def test_the_same_document_has_the_same_bytes() -> None:
    assert file_of(letterhead(COMMUNE, PROVINCE)) == file_of(letterhead(COMMUNE, PROVINCE))
