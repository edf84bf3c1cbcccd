"""The compiled report against the measures of Nghị định 30/2020, read from the XML of the docx."""

from __future__ import annotations

import subprocess
import zipfile
from dataclasses import replace
from datetime import datetime
from functools import partial
from io import BytesIO
from pathlib import Path

import docx
import pytest
from docx.document import Document
from docx.oxml.ns import qn
from lxml import etree

from compile import document, workbook
from compile.foot import foot_of
from compile.model import Before, Narrative, Occasion
from ingest.office import Office
from registry.catalogue.model import Counts, Heading, Outline, Unit
from registry.periods.deadline import LOCAL
from tests.compile.office import convert
from tests.compile.small_report import (
    EA_SUP,
    PROVINCE,
    REGIME,
    SNNMT,
    TKE,
    TUY_HOA,
    ReportBuilder,
    a_full_report,
    a_narrative,
    a_report,
    due_from,
)
from tests.compile.stories import a_png, a_story, controlled, drawn, in_list, p, packed, r
from tests.compile.test_unit_narratives import LISTS
from workbook_templates.official.letterhead import letterhead, width_in_points

MM = 36_000  # EMU


def opened(report: ReportBuilder) -> Document:
    return docx.Document(BytesIO(document.build(report.compiled)))


def text_of(held: Document) -> str:
    return "\n".join("".join(node.text or "" for node in line.iter(qn("w:t"))) for line in held.element.iter(qn("w:p")))


def paragraph_with(held: Document, text: str) -> object:
    for line in held.element.iter(qn("w:p")):
        if text in "".join(node.text or "" for node in line.iter(qn("w:t"))):
            return line
    raise AssertionError(text)


def size_of(held: Document, text: str) -> float:
    node = next(paragraph_with(held, text).iter(qn("w:sz")), None)  # type: ignore[attr-defined]
    return 14.0 if node is None else int(node.get(qn("w:val"))) / 2


def test_paper_and_margins_are_those_of_the_decree() -> None:
    body, annex, *_ = opened(a_full_report()).sections
    assert [round(length / MM) for length in (body.page_width, body.page_height)] == [210, 297]
    assert [round(length / MM) for length in (annex.page_width, annex.page_height)] == [297, 210]
    for section in (body, annex):
        margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
        for margin, (least, most) in zip(margins, ((20, 25), (20, 25), (30, 35), (15, 20)), strict=True):
            assert margin is not None
            assert least * MM - 400 <= margin <= most * MM + 400


def test_every_letter_is_times_new_roman() -> None:
    package = zipfile.ZipFile(BytesIO(document.build(a_full_report().compiled)))
    styles = package.read("word/styles.xml").decode()
    assert "Theme=" not in styles
    assert "Calibri" not in styles
    assert "Cambria" not in styles
    held = opened(a_full_report())
    assert held.styles["Normal"].font.name == "Times New Roman"
    assert held.styles["Normal"].font.size.pt == 14


def test_the_letterhead_has_the_sizes_of_the_decree() -> None:
    held = opened(a_full_report())
    assert size_of(held, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM") in (12, 13)
    assert size_of(held, "Độc lập - Tự do - Hạnh phúc") in (13, 14)
    assert size_of(held, "TỈNH ĐẮK LẮK") in (12, 13)
    assert size_of(held, "/BC-UBND") == 13
    assert size_of(held, "Đắk Lắk, ngày") in (13, 14)
    assert size_of(held, "Nơi nhận:") == 12
    assert size_of(held, "Lưu: VT, TH.") == 11


def test_number_and_date_stay_blank() -> None:
    text = text_of(opened(a_full_report()))
    assert "Số:      /BC-UBND" in text
    assert "Đắk Lắk, ngày      tháng      năm 2026" in text


def test_a_peoples_committee_has_nobody_above_it() -> None:
    assert letterhead(PROVINCE, PROVINCE).superior == ()
    assert "UBND TỈNH ĐẮK LẮK" not in text_of(opened(a_full_report()))


def test_a_commune_writes_its_own_place_and_a_department_the_provinces() -> None:
    commune, department = letterhead(EA_SUP, PROVINCE), letterhead(SNNMT, PROVINCE)
    assert (commune.agency, commune.superior) == (("ỦY BAN NHÂN DÂN", "XÃ EA SÚP"), ())
    assert (commune.place, commune.symbol, commune.signer) == ("Ea Súp", "UBND", ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"))
    assert (commune.name, commune.kind) == ("Ủy ban nhân dân xã Ea Súp", "commune")
    assert (department.superior, department.agency) == (("UBND TỈNH ĐẮK LẮK",), ("SỞ NÔNG NGHIỆP VÀ MÔI TRƯỜNG",))
    assert (department.place, department.symbol, department.signer) == ("Đắk Lắk", "SNNMT", ("GIÁM ĐỐC",))


def test_a_departments_document_bears_the_superior_line_not_bold() -> None:
    held = opened(a_full_report().having(issuer=SNNMT))
    superior = paragraph_with(held, "UBND TỈNH ĐẮK LẮK")
    assert not list(superior.iter(qn("w:b")))  # type: ignore[attr-defined]
    assert list(paragraph_with(held, "SỞ NÔNG NGHIỆP VÀ MÔI TRƯỜNG").iter(qn("w:b")))  # type: ignore[attr-defined]


def test_the_line_under_the_motto_is_as_long_as_the_motto() -> None:
    held = opened(a_full_report())
    motto = paragraph_with(held, "Độc lập - Tự do - Hạnh phúc")
    rule = motto.getnext()  # type: ignore[attr-defined]
    indent = next(rule.iter(qn("w:ind")))
    column = 102 / 25.4 * 1440
    length = column - int(indent.get(qn("w:left"))) - int(indent.get(qn("w:right")))
    assert length / 20 == pytest.approx(width_in_points("Độc lập - Tự do - Hạnh phúc", 14), abs=1)
    assert next(rule.iter(qn("w:bottom"))).get(qn("w:val")) == "single"


def test_page_numbers_stand_centred_at_the_top_and_not_on_a_first_page() -> None:
    for section in opened(a_full_report()).sections:
        assert section.different_first_page_header_footer
        header = section.header._element
        assert next(header.iter(qn("w:fldSimple"))).get(qn("w:instr")).strip() == "PAGE"
        assert next(header.iter(qn("w:jc"))).get(qn("w:val")) == "center"
        assert not list(section.first_page_header._element.iter(qn("w:fldSimple")))
        assert section._sectPr.find(qn("w:pgNumType")).get(qn("w:start")) == "1"


def test_body_text_is_justified_with_an_indented_first_line() -> None:
    line = paragraph_with(opened(a_full_report()), "Số liệu tổng hợp đến")
    assert next(line.iter(qn("w:jc"))).get(qn("w:val")) == "both"  # type: ignore[attr-defined]
    first = int(next(line.iter(qn("w:ind"))).get(qn("w:firstLine")))  # type: ignore[attr-defined]
    assert 10 <= first / 1440 * 25.4 <= 12.71
    spacing = next(line.iter(qn("w:spacing")))  # type: ignore[attr-defined]
    assert int(spacing.get(qn("w:before"))) >= 120
    assert 240 <= int(spacing.get(qn("w:line"))) <= 360


def test_title_signature_and_end_are_in_place() -> None:
    text = text_of(opened(a_full_report()))
    for piece in (
        "BÁO CÁO",
        "Tình hình kinh tế tháng 10 và 10 tháng năm 2026",
        "Kính gửi:",
        "TM. ỦY BAN NHÂN DÂN",
        "CHỦ TỊCH",
        "kính báo cáo./.",
        "Lưu: VT, TH.",
    ):
        assert piece in text
    assert "{" not in text


def test_a_report_of_reviewed_figures_says_so() -> None:
    said = "Chỉ tổng hợp số liệu đã được cơ quan quản lý ngành, lĩnh vực rà soát."
    report = a_report().gives(EA_SUP, {"SUM.c06": 1})
    assert said not in text_of(opened(report))
    assert said in text_of(opened(report.having(regime=replace(REGIME, counts=Counts.REVIEWED))))


def test_one_addressee_stands_on_the_line_itself() -> None:
    text = text_of(opened(a_full_report().having(addressees=("Văn phòng Chính phủ",))))
    assert "Kính gửi: Văn phòng Chính phủ." in text


def test_annexes_are_numbered_and_named_with_the_report_they_belong_to() -> None:
    text = text_of(opened(a_full_report()))
    assert text.index("Phụ lục I\nBIỂU NHỎ") < text.index("Phụ lục II\nTÌNH HÌNH GỬI BÁO CÁO")
    attached = "(Kèm theo Báo cáo số      /BC-UBND ngày      tháng      năm 2026 của Ủy ban nhân dân tỉnh Đắk Lắk)"
    assert text.count(attached) == 2


def test_each_section_counts_its_own_pages_and_only_a_wide_table_lies_across() -> None:
    held = opened(a_full_report().having(narratives=(a_narrative(SNNMT, a_story("Lời của sở.")),)))
    assert [section.page_width > section.page_height for section in held.sections] == [False, True, False, False]
    carriers = [one for one in held.element.iter(qn("w:p")) if one.find(f"{qn('w:pPr')}/{qn('w:sectPr')}") is not None]
    assert len(carriers) == 3
    assert {one.find(f".//{qn('w:spacing')}").get(qn("w:line")) for one in carriers} == {"20"}
    for title in ("Phụ lục I", "BIỂU NHỎ", "Phụ lục III", "BÁO CÁO THUYẾT MINH CỦA CÁC CƠ QUAN, ĐỊA PHƯƠNG"):
        line = paragraph_with(held, title)
        assert list(line.iter(qn("w:b")))  # type: ignore[attr-defined]
        assert next(line.iter(qn("w:jc"))).get(qn("w:val")) == "center"  # type: ignore[attr-defined]
    assert list(paragraph_with(held, "(Kèm theo Báo cáo số").iter(qn("w:i")))  # type: ignore[attr-defined]


def test_a_report_of_many_annexes_numbers_them_all() -> None:
    forms = (a_full_report().order.forms[0],) * 9
    text = text_of(opened(a_report().having(forms=forms)))
    assert "Phụ lục IX" in text
    assert "Phụ lục X\n" in text


def test_a_tables_head_is_repeated_and_its_rows_are_never_broken() -> None:
    held = opened(a_full_report())
    tables = [one for one in held.element.iter(qn("w:tbl")) if list(one.iter(qn("w:tblHeader")))]
    assert len(tables) == 2
    for table in tables:
        rows = list(table.iter(qn("w:tr")))
        assert all(list(row.iter(qn("w:cantSplit"))) for row in rows)
        widths = [int(column.get(qn("w:w"))) for column in table.iter(qn("w:gridCol"))]
        for row in rows:
            spans = [
                int(span.get(qn("w:val")))
                if (span := cell.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}")) is not None
                else 1
                for cell in row.iter(qn("w:tc"))
            ]
            assert sum(spans) == len(widths)


def test_missing_units_are_named_in_the_body_and_in_the_annex() -> None:
    text = text_of(opened(a_full_report()))
    assert "còn thiếu: Phường Tuy Hòa" in text
    assert "Số liệu 2/3 xã, phường" in text


def test_timeliness_names_who_was_late_by_working_days() -> None:
    from registry.periods import WorkingCalendar

    due = datetime(2026, 10, 16, 17, 0, tzinfo=LOCAL)
    late = datetime(2026, 10, 19, 8, 0, tzinfo=LOCAL)  # a Monday; the deadline was a Friday
    report = (
        a_report()
        .gives(EA_SUP, {"SUM.c06": 1})
        .gives(SNNMT, {"SAID.c06": 1})
        .having(sendings=due_from(due, {EA_SUP: None, SNNMT: late, TUY_HOA: None}), calendar=WorkingCalendar())
    )
    text = text_of(opened(report))
    assert "Gửi trễ hạn (1 ngày làm việc)" in text
    assert text.count("Quá hạn, chưa gửi") == 2
    assert text.count("Quá hạn, chưa gửi; số liệu đã duyệt, chưa gửi báo cáo") == 1  # Ea Súp's figures count already
    assert "Sở, ban, ngành: 1/2 đã gửi, trong đó 0 đúng hạn, 1 trễ hạn; 1 chưa gửi." in text


def test_a_unit_entered_for_by_a_document_is_printed_so() -> None:
    by_document = ("125/HQ-NV", datetime(2026, 10, 14, tzinfo=LOCAL).date())
    text = text_of(opened(a_report().gives(EA_SUP, {"SUM.c06": 1}, by_document=by_document)))
    assert "; nhập thay theo văn bản số 125/HQ-NV ngày 14/10/2026, không phải phê duyệt của đơn vị" in text
    assert "nhập thay" not in text_of(opened(a_full_report()))


def test_narratives_follow_in_the_official_order_under_their_own_headings() -> None:
    report = a_full_report().having(
        narratives=(a_narrative(TUY_HOA, a_story("Lời của phường.")), a_narrative(SNNMT, a_story("Lời của sở.")))
    )
    text = text_of(opened(report))
    assert text.index("1. Báo cáo thuyết minh của Sở Nông nghiệp và Môi trường") < text.index("Lời của sở.")
    assert text.index("Lời của sở.") < text.index("2. Báo cáo thuyết minh của Phường Tuy Hòa")
    assert text.index("2. Báo cáo thuyết minh của Phường Tuy Hòa") < text.index("Lời của phường.")
    assert "Phụ lục III\nBÁO CÁO THUYẾT MINH" in text


def test_a_narrative_that_cannot_be_read_is_named_with_its_file() -> None:
    report = a_full_report().having(narratives=(a_narrative(SNNMT, b"PK\x03\x04 cut off", "bao cao.docx"),))
    assert [one.code for one in report.compiled.findings] == ["compile-narrative-unreadable"]
    assert "Tệp thuyết minh “bao cao.docx” của Sở Nông nghiệp và Môi trường không đọc được" in text_of(opened(report))


def test_an_outline_orders_the_body_and_points_to_the_owners_words() -> None:
    outline = Outline(
        "DC",
        "Đề cương",
        "tỉnh",
        (
            Heading("Phần thứ nhất.", "TÌNH HÌNH THÁNG {m}", 1),
            Heading("1.", "Chăn nuôi, thú y", 2, ("SNNMT",)),
            Heading("2.", "Thương mại, giá cả, ngân sách", 2, ("TKE",)),
            Heading("Phụ lục I.", "Các chỉ tiêu", 1),
        ),
    )
    report = a_full_report().having(outline=outline, narratives=(a_narrative(SNNMT, a_story("Lời của sở.")),))
    text = text_of(opened(report))
    assert "Phần thứ nhất. TÌNH HÌNH THÁNG 10" in text
    assert text.index("1. Chăn nuôi, thú y") < text.index("- Đàn bò ước 1.000 con") < text.index("2. Thương mại")
    assert "thuyết minh của: Sở Nông nghiệp và Môi trường (Phụ lục III)." in text
    assert "Phụ lục I. Các chỉ tiêu" not in text


def test_the_same_report_gives_the_same_bytes() -> None:
    assert document.build(a_full_report().compiled) == document.build(a_full_report().compiled)


def test_hostile_letters_in_names_do_not_break_the_file() -> None:
    report = a_full_report().having(addressees=("Sở <A> & \x0bB",))
    assert "Kính gửi: Sở <A> & B." in text_of(opened(report))


def test_a_regime_of_narratives_alone_is_compiled_too() -> None:
    report = a_report().having(forms=(), narratives=(a_narrative(SNNMT, a_story("Lời của sở.")),))
    assert "Lời của sở." in text_of(opened(report))
    assert workbook.build(report.compiled).startswith(b"PK")


@pytest.mark.office
def test_libreoffice_prints_it_with_letterhead_first_and_annexes_last(tmp_path: Path) -> None:
    report = a_full_report().having(narratives=(a_narrative(SNNMT, a_story("Lời của sở.")),))
    pdf = convert(document.build(report.compiled), "report.docx", "pdf", tmp_path)
    assert pdf.startswith(b"%PDF")
    assert pdf.count(b"/Type/Page\n") + pdf.count(b"/Type/Page/") >= 4


# --- what comes with a narrative -------------------------------------------------------------------------------------


def with_story(data: bytes, who: Unit = SNNMT) -> ReportBuilder:
    return a_full_report().having(narratives=(a_narrative(who, data),))


def parts_of(report: ReportBuilder) -> zipfile.ZipFile:
    return zipfile.ZipFile(BytesIO(document.build(report.compiled)))


def test_pictures_come_along_once_each_no_wider_than_the_page() -> None:
    body = p("", "", drawn("h.png", 18_000_000, 9_000_000)) + p("", "", drawn("h.png", 900_000, 450_000))
    wide = p("", "", drawn("h.png", 18_000_000, 9_000_000))
    cell = f"<w:tbl><w:tr><w:tc>{wide}</w:tc><w:tc><w:p/></w:tc></w:tr></w:tbl>"
    report = with_story(packed(body + cell, {"h.png": a_png((b"tEXt", b"secret"))}))
    package = parts_of(report)
    assert [name for name in package.namelist() if "media" in name] == ["word/media/h1.png"]
    assert package.read("word/media/h1.png") == a_png()
    inline = opened(report).inline_shapes
    assert [round(shape.width / MM) for shape in inline] == [165, 25, 81]
    assert [round(shape.height / MM) for shape in inline] == [82, 12, 41]
    names = [shape._inline.docPr.get("id") for shape in inline]
    assert names == ["1", "2", "3"]
    held = opened(report)
    assert [rel.target_part.blob for rel in held.part.rels.values() if rel.reltype.endswith("/image")] == [a_png()]


def test_a_picture_without_size_and_one_beyond_the_room_of_the_report_are_told_where_they_stood(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told = "(Một hình của tệp gốc không đưa vào"
    assert told in text_of(opened(with_story(packed(p("", "", drawn("h.png", 0, 5)), {"h.png": a_png()}))))
    fitting = with_story(packed(p("", "", drawn("h.png")), {"h.png": a_png()}))
    assert told not in text_of(opened(fitting))
    monkeypatch.setattr("compile.attaching.MOST_BYTES", len(a_png()) - 1)
    assert told in text_of(opened(fitting))


def test_numbers_no_program_writes_do_not_reach_the_file() -> None:
    cut = '<a:srcRect l="99999999999" t="-9999999999"/>'
    row = "<w:tr>" + f"<w:tc>{p('ô')}</w:tc>" * 64 + "</w:tr>"
    report = with_story(packed(p("", "", drawn("h.png", more=cut)) + f"<w:tbl>{row}</w:tbl>", {"h.png": a_png()}))
    body = parts_of(report).read("word/document.xml").decode()
    assert '<a:srcRect l="100000" t="-100000"/>' in body
    assert "; ".join(["ô"] * 64) in text_of(opened(report))


def test_footnotes_are_numbered_through_the_report() -> None:
    note = '<w:footnote w:id="7">' + p("Theo <A>".replace("<", "&lt;")) + "</w:footnote>"
    data = packed(p("Số liệu", "", '<w:r><w:footnoteReference w:id="7"/></w:r>'), footnotes=note)
    report = a_full_report().having(narratives=(a_narrative(SNNMT, data), a_narrative(TUY_HOA, data)))
    package = parts_of(report)
    notes = etree.fromstring(package.read("word/footnotes.xml"))
    texts = ["".join(note.itertext()) for note in notes]
    assert [note.get(qn("w:id")) for note in notes] == ["-1", "0", "1", "2"]
    assert texts[2:] == [" Theo <A>", " Theo <A>"]
    body = etree.fromstring(package.read("word/document.xml"))
    assert [mark.get(qn("w:id")) for mark in body.iter(qn("w:footnoteReference"))] == ["1", "2"]


def test_fonts_and_sizes_of_narratives_are_the_documents_own() -> None:
    look = '<w:rFonts w:ascii=".VnTime"/><w:sz w:val="40"/><w:color w:val="FF0000"/>'
    package = parts_of(with_story(packed(p("", "", r("Chữ lạ", look)))))
    assert all(b".VnTime" not in package.read(name) for name in package.namelist())
    body = etree.fromstring(package.read("word/document.xml"))
    assert not list(body.iter(qn("w:color")))


def test_a_narratives_list_has_its_numbers_in_the_report() -> None:
    two = packed(p("Một", in_list(1)) + p("Hai", in_list(1)), numbering=LISTS)
    text = text_of(opened(a_full_report().having(narratives=(a_narrative(SNNMT, two), a_narrative(TUY_HOA, two)))))
    assert text.count("1. Một\n2. Hai") == 2


def test_what_is_not_carried_is_named() -> None:
    comment = f'<w:comment w:id="0" w:author="Hoa">{p("Xem lại")}</w:comment>'
    body = p("Chữ", "", f"<w:ins>{r('thêm')}</w:ins>" + drawn("h.emf"))
    told = with_story(packed(body, {"h.emf": b"EMF"}, comments=comment)).compiled.findings
    assert [one.code for one in told] == [f"compile-narrative-{what}" for what in ("comments", "changes", "pictures")]
    assert dict(told[0].values)["said"] == "Hoa: Xem lại"
    assert with_story(packed(p("Chữ"))).compiled.findings == ()


def test_twenty_comments_are_listed_and_of_more_that_there_are() -> None:
    def told(count: int) -> str:
        comments = "".join(f'<w:comment w:author="A">{p(str(n))}</w:comment>' for n in range(count))
        return dict(with_story(packed(p("Chữ"), comments=comments)).compiled.findings[0].values)["said"]

    assert told(20).endswith("A: 19")
    assert told(21).endswith("A: 19; …")


def test_version_and_workbook_are_told_under_every_page_of_body_and_annexes() -> None:
    foot = foot_of("3f2a9c4107be55d0" + "0" * 48, "a" * 64)
    held = docx.Document(BytesIO(document.build(a_full_report().compiled, foot)))
    assert len(held.sections) > 1
    for section in held.sections:
        for part in (section.footer, section.first_page_footer):
            assert [line.text for line in part.paragraphs] == ["Mã bản: 3f2a-9c41-07be-55d0", foot[1]]
    assert document.build(a_full_report().compiled, foot) == document.build(a_full_report().compiled, foot)


@pytest.mark.office
def test_the_pdf_is_one_archival_file_with_every_annex_its_fonts_and_what_ties_it_to_the_workbook(
    tmp_path: Path,
) -> None:
    report = a_full_report().compiled
    printed = Office().pdf(document.build(report, foot_of("1" * 64, "a" * 64)))

    path = tmp_path / "bao-cao.pdf"
    path.write_bytes(printed)
    tell = partial(subprocess.run, capture_output=True, text=True, check=True)
    text = tell(["pdftotext", "-layout", str(path), "-"]).stdout
    pages = text.split("\f")[:-1]
    fonts = tell(["pdffonts", str(path)]).stdout.splitlines()[2:]
    assert "BÁO CÁO" in pages[0]
    assert all("a" * 64 in page and "Mã bản: 1111-1111-1111-1111" in page for page in pages)
    assert text.count("(Kèm theo Báo cáo số") == len(docx.Document(BytesIO(document.build(report))).sections) - 1
    assert fonts
    assert all(" yes " in line for line in fonts), "every font is embedded"
    assert b"<pdfaid:part>2</pdfaid:part>" in printed
    assert b"/Outlines" in printed
    tell(["pdftoppm", "-r", "40", "-png", str(path), str(tmp_path / "trang")])
    assert len(list(tmp_path.glob("trang*.png"))) == len(pages)


# --- merged heading by heading ---------------------------------------------------------------------------------------

OUTLINE = Outline(
    "TINH",
    "Đề cương",
    "tỉnh",
    (
        Heading("1.", "Chăn nuôi, thú y", 2, ("SNNMT",)),
        Heading("2.", "Thương mại, giá cả, ngân sách", 2, ("TKE",)),
        Heading("3.", "Kiến nghị", 2),
    ),
)
OF_COMMUNES = Outline("XA", "Đề cương", "xã", (Heading("I.", "Kinh tế", 1), Heading("II.", "Xã hội", 1)))


def with_outlines(*narratives: Narrative, communes: str = "") -> str:
    held = a_full_report().having(
        outline=OUTLINE, outlines={"xã": OF_COMMUNES}, narratives=narratives, communes_under=communes
    )
    return text_of(opened(held))


def test_departments_words_stand_under_the_headings_with_the_unit_named() -> None:
    cattle = controlled("BC:TINH:00", p("Đàn bò khỏe."))
    asks = [controlled("BC:TINH:02", p(f"Đề nghị {n}.")) for n in (1, 2)]
    text = with_outlines(a_narrative(TKE, packed(asks[1])), a_narrative(SNNMT, packed(cattle + asks[0])))
    order = (
        "1. Chăn nuôi",
        "- Đàn bò ước 1.000 con",
        "Sở Nông nghiệp và Môi trường:\nĐàn bò khỏe.",
        "2. Thương mại",
        "3. Kiến nghị",
        "Sở Nông nghiệp và Môi trường:\nĐề nghị 1.\nThống kê tỉnh:\nĐề nghị 2.",
        "Trên đây là báo cáo",
    )
    places = [text.index(piece) for piece in order]
    assert places == sorted(places)
    assert "BÁO CÁO THUYẾT MINH" not in text
    assert "Nội dung chi tiết" not in text


def test_communes_words_come_on_demand_and_by_heading() -> None:
    told = [
        a_narrative(EA_SUP, packed(controlled("BC:XA:00", p("Lúa tốt.")) + controlled("BC:XA:01", p("Trường mới."))))
    ]
    assert "Lúa tốt." not in with_outlines(*told)
    everything = with_outlines(*told, communes="*")
    assert "Phụ lục III\nTHUYẾT MINH CỦA CÁC XÃ, PHƯỜNG" in everything
    assert "I. Kinh tế\nXã Ea Súp:\nLúa tốt.\nII. Xã hội\nXã Ea Súp:\nTrường mới." in everything
    one = with_outlines(*told, communes="BC:XA:01")
    assert "Trường mới." in one
    assert "Lúa tốt." not in one


def test_footnotes_of_body_and_annex_are_numbered_in_the_order_they_stand() -> None:
    note = '<w:footnote w:id="1">' + p("{}") + "</w:footnote>"
    mark = p("Chữ", "", '<w:r><w:footnoteReference w:id="1"/></w:r>')
    first = packed(controlled("BC:TINH:02", mark), footnotes=note.format("một"))
    last = packed(mark, footnotes=note.format("hai"))
    report = a_full_report().having(outline=OUTLINE, narratives=(a_narrative(SNNMT, last), a_narrative(TKE, first)))
    body = etree.fromstring(parts_of(report).read("word/document.xml"))
    assert [one.get(qn("w:id")) for one in body.iter(qn("w:footnoteReference"))] == ["1", "2"]


# --- in place of one that was sent (đính chính) ----------------------------------------------------------------------


def as_sent(report: ReportBuilder) -> Before:
    """A report as it was sent, from versions before those that count now."""
    (form,) = report.order.forms
    sources = tuple(replace(one, version_id=one.version_id + 100) for one in form.sources)
    figures = tuple(one._replace(version_id=one.version_id + 100) for one in form.figures)
    return Before("lần 1", replace(report.order, forms=(replace(form, sources=sources, figures=figures),)))


def test_a_version_after_a_sent_one_says_what_it_replaces_and_which_figures_are_corrected() -> None:
    now = a_full_report()
    who, answers, *rest = now.versions[0]
    wrong = replace(now, versions=((who, {**answers, "SUM.c06": 8}, *rest), *now.versions[1:]))
    by_document = Occasion("nhập nhầm", "125/UBND-TH", 1)
    text = text_of(opened(now.having(replaced=as_sent(wrong), occasions={1: by_document, 2: Occasion("mở lại")})))
    assert "Bản này thay thế bản tổng hợp lần 1 (số liệu đến 17 giờ 05 ngày 20/10/2026) đã gửi." in text
    assert "Số liệu đính chính: 1 Diện tích tái canh, Năm báo cáo – Ước tháng báo cáo: 8,0, nay là 10,5;" in text
    assert "(toàn bộ tại Phụ lục III)." in text
    assert "Căn cứ đính chính: đính chính số 1 theo 125/UBND-TH." in text
    assert "Phụ lục III\nSO VỚI LẦN 1: SỐ LIỆU ĐÃ THAY ĐỔI" in text
    assert text.index("Kính gửi") < text.index("Bản này thay thế") < text.index("báo cáo như sau")


def test_a_version_in_which_nothing_changed_says_so_and_one_that_follows_none_says_nothing() -> None:
    text = text_of(opened(a_full_report().having(replaced=as_sent(a_full_report()))))
    assert "đã gửi. Không có số liệu nào thay đổi." in text
    assert "SỐ LIỆU ĐÃ THAY ĐỔI" not in text
    assert "Bản này thay thế" not in text_of(opened(a_full_report()))
