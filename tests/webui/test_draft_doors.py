"""Who gets into a draft, and what becomes of two people's work on it at once."""

from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pytest
from docx import Document
from docx.oxml.ns import qn
from flask.testing import FlaskClient
from sqlalchemy import delete

from actions import draft_asks, draft_copies, draft_issues, draft_steps, drafting, petitions
from actions.desk import Changed, NotEntitled, NotNow, Refusal
from actions.instance import Instance
from registry.catalogue.model import Role
from registry.store import audit, draft_texts
from registry.store import draft_asks as asks
from registry.store import petitions as stored_petitions
from registry.store.definitions import Snapshot
from registry.store.tables import grant
from registry.workflow.draft import DraftStep
from tests.webui import rights
from tests.webui import small_province as province
from tests.webui.conftest import ON_SQLITE, AtOnce, SignIn
from tests.webui.small_province import sit
from tests.webui.test_drafting import Desk, edited, here, path, told

__all__ = ["here"]


def body_of(instance: Instance, here: Desk, n: int) -> str:
    with instance.store.read() as connection:
        return draft_texts.headings(connection, here.draft)[n - 1].body


def move_away(instance: Instance, login: str) -> None:
    with instance.store.write() as connection:
        connection.execute(delete(grant).where(grant.c.person_id == rights.key_of(instance, login)))
    rights.give(instance, login, Role.CLERK, unit="24133")


def one_ask(instance: Instance, here: Desk, lock: int = 0, unit: str = "SNNMT") -> int:
    due = province.NOW + timedelta(days=2)
    draft_asks.ask(sit(instance, "vpub"), here.draft, lock, [rights.unit_key(instance, unit)], due)
    with instance.store.read() as connection:
        return asks.of_draft(connection, here.draft)[-1].id


@ON_SQLITE
def test_who_left_the_unit_is_out_of_its_drafts_and_hears_no_more_of_them(
    instance: Instance, here: Desk, signed_in: SignIn
) -> None:
    chief, owner, head = sit(instance, "vpub"), sit(instance, "nl.vpub"), sit(instance, "ld.vpub")
    drafting.name_people(chief, here.draft, chief.actor.person_id, {here.crops: owner.actor.person_id})
    move_away(instance, "nl.vpub")
    browser = signed_in("nl.vpub")
    assert browser.get(path(here, here.livestock)).status_code == 404
    assert browser.post(path(here, here.crops), data={"lock": "0", "noi_dung": "x"}).status_code == 404
    assert browser.post(f"/bien-tap/{here.draft}/tai-ve").status_code == 404
    draft_steps.step(chief, here.draft, 0, DraftStep.SUBMIT, "", head.actor.person_id)
    draft_steps.step(head, here.draft, 1, DraftStep.RETURN, "Ý kiến nội bộ")
    assert "draft-returned" not in told(instance, "nl.vpub")
    assert "draft-returned" in told(instance, "vpub")


@ON_SQLITE
def test_who_reads_every_draft_writes_in_none_by_a_desk_elsewhere(
    instance: Instance, here: Desk, signed_in: SignIn
) -> None:
    rights.give(instance, "ioc", Role.CLERK)
    browser = signed_in("ioc")
    assert browser.get(path(here, here.crops)).status_code == 200
    assert browser.post(path(here, here.crops), data={"lock": "0", "noi_dung": "IOC viết"}).status_code == 403
    assert body_of(instance, here, here.crops) == ""
    with pytest.raises(NotEntitled):
        draft_steps.step(sit(instance, "ioc"), here.draft, 0, DraftStep.COMMENT, "Góp ý")


@ON_SQLITE
def test_a_heading_saved_since_the_page_was_shown_is_not_replaced_by_a_file(
    instance: Instance, here: Desk, signed_in: SignIn
) -> None:
    chief, desk = signed_in("vpub"), sit(instance, "vpub")
    drafting.write(desk, here.draft, here.crops, 0, "Lúa tăng 2%.")
    out = chief.post(f"/bien-tap/{here.draft}/tai-ve")
    sent = chief.post(f"/bien-tap/{here.draft}/ban-sua", data={"tep": (edited(out.data, "2%", "3%"), "sua.docx")})
    assert f'name="lock-{here.crops}" value="1"' in chief.get(sent.location).text
    drafting.write(sit(instance, "nl.vpub"), here.draft, here.crops, 1, "Viết lại cả đoạn.")
    taken = {"muc": str(here.crops), f"lock-{here.crops}": "1"}
    assert chief.post(sent.location, data=taken).status_code == 409
    assert chief.post(sent.location, data={"muc": str(here.crops)}).status_code == 409
    assert body_of(instance, here, here.crops) == "Viết lại cả đoạn."
    assert chief.post(sent.location, data=taken | {f"lock-{here.crops}": "2"}).status_code == 302
    assert body_of(instance, here, here.crops) == "Lúa tăng 3%."


@ON_SQLITE
def test_numbers_that_are_none_choose_nothing(instance: Instance, here: Desk, signed_in: SignIn) -> None:
    chief = signed_in("vpub")
    for where, sent in (
        ("phan-cong", {"chu_bien": str(rights.key_of(instance, "vpub")), "muc-12345678901": "1", "muc-²": "1"}),
        ("ban-sua/1", {"muc": "²"}),
        ("y-kien", {"don_vi": "12345678901", "han": "2026-12-30T10:00", "lock": "0"}),
    ):
        assert chief.post(f"/bien-tap/{here.draft}/{where}", data=sent).status_code in (302, 400, 404)
    key = one_ask(instance, here)
    assert signed_in("snnmt").post(f"/gop-y-du-thao/{key}", data={"muc-12345678901": "x"}).status_code == 400


@ON_SQLITE
def test_a_heading_nobody_wrote_has_a_page_of_versions(here: Desk, signed_in: SignIn) -> None:
    page = signed_in("vpub").get(path(here, here.crops) + "/ban-luu")
    assert page.status_code == 200
    assert "chưa viết" in page.text


@ON_SQLITE
def test_what_is_passed_on_is_what_was_looked_at(
    instance: Instance, here: Desk, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    chief, head = sit(instance, "vpub"), sit(instance, "ld.vpub")
    drafting.write(chief, here.draft, here.crops, 0, "Bản một.")
    sent = {"lock": "0", "da_luu": "1", "do": "submit", "den": str(head.actor.person_id)}
    assert 'name="da_luu" value="1"' in signed_in("vpub").get(f"/bien-tap/{here.draft}").text
    drafting.write(sit(instance, "nl.vpub"), here.draft, here.crops, 1, "Chèn vào lúc trình.")
    assert signed_in("vpub").post(f"/bien-tap/{here.draft}/buoc", data=sent).status_code == 409
    assert signed_in("vpub").post(f"/bien-tap/{here.draft}/buoc", data=sent | {"da_luu": "2"}).status_code == 302
    for lock in (1, 2):
        draft_steps.step(head, here.draft, lock, DraftStep.APPROVE, "", head.actor.person_id)
    texts = draft_issues.texts

    def meanwhile(desk: drafting.Desk, key: int) -> object:
        found = texts(desk, key)
        drafting.write(head, here.draft, here.crops, 2, "Bản ba.")  # the same leader in another tab
        return found

    monkeypatch.setattr(draft_issues, "texts", meanwhile)
    with pytest.raises(Changed):
        draft_steps.step(head, here.draft, 3, DraftStep.APPROVE, "Đồng ý")


@ON_SQLITE
def test_two_who_take_it_away_at_once_have_a_copy_each(
    instance: Instance, here: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = sit(instance, "vpub"), sit(instance, "nl.vpub")
    drafting.write(first, here.draft, here.crops, 0, "Bản một.")
    build, marks = draft_copies.build, []

    def meanwhile(order: draft_copies.DraftOrder, filler: object) -> bytes:
        marks.append(order.mark)
        if len(marks) == 1:
            draft_copies.take_away(second, here.draft)
        return build(order, filler)  # type: ignore[arg-type]

    monkeypatch.setattr(draft_copies, "build", meanwhile)
    draft_copies.take_away(first, here.draft)
    assert marks == [f"BCD:{here.draft}/1", f"BCD:{here.draft}/1", f"BCD:{here.draft}/2"]


def test_a_draft_begun_at_once_is_one(instance: Instance, at_once: AtOnce, signed_in: SignIn) -> None:
    work, unit = province.work_of(sit(instance, "easup")), rights.unit_key(instance, "VPUB")
    one, two = sit(instance, "vpub"), sit(instance, "vpub")
    keys = at_once(drafting, "places_of", lambda: drafting.begin(one, work.opening_id, unit))
    assert {drafting.begin(two, work.opening_id, unit)} == set(keys)


@ON_SQLITE
def test_lists_show_no_draft_whose_page_is_not_there(instance: Instance, here: Desk, signed_in: SignIn) -> None:
    rights.give(instance, "nl.vp", Role.MONITOR, unit="IOC", regime="XXX")
    reader = signed_in("nl.vp")
    assert reader.get(f"/bien-tap/{here.draft}").status_code == 404
    assert f'/bien-tap/{here.draft}"' not in reader.get("/bien-tap").text
    assert f'/bien-tap/{here.draft}"' in signed_in("ioc").get("/bien-tap").text


@ON_SQLITE
def test_names_chosen_on_an_older_page_undo_nothing(instance: Instance, here: Desk, signed_in: SignIn) -> None:
    chief, owner = sit(instance, "vpub"), rights.key_of(instance, "nl.vpub")
    browser, me = signed_in("vpub"), chief.actor.person_id
    drafting.name_people(chief, here.draft, me, {here.crops: owner})
    old = {"chu_bien": me, f"cu-{here.crops}": "", f"cu-{here.livestock}": ""}
    left = old | {f"muc-{here.crops}": "", f"muc-{here.livestock}": owner}
    assert browser.post(f"/bien-tap/{here.draft}/phan-cong", data=left).status_code == 302
    other = old | {f"muc-{here.crops}": me, f"muc-{here.livestock}": owner}
    assert browser.post(f"/bien-tap/{here.draft}/phan-cong", data=other).status_code == 409
    with instance.store.read() as connection:
        owners = {one.n: one.owner_id for one in draft_texts.headings(connection, here.draft)}
    assert (owners[here.crops], owners[here.livestock]) == (owner, owner)


@ON_SQLITE
def test_an_opinion_is_kept_once_its_reader_is_on_record_and_nothing_is_read_after_its_round(
    instance: Instance, here: Desk, signed_in: SignIn
) -> None:
    chief, head, asked = sit(instance, "vpub"), sit(instance, "ld.vpub"), sit(instance, "snnmt")
    drafting.write(chief, here.draft, here.crops, 0, "Lúa tăng 2%.")
    key = one_ask(instance, here)
    reader = signed_in("snnmt")
    for _ in range(2):
        assert reader.post(f"/gop-y-du-thao/{key}", data={f"muc-{here.crops}": "Sửa 3%"}).status_code == 302
    with instance.store.read() as connection:
        assert [one.body for one in asks.opinions(connection, here.draft)] == ["Sửa 3%"]
    assert "Lúa tăng 2%." in reader.get(f"/gop-y-du-thao/{key}").text
    with instance.store.read() as connection:
        newest = audit.latest(connection)[0]
    assert (newest.action, newest.object) == ("read", f"draft ask {key}")
    chief, head = (replace(one, moment=province.NOW + timedelta(hours=1)) for one in (chief, head))
    draft_steps.step(chief, here.draft, 1, DraftStep.SUBMIT, "", head.actor.person_id)
    over = reader.get(f"/gop-y-du-thao/{key}").text
    assert "Lúa tăng 2%." not in over
    assert "Sửa 3%" in over
    draft_steps.step(head, here.draft, 2, DraftStep.RETURN, "Sửa lại")
    one_ask(instance, here, 3, "STC")
    with pytest.raises(NotNow):
        draft_asks.answer(asked, key, {here.crops: "muộn"})


@ON_SQLITE
def test_a_unit_that_is_no_more_is_asked_nothing(
    instance: Instance, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone, on = rights.unit_key(instance, "STC"), Snapshot.units_on
    monkeypatch.setattr(Snapshot, "units_on", lambda known, day: [one for one in on(known, day) if one[0] != gone])
    clerk = sit(instance, "easup")
    work = province.work_of(clerk)
    assert f'<option value="{gone}"' not in signed_in("easup").get("/kien-nghi").text
    with pytest.raises(Refusal, match="cơ quan xử lý"):
        petitions.ask(clerk, work.opening_id, work.unit_id, gone, "Bố trí vốn", "")
    office = sit(instance, "vpub")
    draft = drafting.begin(office, work.opening_id, rights.unit_key(instance, "VPUB"))
    assert f'value="{gone}"' not in signed_in("vpub").get(f"/bien-tap/{draft}/y-kien").text
    with pytest.raises(Refusal, match="ít nhất một đơn vị"):
        draft_asks.ask(office, draft, 0, [gone], province.NOW + timedelta(days=2))


@ON_SQLITE
def test_a_reader_of_one_regime_reads_no_petition_of_another(instance: Instance, signed_in: SignIn) -> None:
    clerk = sit(instance, "easup")
    work = province.work_of(clerk)
    petitions.ask(clerk, work.opening_id, work.unit_id, rights.unit_key(instance, "STC"), "Đề nghị riêng", "")
    rights.give(instance, "nl.vp", Role.MONITOR, unit="IOC", regime="XXX")
    assert "Đề nghị riêng" not in signed_in("nl.vp").get("/kien-nghi").text
    assert "Đề nghị riêng" in signed_in("ioc").get("/kien-nghi").text
    with instance.store.read() as connection:
        assert audit.latest(connection)[0].object == "petitions"


def test_a_petition_clicked_twice_at_once_is_one(instance: Instance, at_once: AtOnce) -> None:
    clerk, to = sit(instance, "easup"), rights.unit_key(instance, "STC")
    work = province.work_of(clerk)
    keys = at_once(
        stored_petitions,
        "listing",
        lambda: petitions.ask(clerk, work.opening_id, work.unit_id, to, "Đề nghị bố trí vốn", ""),
    )
    assert len(set(keys)) == 1


@ON_SQLITE
def test_a_zip_of_an_unknown_unit_is_not_there(signed_in: SignIn) -> None:
    office: FlaskClient = signed_in("vpub")
    assert office.get("/don-vi/999999/da-gui").status_code == 404
    assert office.post("/don-vi/999999/da-gui").status_code == 404


@ON_SQLITE
def test_a_file_with_text_under_no_heading_is_not_said_to_be_the_same(
    instance: Instance, here: Desk, signed_in: SignIn
) -> None:
    chief = signed_in("vpub")
    drafting.write(sit(instance, "vpub"), here.draft, here.crops, 0, "Lúa tăng 2%.")
    document = Document(BytesIO(chief.post(f"/bien-tap/{here.draft}/tai-ve").data))
    first = next(one for one in document.element.body if next(one.iter(qn("w:sdt")), None) is not None)
    first.addprevious(document.add_paragraph("Tháng 10 giữ đà tăng trưởng.")._p)
    for changed, expected in ((document, True), (None, False)):
        out = BytesIO(chief.post(f"/bien-tap/{here.draft}/tai-ve").data)
        if changed is not None:
            out = BytesIO()
            changed.save(out)
            out.seek(0)
        sent = chief.post(f"/bien-tap/{here.draft}/ban-sua", data={"tep": (out, "sua.docx")})
        page = chief.get(sent.location).text
        assert ("Tháng 10 giữ đà tăng trưởng." in page) is expected
        assert ("Tệp không khác" in page) is not expected


@ON_SQLITE
def test_a_round_is_compared_with_the_one_before(instance: Instance, here: Desk, signed_in: SignIn) -> None:
    chief = signed_in("vpub")
    drafting.write(sit(instance, "vpub"), here.draft, here.crops, 0, "Lúa tăng 2%.")
    out = chief.post(f"/bien-tap/{here.draft}/tai-ve").data
    pages = []
    for new in ("3%", "4%"):
        sent = chief.post(f"/bien-tap/{here.draft}/ban-sua", data={"tep": (edited(out, "2%", new), "sua.docx")})
        pages.append(chief.get(sent.location).text)
    assert "Khác dự thảo lần" not in pages[0]
    assert "Khác dự thảo lần 1" in pages[1]
    assert "<del>3%.</del>" in pages[1]
