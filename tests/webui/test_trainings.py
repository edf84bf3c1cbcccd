"""A unit rehearses a form with invented figures; nothing of it is counted, seen by others or sent for real (F25)."""

import io
import re
import zipfile
from decimal import Decimal

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from actions import distribute, trainings
from actions.desk import NotNow
from actions.instance import Instance
from actions.submit import nil_values
from actions.trial_book import Mark, trial_book
from registry.catalogue.values import CellValue, State
from registry.store import trainings as stored
from registry.store.tables import (
    figure,
    figure_now,
    file,
    practice,
    practice_step,
    submission_event,
    submission_version,
    upload,
)
from registry.store.trainings import Practice, Tried
from registry.workflow.policy import EVERYWHERE
from registry.workflow.submission import State as Stand
from tests.webui import rights
from tests.webui import small_province as province
from tests.webui.conftest import ON_SQLITE, AtOnce, SignIn
from tests.webui.small_province import sit

MARK = "DỮ LIỆU TẬP HUẤN"
COUNTED = (upload, submission_version, submission_event, figure, figure_now, file)


@pytest.fixture
def part(instance: Instance) -> int:
    """Ea Súp's part in a training of October, which is open for real too."""
    office, unit = sit(instance, "vpub"), sit(instance, "easup").actor.home
    assert unit is not None
    trainings.hold(office, "KTXH", "202610", "KTXH-01", {unit})
    return of_easup(instance).id


def of_easup(instance: Instance) -> Practice:
    with instance.store.read() as connection:
        (found,) = stored.practices(connection, EVERYWHERE)
    return found


def counted(instance: Instance) -> list[int]:
    with instance.store.read() as connection:
        return [int(connection.execute(select(func.count()).select_from(one)).scalar_one()) for one in COUNTED]


def filled(instance: Instance, part: int, number: str = "120") -> bytes:
    """The training workbook as a clerk fills it."""
    desk = sit(instance, "easup")
    with desk.read() as connection:
        one = trainings.situation(desk, connection, trainings.see(desk, connection, part))
        order = distribute.order_of(desk.snapshot(connection), one)
    known = nil_values(one)
    answers = {
        key: known[key] if spec.shift and known[key].number is not None else CellValue(State.VALUE, Decimal(number))
        for key, spec in one.view.inputs.items()
    }
    return trial_book(order, Mark.TRAINING, answers).data


def send(browser: FlaskClient, part: int, data: bytes) -> TestResponse:
    return browser.post(f"/tap-huan/{part}/tep", data={"tep": (io.BytesIO(data), "tap-huan.xlsx")})


def board_of(signed_in: SignIn) -> str:
    """The office's board of October, without what every answer has anew."""
    page = signed_in("vpub").get("/ky-bao-cao/KTXH/202610").text.partition('class="trail"')[2]
    return re.sub(r'name="csrf_token" value="[^"]+"', "", page)


def version(page: str) -> str:
    found = re.search(r'name="version" value="(\d+)"', page)
    assert found is not None
    return found[1]


def test_a_unit_rehearses_the_whole_walk_and_nothing_of_it_is_counted(
    instance: Instance, signed_in: SignIn, part: int
) -> None:
    before, board = counted(instance), board_of(signed_in)
    clerk, leader = signed_in("easup"), signed_in("ld.easup")
    assert "Đơn vị được mời tập huấn biểu KTXH-01, tháng 10 năm 2026." in clerk.get("/").text
    page = f"/tap-huan/{part}"
    assert MARK in clerk.get("/tap-huan").text
    assert clerk.get(f"{page}.xlsx", buffered=True).status_code == 200
    assert send(clerk, part, filled(instance, part)).status_code == 302
    seen = clerk.get(page).text
    assert MARK in seen
    assert of_easup(instance).status in ("accepted", "accepted_with_warnings")
    explained = dict.fromkeys(re.findall(r'name="(giai-trinh-\d+)"', seen), "số giả định")
    if explained:
        assert clerk.post(f"{page}/trinh-duyet", data={"version": version(seen)}).status_code == 400
    assert clerk.post(f"{page}/trinh-duyet", data=explained | {"version": version(seen)}).status_code == 302
    assert send(clerk, part, filled(instance, part)).status_code == 409  # it lies before the leader
    told = leader.get(page).text
    assert leader.post(f"{page}/tra-lai", data={"version": version(told)}).status_code == 400
    assert leader.post(f"{page}/tra-lai", data={"version": version(told), "ly_do": "Xem lại"}).status_code == 302
    assert "Xem lại" in clerk.get(page).text
    explained |= {"version": version(clerk.get(page).text)}
    assert clerk.post(f"{page}/trinh-duyet", data=explained).status_code == 302
    assert clerk.post(f"{page}/duyet", data={"version": "9"}).status_code == 404  # no leader
    told = leader.get(page).text
    assert leader.post(f"{page}/duyet", data={"version": "0"}).status_code == 409
    assert leader.post(f"{page}/duyet", data={"version": version(told)}).status_code == 302
    assert of_easup(instance).state is Stand.APPROVED
    assert counted(instance) == before
    assert board_of(signed_in) == board


@ON_SQLITE
def test_the_workbook_says_what_it_is_on_every_sheet_and_page_and_holds_no_real_figure(
    instance: Instance, signed_in: SignIn, part: int
) -> None:
    data = signed_in("easup").get(f"/tap-huan/{part}.xlsx", buffered=True).data
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        sheets = [package.read(name).decode() for name in package.namelist() if "worksheets/sheet" in name]
    visible = [one for one in sheets if "<oddFooter>" in one]
    assert len(visible) >= 2
    assert all(f'<oddHeader>&amp;C&amp;"Times New Roman,Bold"&amp;14{MARK}<' in one for one in visible)
    assert any(str(cell.value).startswith(MARK) for row in load_workbook(io.BytesIO(data))["KTXH-01"] for cell in row)
    desk = sit(instance, "easup")
    with desk.read() as connection:
        one = trainings.situation(desk, connection, of_easup(instance))
        real = province.situation(connection, desk.snapshot(connection), province.work_of(desk))
    made_up = one.context.background.figures
    assert made_up
    assert not set(made_up.items()) & set(real.context.background.figures.items())


@ON_SQLITE
def test_a_training_file_is_no_return_and_a_real_one_no_rehearsal(
    instance: Instance, signed_in: SignIn, part: int
) -> None:
    clerk, unit = signed_in("easup"), of_easup(instance).unit_id
    name, real = province.filled(sit(instance, "easup"))
    refused = send(clerk, part, real)
    assert (refused.status_code, "không phải tệp tập huấn" in refused.text) == (400, True)
    sent = clerk.post("/tai-len", data={"tep": (io.BytesIO(filled(instance, part)), name), "don_vi": str(unit)})
    clerk.post(f"{sent.location}/kiem-tra-lai")
    page = clerk.get(sent.location).text
    assert "hệ thống không nhận làm báo cáo" in page
    assert "trinh-duyet" not in page.partition("outcome-steps")[2].partition("</section>")[0]
    assert send(clerk, part, b"abc").status_code == 302
    assert of_easup(instance).status == "refused"


@ON_SQLITE
def test_others_see_nothing_and_the_office_sees_how_many_did_what_and_clears_it_in_one_act(
    instance: Instance, signed_in: SignIn, part: int
) -> None:
    office, clerk, other = signed_in("vpub"), signed_in("easup"), signed_in("bmt")
    send(clerk, part, filled(instance, part))
    assert other.get(f"/tap-huan/{part}").status_code == 404
    assert send(other, part, b"abc").status_code == 404
    assert "KTXH-01" not in other.get("/tap-huan").text
    assert "tập huấn" not in other.get("/").text
    assert office.get(f"/tap-huan/{part}").status_code == 404  # how many, not what they typed
    assert office.get(f"/tap-huan/{part}.xlsx", buffered=True).status_code == 200
    with instance.store.read() as connection:
        ((invited, tried),) = stored.counts(connection).values()
    assert (invited, tried) == (1, {Tried.UPLOAD: 1})  # the office looking is no unit trying
    assert office.get("/tap-huan/to-chuc?ky=KTXH+202611").text.count('name="don_vi"') > 3
    twice = {"ky": "KTXH 202610", "bieu": "KTXH-01", "don_vi": str(of_easup(instance).unit_id)}
    assert office.post("/tap-huan/to-chuc", data=twice).status_code == 409
    assert office.post("/tap-huan/to-chuc", data=twice | {"don_vi": "0"}).status_code == 400
    training = of_easup(instance).training.id
    assert clerk.post(f"/tap-huan/to-chuc/{training}/ket-thuc").status_code == 404
    assert office.post(f"/tap-huan/to-chuc/{training}/ket-thuc").status_code == 302
    assert clerk.get(f"/tap-huan/{part}").status_code == 404
    assert "tập huấn" not in clerk.get("/").text
    assert "Gửi tệp" in office.get("/tap-huan/to-chuc").text
    with instance.store.read() as connection:
        assert connection.execute(select(practice.c.cells)).scalars().all() == [b""]
        assert set(connection.execute(select(practice_step.c.text)).scalars()) == {""}  # reasons, names of files
        ((_, still),) = stored.counts(connection).values()
    assert still == {Tried.UPLOAD: 1}


@pytest.mark.parametrize("instance", ["postgresql"], indirect=True)
def test_of_two_who_begin_the_same_training_at_once_one_is_told(instance: Instance, at_once: AtOnce) -> None:
    office, units = sit(instance, "vpub"), {rights.unit_key(instance)}
    first, second = at_once(stored, "is_held", lambda: trainings.hold(office, "KTXH", "202610", "KTXH-01", units))
    assert sorted(isinstance(one, NotNow) for one in (first, second)) == [False, True]
