"""From an extraction to a verdict: anchored, understood, computed, checked (DESIGN: Ingest, The rules)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from ingest.a1 import split
from ingest.anchor import Anchored, anchor
from ingest.model import CarrierState, Case, Extraction, Identity, RawCell, Status, Verdict
from ingest.numbers import FigureReader
from ingest.text import Place, clean, note_value, row_name
from registry.catalogue.forms import CellSpec
from registry.catalogue.model import CellKind, Column, Row
from registry.catalogue.values import BLANK, CellKey, CellValue, State
from registry.findings import Finding, Severity, finding, is_blocking
from registry.rules.evaluate import check, compute
from registry.rules.lookup import lookup
from registry.rules.program import ViewIdentity
from vietnamese.numbers import format_number, stored_number
from workbook_templates.grid import Grid, place

WITHOUT_WORKBOOK = Identity(CarrierState.MISSING)  # of values typed in the browser, nil returns, packages
OF_ONE_UNIT = "đơn vị"  # scope of the rules judged here; the others wait for the compile
_NIL = CellValue(State.NIL)
_SIGNS = {State.NIL: "-", State.NOT_AVAILABLE: "…", State.NOT_APPLICABLE: "x", State.BLANK: ""}
_CLOSED_SIGNS = ("x", "X", "×")


def judge(extraction: Extraction, identity: Identity, case: Case) -> Verdict:
    """The verdict on a workbook already matched with its case by ``identity.decide``."""
    refusing = [one for one in extraction.findings if one.severity is Severity.BLOCK]
    if identity.state is not CarrierState.VALID and not refusing:
        refusing = [finding(_UNPROVED[identity.state])]
    if refusing:
        return Verdict(Status.REFUSED, identity, findings=(*extraction.findings, *_new(refusing, extraction)))
    grid = _grid(ViewIdentity(case.context.view))
    anchored = anchor(extraction, grid)
    reading = _Reading(case, anchored, FigureReader(case.context.view, extraction.date1904))
    inputs, found = reading.inputs()
    values = compute(case.context, inputs)
    found = [
        *extraction.findings,
        *_identity_notes(identity, grid),
        *anchored.findings,
        *found,
        *reading.locked(values),
        *(_conclusions(case, values, anchored) if anchored.sheet else ()),
    ]
    order = tuple(sheet.name for sheet in extraction.sheets)
    addresses = {key: (anchored.sheet, address) for key, address in anchored.addresses.items()}
    return Verdict(_status(found), identity, values, addresses, tuple(_sorted(found, order)), extraction.reader)


_UNPROVED = {
    CarrierState.MISSING: "identity-no-token",
    CarrierState.INVALID: "identity-tampered",
    CarrierState.MIXED: "identity-mixed",
    CarrierState.TRIAL: "identity-trial",
}


def judge_values(values: Mapping[CellKey, CellValue], case: Case, identity: Identity = WITHOUT_WORKBOOK) -> Verdict:
    """The verdict on figures that came without a workbook; addresses are those of the form's own grid."""
    grid = _grid(ViewIdentity(case.context.view))
    anchored = Anchored(grid.sheet, {}, dict(grid.cells))
    table = compute(case.context, values)
    found = list(_conclusions(case, table, anchored))
    addresses = {key: (grid.sheet, address) for key, address in grid.cells.items()}
    return Verdict(_status(found), identity, table, addresses, tuple(_sorted(found, (grid.sheet,))))


def _grid(identity: ViewIdentity) -> Grid:
    return place(identity.view)


def _new(refusing: Iterable[Finding], extraction: Extraction) -> Iterator[Finding]:
    return (one for one in refusing if one not in extraction.findings)


def _identity_notes(identity: Identity, grid: Grid) -> Iterator[Finding]:
    if identity.carriers and not {"sheet", "property"} & set(identity.carriers):
        yield finding("identity-copied-sheet")
    if identity.grid_hash is not None and identity.grid_hash != grid.hash:
        yield finding("anchor-older-layout", sheet=grid.sheet)


# --- cells into values ---


class _Reading:
    """Turns the anchored cells of one case into values."""

    def __init__(self, case: Case, anchored: Anchored, figures: FigureReader) -> None:
        self.case, self.anchored, self.figures = case, anchored, figures
        self.view = case.context.view
        self.rows = {row.code: row for row, _ in self.view.rows}
        self.columns = {column.code: column for column in self.view.columns}

    def place(self, key: CellKey) -> Place:
        """Where a cell stands, in a person's words."""
        return _place(self.anchored, key, self.rows[key.row], self.columns[key.column])

    def inputs(self) -> tuple[dict[CellKey, CellValue], list[Finding]]:
        """Values of the typed cells, and everything found while reading them."""
        values: dict[CellKey, CellValue] = {}
        found: list[Finding] = []
        for key, spec in self.view.cells.items():
            cell = self.anchored.cells.get(key)
            if cell is None:
                continue
            if spec.kind is CellKind.INPUT:
                values[key], more = self.figures.read(cell, spec, self.place(key))
                found.extend(more)
            elif spec.kind is CellKind.NOTE:
                values[key], more = note_value(cell, self.place(key))
                found.extend(more)
            elif spec.kind is CellKind.CLOSED and cell.raw.strip() not in ("", "-", *_CLOSED_SIGNS):
                found.append(self.place(key).finding("anchor-closed-cell", found=cell.raw.strip()[:60]))
        return values, found

    def locked(self, values: Mapping[CellKey, CellValue]) -> Iterator[Finding]:
        """Cells nobody should type in that hold something else than what belongs there."""
        for key, cell in self.anchored.cells.items():
            spec = self.view.cells[key]
            if spec.kind in _LOCKED and (cell.formula is None or spec.kind is not CellKind.COMPUTED):
                expected = values[key]
                if not _agrees(cell, spec, expected):
                    shown = _shown(expected, spec)
                    yield self.place(key).finding(_LOCKED[spec.kind], found=_raw(cell, spec), expected=shown)


_LOCKED = {
    CellKind.COMPUTED: "anchor-formula-overwritten",
    CellKind.PREVIOUS: "anchor-locked-changed",
    CellKind.SAME_PERIOD: "anchor-locked-changed",
    CellKind.CUMULATIVE_SAME_PERIOD: "anchor-locked-changed",
    CellKind.PLAN: "anchor-locked-changed",
    CellKind.SHOWN: "anchor-locked-changed",
}


def _place(anchored: Anchored, key: CellKey, row: Row, column: Column) -> Place:
    heading = " – ".join(column.path)
    return Place(anchored.sheet or None, anchored.addresses.get(key), row_name(row), heading)


def _agrees(cell: RawCell, spec: CellSpec, expected: CellValue) -> bool:
    """Whether a locked cell shows what it should, at the decimals it shows."""
    if cell.kind == "n":
        number = stored_number(cell.raw)
        amount = expected.amount
        return (
            number is not None and amount is not None and format_number(number, spec.decimals) == _shown(expected, spec)
        )
    return cell.raw.strip() == _SIGNS.get(expected.state)


def _raw(cell: RawCell, spec: CellSpec) -> str:
    number = stored_number(cell.raw) if cell.kind == "n" else None
    return cell.raw.strip()[:60] if number is None else format_number(number, spec.decimals)


def _shown(value: CellValue, spec: CellSpec) -> str:
    if value.state in _SIGNS or value.amount is None:
        return _SIGNS.get(value.state, "")
    return format_number(value.amount, spec.decimals)


# --- the whole table ---


def _conclusions(case: Case, values: Mapping[CellKey, CellValue], anchored: Anchored) -> Iterator[Finding]:
    """What can only be said of the whole table: empty, lacking, against the rules."""
    if is_empty(case, values) and not any(_unread(key, values, anchored) for key in case.context.view.asked):
        yield finding("judge-empty-form", sheet=anchored.sheet)
        return
    yield from _missing(case, values, anchored)
    rules = [rule for rule in case.rules if rule.scope == OF_ONE_UNIT]
    for found in check(case.context, rules, values):
        yield _waived(_addressed(found, anchored), case.waived)


def is_empty(case: Case, values: Mapping[CellKey, CellValue]) -> bool:
    """True when nobody has entered anything: prefilled figures left as they were do not count as entered."""
    asked = case.context.view.asked
    if not asked:
        return False
    return not any(_is_entered(case, spec, values.get(key, BLANK)) for key, spec in asked.items())


def _is_entered(case: Case, spec: CellSpec, value: CellValue) -> bool:
    if value.state is State.BLANK:
        return False
    if not spec.prefill:
        return True
    return value.amount is None or value.amount != lookup(case.context, spec)[0]


def _missing(case: Case, values: Mapping[CellKey, CellValue], anchored: Anchored) -> Iterator[Finding]:
    view = case.context.view
    rows = {row.code: row for row, _ in view.rows}
    columns = {column.code: column for column in view.columns}
    blank = [key for key in view.inputs if _is_blank(key, values) and not _unread(key, values, anchored)]
    optional = [key for key in blank if not rows[key.row].required]
    for key in blank:
        if rows[key.row].required:
            yield _place(anchored, key, rows[key.row], columns[key.column]).finding("judge-required-cell")
    if optional:
        yield finding("judge-blank-cells", sheet=anchored.sheet, found=str(len(optional)), total=len(view.inputs))


def _is_blank(key: CellKey, values: Mapping[CellKey, CellValue]) -> bool:
    return values.get(key, BLANK).state is State.BLANK


def _unread(key: CellKey, values: Mapping[CellKey, CellValue], anchored: Anchored) -> bool:
    """True where something stands that could not be understood: not a figure, yet not left empty either."""
    cell = anchored.cells.get(key)
    return cell is not None and _is_blank(key, values) and bool(clean(cell.raw) or cell.formula)


def _addressed(found: Finding, anchored: Anchored) -> Finding:
    """A rule's finding with the sheet and A1 of the cell it names."""
    values = dict(found.values)
    address = anchored.addresses.get(CellKey(values.get("row_code", ""), values.get("column_code", "")))
    return replace(found, sheet=anchored.sheet, cell=found.cell or address)


def _waived(found: Finding, waived: frozenset[str]) -> Finding:
    """An error under a waiver in force no longer rejects; it stays visible as a warning."""
    if found.severity is Severity.ERROR and found.code.removeprefix("rule-") in waived:
        return replace(found, severity=Severity.WARNING, values=(*found.values, ("waived", "1")))
    return found


def _status(found: Iterable[Finding]) -> Status:
    found = list(found)
    if is_blocking(found):
        return Status.REJECTED
    if any(one.severity is Severity.WARNING for one in found):
        return Status.ACCEPTED_WITH_WARNINGS
    return Status.ACCEPTED


def _sorted(found: Iterable[Finding], sheets: tuple[str, ...]) -> list[Finding]:
    """By sheet, row and column as they stand in the file; what concerns the whole file first."""
    return sorted(found, key=lambda one: _position(one, sheets))


def _position(found: Finding, sheets: tuple[str, ...]) -> tuple[int, int, int]:
    sheet = sheets.index(found.sheet) if found.sheet in sheets else -1
    try:
        return (sheet, *split(found.cell or ""))
    except ValueError:
        return (sheet, 0, 0)
