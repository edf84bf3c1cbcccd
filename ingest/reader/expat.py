"""One worksheet in one expat pass: whatever XML it is written in, counted against the limits while it is read."""

from __future__ import annotations

import re
from collections.abc import Callable
from xml.parsers import expat

from ingest.container import Refused
from ingest.geometry import Attributes, SheetCount
from ingest.limits import LIMITS, Limits
from ingest.model import Look, RawCell, RawSheet
from ingest.reader.package import is_true, local
from ingest.reader.strings import SharedStrings, StringBuilder, Text, unescaped
from ingest.reader.styles import PLAIN, Style
from ingest.reader.workbook import SheetEntry

KINDS = {"n": "n", "s": "s", "str": "s", "inlineStr": "s", "b": "b", "e": "e", "d": "d"}


_QUOTED = re.compile(r""""[^"]*"|'[^']*'""")


def runs_program(formula: str) -> bool:
    """True for a formula that asks another program (DDE): ``cmd|'/c calc'!A0``."""
    return "|" in formula and "|" in _QUOTED.sub("", formula)


class SheetReader:
    """State of the pass: the cell at hand and the characters since the last element of interest."""

    def __init__(
        self, entry: SheetEntry, strings: SharedStrings, styles: dict[str, Style], limits: Limits = LIMITS
    ) -> None:
        self.entry, self.strings, self.styles = entry, strings, styles
        self.count = SheetCount(entry.part, limits)
        self.characters = 0  # taken from the shared strings
        self.cells: dict[str, RawCell] = {}
        self.hidden_rows: list[int] = []
        self.protected = False
        self.merges: list[str] = []
        self.hidden_columns: list[tuple[int, int]] = []
        self.bold: list[str] = []
        self.indents: dict[str, int] = {}
        self.blank_formats: dict[str, str] = {}
        self.choices: dict[str, tuple[str, ...]] = {}
        self._inline: StringBuilder | None = None  # the text of the cell at hand, where it has one of its own
        self._text: list[str] = []  # characters since the last element of interest
        self._list_of = ""  # the cells of the list validation at hand

    def parse(self, data: bytes) -> None:
        """Reads a part; cells without value and formula are left out. Raises Refused."""
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler, parser.EndElementHandler = self._handlers()
        parser.CharacterDataHandler = self._text.append
        parser.StartDoctypeDeclHandler = self._doctype
        try:
            parser.Parse(data, True)
        except (expat.ExpatError, ValueError):
            raise Refused("guard-broken-xml", part=self.entry.part) from None

    def sheet(self, notes: dict[str, RawCell]) -> RawSheet:
        """What was read, with what is noted beside it."""
        look = Look(tuple(self.merges), tuple(self.hidden_columns), tuple(self.bold), self.indents, self.blank_formats)
        hidden, entry = tuple(self.hidden_rows), self.entry
        return RawSheet(entry.name, self.cells, hidden, self.protected, entry.state, look, notes, self.choices)

    def note_look(self, address: str, style: str) -> None:
        """Notes what the way a cell is drawn says about it."""
        look = self.styles.get(style, PLAIN)
        if look.is_bold:
            self.bold.append(address)
        if look.indent:
            self.indents[address] = look.indent

    def _doctype(self, *_: object) -> None:
        raise Refused("guard-doctype", part=self.entry.part)

    def _handlers(self) -> tuple[Callable[[str, Attributes], None], Callable[[str], None]]:
        """What is done where an element begins and ends; its state is in variables, which are the quickest to reach."""
        count_cell, keep, text = self.count.cell, self._keep, self._text
        address, attributes = "", Attributes()
        value: str | None = None
        formula: str | None = None
        depth = 0

        def opens(tag: str, given: Attributes) -> None:
            nonlocal address, attributes, value, formula, depth
            depth += 1
            if tag == "c":
                address, attributes = count_cell(given), given
                value = formula = self._inline = None
            elif tag == "v" or tag == "f":
                text.clear()
            elif (kind := local(tag)) != tag and kind in _CELL:
                depth -= 1
                opens(kind, given)
            else:
                self._other_opens(kind, given, depth)

        def closes(tag: str) -> None:
            nonlocal value, formula, depth
            depth -= 1
            if tag == "v":
                value = "".join(text)
            elif tag == "c":
                keep(address, attributes, value, formula)
            elif tag == "f":
                formula = self._formula()
            elif (kind := local(tag)) != tag and kind in _CELL:
                depth += 1
                closes(kind)
            else:
                self._other_closes(kind)

        return opens, closes

    def _other_opens(self, kind: str, attributes: Attributes, depth: int) -> None:
        if kind in _ON_OPEN:
            _ON_OPEN[kind](self, attributes)
        elif depth > self.count.limits.depth:
            raise Refused("guard-too-deep", part=self.entry.part, limit=self.count.limits.depth)
        elif self._inline:
            self._text.clear()
            self._inline.opens(kind, attributes)

    def _other_closes(self, kind: str) -> None:
        if kind == "formula1":
            self._choices_close()
        elif self._inline:
            self._inline.add("".join(self._text))
            self._text.clear()
            self._inline.closes(kind)

    def _row_opens(self, attributes: Attributes) -> None:
        row = self.count.row(attributes)
        if is_true(attributes.get("hidden")):
            self.hidden_rows.append(row)

    def _merge(self, attributes: Attributes) -> None:
        self.merges.append(self.count.merge(attributes))

    def _column_width(self, attributes: Attributes) -> None:
        """Columns one after the other, as the format has them; what goes back to earlier ones is left out."""
        if is_true(attributes.get("hidden")):
            first, last = int(attributes.get("min", "0")), int(attributes.get("max", "0"))
            before = self.hidden_columns[-1][1] if self.hidden_columns else 0
            if before < first <= self.count.limits.columns:
                self.hidden_columns.append((first, last))

    def _protection(self, attributes: Attributes) -> None:
        self.protected = is_true(attributes.get("sheet"))

    def _validation(self, attributes: Attributes) -> None:
        self._list_of = attributes.get("sqref", "") if attributes.get("type") == "list" else ""

    def _choices_close(self) -> None:
        """A list written into the validation itself; one that lies in cells is read there."""
        listed = "".join(self._text).strip()
        if self._list_of and len(listed) > 1 and listed[0] == listed[-1] == '"':
            choices = (choice.strip() for choice in listed[1:-1].replace('""', '"').split(","))
            self.choices[self._list_of] = tuple(unescaped(choice) for choice in choices)

    def _forgets(self, _: Attributes) -> None:
        self._text.clear()

    def _inline_opens(self, _: Attributes) -> None:
        self._text.clear()
        self._inline = StringBuilder()

    def _formula(self) -> str:
        formula = "".join(self._text).strip()
        if runs_program(formula):
            raise Refused("guard-dde", part=self.entry.part)
        return formula

    def _keep(self, address: str, attributes: Attributes, value: str | None, formula: str | None) -> None:
        """A cell ends."""
        style = attributes.get("s", "0")
        code, font, bold, indent = self.styles.get(style, PLAIN)
        if value is None and formula is None and self._inline is None:
            if code != _GENERAL:
                self.blank_formats[address] = code
            return
        stated = attributes.get("t", "n")
        raw, runs = self._content(address, stated, value or "")
        if raw or formula is not None:
            if bold or indent:
                self.note_look(address, style)
            if runs:
                runs = tuple((text, own or font) for text, own in runs)
            kind = KINDS.get(stated, "n") if raw else ""
            self.cells[address] = _new(RawCell, (address, kind, raw, formula, code, runs, font))
        self._inline = None

    def _content(self, address: str, stated: str, value: str) -> tuple[str, tuple[tuple[str, str], ...]]:
        if self._inline is not None:
            return self._inline.done()
        if stated == "s":
            text = self.strings.plain.get(value)
            if text is None:
                return self._oddly_numbered(address, value.strip())
            self.characters += len(text)
            return text, self.strings.rich.get(value, ())
        return unescaped(value) if stated in ("str", "inlineStr") else value.strip(), ()

    def _oddly_numbered(self, address: str, digits: str) -> Text:
        """A shared string whose number is not written as programs do."""
        if not digits:
            return Text("")
        if digits.isascii() and digits.isdigit() and len(digits) < 8 and int(digits) < len(self.strings.texts):
            found = self.strings.texts[int(digits)]
            self.characters += len(found.text)
            return found
        raise Refused("reading-bad-string", sheet=self.entry.name, cell=address)


_GENERAL = PLAIN.number_format
_new = tuple.__new__  # a cell without the frame that RawCell takes for each
_CELL = frozenset({"c", "v", "f"})
_ON_OPEN: dict[str, Callable[[SheetReader, Attributes], object]] = {
    "row": SheetReader._row_opens,
    "is": SheetReader._inline_opens,
    "sheetData": lambda reader, attributes: reader.count.table(attributes),
    "sheetProtection": SheetReader._protection,
    "mergeCell": SheetReader._merge,
    "hyperlink": lambda reader, attributes: reader.count.link(attributes),
    "col": SheetReader._column_width,
    "dataValidation": SheetReader._validation,
    "formula1": SheetReader._forgets,
}
