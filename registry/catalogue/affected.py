"""Whom a form concerns: the regimes that ask it, and the units that fill anything of it in a year."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from registry.catalogue.asked import Asking, Demand, demands
from registry.catalogue.model import Catalogue, Regime, UnitKind


@dataclass(frozen=True)
class Affected:
    """One regime that asks a form, or None for a form in no regime yet, with the units by kind."""

    regime: Regime | None
    kinds: Mapping[UnitKind, int]

    @property
    def units(self) -> int:
        """Units that fill at least one cell in a year."""
        return sum(self.kinds.values())


def affected(catalogue: Catalogue, form: str) -> tuple[Affected, ...]:
    """Each regime that asks a form with whom it reaches; the cost is linear in units and rows."""
    asking = Asking(catalogue)
    return tuple(
        Affected(demand.regime, _kinds(asking, demand)) for demand in demands(catalogue) if demand.form.code == form
    )


def _kinds(asking: Asking, demand: Demand) -> Mapping[UnitKind, int]:
    reached = {
        unit.code: unit.kind
        for shape in demand.shapes
        for meeting in asking.meetings(demand, shape)
        if asking.inputs(meeting) or demand.form.lists
        for unit in meeting.units
    }
    return Counter(reached.values())
