"""Which figures of other periods the province's table leans on."""

from __future__ import annotations

from compile.ratios import ratio_needs
from registry.catalogue.forms import View
from registry.catalogue.model import Frequency
from registry.periods import Period
from registry.rules.background import Need
from registry.rules.needs import needs


def province_needs(view: View, period: Period, frequency: Frequency) -> frozenset[Need]:
    """Every figure of other periods that the province's ``view`` of a form leans on, its ratios included."""
    return needs(view, period, frequency) | ratio_needs(view, period, frequency)
