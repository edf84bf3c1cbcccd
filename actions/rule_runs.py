"""A rule over what is stored: over the warehouse where SQL can say it, else over what units handed in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from actions.cases import Situation, each_situation
from registry.catalogue.model import Rule, RuleLevel
from registry.findings import Finding, Severity
from registry.periods import is_reported, parse
from registry.rules import exact
from registry.rules.background import Background
from registry.rules.context import Context
from registry.rules.evaluate import check, runs_in
from registry.rules.lines import check_lines
from registry.rules.needs import needs_below
from registry.store import figures, openings, rule_sql, submissions
from registry.store.cells import Cells
from registry.store.definitions import EVER, FormVersion, Snapshot
from registry.store.engine import Connection
from registry.store.openings import Work
from registry.workflow.policy import EVERYWHERE, Scope
from vietnamese.numbers import format_number, places

SHORT, LONG = 6, 24  # periods a trial goes back


@dataclass(frozen=True, slots=True)
class Hit:
    """A cell of a unit at which a rule found fault; what was found and expected as printed."""

    unit_id: int
    row: str | None
    column: str | None
    found: str | None = None
    expected: str | None = None
    line: str | None = None  # of a list, as people call it

    @property
    def place(self) -> tuple[int, str | None, str | None, str | None]:
        """What tells two hits of a period apart."""
        return self.unit_id, self.row, self.column, self.line


@dataclass(frozen=True, slots=True)
class PeriodRun:
    """What a rule would have said in a period: of how many units it was asked, and where it found fault."""

    period: str
    asked: int
    hits: tuple[Hit, ...]

    @property
    def units_hit(self) -> int:
        """Units with at least one hit."""
        return len({hit.unit_id for hit in self.hits})

    @property
    def rate(self) -> Decimal:
        """Units hit in a hundred asked."""
        return percent(self.units_hit, self.asked)


def percent(part: int, whole: int) -> Decimal:
    """``part`` in a hundred of ``whole``, to one decimal; 0 of nothing."""
    return (Decimal(part * 100) / whole).quantize(Decimal("0.1")) if whole else Decimal(0)


def rate_of(runs: Sequence[PeriodRun]) -> Decimal:
    """Units hit in a hundred asked, over several periods."""
    return percent(sum(run.units_hit for run in runs), sum(run.asked for run in runs))


class Source(StrEnum):
    """Where the figures of a run came from."""

    WAREHOUSE = "warehouse"  # approved and imported figures
    SUBMISSIONS = "submissions"  # the newest version of what units handed in, approved or not


Runs = dict[str, list[PeriodRun]]


def over_history(
    connection: Connection, snapshot: Snapshot, scope: Scope, form: FormVersion, rules: Mapping[str, Rule], most: int
) -> tuple[Source, Runs]:
    """Each rule over the last periods stored, newest first; over the warehouse where SQL can say every one of them
    and the actor may see all units, else over what units within the scope handed in.
    """
    if scope == EVERYWHERE:
        try:
            found = {name: _over_warehouse(connection, snapshot, form, rule, most) for name, rule in rules.items()}
        except rule_sql.NotInSql:
            pass
        else:
            if any(run.asked for runs in found.values() for run in runs):
                return Source.WAREHOUSE, found
    works = openings.work(connection, scope, form=form.form.code)
    last = list(dict.fromkeys(work.period for work in works if work.version))[:most]
    within = [work for work in works if work.period in last]
    return Source.SUBMISSIONS, over_submissions(connection, snapshot, within, rules)


def _over_warehouse(
    connection: Connection, snapshot: Snapshot, form: FormVersion, rule: Rule, most: int
) -> list[PeriodRun]:
    stored = [parse(code) for code in figures.stored_periods(connection)]
    runs: list[rule_sql.PeriodRun] = []
    for frequency in {one.frequency for one in snapshot.regimes.values() if form.form.code in one.forms}:
        periods = [period for period in stored if is_reported(frequency, period)][:most]
        runs += rule_sql.run(connection, snapshot, form, rule, periods, frequency)
    runs.sort(key=lambda run: parse(run.period), reverse=True)
    return [PeriodRun(run.period, run.asked, tuple(map(_stored_hit, run.hits))) for run in runs]


def _stored_hit(hit: rule_sql.Hit) -> Hit:
    return Hit(hit.unit_id, hit.row, hit.column, _written(hit.found), _written(hit.expected))


def _written(figure: Decimal | None) -> str | None:
    if figure is None:
        return None
    shortest = exact.rounded(figure, 2 if abs(figure) >= 1 else 4)
    return format_number(shortest, places(shortest))


def over_submissions(
    connection: Connection, snapshot: Snapshot, works: Sequence[Work], rules: Mapping[str, Rule]
) -> Runs:
    """Each rule, by the name it is given here, over the newest version handed in of each assignment.

    Whatever its mode and dates say, a rule is run; newest period first; three queries a form and period. Raises
    RuleSyntaxError.
    """
    tried = tuple(_wide_open(rule, name) for name, rule in rules.items())
    found: Runs = {name: [] for name in rules}
    handed_in: dict[str, list[Work]] = defaultdict(list)
    for work in works:
        if work.version:
            handed_in[work.period].append(work)
    for period, group in handed_in.items():
        asked: dict[str, set[int]] = defaultdict(set)
        hits: dict[str, list[Hit]] = defaultdict(list)
        for situated, values in _read(connection, snapshot, group, tried):
            unit_id = situated.work.unit_id
            mine = [rule for rule in situated.rules if runs_in(situated.view, rule)]
            for rule in mine:
                asked[rule.code].add(unit_id)
            for one in (*check(situated.context, mine, values), *check_lines(situated.context, mine, values)):
                if one.severity is Severity.ERROR:
                    hits[one.code.removeprefix("rule-")].append(_hit(unit_id, one))
        for name, runs in found.items():
            runs.append(PeriodRun(period, len(asked[name]), tuple(hits[name])))
    return found


def _wide_open(rule: Rule, name: str) -> Rule:
    """The rule in force whatever its dates, as an error: a mere rounding difference, a note, is no hit."""
    return replace(rule, code=name, level=RuleLevel.ERROR, shadow=False, valid_from=EVER, valid_to=None)


def _read(
    connection: Connection, snapshot: Snapshot, works: list[Work], rules: tuple[Rule, ...]
) -> Iterator[tuple[Situation, Cells]]:
    """Each assignment's situation with the values of its newest version."""
    known = [work for work in works if work.regime in snapshot.regimes]
    values = submissions.newest_values(connection, [work.submission_id for work in known])
    below: dict[tuple[int, str], Background] = {}
    for one in each_situation(connection, snapshot, known, rules):
        key = (one.form.id, one.period.code)
        if key not in below:
            below[key] = _below(connection, snapshot, one.context, one.rules)
        if one.work.submission_id in values:
            yield _with_below(one, below[key]), values[one.work.submission_id]


def _with_below(one: Situation, below: Background) -> Situation:
    """The province's agencies compare with the sum of the communes; nobody stands below a commune."""
    if one.unit.kind.is_commune:
        return one
    return replace(one, context=replace(one.context, below=below))


def _below(connection: Connection, snapshot: Snapshot, context: Context, rules: tuple[Rule, ...]) -> Background:
    asked = needs_below(context.view, context.period, context.frequency, rules)
    if not asked:
        return Background()
    communes = [snapshot.unit_ids[code] for code, unit in snapshot.units.items() if unit.kind.is_commune]
    return figures.sums(connection, communes, asked)[0]


def _hit(unit_id: int, found: Finding) -> Hit:
    named = dict(found.values)
    line = found.row if "line" in named else None
    return Hit(unit_id, named.get("row_code"), named.get("column_code"), found.found, found.expected, line)
