"""Files of reports are for who sees all their forms; what was destroyed is in none of them."""

import hashlib
import io
import zipfile

import pytest
from flask.testing import FlaskClient

from actions import decide, destroy, packages, papers, reports, unit_exports
from actions.desk import NotEntitled, NotYours
from actions.instance import Instance
from actions.printing import stop
from actions.work import run_one
from registry.catalogue.model import Role
from registry.store import papers as stored_papers
from registry.store import uploads
from registry.store.papers import NewPaper
from tests.webui import rights
from tests.webui import small_province as province
from tests.webui.conftest import ON_SQLITE, SignIn
from tests.webui.small_province import NOW, sit
from tests.webui.test_tracing import compile_now

pytestmark = [ON_SQLITE, pytest.mark.usefixtures("clock")]
OFTEN = ("tep-da-gui/", "so-lieu-da-duyet/", "thuyet-minh/", "bao-cao/")


def _taken(instance: Instance, browser: FlaskClient, address: str, kind: str) -> bytes:
    browser.post(address)
    assert run_one(instance, (kind,))
    return bytes(browser.get(f"{address}.zip", buffered=True).data)


def _names(data: bytes) -> list[str]:
    return zipfile.ZipFile(io.BytesIO(data)).namelist()


def _holds(data: bytes, sha: str) -> bool:
    with zipfile.ZipFile(io.BytesIO(data)) as held:
        return any(hashlib.sha256(held.read(name)).hexdigest() == sha for name in held.namelist())


def _destroyed(instance: Instance, number: int) -> None:
    destroy.propose(sit(instance, "vpub"), number, "12/BB-VP", "mật")
    destroy.confirm(sit(instance, "bmnn"), number)


def test_whoever_sees_one_form_takes_nothing_of_the_others(instance: Instance, signed_in: SignIn) -> None:
    own = province.carry_through(instance, "easup", "ld.easup")
    rights.give(instance, "nl.vp", Role.CLERK, form="II.06a")
    browser, report = signed_in("nl.vp"), f"/bao-cao-don-vi/{own.opening_id}/{own.unit_id}"
    data = _taken(instance, browser, f"/don-vi/{own.unit_id}/da-gui", unit_exports.EXPORT)
    assert [name for name in _names(data) if name.startswith(OFTEN)] == []
    assert any(
        name.startswith(OFTEN)
        for name in _names(_taken(instance, signed_in("easup"), f"/don-vi/{own.unit_id}/da-gui", unit_exports.EXPORT))
    )
    version = f"/bao-cao/{own.own_version}"
    for address in (f"{version}/ho-so", f"{version}/tep/docx", f"{report}/ban-in.docx"):
        assert browser.get(address).status_code == 404, address
        assert signed_in("easup").get(address, buffered=True).status_code == 200, address
    assert browser.get(report).status_code == 404 or "ban-in.docx" not in browser.get(report).text


def test_a_receiver_of_another_regime_has_no_file_of_a_compiled_report(instance: Instance, signed_in: SignIn) -> None:
    province.carry_through(instance, "easup", "ld.easup")
    version = compile_now(instance)[0]
    rights.give(instance, "nl.vp", Role.RECEIVER, unit="STC", regime="XXX")
    browser = signed_in("nl.vp")
    for address in (
        f"/ban-tong-hop/{version}",
        *(f"/bao-cao/{version}/{one}" for one in ("ho-so", "tep/xlsx", "tep/docx")),
    ):
        assert browser.get(address).status_code == 404, address
    with pytest.raises(NotEntitled):
        stop(sit(instance, "ioc"), version)


def test_what_was_destroyed_is_in_no_zip_made_before_or_after(instance: Instance, signed_in: SignIn) -> None:
    own = province.carry_through(instance, "easup", "ld.easup")
    version = compile_now(instance)[0]
    package = f"/bao-cao/{version}/nen/ho-so-va-nguon"
    with instance.store.read() as connection:
        sent = {one.kind: one for one in uploads.of_unit(connection, own.unit_id)}
    before = _taken(instance, signed_in("vpub"), package, packages.PACKAGE)
    assert _holds(before, sent[uploads.WORKBOOK].sha)
    assert _holds(before, sent[uploads.NARRATIVE].sha)
    for one in sent.values():
        _destroyed(instance, one.id)
        assert signed_in("vpub").get(f"{package}.zip").status_code == 409
    after = _taken(instance, signed_in("vpub"), package, packages.PACKAGE)
    assert not any(_holds(after, one.sha) for one in sent.values())


def test_a_signed_document_is_kept_with_the_version_that_was_signed_and_once(instance: Instance) -> None:
    own = province.carry_through(instance, "easup", "ld.easup")
    capacity = rights.sign(instance, "ld.easup", "direct", province.EASUP)
    decide.reopen(sit(instance, "vpub"), own.assignment_id, "sai số liệu")
    province.submitted(sit(instance, "easup"), "130")
    decide.approve(sit(instance, "ld.easup"), own.assignment_id, 2)
    reports.send(sit(instance, "ld.easup"), own.opening_id, own.unit_id)
    new = NewPaper("12/BC-UBND", NOW.date(), capacity, "")
    for _ in range(2):
        papers.record(sit(instance, "easup"), own.opening_id, own.unit_id, new, n=1)
    with instance.store.read() as connection:
        assert [one.number for one in stored_papers.of_version(connection, own.own_version)] == [new.number]
    with pytest.raises(NotYours):
        papers.record(sit(instance, "easup"), own.opening_id, own.unit_id, new, n=3)
