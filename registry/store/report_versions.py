"""Versions of reports, a unit's own and compiled ones alike: what each rests on, and the files kept of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, desc, func, select

from registry.store.reports import COMPILED, CompiledFile
from registry.store.tables import (
    file,
    opening,
    period,
    person,
    report,
    report_file,
    report_input,
    report_version,
    submission_version,
    upload,
)


@dataclass(frozen=True, slots=True)
class ReportVersion:
    """A version of a report; nothing of it changes, but files made from it may be added."""

    id: int
    report_id: int
    kind: str  # own | compiled
    opening_id: int
    regime: str
    period: str
    unit_id: int  # whose report it is
    n: int
    as_of: datetime
    inputs_sha: str
    narrative_upload_id: int | None
    by_name: str
    coverage: Any
    files: tuple[CompiledFile, ...] = ()
    made_from: Mapping[str, Any] = field(default_factory=dict)  # of a compiled one: what was chosen, what changed

    @property
    def is_compiled(self) -> bool:
        """True where a receiving unit made it of others' reports."""
        return self.kind == COMPILED

    @property
    def on(self) -> str:
        """How the audit log names it."""
        if self.is_compiled:
            return f"compiled report {self.id} v{self.n}"
        return f"opening {self.opening_id} unit {self.unit_id}"

    def file(self, kind: str) -> CompiledFile | None:
        """Its file of a kind (xlsx, docx, pdf)."""
        return next((one for one in self.files if one.kind == kind), None)


def get(connection: Connection, version_id: int) -> ReportVersion | None:
    """A version by its key."""
    found = _found(connection, _all().where(report_version.c.id == version_id))
    return found[0] if found else None


def of_report(connection: Connection, report_id: int) -> list[ReportVersion]:
    """Every version of a report, newest first."""
    return _found(connection, _all().where(report.c.id == report_id))


def newest(connection: Connection, regime: str, period_code: str) -> ReportVersion | None:
    """The version compiled last of a regime's period, whoever compiled it."""
    mine = (report.c.kind == COMPILED, opening.c.regime == regime, period.c.code == period_code)
    found = _found(connection, _all().where(*mine).limit(1))
    return found[0] if found else None


def after(connection: Connection, version: ReportVersion) -> int | None:
    """The key of the newest version of the same report, where this is not it."""
    later = (report_version.c.report_id == version.report_id, report_version.c.n > version.n)
    query = select(report_version.c.id).where(*later).order_by(desc(report_version.c.n)).limit(1)
    return connection.execute(query).scalar()


def made_at(connection: Connection, version: ReportVersion) -> datetime:
    """When the files of a compiled version were written; the moment its figures are of where it has none."""
    written = select(func.max(file.c.at)).where(file.c.sha.in_([one.sha for one in version.files]))
    return max(connection.execute(written).scalar() or version.as_of, version.as_of)


def inputs(connection: Connection, version_id: int) -> list[int]:
    """The keys of the submission versions it rests on."""
    query = select(report_input.c.submission_version_id).where(report_input.c.report_version_id == version_id)
    return list(connection.execute(query.order_by(report_input.c.submission_version_id)).scalars())


def sources(connection: Connection, version_id: int) -> list[int]:
    """The numbers of the uploads it rests on, but for those whose content was destroyed."""
    query = (
        select(upload.c.id)
        .join(submission_version, submission_version.c.upload_id == upload.c.id)
        .join(report_input, report_input.c.submission_version_id == submission_version.c.id)
        .join(file, file.c.sha == upload.c.file_sha)
        .where(report_input.c.report_version_id == version_id, file.c.state == "kept")
        .distinct()
        .order_by(upload.c.id)
    )
    return list(connection.execute(query).scalars())


def _all() -> Select[Any]:
    return (
        select(
            report_version,
            report.c.kind,
            report.c.opening_id,
            report.c.unit_id,
            opening.c.regime,
            period.c.code,
            person.c.name.label("by_name"),
        )
        .join(report, report.c.id == report_version.c.report_id)
        .join(opening, opening.c.id == report.c.opening_id)
        .join(period, period.c.id == opening.c.period_id)
        .join(person, person.c.id == report_version.c.by_id)
        .order_by(desc(report_version.c.id))
    )


def _found(connection: Connection, query: Select[Any]) -> list[ReportVersion]:
    rows = connection.execute(query).all()
    files: dict[int, list[CompiledFile]] = {}
    kept = select(report_file).where(report_file.c.report_version_id.in_([row.id for row in rows]))
    for one in connection.execute(kept.order_by(desc(report_file.c.kind))):
        files.setdefault(one.report_version_id, []).append(CompiledFile(one.kind, one.name, one.file_sha))
    return [
        ReportVersion(
            row.id,
            row.report_id,
            row.kind,
            row.opening_id,
            row.regime,
            row.code,
            row.unit_id,
            row.n,
            row.as_of,
            row.inputs_sha,
            row.narrative_upload_id,
            row.by_name,
            row.coverage,
            tuple(files.get(row.id, ())),
            row.made_from or {},
        )
        for row in rows
    ]
