"""The submission machine against a model of it: random actors, stale looks, two at once, on both databases.

Whatever happens: an approval names a version that was before its leader, ``counted()`` is what the model says at every
moment gone by, who is refused leaves nothing behind, and compiled totals add up exactly the versions counted.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import func, select

from actions import compiling, decide, entry, receptions, reports, submit
from actions.cases import situation
from actions.desk import Desk, Refusal
from actions.submit import nil_values
from compile.totals import totals
from ingest.sandbox import ReadingPool
from registry.catalogue.values import CellKey
from registry.catalogue.words import shown
from registry.store import openings, submissions
from registry.store import reports as stored_reports
from registry.store.openings import Work
from registry.store.tables import figure, report, submission, submission_event, submission_version
from registry.workflow.policy import EVERYWHERE
from registry.workflow.submission import State
from tests.webui.conftest import PROVINCE
from tests.webui.small_province import NOW, sit, work_of

SUMMED = CellKey("NN17", "c06")  # the province's figure is the sum of what communes gave
UNITS = {"easup": "ld.easup", "bmt": "ld.bmt"}
ENTERED = (State.EMPTY, State.DRAFT, State.RETURNED)
amounts = st.sampled_from([10, 11, 12])
_SETTLED = 8  # steps before a day goes by


@dataclass
class Form:
    """What the model knows of one unit's form."""

    state: State = State.EMPTY
    versions: list[tuple[int, int]] = field(default_factory=list)  # (of all cells, of the summed one)
    standing: set[int] = field(default_factory=set)  # numbers approved and not taken back
    approved_at: Any = None
    last: str = ""
    sealed: tuple[int, int] | None = None  # (of all cells, of the summed one) as returned for the summed cell only
    is_limited: bool = False  # that was the office's doing: the leader does not undo it
    before: tuple[tuple[int, int] | None, bool] = (None, False)  # both, before the last approval
    pinned: set[int] = field(default_factory=set)  # by a report that was sent
    is_sent: bool = False
    was_sent_back: bool = False

    @property
    def n(self) -> int:
        return len(self.versions)

    @property
    def counted(self) -> tuple[int, bool] | None:
        """(number, provisional) of what counts."""
        if not self.standing or self.was_sent_back:
            return None
        return max(self.standing), self.last != "approve"

    def took(self, step: str, state: State) -> None:
        self.last, self.state = step, state

    def approved(self, moment: Any) -> None:
        self.standing.add(self.n)
        self.approved_at = moment
        self.before = self.sealed, self.is_limited
        self.sealed, self.is_limited = None, False
        self.took("approve", State.APPROVED)

    def returned(self, step: str, *, cell: bool) -> None:
        self.is_limited = cell if step == "reopen" else self.is_limited
        self.sealed = self.versions[-1] if cell or self.is_limited else None
        self.took(step, State.RETURNED)

    def taken_back(self) -> None:
        self.standing.discard(self.n)
        self.sealed, self.is_limited = self.before
        self.took("take-back", State.PENDING)

    def may_be_taken_back(self, moment: Any) -> bool:
        if self.state is not State.APPROVED or self.is_sent or self.n in self.pinned:
            return False
        return bool(moment - self.approved_at <= timedelta(hours=24))


class Machine(RuleBasedStateMachine):
    """The real actions beside the model."""

    kind, folder, pool = "sqlite", Path(), None

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        Machine.count += 1
        self.instance = self.stack.enter_context(
            PROVINCE.copy(self.kind, self.folder / str(Machine.count), self.pool)  # type: ignore[arg-type]
        )
        self.moment, self.forms = NOW, {clerk: Form() for clerk in UNITS}
        self.history: list[tuple[Any, dict[str, tuple[int, bool] | None]]] = []
        self.works = {clerk: work_of(sit(self.instance, clerk)) for clerk in UNITS}
        self.texts = {clerk: self._blank(clerk) for clerk in UNITS}
        self.desks = {login: sit(self.instance, login) for login in (*UNITS, *UNITS.values(), "vpub")}

    count = 0

    def teardown(self) -> None:
        self.stack.close()

    # --- hands ---

    def desk(self, login: str) -> Desk:
        self.moment += timedelta(minutes=1)
        return replace(self.desks[login], moment=self.moment)

    def leader(self, clerk: str) -> Desk:
        return self.desk(UNITS[clerk])

    def key(self, clerk: str) -> int:
        return self.works[clerk].assignment_id

    def _blank(self, clerk: str) -> Callable[[int, int], dict[CellKey, str]]:
        desk = sit(self.instance, clerk)
        with desk.read() as connection:
            one = situation(connection, desk.snapshot(connection), work_of(desk))
        known = nil_values(one)
        fixed = {
            key: shown(one.view, spec, known[key])
            for key, spec in one.view.inputs.items()
            if spec.shift and known[key].number is not None
        }
        free = [key for key in one.view.inputs if key not in fixed]
        return lambda whole, cell: fixed | dict.fromkeys(free, str(whole)) | {SUMMED: str(cell)}

    def fingerprint(self) -> tuple[object, ...]:
        """Whatever a refusal must leave as it was."""
        with self.instance.store.read() as connection:
            rows = [
                tuple(connection.execute(select(table.c.state, table.c.lock).order_by(table.c.id)).all())
                for table in (submission, report)
            ]
            counts = [
                connection.execute(select(func.count()).select_from(table)).scalar()
                for table in (submission_event, submission_version, figure)
            ]
        return (*rows, *counts)

    def act(self, expected: bool, do: Callable[[], object]) -> bool:
        """Do it; a refusal is what the model expected, and leaves nothing behind."""
        before = self.fingerprint()
        try:
            do()
        except Refusal:
            assert not expected
            assert self.fingerprint() == before
            return False
        assert expected
        return True

    # --- rules ---

    @rule(clerk=st.sampled_from(sorted(UNITS)), data=st.data())
    def step(self, clerk: str, data: st.DataObject) -> None:
        """Mostly what the form's state lets people do; now and then what it does not."""
        form = self.forms[clerk]
        steps: list[Callable[[str], None]] = []
        if form.state in ENTERED:
            steps += [partial(self.enter, data=data)] * 4
        elif form.state is State.PENDING:
            steps += [self.approve, self.approve, self.send_back, self.return_cell, self.withdraw]
            steps += [partial(self.two_at_once, data=data)] * 2
        else:
            steps += [self.take_back, self.take_back, self.reopen, self.reopen_cell, self.send, self.compile]
            steps += [partial(self.two_at_once, data=data)] * 2
        if form.is_sent:
            steps += [self.give_back] * 2
        if form.state is State.APPROVED and len(self.history) > _SETTLED:
            steps.append(self.a_day_later)
        data.draw(st.sampled_from([*steps, self.out_of_turn]))(clerk)

    def enter(self, clerk: str, data: st.DataObject) -> None:
        sealed, whole, cell = self.forms[clerk].sealed, data.draw(amounts), data.draw(amounts)
        self.put_forward(clerk, sealed[0] if sealed and data.draw(st.booleans()) else whole, cell)

    def out_of_turn(self, clerk: str) -> None:
        """Whatever the state does not allow, and a version nobody looks at any more."""
        state = self.forms[clerk].state
        of_pending = () if state is State.PENDING else (self.withdraw, self.send_back)
        of_approved = () if state is State.APPROVED else (self.take_back, self.reopen, self.send)
        for step in (self.stale, *of_pending, *of_approved):
            step(clerk)

    def put_forward(self, clerk: str, whole: int, cell: int) -> None:
        form = self.forms[clerk]
        number, verdict = entry.enter(self.desk(clerk), self.key(clerk), self.texts[clerk](whole, cell))
        form.state = State.DRAFT if form.state is State.EMPTY else form.state
        is_within = form.sealed is None or form.sealed[0] == whole
        assert verdict.can_be_submitted == is_within
        words = dict.fromkeys(range(len(verdict.findings)), "đã đối chiếu")
        if self.act(is_within, lambda: submit.submit(self.desk(clerk), number, words, keeps_returned=True)):
            if not form.versions or form.versions[-1] != (whole, cell):
                form.versions.append((whole, cell))
            form.took("submit", State.PENDING)

    def withdraw(self, clerk: str) -> None:
        form = self.forms[clerk]
        expected = form.state is State.PENDING
        if self.act(expected, lambda: submit.withdraw(self.desk(clerk), self.key(clerk))):
            form.took("withdraw", State.DRAFT)

    def approve(self, clerk: str) -> None:
        form = self.forms[clerk]
        expected = form.state is State.PENDING
        if self.act(expected, lambda: decide.approve(self.leader(clerk), self.key(clerk), form.n)):
            form.approved(self.moment)

    def stale(self, clerk: str) -> None:
        """Approving a version other than the one that waits."""
        for n in (self.forms[clerk].n - 1, self.forms[clerk].n + 1):
            self.act(False, lambda n=n: decide.approve(self.leader(clerk), self.key(clerk), n))  # type: ignore[misc]

    def send_back(self, clerk: str, cells: dict[CellKey, str] | None = None) -> None:
        form = self.forms[clerk]
        expected, n = form.state is State.PENDING, form.n
        if self.act(expected, lambda: decide.send_back(self.leader(clerk), self.key(clerk), n, "Sai", cells)):
            form.returned("return", cell=cells is not None)

    def return_cell(self, clerk: str) -> None:
        self.send_back(clerk, {SUMMED: "Xem lại"})

    def take_back(self, clerk: str) -> None:
        form = self.forms[clerk]
        expected = form.may_be_taken_back(self.moment + timedelta(minutes=1))
        if self.act(expected, lambda: decide.take_back(self.leader(clerk), self.key(clerk), form.n, "Nhầm")):
            form.taken_back()

    def reopen(self, clerk: str, cells: dict[CellKey, str] | None = None) -> None:
        form = self.forms[clerk]
        expected = form.state is State.APPROVED
        if self.act(expected, lambda: decide.reopen(self.desk("vpub"), self.key(clerk), "Rà soát", cells)):
            form.returned("reopen", cell=cells is not None)
            form.is_sent = False

    def reopen_cell(self, clerk: str) -> None:
        self.reopen(clerk, {SUMMED: ""})

    def send(self, clerk: str) -> None:
        form, work = self.forms[clerk], self.works[clerk]
        expected = form.state is State.APPROVED and not form.is_sent
        if self.act(expected, lambda: reports.send(self.leader(clerk), work.opening_id, work.unit_id)):
            self._sent(form)

    def _sent(self, form: Form) -> None:
        form.pinned.add(form.n)
        form.is_sent, form.was_sent_back = True, False

    def give_back(self, clerk: str) -> None:
        work, form = self.works[clerk], self.forms[clerk]
        office = self.desk("vpub")
        with office.read() as connection:
            receiver = office.snapshot(connection).unit_ids["VPUB"]
            taken = stored_reports.receptions(connection, work.opening_id)
        number = next(one.id for one in taken if (one.unit_id, one.receiver_id) == (work.unit_id, receiver))
        receptions.take(office, work.opening_id, number, "Bổ sung")
        form.is_sent, form.was_sent_back = False, True

    def a_day_later(self, _: str) -> None:
        self.moment += timedelta(hours=25)

    def two_at_once(self, clerk: str, data: st.DataObject) -> None:
        """Both have looked before either acts: one is done whole, the other meets “đã thay đổi” or the state."""
        form, work = self.forms[clerk], self.works[clerk]
        leader, clerk_desk = self.leader(clerk), self.desk(clerk)
        key, n = self.key(clerk), form.n
        steps: dict[str, tuple[Callable[[], object], Callable[[], None]]] = {}
        if form.state is State.PENDING:
            steps = {
                "approve": (lambda: decide.approve(leader, key, n), lambda: form.approved(leader.moment)),
                "return": (
                    lambda: decide.send_back(leader, key, n, "Sai"),
                    lambda: form.returned("return", cell=False),
                ),
                "withdraw": (
                    lambda: submit.withdraw(clerk_desk, key),
                    lambda: form.took("withdraw", State.DRAFT),
                ),
            }
        elif form.may_be_taken_back(self.moment) and not form.was_sent_back:
            steps = {
                "take-back": (lambda: decide.take_back(leader, key, n, "Nhầm"), form.taken_back),
                "send": (lambda: reports.send(leader, work.opening_id, work.unit_id), lambda: self._sent(form)),
            }
        if not steps:
            return
        pair = [data.draw(st.sampled_from(sorted(steps))) for _ in range(2)]
        done = at_once([steps[one][0] for one in pair])
        assert sum(one is None for one in done) == 1, (pair, done)
        steps[pair[done.index(None)]][1]()

    def compile(self, _: str) -> None:
        office = self.desk("vpub")
        with office.read() as connection:
            snapshot = office.snapshot(connection)
            opening = openings.get(connection, self.works["easup"].opening_id)
            assert opening is not None
            receiver = snapshot.unit_ids["VPUB"]
            counted = submissions.counted(connection, opening.id, receiver, self.moment)
            order = compiling.gather(office, connection, snapshot, opening, counted, "VPUB", self.moment, 1)
        made = totals(next(one for one in order.forms if one.form.code == "KTXH-01"), order)
        given = [one.versions[one.counted[0] - 1][1] for one in self.forms.values() if one.counted]
        assert made.cells[SUMMED].mantissa == sum(given)

    # --- what always holds ---

    @invariant()
    def the_forms_stand_as_the_model_says(self) -> None:
        now = {clerk: self.look(clerk) for clerk in UNITS}
        assert {key: (one.state, one.version) for key, one in now.items()} == {
            key: (one.state, one.n) for key, one in self.forms.items()
        }

    def look(self, clerk: str) -> Work:
        with self.instance.store.read() as connection:
            return openings.work(connection, EVERYWHERE, assignment_id=self.key(clerk))[0]

    @invariant()
    def what_counts_is_what_the_model_counts(self) -> None:
        self.history.append((self.moment, {key: one.counted for key, one in self.forms.items()}))
        for moment, expected in (self.history[-1], self.history[len(self.history) // 2]):
            assert self.counted(moment) == {key: one for key, one in expected.items() if one}

    def counted(self, moment: Any) -> dict[str, tuple[int, bool]]:
        units = {work.unit_id: clerk for clerk, work in self.works.items()}
        with self.instance.store.read() as connection:
            receiver = self.desks["vpub"].snapshot(connection).unit_ids["VPUB"]
            found = submissions.counted(connection, self.works["easup"].opening_id, receiver, moment)
        return {units[one.unit_id]: (one.n, one.provisional) for one in found}

    @invariant()
    def an_approval_names_what_was_before_the_leader(self) -> None:
        with self.instance.store.read() as connection:
            for work in self.works.values():
                waits = 0
                for event in submissions.events(connection, work.submission_id):
                    if event.action == "approve":
                        assert event.n == waits
                    waits = event.n if event.action in ("submit", "take-back") else 0


def at_once(acts: Iterable[Callable[[], object]]) -> list[Refusal | None]:
    """Do both, each having looked at the store before the other is done; the refusals they met."""
    both, mine, looked = threading.Barrier(2), threading.local(), openings.work

    def look(*told: Any, **more: Any) -> list[Work]:
        found = looked(*told, **more)
        if not getattr(mine, "has_looked", False):
            mine.has_looked = True
            with suppress(threading.BrokenBarrierError):
                both.wait(0.15)
        return found

    def done(act: Callable[[], object]) -> Refusal | None:
        try:
            act()
        except Refusal as refusal:
            return refusal
        return None

    with patch.object(openings, "work", look), ThreadPoolExecutor(2) as hands:
        return list(hands.map(done, acts))


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_the_submission_machine_is_its_model(kind: str, tmp_path: Path, pool: ReadingPool) -> None:
    machine = type("Machine", (Machine,), {"kind": kind, "folder": tmp_path, "pool": pool})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=2,
            stateful_step_count=20,
            deadline=None,
            derandomize=True,
            phases=(Phase.generate,),
            suppress_health_check=list(HealthCheck),
        ),
    )
