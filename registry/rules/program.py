"""A view's formulas, bound once and put in the order they must be computed in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from graphlib import CycleError, TopologicalSorter

from registry.catalogue.forms import CellSpec, View
from registry.catalogue.model import CellKind
from registry.catalogue.values import CellKey
from registry.rules import bind
from registry.rules.at_once import Figures, at_once
from registry.rules.bind import Place
from registry.rules.identity import ViewIdentity
from registry.rules.parse import parse
from registry.rules.tree import Cell, Node, Range, in_table


class CyclicFormula(ValueError):
    """Computed cells that need one another; ``cells`` is the circle."""

    def __init__(self, cells: tuple[CellKey, ...]) -> None:
        super().__init__(" → ".join(f"[{key.row}].({key.column})" for key in cells))
        self.cells = cells


@dataclass(frozen=True, slots=True)
class Step:
    """One computed cell."""

    spec: CellSpec
    cells: frozenset[CellKey]  # of the table, that the formula reads


@dataclass(frozen=True, slots=True)
class Batch:
    """Computed cells of one formula and equal decimals, none of which reads another."""

    keys: tuple[CellKey, ...]
    figures: Figures
    decimals: int


@lru_cache(maxsize=128)
def steps(identity: ViewIdentity) -> tuple[Step, ...]:
    """The computed cells in dependency order; raises CyclicFormula, RuleSyntaxError, bind.UnknownName."""
    view = identity.view
    computed = {key: spec for key, spec in view.cells.items() if spec.kind is CellKind.COMPUTED and spec.formula}
    needed = {key: _needed(view, key, parse(spec.formula)) for key, spec in computed.items()}
    try:
        order = list(TopologicalSorter({key: cells & computed.keys() for key, cells in needed.items()}).static_order())
    except CycleError as error:
        raise CyclicFormula(tuple(error.args[1])) from None
    return tuple(Step(computed[key], needed[key]) for key in order)


@lru_cache(maxsize=128)
def batches(identity: ViewIdentity) -> tuple[Batch, ...]:
    """The steps, those together that have one formula and do not lean on one another; raises as ``steps``."""
    depths: dict[CellKey, int] = {}
    together: dict[tuple[int, str, int], list[CellKey]] = defaultdict(list)
    for step in steps(identity):
        depths[step.spec.key] = depth = 1 + max((depths.get(cell, 0) for cell in step.cells), default=0)
        together[depth, step.spec.formula, step.spec.decimals].append(step.spec.key)
    return tuple(
        Batch(
            tuple(keys), at_once(identity.view, parse(formula), [Place(key.row, key.column) for key in keys]), decimals
        )
        for (_, formula, decimals), keys in sorted(together.items(), key=lambda one: one[0][0])
    )


def _needed(view: View, key: CellKey, formula: Node) -> frozenset[CellKey]:
    return frozenset(cells_of(formula, Place(key.row, key.column), view))


def hanging_on(view: View, cells: Iterable[CellKey]) -> frozenset[CellKey]:
    """The cells and every computed one that reads any of them, or reads one that does."""
    found = set(cells)
    for step in steps(ViewIdentity(view)) if found else ():
        if not found.isdisjoint(step.cells):
            found.add(step.spec.key)
    return frozenset(found)


def cells_of(node: Node, place: Place, view: View) -> tuple[CellKey, ...]:
    """The cells of the table a node reads, in the order it names them; raises bind.UnknownName."""
    return cells_among(in_table(node), place, view)


def cells_among(read: Iterable[Node], place: Place, view: View) -> tuple[CellKey, ...]:
    """The cells of the table that nodes name by themselves, in their order; raises bind.UnknownName."""
    found: list[CellKey] = []
    for one in read:
        if isinstance(one, Range):
            found.extend(bind.keys(one, place, view))
        elif isinstance(one, Cell) and (key := bind.key(one, place, view)):
            found.append(key)
    return tuple(found)
