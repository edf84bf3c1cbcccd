"""Two actors at once on PostgreSQL, one inside the other's transaction; on SQLite there is but one writer."""

from __future__ import annotations

from typing import Any

import pytest

from actions import closing, decide, reports
from actions.desk import Changed, NotNow
from actions.instance import Instance
from registry.workflow.period import PeriodAct
from registry.workflow.report import ReportState
from registry.workflow.submission import State
from tests.webui import small_province as province
from tests.webui.small_province import sit, work_of
from tests.webui.test_locked_doors import REASON, approved, state_of

ON_POSTGRESQL = pytest.mark.parametrize("instance", ["postgresql"], indirect=True)


@ON_POSTGRESQL
def test_figures_are_not_approved_into_a_period_being_locked(
    instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    province.submitted(sit(instance, "easup"))
    work, real = work_of(sit(instance, "easup")), decide.assert_may_decide
    closing.take(sit(instance, "vpub"), work.opening_id, PeriodAct.CLOSE)

    def meanwhile(*given: Any) -> Any:
        closing.take(sit(instance, "vpub"), work.opening_id, PeriodAct.LOCK)
        return real(*given)

    monkeypatch.setattr(decide, "assert_may_decide", meanwhile)
    with pytest.raises(NotNow):
        decide.approve(sit(instance, "ld.easup"), work.assignment_id, 1)
    assert work_of(sit(instance, "easup")).state is State.PENDING


@ON_POSTGRESQL
def test_a_report_is_not_sent_over_figures_being_reopened(instance: Instance, monkeypatch: pytest.MonkeyPatch) -> None:
    things = approved(instance)
    real = reports.reports.add_version

    def meanwhile(*given: Any) -> Any:
        decide.reopen(sit(instance, "vpub"), things.assignment_id, REASON)
        return real(*given)

    monkeypatch.setattr(reports.reports, "add_version", meanwhile)
    with pytest.raises(Changed):
        reports.send(sit(instance, "ld.easup"), things.opening_id, things.unit_id)
    assert state_of(instance, things.opening_id, things.unit_id) is ReportState.DRAFT
