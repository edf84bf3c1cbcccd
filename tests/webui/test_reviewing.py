"""Rà soát: what units approved, before the agency that answers for the field (PRACTICE F13)."""

import re
from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import select

from actions import catalogues, compiling, decide, recheck, reviewing, submit
from actions.compiling import gather
from actions.console import open_desk
from actions.desk import Changed, NotYours, Refusal
from actions.deviations import looked_at
from actions.instance import Instance
from actions.receive import judge_upload
from actions.review_totals import TwoLines, two_lines
from actions.reviewed import as_its_regime_counts
from actions.reviewing import Sheet
from registry.catalogue.model import Counts
from registry.catalogue.values import CellKey, CellValue
from registry.catalogue.values import State as CellState
from registry.findings import Severity
from registry.store import openings, reports, returned, submissions
from registry.store.openings import Work
from registry.store.tables import audit, figure
from registry.workflow.review import ReviewState
from registry.workflow.submission import State
from tests.webui import rights
from tests.webui import small_province as province
from tests.webui.conftest import ON_SQLITE, SignIn
from tests.webui.small_province import sit

PIGS, BUFFALOES = CellKey("NN15", "c06"), CellKey("NN13", "c06")
WHERE = ("KTXH", "202610", "KTXH-01")
REASON = "Đàn lợn gấp mười lần tháng trước"


def handed_in(instance: Instance, clerk: str, leader: str, version: int = 1, number: str = "120", **cells: str) -> Work:
    """One unit's form of October, approved."""
    changed = {name: CellValue(CellState.VALUE, Decimal(value)) for name, value in cells.items()}
    desk = sit(instance, clerk)
    upload = province.sent(desk, number, **changed)
    found = judge_upload(desk, upload).findings
    submit.submit(
        desk, upload, {at: f"đã đối chiếu {at}" for at, one in enumerate(found) if one.severity is Severity.WARNING}
    )
    work = province.work_of(desk)
    decide.approve(sit(instance, leader), work.assignment_id, version)
    return province.work_of(desk)


def reviewer(instance: Instance) -> int:
    return rights.unit_key(instance, "SNNMT")


def sheet(instance: Instance, code: str = "SNNMT") -> Sheet:
    desk = sit(instance, "ld.snnmt")
    with desk.read() as connection:
        return reviewing.sheet_of(desk, connection, desk.snapshot(connection), rights.unit_key(instance, code), *WHERE)


def line(instance: Instance, work: Work) -> reviewing.Line:
    return next(one for one in sheet(instance).lines if one.work.assignment_id == work.assignment_id)


def reviewed(instance: Instance, works: list[Work], chosen: dict[int, frozenset[CellKey]], reason: str = "") -> int:
    looked = {one.assignment_id: line(instance, one).version_id for one in works}
    return recheck.review(sit(instance, "ld.snnmt"), reviewer(instance), *WHERE, looked, chosen, reason)


def counted(instance: Instance, work: Work) -> submissions.Counted:
    with instance.store.read() as connection:
        found = submissions.counted(connection, work.opening_id, reviewer(instance), province.NOW)
    return next(one for one in found if one.assignment_id == work.assignment_id)


def lines(instance: Instance) -> dict[str, TwoLines]:
    desk = sit(instance, "ld.snnmt")
    with desk.read() as connection:
        return {one.row.code: one for one in two_lines(desk, connection, desk.snapshot(connection), sheet(instance))}


def test_all_is_accepted_but_the_chosen_cells_and_the_approved_version_counts_until_the_next(
    instance: Instance,
) -> None:
    easup, bmt = handed_in(instance, "easup", "ld.easup"), handed_in(instance, "bmt", "ld.bmt")
    assert line(instance, easup).state is ReviewState.WAITING
    assert reviewed(instance, [easup, bmt], {easup.assignment_id: frozenset({PIGS})}, REASON) == 1
    assert line(instance, bmt).state is ReviewState.REVIEWED
    asked = line(instance, easup)
    assert (asked.rows["NN15"], asked.rows["NN13"], asked.asked) == (ReviewState.RECHECK, ReviewState.REVIEWED, (PIGS,))
    now = province.work_of(sit(instance, "easup"))
    assert now.state is State.RETURNED
    with instance.store.read() as connection:
        (opened,) = returned.standing(connection, [now.submission_id]).values()
    assert opened.cells.keys() == {PIGS}  # all else is sealed
    first = counted(instance, easup)
    assert (first.n, first.provisional) == (1, True)
    pigs = lines(instance)["NN15"]
    assert (pigs.approved, pigs.reviewed) == (Decimal(240), Decimal(120))
    buffaloes = lines(instance)["NN13"]
    assert (buffaloes.approved, buffaloes.reviewed) == (Decimal(240), Decimal(240))

    handed_in(instance, "easup", "ld.easup", 2, NN15_c06="130")
    again = line(instance, easup)
    assert (again.n, again.state) == (2, ReviewState.WAITING)
    assert (again.rows["NN15"], again.rows["NN13"]) == (ReviewState.WAITING, ReviewState.REVIEWED)
    assert reviewed(instance, [easup], {}) == 0
    assert line(instance, easup).state is ReviewState.REVIEWED
    assert lines(instance)["NN15"].reviewed == Decimal(250)


@ON_SQLITE
def test_a_reviewer_types_over_nothing_and_asks_only_with_a_reason_about_what_he_saw(instance: Instance) -> None:
    easup = handed_in(instance, "easup", "ld.easup")
    with instance.store.read() as connection:
        before = connection.execute(select(figure)).all()
    chosen = {easup.assignment_id: frozenset({PIGS})}
    with pytest.raises(Refusal, match="lý do"):
        reviewed(instance, [easup], chosen, "  ")
    seen = {easup.assignment_id: line(instance, easup).version_id + 99}
    with pytest.raises(Changed):
        recheck.review(sit(instance, "ld.snnmt"), reviewer(instance), *WHERE, seen, {}, "")
    of_others = {easup.assignment_id: frozenset({CellKey("XH01", "c06")})}  # the row of another agency
    with pytest.raises(NotYours):
        reviewed(instance, [easup], of_others, REASON)
    with pytest.raises(NotYours):  # a clerk sees, and decides nothing
        recheck.review(sit(instance, "nl.snnmt"), reviewer(instance), *WHERE, {}, {}, "")
    assert line(instance, easup).state is ReviewState.WAITING
    assert province.work_of(sit(instance, "easup")).state is State.APPROVED
    reviewed(instance, [easup], chosen, REASON)
    with instance.store.read() as connection:
        assert connection.execute(select(figure)).all() == before


@ON_SQLITE
def test_the_page_of_the_reviewer_shows_what_the_unit_said_and_its_tick_comes_to_the_unit(
    instance: Instance, signed_in: SignIn
) -> None:
    easup = handed_in(instance, "easup", "ld.easup", NN06_c05="200")
    handed_in(instance, "bmt", "ld.bmt")
    desk = sit(instance, "ld.snnmt")
    with desk.read() as connection:
        snapshot = desk.snapshot(connection)
        first, second = looked_at(desk, connection, snapshot, sheet(instance).lines)
    assert (first.line.work.unit_id, bool(first.suspects)) == (easup.unit_id, True)  # after Buôn Ma Thuột officially
    assert len(first.suspects) > len(second.suspects)
    browser = signed_in("ld.snnmt")
    overview = browser.get("/ra-soat").text
    address = re.search(r'href="(/ra-soat/\d+/KTXH/202610/KTXH-01)"', overview)
    assert address is not None
    assert "Đang rà soát: 2" in overview
    page = browser.get(address[1]).text
    assert "Đơn vị giải trình: đã đối chiếu" in page
    looked = dict(re.findall(r'name="(xem-\d+)" value="(\d+)"', page))
    tick = f"{easup.assignment_id}|NN15|c06|"
    assert tick in browser.get(f"{address[1]}?viec={easup.assignment_id}").text
    assert browser.post(address[1], data=dict.fromkeys(looked, "abc")).status_code == 409
    answer = browser.post(address[1], data=looked | {"o": tick, "reason": REASON}, follow_redirects=True)
    assert "đề nghị kiểm tra lại 1 ô" in answer.text
    assert "Đã rà soát: 1" in answer.text
    home, own = signed_in("easup").get("/").text, signed_in("easup").get(f"/viec/{easup.assignment_id}").text
    assert "Sở Nông nghiệp và Môi trường đề nghị kiểm tra lại một số ô của biểu KTXH-01" in home
    assert REASON in home
    assert home.count(REASON) == 1  # the reopening is not told besides
    assert "Đề nghị kiểm tra lại" in own
    assert "Đã rà soát" in signed_in("bmt").get(f"/viec/{province.work_of(sit(instance, 'bmt')).assignment_id}").text
    assert browser.get(f"{address[1]}/hai-dong").status_code == 200
    with instance.store.read() as connection:
        assert "review" in connection.execute(select(audit.c.action)).scalars().all()


@ON_SQLITE
def test_a_report_that_counts_reviewed_figures_leaves_the_others_out(instance: Instance) -> None:
    easup, bmt = handed_in(instance, "easup", "ld.easup"), handed_in(instance, "bmt", "ld.bmt")
    reviewed(instance, [bmt], {})
    desk = sit(instance, "vpub")
    with desk.read() as connection:
        snapshot = desk.snapshot(connection)
        opening = openings.get(connection, easup.opening_id)
        assert opening is not None
        found = submissions.counted(connection, opening.id, snapshot.unit_ids["VPUB"], desk.moment)

        whole = gather(desk, connection, snapshot, opening, found, "VPUB", desk.moment, 1)
        strict = replace(whole, regime=replace(whole.regime, counts=Counts.REVIEWED))
        all_of_it, left = (
            {one.unit.code: {key.row for key in one.values} for one in order.forms[0].sources}
            for order in (
                as_its_regime_counts(connection, snapshot, opening, given, found) for given in (whole, strict)
            )
        )
    assert "NN15" in all_of_it[province.EASUP]
    assert "NN15" not in left.get(province.EASUP, set())
    assert "NN15" in left[province.BMT]
    assert "XH01" not in left[province.BMT]  # another agency reviews it, and has not


@ON_SQLITE
def test_a_report_that_counts_reviewed_figures_rests_on_what_was_reviewed(instance: Instance) -> None:
    whole = province.small_catalogue()
    regimes = tuple(replace(one, counts=Counts.REVIEWED) if one.code == "KTXH" else one for one in whole.regimes)
    catalogues.put(open_desk(instance, None), replace(whole, regimes=regimes))
    easup, bmt = handed_in(instance, "easup", "ld.easup"), handed_in(instance, "bmt", "ld.bmt")
    reviewed(instance, [bmt], {})
    made = compiling.compile_report(sit(instance, "vpub"), "KTXH", "202610")
    assert made.coverage["have"] == 1
    with instance.store.read() as connection:
        uses = [len(reports.uses(connection, one.submission_id)) for one in (easup, bmt)]
    assert uses == [0, 1]
