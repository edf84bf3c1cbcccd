"""A workbook to look at before anybody is asked: marked on every sheet, and no return whoever sends it."""

from __future__ import annotations

from dataclasses import replace

from actions.desk import say
from actions.made import Made
from workbook_templates import template
from workbook_templates.order import Order
from workbook_templates.token import TRIAL


def trial_book(order: Order) -> Made:
    """The workbook of an order as a trial; an order that names nobody to call gets a word on what a trial is."""
    view = order.context.view
    marked = replace(
        order,
        context=replace(order.context, view=replace(view, form=replace(view.form, title=_titled(view.form.title)))),
        regime=replace(order.regime, name=say("trial.regime", name=order.regime.name)),
        token=TRIAL,
        contact=order.contact or say("trial.contact"),
    )
    name = template.file_name(order.form.code, order.context.period.code, order.unit, order.issue)
    return Made(order.unit.code, order.form.code, say("trial.file", name=name), template.build(marked))


def _titled(title: str) -> str:
    return say("trial.title", title=title)
