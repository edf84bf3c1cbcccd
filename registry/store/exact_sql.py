"""Exact arithmetic in SQL: PostgreSQL's ``numeric``, and on SQLite the decimals of ``rules.exact`` as functions."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce
from operator import add
from typing import Any

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
)
from sqlalchemy.dialects.postgresql import JSONB

from registry.rules import exact

Expression = ColumnElement[Any]
Build = Callable[..., Expression]


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a database spells relations handed in and exact arithmetic."""

    number: Any  # type of a figure
    element: Callable[[str, list[tuple[str, Any]]], Any]
    operations: Mapping[str, Build]
    repeats_sums: bool  # writes the parts of a sum more than once

    def relation(self, name: str, columns: Mapping[str, Any], rows: Iterable[Sequence[object]]) -> CTE:
        """Rows handed in as one parameter."""
        text = json.dumps([list(row) for row in rows])
        typed = [(label, self.number if kind is Numeric else kind) for label, kind in columns.items()]
        return self.element(text, typed).cte(name).prefix_with("MATERIALIZED")  # type: ignore[no-any-return]

    def literal(self, value: Decimal | int | None) -> Expression:
        """A number in the statement."""
        return (
            cast(null(), self.number)
            if value is None
            else literal(str(value) if self.number is String else value, self.number)
        )


def dialect_of(connection: Connection) -> Dialect:
    """The dialect of a connection; SQLite is given the functions it lacks."""
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


def _called(name: str) -> Build:
    return lambda *parts: getattr(func, f"exact_{name}")(*parts, type_=String)


def _by_sign(sign: Callable[[Any, int], Any]) -> Build:
    return lambda one, other: sign(func.exact_compare(one, other, type_=Integer), 0)


def _settled(sign: Callable[[Any, Any], Any]) -> Build:
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
_LOGIC: dict[str, Build] = {
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


def _meet(below: Build) -> Build:
    """Two spans have values in common; also when one is without bounds."""
    return lambda least, most, other_least, other_most: func.coalesce(
        and_(below(least, other_most), below(other_least, most)), true()
    )


_SQLITE = Dialect(
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
    repeats_sums=False,
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


_POSTGRESQL = Dialect(
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
    repeats_sums=True,
)
