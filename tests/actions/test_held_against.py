"""A sum of units is held against only when everybody who is asked gave it then, and what is added up to date too."""

from __future__ import annotations

from decimal import Decimal

from actions import catalogues
from actions.held_against import Bases, province_bases
from registry.catalogue.model import HistoryFigure
from registry.catalogue.values import Aspect, SeriesKey
from registry.periods import parse
from registry.rules.background import Need
from tests.actions.conftest import NOW, As
from tests.webui.conftest import ON_SQLITE

CASES = "NN17"  # pigs lost to African swine fever, added up over the communes
YEAR_BEFORE, MONTH_BEFORE = "202510", "202609"


def need(period: str) -> Need:
    return Need(SeriesKey(CASES, Aspect.ACTUAL), period)


def give(at_desk: As, codes: list[str], period: str) -> None:
    rows = [HistoryFigure(CASES, Aspect.ACTUAL, "", period, code, code, Decimal(10), "con") for code in codes]
    catalogues.load_history(at_desk("vpub"), rows, f"Sổ theo dõi {period} {len(codes)}", "Nguyễn Văn Bình")


def known(at_desk: As) -> Bases:
    desk = at_desk("vpub")
    with desk.read() as connection:
        snapshot = desk.snapshot(connection)
        forms = [snapshot.form_versions["KTXH-01"].form]
        return province_bases(connection, snapshot, snapshot.regimes["KTXH"], parse("202610"), forms, NOW)


@ON_SQLITE
def test_a_base_some_communes_did_not_give_is_none_and_says_how_many_did(at_desk: As) -> None:
    desk = at_desk("vpub")
    with desk.read() as connection:
        units = desk.snapshot(connection).units
    communes = [code for code, unit in units.items() if unit.kind.is_commune]
    give(at_desk, communes[:1], YEAR_BEFORE)
    give(at_desk, communes[:-1], MONTH_BEFORE)
    found = known(at_desk)
    assert not found.known.figures.keys() & {need(YEAR_BEFORE), need(MONTH_BEFORE)}
    assert found.partial[need(YEAR_BEFORE)] == (1, len(communes))
    assert found.partial[need(MONTH_BEFORE)] == (len(communes) - 1, len(communes))

    give(at_desk, communes[-1:], MONTH_BEFORE)
    found = known(at_desk)
    assert found.known.figures[need(MONTH_BEFORE)].mantissa == 10 * len(communes)
    assert need(MONTH_BEFORE) not in found.partial
