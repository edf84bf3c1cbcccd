"""The receipt of what was handed in: everything on it is on record, its QR leads back, only who may see it does."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from actions import checkpoints, decide, reports, submit
from actions.instance import Instance
from registry.store import audit, receipts, submissions, uploads
from registry.store import tables as t
from registry.workflow.policy import Action
from tests.webui import small_province as province
from tests.webui.conftest import ON_SQLITE, Clock, SignIn
from tests.webui.small_province import NOW, carry_through, sit, work_of


def numbers(instance: Instance) -> list[int]:
    with instance.store.read() as connection:
        mine = select(t.submission_event.c.id).where(t.submission_event.c.action == "submit")
        return list(connection.execute(mine.order_by(t.submission_event.c.id)).scalars())


def link_of(instance: Instance, seq: int) -> tuple[str, str]:
    with instance.store.read() as connection:
        row = connection.execute(select(t.audit).where(t.audit.c.seq == seq)).one()
    return row.action, row.hash


@pytest.fixture
def handed(instance: Instance) -> int:
    """The receipt of Ea Súp's file."""
    province.submitted(sit(instance, "easup"))
    return numbers(instance)[-1]


def test_everything_on_a_receipt_is_on_record(instance: Instance, signed_in: SignIn, handed: int) -> None:
    clerk = signed_in("easup")
    work = work_of(sit(instance, "easup"))
    assert f'href="/phieu/{handed}"' in clerk.get(f"/viec/{work.assignment_id}").text
    page = clerk.get(f"/phieu/{handed}").text
    with instance.store.read() as connection:
        [version] = submissions.versions(connection, work.submission_id)
        upload = uploads.get(connection, version.upload_id or 0)
        scope = sit(instance, "easup").scope(Action.SEE_SUBMISSION)
        receipt = receipts.get(connection, scope, handed)
    assert upload is not None
    assert receipt is not None
    assert receipt.audit_seq is not None
    assert link_of(instance, receipt.audit_seq) == ("submit", receipt.audit_hash)
    for text in (
        f"Phiếu số {handed}",
        "Xã Ea Súp",
        "KTXH-01",
        "Tháng 10 năm 2026",
        upload.name,
        upload.sha,
        version.sha,
        f"Mục số {receipt.audit_seq}",
        str(receipt.audit_hash),
        "09:00 ngày 15/10/2026",
        "Chưa đến hạn",
        "Chưa duyệt",
    ):
        assert text in page, text


@ON_SQLITE
def test_the_qr_leads_to_the_page_that_compares_the_paper_with_the_log(
    signed_in: SignIn, handed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    import segno

    real = segno.make
    monkeypatch.setattr(segno, "make", lambda text, **more: (made.append(text), real(text, **more))[1])
    clerk = signed_in("easup")
    answer = clerk.get(f"/phieu/{handed}/ma.svg")
    assert answer.mimetype == "image/svg+xml"
    assert answer.data.startswith(b"<svg")
    assert b"style=" not in answer.data
    [address] = made
    assert address.startswith(f"http://localhost/phieu/{handed}?ma=")
    path = address.removeprefix("http://localhost")
    assert "khớp với nhật ký" in clerk.get(path).text
    code = path.partition("ma=")[2]
    assert code in clerk.get(f"/phieu/{handed}").text
    forged = code[:-1] + ("0" if code[-1] != "0" else "1")
    assert "không khớp" in clerk.get(f"/phieu/{handed}?ma={forged}").text


def test_who_may_not_see_the_submission_sees_no_receipt(signed_in: SignIn, handed: int) -> None:
    for login, expected in {"easup": 200, "ld.easup": 200, "vpub": 200, "ioc": 200, "bmt": 404, "ld.bmt": 404}.items():
        browser = signed_in(login)
        assert browser.get(f"/phieu/{handed}").status_code == expected, login
        assert browser.get(f"/phieu/{handed}/ma.svg").status_code == expected, login
    clerk = signed_in("easup")
    assert clerk.get("/phieu/999999").status_code == 404
    assert clerk.get("/phieu/999999/ma.svg").status_code == 404


@ON_SQLITE
def test_every_handing_in_has_its_own_receipt_and_its_own_link(instance: Instance, signed_in: SignIn) -> None:
    clerk, leader = sit(instance, "easup"), sit(instance, "ld.easup")
    upload = province.submitted(clerk)
    work = work_of(clerk)
    submit.withdraw(clerk, work.assignment_id)
    province.submitted(clerk)  # at the same moment of the test's clock
    decide.send_back(leader, work.assignment_id, 1, "Sai số bò")
    browser = signed_in("easup")
    made = browser.post(f"/tep/{upload}/sua", data={"o:NN14:c06": "121"}).location
    browser.post(f"{made}/trinh-duyet")
    first, again, corrected = numbers(instance)
    scope = clerk.scope(Action.SEE_SUBMISSION)
    with instance.store.read() as connection:
        found = [receipts.get(connection, scope, number) for number in (first, again, corrected)]
        details = {one.seq: one.detail for one in audit.latest(connection, 500)}
    assert [(one.n, one.sending_n) for one in found if one] == [(1, 1), (1, 2), (2, 1)]
    assert "trình lần 2 của số liệu này" in browser.get(f"/phieu/{again}").text
    story = browser.get(f"/viec/{work.assignment_id}").text
    assert [story.count(f"Lần 1, trình lần {n}") for n in (1, 2)] == [1, 1]
    links = [one.audit_seq for one in found if one]
    assert links == sorted({link for link in links if link})
    assert '"version":2' in details[links[2] or 0].replace(" ", "")
    page = browser.get(f"/phieu/{corrected}").text
    assert "Sửa trên trang 1 ô" in page
    assert f"tệp số {upload}" in page
    assert "Lần 2" in browser.get(f"/phieu/{first}").text
    event = next(event for event in _events(instance, work.submission_id) if event.action == "return")
    assert browser.get(f"/phieu/{event.id}").status_code == 404


def _events(instance: Instance, submission_id: int) -> list[submissions.Event]:
    with instance.store.read() as connection:
        return submissions.events(connection, submission_id)


def test_a_late_and_a_nil_receipt_say_so(instance: Instance, signed_in: SignIn, clock: Clock) -> None:
    late = NOW + timedelta(days=5)
    work = work_of(sit(instance, "easup"))
    submit.nil(sit(instance, "easup", late), work.assignment_id)
    [number] = numbers(instance)
    clock.now = late
    page = signed_in("easup").get(f"/phieu/{number}").text
    assert "Quá hạn, chưa gửi" in page
    assert "Báo cáo không phát sinh, không có tệp" in page
    assert not re.search(r"<dt>Tệp</dt>", page)
    decide.approve(sit(instance, "ld.easup", late), work.assignment_id, 1)
    page = signed_in("easup").get(f"/phieu/{number}").text
    assert "09:00 ngày 20/10/2026" in page
    assert "Quá hạn, chưa gửi" in page  # its figures are approved, its report is not sent
    reports.send(sit(instance, "ld.easup", late), work.opening_id, work.unit_id)
    assert "Gửi trễ hạn (2 ngày làm việc)" in signed_in("easup").get(f"/phieu/{number}").text


@ON_SQLITE
def test_what_was_handed_in_and_approved_is_vouched_for_once_the_log_is_signed(
    instance: Instance, signed_in: SignIn
) -> None:
    own = carry_through(instance, "easup", "ld.easup")
    clerk = signed_in("easup")
    assert "Chưa ký; nhật ký được ký ít nhất 60 phút một lần." in clerk.get(f"/phieu/{own.receipt}").text
    assert "chưa có điểm chốt" in clerk.get(f"/viec/{own.assignment_id}").text
    made = checkpoints.make(instance, NOW, checkpoints.INTERVAL)
    assert made is not None
    page = clerk.get(f"/phieu/{own.receipt}").text
    with instance.store.read() as connection:
        scope = sit(instance, "easup").scope(Action.SEE_SUBMISSION)
        receipt = receipts.get(connection, scope, own.receipt)
    assert receipt is not None
    approval = receipt.approval
    assert approval is not None
    assert link_of(instance, approval.seq) == ("approve", approval.hash)
    for text in (f"Số {made.n}, ký lúc", made.hash, made.signature, f"Mục số {approval.seq}", approval.hash):
        assert text in page, text
    story = clerk.get(f"/viec/{own.assignment_id}").text
    assert f"Nhật ký: mục {approval.seq}, điểm chốt số {made.n}" in story
