"""Who stands behind a figure, followed through a form's formulas: a sum somebody is missing from is compared with
nothing that others gave."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from compile.coverage import Coverage
from compile.model import official_order
from registry.catalogue.forms import CellSpec, View
from registry.catalogue.model import CellKind
from registry.catalogue.values import CellKey
from registry.rules import bind
from registry.rules.parse import parse
from registry.rules.tree import (
    CALENDAR,
    Binary,
    Call,
    Cell,
    Function,
    Node,
    Number,
    Range,
    in_table,
    is_background,
    walk,
)

Lacking = frozenset[frozenset[str]]
"""Codes of the units missing from a figure, a set for each different part of it; empty where nobody is missing."""

WHOLE: Lacking = frozenset()
_KNOWN_BEFORE = (  # cells whose figures come from elsewhere, about everybody
    CellKind.PREVIOUS,
    CellKind.SAME_PERIOD,
    CellKind.CUMULATIVE_SAME_PERIOD,
    CellKind.PLAN,
    CellKind.SHOWN,
    CellKind.CUMULATIVE,
)
_NO_FIGURES = CALENDAR | {Function.GROUP}


@dataclass(frozen=True, slots=True)
class Givers:
    """Who was to give a figure, and who is missing from it."""

    coverage: Coverage
    lacking: Lacking


@dataclass(frozen=True)
class Followed:
    """The cells somebody is missing from, and those of them that would hold figures of different units together."""

    partial: Mapping[CellKey, Givers] = field(default_factory=dict)
    apart: frozenset[CellKey] = frozenset()


def lacking(covered: Coverage | None) -> Lacking:
    """Who is missing from a sum over units.

    >>> lacking(None)
    frozenset()
    """
    if covered is None or covered.is_complete:
        return WHOLE
    return frozenset([frozenset(unit.code for unit in covered.missing)])


def followed(
    view: View, given: Mapping[CellKey, Givers], made: Mapping[CellKey, Sequence[Givers | None]] | None = None
) -> Followed:
    """From the partial cells ``given`` to everything that leans on them, in the order of the formulas.

    ``made`` are cells that show what was reckoned elsewhere, each with who stands behind its parts (None = everybody).
    """
    from registry.rules.identity import ViewIdentity
    from registry.rules.program import steps

    found, apart = dict(given), set[CellKey]()
    for key, parts in (made or {}).items():
        _settle(key, parts, False, found, apart)
    if not found:
        return Followed()
    for step in steps(ViewIdentity(view)):
        read = [view.cells[key] for key in step.cells if view.cells[key].kind is not CellKind.CLOSED]
        parts = [found.get(one.key) for one in read]
        formula = parse(step.spec.formula)
        if any(_asks_elsewhere(node, view) for node in walk(formula)):
            parts.append(None)
        adds = len(parts) == len(read) and _only_adds(formula) and not any(_is_before(one, found) for one in read)
        _settle(step.spec.key, parts, adds, found, apart)
        if not apart.isdisjoint(step.cells):
            apart.add(step.spec.key)
    return Followed(found, frozenset(apart))


def _settle(
    key: CellKey, parts: Sequence[Givers | None], adds: bool, found: dict[CellKey, Givers], apart: set[CellKey]
) -> None:
    """A sum of parts is of whoever gave them; anything else holds figures of the same units only."""
    partial = [one for one in parts if one is not None]
    if not partial:
        return
    kinds = {one.lacking for one in partial}
    is_mixed = len(kinds) > 1 or None in parts
    if is_mixed and not adds:
        apart.add(key)
    if not is_mixed:
        found[key] = partial[0]
        return
    together = frozenset().union(*kinds)
    found[key] = Givers(_joined(partial), together | {frozenset()} if None in parts else together)


def _joined(parts: Iterable[Givers]) -> Coverage:
    its = [one.coverage for one in parts]
    lists = ([one.expected for one in its], [one.missing for one in its], [one.provisional for one in its])
    named = ({unit.code: unit for units in one for unit in units} for one in lists)
    return Coverage(*(tuple(sorted(units.values(), key=official_order)) for units in named))


def _asks_elsewhere(node: Node, view: View) -> bool:
    """True of what is answered by figures from outside the table, about everybody."""
    if isinstance(node, Call):
        return is_background(node) and node.function not in _NO_FIGURES
    return isinstance(node, Cell) and bind.is_foreign(node, view)


def _is_before(spec: CellSpec, found: Mapping[CellKey, Givers]) -> bool:
    is_of_now = spec.kind is CellKind.SHOWN and not spec.shift
    return spec.kind in _KNOWN_BEFORE and not is_of_now and spec.key not in found


def _only_adds(formula: Node) -> bool:
    def terms() -> Iterator[bool]:
        for node in in_table(formula):
            if isinstance(node, Binary):
                yield node.operator == "+"
            elif isinstance(node, Call):
                yield node.function is Function.SUM
            else:
                yield isinstance(node, Cell | Range | Number)

    return all(terms())
