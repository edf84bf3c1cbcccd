"""Divisions fill their rows of the unit's form; the unit's clerk puts the parts together and submits (F16)."""

import io
import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from openpyxl import load_workbook
from sqlalchemy import event

from actions import (
    assembling,
    correct,
    destroy,
    dividing,
    entry,
    instants,
    openings,
    parts,
    receive,
    reorganising,
    submit,
)
from actions.cases import situation
from actions.desk import Desk, NotNow, NotYours, Refusal
from actions.distribute import make, workbook
from actions.instance import Instance
from actions.parts_book import parts_book
from ingest import assembled
from registry.catalogue.forms import Access
from registry.catalogue.model import Role, RoleHolder
from registry.catalogue.reorganise import Act, ActKind
from registry.catalogue.values import CellKey, CellValue, State
from registry.findings import Severity
from registry.store import divisions, submissions, uploads
from registry.store import people as accounts
from registry.workflow.policy import Action
from tests.webui import rights
from tests.webui import small_province as province
from tests.webui.conftest import ON_SQLITE, Clock, SignIn
from tests.webui.small_province import EASUP, FARM, NOW, SOCIETY, sit, work_of
from vietnamese.dates import HO_CHI_MINH
from workbook_templates.grid import place

COWS, JOBS, GUESTS = CellKey("NN14", "c06"), CellKey("XH01", "c06"), CellKey("NC05", "c06")


@pytest.fixture
def divided(instance: Instance) -> Instance:
    """Ea Súp with two divisions, each in charge of a part of the monthly form."""
    province.add_divisions(instance)
    give(instance, {FARM: "NN", SOCIETY: "XH"}, NOW.date())
    return instance


def give(instance: Instance, charge: dict[str, str], since: date) -> int:
    admin = sit(instance, "qt.easup")
    ids = ids_of(admin)
    rows = [row.code for row in dividing.look(admin, ids[EASUP], "KTXH-01", since).data_rows]
    wanted: dict[str, int | None] = {
        row: ids[division] for row in rows for division, begins in charge.items() if row.startswith(begins)
    }
    return dividing.divide(admin, ids[EASUP], "KTXH-01", wanted, since)


def ids_of(desk: Desk) -> dict[str, int]:
    with desk.read() as connection:
        return dict(desk.snapshot(connection).unit_ids)


def ids_name(desk: Desk, code: str) -> str:
    with desk.read() as connection:
        return desk.snapshot(connection).units[code].name


def part_sent(desk: Desk, number: str = "120", **changed: CellValue) -> int:
    """A division's workbook filled, uploaded and judged; its number."""
    with desk.read() as connection:
        snapshot = desk.snapshot(connection)
        own = desk.actor.home
        [(work, part)] = list(parts.of_divisions(connection, snapshot, [own or 0], desk.day))
        one = situation(connection, snapshot, work, part)
    known = submit.nil_values(one)
    answers = {
        key: known[key] if spec.shift and known[key].number is not None else CellValue(State.VALUE, Decimal(number))
        for key, spec in one.view.inputs.items()
    }
    answers |= {CellKey(*name.split("_")): value for name, value in changed.items()}
    made = make(desk, snapshot, one, answers)
    upload = receive.receive(desk, io.BytesIO(made.data), made.name, one.answerer_id)
    receive.judge_upload(desk, upload)
    return upload


def verdict_of(instance: Instance, number: int) -> uploads.StoredVerdict:
    with instance.store.read() as connection:
        found = uploads.newest_verdict(connection, number)
    assert found is not None
    return found


def codes(verdict: uploads.StoredVerdict) -> set[str]:
    return {one.code for one in verdict.findings}


# --- the division's part ---


@ON_SQLITE
def test_a_division_s_workbook_has_only_its_rows_open(divided: Instance) -> None:
    clerk = sit(divided, "kt.easup")
    work = work_of(sit(divided, "easup"))
    made = workbook(clerk, work.assignment_id)
    assert made.unit == FARM
    with clerk.read() as connection:
        one = parts.answering(clerk, connection, Action.DOWNLOAD_TEMPLATE, work.assignment_id)
    grid = place(one.view)
    sheet = load_workbook(io.BytesIO(made.data))[grid.sheet]
    is_open = {key.row for key, address in grid.cells.items() if not sheet[address].protection.locked}
    assert is_open
    assert {row[:2] for row in is_open} == {"NN"}
    assert {row.code for row, access in one.view.rows if access is Access.OTHERS} >= {"XH01", "NC05"}
    assert "Phòng Kinh tế xã Ea Súp" in sheet[grid.places["unit"]].value


@ON_SQLITE
def test_a_part_is_checked_by_its_own_rows_alone(divided: Instance) -> None:
    number = part_sent(sit(divided, "vhxh.easup"), XH04_c06=CellValue(State.VALUE, Decimal(90)))
    verdict = verdict_of(divided, number)
    assert verdict.can_be_submitted, [one for one in verdict.findings if one.severity is Severity.ERROR]
    rows = {dict(one.values).get("row_code", "XH") for one in verdict.findings}
    assert {row[:2] for row in rows} <= {"XH"}
    with divided.store.read() as connection:
        upload = uploads.get(connection, number)
    assert upload is not None
    desk = sit(divided, "vhxh.easup")
    assert (upload.unit_id, upload.assignment_id) == (
        ids_of(desk)[SOCIETY],
        work_of(sit(divided, "easup")).assignment_id,
    )


@ON_SQLITE
def test_the_unit_s_workbook_and_a_division_s_are_told_apart(divided: Instance) -> None:
    clerk, hub = sit(divided, "kt.easup"), sit(divided, "easup")
    name, whole = province.filled(hub)
    number = receive.receive(clerk, io.BytesIO(whole), name, ids_of(clerk)[FARM])
    assert codes(receive.judge_upload(clerk, number)) == {"identity-other-unit"}
    made = workbook(clerk, work_of(hub).assignment_id)
    number = receive.receive(hub, io.BytesIO(made.data), made.name, ids_of(hub)[EASUP])
    assert codes(receive.judge_upload(hub, number)) == {"identity-other-unit"}


@ON_SQLITE
def test_a_division_cannot_submit_nor_see_the_whole(divided: Instance, signed_in: SignIn) -> None:
    number = part_sent(sit(divided, "kt.easup"))
    with pytest.raises(NotYours):
        submit.submit(sit(divided, "kt.easup"), number)
    browser, assignment = signed_in("kt.easup"), work_of(sit(divided, "easup")).assignment_id
    home = browser.get("/").text
    assert "Tải phần việc của tôi" in home
    assert f"/viec/{assignment}/phan-viec" not in home
    assert f"/viec/{assignment}/phan-viec" in signed_in("easup").get("/").text
    assert browser.get(f"/tep/{number}").status_code == 200
    assert "Trình duyệt</button>" not in browser.get(f"/tep/{number}").text
    for address in (f"/viec/{assignment}", f"/viec/{assignment}/phan-viec"):
        assert browser.get(address).status_code == 404, address
    assert browser.post(f"/viec/{assignment}/ghep").status_code == 404
    other = signed_in("vhxh.easup")
    for address in (f"/tep/{number}", f"/tep/{number}/tai-ve", f"/tep/{number}/danh-dau.xlsx"):
        assert other.get(address).status_code == 404, address


@ON_SQLITE
def test_a_part_may_be_typed_on_the_page_and_corrected(divided: Instance, signed_in: SignIn) -> None:
    clerk, assignment = sit(divided, "vhxh.easup"), work_of(sit(divided, "easup")).assignment_id
    page = signed_in("vhxh.easup").get(f"/viec/{assignment}/nhap").text
    assert 'name="o:XH01:c06"' in page
    assert 'name="o:NN14:c06"' not in page
    _, verdict = entry.enter(clerk, assignment, {JOBS: "12", COWS: "999"})
    assert verdict.values[JOBS].number == 12
    assert verdict.values[COWS].number is None
    sent = part_sent(clerk, XH01_c06=CellValue(State.BLANK, None, "mười"))
    made, again = correct.correct(clerk, sent, {JOBS: "10"})
    assert again.values[JOBS].number == 10
    with divided.store.read() as connection:
        kept = uploads.get(connection, made)
    assert kept is not None
    assert kept.unit_id == ids_of(clerk)[SOCIETY]


@ON_SQLITE
def test_who_is_clerk_of_the_unit_too_gives_the_part_as_a_part_and_never_as_the_whole_form(
    divided: Instance, signed_in: SignIn
) -> None:
    with divided.store.write() as connection:
        accounts.put_holders(
            connection, [RoleHolder("vhxh.easup", "Chức danh", "", Role.CLERK, EASUP, province.BORN)], "test"
        )
    browser, desk = signed_in("vhxh.easup"), sit(divided, "vhxh.easup")
    society, assignment = ids_of(desk)[SOCIETY], work_of(sit(divided, "easup")).assignment_id
    home = browser.get("/").text
    for address in ("/bieu-mau/{}.xlsx", "/viec/{}/nhap", "/viec/{}/phieu"):
        assert f'href="{address.format(assignment)}?cho={society}"' in home, address
    assert workbook(desk, assignment, society).unit == SOCIETY
    assert workbook(desk, assignment).unit == EASUP
    page = browser.get(f"/viec/{assignment}/nhap?cho={society}").text
    assert f'action="/viec/{assignment}/nhap?cho={society}"' in page
    assert ('name="o:XH01:c06"' in page, 'name="o:NN14:c06"' in page) == (True, False)
    assert ">NN14:c06" not in browser.get(f"/viec/{assignment}/phieu?cho={society}").text
    other = ids_of(desk)[FARM]
    for wrong in (str(other), str(10**30)):
        assert browser.get(f"/viec/{assignment}/nhap?cho={wrong}").status_code == 404

    typed = browser.post(f"/viec/{assignment}/nhap?cho={society}", data={"o:XH01:c06": "12"})
    assert typed.headers["Location"] == f"/viec/{assignment}/nhap?cho={society}"
    assert 'value="12"' not in browser.get(f"/viec/{assignment}/nhap").text

    chosen = replace(desk, actor=replace(desk.actor, acting_unit=society))
    number = part_sent(chosen)
    assert verdict_of(divided, number).can_be_submitted
    assert "Trình duyệt</button>" not in browser.get(f"/tep/{number}").text
    refused = browser.post(f"/tep/{number}/trinh-duyet")
    assert (refused.status_code, "chỉ là phần việc của một phòng" in refused.text) == (409, True)
    assert work_of(sit(divided, "easup")).state == "draft"


# --- putting them together ---


def test_parts_and_the_clerk_s_own_figures_become_one_version(divided: Instance) -> None:
    hub = sit(divided, "easup")
    work = work_of(hub)
    part_sent(sit(divided, "kt.easup"), "100")
    standing = assembling.look(hub, work.assignment_id)
    assert [(one.part.division.code, one.is_missing) for one in standing.given] == [(FARM, False), (SOCIETY, True)]
    book = load_workbook(io.BytesIO(parts_book(hub, work.assignment_id)[0])).active
    lines = {str(row[0].value): [cell.value for cell in row] for row in book.iter_rows() if row[0].value}
    farm = next(row for label, row in lines.items() if "Đàn bò" in label)
    assert (100 in farm, ids_name(hub, FARM) in farm) == (True, True)
    assert any("Chưa có" in row for row in lines.values())
    assert any(ids_name(hub, SOCIETY) in label for label in lines)  # named below as awaited
    early = codes(assembling.assemble(hub, work.assignment_id)[1])
    part_sent(sit(divided, "vhxh.easup"), "50")
    number, verdict = assembling.assemble(hub, work.assignment_id)
    assert ("assembled-missing" in early, "assembled-missing" in codes(verdict)) == (True, False)
    assert (verdict.values[COWS].number, verdict.values[JOBS].number, verdict.values[GUESTS].number) == (100, 50, None)
    made, verdict = correct.correct(hub, number, _rest(divided, verdict, "7"))
    assert verdict.can_be_submitted, [one for one in verdict.findings if one.severity is Severity.ERROR]
    texts = {at: "đã đối chiếu" for at, one in enumerate(verdict.findings) if one.severity is Severity.WARNING}
    submit.submit(hub, made, texts)
    with divided.store.read() as connection:
        version = submissions.newest(connection, work.submission_id)
    assert version is not None
    assert (version.values[COWS].number, version.values[JOBS].number, version.values[GUESTS].number) == (100, 50, 7)

    # one division sends again: its new figure is taken, what the clerk typed stays
    submit.withdraw(hub, work.assignment_id)
    part_sent(sit(divided, "kt.easup"), "101")
    again, verdict = assembling.assemble(hub, work.assignment_id)
    assert (verdict.values[COWS].number, verdict.values[JOBS].number, verdict.values[GUESTS].number) == (101, 50, 7)
    assert assembling.assemble(hub, work.assignment_id)[0] == again


def _rest(instance: Instance, verdict: uploads.StoredVerdict, text: str) -> dict[CellKey, str]:
    """Every input still blank, filled in."""
    hub = sit(instance, "easup")
    with hub.read() as connection:
        one = situation(connection, hub.snapshot(connection), work_of(hub))
    return {key: text for key in one.view.inputs if verdict.values[key].state is State.BLANK}


@ON_SQLITE
def test_an_assembled_version_goes_forward_as_ever(divided: Instance, signed_in: SignIn) -> None:
    hub, work = sit(divided, "easup"), work_of(sit(divided, "easup"))
    province.sent(hub, "120", NN14_c06=CellValue(State.BLANK))
    part_sent(sit(divided, "kt.easup"), "120")
    part_sent(sit(divided, "vhxh.easup"), "120")
    number, verdict = assembling.assemble(hub, work.assignment_id)
    assert verdict.can_be_submitted, [one for one in verdict.findings if one.severity is Severity.ERROR]
    texts = {at: "đã đối chiếu" for at, one in enumerate(verdict.findings) if one.severity is Severity.WARNING}
    submit.submit(hub, number, texts)
    with divided.store.read() as connection:
        version = submissions.newest(connection, work.submission_id)
        assert version is not None
        authors = submissions.authors(connection, version.id)
    assert (version.kind, version.values[COWS].number) == ("assembled", 120)
    assert authors == {sit(divided, login).actor.person_id for login in ("easup", "kt.easup", "vhxh.easup")}
    page = signed_in("easup").get(f"/nguon/{version.id}?o=NN14.c06").text
    gave = next(line for line in page.splitlines() if "dòng này" in line)
    assert "Phòng Kinh tế xã Ea Súp" in gave, "which division gave the row"


@ON_SQLITE
def test_a_figure_of_the_clerk_s_own_that_differs_is_a_clash_naming_both(divided: Instance) -> None:
    hub = sit(divided, "easup")
    province.sent(hub, "120", NN14_c06=CellValue(State.VALUE, Decimal(130)))
    part_sent(sit(divided, "kt.easup"), "120")
    number, verdict = assembling.assemble(hub, work_of(hub).assignment_id)
    [found] = [one for one in verdict.findings if one.code == "assembled-clash"]
    assert found.found == "Phòng Kinh tế xã Ea Súp: 120; Xã Ea Súp: 130"
    assert not verdict.can_be_submitted
    _, verdict = correct.correct(hub, number, {COWS: "125"})
    assert "assembled-clash" not in codes(verdict)
    assert verdict.values[COWS].number == 125


def test_a_row_that_changed_hands_and_was_given_by_both_is_a_clash(divided: Instance, signed_in: SignIn) -> None:
    later = NOW + timedelta(days=1)
    part_sent(sit(divided, "kt.easup"), "120")
    admin = sit(divided, "qt.easup", later)
    ids = ids_of(admin)
    assert dividing.divide(admin, ids[EASUP], "KTXH-01", {"NN14": ids[SOCIETY]}, later.date()) == 1
    part_sent(sit(divided, "vhxh.easup", later), "121")
    _, verdict = assembling.assemble(sit(divided, "easup", later), work_of(sit(divided, "easup")).assignment_id)
    clashes = [one for one in verdict.findings if one.code == "assembled-clash"]
    assert {dict(one.values)["row_code"] for one in clashes} == {"NN14"}
    found = next(one for one in clashes if dict(one.values)["column_code"] == "c06")
    assert found.found == "Phòng Kinh tế xã Ea Súp: 120; Phòng Văn hóa – Xã hội xã Ea Súp: 121"


@ON_SQLITE
def test_a_part_judged_again_after_its_rows_went_to_another_stays_what_it_was(
    divided: Instance, signed_in: SignIn
) -> None:
    later = NOW + timedelta(days=1)
    browser, number = signed_in("kt.easup"), part_sent(sit(divided, "kt.easup"), "100")
    typed, _ = entry.enter(sit(divided, "kt.easup"), work_of(sit(divided, "easup")).assignment_id, {COWS: "99"})
    admin = sit(divided, "qt.easup", later)
    ids = ids_of(admin)
    charge = dividing.look(admin, ids[EASUP], "KTXH-01", later.date()).charge
    rows: dict[str, int | None] = {row: ids[SOCIETY] for row in charge if row.startswith("NN")}
    dividing.divide(admin, ids[EASUP], "KTXH-01", rows, later.date())
    before = verdict_of(divided, number)
    again = receive.judge_upload(sit(divided, "kt.easup", later), number)
    assert (again.status, codes(again), again.values) == (before.status, codes(before), before.values)
    assert receive.judge_upload(sit(divided, "kt.easup", later), typed).values[COWS].number == 99
    with divided.store.read() as connection:
        kept = uploads.get(connection, number)
    assert kept is not None
    assert (kept.is_part, kept.assignment_id) == (True, work_of(sit(divided, "easup")).assignment_id)
    assert browser.get(f"/tep/{number}").status_code == 200


@ON_SQLITE
def test_the_unit_s_own_file_says_where_it_differs_from_the_parts_and_wants_it_explained(divided: Instance) -> None:
    hub = sit(divided, "easup")
    early = province.sent(hub, "120")
    assert "assembled-otherwise" not in codes(verdict_of(divided, early))
    part_sent(sit(divided, "kt.easup"), "100")
    with pytest.raises(NotNow, match="đã thay đổi"):
        submit.submit(hub, early, dict.fromkeys(range(40), "đã đối chiếu"))
    verdict = receive.judge_upload(hub, early)
    told = [one for one in verdict.findings if one.code == "assembled-otherwise"]
    assert {dict(one.values)["row_code"][:2] for one in told} == {"NN"}
    cows = next(one for one in told if one.cell == verdict.addresses[COWS][1])
    assert cows.found == "Phòng Kinh tế xã Ea Súp: 100; Xã Ea Súp: 120"
    warned = [at for at, one in enumerate(verdict.findings) if one.severity is Severity.WARNING]
    silent = [at for at in warned if verdict.findings[at].code != "assembled-otherwise"]
    with pytest.raises(Refusal, match="chưa có giải trình"):
        submit.submit(hub, early, dict.fromkeys(silent, "đã đối chiếu"))
    submit.submit(hub, early, dict.fromkeys(warned, "đã đối chiếu"))
    assert work_of(hub).state == "pending"


@ON_SQLITE
def test_nothing_is_put_together_of_nothing(divided: Instance) -> None:
    hub = sit(divided, "easup")
    with pytest.raises(NotNow):
        assembling.assemble(hub, work_of(hub).assignment_id)


def test_the_head_of_the_division_stands_behind_its_part(divided: Instance, signed_in: SignIn) -> None:
    number = part_sent(sit(divided, "kt.easup"))
    head = signed_in("ld.kt.easup")
    assert "Xác nhận phần việc" in head.get(f"/tep/{number}").text
    assert signed_in("kt.easup").post(f"/tep/{number}/xac-nhan").status_code == 404
    assert signed_in("ld.vhxh").post(f"/tep/{number}/xac-nhan").status_code == 404
    assert head.post(f"/tep/{number}/xac-nhan").status_code == 302
    assert head.post(f"/tep/{number}/xac-nhan").status_code == 409
    page = signed_in("easup").get(f"/viec/{work_of(sit(divided, 'easup')).assignment_id}/phan-viec").text
    assert "Trần Văn Lâm đã xác nhận" in page


@ON_SQLITE
def test_where_a_checker_is_named_a_part_counts_only_once_its_head_confirmed_it(
    divided: Instance, signed_in: SignIn
) -> None:
    assignment = work_of(sit(divided, "easup")).assignment_id
    unit, farm = (ids_of(sit(divided, "easup"))[code] for code in (EASUP, FARM))
    clerk, head = (rights.key_of(divided, login) for login in ("kt.easup", "ld.kt.easup"))
    admin = signed_in("qt.easup")
    named = {f"n:{farm}": str(clerk), f"k:{farm}": str(head)}
    assert admin.post(f"/phan-cong/{unit}/KTXH-01/nguoi", data=named).status_code == 302
    for wrong in ({f"n:{farm}": str(head)}, {f"n:{farm}": "0", f"k:{farm}": str(clerk)}):
        assert admin.post(f"/phan-cong/{unit}/KTXH-01/nguoi", data=wrong).status_code == 404
    number, hub = part_sent(sit(divided, "kt.easup")), sit(divided, "easup")
    assert "chờ lãnh đạo phòng kiểm tra và xác nhận" in signed_in("kt.easup").get(f"/tep/{number}").text
    page = signed_in("easup").get(f"/viec/{assignment}/phan-viec").text
    assert "Người nhập: Y Bình Niê · Kiểm tra: Trần Văn Lâm" in page
    assert f"Tệp số {number} chờ lãnh đạo phòng kiểm tra" in page
    with pytest.raises(NotNow):
        assembling.assemble(hub, assignment)
    assert "Kiểm tra và xác nhận" in signed_in("ld.kt.easup").get("/").text
    assembling.confirm(sit(divided, "ld.kt.easup"), number)
    _, verdict = assembling.assemble(hub, assignment)
    assert verdict.values[COWS].number == 120
    part_sent(sit(divided, "kt.easup"), "130")  # the one checked counts until this is too
    _, verdict = assembling.assemble(hub, assignment)
    assert verdict.values[COWS].number == 120


@ON_SQLITE
def test_a_head_who_had_a_hand_in_the_part_does_not_confirm_it(divided: Instance, signed_in: SignIn) -> None:
    rights.give(divided, "ld.kt.easup", Role.CLERK, FARM)
    number = part_sent(sit(divided, "ld.kt.easup"))
    corrected, _ = correct.correct(sit(divided, "kt.easup"), number, {COWS: "130"})
    head = signed_in("ld.kt.easup")
    for one in (number, corrected):
        answer = head.post(f"/tep/{one}/xac-nhan")
        assert (answer.status_code, "không tự xác nhận được" in answer.text) == (403, True)
    with divided.store.read() as connection:
        assert divisions.confirmed(connection, [number, corrected]) == {}


def test_the_hub_sees_what_is_together_what_came_since_and_goes_on_to_submit(
    divided: Instance, signed_in: SignIn
) -> None:
    address = f"/viec/{work_of(sit(divided, 'easup')).assignment_id}/phan-viec"
    hub = signed_in("easup")
    part_sent(sit(divided, "kt.easup"))
    number, _ = assembling.assemble(sit(divided, "easup"), work_of(sit(divided, "easup")).assignment_id)
    page = hub.get(address).text
    assert f'href="/tep/{number}"' in page
    assert "Ghép lại trước khi" not in page
    part_sent(sit(divided, "vhxh.easup"))
    assert "chưa có phần việc mới nhất của: Phòng Văn hóa – Xã hội xã Ea Súp" in hub.get(address).text


# --- when divisions or the unit itself are no more ---


def together(instance: Instance) -> uploads.StoredVerdict:
    """Both divisions' parts put together, the rest typed by the clerk."""
    part_sent(sit(instance, "kt.easup"), "100")
    part_sent(sit(instance, "vhxh.easup"), "50")
    hub, work = sit(instance, "easup"), work_of(sit(instance, "easup"))
    number, verdict = assembling.assemble(hub, work.assignment_id)
    return correct.correct(hub, number, _rest(instance, verdict, "7"))[1]


def figures(verdict: uploads.StoredVerdict) -> tuple[Decimal | None, ...]:
    return tuple(verdict.values[key].number for key in (COWS, JOBS, GUESTS))


@ON_SQLITE
@pytest.mark.parametrize("into", ["", SOCIETY])
def test_what_a_division_gave_stays_when_it_ends_or_is_merged(divided: Instance, into: str) -> None:
    later, kind = NOW + timedelta(days=1), ActKind.MERGE if into else ActKind.END
    before, work = together(divided), work_of(sit(divided, "easup"))
    reorganising.apply(sit(divided, "vpub", later), [Act(kind, FARM, later.date(), "QĐ 1", into)])
    hub = sit(divided, "easup", later)
    standing = assembling.look(hub, work.assignment_id)
    assert {one.part.division.code: one.is_missing for one in standing.given} == {FARM: False, SOCIETY: False}
    _, after = assembling.assemble(hub, work.assignment_id)
    assert figures(after) == figures(before) == (100, 50, 7)
    assert "assembled-missing" not in codes(after)


@ON_SQLITE
def test_a_division_that_ended_without_having_given_is_named(divided: Instance) -> None:
    later = NOW + timedelta(days=1)
    part_sent(sit(divided, "vhxh.easup"), "50")
    reorganising.apply(sit(divided, "vpub", later), [Act(ActKind.END, FARM, later.date(), "QĐ 1")])
    hub, assignment = sit(divided, "easup", later), work_of(sit(divided, "easup")).assignment_id
    standing = assembling.look(hub, assignment)
    assert [one.part.division.code for one in standing.given if one.is_missing] == [FARM]
    assert "NN14" in {row.code for row in standing.own_rows}  # the clerk's to give, there is nobody else
    _, verdict = assembling.assemble(hub, assignment)
    [found] = [one for one in verdict.findings if one.code == "assembled-missing"]
    assert found.found == "Phòng Kinh tế xã Ea Súp"
    admin, ids = sit(divided, "qt.easup", later), ids_of(hub)
    rows = dividing.look(admin, ids[EASUP], "KTXH-01", later.date()).data_rows
    charge: dict[str, int | None] = {row.code: ids[SOCIETY] for row in rows if row.code.startswith("NN")}
    dividing.divide(admin, ids[EASUP], "KTXH-01", charge, later.date())
    _, verdict = assembling.assemble(hub, assignment)
    assert "assembled-missing" not in codes(verdict)


@ON_SQLITE
def test_the_unit_that_takes_a_form_over_keeps_what_was_put_together_in_it(divided: Instance) -> None:
    later, heir = NOW + timedelta(days=1), "24133"
    before, work = together(divided), work_of(sit(divided, "easup"))
    hub = sit(divided, "easup")
    number, _ = assembling.assemble(hub, work.assignment_id)
    moves = [Act(ActKind.MOVE, one, later.date(), "QĐ 1", parent=heir) for one in (FARM, SOCIETY, "24211-VP")]
    reorganising.apply(sit(divided, "vpub", later), [*moves, Act(ActKind.MERGE, EASUP, later.date(), "QĐ 1", heir)])
    hub = sit(divided, "bmt", later)
    again, after = assembling.assemble(hub, work.assignment_id)
    assert figures(after) == figures(before) == (100, 50, 7)
    correct.correct(hub, again, {GUESTS: "8", COWS: "101"})
    newest, after = assembling.assemble(hub, work.assignment_id)
    assert figures(after) == (None, 50, 8)
    [found] = [one for one in after.findings if one.code == "assembled-clash"]
    assert found.found == "Phòng Kinh tế xã Ea Súp: 100; Phường Buôn Ma Thuột: 101"
    with divided.store.read() as connection:
        upload = uploads.get(connection, newest)
    assert upload is not None
    pieces = assembled.unpack(divided.files.read(upload.sha)).pieces
    givers = {one.unit_id: one.name for one in pieces}
    assert givers[ids_of(sit(divided, "easup"))[EASUP]] == "Xã Ea Súp"
    assert number < again < newest


@ON_SQLITE
def test_the_first_page_of_a_division_asks_the_database_the_same_for_one_period_as_for_many(
    divided: Instance, signed_in: SignIn, clock: Clock
) -> None:
    part_sent(sit(divided, "kt.easup"))
    asked: list[str] = []
    event.listen(divided.store.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))

    def queries() -> tuple[int, int]:
        browser = signed_in("kt.easup")
        browser.get("/")
        asked.clear()
        page = browser.get("/").text
        return page.count("Tải phần việc của tôi"), len([one for one in asked if one.startswith("SELECT")])

    shown, few = queries()
    for month in (11, 12):
        clock.now = datetime(2026, month, 10, 8, 0, tzinfo=HO_CHI_MINH)
        openings.open_period(sit(divided, "vpub", clock.now), "KTXH", f"2026{month}")
    again, many = queries()
    assert (shown, again, many - few) == (1, 3, 0)
    instants.set_reception(sit(divided, "vpub", clock.now), work_of(sit(divided, "easup")).opening_id, is_open=False)
    assert queries()[0] == 2


# --- who has what ---


@ON_SQLITE
def test_only_the_unit_s_administrator_shares_out_its_rows(divided: Instance, signed_in: SignIn) -> None:
    unit = ids_of(sit(divided, "easup"))[EASUP]
    address = f"/phan-cong/{unit}/KTXH-01"
    admin = signed_in("qt.easup")
    assert "Phòng Kinh tế xã Ea Súp" in admin.get(address).text
    for login in ("easup", "ld.easup", "kt.easup", "bmt", "vpub"):
        browser = signed_in(login)
        assert browser.get(address).status_code == 404, login
        assert browser.post(address, data={"tu_ngay": "2026-11-01"}).status_code == 404, login
    other = ids_of(sit(divided, "bmt"))["24133"]
    assert admin.get(f"/phan-cong/{other}/KTXH-01").status_code == 404
    assert admin.get(f"/phan-cong/{unit}/KHONG-CO").status_code == 404


def test_the_clerk_shares_out_rows_where_the_administrator_lets_them(divided: Instance, signed_in: SignIn) -> None:
    unit = ids_of(sit(divided, "easup"))[EASUP]
    address, leave = f"/phan-cong/{unit}/KTXH-01", f"/phan-cong/{unit}/dau-moi"
    admin, clerk = signed_in("qt.easup"), signed_in("easup")
    assert clerk.post(leave, data={"cho_phep": "1"}).status_code == 404
    assert admin.post(leave, data={"cho_phep": "1"}).status_code == 302
    assert "/phan-cong" in clerk.get("/").text
    assert clerk.get("/phan-cong").status_code == 200
    assert clerk.post(address, data={"tu_ngay": "2026-11-01", "d:XH01": "0"}).status_code == 302
    assert "XH01" not in dividing.look(sit(divided, "qt.easup"), unit, "KTXH-01", date(2026, 11, 1)).charge
    assert "/dau-moi" not in clerk.get("/phan-cong").text
    assert "/dau-moi" in admin.get("/phan-cong").text
    assert signed_in("kt.easup").get(address).status_code == signed_in("bmt").get(address).status_code == 404
    assert admin.post(leave, data={"cho_phep": "0"}).status_code == 302
    assert clerk.get(address).status_code == 404


def test_a_list_is_refused_in_words(divided: Instance, signed_in: SignIn) -> None:
    unit = ids_of(sit(divided, "easup"))[EASUP]
    admin = signed_in("qt.easup")
    assert "Biểu danh sách không chia được" in admin.get("/phan-cong").text
    answer = admin.get(f"/phan-cong/{unit}/HN-01")
    assert (answer.status_code, "là biểu danh sách" in answer.text) == (409, True)


@ON_SQLITE
def test_a_section_goes_to_a_division_from_a_day_on(divided: Instance, signed_in: SignIn) -> None:
    admin, ids = signed_in("qt.easup"), ids_of(sit(divided, "easup"))
    address = f"/phan-cong/{ids[EASUP]}/KTXH-01"
    posted = {"tu_ngay": "2026-11-01", "m:MV": str(ids[FARM]), "d:XH01": "0"}
    assert admin.post(address, data=posted).status_code == 302
    now = dividing.look(sit(divided, "qt.easup"), ids[EASUP], "KTXH-01", NOW.date())
    then = dividing.look(sit(divided, "qt.easup"), ids[EASUP], "KTXH-01", date(2026, 11, 1))
    assert (now.charge["XH01"], now.charge["XH03"]) == (ids[SOCIETY], ids[SOCIETY])
    assert "XH01" not in then.charge
    assert then.charge["XH03"] == ids[FARM]
    assert "Sẽ thay đổi" in admin.get(address).text
    assert admin.post(address, data={"tu_ngay": "2026-10-01"}).status_code == 409
    stranger = {"tu_ngay": "2026-11-01", "d:XH03": str(ids["STC"])}
    assert admin.post(address, data=stranger).status_code == 404


@ON_SQLITE
def test_a_page_looked_at_before_somebody_else_divided_the_form_reverts_nothing(
    divided: Instance, signed_in: SignIn
) -> None:
    admin, ids = signed_in("qt.easup"), ids_of(sit(divided, "easup"))
    address = f"/phan-cong/{ids[EASUP]}/KTXH-01"
    page = admin.get(address).text
    stale = {name: re.search(f'name="{name}" value="([^"]+)"', page)[1] for name in ("moc", "xem_ngay")}  # type: ignore[index]
    posted = stale | {"tu_ngay": "2026-11-01", "d:XH01": str(ids[SOCIETY]), "d:XH03": "0"}
    give(divided, {FARM: "XH01"}, date(2026, 11, 1))
    assert admin.post(address, data=posted).status_code == 409
    charge = dividing.look(sit(divided, "qt.easup"), ids[EASUP], "KTXH-01", date(2026, 11, 1)).charge
    assert (charge["XH01"], charge["XH03"]) == (ids[FARM], ids[SOCIETY])
    fresh = posted | {"moc": re.search('name="moc" value="([^"]+)"', admin.get(address).text)[1]}  # type: ignore[index]
    assert admin.post(address, data=fresh).status_code == 302
    charge = dividing.look(sit(divided, "qt.easup"), ids[EASUP], "KTXH-01", date(2026, 11, 1)).charge
    assert (charge["XH01"], "XH03" in charge) == (ids[FARM], False)  # what was planned stays: that row was not touched


@ON_SQLITE
def test_nonsense_about_dividing_is_refused(divided: Instance, signed_in: SignIn) -> None:
    unit = ids_of(sit(divided, "easup"))[EASUP]
    address = f"/phan-cong/{unit}/KTXH-01"
    for wrong in ("9" * 5000, "²", "x", ""):
        answer = signed_in("qt.easup").post(address, data={"tu_ngay": "2026-11-01", "d:XH01": wrong})
        assert answer.status_code == 404, wrong
    assert signed_in("vpub").post("/phan-cong/999999/dau-moi", data={"cho_phep": "1"}).status_code == 404


@ON_SQLITE
def test_the_pages_of_parts_reach_only_those_they_are_for(divided: Instance, signed_in: SignIn) -> None:
    assignment = work_of(sit(divided, "easup")).assignment_id
    part_sent(sit(divided, "kt.easup"))
    may_look = {"easup", "qt.easup", "ld.easup"}
    for login in ("easup", "qt.easup", "ld.easup", "kt.easup", "vhxh.easup", "ld.kt.easup", "bmt", "vpub", "ioc"):
        browser = signed_in(login)
        assert browser.get(f"/viec/{assignment}/phan-viec").status_code == (200 if login in may_look else 404), login
        got = browser.post(f"/viec/{assignment}/ghep").status_code
        assert got == (302 if login == "easup" else 404), login


@ON_SQLITE
def test_destroying_a_part_destroys_what_was_put_together_from_it(divided: Instance) -> None:
    hub, assignment = sit(divided, "easup"), work_of(sit(divided, "easup")).assignment_id
    part = part_sent(sit(divided, "kt.easup"))
    other = part_sent(sit(divided, "vhxh.easup"))
    made, _ = assembling.assemble(hub, assignment)
    corrected, _ = correct.correct(hub, made, {GUESTS: "7"})
    destroy.propose(sit(divided, "vpub"), part, "12/BB-VP", "mật")
    destroy.confirm(sit(divided, "bmnn"), part)
    with divided.store.read() as connection:
        kept = {number: uploads.get(connection, number) for number in (part, other, made, corrected)}
    assert {number: one.is_kept for number, one in kept.items() if one} == {
        part: False,
        other: True,
        made: False,
        corrected: False,
    }
    _, verdict = assembling.assemble(hub, assignment)
    assert (verdict.values[COWS].number, verdict.values[JOBS].number) == (None, 120)
