"""Chosen cells returned, the rest sealed; words on cells without returning them (PRACTICE F13, F30)."""

import re

import pytest

from actions import correct, decide, receive, submit
from actions.desk import NotNow, NotYours, Refusal
from actions.instance import Instance
from ingest.model import Status
from registry.catalogue.model import Role
from registry.catalogue.values import CellKey, CellValue, State
from registry.store import returned, submissions
from registry.workflow.submission import State as Standing
from tests.webui import rights
from tests.webui import small_province as province
from tests.webui.conftest import ON_SQLITE, SignIn
from tests.webui.small_province import sit, work_of

PIGS, COWS, OATS = CellKey("NN14", "c06"), CellKey("NN13", "c06"), CellKey("NN12", "c06")
SAID = {PIGS: "Cao gấp mười lần"}


def number(text: str) -> CellValue:
    return CellValue(State.VALUE, province.Decimal(text))


def test_only_the_returned_cells_can_change_whatever_way_they_are_sent(instance: Instance) -> None:
    clerk, leader = sit(instance, "easup"), sit(instance, "ld.easup")
    first = province.submitted(clerk)
    work = work_of(clerk)
    decide.send_back(leader, work.assignment_id, 1, "Xem lại đàn lợn", SAID)
    both = province.sent(clerk, NN14_c06=number("12"), NN13_c06=number("121"))
    verdict = receive.judge_upload(clerk, both)
    [found] = [one for one in verdict.findings if one.code == "sealed-changed"]
    assert verdict.status == Status.REJECTED
    assert (found.expected, found.found, dict(found.values)["row_code"]) == ("120", "121", "NN13")
    with clerk.read() as connection:
        assert set(correct.to_be_corrected(clerk, connection, both).texts) == {PIGS, COWS}
        assert set(correct.to_be_corrected(clerk, connection, first).texts) == {PIGS}
    with pytest.raises(NotNow, match="chỉ bị trả lại ở một số ô"):
        submit.nil(clerk, work.assignment_id)
    fixed, verdict = correct.correct(clerk, both, {COWS: "120"})
    assert verdict.can_be_submitted
    submit.submit(clerk, fixed)
    submit.withdraw(clerk, work.assignment_id)  # does not open the rest
    other = province.sent(clerk, NN14_c06=number("13"), NN13_c06=number("119"))
    assert receive.judge_upload(clerk, other).status == Status.REJECTED
    submit.submit(clerk, province.sent(clerk, NN14_c06=number("13")))
    decide.approve(leader, work.assignment_id, work_of(clerk).version)
    with instance.store.read() as connection:
        newest, *_, oldest = submissions.versions(connection, work.submission_id)
    differing = {key for key in newest.values if newest.values[key] != oldest.values[key]}
    assert PIGS in differing
    assert COWS not in differing


@ON_SQLITE
def test_returned_cells_that_stay_as_they_were_are_confirmed_and_the_leader_is_told(
    instance: Instance, signed_in: SignIn
) -> None:
    clerk, leader = sit(instance, "easup"), sit(instance, "ld.easup")
    province.submitted(clerk)
    work = work_of(clerk)
    decide.send_back(leader, work.assignment_id, 1, "Xem lại", SAID | {COWS: "Cả ô này"})
    upload = province.sent(clerk, NN13_c06=number("121"))
    page, address = signed_in("easup"), f"/tep/{upload}"
    assert "1 ô được yêu cầu xem lại vẫn giữ nguyên" in page.get(address).text
    assert page.post(f"{address}/trinh-duyet").status_code == 400
    assert work_of(clerk).state is Standing.RETURNED
    assert page.post(f"{address}/trinh-duyet", data={"giu-nguyen": "1"}).status_code == 302
    seen = signed_in("ld.easup").get(f"/viec/{work.assignment_id}").text
    assert "1 ô đã yêu cầu xem lại (lần trình 1): chưa đổi." in seen
    assert "1 ô đã yêu cầu xem lại (lần trình 1): đã sửa." in seen
    assert seen.index("chưa đổi.") < seen.index('id="thay-doi"')


@ON_SQLITE
def test_a_file_judged_before_the_return_is_judged_again_before_it_is_submitted(instance: Instance) -> None:
    clerk = sit(instance, "easup")
    other = province.sent(clerk, "130")
    province.submitted(clerk)
    work = work_of(clerk)
    decide.send_back(sit(instance, "ld.easup"), work.assignment_id, 1, "Xem lại", SAID)
    with pytest.raises(NotNow, match="Kiểm tra lại"):
        submit.submit(clerk, other)
    assert receive.judge_upload(clerk, other).status == Status.REJECTED


@ON_SQLITE
def test_what_was_reopened_for_some_cells_stays_so_whatever_its_leader_does(instance: Instance) -> None:
    province.carry_through(instance, "easup", "ld.easup")
    clerk, leader = sit(instance, "easup"), sit(instance, "ld.easup")
    work = work_of(clerk)
    decide.reopen(sit(instance, "vpub"), work.assignment_id, "Rà soát", {PIGS: "", OATS: ""})
    submit.submit(clerk, province.sent(clerk, NN14_c06=number("12")), keeps_returned=True)
    with pytest.raises(Refusal, match="Chỉ trả lại được các ô đã mở"):
        decide.send_back(leader, work.assignment_id, 2, "Sai", {COWS: ""})
    decide.send_back(leader, work.assignment_id, 2, "Sai đàn lợn", SAID)
    assert opened(instance, work.submission_id) == {PIGS}
    submit.submit(clerk, province.sent(clerk, NN14_c06=number("13")), keeps_returned=True)
    decide.send_back(leader, work.assignment_id, 3, "Sai cả biểu")
    assert opened(instance, work.submission_id) == {PIGS, OATS}
    assert receive.judge_upload(clerk, province.sent(clerk, "132")).status == Status.REJECTED


@ON_SQLITE
def test_cells_are_reopened_of_the_version_that_was_looked_at(instance: Instance, signed_in: SignIn) -> None:
    things = province.carry_through(instance, "easup", "ld.easup")
    office, address = signed_in("vpub"), f"/viec/{things.assignment_id}"
    posted = {"version": "77", "o": "NN14:c06", "do": "reopen", "reason": "x"}
    assert office.post(f"{address}/o", data=posted).status_code == 409
    assert office.post(f"{address}/mo-lai", data={"reason": "x"}).status_code == 409
    assert work_of(sit(instance, "easup")).state is Standing.APPROVED
    assert office.post(f"{address}/o", data=posted | {"version": "1"}).status_code == 302


@ON_SQLITE
def test_who_receives_another_regimes_reports_reopens_and_remarks_nothing(
    instance: Instance, signed_in: SignIn
) -> None:
    things = province.carry_through(instance, "easup", "ld.easup")
    rights.give(instance, "nl.snnmt", Role.RECEIVER, "SNNMT")
    stranger, address = sit(instance, "nl.snnmt"), f"/viec/{things.assignment_id}"
    with pytest.raises(NotYours):
        decide.reopen(stranger, things.assignment_id, "Tôi muốn")
    with pytest.raises(NotYours):
        decide.remark(stranger, things.assignment_id, 1, SAID)
    page = signed_in("nl.snnmt").get(address)
    assert (page.status_code, f"{address}/mo-lai" in page.text, "chon-o" in page.text) == (200, False, False)
    assert signed_in("nl.snnmt").get(f"{address}/o?o=NN14:c06").status_code == 404
    page = signed_in("nhan.stc").get(address).text
    assert f'action="{address}/mo-lai"' in page
    assert "chon-o" in page
    assert work_of(sit(instance, "easup")).state is Standing.APPROVED


@ON_SQLITE
def test_an_approval_taken_back_opens_nothing(instance: Instance) -> None:
    province.carry_through(instance, "easup", "ld.easup")
    clerk, leader = sit(instance, "easup"), sit(instance, "ld.easup")
    work = work_of(clerk)
    decide.reopen(sit(instance, "vpub"), work.assignment_id, "Rà soát", SAID)
    submit.submit(clerk, province.sent(clerk, NN14_c06=number("12")))
    decide.approve(leader, work.assignment_id, 2)
    assert opened(instance, work.submission_id) == set()
    decide.take_back(leader, work.assignment_id, 2, "Nhầm")
    submit.withdraw(clerk, work.assignment_id)
    assert receive.judge_upload(clerk, province.sent(clerk, "133")).status == Status.REJECTED
    with pytest.raises(NotNow, match="chỉ bị trả lại ở một số ô"):
        submit.nil(clerk, work.assignment_id)


def opened(instance: Instance, submission_id: int) -> set[CellKey]:
    with instance.store.read() as connection:
        found = returned.standing(connection, [submission_id]).get(submission_id)
        return set(found.cells) if found else set()


@ON_SQLITE
def test_what_nobody_types_is_not_returned_and_nothing_is_half_done(instance: Instance) -> None:
    clerk, leader = sit(instance, "easup"), sit(instance, "ld.easup")
    province.submitted(clerk)
    work = work_of(clerk)
    for cells in ({CellKey("NN14", "c99"): ""}, {CellKey("NN14", "c07"): ""}, {PIGS: "x" * 501}):
        with pytest.raises(Refusal):
            decide.send_back(leader, work.assignment_id, 1, "Sai", cells)
    assert work_of(clerk).state is Standing.PENDING
    with instance.store.read() as connection:
        assert [one.action for one in submissions.events(connection, work.submission_id)] == ["submit"]


@ON_SQLITE
def test_the_leader_ticks_cells_and_the_clerk_meets_exactly_those(instance: Instance, signed_in: SignIn) -> None:
    upload = province.submitted(sit(instance, "easup"))
    work = work_of(sit(instance, "easup"))
    leader, clerk, address = signed_in("ld.easup"), signed_in("easup"), f"/viec/{work.assignment_id}"
    page = leader.get(address).text
    assert 'form="chon-o" name="o" value="NN14:c06"' in page
    assert 'name="o"' not in clerk.get(address).text
    chosen = leader.get(f"{address}/o?o=NN14:c06&o=NN14:c99&o=x").text
    assert re.findall(r'name="(o:[^"]+)"', chosen) == ["o:NN14:c06"]
    posted = {"version": "1", "o": "NN14:c06", "o:NN14:c06": "Cao gấp mười lần"}
    more = leader.post(f"{address}/o", data=posted | {"do": "find", "tim": "dan trau"}).text
    assert "Cao gấp mười lần" in more
    assert 'name="o" value="NN13:c06">' in more
    refused = leader.post(f"{address}/o", data=posted | {"do": "return"})
    assert (refused.status_code, "Cao gấp mười lần" in refused.text) == (400, True)
    assert leader.post(f"{address}/o", data={"version": "1", "do": "return", "reason": "x"}).status_code == 400
    assert leader.post(f"{address}/o", data=posted | {"do": "return", "reason": "Xem đàn lợn"}).status_code == 302
    for where in ("/", address, f"/tep/{upload}/sua"):
        assert "Cao gấp mười lần" in clerk.get(where).text, where
    page = clerk.get(f"/tep/{upload}/sua").text
    assert re.findall(r'name="(o:[^"]+)"', page) == ["o:NN14:c06"]
    assert "Ô bị trả lại" in page
    assert clerk.post(f"/tep/{upload}/sua", data={"o:NN13:c06": "1"}).status_code == 400
    done = clerk.post(f"/tep/{upload}/sua", data={"o:NN14:c06": "12"})
    assert clerk.post(f"{done.location}/trinh-duyet").status_code == 302


@ON_SQLITE
def test_what_was_typed_on_the_page_is_corrected_there_in_the_returned_cells_only(
    instance: Instance, signed_in: SignIn
) -> None:
    province.submitted(sit(instance, "easup"))
    work = work_of(sit(instance, "easup"))
    decide.send_back(sit(instance, "ld.easup"), work.assignment_id, 1, "Xem đàn bò", SAID)
    page = signed_in("easup").get(f"/viec/{work.assignment_id}/nhap").text
    fields = dict(re.findall(r'<(?:input|textarea)[^>]* name="(o:[^"]+)"([^>]*)>', page))
    assert "readonly" not in fields["o:NN14:c06"]
    assert "readonly" in fields["o:NN13:c06"]
    assert "Báo cáo không phát sinh" not in signed_in("easup").get(f"/viec/{work.assignment_id}").text


@ON_SQLITE
def test_words_on_cells_without_returning_are_kept_and_shown(instance: Instance, signed_in: SignIn) -> None:
    things = province.carry_through(instance, "easup", "ld.easup")
    receiver, address = signed_in("nhan.stc"), f"/viec/{things.assignment_id}"
    posted = {"version": "1", "o": "NN14:c06", "o:NN14:c06": "Đề nghị đối chiếu", "do": "remark"}
    assert receiver.post(f"{address}/o", data=posted | {"version": "2"}).status_code == 409
    assert receiver.post(f"{address}/o", data=posted | {"o:NN14:c06": " "}).status_code == 400
    assert receiver.post(f"{address}/o", data=posted).status_code == 302
    page = signed_in("easup").get(address).text
    assert "Đề nghị đối chiếu" in page
    assert page.count('href="#nhan-xet-o"') == 1
    work = work_of(sit(instance, "easup"))
    assert work.state is Standing.APPROVED
    with instance.store.read() as connection:
        assert [one.key for one in returned.remarks(connection, work.submission_id)] == [PIGS]
    with pytest.raises(NotYours):
        decide.remark(sit(instance, "easup"), work.assignment_id, 1, SAID)
