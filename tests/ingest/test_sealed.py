"""Of figures returned for some cells all the others stay: what changed of them is found, what did not is not."""

from __future__ import annotations

from decimal import Decimal

from ingest import sealed
from ingest.judge import with_findings
from ingest.model import Status
from registry.catalogue.values import CellKey, CellValue, State
from registry.findings import Finding, fix, message
from tests.ingest import a_form
from tests.ingest.returned import Returned

AREA = a_form.key("AREA", "c06")
BOOK = Returned.filled()
VERDICT = BOOK.verdict()


def number(text: str) -> CellValue:
    return CellValue(State.VALUE, Decimal(text))


def found(changed: dict[CellKey, CellValue], opened: frozenset[CellKey] = frozenset()) -> list[Finding]:
    before, after = VERDICT.values | {AREA: number("10")}, VERDICT.values | {AREA: number("10")} | changed
    return list(sealed.findings(a_form.view(), 3, before, after, opened, VERDICT.addresses))


def test_a_sealed_cell_that_changed_is_named_with_what_it_was_and_is() -> None:
    [one] = found({AREA: number("12.5")})
    assert (one.code, one.found, one.expected) == ("sealed-changed", "12,5", "10,0")
    assert (one.sheet, one.cell) == VERDICT.addresses[AREA]
    assert "lần trình 3" in message(one)
    assert "10,0" in fix(one)


def test_one_that_was_returned_or_says_the_same_is_not() -> None:
    assert found({AREA: number("12.5")}, frozenset({AREA})) == []
    assert found({AREA: number("10.0")}) == []
    assert found({}) == []


def test_emptied_and_filled_cells_are_said_as_that() -> None:
    [one] = found({AREA: CellValue(State.BLANK)})
    assert (one.code, one.expected) == ("sealed-emptied", "10,0")
    assert found({AREA: CellValue(State.NIL)})[0].code == "sealed-changed"
    blank = VERDICT.values | {AREA: CellValue(State.BLANK)}
    [filled] = sealed.findings(a_form.view(), 1, blank, blank | {AREA: number("7")}, frozenset(), VERDICT.addresses)
    assert (filled.code, filled.found) == ("sealed-filled", "7,0")
    assert not list(sealed.findings(a_form.view(), 1, blank, blank, frozenset(), VERDICT.addresses))


def test_what_is_reckoned_from_a_returned_cell_may_change() -> None:
    computed = [key for key, spec in a_form.view().cells.items() if not spec.kind.is_typed]
    assert computed
    assert found(dict.fromkeys(computed, number("99"))) == []


def test_a_sealed_change_keeps_a_file_from_being_submitted() -> None:
    verdict = with_findings(VERDICT, found({AREA: number("12.5")}), BOOK.extraction)
    assert verdict.status is Status.REJECTED
