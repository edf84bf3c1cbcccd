"""The board of a period: two queries for its squares, what its filters find, its pages, the labels of watchers."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event, update
from sqlalchemy.exc import DatabaseError

from actions import chase, receptions
from actions.desk import NotYours, Refusal
from actions.instance import Instance
from registry.catalogue.model import Role
from registry.store import board, labels, openings, submissions
from registry.store import reports as stored_reports
from registry.store.tables import unit_label
from registry.workflow.policy import EVERYWHERE, NOTHING
from tests.webui import rights
from tests.webui import small_province as province
from tests.webui.conftest import ON_SQLITE, Clock, SignIn
from tests.webui.rights import unit_key
from tests.webui.small_province import EASUP, NOW, sit

BOARD = "/ky-bao-cao/KTXH/202610"


@contextmanager
def statements(instance: Instance) -> Iterator[list[str]]:
    """What is asked of the database meanwhile."""
    asked: list[str] = []

    def note(*given: object) -> None:
        asked.append(str(given[2]))

    event.listen(instance.store.engine, "before_cursor_execute", note)
    yield asked
    event.remove(instance.store.engine, "before_cursor_execute", note)


def lived(instance: Instance) -> int:
    """Ea Súp has sent and was received, Buôn Ma Thuột was sent back, the third has put forward; the opening's key."""
    mine = province.carry_through(instance, "easup", "ld.easup")
    other = province.carry_through(instance, "bmt", "ld.bmt")
    later = NOW + timedelta(hours=1)
    with instance.store.read() as connection:
        laid = stored_reports.receptions(connection, mine.opening_id)
    office, receiver = sit(instance, "vpub", later), unit_key(instance, "VPUB")
    for one in laid:
        if one.unit_id == mine.unit_id:
            receptions.take(office, mine.opening_id, one.id)
        elif one.receiver_id == receiver:
            receptions.take(office, mine.opening_id, one.id, "thiếu phần II")
    assert {one.unit_id for one in laid} == {mine.unit_id, other.unit_id}
    return mine.opening_id


def test_two_queries_tell_of_every_square_what_five_told(instance: Instance) -> None:
    """Against the queries of work, reports, receptions, approvals and counted figures, for each receiver."""
    opening_id = lived(instance)
    for receiver in (unit_key(instance, "VPUB"), unit_key(instance, "STC")):
        with instance.store.read() as connection, statements(instance) as asked:
            found = board.squares(connection, EVERYWHERE, opening_id, receiver)
            assert len(asked) == 2
        with instance.store.read() as connection:
            works = {one.assignment_id: one for one in openings.work(connection, EVERYWHERE, opening_id=opening_id)}
            held = {one.unit_id: one for one in stored_reports.listing(connection, EVERYWHERE, opening_id=opening_id)}
            taken = [one for one in stored_reports.receptions(connection, opening_id) if one.receiver_id == receiver]
            counted = submissions.counted(connection, opening_id, receiver, NOW + timedelta(days=1))
            approvals = submissions.approvals(connection, opening_id)
        assert {one.assignment_id for one in found} == set(works)
        by_unit = {one.unit_id: one for one in taken}
        for one in found:
            work, report = works[one.assignment_id], held[one.unit_id]
            assert (one.state, one.due_at, one.due_at_first) == (work.state, work.due_at, work.due_at_first)
            assert (one.submitted_at, one.approved_at) == (work.submitted_at, work.approved_at)
            assert one.sending == work.sending
            assert (one.report_id, one.report_state) == (report.id, report.state)
            assert one.narrative_upload_id == report.narrative_upload_id
            mine = by_unit.get(one.unit_id)
            assert (one.reception_id, one.reception_state) == ((mine.id, mine.state) if mine else (None, None))
            said = approvals.get(one.assignment_id)
            assert (bool(one.own_entry), one.lender) == ((said.own_entry, said.lender) if said else (False, None))
        assert {one.assignment_id for one in found if one.counts} == {one.assignment_id for one in counted}
    with instance.store.read() as connection:
        assert board.squares(connection, NOTHING, opening_id, receiver) == []


@ON_SQLITE
def test_the_filters_find_by_state_kind_group_and_label_and_tell_the_times(
    instance: Instance, signed_in: SignIn, clock: Clock
) -> None:
    lived(instance)
    clock.now = NOW + timedelta(days=20)  # every deadline is past
    office = signed_in("vpub")

    def units(**asked: str) -> list[str]:
        page = office.get(BOARD, query_string=asked).text
        return re.findall(r'<th scope="row">(?:Xã|Phường|Sở)? ?([^<]+)<br>', page)

    everybody = units()
    assert units(state="received") == ["Ea Súp"]
    assert units(state="sent") == ["Ea Súp"]
    assert set(units(state="unsent")) == set(everybody) - {"Ea Súp"}
    assert set(units(state="late")) == set(everybody) - {"Ea Súp"}  # what was sent back was not sent again in its time
    assert units(nhom="xã") == ["Ea Súp"]
    assert set(units(nhom="phường")) == {"Buôn Ma Thuột", "Tuy Hòa"}
    assert units(nhom="xã", state="late") == []
    page = office.get(BOARD, query_string={"q": "ea sup"}).text
    assert "Trình 9:00 ngày 15/10/2026" in page or "Trình 09:00" in page
    assert "Tiếp nhận 10:00" in page


@ON_SQLITE
def test_a_board_left_open_is_told_what_happened_and_keeps_no_session_alive(
    instance: Instance, signed_in: SignIn, clock: Clock
) -> None:
    office = signed_in("vpub")
    page = office.get(BOARD).text
    asked = {"dau": re.search(r'data-stamp="([^"]+)"', page)[1]}  # type: ignore[index]
    assert office.get(f"{BOARD}/dem.json", query_string=asked).get_json() == {}  # nothing happened
    assert "Việc cần xử lý trước" not in page

    province.carry_through(instance, "easup", "ld.easup")
    told = office.get(f"{BOARD}/dem.json", query_string=asked).get_json()
    assert told["texts"]["dem-approved"] == told["texts"]["dem-sent"] == told["texts"]["dem-to-take"] == 1
    assert told["texts"]["phu-communes"] == "Đã có số liệu 1/3 xã, phường"
    assert told["texts"]["cho-take"] == "1 báo cáo chờ tiếp nhận"
    assert "1 báo cáo chờ tiếp nhận" in office.get(BOARD).text
    assert office.get(f"{BOARD}/dem.json", query_string={"dau": told["stamp"]}).get_json() == {}

    for minute in (2, 4):
        clock.now = NOW + timedelta(minutes=minute)
        assert office.get(f"{BOARD}/dem.json").status_code == 200
    clock.now = NOW + timedelta(minutes=6)  # the office signs out after five
    assert "/dang-nhap" in office.get(f"{BOARD}/dem.json").location  # asked for by a page, not by a person


@ON_SQLITE
def test_a_long_board_is_shown_by_pages_and_counted_whole(
    instance: Instance, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webui.pages.board.PAGE", 3)
    office = signed_in("vpub")
    pages = [office.get(BOARD, query_string={"trang": n}).text for n in (1, 2, 999)]
    assert [text.count("data-words=") for text in pages[:2]] == [3, 3]
    total = int(re.search(r'aria-current="true">Tất cả <b>(\d+)', pages[0])[1])  # type: ignore[index]
    assert total > 6
    assert f"/{total} đơn vị" in pages[0]
    assert pages[2].count("data-words=") == (total % 3 or 3)  # beyond the last is the last
    assert "data-filter-text" not in pages[0]  # the script would look on one page only
    assert "Tuy Hòa" in office.get(BOARD, query_string={"q": "tuy hoa"}).text


def test_a_label_is_seen_by_the_next_who_would_call_and_stays_on_record(instance: Instance, signed_in: SignIn) -> None:
    watcher, office = signed_in("ioc"), signed_in("vpub")
    unit_id = unit_key(instance, EASUP)
    data = {"unit": str(unit_id), "label": "  đã gọi,  hứa gửi trước 16 giờ "}
    stamp = re.search(r'data-stamp="([^"]+)"', office.get(BOARD).text)[1]  # type: ignore[index]
    assert watcher.post(f"{BOARD}/nhan-don-vi", data=data).status_code == 302
    assert office.get(f"{BOARD}/dem.json", query_string={"dau": stamp}).get_json()["stamp"] != stamp
    page = office.get(BOARD).text
    assert "đã gọi, hứa gửi trước 16 giờ" in page
    assert office.get(BOARD, query_string={"nhan": "đã gọi, hứa gửi trước 16 giờ"}).text.count("data-words=") == 1
    assert office.post(f"{BOARD}/nhan-don-vi", data={"unit": str(unit_id), "label": ""}).status_code == 302
    assert "(1)</option>" not in office.get(BOARD).text
    with instance.store.read() as connection:
        opening = openings.find(connection, "KTXH", "202610")
        assert opening is not None
        noted = labels.of_opening(connection, opening.id)[unit_id]
    assert [one.text for one in noted] == ["", "đã gọi, hứa gửi trước 16 giờ"]
    with pytest.raises(DatabaseError), instance.store.write() as connection:
        connection.execute(update(unit_label).values(text="không gọi"))
    assert watcher.post(f"{BOARD}/nhan-don-vi", data={"unit": str(unit_id), "label": "x" * 101}).status_code == 400


@ON_SQLITE
def test_only_the_office_the_watchers_and_the_lead_unit_put_labels(instance: Instance) -> None:
    mine = frozenset({unit_key(instance, EASUP)})
    chase.label(sit(instance, "nhan.stc"), "KTXH", "202610", mine, "đã gọi")  # its unit leads the regime
    for login in ("easup", "ld.easup", "qt.easup", "ld.bmt"):
        with pytest.raises(NotYours):
            chase.label(sit(instance, login), "KTXH", "202610", mine, "đã gọi")
    rights.give(instance, "bmt", Role.RECEIVER, "SNNMT")  # leads other regimes
    with pytest.raises(NotYours):
        chase.label(sit(instance, "bmt"), "KTXH", "202610", mine, "đã gọi")
    for wanted in (frozenset[int](), frozenset({unit_key(instance, "66")})):  # nobody, who is asked for nothing
        with pytest.raises(NotYours):
            chase.label(sit(instance, "vpub"), "KTXH", "202610", wanted, "đã gọi")
    with pytest.raises(Refusal):
        chase.label(sit(instance, "vpub"), "KTXH", "202610", mine, "x" * (chase.LONGEST + 1))


@ON_SQLITE
def test_the_board_leads_to_workbooks_only_where_the_page_of_them_opens(instance: Instance, signed_in: SignIn) -> None:
    lived(instance)
    for login in ("vpub", "stc", "ioc"):
        browser, listing = signed_in(login), f"{BOARD}/bieu-mau"
        leads = f'href="{listing}"' in browser.get(BOARD).text
        assert leads is (browser.get(listing).status_code == 200), login
