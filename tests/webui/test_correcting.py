"""One cell corrected on the page: same checks, a new upload, its author on record, all else of the file kept (F30)."""

import io
import json
import re
from datetime import timedelta

import pytest

from actions import correct, decide, openings
from actions.cases import situation
from actions.instance import Instance
from registry.catalogue.values import CellKey, CellValue, State
from registry.sample.lists import lines
from registry.store import audit, submissions, uploads
from tests.webui import small_province as province
from tests.webui.conftest import ON_SQLITE, Clock, SignIn
from tests.webui.small_province import sit, work_of
from tests.webui.test_lists_walk import DUE, workbook
from tests.webui.test_lists_walk import work_of as list_of

WRONG = CellValue(State.BLANK, None, "một trăm")
PIGS = CellKey("NN14", "c06")


def fields(page: str) -> dict[str, str]:
    return dict(re.findall(r'name="(o:[^"]+)"[^>]* value="([^"]*)"', page))


@pytest.fixture
def wrong(instance: Instance) -> int:
    """A file with two wrong cells."""
    return province.sent(sit(instance, "easup"), NN14_c06=WRONG, NN13_c06=CellValue(State.BLANK, None, "hai"))


@ON_SQLITE
def test_wrong_cells_are_corrected_beside_what_is_said_of_them(
    instance: Instance, signed_in: SignIn, wrong: int
) -> None:
    clerk = signed_in("easup")
    page = clerk.get(f"/tep/{wrong}").text
    assert fields(page) == {"o:NN13:c06": "hai", "o:NN14:c06": "một trăm"}
    assert f'formaction="/tep/{wrong}/sua"' in page
    half = clerk.post(f"/tep/{wrong}/sua", data=fields(page) | {"o:NN14:c06": "121"})
    again = clerk.get(half.location).text
    assert fields(again) == {"o:NN13:c06": "hai"}
    done = clerk.post(f"{half.location}/sua", data={"o:NN13:c06": "130"})
    page = clerk.get(done.location).text
    assert "Trình duyệt</button>" in page
    assert clerk.post(f"{done.location}/trinh-duyet").status_code == 302

    work = work_of(sit(instance, "easup"))
    with instance.store.read() as connection:
        [version] = submissions.versions(connection, work.submission_id)
        first, last = uploads.newest_verdict(connection, wrong), uploads.newest_verdict(connection, wrong + 2)
    assert first is not None
    assert last is not None
    assert (version.kind, version.upload_id) == ("correction", wrong + 2)
    assert (version.values[PIGS].number, version.values[CellKey("NN13", "c06")].number) == (121, 130)
    same = {key for key, value in first.values.items() if value == version.values[key]}
    assert {key.row for key in first.values.keys() - same} == {"NN13", "NN14"}
    assert version.addresses == first.addresses


@ON_SQLITE
def test_who_corrected_what_is_on_record_and_before_the_leaders_eyes(
    instance: Instance, signed_in: SignIn, wrong: int
) -> None:
    clerk = signed_in("easup")
    data = {"o:NN14:c06": "121", "o:NN13:c06": "130"}
    made = int(clerk.post(f"/tep/{wrong}/sua", data=data).location.rsplit("/", 1)[-1])
    with instance.store.read() as connection:
        entry = next(one for one in audit.latest(connection) if one.object == f"upload {made}" and "base" in one.detail)
    assert entry.actor == "easup"
    detail = json.loads(entry.detail)
    assert detail["base"] == wrong
    assert sorted(detail["cells"]) == [["NN13", "c06", None], ["NN14", "c06", None]]
    clerk.post(f"/tep/{made}/trinh-duyet")
    work = work_of(sit(instance, "easup"))
    page = signed_in("ld.easup").get(f"/viec/{work.assignment_id}").text
    assert "Ô đã sửa trên trang" in page
    assert re.search(r"<del>một trăm</del></td><td><strong>121</strong></td><td>[^<]+, ", page)
    assert "Đã sửa trên trang, trước là một trăm" in page


@ON_SQLITE
def test_a_returned_version_is_corrected_where_it_stood(instance: Instance, signed_in: SignIn) -> None:
    upload = province.submitted(sit(instance, "easup"))
    work = work_of(sit(instance, "easup"))
    decide.send_back(sit(instance, "ld.easup"), work.assignment_id, 1, "Số lợn sai")
    clerk = signed_in("easup")
    assert f'href="/tep/{upload}/sua"' in clerk.get(f"/viec/{work.assignment_id}").text
    page = clerk.get(f"/tep/{upload}/sua").text
    assert fields(page)["o:NN14:c06"] == "120"
    assert "Số lợn sai" in page
    done = clerk.post(f"/tep/{upload}/sua", data=fields(page) | {"o:NN14:c06": "121"})
    assert clerk.post(f"{done.location}/trinh-duyet").status_code == 302
    with instance.store.read() as connection:
        newest, first = submissions.versions(connection, work.submission_id)
        origin = correct.origin(sit(instance, "easup"), connection, uploads.get(connection, newest.upload_id))  # type: ignore[arg-type]
    assert (newest.n, newest.kind, first.kind) == (2, "correction", "upload")
    assert origin.file.id == upload
    assert {key.row for key in newest.values if newest.values[key] != first.values[key]} == {"NN14"}
    decide.approve(sit(instance, "ld.easup"), work.assignment_id, 2)


@ON_SQLITE
def test_nothing_typed_is_lost_while_more_cells_are_looked_for(
    instance: Instance, signed_in: SignIn, wrong: int
) -> None:
    clerk = signed_in("easup")
    page = clerk.post(f"/tep/{wrong}/sua", data={"o:NN14:c06": "121", "tim": "dan bo", "do": "find"})
    assert page.status_code == 200
    found = fields(page.text)
    assert found["o:NN14:c06"] == "121"
    assert found["o:NN13:c06"] == "hai"
    rows = re.findall(r"<legend>([^<]+)", page.text)
    assert rows
    assert all("bò" in row.lower() for row in rows)
    assert clerk.get(f"/tep/{wrong}/sua?tim=khong-co-dong-nay").text.count("Không có dòng nào phù hợp") == 1


@ON_SQLITE
def test_enter_after_new_words_looks_for_cells_and_saves_nothing(
    instance: Instance, signed_in: SignIn, wrong: int
) -> None:
    clerk = signed_in("easup")
    typed = {"o:NN14:c06": "121", "tim": "dan bo", "do": "enter"}
    page = clerk.post(f"/tep/{wrong}/sua", data=typed | {"da-tim": ""})
    assert (page.status_code, fields(page.text)["o:NN14:c06"]) == (200, "121")
    assert 'name="da-tim" value="dan bo"' in page.text
    assert clerk.post(f"/tep/{wrong}/sua", data=typed | {"da-tim": "dan bo"}).location == f"/tep/{wrong + 1}"


@ON_SQLITE
def test_a_correction_typed_before_submitting_is_checked_first(instance: Instance, signed_in: SignIn) -> None:
    number = province.sent(sit(instance, "easup"))
    clerk = signed_in("easup")
    done = clerk.post(f"/tep/{number}/trinh-duyet", data={"o:NN14:c06": "125"}, follow_redirects=True)
    assert "Xem kết quả rồi bấm" in done.text
    assert done.request.path == f"/tep/{number + 1}"
    assert clerk.post(f"/tep/{number}/trinh-duyet", data={"o:NN14:c06": "120"}).location.startswith("/viec/")


def test_explanations_typed_survive_a_correction_and_a_return(
    instance: Instance, signed_in: SignIn, clock: Clock
) -> None:
    province.carry_through(instance, "easup", "ld.easup")
    openings.open_period(sit(instance, "vpub"), "KTXH", "202611")
    changed = {"NN14_c05": CellValue(State.VALUE, province.Decimal(240))}
    number = province.sent(sit(instance, "easup"), "130", "202611", **changed)
    clerk = signed_in("easup")
    places = sorted(set(re.findall(r'name="(giai-trinh-[0-9]+)"', clerk.get(f"/tep/{number}").text)))
    told = dict.fromkeys(places, "Tăng đàn theo dự án")
    done = clerk.post(f"/tep/{number}/sua", data=told | {"o:NN13:c06": "131"})
    page = clerk.get(done.location).text
    assert page.count(">Tăng đàn theo dự án</textarea>") == len(places)
    assert clerk.post(f"{done.location}/trinh-duyet", data=told).status_code == 302
    work = work_of(sit(instance, "easup"), "202611")
    decide.send_back(sit(instance, "ld.easup"), work.assignment_id, 1, "Sai số trâu")
    again = clerk.post(f"{done.location}/sua", data={"o:NN13:c06": "132"})
    assert clerk.get(again.location).text.count(">Tăng đàn theo dự án</textarea>") == len(places)


@ON_SQLITE
def test_what_may_not_be_typed_is_not_corrected(instance: Instance, signed_in: SignIn, wrong: int) -> None:
    clerk = signed_in("easup")
    for data in ({"o:NN14:c07": "5"}, {"o:NN14:c06": "một trăm"}, {"o:NO:c06": "1"}, {"o:NN14:c06:1": "1"}, {}):
        refused = clerk.post(f"/tep/{wrong}/sua", data=data)
        assert refused.status_code == 400, data
        assert "Chưa có ô nào được sửa" in refused.text
    wrong_again = clerk.post(f"/tep/{wrong}/sua", data={"o:NN14:c06": "hai trăm"})
    assert "hai trăm" in clerk.get(wrong_again.location).text
    assert clerk.post(f"/tep/{wrong}/sua", data={"o:NN14:c06": "hai trăm"}).location == wrong_again.location


@ON_SQLITE
def test_only_a_clerk_of_the_unit_corrects_and_only_while_it_may_be_submitted(
    instance: Instance, signed_in: SignIn, wrong: int
) -> None:
    for login in ("ld.easup", "vpub", "bmt", "ioc", "qt.easup"):
        browser = signed_in(login)
        assert browser.get(f"/tep/{wrong}/sua").status_code == 404, login
        assert browser.post(f"/tep/{wrong}/sua", data={"o:NN14:c06": "1"}).status_code == 404, login
    assert 'name="o:' not in signed_in("ld.easup").get(f"/tep/{wrong}").text
    submitted = province.submitted(sit(instance, "easup"))
    clerk = signed_in("easup")
    assert clerk.post(f"/tep/{submitted}/sua", data={"o:NN14:c06": "1"}).status_code == 409
    assert "Sửa ô trên trang" not in clerk.get(f"/tep/{submitted}").text


@ON_SQLITE
def test_a_file_of_which_nothing_was_read_cannot_be_corrected(instance: Instance, signed_in: SignIn) -> None:
    clerk = signed_in("easup")
    posted = {"don_vi": str(work_of(sit(instance, "easup")).unit_id), "tep": (io.BytesIO(b"no"), "a.xlsx")}
    address = clerk.post("/tai-len", data=posted).location
    assert clerk.get(f"{address}/sua").status_code == 409
    clerk.post(f"{address}/kiem-tra-lai")
    assert clerk.get(f"{address}/sua").status_code == 409


@ON_SQLITE
def test_a_cell_of_a_list_is_corrected_too(instance: Instance, signed_in: SignIn, clock: Clock) -> None:
    openings.open_period(sit(instance, "vpub"), "DTC", "202610")
    clock.now = DUE
    desk = sit(instance, "easup", DUE)
    work = list_of(desk)
    with desk.read() as connection:
        one = situation(connection, desk.snapshot(connection), work)
    answers = lines(one.view, one.unit, one.period)
    answers[CellKey("DA", "c14", 2)] = CellValue(State.BLANK, None, "chưa rõ")
    clerk = signed_in("easup")
    posted = {"don_vi": str(work.unit_id), "tep": (io.BytesIO(workbook(desk, answers)), "dtc.xlsx")}
    address = clerk.post("/tai-len", data=posted).location
    clerk.post(f"{address}/kiem-tra-lai")
    page = clerk.get(address).text
    assert fields(page)["o:DA:c14:2"] == "chưa rõ"
    done = clerk.post(f"{address}/sua", data={"o:DA:c14:2": "15,5"})
    page = clerk.get(done.location).text
    assert "o:DA:c14:2" not in fields(page)
    number = int(done.location.rsplit("/", 1)[-1])
    with instance.store.read() as connection:
        verdict = uploads.newest_verdict(connection, number)
    assert verdict is not None
    assert verdict.values[CellKey("DA", "c14", 2)].number == province.Decimal("15.5")


@ON_SQLITE
def test_judging_a_correction_again_gives_the_same_verdict(
    instance: Instance, signed_in: SignIn, wrong: int, clock: Clock
) -> None:
    clerk = signed_in("easup")
    made = clerk.post(f"/tep/{wrong}/sua", data={"o:NN14:c06": "121", "o:NN13:c06": "130"}).location
    number = int(made.rsplit("/", 1)[-1])
    with instance.store.read() as connection:
        first = uploads.newest_verdict(connection, number)
    clock.now += timedelta(minutes=5)
    assert clerk.post(f"{made}/kiem-tra-lai").status_code == 302
    with instance.store.read() as connection:
        assert uploads.newest_verdict(connection, number) == first


def shown_in(page: str) -> list[str]:
    """The numbers of the findings not hidden by a filter."""
    items = re.findall(r'<li id="phat-hien-([0-9]+)"([^>]*)>', page)
    return [number for number, attributes in items if not attributes.endswith(" hidden")]


@ON_SQLITE
def test_findings_are_filtered_by_the_server_too(instance: Instance, signed_in: SignIn) -> None:
    doubtful = CellValue(State.BLANK, None, "1 234")
    number = province.sent(sit(instance, "easup"), NN14_c06=WRONG, NN13_c06=WRONG, NN15_c06=doubtful)
    clerk = signed_in("easup")
    every = shown_in(clerk.get(f"/tep/{number}").text)
    assert len(every) >= 3
    asked = {
        "tim=dan+bo": 1,
        "tim=Đàn+BÒ": 1,
        "muc=mend": 2,
        "muc=mend&tim=dan+trau": 1,
        "loai=number": len(every),
        "loai=rule": 0,
        "tim=khong-co": 0,
    }
    for query, count in asked.items():
        page = clerk.get(f"/tep/{number}?{query}").text
        assert len(shown_in(page)) == count, query
        assert f"Đang hiện {count}/{len(every)} mục" in page, query
        assert ("Không có mục nào phù hợp" in page) is (count == 0), query
