"""What units sent under the headings of a draft (bản tập hợp): departments by default, communes on demand (F12)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from actions.desk import Desk
from actions.outlines import order_for
from compile.placing import likeness
from ingest.pieces import Piece, without_number
from registry.catalogue.model import Unit
from registry.periods import parse
from registry.store import reports
from registry.store.definitions import Snapshot
from registry.store.drafts import Draft, Heading
from registry.store.engine import Connection
from registry.store.reports import Report
from registry.workflow.policy import EVERYWHERE
from registry.workflow.report import ReportState
from vietnamese.fold import fold

_ALIKE = 0.3  # of the words of a draft's heading stand in the unit's own


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one unit wrote under one heading of its own."""

    unit_id: int
    unit: Unit
    heading: str  # as the unit's outline has it
    tag: str  # of the draft's heading it belongs under, "" where it fits none
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        """As it is copied: a paragraph a line."""
        return "\n\n".join(self.lines)


@dataclass(frozen=True, slots=True)
class Silent:
    """A unit named by a heading that sent nothing to read, and how far its report is."""

    unit: Unit
    state: ReportState | None


def contributions(
    desk: Desk,
    connection: Connection,
    draft: Draft,
    headings: Sequence[Heading],
    *,
    communes: bool = False,
    units: Collection[int] | None = None,
) -> list[Contribution]:
    """What was sent to the draft's unit and not sent back, in official order; only some ``units`` where they are
    named. Reads one narrative a unit.
    """
    snapshot = desk.snapshot(connection)
    found = []
    for one in reports.narratives(connection, draft.opening_id, draft.unit_id, desk.moment):
        unit = snapshot.units_by_id[one.unit_id]
        if unit.kind.is_commune is communes and (units is None or one.unit_id in units):
            found.append((unit, one))
    return [
        contribution
        for unit, one in sorted(found, key=lambda pair: (pair[0].order, pair[0].code))
        for contribution in _of_unit(desk, snapshot, draft, headings, one.unit_id, unit, one.sha)
    ]


def under(found: Sequence[Contribution], heading: Heading) -> list[Contribution]:
    """What belongs under a heading, and what its owners wrote that fits no heading at all."""
    return [one for one in found if one.tag == heading.tag or (not one.tag and one.unit.code in heading.units)]


def silent(desk: Desk, connection: Connection, draft: Draft, heading: Heading, having: Collection[int]) -> list[Silent]:
    """The units the outline names as owners of a heading that are not among those ``having`` written."""
    snapshot = desk.snapshot(connection)
    states = {one.unit_id: one.state for one in _reports(connection, draft)}
    owners = [(snapshot.unit_ids[code], snapshot.units[code]) for code in heading.units if code in snapshot.unit_ids]
    return [Silent(unit, states.get(key)) for key, unit in owners if key not in having and key != draft.unit_id]


def sought(found: Sequence[Contribution], words: str) -> list[Contribution]:
    """Those with the words in their unit, heading or text, marks and capitals aside."""
    wanted = fold(words)
    return [one for one in found if wanted in fold(f"{one.unit.name} {one.heading} {one.text}")]


def _reports(connection: Connection, draft: Draft) -> list[Report]:
    return reports.listing(connection, EVERYWHERE, opening_id=draft.opening_id)


def _of_unit(
    desk: Desk,
    snapshot: Snapshot,
    draft: Draft,
    headings: Sequence[Heading],
    unit_id: int,
    unit: Unit,
    sha: str,
) -> Iterator[Contribution]:
    regime = snapshot.regimes[draft.regime]
    order = order_for(snapshot, regime, unit, parse(draft.period))
    if order is None:
        return
    places = [replace(one, is_written=True) for one in order.places]  # words under a heading of others are words too
    for piece in desk.instance.pool.pieces(desk.instance.files.read(sha), places):
        if piece.lines:
            yield Contribution(unit_id, unit, piece.place.heading, _tag(piece, headings), piece.lines)


def _tag(piece: Piece, headings: Sequence[Heading]) -> str:
    """The heading of the draft a piece belongs under: its own where the outline is the same, else the likest."""
    written = [one for one in headings if one.is_written]
    if any(one.tag == piece.place.tag for one in written):
        return piece.place.tag
    own = without_number(piece.place.heading)
    alike = {one.tag: likeness(own, without_number(one.title)) for one in written}
    likest = max(alike, key=alike.__getitem__, default="")
    return likest if alike.get(likest, 0) >= _ALIKE else ""
