"""What a row's figures come to beside last period's, last year's and the plan: what a text may say of their change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from compile.row_figures import POINTS, RowFigures
from compile.words_in_text import When
from registry.catalogue.forms import CellSpec
from registry.catalogue.measures import rounded
from registry.catalogue.model import RowNature
from registry.rules import exact

HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Change:
    """A figure beside its base: how many percent of it, and by how much it differs; None where that says nothing."""

    base: When
    spec: CellSpec  # the figure
    share: Decimal | None  # percent of the base
    amount: Decimal | None = None  # in the figure's measure; of percentages in points

    @property
    def percent(self) -> Decimal | None:
        """By how many percent it rose (above zero) or fell."""
        return None if self.share is None else self.share - HUNDRED


def changes(row: RowFigures, base: When | None) -> tuple[Change, ...]:
    """What is known of a row's change against a base, or against any; a plan is that of whoever gave it."""
    either = (When.PLAN, When.CENTRAL)
    return tuple(one for one in _changes(row) if base in (None, one.base) or (base is When.PLAN and one.base in either))


def _changes(row: RowFigures) -> Iterator[Change]:
    of = row.of
    if row.nature is RowNature.INDEX:
        for base, spec in ((When.BEFORE, of.index_month), (When.SAME, of.index_year), (When.SAME, of.index_to_date)):
            number = row.total(spec).number
            if spec is not None and number is not None:
                yield Change(base, spec, number)
        return
    now, to_date = of.now, of.to_date
    pairs = (
        (When.BEFORE, now, of.before),
        (When.SAME, now, of.same),
        (When.SAME, to_date, of.same_to_date),
        (When.PLAN, to_date or now, of.council),
        (When.CENTRAL, to_date or now, of.central),
        (When.PLAN, now, of.council),
    )
    for base, spec, former in pairs:
        current, other = row.total(spec).number, row.total(former).number
        if spec is not None and current is not None and other is not None:
            shown = (
                rounded(current, spec.decimals),
                rounded(other, spec.decimals),
            )  # a text may start from what is printed
            for one, former_one in dict.fromkeys(((current, other), shown)):
                share = exact.divide(exact.multiply(one, HUNDRED), former_one) if former_one > 0 else None
                yield Change(base, spec, share, one - former_one)
    for base, name in ((When.BEFORE, "before"), (When.SAME, "same"), (When.SAME, "same_to_date")):
        points = row.points(name)
        number = row.total(points).number
        if points is not None and number is not None and points.measure == POINTS:
            yield Change(base, points, None, number)
