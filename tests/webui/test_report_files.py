"""The files of a report's version: its PDF comes in the background, can be stopped, and says why it did not come."""

import io
import re
import zipfile
from collections.abc import Callable

import pytest

from actions import packages, printing
from actions.desk import NotNow, NotYours
from actions.instance import Instance
from actions.work import run_one
from ingest.office import Failing, NotConverted, Office
from registry.store import report_versions
from tests.webui import rights
from tests.webui import small_province as province
from tests.webui.conftest import ON_SQLITE, SignIn
from tests.webui.small_province import sit

Printer = Callable[[Office, bytes, Callable[[], None]], bytes]


@pytest.fixture
def compiled(instance: Instance) -> int:
    return province.a_compiled_report(instance, province.work_of(sit(instance, "easup")).opening_id)


@pytest.fixture
def printer(instance: Instance, monkeypatch: pytest.MonkeyPatch) -> Callable[[Printer], None]:
    """``printer(how)``: LibreOffice is there, and prints so."""
    instance.office.__dict__["is_there"] = True
    return lambda how: monkeypatch.setattr(Office, "pdf", how)


def files_of(instance: Instance, version: int) -> dict[str, str]:
    with instance.store.read() as connection:
        found = report_versions.get(connection, version)
    assert found is not None
    return {one.kind: one.name for one in found.files}


def test_a_pdf_is_made_once_and_kept_beside_the_document_it_prints(
    instance: Instance, compiled: int, printer: Callable[[Printer], None]
) -> None:
    printer(lambda _, document, __: b"%PDF of " + document)
    office = sit(instance, "vpub")
    printing.prepare(office, compiled)
    printing.prepare(office, compiled)

    assert run_one(instance, (printing.PRINT,))
    assert not run_one(instance, (printing.PRINT,))

    assert files_of(instance, compiled)["pdf"] == "bao-cao.pdf"
    printing.prepare(office, compiled)
    assert not run_one(instance, (printing.PRINT,)), "what is there is not made again"
    assert "sha256" in printing.make_now(office, compiled, lambda _: None), "a job may run twice"


def test_what_is_stopped_while_it_is_printed_leaves_nothing(
    instance: Instance, compiled: int, printer: Callable[[Printer], None]
) -> None:
    def stopped(_: Office, document: bytes, wanted: Callable[[], None]) -> bytes:
        printing.stop(sit(instance, "vpub"), compiled)
        wanted()
        return document

    printer(stopped)
    printing.prepare(sit(instance, "vpub"), compiled)
    assert run_one(instance, (printing.PRINT,))

    assert "pdf" not in files_of(instance, compiled)
    with pytest.raises(NotNow):
        printing.stop(sit(instance, "vpub"), compiled)
    printer(lambda *_: b"%PDF")
    printing.prepare(sit(instance, "vpub"), compiled)
    assert run_one(instance, (printing.PRINT,))
    assert "pdf" in files_of(instance, compiled)


@ON_SQLITE
def test_the_page_says_how_far_it_is_and_why_nothing_came(
    instance: Instance, compiled: int, printer: Callable[[Printer], None], signed_in: SignIn
) -> None:
    def late(*_: object) -> bytes:
        raise NotConverted(Failing.LATE)

    printer(late)
    browser, address = signed_in("vpub"), f"/bao-cao/{compiled}"
    assert "Lập bản PDF" in browser.get(f"{address}/ho-so").text
    browser.post(f"{address}/pdf")
    assert "Đang chờ đến lượt" in browser.get(f"{address}/ho-so").text
    assert browser.get(f"{address}/pdf.json").json == {"state": "waiting", "percent": 0, "words": "Đang chờ đến lượt…"}
    browser.post(f"{address}/pdf", data={"do": "stop"})
    assert "đã được dừng" in browser.get(f"{address}/ho-so").text
    browser.post(f"{address}/pdf")
    assert run_one(instance, (printing.PRINT,))
    told = browser.get(f"{address}/ho-so").text
    assert "quá thời gian" in told
    assert "Lập lại" in told
    printer(lambda *_: b"%PDF-1.6")
    browser.post(f"{address}/pdf")
    assert run_one(instance, (printing.PRINT,))
    assert "Bản PDF đã có" in browser.get(f"{address}/ho-so").text
    assert browser.get(f"{address}/tep/pdf", buffered=True).data == b"%PDF-1.6"


@ON_SQLITE
def test_without_libreoffice_the_page_says_so_and_the_rest_works(
    instance: Instance, compiled: int, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    instance.office.__dict__.clear()
    browser = signed_in("vpub")
    told = browser.get(f"/bao-cao/{compiled}/ho-so").text
    assert "không có LibreOffice" in told
    assert "Lập bản PDF" not in told
    assert browser.post(f"/bao-cao/{compiled}/pdf").status_code == 409
    assert browser.get(f"/bao-cao/{compiled}/tep/docx", buffered=True).data == b"docx"


@ON_SQLITE
def test_a_compiled_report_is_none_of_a_units_business(instance: Instance, compiled: int) -> None:
    for login in ("easup", "ld.easup", "bmt"):
        with pytest.raises(NotYours):
            printing.prepare(sit(instance, login), compiled)


def test_a_zip_holds_what_the_person_may_have_and_comes_again_with_equal_bytes(
    instance: Instance, signed_in: SignIn
) -> None:
    own = province.carry_through(instance, "easup", "ld.easup")
    browser, address = signed_in("easup"), f"/bao-cao/{own.own_version}"

    def taken(name: str) -> tuple[bytes, list[str]]:
        browser.post(f"{address}/nen/{name}")
        assert run_one(instance, (packages.PACKAGE,))
        assert "Tải tệp nén" in browser.get(f"{address}/ho-so").text
        data = browser.get(f"{address}/nen/{name}.zip", buffered=True).data
        with zipfile.ZipFile(io.BytesIO(data)) as held:
            return data, [one.partition("/")[0] for one in held.namelist()]

    lists = ["DANH-MUC.txt", "MANIFEST.json", "SHA256SUMS"]
    data, held = taken("ho-so")
    assert held == ["bao-cao", "thuyet-minh", *lists]
    assert taken("ho-so") == (data, held)
    assert taken("ho-so-va-nguon")[1] == ["bao-cao", "nguon", "thuyet-minh", *lists]
    assert signed_in("bmt").get(f"{address}/nen/ho-so.zip").status_code == 404
    reader = signed_in("ioc")
    reader.post(f"{address}/nen/ho-so-va-nguon")
    assert run_one(instance, (packages.PACKAGE,))
    with zipfile.ZipFile(io.BytesIO(reader.get(f"{address}/nen/ho-so-va-nguon.zip", buffered=True).data)) as zipped:
        assert not [one for one in zipped.namelist() if one.startswith("nguon/")], "who sees no uploads gets none"


def test_a_signed_copy_is_kept_with_the_version_it_signs_by_who_compiled_it(
    instance: Instance, compiled: int, signed_in: SignIn
) -> None:
    signer = rights.sign(instance, "vpub", "KT", unit="VPUB")
    told = {"number": "12/BC-UBND", "dated": "2026-10-14", "capacity": str(signer), "khong-mat": "1"}
    told["vi_sao"] = "họp gấp, chưa kịp rà soát"
    browser, address = signed_in("vpub"), f"/bao-cao/{compiled}"
    assert "Ghi văn bản đã ban hành" in browser.get(f"{address}/ho-so").text
    scan = province.narrative().getvalue()
    answer = browser.post(f"{address}/ban-chinh-thuc", data=told | {"file": (io.BytesIO(scan), "ban-ky.docx")})
    assert answer.status_code == 302
    page = browser.get(f"{address}/ho-so").text
    assert "12/BC-UBND" in page
    assert "chưa kiểm tra chữ ký số" in page
    (copy,) = set(re.findall(rf"{address}/ban-chinh-thuc/\d+", page))
    assert browser.get(copy, buffered=True).data == scan
    assert signed_in("ioc").get(copy, buffered=True).data == scan, "whoever sees the report may have it"
    assert signed_in("easup").get(copy).status_code == 404
    elsewhere = signed_in("nhan.stc").post(f"{address}/ban-chinh-thuc", data=told)
    assert elsewhere.status_code == 403
    assert "Ghi văn bản đã ban hành" not in signed_in("nhan.stc").get(f"{address}/ho-so").text
