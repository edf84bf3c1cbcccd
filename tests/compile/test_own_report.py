"""A unit's own report: its text without what the document has already, its forms in its own measures, to be signed."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from io import BytesIO

import docx
import pytest
from docx.oxml.ns import qn

from compile.narratives import read_story
from compile.own_report import OwnReport, build
from compile.own_tables import OwnForm, tables_of
from compile.own_text import ends_itself, text_of
from compile.story import Story, Text
from registry import sample
from registry.catalogue.forms import View, row_set
from registry.catalogue.model import Unit
from registry.catalogue.values import CellKey
from registry.periods import parse
from registry.rules.background import Background
from registry.rules.context import Context
from tests.compile.small_report import AS_OF, DEFINITIONS, EA_SUP, FORM, PERIOD, PROVINCE, REGIME, SNNMT, value
from tests.compile.stories import a_story
from tests.lists import orders
from workbook_templates.outline import OutlineOrder, level_of, places
from workbook_templates.outline import build as outline_of


def a_form(unit: Unit, **typed: object) -> OwnForm:
    view = View(FORM, PERIOD.shape, row_set(FORM, unit, PERIOD.shape), DEFINITIONS)
    values = {CellKey(*name.split("_")): value(one) for name, one in typed.items()}  # type: ignore[arg-type]
    return OwnForm(Context(view, PERIOD, REGIME.frequency, Background(), unit), values, (PERIOD.first, PERIOD.last))


def a_report(unit: Unit = EA_SUP, **more: object) -> OwnReport:
    given = {"forms": (a_form(unit, SUM_c06=Decimal("12.5"), ALL_c06="-", MONEY_c07=1051),)} | more
    return OwnReport(REGIME, PERIOD, unit, PROVINCE, AS_OF, "3f2a9c4107be55d0" + "0" * 48, **given)  # type: ignore[arg-type]


def text_in(document: bytes) -> str:
    held = docx.Document(BytesIO(document))
    return "\n".join("".join(node.text or "" for node in line.iter(qn("w:t"))) for line in held.element.iter(qn("w:p")))


def said(story: Story, prompts: frozenset[str] = frozenset()) -> list[str]:
    return [one.said for one in text_of(story, prompts) if isinstance(one, Text)]


def test_a_document_of_the_units_own_gives_what_stands_between_addressees_and_signature() -> None:
    written = docx.Document()
    written.add_table(1, 2).cell(0, 1).text = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
    for line in ("BÁO CÁO", "Tình hình tháng 10", "Kính gửi:", "- Ủy ban nhân dân tỉnh;", "- Sở Tài chính."):
        written.add_paragraph(line)
    for line in ("I. KẾT QUẢ", "- Trồng mới 12,5 ha.", "Trên đây là báo cáo./.", ""):
        written.add_paragraph(line)
    written.add_table(1, 2).cell(0, 0).text = "Nơi nhận: - Như trên;"
    out = BytesIO()
    written.save(out)
    text = text_of(read_story(out.getvalue()))
    assert [one.said for one in text if isinstance(one, Text)] == [
        "I. KẾT QUẢ",
        "- Trồng mới 12,5 ha.",
        "Trên đây là báo cáo./.",
    ]
    assert ends_itself(text)


def test_a_bare_text_is_taken_whole_but_for_a_title_of_its_own() -> None:
    bare = a_story("BÁO CÁO THUYẾT MINH tháng 10", "I. KẾT QUẢ", "Báo cáo của các thôn đầy đủ.")
    assert said(read_story(bare)) == ["I. KẾT QUẢ", "Báo cáo của các thôn đầy đủ."]
    assert said(read_story(a_story("I. KẾT QUẢ", "Ổn định."))) == ["I. KẾT QUẢ", "Ổn định."]


def test_an_outline_nobody_wrote_into_leaves_headings_only() -> None:
    catalogue, when = sample.catalogue(), parse("202610")
    units = {one.code: one for one in catalogue.units if one.valid_to is None}
    outlines = {one.code: one for one in catalogue.outlines}
    regime = next(one for one in catalogue.regimes if one.code == "KTXH")
    who = units["24211"]
    outline = outlines[dict(regime.outlines)[level_of(who)]]
    order = OutlineOrder(outline, places(outline, when, who, outlines["KTXH-TINH"]), regime, who, units["66"], when)
    prompts = frozenset(place.prompt for place in order.places)
    story = read_story(outline_of(order))
    text = said(story, prompts)
    assert text[0] == order.places[0].heading
    assert "Kính gửi" not in " ".join(text)
    assert not prompts & set(text)
    assert text[-1].endswith("./.")


def test_a_form_is_printed_in_the_measures_of_the_units_level() -> None:
    (of_commune,) = tables_of(a_form(EA_SUP, MONEY_c07=1051, ALL_c06="-"))
    rows = {line.code: [cell.text for cell in line.cells] for line in of_commune.rows}
    assert rows["MONEY"][:3] == ["5", "Thu ngân sách xã", "triệu đồng"]
    assert "1.051,0" in rows["MONEY"]
    assert "-" in rows["ALL"]
    assert "SAID" not in rows, "what the unit does not supply is not in its report"
    (of_department,) = tables_of(a_form(SNNMT))
    assert {line.code for line in of_department.rows if line.code} != set(rows)


def test_a_list_is_printed_line_by_line_with_its_totals() -> None:
    view = orders.view(orders.PROJECTS)
    context = Context(view, parse("202610"), REGIME.frequency, Background())
    typed = orders.answers(orders.PROJECTS, [orders.project("001"), orders.project("002")])
    *_, listed = tables_of(OwnForm(context, typed))
    assert [line.cells[0].text for line in listed.rows] == ["1", "2", ""]
    assert listed.rows[2].cells[1].text == "Tổng cộng"


def test_the_document_speaks_for_the_unit_and_waits_for_number_day_and_signature() -> None:
    text = text_in(build(a_report(story=read_story(a_story("I. KẾT QUẢ", "Ổn định.")))))
    assert text.startswith("ỦY BAN NHÂN DÂN\nXÃ EA SÚP")
    assert "TỈNH ĐẮK LẮK" not in text.partition("BÁO CÁO")[0]
    assert "Số:      /BC-UBND" in text
    assert "Ea Súp, ngày      tháng      năm 2026" in text
    assert "TM. ỦY BAN NHÂN DÂN" in text
    assert "Ổn định." in text
    assert "Phụ lục I\nBIỂU NHỎ" in text
    assert text_in(build(a_report(SNNMT))).startswith("UBND TỈNH ĐẮK LẮK\nSỞ NÔNG NGHIỆP VÀ MÔI TRƯỜNG")


@pytest.mark.parametrize("is_draft", [True, False])
def test_a_draft_says_so_on_top_and_under_every_page(is_draft: bool) -> None:
    data = build(a_report(is_draft=is_draft, missing=("Biểu khác",)))
    held = docx.Document(BytesIO(data))
    assert ("BẢN DỰ THẢO" in text_in(data)) is is_draft
    assert "Chưa có số liệu: Biểu khác." in text_in(data)
    for section in held.sections:
        (line,) = [one.text for one in section.footer.paragraphs]
        assert line.endswith("Mã bản: 3f2a-9c41-07be-55d0")
        assert ("chưa duyệt" in line) is is_draft


def test_equal_reports_are_equal_files_and_a_text_that_cannot_be_read_is_named() -> None:
    assert build(a_report()) == build(a_report())
    assert "“bao-cao.doc”" in text_in(build(a_report(narrative_name="bao-cao.doc")))
    assert "phụ lục kèm theo" in text_in(build(a_report()))
    assert text_in(build(a_report())) != text_in(build(replace(a_report(), forms=())))
