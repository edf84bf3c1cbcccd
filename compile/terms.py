"""What a computed or looked-up figure is made of: cells of its own table, figures of other periods, plans."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from compile.totals import CellTotal
from registry.catalogue.forms import CellSpec, View
from registry.catalogue.measures import from_mantissa
from registry.catalogue.model import CellKind
from registry.catalogue.values import CellKey, Nature, SeriesKey, State
from registry.rules import bind
from registry.rules.bind import Place
from registry.rules.context import Context
from registry.rules.lookup import Term, asks, call_terms, cell_terms
from registry.rules.parse import parse
from registry.rules.telling import Teller
from registry.rules.tree import Call, Cell, Node, Range, is_background, walk


@dataclass(frozen=True, slots=True)
class Part:
    """A cell of the same table that a formula names."""

    row: str
    column: str
    label: str
    heading: str
    state: State
    number: Decimal | None
    decimals: int

    @property
    def code(self) -> str:
        """Its address: ``NN14.c06``."""
        return f"{self.row}.{self.column}"


@dataclass(frozen=True, slots=True)
class Asked:
    """A figure of another period, or a plan, that a cell leans on; ``number`` None where none is known."""

    series: SeriesKey
    period: str
    sign: int
    number: Decimal | None  # exact, in ``measure``
    measure: str
    nature: Nature | None


def formula_words(view: View, spec: CellSpec) -> str:
    """The formula of a computed cell as one would say it; empty for others."""
    if spec.kind is not CellKind.COMPUTED or not spec.formula:
        return ""
    return Teller(view.form, view.columns, view.definitions.forms).noun(parse(spec.formula))


def parts_of(view: View, spec: CellSpec, cells: Mapping[CellKey, CellTotal]) -> Iterator[Part]:
    """The cells a formula names outside its functions of other periods, each once."""
    if spec.kind is not CellKind.COMPUTED or not spec.formula:
        return
    place = Place(spec.key.row, spec.key.column)
    rows = {row.code: row for row, _ in view.rows}
    headings = {column.code: " – ".join(column.path) for column in view.columns}
    for key in dict.fromkeys(_named(parse(spec.formula), place, view)):
        total = cells.get(key, CellTotal(State.BLANK))
        label = rows[key.row].label.strip("–-+ ")
        yield Part(*key[:2], label, headings[key.column], total.state, total.number, view.cells[key].decimals)


def _named(formula: Node, place: Place, view: View) -> Iterator[CellKey]:
    for node in walk(formula, lambda one: not is_background(one)):
        if isinstance(node, Cell):
            found = bind.key(node, place, view)
            yield from [found] if found else []
        elif isinstance(node, Range):
            yield from bind.keys(node, place, view)


def asked_by(context: Context, spec: CellSpec) -> Iterator[Asked]:
    """The figures of other periods behind a looked-up cell, or behind the functions of a formula."""
    definitions = context.view.definitions
    for term, measure in dict.fromkeys(_terms(context, spec)):
        known = context.background.get(term.need.series, term.need.period)
        canonical = definitions.canonical(term.need.series)
        shown = definitions.measures.get(measure, canonical)
        if shown.dimension != canonical.dimension:
            shown = canonical
        is_number = known is not None and known.state.is_number
        number = from_mantissa(known.mantissa, shown, canonical) if known is not None and is_number else None
        yield Asked(term.need.series, term.need.period, term.sign, number, shown.code, known.nature if known else None)


def _terms(context: Context, spec: CellSpec) -> Iterator[tuple[Term, str]]:
    """Each with the measure of the cell that asks for it."""
    view, period, frequency = context.view, context.period, context.frequency
    if spec.kind is not CellKind.COMPUTED:
        if spec.kind is not CellKind.INPUT and asks(spec):
            yield from ((term, spec.measure) for term in cell_terms(view, period, frequency, spec) or ())
        return
    place = Place(spec.key.row, spec.key.column)
    for node in walk(parse(spec.formula)) if spec.formula else ():
        named = node.arguments[0] if isinstance(node, Call) and is_background(node) and node.arguments else None
        about = bind.spec(named, place, view) if isinstance(named, Cell) else None
        if about is not None and isinstance(node, Call):
            yield from ((term, about.measure) for term in call_terms(view, period, frequency, about, node) or ())
