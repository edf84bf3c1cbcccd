"""Handing over, units without enough people, the unit one acts in, the matrix, the unit's own catalogue."""

from datetime import timedelta

import pytest
from lxml import html
from sqlalchemy import select

from actions import hand_over, rounds, shortages
from actions.desk import NotYours, Refusal
from actions.instance import Instance
from actions.shortages import Lack
from registry.catalogue.model import Role
from registry.store import grants
from registry.store import rounds as planned
from registry.store.tables import job
from registry.workflow.policy import LENT, MATRIX, Action, Reach
from tests.webui import asking, rights
from tests.webui import small_province as province
from tests.webui.conftest import ON_SQLITE, SignIn
from tests.webui.rights import NEXT_WEEK, TODAY
from tests.webui.small_province import BMT, EASUP, OFFICE_OF_EASUP, sit, work_of
from webui.wording import say

pytestmark = ON_SQLITE


def move(instance: Instance, leaver: str, successor: str, by: str = "qt.easup", **more: object) -> None:
    values: dict[str, object] = {"first": TODAY, "reason": "chuyển công tác", "document": ""} | more
    unit, old, new = rights.unit_key(instance), rights.key_of(instance, leaver), rights.key_of(instance, successor)
    hand_over.move(sit(instance, by), unit, old, new, **values)  # type: ignore[arg-type]


def test_the_preview_names_all_that_moves_and_the_successor_has_it(instance: Instance, signed_in: SignIn) -> None:
    rights.lend(instance, "ld.easup", "easup")
    browser, unit = signed_in("qt.easup"), rights.unit_key(instance)
    address = f"/don-vi/{unit}/ban-giao/{rights.key_of(instance, 'easup')}"
    text = browser.get(address).text
    for words in ("Người nhập liệu", "Ủy quyền duyệt đang nhận", "KTXH-01", "Hà Thị Ghi"):
        assert words in text
    data = {"to": str(rights.key_of(instance, "nl.vp")), "first": TODAY.isoformat(), "reason": "nghỉ hưu"}
    assert browser.post(address, data=data).status_code == 400  # what was lent needs its document
    assert browser.post(address, data=data | {"document": "20/QĐ-UBND"}).status_code == 302
    old, new = sit(instance, "easup"), sit(instance, "nl.vp")
    assert not old.scope(Action.UPLOAD).allows(unit)
    assert new.scope(Action.UPLOAD).allows(unit, "KTXH", "KTXH-01")
    assert new.scope(Action.APPROVE).allows(unit)
    assert work_of(new).unit_id == unit


def test_until_the_day_before_the_leaver_keeps_what_he_had(instance: Instance) -> None:
    move(instance, "easup", "nl.vp", first=NEXT_WEEK)
    unit = rights.unit_key(instance)
    assert sit(instance, "easup").scope(Action.UPLOAD).allows(unit)
    assert not sit(instance, "nl.vp").scope(Action.UPLOAD).allows(unit)
    later = province.NOW + timedelta(days=7)
    assert not sit(instance, "easup", later).scope(Action.UPLOAD).allows(unit)
    assert sit(instance, "nl.vp", later).scope(Action.UPLOAD).allows(unit)


def test_what_a_leader_lent_is_lent_by_the_successor(instance: Instance) -> None:
    rights.lend(instance, "ld.easup", "easup")
    rights.sign(instance, "ld.easup", "direct", title="Chủ tịch")
    move(instance, "ld.easup", "nl.vp", document="21/QĐ-UBND")
    unit = rights.unit_key(instance)
    assert sit(instance, "nl.vp").scope(Action.APPROVE).allows(unit)
    assert sit(instance, "easup").scope(Action.APPROVE).allows(unit)
    assert sit(instance, "ld.easup").scope(Action.APPROVE).is_empty


def test_a_role_that_is_the_offices_to_give_stays_until_the_office_hands_it_over(instance: Instance) -> None:
    unit = rights.unit_key(instance)
    with sit(instance, "vpub").read() as connection:
        found = hand_over.look(sit(instance, "vpub"), connection, unit, rights.key_of(instance, "qt.easup"))
    assert [one.role for one in found.moves] == [Role.UNIT_ADMIN]
    move(instance, "qt.easup", "nl.vp", by="vpub")
    assert sit(instance, "nl.vp").scope(Action.MANAGE_PEOPLE).allows(unit)


def test_rounds_planned_ahead_run_in_the_successors_name(instance: Instance) -> None:
    asking.a_request_within_easup(instance)
    admin = sit(instance, "qt.easup")
    first = province.NOW + timedelta(days=1)
    added = rounds.plan(admin, "DX-2026-001", first, first + timedelta(hours=8), 7, NEXT_WEEK + timedelta(days=14))
    assert added
    rights.give(instance, "qt.easup", Role.CLERK)
    rights.give(instance, "ld.vp", Role.UNIT_ADMIN)
    with pytest.raises(Refusal, match="đợt báo cáo đã lên lịch"):
        move(instance, "qt.easup", "nl.vp", by="ld.vp")  # who may not give the role that asks
    move(instance, "qt.easup", "nl.vp", by="vpub")
    key = rights.key_of(instance, "nl.vp")
    with instance.store.read() as connection:
        assert len(planned.planned_by(connection, key)) == added
        assert not planned.planned_by(connection, rights.key_of(instance, "qt.easup"))
        waiting = select(job.c.by_id).where(job.c.kind == rounds.ROUND, job.c.state == "waiting")
        assert set(connection.execute(waiting).scalars()) == {key}


@pytest.mark.parametrize(
    ("leaver", "successor", "by", "error"),
    [
        ("easup", "bmt", "qt.easup", NotYours),  # of another unit
        ("easup", "easup", "qt.easup", NotYours),
        ("easup", "qt.easup", "qt.easup", Refusal),  # to oneself
        ("easup", "ld.easup", "qt.easup", Refusal),  # would enter and approve
        ("bmt", "nl.vp", "qt.easup", NotYours),
        ("easup", "nl.vp", "ld.easup", NotYours),
    ],
)
def test_not_everything_is_handed_over(
    instance: Instance, leaver: str, successor: str, by: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        move(instance, leaver, successor, by)
    assert sit(instance, "easup").scope(Action.UPLOAD).allows(rights.unit_key(instance))


def test_nothing_is_left_without_an_owner(instance: Instance) -> None:
    unit = rights.unit_key(instance)
    with instance.store.read() as connection:
        before = {
            (one.role, one.regime, one.form) for one in grants.of_units(connection, [unit]) if one.is_open_on(TODAY)
        }
    for leaver, successor in (
        ("easup", "nl.vp"),
        ("nl.24211", "nl.vp"),  # who has it all already
        ("ld.easup", "ld.vp"),
        ("ld.24211", "ld.vp"),
        ("qt.easup", "nl.vp"),
    ):
        move(instance, leaver, successor, by="vpub")
    with instance.store.read() as connection:
        held = [one for one in grants.of_units(connection, [unit]) if one.holds_on(TODAY)]
    assert {(one.role, one.regime, one.form) for one in held} == before
    assert {one.login for one in held} == {"nl.vp", "ld.vp"}


# --- units without enough people -----------------------------------------------------------------------------------


def lacks_of(instance: Instance, login: str = "vpub", code: str = EASUP) -> tuple[Lack, ...]:
    found = {one.unit.code: one.lacks for one in shortages.look(sit(instance, login))}
    return found.get(code, ())


def test_a_unit_with_its_three_people_lacks_nothing(instance: Instance) -> None:
    assert lacks_of(instance) == ()


@pytest.mark.parametrize(
    ("logins", "lack"),
    [
        (("qt.easup",), Lack.ADMIN),
        (("ld.easup", "ld.24211"), Lack.LEADER),
        (("easup", "nl.24211"), Lack.CLERK),
    ],
)
def test_who_is_missing_is_named(instance: Instance, signed_in: SignIn, logins: tuple[str, ...], lack: Lack) -> None:
    for login in logins:
        rights.disable(instance, login)
    assert lack in lacks_of(instance)
    text = signed_in("vpub").get(f"/don-vi-chua-du-nguoi?thieu={lack}").text
    assert "Ea Súp" in text


def test_one_person_alone_and_what_ends_soon_are_told(instance: Instance, signed_in: SignIn) -> None:
    for login in ("qt.easup", "easup", "nl.24211", "ld.24211"):
        rights.disable(instance, login)
    assert Lack.ALONE in lacks_of(instance)
    rights.give(instance, "ioc", Role.CLERK, valid_to=NEXT_WEEK)
    assert Lack.ENDING in lacks_of(instance)
    rights.give(instance, "ioc", Role.CLERK)
    assert Lack.ENDING not in lacks_of(instance)
    rights.lend(instance, "ld.easup", "ioc")
    assert Lack.ENDING in lacks_of(instance)
    assert "ủy quyền duyệt, hết ngày" in signed_in("vpub").get("/don-vi-chua-du-nguoi").text


def test_an_administrator_sees_the_own_unit_only_and_others_nothing(instance: Instance, signed_in: SignIn) -> None:
    rights.disable(instance, "easup")
    rights.disable(instance, "bmt")
    assert {one.unit.code for one in shortages.look(sit(instance, "qt.easup"))} <= {EASUP, OFFICE_OF_EASUP}
    for login in ("ld.easup", "nhan.stc", "ioc"):
        assert signed_in(login).get("/don-vi-chua-du-nguoi").status_code == 404


# --- the unit one acts in ------------------------------------------------------------------------------------------


def test_who_works_in_two_units_chooses_whose_work_is_shown(instance: Instance, signed_in: SignIn) -> None:
    assert "don-vi-lam-viec" not in signed_in("easup").get("/").text
    rights.give(instance, "easup", Role.CLERK, BMT)
    browser = signed_in("easup")
    both = browser.get("/").text
    assert "don-vi-lam-viec" in both
    chosen = {"unit": str(rights.unit_key(instance, BMT))}
    text = browser.post("/don-vi-lam-viec", data=chosen, follow_redirects=True).text
    ours, theirs = (f"/viec/{work_of(sit(instance, one)).assignment_id}" for one in ("ld.easup", "ld.bmt"))
    assert ours in both
    assert theirs in both
    assert theirs in text
    assert ours not in text
    assert browser.get(ours).status_code == 200  # what is shown is chosen, not what is allowed
    assert browser.post("/don-vi-lam-viec", data={"unit": "1"}).status_code == 404
    assert ours in browser.post("/don-vi-lam-viec", data={"unit": ""}, follow_redirects=True).text


# --- the matrix ----------------------------------------------------------------------------------------------------


def test_the_matrix_is_shown_cell_by_cell(signed_in: SignIn) -> None:
    page = html.fromstring(signed_in("easup").get("/ma-tran-phan-quyen").text)
    shown = {row.get("data-action"): row.xpath("td") for row in page.xpath("//tr[@data-action]")}
    assert shown.keys() == {action.value for action, roles in MATRIX.items() if roles}
    words = {None: "Không", **{reach: say(f"matrix.{reach}") for reach in Reach}}
    for action, cells in shown.items():
        for role, cell in zip(Role, cells, strict=False):
            assert words[MATRIX[Action(action)].get(role)] in cell.text_content(), (action, role)
        assert ("Đơn vị mình" in cells[-1].text_content()) == (Action(action) in LENT), action


# --- the unit's own catalogue --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("login", "code", "status"),
    [("qt.easup", EASUP, 200), ("qt.easup", BMT, 404), ("vpub", "STC", 200), ("ld.easup", EASUP, 404)],
)
def test_a_units_own_indicators_and_forms_are_listed(
    instance: Instance, signed_in: SignIn, login: str, code: str, status: int
) -> None:
    answer = signed_in(login).get(f"/don-vi/{rights.unit_key(instance, code)}/chi-tieu-va-bieu")
    assert answer.status_code == status
    if status == 200:
        assert "KTXH" in answer.text
