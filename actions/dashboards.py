"""Dashboards (bảng điều hành): a unit's administrator picks indicators, every change is a version (R13)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from actions.default_dashboards import default
from actions.desk import Change, Changed, Desk, NotEntitled, NotYours, Refusal
from actions.panel_charts import title_of
from actions.told import RECENT, Told, months, territory_of
from registry.catalogue.dashboards import (
    LONGEST_TITLE,
    MOST_PANELS,
    Clash,
    Dashboard,
    Extent,
    Panel,
    clashes,
)
from registry.catalogue.model import GroupSet, Indicator, Regime, Unit
from registry.store import dashboards
from registry.store.dashboards import Known
from registry.store.definitions import Snapshot
from registry.store.engine import Connection
from registry.workflow.policy import EVERYWHERE, Action, sees_everywhere

MOST_OF_A_UNIT = 20
DEFAULT = 0  # stands for the dashboard a unit has before it made one


class Nonsense(Refusal):
    """A panel nobody can draw; ``clashes`` say why, each with a sentence of its own."""

    def __init__(self, found: list[Clash]) -> None:
        self.clashes = tuple(found)
        super().__init__("panel-clash")


@dataclass(frozen=True)
class Entry:
    """A dashboard with its unit; ``known`` is None of the default one."""

    unit_id: int
    unit: Unit
    definition: Dashboard
    known: Known | None
    may_build: bool

    @property
    def key(self) -> int:
        """Its number on pages."""
        return DEFAULT if self.known is None else self.known.id


def listing(desk: Desk) -> list[Entry]:
    """Every dashboard the actor may see: those of his own units first. Raises NotYours."""
    allowed = desk.require(Action.SEE_DASHBOARD)
    with desk.read() as connection:
        snapshot = desk.snapshot(connection)
        found = [_entry(desk, snapshot, one) for one in dashboards.of_scope(connection, allowed)]
    home = desk.actor.home
    return sorted((one for one in found if one), key=lambda one: (one.unit_id != home, one.unit.order, one.key))


def look_up(desk: Desk, connection: Connection, key: int) -> Entry:
    """A dashboard of a unit in scope, or the default of the actor's own unit. Raises NotYours."""
    allowed = desk.require(Action.SEE_DASHBOARD)
    snapshot = desk.snapshot(connection)
    if key == DEFAULT:
        return _default(desk, connection, snapshot)
    known = dashboards.one(connection, key)
    if known is None or not allowed.allows(known.unit_id):
        raise NotYours
    found = _entry(desk, snapshot, known)
    if found is None:
        raise NotYours
    return found


def _entry(desk: Desk, snapshot: Snapshot, known: Known) -> Entry | None:
    unit = snapshot.units_by_id.get(known.unit_id)
    may_build = desk.scope(Action.BUILD_DASHBOARD).allows(known.unit_id)
    return None if unit is None else Entry(known.unit_id, unit, known.definition, known, may_build)


def _default(desk: Desk, connection: Connection, snapshot: Snapshot) -> Entry:
    """What the actor's unit sees before it made a dashboard; the whole province where he reads everybody's figures."""
    home = desk.actor.home
    unit = snapshot.units_by_id.get(home) if home else None
    if home is None or unit is None:
        raise NotYours
    shown = _offered(desk, connection, snapshot, unit)
    return Entry(home, unit, shown, None, desk.scope(Action.BUILD_DASHBOARD).allows(home))


def _offered(desk: Desk, connection: Connection, snapshot: Snapshot, unit: Unit) -> Dashboard:
    """The panels a unit begins with: of its indicators those first that are in season."""
    allowed = desk.scope(Action.SEE_DASHBOARD)
    reads_all = sees_everywhere(allowed, None)
    scope = EVERYWHERE if reads_all else allowed
    recent = months(desk, connection)[:RECENT]
    in_season = Told(desk, connection, snapshot).in_season(territory_of(unit, snapshot), scope, recent)
    return default(unit, snapshot.catalogue, in_season, reads_all=reads_all)


def to_edit(desk: Desk, key: int) -> Entry:
    """A dashboard to build on. Raises NotYours, NotEntitled."""
    with desk.read() as connection:
        found = look_up(desk, connection, key)
    if found.known is None:
        raise NotYours
    _require(desk, found.unit_id)
    return found


def buildable(desk: Desk) -> list[tuple[int, Unit]]:
    """The units the actor may make dashboards for: his own first, or only his own where he may for all."""
    allowed, home = desk.scope(Action.BUILD_DASHBOARD), desk.actor.home
    if allowed.is_empty:
        return []
    with desk.read() as connection:
        known = desk.snapshot(connection).units_by_id
    listed = {home} if allowed.units is None else allowed.units
    found = [(key, known[key]) for key in listed if key is not None and key in known]
    return sorted(found, key=lambda pair: (pair[0] != home, pair[1].order))


@dataclass(frozen=True)
class Choices:
    """What a panel may be made of."""

    indicators: tuple[Indicator, ...]
    units: tuple[Unit, ...]  # a panel may be about one of
    groups: tuple[tuple[str, str], ...]  # (as a panel names it, as people read it)
    sets: tuple[GroupSet, ...]
    regimes: tuple[Regime, ...]  # into whose compiled report of the unit a panel may be put


def choices(desk: Desk, unit: Unit) -> Choices:
    """Indicators, units, groups and reports there are today for a unit's dashboard. Raises NotYours."""
    desk.require(Action.BUILD_DASHBOARD)
    with desk.read() as connection:
        catalogue = desk.snapshot(connection).catalogue
    named = {one.code: one.name for one in catalogue.group_sets}
    groups = dict.fromkeys(pair for unit in catalogue.units for pair in unit.groups if pair[0] in named)
    return Choices(
        catalogue.indicators,
        tuple(unit for unit in catalogue.units if unit.kind.is_territory),
        tuple((f"{code}={group}", f"{named[code]}: {group}") for code, group in groups),
        catalogue.group_sets,
        tuple(one for one in catalogue.regimes if unit.code in one.receivers),
    )


def titles(desk: Desk, entry: Entry) -> list[str]:
    """What each panel is called."""
    with desk.read() as connection:
        definitions = desk.snapshot(connection).definitions
    return [title_of(one, definitions) for one in entry.definition.panels]


def make(desk: Desk, unit_id: int, title: str, *, from_default: bool) -> int:
    """A new dashboard of a unit, empty or like the default one; its number. Raises NotYours, NotEntitled, Refusal."""
    _require(desk, unit_id)
    with desk.change(Action.BUILD_DASHBOARD, "dashboard") as change:
        snapshot = desk.snapshot(change.connection)
        if unit_id not in snapshot.units_by_id:
            raise NotYours
        if dashboards.count(change.connection, unit_id) >= MOST_OF_A_UNIT:
            raise Refusal("dashboard-many", most=MOST_OF_A_UNIT)
        unit = snapshot.units_by_id[unit_id]
        panels = _offered(desk, change.connection, snapshot, unit).panels if from_default else ()
        definition = Dashboard(_titled(title), panels)
        made = dashboards.put(change.connection, unit_id, definition, desk.actor.person_id, desk.moment)
        change.on = f"dashboard {made}"
        change.unit_id = unit_id
        change.detail |= {"did": "make", "name": definition.title, "panels": len(panels)}
    return made


def rename(desk: Desk, key: int, version: int, title: str) -> None:
    """Another title. Raises NotYours, NotEntitled, Changed, Refusal."""
    _change(desk, key, version, "rename-dashboard", lambda shown, _: replace(shown, title=_titled(title)))


def put_panel(desk: Desk, key: int, version: int, panel: Panel, place: int | None = None) -> None:
    """A panel at the end, or in the stead of one there is. Raises NotYours, NotEntitled, Changed, Nonsense, Refusal."""

    def done(shown: Dashboard, snapshot: Snapshot) -> Dashboard:
        found = clashes(panel, snapshot.definitions)
        if found:
            raise Nonsense(found)
        _require_named(panel, snapshot)
        panels = list(shown.panels)
        if place is None:
            panels.append(panel)
        else:
            panels[_place(shown, place)] = panel
        if len(panels) > MOST_PANELS:
            raise Refusal("panels-many", most=MOST_PANELS)
        return replace(shown, panels=tuple(panels))

    _change(desk, key, version, "put-panel", done, indicators=list(panel.indicators))


def drop_panel(desk: Desk, key: int, version: int, place: int) -> None:
    """Take a panel away. Raises NotYours, NotEntitled, Changed."""

    def done(shown: Dashboard, _: Snapshot) -> Dashboard:
        at = _place(shown, place)
        return replace(shown, panels=shown.panels[:at] + shown.panels[at + 1 :])

    _change(desk, key, version, "drop-panel", done)


def move_panel(desk: Desk, key: int, version: int, place: int, by: int) -> None:
    """Move a panel so many places, as far as there are any. Raises NotYours, NotEntitled, Changed."""

    def done(shown: Dashboard, _: Snapshot) -> Dashboard:
        panels = list(shown.panels)
        moved = panels.pop(_place(shown, place))
        panels.insert(max(0, place + by), moved)
        return replace(shown, panels=tuple(panels))

    _change(desk, key, version, "move-panel", done)


def end(desk: Desk, key: int) -> None:
    """Show a dashboard no more; its versions stay. Raises NotYours, NotEntitled."""
    with desk.change(Action.BUILD_DASHBOARD, f"dashboard {key}") as change:
        known = _buildable(desk, change, key)
        dashboards.end(change.connection, key, desk.moment)
        change.detail |= {"did": "end-dashboard", "name": known.definition.title}


def _change(
    desk: Desk, key: int, version: int, did: str, edit: Callable[[Dashboard, Snapshot], Dashboard], **detail: object
) -> None:
    with desk.change(Action.BUILD_DASHBOARD, f"dashboard {key}") as change:
        known = _buildable(desk, change, key)
        changed = edit(known.definition, desk.snapshot(change.connection))
        seen = replace(known, version=version)
        if not dashboards.change(change.connection, seen, changed, desk.actor.person_id, desk.moment):
            raise Changed
        change.detail |= {"did": did, "name": changed.title, "version": version + 1} | detail


def _buildable(desk: Desk, change: Change, key: int) -> Known:
    known = dashboards.one(change.connection, key)
    if known is None or not desk.require(Action.SEE_DASHBOARD).allows(known.unit_id):
        raise NotYours
    _require(desk, known.unit_id)
    change.unit_id = known.unit_id
    return known


def _require(desk: Desk, unit_id: int) -> None:
    """Building is for the unit's administrator; whoever only sees its dashboards is told so."""
    if desk.scope(Action.BUILD_DASHBOARD).allows(unit_id):
        return
    if desk.scope(Action.SEE_DASHBOARD).allows(unit_id):
        raise NotEntitled("dashboard-not-built-by-you")
    raise NotYours


def _titled(title: str) -> str:
    kept = " ".join(title.split())[:LONGEST_TITLE]
    if not kept:
        raise Refusal("dashboard-untitled")
    return kept


def _place(shown: Dashboard, place: int) -> int:
    if not 0 <= place < len(shown.panels):
        raise Changed
    return place


def _require_named(panel: Panel, snapshot: Snapshot) -> None:
    """The unit, group or set a panel names must be there."""
    sets = {one.code for one in snapshot.catalogue.group_sets}
    groups = {f"{name}={group}" for unit in snapshot.catalogue.units for name, group in unit.groups}
    known = {
        Extent.UNIT: {one.code for one in snapshot.catalogue.units if one.kind.is_territory},
        Extent.GROUP: groups,
        Extent.GROUPS: sets,
    }
    if panel.extent.is_named and panel.of not in known[panel.extent]:
        raise Nonsense([Clash.NOT_NAMED])
