"""“Người và quyền”: who gives which role where, what the page shows, and who may open it."""

import pytest

from actions import grants as giving
from actions.desk import NotEntitled, NotYours, Refusal
from actions.instance import Instance
from registry.catalogue.model import Role
from registry.store import grants
from registry.store.audit import latest
from registry.store.grants import NewGrant
from registry.workflow.policy import Action
from tests.webui import rights
from tests.webui import small_province as province
from tests.webui.conftest import ON_SQLITE, SignIn
from tests.webui.rights import NEXT_WEEK, TODAY, TOMORROW, YESTERDAY
from tests.webui.small_province import BMT, EASUP, OFFICE_OF_EASUP, sit

pytestmark = ON_SQLITE


def page_of(instance: Instance, code: str = EASUP) -> str:
    return f"/don-vi/{rights.unit_key(instance, code)}/nguoi-va-quyen"


def filled(instance: Instance, login: str, role: Role = Role.CLERK, **more: str) -> dict[str, str]:
    return {"person": str(rights.key_of(instance, login)), "role": role.value, "from": TODAY.isoformat()} | more


@pytest.mark.parametrize(
    ("login", "code", "expected"),
    [
        ("qt.easup", EASUP, 200),
        ("qt.easup", OFFICE_OF_EASUP, 200),  # its division
        ("qt.easup", BMT, 404),
        ("qt.easup", "66", 404),  # the unit above
        ("qt.easup", "VPUB", 404),
        ("vpub", EASUP, 200),
        ("vpub", BMT, 200),
        ("ld.easup", EASUP, 404),
        ("easup", EASUP, 404),
        ("nhan.stc", EASUP, 404),
        ("ioc", EASUP, 404),
        ("bmnn", EASUP, 404),
    ],
)
def test_the_page_is_there_for_the_units_administrator_and_the_office(
    instance: Instance, signed_in: SignIn, login: str, code: str, expected: int
) -> None:
    assert signed_in(login).get(page_of(instance, code)).status_code == expected


@pytest.mark.parametrize("change", ["expired", "revoked", "future", "disabled"])
def test_an_administrator_of_yesterday_or_tomorrow_is_none_today(
    instance: Instance, signed_in: SignIn, change: str
) -> None:
    browser = signed_in("ioc")
    more = {
        "expired": {"valid_to": YESTERDAY},
        "revoked": {"revoked_at": province.NOW},
        "future": {"valid_from": TOMORROW},
        "disabled": {},
    }[change]
    rights.give(instance, "ioc", Role.UNIT_ADMIN, **more)
    if change == "disabled":
        assert browser.get(page_of(instance)).status_code == 200
        rights.disable(instance, "ioc")
        assert browser.get(page_of(instance)).status_code == 302  # to sign in
    else:
        assert browser.get(page_of(instance)).status_code == 404


def test_a_delegate_administers_nothing(instance: Instance, signed_in: SignIn) -> None:
    rights.lend(instance, "ld.easup", "easup")
    browser = signed_in("easup")
    assert browser.get(page_of(instance)).status_code == 404
    assert browser.get(f"/uy-quyen?unit={rights.unit_key(instance)}").status_code == 404


def test_the_administrator_goes_to_the_own_unit_and_the_office_chooses(instance: Instance, signed_in: SignIn) -> None:
    assert signed_in("qt.easup").get("/nguoi-va-quyen").location == page_of(instance)
    listed = signed_in("vpub").get("/nguoi-va-quyen?q=ea sup").text
    assert "Ea Súp" in listed
    assert "Buôn Ma Thuột" not in listed


def test_a_role_given_holds_and_is_shown_with_its_narrowing(instance: Instance, signed_in: SignIn) -> None:
    browser = signed_in("qt.easup")
    answer = browser.post(
        f"/don-vi/{rights.unit_key(instance)}/cap-quyen",
        data=filled(instance, "nl.vp", regime="KTXH", form="KTXH-01", to=NEXT_WEEK.isoformat()),
        follow_redirects=True,
    )
    assert "Đã cấp vai trò Người nhập liệu" in answer.text
    assert "Chế độ KTXH · Biểu KTXH-01" in answer.text
    allowed = sit(instance, "nl.vp").scope(Action.UPLOAD)
    assert allowed.allows(rights.unit_key(instance), "KTXH", "KTXH-01")
    assert not allowed.allows(rights.unit_key(instance), "KTXH", "X")
    with instance.store.read() as connection:
        assert latest(connection, 1)[0].action == "grant"
    told = "được giao vai trò Người nhập liệu tại Xã Ea Súp từ ngày 15/10/2026"
    assert told in signed_in("nl.vp").get("/").text


def test_what_is_revoked_ends_at_once_and_stays_on_record(instance: Instance, signed_in: SignIn) -> None:
    key = rights.grant_of(instance, "easup", Role.CLERK)
    clerk, browser = signed_in("easup"), signed_in("qt.easup")
    address = f"/don-vi/{rights.unit_key(instance)}/quyen/{key}/thu-hoi"
    assert browser.post(address, data={"reason": " "}).status_code == 400
    answer = browser.post(address, data={"reason": "chuyển công tác"}, follow_redirects=True)
    assert "Đã thu hồi vai trò" in answer.text
    assert "Quyền đã hết hạn hoặc đã thu hồi" in answer.text
    assert clerk.post("/tai-len", data={"don_vi": rights.unit_key(instance)}).status_code == 404
    assert "không có vai trò nào còn hiệu lực" in clerk.get("/").text
    rights.give(instance, "easup", Role.RECEIVER)
    told = "Vai trò Người nhập liệu của anh/chị tại Xã Ea Súp đã bị thu hồi ngày 15/10/2026"
    assert told in clerk.get("/").text
    assert browser.post(address, data={"reason": "lần nữa"}).status_code == 409


REFUSED = {
    "unit admin": ({"role": Role.UNIT_ADMIN.value}, "do Văn phòng cấp", 403),
    "office": ({"role": Role.OFFICE.value}, "do Văn phòng cấp", 403),
    "with below": ({"below": "1"}, "do Văn phòng cấp", 403),
    "past": ({"from": YESTERDAY.isoformat()}, "từ hôm nay", 400),
    "backwards": ({"from": NEXT_WEEK.isoformat(), "to": TOMORROW.isoformat()}, "từ ngày bắt đầu", 400),
    "no such form": ({"form": "KHONG-CO"}, "Không có biểu mẫu này", 400),
    "no such regime": ({"regime": "KHONG-CO"}, "Không có chế độ", 400),
    "receiver of nothing": ({"role": Role.RECEIVER.value}, "nơi nhận", 400),
    "receiver of another's": ({"role": Role.RECEIVER.value, "regime": "KTXH"}, "nơi nhận", 400),
    "no day": ({"from": "hôm nay"}, "Chọn ngày", 400),
    "no role": ({"role": "king"}, "Chọn một mục", 400),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_unit_administrator_gives_only_what_is_his_to_give(instance: Instance, signed_in: SignIn, name: str) -> None:
    more, expected, status = REFUSED[name]
    address = f"/don-vi/{rights.unit_key(instance)}/cap-quyen"
    answer = signed_in("qt.easup").post(address, data=filled(instance, "nl.vp") | more)
    assert answer.status_code == status
    assert expected in answer.text


def test_nobody_of_another_unit_is_given_a_role_nor_oneself(instance: Instance) -> None:
    desk, unit = sit(instance, "qt.easup"), rights.unit_key(instance)

    def new(login: str, role: Role = Role.CLERK) -> NewGrant:
        return NewGrant(rights.key_of(instance, login), role, unit, False, None, None, TODAY, None)

    with pytest.raises(NotYours):
        giving.give(desk, new("bmt"))
    with pytest.raises(Refusal, match="chính mình"):
        giving.give(desk, new("qt.easup"))
    with pytest.raises(Refusal, match="đã có quyền"):
        giving.give(desk, new("easup"))


def test_the_office_gives_any_role_to_anybody_by_login(instance: Instance, signed_in: SignIn) -> None:
    browser, unit = signed_in("vpub"), rights.unit_key(instance)
    wanted = filled(instance, "bmt", Role.UNIT_ADMIN) | {"person": "", "login": "BMT", "below": "1"}
    assert browser.post(f"/don-vi/{unit}/cap-quyen", data=wanted).status_code == 302
    assert sit(instance, "bmt").scope(Action.MANAGE_PEOPLE).allows(unit)
    answer = browser.post(f"/don-vi/{unit}/cap-quyen", data=wanted | {"login": "khong-co"})
    assert "Không có tài khoản" in answer.text


def test_the_office_says_which_roles_administrators_give(instance: Instance, signed_in: SignIn) -> None:
    office, admin = signed_in("vpub"), signed_in("qt.easup")
    assert office.post("/nguoi-va-quyen/vai-tro", data={"role": ["clerk"]}).status_code == 302
    address = f"/don-vi/{rights.unit_key(instance)}/cap-quyen"
    assert admin.post(address, data=filled(instance, "nl.vp", Role.LEADER)).status_code == 403
    assert admin.post(address, data=filled(instance, "nl.vp")).status_code == 302
    assert admin.post("/nguoi-va-quyen/vai-tro", data={"role": ["leader"]}).status_code == 404


def test_one_person_is_clerk_and_leader_only_where_the_unit_lets_it(instance: Instance, signed_in: SignIn) -> None:
    browser, unit = signed_in("qt.easup"), rights.unit_key(instance)
    wanted = filled(instance, "ld.easup")
    assert "vừa nhập vừa duyệt" in browser.post(f"/don-vi/{unit}/cap-quyen", data=wanted).text
    let = {"allowed": "1", "reason": "Xã chỉ có một công chức thống kê"}
    answer = browser.post(f"/don-vi/{unit}/nhap-dong-thoi-duyet", data=let, follow_redirects=True)
    assert "Đơn vị đang cho phép" in answer.text
    assert browser.post(f"/don-vi/{unit}/cap-quyen", data=wanted).status_code == 302
    assert "Đang vừa nhập vừa duyệt" in browser.get(page_of(instance)).text


@pytest.mark.parametrize(
    ("login", "role", "more", "why"),
    [
        ("ioc", Role.OFFICE, {"regime": "KTXH"}, "role-is-never-narrowed"),
        ("ioc", Role.SECURITY, {"form": "KTXH-01"}, "role-is-never-narrowed"),
        ("vpub", Role.LEADER, {}, "grant-to-oneself"),
    ],
)
def test_the_office_gives_no_part_of_a_role_without_forms_and_nothing_to_itself(
    instance: Instance, login: str, role: Role, more: dict[str, str], why: str
) -> None:
    new = NewGrant(
        rights.key_of(instance, login),
        role,
        rights.unit_key(instance, "VPUB"),
        False,
        more.get("regime"),
        more.get("form"),
        TODAY,
        None,
    )
    with pytest.raises(Refusal) as refused:
        giving.give(sit(instance, "vpub"), new)
    assert refused.value.code == why


def test_who_enters_or_approves_does_not_allow_himself_both(instance: Instance) -> None:
    unit = rights.unit_key(instance)
    rights.give(instance, "qt.easup", Role.CLERK)
    with pytest.raises(NotEntitled):
        giving.allow_own_approval(sit(instance, "qt.easup"), unit, "xã ít người", allowed=True)
    giving.allow_own_approval(sit(instance, "vpub"), unit, "xã ít người", allowed=True)


def test_what_the_office_gave_over_the_units_below_is_the_offices_to_take_back(instance: Instance) -> None:
    key = rights.give(instance, "nl.vp", Role.LEADER, below=True)
    with pytest.raises(NotEntitled):
        giving.revoke(sit(instance, "qt.easup"), key, "nghỉ")
    giving.revoke(sit(instance, "vpub"), key, "nghỉ")


def test_an_attempt_to_gain_a_right_is_in_the_log(instance: Instance, signed_in: SignIn) -> None:
    browser = signed_in("qt.easup")
    for wanted in (filled(instance, "qt.easup", Role.LEADER), filled(instance, "easup", Role.OFFICE)):
        assert browser.post(f"/don-vi/{rights.unit_key(instance)}/cap-quyen", data=wanted).status_code == 403
    with instance.store.read() as connection:
        assert [one.action for one in latest(connection, 2)] == ["refused", "refused"]


def test_what_everybody_does_today_is_said_by_the_policy(instance: Instance, signed_in: SignIn) -> None:
    rights.lend(instance, "ld.easup", "nl.vp", forms=["KTXH-01"])
    text = signed_in("qt.easup").get(page_of(instance)).text
    assert "(theo ủy quyền)" in text.replace("<em>", "").replace("</em>", "")
    rights.disable(instance, "easup")
    rights.disable(instance, "nl.24211")
    assert "Chưa có ai" in signed_in("qt.easup").get(page_of(instance)).text


def test_a_former_unit_keeps_its_grants_and_takes_no_more(instance: Instance, signed_in: SignIn) -> None:
    with instance.store.read() as connection:
        snapshot = sit(instance, "vpub").snapshot(connection)
    former = next(key for key in snapshot.units_by_id if not giving.is_alive(snapshot, key))
    code = snapshot.units_by_id[former].code
    with instance.store.write() as connection:
        new = NewGrant(rights.key_of(instance, "ioc"), Role.UNIT_ADMIN, former, False, None, None, YESTERDAY, TODAY)
        grants.put(connection, new, "test")
    browser = signed_in("ioc")
    answer = browser.get(f"/don-vi/{former}/nguoi-va-quyen")
    assert "đã kết thúc hoạt động" in answer.text, code
    assert browser.get(page_of(instance)).status_code == 404
    wanted = filled(instance, "ioc")
    assert browser.post(f"/don-vi/{former}/cap-quyen", data=wanted).status_code == 400
