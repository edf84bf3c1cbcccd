"""The sheet of results: everything found, with a link to each cell; and in a hidden column how cells looked before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ingest.a1 import column_letters
from ingest.mark.earlier import Place
from ingest.mark.known import LIST_MARK, say
from ingest.mark.styles import NO_FILL, StyleSheet, solid
from ingest.mark.xml import attribute, content
from registry.findings import Finding, Severity, fix, message
from workbook_templates.text_width import column_points, height, line_count

COLOURS = {  # of marked cells; no form of ours has them
    Severity.BLOCK: "F8A9A0",
    Severity.ERROR: "F8A9A0",
    Severity.WARNING: "FFC65C",
    Severity.NOTE: "B9DCF6",
}
_WIDTHS = (9, 5, 13, 13, 8, 26, 22, 16, 16, 50, 44)  # of columns A (hidden) to K
_FOUND = ("number", "severity", "sheet", "cell", "row", "column", "found", "expected", "message", "fix")
_CHANGED = ("number", "severity", "sheet", "cell", "row", "column", "before", "after")
_SIZE, _TITLE_SIZE = 11, 15
_INK = "1F2933"
_ALONE = 2  # cells of a row that is one line of text
_HIGHEST = 409  # points of a row
_FONT = '<font>{bold}<sz val="{size}"/><color rgb="FF{colour}"/><name val="Times New Roman"/><family val="1"/></font>'
_BORDER = (
    "<border>"
    + "".join(f'<{side} style="thin"><color rgb="FFBFBFBF"/></{side}>' for side in ("left", "right", "top", "bottom"))
    + "<diagonal/></border>"
)
_NO_BORDER = "<border><left/><right/><top/><bottom/><diagonal/></border>"


@dataclass(frozen=True, slots=True)
class Change:
    """A cell written anew in a tidied copy."""

    sheet: str
    cell: str
    row: str
    column: str
    before: str
    after: str


class _Cell(NamedTuple):
    text: str
    style: int
    link: str = ""  # place in the workbook
    tip: str = ""


class _Looks:
    """The formats of the sheet of results."""

    def __init__(self, styles: StyleSheet) -> None:
        self._styles = styles
        self.plain = self._format(border=False, wraps=False)
        self.title = self._format(size=_TITLE_SIZE, bold=True, border=False, wraps=False)
        self.section = self._format(bold=True, border=False, wraps=False)
        self.heading = self._format(bold=True, fill="E3E8EF")
        self.text = self._format()
        self.link = self._format(colour="0B5394", underline=True)
        self.of_severity = {one: self._format(fill=colour) for one, colour in COLOURS.items()}

    def _format(
        self,
        *,
        size: int = _SIZE,
        colour: str = _INK,
        bold: bool = False,
        underline: bool = False,
        border: bool = True,
        wraps: bool = True,
        fill: str = "",
    ) -> int:
        weight = ("<b/>" if bold else "") + ("<u/>" if underline else "")
        font = self._styles.add("fonts", _FONT.format(bold=weight, size=size, colour=colour))
        filled = self._styles.add("fills", solid(fill) if fill else NO_FILL)
        edge = self._styles.add("borders", _BORDER if border else _NO_BORDER)
        wrap = ' wrapText="1"' if wraps else ""
        return self._styles.add(
            "cellXfs",
            f'<xf numFmtId="0" fontId="{font}" fillId="{filled}" borderId="{edge}" xfId="0" applyFont="1" '
            f'applyFill="1" applyBorder="1" applyAlignment="1"><alignment vertical="top"{wrap}/></xf>',
        )


@dataclass(frozen=True)
class Results:
    """What the sheet says; ``fills`` are the fills marked cells had, as XML."""

    lines: Sequence[str]
    findings: Sequence[Finding]
    changes: Sequence[Change]
    fills: Mapping[Place, str]
    places: frozenset[str]  # sheets that can be linked to


def built(results: Results, styles: StyleSheet, namespace: str) -> bytes:
    """The part of the sheet."""
    looks = _Looks(styles)
    rows = list(_rows(results, looks))
    width = len(_WIDTHS)
    widths = enumerate(_WIDTHS, start=1)
    cols = "".join(f'<col min="{i}" max="{i}" width="{size}" customWidth="1"/>' for i, size in widths)
    cols = cols.replace("/>", ' hidden="1"/>', 1)
    data = "".join(_row(n, row) for n, row in enumerate(rows, start=1))
    links = "".join(
        f'<hyperlink ref="{column_letters(c)}{n}" location={attribute(cell.link)} tooltip={attribute(cell.tip)}/>'
        for n, row in enumerate(rows, start=1)
        for c, cell in enumerate(row, start=1)
        if cell.link
    )
    last = f"{column_letters(width)}{len(rows)}"
    head = next((n for n, row in reversed(list(enumerate(rows, start=1))) if _is_heading(row, looks)), 0)
    filtered = f'<autoFilter ref="B{head}:{last}"/>' if results.findings and head else ""
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<worksheet xmlns="{namespace}"><sheetPr><tabColor rgb="FFC0392B"/><pageSetUpPr fitToPage="1"/></sheetPr>'
        f'<dimension ref="A1:{last}"/><sheetViews><sheetView showGridLines="0" tabSelected="1" workbookViewId="0"/>'
        f'</sheetViews><sheetFormatPr defaultRowHeight="15"/><cols>{cols}</cols><sheetData>{data}</sheetData>'
        f"{filtered}{f'<hyperlinks>{links}</hyperlinks>' if links else ''}"
        '<pageMargins left="0.4" right="0.4" top="0.5" bottom="0.5" header="0.3" footer="0.3"/>'
        '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/></worksheet>'
    ).encode()


def _is_heading(row: Sequence[_Cell], looks: _Looks) -> bool:
    return len(row) > 2 and row[1].style == looks.heading


def _rows(results: Results, looks: _Looks) -> Iterator[list[_Cell]]:
    yield [_Cell(LIST_MARK, looks.plain), _Cell(say("list.title"), looks.title)]
    for line in (*results.lines, _counts(results.findings), *_explained(results)):
        yield [_Cell("", 0), _Cell(line, looks.plain)]
    if results.changes:
        yield []
        yield [_Cell("", 0), _Cell(say("list.changed"), looks.section)]
        yield [_Cell("", 0), _Cell(say("list.changed-lead"), looks.plain)]
        yield _headings(_CHANGED, looks)
        for n, change in enumerate(results.changes, start=1):
            yield [
                _Cell("", 0),
                _Cell(str(n), looks.text),
                _Cell(say("severity.changed"), looks.text),
                _Cell(change.sheet, looks.text),
                _linked(change.sheet, change.cell, results, looks),
                *(_Cell(one, looks.text) for one in (change.row, change.column, change.before, change.after)),
            ]
    if results.findings:
        yield []
        yield [_Cell("", 0), _Cell(say("list.found"), looks.section)]
        yield _headings(_FOUND, looks)
        told: set[Place] = set()
        for n, one in enumerate(results.findings, start=1):
            yield [_Cell(_looked(one, results, told), looks.plain), *_finding(n, one, results, looks)]


def _explained(results: Results) -> tuple[str, ...]:
    return (say("list.colours"), say("list.again")) if results.findings else ()


def _counts(findings: Sequence[Finding]) -> str:
    if not findings:
        return say("list.clean")
    graves = [one.severity for one in findings]
    errors = graves.count(Severity.BLOCK) + graves.count(Severity.ERROR)
    return say("list.counts", errors=errors, warnings=graves.count(Severity.WARNING), notes=graves.count(Severity.NOTE))


def _headings(names: Iterable[str], looks: _Looks) -> list[_Cell]:
    return [_Cell("", 0), *(_Cell(say(f"heading.{name}"), looks.heading) for name in names)]


def _finding(n: int, one: Finding, results: Results, looks: _Looks) -> Iterator[_Cell]:
    yield _Cell(str(n), looks.text)
    yield _Cell(say(f"severity.{one.severity}"), looks.of_severity[one.severity])
    yield _Cell(one.sheet or "", looks.text)
    yield _linked(one.sheet or "", one.cell or "", results, looks)
    for text in (one.row, one.column, one.found, one.expected, message(one), fix(one)):
        yield _Cell(text or "", looks.text)


def _linked(sheet: str, cell: str, results: Results, looks: _Looks) -> _Cell:
    if not cell or sheet not in results.places:
        return _Cell(cell, looks.text)
    return _Cell(cell, looks.link, location(sheet, cell), say("list.tip-there", cell=cell, sheet=sheet))


def location(sheet: str, cell: str) -> str:
    """A place as links name it: ``'Biểu 1'!B7``."""
    quoted = sheet.replace("'", "''")
    return f"'{quoted}'!{cell}"


def _looked(one: Finding, results: Results, told: set[Place]) -> str:
    """How the cell looked before it was marked, once for each cell."""
    place = (one.sheet or "", one.cell or "")
    if place not in results.fills or place in told:
        return ""
    told.add(place)
    return f"{place[1]}|{results.fills[place]}|{place[0]}"


def _row(n: int, row: Sequence[_Cell]) -> str:
    """A row as high as its longest text, which wraps where there are several cells beside each other."""
    cells = "".join(_written(f"{column_letters(c)}{n}", cell) for c, cell in enumerate(row, start=1))
    size = _TITLE_SIZE if n == 1 else _SIZE
    beside = zip(_WIDTHS[1:], row[1:], strict=False) if len(row) > _ALONE else ()
    lines = max((line_count(cell.text, column_points(width), size) for width, cell in beside), default=1)
    return f'<row r="{n}" ht="{min(height(lines, size), _HIGHEST)}" customHeight="1">{cells}</row>'


def _written(address: str, cell: _Cell) -> str:
    if not cell.text:
        return f'<c r="{address}" s="{cell.style}"/>' if cell.style else ""
    if cell.text.isascii() and cell.text.isdecimal() and len(cell.text) < 7 and address.startswith("B"):
        return f'<c r="{address}" s="{cell.style}"><v>{cell.text}</v></c>'
    text = content(cell.text)
    return f'<c r="{address}" s="{cell.style}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
