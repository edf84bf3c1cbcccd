"""A rule at one place as arithmetic over figures of the warehouse: what a store can reckon without knowing forms.

Computed cells are written out by their formulas, looked-up ones by the figures they ask for. Equal expressions
over different figures are one shape: a store answers each shape once for all rows, periods and units.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from registry.catalogue.forms import CellSpec
from registry.catalogue.measures import from_mantissa
from registry.catalogue.model import BlankRule, CellKind, Rule
from registry.catalogue.values import CellKey, Nature
from registry.periods import NoSuchPeriod, previous
from registry.rules import bind, lookup
from registry.rules.background import Need
from registry.rules.bind import Place
from registry.rules.checks import conjuncts, pointed
from registry.rules.context import Context
from registry.rules.parse import parse
from registry.rules.places import places
from registry.rules.precision import half_unit
from registry.rules.program import cells_of
from registry.rules.tree import (
    Binary,
    Call,
    Category,
    Cell,
    Compare,
    Function,
    Negative,
    Node,
    Number,
    Range,
    Text,
    category,
    is_background,
)

_WORDS = (CellKind.NOTE, CellKind.TEXT, CellKind.CHOICE, CellKind.DATE, CellKind.UNIT)


class NotInSql(ValueError):
    """A rule the warehouse cannot judge; ``reason``: text, list, unkept (no series), large."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Op(NamedTuple):
    """An operation on parts: other operations, numbers, or positions of what is asked or given."""

    name: str
    parts: tuple[Op | Decimal | int, ...] = ()


class Way(StrEnum):
    """How the figures of an ask come to one number."""

    OWN = "own"  # the cell's own figure, of the nature the cell has when there is one
    KNOWN = "known"  # the sum of figures known before this submission
    MEDIAN = "median"
    BELOW = "below"  # the sum over the units below, each of which must have one


@dataclass(frozen=True, slots=True)
class Ask:
    """Figures asked of the warehouse for each unit; ``factor`` of the shown measure is one of a mantissa."""

    way: Way
    terms: tuple[tuple[Need, int], ...]
    row: str  # whose subject the figures are about
    nature: Nature
    factor: Decimal


@dataclass(frozen=True, slots=True)
class LoweredPart:
    """One comparison of a rule; ``passed_over`` is where blanks leave nothing to judge."""

    holds: Op
    passed_over: Op
    found: Op
    expected: Op


@dataclass(frozen=True, slots=True)
class Lowered:
    """A rule at one place of one view in one period."""

    anchor: CellKey | None
    condition: Op
    parts: tuple[LoweredPart, ...]
    asks: tuple[Ask, ...]
    given: tuple[Decimal, ...]

    @property
    def shape(self) -> tuple[object, ...]:
        """Equal for places that differ only in what is asked and given."""
        return (self.condition, self.parts, tuple(ask.way for ask in self.asks), len(self.given))


NOTHING, TRUE, FALSE, UNKNOWN = Op("nothing"), Op("true"), Op("false"), Op("unknown")
_ZERO = Op("number", (Decimal(0),))


def lowered(rule: Rule, context: Context) -> tuple[Lowered, ...]:
    """A rule at every place of a view; raises NotInSql, RuleSyntaxError, bind.UnknownName."""
    if rule.table:
        raise NotInSql("list")
    formula = parse(rule.formula)
    condition = parse(rule.condition) if rule.condition else None
    nodes = (formula, condition) if condition else (formula,)
    return tuple(_check(rule, context, place, formula, condition) for place in places(rule, nodes, context.view))


def _check(rule: Rule, context: Context, place: Place, formula: Node, condition: Node | None) -> Lowered:
    one = _Lowering(context, place, tolerant=True, zero=rule.blanks is not BlankRule.SKIP_ANY)
    anchor = next(iter(cells_of(formula, place, context.view)), None)
    asked = one.condition(condition) if condition else TRUE
    parts = tuple(_part(one, node, anchor) for node in conjuncts(formula))
    return Lowered(anchor, asked, parts, tuple(one.book.asks), tuple(one.book.given))


def _part(one: _Lowering, node: Node, anchor: CellKey | None) -> LoweredPart:
    cells = cells_of(node, one.place, one.context.view)
    passed_over = _all(one.is_blank(key) for key in cells) if one.zero else FALSE
    if isinstance(node, Compare) and Category.TEXT not in (category(node.left), category(node.right)):
        found, expected, _ = pointed(node, one.place, one.context.view)
        return LoweredPart(one.condition(node), passed_over, one.figure(found), one.figure(expected))
    return LoweredPart(one.condition(node), passed_over, one.cell(anchor) if anchor else NOTHING, NOTHING)


@dataclass(slots=True)
class _Book:
    """What the operations of one place refer to by position."""

    asks: list[Ask] = field(default_factory=list)
    given: list[Decimal] = field(default_factory=list)
    cells: dict[CellKey, Op] = field(default_factory=dict)

    def asked(self, ask: Ask) -> int:
        if ask not in self.asks:
            self.asks.append(ask)
        return self.asks.index(ask)

    def number(self, value: Decimal) -> Op:
        """A number that may differ from place to place without making another shape."""
        self.given.append(value)
        return Op("given", (len(self.given) - 1,))


@dataclass(frozen=True, slots=True)
class _Lowering:
    """Mirrors ``closures.Binder``; ``zero`` is the blank strategy that ``Frame.blank_is_zero`` has."""

    context: Context
    place: Place
    tolerant: bool = False
    zero: bool = False
    book: _Book = field(default_factory=_Book)

    def figure(self, node: Node) -> Op:
        """The number a node comes to, null when a blank leaves it unknown."""
        if isinstance(node, Number):
            return Op("number", (node.value,))
        if isinstance(node, Cell):
            return self.cell(bind.key(node, self.place, self.context.view))
        if isinstance(node, Negative):
            return Op("negative", (self.figure(node.operand),))
        if isinstance(node, Binary):
            return Op(node.operator, (self.figure(node.left), self.figure(node.right)))
        if isinstance(node, Call):
            return self._background(node) if is_background(node) else _FIGURES[node.function](self, node)
        return NOTHING

    def over(self, node: Call) -> tuple[list[Op], list[Op]]:
        """The cells a function names directly, and the calculations among its arguments."""
        cells: list[Op] = []
        calculations: list[Op] = []
        for argument in node.arguments:
            if isinstance(argument, Range):
                cells.extend(self.cell(key) for key in bind.keys(argument, self.place, self.context.view))
            elif isinstance(argument, Cell):
                cells.append(self.figure(argument))
            else:
                calculations.append(self.figure(argument))
        return cells, calculations

    def condition(self, node: Node) -> Op:
        """Whether a condition holds, null when a blank leaves it unknown."""
        if isinstance(node, Compare):
            return self._comparison(node)
        assert isinstance(node, Call)
        return _CONDITIONS[node.function](self, node)

    # --- cells ---

    def cell(self, key: CellKey | None) -> Op:
        """The number in a cell under the blank strategy."""
        if key is None:
            return _ZERO if self.zero else NOTHING
        value = self._value(key)
        is_closed = self.context.view.cells[key].kind is CellKind.CLOSED
        return Op("or_zero", (value,)) if self.zero and not is_closed else value

    def is_blank(self, key: CellKey | None) -> Op:
        """Whether nothing stands in a cell."""
        if key is None:
            return TRUE
        is_closed = self.context.view.cells[key].kind is CellKind.CLOSED
        return FALSE if is_closed else Op("is_null", (self._value(key),))

    def _value(self, key: CellKey) -> Op:
        if key not in self.book.cells:
            self.book.cells[key] = self._cell_itself(self.context.view.cells[key])
        return self.book.cells[key]

    def _cell_itself(self, spec: CellSpec) -> Op:
        if spec.kind in _WORDS:
            raise NotInSql("text")
        if spec.kind is CellKind.INPUT:
            return self._own(spec)
        if spec.kind is CellKind.COMPUTED and spec.formula:
            inner = _Lowering(self.context, Place(spec.key.row, spec.key.column), book=self.book)
            return _rounded(inner.figure(parse(spec.formula)), spec.decimals)
        if not lookup.asks(spec):
            return NOTHING
        view, period, frequency = self.context.view, self.context.period, self.context.frequency
        return _rounded(self._sum(Way.KNOWN, spec, lookup.cell_terms(view, period, frequency, spec)), spec.decimals)

    def _own(self, spec: CellSpec) -> Op:
        if spec.series is None:
            raise NotInSql("unkept")
        try:
            period = previous(self.context.period, self.context.frequency, spec.shift)
        except NoSuchPeriod:
            return NOTHING
        return self._sum(Way.OWN, spec, (lookup.Term(Need(spec.series, period.code)),))

    def _sum(self, way: Way, spec: CellSpec, terms: lookup.Terms | None) -> Op:
        if terms is None or spec.series is None:
            return NOTHING
        if not terms:
            return _ZERO if way is not Way.MEDIAN else NOTHING
        definitions = self.context.view.definitions
        shown, canonical = definitions.measures[spec.measure], definitions.canonical(terms[0].need.series)
        factor = from_mantissa(1, shown, canonical)
        ask = Ask(way, tuple(map(tuple, terms)), spec.key.row, spec.nature, factor)  # type: ignore[arg-type]
        return Op("asked", (self.book.asked(ask),))

    def _background(self, node: Call) -> Op:
        if node.function is Function.MONTH:
            return self.book.number(Decimal(self.context.period.last.month))
        named = node.arguments[0] if node.arguments else None
        spec = bind.spec(named, self.place, self.context.view) if isinstance(named, Cell) else None
        if spec is None:
            return NOTHING
        context = self.context
        terms = lookup.call_terms(context.view, context.period, context.frequency, spec, node)
        return self._sum(_WAYS.get(node.function, Way.KNOWN), spec, terms)

    # --- comparisons ---

    def _comparison(self, node: Compare) -> Op:
        if Category.TEXT in (category(node.left), category(node.right)):
            return self._text_comparison(node)
        compared = Op(
            node.operator if node.operator != "==" else "=", (self.figure(node.left), self.figure(node.right))
        )
        if not (self.tolerant and node.operator == "="):
            return compared
        one, other = self.span(node.left), self.span(node.right)
        return Op("if", (compared, TRUE, Op("meet", (*one, *other))))

    def _text_comparison(self, node: Compare) -> Op:
        sides = (self._words(node.left), self._words(node.right))
        if None in sides or node.operator not in ("=", "==", "<>"):
            return UNKNOWN
        one, other = (side.casefold() for side in sides if side is not None)
        return TRUE if (one == other) is (node.operator != "<>") else FALSE

    def _words(self, node: Node) -> str | None:
        if isinstance(node, Text):
            return node.value
        if isinstance(node, Call) and node.function is Function.GROUP and isinstance(node.arguments[0], Text):
            return lookup.group_of(self.context, node.arguments[0].value)
        raise NotInSql("text")

    # --- what each side may really be (``precision``) ---

    def span(self, node: Node) -> tuple[Op, Op]:
        """The least and the most a figure may really be; null where it is without bounds."""
        if isinstance(node, Cell):
            return self._span_of(bind.key(node, self.place, self.context.view))
        if isinstance(node, Negative):
            least, most = self.span(node.operand)
            return Op("negative", (most,)), Op("negative", (least,))
        if isinstance(node, Binary):
            return _joined(node.operator, self.span(node.left), self.span(node.right))
        if isinstance(node, Call):
            return self._span_of_background(node) if is_background(node) else _SPANS[node.function](self, node)
        value = self.figure(node)
        return value, value

    def spans(self, argument: Node) -> list[tuple[Op, Op]]:
        """The spans of an argument that may be a range."""
        if isinstance(argument, Range):
            return [self._span_of(key) for key in bind.keys(argument, self.place, self.context.view)]
        return [self.span(argument)]

    def _span_of(self, key: CellKey | None) -> tuple[Op, Op]:
        value = self.cell(key)
        width = half_unit(self.context.view, self.context.view.cells[key]) if key else Decimal(0)
        if not width or key is None:
            return value, value
        slack = self.book.number(width)
        if self.context.view.cells[key].kind is CellKind.INPUT:
            (position,) = self._value(key).parts
            slack = Op("if", (Op("is_nil", (position,)), _ZERO, slack))
        return Op("-", (value, slack)), Op("+", (value, slack))

    def _span_of_background(self, node: Call) -> tuple[Op, Op]:
        value = self.figure(node)
        named = node.arguments[0] if node.arguments else None
        spec = bind.spec(named, self.place, self.context.view) if isinstance(named, Cell) else None
        slack = half_unit(self.context.view, spec) if spec else Decimal(0)
        if not slack:
            return value, value
        parts = self.context.period.last.month if node.function is Function.CUMULATIVE else 1
        width = self.book.number(slack * parts)
        return Op("-", (value, width)), Op("+", (value, width))


# --- functions -------------------------------------------------------------------------------------------------------

_Figure = Callable[[_Lowering, Call], Op]
_Span = Callable[[_Lowering, Call], tuple[Op, Op]]
_WAYS = {Function.MEDIAN: Way.MEDIAN, Function.SUBORDINATES: Way.BELOW}


def _all(conditions: Iterable[Op]) -> Op:
    listed = tuple(conditions)
    return Op("and", listed) if listed else TRUE


def _number(value: Decimal | int) -> Op:
    return Op("number", (Decimal(value),))


def _rounded(value: Op, decimals: int) -> Op:
    return Op("round", (value, decimals))


def _over(name: str) -> _Figure:
    """Cells named directly may be blank; a blank calculation leaves the whole blank, like any operand."""

    def over_cells(one: _Lowering, node: Call) -> Op:
        cells, calculations = one.over(node)
        value = Op(name, (*cells, *calculations))
        return (
            Op("if", (_all(Op("is_known", (part,)) for part in calculations), value, NOTHING))
            if calculations
            else value
        )

    return over_cells


def _span_over(name: str) -> _Span:
    def over_cells(one: _Lowering, node: Call) -> tuple[Op, Op]:
        spans = [span for argument in node.arguments for span in one.spans(argument)]
        return Op(name, tuple(least for least, _ in spans)), Op(name, tuple(most for _, most in spans))

    return over_cells


def _decimals(node: Call) -> int:
    second = node.arguments[1] if len(node.arguments) > 1 else None
    return int(second.value) if isinstance(second, Number) else 0


def _round(one: _Lowering, node: Call) -> Op:
    return Op("round", (one.figure(node.arguments[0]), _decimals(node)))


def _span_round(one: _Lowering, node: Call) -> tuple[Op, Op]:
    least, most = one.span(node.arguments[0])
    return Op("round", (least, _decimals(node))), Op("round", (most, _decimals(node)))


def _abs(one: _Lowering, node: Call) -> Op:
    return Op("abs", (one.figure(node.arguments[0]),))


def _span_abs(one: _Lowering, node: Call) -> tuple[Op, Op]:
    least, most = one.span(node.arguments[0])
    ends = (Op("abs", (least,)), Op("abs", (most,)))
    straddles = Op("and", (Op("<=", (least, _ZERO)), Op(">=", (most, _ZERO))))
    return Op("if", (straddles, _ZERO, Op("least", ends))), Op("greatest", ends)


def _ratio(one: _Lowering, node: Call) -> Op:
    part, whole = (one.figure(argument) for argument in node.arguments)
    return Op("*", (Op("/", (part, whole)), _number(100)))


def _span_ratio(one: _Lowering, node: Call) -> tuple[Op, Op]:
    part, whole = (one.span(argument) for argument in node.arguments)
    least, most = _joined("/", part, whole)
    return Op("*", (least, _number(100))), Op("*", (most, _number(100)))


def _if(one: _Lowering, node: Call) -> Op:
    branches = [one.figure(branch) for branch in node.arguments[1:]]
    return Op("if", (one.condition(node.arguments[0]), *branches, *([NOTHING] if len(branches) == 1 else [])))


def _span_if(one: _Lowering, node: Call) -> tuple[Op, Op]:
    condition = one.condition(node.arguments[0])
    spans = [one.span(branch) for branch in node.arguments[1:]]
    chosen, other = spans if len(spans) > 1 else (spans[0], (NOTHING, NOTHING))
    return Op("if", (condition, chosen[0], other[0])), Op("if", (condition, chosen[1], other[1]))


def _joined(operator: str, one: tuple[Op, Op], other: tuple[Op, Op]) -> tuple[Op, Op]:
    if operator == "+":
        return Op("+", (one[0], other[0])), Op("+", (one[1], other[1]))
    if operator == "-":
        return Op("-", (one[0], other[1])), Op("-", (one[1], other[0]))
    corners = tuple(Op(operator, (a, b)) for a in dict.fromkeys(one) for b in dict.fromkeys(other))
    least, most = Op("least", corners), Op("greatest", corners)
    if operator == "*":
        return least, most
    straddles = Op("and", (Op("<=", (other[0], _ZERO)), Op(">=", (other[1], _ZERO))))
    return Op("if", (straddles, NOTHING, least)), Op("if", (straddles, NOTHING, most))


def _logic(name: str) -> _Figure:
    return lambda one, node: Op(name, tuple(one.condition(argument) for argument in node.arguments))


def _blank(one: _Lowering, node: Call) -> Op:
    named = node.arguments[0]
    return one.is_blank(bind.key(named, one.place, one.context.view) if isinstance(named, Cell) else None)


def _implied(one: _Lowering, node: Call) -> Op:
    branches = [one.condition(branch) for branch in node.arguments[1:]]
    return Op("if", (one.condition(node.arguments[0]), *branches, *([TRUE] if len(branches) == 1 else [])))


_FIGURES: dict[Function, _Figure] = {
    Function.SUM: _over("sum"),
    Function.MIN: _over("least"),
    Function.MAX: _over("greatest"),
    Function.ROUND: _round,
    Function.ABS: _abs,
    Function.RATIO: _ratio,
    Function.IF: _if,
}
_SPANS: dict[Function, _Span] = {
    Function.SUM: _span_over("sum"),
    Function.MIN: _span_over("least"),
    Function.MAX: _span_over("greatest"),
    Function.ROUND: _span_round,
    Function.ABS: _span_abs,
    Function.RATIO: _span_ratio,
    Function.IF: _span_if,
}
_CONDITIONS: dict[Function, _Figure] = {
    Function.AND: _logic("and"),
    Function.OR: _logic("or"),
    Function.NOT: _logic("not"),
    Function.BLANK: _blank,
    Function.IF: _implied,
}
