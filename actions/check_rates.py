"""How often the checks of plausibility speak, and which are therefore not listened to (PRACTICE F29).

Form by form a check is off while it hits more than five cells in a hundred: nobody decides it, what was measured does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from ingest.plausibility.told import CHECKS
from registry.store.experience import Measured

MOST_HIT = Decimal(5)  # cells in a hundred
FEWEST_ASKED = 100  # cells, from which a rate says anything
BACK = 3  # measurements looked at for one in which a check was asked of enough cells


@dataclass(frozen=True, slots=True)
class Rate:
    """How often a check spoke in a period."""

    period: str
    asked: int  # cells
    hit: int

    @property
    def percent(self) -> Decimal:
        """Cells hit in a hundred asked, to one decimal."""
        return (Decimal(self.hit * 100) / self.asked).quantize(Decimal("0.1")) if self.asked else Decimal(0)

    @property
    def is_telling(self) -> bool:
        """True when enough cells were asked."""
        return self.asked >= FEWEST_ASKED

    @property
    def cries_wolf(self) -> bool:
        """True when the check is not to be listened to."""
        return self.is_telling and self.hit * 100 > MOST_HIT * self.asked


def rates(measurements: Sequence[Measured], code: str) -> tuple[Rate, ...]:
    """A check's rates, in the order of the measurements."""
    return tuple(Rate(one.period, *one.checks[code]) for one in measurements if code in one.checks)


def deciding(measurements: Sequence[Measured], code: str) -> Rate | None:
    """The rate that decides whether a check is on: the newest of enough cells, of a few measurements back."""
    return next((rate for rate in rates(measurements[:BACK], code) if rate.is_telling), None)


def off(measurements: Sequence[Measured]) -> frozenset[str]:
    """The checks that are switched off."""
    decided = {code: deciding(measurements, code) for code in CHECKS}
    return frozenset(code for code, rate in decided.items() if rate is not None and rate.cries_wolf)
