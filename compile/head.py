"""The head of a compiled form (SAMPLE_CATALOGUE 5.13): numbers, titles, dates, who compiled it for whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from compile.coverage import copy
from compile.model import CompileInput
from registry.catalogue.model import Form
from registry.catalogue.values import Nature
from registry.periods.deadline import LOCAL
from vietnamese.letters import first_upper
from workbook_templates.official.letterhead import letterhead


@dataclass(frozen=True, slots=True)
class Head:
    """Lines of the three blocks above a table."""

    left: tuple[str, ...]
    title: str
    subtitles: tuple[str, ...]
    right: tuple[str, ...]


def form_head(form: Form, order: CompileInput) -> Head:
    """The head of the province's table of a form."""
    receivers = [unit.name for unit in order.units if unit.code in order.regime.receivers]
    subtitles = [first_upper(order.period.heading)]
    if order.window:
        subtitles.append(_closing(form, order, order.window))
    if order.sample:
        subtitles.append(copy("head.sample"))
    right = [copy("head.compiler", name=letterhead(order.issuer, order.province).name)]
    if receivers:
        right.append(copy("head.receivers", names=", ".join(receivers)))
    right.append(copy("head.as_of", moment=moment(order.as_of)))
    left = [copy("head.number", number=form.official_number)] + ([form.legal_basis] if form.legal_basis else [])
    return Head(tuple(left), form.title, tuple(subtitles), tuple(right))


def subtitles(order: CompileInput) -> tuple[str, ...]:
    """The lines under the title of a table beside the forms'."""
    sample = (copy("head.sample"),) if order.sample else ()
    return (first_upper(order.period.heading), *sample)


def _closing(form: Form, order: CompileInput, window: tuple[date, date]) -> str:
    asks_estimates = any(column.nature is Nature.ESTIMATE for column in form.columns)
    if asks_estimates:
        return copy("head.closed", day=day(window[1]), period=order.period.label)
    return copy("head.closed_official", first=day(window[0]), last=day(window[1]))


def day(value: date) -> str:
    """``14/10/2026``."""
    return copy("head.day", day=value.day, month=value.month, year=value.year)


def moment(value: datetime) -> str:
    """``17 giờ 05 ngày 18/10/2026``, local time."""
    local = value.astimezone(LOCAL)
    return copy("head.moment", hour=local.hour, minute=local.minute, day=local.day, month=local.month, year=local.year)


def stamp(value: datetime) -> str:
    """A moment in a table: ``17:05 18/10/2026``, local time; midnight is the end of the day before."""
    local = value.astimezone(LOCAL)
    hour, date_of = local.hour, local.date()
    if (local.hour, local.minute, local.second) == (0, 0, 0):
        hour, date_of = 24, date_of - timedelta(days=1)
    return copy("head.stamp", hour=hour, minute=local.minute, day=day(date_of))
