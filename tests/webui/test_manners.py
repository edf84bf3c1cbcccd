"""What every page keeps to: strict policy, nothing from outside, no sentence in code, no missing word."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask, abort
from flask.testing import FlaskClient
from sqlalchemy import event

from actions.instance import Instance
from ingest.sandbox import ReadingPool
from registry.catalogue.model import Role
from registry.store.engine import StoreBusy
from registry.store.files import DiskFull
from registry.workflow.policy import Action
from registry.workflow.report import ReceptionState, ReportState
from registry.workflow.submission import State
from tests.webui import asking, rights
from tests.webui import small_province as province
from tests.webui.conftest import ON_SQLITE, PROVINCE, SignIn, app_of, sign_in
from tests.webui.page_faults import faults
from webui import icons, visitor
from webui.permission import page
from webui.security import CONTENT_POLICY
from webui.wording import say

WEBUI = Path(icons.__file__).parent
TEMPLATES = sorted((WEBUI / "templates").glob("*.html"))
VIETNAMESE = re.compile(r"[ăâđêôơưĂÂĐÊÔƠƯàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ]")


@pytest.fixture(scope="module")
def pages(pool: ReadingPool, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """What comes of a form sent or a fault made, or is linked to now and then only: the crawl meets the rest."""
    folder = tmp_path_factory.mktemp("pages") / "instance"
    with PROVINCE.copy("sqlite", folder, pool) as instance, pytest.MonkeyPatch.context() as patch:
        patch.setattr(visitor, "now", lambda: province.NOW)
        yield _every_page(instance)


def _every_page(instance: Instance) -> dict[str, str]:
    app = app_of(instance)
    wrong = province.sent(province.sit(instance, "nl.snnmt"), "-5")
    asking.put_admins(instance)
    clerk, office, asker = sign_in(app, "nl.snnmt"), sign_in(app, "vpub"), sign_in(app, "qt.snnmt")
    rules = "/danh-muc/quy-tac/KTXH-01"
    return {
        "sign-in": app.test_client().get("/dang-nhap").text,
        "rejected": clerk.get(f"/tep/{wrong}").text,
        "correct": clerk.get(f"/tep/{wrong}/sua").text,
        "missing": clerk.get("/khong-co").text,
        "ask-preview": asker.post("/yeu-cau/moi", **asking.form(do="preview")).text,
        "rule": office.post(f"{rules}?ma=K08", data={"formula": "[NC03].(c06) > [NC02].(c06)"}).text,
        "rule-faults": office.post(rules, data={"formula": "[A].(c06) > [B].(c99) + [C].(c98)"}).text,
        "official": office.get("/danh-muc/bieu/tu-van-ban").text,
        "copy": office.get("/danh-muc/sao-chep/KSTT").text,
        "preview": office.get("/ky-bao-cao/KTXH/202610/xem-truoc").text,
    }


def test_pages_that_no_link_leads_to_are_as_those_of_the_crawl(pages: dict[str, str]) -> None:
    for name, text in pages.items():
        assert [one for one in faults(text) if "taken away" not in one] == [], name  # what is sent has no address


@ON_SQLITE
def test_every_answer_carries_the_guards(client: FlaskClient) -> None:
    for path in ("/dang-nhap", "/", "/khong-co", "/healthz", "/bieu-tuong.svg", "/static/baocao.css"):
        answer = client.get(path, buffered=True)
        assert answer.headers["Content-Security-Policy"] == CONTENT_POLICY, path
        assert answer.headers["X-Content-Type-Options"] == "nosniff", path
        assert answer.headers["X-Frame-Options"] == "DENY", path
        assert answer.headers["Referrer-Policy"] == "same-origin", path
    assert client.get("/dang-nhap").headers["Cache-Control"] == "no-store"


@pytest.mark.usefixtures("clock")
@ON_SQLITE
def test_mishaps_answer_with_their_status_and_a_sentence(instance: Instance) -> None:
    app = app_of(instance)
    client = app.test_client()

    def mishap(error: Exception):  # type: ignore[no-untyped-def]
        @page(Action.SIGN_IN)
        def fail() -> str:
            raise error

        return fail

    app.config["PROPAGATE_EXCEPTIONS"] = False
    for status, error in {503: StoreBusy("locked"), 507: DiskFull("/"), 500: RuntimeError("a fault of ours")}.items():
        app.add_url_rule(f"/hong/{status}", f"broken{status}", mishap(error))
    for status in (403, 404, 409, 413):
        app.add_url_rule(
            f"/hong/{status}", f"broken{status}", page(Action.SIGN_IN)(lambda status=status: abort(status))
        )
    for status in (403, 404, 409, 413, 500, 503, 507):
        answer = client.get(f"/hong/{status}")
        assert answer.status_code == status
        assert say(f"mishap.{status}.text") in answer.text
        assert "fault of ours" not in answer.text
        told = client.get(f"/hong/{status}", headers={"Accept": "application/json"})
        assert told.status_code == status
        assert told.json == {"error": say(f"mishap.{status}.text")}


@ON_SQLITE
def test_too_much_at_once_is_refused_with_413(signed_in: SignIn, app: Flask) -> None:
    browser = signed_in("easup")
    app.config["MAX_CONTENT_LENGTH"] = 1000
    answer = browser.post("/tai-len", data={"don_vi": "1", "tep": (province.narrative(), "a.xlsx")})
    assert answer.status_code == 413
    assert say("mishap.413.text") in answer.text


@ON_SQLITE
def test_a_page_takes_400_cells_with_notes_and_says_what_to_do_about_more(
    signed_in: SignIn, app: Flask, instance: Instance
) -> None:
    browser, work = signed_in("easup"), province.work_of(province.sit(instance, "easup"))
    address = f"/viec/{work.assignment_id}/nhap"
    notes = {f"o:D{n:03}:c01": "ghi chú dài " * 60 for n in range(400)}
    assert browser.post(address, data=notes | {"do": "save"}).status_code == 302
    app.config["MAX_CONTENT_LENGTH"] = 1000
    too_much = browser.post(address, data=notes)
    assert too_much.status_code == 413
    assert say("mishap.too-much-typed") in too_much.text


@ON_SQLITE
def test_health_and_readiness(client: FlaskClient, instance: Instance, monkeypatch: pytest.MonkeyPatch) -> None:
    assert client.get("/healthz").text == "ok\n"
    assert client.get("/readyz").status_code == 200
    monkeypatch.setattr("registry.store.definitions.generation", lambda _: 1 / 0)
    assert client.get("/readyz").status_code == 503


def test_no_vietnamese_sentence_stands_in_the_code_of_the_pages() -> None:
    for path in sorted(WEBUI.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        holders = (ast.Module, ast.FunctionDef, ast.ClassDef)
        documented = {ast.get_docstring(node, clean=False) for node in ast.walk(tree) if isinstance(node, holders)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value not in documented:
                assert not VIETNAMESE.search(node.value), (path.name, node.value)
    for path in [*TEMPLATES, *(WEBUI / "static").glob("*.js")]:
        text = re.sub(r"\{#.*?#\}|[đĐ]", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        assert not VIETNAMESE.search(text), path.name


def test_no_page_cuts_a_table_it_gives_away() -> None:
    for path in TEMPLATES:
        cut = re.findall(r"\{% for [^%]*\[:(?!table_lines)[^%]*%\}\s*<tr", path.read_text(encoding="utf-8"))
        assert not cut, path.name


def test_every_word_the_templates_ask_for_is_in_the_deck() -> None:
    for path in TEMPLATES:
        for key in re.findall(r"say\('([^']+)'\s*[,)]", path.read_text(encoding="utf-8")):
            assert key in say, (path.name, key)
    for prefix, values in {"state": State, "report": ReportState, "reception": ReceptionState}.items():
        for value in values:
            assert f"{prefix}.{value}" in say


def test_states_are_called_as_officials_call_them() -> None:
    assert [say(f"state.{one}") for one in State] == [
        "Chưa nhập",
        "Đang nhập",
        "Chờ duyệt số liệu",
        "Bị trả lại",
        "Đã duyệt số liệu",
    ]
    assert [say(f"report.{one}") for one in ReportState] == [
        "Dự thảo",
        "Chờ duyệt báo cáo",
        "Bị trả lại",
        "Đã duyệt",
        "Đã gửi",
    ]
    assert [say(f"reception.{one}") for one in ReceptionState] == [
        "Đã gửi",
        "Đã tiếp nhận",
        "Trả lại, yêu cầu bổ sung",
        "Đã tổng hợp",
    ]
    assert say("deadline.missing") == "Quá hạn, chưa gửi"


def test_every_icon_asked_for_is_on_the_sheet() -> None:
    sources = [*TEMPLATES, WEBUI / "standing.py"]
    text = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    asked = set(re.findall(r"icon\('([a-z-]+)'", text)) | set(re.findall(r"p\.ask\([^,]+, '([a-z-]+)'", text))
    assert asked <= set(icons.NAMES)
    assert all(f'id="{name}"'.encode() in icons.sheet() for name in icons.NAMES)


def test_our_own_style_and_script_stay_small() -> None:
    for kind in ("css", "js"):
        assert sum(path.stat().st_size for path in (WEBUI / "static").glob(f"*.{kind}")) < 20_000, kind


def test_every_class_with_a_style_is_on_some_page() -> None:
    sheet = re.sub(r"/\*.*?\*/", "", (WEBUI / "static" / "baocao.css").read_text(encoding="utf-8"))
    styled = set(re.findall(r"\.([a-z][a-z0-9-]*)", " ".join(re.findall(r"([^{}]*)\{", sheet))))
    makers = [*TEMPLATES, *WEBUI.rglob("*.js"), *WEBUI.rglob("*.py"), *(WEBUI.parent / "compile").rglob("*.py")]
    text = " ".join(path.read_text(encoding="utf-8") for path in makers)
    used = set(re.findall(r"[a-z][a-z0-9-]*", text))
    begun = set(re.findall(r"([a-z][a-z0-9-]*-)\{\{", text))
    assert [one for one in sorted(styled - used) if f"{one.rpartition('-')[0]}-" not in begun] == []


def test_a_page_asks_the_database_a_bounded_number_of_times(instance: Instance, signed_in: SignIn) -> None:
    province.carry_through(instance, "easup", "ld.easup")
    province.submitted(province.sit(instance, "bmt"))
    office, clerk = signed_in("vpub"), signed_in("easup")
    asked: list[str] = []
    event.listen(instance.store.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    for browser, path, most in ((clerk, "/", 18), (office, "/ky-bao-cao/KTXH/202610", 22), (office, "/ky-bao-cao", 14)):
        browser.get(path)
        asked.clear()
        assert browser.get(path).status_code == 200
        queries = [one for one in asked if one.startswith("SELECT")]
        assert len(queries) <= most, (path, len(queries))


@ON_SQLITE
def test_much_held_and_much_lent_is_found_without_asking_more_often(instance: Instance, signed_in: SignIn) -> None:
    browser, asked = signed_in("easup"), list[str]()
    event.listen(instance.store.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))

    def queries() -> int:
        browser.get("/don-vi")
        asked.clear()
        assert browser.get("/don-vi").status_code == 200
        return len([one for one in asked if one.startswith("SELECT")])

    def hold_and_borrow(unit: str) -> None:
        rights.give(instance, "easup", Role.CLERK, unit, below=True)
        rights.give(instance, "easup", Role.UNIT_ADMIN, unit)
        rights.give(instance, "bmt", Role.LEADER, unit)
        rights.lend(instance, "bmt", "easup", unit)

    hold_and_borrow("24133")
    few = queries()
    for unit in ("22015", "VPUB", "STC", "SNNMT", "SCT", "24211-VP"):
        hold_and_borrow(unit)
    assert len(province.sit(instance, "easup").actor.grants) > 20
    assert queries() == few
