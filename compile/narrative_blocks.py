"""Units' narratives set into the compiled document, unit by unit in official order."""

from __future__ import annotations

from collections.abc import Iterator

from compile.attaching import Attaching
from compile.compiled import Compiled
from compile.coverage import copy
from compile.model import Narrative
from compile.story import Story
from compile.story_blocks import FIRST_LINE, story_block
from workbook_templates.official.wordml import Run, Setting, paragraph

_BELOW = 2  # a unit's own headings below the annex and the unit's name


def narrative_blocks(report: Compiled, attaching: Attaching) -> list[str]:
    """Every narrative under its own heading; one that cannot be read is named with its file."""
    return [
        block
        for place, (narrative, story) in enumerate(report.stories, 1)
        for block in _narrative(place, narrative, story, attaching)
    ]


def _narrative(place: int, one: Narrative, story: Story | None, attaching: Attaching) -> Iterator[str]:
    heading = copy("narratives.of", number=place, unit=one.unit.name)
    setting = Setting("left", before=14, after=2, keep_next=True, outline=1)
    yield paragraph([Run(heading, bold=True)], setting)
    yield paragraph([Run(copy("narratives.file", name=one.file_name), italic=True, size=11)], Setting("left", after=4))
    if story is None:
        text = copy("narratives.unreadable", name=one.file_name, unit=one.unit.name)
        yield paragraph([Run(text, italic=True)], Setting("both", first_line=FIRST_LINE))
        return
    for block in story.blocks:
        yield story_block(block, attaching, _BELOW)
    if story.left_out:
        yield paragraph([Run(copy("narratives.pictures", count=story.left_out), italic=True, size=11)], Setting("left"))
