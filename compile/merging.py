"""Narratives dealt out to the headings of an outline: what each unit wrote under which (PRACTICE F12)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from compile.model import CompileInput, Narrative
from compile.placing import likeness
from compile.story import Block, Grid, Story, Text
from ingest.pieces import Titles, closes_table, closes_text, without_number
from registry.catalogue.model import Outline, Unit
from registry.periods import Period
from workbook_templates.official.blocks import filled
from workbook_templates.official.wordml import Run
from workbook_templates.outline import ANNEX, Place, level_of, places

ALL = "*"  # every heading of the communes' outline
_ALIKE = 0.4  # of the words of a heading that stand in one like it
_SIGNED = 2  # columns of the table of recipients and signer, which is no part of what a unit says


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one unit wrote under one heading."""

    unit: Unit
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Merged:
    """Contributions by index of the outline's headings, units in official order; apart what has no heading there."""

    under: Mapping[int, tuple[Contribution, ...]] = field(default_factory=dict)
    apart: tuple[tuple[Narrative, Story | None], ...] = ()


def merged(
    order: CompileInput, outline: Outline, stories: Iterable[tuple[Narrative, Story | None]], only: str = ALL
) -> Merged:
    """Deal stories out to the headings of ``outline``: by content control, by the heading's words, by likeness.

    ``only`` leaves out what stands under other headings than the one of this tag and those below it.
    """
    dealing = _Dealing(order, outline)
    under: dict[int, list[Contribution]] = defaultdict(list)
    apart: list[tuple[Narrative, Story | None]] = []
    wanted = _wanted(outline, only)
    for narrative, story in stories:
        found, rest = dealing.deal(narrative.unit, story) if story is not None else ({}, ())
        for at, blocks in sorted(found.items()):
            if at in wanted:
                under[at].append(Contribution(narrative.unit, tuple(blocks)))
        if story is None or rest:
            apart.append((narrative, replace(story, blocks=tuple(rest)) if story is not None else None))
    return Merged({at: tuple(held) for at, held in sorted(under.items())}, tuple(apart) if only == ALL else ())


def tag_of(outline: Outline, at: int) -> str:
    """The tag of a heading, as its content control bears it."""
    return f"BC:{outline.code}:{at:02d}"


def headings_of(outline: Outline, period: Period) -> list[tuple[str, str]]:
    """(tag, heading as printed) of what an outline asks in a period."""
    return [
        (tag_of(outline, at), f"{heading.number} {filled(heading.title, period)}".strip())
        for at, heading in enumerate(outline.headings)
        if heading.occasion.is_open(period.shape) and not heading.number.startswith(ANNEX)
    ]


def _wanted(outline: Outline, only: str) -> range:
    """Indexes of the headings asked for."""
    tags = [tag_of(outline, at) for at in range(len(outline.headings))]
    if only not in tags:
        return range(len(tags))
    first = tags.index(only)
    level = outline.headings[first].level
    after = (at for at in range(first + 1, len(tags)) if outline.headings[at].level <= level)
    return range(first, next(after, len(tags)))


class _Dealing:
    """Which place of a unit's own outline is which heading of the one merged into."""

    def __init__(self, order: CompileInput, outline: Outline) -> None:
        self._order, self._outline = order, outline
        self._targets: dict[str, int | None] = {}
        self._open = {
            at: heading
            for at, heading in enumerate(outline.headings)
            if heading.occasion.is_open(order.period.shape) and not heading.number.startswith(ANNEX)
        }

    def deal(self, unit: Unit, story: Story) -> tuple[dict[int, list[Block]], list[Block]]:
        """A unit's blocks by heading, and those that stand under none."""
        own = self._order.outlines.get(level_of(unit), self._outline)
        held = places(own, self._order.period, unit, self._order.outline)
        found: dict[int, list[Block]] = defaultdict(list)
        rest: list[Block] = []
        pieces = list(_split(story, held))
        for place, blocks in pieces:
            at = self._target(place) if place is not None else None
            (rest if at is None else found[at]).extend(blocks)
        if all(place is None for place, _ in pieces):
            found, rest = self._by_own_headings(story)
        return {at: blocks for at, blocks in found.items() if not _says_nothing(blocks)}, _told(rest)

    def _by_own_headings(self, story: Story) -> tuple[dict[int, list[Block]], list[Block]]:
        """A story that follows no outline; kept whole where none of its headings is like one of the report's."""
        found: dict[int, list[Block]] = defaultdict(list)
        rest: list[Block] = []
        at: int | None = None
        for block in _from_heading(list(story.blocks)):
            is_heading = isinstance(block, Text) and _is_heading(block)
            at = self._alike(block.said) if is_heading and isinstance(block, Text) else at
            if at is None or not is_heading:
                (rest if at is None else found[at]).append(block)
        return found, rest if found else list(story.blocks)

    def _target(self, place: Place) -> int | None:
        if place.tag not in self._targets:
            own = {tag_of(self._outline, at): at for at in self._open}
            self._targets[place.tag] = own.get(place.tag, self._alike(place.heading))
        return self._targets[place.tag]

    def _alike(self, heading: str) -> int | None:
        title = without_number(heading)
        likely = {at: likeness(title, filled(one.title, self._order.period)) for at, one in self._open.items()}
        best = max(likely, key=lambda at: likely[at], default=None)
        return best if best is not None and likely[best] >= _ALIKE else None


def _told(blocks: list[Block]) -> list[Block]:
    return [] if _says_nothing(blocks) else blocks


def _says_nothing(blocks: Sequence[Block]) -> bool:
    return all(block.is_empty for block in blocks)


# --- one story -------------------------------------------------------------------------------------------------------


def _split(story: Story, held: Sequence[Place]) -> Iterator[tuple[Place | None, list[Block]]]:
    """Blocks under each place in reading order; None stands for what is under no heading of the outline.

    Of what comes before the first heading only what has a heading of its own is kept (the rest is the letterhead),
    of what comes behind the last sentence only tables that are not the signer's; a story in which no heading is
    found is kept whole.
    """
    at_tag = {place.tag: place for place in held}
    prompts = {place.prompt for place in held}
    titles = Titles(held)
    current, is_over = -1, False
    before: list[Block] = []
    for is_styled, text, block in _lines(story):
        if is_over:
            if isinstance(block, Grid) and block.width > _SIGNED:
                yield None, [block]
            continue
        if block.tag in at_tag:
            current = held.index(at_tag[block.tag])
            yield held[current], [] if text in prompts or _is_unfilled(block) else [block]
            continue
        at, rest = (None, "") if text is None else titles.find(text, current, is_styled=is_styled)
        if at is not None:
            current = at
            if rest:
                yield held[at], [Text((Run(rest),))]
        elif _closes(block, text):
            is_over = current >= 0
            before += [] if is_over else [block]
        elif current >= 0:
            yield held[current], [block]
        else:
            before.append(block)
    yield None, before if current < 0 else _from_heading(before)


def _lines(story: Story) -> Iterator[tuple[bool, str | None, Block]]:
    """(has a heading's level, words, block); a table has no words of its own."""
    for block in story.blocks:
        if isinstance(block, Text):
            yield block.level is not None, block.said, block
        else:
            yield False, None, block


def _closes(block: Block, text: str | None) -> bool:
    if text is not None:
        return closes_text(text)
    first = next((one.said for one in block.texts if one.said), "") if isinstance(block, Grid) else ""
    return closes_table(first)


def _is_unfilled(block: Block) -> bool:
    """True of a table that says nothing below its first row."""
    return isinstance(block, Grid) and replace(block, rows=block.rows[1:]).is_empty


def _from_heading(blocks: list[Block]) -> list[Block]:
    starts = (at for at, block in enumerate(blocks) if isinstance(block, Text) and _is_heading(block))
    return blocks[next(starts, len(blocks)) :]


def _is_heading(text: Text) -> bool:
    bold = all(run.bold for run in text.runs if isinstance(run, Run)) and bool(text.said)
    return text.level is not None or (bold and without_number(text.said) != text.said)
