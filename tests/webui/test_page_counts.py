"""Pages that list many things ask the store as often for twelve as for three."""

from __future__ import annotations

from urllib.parse import urlencode

from flask.testing import FlaskClient

from actions import compiling, decide, openings, receptions, reports, submit
from actions.instance import Instance
from registry.catalogue.model import Role
from registry.store import notices
from registry.store import openings as stored
from registry.store import reports as stored_reports
from registry.store.openings import Work
from registry.workflow.policy import EVERYWHERE
from tests.webui import rights
from tests.webui import small_province as province
from tests.webui.conftest import ON_SQLITE, SignIn
from tests.webui.small_province import sit
from tests.webui.test_events import statements


def asked(instance: Instance, client: FlaskClient, address: str) -> int:
    """Statements one page sends, once what a process remembers is known."""
    client.get(address)
    with statements(instance) as sent:
        assert client.get(address).status_code == 200
    return len(sent)


def works(instance: Instance, period: str = "202610") -> list[Work]:
    """One form of each of twelve units, which one clerk and one leader answer for."""
    with instance.store.read() as connection:
        found = {one.unit_id: one for one in stored.work(connection, EVERYWHERE, regime="KTXH", period_code=period)}
    return list(found.values())[:12]


def reach(instance: Instance) -> None:
    with instance.store.read() as connection:
        codes = {key: unit.code for key, unit in sit(instance, "vpub").snapshot(connection).units_by_id.items()}
    for work in works(instance):
        if codes[work.unit_id] != province.EASUP:
            rights.give(instance, "easup", Role.CLERK, codes[work.unit_id])
            rights.give(instance, "ld.easup", Role.LEADER, codes[work.unit_id])


@ON_SQLITE
def test_forms_before_their_leader_and_those_under_review(instance: Instance, signed_in: SignIn) -> None:
    reach(instance)
    leader, office = signed_in("ld.easup"), signed_in("vpub")
    counts, reviews = [], []
    for part in (works(instance)[:3], works(instance)[3:]):
        for work in part:
            submit.nil(sit(instance, "easup"), work.assignment_id)
        counts.append(asked(instance, leader, "/cho-duyet"))
        for work in part:
            decide.approve(sit(instance, "ld.easup"), work.assignment_id, 1)
        reviews.append(asked(instance, office, "/ra-soat"))
    assert counts[0] == counts[1]
    assert reviews[0] == reviews[1]
    openings.open_period(sit(instance, "vpub"), "KTXH", "202609")
    for work in works(instance, "202609")[:3]:
        submit.nil(sit(instance, "easup"), work.assignment_id)
        decide.approve(sit(instance, "ld.easup"), work.assignment_id, 1)
    assert asked(instance, office, "/ra-soat") <= reviews[1] + 5


@ON_SQLITE
def test_files_in_one_list(instance: Instance, signed_in: SignIn) -> None:
    clerk, numbers, counts = signed_in("easup"), [], []
    for more in (range(3), range(3, 12)):
        numbers += [province.sent(sit(instance, "easup"), str(100 + one)) for one in more]
        counts.append(asked(instance, clerk, f"/tai-len/ket-qua?{urlencode({'tep': numbers}, doseq=True)}"))
    assert counts[0] == counts[1]


@ON_SQLITE
def test_taking_and_compiling_reports_tells_twelve_units_as_three(instance: Instance) -> None:
    reach(instance)
    clerk, leader, office = (sit(instance, one) for one in ("easup", "ld.easup", "vpub"))
    every = works(instance)
    counts = []
    for part in (every[:3], every[3:]):
        with instance.store.read() as connection:
            asked_of = stored.work(connection, EVERYWHERE, opening_id=part[0].opening_id)
        for unit_id in (one.unit_id for one in part):
            for work in (one for one in asked_of if one.unit_id == unit_id):
                submit.nil(clerk, work.assignment_id)
                decide.approve(leader, work.assignment_id, 1)
            reports.attach_narrative(clerk, part[0].opening_id, unit_id, province.narrative(), "a.docx")
            reports.send(leader, part[0].opening_id, unit_id)
        with instance.store.read() as connection:
            arrived = stored_reports.receptions(connection, part[0].opening_id)
        mine = {one.id for one in arrived if one.receiver_id == rights.unit_key(instance, "VPUB")}
        with statements(instance) as taken:
            assert receptions.take_all(office, part[0].opening_id, mine) == len(part)
        with statements(instance) as compiled:
            compiling.compile_report(office, "KTXH", "202610")
        counts.append((len(taken), len(compiled)))
    with instance.store.read() as connection:
        told = [one.kind for one in notices.unread(connection, rights.key_of(instance, "ld.easup"), 99)]
    assert (told.count("report-received"), told.count("report-compiled")) == (12, 12)
    assert counts[1] <= (counts[0][0] + 1, counts[0][1] + 2)
