"""A workbook marked: cells coloured and commented, a sheet of results put first, earlier marks replaced."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar
from xml.parsers.expat import ExpatError

from lxml import etree

from ingest.a1 import join, split
from ingest.container import Container, Refused
from ingest.guard import Gate, open_office_file
from ingest.kind import Kind
from ingest.mark.book import SHEET_TYPE, Book, Listed
from ingest.mark.earlier import Place, earlier
from ingest.mark.job import Conversion, Job
from ingest.mark.known import NOTE_BEGINS, say
from ingest.mark.notes import Notes
from ingest.mark.package import Package
from ingest.mark.result_sheet import COLOURS, Change, Results, built, location
from ingest.mark.sheet import LAST_COLUMN, Sheet
from ingest.mark.styles import EMPTY, StyleSheet, solid
from ingest.mark.xml import content
from ingest.reader.package import workbook_part
from registry.findings import Finding, Severity, fix, message

STYLES_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
_GRAVEST = list(Severity)
_TOP = "B1"  # of the sheet of results
_LAST_ROW = 1_048_576
_Placed = TypeVar("_Placed", Finding, Conversion)


class Unmarkable(Exception):
    """The file is refused, or its parts are not what they should be."""


def marked(data: bytes, job: Job) -> bytes:
    """The workbook with everything found shown in it, and with conversions written.

    A marked workbook is marked anew: colours, comments and sheet of the earlier marking are gone. Raises Unmarkable.
    """
    try:
        gate = Gate(open_office_file(data, Kind.WORKBOOK))
        gate.look_at_all()
        gate.count_sheets()
        return _Marking(gate.container, job).done()
    except (Refused, ExpatError, etree.LxmlError, ValueError, LookupError, AssertionError) as fault:
        raise Unmarkable(str(fault)) from fault


class _Marking:
    """One workbook at hand."""

    def __init__(self, container: Container, job: Job) -> None:
        self.job = job
        self.package = Package(container)
        self.book = Book(self.package, workbook_part(container))
        self.styles_part = self.book.target("styles")
        has_styles = self.styles_part in self.package
        self.styles = StyleSheet(self.package.read(self.styles_part) if has_styles else EMPTY)
        self.earlier = earlier(self.package, self.book)
        self.painted = self.styles.painted(frozenset(COLOURS.values()))
        self.fills: dict[Place, str] = {}
        self.changes: list[Change] = []
        self.settled: set[tuple[str, str, str]] = set()  # sheet, cell, code

    def done(self) -> bytes:
        """The bytes of the marked workbook."""
        if self.earlier.sheet:
            self.book.remove(self.earlier.sheet)
        sheets = self.book.sheets
        name = _free_name({one.name.casefold() for one in sheets})
        found, asked = _by_sheet(self.job.findings), _by_sheet(self.job.conversions)
        for one in sheets:
            self._sheet(one, found.get(one.name, {}), asked.get(one.name, {}), name)
        self._put_first(name, frozenset(one.name for one in sheets))
        self._save_styles()
        self.book.save()
        return self.package.packed()

    # --- one sheet

    def _sheet(
        self, one: Listed, found: Mapping[str, list[Finding]], asked: Mapping[str, list[Conversion]], results: str
    ) -> None:
        notes = Notes(self.package, one.part, NOTE_BEGINS, say("note.author"))
        is_ours = notes.has_ours() or bool(self.earlier.sheet and self.painted)
        data = self.package.read(one.part)
        if not (found or asked or is_ours or b"tabSelected" in data or b"\0" in data[:4]):
            return
        sheet = Sheet(data, {*found, *asked}, self.painted if is_ours else frozenset())
        styles = {
            address: self.styles.with_fill(sheet.style(address), self.earlier.fill((one.name, address)))
            for address in sheet.painted
        }
        contents = self._convert(one.name, sheet, asked, styles)
        texts = {}
        for address, here in found.items():
            left = [each for each in here if (one.name, address, each.code) not in self.settled]
            if left:
                texts[address] = _note(left)
                self._colour(sheet, (one.name, address), left, styles)
        sheet.write(styles, contents)
        sheet.unselect()
        former = location(self.earlier.sheet, _TOP)
        sheet.relink(former, location(results, _TOP) if texts else "", say("list.tip-back"))
        if texts or notes.has_ours():
            notes.write(sheet, texts)
        if sheet.is_edited:
            self.package.write(one.part, sheet.edited())

    def _colour(self, sheet: Sheet, place: Place, found: Sequence[Finding], styles: dict[str, int]) -> None:
        before = styles.get(place[1], sheet.style(place[1]))
        gravest = min((one.severity for one in found), key=_GRAVEST.index)
        self.fills[place] = self.styles.fill(before)
        styles[place[1]] = self.styles.with_fill(before, solid(COLOURS[gravest]))

    # --- cells written anew

    def _convert(
        self, name: str, sheet: Sheet, asked: Mapping[str, list[Conversion]], styles: dict[str, int]
    ) -> dict[str, bytes]:
        """What converted cells will hold; those with a formula, or gone, are left alone."""
        contents: dict[str, bytes] = {}
        for address, (one, *_) in asked.items():
            if not sheet.has(address) or sheet.has_formula(address):
                continue
            before = styles.get(address, sheet.style(address))
            if one.number is not None:
                styles[address] = self.styles.showing_numbers(before, one.decimals)
                contents[address] = sheet.number(one.number, content(one.formula))
            else:
                styles[address] = self.styles.with_font(before, one.font) if one.font else before
                contents[address] = sheet.text(content(one.text or ""))
            self.changes.append(Change(name, address, one.row, one.column, one.before, one.after))
            self.settled |= {(name, address, code) for code in one.codes}
        return contents

    # --- parts of the whole

    def _put_first(self, name: str, sheets: frozenset[str]) -> None:
        left = [one for one in self.job.findings if (one.sheet, one.cell, one.code) not in self.settled]
        left.sort(key=lambda one: _GRAVEST.index(one.severity))
        results = Results(self.job.lines, left, self.changes, self.fills, sheets)
        part = self.package.free("xl/worksheets/sheet{}.xml")
        self.package.write(part, built(results, self.styles, self.book.namespace))
        self.package.typed(part, SHEET_TYPE)
        self.book.put_first(name, part)

    def _save_styles(self) -> None:
        part = self.styles_part
        if not part:
            part = self.package.free("xl/styles{}.xml")
            self.book.relate("styles", part)
        if part not in self.package:
            self.package.typed(part, STYLES_TYPE)
        self.package.write(part, self.styles.data)


def _by_sheet(items: Iterable[_Placed]) -> dict[str, dict[str, list[_Placed]]]:
    """What concerns a cell, by sheet and A1."""
    found: dict[str, dict[str, list[_Placed]]] = defaultdict(lambda: defaultdict(list))
    for one in items:
        if one.sheet and one.cell and _is_cell(one.cell):
            found[one.sheet][one.cell].append(one)
    return found


def _is_cell(address: str) -> bool:
    try:
        row, column = split(address)
    except ValueError:
        return False
    return join(row, column) == address and row <= _LAST_ROW and column <= LAST_COLUMN


def _free_name(taken: set[str]) -> str:
    """What the sheet of results is called where the clerk has one of that name."""
    name, n = say("list.sheet"), 1
    while name.casefold() in taken:
        n += 1
        name = f"{say('list.sheet')} ({n})"
    return name


def _note(found: Sequence[Finding]) -> str:
    """What a cell's comment says."""
    said = (
        say("note.finding", severity=say(f"severity.{one.severity}"), message=message(one), fix=fix(one))
        for one in found
    )
    return "\n\n".join(dict.fromkeys(said))
