"""Every look at another unit's data and every refused attempt is in the log; one's own work is not."""

import pytest
from flask import Flask

from actions.instance import Instance
from registry.store import audit
from registry.store.audit import Entry
from tests.webui.conftest import ON_SQLITE, Clock, SignIn
from tests.webui.small_province import BMT, EASUP, NOW, Things, sit
from tests.webui.test_permission import EXAMPLES, asked, both, method_of

__all__ = ["both"]
# How far a file is, asked every second: nothing of what is in it. The page it stands on and the file are noted.
POLLED = {
    "own_reports.progress",
    "report_files.package_progress",
    "report_files.pdf_progress",
    "unit_exports.progress",
}
SINCE = ("sign-in", "sign-in refused", "sign-in locked")


def entries(instance: Instance, login: str) -> list[Entry]:
    """What somebody did after signing in, the first first."""
    with instance.store.read() as connection:
        found = [one for one in audit.latest(connection, 1000)[::-1] if one.actor == login]
    return found[max((at for at, one in enumerate(found, 1) if one.action in SINCE), default=0) :]


@ON_SQLITE
@pytest.mark.parametrize("login", ["vpub", "ioc"])
def test_every_page_of_a_unit_leaves_that_it_was_read_by_another(
    login: str, instance: Instance, app: Flask, signed_in: SignIn, both: tuple[Things, Things, int]
) -> None:
    _, other, report = both
    browser = signed_in(login)
    unnoted = []
    for endpoint, (_, _, about_a_unit) in EXAMPLES.items():
        if not about_a_unit or method_of(app, endpoint) != "GET" or endpoint in POLLED:
            continue
        before = len(entries(instance, login))
        answer = asked(app, browser, endpoint, other, report)
        noted = entries(instance, login)[before:]
        whose = {one.unit_id for one in noted}
        if answer.status_code == 200 and (len(noted), whose) != (1, {other.unit_id}):
            unnoted.append((endpoint, [(one.action, one.object) for one in noted]))
        if answer.status_code == 404:
            assert [one.action for one in noted] == ["refused"], endpoint
    assert unnoted == []


@ON_SQLITE
def test_a_page_of_many_units_leaves_one_entry_of_no_unit_of_its_own(
    instance: Instance, signed_in: SignIn, both: tuple[Things, Things, int]
) -> None:
    browser = signed_in("ioc")
    assert browser.get("/ky-bao-cao/KTXH/202610").status_code == 200
    assert [(one.action, one.object) for one in entries(instance, "ioc")] == [("read", "KTXH 202610")]


@ON_SQLITE
def test_ones_own_work_is_ones_own_to_look_at(
    instance: Instance, app: Flask, signed_in: SignIn, both: tuple[Things, Things, int]
) -> None:
    own, _, _ = both
    browser = signed_in("easup")
    for path in (f"/viec/{own.assignment_id}", f"/tep/{own.upload}", f"/phieu/{own.receipt}", "/"):
        assert browser.get(path).status_code == 200, path
    assert entries(instance, "easup") == []


@ON_SQLITE
def test_an_attempt_at_what_is_not_there_and_at_what_is_not_yours_leave_the_same(
    instance: Instance, signed_in: SignIn, both: tuple[Things, Things, int]
) -> None:
    browser, other = signed_in("easup"), both[1]
    for path in (f"/viec/{other.assignment_id}", "/viec/999999", "/nhat-ky", "/viec/1/%00%0A<b>"):
        assert browser.get(path).status_code == 404
    browser.post(f"/viec/{other.assignment_id}/duyet", data={"version": "1"})
    noted = entries(instance, "easup")
    assert {(one.action, one.unit_id) for one in noted} == {("refused", both[0].unit_id)}
    assert [one.object for one in noted] == [
        f"GET /viec/{other.assignment_id}",
        "GET /viec/999999",
        "GET /nhat-ky",
        f"POST /viec/{other.assignment_id}/duyet",
    ]
    assert {one.detail for one in noted} == {"{}"}


@ON_SQLITE
def test_an_address_may_hold_anything(instance: Instance, signed_in: SignIn) -> None:
    browser = signed_in("easup")
    assert browser.get("/ky-bao-cao/%7F/a%0Ab%C4%90").status_code == 404
    assert browser.get("/ky-bao-cao/%00/a").status_code == 404  # an address no page has
    assert [one.object for one in entries(instance, "easup")] == ["GET /ky-bao-cao/%7F/a%0Ab%C4%90"]


@ON_SQLITE
def test_signing_in_wrongly_locked_and_rightly_are_entries_of_the_unit_whose_account_it_is(
    instance: Instance, app: Flask, clock: Clock
) -> None:
    browser = app.test_client()
    for login, word in [("easup", "sai")] * 6 + [("nobody", "sai")]:
        browser.post("/dang-nhap", data={"login": login, "password": word})
    with instance.store.read() as connection:
        found = audit.latest(connection, 7)[::-1]
    easup = sit(instance, "easup", NOW).actor
    assert [one.action for one in found] == ["sign-in refused"] * 5 + ["sign-in locked", "sign-in refused"]
    assert {(one.person_id, one.unit_id) for one in found[:6]} == {(easup.person_id, easup.home)}
    assert (found[6].actor, found[6].person_id, found[6].unit_id) == ("nobody", None, None)


def test_every_entry_of_the_month_says_whose_it_is(instance: Instance, both: tuple[Things, Things, int]) -> None:
    own, other, _ = both
    with instance.store.read() as connection:
        found = audit.latest(connection, 1000)
        assert audit.verify(connection)[1] is None
        ids = sit(instance, "vpub").snapshot(connection).unit_ids
    assert (ids[EASUP], ids[BMT]) == (own.unit_id, other.unit_id)
    for things, login in ((own, "easup"), (other, "bmt")):
        mine = [one for one in found if one.actor in (login, f"ld.{login}")]
        assert {one.unit_id for one in mine} == {things.unit_id}
        assert {"upload", "judge", "submit", "approve", "send-report"} <= {one.action for one in mine}
