"""A scope said in SQL: the one place where what a person may see becomes a condition."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, false, or_, true

from registry.workflow.policy import Scope


def within(
    scope: Scope,
    unit: ColumnElement[int],
    regime: ColumnElement[str] | None = None,
    form: ColumnElement[str] | None = None,
) -> ColumnElement[bool]:
    """True of the rows `Scope.allows`; a row that is NULL in a column belongs to no regime or form in particular.

    A column not given is not looked at: what the rows tell of is not narrowed by it.
    """
    by_units: dict[tuple[frozenset[int] | None, str | None], set[str | None]] = {}
    for place in scope.places:
        by_units.setdefault((place.units, place.form), set()).add(place.regime)
    conditions: list[ColumnElement[bool]] = []
    for (units, only_form), regimes in by_units.items():
        parts: list[ColumnElement[bool]] = [true() if units is None else unit.in_(sorted(units))]
        if regime is not None and None not in regimes:
            parts.append(or_(regime.is_(None), regime.in_(sorted(one for one in regimes if one is not None))))
        if form is not None and only_form is not None:
            parts.append(or_(form.is_(None), form == only_form))
        conditions.append(and_(*parts))
    return or_(false(), *conditions)
