"""A rule at one place as arithmetic over figures of the warehouse: what a store can reckon without knowing forms.

Computed cells are written out by their formulas, looked-up ones by the figures they ask for. The result is a list of
steps, each on results of earlier ones, so that nothing is reckoned twice. Equal steps over different figures are one
shape: a store answers each shape once for all rows, periods and units.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from registry.catalogue.forms import CellSpec, View
from registry.catalogue.measures import from_mantissa
from registry.catalogue.model import BlankRule, CellKind, Rule
from registry.catalogue.values import CellKey
from registry.periods import NoSuchPeriod, previous
from registry.rules import bind, lookup
from registry.rules.arithmetic import Ask, Lowered, LoweredPart, NotInSql, Step, Way
from registry.rules.background import Need
from registry.rules.bind import Place
from registry.rules.checks import conjuncts, pointed
from registry.rules.context import Context
from registry.rules.lowered_functions import CONDITIONS, FIGURES, SPANS, Span
from registry.rules.parse import parse
from registry.rules.places import places
from registry.rules.precision import half_unit
from registry.rules.program import cells_of
from registry.rules.shorthand import spelled_out
from registry.rules.tree import (
    CALENDAR,
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

MOST_STEPS, MOST_ASKS = 1200, 400
_WORDS = (CellKind.NOTE, CellKind.TEXT, CellKind.CHOICE, CellKind.DATE, CellKind.UNIT)


def lowered(rule: Rule, context: Context) -> tuple[Lowered, ...]:
    """A rule at every place of a view; raises NotInSql, RuleSyntaxError, bind.UnknownName."""
    if rule.table:
        raise NotInSql("list")
    formula = parse(rule.formula)
    condition = parse(rule.condition) if rule.condition else None
    nodes = (formula, condition) if condition else (formula,)
    return tuple(_check(rule, context, place, formula, condition) for place in places(rule, nodes, context.view))


def _check(rule: Rule, context: Context, place: Place, formula: Node, condition: Node | None) -> Lowered:
    one = Lowering(context, place, tolerant=True, zero=rule.blanks is not BlankRule.SKIP_ANY)
    anchor = next(iter(cells_of(formula, place, context.view)), None)
    asked = one.condition(condition) if condition else one.truth(True)
    parts = tuple(_part(one, node, anchor) for node in conjuncts(formula))
    book = one.book
    return Lowered(anchor, asked, parts, tuple(book.steps), tuple(book.asks), tuple(book.given))


def _part(one: Lowering, node: Node, anchor: CellKey | None) -> LoweredPart:
    cells = cells_of(node, one.place, one.context.view)
    passed_over = one.every(one.is_blank(key) for key in cells) if one.zero else one.truth(False)
    if isinstance(node, Compare) and Category.TEXT not in (category(node.left), category(node.right)):
        found, expected, _ = pointed(node, one.place, one.context.view)
        return LoweredPart(one.condition(node), passed_over, one.figure(found), one.figure(expected))
    return LoweredPart(one.condition(node), passed_over, one.cell(anchor) if anchor else one.nothing, one.nothing)


_WAYS = {Function.MEDIAN: Way.MEDIAN, Function.SUBORDINATES: Way.BELOW}


@dataclass(slots=True)
class _Book:
    """The steps of one place so far, and what they refer to by position."""

    steps: dict[Step, int] = field(default_factory=dict)
    asks: dict[Ask, int] = field(default_factory=dict)
    given: list[Decimal] = field(default_factory=list)
    cells: dict[CellKey, int] = field(default_factory=dict)

    def step(self, name: str, parts: tuple[int, ...] = (), value: Decimal | int | None = None) -> int:
        """The position of a step, taken once however often it is wanted; raises NotInSql for too many."""
        at = self.steps.setdefault(Step(name, parts, value), len(self.steps))
        if at >= MOST_STEPS:
            raise NotInSql("large")
        return at

    def asked(self, ask: Ask) -> int:
        """The step that holds what an ask comes to; raises NotInSql for too many."""
        at = self.asks.setdefault(ask, len(self.asks))
        if at >= MOST_ASKS:
            raise NotInSql("large")
        return self.step("asked", value=at)


@dataclass(frozen=True, slots=True)
class Lowering:
    """Mirrors ``closures.Binder``; ``zero`` is the blank strategy that ``Frame.blank_is_zero`` has."""

    context: Context
    place: Place
    tolerant: bool = False
    zero: bool = False
    book: _Book = field(default_factory=_Book)

    # --- leaves ---

    def op(self, name: str, *parts: int) -> int:
        """An operation on earlier steps."""
        return self.book.step(name, parts)

    def number(self, value: Decimal | int) -> int:
        """A number that belongs to the rule."""
        return self.book.step("number", value=Decimal(value))

    def given(self, value: Decimal) -> int:
        """A number that may differ from place to place without making another shape."""
        self.book.given.append(value)
        return self.book.step("given", value=len(self.book.given) - 1)

    def truth(self, value: bool | None) -> int:
        """True, false or unknown."""
        return self.op({True: "true", False: "false", None: "unknown"}[value])

    @property
    def nothing(self) -> int:
        """A number nobody knows."""
        return self.op("nothing")

    def every(self, conditions: Iterable[int]) -> int:
        """All of them; true when there is none."""
        listed = tuple(conditions)
        return self.op("and", *listed) if listed else self.truth(True)

    # --- figures and conditions ---

    def figure(self, node: Node) -> int:
        """The number a node comes to, null when a blank leaves it unknown."""
        if isinstance(node, Number):
            return self.number(node.value)
        if isinstance(node, Cell):
            there = bind.foreign(node, self.place, self.context.view)
            return self._elsewhere(there) if there else self.cell(bind.key(node, self.place, self.context.view))
        if isinstance(node, Negative):
            return self.op("negative", self.figure(node.operand))
        if isinstance(node, Binary):
            return self.op(node.operator, self.figure(node.left), self.figure(node.right))
        if isinstance(node, Call):
            longer = spelled_out(node)
            if longer:
                return self.figure(longer)
            return self._background(node) if is_background(node) else FIGURES[node.function](self, node)
        return self.nothing

    def condition(self, node: Node) -> int:
        """Whether a condition holds, null when a blank leaves it unknown."""
        if isinstance(node, Compare):
            return self._comparison(node)
        assert isinstance(node, Call)
        longer = spelled_out(node)
        return self.condition(longer) if longer else CONDITIONS[node.function](self, node)

    def listed(self, node: Call, given: bool = False) -> tuple[list[int], list[int]]:
        """The cells a function names directly, ranges cell by cell, and the calculations among its arguments."""
        cells: list[int] = []
        calculations: list[int] = []
        for argument in node.arguments:
            if isinstance(argument, Range | Cell):
                named = self._named(argument)
                cells.extend(self.given_in(one) if given else self.figure(one) for one in named)
            else:
                calculations.append(self.figure(argument))
        return cells, calculations

    def _named(self, argument: Range | Cell) -> tuple[Cell, ...]:
        return bind.cells(argument, self.place, self.context.view) if isinstance(argument, Range) else (argument,)

    # --- cells ---

    def cell(self, key: CellKey | None) -> int:
        """The number in a cell under the blank strategy."""
        if key is None:
            return self.number(0) if self.zero else self.nothing
        value = self._value(key)
        is_closed = self.context.view.cells[key].kind is CellKind.CLOSED
        return self.op("or_zero", value) if self.zero and not is_closed else value

    def given_in(self, node: Node) -> int:
        """What stands in a cell, whatever the blank strategy."""
        key = bind.key(node, self.place, self.context.view) if isinstance(node, Cell) else None
        return (
            self._value(key) if key else self.figure(node) if not isinstance(node, Cell) or node.form else self.nothing
        )

    def is_blank(self, key: CellKey | None) -> int:
        """Whether nothing stands in a cell."""
        if key is None:
            return self.truth(True)
        is_closed = self.context.view.cells[key].kind is CellKind.CLOSED
        return self.truth(False) if is_closed else self.op("is_null", self._value(key))

    def is_nil(self, key: CellKey | None) -> int:
        """Whether a cell says không phát sinh; only a cell somebody types can."""
        if key is None or self.context.view.cells[key].kind is not CellKind.INPUT:
            return self.truth(False)
        at = self._value(key)
        own = tuple(self.book.steps)[at]
        return self.book.step("is_nil", value=own.value) if own.name == "asked" else self.truth(False)

    def _value(self, key: CellKey) -> int:
        if key not in self.book.cells:
            self.book.cells[key] = self._cell_itself(self.context.view.cells[key])
        return self.book.cells[key]

    def _cell_itself(self, spec: CellSpec) -> int:
        if spec.kind in _WORDS:
            raise NotInSql("text")
        if spec.kind is CellKind.INPUT:
            return self._own(spec)
        if spec.kind is CellKind.COMPUTED and spec.formula:
            inner = Lowering(self.context, Place(spec.key.row, spec.key.column), book=self.book)
            return self._rounded(inner.figure(parse(spec.formula)), spec.decimals)
        if not lookup.asks(spec):
            return self.nothing
        view, period, frequency = self.context.view, self.context.period, self.context.frequency
        terms = lookup.cell_terms(view, period, frequency, spec)
        return self._rounded(self._sum(Way.KNOWN, view, spec, terms), spec.decimals)

    def _rounded(self, value: int, decimals: int) -> int:
        return self.book.step("round", (value,), decimals)

    def _own(self, spec: CellSpec) -> int:
        if spec.series is None:
            raise NotInSql("unkept")
        try:
            period = previous(self.context.period, self.context.frequency, spec.shift)
        except NoSuchPeriod:
            return self.nothing
        return self._sum(Way.OWN, self.context.view, spec, (lookup.Term(Need(spec.series, period.code)),))

    def _elsewhere(self, there: bind.Foreign) -> int:
        terms = lookup.foreign_terms(self.context.period, self.context.frequency, there)
        return self._sum(Way.ELSEWHERE, there.view, there.spec, terms)

    def _sum(self, way: Way, view: View, spec: CellSpec, terms: lookup.Terms | None) -> int:
        if terms is None or spec.series is None or (not terms and way is Way.MEDIAN):
            return self.nothing
        if not terms:
            return self.number(0)
        definitions = view.definitions
        shown, canonical = definitions.measures[spec.measure], definitions.canonical(terms[0].need.series)
        factor = from_mantissa(1, shown, canonical)
        ask = Ask(way, terms, bind.row_of(view, spec.key.row), spec.nature, factor)
        return self.book.asked(ask)

    def _background(self, node: Call) -> int:
        if node.function in CALENDAR:
            return self.given(lookup.calendar(self.context.period, node.function))
        named = node.arguments[0]
        spec = bind.spec(named, self.place, self.context.view) if isinstance(named, Cell) else None
        if spec is None:
            return self.nothing
        view, period, frequency = self.context.view, self.context.period, self.context.frequency
        terms = lookup.call_terms(view, period, frequency, spec, node)
        return self._sum(_WAYS.get(node.function, Way.KNOWN), view, spec, terms)

    # --- comparisons ---

    def _comparison(self, node: Compare) -> int:
        if Category.TEXT in (category(node.left), category(node.right)):
            return self.truth(self._texts_agree(node))
        sign = "=" if node.operator == "==" else node.operator
        compared = self.op(sign, self.figure(node.left), self.figure(node.right))
        if not (self.tolerant and node.operator == "="):
            return compared
        meet = self.op("meet", *self.span(node.left), *self.span(node.right))
        return self.op("if", compared, self.truth(True), meet)

    def _texts_agree(self, node: Compare) -> bool | None:
        one, other = self._words(node.left), self._words(node.right)
        if one is None or other is None or node.operator not in ("=", "==", "<>"):
            return None
        return (one.casefold() == other.casefold()) is (node.operator != "<>")

    def _words(self, node: Node) -> str | None:
        if isinstance(node, Text):
            return node.value
        if isinstance(node, Call) and node.function is Function.GROUP and isinstance(node.arguments[0], Text):
            return lookup.group_of(self.context, node.arguments[0].value)
        raise NotInSql("text")

    # --- what each side may really be (``precision``) ---

    def span(self, node: Node) -> Span:
        """The least and the most a figure may really be; null where it is without bounds."""
        if isinstance(node, Cell):
            return self._span_of(node)
        if isinstance(node, Negative):
            least, most = self.span(node.operand)
            return self.op("negative", most), self.op("negative", least)
        if isinstance(node, Binary):
            return self._span_of_two(node.operator, self.span(node.left), self.span(node.right))
        if isinstance(node, Call):
            longer = spelled_out(node)
            if longer:
                return self.span(longer)
            return self._span_of_background(node) if is_background(node) else SPANS[node.function](self, node)
        value = self.figure(node)
        return value, value

    def spans(self, node: Call) -> list[Span]:
        """The spans of arguments some of which may be ranges."""
        return [
            self.span(one)
            for argument in node.arguments
            for one in (self._named(argument) if isinstance(argument, Range) else (argument,))
        ]

    def widened(self, value: int, slack: Decimal) -> Span:
        """A figure and how far it may lie from what was measured."""
        if not slack:
            return value, value
        width = self.given(slack)
        return self.op("-", value, width), self.op("+", value, width)

    def _span_of(self, node: Cell) -> Span:
        value, view = self.figure(node), self.context.view
        if there := bind.foreign(node, self.place, view):
            return self.widened(value, half_unit(there.view, there.spec))
        key = bind.key(node, self.place, view)
        least, most = self.widened(value, half_unit(view, view.cells[key]) if key else Decimal(0))
        is_nil = self.is_nil(key)
        return self.op("if", is_nil, value, least), self.op("if", is_nil, value, most)

    def _span_of_background(self, node: Call) -> Span:
        named = node.arguments[0] if node.arguments else None
        spec = bind.spec(named, self.place, self.context.view) if isinstance(named, Cell) else None
        parts = self.context.period.last.month if node.function is Function.CUMULATIVE else 1
        slack = half_unit(self.context.view, spec) * parts if spec else Decimal(0)
        return self.widened(self.figure(node), slack)

    def _span_of_two(self, operator: str, one: Span, other: Span) -> Span:
        if operator == "+":
            return self.op("+", one[0], other[0]), self.op("+", one[1], other[1])
        if operator == "-":
            return self.op("-", one[0], other[1]), self.op("-", one[1], other[0])
        corners = [self.op(operator, a, b) for a in dict.fromkeys(one) for b in dict.fromkeys(other)]
        least, most = self.op("least", *corners), self.op("greatest", *corners)
        if operator == "*":
            return least, most
        straddles = self.straddles(other)
        return self.op("if", straddles, self.nothing, least), self.op("if", straddles, self.nothing, most)

    def straddles(self, span: Span) -> int:
        """Whether a span holds 0."""
        zero = self.number(0)
        return self.op("and", self.op("<=", span[0], zero), self.op(">=", span[1], zero))
