"""Designing a form on the pages: what is seen of a draft, of the burden, and by whom."""

from __future__ import annotations

import io
import re
import tempfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from flask import Flask, render_template_string
from flask.testing import FlaskClient
from openpyxl import load_workbook
from werkzeug.test import TestResponse

from actions import catalogues, designing, work
from actions.instance import Instance, make
from registry.catalogue.model import Catalogue, CellKind, Column, Form, FormPurpose, ListTable
from registry.store import uploads
from registry.workflow.policy import Action
from tests.tools.instances import settings_of
from tests.webui import small_province as province
from tests.webui.conftest import ON_SQLITE, SignIn, app_of
from tests.webui.small_province import EASUP, NOW, sit, small_catalogue
from webui.table import table_of_view
from workbook_templates.form_book import form_book

GOLDEN = Path(__file__).parent / "golden"
SAMPLE = small_catalogue()
KTXH = next(form for form in SAMPLE.forms if form.code == "KTXH-01")
RULES = tuple(rule for rule in SAMPLE.rules if rule.form == KTXH.code)


def renamed(valid_from: date = date(2026, 12, 1)) -> Form:
    """KTXH-01 with another name for one row."""
    rows = tuple(replace(row, label="Đàn gia cầm các loại") if row.code == "NN16" else row for row in KTXH.rows)
    return replace(KTXH, rows=rows, valid_from=valid_from)


def book(form: Form = KTXH) -> bytes:
    return form_book(SAMPLE, form, RULES)


def uploaded(browser: FlaskClient, data: bytes, name: str = "bieu moi.xlsx") -> TestResponse:
    answer = browser.post("/danh-muc/bieu", data={"tep": (io.BytesIO(data), name)})
    assert answer.status_code == 302, answer.text
    return browser.get(answer.location)


def address(answer: TestResponse) -> str:
    return answer.request.path


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


@ON_SQLITE
def test_a_draft_shows_its_changes_whom_it_concerns_and_how_it_will_look(signed_in: SignIn) -> None:
    office = signed_in("vpub")
    seen = uploaded(office, book(renamed()))
    assert seen.status_code == 200
    text = words(seen.text)
    assert "tên “Đàn gia cầm” thành “Đàn gia cầm các loại”" in text
    assert "Báo cáo tình hình kinh tế – xã hội hằng tháng" in text
    assert "phiên bản 1" in text
    assert "Kỳ mở từ ngày 01/12/2026 dùng phiên bản này" in text
    assert seen.text.count('class="c-input"') > 15
    commune = office.get(f"{address(seen)}?cho={EASUP}&ky=202601")
    whole = office.get(f"{address(seen)}?cho=tinh&ky=202610")
    assert "Ước cả năm" not in commune.text
    assert "Ước cả năm" in whole.text


@ON_SQLITE
def test_every_mistake_is_listed_by_sheet_and_cell_with_the_nearest_name(signed_in: SignIn) -> None:
    broken = load_workbook(io.BytesIO(book()))
    broken["Chỉ tiêu"]["F5"], broken["Cột"]["J9"] = "NN3", "(c06) / (c55) * 100"
    out = io.BytesIO()
    broken.save(out)
    seen = uploaded(signed_in("vpub"), out.getvalue())
    assert seen.status_code == 422
    text = words(seen.text)
    assert "Chỉ tiêu, ô F5" in text
    assert "có phải là “NN03”?" in text
    assert "có phải là “c05”?" in text
    assert "Công bố phiên bản mới" not in text


@ON_SQLITE
def test_a_file_that_is_no_workbook_is_explained(signed_in: SignIn) -> None:
    seen = uploaded(signed_in("vpub"), b"khong phai xlsx")
    assert seen.status_code == 422
    assert "Bản thảo còn lỗi" in seen.text


def test_a_draft_is_published_by_the_office_and_both_versions_are_listed(signed_in: SignIn) -> None:
    office = signed_in("vpub")
    seen = uploaded(office, book(renamed()))
    answer = office.post(f"{address(seen)}/cong-bo", data={"live": "1"}, follow_redirects=True)
    text = words(answer.text)
    assert "Đã công bố phiên bản mới" in text
    assert "phiên bản 2 · hiệu lực từ 01/12/2026 vpub công bố lúc" in text
    assert "phiên bản 1 · hiệu lực từ 01/07/2025 đang áp dụng" in text
    assert "chưa đến ngày hiệu lực" in words(office.get("/danh-muc/bieu").text)
    old = office.get("/danh-muc/bieu/KTXH-01?phien-ban=1&cho=tinh")
    assert "Đàn gia cầm các loại" not in old.text
    again = office.post(f"{address(seen)}/cong-bo", data={"live": "1"})
    assert again.status_code == 409


@ON_SQLITE
def test_the_same_design_again_is_no_new_version(signed_in: SignIn) -> None:
    office = signed_in("vpub")
    live = office.get("/danh-muc/bieu/KTXH-01/sua.xlsx")
    seen = uploaded(office, live.data)
    assert "giống hệt phiên bản 1" in words(seen.text)


@ON_SQLITE
def test_a_unit_admin_tries_a_form_but_does_not_publish_it(signed_in: SignIn) -> None:
    admin = signed_in("qt.easup")
    seen = uploaded(admin, book(renamed()))
    assert seen.status_code == 200
    assert "/cong-bo" not in seen.text
    assert admin.post(f"{address(seen)}/cong-bo", data={"live": "1"}).status_code == 404


@ON_SQLITE
@pytest.mark.parametrize("login", ["easup", "ld.easup", "nhan.stc", "ioc"])
def test_others_do_not_see_the_designer(login: str, signed_in: SignIn) -> None:
    browser = signed_in(login)
    for path in ("/danh-muc/bieu", "/danh-muc/ganh-nang", "/danh-muc/bieu/mau-thiet-ke.xlsx", "/danh-muc/bieu/KTXH-01"):
        assert browser.get(path).status_code == 404


@ON_SQLITE
def test_an_address_nobody_was_given_is_not_there(signed_in: SignIn) -> None:
    office = signed_in("vpub")
    for path in ("/danh-muc/bieu/ban-thao/WyJhIl0.x", "/danh-muc/bieu/KHONG-CO", "/danh-muc/bieu/KTXH-01?phien-ban=9"):
        assert office.get(path).status_code == 404


@ON_SQLITE
def test_a_trial_workbook_is_marked_and_never_taken_for_a_real_one(signed_in: SignIn, instance: Instance) -> None:
    office = signed_in("vpub")
    seen = uploaded(office, book(renamed()))
    answer = office.get(f"{address(seen)}/ban-thu.xlsx?cho={EASUP}&ky=202610")
    assert answer.status_code == 200
    sheet = load_workbook(io.BytesIO(answer.data))["KTXH-01"]
    texts = {str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value}
    assert any(text.startswith("BẢN THỬ – ") for text in texts)
    assert "Đàn gia cầm các loại" in texts
    clerk = signed_in("easup")
    unit = sit(instance, "easup").actor.home
    sent = clerk.post(
        "/tai-len", data={"tep": (io.BytesIO(answer.data), "bieu.xlsx"), "don_vi": str(unit)}, follow_redirects=True
    )
    assert sent.status_code == 200
    while work.run_one(instance):
        continue
    assert "Không nhận được tệp này" in clerk.get("/").text
    with instance.store.read() as connection:
        newest = uploads.recent(connection, sit(instance, "easup").scope(Action.SEE_UPLOAD))[0]
    assert "Đây là bản thử" in words(clerk.get(f"/tep/{newest.upload.id}").text)


@ON_SQLITE
def test_the_burden_page_counts_cells_units_and_repetitions(signed_in: SignIn) -> None:
    text = words(signed_in("qt.easup").get("/danh-muc/ganh-nang").text)
    assert "Đơn vị được hỏi nhiều nhất" in text
    assert "KTXH-01: Sở Nông nghiệp và Môi trường" in text
    assert "tổng số liệu đã duyệt của các xã, phường" in text


@ON_SQLITE
@pytest.mark.parametrize("path", ["/danh-muc", "/danh-muc/bieu"])
def test_forms_are_listed_by_purpose_with_their_size_in_words(path: str, instance: Instance, signed_in: SignIn) -> None:
    columns = (Column("l1", "1", ("Thôn",), CellKind.TEXT, key=True), Column("l2", "2", ("Việc",), CellKind.TEXT))
    only_list = Form("DS-01", "DANH SÁCH", "", "", (), (), lists=(ListTable("DS", "CÁC THÔN", columns),))
    annex = replace(KTXH, code="PL-1", purpose=FormPurpose.REPORT, rows=KTXH.rows[:1])
    catalogues.put(sit(instance, "vpub"), Catalogue(forms=(only_list, annex)))
    text = words(signed_in("vpub").get(path).text)
    inputs, reports = text.split("Biểu mẫu báo cáo", 1)
    assert "Biểu mẫu nhập liệu" in inputs
    assert {"DS-01", "PL-1"} & set(inputs.split()) == {"DS-01"}
    assert {"DS-01", "PL-1"} & set(reports.split()) == {"PL-1"}
    assert "danh sách 2 cột" in inputs
    assert " 0 cột" not in text


@ON_SQLITE
@pytest.mark.parametrize("month", [1, 9, 10])
def test_a_commune_sees_ktxh_01_as_drawn(month: int, instance: Instance) -> None:
    """Golden pages: ``python -m tests.webui.test_designer`` writes them anew, to be reviewed by eye."""
    desk = sit(instance, "vpub")
    shown = designing.preview(desk, SAMPLE, KTXH, EASUP, f"2026{month:02}")
    html = drawn(app_of(instance), shown)
    path = GOLDEN / f"ktxh-01_{month:02}_xa.html"
    assert html == path.read_text(encoding="utf-8"), f"{path.name} differs"


def drawn(app: Flask, shown: designing.Preview) -> str:
    """The table alone, one tag a line."""
    with app.test_request_context():
        html = render_template_string(
            "{% import 'parts.html' as p with context %}{{ p.form_table(table, shown) }}",
            table=table_of_view(shown.view),
            shown=shown,
        )
    return "\n".join(line.strip() for line in html.splitlines() if line.strip()) + "\n"


def write_golden() -> None:
    """Draw the golden pages anew."""
    with tempfile.TemporaryDirectory() as folder:
        settings = settings_of(Path(folder), f"sqlite:///{folder}/baocao.db")
        make(settings, NOW)
        instance = Instance.open(settings)
        province.fill(instance)
        for month in (1, 9, 10):
            shown = designing.preview(sit(instance, "vpub"), SAMPLE, KTXH, EASUP, f"2026{month:02}")
            path = GOLDEN / f"ktxh-01_{month:02}_xa.html"
            path.write_text(drawn(app_of(instance), shown), encoding="utf-8")
        instance.close()


if __name__ == "__main__":
    write_golden()
