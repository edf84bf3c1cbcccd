"""Account life: the unit proposes, its head agrees, the office issues; many at once from a workbook."""

import io
import re
import time
from dataclasses import replace
from hashlib import sha256

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from actions import account_imports, account_slips, accounts, links
from actions.accounts import propose, take_step
from actions.desk import Changed, NotNow, NotYours, Refusal
from actions.instance import Instance
from actions.openings import OPENED
from registry.catalogue.model import Role
from registry.catalogue.new_accounts import NewAccount
from registry.store import accounts as stored
from registry.store import audit, notices, people, signing
from registry.store.accounts import Request, Wanted
from registry.store.tables import audit_detail, grant, person
from registry.workflow.accounts import RequestKind, RequestState, RequestStep
from tests.webui import rights
from tests.webui import small_province as province
from tests.webui.conftest import ON_SQLITE, SignIn
from tests.webui.small_province import NOW, OFFICE_OF_EASUP, WORD, sit
from workbook_templates.account_book import account_book

DOCUMENT = "45/UBND-VP ngày 14/10/2026"
NEW = Wanted("", "H’Hoa Ayun", "Công chức Văn phòng – Thống kê", "0905 123 456", "hoa@daklak.gov.vn", (Role.CLERK,))
OWN = "Rừng-Khộp-xanh-2026-tháng-10"  # a password of her own


def unit_id(instance: Instance, code: str = province.EASUP) -> int:
    desk = sit(instance, "vpub")
    with desk.read() as connection:
        return desk.snapshot(connection).unit_ids[code]


def id_of(instance: Instance, login: str) -> int:
    return sit(instance, login).actor.person_id


def request_of(instance: Instance, number: int) -> Request:
    with instance.store.read() as connection:
        found = stored.get(connection, number)
    assert found is not None
    return found


def proposed(instance: Instance, kind: RequestKind = RequestKind.CREATE, login: str = "", wanted: Wanted = NEW) -> int:
    about = id_of(instance, login) if login else None
    return propose(sit(instance, "qt.easup"), unit_id(instance), kind, wanted, about, "người cũ nghỉ")


def carried_out(instance: Instance, number: int) -> Request:
    take_step(sit(instance, "ld.easup"), number, RequestStep.AGREE, 1)
    return take_step(sit(instance, "vpub"), number, RequestStep.ISSUE, 2)


def told(instance: Instance, login: str) -> list[str]:
    with instance.store.read() as connection:
        unread = notices.unread(connection, id_of(instance, login))
    return [one.kind for one in unread if one.kind != OPENED]


# --- the walk of a proposal ------------------------------------------------------------------------------------------


@ON_SQLITE
def test_a_proposal_becomes_an_account_whose_owner_alone_knows_the_password(
    instance: Instance, signed_in: SignIn, client: FlaskClient
) -> None:
    number = proposed(instance)
    assert request_of(instance, number).wanted.login == "ayunh.24211"
    assert told(instance, "ld.easup") == ["account-proposed"]
    take_step(sit(instance, "ld.easup"), number, RequestStep.AGREE, 1)
    assert told(instance, "ld.easup") == []
    assert told(instance, "vpub") == ["account-agreed"]
    made = take_step(sit(instance, "vpub"), number, RequestStep.ISSUE, 2)
    assert told(instance, "qt.easup") == ["account-done"]
    assert client.post("/dang-nhap", data={"login": "ayunh.24211", "password": ""}).status_code == 401

    slip = account_slips.make(sit(instance, "vpub"), [number])[0]
    links.consume(instance, slip.link.token, OWN, "10.0.0.1", NOW)
    answer = client.post("/dang-nhap", data={"login": "ayunh.24211", "password": OWN})
    assert answer.status_code == 302
    actor = sit(instance, "ayunh.24211").actor
    assert [(one.role, one.unit_id) for one in actor.grants] == [(Role.CLERK, unit_id(instance))]
    assert made.person_id == actor.person_id
    with pytest.raises(NotNow):
        account_slips.make(sit(instance, "vpub"), [number])
    assert "Đang sử dụng" in signed_in("qt.easup").get("/tai-khoan-don-vi").text


def test_neither_a_link_nor_a_password_is_in_the_log(instance: Instance) -> None:
    number = carried_out(instance, proposed(instance)).id
    slip = account_slips.make(sit(instance, "vpub"), [number])[0]
    links.consume(instance, slip.link.token, OWN, "10.0.0.1", NOW)
    with instance.store.read() as connection:
        bodies = "\n".join(connection.execute(select(audit_detail.c.body)).scalars())
        assert slip.link.token not in bodies
        assert slip.link.token.replace("-", "") not in bodies
        assert OWN not in bodies
        entries = audit.latest(connection, 20)
        assert {"propose-account", "agree-account", "decide-account", "make-slips"} <= {one.action for one in entries}
        about = [one for one in entries if one.object == f"account request {number}"]
        assert {one.unit_id for one in about} == {unit_id(instance)}
        assert audit.verify(connection)[1] is None


@ON_SQLITE
def test_a_slip_printed_again_makes_the_one_before_useless(instance: Instance) -> None:
    number = carried_out(instance, proposed(instance)).id
    first = account_slips.make(sit(instance, "vpub"), [number])[0]
    second = account_slips.make(sit(instance, "vpub"), [number])[0]
    with pytest.raises(links.LinkDead):
        links.consume(instance, first.link.token, OWN, "10.0.0.1", NOW)
    links.consume(instance, second.link.token, OWN, "10.0.0.1", NOW)


@ON_SQLITE
def test_the_head_may_agree_on_paper_and_the_document_stays_on_record(instance: Instance) -> None:
    number = proposed(instance)
    with pytest.raises(Refusal, match="văn bản"):
        take_step(sit(instance, "qt.easup"), number, RequestStep.AGREE_ON_PAPER, 1)
    take_step(sit(instance, "qt.easup"), number, RequestStep.AGREE_ON_PAPER, 1, document=DOCUMENT)
    with instance.store.read() as connection:
        taken = stored.steps(connection, [number])[number]
    assert [(one.step, one.document) for one in taken][1:] == [(RequestStep.AGREE_ON_PAPER, DOCUMENT)]


@ON_SQLITE
def test_who_says_no_says_why_and_the_proposer_is_told(instance: Instance) -> None:
    number = proposed(instance)
    with pytest.raises(Refusal, match="lý do"):
        take_step(sit(instance, "ld.easup"), number, RequestStep.DECLINE, 1, " ")
    take_step(sit(instance, "ld.easup"), number, RequestStep.DECLINE, 1, "chưa có quyết định")
    assert told(instance, "qt.easup") == ["account-declined"]
    with pytest.raises(NotNow):
        take_step(sit(instance, "vpub"), number, RequestStep.ISSUE, 2)
    again = proposed(instance)  # the login is free again
    take_step(sit(instance, "ld.easup"), again, RequestStep.AGREE, 1)
    take_step(sit(instance, "vpub"), again, RequestStep.REFUSE, 2, "sai vai trò")
    assert request_of(instance, again).state is RequestState.REFUSED
    with instance.store.read() as connection:
        assert people.find(connection, "ayunh.24211") is None


@ON_SQLITE
def test_a_step_on_what_somebody_has_moved_meanwhile_does_nothing(instance: Instance) -> None:
    number = proposed(instance)
    take_step(sit(instance, "qt.easup"), number, RequestStep.CANCEL, 1)
    with pytest.raises(Changed):
        take_step(sit(instance, "ld.easup"), number, RequestStep.AGREE, 1)
    assert request_of(instance, number).state is RequestState.CANCELLED


@ON_SQLITE
def test_each_step_is_for_its_own_people(instance: Instance) -> None:
    number = proposed(instance)
    for login in ("qt.easup", "ld.bmt", "vpub", "easup"):
        with pytest.raises(NotYours):
            take_step(sit(instance, login), number, RequestStep.AGREE, 1)
    take_step(sit(instance, "ld.easup"), number, RequestStep.AGREE, 1)
    for login in ("qt.easup", "ld.easup", "easup", "ioc", "bmnn"):
        with pytest.raises(NotYours):
            take_step(sit(instance, login), number, RequestStep.ISSUE, 2)
        with pytest.raises(NotYours):
            account_slips.make(sit(instance, login), [number])


@ON_SQLITE
def test_a_unit_asks_neither_for_another_nor_for_the_roles_of_the_office(instance: Instance) -> None:
    admin = sit(instance, "qt.easup")
    for code in (province.BMT, "66", "VPUB"):
        with pytest.raises(NotYours):
            propose(admin, unit_id(instance, code), RequestKind.CREATE, NEW)
    for role in (Role.OFFICE, Role.SECURITY, Role.MONITOR):
        with pytest.raises(Refusal, match="vai trò"):
            propose(admin, unit_id(instance), RequestKind.CREATE, replace(NEW, roles=(role,)))
    with pytest.raises(NotYours):  # somebody else's person
        propose(admin, unit_id(instance), RequestKind.RESET, NEW, id_of(instance, "bmt"))


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        (replace(NEW, name=" "), "họ và tên"),
        (replace(NEW, name="x" * 201), "họ và tên"),
        (replace(NEW, roles=()), "vai trò"),
        (replace(NEW, roles=(Role.CLERK, Role.LEADER)), "nhập liệu"),
        (replace(NEW, email="hoa"), "Thư điện tử"),
        (replace(NEW, phone="không có"), "điện thoại"),
        (replace(NEW, login="Hoa Ayun"), "Tên đăng nhập"),
        (replace(NEW, login="EASUP"), "easup"),
    ],
)
@ON_SQLITE
def test_what_is_wrong_with_a_proposal_is_said_when_it_is_made(instance: Instance, wanted: Wanted, said: str) -> None:
    with pytest.raises(Refusal, match=said):
        proposed(instance, wanted=wanted)
    with instance.store.read() as connection:
        assert stored.listing(connection, None) == []


@ON_SQLITE
def test_two_proposals_about_one_account_or_login_do_not_wait_side_by_side(instance: Instance) -> None:
    proposed(instance, RequestKind.RESET, "easup")
    with pytest.raises(NotNow):
        proposed(instance, RequestKind.WITHDRAW, "easup")
    proposed(instance, wanted=replace(NEW, login="hoa.ayun"))
    with pytest.raises(Refusal, match="đang được đề xuất"):
        proposed(instance, wanted=replace(NEW, login="Hoa.Ayun"))


# --- what is carried out ---------------------------------------------------------------------------------------------


@ON_SQLITE
def test_a_reset_shuts_the_old_password_and_every_session(instance: Instance, signed_in: SignIn) -> None:
    browser = signed_in("easup")
    number = proposed(instance, RequestKind.RESET, "easup")
    assert browser.get("/tai-khoan").status_code == 200
    carried_out(instance, number)
    assert browser.get("/tai-khoan").status_code == 302
    assert browser.post("/dang-nhap", data={"login": "easup", "password": WORD}).status_code == 401
    slip = account_slips.make(sit(instance, "vpub"), [number])[0]
    links.consume(instance, slip.link.token, OWN, "10.0.0.1", NOW)
    assert browser.post("/dang-nhap", data={"login": "easup", "password": OWN}).status_code == 302


def test_a_withdrawal_disables_the_account_and_ends_its_sessions(instance: Instance, signed_in: SignIn) -> None:
    browser, easup = signed_in("easup"), unit_id(instance)
    carried_out(instance, proposed(instance, RequestKind.WITHDRAW, "easup"))
    assert browser.get("/tai-khoan").status_code == 302
    assert browser.post("/dang-nhap", data={"login": "easup", "password": WORD}).status_code == 401
    with instance.store.read() as connection:
        known = people.find(connection, "easup")
        assert known is not None
        assert known.state == "disabled"
        assert stored.roles_in(connection, known.id, NOW.date()) == {}
        listed = stored.of_units(connection, [easup], NOW.date())[easup]
    assert [one.roles for one in listed if one.person.login == "easup"] == [()]


@ON_SQLITE
def test_who_still_works_elsewhere_loses_only_the_roles_in_the_unit(instance: Instance) -> None:
    key, elsewhere = id_of(instance, "easup"), unit_id(instance, OFFICE_OF_EASUP)
    with instance.store.write() as connection:
        stored.give(connection, [(key, elsewhere, Role.CLERK)], NOW.date(), "test")
    carried_out(instance, proposed(instance, RequestKind.WITHDRAW, "easup"))
    assert [one.unit_id for one in sit(instance, "easup").actor.grants] == [elsewhere]


def test_a_change_rewrites_the_person_and_settles_the_roles_in_the_unit(instance: Instance) -> None:
    number = proposed(instance, RequestKind.CHANGE, "easup", replace(NEW, roles=(Role.RECEIVER,)))
    carried_out(instance, number)
    desk = sit(instance, "easup")
    assert desk.actor.name == "H’Hoa Ayun"
    assert [one.role for one in desk.actor.grants] == [Role.RECEIVER]
    with instance.store.read() as connection:
        known = people.find(connection, "easup")
        ended = select(func.count()).where(grant.c.person_id == desk.actor.person_id, grant.c.revoked_at.is_not(None))
        assert connection.execute(ended).scalar() == 1
    assert known is not None
    assert known.phone == "0905 123 456"


@ON_SQLITE
def test_roles_that_are_not_the_units_to_ask_for_stay_whatever_it_asks(instance: Instance) -> None:
    with instance.store.write() as connection:
        stored.give(connection, [(id_of(instance, "easup"), unit_id(instance), Role.MONITOR)], NOW.date(), "test")
    carried_out(instance, proposed(instance, RequestKind.CHANGE, "easup", replace(NEW, roles=(Role.RECEIVER,))))
    assert {one.role for one in sit(instance, "easup").actor.grants} == {Role.RECEIVER, Role.MONITOR}


def test_an_account_asleep_wakes_with_its_new_password(instance: Instance) -> None:
    number = proposed(instance, RequestKind.RESET, "easup")
    with instance.store.write() as connection:
        connection.execute(person.update().where(person.c.login == "easup").values(state="idle"))
    carried_out(instance, number)
    slip = account_slips.make(sit(instance, "vpub"), [number])[0]
    links.consume(instance, slip.link.token, OWN, "10.0.0.1", NOW)


# --- the office by itself --------------------------------------------------------------------------------------------


@ON_SQLITE
def test_the_office_acts_itself_only_where_nobody_could_propose(instance: Instance) -> None:
    office = sit(instance, "vpub")
    with pytest.raises(Refusal, match="quản trị"):
        accounts.act(office, unit_id(instance), RequestKind.CREATE, NEW, DOCUMENT)
    with pytest.raises(Refusal, match="văn bản"):
        accounts.act(office, unit_id(instance, province.BY_THE_SEA), RequestKind.CREATE, NEW, " ")
    made = accounts.act(office, unit_id(instance, province.BY_THE_SEA), RequestKind.CREATE, NEW, DOCUMENT)
    assert made.state is RequestState.DONE
    with instance.store.read() as connection:
        taken = stored.steps(connection, [made.id])[made.id]
    assert [(one.step, one.document) for one in taken] == [(RequestStep.ACT, DOCUMENT)]


@ON_SQLITE
def test_a_division_is_looked_after_by_the_house_it_belongs_to(instance: Instance) -> None:
    division = unit_id(instance, OFFICE_OF_EASUP)
    with pytest.raises(Refusal, match="quản trị"):
        accounts.act(sit(instance, "vpub"), division, RequestKind.CREATE, NEW, DOCUMENT)
    number = propose(sit(instance, "qt.easup"), division, RequestKind.CREATE, NEW)
    assert told(instance, "ld.easup") == told(instance, "ld.vp") == ["account-proposed"]
    with pytest.raises(NotYours):
        take_step(sit(instance, "ld.bmt"), number, RequestStep.AGREE, 1)
    take_step(sit(instance, "ld.vp"), number, RequestStep.AGREE, 1)


@ON_SQLITE
def test_a_clerk_becomes_the_leader_when_the_clerks_role_goes(instance: Instance) -> None:
    carried_out(instance, proposed(instance, RequestKind.CHANGE, "easup", replace(NEW, roles=(Role.LEADER,))))
    assert {one.role for one in sit(instance, "easup").actor.grants} == {Role.LEADER}


def test_who_was_allowed_to_enter_and_approve_keeps_both_when_only_the_telephone_changes(instance: Instance) -> None:
    rights.give(instance, "easup", Role.LEADER)
    both = (Role.CLERK, Role.LEADER)
    carried_out(instance, proposed(instance, RequestKind.CHANGE, "easup", replace(NEW, roles=both)))
    assert {one.role for one in sit(instance, "easup").actor.grants} == set(both)


@ON_SQLITE
def test_a_role_the_office_gave_meanwhile_is_not_taken_by_an_older_proposal(instance: Instance) -> None:
    number = proposed(instance, RequestKind.CHANGE, "easup", replace(NEW, roles=(Role.RECEIVER,)))
    rights.give(instance, "easup", Role.MONITOR)
    carried_out(instance, number)
    assert {one.role for one in sit(instance, "easup").actor.grants} == {Role.RECEIVER, Role.MONITOR}


def test_what_was_lent_in_the_unit_ends_with_a_withdrawal(instance: Instance) -> None:
    rights.lend(instance, "ld.easup", "easup")
    rights.sign(instance, "easup", "direct")
    rights.give(instance, "easup", Role.CLERK, OFFICE_OF_EASUP)
    carried_out(instance, proposed(instance, RequestKind.WITHDRAW, "easup"))
    actor = sit(instance, "easup").actor
    assert {one.unit_id for one in actor.grants} == {unit_id(instance, OFFICE_OF_EASUP)}
    assert all(one.delegation is None for one in actor.grants)
    with instance.store.read() as connection:
        assert not [one for one in signing.capacities(connection, [unit_id(instance)]) if one.is_open_on(NOW.date())]


@ON_SQLITE
def test_the_only_administrator_of_a_unit_who_lost_the_password_is_helped_by_the_office(instance: Instance) -> None:
    about = id_of(instance, "qt.easup")
    made = accounts.act(sit(instance, "vpub"), unit_id(instance), RequestKind.RESET, NEW, DOCUMENT, about)
    assert account_slips.make(sit(instance, "vpub"), [made.id])[0].request.wanted.login == "qt.easup"


@ON_SQLITE
def test_nobody_decides_about_his_own_account(instance: Instance) -> None:
    office, home = sit(instance, "vpub"), unit_id(instance, "VPUB")
    wanted = replace(NEW, roles=(Role.OFFICE, Role.SECURITY))
    with pytest.raises(Refusal, match="chính mình"):
        accounts.act(office, home, RequestKind.CHANGE, wanted, DOCUMENT, office.actor.person_id)
    assert not sit(instance, "vpub").actor.has(Role.SECURITY)


# --- many at once ----------------------------------------------------------------------------------------------------


def rows(count: int) -> list[NewAccount]:
    codes = (province.EASUP, province.BMT, "STC", "22015")
    return [NewAccount(f"Người Thứ {n}", codes[n % 4], (Role.CLERK,), phone=f"0905 {n:06d}") for n in range(count)]


def workbook(instance: Instance, listed: list[NewAccount]) -> bytes:
    desk = sit(instance, "vpub")
    with desk.read() as connection:
        return account_book(desk.snapshot(connection).units.values(), listed)


def imported(instance: Instance, listed: list[NewAccount]) -> int:
    data = workbook(instance, listed)
    return account_imports.apply(sit(instance, "vpub"), "ds.xlsx", sha256(data).hexdigest(), data, DOCUMENT)


@ON_SQLITE
def test_five_hundred_accounts_and_their_slips_take_seconds(instance: Instance, signed_in: SignIn) -> None:
    office = signed_in("vpub")
    data = workbook(instance, rows(500))
    began = time.process_time()
    number = account_imports.apply(sit(instance, "vpub"), "ds.xlsx", "0" * 64, data, DOCUMENT)
    made = time.process_time()
    page = office.post("/cap-tai-khoan/phieu", data={"lan_nhap": str(number)})
    drawn = time.process_time()
    assert page.text.count('class="slip ') == 500
    assert len(set(re.findall(r"src=\"(data:image/svg[^\"]+)\"", page.text))) == 500
    assert (made - began, drawn - made) < (3, 10), (made - began, drawn - made)
    with instance.store.read() as connection:
        entries = audit.latest(connection, 600)
        assert sum(one.action == "create-account" for one in entries) == 500
        assert audit.verify(connection)[1] is None


def test_an_import_makes_all_accounts_or_none(instance: Instance) -> None:
    with pytest.raises(Refusal, match="xem trước"):
        imported(instance, [*rows(3), NewAccount("Không Đơn Vị", "99999", (Role.CLERK,))])
    with instance.store.read() as connection:
        assert people.find(connection, "0tn.24211") is None
        assert stored.imports(connection) == []
    number = imported(instance, rows(4))
    with instance.store.read() as connection:
        found, made = account_imports.one(sit(instance, "vpub"), connection, number)
    assert found.document == DOCUMENT
    assert [one.wanted.name for one in made] == [f"Người Thứ {n}" for n in range(4)]
    assert [one.unit_id for one in made][:2] == [unit_id(instance), unit_id(instance, province.BMT)]
    logins = [replace(one, login=told.wanted.login) for one, told in zip(rows(4), made, strict=True)]
    with pytest.raises(Refusal, match="xem trước"):
        imported(instance, logins)


@ON_SQLITE
def test_a_workbook_is_looked_at_before_it_is_applied(instance: Instance, signed_in: SignIn) -> None:
    office = signed_in("vpub")
    template = office.get("/cap-tai-khoan/nhap/mau.xlsx")
    assert template.status_code == 200
    wrong = workbook(instance, [NewAccount("An", "2421l", (Role.CLERK,), email="x")])
    answer = office.post("/cap-tai-khoan/nhap", data={"tep": (io.BytesIO(wrong), "ds.xlsx")})
    assert answer.status_code == 422
    assert "ô B2" in answer.text
    assert "ô F2" in answer.text
    good = workbook(instance, rows(3))
    answer = office.post("/cap-tai-khoan/nhap", data={"tep": (io.BytesIO(good), "ds.xlsx")})
    assert answer.status_code == 200
    ticket = re.search(r'action="(/cap-tai-khoan/nhap/[^"]+)"', answer.text)
    assert ticket
    assert office.post(ticket[1], data={"van_ban": ""}).status_code == 400
    done = office.post(ticket[1], data={"van_ban": DOCUMENT})
    assert done.status_code == 302
    assert "In 3 phiếu" in office.get(done.location).text
    again = office.post(ticket[1], data={"van_ban": DOCUMENT})
    assert again.status_code == 422
    assert "đã được nhập" in again.text
    seen = account_imports.look(sit(instance, "vpub"), "ds.xlsx", sha256(good).hexdigest(), good)
    assert [one.code for one in seen.findings] == ["account-imported-before"]
    seen = account_imports.look(sit(instance, "vpub"), "ds.xlsx", "1" * 64, good)  # another file of the same people
    assert [one.code for one in seen.findings] == ["account-person-known"] * 3
    assert office.post("/cap-tai-khoan/nhap/khong-co", data={"van_ban": DOCUMENT}).status_code == 404


# --- pages -----------------------------------------------------------------------------------------------------------


def test_a_unit_sees_its_own_accounts_and_nobody_elses(instance: Instance, signed_in: SignIn) -> None:
    browser = signed_in("qt.easup")
    page = browser.get("/tai-khoan-don-vi").text
    assert "ld.easup" in page
    assert "ld.bmt" not in page
    for code in (province.BMT, "66", "khong-co"):
        assert browser.get(f"/tai-khoan-don-vi?don_vi={code}").status_code == 404
    assert signed_in("vpub").get(f"/tai-khoan-don-vi?don_vi={province.BMT}").status_code == 200
    assert signed_in("easup").get("/tai-khoan-don-vi").status_code == 404


def test_a_proposal_walks_from_page_to_page(app: Flask, instance: Instance, signed_in: SignIn) -> None:
    admin, head, office = signed_in("qt.easup"), signed_in("ld.easup"), signed_in("vpub")
    filled = {"don_vi": province.EASUP, "viec": "create", "ho_ten": "H’Hoa Ayun", "vai_tro": ["clerk", "receiver"]}
    sent = admin.post("/tai-khoan-don-vi/de-xuat", data=filled)
    assert sent.status_code == 302
    assert "H’Hoa Ayun" in head.get("/").get_data(as_text=True).replace("&#39;", "’")
    assert "H’Hoa Ayun" in head.get("/tai-khoan-don-vi/cho-dong-y").text
    assert head.post(f"{sent.location}/thu-truong", data={"do": "agree", "version": "1"}).status_code == 302
    number = sent.location.rsplit("/", 1)[1]
    for browser, button in ((admin, "cancel"), (head, "decline"), (office, "issue")):
        assert (f'value="{button}"' in browser.get(sent.location).text) == (button == "issue")
    assert f'value="{number} 2"' in office.get("/cap-tai-khoan").text
    assert office.post("/cap-tai-khoan", data={"de_xuat": [f"{number} 2", "999 1", "x"]}).status_code == 302
    page = office.get("/cap-tai-khoan").text
    assert "Đã thực hiện 1 đề xuất" in page
    assert "Đề xuất số 999 chưa thực hiện được" in page
    slip = office.post("/cap-tai-khoan/phieu", data={"de_xuat": number})
    assert slip.status_code == 200
    assert "ayunh.24211" in slip.text
    assert slip.headers["Cache-Control"] == "no-store"
    for browser in (admin, head, signed_in("ioc")):
        assert browser.post("/cap-tai-khoan/phieu", data={"de_xuat": number}).status_code == 404


def test_notices_stay_until_they_are_put_away(instance: Instance, signed_in: SignIn) -> None:
    proposed(instance)
    head = signed_in("ld.easup")
    page = head.get("/").text
    assert "chờ thủ trưởng đồng ý" in page
    button = re.search(r'name="den" value="(\d+)"', page)
    assert button
    head.post("/thong-bao", data={"den": button[1]})
    assert "chờ thủ trưởng đồng ý" not in head.get("/").text


@ON_SQLITE
def test_what_a_unit_must_not_see_looks_like_what_is_not_there(instance: Instance, signed_in: SignIn) -> None:
    made = accounts.act(
        sit(instance, "vpub"), unit_id(instance, province.BY_THE_SEA), RequestKind.CREATE, NEW, DOCUMENT
    )
    for login in ("qt.easup", "ld.easup", "easup", "ioc"):
        browser = signed_in(login)
        for number in (made.id, 99_999):
            assert browser.get(f"/tai-khoan-don-vi/de-xuat/{number}").status_code == 404
            for where in ("don-vi", "thu-truong", "van-phong"):
                answer = browser.post(f"/tai-khoan-don-vi/de-xuat/{number}/{where}", data={"do": "agree"})
                assert answer.status_code == 404
