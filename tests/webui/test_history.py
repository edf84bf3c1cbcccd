"""How deadlines were kept: every count is what `judged` says of the sendings, and what the board shows."""

import io
import re
from collections import Counter
from datetime import date, datetime, timedelta

import openpyxl
from sqlalchemy import update

from actions import history, instants, openings, outages
from actions.instance import Instance
from compile.history import Record, by_unit, ordered
from registry.store import board, sendings, unit_work
from registry.store import openings as openings_kept
from registry.store.tables import assignment
from registry.workflow.policy import EVERYWHERE, Action
from registry.workflow.timeliness import Arrival, is_late, judged
from tests.webui import small_province as province
from tests.webui.conftest import ON_SQLITE, Clock, SignIn
from tests.webui.rights import unit_key
from tests.webui.small_province import BMT, NOW, sit
from tests.webui.test_board import statements
from tests.webui.test_chase import opening_of
from vietnamese.dates import HO_CHI_MINH

PAGE = "/tinh-hinh-gui"


def lived(instance: Instance) -> None:
    """Ea Súp sent in time, Buôn Ma Thuột was given more time, the others send nothing."""
    province.carry_through(instance, "easup", "ld.easup")
    more = NOW + timedelta(days=6)
    mine = frozenset({unit_key(instance, BMT)})
    instants.extend(sit(instance, "vpub"), opening_of(instance).id, more, "mưa lũ", mine)


def test_counts_are_those_of_judged_over_the_sendings_in_a_constant_number_of_queries(instance: Instance) -> None:
    lived(instance)
    desk = sit(instance, "vpub", NOW + timedelta(days=10))
    with instance.store.read() as connection:
        desk.snapshot(connection)
        with statements(instance) as asked:
            held = history.own(desk, connection)
        assert len([one for one in asked if one.startswith("SELECT")]) <= 5
        calendar = desk.snapshot(connection).calendar
        expected = Counter(
            judged(one, desk.moment, calendar).arrival for one in sendings.within(connection, EVERYWHERE)
        )
        squares = board.squares(connection, EVERYWHERE, opening_of(instance).id, unit_key(instance, "STC"))
    record = Record.of(held)
    assert record.counts == expected
    assert record.counts[Arrival.MISSING] == sum(is_late(one.sending, desk.moment) for one in squares)
    assert record.extensions == 1
    (mine,) = [one for one in held if one.unit.code == BMT]
    assert (mine.extensions, mine.standing.arrival) == (("mưa lũ",), Arrival.MISSING)
    lines = by_unit(held)
    assert sum(one.record.asked for one in lines) == record.asked
    assert ordered(lines, "ty-le")[-1].unit.name == "Xã Ea Súp"  # the best comes last


@ON_SQLITE
def test_a_unit_sees_its_own_and_the_office_all_by_share(instance: Instance, signed_in: SignIn, clock: Clock) -> None:
    lived(instance)
    clock.now = NOW + timedelta(days=10)
    own = signed_in("bmt")
    page = own.get(PAGE).text
    assert "Quá hạn, chưa gửi" in page
    assert "mưa lũ" in page
    assert "Ea Súp" not in page
    assert own.get(PAGE, query_string={"don-vi": "24211"}).status_code == 404
    office = signed_in("vpub")
    rows = re.findall(r'don-vi=\d*[A-Z]*">([^<]+)</a></th><td class="text-end">([^<]+)<', office.get(PAGE).text)
    assert dict(rows)["Xã Ea Súp"] == "100%"
    worst = re.findall(r'don-vi=\w+">([^<]+)</a></th>', office.get(PAGE, query_string={"xep": "ty-le"}).text)
    assert worst[-1] == "Xã Ea Súp"
    book = openpyxl.load_workbook(io.BytesIO(office.get(f"{PAGE}.xlsx").data))
    assert book.sheetnames == ["Theo đơn vị", "Từng kỳ"]
    assert sit(instance, "bmnn").scope(Action.SEE_TIMELINESS).is_empty


@ON_SQLITE
def test_the_workbook_holds_the_regime_that_was_chosen(instance: Instance, signed_in: SignIn) -> None:
    openings.open_period(sit(instance, "vpub"), "KSTT", "20263")
    office = signed_in("vpub")
    page = office.get(PAGE, query_string={"che-do": "KTXH", "xep": "ty-le"}).text
    (link,) = re.findall(r'href="([^"]*tinh-hinh-gui\.xlsx[^"]*)"', page)
    (unit,) = re.findall(r'href="([^"]*don-vi=24211[^"]*)"', page)
    assert "che-do=KTXH" in unit
    sheet = openpyxl.load_workbook(io.BytesIO(office.get(link).data))["Từng kỳ"]
    regimes = {row[2] for row in sheet.iter_rows(values_only=True)}
    assert "KTXH" in regimes
    assert "KSTT" not in regimes


@ON_SQLITE
def test_more_time_for_all_counts_for_who_had_less(instance: Instance) -> None:
    lived(instance)  # Buôn Ma Thuột has more time already
    opening = opening_of(instance).id
    instants.extend(sit(instance, "vpub"), opening, NOW + timedelta(days=5), "mọi đơn vị")
    desk = sit(instance, "vpub")
    with desk.read() as connection:
        told = {one.unit.code: one.extensions for one in history.own(desk, connection)}
    assert (told[BMT], told["22015"]) == (("mưa lũ",), ("mọi đơn vị",))


@ON_SQLITE
def test_a_deadline_pushed_over_the_end_of_a_month_by_an_outage_is_told_of_that_month(instance: Instance) -> None:
    end = datetime(2026, 11, 1, tzinfo=HO_CHI_MINH)
    opening, hour = opening_of(instance).id, timedelta(hours=1)
    with instance.store.write() as connection:
        connection.execute(update(assignment).values(due_at=end, due_at_first=end))
    office = sit(instance, "vpub", end + 3 * hour)
    number = outages.enter(office, end - 2 * hour, end + 2 * hour, "mất điện")
    outages.decide(office, number, "mất điện", is_confirmed=True)
    instants.extend(office, opening, end + timedelta(days=34), "mưa")  # into December
    with office.read() as connection:
        found = [
            len(history.kept(office, connection, EVERYWHERE, history.span(first, last)))
            for first, last in ((date(2026, month, 1), date(2026, month, 30)) for month in (10, 11, 12))
        ]
    assert found[0] == found[2] == 0 < found[1]


@ON_SQLITE
def test_how_a_unit_kept_a_deadline_does_not_change_when_it_ends_later(instance: Instance) -> None:
    lived(instance)
    later = sit(instance, "vpub", NOW + timedelta(days=60))
    with later.read() as connection:
        forms = {one.unit_id: one.assignment_id for one in openings_kept.work(connection, EVERYWHERE)}
        before = Record.of(history.own(later, connection))
    with instance.store.write() as connection:
        for number in forms.values():
            unit_work.close_form(connection, number, later.moment)
        assert sendings.within(connection, EVERYWHERE) == []
    with later.read() as connection:
        assert Record.of(history.own(later, connection)) == before
    with instance.store.write() as connection:
        for number in forms.values():
            unit_work.close_form(connection, number, NOW)
    with later.read() as connection:
        assert history.own(later, connection) == []
