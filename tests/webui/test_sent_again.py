"""What is sent back or opened after reception was closed can be sent again, within its time (PRACTICE F17)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from actions import decide, instants, receptions, submit
from actions.desk import NotNow, Refusal
from actions.instance import Instance
from tests.webui import small_province as province
from tests.webui.conftest import ON_SQLITE
from tests.webui.small_province import NOW, Things, sit, work_of
from tests.webui.test_locked_doors import REASON, before
from vietnamese.dates import HO_CHI_MINH

LATER = NOW + timedelta(minutes=1)


@pytest.fixture
def closed(instance: Instance) -> Things:
    """A report that was sent, before reception was closed."""
    things = province.carry_through(instance, "easup", "ld.easup")
    instants.set_reception(sit(instance, "vpub"), things.opening_id, is_open=False)
    return things


@ON_SQLITE
def test_opened_again_it_is_taken_for_two_working_days(instance: Instance, closed: Things) -> None:
    due = work_of(sit(instance, "easup")).due_at
    decide.reopen(sit(instance, "vpub", LATER), closed.assignment_id, REASON)
    clerk = sit(instance, "easup", LATER)
    upload = province.sent(clerk, "131")
    with pytest.raises(NotNow):
        submit.submit(sit(instance, "easup", LATER + timedelta(days=10)), upload)
    submit.submit(clerk, upload)
    assert work_of(clerk).due_at == due


@ON_SQLITE
def test_sent_back_it_is_taken_until_the_moment_named(instance: Instance, closed: Things) -> None:
    office, until = sit(instance, "vpub", LATER), LATER + timedelta(days=30)
    receptions.take(office, closed.opening_id, before(instance, closed.opening_id).id, REASON, until)
    decide.reopen(office, closed.assignment_id, REASON)
    clerk = sit(instance, "easup", until - timedelta(days=1))
    submit.submit(clerk, province.sent(clerk, "131"))
    assert not work_of(clerk).is_open_at(until)


@ON_SQLITE
def test_the_moment_is_no_more_than_a_year_away(instance: Instance, closed: Things) -> None:
    office, taken = sit(instance, "vpub", LATER), before(instance, closed.opening_id)
    far = datetime(9999, 12, 31, 23, 59, tzinfo=HO_CHI_MINH)
    for due in (far, LATER + timedelta(days=367)):
        with pytest.raises(Refusal, match="366"):
            receptions.take(office, closed.opening_id, taken.id, REASON, due)
    receptions.take(office, closed.opening_id, taken.id, REASON, LATER + timedelta(days=365))
