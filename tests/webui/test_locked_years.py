"""A locked year is not written through the next one, nor through history (PRACTICE F17)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import pytest
from sqlalchemy import select

from actions import catalogues, closing, decide, openings
from actions.desk import Refusal
from actions.instance import Instance
from registry.catalogue.model import HistoryFigure
from registry.catalogue.values import Aspect
from registry.store import openings as stored
from registry.store.tables import figure, period
from registry.workflow.policy import Action
from tests.webui import small_province as province
from tests.webui.conftest import ON_SQLITE
from tests.webui.small_province import EASUP, sit
from vietnamese.dates import HO_CHI_MINH

JANUARY = datetime(2027, 1, 15, 9, 0, tzinfo=HO_CHI_MINH)


@ON_SQLITE
def test_january_leaves_december_of_a_locked_year_alone_and_says_so(instance: Instance) -> None:
    office, clerk, leader = (sit(instance, login, JANUARY) for login in ("vpub", "easup", "ld.easup"))
    openings.open_period(office, "KTXH", "202701")
    closing.set_year(office, "KTXH", 2026, "01/QĐ-UBND", is_locked=True)
    with clerk.read() as connection:
        scope = clerk.scope(Action.SEE_WORK)
        (work,) = stored.work(connection, scope, regime="KTXH", period_code="202701", form="KTXH-01")
    province.submitted(clerk, "120", "202701")
    left_out = decide.approve(leader, work.assignment_id, 1)
    assert left_out
    with instance.store.read() as connection:
        written = select(period.c.code).join(figure, figure.c.period_id == period.c.id)
        codes = set(connection.execute(written.where(figure.c.version_id.is_not(None))).scalars())
    assert codes == {"202701"}


@ON_SQLITE
def test_history_of_a_locked_year_is_refused_where_the_regime_asks_for_it(instance: Instance) -> None:
    office = sit(instance, "vpub", JANUARY)
    closing.set_year(office, "KTXH", 2026, "01/QĐ-UBND", is_locked=True)
    with office.read() as connection:
        snapshot = office.snapshot(connection)
    form = snapshot.form_versions[snapshot.regimes["KTXH"].forms[0]].form
    asked = next(row.indicator for row in form.rows if row.indicator)
    measure = snapshot.definitions.measures[snapshot.definitions.indicators[asked].measure].code

    def row(when: str) -> HistoryFigure:
        return HistoryFigure(asked, Aspect.ACTUAL, "", when, EASUP, EASUP, Decimal(77), measure)

    with pytest.raises(Refusal, match="2026"):
        catalogues.load_history(office, [row("202512"), row("202609")], "Niên giám", "Ai đó")
    assert catalogues.load_history(office, [row("202512")], "Niên giám", "Ai đó") == 1
