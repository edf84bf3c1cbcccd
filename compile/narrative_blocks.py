"""Units' narratives set into the compiled document, unit by unit in official order."""

from __future__ import annotations

from collections.abc import Iterator

from compile.compiled import Compiled
from compile.coverage import copy
from compile.model import Narrative
from compile.narratives import Grid, Story, Text
from workbook_templates.official.wordml import Box, Line, Run, Setting, paragraph, table, twips

_ROOM = twips(165)
_FIRST_LINE = twips(12.7)


def narrative_blocks(report: Compiled) -> list[str]:
    """Every narrative under its own heading; one that cannot be read is named with its file."""
    return [
        block
        for place, (narrative, story) in enumerate(report.stories, 1)
        for block in _narrative(place, narrative, story)
    ]


def _narrative(place: int, one: Narrative, story: Story | None) -> Iterator[str]:
    heading = copy("narratives.of", number=place, unit=one.unit.name)
    setting = Setting("left", before=14, after=2, keep_next=True, outline=1)
    yield paragraph([Run(heading, bold=True)], setting)
    yield paragraph([Run(copy("narratives.file", name=one.file_name), italic=True, size=11)], Setting("left", after=4))
    if story is None:
        text = copy("narratives.unreadable", name=one.file_name, unit=one.unit.name)
        yield paragraph([Run(text, italic=True)], Setting("both", first_line=_FIRST_LINE))
        return
    for block in story.blocks:
        yield _grid(block) if isinstance(block, Grid) else _text(block)
        if isinstance(block, Grid):
            yield paragraph("", Setting(line=120))
    if story.pictures:
        yield paragraph([Run(copy("narratives.pictures", count=story.pictures), italic=True, size=11)], Setting("left"))


def _text(block: Text) -> str:
    first_line = _FIRST_LINE if block.align == "both" and block.level is None else 0
    outline = None if block.level is None else min(block.level + 2, 8)
    setting = Setting(block.align, first_line=first_line, before=3, outline=outline, keep_next=outline is not None)
    return paragraph(block.runs, setting)


def _grid(block: Grid) -> str:
    width = max(block.width, 1)
    shares = block.shares if len(block.shares) == width else (1,) * width
    widths = [max(_ROOM * share // sum(shares), 200) for share in shares]
    return table(widths, [Line(tuple(_boxes(row, block, place, width))) for place, row in enumerate(block.rows)])


def _boxes(row: tuple[tuple[tuple[Text, ...], int, bool], ...], block: Grid, place: int, width: int) -> Iterator[Box]:
    column = 0
    for texts, span, continues in row:
        content = "".join(
            paragraph([_sized(run) for run in text.runs], Setting("left" if text.align == "both" else text.align))
            for text in texts
        )
        below = _continues_below(block, place, column)
        merge = "continue" if continues else "restart" if below else ""
        yield Box(content or paragraph(""), span=min(span, width - column), merge=merge, valign="top")
        column += span
    if column < width:
        yield Box(paragraph(""), span=width - column)


def _continues_below(block: Grid, place: int, column: int) -> bool:
    if place + 1 >= len(block.rows):
        return False
    at = 0
    for _, span, continues in block.rows[place + 1]:
        if at == column:
            return continues
        at += span
    return False


def _sized(run: Run) -> Run:
    return Run(run.text, run.bold, run.italic, run.underline, 12, run.superscript, run.subscript)
