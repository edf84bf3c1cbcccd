"""What was done against plan: of each indicator and unit the figure to date, the plan, and the verdict (F6)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from registry.catalogue.forms import CellSpec, View
from registry.catalogue.measures import rounded
from registry.catalogue.model import CellKind, Indicator, Row, RowKind, Unit
from registry.catalogue.values import PLANS, Aspect, CellKey

_OWN = (CellKind.INPUT, CellKind.COMPUTED, CellKind.SHOWN)
_PERCENT_DECIMALS = 1


class Verdict(StrEnum):
    """How a figure stands to its plan."""

    EXCEEDED = "exceeded"  # vượt
    MET = "met"  # đạt
    MISSED = "missed"  # không đạt; before the year is over: chưa đạt
    UNKNOWN = "unknown"  # nobody has given the figure
    PARTIAL = "partial"  # chưa đủ số liệu: somebody is missing from the sum


@dataclass(frozen=True, slots=True)
class Attainment:
    """One indicator of one unit against one plan; figures as the form shows them, in the measure of the row."""

    unit: Unit
    row: Row
    indicator: Indicator
    plan_cell: CellSpec
    plan: Decimal
    done: Decimal | None
    origin: str = ""  # what set the plan, in words
    have: str = ""  # "41/102" of a sum somebody is missing from

    @property
    def basis(self) -> Aspect:
        """Who gave the plan."""
        return self.plan_cell.series.aspect if self.plan_cell.series else Aspect.PLAN_COUNCIL

    @property
    def verdict(self) -> Verdict:
        """How the figure stands to the plan."""
        return Verdict.PARTIAL if self.have else judged(self.plan, self.done, self.indicator.lower_is_better)

    @property
    def percent(self) -> Decimal | None:
        """The figure in percent of its plan; None without one, of a sum somebody is missing from, or of a plan of 0."""
        if self.done is None or self.have or not self.plan:
            return None
        return rounded(self.done * 100 / self.plan, _PERCENT_DECIMALS)


def judged(plan: Decimal, done: Decimal | None, lower_is_better: bool) -> Verdict:
    """The verdict on two figures of one measure.

    >>> judged(Decimal("4.6"), Decimal("4.2"), lower_is_better=True).value
    'exceeded'
    """
    if done is None:
        return Verdict.UNKNOWN
    if done == plan:
        return Verdict.MET
    return Verdict.EXCEEDED if (done < plan) is lower_is_better else Verdict.MISSED


def plan_cells(view: View) -> Iterator[tuple[Row, CellSpec, CellSpec | None]]:
    """Rows of a form with each of their plans and the cell that holds what was done to date."""
    specs: dict[str, list[CellSpec]] = {}
    for key, spec in view.cells.items():
        specs.setdefault(key.row, []).append(spec)
    for row, _ in view.rows:
        for plan in specs.get(row.code, ()) if row.kind is RowKind.DATA else ():
            if plan.kind is CellKind.PLAN and plan.series is not None and plan.series.aspect in PLANS:
                yield row, plan, _done(specs[row.code], plan)


def _done(specs: Iterable[CellSpec], plan: CellSpec) -> CellSpec | None:
    """The cumulative figure of the row; where it has none, as stocks and the year's first month, the period's own."""
    held: dict[Aspect, CellSpec] = {}
    for spec in specs:
        if spec.kind in _OWN and spec.series is not None and not spec.shift and spec.measure == plan.measure:
            held.setdefault(spec.series.aspect, spec)
    return held.get(Aspect.CUMULATIVE) or held.get(Aspect.ACTUAL)


def attained(
    unit: Unit, view: View, figures: Mapping[CellKey, Decimal | None], partial: Mapping[CellKey, str] | None = None
) -> Iterator[Attainment]:
    """Everything a unit has a plan for, in the order of the form; ``partial`` says of sums somebody is missing from how
    many gave them.
    """
    for row, plan, done in plan_cells(view):
        wanted = figures.get(plan.key)
        if wanted is None or plan.series is None:
            continue
        given = figures.get(done.key) if done else None
        have = (partial or {}).get(done.key, "") if done else ""
        indicator = view.definitions.indicators[plan.series.indicator]
        yield Attainment(unit, row, indicator, plan, wanted, given, have=have)


def tally(lines: Iterable[Attainment]) -> Counter[Verdict]:
    """How many lines have each verdict."""
    return Counter(one.verdict for one in lines)
