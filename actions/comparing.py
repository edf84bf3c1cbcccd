"""What changed in a form: its newest figures beside those approved last, and those of the period before."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass
from decimal import Decimal

from actions.cases import Situation
from actions.paired_lines import Paired, Unpaired, paired
from ingest.seen import spec_of, view_of
from registry.catalogue.values import BLANK, CellKey, CellValue
from registry.catalogue.words import shown
from registry.periods import NoSuchPeriod, previous
from registry.store import approvals, submissions
from registry.store.cells import Cells
from registry.store.engine import Connection
from registry.store.submissions import Place, Version

_HUNDRED = Decimal(100)
_NOUGHT = Decimal(0)
_ONCE = Decimal(1)
_BEYOND = Decimal("Infinity")


@dataclass(frozen=True, slots=True)
class Beside:
    """What a cell held elsewhere, and how far the newest figure is from it."""

    text: str
    is_same: bool
    difference: Decimal | None = None  # where both are figures
    percent: Decimal | None = None  # of the older figure, where that is not nought
    times: Decimal = _NOUGHT  # as much or as little, from 1; infinity from, to or across nought; 0: no other figure


@dataclass(frozen=True, slots=True)
class Compared:
    """A cell of the newest version beside the other two."""

    key: CellKey
    text: str
    approved: Beside | None  # None: nothing else was approved
    before: Beside | None  # None: nothing was approved in the period before

    @property
    def has_changed(self) -> bool:
        """True when it says other than what was approved last; where nothing was, other than the period before."""
        if self.approved is None:
            return self.before is not None and self.before.times > 0
        return not self.approved.is_same

    @property
    def extent(self) -> Decimal:
        """How many times as much or as little it is as what it is held against."""
        other = self.approved or self.before
        return _NOUGHT if other is None else other.times


@dataclass(frozen=True)
class Comparison:
    """Every cell people type that holds something in the newest version, or did."""

    newest: Version
    approved_n: int | None  # of the version compared with
    before: str | None  # code of the period compared with
    cells: tuple[Compared, ...]
    unpaired: tuple[Unpaired, ...] = ()  # lists with lines not found in what changes are told against

    @property
    def changed(self) -> tuple[Compared, ...]:
        """The cells that say something else."""
        return tuple(one for one in self.cells if one.has_changed)

    @property
    def count(self) -> int | None:
        """How many cells changed; None where that says nothing: none, or none known, and lines without counterpart."""
        return (
            None if not (self.approved_n or self.before) or (self.unpaired and not self.changed) else len(self.changed)
        )

    def greatest(self, doubted: Container[CellKey | None] = ()) -> list[Compared]:
        """The changed cells by how far they are from what they were, those something was found in before the others."""
        return sorted(self.changed, key=lambda one: (one.key not in doubted, -one.extent))


def compare(connection: Connection, situated: Situation) -> Comparison | None:
    """The newest version beside the one approved last (never itself) and the period before; None without a version."""
    return compare_all(connection, [situated]).get(situated.work.assignment_id)


def compare_all(connection: Connection, some: Sequence[Situation]) -> dict[int, Comparison]:
    """The same of many forms by assignment, in as many queries as of one."""
    newest = submissions.newest_of(connection, [one.work.submission_id for one in some])
    standing = approvals.before_newest(connection, newest)
    approved = submissions.by_ids(connection, standing.values())
    places = {one.work.assignment_id: _place_before(one) for one in some}
    earlier = submissions.approved_at(connection, {place for place in places.values() if place})
    found = {}
    for one in some:
        work, place = one.work, places[one.work.assignment_id]
        if work.submission_id in newest:
            other = approved.get(standing.get(work.submission_id, 0))
            then = earlier.get(place) if place else None
            found[work.assignment_id] = _comparison(one, newest[work.submission_id], other, place, then)
    return found


def _place_before(situated: Situation) -> Place | None:
    work, code = situated.work, _before(situated)
    return (work.regime, work.form, work.unit_id, code) if code else None


def _comparison(
    situated: Situation, newest: Version, approved: Version | None, place: Place | None, then: Cells | None
) -> Comparison:
    view, now = situated.view, newest.values
    standing = paired(view, now, approved.values) if approved else None
    before = paired(view, now, then) if then is not None else None
    known = [now, *(one.values for one in (standing, before) if one is not None)]
    keys = dict.fromkeys(key for key in view.cells if any(key in values for values in known))
    lines = dict.fromkeys(key for values in known for key in values if key.line is not None)
    cells = (_compared(situated, key, now, standing, before) for key in (*keys, *lines))
    told = standing or before
    return Comparison(
        newest,
        approved.n if approved else None,
        place[-1] if before is not None and place else None,
        tuple(one for one in cells if one is not None),
        told.unpaired if told else (),
    )


def _before(situated: Situation) -> str | None:
    try:
        return previous(situated.period, situated.regime.frequency).code
    except NoSuchPeriod:
        return None


def _compared(
    situated: Situation, key: CellKey, newest: Cells, approved: Paired | None, before: Paired | None
) -> Compared | None:
    view, spec = view_of(situated.view, key), spec_of(situated.view, key)
    if view is None or spec is None or not spec.kind.is_typed:
        return None
    now = newest.get(key, BLANK)

    def beside(other: Paired | None) -> Beside | None:
        if other is None or (key.line is not None and (key.row, key.line) in other.alike):
            return None
        then = other.values.get(key, BLANK)
        text, is_same, times = shown(view, spec, then), _says(now) == _says(then), _times(now.amount, then.amount)
        if now.amount is None or then.amount is None:
            return Beside(text, is_same, times=times)
        difference = now.amount - then.amount
        percent = difference * _HUNDRED / abs(then.amount) if then.amount else None
        return Beside(text, is_same, difference, percent, times)

    one = Compared(key, shown(view, spec, now), beside(approved), beside(before))
    held = (one.text, one.approved and one.approved.text, one.before and one.before.text)
    return one if any(held) else None


def _times(now: Decimal | None, then: Decimal | None) -> Decimal:
    if (now or _NOUGHT) == (then or _NOUGHT):
        return _NOUGHT
    if then is None:
        return _ONCE  # where nothing stood, nothing rose
    if not now or not then or (now < 0) != (then < 0):
        return _BEYOND
    ratio = abs(now / then)
    return max(ratio, 1 / ratio)


def _says(value: CellValue) -> tuple[object, ...]:
    return (value.state, None if value.amount is None else value.amount, value.text or "")
