"""“Chỉ tiêu và biểu mẫu của đơn vị”: what a unit owns and what it reports by (R09-R11)."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Blueprint, render_template

from registry.catalogue.model import Regime
from registry.workflow.policy import Action
from webui.pages.staff import house_of, unit_of
from webui.permission import page
from webui.visitor import desk

blueprint = Blueprint("unit_catalogue", __name__)


@blueprint.get("/don-vi/<int:unit_id>/chi-tieu-va-bieu")
@page(Action.SEE_UNIT_CATALOGUE, reads="unit {unit_id}")
def one(unit_id: int) -> str:
    """Own indicators, forms and regimes, and the regimes the unit reports in or receives."""
    at = desk()
    at.require(Action.SEE_UNIT_CATALOGUE, unit_id)
    with at.read() as connection:
        snapshot = at.snapshot(connection)
        unit = unit_of(snapshot, unit_id)
        house = house_of(at, connection, snapshot, unit_id)
    regimes = snapshot.regimes.values()
    led = [each for each in regimes if each.lead == unit.code]
    return render_template(
        "unit_catalogue.html",
        unit=unit,
        unit_id=unit_id,
        house=house,
        units=snapshot.units,
        indicators=[each for each in snapshot.catalogue.indicators if each.owner == unit.code],
        forms=[snapshot.form_versions[code] for code in _forms_of(led)],
        led=led,
        reported=[each for each in regimes if any(unit.answers_to(selector) for selector in each.reporters)],
        received=[each for each in regimes if unit.code in each.receivers],
        requests=snapshot.requests,
    )


def _forms_of(led: Iterable[Regime]) -> list[str]:
    """A form belongs to whoever leads a regime that asks it."""
    return list(dict.fromkeys(code for regime in led for code in (*regime.forms, *regime.report_forms)))
