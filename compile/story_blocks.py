"""A unit's story set into an official document: its fonts and spacing are the document's own."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from compile.attaching import Attaching
from compile.story import Block, Figure, Grid, Text
from workbook_templates.official.letterhead import width_in_points
from workbook_templates.official.wordml import Box, Line, Run, Setting, paragraph, table, twips

ROOM = twips(165)  # of the text between the margins
FIRST_LINE = twips(12.7)
_CELL_MARGIN = 40
_CELL_SIZE = 12
_SMALLEST = 6.5
_RULES = 30  # twips the lines between two cells take
_NARROWEST = 200
_MOST_COLUMNS = 63  # Word opens no table of more
_SETTINGS = 128  # of paragraphs, remembered
_DEEPEST = 8  # levels of the navigation pane


def story_block(block: Block, attaching: Attaching, below: int) -> str:
    """One block as XML; its headings stand ``below`` so many levels."""
    if isinstance(block, Grid):
        wide = block.width > _MOST_COLUMNS
        return _lines(block) if wide else _grid(block, attaching) + paragraph("", Setting(line=120))
    return _text(block, attaching, below)


def _text(block: Text, attaching: Attaching, below: int) -> str:
    is_picture = any(isinstance(run, Figure) for run in block.runs) and not block.said
    align = "center" if is_picture else block.align
    first_line = FIRST_LINE if align == "both" and not is_picture else 0
    outline = None if block.level is None else min(block.level + below, _DEEPEST)
    return paragraph(attaching.inlines(block.runs, ROOM), _setting(align, first_line, outline))


@lru_cache(maxsize=_SETTINGS)
def _setting(align: str, first_line: int, outline: int | None) -> Setting:
    return Setting(align, first_line=first_line, before=6, outline=outline, keep_next=outline is not None)


def _lines(block: Grid) -> str:
    """A table of more columns than a document may hold, as lines of text."""
    rows = ("; ".join(" ".join(text.said for text in cell) for cell, _, _ in row) for row in block.rows)
    return "".join(paragraph(row, Setting("both", first_line=FIRST_LINE)) for row in rows)


# --- tables ----------------------------------------------------------------------------------------------------------


def _grid(block: Grid, attaching: Attaching) -> str:
    size, widths = _fitted(block)
    lines = (
        Line(tuple(_boxes(block, place, widths, size, attaching)), is_heading=place < block.headings)
        for place in range(len(block.rows))
    )
    return table(widths, lines, margin=_CELL_MARGIN)


def _fitted(block: Grid) -> tuple[float, list[int]]:
    """The largest letters in which no number and no word is broken, and the column widths nearest to the author's;
    what was drawn across the sheet is so set upright.
    """
    width = max(block.width, 1)
    shares = block.shares if len(block.shares) == width else (1,) * width
    wished = [max(ROOM * share // sum(shares), _NARROWEST) for share in shares]
    over = sum(wished) - ROOM
    if over > 0:
        wished[wished.index(max(wished))] -= over
    longest, size = _longest_words(block, width), float(_CELL_SIZE)
    least = _least(longest, size)
    if all(wish >= one for wish, one in zip(wished, least, strict=True)):
        return size, wished
    while sum(least) > ROOM and size > _SMALLEST:
        size -= 0.5
        least = _least(longest, size)
    free = ROOM - sum(least)
    if free < 0:
        return size, wished
    wishes = [max(0, wish - one) for wish, one in zip(wished, least, strict=True)]
    widths = [one + free * wish // (sum(wishes) or 1) for one, wish in zip(least, wishes, strict=True)]
    widths[widths.index(max(widths))] += ROOM - sum(widths)
    return size, widths


def _least(longest: list[str], size: float) -> list[int]:
    return [round(width_in_points(word, size) * 20) + 2 * _CELL_MARGIN + _RULES for word in longest]


def _longest_words(block: Grid, width: int) -> list[str]:
    """By column, of the cells that stand in it alone."""
    longest = [""] * width
    for row in block.rows:
        column = 0
        for texts, span, _ in row:
            if span == 1 and column < width:
                for run in (run for text in texts for run in text.runs):
                    if isinstance(run, Run) and len(run.text) > len(longest[column]):
                        longest[column] = max((longest[column], *run.text.split()), key=len)
            column += span
    return longest


def _boxes(block: Grid, place: int, widths: list[int], size: float, attaching: Attaching) -> Iterator[Box]:
    column = 0
    for texts, wanted, continues in block.rows[place]:
        span = min(wanted, len(widths) - column)
        room = sum(widths[column : column + span]) - 2 * _CELL_MARGIN
        content = "".join(
            [paragraph(attaching.inlines(text.runs, room, size), _cell_setting(text.align, size)) for text in texts]
        )
        merge = "continue" if continues else "restart" if _continues_below(block, place, column) else ""
        yield Box(content or paragraph(""), span=span, merge=merge, valign="top")
        column += span
    if column < len(widths):
        yield Box(paragraph(""), span=len(widths) - column)


@lru_cache(maxsize=_SETTINGS)
def _cell_setting(align: str, size: float) -> Setting:
    return Setting("left" if align == "both" else align, mark=size)


def _continues_below(block: Grid, place: int, column: int) -> bool:
    if place + 1 >= len(block.rows):
        return False
    at = 0
    for _, span, continues in block.rows[place + 1]:
        if at == column:
            return continues
        at += span
    return False
