"""The signed documents reports came back as (số ký hiệu, ngày, người ký, nơi nhận): recorded, never made up (F14)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Select, and_, desc, insert, select

from registry.store.engine import inserted
from registry.store.reports import COMPILED
from registry.store.tables import capacity, file, person, report, report_paper, report_version, upload
from registry.workflow.signing import Standing


@dataclass(frozen=True, slots=True)
class NewPaper:
    """What is told of a signed document."""

    number: str  # số, ký hiệu, as the document bears it
    dated: date  # ngày ban hành
    capacity_id: int  # of its signer
    recipients: str  # nơi nhận


@dataclass(frozen=True, slots=True)
class Paper:
    """A signed document on record."""

    id: int
    unit_id: int
    n: int  # the version of the report
    number: str
    dated: date
    signer: str
    title: str  # chức vụ
    standing: Standing
    recipients: str
    by_name: str
    at: datetime
    upload_id: int | None
    file_name: str | None
    file_sha: str | None  # None: no scan, or its content was destroyed


def put(connection: Connection, version_id: int, new: NewPaper, upload_id: int | None, by_id: int, at: datetime) -> int:
    """Record one; what was recorded before stays, the newest counts."""
    row = insert(report_paper).values(
        report_version_id=version_id,
        number=new.number,
        dated=new.dated,
        capacity_id=new.capacity_id,
        recipients=new.recipients,
        upload_id=upload_id,
        by_id=by_id,
        at=at,
    )
    return inserted(connection, row)


def of_report(connection: Connection, report_id: int) -> list[Paper]:
    """What was recorded of a report's documents, newest first."""
    return _found(connection, _all().where(report.c.id == report_id))


def of_version(connection: Connection, version_id: int) -> list[Paper]:
    """What was recorded of the documents of one version, newest first."""
    return _found(connection, _all().where(report_version.c.id == version_id))


def of_opening(connection: Connection, opening_id: int, unit_ids: Iterable[int]) -> dict[int, Paper]:
    """The newest document of each of some units' newest reports, in one query."""
    mine = (report.c.opening_id == opening_id, report.c.unit_id.in_(list(unit_ids)), report.c.kind == "own")
    query = _all().where(*mine, report.c.version == report_version.c.n)
    return {one.unit_id: one for one in reversed(_found(connection, query))}


def of_compiled(connection: Connection, opening_id: int, unit_id: int) -> list[Paper]:
    """What was recorded of the documents a receiving unit's compiled report became, newest first."""
    mine = (report.c.opening_id == opening_id, report.c.unit_id == unit_id, report.c.kind == COMPILED)
    return _found(connection, _all().where(*mine))


_signer, _recorder = person.alias("signer"), person.alias("recorder")


def _all() -> Select[Any]:
    return (
        select(
            report_paper,
            report.c.unit_id,
            report_version.c.n,
            capacity.c.title,
            capacity.c.standing,
            _signer.c.name.label("signer"),
            _recorder.c.name.label("by_name"),
            upload.c.name.label("file_name"),
            file.c.sha,
        )
        .join(report_version, report_version.c.id == report_paper.c.report_version_id)
        .join(report, report.c.id == report_version.c.report_id)
        .join(capacity, capacity.c.id == report_paper.c.capacity_id)
        .join(_signer, _signer.c.id == capacity.c.person_id)
        .join(_recorder, _recorder.c.id == report_paper.c.by_id)
        .outerjoin(upload, upload.c.id == report_paper.c.upload_id)
        .outerjoin(file, and_(file.c.sha == upload.c.file_sha, file.c.state == "kept"))
        .order_by(desc(report_paper.c.id))
    )


def _found(connection: Connection, query: Select[Any]) -> list[Paper]:
    return [
        Paper(
            row.id,
            row.unit_id,
            row.n,
            row.number,
            row.dated,
            row.signer,
            row.title,
            Standing(row.standing),
            row.recipients,
            row.by_name,
            row.at,
            row.upload_id,
            row.file_name,
            row.sha,
        )
        for row in connection.execute(query)
    ]
