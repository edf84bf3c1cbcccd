"""Narratives dealt out to the headings of the report's outline."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from compile.merging import Merged, merged
from compile.model import Narrative
from compile.narratives import read_story
from compile.story import Block, Grid, Story, Text
from registry.catalogue.model import Heading, Outline, Unit
from tests.compile.small_report import BUON_DON, EA_SUP, SNNMT, TKE, TUY_HOA, a_narrative, a_report
from tests.compile.stories import controlled, p, packed

PROVINCE = Outline(
    "TINH",
    "Đề cương",
    "tỉnh",
    (
        Heading("II.", "KẾT QUẢ THỰC HIỆN", 1),
        Heading("1.", "Chăn nuôi, thú y", 2, ("SNNMT",)),
        Heading("2.", "Thương mại, giá cả", 2, ("TKE",)),
        Heading("III.", "KHÓ KHĂN, HẠN CHẾ", 1),
        Heading("Phần thứ hai.", "NHIỆM VỤ TRỌNG TÂM THÁNG {next_m}", 1),
        Heading("Phụ lục I.", "Các chỉ tiêu", 1),
    ),
)
DEPARTMENT = Outline(
    "SO",
    "Đề cương",
    "sở",
    (
        Heading("I.", "Tình hình, kết quả thực hiện", 1),
        Heading("II.", "Khó khăn, hạn chế, nguyên nhân", 1),
        Heading("III.", "Nhiệm vụ trọng tâm tháng {next_m}", 1),
        Heading("IV.", "Việc khác", 1),
    ),
)
COMMUNE = Outline(
    "XA",
    "Đề cương",
    "xã",
    (
        Heading("I.", "Kinh tế", 1),
        Heading("1.", "Trồng trọt", 2),
        Heading("2.", "Chăn nuôi", 2),
        Heading("II.", "Văn hóa - xã hội", 1),
    ),
)
ORDER = a_report().having(outline=PROVINCE, outlines={"sở": DEPARTMENT, "xã": COMMUNE}).order


def deal(*told: tuple[Unit, str], outline: Outline = PROVINCE, only: str = "*") -> Merged:
    stories: list[tuple[Narrative, Story | None]] = [
        (a_narrative(unit, b""), read_story(packed(body)) if body else None) for unit, body in told
    ]
    return merged(ORDER, outline, stories, only)


def said(blocks: tuple[Block, ...]) -> list[str]:
    return [text.said for block in blocks for text in ([block] if isinstance(block, Text) else block.texts)]


def under(found: Merged) -> Mapping[int, list[tuple[str, list[str]]]]:
    return {at: [(one.unit.code, said(one.blocks)) for one in held] for at, held in found.under.items()}


def apart(found: Merged) -> list[tuple[str, list[str] | None]]:
    return [(one.unit.code, said(story.blocks) if story else None) for one, story in found.apart]


LETTERHEAD = "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>UBND TỈNH</w:t></w:r></w:p></w:tc></w:tr></w:tbl>" + p("BÁO CÁO")
SIGNER = f"<w:tbl><w:tr><w:tc>{p('Nơi nhận:')}</w:tc><w:tc>{p('GIÁM ĐỐC')}</w:tc></w:tr></w:tbl>"
CLOSING = p("Trên đây là báo cáo tháng 10, Sở kính báo cáo./.")


def test_what_stands_in_a_content_control_goes_under_its_heading() -> None:
    body = LETTERHEAD + controlled("BC:TINH:01", p("Đàn bò tăng.")) + controlled("BC:SO:01", p("Thiếu vốn."))
    found = deal((SNNMT, body + CLOSING + SIGNER))
    assert under(found) == {1: [("SNNMT", ["Đàn bò tăng."])], 3: [("SNNMT", ["Thiếu vốn."])]}
    assert found.apart == ()


def test_headings_are_found_by_their_words_however_they_are_numbered() -> None:
    body = (
        LETTERHEAD
        + p("I. TÌNH HÌNH, KẾT QUẢ THỰC HIỆN")
        + p("a) Chăn nuôi, thú y: không có dịch.")
        + p("Đàn lợn tăng.")
    )
    found = deal((SNNMT, body + p("3. Nhiệm vụ trọng tâm tháng 11") + p("Tiêm phòng.") + CLOSING + SIGNER))
    assert under(found) == {
        1: [("SNNMT", ["không có dịch.", "Đàn lợn tăng."])],
        4: [("SNNMT", ["Tiêm phòng."])],
    }
    assert found.apart == ()


def test_a_heading_the_report_has_not_stands_apart_with_its_words() -> None:
    found = deal((SNNMT, controlled("BC:SO:03", p("Chuyện khác.")) + controlled("BC:TINH:01", p("Bò."))))
    assert under(found) == {1: [("SNNMT", ["Bò."])]}
    assert apart(found) == [("SNNMT", ["Chuyện khác."])]


def test_a_narrative_without_any_heading_is_kept_whole() -> None:
    found = deal((SNNMT, p("Đoạn một.") + p("Đoạn hai.")))
    assert (under(found), apart(found)) == ({}, [("SNNMT", ["Đoạn một.", "Đoạn hai."])])


def test_one_that_cannot_be_read_stands_apart() -> None:
    assert apart(deal((SNNMT, ""))) == [("SNNMT", None)]


def test_units_come_in_the_order_given_under_one_heading() -> None:
    told = controlled("BC:SO:01", p("Khó."))
    assert under(deal((SNNMT, told), (TKE, told)))[3] == [("SNNMT", ["Khó."]), ("TKE", ["Khó."])]


def test_instructions_nobody_wrote_over_and_empty_tables_say_nothing() -> None:
    head = f"<w:tr><w:tc>{p('Nội dung')}</w:tc></w:tr>"
    empty, filled = (f"<w:tbl>{head}<w:tr><w:tc>{p(text)}</w:tc></w:tr></w:tbl>" for text in ("", "Cấp vốn"))
    prompt = "[Nhập nội dung của đề mục này.]"
    blank = p("1. Chăn nuôi, thú y", '<w:outlineLvl w:val="1"/>') + controlled("BC:TINH:01", p(prompt) + empty)
    assert deal((SNNMT, blank)) == Merged()
    assert under(deal((SNNMT, controlled("BC:TINH:01", p(prompt) + filled)))) == {
        1: [("SNNMT", ["Nội dung", "Cấp vốn"])]
    }


def test_what_has_a_heading_of_its_own_before_the_first_known_one_is_not_lost() -> None:
    bold = p("", "", "<w:r><w:rPr><w:b/></w:rPr><w:t>1. Chuyển đổi số</w:t></w:r>")
    found = deal((SNNMT, LETTERHEAD + bold + p("Đã làm.") + p("2. Chăn nuôi, thú y") + p("Bò.")))
    assert under(found) == {1: [("SNNMT", ["Bò."])]}
    assert apart(found) == [("SNNMT", ["1. Chuyển đổi số", "Đã làm."])]


def test_a_table_behind_the_signature_stands_apart_and_the_signature_does_not() -> None:
    cells = "".join(f"<w:tc>{p(text)}</w:tc>" for text in ("1", "2", "3"))
    annex = f"<w:tbl><w:tr>{cells}</w:tr></w:tbl>"
    found = deal((SNNMT, p("1. Chăn nuôi, thú y") + p("Bò.") + CLOSING + SIGNER + p("Phụ lục") + annex))
    assert under(found) == {1: [("SNNMT", ["Bò."])]}
    assert apart(found) == [("SNNMT", ["1", "2", "3"])]


# --- communes --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("only", "expected"),
    [
        ("*", {1: ["24211", "22015"], 2: ["24235"], 3: ["24211"]}),
        ("BC:XA:00", {1: ["24211", "22015"], 2: ["24235"]}),
        ("BC:XA:02", {2: ["24235"]}),
    ],
    ids=["all", "a heading with those below it", "one heading"],
)
def test_communes_come_under_the_headings_asked_for(only: str, expected: dict[int, list[str]]) -> None:
    crops, cattle, culture = (controlled(f"BC:XA:0{at}", p(f"Lời {at}.")) for at in (1, 2, 3))
    found = deal((EA_SUP, crops + culture), (TUY_HOA, crops), (BUON_DON, cattle), outline=COMMUNE, only=only)
    assert {at: [one.unit.code for one in held] for at, held in found.under.items()} == expected
    assert found.apart == ()


def test_a_grid_is_a_block_as_it_came() -> None:
    table = f"<w:tbl><w:tr><w:tc>{p('A')}</w:tc></w:tr><w:tr><w:tc>{p('B')}</w:tc></w:tr></w:tbl>"
    (held,) = deal((SNNMT, controlled("BC:TINH:01", table))).under[1]
    assert isinstance(held.blocks[0], Grid)


def bold(text: str) -> str:
    return p("", "", f"<w:r><w:rPr><w:b/></w:rPr><w:t>{text}</w:t></w:r>")


def test_a_units_words_under_a_heading_that_holds_others_go_to_the_one_it_owns() -> None:
    body = bold("BÁO CÁO THÁNG 10 (dữ liệu mẫu)") + bold("I. TÌNH HÌNH, KẾT QUẢ THỰC HIỆN") + p("Chung.")
    assert under(deal((TKE, body), (EA_SUP, body))) == {2: [("TKE", ["Chung."])], 0: [("24211", ["Chung."])]}


def test_a_heading_of_its_own_ends_the_one_before_unless_it_stands_deeper() -> None:
    deeper = bold("1. Chi tiết") + p("Sâu.")
    other = bold("III. KẾT LUẬN") + p("Hết.")
    found = deal((SNNMT, bold("II. KHÓ KHĂN, HẠN CHẾ") + p("Khó.") + deeper + other))
    assert under(found) == {3: [("SNNMT", ["Khó.", "1. Chi tiết", "Sâu."])]}
    assert apart(found) == [("SNNMT", ["III. KẾT LUẬN", "Hết."])]


def test_a_narrative_that_follows_no_outline_is_dealt_out_by_its_own_headings() -> None:
    body = LETTERHEAD + bold("1. Kết quả chăn nuôi") + p("Bò.") + bold("2. Chuyển đổi số") + p("Số.")
    found = deal((SNNMT, body))
    assert under(found) == {1: [("SNNMT", ["Bò."])]}
    assert apart(found) == [("SNNMT", ["2. Chuyển đổi số", "Số."])]
