"""Dashboards: built without a script, drawn from approved figures the reader may see, taken away as files."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import event
from sqlalchemy.engine import Engine

from actions import dashboards, decide, openings
from actions.default_dashboards import default
from actions.instance import Instance
from actions.panels import for_report
from registry.catalogue.dashboards import Clash, Extent, Kind, Panel
from registry.catalogue.model import Role
from registry.periods import parse
from registry.sample import catalogue as sample
from tests.webui import small_province as province
from tests.webui.conftest import ON_SQLITE, SignIn
from tests.webui.small_province import PEOPLE, sit
from webui.wording import say

CATTLE, POOR_SHARE = "NN14", "XH06"
TREND = {"do": "put", "kieu": "trend", "pham_vi": "own", "chi_tieu": CATTLE, "so_ky": "6", "version": "1"}
STATEMENTS_A_PANEL = 4


@pytest.fixture
def approved(instance: Instance) -> Instance:
    """October of Ea Súp is approved."""
    clerk = sit(instance, "easup")
    province.submitted(clerk)
    decide.approve(sit(instance, "ld.easup"), province.work_of(clerk).assignment_id, 1)
    return instance


def a_dashboard(browser: FlaskClient, instance: Instance, **more: str) -> str:
    """The address of a new one of Ea Súp's."""
    unit_id = sit(instance, "qt.easup").actor.home
    answer = browser.post("/bang-dieu-hanh", data={"don_vi": str(unit_id), "ten": "Chăn nuôi"} | more)
    assert answer.status_code == 302, answer.text
    return answer.location.removesuffix("/sua")


def titles(page: str) -> list[str]:
    return [one.strip() for one in re.findall(r"<figcaption>\s*<h2>(.*?)</h2>", page, re.DOTALL)]


def test_panels_are_added_ordered_changed_and_taken_away_without_a_script(
    approved: Instance, signed_in: SignIn
) -> None:
    admin = signed_in("qt.easup")
    address = a_dashboard(admin, approved)
    assert say("dashboards.none") in admin.get(address).text
    assert admin.post(f"{address}/sua", data=TREND).status_code == 302
    table = {"kieu": "table", "so_voi": "same-period", "ten": "Bảng số"}
    assert admin.post(f"{address}/sua", data=TREND | table | {"version": "2"}).status_code == 302
    shown = admin.get(address).text
    assert titles(shown) == ["Đàn bò", "Bảng số"]
    assert "<svg" in shown
    assert 'style="' not in shown
    admin.post(f"{address}/sua", data={"do": "up", "o": "1", "version": "3"})
    assert titles(admin.get(address).text) == ["Bảng số", "Đàn bò"]
    admin.post(f"{address}/sua", data=TREND | {"o": "1", "ten": "Bò", "version": "4"})
    assert titles(admin.get(address).text) == ["Bảng số", "Bò"]
    assert "Bò" in admin.get(f"{address}/sua?o=1").text
    admin.post(f"{address}/sua", data={"do": "drop", "o": "0", "version": "5"})
    admin.post(f"{address}/sua", data={"do": "rename", "ten": "Điều hành", "version": "6"})
    shown = admin.get(address).text
    assert titles(shown) == ["Bò"]
    assert "<h1>Điều hành</h1>" in shown
    assert signed_in("easup").get(address).status_code == 200
    admin.post(f"{address}/sua", data={"do": "end", "version": "7"})
    assert admin.get(address).status_code == 404


@ON_SQLITE
def test_who_changes_a_dashboard_somebody_else_changed_meanwhile_is_told(instance: Instance, signed_in: SignIn) -> None:
    admin = signed_in("qt.easup")
    address = a_dashboard(admin, instance)
    admin.post(f"{address}/sua", data=TREND)
    assert admin.post(f"{address}/sua", data=TREND).status_code == 409
    assert len(titles(admin.get(address).text)) == 1


@ON_SQLITE
def test_nonsense_is_answered_with_words_and_the_form_as_it_was_typed(instance: Instance, signed_in: SignIn) -> None:
    admin = signed_in("qt.easup")
    address = a_dashboard(admin, instance)
    wrong = TREND | {"kieu": "share", "pham_vi": "communes", "chi_tieu": POOR_SHARE}
    page = admin.post(f"{address}/sua", data=wrong).text
    assert say("dashboards.clash.no-share") in page
    assert re.search(rf'value="{POOR_SHARE}" checked', page)
    assert say("dashboards.none") in admin.get(address).text
    unknown = admin.post(f"{address}/sua", data=TREND | {"pham_vi": "unit", "cua_don_vi": "99999"}).text
    assert say("dashboards.clash.not-named") in unknown


def test_every_clash_has_words() -> None:
    assert all(say(f"dashboards.clash.{one.value}") for one in Clash)


@ON_SQLITE
@pytest.mark.parametrize("login", ["vpub", "ioc", "easup", "qt.easup", "ld.easup", "stc", "ld.snnmt", "snnmt"])
def test_everybody_finds_a_default_dashboard_of_his_unit(login: str, approved: Instance, signed_in: SignIn) -> None:
    answer = signed_in(login).get("/bang-dieu-hanh", follow_redirects=True)
    assert answer.status_code == 200
    assert len(titles(answer.text)) >= 5
    assert say("dashboards.hidden") not in answer.text


@ON_SQLITE
def test_a_unit_sees_its_own_figures_only_and_readers_see_everybodys(approved: Instance, signed_in: SignIn) -> None:
    own, other = f"/bang-dieu-hanh/chi-tieu?ma={CATTLE}&don_vi=24211", f"/bang-dieu-hanh/chi-tieu?ma={CATTLE}"
    assert signed_in("easup").get(own).status_code == 200
    assert signed_in("bmt").get(own).status_code == 404
    assert signed_in("ld.snnmt").get(own).status_code == 200  # it leads the indicator
    assert signed_in("ld.stc").get(own).status_code == 404
    assert signed_in("ioc").get(own).status_code == 200
    everybody = signed_in("ioc").get(f"{other}&don_vi=66").text
    assert "Xã Ea Súp" in everybody
    assert signed_in("easup").get(f"{other}&don_vi=66").status_code == 404
    assert signed_in("easup").get("/bang-dieu-hanh/chi-tieu?ma=XX99").status_code == 404


@ON_SQLITE
def test_a_panel_of_others_figures_says_that_they_are_not_the_readers(instance: Instance, signed_in: SignIn) -> None:
    admin = signed_in("qt.easup")
    address = a_dashboard(admin, instance)
    admin.post(f"{address}/sua", data=TREND | {"kieu": "tiles", "pham_vi": "unit", "cua_don_vi": "24133"})
    admin.post(f"{address}/sua", data=TREND | {"pham_vi": "unit", "cua_don_vi": "24133"})
    page = admin.get(address).text
    assert say("dashboards.hidden") in page
    assert "<svg class" not in re.sub(r'<svg class="icon".*?</svg>', "", page)
    assert admin.get(f"{address}/o/0/csv").status_code == 404


@ON_SQLITE
def test_what_is_not_approved_is_on_no_dashboard(instance: Instance, signed_in: SignIn) -> None:
    address = f"/bang-dieu-hanh/chi-tieu?ma={CATTLE}&don_vi=24211&ky=202610"
    clerk = sit(instance, "easup")
    province.submitted(clerk, "777")
    assert ">777<" not in signed_in("easup").get(address).text
    decide.approve(sit(instance, "ld.easup"), province.work_of(clerk).assignment_id, 1)


@ON_SQLITE
def test_a_panel_fills_the_page_with_its_table_open(approved: Instance, signed_in: SignIn) -> None:
    page = signed_in("ioc").get("/bang-dieu-hanh/0/o/0").text
    assert '<details class="behind" open>' in page
    assert re.search(r'<th scope="col"[^>]*>Chỉ tiêu</th>', page)
    assert "<caption" in page
    assert signed_in("ioc").get("/bang-dieu-hanh/0/o/99").status_code == 404


@ON_SQLITE
def test_a_panel_is_taken_away_as_picture_workbook_and_values(approved: Instance, signed_in: SignIn) -> None:
    browser = signed_in("ioc")
    picture = browser.get("/bang-dieu-hanh/0/o/0/png")
    assert picture.mimetype == "image/png"
    assert picture.data.startswith(b"\x89PNG")
    sheet = load_workbook(BytesIO(browser.get("/bang-dieu-hanh/0/o/1/xlsx").data)).active
    assert sheet is not None
    assert sheet["A5"].value == "Kỳ"
    values = browser.get("/bang-dieu-hanh/0/o/0/csv")
    assert values.data.startswith("\ufeff".encode())
    assert "attachment" in values.headers["Content-Disposition"]
    assert browser.get("/bang-dieu-hanh/0/o/0/exe").status_code == 404


@ON_SQLITE
def test_what_a_drill_shows_is_taken_away_as_well(approved: Instance, signed_in: SignIn) -> None:
    address = f"/bang-dieu-hanh/chi-tieu?ma={CATTLE}&don_vi=24211"
    page = signed_in("easup").get(address).text
    files = re.findall(r'href="(/bang-dieu-hanh/chi-tieu/o/\d+/csv[^"]*)"', page)
    assert len(files) == len(titles(page)) > 1
    taken = signed_in("easup").get(files[0].replace("&amp;", "&"))
    assert taken.data.startswith("\ufeff".encode())
    assert f"{CATTLE}-24211-1_202610.csv" in taken.headers["Content-Disposition"]
    assert signed_in("bmt").get(files[0].replace("&amp;", "&")).status_code == 404
    assert signed_in("easup").get(f"/bang-dieu-hanh/chi-tieu/o/99/csv?ma={CATTLE}&don_vi=24211").status_code == 404


@ON_SQLITE
def test_a_dashboard_opens_on_the_last_month_that_has_figures_and_offers_the_later_ones(
    approved: Instance, signed_in: SignIn
) -> None:
    openings.open_period(sit(approved, "vpub"), "KTXH", "202611")
    browser = signed_in("easup")
    assert browser.get("/bang-dieu-hanh").location.endswith("/bang-dieu-hanh/0?ky=202610")
    assert browser.get("/bang-dieu-hanh?ky=202609").location.endswith("/bang-dieu-hanh/0?ky=202609")
    page = browser.get("/bang-dieu-hanh/0").text
    assert re.search(r'value="202610" selected', page)
    assert re.search(r'value="202611"(?! selected)', page)
    assert re.search(r'chi-tieu\?ma=[^"]*ky=202610', page)
    assert re.search(r'value="202611" selected', browser.get("/bang-dieu-hanh/0?ky=202611").text)


def test_a_default_dashboard_shows_what_is_in_season_first() -> None:
    catalogue = sample()
    commune = next(one for one in catalogue.units if one.code == "24211")
    out_of_season = default(commune, catalogue, (), reads_all=False).panels[0].indicators
    in_season = default(commune, catalogue, {"NC01", "NN14"}, reads_all=False).panels[0].indicators
    assert out_of_season[:3] == ("TX01", "TX02", "NN02")
    assert in_season[:3] == ("NN14", "NC01", "TX01")


@ON_SQLITE
def test_a_page_asks_the_store_a_few_times_for_each_panel_whatever_they_show(
    approved: Instance, signed_in: SignIn
) -> None:
    browser = signed_in("ioc")
    asked: list[str] = []

    def count(_: object, __: object, statement: str, *___: object) -> None:
        asked.append(statement)

    event.listen(Engine, "before_cursor_execute", count)
    try:
        shown = len(titles(browser.get("/bang-dieu-hanh/0").text))
        whole = len(asked)
        browser.get("/bang-dieu-hanh/0/o/0")
        one = len(asked) - whole
    finally:
        event.remove(Engine, "before_cursor_execute", count)
    assert shown >= 7
    assert whole - one <= (shown - 1) * STATEMENTS_A_PANEL + 2


@ON_SQLITE
@pytest.mark.parametrize("role", [Role.LEADER, Role.CLERK, Role.MONITOR, Role.RECEIVER])
def test_only_administrators_build(role: Role, instance: Instance, signed_in: SignIn) -> None:
    made = dashboards.make(
        sit(instance, "qt.easup"), sit(instance, "qt.easup").actor.home or 0, "Một", from_default=False
    )
    browser = signed_in(PEOPLE[role])
    assert browser.get(f"/bang-dieu-hanh/{made}/sua").status_code == 404
    assert browser.post(f"/bang-dieu-hanh/{made}/sua", data=TREND).status_code == 404


def test_a_panel_chosen_for_a_report_is_in_what_it_is_compiled_from_as_it_stood_then(approved: Instance) -> None:
    office = sit(approved, "vpub")
    home = office.actor.home or 0
    key = dashboards.make(office, home, "Báo cáo", from_default=False)
    panel = Panel(Kind.TREND, (CATTLE,), Extent.UNIT, "24211", report="KTXH")
    dashboards.put_panel(office, key, 1, panel)
    dashboards.put_panel(office, key, 2, replace(panel, report=""))
    with office.read() as connection:
        chosen = for_report(office, connection, home, "KTXH", parse("202610"), office.moment)
        before = for_report(office, connection, home, "KTXH", parse("202610"), office.moment - timedelta(minutes=1))
        other = for_report(office, connection, home, "KHAC", parse("202610"), office.moment)
    assert [one.title for one in chosen] == ["Đàn bò"]
    assert chosen[0].data.startswith(b"\x89PNG")
    assert before == other == ()


@ON_SQLITE
def test_a_figure_open_again_stays_and_is_marked_until_it_is_approved_anew(
    approved: Instance, signed_in: SignIn
) -> None:
    address = f"/bang-dieu-hanh/chi-tieu?ma={CATTLE}&don_vi=24211&ky=202610"
    said = "Số liệu tạm (đơn vị đã được mở lại, chưa duyệt bản thay thế): Xã Ea Súp."
    before = signed_in("ioc").get(address).text
    work = province.work_of(sit(approved, "easup"))
    decide.reopen(sit(approved, "vpub"), work.assignment_id, "Nhập nhầm", version=1)
    after = signed_in("ioc").get(address).text
    assert said not in before
    assert said in after
    assert after.count("<svg") >= before.count("<svg")
