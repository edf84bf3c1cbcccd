"""The statement that judges one shape of a rule (``rules.lowering``) at many places for many units."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce
from operator import add
from typing import Any, NamedTuple

from sqlalchemy import (
    CTE,
    Boolean,
    ColumnElement,
    Connection,
    Integer,
    Numeric,
    Select,
    String,
    and_,
    case,
    cast,
    column,
    false,
    func,
    literal,
    not_,
    null,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.dialects.postgresql import JSONB

from registry.rules import exact
from registry.rules.lowering import Lowered, Way
from registry.store.tables import figure_now

_WITHDRAWN = 2
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
    dialect = _dialect(connection)
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


# --- the two databases -----------------------------------------------------------------------------------------------

Expression = ColumnElement[Any]
_Build = Callable[..., Expression]


@dataclass(frozen=True, slots=True)
class _Dialect:
    """How a database spells relations handed in and exact arithmetic."""

    number: Any  # type of a figure
    element: Callable[[str, list[tuple[str, Any]]], Any]
    operations: Mapping[str, _Build]

    def relation(self, name: str, columns: Mapping[str, Any], rows: Iterable[Sequence[object]]) -> CTE:
        """Rows handed in as one parameter."""
        text = json.dumps([list(row) for row in rows])
        typed = [(label, self.number if kind is Numeric else kind) for label, kind in columns.items()]
        return self.element(text, typed).cte(name).prefix_with("MATERIALIZED")  # type: ignore[no-any-return]

    def literal(self, value: Decimal | None) -> Expression:
        """A number in the statement."""
        return (
            cast(null(), self.number)
            if value is None
            else literal(str(value) if self.number is String else value, self.number)
        )


def _dialect(connection: Connection) -> _Dialect:
    if connection.dialect.name != "sqlite":
        return _POSTGRESQL
    raw = connection.connection.driver_connection
    assert raw is not None
    for name, function in _EXACT.items():
        raw.create_function(f"exact_{name}", -1, function, deterministic=True)
    return _SQLITE


def _json_each(text: str, columns: list[tuple[str, Any]]) -> Select[Any]:
    each = func.json_each(literal(text, String)).table_valued("value")
    return select(*(func.json_extract(each.c.value, f"$[{at}]").label(name) for at, (name, _) in enumerate(columns)))


def _json_elements(text: str, columns: list[tuple[str, Any]]) -> Select[Any]:
    each = func.jsonb_array_elements(cast(literal(text, String), JSONB)).table_valued(
        column("value", JSONB), name="each"
    )
    return select(*(cast(each.c.value[at].astext, kind).label(name) for at, (name, kind) in enumerate(columns)))


def _strict(operation: Callable[..., Decimal | None]) -> Callable[..., str | None]:
    """An operation of SQLite on figures written as text; null when any of them is."""

    def of_texts(*texts: object) -> str | None:
        if None in texts:
            return None
        result = operation(*(Decimal(text) for text in texts))  # type: ignore[arg-type]
        return None if result is None else str(result)

    return of_texts


def _passing(operation: Callable[[list[Decimal]], Decimal]) -> Callable[..., str | None]:
    """The same for one that passes over nulls."""

    def of_texts(*texts: object) -> str | None:
        known = [Decimal(text) for text in texts if text is not None]  # type: ignore[arg-type]
        return str(operation(known)) if known else None

    return of_texts


def _compared(one: object, other: object) -> int | None:
    if one is None or other is None:
        return None
    left, right = exact.settled(Decimal(one)), exact.settled(Decimal(other))  # type: ignore[arg-type]
    return (left > right) - (left < right)


_EXACT: Mapping[str, Callable[..., object]] = {
    "add": _strict(exact.add),
    "subtract": _strict(exact.subtract),
    "multiply": _strict(exact.multiply),
    "ratio": _strict(exact.ratio),
    "negative": _strict(exact.negative),
    "abs": _strict(exact.absolute),
    "whole": _strict(lambda value, _: exact.whole(value)),
    "round": _strict(lambda value, decimals: exact.rounded(value, int(decimals))),
    "round_up": _strict(lambda value, decimals: exact.rounded_up(value, int(decimals))),
    "round_down": _strict(lambda value, decimals: exact.rounded_down(value, int(decimals))),
    "sum": _passing(lambda known: sum(known[1:], known[0])),
    "least": _passing(min),
    "greatest": _passing(max),
    "compare": _compared,
}


def _called(name: str) -> _Build:
    return lambda *parts: getattr(func, f"exact_{name}")(*parts, type_=String)


def _by_sign(sign: Callable[[Any, int], Any]) -> _Build:
    return lambda one, other: sign(func.exact_compare(one, other, type_=Integer), 0)


def _settled(sign: Callable[[Any, Any], Any]) -> _Build:
    return lambda one, other: sign(func.round(one, 30), func.round(other, 30))


_SAME_NAME = ("negative", "abs", "whole", "round", "round_up", "round_down", "sum", "least", "greatest")
_SIGNS: dict[str, Callable[[Any, Any], Any]] = {
    "=": lambda one, other: one == other,
    "<>": lambda one, other: one != other,
    "<": lambda one, other: one < other,
    "<=": lambda one, other: one <= other,
    ">": lambda one, other: one > other,
    ">=": lambda one, other: one >= other,
}
_LOGIC: dict[str, _Build] = {
    "and": lambda *parts: and_(true(), *parts),
    "or": lambda *parts: or_(false(), *parts),
    "not": not_,
    "true": true,
    "false": false,
    "unknown": lambda: cast(null(), Boolean),
    "is_null": lambda part: part.is_(None),
    "is_known": lambda part: part.is_not(None),
    "if": lambda condition, chosen, other: case({True: chosen, False: other}, value=condition),
}


def _meet(below: _Build) -> _Build:
    """Two spans have values in common; also when one is without bounds."""
    return lambda least, most, other_least, other_most: func.coalesce(
        and_(below(least, other_most), below(other_least, most)), true()
    )


_SQLITE = _Dialect(
    String,
    _json_each,
    {
        **_LOGIC,
        **{sign: _by_sign(compare) for sign, compare in _SIGNS.items()},
        "meet": _meet(_by_sign(_SIGNS["<"])),
        "+": _called("add"),
        "-": _called("subtract"),
        "*": _called("multiply"),
        "/": _called("ratio"),
        "or_zero": lambda part: func.coalesce(part, "0", type_=String),
        **{name: _called(name) for name in _SAME_NAME},
    },
)


def _numeric_sum(*parts: Any) -> Expression:
    return case(
        (
            func.coalesce(*parts).is_not(None),
            reduce(add, (func.coalesce(one, 0) for one in parts)),
        )
    )


def _numeric_round_up(part: Any, decimals: int) -> Expression:
    power = literal(Decimal(10).scaleb(decimals - 1), Numeric)
    return func.sign(part, type_=Numeric) * func.ceil(func.abs(part, type_=Numeric) * power, type_=Numeric) / power


_POSTGRESQL = _Dialect(
    Numeric,
    _json_elements,
    {
        **_LOGIC,
        **{sign: _settled(compare) for sign, compare in _SIGNS.items()},
        "meet": _meet(_settled(_SIGNS["<"])),
        "+": lambda one, other: one + other,
        "-": lambda one, other: one - other,
        "*": lambda one, other: one * other,
        "/": lambda one, other: func.round(one, 60) / func.nullif(func.round(other, 30), 0),
        "or_zero": lambda part: func.coalesce(part, 0, type_=Numeric),
        "negative": lambda part: -part,
        "abs": lambda part: func.abs(part, type_=Numeric),
        "round": lambda part, decimals: func.round(func.round(part, 30), decimals, type_=Numeric),
        "whole": lambda part, _: func.floor(func.round(part, 30), type_=Numeric),
        "round_up": lambda part, decimals: _numeric_round_up(func.round(part, 30), decimals),
        "round_down": lambda part, decimals: func.trunc(func.round(part, 30), decimals, type_=Numeric),
        "sum": _numeric_sum,
        "least": lambda *parts: func.least(*parts, type_=Numeric),
        "greatest": lambda *parts: func.greatest(*parts, type_=Numeric),
    },
)


# --- the statement ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Statement:
    """One shape of a rule as a query."""

    dialect: _Dialect
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
            twice = step.name == "sum" and self.dialect is _POSTGRESQL
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
            figure_now.c.state != _WITHDRAWN,
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
