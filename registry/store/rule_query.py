"""The statement that judges one shape of a rule (``rules.lowering``) at many places for many units."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import (
    CTE,
    Connection,
    Integer,
    Numeric,
    and_,
    case,
    false,
    func,
    literal,
    not_,
    null,
    or_,
    select,
    union_all,
)

from registry.rules.arithmetic import Lowered, Way
from registry.store.exact_sql import Dialect, Expression, dialect_of
from registry.store.tables import figure_now

_LEAST_FOR_A_MEDIAN = 3


class Term(NamedTuple):
    """A figure wanted at a place: of whom (a circle of its group), of what, when, and which nature first."""

    place: int
    group: int
    position: int  # of the ask among those of the shape
    circle: int
    series: int
    period: int
    sign: int
    preferred: int  # the nature taken before all others, -1 for the best
    barred: int  # natures not to be taken, as bits


class Subject(NamedTuple):
    """Whom a unit's figures of a circle are about, and who must have said so (None: whoever did)."""

    group: int
    circle: int
    unit: int
    subject: int
    reporter: int | None


class Member(NamedTuple):
    """A unit that reported in the period of a group."""

    group: int
    unit: int


@dataclass(frozen=True, slots=True)
class Instance:
    """A place of the rule in a period; ``wanted`` figures make each of its asks whole."""

    number: int
    group: int
    lowered: Lowered
    wanted: tuple[int, ...]


class Answer(NamedTuple):
    """What came of a place and unit; ``fault`` is False for the mere fact that the unit could be judged."""

    place: int
    unit: int
    fault: bool
    found: Decimal | None
    expected: Decimal | None


def answers(
    connection: Connection,
    instances: Sequence[Instance],
    terms: Iterable[Term],
    subjects: Iterable[Subject],
    members: Iterable[Member],
) -> Iterator[Answer]:
    """Every fault found at places of one shape, and one place for each group and unit that could be judged."""
    dialect = dialect_of(connection)
    shape = instances[0].lowered
    statement = _Statement(dialect, shape)
    query = statement.query(
        dialect.relation("places", _place_columns(shape), [_place(one) for one in instances]),
        dialect.relation("terms", dict.fromkeys(Term._fields, Integer), terms),
        dialect.relation("subjects", dict.fromkeys(Subject._fields, Integer), subjects),
        dialect.relation("members", dict.fromkeys(Member._fields, Integer), members),
    )
    for row in connection.execute(query):
        yield Answer(row.place, row.unit, bool(row.fault), _decimal(row.found), _decimal(row.expected))


def _decimal(value: object) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def _place_columns(shape: Lowered) -> dict[str, Any]:
    asked = {f"wanted{n}": Integer for n in range(len(shape.asks))} | {
        f"factor{n}": Numeric for n in range(len(shape.asks))
    }
    return {"place": Integer, "group": Integer} | asked | {f"given{n}": Numeric for n in range(len(shape.given))}


def _place(one: Instance) -> list[object]:
    factors = [str(ask.factor / 2 if ask.way is Way.MEDIAN else ask.factor) for ask in one.lowered.asks]
    return [one.number, one.group, *one.wanted, *factors, *map(str, one.lowered.given)]


# --- the statement ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Statement:
    """One shape of a rule as a query."""

    dialect: Dialect
    shape: Lowered

    def query(self, places: CTE, terms: CTE, subjects: CTE, members: CTE) -> Any:
        """Faults with both sides, and beside them one row for each group and unit that could be judged."""
        last, rendered = self._layers(self._base(places, members, self._pivot(_best(terms, subjects))))
        parts = self.shape.parts
        condition = rendered(self.shape.condition)
        states = [case((rendered(part.passed_over), null()), else_=rendered(part.holds)) for part in parts]
        fault = case(*((and_(condition, state == false()), n) for n, state in enumerate(states)), else_=-1)
        judged = or_(not_(condition), and_(condition, or_(false(), *(state.is_not(None) for state in states))))
        told = select(
            last.c.place,
            last.c.group,
            last.c.unit,
            fault.label("fault"),
            *(rendered(part.found).label(f"found{n}") for n, part in enumerate(parts)),
            *(rendered(part.expected).label(f"expected{n}") for n, part in enumerate(parts)),
        ).where(judged)
        outcome = told.cte("outcome").prefix_with("MATERIALIZED")
        sides = [
            case({n: outcome.c[f"{side}{n}"] for n in range(len(parts))}, value=outcome.c.fault).label(side)
            for side in ("found", "expected")
        ]
        faults = select(outcome.c.place, outcome.c.unit, literal(1).label("fault"), *sides).where(outcome.c.fault >= 0)
        nothing = [self.dialect.literal(None).label(side) for side in ("found", "expected")]
        asked = select(func.min(outcome.c.place), outcome.c.unit, literal(0), *nothing).group_by(
            outcome.c.group, outcome.c.unit
        )
        return union_all(faults, asked)

    def _pivot(self, best: CTE) -> CTE:
        """One row for each place and unit, with the sum and the count of what each ask found."""
        columns: list[Any] = []
        for n, ask in enumerate(self.shape.asks):
            mine = best.c.position == n
            amount = best.c.sign * best.c.mantissa
            if ask.way is Way.MEDIAN:
                odd = best.c.have % 2
                mine_in_the_middle = and_(mine, best.c.turn_by_size.in_([(best.c.have + 1) // 2, best.c.have // 2 + 1]))
                amount, mine_counted = amount * (odd + 1), mine_in_the_middle
            else:
                mine_counted = mine
            columns += [
                func.sum(case((mine_counted, amount))).label(f"sum{n}"),
                func.count(case((mine, 1))).label(f"count{n}"),
                func.max(case((and_(mine, best.c.state == 1), 1), else_=0)).label(f"nil{n}"),
            ]
        grouped = select(best.c.place, best.c.unit, *columns).group_by(best.c.place, best.c.unit)
        return grouped.cte("pivot").prefix_with("MATERIALIZED")

    def _base(self, places: CTE, members: CTE, pivot: CTE) -> CTE:
        """Every place for every unit that reported, with what it asked in shown measures."""
        multiply = self.dialect.operations["*"]
        columns: list[Any] = []
        for n, ask in enumerate(self.shape.asks):
            count = pivot.c[f"count{n}"]
            whole = count >= _LEAST_FOR_A_MEDIAN if ask.way is Way.MEDIAN else count == places.c[f"wanted{n}"]
            total = multiply(case((whole, pivot.c[f"sum{n}"])), places.c[f"factor{n}"])
            columns += [total.label(f"asked{n}"), (func.coalesce(pivot.c[f"nil{n}"], 0) == 1).label(f"is_nil{n}")]
        given = [places.c[f"given{n}"] for n in range(len(self.shape.given))]
        joined = places.join(members, members.c.group == places.c.group).outerjoin(
            pivot, and_(pivot.c.place == places.c.place, pivot.c.unit == members.c.unit)
        )
        base = select(places.c.place, places.c.group, members.c.unit, *given, *columns).select_from(joined)
        return base.cte("base").prefix_with("MATERIALIZED")

    def _layers(self, base: CTE) -> tuple[CTE, Callable[[int], Expression]]:
        """Steps used more than once become columns of their own, so that no expression is written twice."""
        levels = self._levels()
        source = base

        def render(at: int, own: bool = False) -> Expression:
            step = self.shape.steps[at]
            if at in levels and not own:
                return source.c[f"step{at}"]
            if step.name in ("asked", "is_nil", "given"):
                return source.c[f"{step.name}{step.value}"]
            if step.name in ("number", "nothing"):
                return self.dialect.literal(step.value)
            parts: list[Any] = [render(part) for part in step.parts]
            if step.value is not None:
                parts.append(step.value)
            return self.dialect.operations[step.name](*parts)

        for level in range(1, max(levels.values(), default=0) + 1):
            added = [render(at, own=True).label(f"step{at}") for at, above in levels.items() if above == level]
            source = select(*source.c, *added).cte(f"layer{level}").prefix_with("MATERIALIZED")
        return source, render

    def _levels(self) -> dict[int, int]:
        """The steps to be named, each with the layer in which it can be: above all named ones it needs."""
        used = Counter(self._outputs())
        for step in self.shape.steps:
            twice = step.name == "sum" and self.dialect.repeats_sums
            used.update(step.parts * (2 if twice else 1))
        reached: list[int] = []
        levels: dict[int, int] = {}
        for at, step in enumerate(self.shape.steps):
            below = max((reached[part] for part in step.parts), default=0)
            is_named = used[at] > 1 and bool(step.parts)
            if is_named:
                levels[at] = below + 1
            reached.append(below + is_named)
        return levels

    def _outputs(self) -> Iterator[int]:
        """The steps whose results are looked at, as often as they are."""
        yield from (self.shape.condition, self.shape.condition)
        for part in self.shape.parts:
            yield from (part.passed_over, part.holds, part.holds, part.holds, part.found, part.expected)


def _best(terms: CTE, subjects: CTE) -> CTE:
    """The figure of the best nature for each term and subject, and how it stands among its ask's by size."""
    nature = case((figure_now.c.nature == terms.c.preferred, 9), else_=figure_now.c.nature)
    asked = (terms.c.place, subjects.c.unit, terms.c.position)
    turn = func.row_number().over(
        partition_by=(*asked, terms.c.series, terms.c.period, subjects.c.subject), order_by=nature.desc()
    )
    joined = terms.join(subjects, and_(subjects.c.group == terms.c.group, subjects.c.circle == terms.c.circle)).join(
        figure_now,
        and_(
            figure_now.c.period_id == terms.c.period,
            figure_now.c.series_id == terms.c.series,
            figure_now.c.subject_id == subjects.c.subject,
        ),
    )
    found = (
        select(*asked, terms.c.sign, figure_now.c.mantissa, figure_now.c.state, turn.label("turn"))
        .select_from(joined)
        .where(
            terms.c.barred.bitwise_rshift(figure_now.c.nature).bitwise_and(1) == 0,
            or_(subjects.c.reporter.is_(None), figure_now.c.reporting_id == subjects.c.reporter),
        )
        .cte("found")
    )
    sample = (found.c.place, found.c.unit, found.c.position)
    return (
        select(
            *found.c,
            func.row_number().over(partition_by=sample, order_by=found.c.mantissa).label("turn_by_size"),
            func.count().over(partition_by=sample).label("have"),
        )
        .where(found.c.turn == 1)
        .cte("best")
    )
