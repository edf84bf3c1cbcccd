"""Lending approval for a time, approving one's own entry, and in what capacity somebody signs."""

import io

import pytest
from docx import Document

from actions import capacities, decide, delegations, outlines
from actions.desk import NotEntitled, NotYours, Refusal
from actions.instance import Instance
from registry.catalogue.model import Role
from registry.store import openings, signing, submissions
from registry.store.signing import NewCapacity
from registry.workflow.policy import Action
from registry.workflow.signing import Standing
from tests.webui import rights
from tests.webui.conftest import ON_SQLITE, SignIn
from tests.webui.rights import NEXT_WEEK, TODAY, TOMORROW, YESTERDAY
from tests.webui.small_province import BMT, sit, submitted, work_of

pytestmark = ON_SQLITE


def asked(instance: Instance, lender: str = "ld.easup", borrower: str = "easup", **more: str) -> dict[str, str]:
    return {
        "unit": str(rights.unit_key(instance)),
        "from_person": str(rights.key_of(instance, lender)),
        "person": str(rights.key_of(instance, borrower)),
        "to": NEXT_WEEK.isoformat(),
        "reason": "Đi công tác",
    } | more


def allow_own_entry(instance: Instance) -> None:
    with instance.store.write() as connection:
        unit, by = rights.unit_key(instance), rights.key_of(instance, "qt.easup")
        signing.put_own_approval(connection, unit, "xã nhỏ", by, sit(instance, "easup").moment, allowed=True)


def test_a_leader_lends_with_a_person_and_a_day_and_the_page_tells_in_whose_name(
    instance: Instance, signed_in: SignIn
) -> None:
    rights.give(instance, "nl.vp", Role.CLERK)
    leader, clerk, delegate = signed_in("ld.easup"), sit(instance, "easup"), signed_in("nl.vp")
    submitted(clerk)
    work = work_of(clerk)
    address = f"/viec/{work.assignment_id}"
    assert delegate.post(f"{address}/duyet", data={"version": "1"}).status_code == 404
    assert leader.post("/uy-quyen", data=asked(instance, borrower="nl.vp")).status_code == 302
    assert "ủy quyền cho Hà Thị Ghi duyệt" in leader.get("/").text
    assert "đang duyệt theo ủy quyền của" in delegate.get("/").text
    told = "cho Hà Thị Ghi duyệt số liệu của Xã Ea Súp, từ 15/10/2026"
    assert told in delegate.get("/").text
    assert told not in leader.get("/").text  # he did it himself
    assert delegate.post(f"{address}/duyet", data={"version": "1"}).status_code == 302
    assert "Duyệt theo ủy quyền của" in signed_in("easup").get(address).text
    board = signed_in("vpub").get("/ky-bao-cao/KTXH/202610").text
    assert "Duyệt theo ủy quyền của" in board
    assert "có 1 biểu duyệt theo ủy quyền" in board
    with instance.store.read() as connection:
        version = submissions.newest(connection, work.submission_id)
        assert version is not None
        came = submissions.provenance(connection, [version.id])[version.id]
    assert came.lender is not None
    assert not came.own_entry


@pytest.mark.parametrize("day", [{"valid_to": YESTERDAY}, {"valid_from": TOMORROW}, {"forms": ["KHAC"]}])
def test_outside_its_days_and_forms_nothing_is_lent(instance: Instance, day: dict[str, object]) -> None:
    rights.lend(instance, "ld.easup", "nl.vp", **day)
    allowed = sit(instance, "nl.vp").scope(Action.APPROVE)
    assert not allowed.allows(rights.unit_key(instance), "KTXH", "KTXH-01")


def test_what_is_lent_cannot_be_lent_on(instance: Instance, signed_in: SignIn) -> None:
    rights.lend(instance, "ld.easup", "easup")
    rights.give(instance, "nl.vp", Role.CLERK)
    with pytest.raises(NotYours):
        delegations.lenders(sit(instance, "easup"), None, rights.unit_key(instance))  # type: ignore[arg-type]
    answer = signed_in("easup").post("/uy-quyen", data=asked(instance, "easup", "nl.vp"))
    assert answer.status_code == 404


def test_it_is_taken_back_at_once_by_the_leader_and_by_the_units_administrator(
    instance: Instance, signed_in: SignIn
) -> None:
    for login in ("ld.easup", "qt.easup"):
        key = rights.lend(instance, "ld.easup", "easup")
        assert signed_in("easup").post(f"/uy-quyen/{key}/thu-hoi").status_code == 404
        assert signed_in("ld.bmt").post(f"/uy-quyen/{key}/thu-hoi").status_code == 404
        assert signed_in(login).post(f"/uy-quyen/{key}/thu-hoi").status_code == 302
        assert sit(instance, "easup").scope(Action.APPROVE).is_empty
        assert signed_in(login).post(f"/uy-quyen/{key}/thu-hoi").status_code == 409
        assert "duyệt số liệu của Xã Ea Súp đã thu hồi ngày 15/10/2026" in signed_in("easup").get("/").text


def test_the_units_administrator_lends_in_the_leaders_name_with_a_document(
    instance: Instance, signed_in: SignIn
) -> None:
    admin = signed_in("qt.easup")
    assert "số, ngày của văn bản" in admin.post("/uy-quyen", data=asked(instance)).text
    assert admin.post("/uy-quyen", data=asked(instance, document="12/QĐ-UBND ngày 14/10/2026")).status_code == 302
    assert sit(instance, "easup").scope(Action.APPROVE).allows(rights.unit_key(instance))
    to_oneself = asked(instance, borrower="qt.easup", document="13/QĐ-UBND")
    assert "chính mình" in admin.post("/uy-quyen", data=to_oneself).text


WRONG = {
    "no reason": ({"reason": " "}, 400),
    "no last day": ({"to": ""}, 400),
    "past": ({"from": YESTERDAY.isoformat()}, 400),
    "for ever": ({"to": "2030-01-01"}, 400),
    "unknown form": ({"form": "KHONG-CO"}, 400),
    "to nobody of the unit": ({"person": "1"}, 404),
    "in another's name": ({"from_person": "1"}, 404),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_delegation_out_of_order_is_refused(instance: Instance, signed_in: SignIn, name: str) -> None:
    more, status = WRONG[name]
    assert signed_in("ld.easup").post("/uy-quyen", data=asked(instance) | more).status_code == status


def test_another_units_leader_lends_nothing_here(instance: Instance, signed_in: SignIn) -> None:
    assert signed_in("ld.bmt").post("/uy-quyen", data=asked(instance)).status_code == 404
    assert signed_in("ld.bmt").get(f"/uy-quyen?unit={rights.unit_key(instance)}").status_code == 404
    other = asked(instance) | {"unit": str(rights.unit_key(instance, BMT))}
    assert signed_in("ld.easup").post("/uy-quyen", data=other).status_code == 404


# --- own entry, own approval ---------------------------------------------------------------------------------------


def test_who_entered_does_not_approve_unless_the_unit_lets_it(instance: Instance, signed_in: SignIn) -> None:
    submitted(sit(instance, "easup"))
    rights.lend(instance, "ld.easup", "easup")
    desk = sit(instance, "easup")
    with pytest.raises(NotEntitled, match="chưa cho một người"):
        decide.approve(desk, work_of(desk).assignment_id, 1)
    address = f"/viec/{work_of(desk).assignment_id}"
    mine, leaders = (signed_in(login).get(address).text for login in ("easup", "ld.easup"))
    assert "chưa cho một người vừa nhập vừa duyệt" in mine  # said before he asks
    assert f'action="{address}/duyet"' not in mine
    assert f'action="{address}/duyet"' in leaders
    assert "không tự duyệt số liệu do mình nhập" in signed_in("ld.easup").get("/uy-quyen").text


def test_by_mandate_he_does_and_everybody_is_told(instance: Instance, signed_in: SignIn) -> None:
    submitted(sit(instance, "easup"))
    rights.lend(instance, "ld.easup", "easup")
    allow_own_entry(instance)
    desk = sit(instance, "easup")
    work = work_of(desk)
    decide.approve(desk, work.assignment_id, 1)
    for login, address in (
        ("ld.easup", f"/viec/{work.assignment_id}"),
        ("nhan.stc", f"/viec/{work.assignment_id}"),
        ("vpub", "/ky-bao-cao/KTXH/202610"),
    ):
        text = signed_in(login).get(address).text
        assert "Người nhập đồng thời là người duyệt" in text, login
        assert "Duyệt theo ủy quyền của" in text, login
    assert "có 1 biểu do người nhập đồng thời duyệt" in signed_in("vpub").get("/ky-bao-cao/KTXH/202610").text


def test_clerk_and_leader_in_one_needs_a_mandate_where_the_regime_says_nothing(instance: Instance) -> None:
    submitted(sit(instance, "easup"))
    rights.give(instance, "easup", Role.LEADER)
    allow_own_entry(instance)
    desk = sit(instance, "easup")
    with pytest.raises(NotEntitled, match="ủy quyền bằng văn bản"):
        decide.approve(desk, work_of(desk).assignment_id, 1)
    rights.sign(instance, "easup", "TUQ", document="15/QĐ-UBND")
    decide.approve(sit(instance, "easup"), work_of(desk).assignment_id, 1)


def test_another_leader_approves_without_a_mark(instance: Instance) -> None:
    submitted(sit(instance, "easup"))
    desk = sit(instance, "ld.easup")
    work = work_of(desk)
    decide.approve(desk, work.assignment_id, 1)
    with instance.store.read() as connection:
        told = submissions.approvals(connection, work.opening_id)[work.assignment_id]
    assert (told.lender, told.own_entry) == (None, False)


# --- signing capacities --------------------------------------------------------------------------------------------


def new_capacity(instance: Instance, standing: Standing, **more: object) -> NewCapacity:
    values: dict[str, object] = {
        "person_id": rights.key_of(instance, "ld.easup"),
        "unit_id": rights.unit_key(instance),
        "title": "Phó Chủ tịch",
        "standing": standing,
        "head": "Chủ tịch",
        "field": "Kinh tế",
        "forms": None,
        "document": "12/QĐ-UBND",
        "document_date": TODAY,
        "valid_from": TODAY,
        "valid_to": NEXT_WEEK,
    } | more
    return NewCapacity(**values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("standing", "more", "why"),
    [
        (Standing.BY_ORDER, {"document": ""}, "số và ngày"),
        (Standing.BY_MANDATE, {"document": ""}, "số và ngày"),
        (Standing.BY_MANDATE, {"document_date": None}, "số và ngày"),
        (Standing.BY_MANDATE, {"valid_to": None}, "ngày kết thúc"),
        (Standing.BY_MANDATE, {"field": ""}, "lĩnh vực"),
        (Standing.FOR, {"head": ""}, "người đứng đầu"),
        (Standing.DIRECT, {"title": ""}, "chức vụ"),
        (Standing.FOR, {"valid_to": YESTERDAY}, "kết thúc"),
        (Standing.FOR, {"forms": ("KHONG-CO",)}, "biểu mẫu"),
    ],
)
def test_a_capacity_without_its_basis_is_refused(
    instance: Instance, standing: Standing, more: dict[str, object], why: str
) -> None:
    with pytest.raises(Refusal, match=why):
        capacities.record(sit(instance, "qt.easup"), new_capacity(instance, standing, **more))


@pytest.mark.parametrize("standing", list(Standing))
def test_a_capacity_in_order_is_kept_and_shown(instance: Instance, signed_in: SignIn, standing: Standing) -> None:
    admin, unit = signed_in("qt.easup"), rights.unit_key(instance)
    data = {"person": str(rights.key_of(instance, "ld.easup")), "title": "Phó Chủ tịch", "standing": standing.value}
    data |= {"head": "Chủ tịch", "field": "Kinh tế", "document": "12/QĐ-UBND", "document_date": TODAY.isoformat()}
    data |= {"from": TODAY.isoformat(), "to": NEXT_WEEK.isoformat()}
    answer = admin.post(f"/don-vi/{unit}/tu-cach-ky", data=data, follow_redirects=True)
    assert "Văn bản 12/QĐ-UBND" in answer.text
    with instance.store.read() as connection:
        key = signing.capacities(connection, [unit])[0].id
    assert signed_in("ld.easup").post(f"/don-vi/{unit}/tu-cach-ky/{key}/ket-thuc").status_code == 404
    assert admin.post(f"/don-vi/{unit}/tu-cach-ky/{key}/ket-thuc").status_code == 302
    assert sit(instance, "ld.easup").scope(Action.APPROVE).is_empty


def test_it_limits_what_is_approved(instance: Instance) -> None:
    submitted(sit(instance, "easup"))
    rights.sign(instance, "ld.easup", "KT", forms=["KHAC"])
    desk = sit(instance, "ld.easup")
    with pytest.raises(NotYours):
        decide.approve(desk, work_of(desk).assignment_id, 1)
    rights.sign(instance, "ld.easup", "KT", forms=["KTXH-01"])
    decide.approve(sit(instance, "ld.easup"), work_of(desk).assignment_id, 1)


def test_a_mandate_is_not_lent(instance: Instance, signed_in: SignIn) -> None:
    rights.sign(instance, "ld.easup", "TUQ", document="12/QĐ-UBND")
    answer = signed_in("ld.easup").post("/uy-quyen", data=asked(instance))
    assert "không được ủy quyền lại" in answer.text


@pytest.mark.parametrize(
    ("standing", "title", "lines"),
    [
        ("direct", "Chủ tịch", ["TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"]),
        ("KT", "Phó Chủ tịch", ["TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"]),
        ("Q", "Phó Chủ tịch", ["TM. ỦY BAN NHÂN DÂN", "Q. CHỦ TỊCH"]),
        ("TL", "Chánh Văn phòng", ["TL. CHỦ TỊCH", "CHÁNH VĂN PHÒNG"]),
        ("TUQ", "Phó Chủ tịch", ["TUQ. CHỦ TỊCH", "PHÓ CHỦ TỊCH"]),
    ],
)
def test_the_signature_block_says_in_what_capacity(
    instance: Instance, standing: str, title: str, lines: list[str]
) -> None:
    rights.sign(instance, "ld.easup", standing, title=title, document="12/QĐ-UBND")
    desk = sit(instance, "easup")
    with desk.read() as connection:
        opening = openings.find(connection, "KTXH", "202610")
        name = signing.capacities(connection, [rights.unit_key(instance)])[0].name
    assert opening is not None
    made = outlines.outline(desk, opening.id, rights.unit_key(instance))
    right = Document(io.BytesIO(made.data)).tables[-1].rows[0].cells[1]
    assert [one.text for one in right.paragraphs if one.text] == [*lines, name]


def test_a_head_signs_before_a_deputy_and_a_capacity_for_some_forms_only_those(instance: Instance) -> None:
    unit = rights.unit_key(instance)
    rights.sign(instance, "ld.easup", "KT", forms=["KTXH-01"])
    rights.sign(instance, "easup", "TL", title="Chánh Văn phòng", document="1/QĐ")
    desk = sit(instance, "qt.easup")
    with desk.read() as connection:
        of_one = capacities.signatures(desk, connection, [unit], ["KTXH-01"])[unit]
        of_two = capacities.signatures(desk, connection, [unit], ["KTXH-01", "KHAC"])[unit]
    assert (of_one.standing, of_two.standing) == (Standing.FOR, Standing.BY_ORDER)
