"""What single cells of a unit's form held in the periods before: their approved figures, oldest first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from actions.cases import Situation
from registry.catalogue.values import BLANK, CellKey
from registry.periods import NoSuchPeriod, Period, previous
from registry.store import submissions
from registry.store.engine import Connection

Course = Sequence[tuple[Period, Decimal | None]]
_MOST = 6  # periods before this one


def courses(connection: Connection, situated: Situation, keys: Iterable[CellKey]) -> Mapping[CellKey, Course]:
    """The course of each cell, of those with a figure in two earlier periods at least; in the cell's measure.

    It begins with the first period that has a figure; one query for all.
    """
    work, periods = situated.work, list(_before(situated))[::-1]
    codes = [one.code for one in periods]
    held = {one.period: one for one in submissions.approved(connection, work.regime, work.form, [work.unit_id], codes)}

    def amount(key: CellKey, period: Period) -> Decimal | None:
        approved = held.get(period.code)
        return approved.values.get(key, BLANK).amount if approved else None

    found = {key: _from_first([(one, amount(key, one)) for one in periods]) for key in keys}
    return {key: course for key, course in found.items() if sum(value is not None for _, value in course) > 1}


def _before(situated: Situation) -> Iterator[Period]:
    for n in range(1, _MOST + 1):
        try:
            yield previous(situated.period, situated.regime.frequency, n)
        except NoSuchPeriod:
            return


def _from_first(course: Course) -> Course:
    first = next((n for n, (_, value) in enumerate(course) if value is not None), len(course))
    return course[first:]
