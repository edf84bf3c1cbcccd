"""Waivers of rules: an error under one in force is explained, what blocks never is (DESIGN: The rules)."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from actions import decide, receive, requests, submit, waivers
from actions.desk import NotEntitled, NotNow, NotYours, Refusal
from actions.instance import Instance
from ingest.model import Status
from registry.catalogue.values import CellValue, State
from registry.findings import Severity
from registry.store import waivers as stored
from registry.store.waivers import NewWaiver
from tests.webui import asking
from tests.webui import small_province as province
from tests.webui.conftest import ON_SQLITE, SignIn
from tests.webui.small_province import NOW, sit

OCTOBER = NewWaiver("KTXH-01", "K03a", "THUE", date(2026, 10, 1), date(2026, 10, 31), "Số liệu hai địa bàn", "12/UBND")
TOO_MUCH = CellValue(State.VALUE, Decimal(500))  # more of the land than of all taxes


def status(instance: Instance, number: int) -> str:
    return receive.judge_upload(sit(instance, "nl.thue"), number).status


def explained(instance: Instance, number: int) -> dict[int, str]:
    found = receive.judge_upload(sit(instance, "nl.thue"), number).findings
    return {at: "hai địa bàn" for at, one in enumerate(found) if one.severity is Severity.WARNING}


def test_an_error_under_a_waiver_is_explained_and_rejects_again_once_it_is_withdrawn(instance: Instance) -> None:
    clerk = sit(instance, "nl.thue")
    number = province.sent(clerk, TC03_c07=TOO_MUCH)
    assert status(instance, number) == Status.REJECTED
    waiver = waivers.grant(sit(instance, "vpub"), OCTOBER)
    with pytest.raises(NotNow):  # what was judged before is judged again first
        submit.submit(clerk, number, {})
    verdict = receive.judge_upload(clerk, number)
    assert verdict.status == Status.ACCEPTED_WITH_WARNINGS
    (found,) = (one for one in verdict.findings if waivers.waiver_of(one))
    assert (found.code, waivers.waiver_of(found)) == ("rule-K03a", waiver)
    with pytest.raises(Refusal):
        submit.submit(clerk, number, {})
    texts = explained(instance, number)
    submit.submit(clerk, number, texts)
    (entry,) = waivers.register(sit(instance, "vpub"), "hai địa bàn")
    assert [(unit.code, n) for unit, n in entry.uses] == [("THUE", 1)]
    submit.withdraw(clerk, province.work_of(clerk).assignment_id)
    submit.submit(clerk, number, texts)
    (entry,) = waivers.register(sit(instance, "vpub"))
    assert entry.used == 1  # the same version is no second use

    submit.withdraw(clerk, province.work_of(clerk).assignment_id)
    waivers.withdraw(sit(instance, "vpub"), waiver, "Đã có số liệu chung")
    with pytest.raises(NotNow):
        submit.submit(clerk, number, texts)
    assert status(instance, number) == Status.REJECTED
    with pytest.raises(NotNow):
        waivers.withdraw(sit(instance, "vpub"), waiver, "lần nữa")


@ON_SQLITE
def test_a_waiver_reaches_its_units_its_form_and_periods_that_end_within_its_days(instance: Instance) -> None:
    number = province.sent(sit(instance, "nl.thue"), TC03_c07=TOO_MUCH)
    office = sit(instance, "vpub")
    for other in (
        replace(OCTOBER, selector="STC"),
        replace(OCTOBER, code="K03b"),
        replace(OCTOBER, valid_from=date(2026, 11, 1), valid_to=date(2026, 11, 30)),
    ):
        waivers.grant(office, other)
        assert status(instance, number) == Status.REJECTED
    waivers.grant(office, replace(OCTOBER, selector="ngành dọc"))
    assert status(instance, number) == Status.ACCEPTED_WITH_WARNINGS


@ON_SQLITE
def test_what_is_no_error_is_not_waived_and_everything_must_be_said(instance: Instance) -> None:
    office = sit(instance, "vpub")
    for wrong in (
        replace(OCTOBER, code="K02"),  # a warning is explained anyway
        replace(OCTOBER, code="guard-not-a-workbook"),  # blocks
        replace(OCTOBER, code="khong-co"),
        replace(OCTOBER, form="KHONG-CO"),
        replace(OCTOBER, selector="xa-la"),
        replace(OCTOBER, valid_to=date(2026, 9, 1)),
        replace(OCTOBER, valid_to=date(2028, 10, 31)),
        replace(OCTOBER, reason=" "),
        replace(OCTOBER, document=""),
    ):
        with pytest.raises(Refusal):
            waivers.grant(office, wrong)
    assert waivers.register(office) == []
    assert waivers.grant(office, replace(OCTOBER, code="judge-required-cell"))


READ_WRONGLY = ("number-too-big", "number-not-whole", "number-negative", "number-is-text", "anchor-row-missing")


@ON_SQLITE
@pytest.mark.parametrize("code", [*READ_WRONGLY, "sealed-changed", "measure-changed"])
def test_what_was_read_wrongly_is_never_waived(instance: Instance, code: str) -> None:
    with pytest.raises(Refusal, match="lỗi đọc tệp"):
        waivers.grant(sit(instance, "vpub"), replace(OCTOBER, code=code))


@ON_SQLITE
def test_a_waiver_of_a_misread_figure_entered_before_lets_nothing_pass(instance: Instance) -> None:
    office, clerk = sit(instance, "vpub"), sit(instance, "easup")
    with instance.store.write() as connection:
        stored.put(connection, replace(OCTOBER, code="number-too-big", selector=""), office.actor.person_id, NOW)
    number = province.sent(clerk, NN14_c06=CellValue(State.VALUE, Decimal("9" * 16)))
    assert receive.judge_upload(clerk, number).status == Status.REJECTED


@ON_SQLITE
def test_a_version_waiting_under_a_waiver_withdrawn_since_is_not_approved(instance: Instance) -> None:
    clerk, leader, office = sit(instance, "nl.thue"), sit(instance, "ld.thue"), sit(instance, "vpub")
    waiver = waivers.grant(office, OCTOBER)
    number = province.sent(clerk, TC03_c07=TOO_MUCH)
    submit.submit(clerk, number, explained(instance, number))
    work = province.work_of(clerk)
    waivers.withdraw(office, waiver, "Hết cần")
    with pytest.raises(NotNow, match="K03a"):
        decide.approve(leader, work.assignment_id, 1)
    waivers.grant(office, OCTOBER)
    decide.approve(leader, work.assignment_id, 1)


@ON_SQLITE
def test_who_asks_with_a_periodic_reports_form_once_waives_nothing_of_it(instance: Instance) -> None:
    asking.put_admins(instance)
    ask = replace(asking.HALLS, rows=(), columns=(), form="DTC-01", units=("xã", "phường"), name="Nhanh")
    requests.ask(sit(instance, "qt.snnmt"), "SNNMT", ask, NOW + timedelta(days=3))
    of_all = replace(OCTOBER, form="DTC-01", code="judge-required-cell", selector="")
    with pytest.raises(NotEntitled):
        waivers.grant(sit(instance, "ld.snnmt"), of_all)
    assert waivers.grant(sit(instance, "vpub"), of_all)


@ON_SQLITE
def test_only_the_office_and_the_leader_of_the_lead_waive(instance: Instance) -> None:
    with pytest.raises(NotYours):
        waivers.grant(sit(instance, "ld.easup"), OCTOBER)
    lead = sit(instance, "ld.stc")
    of_another = replace(OCTOBER, form="II.06a", code="judge-required-cell")  # its regime the office leads
    with pytest.raises(NotEntitled):
        waivers.grant(lead, of_another)
    number = waivers.grant(sit(instance, "vpub"), of_another)
    with pytest.raises(NotEntitled):
        waivers.withdraw(lead, number, "không phải của mình")
    waivers.withdraw(lead, waivers.grant(lead, OCTOBER), "nhầm")


@ON_SQLITE
def test_the_register_is_written_read_and_searched_on_its_page(instance: Instance, signed_in: SignIn) -> None:
    browser = signed_in("vpub")
    fields = {"bieu": "KTXH-01", "ma": "K03a", "don_vi": "THUE", "tu_ngay": "2026-10-01", "den_ngay": "2026-10-31"}
    lacking = browser.post("/mien-ap-dung", data=fields | {"ly_do": "Hai địa bàn", "van_ban": ""})
    assert lacking.status_code == 400
    assert "Hai địa bàn" in lacking.text  # what was typed is there still
    done = browser.post(
        "/mien-ap-dung", data=fields | {"ly_do": "Hai địa bàn", "van_ban": "12/UBND"}, follow_redirects=True
    )
    assert "Còn hiệu lực" in done.text
    assert "Chưa đơn vị nào dùng" in browser.get("/mien-ap-dung?q=hai+dia+ban").text
    assert "Không có lần miễn áp dụng nào" in browser.get("/mien-ap-dung?q=khac").text
    number = province.sent(sit(instance, "nl.thue"), TC03_c07=TOO_MUCH)
    assert "Miễn áp dụng số 1" in signed_in("nl.thue").get(f"/tep/{number}").text
    assert signed_in("easup").get("/mien-ap-dung").status_code == 404
    ended = browser.post("/mien-ap-dung/1/thu-hoi", data={"ly_do": "Hết cần"}, follow_redirects=True)
    assert "Đã thu hồi" in ended.text
    assert "Không có lần miễn áp dụng nào" in browser.get("/mien-ap-dung?con_hieu_luc=1").text
