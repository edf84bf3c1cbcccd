"""The document behind a request (công văn): taken with the form or later, read by those asked and no one else (F20)."""

import hashlib
import io
import re

import pytest
from openpyxl import load_workbook
from werkzeug.test import TestResponse

from actions import distribute, letters
from actions.desk import Refusal
from actions.instance import Instance
from actions.kept import Unfit
from registry.store import audit, openings
from tests.ingest.test_letter import RUNS, pdf
from tests.ingest.test_narrative import document
from tests.webui import asking
from tests.webui.asking import HALLS_FORM, asked, work_on
from tests.webui.conftest import ON_SQLITE, SignIn
from tests.webui.small_province import sit
from webui.pages.letters import OPEN

LETTER = pdf(b"<< /Type /Catalog >>")
ADDRESS = "/yeu-cau/DX-2026-001/van-ban"


@pytest.fixture(autouse=True)
def _with_admins(instance: Instance) -> None:
    asking.put_admins(instance)


def form(do: str, file: tuple[bytes, str] | None = None, **more: str) -> dict[str, object]:
    """The five-minute form as a browser sends it with a file field."""
    fields: dict[str, object] = {}
    for name, value in (*HALLS_FORM, ("do", do), *more.items()):
        fields.setdefault(name, []).append(value)  # type: ignore[attr-defined]
    if file:
        fields |= {"file": (io.BytesIO(file[0]), file[1]), OPEN: "1"}
    return {"data": fields, "content_type": "multipart/form-data"}


def ticket(page: str) -> str:
    """What the form carries of the document it took."""
    found = re.search(r'name="letter" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def test_a_letter_goes_out_with_its_request_and_is_read_by_those_asked(instance: Instance, signed_in: SignIn) -> None:
    admin = signed_in("qt.snnmt")
    more = admin.post("/yeu-cau/moi", **form("more", (LETTER, "CV 1234.pdf"))).text
    assert "CV 1234.pdf" in more
    look = admin.post("/yeu-cau/moi", **form("preview", letter=ticket(more))).text
    assert "CV 1234.pdf" in look
    assert "CV 1234.pdf" in admin.post("/yeu-cau/moi", **form("back", letter=ticket(look))).text
    assert admin.post("/yeu-cau/moi", **form("ask", letter=ticket(look), looked="DX-2026-001")).status_code == 302
    with instance.store.read() as connection:
        opening = openings.find(connection, "DX-2026-001", "2026DX001")
    assert opening is not None

    work = work_on(instance, opening)
    for login, pages in {
        "easup": ["/", f"/viec/{work.assignment_id}", f"/viec/{work.assignment_id}/nhap"],
        "qt.snnmt": ["/yeu-cau/DX-2026-001/2026DX001"],
    }.items():
        for page in pages:
            assert f'href="{ADDRESS}"' in signed_in(login).get(page).text, (login, page)
    for login in ("qt.snnmt", "easup", "ld.easup", "vpub", "ioc"):
        taken = signed_in(login).get(ADDRESS, buffered=True)
        assert (taken.status_code, taken.data, taken.mimetype) == (200, LETTER, "application/pdf"), login
        assert 'filename="CV 1234.pdf"' in taken.headers["Content-Disposition"]
    assert signed_in("nhan.stc").get(ADDRESS, buffered=True).status_code == 200  # a receiver watches every period
    for login in ("qt.vpub", "nl.vp"):  # not asked
        assert signed_in(login).get(ADDRESS).status_code == 404, login
    with instance.store.read() as connection:
        entries = [(one.actor, one.object) for one in audit.latest(connection)]
    assert ("easup", "letter of DX-2026-001") in entries


@ON_SQLITE
def test_a_letter_that_cannot_be_taken_loses_nothing_typed(signed_in: SignIn) -> None:
    admin = signed_in("qt.snnmt")
    for data, words in ((pdf(RUNS), "lệnh tự chạy"), (b"abc", "không phải văn bản PDF"), (b"", "")):
        refused = admin.post("/yeu-cau/moi", **form("preview", (data, "cv.pdf")))
        assert refused.status_code == 400
        assert words in refused.text
        assert "Nhà văn hóa thôn" in refused.text
    assert admin.post("/yeu-cau/moi", **form("ask", letter="khong-ai-ky")).status_code == 404


@ON_SQLITE
def test_a_letter_larger_than_any_scan_is_not_kept(instance: Instance) -> None:
    desk = sit(instance, "qt.snnmt")
    with pytest.raises(Refusal, match="16 MB"):
        letters.keep(desk, io.BytesIO(b"%PDF".ljust((16 << 20) + 1)), "cv.pdf", is_open=True)
    assert letters.keep(desk, io.BytesIO(b"%PDF".ljust(16 << 20)), "CV.PDF", is_open=True).name == "CV.PDF"


@ON_SQLITE
def test_a_pdf_is_taken_on_the_senders_word_that_it_is_not_secret(instance: Instance, signed_in: SignIn) -> None:
    opening = asked(instance)
    board = f"/yeu-cau/{opening.regime}/{opening.period}"

    def attach(data: bytes, name: str, **more: str) -> TestResponse:
        sent = {"file": (io.BytesIO(data), name), **more}
        return signed_in("qt.snnmt").post(f"{board}/van-ban", data=sent, content_type="multipart/form-data")

    unsaid = attach(LETTER, "cv.pdf")
    assert (unsaid.status_code, "không xem được dấu độ mật" in unsaid.text) == (400, True)
    assert f'name="{OPEN}"' in signed_in("qt.snnmt").get(board).text
    assert f'name="{OPEN}"' in signed_in("qt.snnmt").get("/yeu-cau/moi").text
    assert signed_in("easup").get(ADDRESS).status_code == 404
    assert attach(document("CÔNG VĂN"), "cv.docx").status_code == 302  # in which a mark would have been seen
    assert attach(LETTER, "cv.pdf", **{OPEN: "1"}).status_code == 302
    with instance.store.read() as connection:
        assert "letter, said to bear no secrecy mark" in {one.object for one in audit.latest(connection)}


@ON_SQLITE
def test_a_refused_letter_has_a_number_to_be_quoted(instance: Instance) -> None:
    secret = document("TỐI MẬT", "CÔNG VĂN")
    with pytest.raises(Unfit) as refused:
        letters.keep(sit(instance, "qt.snnmt"), io.BytesIO(secret), "cv.docx", is_open=True)
    with instance.store.read() as connection:
        entry = audit.latest(connection, 1)[0]
    assert (entry.action, f"Số ghi nhận: {entry.seq}." in str(refused.value)) == ("refuse-file", True)
    assert hashlib.sha256(secret).hexdigest() in entry.detail


@ON_SQLITE
def test_a_letter_is_attached_and_replaced_while_the_request_runs(instance: Instance, signed_in: SignIn) -> None:
    opening = asked(instance)
    assert signed_in("easup").get(ADDRESS).status_code == 404
    board = f"/yeu-cau/{opening.regime}/{opening.period}"

    def attach(login: str, data: bytes, name: str) -> int:
        sent = {"file": (io.BytesIO(data), name), OPEN: "1"}
        return signed_in(login).post(f"{board}/van-ban", data=sent, content_type="multipart/form-data").status_code

    assert attach("qt.snnmt", LETTER, "cv.pdf") == 302
    word = document("CÔNG VĂN")
    assert attach("qt.snnmt", word, "Công văn sửa") == 302
    taken = signed_in("easup").get(ADDRESS, buffered=True)
    assert (taken.data, taken.mimetype.rpartition(".")[2]) == (word, "document")
    assert "S%E1%BB%ADa.docx".lower() in taken.headers["Content-Disposition"].lower()
    assert attach("qt.snnmt", b"abc", "cv.docx") == 400
    assert attach("qt.snnmt", b"", "") == 400
    assert attach("qt.easup", LETTER, "cv.pdf") == 404
    assert attach("easup", LETTER, "cv.pdf") == 404


@ON_SQLITE
def test_the_workbook_names_the_document_behind_it(instance: Instance) -> None:
    work = work_on(instance, asked(instance))
    book = load_workbook(io.BytesIO(distribute.workbook(sit(instance, "easup"), work.assignment_id).data))
    (told,) = [row[1].value for row in book.worksheets[0].iter_rows() if row[0].value == "Văn bản yêu cầu"]
    assert told.startswith("1234/SNNMT-VP ngày 14/10/2026; Về việc rà soát nhà văn hóa thôn, buôn; tệp văn bản")
