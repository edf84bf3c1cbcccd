"""The style sheet of a workbook: formats derived from others, fills told apart; nothing in it is changed or moved."""

from __future__ import annotations

from collections.abc import Collection
from copy import deepcopy

from lxml import etree

from ingest.limits import LIMITS
from ingest.mark.xml import Element, child, dumped, kind, like, parsed
from ingest.numbers import is_date_format, is_percent_format
from ingest.reader.styles import BUILTIN_FORMATS
from workbook_templates.styles import figure_format

EMPTY = (
    b'<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    b'<fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>'
    b'<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    b'</fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    b'<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    b'<cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs>'
    b'<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)
NO_FILL = '<fill><patternFill patternType="none"/></fill>'
_ORDER = ("numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs")
_LONGEST_FILL = 2_000  # characters; a gradient of ten colours has 700
_IN_FILLS = frozenset(("fill", "patternFill", "gradientFill", "fgColor", "bgColor", "stop", "color"))


class StyleSheet:
    """Formats by number; asking for one that exists gives its number, so that marking again adds nothing."""

    def __init__(self, data: bytes) -> None:
        self.root = parsed(data)
        self._lists = {name: self._list(name) for name in _ORDER if name != "numFmts"}
        self._known: dict[str, dict[bytes, int]] = {}

    def _list(self, name: str) -> Element:
        found = child(self.root, name)
        if found is None:
            blank = child(parsed(EMPTY), name)
            assert blank is not None
            found = _moved(blank, self.root)
            self.root.insert(self._place(name), found)
        return found

    def _place(self, name: str) -> int:
        before = _ORDER[: _ORDER.index(name)]
        return sum(kind(one) in before for one in self.root)

    @property
    def data(self) -> bytes:
        """The part."""
        return dumped(self.root)

    # --- what a format says

    def fill(self, number: int) -> str:
        """The fill of a format, as XML without namespaces."""
        return _bare(self._part("fills", self._format(number).get("fillId", "0")))

    def number_format(self, number: int) -> str:
        """The number format's code."""
        id_ = self._format(number).get("numFmtId", "0")
        codes = child(self.root, "numFmts")
        own = {one.get("numFmtId"): one.get("formatCode", "") for one in (codes if codes is not None else ())}
        return own.get(id_) or BUILTIN_FORMATS.get(int(id_) if id_.isdecimal() else 0, "General")

    def painted(self, colours: Collection[str]) -> set[int]:
        """The formats filled with one of these colours (``"F8A9A0"``)."""
        ours = {str(i) for i, one in enumerate(self._lists["fills"]) if _solid(one) in colours}
        return {i for i, one in enumerate(self._lists["cellXfs"]) if one.get("fillId") in ours}

    def _format(self, number: int) -> Element:
        formats = self._lists["cellXfs"]
        return formats[number] if 0 <= number < len(formats) else formats[0]

    def _part(self, name: str, index: str) -> Element:
        parts = self._lists[name]
        return parts[int(index) if index.isdecimal() and int(index) < len(parts) else 0]

    # --- formats made from it

    def with_fill(self, number: int, fill: str) -> int:
        """The format with another fill, given as XML without namespaces."""
        return self._derived(number, fillId=str(self.add("fills", fill)), applyFill="1")

    def showing_numbers(self, number: int, decimals: int) -> int:
        """The format, with another number format where its own shows text, a percentage or a day."""
        code = self.number_format(number)
        if code == "@" or is_percent_format(code) or is_date_format(code):
            shown = self._code(figure_format(decimals))
            return self._derived(number, numFmtId=shown, applyNumberFormat="1", quotePrefix=None)
        return self._derived(number, quotePrefix=None)

    def with_font(self, number: int, name: str) -> int:
        """The format in another typeface, of the same size, colour and weight."""
        font = deepcopy(self._part("fonts", self._format(number).get("fontId", "0")))
        for one in list(font):
            if kind(one) in ("scheme", "charset", "family"):
                font.remove(one)
            elif kind(one) == "name":
                one.set("val", name)
        return self._derived(number, fontId=str(self.add("fonts", _bare(font))), applyFont="1")

    def _derived(self, number: int, **changed: str | None) -> int:
        made = deepcopy(self._format(number))
        for name, value in changed.items():
            if value is None:
                made.attrib.pop(name, "")
            else:
                made.set(name, value)
        return self._kept("cellXfs", made)

    def _code(self, code: str) -> str:
        codes = child(self.root, "numFmts")
        if codes is None:
            codes = etree.Element(like(self.root, "numFmts"))
            self.root.insert(0, codes)
        for one in codes:
            if one.get("formatCode") == code:
                return one.get("numFmtId", "0")
        free = max([163, *(int(one.get("numFmtId", "0")) for one in codes if one.get("numFmtId", "").isdecimal())]) + 1
        etree.SubElement(codes, like(codes, "numFmt"), numFmtId=str(free), formatCode=code)
        codes.set("count", str(len(codes)))
        return str(free)

    def add(self, name: str, xml: str) -> int:
        """The number of a font, fill, border or format, given as XML without namespaces."""
        return self._kept(name, _moved(parsed(xml.encode()), self.root))

    def _kept(self, name: str, made: Element) -> int:
        parts = self._lists[name]
        known = self._known.setdefault(name, {})
        if not known:
            for i, one in enumerate(parts):
                known.setdefault(_key(one), i)
        number = known.get(_key(made))
        if number is not None:
            return number
        if name == "cellXfs" and len(parts) >= LIMITS.formats:
            return 0
        parts.append(made)
        parts.set("count", str(len(parts)))
        known[_key(made)] = len(parts) - 1
        return len(parts) - 1


def solid(colour: str) -> str:
    """A fill of one colour (``"F8A9A0"``)."""
    return f'<fill><patternFill patternType="solid"><fgColor rgb="FF{colour}"/></patternFill></fill>'


def _solid(fill: Element) -> str:
    """The colour of a fill of one colour; empty for any other."""
    pattern = child(fill, "patternFill")
    colour = child(pattern, "fgColor") if pattern is not None and pattern.get("patternType") == "solid" else None
    return colour.get("rgb", "")[-6:].upper() if colour is not None else ""


def trusted_fill(xml: str) -> str:
    """A fill that came back with a file, if it is one; else no fill."""
    if len(xml) > _LONGEST_FILL or "<!" in xml:
        return NO_FILL
    try:
        root = parsed(xml.encode())
    except (etree.XMLSyntaxError, ValueError):
        return NO_FILL
    return xml if root.tag == "fill" and all(one.tag in _IN_FILLS for one in root.iter()) else NO_FILL


def _key(element: Element) -> bytes:
    return etree.tostring(_bare_copy(element), method="c14n")


def _bare(element: Element) -> str:
    return etree.tostring(_bare_copy(element), encoding="unicode")


def _bare_copy(element: Element) -> Element:
    """The element and all in it without namespaces and comments."""
    made = etree.Element(kind(element))
    made.attrib.update({str(name): str(value) for name, value in element.attrib.items() if "{" not in str(name)})
    made.extend(_bare_copy(one) for one in element if kind(one))
    return made


def _moved(element: Element, root: Element) -> Element:
    """A copy of an element and all in it in the namespace of a part."""
    made = root.makeelement(like(root, kind(element)))
    made.attrib.update(element.attrib)
    made.extend(_moved(one, root) for one in element)
    return made
