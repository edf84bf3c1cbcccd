"""Whose workbook it is: carriers that agree, disagree, are forged or lost; and what the session may do with it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ingest.identity import Expected, decide, identify, identify_carriers
from ingest.model import CarrierState, Identity
from ingest.peek import Carriers, carriers_of, peek
from registry.findings import Finding, Severity, fix, message
from tests.ingest import a_form, crafted
from tests.ingest.returned import template

TOKEN = a_form.token_text()
OWN = Expected("24211", 2025, "THU", "THU-01", 1, "202610", True, 11)
OTHERS = (
    replace(OWN, unit="24214", assignment_id=12),
    replace(OWN, form="KTXH-01", assignment_id=13),
    replace(OWN, period="202611", assignment_id=14),
)


def identity(**changes: object) -> Identity:
    return replace(identify_carriers(Carriers(cells=(TOKEN,)), a_form.KEYS), **changes)  # type: ignore[arg-type]


def test_a_template_carries_its_token_four_times() -> None:
    carriers = carriers_of(template())

    assert carriers.present == ("cell", "sheet", "property", "name")
    assert carriers.texts == (TOKEN,)


def test_a_peek_sees_what_reading_sees() -> None:
    assert peek(a_form.workbook()) == carriers_of(template())


def test_a_peek_into_something_else_finds_nothing() -> None:
    assert peek(b"x;y") == peek(crafted.book()) == Carriers()


def test_a_valid_workbook_tells_whose_it_is() -> None:
    assert identify(template(), a_form.KEYS) == Identity(
        CarrierState.VALID,
        unit="24211",
        unit_born=2025,
        form="THU-01",
        form_version=1,
        period="202610",
        grid_hash=a_form.grid().hash,
        carriers=("cell", "sheet", "property", "name"),
    )


@pytest.mark.parametrize("carrier", ["cells", "meta", "properties", "names"])
def test_any_one_carrier_suffices(carrier: str) -> None:
    found = identify_carriers(Carriers(**{carrier: (TOKEN.lower(),)}), a_form.KEYS)

    assert (found.state, found.unit) == (CarrierState.VALID, "24211")


def test_two_issues_of_one_workbook_agree() -> None:
    newer = a_form.token_text(issue=2)

    assert identify_carriers(Carriers(cells=(TOKEN,), names=(newer,)), a_form.KEYS).state is CarrierState.VALID


@pytest.mark.parametrize(
    "other",
    [a_form.token_text(unit=a_form.EA_ROK), a_form.token_text(period="202609"), a_form.token_text(version=2)],
)
def test_carriers_of_two_workbooks_are_mixed(other: str) -> None:
    assert identify_carriers(Carriers(cells=(TOKEN,), names=(other,)), a_form.KEYS).state is CarrierState.MIXED


def test_a_token_with_one_letter_changed_is_invalid_even_beside_a_good_one() -> None:
    forged = ("B" if TOKEN[10] != "B" else "C").join((TOKEN[:10], TOKEN[11:]))

    assert identify_carriers(Carriers(cells=(forged,), names=(TOKEN,)), a_form.KEYS).state is CarrierState.INVALID


def test_a_token_of_an_unknown_key_is_invalid() -> None:
    assert identify_carriers(Carriers(cells=(TOKEN,)), {2: a_form.SECRET}).state is CarrierState.INVALID


def test_the_session_may_submit_its_own_open_form() -> None:
    assert decide(identity(), (*OTHERS, OWN)) == OWN


def test_of_two_regimes_the_open_one_is_meant() -> None:
    closed = replace(OWN, regime="CU", is_open=False)

    assert decide(identity(), (closed, OWN)) == OWN


def test_a_unit_founded_anew_under_an_old_code_is_another_unit() -> None:
    assert code(decide(identity(unit_born=2008), (OWN,))) == "identity-other-unit"


def code(decision: Expected | Finding) -> str:
    assert isinstance(decision, Finding), decision
    return decision.code


DECISIONS = {
    "identity-no-token": (Identity(CarrierState.MISSING), (OWN,)),
    "identity-tampered": (Identity(CarrierState.INVALID), (OWN,)),
    "identity-mixed": (Identity(CarrierState.MIXED), (OWN,)),
    "identity-trial": (Identity(CarrierState.TRIAL), (OWN,)),
    "identity-other-unit": (identity(unit="24214"), (OWN,)),
    "identity-other-form": (identity(form="II.06a"), (OWN,)),
    "identity-other-period": (identity(period="202609"), (OWN,)),
    "identity-period-not-open": (identity(), (replace(OWN, is_open=False), *OTHERS)),
    "identity-old-form-version": (identity(), (replace(OWN, form_version=2),)),
}


@pytest.mark.parametrize("expected", DECISIONS)
def test_the_table_of_decisions(expected: str) -> None:
    decision = decide(*DECISIONS[expected])

    assert isinstance(decision, Finding)
    assert (decision.code, decision.severity) == (expected, Severity.BLOCK)
    assert "{" not in message(decision) + fix(decision)


def test_a_refusal_names_nothing_of_another_unit() -> None:
    decision = decide(identity(unit="24214"), (OWN,))

    assert isinstance(decision, Finding)
    assert "24214" not in message(decision) + fix(decision) + repr(decision)


def test_another_period_is_told_with_the_open_ones() -> None:
    decision = decide(*DECISIONS["identity-other-period"])

    assert isinstance(decision, Finding)
    assert (decision.found, decision.expected) == ("tháng 9 năm 2026", "tháng 10 năm 2026")


def test_another_period_while_nothing_is_open_is_simply_not_open() -> None:
    assert code(decide(identity(period="202609"), (replace(OWN, is_open=False),))) == "identity-period-not-open"
