"""The words one workbook prints around its table: head, foot, footer, and what the guide says of the order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from registry.catalogue.model import RowWindow, Unit
from registry.catalogue.values import Nature
from registry.periods import Period, row_windows
from vietnamese.copydeck import deck
from workbook_templates.order import Order
from workbook_templates.token import CELL_PREFIX

_say = deck(Path(__file__).parent / "copy.toml")


@dataclass(frozen=True)
class Wording:
    """Words by the place they stand in; the keys of ``head`` and ``foot`` are those of ``Grid.head_slots``."""

    head: dict[str, str]
    foot: dict[str, str]
    footer: str  # xlsxwriter's footer code
    header: str  # the same of what is printed at the top; mostly nothing
    period: str  # "Tháng 10 và 10 tháng năm 2026"
    time: str  # "17 giờ 00"
    day: str  # "16/10/2026"


class HeadLines(NamedTuple):
    """What a workbook prints of its unit and period above the table."""

    unit: str  # "Đơn vị báo cáo: UBND xã Ea Súp"
    unit_begins: str  # "Đơn vị báo cáo:"
    period: str  # "Tháng 10 và 10 tháng năm 2026"


def head_lines(unit: Unit, period: Period) -> HeadLines:
    """The lines of the head by which a workbook is known when its code is gone."""
    name = reporting_name(unit)
    heading = period.heading[:1].upper() + period.heading[1:]
    return HeadLines(_say("head.unit", unit=name), _say("head.unit", unit="").strip(), heading)


def wording(order: Order) -> Wording:
    """Every sentence of head and foot for an order (SAMPLE_CATALOGUE 5.13)."""
    form, period = order.form, order.context.period
    lines = head_lines(order.unit, period)
    time, day = due_words(order.due)
    head = {
        "number": _say("head.number", number=form.official_number),
        "basis": _say("head.basis", basis=form.legal_basis),
        "title": form.title,
        "period": lines.period,
        "window": _window(order),
        "unit": lines.unit,
        "receivers": _say("head.receivers", receivers=", ".join(order.receivers)),
        "due": _say("head.due", time=time, day=day),
        "identity": CELL_PREFIX + order.token,
    }
    words = {"form": form.code, "period": period.code, "unit": order.unit.code, "issue": order.issue}
    foot = {
        "signs": _signs(order),
        "place": _say("foot.place", place=_place(order), year=period.last.year),
        "issue": _say("foot.issue", **words),
        **{key: _say(f"foot.{key}") for key in ("preparer", "checker", "head", "sign", "seal")},
    }
    footer = _say("print.footer", **{key: str(word).replace("&", "&&") for key, word in words.items()})
    header = f'&C&"Times New Roman,Bold"&14{order.watermark.replace("&", "&&")}' if order.watermark else ""
    return Wording(head, foot, footer, header, lines.period, time, day)


def _place(order: Order) -> str:
    own = order.unit.short_name if order.unit.kind.is_commune else ""
    return order.place or own or _say("foot.no-place")


def reporting_name(unit: Unit) -> str:
    """The unit as a form names its reporter: "UBND xã Ea Súp", "Sở Tài chính"."""
    if not unit.kind.is_commune:
        return unit.name
    return _say("head.people", unit=unit.name[:1].lower() + unit.name[1:])


def due_words(due: datetime) -> tuple[str, str]:
    """Hour and day of a deadline as printed; midnight is 24 giờ 00 of the day it ends.

    >>> due_words(datetime(2026, 10, 17))
    ('24 giờ 00', '16/10/2026')
    """
    midnight = due.hour == due.minute == 0
    day = due.date() - timedelta(days=midnight)
    time = _say("head.time", hour=24 if midnight else due.hour, minute=due.minute)
    return time, _say("head.day", day=day.day, month=day.month, year=day.year)


def _signs(order: Order) -> str:
    rows = (row for row, _ in order.context.view.rows)
    return "\n".join(filter(None, (_say("foot.signs"), row_windows.footnote(rows, order.context.period))))


def _window(order: Order) -> str:
    of_all = row_windows.shared(row for row, _ in order.context.view.rows)
    if of_all is not RowWindow.REGIME:
        return _say("head.window-of-rows", window=row_windows.words(of_all, order.context.period))
    first, last = (_say("head.day", day=d.day, month=d.month, year=d.year) for d in order.window)
    estimates = any(spec.nature is Nature.ESTIMATE for spec in order.context.view.inputs.values())
    key = "head.window-estimate" if estimates else "head.window"
    return _say(key, first=first, last=last, period=order.context.period.label)
