"""Reports and receptions against a model: two units, two receivers, stale looks and actors at the same time."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from actions import decide, receptions, reports, submit
from actions.desk import Changed, NotNow, NotYours, Refusal
from ingest.sandbox import ReadingPool
from registry.store import reports as stored
from registry.store import submissions
from registry.store.reports import Reception, Report
from registry.workflow.policy import EVERYWHERE
from tests.webui import small_province as province
from tests.webui.conftest import PROVINCE
from tests.webui.small_province import NOW, sit

UNITS, RECEIVERS = ("easup", "bmt"), ("VPUB", "STC")
SITS = {"VPUB": "vpub", "STC": "nhan.stc"}
ANY_UNIT, ANY_RECEIVER = st.sampled_from(UNITS), st.sampled_from(RECEIVERS)
SENDABLE = {"draft", "pending", "approved"}


@dataclass
class Model:
    """What one unit's report should be."""

    report: str = "draft"
    figures: str = "none"  # none | approved | reopened
    taken: dict[str, str] = field(default_factory=dict)  # of the newest version, by receiver
    former: dict[str, int] = field(default_factory=dict)  # receptions of the version before, by receiver


class Reports(RuleBasedStateMachine):
    """Every rule tries its step in whatever state the report is; the model says whether it may succeed."""

    kind: str
    pool: ReadingPool

    @initialize()
    def begin(self) -> None:
        self.folder = TemporaryDirectory()
        self.held = PROVINCE.copy(self.kind, Path(self.folder.name) / "instance", self.pool)
        self.instance = self.held.__enter__()
        self.models = {unit: Model() for unit in UNITS}
        self.works = {unit: province.work_of(sit(self.instance, unit)) for unit in UNITS}
        for unit in UNITS:
            work = self.works[unit]
            clerk = sit(self.instance, unit)
            reports.attach_narrative(clerk, work.opening_id, work.unit_id, province.narrative(), "a.docx")

    def teardown(self) -> None:
        if hasattr(self, "held"):
            self.held.__exit__(None, None, None)
            self.folder.cleanup()

    def where(self, unit: str) -> tuple[int, int]:
        return self.works[unit].opening_id, self.works[unit].unit_id

    def stored(self, unit: str) -> Report:
        with self.instance.store.read() as connection:
            found = stored.find(connection, EVERYWHERE, *self.where(unit))
        assert found is not None
        return found

    def receptions(self, unit: str) -> dict[str, Reception]:
        with self.instance.store.read() as connection:
            units = sit(self.instance, "vpub").snapshot(connection).units_by_id
            found = stored.receptions(connection, self.works[unit].opening_id)
        return {units[one.receiver_id].code: one for one in found if one.unit_id == self.works[unit].unit_id}

    def attempt(self, act: Callable[[], object], *, works: bool) -> None:
        if works:
            act()
        else:
            with pytest.raises((NotNow, Changed, NotYours)):
                act()

    @rule(unit=ANY_UNIT)
    def figures_are_approved(self, unit: str) -> None:
        model, work = self.models[unit], self.works[unit]
        may = model.figures != "approved"
        self.attempt(lambda: submit.nil(sit(self.instance, unit), work.assignment_id), works=may)
        if may:
            version = province.work_of(sit(self.instance, unit)).version
            decide.approve(sit(self.instance, f"ld.{unit}"), work.assignment_id, version)
            model.figures = "approved"

    @rule(unit=ANY_UNIT)
    def figures_are_reopened(self, unit: str) -> None:
        model, work = self.models[unit], self.works[unit]
        may = model.figures == "approved"
        self.attempt(lambda: decide.reopen(sit(self.instance, "vpub"), work.assignment_id, "sai"), works=may)
        if may:
            model.figures = "reopened"
            model.report = "draft" if model.report in ("sent", "approved") else model.report

    @rule(unit=ANY_UNIT)
    def it_goes_before_the_leader(self, unit: str) -> None:
        model = self.models[unit]
        may = model.report in ("draft", "returned")
        self.attempt(lambda: reports.forward(sit(self.instance, unit), *self.where(unit)), works=may)
        model.report = "pending" if may else model.report

    @rule(unit=ANY_UNIT)
    def it_is_withdrawn(self, unit: str) -> None:
        model = self.models[unit]
        may = model.report == "pending"
        self.attempt(lambda: reports.withdraw(sit(self.instance, unit), *self.where(unit)), works=may)
        model.report = "draft" if may else model.report

    @rule(unit=ANY_UNIT, is_stale=st.booleans())
    def its_text_is_approved(self, unit: str, is_stale: bool) -> None:
        model, seen = self.models[unit], self.stored(unit).lock - is_stale
        may = model.report == "pending" and not is_stale
        self.attempt(lambda: reports.approve(sit(self.instance, f"ld.{unit}"), *self.where(unit), seen), works=may)
        model.report = "approved" if may else model.report

    @rule(unit=ANY_UNIT, is_stale=st.booleans())
    def its_text_is_given_back(self, unit: str, is_stale: bool) -> None:
        model, seen = self.models[unit], self.stored(unit).lock - is_stale
        may, leader = model.report in ("pending", "approved") and not is_stale, sit(self.instance, f"ld.{unit}")
        self.attempt(lambda: reports.give_back(leader, *self.where(unit), seen, "sai"), works=may)
        model.report = "returned" if may else model.report

    @rule(unit=ANY_UNIT)
    def two_decide_at_once(self, unit: str) -> None:
        model, seen = self.models[unit], self.stored(unit).lock
        leader = sit(self.instance, f"ld.{unit}")
        acts = {
            "approved": lambda: reports.approve(leader, *self.where(unit), seen),
            "returned": lambda: reports.give_back(leader, *self.where(unit), seen, "sai"),
        }

        def done(act: str) -> str:
            try:
                acts[act]()
            except Refusal:
                return ""
            return act

        with ThreadPoolExecutor(2) as hands:
            (*won,) = filter(None, hands.map(done, acts))
        if model.report == "pending":
            assert len(won) == 1
        elif model.report == "approved":
            assert won == ["returned"]
        else:
            assert won == []
        model.report = won[0] if won else model.report

    @rule(unit=ANY_UNIT)
    def it_is_sent(self, unit: str) -> None:
        model = self.models[unit]
        may, leader = model.report in SENDABLE and model.figures == "approved", sit(self.instance, f"ld.{unit}")
        before = {code: one.id for code, one in self.receptions(unit).items()}
        self.attempt(lambda: reports.send(leader, *self.where(unit)), works=may)
        if may:
            model.report, model.former, model.taken = "sent", before, dict.fromkeys(RECEIVERS, "sent")

    @rule(unit=ANY_UNIT, receiver=ANY_RECEIVER)
    def it_is_received(self, unit: str, receiver: str) -> None:
        model, found, desk = self.models[unit], self.receptions(unit), sit(self.instance, SITS[receiver])
        if receiver in found:
            may, opening = model.taken[receiver] == "sent", self.works[unit].opening_id
            self.attempt(lambda: receptions.take(desk, opening, found[receiver].id), works=may)
            model.taken[receiver] = "received" if may else model.taken[receiver]

    @rule(unit=ANY_UNIT, receiver=ANY_RECEIVER)
    def it_is_sent_back(self, unit: str, receiver: str) -> None:
        model, found, desk = self.models[unit], self.receptions(unit), sit(self.instance, SITS[receiver])
        if receiver in found:
            may, opening = model.taken[receiver] != "returned", self.works[unit].opening_id
            self.attempt(lambda: receptions.take(desk, opening, found[receiver].id, "thiếu"), works=may)
            if may:
                model.taken[receiver] = "returned"
                model.report = "draft" if model.report == "sent" else model.report

    @rule(unit=ANY_UNIT, receiver=ANY_RECEIVER)
    def one_that_was_sent_anew_is_decided_no_more(self, unit: str, receiver: str) -> None:
        former, desk = self.models[unit].former, sit(self.instance, SITS[receiver])
        if receiver in former:
            opening = self.works[unit].opening_id
            self.attempt(lambda: receptions.take(desk, opening, former[receiver], "thiếu"), works=False)

    @invariant()
    def the_store_is_as_the_model(self) -> None:
        if not hasattr(self, "models"):
            return
        for unit, model in self.models.items():
            assert self.stored(unit).state == model.report
            assert {code: one.state for code, one in self.receptions(unit).items()} == model.taken

    @invariant()
    def who_sent_back_counts_it_no_more_and_nobody_else_is_touched(self) -> None:
        if not hasattr(self, "models"):
            return
        with self.instance.store.read() as connection:
            ids = sit(self.instance, "vpub").snapshot(connection).unit_ids
            opening = self.works["easup"].opening_id
            for receiver in RECEIVERS:
                found = submissions.counted(connection, opening, ids[receiver], NOW)
                assert {one.unit_id: one.provisional for one in found} == {
                    self.works[unit].unit_id: model.figures == "reopened"
                    for unit, model in self.models.items()
                    if model.figures != "none" and model.taken.get(receiver) != "returned"
                }


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_reports_and_receptions_do_as_the_model_says(kind: str, pool: ReadingPool) -> None:
    machine = type("Machine", (Reports,), {"kind": kind, "pool": pool})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=4,
            stateful_step_count=30,
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
