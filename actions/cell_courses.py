"""What single cells of a unit's form held in the periods before: their approved figures, oldest first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from actions.cases import Situation
from actions.paired_lines import paired
from registry.catalogue.values import BLANK, CellKey
from registry.periods import NoSuchPeriod, Period, previous
from registry.store import submissions
from registry.store.cells import Cells
from registry.store.engine import Connection

Course = Sequence[tuple[Period, Decimal | None]]
_MOST = 6  # periods before this one


def courses(
    connection: Connection, situated: Situation, newest: Cells, keys: Iterable[CellKey]
) -> Mapping[CellKey, Course]:
    """The course of each cell of ``newest``, of those with a figure in two earlier periods at least; in its measure.

    It begins with the first period that has a figure; one query for all. Lines of lists are found again by their keys.
    """
    work, periods = situated.work, list(_before(situated))[::-1]
    codes = [one.code for one in periods]
    approved = submissions.approved(connection, work.regime, work.form, [work.unit_id], codes)
    held = {one.period: paired(situated.view, newest, one.values).values for one in approved}

    def amount(key: CellKey, period: Period) -> Decimal | None:
        return held.get(period.code, {}).get(key, BLANK).amount

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
