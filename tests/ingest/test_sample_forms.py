"""The forms the system ships: what a template is filled with is what comes back out of it."""

from __future__ import annotations

import pytest

from ingest.identity import identify
from ingest.judge import judge
from ingest.model import CarrierState, Case, Status
from ingest.reading import read_guarded
from registry.catalogue.values import BLANK
from tests.templates import real_orders
from workbook_templates.template import build

KEYS = {1: real_orders.SECRET}
ORDERS = [
    ("KTXH-01", "24211", "202610"),
    ("KTXH-01", "22015", "202601"),
    ("KTXH-01", "SNNMT", "202609"),
    ("II.06a", "24211", "20263"),
    ("II.06a", "STP", "2026"),
]


@pytest.mark.parametrize(("form", "unit", "period"), ORDERS)
def test_answers_come_back_from_the_workbook_they_were_put_into(form: str, unit: str, period: str) -> None:
    order = real_orders.order(form, unit, period)
    answers = real_orders.answers(order)
    extraction = read_guarded(build(order, answers), "biểu.xlsx")
    identity = identify(extraction, KEYS)

    verdict = judge(extraction, identity, Case(order.unit, order.context, order.rules))

    assert (identity.state, identity.unit, identity.period) == (CarrierState.VALID, unit, period)
    given = {key: (value.state, value.amount) for key, value in answers.items() if value != BLANK}
    assert {key: (verdict.values[key].state, verdict.values[key].amount) for key in given} == given
    said = {"judge-blank-cells", "measure-factor-suspected", "measure-share-suspected"}  # answers and past are invented
    unexpected = {one.code for one in verdict.findings if not one.code.startswith("rule-")} - said
    assert not unexpected, [one for one in verdict.findings if one.code in unexpected]


@pytest.mark.parametrize(("form", "unit", "period"), ORDERS)
def test_a_template_sent_back_untouched_is_an_empty_form(form: str, unit: str, period: str) -> None:
    order = real_orders.order(form, unit, period)
    extraction = read_guarded(build(order), "biểu.xlsx")

    verdict = judge(extraction, identify(extraction, KEYS), Case(order.unit, order.context, order.rules))

    assert [one.code for one in verdict.findings] == ["judge-empty-form"]
    assert verdict.status is Status.REJECTED
