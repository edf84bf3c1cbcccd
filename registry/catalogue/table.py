"""One sheet's cells against its description: headers found, every value understood, everything wrong named."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from registry.catalogue.codec import BadValue, Raw, clean, nearest, text_of
from registry.catalogue.places import Key, Places, Spot
from registry.catalogue.sheets import Field, Sheet
from registry.findings import Finding, finding

Fold = Callable[[str], str]
Rows = Sequence[Sequence[Raw]]


@dataclass(frozen=True)
class Table:
    """The cells of one sheet as they stand, from A1 on; ``title`` is what the file calls it."""

    title: str
    rows: Rows


@dataclass(frozen=True, slots=True)
class Entry:
    """One understood row: values by attribute (the owner's too)."""

    values: dict[str, Any]
    spot: Spot


@dataclass
class Reader:
    """Reads sheets one after another, gathering findings and places."""

    fold: Fold
    places: Places = field(default_factory=Places)
    findings: list[Finding] = field(default_factory=list)

    def read(self, sheet: Sheet, table: Table, workbook: str, scope: Key = ()) -> list[Entry]:
        """The entries of a sheet in their order; ``scope`` begins the keys of places (a form's code)."""
        lines = _Lines(table.rows, sheet.vertical)
        head = lines.first()
        if head is None:
            self.findings.append(finding("catalogue-sheet-empty", workbook=workbook, sheet=table.title))
            return []
        wanted = self._headers(sheet, lines, head, workbook, table.title)
        entries: list[Entry] = []
        seen: dict[Key, Spot] = {}
        for number in lines.after(head):
            entry = self._entry(sheet, lines, number, wanted, Spot(workbook, table.title, lines.cells(number, wanted)))
            faulty = entry.values.pop("")
            key = key_of(sheet, entry.values)
            if key or not faulty:
                self.places.note(sheet.stem, (*scope, *(key or (str(len(entries)),))), entry.spot)
            if key and key in seen:
                self._duplicate(sheet, entry, seen[key])
            elif not faulty:
                entries.append(entry)
            seen.setdefault(key, entry.spot)
        return entries

    def _headers(
        self, sheet: Sheet, lines: _Lines, head: int, workbook: str, title: str
    ) -> dict[int, tuple[Field, str]]:
        """Positions of known columns, each with its field and, for a spread field, the set it names."""
        found: dict[int, tuple[Field, str]] = {}
        for position, text in lines.texts(head):
            matched = self._match(sheet, text)
            where = {"workbook": workbook, "sheet": title, "cell": lines.a1(head, position), "found": text}
            if matched is None:
                near = nearest(text, [one.header for one in sheet.fields])
                self.findings.append(finding("catalogue-column-unknown", **where, expected=near or _names(sheet)))
            elif matched in found.values():
                self.findings.append(finding("catalogue-column-twice", **where))
            else:
                found[position] = matched
        present = {one.name for one, _ in found.values()}
        for one in sheet.fields:
            if one.required and one.name not in present:
                self.findings.append(
                    finding("catalogue-column-missing", workbook=workbook, sheet=title, expected=one.header)
                )
        return found

    def _match(self, sheet: Sheet, text: str) -> tuple[Field, str] | None:
        for one in sheet.fields:
            if text == one.header:
                return one, ""
            if one.spread and text.startswith(one.header):
                return one, text.removeprefix(one.header).strip()
        folded = self.fold(text)
        for one in sheet.fields:
            if folded == self.fold(one.header):
                return one, ""
        return None

    def _entry(
        self, sheet: Sheet, lines: _Lines, number: int, wanted: dict[int, tuple[Field, str]], spot: Spot
    ) -> Entry:
        """Values of one row; under the key ``""`` stands whether it has a fault."""
        values: dict[str, Any] = {one.name: one.blank for one in sheet.fields}
        missing = {one.name for one in sheet.fields if one.required} - {one.name for one, _ in wanted.values()}
        values[""] = bool(missing)
        spread: set[tuple[str, str]] = set()
        for position, (one, subset) in wanted.items():
            text = text_of(lines.at(number, position), one.codec.numeric)
            cell = lines.a1(number, position)
            if one.spread:
                spread.update((subset, value) for value in one.codec.parse(text))
            elif text:
                values[one.name] = self._value(one, text, spot, cell, values)
            elif one.required:
                values[""] = True
                self.findings.append(
                    finding(
                        "catalogue-value-missing",
                        workbook=spot.workbook,
                        sheet=spot.sheet,
                        cell=cell,
                        column=one.header,
                    )
                )
        if sheet.spread:
            values[sheet.spread.name] = tuple(sorted(spread))
        return Entry(values, spot)

    def _value(self, one: Field, text: str, spot: Spot, cell: str, values: dict[str, Any]) -> Any:
        try:
            return one.codec.parse(text)
        except BadValue as bad:
            values[""] = True
            expected = bad.near or bad.expected
            where = {"workbook": spot.workbook, "sheet": spot.sheet, "cell": cell, "column": one.header}
            self.findings.append(finding("catalogue-value-bad", **where, found=text, expected=expected))
            return one.blank

    def _duplicate(self, sheet: Sheet, entry: Entry, first: Spot) -> None:
        named = " ".join(text_of(_plain(entry.values.get(name))) for name in sheet.key)
        self.findings.append(
            finding(
                "catalogue-duplicate",
                workbook=entry.spot.workbook,
                sheet=entry.spot.sheet,
                cell=entry.spot.cell(sheet.key[0]),
                found=named,
                first=first.cell(sheet.key[0]),
            )
        )


def record(sheet: Sheet, values: dict[str, Any], **more: Any) -> Any:
    """The dataclass of an entry, without the owner and with what other sheets contribute."""
    own = {name: value for name, value in values.items() if name != sheet.owner}
    return sheet.record(**own, **more)


def _names(sheet: Sheet) -> str:
    return ", ".join(one.header.strip() for one in sheet.fields)


def _plain(value: Any) -> Raw:
    return value if isinstance(value, Raw) else str(value)


def key_of(sheet: Sheet, values: Mapping[str, Any]) -> Key:
    """The key of a record as text, from its values by attribute; empty for sheets whose rows have none."""
    return tuple(text_of(_plain(values.get(name))) for name in sheet.key)


def key_of_record(sheet: Sheet, one: Any, owner: str = "") -> Key:
    """The key under which ``Places`` knows a record."""
    return key_of(sheet, {name: owner if name == sheet.owner else getattr(one, name) for name in sheet.key})


class _Lines:
    """A grid read line by line; a vertical sheet's lines are its columns."""

    def __init__(self, rows: Rows, vertical: bool) -> None:
        self._rows = rows
        self._vertical = vertical
        width = max((len(row) for row in rows), default=0)
        self._size = (width, len(rows)) if vertical else (len(rows), width)

    def at(self, line: int, position: int) -> Raw:
        row, column = (position, line) if self._vertical else (line, position)
        cells = self._rows[row]
        return cells[column] if column < len(cells) else None

    def a1(self, line: int, position: int) -> str:
        row, column = (position, line) if self._vertical else (line, position)
        return f"{letters(column)}{row + 1}"

    def texts(self, line: int) -> Iterator[tuple[int, str]]:
        for position in range(self._size[1]):
            if text := text_of(self.at(line, position)):
                yield position, text

    def cells(self, line: int, wanted: dict[int, tuple[Field, str]]) -> dict[str, str]:
        return {one.name: self.a1(line, position) for position, (one, _) in wanted.items()}

    def first(self) -> int | None:
        return next((line for line in range(self._size[0]) if any(self.texts(line))), None)

    def after(self, head: int) -> Iterator[int]:
        return (line for line in range(head + 1, self._size[0]) if any(self.texts(line)))


def letters(column: int) -> str:
    """Column letters from a position counted from 0: 0 -> A, 26 -> AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def exact(text: str) -> str:
    """The plainest fold: for sources of our own whose headers are written as described."""
    return clean(text).casefold()
