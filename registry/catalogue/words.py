"""Words, choices, days and units in cells: how they are kept, and how people read them.

Kept are: words as typed, a choice as its list spells it, a day as ISO, a unit by its code; several are joined by "; ".
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from registry.catalogue.forms import CellSpec, View
from registry.catalogue.model import CellKind, Unit
from registry.catalogue.values import HIDDEN, CellValue, State
from vietnamese.dates import format_date
from vietnamese.numbers import format_number

SEPARATOR = "; "
_SIGNS = {State.NIL: "-", State.NOT_AVAILABLE: "…", State.NOT_APPLICABLE: "x", State.BLANK: ""}


def shown(view: View, spec: CellSpec, value: CellValue) -> str:
    """A cell as it is printed: 1.234,5 · - · … · x · words · nothing."""
    if spec.kind.is_worded:
        return written(view, spec, value)
    if spec.kind is CellKind.CLOSED:
        return "x"
    if value.text is not None:
        return value.text
    if value.state is State.ZERO:
        return format_number(Decimal(0), spec.decimals)
    if value.number is None:
        return _SIGNS.get(value.state, "")
    return format_number(value.number, spec.decimals)


def written(view: View, spec: CellSpec, value: CellValue) -> str:
    """A cell without a figure as it is printed: units by name, days as 05/02/2026; nothing where it is empty."""
    text = value.text or ""
    if value == HIDDEN:
        return text
    if text and spec.kind is CellKind.DATE:
        return format_date(date.fromisoformat(text))
    if text and spec.kind is CellKind.UNIT:
        names = view.definitions.unit_names
        return SEPARATOR.join(names.get(code, code) for code in text.split(SEPARATOR))
    return text


def units(view: View, spec: CellSpec) -> tuple[Unit, ...]:
    """The units a cell may name, in official order."""
    selectors = [one.strip() for one in spec.choices.split(";") if one.strip()]
    if not selectors:
        return view.definitions.units
    return tuple(one for one in view.definitions.units if any(one.answers_to(selector) for selector in selectors))


def choices(view: View, spec: CellSpec) -> tuple[str, ...]:
    """The words a choice or unit cell offers, in printed order."""
    if spec.kind is CellKind.UNIT:
        return tuple(unit.name for unit in units(view, spec))
    return tuple(member.label for member in view.members(spec.choices))
