"""A form's table as a page shows it: merged headings, figures written out, findings marked in their cells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field

from actions.cases import Situation
from registry.catalogue.forms import COMMUNE, CellSpec, View
from registry.catalogue.model import CellKind, Row, RowKind
from registry.catalogue.values import BLANK, CellKey, CellValue
from registry.catalogue.words import shown
from registry.findings import Finding
from registry.workflow.personal import Sight
from webui.standing import Badge, of_finding
from workbook_templates.grid import Grid, Heading, label_headings, place


@dataclass(frozen=True, slots=True)
class Mark:
    """A finding shown in its cell; ``place`` is its place in the verdict."""

    place: int
    badge: Badge


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure or note."""

    text: str
    kind: str  # input | words | computed | known | closed | note
    key: CellKey
    marks: tuple[Mark, ...] = ()
    before: str = ""  # what is seen in the file where it was understood otherwise
    corrected: str = ""  # what stood there before somebody corrected it on the page
    is_remarked: bool = False  # somebody wrote of it

    @property
    def id(self) -> str:
        """Of the cell, once on a page."""
        return cell_id(self.key)

    @property
    def code(self) -> str:
        """Of the cell, in a form or an address."""
        return code_of(self.key)


def code_of(key: CellKey) -> str:
    """A cell in a form or an address: ``NN14:c06``, ``DA:c14:3``."""
    return ":".join([key.row, key.column, *([] if key.line is None else [str(key.line)])])


def cell_id(key: CellKey) -> str:
    """Where a cell stands on a page: ``o-NN14-c06``, ``o-DA-c14-3``."""
    return "-".join(["o", key.row, key.column, *([] if key.line is None else [str(key.line)])])


@dataclass(frozen=True)
class Remarks:
    """What a page shows in cells beside their values."""

    marks: Mapping[CellKey, tuple[Mark, ...]] = field(default_factory=dict)
    before: Mapping[CellKey, str] = field(default_factory=dict)
    corrected: Mapping[CellKey, str] = field(default_factory=dict)
    said: Set[CellKey] = frozenset()

    def cell(self, key: CellKey, text: str, kind: str) -> Cell:
        """A cell with what is remarked of it."""
        before, corrected = self.before.get(key, ""), self.corrected.get(key, "")
        return Cell(text, kind, key, self.marks.get(key, ()), before, corrected, key in self.said)


NO_REMARKS = Remarks()


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the form."""

    row: Row
    measure: str
    cells: tuple[Cell, ...]

    @property
    def is_section(self) -> bool:
        """True for a heading inside the table."""
        return self.row.kind is RowKind.SECTION

    @property
    def is_total(self) -> bool:
        """True for a total."""
        return self.row.kind is RowKind.TOTAL


@dataclass(frozen=True, slots=True)
class HeadCell:
    """A heading with the rows and columns it spans."""

    text: str
    rows: int
    columns: int
    is_label: bool


@dataclass(frozen=True)
class Table:
    """The whole form."""

    head: tuple[tuple[HeadCell, ...], ...]
    numbers: tuple[str, ...]
    has_measure: bool
    unit_line: str
    lines: tuple[Line, ...]

    @property
    def width(self) -> int:
        """Number of columns, labels included."""
        return len(self.numbers)


_KINDS = {
    CellKind.INPUT: "input",
    CellKind.COMPUTED: "computed",
    CellKind.NOTE: "note",
    CellKind.CLOSED: "closed",
    CellKind.TEXT: "words",
    CellKind.CHOICE: "words",
    CellKind.DATE: "words",
    CellKind.UNIT: "words",
}


def table_of(situated: Situation, values: Mapping[CellKey, CellValue], remarks: Remarks = NO_REMARKS) -> Table:
    """The table of a situation with these values."""
    return table_of_view(situated.view, values, remarks)


def table_of_view(
    view: View, values: Mapping[CellKey, CellValue] | None = None, remarks: Remarks = NO_REMARKS
) -> Table:
    """The table of a view; without values, what the form looks like before anything is typed."""
    grid = place(view)
    labels = len(label_headings(view.form))
    return Table(
        head=head_of(grid),
        numbers=(*view.form.letters[:labels], *(column.number for column in view.columns)),
        has_measure=labels == 3,
        unit_line=view.form.unit_line,
        lines=tuple(_line(view, row, values or {}, remarks) for row, _ in view.rows),
    )


def head_of(grid: Grid) -> tuple[tuple[HeadCell, ...], ...]:
    """The merged headings of a table, a tuple for each row of them."""
    return tuple(_head(grid))


def _head(grid: Grid) -> Iterator[tuple[HeadCell, ...]]:
    for top in sorted({one.top for one in grid.headings}):
        row = sorted((one for one in grid.headings if one.top == top), key=lambda one: one.left)
        yield tuple(_heading(one, grid) for one in row)


def _heading(one: Heading, grid: Grid) -> HeadCell:
    is_label = one.left < grid.first_figure_column
    return HeadCell(one.text, one.bottom - one.top + 1, one.right - one.left + 1, is_label)


def _line(view: View, row: Row, values: Mapping[CellKey, CellValue], remarks: Remarks) -> Line:
    if row.kind is RowKind.SECTION:
        return Line(row, "", ())
    keys = [CellKey(row.code, column.code) for column in view.columns]
    cells = tuple(
        remarks.cell(key, shown(view, view.cells[key], values.get(key, BLANK)), kind_of(view.cells[key]))
        for key in keys
    )
    is_commune = view.row_set.audience == COMMUNE
    return Line(row, (row.commune_measure if is_commune else "") or row.measure, cells)


def kind_of(spec: CellSpec) -> str:
    """How a page shows a kind of cell."""
    return _KINDS.get(spec.kind, "known")


def marks_of(
    findings: Sequence[Finding], addresses: Mapping[CellKey, tuple[str, str]]
) -> Mapping[CellKey, tuple[Mark, ...]]:
    """What was found, by the cell it is about, the gravest first."""
    keys = {address: key for key, address in addresses.items()}
    marks: dict[CellKey, tuple[Mark, ...]] = {}
    for at, found in enumerate(findings):
        key = key_of(found, keys)
        if key is not None:
            marks[key] = (*marks.get(key, ()), Mark(at, of_finding(found)))
    return {
        key: tuple(sorted(several, key=lambda mark: _GRAVEST.index(mark.badge.tone))) for key, several in marks.items()
    }


def open_findings(
    findings: tuple[Finding, ...], addresses: Mapping[CellKey, tuple[str, str]], seen: Sight
) -> tuple[Finding, ...]:
    """The findings a reader may know of: none about a line whose personal data are hidden."""
    if seen.is_whole:
        return findings
    keys = {address: key for key, address in addresses.items()}
    return tuple(one for one in findings if (key := key_of(one, keys)) is None or not seen.hides_line(key))


_GRAVEST = ("bad", "wait", "info")  # tones of findings


def key_of(found: Finding, keys: Mapping[tuple[str, str], CellKey]) -> CellKey | None:
    """The cell a finding is about, if it is about one."""
    named = dict(found.values)
    if named.get("row_code") and named.get("column_code"):
        line = int(named["line"]) if "line" in named else None
        return CellKey(named["row_code"], named["column_code"], line)
    return keys.get((found.sheet or "", found.cell or ""))
