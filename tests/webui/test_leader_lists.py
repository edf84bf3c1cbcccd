"""What a leader looks at before approving: what changed, and all that waits in one list (R15)."""

from decimal import Decimal
from typing import cast

import pytest

from actions import batch, comparing, decide, openings, submit
from actions.cases import situation
from actions.comparing import Beside, Compared, Comparison, compare
from actions.instance import Instance
from registry.catalogue.values import CellKey, CellValue, State
from registry.store.submissions import Version
from registry.workflow.submission import State as Standing
from tests.webui import small_province as province
from tests.webui.conftest import ON_SQLITE, SignIn
from tests.webui.small_province import sit, work_of
from webui.explaining import is_brief

COWS = CellKey("NN14", "c06")


def number(text: str) -> CellValue:
    return CellValue(State.VALUE, province.Decimal(text))


@ON_SQLITE
def test_a_version_stands_beside_the_one_approved_last_and_the_period_before(
    instance: Instance, signed_in: SignIn
) -> None:
    things = province.carry_through(instance, "easup", "ld.easup")
    clerk = sit(instance, "easup")
    decide.reopen(sit(instance, "vpub"), things.assignment_id, "Sai")
    submit.submit(clerk, province.sent(clerk, NN14_c06=number("150")))
    with instance.store.read() as connection:
        snapshot = clerk.snapshot(connection)
        found = compare(connection, situation(connection, snapshot, work_of(clerk)))
    assert found is not None
    cows = next(one for one in found.changed if one.key == COWS)
    assert cows.approved is not None
    assert (cows.approved.text, cows.approved.difference, cows.approved.percent) == ("120", 30, 25)
    assert found.approved_n == 1
    assert {one.key.row for one in found.changed} == {"NN14"}  # and what is reckoned from it
    page = signed_in("ld.easup").get(f"/viec/{things.assignment_id}/so-sanh").text
    assert "lần này tăng 30 (+25,0%)" in page
    assert "Đàn trâu" not in page
    assert "Đàn trâu" in signed_in("ld.easup").get(f"/viec/{things.assignment_id}/so-sanh?o=tat-ca").text


@ON_SQLITE
def test_the_period_before_is_the_units_own(instance: Instance) -> None:
    province.carry_through(instance, "easup", "ld.easup")
    openings.open_period(sit(instance, "vpub"), "KTXH", "202611")
    clerk = sit(instance, "easup")
    province.submitted(clerk, "132", "202611")
    work = work_of(clerk, "202611")
    with instance.store.read() as connection:
        found = compare(connection, situation(connection, clerk.snapshot(connection), work))
    assert found is not None
    assert (found.approved_n, found.before) == (None, "202610")
    cows = next(one for one in found.changed if one.key == COWS)
    assert cows.before is not None
    assert (cows.before.text, cows.before.difference, cows.before.percent) == ("120", 12, 10)


@ON_SQLITE
def test_ticked_forms_are_approved_as_seen_and_the_others_listed(instance: Instance, signed_in: SignIn) -> None:
    province.submitted(sit(instance, "easup"))
    leader, work = signed_in("ld.easup"), work_of(sit(instance, "easup"))
    ticked = f"{work.assignment_id}:1"
    assert f'value="{ticked}"' in leader.get("/cho-duyet").text
    assert "Chưa đánh dấu" in leader.post("/cho-duyet", follow_redirects=True).text
    submit.withdraw(sit(instance, "easup"), work.assignment_id)
    province.submitted(sit(instance, "easup"), "130")
    stale = leader.post("/cho-duyet", data={"viec": ticked}).text
    assert "Chưa duyệt được" in stale
    assert "vừa được người khác thay đổi" in stale
    assert work_of(sit(instance, "easup")).state is Standing.PENDING
    foreign = signed_in("ld.bmt").post("/cho-duyet", data={"viec": f"{work.assignment_id}:2"})
    assert foreign.status_code == 302
    assert work_of(sit(instance, "easup")).state is Standing.PENDING
    done = leader.post("/cho-duyet", data={"viec": f"{work.assignment_id}:2"}, follow_redirects=True)
    assert "Đã duyệt 1 biểu" in done.text
    assert work_of(sit(instance, "easup")).state is Standing.APPROVED


@ON_SQLITE
def test_a_form_with_warnings_is_read_before_it_is_approved(
    instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    province.submitted(sit(instance, "easup"))
    leader, work = sit(instance, "ld.easup"), work_of(sit(instance, "easup"))
    monkeypatch.setattr(batch, "_warnings", lambda *_: 2)
    [outcome] = batch.approve_seen(leader, {work.assignment_id: 1})
    assert outcome.refused is not None
    assert "mở xem" in outcome.refused
    assert work_of(leader).state is Standing.PENDING


@ON_SQLITE
def test_a_leader_reads_what_changed_most_first_with_its_course_and_is_led_to_the_next_form(
    instance: Instance, signed_in: SignIn
) -> None:
    province.carry_through(instance, "easup", "ld.easup")
    office, clerk = sit(instance, "vpub"), sit(instance, "easup")
    for period, figure in (("202611", "130"), ("202612", "156")):
        openings.open_period(office, "KTXH", period)
        province.submitted(clerk, figure, period)
        if period == "202611":
            decide.approve(sit(instance, "ld.easup"), work_of(clerk, period).assignment_id, 1)
    work, leader = work_of(clerk, "202612"), signed_in("ld.easup")
    openings.open_period(office, "KTXH", "202701")
    province.submitted(clerk, "157", "202701")
    after = work_of(clerk, "202701").assignment_id
    page = leader.get(f"/viec/{work.assignment_id}").text
    parts = ('id="thay-doi"', "chart-trend", 'id="so-lieu"', 'id="quyet-dinh"', 'id="dien-bien"')
    assert [page.index(one) for one in parts] == sorted(page.index(one) for one in parts)
    assert "lần này tăng 26 (+20,0%)" in page
    assert 'form="chon-o" name="o" value="' in page[: page.index('id="so-lieu"')]
    assert page.count('aria-label="Chọn ô ') > page.count('aria-label="Chọn ô Đàn') > 1
    assert 'aria-label="Chọn ô NN' not in page
    unsaid = leader.post(f"/viec/{work.assignment_id}/o", data={"version": "1", "o": "NN14:c06", "do": "return"}).text
    assert 'aria-invalid="true" autofocus' in unsaid
    listed = leader.get("/cho-duyet").text
    assert "ô khác lần duyệt trước, kỳ trước." in listed
    assert "nay là “156" in listed
    assert "T12/2026" in page  # the drawing's and its table's
    assert "Còn 1 biểu khác chờ anh/chị duyệt" in page
    assert f'href="/viec/{after}"' in page
    seen = signed_in("easup").get(f"/viec/{work.assignment_id}").text
    assert 'id="thay-doi"' not in seen
    assert "So sánh" in seen
    done = leader.post(f"/viec/{work.assignment_id}/duyet", data={"version": "1"}, follow_redirects=True).text
    assert f'href="/viec/{after}"' in done


def test_what_is_doubted_stands_before_what_changed_most_and_a_fall_before_a_smaller_rise() -> None:
    def cell(row: str, now: str, then: str) -> Compared:
        times = comparing._times(Decimal(now), Decimal(then))
        return Compared(CellKey(row, "c06"), "", None, Beside("", False, Decimal(1), times=times))

    cells = (cell("A", "105", "100"), cell("B", "20", "100"), cell("C", "5", "0"), cell("D", "102", "100"))
    found = Comparison(cast(Version, None), None, "202610", (*cells, cell("E", "300", "100"), cell("F", "-1", "1")))
    assert [one.key.row for one in found.greatest({CellKey("D", "c06")})] == ["D", "C", "F", "B", "E", "A"]


def test_an_explanation_in_very_few_words_is_told_apart() -> None:
    assert [is_brief(one) for one in ("ok", "đã rà soát", "", "Mưa lũ làm mất mùa")] == [True, True, False, False]
