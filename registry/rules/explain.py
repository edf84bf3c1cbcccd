"""A rule as one sentence of plain Vietnamese, so that whoever signs a catalogue can read what it demands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path

from registry.catalogue.forms import Definitions
from registry.catalogue.measures import Measure
from registry.catalogue.model import Column, Form, RowKind, RowNature, Rule, RuleScope
from registry.rules import bind
from registry.rules.parse import parse
from registry.rules.telling import Teller, column_code_of, label_of, listed
from registry.rules.tree import Cell, Compare, Node, Number, Range, walk
from vietnamese.copydeck import deck
from vietnamese.fold import fold

_copy = deck(Path(__file__).parent / "copy.toml")
_MOST_NAMED = 3  # rows a sentence names before it counts the rest
_ZERO = Number(Decimal(0))


def explain(rule: Rule, form: Form, definitions: Definitions) -> str:
    """Where the rule runs, when, what must hold, and what it does with blanks.

    Raises RuleSyntaxError, bind.UnknownName: what cannot be read or bound cannot be told.
    """
    formula = parse(rule.formula)
    condition = parse(rule.condition) if rule.condition else None
    nodes = (formula, condition) if condition else (formula,)
    teller = Teller(form, _columns(rule, form), definitions.forms)
    where = ", ".join(_where(rule, form, nodes))
    when = _copy("explain.when", condition=teller.condition(condition)) if condition else ""
    demand = teller.demand(formula)
    if _may_round(rule, form, formula, definitions.measures):
        demand += _copy("explain.rounding")
    sentence = _copy("explain.sentence", where=_ended(where, ": "), when=when, demand=demand, blanks=_blanks(rule))
    return sentence[:1].upper() + sentence[1:]


def _columns(rule: Rule, form: Form) -> tuple[Column, ...]:
    table = next((one for one in form.lists if one.code == rule.table), None)
    return table.columns if table else form.columns


def _blanks(rule: Rule) -> str:
    return _copy(f"explain.blanks.{rule.blanks.name}")


def _ended(words: str, end: str) -> str:
    return words + end if words else ""


# --- where it runs ---------------------------------------------------------------------------------------------------


def _where(rule: Rule, form: Form, nodes: tuple[Node, ...]) -> Iterable[str]:
    if rule.scope == RuleScope.PROVINCE:
        yield _copy("explain.where.province")
    table = next((one for one in form.lists if one.code == rule.table), None)
    if table:
        yield _copy("explain.where.list", title=table.title)
        return
    own = [one for one in _references(nodes) if one.form is None or fold(one.form) == fold(form.code)]
    if any(isinstance(one, Cell) and one.row is None for one in own):
        yield _rows(rule, form)
    if any(one.column is None for one in own):
        yield _copy("explain.where.columns")


def _references(nodes: Iterable[Node]) -> list[Cell | Range]:
    return [one for node in nodes for one in walk(node) if isinstance(one, Cell | Range)]


def _rows(rule: Rule, form: Form) -> str:
    natures = ", ".join(_copy(f"explain.nature.{nature.name}") for nature in RowNature if nature in rule.natures)
    if not rule.rows:
        return _copy("explain.where.natures", natures=natures) if natures else _copy("explain.where.rows")
    names = [f"“{label_of(row)}”" for row in form.rows if row.code in rule.rows]
    if len(names) == 1:
        return _copy("explain.where.row", row=names[0])
    if len(names) <= _MOST_NAMED:
        return _copy("explain.where.named", rows=listed(names))
    named = ", ".join(names[: _MOST_NAMED - 1])
    return _copy("explain.where.many", rows=named, count=len(names), rest=len(names) - _MOST_NAMED + 1)


def _may_round(rule: Rule, form: Form, formula: Node, measures: Mapping[str, Measure]) -> bool:
    """True when a ``=`` compares figures in rounded measures, so that a last unit may differ."""
    compared = [one for one in walk(formula) if isinstance(one, Compare) and one.operator == "="]
    told = (one for one in _references(one for one in compared if _ZERO not in (one.left, one.right)) if not one.form)
    named = {measure for one in told for measure in _measures(rule, form, one)}
    return any(not measures[measure].counted for measure in named & measures.keys())


def _measures(rule: Rule, form: Form, reference: Cell | Range) -> set[str]:
    columns = {one.code: one for one in _columns(rule, form)}
    column = columns[column_code_of(form, columns, reference.column)] if reference.column else None
    if column is not None and column.measure:
        return {column.measure}
    if isinstance(reference, Cell) and reference.row:
        code = bind.row_code(form, reference.row)
        return {row.measure for row in form.rows if row.code == code}
    return {row.measure for row in form.rows if row.kind is RowKind.DATA and (not rule.rows or row.code in rule.rows)}
