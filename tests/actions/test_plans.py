"""Plans (giao chỉ tiêu) are entered and approved like any figures; a report stands against those of its moment (F6)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from actions import catalogues, compiling, decide, openings, timetable
from actions.cases import situations
from registry.catalogue.model import PROVINCE, Catalogue, PlanFigure
from registry.catalogue.values import Aspect, CellKey
from registry.rules.evaluate import compute
from registry.store import openings as stored
from registry.workflow.policy import Action
from tests.actions.conftest import NOW, As
from tests.actions.test_compiling import sheet_values
from tests.actions.test_month import submitted, work_of
from tests.webui.conftest import ON_SQLITE

LATER = NOW + timedelta(days=2)


@pytest.fixture
def assigned(at_desk: As) -> int:
    """The year's plans are asked for, and October's report is open."""
    openings.open_period(at_desk("vpub"), "KTXH", "202610")
    return openings.open_period(at_desk("vpub"), "GCT", "2026")


def give(at_desk: As, clerk: str, leader: str, number: str, moment: datetime = NOW) -> None:
    """Every plan of the unit is ``number``, approved."""
    submitted(at_desk(clerk, moment), number)
    work = work_of(at_desk(leader, moment))
    assert work.regime == "GCT"
    decide.approve(at_desk(leader, moment), work.assignment_id, work.version)


def council_plan(result: compiling.Result, label: str = "Đàn bò") -> tuple[object, list[str]]:
    """The province's plan of a row, and the notes under the table that speak of plans."""
    sheets = sheet_values(result.files[0].data)
    rows = next(rows for name, rows in sheets.items() if name.startswith("Tổng hợp"))
    (found,) = [row for row in rows if row[1] == label]
    notes = [str(cell) for row in rows for cell in row if str(cell).startswith("Kế hoạch (dự toán) năm theo")]
    return found[4], notes


def test_an_approved_plan_is_what_the_report_is_held_against_and_the_report_says_where_it_is_from(
    at_desk: As, assigned: int
) -> None:
    give(at_desk, "nl.stc", "ld.stc", "5000")
    result = compiling.compile_report(at_desk("vpub"), "KTXH", "202610")
    plan, notes = council_plan(result)
    assert plan == 5000
    assert notes == ["Kế hoạch (dự toán) năm theo: biểu GCT-01 của Sở Tài chính."]


def test_an_adjustment_in_mid_year_leaves_earlier_reports_theirs(at_desk: As, assigned: int) -> None:
    give(at_desk, "nl.stc", "ld.stc", "5000")
    work = work_of(at_desk("ld.stc"))
    decide.reopen(at_desk("vpub", LATER), work.assignment_id, "Nghị quyết điều chỉnh chỉ tiêu")
    give(at_desk, "nl.stc", "ld.stc", "5200", LATER)
    office = at_desk("vpub", LATER)
    assert council_plan(compiling.compile_report(office, "KTXH", "202610"))[0] == 5200
    assert council_plan(compiling.compile_report(office, "KTXH", "202610", as_of=NOW))[0] == 5000


TURN = date(2026, 12, 9)
AFTER = datetime(2026, 12, 9, 1, tzinfo=NOW.tzinfo)


def load_ahead(at_desk: As, subject: str, value: str) -> None:
    """A decision that holds from December on is in the warehouse in October."""
    decision = (Decimal(value), "con", "NQ 99/NQ-HĐND", TURN, TURN)
    plan = PlanFigure("NN14", subject, 2026, Aspect.PLAN_COUNCIL, *decision)
    catalogues.put(at_desk("vpub"), Catalogue(plans=(plan,)))


def test_an_adjustment_loaded_ahead_changes_no_report_before_its_day(at_desk: As, assigned: int) -> None:
    give(at_desk, "nl.stc", "ld.stc", "5000")
    load_ahead(at_desk, PROVINCE, "5200")
    plan, notes = council_plan(compiling.compile_report(at_desk("vpub", LATER), "KTXH", "202610"))
    assert (plan, "NQ 99" in notes[0]) == (5000, False)
    since, notes = council_plan(compiling.compile_report(at_desk("vpub", AFTER), "KTXH", "202610"))
    assert (since, "NQ 99" in notes[0]) == (5200, True)
    again = compiling.compile_report(at_desk("vpub", AFTER), "KTXH", "202610", as_of=LATER)
    assert council_plan(again)[0] == 5000


@ON_SQLITE
def test_a_workbook_has_the_plan_of_its_day_and_one_taken_back_does_not_bring_the_next_forward(
    at_desk: As, assigned: int
) -> None:
    def in_the_workbook(moment: datetime) -> Decimal | None:
        desk = at_desk("easup", moment)
        with desk.read() as connection:
            works = stored.work(connection, desk.scope(Action.SEE_WORK), regime="KTXH")
            (one,) = situations(connection, desk.snapshot(connection), works)
        return compute(one.context, {})[CellKey("NN14", "c02")].amount

    give(at_desk, "easup", "ld.easup", "410")
    load_ahead(at_desk, "24211", "430")
    timetable.run(at_desk("vpub"))
    assert in_the_workbook(NOW) == 410
    work = work_of(at_desk("ld.easup"))
    decide.take_back(at_desk("ld.easup"), work.assignment_id, work.version, "duyệt nhầm")
    assert in_the_workbook(NOW) is None
    timetable.run(at_desk("vpub", AFTER))
    assert in_the_workbook(AFTER) == 430


@ON_SQLITE
def test_a_commune_finds_the_plan_it_was_given_in_its_workbook(at_desk: As, assigned: int) -> None:
    give(at_desk, "easup", "ld.easup", "410")
    desk = at_desk("easup")
    with desk.read() as connection:
        works = stored.work(connection, desk.scope(Action.SEE_WORK), regime="KTXH")
        (one,) = situations(connection, desk.snapshot(connection), works)
    assert compute(one.context, {})[CellKey("NN14", "c02")].amount == 410
