"""The cells of one row by what they mean, whatever the columns are called; and what they come to beside others."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from compile.totals import NOTHING, CellTotal
from registry.catalogue.forms import CellSpec, View
from registry.catalogue.measures import rounded
from registry.catalogue.model import CellKind, Column, Indicator, Row, RowNature
from registry.catalogue.values import Aspect, CellKey

POINTS = "điểm %"  # measure of a difference of two percentages
GROWING = (RowNature.SEASON, RowNature.CROP_YEAR, RowNature.CUMULATIVE)  # spoken of by what came in so far
_OWN = (CellKind.INPUT, CellKind.COMPUTED, CellKind.SHOWN)
_COLUMNS = re.compile(r"\((\w+)\)")
_INDEXES = {
    Aspect.INDEX_MONTH: "index_month",
    Aspect.INDEX_YEAR: "index_year",
    Aspect.INDEX_CUMULATIVE: "index_to_date",
}
_PLANS = {Aspect.PLAN_COUNCIL: "council", Aspect.PLAN_CENTRAL: "central"}
_BASES = {CellKind.SAME_PERIOD: "same", CellKind.CUMULATIVE_SAME_PERIOD: "same_to_date"}
_ACTUALS = {(Aspect.ACTUAL, 0): "now", (Aspect.CUMULATIVE, 0): "to_date", (Aspect.ACTUAL, 1): "before"}


@dataclass(frozen=True, slots=True)
class Figures:
    """The cells of one row by what they mean; None where the form has no such cell."""

    now: CellSpec | None = None
    to_date: CellSpec | None = None
    before: CellSpec | None = None
    same: CellSpec | None = None
    same_to_date: CellSpec | None = None
    council: CellSpec | None = None
    central: CellSpec | None = None
    index_month: CellSpec | None = None
    index_year: CellSpec | None = None
    index_to_date: CellSpec | None = None


def figures_of(row: str, view: View) -> Figures:
    """Find the row's cells by kind, aspect and shift, never by column code."""
    found: dict[str, CellSpec] = {}
    for column in view.columns:
        spec = view.cells.get(CellKey(row, column.code))
        if spec is not None and spec.series is not None:
            meaning = _meaning(spec.kind, spec.series.aspect, spec.shift, spec.measure)
            if meaning:
                found.setdefault(meaning, spec)
    return Figures(**found)


def _meaning(kind: CellKind, aspect: Aspect, shift: int, measure: str) -> str | None:
    if measure == POINTS:
        return None
    if kind in _BASES:
        return _BASES[kind]
    if kind is CellKind.PLAN:
        return _PLANS.get(aspect)
    if kind not in _OWN:
        return None
    return _INDEXES.get(aspect) or _ACTUALS.get((aspect, shift))


class RowFigures:
    """One row of a table that is filled: its figures, and how they stand to one another."""

    def __init__(self, row: Row, view: View, cells: Mapping[CellKey, CellTotal]) -> None:
        self.row, self.view, self.cells = row, view, cells

    @cached_property
    def of(self) -> Figures:
        """The row's cells by what they mean."""
        return figures_of(self.row.code, self.view)

    @cached_property
    def indicator(self) -> Indicator | None:
        """What the row is a figure of."""
        return self.view.definitions.indicators.get(self.row.indicator) if self.row.indicator else None

    @property
    def nature(self) -> RowNature:
        """How the row's figure runs through the year."""
        return self.indicator.nature if self.indicator else RowNature.OCCURS

    @cached_property
    def decimals(self) -> int:
        """Decimals the table prints its percentages with."""
        return next((one.decimals for one in self.view.columns if one.measure == "%" and one.decimals), 1)

    @property
    def headline(self) -> CellSpec | None:
        """The cell a sentence about the row names first."""
        if self.nature is RowNature.INDEX:
            return self.of.index_year
        if self.nature is RowNature.RATIO:
            return self._ratio_cell or self.of.now
        if self.nature in GROWING:
            return self.of.to_date or self.of.now
        return self.of.now

    @property
    def _ratio_cell(self) -> CellSpec | None:
        """The ratio the form itself compares: the first column its difference names."""
        named = _COLUMNS.search(points.formula) if (points := self.points("before")) else None
        return self.view.cells.get(CellKey(self.row.code, named[1])) if named else None

    def total(self, spec: CellSpec | None) -> CellTotal:
        """What stands in a cell."""
        return self.cells.get(spec.key, NOTHING) if spec is not None else NOTHING

    def ratio(self, now: CellSpec | None, base: CellSpec | None) -> Decimal | None:
        """now/base × 100 as the table prints it; None without both figures, of the same units, or over a base that is
        not above zero.
        """
        current, former = self.total(now), self.total(base)
        if current.number is None or former.number is None or current.lacking != former.lacking:
            return None
        if former.number <= 0 or current.number < 0:
            return None
        return rounded(current.number / former.number * 100, self.decimals)

    def points(self, base: str) -> CellSpec | None:
        """The row's difference in percentage points from "before", "same" or "same_to_date"; None where it has none."""
        for column in self.view.columns:
            spec = self.view.cells.get(CellKey(self.row.code, column.code))
            is_points = spec is not None and spec.kind is CellKind.COMPUTED and spec.measure == POINTS
            if is_points and self._compared_with(column) == base:
                return spec
        return None

    def _compared_with(self, column: Column) -> str | None:
        """What the column's own formula holds the figure against, whatever this row's formula says: the last named."""
        named = _COLUMNS.findall(column.formula)
        base = next((one for one in self.view.columns if named and one.code == named[-1]), None)
        return _meaning(base.kind, base.aspect, base.shift, base.measure) if base else None
