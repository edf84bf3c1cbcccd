"""Every value a figure ever had: who gave it, when it was approved, and why it was changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, select

from registry.catalogue.values import Nature, State
from registry.rules.background import Need
from registry.store.figures import NATURES, Keys
from registry.store.standing import STATES
from registry.store.tables import figure, import_batch, submission_event, submission_version


@dataclass(frozen=True, slots=True)
class Vintage:
    """One value of a figure; with a version of a unit's form, or a document it was loaded by, behind it."""

    need: Need
    subject_id: int
    reporting_id: int
    nature: Nature
    n: int
    mantissa: int
    state: State
    version_id: int | None
    document: str | None
    approved_at: datetime


def of(connection: Connection, needs: Iterable[Need], as_of: datetime | None = None) -> list[Vintage]:
    """Every value of some figures, of all units, oldest first: of those approved by a moment."""
    keys = Keys.of(connection)
    wanted = {
        (keys.series[need.series], keys.periods[need.period]): need
        for need in needs
        if need.series in keys.series and need.period in keys.periods
    }
    asked = and_(
        figure.c.series_id.in_({series for series, _ in wanted}),
        figure.c.period_id.in_({period for _, period in wanted}),
    )
    query = (
        select(figure, import_batch.c.document)
        .outerjoin(import_batch, import_batch.c.id == figure.c.import_id)
        .where(asked)
        .order_by(figure.c.approved_at, figure.c.vintage)
    )
    if as_of is not None:
        query = query.where(figure.c.approved_at <= as_of)
    return [
        Vintage(
            wanted[row.series_id, row.period_id],
            row.subject_id,
            row.reporting_id,
            NATURES[row.nature],
            row.vintage,
            row.mantissa,
            STATES[row.state],
            row.version_id,
            row.document,
            row.approved_at,
        )
        for row in connection.execute(query)
        if (row.series_id, row.period_id) in wanted
    ]


def reasons(connection: Connection, version_ids: Iterable[int]) -> dict[int, str]:
    """Of each version of a form why it came after the one before: the last reason given until then."""
    query = (
        select(submission_version.c.id, submission_event.c.reason)
        .join(submission_event, submission_event.c.submission_id == submission_version.c.submission_id)
        .where(
            submission_version.c.id.in_(list(version_ids)),
            submission_event.c.at <= submission_version.c.at,
            submission_event.c.n < submission_version.c.n,
            submission_event.c.reason.is_not(None),
        )
        .order_by(submission_event.c.id)
    )
    return {row.id: row.reason for row in connection.execute(query)}
