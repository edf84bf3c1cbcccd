"""Figures returned for some cells: those are open to their clerk, the others sealed until the figures are approved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from actions.cases import Situation
from actions.desk import Refusal
from ingest import sealed
from ingest.model import Verdict
from ingest.seen import Address, spec_of
from registry.catalogue.values import CellKey, CellValue
from registry.findings import Finding
from registry.store import returned, submissions
from registry.store.engine import Connection
from registry.store.openings import Work
from registry.store.returned import Returned
from registry.store.submissions import Version
from registry.store.uploads import StoredVerdict
from registry.workflow.policy import Action
from registry.workflow.submission import step

MOST_LETTERS = 500  # of the words on one cell


@dataclass(frozen=True)
class Seal:
    """What of a form is open, with the words on each cell, and the version the rest must stay as."""

    cells: Mapping[CellKey, str]
    before: Version

    def changed(self, situated: Situation, values: Mapping[CellKey, CellValue]) -> list[CellKey]:
        """The sealed cells that say something else in these values."""
        return sealed.changes(situated.view, self.before.values, values, self.cells.keys())

    def unchanged(self, situated: Situation, values: Mapping[CellKey, CellValue]) -> list[CellKey]:
        """The open cells that say the same in these values."""
        return _same(situated, self.before, values, self.cells)


@dataclass(frozen=True)
class Again:
    """Cells a form came back for, as they were handed in again since: those that say the same, and the others."""

    n: int  # the version that came back
    same: Sequence[CellKey]
    changed: Sequence[CellKey]


def again(connection: Connection, situated: Situation, versions: Sequence[Version]) -> Again | None:
    """What became of the cells of the return or reopening before the newest version; None where there was none."""
    key = situated.work.submission_id
    found = returned.standing(connection, [key]).get(key)
    before = next((one for one in versions if found is not None and one.n == found.n), None)
    if found is None or before is None or not before.values or before.n == versions[0].n:
        return None
    same = _same(situated, before, versions[0].values, found.cells)
    return Again(before.n, same, [key for key in found.cells if key not in same])


def _same(
    situated: Situation, before: Version, values: Mapping[CellKey, CellValue], cells: Iterable[CellKey]
) -> list[CellKey]:
    differing = set(sealed.changes(situated.view, before.values, values, frozenset()))
    return [key for key in cells if key not in differing]


def opened(connection: Connection, works: Iterable[Work]) -> dict[int, Returned]:
    """By assignment the cells that are open, of those forms that came back for some only."""
    mine = {work.submission_id: work for work in works if step(work.state, Action.UPLOAD) is not None}
    found = returned.standing(connection, mine)
    return {mine[submission_id].assignment_id: one for submission_id, one in found.items()}


def assert_within(connection: Connection, work: Work, cells: Iterable[CellKey]) -> None:
    """That a leader returns no cells but those his unit was let correct. Raises Refusal."""
    found = returned.standing(connection, [work.submission_id]).get(work.submission_id)
    if found is not None and found.widest is not None and not set(cells) <= found.widest.keys():
        raise Refusal("cell-sealed")


def seal_of(connection: Connection, work: Work) -> Seal | None:
    """The seal on a form; None where all of it is open, none of it is, or what it held was destroyed."""
    found = opened(connection, [work]).get(work.assignment_id)
    if found is None:
        return None
    before = next(one for one in submissions.versions(connection, work.submission_id) if one.n == found.n)
    return Seal(found.cells, before) if before.values else None


def findings(connection: Connection, situated: Situation, verdict: Verdict | StoredVerdict) -> tuple[Finding, ...]:
    """What an upload changes of the cells that are sealed now."""
    seal = seal_of(connection, situated.work)
    if seal is None:
        return ()
    places: Mapping[CellKey, Address] = verdict.addresses
    before = seal.before
    return tuple(sealed.findings(situated.view, before.n, before.values, verdict.values, seal.cells.keys(), places))


def is_told(connection: Connection, situated: Situation, verdict: StoredVerdict) -> bool:
    """True while a verdict says of every sealed cell that was changed; the form may have come back since."""
    told = {one for one in verdict.findings if one.code in sealed.CODES}
    return set(findings(connection, situated, verdict)) == told


def chosen(situated: Situation, version: Version, cells: Mapping[CellKey, str]) -> dict[CellKey, str]:
    """Cells a person types, as chosen of a version, with the words on each in one line. Raises Refusal."""
    for key, text in cells.items():
        spec = spec_of(situated.view, key)
        if spec is None or not spec.kind.is_typed or (key.line is not None and key not in version.values):
            raise Refusal("cell-not-typed")
        if len(text) > MOST_LETTERS:
            raise Refusal("remark-too-long", most=MOST_LETTERS)
    return {key: " ".join(text.split()) for key, text in cells.items()}
