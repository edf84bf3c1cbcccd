"""The instants of a period: who had how much time, and how each sending stands to it (R28, R48)."""

from datetime import datetime, timedelta

from actions import decide, instants, submit
from actions.instance import Instance
from registry.periods import WorkingCalendar
from registry.store import sendings
from registry.workflow.policy import EVERYWHERE
from registry.workflow.timeliness import Arrival, Sending, judged
from tests.webui.small_province import sit, work_of

HOUR = timedelta(hours=1)


def approved(instance: Instance, name: str, at: datetime) -> None:
    """The unit answers its form: handed in and approved at a moment."""
    work = work_of(sit(instance, name))
    submit.nil(sit(instance, name, at), work.assignment_id)
    decide.approve(sit(instance, f"ld.{name}", at), work.assignment_id, work.version + 1)


def by_unit(instance: Instance) -> dict[str, Sending]:
    """The communes' sendings, by unit code."""
    with instance.store.read() as connection:
        snapshot = sit(instance, "vpub").snapshot(connection)
        return {snapshot.units_by_id[one.unit_id].code: one for one in sendings.within(connection, EVERYWHERE)}


def arrivals(instance: Instance, now: datetime) -> dict[str, Arrival]:
    return {code: judged(one, now, WorkingCalendar()).arrival for code, one in by_unit(instance).items()}


def test_lateness_is_judged_by_the_deadline_in_force_at_that_moment(instance: Instance) -> None:
    due = work_of(sit(instance, "easup")).due_at
    opening = work_of(sit(instance, "easup")).opening_id
    approved(instance, "bmt", due + HOUR)
    instants.extend(sit(instance, "vpub", due + 2 * HOUR), opening, due + 24 * HOUR, "mưa lũ")
    approved(instance, "easup", due + 3 * HOUR)
    then = arrivals(instance, due + 4 * HOUR)
    assert [then[code] for code in ("24133", "24211", "22015")] == [Arrival.LATE, Arrival.EXTENDED, Arrival.WAITING]
    found = by_unit(instance)["24211"]
    assert (found.first_sent_at, found.sent_at) == (due + 3 * HOUR, due + 3 * HOUR)
    assert (found.due_first, found.due_at) == (due, due + 24 * HOUR)
    assert arrivals(instance, due + 25 * HOUR)["22015"] is Arrival.MISSING
    assert work_of(sit(instance, "bmt")).sending == by_unit(instance)["24133"]
