"""A narrative in an old font: kept as it came, compiled from its Unicode copy, shown paragraph by paragraph."""

import io

import docx
import pytest
from flask.testing import FlaskClient

from actions import destroy, reports
from actions.instance import Instance
from actions.kept import Unfit
from compile.narratives import read_story
from registry.store import reports as stored
from registry.store.files import Destroyed
from registry.workflow.policy import Action
from tests.ingest.a_document import document, paragraph, run
from tests.webui import rights
from tests.webui import small_province as province
from tests.webui.conftest import ON_SQLITE, SignIn
from tests.webui.small_province import NOW, sit

OLD = document(
    paragraph(run("T×nh h×nh kinh tÕ th¸ng 10, ph­¬ng h­íng", ".VnTime")),
    paragraph(run("Tình hình chung", "Arial")),
)


def attach(instance: Instance, data: bytes = OLD) -> tuple[int, int]:
    clerk = sit(instance, "easup")
    work = province.work_of(clerk)
    reports.attach_narrative(clerk, work.opening_id, work.unit_id, io.BytesIO(data), "bao-cao.docx")
    return work.opening_id, work.unit_id


def handed_out(browser: FlaskClient, address: str) -> tuple[str, bytes]:
    with browser.get(address) as answer:
        return answer.headers["Content-Disposition"].rpartition("filename=")[2], answer.data


@ON_SQLITE
def test_the_page_shows_every_paragraph_and_hands_out_both_files(instance: Instance, signed_in: SignIn) -> None:
    opening, unit = attach(instance)
    browser = signed_in("easup")
    address = f"/bao-cao-don-vi/{opening}/{unit}/thuyet-minh"
    assert f"{address}/chuyen-ma" in browser.get("/").text
    page = browser.get(f"{address}/chuyen-ma").text
    assert "T×nh h×nh kinh tÕ th¸ng 10" in page
    assert "Tình hình kinh tế tháng 10, phương hướng" in page
    assert "bảng mã TCVN3 (ABC)" in page
    assert handed_out(browser, address) == ("bao-cao.docx", OLD)
    name, copy = handed_out(browser, f"{address}/unicode")
    assert name == "bao-cao-unicode.docx"
    told = [one.text for one in docx.Document(io.BytesIO(copy)).paragraphs]
    assert told == ["Tình hình kinh tế tháng 10, phương hướng", "Tình hình chung"]


def test_sending_it_says_what_was_done(instance: Instance, signed_in: SignIn) -> None:
    work = province.work_of(sit(instance, "easup"))
    browser = signed_in("easup")
    answer = browser.post(
        f"/bao-cao-don-vi/{work.opening_id}/{work.unit_id}/thuyet-minh",
        data={"thuyet_minh": (io.BytesIO(OLD), "bao-cao.docx")},
        follow_redirects=True,
    )
    assert "có 1 đoạn không viết bằng Unicode dựng sẵn" in answer.text


@ON_SQLITE
def test_a_narrative_in_unicode_has_no_copy(instance: Instance, signed_in: SignIn) -> None:
    opening, unit = attach(instance, province.narrative().getvalue())
    browser = signed_in("easup")
    address = f"/bao-cao-don-vi/{opening}/{unit}/thuyet-minh"
    assert f"{address}/chuyen-ma" not in browser.get("/").text
    assert "không phải chuyển" in browser.get(f"{address}/chuyen-ma").text
    assert handed_out(browser, f"{address}/unicode") == handed_out(browser, address)


@ON_SQLITE
def test_the_copy_is_compiled_and_goes_when_the_original_is_destroyed(instance: Instance) -> None:
    things = province.carry_through(instance, "easup", "ld.easup", OLD)
    office = rights.unit_key(instance, "VPUB")
    with instance.store.read() as connection:
        (sent,) = stored.narratives(connection, things.opening_id, office, NOW)
        seen = sit(instance, "vpub").require(Action.SEE_SUBMISSION)
        report = stored.find(connection, seen, things.opening_id, things.unit_id)
    assert report is not None
    assert report.narrative_upload_id is not None
    assert (sent.sha, report.readable_sha) == (report.unicode_sha, report.unicode_sha)
    story = read_story(instance.files.read(sent.sha))
    assert "phương hướng" in story.blocks[0].runs[0].text  # type: ignore[union-attr]
    destroy.propose(sit(instance, "vpub"), report.narrative_upload_id, "12/BB-VP", "mật")
    destroy.confirm(sit(instance, "bmnn"), report.narrative_upload_id)
    for sha in (report.narrative_sha, report.unicode_sha):
        with pytest.raises(Destroyed):
            instance.files.read(sha or "")
    with instance.store.read() as connection:
        assert stored.narratives(connection, things.opening_id, office, NOW) == []


@ON_SQLITE
def test_the_original_goes_when_its_copy_was_sent_again_and_destroyed(instance: Instance) -> None:
    opening, unit = attach(instance)
    seen = sit(instance, "vpub")
    with instance.store.read() as connection:
        report = stored.find(connection, seen.require(Action.SEE_SUBMISSION), opening, unit)
    assert report is not None
    attach(instance, instance.files.read(report.unicode_sha or ""))
    with instance.store.read() as connection:
        again = stored.find(connection, seen.require(Action.SEE_SUBMISSION), opening, unit)
    assert again is not None
    assert again.narrative_sha == report.unicode_sha
    destroy.propose(seen, again.narrative_upload_id or 0, "12/BB-VP", "mật")
    destroy.confirm(sit(instance, "bmnn"), again.narrative_upload_id or 0)
    for sha in (report.narrative_sha, report.unicode_sha):
        with pytest.raises(Destroyed):
            instance.files.read(sha or "")


@ON_SQLITE
def test_a_secrecy_mark_in_an_old_font_is_one(instance: Instance) -> None:
    with pytest.raises(Unfit, match="TUYỆT MẬT"):
        attach(instance, document(paragraph(run("TuyÖt mËt", ".VnTimeH")), paragraph(run("Sè liÖu", ".VnTime"))))
