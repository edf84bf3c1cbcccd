"""The unit's own report as a document: a draft until approved, the code of a draft that of the version sent."""

import io
import re

import docx
import pytest

from actions import decide, draft_prints, own_reports, printing, reports
from actions.desk import NotYours
from actions.instance import Instance
from actions.work import run_one
from compile.foot import version_code
from ingest.office import Office
from registry.store import report_versions
from registry.store import reports as stored
from registry.workflow.policy import EVERYWHERE
from tests.webui import small_province as province
from tests.webui.conftest import ON_SQLITE, SignIn
from tests.webui.small_province import sit


def text_of(data: bytes) -> str:
    held = docx.Document(io.BytesIO(data))
    return "\n".join(
        [*(line.text for line in held.paragraphs), *(line.text for line in held.sections[0].footer.paragraphs)]
    )


@pytest.fixture
def prints(instance: Instance, monkeypatch: pytest.MonkeyPatch) -> None:
    """LibreOffice is there, and prints what it is given."""
    instance.office.__dict__["is_there"] = True
    monkeypatch.setattr(Office, "pdf", lambda _, document, __: b"%PDF " + document)


@pytest.mark.usefixtures("prints")
def test_a_draft_signed_on_paper_is_told_to_be_the_version_sent_by_its_code(
    instance: Instance, signed_in: SignIn
) -> None:
    clerk = sit(instance, "easup")
    work = province.work_of(clerk)
    address = f"/bao-cao-don-vi/{work.opening_id}/{work.unit_id}"
    province.submitted(clerk)
    reports.attach_narrative(clerk, work.opening_id, work.unit_id, province.narrative(), "thuyet-minh.docx")
    browser = signed_in("easup")
    drawn = browser.get(f"{address}/ban-in.docx")
    assert "du-thao" in drawn.headers["Content-Disposition"]
    draft = text_of(drawn.data)
    assert "BẢN DỰ THẢO" in draft
    assert "ổn định" in draft
    browser.post(f"{address}/ban-in")
    assert "Đang chờ đến lượt" in browser.get(address).text
    assert run_one(instance, (draft_prints.PRINT_DRAFT,))
    assert "Bản dự thảo (.pdf)" in browser.get(address).text
    assert browser.get(f"{address}/ban-in.pdf", buffered=True).data.startswith(b"%PDF ")

    decide.approve(sit(instance, "ld.easup"), work.assignment_id, 1)
    reports.send(sit(instance, "ld.easup"), work.opening_id, work.unit_id)

    with instance.store.read() as connection:
        report = stored.find(connection, EVERYWHERE, work.opening_id, work.unit_id)
        assert report is not None
        (sent,) = report_versions.of_report(connection, report.id)
    code = re.search(r"Mã bản: (\S+)", draft)
    assert code is not None
    assert code[1] == version_code(sent.inputs_sha)
    page = browser.get(f"/bao-cao/{sent.id}/ho-so").text
    assert code[1] in page
    kept = browser.get(f"/bao-cao/{sent.id}/tep/docx", buffered=True)
    assert "BẢN DỰ THẢO" not in text_of(kept.data)
    assert browser.get(f"{address}/ban-in.docx").data == kept.data
    browser.post(f"/bao-cao/{sent.id}/pdf")
    assert run_one(instance, (printing.PRINT,))
    assert browser.get(f"/bao-cao/{sent.id}/tep/pdf", buffered=True).data == b"%PDF " + kept.data


@pytest.mark.usefixtures("prints")
@ON_SQLITE
def test_another_text_asks_for_another_pdf(instance: Instance, signed_in: SignIn) -> None:
    clerk = sit(instance, "easup")
    work = province.work_of(clerk)
    address = f"/bao-cao-don-vi/{work.opening_id}/{work.unit_id}"
    draft_prints.prepare(clerk, work.opening_id, work.unit_id)
    assert run_one(instance, (draft_prints.PRINT_DRAFT,))
    assert signed_in("easup").get(f"{address}/ban-in.pdf", buffered=True).status_code == 200
    reports.attach_narrative(clerk, work.opening_id, work.unit_id, province.narrative(), "thuyet-minh.docx")
    assert signed_in("easup").get(f"{address}/ban-in.pdf").status_code == 404


@ON_SQLITE
def test_a_report_is_drawn_for_those_who_see_its_forms(instance: Instance) -> None:
    work = province.work_of(sit(instance, "easup"))
    for login in ("bmt", "ld.bmt", "khcn"):
        with pytest.raises(NotYours):
            own_reports.fetch_draft(sit(instance, login), work.opening_id, work.unit_id)
