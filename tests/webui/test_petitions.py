"""Kiến nghị, đề xuất: asked with a report, answered by whom they are addressed to, in the compiled report's list."""

from io import BytesIO

import pytest
from docx import Document

from actions import compiling, petitions
from actions.desk import NotNow, NotYours, Refusal
from actions.instance import Instance
from registry.store import notices
from registry.store import petitions as stored
from registry.workflow.petition import PetitionState, right_to
from registry.workflow.policy import Action
from tests.webui import rights
from tests.webui import small_province as province
from tests.webui.conftest import SignIn
from tests.webui.small_province import sit

WORDS = "Hỗ trợ kinh phí nạo vét kênh mương"


def told(instance: Instance, login: str) -> list[str]:
    with instance.store.read() as connection:
        found = notices.unread(connection, rights.key_of(instance, login))
    return [one.kind for one in found if one.kind.startswith("petition")]


def test_only_what_is_open_is_answered_and_only_its_unit_takes_it_back() -> None:
    for state in PetitionState:
        is_open = state in (PetitionState.ASKED, PetitionState.DOING)
        assert (right_to(state, PetitionState.DONE) is Action.ANSWER_PETITION) is is_open
        assert (right_to(state, PetitionState.WITHDRAWN) is Action.PETITION) is is_open
        assert right_to(state, PetitionState.ASKED) is None


def test_a_petition_goes_to_its_addressee_and_back(instance: Instance, signed_in: SignIn) -> None:
    clerk = sit(instance, "easup")
    work, to = province.work_of(clerk), rights.unit_key(instance, "SNNMT")
    with pytest.raises(Refusal, match="cơ quan xử lý"):
        petitions.ask(clerk, work.opening_id, work.unit_id, work.unit_id, WORDS, "")
    with pytest.raises(NotYours):
        petitions.ask(sit(instance, "bmt"), work.opening_id, work.unit_id, to, WORDS, "")
    key = petitions.ask(clerk, work.opening_id, work.unit_id, to, WORDS, "Kế hoạch 12/KH-UBND")
    assert petitions.ask(clerk, work.opening_id, work.unit_id, to, WORDS, "") == key  # the second click
    assert told(instance, "snnmt") == ["petition-asked"]
    page = signed_in("snnmt").get("/kien-nghi")
    assert WORDS in page.text
    assert WORDS not in signed_in("bmt").get("/kien-nghi").text
    with pytest.raises(NotYours):
        petitions.settle(clerk, key, PetitionState.DONE, "xong")
    with pytest.raises(Refusal, match="lý do"):
        petitions.settle(sit(instance, "snnmt"), key, PetitionState.DONE, " ")
    petitions.settle(sit(instance, "snnmt"), key, PetitionState.DOING, "Đang lập dự toán")
    petitions.settle(sit(instance, "snnmt"), key, PetitionState.DONE, "Đã bố trí 500 triệu đồng")
    assert told(instance, "easup") == ["petition-answered"] * 2
    assert told(instance, "snnmt") == []
    with pytest.raises(NotNow):
        petitions.settle(clerk, key, PetitionState.WITHDRAWN, "thôi")
    with instance.store.read() as connection:
        (found,) = stored.of_opening(connection, work.opening_id, province.NOW)
    made = compiling.compile_report(sit(instance, "vpub"), "KTXH", "202610")
    document = Document(BytesIO(next(one.data for one in made.files if one.kind == "docx")))
    rows = [[cell.text for cell in row.cells] for table in document.tables for row in table.rows]
    at = next(n for n, row in enumerate(rows) if WORDS in row)
    assert rows[at] == ["1", WORDS, "Xã Ea Súp", "Kế hoạch 12/KH-UBND"]
    assert rows[at - 1][0] == "Sở Nông nghiệp và Môi trường"
    assert (found.state, found.answer) == (PetitionState.DONE, "Đã bố trí 500 triệu đồng")
    assert "Đã bố trí 500 triệu đồng" in signed_in("easup").get("/kien-nghi").text
