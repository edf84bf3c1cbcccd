"""An official form, sent as the plain workbook it was published in, proposed as a definition to correct (R19)."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass

from actions import kept
from actions.desk import Desk, Refusal
from actions.receive import assert_pace
from ingest.official import Doubt, Proposal
from ingest.official import propose as proposal_of
from registry.findings import Severity, fix, message
from registry.store import definitions
from registry.workflow.policy import Action
from workbook_templates import proposal_book
from workbook_templates.proposal_book import Place, Remark

_WHEN = (2026, 1, 1, 0, 0, 0)  # equal proposals give equal bytes


@dataclass(frozen=True, slots=True)
class Proposed:
    """What was understood of a file, and the workbooks to correct by path; none when no form was found."""

    proposal: Proposal
    files: dict[str, bytes]

    def bundle(self) -> bytes:
        """The workbooks as one zip that the catalogue's own page takes back."""
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in self.files.items():
                archive.writestr(zipfile.ZipInfo(name, _WHEN), data)
        return out.getvalue()


def propose(desk: Desk, name: str, data: bytes) -> Proposed:
    """Guard and read the file in a child, and propose a definition beside the catalogue in force.

    Nothing is changed. Raises NotYours, Refusal (too large, too many).
    """
    desk.require(Action.CHANGE_CATALOGUE)
    assert_pace(desk)
    limit = desk.instance.settings.upload_limit
    if len(data) > limit:
        raise Refusal("too-large", limit=limit >> 20)
    extraction = desk.instance.pool.read(data, name)
    with desk.read() as connection:
        known = definitions.catalogue_of(connection)
    proposal = proposal_of(extraction, name, known)
    files = proposal_book.write(proposal.catalogue, [_remark(one) for one in proposal.doubts]) if proposal.form else {}
    return Proposed(proposal, files)


def keep(desk: Desk, proposed: Proposed) -> str:
    """Keep the bundle so that it can be taken after it has been looked at; its SHA-256. Raises NotYours, DiskFull."""
    return kept.keep(desk, Action.CHANGE_CATALOGUE, "proposal", io.BytesIO(proposed.bundle()))


def bundle(desk: Desk, sha: str) -> bytes:
    """The bundle of a SHA-256 that ``keep`` gave. Raises NotYours, also when it is lost."""
    return kept.read(desk, Action.CHANGE_CATALOGUE, sha)


def _remark(doubt: Doubt) -> Remark:
    found = doubt.finding
    place = Place(*doubt.target) if doubt.target else None
    severity = "error" if found.severity is Severity.BLOCK else found.severity.value
    source = " ".join(part for part in (found.sheet, found.cell) if part)
    return Remark(severity, source, message(found), fix(found), place)
