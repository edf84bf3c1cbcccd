"""The burden of reporting in words and shares a page can show."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Any

from registry.catalogue.burden import FROM_COMMUNES, MONTHS, Asker, Burden, KindLoad, Prefillable, Repeated
from registry.catalogue.model import Unit, UnitKind
from registry.catalogue.values import SeriesKey
from registry.store.definitions import Snapshot
from webui.wording import say

HEAVIEST = 15


@dataclass(frozen=True, slots=True)
class KindLine:
    """Units of a kind, all their forms together, per unit and month."""

    kind: UnitKind
    units: int
    month: float  # cells a unit is asked in a month, on average
    typed: float  # of these, not prefilled
    forms: tuple[tuple[KindLoad, float], ...]  # each form and its cells a unit and month


@dataclass(frozen=True, slots=True)
class Group:
    """Series asked twice by the same askers."""

    askers: tuple[tuple[str, str], ...]  # (form, of whom)
    names: tuple[str, ...]


def burden_page(burden: Burden, snapshot: Snapshot) -> dict[str, Any]:
    """What the template ``burden.html`` shows."""
    heaviest = burden.heaviest(HEAVIEST)
    return {
        "units": len(burden.units),
        "cells": sum(one.whole.year for one in burden.units),
        "typed": sum(one.whole.typed for one in burden.units),
        "kinds": _kinds(burden),
        "heaviest": heaviest,
        "scale": max((one.whole.most for one in burden.units), default=1) or 1,
        "repeated": _grouped(burden.repeated, snapshot),
        "repeated_count": len(burden.repeated),
        "prefillable": [(one, _source(one)) for one in burden.prefillable],
    }


def _kinds(burden: Burden) -> list[KindLine]:
    forms: dict[UnitKind, list[KindLoad]] = defaultdict(list)
    for load in burden.kinds:
        forms[load.kind].append(load)
    counts: Counter[UnitKind] = Counter(one.unit.kind for one in burden.units)
    return [
        KindLine(
            kind,
            counts[kind],
            _a_month(sum(load.total for load in loads), counts[kind]),
            _a_month(sum(load.typed for load in loads), counts[kind]),
            tuple((load, _a_month(load.total, load.units)) for load in loads),
        )
        for kind, loads in sorted(forms.items(), key=lambda pair: -counts[pair[0]])
    ]


def _a_month(cells: int, units: int) -> float:
    return cells / units / MONTHS


def _grouped(repeated: tuple[Repeated, ...], snapshot: Snapshot) -> list[Group]:
    groups: dict[tuple[Asker, ...], dict[str, None]] = defaultdict(dict)
    for one in repeated:
        groups[one.askers][series_name(one.series, snapshot)] = None
    return [
        Group(tuple((asker.form, _who(asker, snapshot.units)) for asker in askers), tuple(names))
        for askers, names in sorted(groups.items(), key=lambda pair: -len(pair[1]))
    ]


def series_name(series: SeriesKey, snapshot: Snapshot) -> str:
    """``NN01 Tổng diện tích gieo trồng vụ Đông Xuân``."""
    indicator = snapshot.definitions.indicators.get(series.indicator)
    return " ".join(part for part in (series.indicator, indicator.name if indicator else "", series.members) if part)


def _who(asker: Asker, units: dict[str, Unit]) -> str:
    """A unit by its name, several by kind: ``88 xã, 14 phường``."""
    if len(asker.units) <= 2:
        return ", ".join(units[code].name for code in asker.units)
    return kinds_in_words(Counter(units[code].kind for code in asker.units))


def kinds_in_words(kinds: Counter[UnitKind]) -> str:
    """``88 xã, 14 phường, 13 sở``: most first."""
    return ", ".join(say("design.kind-count", count=count, kind=kind.value) for kind, count in kinds.most_common())


def _source(one: Prefillable) -> str:
    return say("burden.from-communes") if one.source == FROM_COMMUNES else say("burden.from-form", form=one.source)
