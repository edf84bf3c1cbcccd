"""The lines of a board: a unit's squares, what the filters count and find, and one page of them with badges."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from registry.catalogue.model import Unit
from registry.periods import WorkingCalendar
from registry.store.board import Square
from registry.store.labels import Label
from registry.workflow.report import ReceptionState, ReceptionStep, ReportState, reception_step
from registry.workflow.submission import State
from registry.workflow.timeliness import is_late
from vietnamese.fold import fold
from webui import standing
from webui.standing import Badge

PAGE = 150  # lines shown at once: a province's whole board
TO_TAKE = "to-take"  # a filter: the report lies with its receiver, undecided


@dataclass(frozen=True, slots=True)
class Taken:
    """How the receiver looked at took a unit's report."""

    id: int
    state: ReceptionState


@dataclass(frozen=True)
class Line:
    """One unit's line; ``squares`` are its forms in no order."""

    unit: Unit
    squares: tuple[Square, ...]
    labels: tuple[Label, ...] = ()  # what watchers noted, the newest first

    @property
    def words(self) -> str:
        """What the search looks in."""
        return fold(f"{self.unit.name} {self.unit.code}")

    @property
    def label(self) -> str:
        """The one that holds; empty when there is none, or the last was taken off."""
        return self.labels[0].text if self.labels else ""

    @property
    def is_sent(self) -> bool:
        """True when its report lies with the receivers."""
        return self.squares[0].report_state == ReportState.SENT

    @property
    def waits_for_receiver(self) -> bool:
        """True when the receiver looked at has a report of it to decide on."""
        state = self.squares[0].reception_state
        return state is not None and reception_step(ReceptionState(state), ReceptionStep.RECEIVE) is not None

    def states_at(self, moment: datetime) -> frozenset[str]:
        """What the filter looks for."""
        found = {square.state for square in self.squares}
        if is_late(self.squares[0].sending, moment):
            found.add("late")
        found.add("sent" if self.is_sent else "unsent")
        if self.waits_for_receiver:
            found.add(TO_TAKE)
        if self.squares[0].received_at is not None:
            found.add("received")
        return frozenset(found)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody looks for on a board; empty texts ask nothing."""

    state: str = ""
    text: str = ""
    group: str = ""  # a selector: of a kind of unit, or of a group of a set
    label: str = ""

    def finds(self, line: Line, states: frozenset[str]) -> bool:
        """True when the line is all that is looked for."""
        return (
            (not self.state or self.state in states)
            and (not self.group or line.unit.answers_to(self.group))
            and (not self.label or line.label == self.label)
            and (not self.text or fold(self.text) in line.words)
        )


FILTERS = (*State, "late", "unsent", "sent", TO_TAKE, "received")


@dataclass(frozen=True)
class Board:
    """All lines of a period in official order."""

    lines: tuple[Line, ...]
    moment: datetime
    _states: tuple[frozenset[str], ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_states", tuple(line.states_at(self.moment) for line in self.lines))

    @cached_property
    def counts(self) -> list[tuple[str, int]]:
        """How many units are in each state there is."""
        found = Counter(state for states in self._states for state in states)
        return [(str(one), found[str(one)]) for one in FILTERS if found[str(one)]]

    @cached_property
    def owing(self) -> int:
        """How many units are late and have not sent anything."""
        return sum({"late", "unsent"} <= states for states in self._states)

    def approved_after(self, moment: datetime) -> int:
        """How many forms that count were approved after a moment."""
        squares = (square for line in self.lines for square in line.squares)
        return sum(one.counts and one.approved_at is not None and one.approved_at > moment for one in squares)

    @cached_property
    def labels(self) -> list[tuple[str, int]]:
        """How many units bear each label, the most frequent first."""
        return Counter(line.label for line in self.lines if line.label).most_common()

    def found(self, wanted: Wanted) -> list[Line]:
        """The lines that are what is looked for."""
        return [line for line, states in zip(self.lines, self._states, strict=True) if wanted.finds(line, states)]


def board_of(
    squares: Sequence[Square], units: Mapping[int, Unit], labels: Mapping[int, Sequence[Label]], moment: datetime
) -> Board:
    """The board of an opening's squares."""
    held: dict[int, list[Square]] = {}
    for one in squares:
        held.setdefault(one.unit_id, []).append(one)
    lines = (Line(units[unit_id], tuple(mine), tuple(labels.get(unit_id, ()))) for unit_id, mine in held.items())
    return Board(tuple(sorted(lines, key=lambda line: line.unit.order)), moment)


# --- as shown --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ShownSquare:
    """A form of a unit with its badges."""

    of: Square
    state: Badge
    deadline: Badge


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A unit's line as a page shows it."""

    line: Line
    squares: tuple[ShownSquare | None, ...]  # in the order of the regime's forms
    report: Badge | None
    reception: Taken | None  # before the receiver this person decides for
    is_locked: bool  # the period

    @property
    def can_be_taken(self) -> bool:
        """True while the receiver has not decided."""
        return self.reception is not None and reception_step(self.reception.state, ReceptionStep.RECEIVE) is not None

    @property
    def can_be_returned(self) -> bool:
        """True while the report lies with the receiver, and the period is not locked."""
        if self.is_locked:
            return False
        return self.reception is not None and reception_step(self.reception.state, ReceptionStep.RETURN) is not None


def shown(
    lines: Sequence[Line],
    forms: Sequence[str],
    moment: datetime,
    calendar: WorkingCalendar,
    *,
    may_decide: bool,
    is_locked: bool,
) -> Iterator[ShownLine]:
    """The lines with everything a page says of them."""
    for line in lines:
        by_form = {one.form: one for one in line.squares}
        first = line.squares[0]
        taken = None
        if may_decide and first.reception_id is not None and first.reception_state is not None:
            taken = Taken(first.reception_id, ReceptionState(first.reception_state))
        yield ShownLine(
            line,
            tuple(_square(by_form[form], moment, calendar) if form in by_form else None for form in forms),
            _report_badge(first),
            taken,
            is_locked,
        )


def _square(one: Square, moment: datetime, calendar: WorkingCalendar) -> ShownSquare:
    return ShownSquare(one, standing.of_submission(State(one.state)), standing.of_deadline(one, moment, calendar))


def _report_badge(one: Square) -> Badge | None:
    if one.report_state is None:
        return None
    receptions = frozenset(map(ReceptionState, one.receptions.split(","))) if one.receptions else frozenset()
    return standing.of_report_at(ReportState(one.report_state), receptions)
