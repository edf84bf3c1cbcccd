"""What follows for a file without any code: asked, taken, or told which form is nearest and where it differs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ingest.layout import Difference, Layout
from ingest.model import Extraction
from ingest.unmarked import Candidate, Recognised, decide, layout_of, recognise
from registry.findings import Finding, Severity, fix, message
from registry.periods import parse
from tests.ingest import a_form
from tests.ingest.test_layout import HEAD, retyped
from workbook_templates.wording import head_lines

OWN = Candidate(11, "THU-01", "tháng 10 năm 2026", a_form.view(), HEAD)
LATER = replace(OWN, assignment_id=12, period="tháng 1 năm 2026", head=head_lines(a_form.EA_SUP, parse("202601")))
HERE = Layout()

DECISIONS = {
    "identity-no-token": ([OWN], [Difference(0.2, rows=("x",))]),
    "identity-confirm-layout": ([OWN, LATER], [HERE, Difference(0.9, other_period="x")]),
    "identity-several-layouts": ([OWN, LATER], [HERE, HERE]),
    "identity-other-layout": ([OWN, LATER], [Difference(0.4, ("Lúa",)), Difference(0.8, (), ("+ Ước quý",))]),
    "identity-other-head": ([OWN], [Difference(0.9, other_period="Tháng 9 năm 2026")]),
    "identity-other-unit": ([OWN], [Difference(0.9, other_unit=True)]),
}


@pytest.mark.parametrize("code", DECISIONS)
def test_the_table_of_decisions(code: str) -> None:
    candidates, found = DECISIONS[code]
    decision = decide(candidates, found, ())

    assert isinstance(decision, Finding)
    assert (decision.code, decision.severity) == (code, Severity.BLOCK)
    assert "{" not in message(decision) + fix(decision)


def test_a_unit_of_whom_nothing_is_asked_is_told_there_is_no_code() -> None:
    decision = decide([], [], ())

    assert isinstance(decision, Finding)
    assert decision.code == "identity-no-token"


def test_the_nearest_form_is_named_with_what_differs() -> None:
    decision = decide(*DECISIONS["identity-other-layout"], ())

    assert isinstance(decision, Finding)
    assert "tháng 1 năm 2026" in message(decision)
    assert "+ Ước quý" in message(decision)
    assert "Lúa" not in message(decision)


@pytest.mark.parametrize("found", [[HERE, Difference(0.9)], [HERE, HERE]])
def test_what_the_sender_confirms_is_taken(found: list[Layout | Difference]) -> None:
    assert decide([OWN, LATER], found, {11}) == Recognised(11, HERE)


def test_a_confirmation_of_a_form_it_is_not_is_worth_nothing() -> None:
    decision = decide([OWN, LATER], [Difference(0.9, ("x",)), HERE], {11})

    assert isinstance(decision, Finding)
    assert decision.code == "identity-confirm-layout"


def test_confirming_several_alike_at_once_still_leaves_them_several() -> None:
    decision = decide([OWN, LATER], [HERE, HERE], {11, 12})

    assert isinstance(decision, Finding)
    assert decision.code == "identity-several-layouts"


def test_the_head_tells_two_open_periods_apart() -> None:
    assert isinstance(recognise(retyped(), [OWN, LATER], {11}), Recognised)
    asked = recognise(retyped(), [OWN, LATER], ())
    assert isinstance(asked, Finding)
    assert dict(asked.values)["assignment"] == "11"
    assert layout_of(retyped(), LATER) is None


def test_labels_typed_in_an_old_font_are_known() -> None:
    (sheet,) = retyped().sheets
    cells = {
        at: cell._replace(raw="Thu ng©n s¸ch", font=".VnTime") if cell.raw == "Thu ngân sách" else cell
        for at, cell in sheet.cells.items()
    }

    found = recognise(Extraction((replace(sheet, cells=cells),)), [OWN], {11})

    assert isinstance(found, Recognised)
    assert parse(a_form.PERIOD).label == OWN.period
