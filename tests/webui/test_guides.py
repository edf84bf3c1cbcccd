"""The guides inside the application: whole, safe, found without accents, and in the words of the workbook."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from markupsafe import escape

from actions.demo import PASSWORD
from actions.instance import Instance
from registry.catalogue.model import Role
from registry.findings import codes
from registry.store import definitions
from tests.webui.conftest import ON_SQLITE, SignIn
from tests.webui.small_province import NOW, WORD
from tests.webui.test_manners import TEMPLATES
from vietnamese.copydeck import spoken
from webui import guides, quick
from webui.demo import LOGINS
from webui.guide_places import PLACES, place_of
from webui.pages.guides import terms
from webui.site import PAGES
from webui.wording import say
from workbook_templates.guide import filling_steps


def test_every_guide_of_the_folder_is_shown_and_every_picture_it_shows_is_there() -> None:
    assert {path.stem for path in guides.FOLDER.glob("*.md")} == guides.READERS.keys()
    for name in guides.READERS:
        html = guides.guide(name).html
        for source in re.findall(r'src="/huong-dan/anh/([^"]+)\.png"', html):
            assert guides.image(source), (name, source)
        for place in re.findall(r'href="/huong-dan/([^"#]+)"', html):
            assert place in guides.READERS, (name, place)
        assert html.count("<table") == html.count("<caption")
        assert "<th>" not in html
        assert "<h1" not in html
        places = [one.place for one in guides.guide(name).sections]
        assert len(places) == len(set(places)), name


def test_html_in_a_guide_is_text(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "quy-tac.md").write_text("# A\n\n<script>x</script> [đi](javascript:alert(1)) [ra](https://a.vn)\n")
    monkeypatch.setattr(guides, "FOLDER", tmp_path)
    html = guides.guide.__wrapped__("quy-tac").html
    assert "<script" not in html
    assert "href" not in html


def test_own_guides_come_first() -> None:
    own, others = guides.in_order({Role.LEADER})
    assert [one.name for one in own] == ["lanh-dao", "trang-va-bang", "dang-nhap", "tai-khoan"]
    assert len(own) + len(others) == len(guides.READERS)


def test_a_section_is_found_without_accents_and_only_with_all_its_words() -> None:
    found = guides.seek("uy quyen duyet khi vang mat")
    assert [(one.guide.name, one.section.place) for one in found] == [("lanh-dao", "5-uy-quyen-duyet-khi-vang-mat")]
    assert [guides.seek(words) for words in ("uỷ quyền zzz", "  ", "?")] == [[], [], []]


def test_words_are_whole_and_those_side_by_side_stand_first() -> None:
    found = guides.seek("gia hạn")
    assert "gia hạn" in f"{found[0].section.title} {found[0].section.text}".lower()
    assert found[0].section.place == "2-theo-doi-gia-han-dong-nhan"
    assert "gia hạn" in found[0].excerpt.lower()
    assert not any(one.section.place == "goi-o" for one in found)
    assert guides.seek("uy quye") == []


def test_a_picture_is_one_of_the_folder() -> None:
    assert guides.image("work")
    assert guides.image("../work") is guides.image("khong-co") is None


def test_quick_guides_have_five_to_seven_steps_and_end_there() -> None:
    for one in quick.QUICK:
        assert 5 <= len(one.pages) <= 7
        assert f"quick.{one.role}.{len(one.pages) + 1}" not in say
        assert all(step.text for step in quick.steps(one))


def test_the_clerks_quick_guide_fills_as_the_workbooks_first_sheet_says() -> None:
    filling = [step for step in quick.steps(quick.QUICK[0]) if step.points]
    assert [step.points for step in filling] == [filling_steps()]


def test_words_stand_in_the_order_of_a_dictionary_and_once() -> None:
    words = [one.word for one in terms()]
    assert len(words) == len(set(words))
    assert words[0].startswith("Biểu mẫu")


@ON_SQLITE
def test_guides_are_open_to_all_and_lead_where_the_reader_may_go(client: FlaskClient, signed_in: SignIn) -> None:
    assert "Hướng dẫn nhanh" in client.get("/huong-dan").text
    clerk = signed_in("easup")
    assert 'href="/nhat-ky"' not in clerk.get("/huong-dan/nhanh/van-phong").text
    assert 'href="/nhat-ky"' in signed_in("vpub").get("/huong-dan/nhanh/van-phong").text
    assert 'id="coverage"' in clerk.get("/huong-dan/tu-ngu").text
    assert clerk.get("/huong-dan?tim=lũy kế").text.count("#cumulative") == 1
    for path in ("khong-co", "nhanh/khong-co", "anh/khong-co.png", "phat-hien/khong-co"):
        assert clerk.get(f"/huong-dan/{path}").status_code == 404, path
    picture = client.get("/huong-dan/anh/work.png", buffered=True)
    assert (picture.mimetype, picture.cache_control.public) == ("image/png", True)


@ON_SQLITE
def test_every_finding_has_a_page_that_leaves_open_what_is_filled_in(client: FlaskClient) -> None:
    listed = client.get("/huong-dan/phat-hien").text
    for code in codes():
        assert f'href="/huong-dan/phat-hien/{code}"' in listed
    assert say("guide.mend") in client.get("/huong-dan/phat-hien/number-ambiguous").text
    assert "{" not in listed
    assert say("guide.rule") in client.get("/huong-dan/phat-hien/rule-K08").text


@ON_SQLITE
def test_pages_are_read_in_a_language_offered_and_chosen_and_in_no_other(
    client: FlaskClient, instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "English" not in client.get("/dang-nhap").text
    monkeypatch.setattr(instance, "settings", replace(instance.settings, languages=("en", "fr")))
    assert client.post("/ngon-ngu", data={"ngon-ngu": "en", "next": "/dang-nhap"}).location == "/dang-nhap"
    page = client.get("/dang-nhap").text
    assert '<html lang="en">' in page
    assert "<h1>Sign in</h1>" in page
    assert 'lang="vi">Tiếng Việt</button>' in page
    assert "All other pages are in Vietnamese." in page
    assert '<html lang="vi">' in client.get("/huong-dan/tu-ngu").text
    assert (spoken(), say("sign-in.title")) == ("vi", "Đăng nhập")
    client.post("/ngon-ngu", data={"ngon-ngu": "fr"})
    assert '<html lang="en">' in client.get("/dang-nhap").text
    monkeypatch.setattr(instance, "settings", replace(instance.settings, languages=()))
    assert "<h1>Đăng nhập</h1>" in client.get("/dang-nhap").text


@ON_SQLITE
def test_a_demo_proposes_first_steps_to_each_role_until_they_are_put_away(
    client: FlaskClient, signed_in: SignIn, instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "tai-khoan=" not in client.get("/dang-nhap").text
    assert "Thử ngay" not in signed_in("easup").get("/").text
    monkeypatch.setattr(instance, "settings", replace(instance.settings, demo=True))
    door = client.get("/dang-nhap").text
    assert all(f"tai-khoan={login}&" in door for logins in LOGINS.values() for login in logins)
    assert f'value="{PASSWORD}"' not in door
    assert f'value="{PASSWORD}"' in client.get("/dang-nhap?tai-khoan=easup").text
    clerk = signed_in("easup")
    assert "Thử ngay: Người nhập liệu" in clerk.get("/").text
    assert clerk.post("/dung-thu/cat", data={"vai-tro": "clerk"}).location == "/"
    clerk.post("/dung-thu/cat", data={"vai-tro": "khong-co"})
    assert "Thử ngay" not in clerk.get("/").text
    clerk.post("/dang-xuat")
    clerk.post("/dang-nhap", data={"login": "ld.easup", "password": WORD})
    assert "Thử ngay: Lãnh đạo đơn vị" in clerk.get("/").text


def test_every_dot_beside_a_word_leads_to_the_glossary() -> None:
    dots = {term for path in TEMPLATES for term in re.findall(r"help\('([\w-]+)'\)", path.read_text(encoding="utf-8"))}
    assert len(dots) > 25
    assert dots <= {one.key for one in terms()}


def test_the_guides_speak_of_every_page_and_first_to_who_reads_it() -> None:
    silent = {"guides", "letters", "links", "health", "icons", "languages", "demo", "components"}
    rooms = {one.blueprint.name for one in PAGES} - silent
    assert rooms == PLACES.keys()
    for name, place in {one for places in PLACES.values() for one in places}:
        assert place in {section.place for section in guides.guide(name).sections}, (name, place)
    assert place_of("work", {Role.LEADER}) == ("lanh-dao", "1-xem-so-lieu-cho-duyet")
    assert place_of("destroying", {Role.CLERK}) == ("van-phong", "21-tieu-huy-noi-dung")
    assert place_of("guides", {Role.CLERK}) is place_of(None, set()) is None


def test_wherever_a_finding_says_what_to_do_its_code_is_led_to() -> None:
    on_cells = {"entry.html"}  # beside a cell there is room for the words only; the list above the table leads on
    for path in TEMPLATES:
        text = path.read_text(encoding="utf-8")
        if "finding_fix(" in text and path.name not in on_cells:
            assert "code_of_finding(" in text or "about_finding(" in text, path.name


@ON_SQLITE
def test_who_is_signed_in_reads_what_a_rule_in_force_says(instance: Instance, signed_in: SignIn) -> None:
    clerk = signed_in("easup")
    with instance.store.read() as connection:
        rule = next(iter(definitions.snapshot(connection, NOW.date()).rule_versions.values()))[0]
    page = clerk.get(f"/huong-dan/phat-hien/rule-{rule.code}").text
    assert str(escape(rule.message)) in page
    assert say("guide.blank.cell") in clerk.get("/huong-dan/phat-hien").text
