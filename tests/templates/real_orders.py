"""Orders of the sample catalogue with invented background and answers of its magnitudes."""

from __future__ import annotations

import random
from datetime import date
from decimal import Decimal

from registry import sample
from registry.catalogue.forms import Definitions, View, row_set
from registry.catalogue.measures import to_mantissa
from registry.catalogue.model import Form, Unit
from registry.catalogue.values import CellKey, CellValue, Known, Nature, State
from registry.periods import WorkingCalendar, parse, timetable, window
from registry.rules.background import Background
from registry.rules.context import Context
from registry.rules.needs import needs
from tests.templates.small_catalogue import SECRET
from workbook_templates import token
from workbook_templates.grid import place
from workbook_templates.order import Order


def unit(code: str) -> Unit:
    return next(one for one in sample.catalogue().units if one.code == code)


def form(code: str) -> Form:
    return next(one for one in sample.catalogue().forms if one.code == code)


def order(form_code: str, unit_code: str, period_code: str, seed: int | None = 1) -> Order:
    """An order as the office would give it; ``seed`` invents a background, None leaves the warehouse empty."""
    catalogue, who, what, period = sample.catalogue(), unit(unit_code), form(form_code), parse(period_code)
    regime = next(one for one in catalogue.regimes if form_code in one.forms)
    definitions = Definitions({m.code: m for m in catalogue.measures}, {i.code: i for i in catalogue.indicators})
    view = View(what, period.shape, row_set(what, who, period.shape), definitions)
    rules = tuple(rule for rule in catalogue.rules if rule.form == form_code and rule.scope == "đơn vị")
    background = Background()
    if seed is not None:
        drawn = random.Random(seed)
        asked = sorted(needs(view, period, regime.frequency, rules))
        background = Background({need: _known(view, need.series.indicator, drawn) for need in asked})
    identity = token.Token(1, what.code, what.version, who.code, who.born.year, period.code, 1, place(view).hash)
    due = timetable(regime, period, WorkingCalendar(catalogue.holidays)).of("xã" if who.kind.is_commune else "sở")
    return Order(
        context=Context(view, period, regime.frequency, background, who),
        unit=who,
        regime=regime,
        receivers=tuple(one.name for one in catalogue.units if one.code in regime.receivers),
        due=due.moment,
        window=window(period, regime.calendar),
        token=token.issue(identity, SECRET),
        contact="Văn phòng UBND tỉnh, Phòng Tổng hợp, điện thoại 0262 3 000 000 (dữ liệu mẫu)",
        rules=tuple(rule for rule in rules if rule.valid_from <= date(2026, 1, 1)),
    )


def _known(view: View, indicator: str, drawn: random.Random) -> Known:
    measure = view.definitions.measures[view.definitions.indicators[indicator].measure]
    return Known(to_mantissa(Decimal(drawn.randrange(1, 4000)), measure, measure), Nature.OFFICIAL)


def answers(one: Order, seed: int = 1) -> dict[CellKey, CellValue]:
    """An answer to every input: mostly figures, some signs, some blanks."""
    drawn = random.Random(seed)
    given: dict[CellKey, CellValue] = {}
    for key, spec in one.context.view.inputs.items():
        chance = drawn.random()
        number = Decimal(drawn.randrange(10, 90_000)).scaleb(-spec.decimals)
        if chance < 0.9:
            given[key] = CellValue(State.VALUE, number)
        elif chance < 0.96:
            given[key] = CellValue(drawn.choice((State.NIL, State.NOT_AVAILABLE, State.ZERO)))
        else:
            given[key] = CellValue(State.BLANK)
    return given
