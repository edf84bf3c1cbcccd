"""A table of a page, read back out of its HTML as the neutral table that workbooks are drawn from."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from lxml import html

from compile.tables import EMPTY, Align, Cell, RowStyle, Table, TableColumn, TableRow

BOX = "b-"  # the identifier of a table's box on a page is this and the table's name
_MARKED = r" ?([%*]|[^\W\d_][^\d\n\"]{0,30})?"  # "ước", "sơ bộ, tạm": printed after the number, and kept so
_FIGURE = re.compile(r"(-?(?:0|[1-9]\d*|[1-9]\d{0,2}(?:\.\d{3})+)(?:,\d{1,10})?)" + _MARKED)
_MOST_DIGITS = 15  # a workbook keeps no more
_DAY = re.compile(r"(?:(\d\d):(\d\d)\D{1,8})?(\d\d)/(\d\d)/(\d{4})")
_PRESSED = "form|button|select|textarea|svg|script|template"
_TO_BE_PRESSED = (
    "|".join(f".//{name}" for name in _PRESSED.split("|"))
    + "|.//details[contains(@class, 'ask')]|.//details/*[not(self::summary)]|.//*[@hidden]"
    + "|.//label[input[@type='checkbox'][not(@checked)]]"
    + "".join(f"|.//a[contains(concat(' ', @class, ' '), ' {name} ')]" for name in ("btn", "only", "pointer"))
)
_UNSEEN = "visually-hidden"
_LINES = frozenset(("p", "div", "li", "dd", "dt", "ul", "dl", "blockquote", "pre", "br"))
_FIGURES = frozenset(("text-end", "right", "figure", "n", "c-input", "c-computed", "c-known"))
_STYLES = {"section": RowStyle.SECTION, "group": RowStyle.GROUP, "total": RowStyle.TOTAL, "sum": RowStyle.TOTAL}
_NARROWEST, _WIDEST, _NUMBER_ROOM = 8, 46, 1.5  # characters of a column


@dataclass(frozen=True, slots=True)
class _Placed:
    """A cell of the page where its spans and those above put it."""

    of: Any
    row: int
    column: int
    columns: int


def find(page: str, name: str) -> Table | None:
    """The table of this name on a page; None where there is none.

    Heads stay merged as they are; a cell of the body that spans others stands in the first of them. What is there only
    to be pressed is left out, and a column of nothing else. A day that is all a cell says is one, unless it heads its
    row; so is a number in a cell or under a heading set as figures are (to the right), for elsewhere ``1.002`` is a
    code and ``10.0.0.1`` an address. What a cell means stands in its ``data-value`` (``1234.5``) where it shows words.
    """
    document: Any = html.document_fromstring(page)
    box = document.get_element_by_id(BOX + name, None)
    found = box.find(".//table") if box is not None else None
    return None if found is None else _table(found)


def _table(of: Any) -> Table:
    pressed = _without_what_is_pressed(of)
    headed = [row for row in of.xpath("./thead/tr") if row.xpath("./th")]
    numbered = [row for row in of.xpath("./thead/tr") if not row.xpath("./th")]
    head, numbers = _placed(headed), {one.column: _words(one.of) for one in _placed(numbered[:1])}
    rows, sums = of.xpath("./tbody/tr|./tr"), of.xpath("./tfoot/tr")
    body = _placed(rows)
    figures = {one.column + x for one in head if _is_figure(one.of) for x in range(one.columns)}
    lines = [
        *_lines(rows, body, figures),
        *(replace(one, style=RowStyle.TOTAL) for one in _lines(sums, _placed(sums), figures)),
    ]
    width = max((one.column + one.columns for one in (*head, *body)), default=0)
    empty = _pressed_columns(body, pressed)
    shown = [place for place in range(width) if place not in empty]
    cells = [tuple(line.cells[place] if place < len(line.cells) else EMPTY for place in shown) for line in lines]
    paths = _paths(head, shown)
    columns = tuple(
        TableColumn(path, numbers.get(place, ""), _width(path, [row[n] for row in cells]))
        for n, (place, path) in enumerate(zip(shown, paths, strict=True))
    )
    label = next((one.column for one in body if one.of.tag == "th"), 0)
    return Table(
        " ".join(_words(one) for one in of.xpath("./caption")),
        columns,
        tuple(replace(line, cells=row) for line, row in zip(lines, cells, strict=True)),
        labels=max(1, sum(place <= label for place in shown)),
        label_column=label,
    )


def _without_what_is_pressed(of: Any) -> frozenset[Any]:
    """Take out what is there to be pressed; the cells it stood in."""
    for one in of.iter("select"):
        chosen = one.xpath("string(.//option[@selected])")
        one.addprevious(html.fromstring("<span></span>"))
        one.getprevious().text = chosen
    found = of.xpath(_TO_BE_PRESSED)
    cells = frozenset(cell for one in found for cell in one.iterancestors("td"))
    for one in found:
        if one.getparent() is not None:
            one.drop_tree()
    return cells


def _placed(rows: Sequence[Any]) -> list[_Placed]:
    """The cells of neighbouring rows, each on its column."""
    found: list[_Placed] = []
    taken: set[tuple[int, int]] = set()
    for at, row in enumerate(rows):
        column = 0
        for cell in row.iterchildren("th", "td"):
            while (at, column) in taken:
                column += 1
            columns, down = int(cell.get("colspan", "1")), int(cell.get("rowspan", "1"))
            taken |= {(at + y, column + x) for y in range(down) for x in range(columns)}
            found.append(_Placed(cell, at, column, columns))
            column += columns
    return found


def _pressed_columns(body: Sequence[_Placed], pressed: frozenset[Any]) -> set[int]:
    """Those that hold buttons and the like, and nothing else."""
    columns = {one.column for one in body if one.of in pressed}
    return columns - {one.column for one in body if one.column in columns and _words(one.of)}


def _paths(head: Sequence[_Placed], shown: Sequence[int]) -> list[tuple[str, ...]]:
    """Each column's headings, outermost first; two neighbours that are headed alike are told apart."""
    paths: list[tuple[str, ...]] = []
    for place in shown:
        over = [one for one in head if one.column <= place < one.column + one.columns]
        path = tuple(_words(one.of) for one in sorted(over, key=lambda one: one.row)) or ("",)
        if paths and path == paths[-1]:
            path = (*path[:-1], f"{path[-1]} ({place + 1})")
        paths.append(path)
    return paths


def _lines(rows: Sequence[Any], placed: Sequence[_Placed], figures: Collection[int]) -> Iterator[TableRow]:
    by_row: dict[int, list[_Placed]] = {at: [] for at in range(len(rows))}
    for one in placed:
        by_row[one.row].append(one)
    for at, row in enumerate(rows):
        cells: list[Cell] = []
        for one in by_row[at]:
            cells += [EMPTY] * (one.column - len(cells))
            is_figure = one.column in figures or _is_figure(one.of)
            cells += [_cell(one.of, is_figure=is_figure), *[EMPTY] * (one.columns - 1)]
        style = next((_STYLES[name] for name in _classes(row) if name in _STYLES), RowStyle.DATA)
        yield TableRow(tuple(cells), style, max((_indent(one.of) for one in by_row[at]), default=0))


def _indent(cell: Any) -> int:
    return max((int(name[7:]) for name in _classes(cell) if re.fullmatch(r"indent-\d", name)), default=0)


def _classes(of: Any) -> list[str]:
    return str(of.get("class", "")).split()


def _is_figure(of: Any) -> bool:
    return not _FIGURES.isdisjoint(_classes(of))


def _cell(of: Any, *, is_figure: bool) -> Cell:
    text = _words(of)
    if (meant := of.get("data-value")) is not None:
        return _number(text, Decimal(meant))
    if of.tag == "th":
        return Cell(text)
    if is_figure and (written := _FIGURE.fullmatch(text)):
        value = Decimal(written[1].replace(".", "").replace(",", "."))
        if len(value.as_tuple().digits) <= _MOST_DIGITS:
            return _number(text, value, written[2] or "")
    day = _day(text)
    return Cell(text, day=day) if day else Cell(text)


def _number(text: str, value: Decimal, mark: str = "") -> Cell:
    exponent = value.as_tuple().exponent
    return Cell(text, value, max(0, -exponent) if isinstance(exponent, int) else 0, Align.RIGHT, mark)


def _day(text: str) -> date | None:
    """``05/02/2026``, ``17:00 ngày 05/02/2026``; None of what is no moment of a calendar (24:00)."""
    written = _DAY.fullmatch(text)
    if not written:
        return None
    hour, minute, *rest = written.groups()
    day, month, year = map(int, rest)
    try:
        return datetime(year, month, day, int(hour), int(minute)) if hour else date(year, month, day)  # noqa: DTZ001
    except ValueError:
        return None


def _words(of: Any) -> str:
    """What a cell says to who looks at it; where that is nothing, to who has it read out."""
    return _text(of, aloud=False) or _text(of, aloud=True)


def _text(of: Any, *, aloud: bool) -> str:
    lines = "".join(_pieces(of, aloud)).split("\n")
    return "\n".join(line for line in (" ".join(one.split()) for one in lines) if line)


def _pieces(of: Any, aloud: bool) -> Iterator[str]:
    yield _flat(of.text)
    for one in of:
        if one.tag in _LINES:
            yield "\n"
        if isinstance(one.tag, str) and (aloud or _UNSEEN not in _classes(one)):
            yield from _pieces(one, aloud)
        if one.tag in _LINES:
            yield "\n"
        yield _flat(one.tail)


def _flat(text: str | None) -> str:
    return (text or "").replace("\n", " ")


def _width(path: Sequence[str], cells: Sequence[Cell]) -> float:
    headed = max((len(word) for word in path[-1].split()), default=0)
    lines = [len(line) for one in cells if one.number is None for line in one.text.split("\n")]
    numbers = [len(one.text) + _NUMBER_ROOM for one in cells if one.number is not None]
    return min(max(_NARROWEST, headed + 2, *lines, *numbers), _WIDEST) if lines or numbers else _NARROWEST
