"""What counts where a version no longer speaks: the reporter's figure from another source that stands, else nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, select, tuple_

from registry.catalogue.values import State
from registry.periods import parse
from registry.store import approvals, figures
from registry.store.figures import NATURES, NewFigure, Source, StoredFigure
from registry.store.standing import STATES, WITHDRAWN, day_of
from registry.store.tables import figure, import_batch

_BATCH = 500
_Cell = tuple[int, int, int, int, int]  # keys of period, series, subject, nature, reporter
_CELL = (figure.c.period_id, figure.c.series_id, figure.c.subject_id, figure.c.nature, figure.c.reporting_id)


def fall_back(
    connection: Connection, versions: Iterable[int], by: Source, at: datetime, locked: Collection[int] = ()
) -> int:
    """Weigh anew what versions gave, after the approval of one was taken back or its successor approved.

    Of each figure the source that spoke last and still stands is written again: an import, or a version whose approval
    stands last in its submission. Where none does, the figure is withdrawn, by ``by``; of ``locked`` years all stays.
    Returns how many were written.
    """
    gave = figures.of_versions(connection, versions)
    given = _by_cell(connection, (one for one in gave if parse(one.period).year not in locked))
    heard = _heard(connection, given)
    spoke = _spoke(connection, [row for rows in heard.values() for row in rows])
    written: dict[Source, list[NewFigure]] = defaultdict(list)
    for cell, one in given.items():
        last = heard[cell][-1]
        standing = [row for row in heard[cell] if _counts(row, one.period, at) and _source(row) in spoke]
        best = max(standing, key=lambda row: _place(row, spoke), default=None)
        about = (one.series, one.period, one.subject_id, one.reporting_id, one.nature)
        if best is None:
            if last.state != WITHDRAWN:
                written[by].append(NewFigure(*about, 0, State.BLANK, one.authority))
        elif last.state == WITHDRAWN or _source(last) != _source(best):
            state = STATES[best.state]
            written[_source(best)].append(NewFigure(*about, best.mantissa, state, best.authority))
    return sum(figures.put(connection, rows, source, at) for source, rows in written.items())


def _counts(row: Any, period: str, at: datetime) -> bool:
    """True of a vintage that gives something; a plan whose day is to come speaks for itself on that day."""
    return row.state != WITHDRAWN and (row.valid_from is None or row.valid_from <= day_of(at, period))


def _place(row: Any, spoke: Mapping[Source, datetime]) -> tuple[date, datetime, int]:
    return row.valid_from or date.min, spoke[_source(row)], row.vintage


def _by_cell(connection: Connection, given: Iterable[StoredFigure]) -> dict[_Cell, StoredFigure]:
    keys = figures.Keys.of(connection)
    return {
        (
            keys.periods[one.period],
            keys.series[one.series],
            one.subject_id,
            NATURES.index(one.nature),
            one.reporting_id,
        ): one
        for one in given
    }


def _heard(connection: Connection, cells: Collection[_Cell]) -> Mapping[_Cell, list[Any]]:
    """Every vintage of each cell, oldest first."""
    wanted = sorted(cells)
    heard: dict[_Cell, list[Any]] = defaultdict(list)
    for start in range(0, len(wanted), _BATCH):
        mine = tuple_(*_CELL).in_(wanted[start : start + _BATCH])
        for row in connection.execute(select(figure).where(mine).order_by(figure.c.vintage)):
            heard[row.period_id, row.series_id, row.subject_id, row.nature, row.reporting_id].append(row)
    return heard


def _spoke(connection: Connection, rows: Iterable[Any]) -> dict[Source, datetime]:
    """When each source of some vintages spoke, of those that stand."""
    sources = {_source(row) for row in rows}
    versions = approvals.standing(connection, [one.version_id for one in sources if one.version_id is not None])
    imports = select(import_batch.c.id, import_batch.c.at).where(
        import_batch.c.id.in_([one.import_id for one in sources if one.import_id is not None])
    )
    spoke = {Source(version_id=key): at for key, at in versions.items()}
    return spoke | {Source(import_id=row.id): row.at for row in connection.execute(imports)}


def _source(row: Any) -> Source:
    return Source(row.version_id, row.import_id)
