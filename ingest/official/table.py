"""Where the table of a form stands on its sheet: heading rows, the row of column numbers, the rows below."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from ingest.official.paper import At, Paper, one_line
from ingest.official.words import (
    ABOVE,
    CODE_HEADING,
    DITTO,
    FOOT,
    LABEL_HEADING,
    MEASURE_HEADING,
    NUMBER_HEADING,
    SPLIT_LABEL,
)
from vietnamese.fold import fold

_TOKEN = re.compile(r"\(?\s*(?P<number>[A-ZĐ]|\d{1,3})\s*\)?\s*(?:=\s*(?P<hint>[^=]+))?")
_HINT = re.compile(r"[\s\d()+\-–−*/:xX×÷%,.\[\]]+|\(?[\d()+\-*/:%\s]+\)?")
_TRAILING_HINT = re.compile(r"\s*\(?\s*(?P<number>\d{1,3})\s*\)?\s*=\s*(?P<hint>[\d\s()+\-–−*/:xX×÷%]+)\s*$")
_TRAILING_NUMBER = re.compile(r"\s*\((?P<number>\d{1,3})\)\s*$")
_LONGEST_LABEL = 36  # characters of the heading over the lines' names
_HIGHEST = 8  # heading rows a form may have above its column numbers
_SEARCHED = 300  # rows in which a table may begin


class HeadColumn(NamedTuple):
    """One column of the table as its heading says."""

    column: int  # on the sheet
    path: tuple[str, ...]  # outermost first
    number: str  # as printed in the row of column numbers, "" without one
    hint: str  # "(5)+(6)" where the heading says how the column is computed
    at: At  # its lowest heading cell
    is_spread: bool = False  # an unmerged heading to its left was taken for its own


@dataclass(frozen=True)
class Table:
    """The parts of one table."""

    paper: Paper
    top: int
    columns: tuple[HeadColumn, ...]  # labels first
    number_row: int | None
    body: tuple[int, ...]  # rows of the sheet, repeated headings left out
    foot: int | None  # the first row below the table
    number_column: HeadColumn | None
    label_column: HeadColumn
    measure_column: HeadColumn | None
    dropped: tuple[HeadColumn, ...]  # columns of codes and the like, between the labels
    figures: tuple[HeadColumn, ...]
    next_table: int | None = None  # the row in which another table begins


def find_table(paper: Paper) -> Table | None:
    """The first table of a sheet; None when the sheet holds none."""
    head = _head_of(paper)
    if head is None:
        return None
    top, bottom, number_row = head
    columns = _numbered(tuple(_columns(paper, top, bottom, number_row)))
    if len(columns) < 2:
        return None
    start = (number_row or bottom) + 1
    labels = _labels(paper, columns, start)
    body, foot, another = _body(paper, columns, top, start)
    number, label, measure, dropped, figures = labels
    return Table(paper, top, columns, number_row, body, foot, number, label, measure, dropped, figures, another)


# --- heading rows ----------------------------------------------------------------------------------------------------


def _head_of(paper: Paper) -> tuple[int, int, int | None] | None:
    """First and last heading row, and the row of column numbers."""
    rows = paper.rows[:_SEARCHED]
    for row in rows:
        if _is_number_row(paper, row):
            top = _top_above(paper, row)
            if top is not None:
                return top, row - 1, row
    for row in rows:
        if _is_heading_row(paper, row):
            return row, _bottom_below(paper, row), None
    return None


def tokens_of(paper: Paper, row: int) -> dict[int, tuple[str, str]]:
    """Column numbers of a row with their hints, by column; empty when anything else stands in the row."""
    found: dict[int, tuple[str, str]] = {}
    for column in paper.columns_of(row):
        text = paper.text(row, column)
        token = _TOKEN.fullmatch(text)
        if token is None or (token["hint"] and not _HINT.fullmatch(token["hint"])):
            return {}
        found[column] = (token["number"], (token["hint"] or "").strip())
    return found


def _is_number_row(paper: Paper, row: int) -> bool:
    tokens = [number for number, _ in tokens_of(paper, row).values()]
    counted = [int(number) for number in tokens if number.isdecimal()]
    return len(tokens) >= 3 and bool(counted) and counted == list(range(1, len(counted) + 1))


def _top_above(paper: Paper, number_row: int) -> int | None:
    above = [row for row in paper.rows if number_row - _HIGHEST <= row < number_row]
    numbered = [row for row in above if any(NUMBER_HEADING.fullmatch(text) for text in _first_texts(paper, row))]
    if numbered:
        return numbered[-1]
    top = None
    for row in reversed(above):
        texts = _first_texts(paper, row)
        if len(paper.columns_of(row)) < 2 or any(ABOVE.fullmatch(text) for text in texts):
            break
        top = row
        if any(_is_label(text) for text in texts[:2]):
            break
    return top


def _first_texts(paper: Paper, row: int) -> list[str]:
    return [fold(paper.text(row, column)) for column in paper.columns_of(row)[:3]]


def _is_label(folded: str) -> bool:
    return len(folded) < _LONGEST_LABEL and bool(LABEL_HEADING.fullmatch(folded))


def _is_heading_row(paper: Paper, row: int) -> bool:
    texts = _first_texts(paper, row)
    if any(ABOVE.fullmatch(text) for text in texts):
        return False
    words = [text for column in paper.columns_of(row) if (text := paper.text(row, column)) and not text[0].isdigit()]
    if any(NUMBER_HEADING.fullmatch(text) for text in texts):
        return len(words) >= 2
    return len(words) >= 3 and any(_is_label(text) for text in texts[:2])


def _bottom_below(paper: Paper, top: int) -> int:
    """The last heading row: what merged heading cells reach, then rows that name figures but no line."""
    columns = paper.columns_of(top)
    bottom = max(
        (box.bottom for column in columns if (box := paper.boxes.get((top, column))) and box.bottom < top + _HIGHEST),
        default=top,
    )
    first, second = columns[0], columns[1]
    while bottom + 1 < top + _HIGHEST:
        row = bottom + 1
        below = paper.columns_of(row)
        named = paper.text(row, first) or paper.text(row, second)
        if named or len(below) < 2 or any(paper.inks[row, column].cell.kind == "n" for column in below):
            return bottom
        bottom = row
    return bottom


# --- columns ---------------------------------------------------------------------------------------------------------


def _columns(paper: Paper, top: int, bottom: int, number_row: int | None) -> Iterator[HeadColumn]:
    tokens = tokens_of(paper, number_row) if number_row else {}
    used = {column for row in range(top, bottom + 1) for column in paper.columns_of(row)} | set(tokens)
    if not used:
        return
    covered = {c for r in range(top, bottom + 1) for c in range(min(used), _right_end(paper, r, max(used)) + 1)}
    paths: dict[int, tuple[str, ...]] = {}
    for column in sorted(covered - paper.hidden_columns):
        path, at, spread = _path(paper, top, bottom, column, paths)
        paths[column] = path
        number, hint = tokens.get(column, ("", ""))
        if path:
            path, number, hint = _without_hint(path, number, hint)
            yield HeadColumn(column, path, number, hint, at, spread)


def _numbered(columns: tuple[HeadColumn, ...]) -> tuple[HeadColumn, ...]:
    """All columns with their numbers, where the headings number only those that are computed."""
    steps = {int(head.number) - place for place, head in enumerate(columns) if head.number.isdecimal()}
    if len(steps) != 1 or all(head.number for head in columns) or any(head.number.isalpha() for head in columns):
        return columns
    step = next(iter(steps))
    return tuple(
        head._replace(number=str(place + step) if place + step > 0 else "ABCDE"[min(place, 4)])
        for place, head in enumerate(columns)
    )


def _right_end(paper: Paper, row: int, last: int) -> int:
    box = paper.boxes.get((row, last))
    return max(last, box.right if box else last)


def _path(
    paper: Paper, top: int, bottom: int, column: int, paths: Mapping[int, tuple[str, ...]]
) -> tuple[tuple[str, ...], At, bool]:
    """Heading path of a column, its lowest cell, and whether part of it was taken from the columns before it."""
    parts: list[str] = []
    seen: list[At] = []
    spread = False
    for row in range(top, bottom + 1):
        anchor = paper.anchor(row, column)
        if anchor in seen:
            continue
        text = paper.text(*anchor)
        if not text and row < bottom:
            left = _spread_from(paper, row, column, bottom)
            if left is not None and paths.get(left[1], ())[: len(parts)] == tuple(parts):
                anchor, text, spread = left, paper.text(*left), True
        if text and (not parts or text != parts[-1]):
            parts.append(_heading_text(text))
            seen.append(anchor)
    return tuple(parts), (seen[-1] if seen else (bottom, column)), spread


def _spread_from(paper: Paper, row: int, column: int, bottom: int) -> At | None:
    """The unmerged heading to the left that a person reads over this column too: both name something below."""
    if (row, column) in paper.boxes or not _names_below(paper, row, column, bottom):
        return None
    for left in range(column - 1, max(0, column - 20), -1):
        if paper.text(row, left):
            is_group = (row, left) not in paper.boxes and _names_below(paper, row, left, bottom)
            return (row, left) if is_group else None
        if (row, left) in paper.boxes or not _names_below(paper, row, left, bottom):
            return None
    return None


def _names_below(paper: Paper, row: int, column: int, bottom: int) -> bool:
    return any(paper.text(below, column) for below in range(row + 1, bottom + 1))


def _heading_text(text: str) -> str:
    return one_line(text).rstrip(":").strip()


def _without_hint(path: tuple[str, ...], number: str, hint: str) -> tuple[tuple[str, ...], str, str]:
    """The path with a column number or hint written into the heading itself taken out."""
    leaf = path[-1]
    found = _TRAILING_HINT.search(leaf)
    if found is None and not number:
        found = _TRAILING_NUMBER.search(leaf)
    rest = leaf[: found.start()].strip() if found else ""
    if found is None or not rest:
        return path, number, hint
    own = found.groupdict().get("hint") or ""
    return (*path[:-1], rest), number or found["number"], hint or own.strip()


# --- which columns are labels ----------------------------------------------------------------------------------------

_Labels = tuple[HeadColumn | None, HeadColumn, HeadColumn | None, tuple[HeadColumn, ...], tuple[HeadColumn, ...]]


def _labels(paper: Paper, columns: tuple[HeadColumn, ...], start: int) -> _Labels:
    """Number, label and measure column, what else stands between them, and the figure columns."""
    heads = {head: fold(head.path[-1]) for head in columns[:5] if len(head.path) == 1}
    number = next((head for head, text in heads.items() if NUMBER_HEADING.fullmatch(text)), None)
    measure = next((head for head, text in heads.items() if _is_measure(paper, head, text, start)), None)
    codes = tuple(
        head for head, text in heads.items() if CODE_HEADING.fullmatch(text) and head not in (number, measure)
    )
    rest = [head for head in columns if head not in (number, measure)]
    named = [head for head in rest[:3] if head in heads and LABEL_HEADING.fullmatch(heads[head])]
    label = named[0] if named else next((head for head in rest if head not in codes), rest[0])
    last = max(columns.index(head) for head in (number, label, measure) if head is not None)
    dropped = tuple(head for head in columns[:last] if head not in (number, label, measure)) + tuple(
        head for head in codes if columns.index(head) == last + 1
    )
    figures = tuple(head for head in columns if head not in (number, label, measure, *dropped))
    return number, label, measure, dropped, figures


def _is_measure(paper: Paper, head: HeadColumn, text: str, start: int) -> bool:
    """ĐVT; a bare "Đơn vị" only where short words stand below it."""
    if not MEASURE_HEADING.fullmatch(text):
        return False
    if not text.startswith("don vi") or "tinh" in text:
        return True
    below = [paper.text(row, head.column) for row in paper.rows if start <= row < start + 30]
    return any(below) and all(len(one) <= 20 or DITTO.fullmatch(one) for one in below)


# --- body ------------------------------------------------------------------------------------------------------------


def _body(
    paper: Paper, columns: tuple[HeadColumn, ...], top: int, start: int
) -> tuple[tuple[int, ...], int | None, int | None]:
    """Rows of the table, the row in which the foot begins, the row in which another table begins."""
    head_texts = {
        paper.text(row, column) for row in range(top, start) for column in paper.columns_of(row) if row >= top
    }
    edge = max(head.column for head in columns)
    body: list[int] = []
    repeated = False
    for row in (row for row in paper.rows if row >= start):
        filled = paper.columns_of(row)
        texts = [paper.text(row, column) for column in filled]
        if _repeats(texts, head_texts):
            repeated = True
            continue
        if repeated and _is_number_row(paper, row):
            continue
        if _is_heading_row(paper, row) and body:
            return tuple(body), row, row
        is_apart = bool(body) and row > body[-1] + 1
        if _is_foot(texts) or (is_apart and (min(filled) > edge or _is_remark(texts))):
            return tuple(body), row, None
        body.append(row)
    return tuple(body), None, None


def _repeats(texts: list[str], head: set[str]) -> bool:
    return len(texts) >= 2 and all(text in head for text in texts)


def _is_remark(texts: list[str]) -> bool:
    """One text alone below a blank row that does not begin like a line of the table."""
    return len(texts) == 1 and not SPLIT_LABEL.fullmatch(texts[0]) and len(texts[0].split()) > 3


def _is_foot(texts: list[str]) -> bool:
    return len(texts) <= 4 and any(FOOT.fullmatch(fold(text)) for text in texts[:4] if len(text) < 400)
