"""DTC-01 over HTTP: a list uploaded, shown, approved into the warehouse, compiled, begun again next month."""

import io
from dataclasses import replace
from datetime import datetime, timedelta

import openpyxl
import pytest

from actions import cases, catalogues, comparing, distribute, openings, rule_lab
from actions.cases import situation
from actions.compiling import compile_report
from actions.console import open_desk
from actions.desk import Desk
from actions.instance import Instance
from actions.rule_lab import Draft
from registry.catalogue.model import Catalogue, Rule, RuleLevel
from registry.catalogue.values import Aspect, CellKey, CellValue, Known, Nature, SeriesKey, State
from registry.rules.background import Need
from registry.rules.lines import lines_of
from registry.sample.lists import lines
from registry.store import figures, submissions
from registry.store import openings as stored
from registry.store.openings import Work
from registry.workflow.policy import Action
from tests.webui.conftest import ON_SQLITE, Clock, SignIn
from tests.webui.small_province import NOW, sit
from workbook_templates.list_grid import place_lists

DUE = datetime(2026, 11, 2, 9, 0, tzinfo=NOW.tzinfo)
Answers = dict[CellKey, CellValue]


def work_of(desk: Desk, period: str = "202610") -> Work:
    with desk.read() as connection:
        return stored.work(connection, desk.scope(Action.SEE_WORK), regime="DTC", period_code=period)[0]


def workbook(desk: Desk, answers: Answers | None = None, period: str = "202610") -> bytes:
    with desk.read() as connection:
        snapshot = desk.snapshot(connection)
        one = situation(connection, snapshot, work_of(desk, period))
    return distribute.make(desk, snapshot, one, answers or lines(one.view, one.unit, one.period)).data


def total(values: Answers, column: str) -> int:
    numbers = (value.amount for key, value in values.items() if key.column == column and value.amount is not None)
    return int(sum(numbers) * 1_000_000)


@pytest.fixture
def opened(instance: Instance, clock: Clock) -> Work:
    openings.open_period(sit(instance, "vpub"), "DTC", "202610")
    clock.now = DUE
    return work_of(sit(instance, "easup"))


@ON_SQLITE
def test_a_list_is_uploaded_approved_compiled_and_begun_again(
    instance: Instance, opened: Work, signed_in: SignIn, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    clerk, leader = signed_in("easup"), signed_in("ld.easup")
    data = workbook(sit(instance, "easup"))
    posted = {"don_vi": str(opened.unit_id), "tep": (io.BytesIO(data), "dtc.xlsx")}
    upload = clerk.post("/tai-len", data=posted).location
    clerk.post(f"{upload}/kiem-tra-lai")
    page = clerk.get(upload).text
    assert "Danh mục dự án và kết quả giải ngân" in page
    assert "Xã Ea Súp" in page
    assert 'id="o-DA-c14-1"' in page
    assert clerk.post(f"{upload}/trinh-duyet").status_code == 302

    form = f"/viec/{opened.assignment_id}"
    assert "Trình duyệt" in leader.get(form).text
    assert leader.post(f"{form}/duyet", data={"version": "1"}).status_code == 302
    assert 'id="o-DA-c13-2"' in leader.get(form).text

    desk = sit(instance, "easup", DUE)
    with desk.read() as connection:
        kept = submissions.newest(connection, opened.submission_id)
        assert kept is not None
        series = [SeriesKey("TC06"), SeriesKey("TC07", Aspect.CUMULATIVE)]
        known = figures.backgrounds(connection, [opened.unit_id], [Need(one, "202610") for one in series])
    listed = known[opened.unit_id].figures
    assert {need.series.indicator: figure for need, figure in listed.items()} == {
        "TC06": Known(total(kept.values, "c13"), Nature.OFFICIAL, State.VALUE),
        "TC07": Known(total(kept.values, "c14"), Nature.OFFICIAL, State.VALUE),
    }

    compiled = compile_report(sit(instance, "vpub", DUE + timedelta(days=1)), "DTC", "202610")
    book = openpyxl.load_workbook(io.BytesIO(compiled.files[0].data), data_only=True)
    assert book.sheetnames[1:3] == ["Tổng hợp DTC-01 DA", "Danh sách DTC-01 DA"]
    merged = [[cell.value for cell in row] for row in book["Danh sách DTC-01 DA"].iter_rows()]
    mine = [row for row in merged if row[1] == "Xã Ea Súp"]
    codes = [line[CellKey("DA", "c01")].text for line in lines_of(kept.values)["DA"].values()]
    assert [row[2] for row in mine] == codes
    added = next(row for row in merged if row[1] == "Tổng cộng")
    column = next(row for row in merged if row[0] == "A").index("13")
    assert round(added[column] * 10**9) == total(kept.values, "c13")

    openings.open_period(sit(instance, "vpub", DUE), "DTC", "202611")
    again = openpyxl.load_workbook(io.BytesIO(_blank(desk)))["DTC-01"]
    with desk.read() as connection:
        grid = place_lists(situation(connection, desk.snapshot(connection), work_of(desk, "202611")).view)[0]
    begun = [again.cell(grid.number_row + n, grid.columns["c01"]).value for n in range(1, len(codes) + 1)]
    assert begun == codes
    assert again.cell(grid.first_row, grid.columns["c14"]).value is None

    less = {key: value for key, value in kept.values.items() if key.line is not None}
    key = next(key for key, value in less.items() if key.column == "c14" and value.amount)
    less[key] = CellValue(State.VALUE, (less[key].amount or 0) / 4)
    last = max(one.line or 0 for one in less)
    swapped = {one._replace(line=last + 1 - (one.line or 0)): value for one, value in less.items()}
    with desk.read() as connection:
        work = work_of(desk, "202611")
        one = situation(connection, desk.snapshot(connection), work)
        newest = replace(kept, values=swapped)
        monkeypatch.setattr(comparing.submissions, "newest_of", lambda *_: {work.submission_id: newest})
        found = comparing.compare(connection, one)
    assert found is not None
    assert [(one.key.column, one.key.line) for one in found.changed] == [("c14", last + 1 - (key.line or 0))]
    assert found.changed[0].extent == 4


def test_a_rule_on_a_list_is_tried_line_by_line(instance: Instance, opened: Work, signed_in: SignIn) -> None:
    clerk, office = signed_in("easup"), sit(instance, "vpub", DUE)
    desk = sit(instance, "easup", DUE)
    with desk.read() as connection:
        one = situation(connection, desk.snapshot(connection), opened)
    data = lines(one.view, one.unit, one.period)
    _through(clerk, opened, workbook(desk, data))
    words = {"code": "Z1", "level": "cảnh báo", "message": "Chưa bố trí vốn.", "table": "DA"}
    broken = rule_lab.try_rule(office, Draft("DTC-01", words | {"formula": "(c14) < 0"}))
    assert broken.problems == ()
    [run] = broken.periods
    count = len(lines_of(data)["DA"])
    assert (run.period, run.asked, run.units_hit, len(run.hits)) == ("202610", 1, 1, count)
    assert {hit.row for hit in run.hits} == {"DA"}
    assert run.hits[0].line is not None
    assert run.hits[0].line.startswith("dòng 1 (")
    kept = rule_lab.try_rule(office, Draft("DTC-01", words | {"formula": "(c14) >= 0"}))
    assert [(one.asked, one.hits) for one in kept.periods] == [(1, ())]
    listed = next(one for one in rule_lab.listing(office) if one.form.code == "DTC-01")
    assert {line.rule.code: line.run and line.run.asked for line in listed.lines}["D01"] == 1


@ON_SQLITE
def test_a_rule_on_a_list_may_name_what_only_a_later_version_has(instance: Instance, opened: Work) -> None:
    ahead = Rule("Z9", "DTC-01", "(c99) >= 0", RuleLevel.ERROR, "Cột của bản sau.", table="DA")
    catalogues.put(open_desk(instance, None), Catalogue(rules=(ahead,)))
    desk = sit(instance, "easup", DUE)
    with desk.read() as connection:
        one = situation(connection, desk.snapshot(connection), opened)
    assert "Z9" not in {rule.code for rule in one.rules}
    assert "D01" in {rule.code for rule in one.rules}


def _blank(desk: Desk) -> bytes:
    return distribute.workbook(desk, work_of(desk, "202611").assignment_id).data


@ON_SQLITE
def test_a_line_that_falls_needs_its_own_explanation(
    instance: Instance, opened: Work, signed_in: SignIn, clock: Clock
) -> None:
    clerk, leader = signed_in("easup"), signed_in("ld.easup")
    desk = sit(instance, "easup", DUE)
    with desk.read() as connection:
        one = situation(connection, desk.snapshot(connection), opened)
    before = lines(one.view, one.unit, one.period)
    _through(clerk, opened, workbook(desk, before))
    leader.post(f"/viec/{opened.assignment_id}/duyet", data={"version": "1"})

    openings.open_period(sit(instance, "vpub", DUE), "DTC", "202611")
    work = work_of(desk, "202611")
    fallen = {key: value for key, value in before.items() if key.column != "c14"}
    fallen |= {key: CellValue(State.ZERO, value.number * 0) for key, value in before.items() if key.column == "c14"}  # type: ignore[operator]
    upload = _sent(clerk, work, workbook(desk, fallen, "202611"))
    page = clerk.get(upload).text
    count = len(lines_of(before)["DA"])
    assert page.count("Giải ngân lũy kế giảm so với tháng trước.") >= 1
    places = [at for at in range(60) if f'name="giai-trinh-{at}"' in page]
    assert len(places) == count
    told = {f"giai-trinh-{at}": f"thu hồi tạm ứng {n}" for n, at in enumerate(places)}
    assert clerk.post(f"{upload}/trinh-duyet", data=told).status_code == 302
    shown = leader.get(f"/viec/{work.assignment_id}").text
    assert all(f"thu hồi tạm ứng {n}" in shown for n in range(count))


@ON_SQLITE
def test_lists_are_those_of_the_regime_that_asks_and_come_with_any_batch(
    instance: Instance, opened: Work, signed_in: SignIn, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    leader, desk = signed_in("ld.easup"), sit(instance, "easup", DUE)
    with desk.read() as connection:
        one = cases.situation(connection, desk.snapshot(connection), opened)
    _through(signed_in("easup"), opened, workbook(desk, lines(one.view, one.unit, one.period)))
    leader.post(f"/viec/{opened.assignment_id}/duyet", data={"version": "1"})
    openings.open_period(sit(instance, "vpub", NOW + timedelta(days=20)), "DTC", "202611")

    with desk.read() as connection:
        whole = desk.snapshot(connection)
        office = sit(instance, "vpub", DUE)
        asked = stored.work(connection, office.scope(Action.DOWNLOAD_TEMPLATE), regime="DTC")
        works = [work for work in asked if work.period == "202611"]
        at_once = [(one.work.unit_id, one.context.lines) for one in cases.each_situation(connection, whole, works)]
        monkeypatch.setattr(cases, "_BATCH", 1)
        by_one = [(one.work.unit_id, one.context.lines) for one in cases.each_situation(connection, whole, works)]
        form = opened.form
        mine = submissions.approved(connection, "DTC", form, [opened.unit_id], ["202610"])
        others = submissions.approved(connection, "KTXH", form, [opened.unit_id], ["202610"])
    assert at_once == by_one
    assert len(works) > 1
    assert [unit_id for unit_id, listed in at_once if listed.start] == [work_of(desk, "202611").unit_id]
    assert (len(mine), others) == (1, [])


def _sent(browser, work: Work, data: bytes) -> str:  # type: ignore[no-untyped-def]
    posted = {"don_vi": str(work.unit_id), "tep": (io.BytesIO(data), "dtc.xlsx")}
    location: str = browser.post("/tai-len", data=posted).location
    browser.post(f"{location}/kiem-tra-lai")
    return location


def _through(browser, work: Work, data: bytes) -> None:  # type: ignore[no-untyped-def]
    assert browser.post(f"{_sent(browser, work, data)}/trinh-duyet").status_code == 302
