"""From an extraction to a verdict: anchored, understood, computed, checked (DESIGN: Ingest, The rules)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from itertools import repeat

from ingest.a1 import join, split
from ingest.anchor import Anchored, anchor
from ingest.cells import CellReading, place_of, unread
from ingest.layout import Layout
from ingest.limits import LIMITS
from ingest.lines import LinesRead, judge_lines, read_lists
from ingest.mistaken_days import day_findings
from ingest.model import CarrierState, Case, Extraction, Identity, Status, Verdict
from ingest.plausibility.judged import implausible
from ingest.retold import retold
from ingest.scale import scale_findings
from ingest.text import Place
from ingest.unicode import in_unicode
from registry.catalogue.forms import CellSpec, View
from registry.catalogue.model import RuleScope
from registry.catalogue.values import BLANK, CellKey, CellValue, State
from registry.findings import Finding, Severity, finding, is_blocking
from registry.rules.consequences import without_consequences
from registry.rules.evaluate import check, compute
from registry.rules.identity import ViewIdentity
from registry.rules.lookup import lookup
from workbook_templates.grid import Grid, place
from workbook_templates.list_grid import mark, place_lists

NOWHERE = Anchored("", {}, {})  # a form without a table of its own
WITHOUT_WORKBOOK = Identity(CarrierState.MISSING)  # of values typed in the browser, nil returns, packages
_NIL = CellValue(State.NIL)


def judge(extraction: Extraction, identity: Identity, case: Case, layout: Layout | None = None) -> Verdict:
    """The verdict on a workbook already matched with its case by ``identity.decide``.

    One that carries no code at all is judged only by the ``layout`` in which it matches its case whole.
    """
    refusing = [one for one in extraction.findings if one.severity is Severity.BLOCK]
    is_known = identity.state is CarrierState.VALID or (identity.state is CarrierState.MISSING and layout is not None)
    if not is_known and not refusing:
        refusing = [finding(_UNPROVED[identity.state])]
    if refusing:
        return Verdict(Status.REFUSED, identity, findings=(*extraction.findings, *_new(refusing, extraction)))
    grid = grid_of(case.context.view)
    read = in_unicode(extraction, None if layout else _codes(grid))
    extraction = read.extraction
    anchored = _anchored(extraction, grid, layout)
    lists = read_lists(extraction, case, layout.lists if layout else {})
    reading = CellReading(case.context, anchored, extraction.date1904)
    inputs, found = reading.inputs()
    values = compute(case.context, inputs)
    doubtful = _doubtful(case, values, anchored, (*anchored.findings, *found)) | case.waiting
    found = [
        *extraction.findings,
        *([finding("identity-without-token")] if layout else ()),
        *_identity_notes(identity, grid),
        *anchored.findings,
        *found,
        *reading.locked(values),
        *lists.findings,
        *_concluded(case, values, anchored, lists, doubtful, date1904=extraction.date1904),
    ]
    order = tuple(sheet.name for sheet in extraction.sheets)
    spots = zip(repeat(anchored.sheet), anchored.addresses.values())
    addresses = dict(zip(anchored.addresses, spots, strict=True)) | lists.addresses
    table = values | lists.values
    found += (finding("text-too-much", sheet=name, limit=LIMITS.accented_characters) for name in read.left)
    found += retold(read.changes, grid.view, table, addresses)
    found = [case.weighed(one) for one in found]
    return Verdict(_status(found), identity, table, addresses, tuple(_sorted(found, order)), extraction.reader)


def with_findings(verdict: Verdict, more: Iterable[Finding], extraction: Extraction) -> Verdict:
    """The verdict with what is found by looking beyond the file, unless that was refused."""
    found = (*verdict.findings, *more)
    if verdict.status is Status.REFUSED or len(found) == len(verdict.findings):
        return verdict
    order = tuple(sheet.name for sheet in extraction.sheets)
    return replace(verdict, status=_status(found), findings=tuple(_sorted(found, order)))


def grid_of(view: View) -> Grid:
    """The map of a view."""
    return _grid(ViewIdentity(view))


def _anchored(extraction: Extraction, grid: Grid, layout: Layout | None) -> Anchored:
    if not grid.cells:
        return NOWHERE
    if layout is None or layout.table is None:
        return anchor(extraction, grid)
    table = layout.table
    cells = next(sheet.cells for sheet in extraction.sheets if sheet.name == table.sheet)
    addresses = {key: join(table.rows[key.row], table.columns[key.column]) for key in grid.view.cells}
    return Anchored(table.sheet, {key: cells[at] for key, at in addresses.items() if at in cells}, addresses)


_UNPROVED = {
    CarrierState.MISSING: "identity-no-token",
    CarrierState.INVALID: "identity-tampered",
    CarrierState.MIXED: "identity-mixed",
    CarrierState.TRIAL: "identity-trial",
}


def judge_values(values: Mapping[CellKey, CellValue], case: Case, identity: Identity = WITHOUT_WORKBOOK) -> Verdict:
    """The verdict on figures that came without a workbook; addresses are those of the form's own grid."""
    grid = grid_of(case.context.view)
    anchored = Anchored(grid.sheet, {}, dict(grid.cells))
    table = compute(case.context, values)
    lists = judge_lines(values, case)
    concluded = _conclusions(case, table, anchored) if grid.cells else ()
    found = [case.weighed(one) for one in (*concluded, *lists.findings)]
    addresses = {key: (grid.sheet, address) for key, address in grid.cells.items()} | lists.addresses
    return Verdict(_status(found), identity, table | lists.values, addresses, tuple(_sorted(found, (grid.sheet,))))


@lru_cache(maxsize=64)
def _grid(identity: ViewIdentity) -> Grid:
    return place(identity.view)


def _codes(grid: Grid) -> frozenset[str]:
    """The hidden codes that stand in the sheets of a form."""
    lists = place_lists(grid.view)
    marks = (mark(one.table.code) for one in lists)
    return frozenset((*grid.rows, *grid.columns, *marks, *(code for one in lists for code in one.columns)))


def _new(refusing: Iterable[Finding], extraction: Extraction) -> Iterator[Finding]:
    return (one for one in refusing if one not in extraction.findings)


def _identity_notes(identity: Identity, grid: Grid) -> Iterator[Finding]:
    if identity.carriers and not {"sheet", "property"} & set(identity.carriers):
        yield finding("identity-copied-sheet")
    if identity.grid_hash is not None and identity.grid_hash != grid.hash:
        yield finding("anchor-older-layout", sheet=grid.sheet)


# --- the whole table ---


def _doubtful(
    case: Case, values: Mapping[CellKey, CellValue], anchored: Anchored, found: Iterable[Finding]
) -> frozenset[CellKey]:
    """Inputs found fault with already: not read, or of a row or column that is missing, moved or in doubt."""
    about = [dict(one.values) for one in found if one.severity is Severity.ERROR]
    rows = {one["row_code"] for one in about if "row_code" in one and "column_code" not in one}
    columns = {one["column_code"] for one in about if "column_code" in one and "row_code" not in one}
    return frozenset(
        key
        for key in case.context.view.inputs
        if key.row in rows or key.column in columns or unread(key, values, anchored)
    )


def _concluded(
    case: Case,
    values: Mapping[CellKey, CellValue],
    anchored: Anchored,
    lists: LinesRead,
    doubtful: frozenset[CellKey],
    *,
    date1904: bool,
) -> list[Finding]:
    """Of a form with lists: empty only where no line was written either."""
    if anchored.sheet:
        concluded = _conclusions(case, values, anchored, doubtful, date1904=date1904)
        return [one for one in concluded if not lists.values or one.code != _EMPTY]
    is_empty_list = bool(case.context.view.lists) and not (anchored.addresses or lists.values or lists.findings)
    return [finding(_EMPTY)] if is_empty_list else []


_EMPTY = "judge-empty-form"


def _conclusions(
    case: Case,
    values: Mapping[CellKey, CellValue],
    anchored: Anchored,
    doubtful: frozenset[CellKey] = frozenset(),
    *,
    date1904: bool = False,
) -> Iterator[Finding]:
    """What can only be said of the whole table: empty, lacking, against the rules; nothing of doubtful cells again."""
    if is_empty(case, values) and not any(unread(key, values, anchored) for key in case.context.view.asked):
        yield finding(_EMPTY, sheet=anchored.sheet)
        return
    yield from _missing(case, values, anchored, doubtful)
    sure = {key: value for key, value in values.items() if key not in doubtful} if doubtful else values
    place = _places(case, anchored)
    days = list(day_findings(case, sure, anchored, place, date1904=date1904))
    of_days = {found.cell for found in days}
    scales = [one for one in scale_findings(case.context, sure, place) if one.cell not in of_days]
    yield from (*days, *scales)
    rules = [rule for rule in case.rules if rule.scope == RuleScope.UNIT]
    broken = [_addressed(one, anchored) for one in check(case.context, rules, values, doubtful)]
    yield from without_consequences(case.context.view, broken)
    yield from implausible(case, sure, anchored, {found.cell for found in (*days, *scales, *broken) if found.cell})


def _places(case: Case, anchored: Anchored) -> Callable[[CellKey], Place]:
    rows = {row.code: row for row, _ in case.context.view.rows}
    columns = {column.code: column for column in case.context.view.columns}
    return lambda key: place_of(anchored, key, rows[key.row], columns[key.column])


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


def _missing(
    case: Case, values: Mapping[CellKey, CellValue], anchored: Anchored, doubtful: frozenset[CellKey]
) -> Iterator[Finding]:
    view = case.context.view
    rows = {row.code: row for row, _ in view.rows}
    place = _places(case, anchored)
    found = (key for key in view.inputs if key in anchored.addresses)  # of others their row or column is told missing
    blank = [key for key in found if _is_blank(key, values) and key not in doubtful]
    optional = [key for key in blank if not rows[key.row].required]
    for key in blank:
        if rows[key.row].required:
            yield place(key).finding("judge-required-cell")
    if optional:
        yield finding("judge-blank-cells", sheet=anchored.sheet, found=str(len(optional)), total=len(view.inputs))


def _is_blank(key: CellKey, values: Mapping[CellKey, CellValue]) -> bool:
    return values.get(key, BLANK).state is State.BLANK


def _addressed(found: Finding, anchored: Anchored) -> Finding:
    """A rule's finding with the sheet and A1 of the cell it names."""
    values = dict(found.values)
    address = anchored.addresses.get(CellKey(values.get("row_code", ""), values.get("column_code", "")))
    return replace(found, sheet=anchored.sheet, cell=found.cell or address)


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
