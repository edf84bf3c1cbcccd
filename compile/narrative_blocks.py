"""Units' narratives set into the compiled document: under the headings of its outline, and apart unit by unit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from compile.attaching import Attaching
from compile.compiled import Compiled
from compile.coverage import copy
from compile.merging import Contribution, Merged, merged
from compile.model import CompileInput, Narrative
from compile.story import Story
from compile.story_blocks import FIRST_LINE, story_block
from workbook_templates.official.blocks import filled
from workbook_templates.official.wordml import Run, Setting, paragraph
from workbook_templates.outline import COMMUNE

_BELOW = 2  # a unit's own headings below the annex and the unit's name
_NOTED = 11  # points, of what is said about a file
_NAMED = Setting("both", first_line=FIRST_LINE, before=6, keep_next=True)

Told = Sequence[tuple[Narrative, Story | None]]


@dataclass(frozen=True)
class Narratives:
    """Where each narrative of a report goes."""

    merged: Merged = field(default_factory=Merged)  # under the headings of the report's own outline
    of_communes: Merged = field(default_factory=Merged)  # under those of the communes' outline
    apart: Told = ()  # unit by unit

    @property
    def apart_of(self) -> frozenset[str]:
        """Codes of the units whose words stand apart."""
        return frozenset(narrative.unit.code for narrative, _ in self.apart)


def placed(report: Compiled) -> Narratives:
    """Departments under the outline's headings, communes on demand; without an outline everybody apart."""
    order = report.order
    if order.outline is None:
        return Narratives(apart=report.stories)
    of_departments = [one for one in report.stories if not one[0].unit.kind.is_commune]
    held = merged(order, order.outline, of_departments)
    of_communes = [one for one in report.stories if one[0].unit.kind.is_commune] if order.communes_under else []
    outline = order.outlines.get(COMMUNE)
    if outline is None:
        return Narratives(held, apart=(*held.apart, *of_communes))
    theirs = merged(order, outline, of_communes, order.communes_under)
    return Narratives(held, theirs, (*held.apart, *theirs.apart))


def body_narratives(held: Narratives, order: CompileInput, attaching: Attaching) -> Mapping[int, Sequence[str]]:
    """What units wrote under each heading of the report's outline, by its index."""
    levels = [heading.level for heading in order.outline.headings] if order.outline else []
    return {at: list(_contributed(found, levels[at], attaching)) for at, found in held.merged.under.items()}


def commune_blocks(held: Narratives, order: CompileInput, attaching: Attaching) -> list[str]:
    """What communes wrote, heading by heading of their outline; empty where none is asked for or found."""
    outline = order.outlines.get(COMMUNE)
    blocks: list[str] = []
    for at, found in held.of_communes.under.items():
        heading = outline.headings[at]  # type: ignore[union-attr]
        text = f"{heading.number} {filled(heading.title, order.period)}".strip()
        blocks.append(paragraph([Run(text, bold=True)], Setting("both", before=12, keep_next=True, outline=1)))
        blocks += _contributed(found, _BELOW, attaching)
    return blocks


def narrative_blocks(told: Told, attaching: Attaching) -> list[str]:
    """Narratives each under its own heading; one that cannot be read is named with its file."""
    return [
        block
        for place, (narrative, story) in enumerate(told, 1)
        for block in _narrative(place, narrative, story, attaching)
    ]


def _contributed(held: Iterable[Contribution], below: int, attaching: Attaching) -> Iterator[str]:
    for one in held:
        yield paragraph([Run(copy("narratives.by", unit=one.unit.name), bold=True, italic=True)], _NAMED)
        for block in one.blocks:
            yield story_block(block, attaching, below)


def _narrative(place: int, one: Narrative, story: Story | None, attaching: Attaching) -> Iterator[str]:
    heading = copy("narratives.of", number=place, unit=one.unit.name)
    setting = Setting("left", before=14, after=2, keep_next=True, outline=1)
    yield paragraph([Run(heading, bold=True)], setting)
    yield _note(copy("narratives.file", name=one.file_name))
    if story is None:
        text = copy("narratives.unreadable", name=one.file_name, unit=one.unit.name)
        yield paragraph([Run(text, italic=True)], Setting("both", first_line=FIRST_LINE))
        return
    for block in story.blocks:
        yield story_block(block, attaching, _BELOW)
    if story.left_out:
        yield _note(copy("narratives.pictures", count=story.left_out))


def _note(text: str) -> str:
    return paragraph([Run(text, italic=True, size=_NOTED)], Setting("left", after=4))
