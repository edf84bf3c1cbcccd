"""Where the parts of a table lie on a sheet."""

from __future__ import annotations

from dataclasses import dataclass

from compile.tables import Table

WIDEST = 20  # visible columns beyond which a head is set at the left instead of in three blocks


@dataclass(frozen=True, slots=True)
class HeadLine:
    """One line above the table: texts with first and last column, 0-based."""

    texts: tuple[tuple[str, int, int, str], ...]  # text, first, last, role: left | title | subtitle | right | above


def head_lines(table: Table) -> tuple[HeadLine, ...]:
    """The lines above the table's own head, a blank one last."""
    lines = _stacked(table) if _is_wide(table) else _three_blocks(table)
    last = len(table.columns) - 1
    above = tuple(HeadLine(((text, 0, last, "above"),)) for text in table.above)
    return (*lines, HeadLine(()), *above)


def first_body_row(table: Table) -> int:
    """0-based sheet row of the table's first line."""
    return len(head_lines(table)) + table.depth + (1 if table.has_numbers else 0)


def _is_wide(table: Table) -> bool:
    return len(table.columns) > WIDEST


def _stacked(table: Table) -> list[HeadLine]:
    last = table.labels + 6
    titled = [(table.title, "title"), *((text, "subtitle") for text in table.subtitles)]
    beside = [(text, "left") for text in (*table.left, *table.right)]
    return [HeadLine(((text, 0, last, f"{role}-left"),)) for text, role in (*beside, *titled)]


def _three_blocks(table: Table) -> list[HeadLine]:
    last = len(table.columns) - 1
    if not (table.left or table.right):
        titled = [(table.title, "title"), *((text, "subtitle") for text in table.subtitles)]
        return [HeadLine(((text, 0, last, role),)) for text, role in titled]
    right_first = _first_of_right_block(table)
    middle = [(table.title, "title"), *((text, "subtitle") for text in table.subtitles)]
    lines = []
    for line in range(max(len(table.left), len(middle), len(table.right))):
        texts = []
        if line < len(table.left):
            texts.append((table.left[line], 0, table.labels - 1, "left"))
        if line < len(middle):
            text, role = middle[line]
            texts.append((text, table.labels, right_first - 1, role))
        if line < len(table.right):
            texts.append((table.right[line], right_first, last, "right"))
        lines.append(HeadLine(tuple(texts)))
    return lines


def _first_of_right_block(table: Table) -> int:
    """The last columns that together are about 40 characters wide."""
    width = 0.0
    for place in range(len(table.columns) - 1, table.labels + 1, -1):
        width += table.columns[place].width
        if width >= 40:
            return place
    return table.labels + 1
