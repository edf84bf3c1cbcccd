"""A dashboard's panels drawn from the warehouse: approved figures only, of the units the reader may see."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property, partial
from typing import TYPE_CHECKING

from actions.cubes import cube_in
from actions.dashboards import DEFAULT, Entry, look_up
from actions.desk import Desk, NotYours
from actions.panel_charts import Answers, Link, Open, Teller, asked, title_of
from actions.told import Told, ended_by, months, scope_of, territory_of
from actions.units import chronicle_of
from compile.charts import Chart
from compile.charts.png import pictured
from compile.model import ChartPicture
from registry.catalogue.dashboards import Against, Clash, Dashboard, Extent, Kind, Panel, clashes
from registry.catalogue.model import Indicator, Unit, UnitKey
from registry.periods import Period, parse, previous
from registry.rules.answers import Map
from registry.store import dashboards
from registry.store.definitions import Snapshot
from registry.store.engine import Connection
from registry.store.warehouse import Warehouse

if TYPE_CHECKING:
    from registry.store.cube import Cube

Areas = dict[str, tuple[UnitKey, ...]]  # by code of the unit or name of the group: the units it is made of
LinkOf = Callable[[str, str, str], str]  # (period, indicator, unit's code) -> where its figures are told


@dataclass(frozen=True)
class Shown:
    """A panel as it is seen: its chart; or why there is none."""

    place: int
    panel: Panel
    title: str
    chart: Chart | None = None
    area: str = ""  # code of the one unit it is about
    clashes: tuple[Clash, ...] = ()  # a change of the catalogue may bring some


@dataclass(frozen=True)
class View:
    """A dashboard at a moment, for a period."""

    entry: Entry
    period: Period
    periods: tuple[Period, ...]  # months to choose from, newest first
    panels: tuple[Shown, ...]


def view(desk: Desk, key: int, period: str, link: LinkOf, only: int | None = None) -> View:
    """A dashboard, or one panel of it. Raises NotYours."""
    with desk.read() as connection:
        entry = look_up(desk, connection, key)
        shown = entry.definition.panels
        if only is not None and not 0 <= only < len(shown):
            raise NotYours
        wanted = [(n, one) for n, one in enumerate(shown) if only in (None, n)]
        return _view(desk, connection, entry, period, link, wanted)


def explored(desk: Desk, indicator: str, unit: str, period: str, link: LinkOf, only: int | None = None) -> View:
    """One indicator of one unit, or of the province and each commune: where a drill leads; all its panels or one.

    Raises NotYours.
    """
    with desk.read() as connection:
        snapshot = desk.snapshot(connection)
        entry = look_up(desk, connection, DEFAULT)
        known = snapshot.definitions.indicators.get(indicator)
        whose = snapshot.units.get(unit) if unit else territory_of(entry.unit, snapshot)
        if known is None or whose is None:
            raise NotYours
        panels = tuple(_of_indicator(known, whose, snapshot))
        shown = replace(entry, unit=whose, definition=Dashboard(known.name, panels))
        wanted = [(n, one) for n, one in enumerate(panels) if only in (None, n)]
        found = _view(desk, connection, shown, period, link, wanted)
        if all(one.chart is None for one in found.panels):
            raise NotYours
        return found


def _of_indicator(one: Indicator, unit: Unit, snapshot: Snapshot) -> Iterator[Panel]:
    """What there is to see of an indicator: its course, what it is held against, and each commune."""
    extent = Extent.PROVINCE if unit.code == snapshot.province.code else Extent.UNIT
    for to_date in (False, True):
        for against in (frozenset({Against.PLAN, Against.SAME_PERIOD}), frozenset({Against.SAME_PERIOD})):
            panel = Panel(Kind.COMPARISON, (one.code,), extent, unit.code, to_date=to_date, against=against)
            if not clashes(panel, snapshot.definitions):
                yield panel
                break
        course = replace(panel, kind=Kind.TREND, span=13, against=frozenset({Against.SAME_PERIOD}))
        if not clashes(course, snapshot.definitions):
            yield course
    if extent is Extent.PROVINCE:
        yield Panel(Kind.TILES, (one.code,), Extent.COMMUNES)
        yield Panel(Kind.RANKING, (one.code,), Extent.COMMUNES, top=20)


def _view(
    desk: Desk, connection: Connection, entry: Entry, period: str, link: LinkOf, panels: Sequence[tuple[int, Panel]]
) -> View:
    among = months(desk, connection)
    chosen = next((one for one in among if one.code == period), None) or _latest(desk, connection, entry, among)
    drawer = _Drawer(desk, connection, entry, chosen, partial(link, chosen.code))
    return View(entry, chosen, tuple(among), tuple(drawer.shown(n, one) for n, one in panels))


def latest(desk: Desk, key: int) -> Period:
    """The month a dashboard opens on. Raises NotYours."""
    with desk.read() as connection:
        return _latest(desk, connection, look_up(desk, connection, key), months(desk, connection))


def _latest(desk: Desk, connection: Connection, entry: Entry, among: Sequence[Period]) -> Period:
    """The last month that has figures to show on it, else the last one opened."""
    snapshot = desk.snapshot(connection)
    sound = [one for one in entry.definition.panels if not clashes(one, snapshot.definitions)]
    about = [(one, None if one.extent.is_several else _subject(one, entry, snapshot)) for one in sound]
    return Told(desk, connection, snapshot).latest(about, among) or among[0]


def _subject(panel: Panel, entry: Entry, snapshot: Snapshot) -> Unit | None:
    """Whom a panel of one unit is about."""
    if panel.extent is Extent.PROVINCE:
        return snapshot.province
    unit = snapshot.units.get(panel.of) if panel.extent is Extent.UNIT else entry.unit
    return None if unit is None else territory_of(unit, snapshot)


def for_report(
    desk: Desk, connection: Connection, unit_id: int, regime: str, period: Period, as_of: datetime
) -> tuple[ChartPicture, ...]:
    """The panels a unit chose for the compiled report of a regime, as they stood at a moment."""
    snapshot = desk.snapshot(connection)
    month = parse(f"{period.last:%Y%m}")
    found = []
    for definition in dashboards.standing(connection, unit_id, as_of):
        entry = Entry(unit_id, snapshot.units_by_id[unit_id], definition, None, may_build=False)
        drawer = _Drawer(desk, connection, entry, month, _no_link, as_of)
        for n, panel in enumerate(definition.panels):
            chart = drawer.shown(n, panel).chart if panel.report == regime else None
            if chart is not None and not chart.is_empty and chart.kind is not Kind.TABLE:
                found.append(pictured(chart))
    return tuple(found)


def _no_link(*_: str) -> str:
    return ""


@dataclass(frozen=True)
class _Drawer:
    """Draws the panels of one dashboard for one period, each from one question to the warehouse."""

    desk: Desk
    connection: Connection
    entry: Entry
    period: Period
    link: Link
    as_of: datetime | None = None  # None: now
    _known: dict[object, Mapping[str, Answers]] = field(default_factory=dict)

    @cached_property
    def cube(self) -> Cube:
        return cube_in(self.desk.instance.settings.files_root)

    @cached_property
    def snapshot(self) -> Snapshot:
        return self.desk.snapshot(self.connection)

    @cached_property
    def teller(self) -> Teller:
        names = {unit.key: unit.name for unit in self.snapshot.units_by_id.values()}
        moment = self.as_of or self.desk.moment
        return Teller(self.snapshot.definitions, self.snapshot.units, names, self.link, moment, self._open())

    def _open(self) -> frozenset[Open]:
        """What was approved and is open again now; of an earlier moment it is not told."""
        if self.as_of is not None:
            return frozenset()
        known, forms = self.snapshot.units_by_id, self.snapshot.form_versions
        return frozenset(
            (code, known[unit_id].code, row.indicator)
            for code, unit_id, form in dashboards.reopened(self.connection)
            if unit_id in known and form in forms
            for row in forms[form].form.rows
            if row.indicator
        )

    def shown(self, place: int, panel: Panel) -> Shown:
        """The panel with its chart; without one where it makes no sense or its figures are not the reader's."""
        found = clashes(panel, self.snapshot.definitions)
        if found:
            return Shown(place, panel, title_of(panel, self.snapshot.definitions), clashes=tuple(found))
        one = None if panel.extent.is_several else self._unit(panel)
        title = title_of(panel, self.snapshot.definitions)
        return Shown(place, panel, title, self._chart(panel), one.code if one else "")

    def _chart(self, panel: Panel) -> Chart | None:
        areas = self._areas(panel)
        periods = self._periods(panel)
        scope = scope_of(self.desk, self.snapshot, panel.indicators)
        warehouse = Warehouse(
            self.connection, scope, self.snapshot, chronicle_of(self.desk, self.connection), self.as_of, self.cube
        )
        asks = asked(panel)
        question = (tuple(areas), tuple(asks), tuple(periods), warehouse.scope)
        if question not in self._known:  # a map and a ranking ask the same
            self._known[question] = warehouse.areas(areas, asks, periods, Map.TODAY)
        answers = self._known[question]
        if not answers or len(answers) < len(areas):  # what some may not be seen of is not shown of the others
            return None
        if panel.extent.is_several:
            return self.teller.by_unit(panel, periods[-1], answers)
        ((area, of_one),) = answers.items()
        if panel.kind is Kind.TREND:
            return self.teller.trend(panel, area, periods, of_one)
        return self.teller.listed(panel, area, periods[-1], of_one)

    def _periods(self, panel: Panel) -> list[Period]:
        """Those a panel shows, the last one last: the chosen month, or the quarter or year that ended by it."""
        last = ended_by(self.period, panel.frequency)
        many = panel.span if panel.kind is Kind.TREND else 1
        return [previous(last, panel.frequency, n) if n else last for n in range(many - 1, -1, -1)]

    def _areas(self, panel: Panel) -> Areas:
        alive = [unit for unit in self.snapshot.catalogue.units if unit.kind.is_commune]
        if panel.extent is Extent.COMMUNES:
            return {unit.code: (unit.key,) for unit in alive}
        if panel.extent is Extent.GROUP:
            group_set, _, group = panel.of.partition("=")
            return {unit.code: (unit.key,) for unit in alive if unit.in_group(group_set, group)}
        if panel.extent is Extent.GROUPS:
            found: Areas = {}
            for unit in alive:
                for group in (group for group_set, group in unit.groups if group_set == panel.of):
                    found[group] = (*found.get(group, ()), unit.key)
            return found
        one = self._unit(panel)
        return {one.code: (one.key,)} if one else {}

    def _unit(self, panel: Panel) -> Unit | None:
        return _subject(panel, self.entry, self.snapshot)
