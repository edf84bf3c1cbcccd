"""Who would get what, before a period is opened: units, forms, cells to fill, deadlines, and who lacks people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from actions import downloads
from actions.cases import rehearsal
from actions.desk import Desk, NotYours, Refusal
from actions.distribute import order_of
from actions.made import Made
from actions.openings import assert_reported, cells_to_fill, dates_of, parsed, planned
from actions.trial_book import trial_book
from registry.catalogue.model import Form, Frequency, Regime, Role, Unit
from registry.periods import Period, Timetable
from registry.rules.background import Background, KnownLines
from registry.store import people
from registry.store.definitions import Snapshot
from registry.store.engine import Connection
from registry.store.openings import NewAssignment
from registry.workflow.policy import Action

NEEDED = (Role.CLERK, Role.LEADER)  # without both, a unit can neither enter figures nor approve them


@dataclass(frozen=True, slots=True)
class Share:
    """What one unit would be asked: cells to fill in each of the forms, None where a form is not its."""

    unit: Unit
    cells: tuple[int | None, ...]
    due: datetime
    lacking: tuple[Role, ...]  # roles nobody holds there

    @property
    def total(self) -> int:
        """Cells in all forms."""
        return sum(count or 0 for count in self.cells)


@dataclass(frozen=True)
class Preview:
    """Everything about a period that is not yet open."""

    regime: Regime
    period: Period
    forms: tuple[Form, ...]
    shares: tuple[Share, ...]
    dates: Timetable | None = None  # of a periodic regime
    offered: Timetable | None = None  # proposed instead, where the regime's collide or come too soon (PRACTICE F19)

    @property
    def totals(self) -> tuple[int, ...]:
        """Cells asked of all units together, form by form."""
        return tuple(sum(share.cells[place] or 0 for share in self.shares) for place in range(len(self.forms)))

    @property
    def dues(self) -> list[tuple[datetime, int]]:
        """The different deadlines with the number of units each holds for, earliest first."""
        moments = sorted({share.due for share in self.shares})
        return [(due, sum(share.due == due for share in self.shares)) for due in moments]

    @property
    def helpless(self) -> list[Share]:
        """Units that lack somebody to enter or to approve."""
        return [share for share in self.shares if share.lacking]


def of_period(desk: Desk, regime_code: str, period_code: str, due: datetime | None = None) -> Preview:
    """Who gets what of a regime's period. Raises NotYours, Refusal (unknown or not one of the regime's)."""
    desk.require(Action.OPEN_PERIOD)
    with desk.read() as connection:
        snapshot = desk.snapshot(connection)
        regime, period = _named(desk, snapshot, regime_code, period_code)
        if _is_once(regime):
            return preview(desk, connection, snapshot, regime, period, due or desk.moment)
        stated, offered = dates_of(desk, snapshot, regime, period)
        return replace(preview(desk, connection, snapshot, regime, period), dates=stated, offered=offered)


def preview(
    desk: Desk, connection: Connection, snapshot: Snapshot, regime: Regime, period: Period, due: datetime | None = None
) -> Preview:
    """Who gets what under a catalogue, which may be one that is not written yet."""
    asked = planned(snapshot, regime, period, due)
    held = people.roles_held(connection, desk.day)
    forms = tuple(snapshot.form_versions[code].form for code in regime.forms if any(one.form == code for one in asked))
    by_unit: dict[int, list[NewAssignment]] = {}
    for one in asked:
        by_unit.setdefault(one.unit_id, []).append(one)
    shares = [_share(snapshot, period, forms, its, held.get(key, frozenset())) for key, its in by_unit.items()]
    return Preview(regime, period, forms, tuple(sorted(shares, key=lambda share: share.unit.order)))


def _share(
    snapshot: Snapshot, period: Period, forms: Sequence[Form], asked: list[NewAssignment], roles: frozenset[Role]
) -> Share:
    unit = snapshot.units_by_id[asked[0].unit_id]
    codes = {one.form for one in asked}
    cells = tuple(cells_to_fill(snapshot, form, unit, period) if form.code in codes else None for form in forms)
    return Share(unit, cells, min(one.due_at for one in asked), tuple(role for role in NEEDED if role not in roles))


def trial_of_period(desk: Desk, regime_code: str, period_code: str, unit: str, form: str) -> Made:
    """A trial workbook of one unit. Raises NotYours, Refusal."""
    desk.require(Action.OPEN_PERIOD)
    with desk.read() as connection:
        snapshot = desk.snapshot(connection)
        regime, period = _named(desk, snapshot, regime_code, period_code)
        asked = planned(snapshot, regime, period, desk.moment if _is_once(regime) else None)
        return trial_for(desk, connection, snapshot, regime, period, asked, unit, form)


def trial_for(
    desk: Desk,
    connection: Connection,
    snapshot: Snapshot,
    regime: Regime,
    period: Period,
    asked: Sequence[NewAssignment],
    unit: str,
    form: str = "",
) -> Made:
    """A trial workbook of one unit, of the first form it would get unless one is named. Raises NotYours.

    It holds figures of the unit only for those who may have the unit's workbooks.
    """
    unit_id = snapshot.unit_ids.get(unit)
    found = next((one for one in asked if one.unit_id == unit_id and form in ("", one.form)), None)
    if found is None:
        raise NotYours
    one = rehearsal(connection, snapshot, regime, period, found, desk.moment)
    if not desk.scope(Action.DOWNLOAD_TEMPLATE).allows(found.unit_id, regime.code, found.form):
        one = replace(one, context=replace(one.context, background=Background(), lines=KnownLines()))
    made = trial_book(order_of(snapshot, one))
    downloads.record(desk, f"trial {regime.code} {period.code} {unit} {found.form}", made.sha256)
    return made


def _named(desk: Desk, snapshot: Snapshot, regime_code: str, period_code: str) -> tuple[Regime, Period]:
    regime = snapshot.regimes.get(regime_code)
    if regime is None:
        raise Refusal("unknown-regime", regime=regime_code)
    period = parsed(period_code)
    assert_reported(desk, regime, period)
    return regime, period


def _is_once(regime: Regime) -> bool:
    return regime.frequency is Frequency.ONCE
