"""Rates of the checks of plausibility on their page, and what concerns another unit: seen by the receiver alone."""

from __future__ import annotations

import html
from pathlib import Path

import pytest

from actions import console, decide, submit
from actions.desk import Desk
from actions.instance import Instance
from actions.measuring import MEASURE
from actions.work import run_one
from ingest.plausibility.told import CHECKS
from registry.findings import Audience, Severity, audience
from registry.store import experience as stored
from registry.store import uploads
from registry.store.experience import Measured
from registry.workflow.policy import Action
from tests.webui import small_province as province
from tests.webui.conftest import ON_SQLITE, SignIn
from tests.webui.small_province import NOW, sit
from webui.wording import say

on_sqlite = pytest.mark.parametrize("instance", ["sqlite"], indirect=True)
ADDRESS = "/danh-muc/canh-bao"
WARD, OTHER = "bmt", "nl.22015"


def handed_in(instance: Instance, login: str, number: int) -> int:
    """A unit's month, every figure the same number; the assignment's key."""
    clerk = sit(instance, login)
    upload = province.sent(clerk, str(number))
    with instance.store.read() as connection:
        verdict = uploads.newest_verdict(connection, upload)
    assert verdict is not None
    assert verdict.can_be_submitted, verdict.findings
    told = {at: "đã đối chiếu" for at, one in enumerate(verdict.findings) if one.severity is Severity.WARNING}
    submit.submit(clerk, upload, told)
    return province.work_of(clerk).assignment_id


def page(signed_in: SignIn, login: str, path: str) -> str:
    answer = signed_in(login).get(path)
    assert answer.status_code == 200, (login, path)
    return html.unescape(answer.get_data(as_text=True))


# --- whose business it is --------------------------------------------------------------------------------------------


@pytest.fixture
def same(instance: Instance) -> tuple[int, int]:
    """Two wards with the same figures, both approved; the assignments' keys."""
    mine, others = handed_in(instance, WARD, 1325), handed_in(instance, OTHER, 1325)
    decide.approve(sit(instance, "ld.22015"), others, 1)
    decide.approve(sit(instance, "ld.bmt"), mine, 1)
    return mine, others


@ON_SQLITE
def test_the_receiver_is_told_that_two_units_have_the_same_figures(same: tuple[int, int], signed_in: SignIn) -> None:
    for login in ("vpub", "nhan.stc"):
        told = page(signed_in, login, f"/viec/{same[0]}")
        assert say("doubts.receiver") in told
        assert "giống hệt số của Phường" in told


@ON_SQLITE
def test_nobody_of_the_unit_and_no_monitor_is(instance: Instance, same: tuple[int, int], signed_in: SignIn) -> None:
    with instance.store.read() as connection:
        other = next(one for one in sit(instance, "vpub").snapshot(connection).units.values() if one.code == "22015")
    upload = province.work_of(sit(instance, WARD))
    assert upload.assignment_id == same[0]
    for login in (WARD, "ld.bmt", "ioc"):
        told = page(signed_in, login, f"/viec/{same[0]}")
        assert say("doubts.receiver") not in told
        assert "giống hệt số của" not in told
        assert other.name not in told


@ON_SQLITE
def test_no_stored_verdict_knows_of_another_unit(instance: Instance, same: tuple[int, int]) -> None:
    clerk = sit(instance, WARD)
    with instance.store.read() as connection:
        sent = uploads.recent(connection, clerk.scope(Action.SEE_UPLOAD), assignment_id=same[0])
        verdicts = [uploads.newest_verdict(connection, one.upload.id) for one in sent]
    assert verdicts
    assert all(audience(found) is Audience.ALL for one in verdicts if one for found in one.findings)


def test_the_command_tells_the_office_and_not_the_clerk(
    instance: Instance, same: tuple[int, int], tmp_path: Path
) -> None:
    name, data = province.filled(sit(instance, WARD), "1325")
    path = tmp_path / name
    path.write_bytes(data)

    def told(desk: Desk) -> set[str]:
        answer = console.ingest(desk, path, console.Wanted(), dry_run=True, then_submit=False, explanation=None)
        return {one["code"] for one in answer.body["findings"]}

    assert "plausible-same-as-another" in told(console.open_desk(instance, None))
    assert "plausible-same-as-another" not in told(console.open_desk(instance, WARD))


@ON_SQLITE
def test_four_telling_figures_alike_are_chance(instance: Instance, signed_in: SignIn) -> None:
    mine, others = handed_in(instance, WARD, 120), handed_in(instance, OTHER, 120)
    decide.approve(sit(instance, "ld.22015"), others, 1)

    assert say("doubts.receiver") not in page(signed_in, "vpub", f"/viec/{mine}")


# --- the rates -------------------------------------------------------------------------------------------------------


@on_sqlite
def test_a_check_that_cries_wolf_is_shown_to_be_off_with_its_rate(instance: Instance, signed_in: SignIn) -> None:
    with instance.store.write() as connection:
        stored.put(connection, Measured("KTXH-01", "202609", {"plausible-unusual": (200, 11)}, (), NOW))
        stored.put(connection, Measured("KTXH-01", "202608", {"plausible-unusual": (200, 10)}, (), NOW))
    told = page(signed_in, "vpub", ADDRESS)

    assert "11/200 ô" in told
    assert "5,5%" in told
    assert "10/200 ô" in told
    assert told.count(say("doubts.off")) == 1
    assert say("doubts.renew") in told
    assert say("doubts.renew") not in page(signed_in, "ioc", ADDRESS)


@on_sqlite
def test_without_measurements_the_page_says_how_they_come_to_be(signed_in: SignIn) -> None:
    assert say("doubts.none-hint") in page(signed_in, "vpub", ADDRESS)


@on_sqlite
def test_the_office_has_rates_measured_again(instance: Instance, signed_in: SignIn) -> None:
    while run_one(instance, (MEASURE,)):
        pass
    handed_in(instance, "easup", 1325)
    browser = signed_in("vpub")
    answer = browser.post(f"{ADDRESS}/do-lai")
    assert answer.status_code == 302
    while run_one(instance, (MEASURE,)):
        pass

    with instance.store.read() as connection:
        assert all(one.period == "202610" for some in stored.every_measured(connection).values() for one in some)


def test_every_check_has_a_name_on_the_page() -> None:
    assert all(f"doubts.code.{code}" in say for code in CHECKS)
