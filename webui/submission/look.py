"""Who looks at which form: what every part of its page leans on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from actions.behalf import at_report
from actions.cases import Situation, situation
from actions.desk import Desk, NotYours
from actions.personal import sight_of
from registry.catalogue.values import CellKey
from registry.findings import Finding
from registry.store import openings, submissions, uploads
from registry.store.definitions import Snapshot
from registry.store.engine import Connection
from registry.store.openings import Work
from registry.store.submissions import Explanation, Version
from registry.store.uploads import Upload
from registry.workflow.personal import Sight
from registry.workflow.policy import Action
from webui.cell_names import Named
from webui.cell_names import named as named_cells
from webui.table import open_findings


@dataclass(frozen=True)
class Look:
    """A form with its versions, newest first, and what was found in the newest."""

    own: Desk  # the reader's
    at: Desk  # the same, or the one at which he stands in for the unit
    snapshot: Snapshot
    situated: Situation
    sight: Sight
    versions: tuple[Version, ...]
    source: Upload | None  # the file of the newest version
    findings: tuple[Finding, ...]  # that the reader may know of
    explanations: tuple[Explanation, ...]

    @property
    def work(self) -> Work:
        """The form asked of the unit."""
        return self.situated.work

    @property
    def newest(self) -> Version | None:
        """The version handed in last."""
        return self.versions[0] if self.versions else None

    @cached_property
    def of_report(self) -> Desk:
        """Where the report the form belongs to is decided."""
        return at_report(self.own, self.work.opening_id, self.work.unit_id)

    def called(self, cells: Mapping[CellKey, str]) -> tuple[Named, ...]:
        """Cells with words on each, by their names; none that is hidden."""
        view = self.situated.view
        shown = {key: text for key, text in cells.items() if not self.sight.hides(key)}
        return named_cells(view.form, view.row_set.audience, shown)


def look(own: Desk, at: Desk, connection: Connection, assignment_id: int) -> Look:
    """The form, if the reader may see it. Raises NotYours."""
    works = openings.work(connection, at.scope(Action.SEE_SUBMISSION), assignment_id=assignment_id)
    if not works:
        raise NotYours
    work, snapshot = works[0], at.snapshot(connection)
    situated = situation(connection, snapshot, work)
    versions = tuple(submissions.versions(connection, work.submission_id))
    newest = versions[0] if versions else None
    verdict = uploads.get_verdict(connection, newest.verdict_id) if newest and newest.verdict_id else None
    seen = sight_of(at, snapshot, situated.view.form, work.unit_id)
    return Look(
        own,
        at,
        snapshot,
        situated,
        seen,
        versions,
        uploads.get(connection, newest.upload_id) if newest and newest.upload_id else None,
        open_findings(verdict.findings, verdict.addresses, seen) if verdict else (),
        tuple(submissions.explanations(connection, [newest.id]).get(newest.id, ())) if newest else (),
    )
