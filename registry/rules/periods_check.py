"""Period clashes: a month added to a plan of the year, this year to last year, two days' stocks to one another.

Figures of different lengths may be held against one another and taken from one another (đạt bao nhiêu phần kế hoạch,
còn lại bao nhiêu); months and what has come together to date may be added up. Only within one sum:

- a figure of a whole year (plan, estimate of the year) beside one of a shorter time,
- a figure of this year beside one of last year,
- two figures of one indicator at points in time, or two indices or ratios of it, of different periods.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from itertools import combinations
from typing import NamedTuple

from registry.catalogue.forms import CellSpec, View
from registry.catalogue.model import CellKind, RowNature
from registry.catalogue.values import Aspect
from registry.rules import bind
from registry.rules.bind import Place
from registry.rules.shorthand import spelled_out
from registry.rules.text import written
from registry.rules.tree import Binary, Call, Cell, Function, Negative, Node, Number, Range, children

_OF_A_YEAR = (Aspect.PLAN_CENTRAL, Aspect.PLAN_COUNCIL, Aspect.YEAR_ESTIMATE, Aspect.NEXT_YEAR_PLAN)
_STANDING = (RowNature.POINT, RowNature.INDEX, RowNature.RATIO)
_LAST_YEAR = (CellKind.SAME_PERIOD, CellKind.CUMULATIVE_SAME_PERIOD)


class PeriodClash(ValueError):
    """Two addends of one sum that are of times which cannot be added, as they are written."""

    def __init__(self, one: str, other: str) -> None:
        super().__init__(f"{one} + {other}")
        self.one = one
        self.other = other


class _Length(Enum):
    YEAR = "of a whole year"
    SHORTER = "of a period, or to date"


class _Time(NamedTuple):
    """When the figure of an addend is of."""

    length: _Length
    years_back: int
    standing: str | None  # the indicator of a figure that stands for its moment alone
    periods_back: int


class _Addend(NamedTuple):
    node: Node
    time: _Time


def check_periods(node: Node, place: Place, view: View) -> None:
    """Raises PeriodClash for the first clash in a tree, bind.UnknownName."""
    for addends in _sums(node):
        timed = [
            _Addend(one, time)
            for addend in addends
            for one in _cells(addend, place, view)
            if (time := _time(one, place, view))
        ]
        for one, other in combinations(timed, 2):
            if _clash(one.time, other.time):
                raise PeriodClash(written(one.node), written(other.node))


def _clash(one: _Time, other: _Time) -> bool:
    if one.length is not other.length or one.years_back != other.years_back:
        return True
    return one.standing is not None and one.standing == other.standing and one.periods_back != other.periods_back


def _sums(node: Node) -> Iterator[list[Node]]:
    """Every sum of a tree: what is added in it, and apart from that what is taken away."""
    if isinstance(node, Call) and (longer := spelled_out(node)):
        yield from _sums(longer)
        return
    added: dict[int, list[Node]] = {1: [], -1: []}
    inner: list[Node] = []
    waiting: list[tuple[Node, int]] = [(node, 1)]
    while waiting:
        one, sign = waiting.pop()
        if isinstance(one, Binary) and one.operator in "+-":
            waiting += [(one.right, sign if one.operator == "+" else -sign), (one.left, sign)]
        elif isinstance(one, Negative):
            waiting.append((one.operand, -sign))
        elif isinstance(one, Call) and one.function is Function.SUM:
            waiting += [(argument, sign) for argument in reversed(one.arguments)]
        elif (isinstance(one, Call) and one.function in _TIMED) or isinstance(one, Cell | Range):
            added[sign].append(one)
        else:
            inner.extend(children(one))
    yield from (listed for listed in added.values() if len(listed) > 1 or any(isinstance(one, Range) for one in listed))
    for one in inner:
        yield from _sums(one)


def _cells(node: Node, place: Place, view: View) -> tuple[Node, ...]:
    return bind.cells(node, place, view) if isinstance(node, Range) else (node,)


_TIMED = frozenset(
    {Function.PREVIOUS, Function.SAME_PERIOD, Function.CUMULATIVE, Function.PLAN, Function.SUBORDINATES}
)  # TRUNG_VỊ is of no one time


def _time(node: Node, place: Place, view: View) -> _Time | None:
    named = node.arguments[0] if isinstance(node, Call) else node
    if not isinstance(named, Cell) or bind.is_foreign(named, view):
        return None
    spec = bind.spec(named, place, view)
    if spec is None or spec.series is None:
        return None
    time = _of_cell(spec, view)
    if not isinstance(node, Call):
        return time
    if node.function is Function.PLAN:
        return _Time(_Length.YEAR, 0, None, 0)
    if node.function is Function.SAME_PERIOD:
        return time._replace(years_back=time.years_back + 1)
    if node.function is Function.PREVIOUS:
        count = node.arguments[1] if len(node.arguments) > 1 else None
        return time._replace(periods_back=time.periods_back + (int(count.value) if isinstance(count, Number) else 1))
    return time._replace(standing=None) if node.function is Function.CUMULATIVE else time


def _of_cell(spec: CellSpec, view: View) -> _Time:
    assert spec.series is not None
    is_plan = spec.kind is CellKind.PLAN or spec.series.aspect in _OF_A_YEAR
    is_of_a_year = is_plan and spec.series.aspect is not Aspect.SCENARIO
    indicator = view.definitions.indicators[spec.series.indicator]
    return _Time(
        length=_Length.YEAR if is_of_a_year else _Length.SHORTER,
        years_back=(spec.kind in _LAST_YEAR) - (spec.series.aspect is Aspect.NEXT_YEAR_PLAN),
        standing=indicator.code if indicator.nature in _STANDING else None,
        periods_back=spec.shift or (spec.kind is CellKind.PREVIOUS),
    )
