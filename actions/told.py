"""In which months figures are told: what a dashboard opens on, and which indicators are in season."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from actions.desk import Desk
from registry.catalogue.dashboards import Panel, is_added
from registry.catalogue.model import Frequency, Unit
from registry.periods import Period, parse, previous, quarter_of, year_of
from registry.periods.period import PeriodKind
from registry.store import openings
from registry.store.definitions import Snapshot
from registry.store.engine import Connection
from registry.store.told import told
from registry.workflow.policy import EVERYWHERE, Action, Scope, Where, sees_everywhere

MONTHS, RECENT = 36, 6
_ENDING = {Frequency.QUARTER: quarter_of, Frequency.YEAR: year_of}
_ENOUGH = 2  # half of what the fullest month tells: one unit that is early does not make a month


def months(desk: Desk, connection: Connection) -> list[Period]:
    """Three years up to the last month that was opened, newest first: the same whoever gave figures."""
    opened = [parse(one.period) for one in openings.all_openings(connection)]
    last = max((one for one in opened if one.kind is PeriodKind.MONTH), default=parse(f"{desk.day:%Y%m}"))
    return [last, *(previous(last, Frequency.MONTH, n) for n in range(1, MONTHS))]


def ended_by(month: Period, frequency: Frequency) -> Period:
    """The month itself, or the last quarter or year that ended by it."""
    last = _ENDING.get(frequency, lambda one: one)(month)
    return previous(last, frequency) if last.last > month.last else last


def territory_of(unit: Unit, snapshot: Snapshot) -> Unit | None:
    """Whom a unit's figures are about: an agency speaks of the province, a division of its unit."""
    found: Unit | None = unit
    while found is not None and not found.kind.is_territory:
        found = snapshot.units.get(found.parent) if found.parent else None
    return found


def scope_of(desk: Desk, snapshot: Snapshot, indicators: Iterable[str]) -> Scope:
    """Everywhere for what the reader's own unit leads, else his units."""
    allowed = desk.scope(Action.SEE_DASHBOARD)
    owners = (snapshot.definitions.indicators[code].owner for code in indicators)
    led = all(sees_everywhere(allowed, snapshot.unit_ids.get(one)) for one in owners)
    return EVERYWHERE if led else allowed


@dataclass(frozen=True)
class Told:
    """Asks the store whether anything is known, never what."""

    desk: Desk
    connection: Connection
    snapshot: Snapshot

    def latest(self, panels: Iterable[tuple[Panel, Unit | None]], among: Collection[Period]) -> Period | None:
        """The last month in which panels, each about a unit or (None) many, have figures to show."""
        asked: dict[tuple[Unit | None, Scope], dict[str, set[Frequency]]] = {}
        for panel, unit in panels:
            scope = scope_of(self.desk, self.snapshot, panel.indicators)
            for code in panel.indicators:
                asked.setdefault((unit, scope), {}).setdefault(code, set()).add(panel.frequency)
        shown: dict[Period, int] = {}
        for (unit, scope), wanted in asked.items():
            every = {one for listed in wanted.values() for one in listed}
            named = {(month, one): ended_by(month, one).code for month in among for one in every}
            found = self.of(unit, scope, wanted, set(named.values()))
            for (month, one), code in named.items():
                count = sum(one in listed and (of, code) in found for of, listed in wanted.items())
                shown[month] = shown.get(month, 0) + count
        most = max(shown.values(), default=0)
        return max((month for month, count in shown.items() if count and count * _ENOUGH >= most), default=None)

    def in_season(self, unit: Unit | None, scope: Scope, among: Collection[Period]) -> frozenset[str]:
        """The indicators a unit has figures of in the last month that tells enough of them."""
        found = self.of(unit, scope, self.snapshot.definitions.indicators, {one.code for one in among})
        by_code: dict[str, set[str]] = {one.code: set() for one in among}
        for indicator, code in found:
            by_code[code].add(indicator)
        most = max(map(len, by_code.values()), default=0)
        last = max(
            (parse(code) for code, told in by_code.items() if told and len(told) * _ENOUGH >= most), default=None
        )
        return frozenset(by_code[last.code]) if last else frozenset()

    def of(
        self, unit: Unit | None, scope: Scope, indicators: Iterable[str], codes: Collection[str]
    ) -> set[tuple[str, str]]:
        """(indicator, period) of which a figure to show is known: the unit's own, or those it is made up of."""
        known = self.snapshot.definitions.indicators
        made_of = {code: {code, known[code].numerator or code} for code in indicators}
        asked = {one for listed in made_of.values() for one in listed}
        if unit is None:
            found = told(self.connection, asked, codes, scope)
        else:
            alone = Scope.of((Where(frozenset({self.snapshot.unit_ids[unit.code]})),))
            found = told(self.connection, asked, codes, alone)
        if unit is not None and not unit.kind.is_commune:
            added = {one for one in asked if is_added(known[one])}
            found |= told(self.connection, added, codes, scope)
        return {
            (code, at) for code, parts in made_of.items() for at in codes if any((one, at) in found for one in parts)
        }
