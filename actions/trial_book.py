"""A workbook that is no return whoever sends it, to look at before anybody is asked or to train with; marked so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum
from types import MappingProxyType

from actions.desk import say
from actions.made import Made
from registry.catalogue.values import CellKey, CellValue
from workbook_templates import template
from workbook_templates.order import Order
from workbook_templates.token import TRIAL


class Mark(StrEnum):
    """What the workbook says it is; its sentences stand under this name in the copy deck."""

    TRIAL = "trial"
    TRAINING = "training"


def trial_book(
    order: Order, mark: Mark = Mark.TRIAL, answers: Mapping[CellKey, CellValue] = MappingProxyType({})
) -> Made:
    """The workbook of an order, marked; an order that names nobody to call gets a word on what it is.

    ``answers`` fill its inputs (demo, tests).
    """
    view = order.context.view
    title = say(f"{mark}.title", title=view.form.title)
    marked = replace(
        order,
        context=replace(order.context, view=replace(view, form=replace(view.form, title=title))),
        regime=replace(order.regime, name=say(f"{mark}.regime", name=order.regime.name)),
        token=TRIAL,
        contact=order.contact or say(f"{mark}.contact"),
        watermark=say("training.watermark") if mark is Mark.TRAINING else "",
    )
    name = template.file_name(order.form.code, order.context.period.code, order.unit, order.issue)
    return Made(order.unit.code, order.form.code, say(f"{mark}.file", name=name), template.build(marked, answers))
