"""The cells of one worksheet, in one expat pass."""

from __future__ import annotations

from xml.parsers import expat

from ingest.a1 import join, split
from ingest.container import Refused
from ingest.model import Look, RawCell, RawSheet
from ingest.reader.package import Attributes, is_true, local
from ingest.reader.strings import StringBuilder, Text, unescaped
from ingest.reader.styles import PLAIN, Style
from ingest.reader.workbook import SheetEntry

_KINDS = {"n": "n", "s": "s", "str": "s", "inlineStr": "s", "b": "b", "e": "e", "d": "d"}


def read_sheet(data: bytes, entry: SheetEntry, strings: list[Text], styles: dict[str, Style]) -> RawSheet:
    """One worksheet; cells without value and formula are left out. Raises Refused."""
    reader = _SheetReader(entry.name, strings, styles)
    try:
        reader.parser.Parse(data, True)
    except (expat.ExpatError, ValueError):
        raise Refused("guard-broken-xml", part=entry.part) from None
    return RawSheet(entry.name, reader.cells, tuple(reader.hidden_rows), reader.protected, entry.state, reader.look())


class _SheetReader:
    """State of the pass: the cell at hand and the characters since the last element of interest."""

    def __init__(self, sheet: str, strings: list[Text], styles: dict[str, Style]) -> None:
        self.sheet, self.strings, self.styles = sheet, strings, styles
        self.cells: dict[str, RawCell] = {}
        self.hidden_rows: list[int] = []
        self.protected = False
        self._merges: list[str] = []
        self._hidden_columns: list[tuple[int, int]] = []
        self._bold: list[str] = []
        self._indents: dict[str, int] = {}
        self._blank_formats: dict[str, str] = {}
        self._row = 0
        self._address = ""  # of the cell at hand, or of the last one in this row
        self._attributes: Attributes = {}
        self._value: str | None = None
        self._formula: str | None = None
        self._inline: StringBuilder | None = None
        self._characters: list[str] = []
        self._on_open = {
            "c": self._cell_opens,
            "v": self._forgets,
            "f": self._forgets,
            "row": self._row_opens,
            "is": self._inline_opens,
            "sheetProtection": self._protection,
            "mergeCell": self._merge,
            "col": self._column_width,
        }
        self._on_close = {"c": self._cell_closes, "v": self._value_closes, "f": self._formula_closes}
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._opens
        self.parser.EndElementHandler = self._closes
        self.parser.CharacterDataHandler = self._characters.append

    def _opens(self, tag: str, attributes: Attributes) -> None:
        on = self._on_open.get(tag) or self._on_open.get(local(tag))
        if on:
            on(attributes)
        elif self._inline:
            self._characters.clear()
            self._inline.opens(local(tag), attributes)

    def _closes(self, tag: str) -> None:
        on = self._on_close.get(tag) or self._on_close.get(local(tag))
        if on:
            on()
        elif self._inline:
            self._inline.add("".join(self._characters))
            self._characters.clear()
            self._inline.closes(local(tag))

    def _row_opens(self, attributes: Attributes) -> None:
        given = attributes.get("r")
        self._row = int(given) if given else self._row + 1
        self._address = ""
        if is_true(attributes.get("hidden")):
            self.hidden_rows.append(self._row)

    def look(self) -> Look:
        """How the sheet is drawn."""
        return Look(
            tuple(self._merges), tuple(self._hidden_columns), tuple(self._bold), self._indents, self._blank_formats
        )

    def _merge(self, attributes: Attributes) -> None:
        self._merges.append(attributes.get("ref", ""))

    def _column_width(self, attributes: Attributes) -> None:
        if is_true(attributes.get("hidden")):
            self._hidden_columns.append((int(attributes.get("min", "0")), int(attributes.get("max", "0"))))

    def _protection(self, attributes: Attributes) -> None:
        self.protected = is_true(attributes.get("sheet"))

    def _cell_opens(self, attributes: Attributes) -> None:
        self._attributes = attributes
        self._value = self._formula = self._inline = None
        self._address = attributes.get("r") or self._next_address()

    def _next_address(self) -> str:
        return join(self._row, split(self._address)[1] + 1 if self._address else 1)

    def _forgets(self, _: Attributes) -> None:
        self._characters.clear()

    def _inline_opens(self, _: Attributes) -> None:
        self._characters.clear()
        self._inline = StringBuilder()

    def _value_closes(self) -> None:
        self._value = "".join(self._characters)

    def _formula_closes(self) -> None:
        self._formula = "".join(self._characters).strip()

    def _cell_closes(self) -> None:
        attributes, address, formula = self._attributes, self._address, self._formula
        code, font, bold, indent = self.styles.get(attributes.get("s", "0"), PLAIN)
        if self._value is None and formula is None and self._inline is None:
            if code != PLAIN.number_format:
                self._blank_formats[address] = code
            return
        stated = attributes.get("t", "n")
        raw, runs = self._content(stated)
        if raw or formula is not None:
            if bold:
                self._bold.append(address)
            if indent:
                self._indents[address] = indent
            if runs:
                runs = tuple((text, own or font) for text, own in runs)
            kind = _KINDS.get(stated, "n") if raw else ""
            self.cells[address] = RawCell(address, kind, raw, formula, code, runs, font)
        self._inline = None

    def _content(self, stated: str) -> Text:
        if self._inline is not None:
            return self._inline.done()
        value = self._value or ""
        if stated == "s":
            return self._shared(value.strip())
        return Text(unescaped(value) if stated in ("str", "inlineStr") else value.strip())

    def _shared(self, digits: str) -> Text:
        if not digits:
            return Text("")
        if digits.isascii() and digits.isdigit() and int(digits) < len(self.strings):
            return self.strings[int(digits)]
        raise Refused("reading-bad-string", sheet=self.sheet, cell=self._address)
