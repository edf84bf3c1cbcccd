"""How deadlines were kept: every count is what `judged` says of the sendings, and what the board shows."""

import io
import re
from collections import Counter
from datetime import timedelta

import openpyxl

from actions import history, instants, openings
from actions.instance import Instance
from compile.history import Record, by_unit, ordered
from registry.store import board, sendings
from registry.workflow.policy import EVERYWHERE, Action
from registry.workflow.timeliness import Arrival, judged
from tests.webui import small_province as province
from tests.webui.conftest import ON_SQLITE, Clock, SignIn
from tests.webui.rights import unit_key
from tests.webui.small_province import BMT, NOW, sit
from tests.webui.test_board import statements
from tests.webui.test_chase import opening_of

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
    assert record.counts[Arrival.MISSING] == sum(one.is_late_at(desk.moment) for one in squares)
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
