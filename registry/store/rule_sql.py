"""Rules over history: the third back end of the rule language, one pass over the warehouse for all units and periods.

Each shape a rule takes (``rules.lowering``) is one statement: which figures are asked, of whom and for when goes in as
three relations, the arithmetic is columns over what was found. PostgreSQL reckons in its exact ``numeric``; SQLite,
which has none, in the same ``rules.exact`` decimals as the closures.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from functools import cached_property

from sqlalchemy import Connection

from registry.catalogue.forms import RowSet, View, province_row_set, row_set, subject_of
from registry.catalogue.model import PROVINCE, Form, Frequency, PeriodShape, Row, Rule, RuleScope, Unit
from registry.catalogue.values import CellKey
from registry.periods import NoSuchPeriod, Period, previous
from registry.rules.arithmetic import Ask, Lowered, NotInSql, Way
from registry.rules.background import Background, Need
from registry.rules.context import Context
from registry.rules.lowering import lowered
from registry.rules.parse import parse
from registry.rules.tree import Call, Function, walk
from registry.store import figures, rule_query
from registry.store.definitions import FormVersion, Snapshot

__all__ = ["Hit", "NotInSql", "PeriodRun", "run"]


@dataclass(frozen=True, slots=True)
class Hit:
    """A place of a unit at which the rule found fault; figures in shown measures, unrounded."""

    unit_id: int
    row: str | None
    column: str | None
    found: Decimal | None
    expected: Decimal | None


@dataclass(frozen=True, slots=True)
class PeriodRun:
    """What the rule would have said in a period: units it could be judged on, and where it found fault."""

    period: str
    asked: int
    hits: tuple[Hit, ...]  # by unit in official order, then by place in printed order


def run(
    connection: Connection,
    snapshot: Snapshot,
    form: FormVersion,
    rule: Rule,
    periods: Sequence[Period],
    frequency: Frequency,
) -> tuple[PeriodRun, ...]:
    """What ``rule`` would have said of what units reported in ``periods``, whether or not it was in force then.

    A cell holds the figure of its own nature, or where there is none a firmer one (history is loaded as official);
    figures of other periods are those known before the submission, so the official figure a form corrects last
    month's estimate with does not hide that estimate. ``asked`` counts units for which at some place the condition is
    decided and, where it holds, a comparison could be made. What a warehouse does not keep (chưa có số liệu) is blank.

    Raises NotInSql for rules about words, list tables and cells without a series; parse.RuleSyntaxError,
    bind.UnknownName for a rule that is no rule.
    """
    history = _History(snapshot, form.form, rule, frequency, figures.Keys.of(connection))
    reported = figures.reported(connection, history.series, history.period_ids(periods))
    for period in periods:
        history.add(period, reported)
    return history.runs(connection, periods)


class _Circle(Enum):
    """Whom figures are about: the unit, or the province, by the unit's own account or anybody's."""

    SELF = 0
    PROVINCE_BY_UNIT = 1
    PROVINCE = 2


@dataclass(slots=True)
class _History:
    """A run in the making: the places of every period by shape, and the relations they are asked over."""

    snapshot: Snapshot
    form: Form
    rule: Rule
    frequency: Frequency
    keys: figures.Keys
    shapes: dict[tuple[object, ...], list[rule_query.Instance]] = field(default_factory=lambda: defaultdict(list))
    places: list[tuple[str, CellKey | None]] = field(default_factory=list)  # period and anchor of each place
    groups: list[_Group] = field(default_factory=list)

    @property
    def series(self) -> frozenset[int]:
        """Keys of everything the store knows of the form's indicators."""
        named = {row.indicator for row in self.form.rows} | {column.indicator for column in self.form.columns}
        return frozenset(key for series, key in self.keys.series.items() if series.indicator in named)

    def period_ids(self, periods: Iterable[Period]) -> frozenset[int]:
        """Keys of the periods the store knows."""
        return frozenset(self.keys.periods[one.code] for one in periods if one.code in self.keys.periods)

    def add(self, period: Period, reported: Mapping[int, frozenset[tuple[int, int]]]) -> None:
        """The places of one period, for every group of reporting units that meets the same rows."""
        known = reported.get(self.keys.periods.get(period.code, -1), frozenset())
        for (rows, _), units in self._groups(period, known).items():
            view = self._view(rows, period.shape)
            context = Context(view, period, self.frequency, Background(), units[0][1])
            self.groups.append(group := _Group(len(self.groups), self, context, tuple(units)))
            for one in lowered(self.rule, context):
                self.shapes[one.shape].append(group.instance(len(self.places), one))
                self.places.append((period.code, one.anchor))

    def _view(self, rows: RowSet, shape: PeriodShape) -> View:
        """The form as units of a row set meet it, made once for all rules and periods of a shape."""
        key = ("history", id(self.form), rows, shape)
        if key not in self.snapshot.memo:
            self.snapshot.memo[key] = View(self.form, shape, rows, self.snapshot.definitions)
        view: View = self.snapshot.memo[key]
        return view

    def _groups(
        self, period: Period, known: frozenset[tuple[int, int]]
    ) -> dict[tuple[RowSet, tuple[tuple[str, str], ...]], list[tuple[int, Unit]]]:
        """The units alive on the period's last day by what they meet, with the store's keys."""
        found: dict[tuple[RowSet, tuple[tuple[str, str], ...]], list[tuple[int, Unit]]] = defaultdict(list)
        if self.of_the_province:
            rows = province_row_set(self.form, period.shape)
            return {(rows, ()): [(self.snapshot.unit_ids[PROVINCE], self.snapshot.province)]} if known else {}
        tells_apart = self.tells_groups_apart
        about, by = {subject for subject, _ in known}, {reporter for _, reporter in known}
        for key, unit in self.snapshot.units_on(period.last):
            if key in (about if unit.kind.is_commune else about | by):
                groups = unit.groups if tells_apart else ()
                found[row_set(self.form, unit, period.shape), groups].append((key, unit))
        return found

    @property
    def tells_groups_apart(self) -> bool:
        """True where NHÓM is asked, by the rule or a computed cell: it is settled for each unit before SQL is asked."""
        texts = {self.rule.formula, self.rule.condition, *(one.formula for one in self.form.columns)}
        texts |= {one.formula for one in self.form.cell_rules}
        nodes = (node for text in texts if text for node in walk(parse(text)))
        return any(isinstance(node, Call) and node.function is Function.GROUP for node in nodes)

    @property
    def of_the_province(self) -> bool:
        """True for reconciliations, which the compile makes of the province's table."""
        return self.rule.scope == RuleScope.PROVINCE

    def runs(self, connection: Connection, periods: Iterable[Period]) -> tuple[PeriodRun, ...]:
        """Ask every shape, and sort what comes back by period."""
        asked: dict[str, set[int]] = defaultdict(set)
        faults: dict[str, list[rule_query.Answer]] = defaultdict(list)
        for instances in self.shapes.values():
            groups = [self.groups[number] for number in sorted({one.group for one in instances})]
            numbers = {one.number for one in instances}
            terms = [term for group in groups for term in group.terms if term.place in numbers]
            subjects = [subject for group in groups for subject in group.subjects]
            members = [member for group in groups for member in group.members]
            for answer in rule_query.answers(connection, instances, terms, subjects, members):
                period, _ = self.places[answer.place]
                asked[period].add(answer.unit)
                if answer.fault:
                    faults[period].append(answer)
        return tuple(
            PeriodRun(period.code, len(asked[period.code]), tuple(self._hits(faults[period.code])))
            for period in periods
        )

    def _hits(self, answers: Iterable[rule_query.Answer]) -> Iterator[Hit]:
        order = {key: unit.order for key, unit in self.snapshot.units_by_id.items()}
        for one in sorted(answers, key=lambda answer: (order[answer.unit], answer.unit, answer.place)):
            _, anchor = self.places[one.place]
            row, column = (anchor.row, anchor.column) if anchor else (None, None)
            yield Hit(one.unit, row, column, one.found, one.expected)


@dataclass
class _Group:
    """Units that meet a form alike in one period, and what their places ask."""

    number: int
    history: _History
    context: Context
    units: tuple[tuple[int, Unit], ...]  # by the store's keys
    terms: list[rule_query.Term] = field(default_factory=list)
    circles: dict[_Circle | frozenset[int], int] = field(default_factory=dict)

    def instance(self, number: int, one: Lowered) -> rule_query.Instance:
        """A place of the rule, with the figures it asks noted among the group's terms."""
        wanted = [self._ask(number, position, ask) for position, ask in enumerate(one.asks)]
        return rule_query.Instance(number, self.number, one, tuple(wanted))

    def _ask(self, number: int, position: int, ask: Ask) -> int:
        circle = self._circle(ask)
        at = self.circles.setdefault(circle, len(self.circles))
        keys, nature = self.history.keys, figures.NATURES.index(ask.nature)
        is_own = ask.way in (Way.OWN, Way.BELOW)
        for need, sign in ask.terms:
            if need.series in keys.series and need.period in keys.periods:
                series, period = keys.series[need.series], keys.periods[need.period]
                preferred = nature if is_own else -1
                barred = (1 << nature) - 1 if is_own else self._barred(ask.way, need)
                where = (number, self.number, position, at)
                self.terms.append(rule_query.Term(*where, series, period, sign, preferred, barred))
        return len(ask.terms) * (len(circle) if isinstance(circle, frozenset) else 1)

    def _barred(self, way: Way, need: Need) -> int:
        return self._written.get(need, 0) if way in (Way.KNOWN, Way.MEDIAN) else 0

    def _circle(self, ask: Ask) -> _Circle | frozenset[int]:
        if ask.way is Way.BELOW:
            return self._below(ask.row)
        if self.history.of_the_province:
            return _Circle.PROVINCE
        if subject_of(ask.row, self.units[0][1], PROVINCE) != PROVINCE:
            return _Circle.SELF
        return _Circle.PROVINCE_BY_UNIT if ask.way is Way.OWN else _Circle.PROVINCE

    def _below(self, row: Row) -> frozenset[int]:
        """The communes that enter a row in this period; nobody is below a unit when it is judged by itself."""
        if not self.history.of_the_province:
            return frozenset()
        snapshot, form, shape = self.history.snapshot, self.context.view.form, self.context.view.shape
        return frozenset(
            key
            for key, unit in snapshot.units_on(self.context.period.last)
            if unit.kind.is_commune and row.code in row_set(form, unit, shape).open_rows
        )

    @cached_property
    def _written(self) -> dict[Need, int]:
        """What a submission of the group's period writes itself, with the natures as bits: not known before it."""
        written: dict[Need, int] = defaultdict(int)
        if self.history.of_the_province:
            return written
        for spec in self.context.view.cells.values():
            if spec.keep and spec.series is not None:
                with suppress(NoSuchPeriod):
                    period = previous(self.context.period, self.history.frequency, spec.shift)
                    written[Need(spec.series, period.code)] |= 1 << figures.NATURES.index(spec.nature)
        return written

    @property
    def members(self) -> list[rule_query.Member]:
        """The group's units by the store's keys."""
        return [rule_query.Member(self.number, key) for key, _ in self.units]

    @property
    def subjects(self) -> Iterator[rule_query.Subject]:
        """Whom each circle of the group is about."""
        province = self.history.snapshot.unit_ids[PROVINCE]
        for circle, at in self.circles.items():
            for _, unit in self.members:
                if circle is _Circle.SELF:
                    yield rule_query.Subject(self.number, at, unit, unit, None)
                elif isinstance(circle, _Circle):
                    speaker = unit if circle is _Circle.PROVINCE_BY_UNIT else None
                    yield rule_query.Subject(self.number, at, unit, province, speaker)
                else:
                    yield from (rule_query.Subject(self.number, at, unit, one, one) for one in sorted(circle))
