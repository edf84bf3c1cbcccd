"""Why the columns of a year before are blank: a unit has no past before the day it was set up (PRACTICE F5)."""

from __future__ import annotations

from actions.cases import Situation
from registry.catalogue.model import CellKind
from registry.periods import parse
from registry.rules.answers import Missing, Why
from registry.rules.lookup import cell_terms

_BASES = (CellKind.SAME_PERIOD, CellKind.CUMULATIVE_SAME_PERIOD)


def why_blank(situated: Situation) -> str:
    """The reason in words, where a base column lacks a figure of before the unit began; else nothing."""
    view, known = situated.view, situated.context.background.figures
    for spec in view.cells.values():
        if spec.kind in _BASES:
            terms = cell_terms(view, situated.period, situated.regime.frequency, spec) or ()
            lacking = (parse(term.need.period) for term in terms if term.need not in known)
            if any(period.last < situated.unit.born for period in lacking):
                return Missing(Why.NOT_BORN, day=situated.unit.born).text
    return ""
