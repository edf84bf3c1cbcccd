"""Who sees what of the log, found by whom, where, what and when; and the page of those who watch over security."""

import ast
import html
import io
import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from actions import checkpoints, log
from actions.instance import Instance
from registry.catalogue.model import Role
from registry.store import audit, tables
from registry.workflow.policy import Action
from tests.webui.conftest import ON_SQLITE, Clock, SignIn
from tests.webui.small_province import EASUP, NOW, PEOPLE, Things, sit, small_catalogue
from tests.webui.test_permission import both
from webui import entries
from webui.details import Details
from webui.objects import Objects, typed
from webui.wording import say

__all__ = ["both"]
ROOT = Path(__file__).parents[2]
Both = tuple[Things, Things, int]


def numbers(page: str) -> list[int]:
    """The numbers of the entries listed."""
    return [int(one.replace(".", "")) for one in re.findall(r'<span class="hint">mục ([\d.]+)</span></td>', page)]


def known(instance: Instance) -> list[audit.Entry]:
    with instance.store.read() as connection:
        return audit.latest(connection, 1000)


def test_the_office_finds_entries_by_each_of_what_it_asks(
    instance: Instance, signed_in: SignIn, both: Both, clock: Clock
) -> None:
    own, other, _ = both
    browser, found = signed_in("vpub"), known(instance)
    day = f"{NOW:%Y-%m-%d}"
    asked = {
        "nguoi=ld.easup": [one.seq for one in found if one.actor == "ld.easup"],
        "nguoi=bùi thi YEN": [one.seq for one in found if one.actor == "ld.easup"],
        "nguoi=nobody": [],
        "don-vi=24133": [one.seq for one in found if one.unit_id == other.unit_id],
        "viec=approve": [one.seq for one in found if one.action == "approve"],
        f"doi-tuong=tệp số {own.upload}": [one.seq for one in found if one.object == f"upload {own.upload}"],
        f"doi-tuong=opening {own.opening_id}": [
            one.seq for one in found if f"{one.object} ".startswith(f"opening {own.opening_id} ")
        ],
        "viec=approve&nguoi=ld.bmt": [one.seq for one in found if (one.action, one.actor) == ("approve", "ld.bmt")],
        "den=2020-01-01": [],
    }
    for query, expected in asked.items():
        assert numbers(browser.get(f"/nhat-ky?{query}").text) == expected[:50], query
    assert numbers(browser.get(f"/nhat-ky?tu={day}&den={day}&viec=submit").text)
    assert numbers(browser.get("/nhat-ky?tu=2027-01-01").text) == []
    assert browser.get("/nhat-ky?tu=hôm qua&truoc=x&don-vi=0").status_code == 200


@ON_SQLITE
def test_pages_follow_each_other_without_gap_or_repetition(
    instance: Instance, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch, both: Both
) -> None:
    monkeypatch.setattr(log, "PAGE", 7)
    browser, seen = signed_in("vpub"), []
    last = known(instance)[0].seq
    address = "/nhat-ky"
    while address:
        page = browser.get(address).text
        seen += numbers(page)
        assert say("table.part") in page
        older = re.search(r'href="([^"]*truoc=\d+[^"]*)"', page)
        address = html.unescape(older[1]) if older else ""
    assert seen == list(range(last, 0, -1))
    monkeypatch.setattr(log, "PAGE", last + 10)
    assert say("table.part") not in browser.get("/nhat-ky").text


@ON_SQLITE
def test_a_units_admin_sees_what_concerns_his_unit_and_nothing_else(
    instance: Instance, signed_in: SignIn, both: Both
) -> None:
    own, other, _ = both
    signed_in("vpub").get(f"/viec/{own.assignment_id}")
    signed_in("easup").get(f"/viec/{other.assignment_id}")
    page = signed_in("qt.easup").get("/nhat-ky").text
    shown = [one for one in known(instance) if one.seq in numbers(page)]
    assert {one.unit_id for one in shown} == {own.unit_id}
    assert {("vpub", "read"), ("easup", "refused"), ("ld.easup", "approve")} <= {
        (one.actor, one.action) for one in shown
    }
    assert "bmt" not in page
    assert "24133" not in page
    assert "kiem-tra" not in page
    assert numbers(signed_in("qt.easup").get("/nhat-ky?don-vi=24133").text) == []
    assert numbers(signed_in("qt.easup").get("/nhat-ky?nguoi=ld.bmt").text) == []
    checked = signed_in("qt.easup").get("/nhat-ky?kiem-tra=1").text
    assert "Nhật ký nguyên vẹn" not in checked


@ON_SQLITE
def test_looking_at_the_log_and_taking_it_away_are_entries_too(instance: Instance, signed_in: SignIn) -> None:
    browser = signed_in("vpub")
    browser.get("/nhat-ky?nguoi=easup&viec=submit")
    book = load_workbook(io.BytesIO(browser.get("/nhat-ky.xlsx?viec=password").data)).active
    taken, looked = known(instance)[:2]
    assert (looked.action, json.loads(looked.detail)) == ("read-log", {"who": "easup", "action": "submit"})
    assert (taken.action, taken.actor, json.loads(taken.detail)) == (
        "export-log",
        "vpub",
        {"action": "password", "entries": 1},
    )
    assert book is not None
    rows = [[cell.value for cell in row] for row in book.iter_rows(min_row=4)]
    assert rows[0][:3] == ["Số", "Lúc", "Họ tên"]
    assert [(row[4], row[5]) for row in rows[1:]] == [("Đổi mật khẩu", "Các tài khoản dùng thử")]


@ON_SQLITE
def test_what_somebody_typed_is_text_on_the_page_and_in_the_workbook(instance: Instance, signed_in: SignIn) -> None:
    with instance.store.write() as connection:
        audit.append(connection, NOW, "=1+1<b>", "sign-in refused", "<script>", {"ip": "=cmd|' /C calc'!A0"})
    browser = signed_in("vpub")
    page = browser.get("/nhat-ky").text
    assert "<script>" not in page.partition("<main")[2]
    assert "=1+1&lt;b&gt;" in page
    book = load_workbook(io.BytesIO(browser.get("/nhat-ky.xlsx").data)).active
    assert book is not None
    kinds = {cell.value: cell.data_type for row in book.iter_rows() for cell in row}
    assert kinds["=1+1<b>"] == "s"


@ON_SQLITE
def test_entries_lead_to_what_they_are_about_where_the_reader_may_go(
    instance: Instance, signed_in: SignIn, both: Both
) -> None:
    own = both[0]
    office = signed_in("vpub").get(f"/nhat-ky?doi-tuong=upload {own.upload}").text
    assert f'href="/tep/{own.upload}"' in office
    assert f'href="/viec/{own.assignment_id}"' in signed_in("vpub").get("/nhat-ky?viec=approve").text
    watcher = signed_in("ioc").get(f"/nhat-ky?doi-tuong=upload {own.upload}").text
    assert f'href="/tep/{own.upload}"' not in watcher
    assert f"Tệp số {own.upload}" in watcher


@ON_SQLITE
def test_everything_logged_in_a_month_has_words(instance: Instance, both: Both) -> None:
    found = known(instance)
    desk = sit(instance, "vpub")
    with desk.read() as connection:
        objects = Objects(desk, connection, desk.snapshot(connection), found)
    assert [one.action for one in found if entries.act(one.action) == one.action] == []
    from tests.webui.conftest import app_of

    with app_of(instance).test_request_context():
        bare = {one.object for one in found if objects.told(one).words == one.object}
    assert bare == set()


def test_every_action_of_the_code_has_words() -> None:
    acts = {action.value for action in Action}
    for path in [*(ROOT / "actions").glob("*.py"), ROOT / "webui" / "noting.py"]:
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute):
                acts |= _literal(call)
    acts |= {*log.SECURITY, "refused"}
    missing = {one for one in acts if f"audit.{one.replace(' ', '_')}" not in say}
    never = {Action.SIGN_IN, Action.OWN_ACCOUNT} | {one for one in Action if one.startswith("see-")}
    assert missing - never == set()


def test_every_detail_the_code_writes_has_words() -> None:
    names: set[str] = set()
    for path in (ROOT / "actions").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names |= _details(node)
    assert len(names) > 100
    assert {one for one in names if f"detail.{one.replace(' ', '_')}" not in say} == set()


def _details(node: ast.AST) -> set[str]:
    """Names of details an assignment or a note writes, where they are written out."""
    if isinstance(node, ast.AugAssign | ast.Assign):
        for target in [node.target] if isinstance(node, ast.AugAssign) else node.targets:
            whose = target.value if isinstance(target, ast.Subscript) else target
            if isinstance(whose, ast.Attribute) and whose.attr == "detail":
                given = [target.slice] if isinstance(target, ast.Subscript) else _keys(node.value)
                return {one.value for one in given if isinstance(one, ast.Constant)}  # type: ignore[misc]
    if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("journal.write"):
        return {one.value for given in node.args[3:] for one in _keys(given) if isinstance(one, ast.Constant)}  # type: ignore[misc]
    return set()


def _keys(node: ast.AST) -> list[ast.expr]:
    return [key for one in ast.walk(node) if isinstance(one, ast.Dict) for key in one.keys if key is not None]


def test_details_are_told_in_words() -> None:
    unit = next(one for one in small_catalogue().units if one.code == EASUP)
    detail = {
        "is_locked": True,
        "cells": [["NN15", "c06", None], ["DS01", "ten", 3]],
        "units": [EASUP, 6],
        "due": "2026-10-30T17:00:00+07:00",
        "from": "2026-10-15",
        "to": None,
        "period": "202610",
        "state": "returned",
        "reason": "new",
        "people": [7],
        "step": "accept",
        "role": "clerk",
        "own entry": True,
    }
    told = dict(Details({6: unit}, {7: "Y Nam Niê"}).told(json.dumps(detail)))
    assert told == {
        "khóa năm": "có",
        "ô": "dòng NN15, cột c06; dòng DS01, cột ten, dòng danh sách 3",
        "đơn vị": f"{unit.name}, {unit.name}",
        "hạn gửi": "17:00 ngày 30/10/2026",
        "từ": "15/10/2026",
        "kỳ": "Tháng 10 năm 2026",
        "trạng thái": "trả lại, yêu cầu bổ sung",
        "lý do": "new",
        "người": "Y Nam Niê",
        "bước": "đưa vào dự thảo",
        "vai trò": "Người nhập liệu",
        "duyệt số liệu tự nhập": "có",
    }


def _literal(call: ast.Call) -> set[str]:
    """The action a call notes, where it is written out."""
    place = {"change": 0, "write": 1, "append": 3}.get(call.func.attr)  # type: ignore[attr-defined]
    if place is None or len(call.args) <= place:
        return set()
    given = call.args[place]
    whose = ast.unparse(call.func)
    if not isinstance(given, ast.Constant) or not isinstance(given.value, str):
        return set()
    return {given.value} if whose.endswith((".change", "journal.write", "audit.append")) else set()


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Tệp số 7", "upload 7"),
        ("  tep  so 7 ", "upload 7"),
        ("Phiếu xác nhận số 12", "receipt 12"),
        ("upload 7", "upload 7"),
        ("KTXH 202610", "KTXH 202610"),
        ("tệp số", "tệp số"),
        ("", ""),
    ],
)
def test_an_object_is_found_as_people_call_it(text: str, name: str) -> None:
    assert typed(text) == name


# --- security --------------------------------------------------------------------------------------------------------


@ON_SQLITE
def test_whoever_watches_over_security_sees_it_and_nobodys_figures(
    instance: Instance, signed_in: SignIn, both: Both, clock: Clock
) -> None:
    stranger = signed_in("easup")
    stranger.get(f"/viec/{both[1].assignment_id}")
    for _ in range(6):
        stranger.post("/dang-nhap", data={"login": "bmt", "password": "sai"})
    browser = signed_in("khcn")
    assert browser.get("/").location == "/an-toan-thong-tin"
    page = browser.get("/an-toan-thong-tin").text
    shown = [one for one in known(instance) if one.seq in numbers(page)]
    assert {one.action for one in shown} == {
        "sign-in",
        "sign-in refused",
        "sign-in locked",
        "refused",
        "password",
    } & {one.action for one in known(instance)}
    day = [
        int(one) if one != "–" else 0
        for one in re.findall(r'<td class="text-end(?: fw-bold text-danger)?">([\d–]+)</td>', page)
    ]
    assert day[1:4] == [5, 1, 1]
    assert "Điểm chốt số 1" in page
    assert checkpoints.public_keys(instance)[0] in page
    assert "Nhật ký nguyên vẹn" in browser.get("/an-toan-thong-tin?kiem-tra=1").text
    for path in (f"/viec/{both[0].assignment_id}", f"/tep/{both[0].upload}", "/nhat-ky", "/ky-bao-cao", "/danh-muc"):
        assert browser.get(path).status_code == 404, path


@ON_SQLITE
def test_the_log_can_be_verified_on_another_machine_with_what_the_page_gives(
    instance: Instance, signed_in: SignIn, both: Both, tmp_path: Path
) -> None:
    from tests.audit.test_outside import verifier

    browser = signed_in("khcn")
    chain, signed = tmp_path / "log.jsonl", tmp_path / "signed.json"
    chain.write_bytes(browser.get("/an-toan-thong-tin/nhat-ky.jsonl").data)
    signed.write_bytes(browser.get("/an-toan-thong-tin/diem-chot/1.json").data)
    key = checkpoints.public_keys(instance)[0]
    told = verifier(chain, "--checkpoint", signed, "--key", key)
    assert told.returncode == 0, told.stderr
    assert b"salt" not in chain.read_bytes()
    assert browser.get("/an-toan-thong-tin/diem-chot/2.json").status_code == 404
    book = load_workbook(io.BytesIO(browser.get("/an-toan-thong-tin.xlsx?viec=submit").data)).active
    assert book is not None
    assert "Trình duyệt" not in {cell.value for row in book.iter_rows() for cell in row}


@ON_SQLITE
@pytest.mark.parametrize("role", [Role.CLERK, Role.LEADER, Role.UNIT_ADMIN, Role.RECEIVER])
def test_others_do_not_see_the_security_page(role: Role, signed_in: SignIn) -> None:
    assert signed_in(PEOPLE[role]).get("/an-toan-thong-tin").status_code == 404


@ON_SQLITE
def test_days_are_counted_as_clocks_in_viet_nam_have_them(instance: Instance) -> None:
    with instance.store.write() as connection:
        for hours in (14.9, 15.1):  # NOW is nine in the morning
            audit.append(connection, NOW + timedelta(hours=hours), "x", "sign-in refused", "session", {})
    found = log.by_day(sit(instance, "vpub"), NOW.date(), NOW.date() + timedelta(days=1))
    assert [(one.day - NOW.date(), one.counts["sign-in refused"]) for one in found] == [
        (timedelta(days=1), 1),
        (timedelta(0), 1),
    ]


@ON_SQLITE
def test_closing_a_period_has_the_log_signed(instance: Instance, signed_in: SignIn, both: Both) -> None:
    from actions.work import run_one

    signed_in("vpub").post("/ky-bao-cao/KTXH/202610/nhan", data={})
    while run_one(instance, ("checkpoint",)):
        pass
    with instance.store.read() as connection:
        made = connection.execute(select(tables.checkpoint.c.reason)).scalars().all()
    assert made == [checkpoints.INTERVAL, "close KTXH 202610"]
