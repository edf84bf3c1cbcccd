"""Where a formula stands: a form as one unit meets it, in one period, with what is known of others."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from registry.catalogue.forms import View
from registry.catalogue.model import Frequency, Unit
from registry.periods import Period
from registry.rules.background import Background, KnownLines
from registry.rules.identity import ViewIdentity


@dataclass(frozen=True)
class Context:
    """Everything evaluation needs besides the values typed in."""

    view: View
    period: Period
    frequency: Frequency  # decides which period comes before which
    background: Background
    unit: Unit | None = None  # whose figures they are, for NHÓM("loai")
    below: Background = field(default_factory=Background)  # sums over the units below, for CẤP_DƯỚI
    lines: KnownLines = field(default_factory=KnownLines)

    @cached_property
    def identity(self) -> ViewIdentity:
        """The view as a key of caches."""
        return ViewIdentity(self.view)
