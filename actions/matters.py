"""What stands open of a compiled report: what whoever lets it out should have seen (Điều 20.1, R54)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from actions import reviewing
from actions.desk import Desk
from actions.own_figures import own_tables
from actions.text_checks import paragraphs
from actions.tracing import Report
from compile.contradictions import contradictions
from compile.rows_in_text import Named
from registry.findings import Finding, Severity
from registry.store import openings, report_versions, reports, submissions, uploads
from registry.store.definitions import Snapshot
from registry.store.engine import Connection
from registry.store.openings import Opening
from registry.store.submissions import Counted, Explanation, Version
from registry.workflow.policy import EVERYWHERE
from registry.workflow.review import ReviewState


@dataclass(frozen=True, slots=True)
class Matter:
    """One thing that stands open: of which unit or form, how many cells or units, in which words."""

    who: str
    form: str = ""
    count: int = 0
    words: str = ""


@dataclass(frozen=True)
class Matters:
    """Everything that stands open, by kind."""

    rechecks: tuple[Matter, ...] = ()  # cells their reviewers asked to have checked again
    unreviewed: tuple[Matter, ...] = ()  # figures in it that no reviewer has accepted
    unexplained: tuple[Matter, ...] = ()  # warnings nobody said a word on
    concerns: tuple[Matter, ...] = ()  # found while compiling: contradictions between accounts, rules of the province
    contradicted: tuple[Matter, ...] = ()  # units whose words say other numbers than their tables
    outdated: tuple[Matter, ...] = ()  # numbers of the passed text that its tables say otherwise
    missing: tuple[Matter, ...] = ()  # units without figures
    provisional: tuple[Matter, ...] = ()  # units whose figures are being given anew ("tạm")
    late: tuple[Matter, ...] = ()  # units whose figures came, or changed, since it was compiled

    @property
    def counts(self) -> dict[str, int]:
        """How many of each kind, the kinds without any left out."""
        return {kind: len(several) for kind, several in vars(self).items() if several}

    @property
    def plain(self) -> dict[str, Any]:
        """As it is kept."""
        return {kind: [asdict(one) for one in several] for kind, several in vars(self).items() if several}


@dataclass
class _Look:
    """The report at hand with what its period holds now."""

    desk: Desk
    connection: Connection
    snapshot: Snapshot
    report: Report
    opening: Opening
    pinned: frozenset[int] = field(init=False)

    def __post_init__(self) -> None:
        self.pinned = frozenset(report_versions.inputs(self.connection, self.report.version.id))

    def name(self, unit_id: int) -> str:
        """Of a unit."""
        return self.snapshot.units_by_id[unit_id].name


def matters(desk: Desk, connection: Connection, report: Report) -> Matters:
    """What stands open of a compiled version now."""
    opening = openings.get(connection, report.version.opening_id)
    assert opening is not None
    look = _Look(desk, connection, desk.snapshot(connection), report, opening)
    reviewed = list(_reviewed(look))
    return Matters(
        rechecks=tuple(one for state, one in reviewed if state is ReviewState.RECHECK),
        unreviewed=tuple(one for state, one in reviewed if state is ReviewState.WAITING),
        unexplained=tuple(_unexplained(look)),
        concerns=tuple(Matter("", one.form, 0, one.text) for one in report.traced.concerns),
        contradicted=tuple(_contradicted(look)),
        outdated=tuple(_outdated(report)),
        missing=tuple(Matter(name) for share in report.traced.coverage for name in share.missing),
        provisional=tuple(Matter(name) for share in report.traced.coverage for name in share.provisional),
        late=tuple(_late(look)),
    )


def _outdated(report: Report) -> Iterator[Matter]:
    """Found while it was compiled: the text prints the numbers it was passed with."""
    for heading, placeholder, old, new in report.version.made_from.get("outdated", ()):
        yield Matter(heading, "", 0, f"{placeholder}: {old} → {new}")


def _reviewed(look: _Look) -> Iterator[tuple[ReviewState, Matter]]:
    """What reviewers of the period's forms have not settled of the versions in the report."""
    everybody = reviewing.reviewers(look.snapshot)
    for sheet in reviewing.sheets(look.desk, look.connection, look.snapshot, look.opening, everybody):
        reviewer = look.name(sheet.reviewer_id)
        mine = [line for line in sheet.lines if line.version_id in look.pinned]
        for line in mine:
            if line.state is ReviewState.RECHECK:
                words = f"{reviewer}: {line.told[-1].reason}"
                yield line.state, Matter(look.name(line.work.unit_id), sheet.form.code, len(line.asked), words)
        waiting = sum(line.state is ReviewState.WAITING for line in mine)
        if waiting:
            yield ReviewState.WAITING, Matter(reviewer, sheet.form.code, waiting)


def _unexplained(look: _Look) -> Iterator[Matter]:
    """Warnings of the versions in the report without the unit's words."""
    versions = submissions.by_ids(look.connection, look.pinned)
    told = submissions.explanations(look.connection, look.pinned)
    found = uploads.findings_of(look.connection, [one.verdict_id for one in versions.values() if one.verdict_id])
    works = {one.submission_id: one for one in openings.work(look.connection, EVERYWHERE, opening_id=look.opening.id)}
    for version in versions.values():
        count = _silent(version, found.get(version.verdict_id or 0, ()), told.get(version.id, []))
        work = works.get(version.submission_id)
        if count and work is not None:
            yield Matter(look.name(work.unit_id), work.form, count)


def _silent(version: Version, found: tuple[Finding, ...], told: list[Explanation]) -> int:
    if version.kind == submissions.NIL:
        return 0
    said = {(one.code, one.row, one.column) for one in told}
    warnings = (one for one in found if one.severity is Severity.WARNING)
    return sum((one.code, *_place(one)) not in said for one in warnings)


def _place(found: Finding) -> tuple[str | None, str | None]:
    named = dict(found.values)
    return named.get("row_code"), named.get("column_code")


def _contradicted(look: _Look) -> Iterator[Matter]:
    """Units whose narratives in the report disagree with their own tables; what was found of a text is kept."""
    version, connection = look.report.version, look.connection
    sent = reports.narratives(connection, look.opening.id, version.unit_id, version.as_of)
    works = openings.work(connection, EVERYWHERE, opening_id=look.opening.id)
    tables = own_tables(connection, look.snapshot, [one for one in works if one.unit_id in {s.unit_id for s in sent}])
    period = openings.period_of(connection, version.regime, look.opening.id, version.period)
    shelf = look.desk.instance.shelf
    for one in sent:
        versions = sorted((work.submission_id, work.version) for work in works if work.unit_id == one.unit_id)
        key = f"contradicted {one.sha} {versions} {look.snapshot.generation}"
        kept = shelf.get(key)
        if kept is None:
            text, name = paragraphs(look.desk, one.sha), look.name(one.unit_id)
            found = contradictions(text, Named(tables.get(one.unit_id, ())), period, look.snapshot.definitions, name)
            kept = str(len(found)).encode()
            shelf.put(key, kept)
        if int(kept):
            yield Matter(look.name(one.unit_id), "", int(kept))


def _late(look: _Look) -> Iterator[Matter]:
    """Units with another version that counts now than the one in the report."""
    receiver = look.report.version.unit_id
    counted: list[Counted] = submissions.counted(look.connection, look.opening.id, receiver, look.desk.moment)
    for one in counted:
        if one.version_id not in look.pinned:
            yield Matter(look.name(one.unit_id), one.form)
