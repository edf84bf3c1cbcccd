"""A narrative is held against the unit's own figures: its clerk is told on sending it, its leader before approving."""

import io

import docx
from docx.oxml.ns import qn

from actions import decide, outlines
from actions.instance import Instance
from tests.ingest.a_document import document, paragraph, run
from tests.webui import small_province as province
from tests.webui.conftest import ON_SQLITE, SignIn
from tests.webui.small_province import sit

WRONG = document(
    paragraph(run("BÁO CÁO TÌNH HÌNH THÁNG 9 NĂM 2026", "Times New Roman")),
    paragraph(run("Đàn bò hiện có 1.250 con, đàn trâu 120 con.", "Times New Roman")),
    paragraph(run("Trên đây là báo cáo tháng 10 của xã./.", "Times New Roman")),
)


@ON_SQLITE
def test_clerk_and_leader_see_what_the_tables_contradict_and_receivers_do_not(
    instance: Instance, signed_in: SignIn
) -> None:
    clerk = sit(instance, "easup")
    work = province.work_of(clerk)
    province.submitted(clerk)
    here = f"/bao-cao-don-vi/{work.opening_id}/{work.unit_id}"
    said = signed_in("easup").post(
        f"{here}/thuyet-minh",
        data={"thuyet_minh": (io.BytesIO(WRONG), "bao-cao.docx")},
        follow_redirects=True,
    )
    assert "Thuyết minh có 2 chỗ cần xem lại" in said.text
    leader = signed_in("ld.easup")
    page = leader.get(here).text
    assert "Đoạn 1 còn ghi “THÁNG 9” trong báo cáo tháng 10 năm 2026" in page
    assert "Đoạn 2 viết “1.250 con”, nhưng biểu KTXH-01, chỉ tiêu “Đàn bò”" in page
    assert "là 120 con." in page
    assert "đàn trâu" not in page
    assert "có 1 chỗ không khớp với biểu này" in leader.get(f"/viec/{work.assignment_id}").text
    assert "chỗ cần xem lại" not in signed_in("vpub").get(here).text


@ON_SQLITE
def test_a_narrative_that_agrees_is_silent(instance: Instance, signed_in: SignIn) -> None:
    clerk = sit(instance, "easup")
    work = province.work_of(clerk)
    province.submitted(clerk)
    right = document(paragraph(run("Đàn bò hiện có 120 con, tăng cường phòng dịch.", "Times New Roman")))
    said = signed_in("easup").post(
        f"/bao-cao-don-vi/{work.opening_id}/{work.unit_id}/thuyet-minh",
        data={"thuyet_minh": (io.BytesIO(right), "bao-cao.docx")},
        follow_redirects=True,
    )
    assert "chỗ cần xem lại" not in said.text


@ON_SQLITE
def test_the_outline_holds_the_units_figures_once_they_are_approved(instance: Instance) -> None:
    clerk = sit(instance, "easup")
    work = province.work_of(clerk)
    province.submitted(clerk)
    assert "Đàn bò hiện có …" in text_of(outlines.outline(clerk, work.opening_id, work.unit_id).data)
    decide.approve(sit(instance, "ld.easup"), work.assignment_id, 1)
    told = text_of(outlines.outline(clerk, work.opening_id, work.unit_id).data)
    assert "Đàn bò hiện có 120 con, " in told
    assert "Thu ngân sách xã được hưởng 10 tháng năm 2026 ước đạt 120,0 triệu đồng" in told


def text_of(data: bytes) -> str:
    return "\n".join(node.text or "" for node in docx.Document(io.BytesIO(data)).element.iter(qn("w:t")))
