"""Whether any figure is known of an indicator and period: looked for key by key, so that one is enough."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, select, true

from registry.catalogue.values import Aspect
from registry.store.tables import figure_now, period, series
from registry.store.within import within
from registry.workflow.policy import Scope

_DONE = tuple(
    one.value
    for one in (Aspect.ACTUAL, Aspect.CUMULATIVE, Aspect.INDEX_MONTH, Aspect.INDEX_YEAR, Aspect.INDEX_CUMULATIVE)
)


def told(
    connection: Connection, indicators: Collection[str], codes: Collection[str], scope: Scope
) -> set[tuple[str, str]]:
    """(indicator, period) of which some unit in scope gave what was done, no mere plan: one query."""
    first = (
        select(figure_now.c.subject_id)
        .where(
            figure_now.c.period_id == period.c.id,
            figure_now.c.series_id == series.c.id,
            within(scope, figure_now.c.subject_id),
        )
        .limit(1)
        .correlate(series, period)
        .scalar_subquery()
    )
    query = (
        select(series.c.indicator, period.c.code)
        .select_from(series.join(period, true()))
        .where(
            series.c.indicator.in_(indicators),
            series.c.aspect.in_(_DONE),
            series.c.members == "",
            period.c.code.in_(codes),
            first.is_not(None),
        )
    )
    return {(row.indicator, row.code) for row in connection.execute(query)}
