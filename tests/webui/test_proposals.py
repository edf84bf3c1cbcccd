"""Proposals about indicators: any unit's administrator, the lead of the regime, the office, and all are told (R18)."""

from datetime import date

import pytest

from actions import changed, proposals
from actions.desk import Changed, NotNow, NotYours, Refusal
from actions.instance import Instance
from actions.proposals import Decision
from registry.store import proposals as stored
from registry.workflow.proposals import ProposalKind, ProposalState, ProposalStep
from tests.webui import rights
from tests.webui import small_province as province
from tests.webui.conftest import ON_SQLITE, SignIn
from tests.webui.small_province import sit

DECISION = Decision("45/QĐ-UBND", date(2026, 10, 14), date(2026, 11, 1))
NAME = "Đàn lợn (không kể lợn con chưa tách mẹ)"


def proposed(
    instance: Instance, kind: ProposalKind = ProposalKind.NAME, wanted: str = NAME, about: str = "NN15"
) -> int:
    unit = rights.unit_key(instance)
    return proposals.propose(sit(instance, "qt.easup"), unit, "KTXH-01", about, kind, wanted, "Hay hiểu khác nhau")


def state(instance: Instance, number: int) -> ProposalState:
    with instance.store.read() as connection:
        found = stored.get(connection, number)
    assert found is not None
    return found.state


def test_a_new_name_goes_from_the_unit_to_the_catalogue_and_back_as_news(instance: Instance) -> None:
    number = proposed(instance)
    proposals.take(sit(instance, "ld.stc"), number, 1, ProposalStep.ACCEPT)
    with pytest.raises(Changed):
        proposals.apply(sit(instance, "vpub"), number, 1, DECISION)
    proposals.apply(sit(instance, "vpub"), number, 2, DECISION)
    assert state(instance, number) is ProposalState.APPLIED
    desk = sit(instance, "vpub")
    with desk.read() as connection:
        assert desk.snapshot(connection).definitions.indicators["NN15"].name != NAME  # not before its day
        assert desk.snapshot(connection, date(2026, 11, 1)).definitions.indicators["NN15"].name == NAME
        steps = stored.steps(connection, [number])[number]
    assert [one.step for one in steps] == [ProposalStep.PROPOSE, ProposalStep.ACCEPT, ProposalStep.APPLY]
    assert (steps[-1].document, steps[-1].dated) == (DECISION.document, DECISION.dated)
    (newest, *_) = changed.listing(sit(instance, "easup"))
    assert [one.after for one, _ in newest.changes if one.name == "name"] == [NAME]


@ON_SQLITE
def test_what_is_more_than_a_word_must_stand_in_the_catalogue_first(instance: Instance) -> None:
    number = proposed(instance, ProposalKind.MEASURE, "con", "NN16")
    proposals.take(sit(instance, "vpub"), number, 1, ProposalStep.ACCEPT)
    known = next(one for one in province.small_catalogue().indicators if one.code == "NN16")
    if known.measure != "con":
        with pytest.raises(NotNow):
            proposals.apply(sit(instance, "vpub"), number, 2, DECISION)
    new = proposed(instance, ProposalKind.NEW, "Số vườn sầu riêng có mã vùng trồng", "")
    proposals.take(sit(instance, "ld.stc"), new, 1, ProposalStep.ACCEPT)
    with pytest.raises(NotNow):
        proposals.apply(sit(instance, "vpub"), new, 2, Decision("1", DECISION.dated, DECISION.valid_from, "NN99"))
    proposals.apply(sit(instance, "vpub"), new, 2, Decision("1", DECISION.dated, DECISION.valid_from, "NN15"))
    assert state(instance, new) is ProposalState.APPLIED


@ON_SQLITE
def test_a_measure_is_one_of_the_catalogues_and_a_refusal_says_what_is_near(
    instance: Instance, signed_in: SignIn
) -> None:
    with pytest.raises(Refusal, match=r"Gần nhất: .*nghìn con"):
        proposed(instance, ProposalKind.MEASURE, "nghìn con lợn (theo Niên giám)", "NN16")
    number = proposed(instance, ProposalKind.MEASURE, "NGHIN CON", "NN16")
    with instance.store.read() as connection:
        found = stored.get(connection, number)
    assert found is not None
    assert found.new.wanted == "nghìn con"
    with pytest.raises(Refusal, match="2000"):
        proposals.take(sit(instance, "vpub"), number, 1, ProposalStep.DECLINE, "y" * 3000)
    posted = {
        "don_vi": "abc",
        "bieu": "KTXH-01",
        "chi_tieu": "NN16",
        "loai": "measure",
        "noi_dung": "con",
        "ly_do": "x",
    }
    assert signed_in("qt.easup").post("/de-xuat-chi-tieu", data=posted).status_code == 404


@ON_SQLITE
def test_each_step_is_its_own_persons_and_needs_its_words(instance: Instance) -> None:
    unit = rights.unit_key(instance)
    with pytest.raises(NotYours):  # a clerk proposes nothing
        proposals.propose(sit(instance, "easup"), unit, "KTXH-01", "NN15", ProposalKind.NAME, NAME, "vì")
    for form, about, kind, wanted, reason in (
        ("KHONG", "NN15", ProposalKind.NAME, NAME, "vì"),
        ("KTXH-01", "KHONG", ProposalKind.NAME, NAME, "vì"),
        ("KTXH-01", "NN15", ProposalKind.NEW, NAME, "vì"),
        ("KTXH-01", "NN15", ProposalKind.NAME, " ", "vì"),
        ("KTXH-01", "NN15", ProposalKind.NAME, NAME, " "),
    ):
        with pytest.raises(Refusal):
            proposals.propose(sit(instance, "qt.easup"), unit, form, about, kind, wanted, reason)
    number = proposed(instance)
    for login in ("qt.bmt", "ld.bmt", "ld.snnmt"):
        with pytest.raises(NotYours):
            proposals.take(sit(instance, login), number, 1, ProposalStep.ACCEPT)
    with pytest.raises(NotYours):  # the unit itself does not draft
        proposals.take(sit(instance, "qt.easup"), number, 1, ProposalStep.ACCEPT)
    with pytest.raises(Refusal):
        proposals.take(sit(instance, "ld.stc"), number, 1, ProposalStep.DECLINE, " ")
    with pytest.raises(NotNow):
        proposals.apply(sit(instance, "vpub"), number, 1, DECISION)
    proposals.take(sit(instance, "ld.stc"), number, 1, ProposalStep.DECLINE, "Đã có hướng dẫn")
    assert state(instance, number) is ProposalState.DECLINED
    with pytest.raises(NotNow):
        proposals.take(sit(instance, "qt.easup"), number, 2, ProposalStep.WITHDRAW)


@ON_SQLITE
def test_the_pages_lead_from_the_proposal_to_its_end(instance: Instance, signed_in: SignIn) -> None:
    admin, lead, office = signed_in("qt.easup"), signed_in("ld.stc"), signed_in("vpub")
    assert "NN15 – " in admin.get("/de-xuat-chi-tieu?bieu=KTXH-01").text
    fields = {"don_vi": str(rights.unit_key(instance)), "bieu": "KTXH-01", "chi_tieu": "NN15", "loai": "method"}
    lacking = admin.post("/de-xuat-chi-tieu", data=fields | {"noi_dung": "Đếm cuối tháng", "ly_do": ""})
    assert lacking.status_code == 400
    assert "Đếm cuối tháng" in lacking.text
    made = admin.post("/de-xuat-chi-tieu", data=fields | {"noi_dung": "Đếm cuối tháng", "ly_do": "Chưa rõ"})
    address = made.location
    assert address in lead.get("/").text or address in lead.get("/thong-bao").text
    assert lead.post(f"{address}/du-thao", data={"version": "1", "do": "accept"}).status_code == 302
    assert "Đưa vào dự thảo" in admin.get(address).text
    early = office.post(f"{address}/ap-dung", data={"version": "2", "so": "", "ngay": "2026-10-14"})
    assert early.status_code == 400
    data = {"version": "2", "so": "45/QĐ-UBND", "ngay": "2026-10-14", "tu_ngay": "2026-11-01"}
    assert office.post(f"{address}/ap-dung", data=data).status_code == 302
    assert "Văn bản số 45/QĐ-UBND" in admin.get(address).text
    assert signed_in("qt.bmt").get(address).status_code == 404
