"""Narratives dealt out to the headings of an outline: what each unit wrote under which (PRACTICE F12)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import takewhile

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
        self._titles: dict[tuple[Place, ...], Titles] = {}
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
        for section in _split(story, held, self._titles_of(held)):
            at = self._home(section, unit)
            if at is not None:
                found[at] += section.blocks
            elif section.heading is not None:
                rest += [section.heading, *section.blocks]
            else:
                rest += section.blocks
        if not found:
            return {}, list(story.blocks)
        return {at: blocks for at, blocks in found.items() if not _says_nothing(blocks)}, _told(rest)

    def _titles_of(self, held: tuple[Place, ...]) -> Titles:
        """The titles of a unit's places, which are those of every unit of its kind that owns none apart."""
        if held not in self._titles:
            self._titles[held] = Titles(held)
        return self._titles[held]

    def _home(self, section: _Section, unit: Unit) -> int | None:
        """The heading a section belongs under; of one that holds others, the first of those the unit owns."""
        if section.place is not None:
            at = self._target(section.place)
        else:
            at = self._alike(section.heading.said) if section.heading is not None else None
        if at is None:
            return None
        owned = (one for one in self._below(at) if unit.code in self._outline.headings[one].owners)
        return next(owned, at)

    def _below(self, at: int) -> Iterator[int]:
        """Headings a heading holds that are open."""
        level = self._outline.headings[at].level
        inner = takewhile(
            lambda one: self._outline.headings[one].level > level, range(at + 1, len(self._outline.headings))
        )
        return (one for one in inner if one in self._open)

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


@dataclass
class _Section:
    """What stands under one heading: a place of the unit's outline, or one of its own; a table at the end has none."""

    place: Place | None = None
    heading: Text | None = None
    blocks: list[Block] = field(default_factory=list)


def _split(story: Story, held: Sequence[Place], titles: Titles) -> list[_Section]:
    """The sections of a story in reading order.

    What comes before the first heading is the letterhead; of what comes behind the last sentence only tables that are
    not the signer's are kept.
    """
    at_tag = {place.tag: at for at, place in enumerate(held)}
    prompts = {place.prompt for place in held}
    sections: list[_Section] = []
    current, rank, is_over = -1, _NO_RANK, False
    for block in story.blocks:
        text = block if isinstance(block, Text) else None
        said = text.said if text is not None else ""
        if is_over:
            if isinstance(block, Grid) and block.width > _SIGNED:
                sections.append(_Section(blocks=[block]))
        elif block.tag in at_tag:
            current = at_tag[block.tag]
            is_prompt = said in prompts or _is_unfilled(block)
            sections.append(_Section(held[current], blocks=[] if is_prompt else [block]))
        elif text is not None and (found := _found(titles, text, said, current)) is not None:
            current, rank = found[0], _rank(said)
            sections.append(_Section(held[current], blocks=[Text((Run(found[1]),))] if found[1] else []))
        elif text is not None and _is_heading(text, said) and _rank(said) <= rank:
            rank = _rank(said)
            sections.append(_Section(heading=text))
        elif closes_text(said) if text is not None else _closes(block):
            is_over = bool(sections)
        elif sections:
            sections[-1].blocks.append(block)
    return sections


def _found(titles: Titles, text: Text, said: str, current: int) -> tuple[int, str] | None:
    """The place whose heading a paragraph is, and what it says behind the heading."""
    at, behind = titles.find(said, current, is_styled=text.level is not None)
    return None if at is None else (at, behind)


def _closes(block: Block) -> bool:
    """True of the table of recipients and signer."""
    return isinstance(block, Grid) and closes_table(next((one.said for one in block.texts if one.said), ""))


def _is_unfilled(block: Block) -> bool:
    """True of a table that says nothing below its first row."""
    return isinstance(block, Grid) and replace(block, rows=block.rows[1:]).is_empty


def _is_heading(text: Text, said: str) -> bool:
    """True of a numbered line set as a heading or in bold."""
    if text.level is None and not all(run.bold for run in text.runs if isinstance(run, Run)):
        return False
    return without_number(said) != said


def _rank(said: str) -> int:
    """How deep a heading stands by its number: parts, then Roman numbers, figures, letters."""
    number = said.removesuffix(without_number(said)).strip(" .)/:–-").lower()
    if set(number) <= set("ivxlc"):
        return 1
    if number[:1].isdecimal():
        return 2 + number.count(".")
    return 0 if len(number) > 1 else _LETTERED


_LETTERED, _NO_RANK = 8, 9
