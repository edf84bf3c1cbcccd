"""What units sent under the headings of a draft (bản tập hợp): departments by default, communes on demand (F12)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from actions.desk import Desk
from actions.outlines import order_for
from compile.narratives import UnreadableNarrative, read_story
from compile.placing import likeness
from compile.story import Grid, Text
from ingest.pieces import without_number
from registry.catalogue.model import Unit
from registry.periods import parse
from registry.store import reports
from registry.store.definitions import Snapshot
from registry.store.draft_texts import Heading
from registry.store.drafts import Draft
from registry.store.engine import Connection
from registry.store.reports import Report
from registry.workflow.policy import EVERYWHERE
from registry.workflow.report import ReportState
from vietnamese.fold import fold
from workbook_templates.official.wordml import Run
from workbook_templates.outline import Place

_Piece = tuple[str, str, tuple[str, ...]]  # tag of the outline's place, heading, lines
_MOST_KNOWN = 400
_KNOWN: dict[tuple[str, tuple[Place, ...]], tuple[_Piece, ...]] = {}  # by the hash of the file: never out of date
_ALIKE = 0.4  # of the words of a draft's heading stand in the unit's own


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
    then = desk.snapshot(connection, parse(draft.period).last)  # who has ended since wrote as well
    known = {**snapshot.units_by_id, **then.units_by_id}
    found = []
    for one in reports.narratives(connection, draft.opening_id, draft.unit_id, desk.moment):
        unit = known[one.unit_id]
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
    order = order_for(snapshot, snapshot.regimes[draft.regime], unit, parse(draft.period))
    places = tuple(replace(one, is_written=True) for one in order.places) if order else ()  # words above others count
    tags = {one.tag for one in headings if one.is_written}
    for tag, heading, lines in _read(desk, sha, places):
        yield Contribution(unit_id, unit, heading, tag if tag in tags else _likest(heading, headings), lines)


def _read(desk: Desk, sha: str, places: tuple[Place, ...]) -> tuple[_Piece, ...]:
    """What stands in a narrative, by its outline, else by its own headings; a file is read once."""
    known = _KNOWN.get((sha, places))
    if known is None:
        data = desk.instance.files.read(sha)
        found = [one for one in desk.instance.pool.pieces(data, places) if one.lines]
        known = tuple((one.place.tag, one.place.heading, one.lines) for one in found) or tuple(_as_written(data))
        while len(_KNOWN) >= _MOST_KNOWN:
            _KNOWN.pop(next(iter(_KNOWN)), None)
        _KNOWN[sha, places] = known
    return known


def _as_written(data: bytes) -> Iterator[_Piece]:
    """A narrative that follows no outline, by its own headings; nothing of one that cannot be read."""
    try:
        story = read_story(data)
    except UnreadableNarrative:
        return
    heading, lines = "", list[str]()
    for block in story.blocks:
        words = block.said if isinstance(block, Text) else ""
        is_heading = isinstance(block, Text) and bool(words) and (block.level is not None or _is_bold(block))
        if is_heading and lines:
            yield "", heading, tuple(lines)
            lines = []
        if is_heading:
            heading = words
        elif isinstance(block, Grid):
            lines += _rows(block)
        elif words:
            lines.append(words)
    if lines:
        yield "", heading, tuple(lines)


def _is_bold(block: Text) -> bool:
    return all(run.bold for run in block.runs if isinstance(run, Run) and run.text.strip())


def _rows(block: Grid) -> list[str]:
    cells = ([" ".join(text.said for text in texts) for texts, _, _ in row] for row in block.rows)
    return [" | ".join(row) for row in cells]


def _likest(heading: str, headings: Sequence[Heading]) -> str:
    """The tag of the draft's heading most like a unit's own, "" where none is."""
    own = without_number(heading)
    alike = {one.tag: likeness(own, without_number(one.title)) for one in headings if one.is_written}
    likest = max(alike, key=alike.__getitem__, default="")
    return likest if alike.get(likest, 0) >= _ALIKE else ""
