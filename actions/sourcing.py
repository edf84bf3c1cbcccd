"""Where a figure stands in what its unit handed in: the uploaded sheet cell by cell, who gave it, who approved it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from actions.behalf import at_assignment
from actions.cases import Situation, situation
from actions.correct import Made, origin, visible
from actions.desk import Desk, NotYours
from actions.instance import local_day
from actions.personal import sight_of
from ingest import parcel
from ingest.cellgrid import CellGrid, grid_of
from registry.catalogue.values import CellKey, CellValue
from registry.store import cells, divisions, openings, submissions, uploads
from registry.store.definitions import Snapshot
from registry.store.engine import Connection
from registry.store.openings import Work
from registry.store.submissions import Event, Explanation, Version
from registry.store.uploads import Upload
from registry.workflow.personal import Sight
from registry.workflow.policy import Action

_OF_FILES = (uploads.WORKBOOK, uploads.CORRECTION)  # kinds of uploads in which somebody's own sheet was read


@dataclass(frozen=True, slots=True)
class FromDivision:
    """What a division of the unit gave, of a version put together from parts."""

    division: str
    upload: Upload
    rows: frozenset[str]
    confirmed_by: str
    confirmed_at: datetime | None


@dataclass(frozen=True)
class Source:
    """One version of a unit's form as it may be seen."""

    situated: Situation
    work: Work
    version: Version
    values: Mapping[CellKey, CellValue]  # as they may be seen
    sight: Sight
    upload: Upload | None  # what it was read from
    file: Upload | None  # the file at the beginning, of one corrected on the page
    may_download: bool
    sheets: tuple[str, ...]  # names of the sheets that hold figures
    grid: CellGrid | None  # None where nobody's sheet was read, or it holds what the reader may not see
    events: tuple[Event, ...]  # steps with this version
    explanations: tuple[Explanation, ...]
    corrections: tuple[Made, ...]
    parts: tuple[FromDivision, ...]
    newest_id: int | None  # key of the unit's newest version, where this is not it


def source(desk: Desk, version_id: int, cell: CellKey | None, indicator: str = "", sheet: str = "") -> Source:
    """A version of a unit's form with a cell of it (or the first of an indicator) highlighted. Raises NotYours."""
    with desk.read() as connection:
        assignment_id = submissions.assignment_of(connection, version_id) or 0
    at = at_assignment(desk, assignment_id)
    with at.read() as connection:
        works = openings.work(connection, at.scope(Action.SEE_SUBMISSION), assignment_id=assignment_id)
        if not works:
            raise NotYours
        snapshot = at.snapshot(connection)
        return _source(at, connection, snapshot, works[0], version_id, (cell, indicator, sheet))


def _source(
    at: Desk,
    connection: Connection,
    snapshot: Snapshot,
    work: Work,
    version_id: int,
    asked: tuple[CellKey | None, str, str],
) -> Source:
    situated = situation(connection, snapshot, work)
    version = submissions.by_ids(connection, [version_id])[version_id]
    newest = submissions.newest(connection, work.submission_id)
    sight = sight_of(at, snapshot, situated.view.form, work.unit_id)
    upload = uploads.get(connection, version.upload_id) if version.upload_id else None
    began = origin(at, connection, upload) if upload else None
    cell = asked[0] or _first_of(situated, version, asked[1])
    told = submissions.explanations(connection, [version_id]).get(version_id, [])
    return Source(
        situated=situated,
        work=work,
        version=version,
        values=sight.values(version.values),
        sight=sight,
        upload=upload,
        file=began.file if began else None,
        may_download=upload is not None
        and sight.is_whole
        and at.scope(Action.SEE_UPLOAD).allows(work.unit_id, work.regime, work.form),
        sheets=tuple(dict.fromkeys(name for name, _ in version.addresses.values())),
        grid=_grid(connection, version, upload, sight, (cell, asked[2])),
        events=tuple(one for one in submissions.events(connection, work.submission_id) if one.n == version.n),
        explanations=tuple(one for one in told if not one.row or not sight.hides_line(_key(one))),
        corrections=visible(began.corrections, sight) if began else (),
        parts=tuple(_parts(connection, snapshot, work, version)) if upload and upload.kind == uploads.ASSEMBLED else (),
        newest_id=newest.id if newest and newest.id != version_id else None,
    )


def _key(one: Explanation) -> CellKey:
    return CellKey(one.row or "", one.column or "", one.line)


def _first_of(situated: Situation, version: Version, indicator: str) -> CellKey | None:
    """The first cell of the version that gives an indicator."""
    specs = situated.view.cells
    return next(
        (key for key in version.addresses if key in specs and (of := specs[key].series) and of.indicator == indicator),
        None,
    )


def _grid(
    connection: Connection, version: Version, upload: Upload | None, sight: Sight, asked: tuple[CellKey | None, str]
) -> CellGrid | None:
    """The sheet a cell stands in as it was read; not where it holds what the reader may not see."""
    if upload is None or version.verdict_id is None or upload.kind not in _OF_FILES:
        return None
    if not upload.is_kept or not sight.is_whole:
        return None
    cell, sheet = asked
    chosen: cells.Address | None = version.addresses.get(cell) if cell else None
    wanted = sheet or (chosen[0] if chosen else next((name for name, _ in version.addresses.values()), ""))
    read = parcel.unpack(uploads.extraction(connection, version.verdict_id))
    return grid_of(read, wanted, frozenset(version.addresses.values()), chosen)


def _parts(connection: Connection, snapshot: Snapshot, work: Work, version: Version) -> Iterator[FromDivision]:
    """What each division gave, with the rows it was in charge of on the day the parts were put together."""
    assert version.upload_id is not None
    given = uploads.several(connection, divisions.parts_of(connection, version.upload_id))
    confirmed = divisions.confirmed(connection, given)
    charge = divisions.in_charge(connection, (work.unit_id, work.form), local_day(version.at))
    for number, part in sorted(given.items()):
        unit, by = snapshot.units_by_id.get(part.unit_id), confirmed.get(number)
        rows = frozenset(row for row, division in charge.items() if division == part.unit_id)
        name = unit.name if unit else ""
        yield FromDivision(name, part, rows, by.by_name if by else "", by.at if by else None)
