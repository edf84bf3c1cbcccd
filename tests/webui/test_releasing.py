"""Before a compiled report leaves: what stands open is signed, kept, and asked for (Điều 20.1, R54, R58)."""

from __future__ import annotations

import hashlib
import io
from datetime import timedelta

import pytest
from docx import Document

from actions import compiling, papers, releasing, tracing
from actions.desk import NotNow, NotYours, Refusal
from actions.instance import Instance
from actions.matters import Matter, Matters
from registry.catalogue.model import Role
from registry.store.papers import NewPaper
from registry.store.releases import ReleaseStep
from tests.webui import rights
from tests.webui import small_province as province
from tests.webui.conftest import ON_SQLITE, SignIn
from tests.webui.small_province import NOW, sit
from tests.webui.test_tracing import approved, compile_now

LATER = NOW + timedelta(hours=2)


@pytest.fixture
def version(instance: Instance) -> int:
    approved(instance, "easup", "ld.easup", "120")
    return compile_now(instance)[0]


def test_what_stands_open_is_signed_and_kept_and_late_arrivals_are_seen(instance: Instance, version: int) -> None:
    found = releasing.look(sit(instance, "ioc"), version)
    assert found.may_sign
    assert "Phường Buôn Ma Thuột" in [one.who for one in found.matters.missing]
    assert found.matters.late == ()
    assert found.matters.unreviewed  # nobody has reviewed anything yet
    releasing.sign(sit(instance, "ioc"), version, releasing.seen_as(found.matters), "đã trao đổi với sở")

    approved(instance, "bmt", "ld.bmt", "30")
    again = releasing.look(sit(instance, "ioc", LATER), version)
    assert [one.who for one in again.matters.late] == ["Phường Buôn Ma Thuột"]
    (signed,) = again.steps
    assert (signed.step, signed.note, len(signed.stood["missing"])) == (
        ReleaseStep.CHECK,
        "đã trao đổi với sở",
        len(found.matters.missing),
    )
    assert "late" not in signed.stood


@ON_SQLITE
def test_what_changed_meanwhile_is_not_signed_unseen(instance: Instance, version: int) -> None:
    seen = releasing.seen_as(releasing.look(sit(instance, "ioc"), version).matters)
    approved(instance, "bmt", "ld.bmt", "30")
    with pytest.raises(NotNow):
        releasing.sign(sit(instance, "ioc", LATER), version, seen)


@ON_SQLITE
def test_a_unit_whose_words_say_other_numbers_than_its_table_is_named(instance: Instance) -> None:
    document, told = Document(), io.BytesIO()
    document.add_paragraph("Đàn trâu 130 con; đàn bò 152 con.")
    document.save(told)
    province.carry_through(instance, "easup", "ld.easup", told.getvalue())
    version, _ = compile_now(instance)
    for _ in range(2):  # the second time what was found is known
        found = releasing.look(sit(instance, "ioc"), version).matters.contradicted
        assert [(one.who, one.count) for one in found] == [("Xã Ea Súp", 2)]


def issue(instance: Instance, version: int, why: str = "") -> None:
    signer = rights.sign(instance, "vpub", "KT", unit="VPUB")
    document = NewPaper("0312/BC-UBND", NOW.date(), signer, "")
    papers.record_compiled(sit(instance, "vpub"), version, document, why_unchecked=why)


@ON_SQLITE
def test_a_report_is_issued_once_checked_or_with_the_reason_why_not(instance: Instance, version: int) -> None:
    with pytest.raises(Refusal):
        issue(instance, version)
    assert tracing.look(sit(instance, "vpub"), version).steps == ()
    issue(instance, version, "họp gấp")
    issue(instance, version)  # recorded again: a slip of the pen in the first
    (step,) = tracing.look(sit(instance, "vpub"), version).steps
    assert (step.step, step.number, step.note) == (ReleaseStep.ISSUE, "0312/BC-UBND", "họp gấp")


@ON_SQLITE
def test_a_checked_report_needs_no_reason(instance: Instance, version: int) -> None:
    seen = releasing.seen_as(releasing.look(sit(instance, "ioc"), version).matters)
    releasing.sign(sit(instance, "ioc"), version, seen)
    issue(instance, version)
    assert [one.note for one in tracing.look(sit(instance, "vpub"), version).steps] == ["", ""]


@ON_SQLITE
def test_who_only_receives_signs_nothing(instance: Instance, version: int) -> None:
    with pytest.raises(NotYours):
        releasing.sign(sit(instance, "nhan.stc"), version, "")
    rights.give(instance, "nl.vp", Role.MONITOR, form="KTXH-01")
    with pytest.raises(NotYours):
        releasing.sign(sit(instance, "nl.vp"), version, "")


@ON_SQLITE
def test_the_pages_lead_from_the_list_to_the_issue(signed_in: SignIn, instance: Instance, version: int) -> None:
    browser = signed_in("vpub")
    page = browser.get(f"/ban-tong-hop/{version}/kiem-tra").text
    assert "Đơn vị chưa có số liệu" in page
    seen = page.partition('name="seen" value="')[2].partition('"')[0]
    browser.post(f"/ban-tong-hop/{version}/kiem-tra", data={"seen": seen})
    assert "Nội bộ, chưa phát hành" in browser.get(f"/ban-tong-hop/{version}").text
    issue(instance, version)
    told = browser.get(f"/ban-tong-hop/{version}").text
    assert "Đã phát hành, số 0312/BC-UBND ngày 15/10/2026." in told
    assert "Đã ký rà soát trước khi phát hành." in told
    assert "Ký danh sách này" not in browser.get(f"/ban-tong-hop/{version}/kiem-tra").text


@ON_SQLITE
def test_a_file_bears_who_took_it_until_its_report_is_issued_and_its_bytes_stay_as_hashed(
    signed_in: SignIn, instance: Instance, version: int
) -> None:
    browser = signed_in("vpub")
    address = f"/bao-cao/{version}/tep/xlsx"
    taken = browser.get(address, buffered=True)
    assert "BC_KTXH_202610_tong-hop_v1_cong-vu_vpub_20261015-0900.xlsx" in taken.headers["Content-Disposition"]
    assert hashlib.sha256(taken.data).hexdigest() in browser.get(f"/ban-tong-hop/{version}").text
    issue(instance, version, "họp gấp")
    assert "BC_KTXH_202610_tong-hop_v1.xlsx" in browser.get(address, buffered=True).headers["Content-Disposition"]


def test_kinds_without_anything_open_are_left_out() -> None:
    found = Matters(missing=(Matter("Sở Y tế"),))
    assert found.counts == {"missing": 1}
    assert found.plain == {"missing": [{"who": "Sở Y tế", "form": "", "count": 0, "words": ""}]}


def test_what_comes_after_the_signed_version_says_that_it_replaces_that_one(instance: Instance, version: int) -> None:
    """Also where others were compiled since: the version sent is the one whose signed document is on record."""
    issue(instance, version, "họp gấp")
    approved(instance, "bmt", "ld.bmt", "30")
    for hour in (2, 3):
        made = compiling.compile_report(sit(instance, "vpub", NOW + timedelta(hours=hour)), "KTXH", "202610")
        said = "".join(Document(io.BytesIO(made.files[1].data)).element.itertext())
        assert (made.n, "Bản này thay thế bản tổng hợp lần 1" in said) == (hour, True)
