"""The editing desk: a draft with owners, texts that are never lost, and its way to the last approval."""

from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO

import pytest
from docx import Document
from flask.testing import FlaskClient

from actions import compiling, draft_asks, draft_steps, drafting
from actions.desk import Changed, NotEntitled, NotNow, NotYours, Refusal
from actions.instance import Instance
from registry.store import draft_asks as asks
from registry.store import draft_texts, draft_waits, notices
from registry.store.draft_waits import Kind, Wait
from registry.workflow.draft import DraftState, DraftStep
from registry.workflow.policy import Action
from tests.webui import rights
from tests.webui import small_province as province
from tests.webui.conftest import ON_SQLITE, SignIn
from tests.webui.small_province import sit

CROPS, LIVESTOCK = "a) Trồng trọt", "b) Chăn nuôi, thú y"


@dataclass(frozen=True)
class Desk:
    """A draft with two headings by their numbers."""

    draft: int
    crops: int
    livestock: int


@pytest.fixture
def here(instance: Instance) -> Desk:
    work = province.work_of(sit(instance, "easup"))
    office = sit(instance, "vpub")
    key = drafting.begin(office, work.opening_id, rights.unit_key(instance, "VPUB"))
    with instance.store.read() as connection:
        numbers = {one.title: one.n for one in draft_texts.headings(connection, key)}
    return Desk(key, numbers[CROPS], numbers[LIVESTOCK])


def compiled_text(instance: Instance) -> str:
    made = compiling.compile_report(sit(instance, "vpub"), "KTXH", "202610")
    data = next(one.data for one in made.files if one.kind == "docx")
    return "\n".join(one.text for one in Document(BytesIO(data)).paragraphs)


def edited(data: bytes, old: str, new: str) -> BytesIO:
    """A docx with some words of its text replaced."""
    document = Document(BytesIO(data))
    for text in document.element.body.iter("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}t"):
        text.text = text.text.replace(old, new)
    out = BytesIO()
    document.save(out)
    out.seek(0)
    return out


def path(here: Desk, n: int) -> str:
    return f"/bien-tap/{here.draft}/muc/{n}"


def told(instance: Instance, login: str) -> list[str]:
    with instance.store.read() as connection:
        found = notices.unread(connection, rights.key_of(instance, login))
    return [one.kind for one in found if one.kind.startswith("draft")]


def waits(instance: Instance, login: str) -> list[Wait]:
    at = sit(instance, login)
    with at.read() as connection:
        return draft_waits.of(connection, at.actor.person_id, at.scope(Action.ANSWER_DRAFT).units or ())


def test_a_draft_goes_from_its_editors_to_the_last_approval(instance: Instance, here: Desk, signed_in: SignIn) -> None:
    chief, owner, head = sit(instance, "vpub"), sit(instance, "nl.vpub"), sit(instance, "ld.vpub")
    assert (
        drafting.begin(chief, province.work_of(sit(instance, "easup")).opening_id, chief.actor.home or 0) == here.draft
    )
    drafting.name_people(chief, here.draft, chief.actor.person_id, {here.crops: owner.actor.person_id})
    assert told(instance, "nl.vpub") == ["draft-named"]
    assert waits(instance, "nl.vpub") == [Wait(Kind.HEADING, here.draft, here.crops)]
    assert drafting.write(owner, here.draft, here.crops, 0, "Lúa **tăng** 2%.\r\n\r\n\r\nNgô giảm.")
    assert not drafting.write(owner, here.draft, here.crops, 0, "Lúa **tăng** 2%.\n\nNgô giảm.")  # the second click
    with pytest.raises(Changed):
        drafting.write(chief, here.draft, here.crops, 0, "Lúa giảm.")
    assert drafting.write(chief, here.draft, here.crops, 1, "Lúa giảm.")
    guard = sit(instance, "bmnn").actor.person_id
    for nobody in (None, owner.actor.person_id, guard):  # none of them could pass it on
        with pytest.raises(Refusal, match="chọn người"):
            draft_steps.step(chief, here.draft, 0, DraftStep.SUBMIT, "", nobody)
    with pytest.raises(Refusal):  # whoever guards secrets writes nothing
        drafting.name_people(
            chief, here.draft, chief.actor.person_id, {here.crops: sit(instance, "bmnn").actor.person_id}
        )
    draft_steps.step(chief, here.draft, 0, DraftStep.SUBMIT, "", head.actor.person_id)
    assert told(instance, "ld.vpub") == ["draft-waits"]
    assert waits(instance, "ld.vpub") == [Wait(Kind.ROUND, here.draft, 0)]
    assert waits(instance, "nl.vpub") == []
    with pytest.raises(NotNow):
        drafting.write(owner, here.draft, here.crops, 2, "Lúa tăng.")
    assert drafting.write(head, here.draft, here.crops, 2, "Lúa ổn định.")
    with pytest.raises(NotEntitled):
        draft_steps.step(chief, here.draft, 1, DraftStep.APPROVE, "", head.actor.person_id)
    with pytest.raises(Refusal, match="lý do"):
        draft_steps.step(head, here.draft, 1, DraftStep.RETURN)
    draft_steps.step(head, here.draft, 1, DraftStep.RETURN, "Thiếu số liệu ngô")
    assert "draft-returned" in told(instance, "vpub")
    assert "draft-waits" not in told(instance, "ld.vpub")
    lock = 2
    draft_steps.step(chief, here.draft, lock, DraftStep.SUBMIT, "", head.actor.person_id)
    with pytest.raises(Changed):
        draft_steps.step(head, here.draft, lock, DraftStep.APPROVE, "", head.actor.person_id)
    for lock in (3, 4):
        draft_steps.step(head, here.draft, lock, DraftStep.APPROVE, "", head.actor.person_id)
    assert draft_steps.step(head, here.draft, 5, DraftStep.APPROVE, "Đồng ý") is DraftState.DONE
    assert "draft-passed" in told(instance, "nl.vpub")
    assert "Lúa ổn định." in compiled_text(instance)
    page = signed_in("vpub").get("/ky-bao-cao/KTXH/202610/tong-hop").text
    assert "In lời văn đã được thông qua" in page
    assert page.count(f"{province.sit(instance, 'ld.vpub').actor.name} thông qua, ") == 3
    with instance.store.read() as connection:
        texts = draft_texts.texts(connection, draft_texts.headings(connection, here.draft)[here.crops - 1].id)
    assert [one.body for one in texts] == ["Lúa ổn định.", "Lúa giảm.", "Lúa **tăng** 2%.\n\nNgô giảm."]


@ON_SQLITE
def test_what_one_writes_meanwhile_another_reads_beside_his_own_and_nothing_is_lost(
    instance: Instance, here: Desk, signed_in: SignIn
) -> None:
    chief = signed_in("vpub")
    drafting.write(sit(instance, "nl.vpub"), here.draft, here.crops, 0, "Lúa tăng 2%.")
    answer = chief.post(path(here, here.crops), data={"lock": "0", "noi_dung": "Lúa tăng 3%, ngô giảm."})
    assert answer.status_code == 409
    assert "Lúa tăng 3%, ngô giảm.</textarea>" in answer.text
    assert "<del>2%.</del>" in answer.text
    again = chief.post(path(here, here.crops), data={"lock": "1", "noi_dung": "Lúa tăng 3%, ngô giảm."})
    assert again.status_code == 302


@ON_SQLITE
def test_a_text_sent_after_the_session_was_over_is_handed_back(here: Desk, client: FlaskClient, app: object) -> None:
    sent = {"lock": "0", "noi_dung": "Bài dài <b>"}
    answer = client.post(path(here, here.crops), data=sent)
    assert answer.status_code == 401
    assert "Bài dài &lt;b&gt;</textarea>" in answer.text
    assert 'name="lock" value="0"' in answer.text
    foreign = client.post(path(here, here.crops), data=sent, headers={"Sec-Fetch-Site": "cross-site"})
    assert foreign.status_code == 302  # what another site sends is not shown


@ON_SQLITE
def test_who_is_not_of_the_unit_finds_no_draft_and_others_own_headings_are_read_only(
    instance: Instance, here: Desk, signed_in: SignIn
) -> None:
    for login in ("easup", "ld.easup", "snnmt", "nhan.stc"):
        assert signed_in(login).get(path(here, here.crops)).status_code == 404
    chief = sit(instance, "vpub")
    drafting.name_people(chief, here.draft, chief.actor.person_id, {here.crops: chief.actor.person_id})
    with pytest.raises(NotEntitled):
        drafting.write(sit(instance, "nl.vpub"), here.draft, here.crops, 0, "x")
    with pytest.raises(NotYours):
        drafting.name_people(sit(instance, "nl.vpub"), here.draft, chief.actor.person_id, {})
    with pytest.raises(Refusal, match="người của đơn vị"):
        drafting.name_people(chief, here.draft, rights.key_of(instance, "easup"), {})
    page = signed_in("nl.vpub").get(path(here, here.crops))
    assert page.status_code == 200
    assert '<textarea class="form-control" id="bai-viet"' not in page.text
    assert signed_in("ioc").get(f"/bien-tap/{here.draft}").status_code == 200


@ON_SQLITE
def test_a_draft_edited_in_word_comes_back_as_a_round_and_is_taken_over_by_heading(
    instance: Instance, here: Desk, signed_in: SignIn
) -> None:
    chief, desk = signed_in("vpub"), sit(instance, "vpub")
    drafting.write(desk, here.draft, here.crops, 0, "Lúa tăng 2%.")
    drafting.write(desk, here.draft, here.livestock, 0, "Đàn lợn ổn định.")
    out = chief.post(f"/bien-tap/{here.draft}/tai-ve")
    assert out.status_code == 200
    drafting.write(desk, here.draft, here.livestock, 1, "Đàn lợn tăng.")  # meanwhile
    file = edited(edited(out.data, "2%", "3%").getvalue(), "ổn định", "giảm")
    sent = chief.post(f"/bien-tap/{here.draft}/ban-sua", data={"tep": (file, "sua.docx")})
    assert sent.status_code == 302, sent.text
    page = chief.get(sent.location)
    assert "<ins>3%.</ins>" in page.text
    assert "đã được lưu trên hệ thống sau khi tải tệp" in page.text
    assert f'value="{here.crops}" checked' in page.text
    assert f'value="{here.livestock}" checked' not in page.text
    chief.post(sent.location, data={"muc": [str(here.crops)]})
    with instance.store.read() as connection:
        bodies = {one.n: (one.body, one.origin) for one in draft_texts.headings(connection, here.draft)}
    assert bodies[here.crops] == ("Lúa tăng 3%.", draft_texts.Origin.DOCUMENT)
    assert bodies[here.livestock][0] == "Đàn lợn tăng."
    assert signed_in("easup").get(sent.location).status_code == 404
    other = chief.post(f"/bien-tap/{here.draft}/ban-sua", data={"tep": (province.narrative(), "khac.docx")})
    assert other.status_code == 302  # no mark: held against the copy taken away last


def test_units_asked_give_their_opinion_by_heading_and_each_is_taken_up_or_not(
    instance: Instance, here: Desk, signed_in: SignIn
) -> None:
    chief, asked_unit = sit(instance, "vpub"), rights.unit_key(instance, "SNNMT")
    drafting.write(chief, here.draft, here.crops, 0, "Lúa tăng 2%.")
    due = province.NOW + timedelta(days=2)
    with pytest.raises(Refusal, match="ít nhất một đơn vị"):
        draft_asks.ask(chief, here.draft, 0, [chief.actor.home or 0], due)
    with pytest.raises(NotYours):
        draft_asks.ask(sit(instance, "nl.vpub"), here.draft, 0, [asked_unit], due)
    draft_asks.ask(chief, here.draft, 0, [asked_unit], due, "Đọc kỹ số liệu")
    assert told(instance, "snnmt") == ["draft-asked"]
    with instance.store.read() as connection:
        (ask,) = asks.of_draft(connection, here.draft)
    address = f"/gop-y-du-thao/{ask.id}"
    assert waits(instance, "snnmt") == [Wait(Kind.ASK, here.draft, ask.id)]
    assert f'href="{address}"' in signed_in("snnmt").get("/").text
    page = signed_in("snnmt").get(address)
    assert "Lúa tăng 2%." in page.text
    assert signed_in("easup").get(f"/gop-y-du-thao/{ask.id}").status_code == 404
    assert draft_asks.answer(sit(instance, "snnmt"), ask.id, {here.crops: "Sửa thành 3%", 0: " ", 999: "x"}) == 1
    assert told(instance, "snnmt") == []
    assert waits(instance, "snnmt") == []
    assert "draft-answered" in told(instance, "vpub")
    with instance.store.read() as connection:
        (opinion,) = asks.opinions(connection, here.draft)
    with pytest.raises(Refusal, match="lý do"):
        draft_asks.rule(chief, here.draft, opinion.id, " ", accepted=False)
    draft_asks.rule(chief, here.draft, opinion.id, "Theo số Thống kê", accepted=False)
    with pytest.raises(Changed):
        draft_asks.rule(chief, here.draft, opinion.id, "", accepted=True)
    assert "Theo số Thống kê" in signed_in("vpub").get(f"/bien-tap/{here.draft}/y-kien").text
    draft_steps.step(chief, here.draft, 1, DraftStep.SUBMIT, "", sit(instance, "ld.vpub").actor.person_id)
    with pytest.raises(NotNow):
        draft_asks.answer(sit(instance, "snnmt"), ask.id, {0: "muộn"})


@ON_SQLITE
def test_words_of_last_month_and_numbers_against_the_table_are_warned_of(
    instance: Instance, here: Desk, signed_in: SignIn
) -> None:
    drafting.write(
        sit(instance, "vpub"), here.draft, here.livestock, 0, "Đàn bò hiện có 9 con, hoàn thành trước ngày 31/8/2026."
    )
    page = signed_in("vpub").get(path(here, here.livestock))
    assert "là ngày đã qua" in page.text
