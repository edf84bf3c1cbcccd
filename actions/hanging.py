"""What hangs on units that end: forms not approved and sent, roles, signing; found by a query, so nothing gets lost."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from registry.catalogue.chronicle import Chronicle
from registry.catalogue.model import Role, Unit, UnitKey
from registry.store import grants, signing, unit_work
from registry.store.engine import Connection
from registry.store.signing import Capacity, Delegation
from registry.store.unit_work import HeldGrant, OpenForm
from registry.workflow.submission import State

_DAY = timedelta(days=1)
_RIVAL = {Role.CLERK: Role.LEADER, Role.LEADER: Role.CLERK}


class Fate(StrEnum):
    """What becomes of something that hangs on a unit that ends."""

    MOVE = "move"  # to the one unit that takes all of it over
    CLOSE = "close"  # nothing was entered, and that unit is asked the same itself
    STAY = "stay"  # of a period the unit lived to the end of: its own, done with by who works in it
    BOTH = "both"  # a role that would let somebody enter and approve where that is not allowed: the office says
    DECIDE = "decide"  # the office says


@dataclass(frozen=True, slots=True)
class Hanging:
    """A form not approved, or a role somebody holds, of a unit that ends."""

    what: OpenForm | HeldGrant
    unit: Unit
    heir: Unit | None
    fate: Fate
    instead_of: int | None = None  # of a form that moves: the heir's own empty one
    is_both: bool = False  # of a role that moves: its holder will enter and approve, which the heir allows

    @property
    def is_form(self) -> bool:
        """True for a form, False for a role."""
        return isinstance(self.what, OpenForm)

    @property
    def number(self) -> int:
        """The key of the form's assignment, or of the grant."""
        return self.what.assignment_id if isinstance(self.what, OpenForm) else self.what.id


@dataclass(frozen=True, slots=True)
class Ending:
    """A unit that ends or has, with the one unit that takes all of it over."""

    id: int
    unit: Unit
    heir: Unit | None

    @property
    def last(self) -> date:
        """Its last day."""
        assert self.unit.valid_to is not None
        return self.unit.valid_to

    def lapses(self, day: date) -> date:
        """Until when what was held in it is held, seen from a day: no right is taken back for days gone by."""
        return max(self.last, day - _DAY)


def ended(chronicle: Chronicle, ids: dict[UnitKey, int], day: date) -> list[Ending]:
    """The units that ended before a day, each with its heir of that day."""
    return [
        Ending(ids[key], chronicle.last(key), chronicle.heir(key, day))
        for key in chronicle.keys
        if (until := chronicle.last(key).valid_to) is not None and until < day
    ]


def found(connection: Connection, endings: Iterable[Ending], ids: dict[UnitKey, int], day: date) -> list[Hanging]:
    """Everything that hangs on units that end, with what becomes of it as seen from a day."""
    by_id = {one.id: one for one in endings}
    if not by_id:
        return []
    forms = _forms(connection, by_id, ids)
    return [*forms, *_roles(connection, by_id, ids, staying(forms), day)]


def staying(hanging: Iterable[Hanging]) -> frozenset[int]:
    """The units that have still to do with forms of their own time."""
    return frozenset(one.what.unit_id for one in hanging if one.is_form and one.fate is Fate.STAY)


# --- forms -----------------------------------------------------------------------------------------------------------


def is_its_own(form: OpenForm, unit: Unit) -> bool:
    """True of a period that was over before the unit: its figures are about that unit, whoever takes it over."""
    return unit.valid_to is not None and form.ends <= unit.valid_to


def _forms(connection: Connection, by_id: dict[int, Ending], ids: dict[UnitKey, int]) -> list[Hanging]:
    """The heir answers each form once: what holds figures goes before what is empty, also before the heir's own; where
    several hold figures nobody but the office says which goes on.
    """
    rivals: dict[tuple[int, UnitKey, str], list[OpenForm]] = {}
    forms = unit_work.open_forms(connection, frozenset(by_id))
    fates: dict[int, tuple[Fate, int | None]] = {}
    for form in forms:
        one = by_id[form.unit_id]
        if is_its_own(form, one.unit):
            fates[form.assignment_id] = (Fate.STAY, None)
        elif one.heir is not None:
            rivals.setdefault((form.opening_id, one.heir.key, form.form), []).append(form)
    for (opening_id, heir, code), claims in rivals.items():
        heir_id = ids.get(heir)
        own = unit_work.asked(connection, opening_id, heir_id, code) if heir_id is not None else None
        fates |= _claimed(claims, own)
    return [
        Hanging(form, by_id[form.unit_id].unit, by_id[form.unit_id].heir, *fates.get(form.assignment_id, _OPEN))
        for form in forms
    ]


_OPEN: tuple[Fate, int | None] = (Fate.DECIDE, None)


def _claimed(claims: list[OpenForm], own: unit_work.Asked | None) -> dict[int, tuple[Fate, int | None]]:
    """Which of the forms that would be the heir's becomes so, beside or instead of its own."""
    filled = [one for one in claims if one.state is not State.EMPTY]
    if own is None:
        moved = (filled or claims)[0] if len(filled) < 2 else None
    else:
        moved = filled[0] if len(filled) == 1 and own.is_empty else None
    fates = {}
    for one in claims:
        if one is moved:
            fates[one.assignment_id] = (Fate.MOVE, own.assignment_id if own else None)
        else:
            fates[one.assignment_id] = (Fate.CLOSE if one.state is State.EMPTY else Fate.DECIDE, None)
    return fates


# --- roles -----------------------------------------------------------------------------------------------------------

_Term = tuple[Role, date, date | None]


def _roles(
    connection: Connection, by_id: dict[int, Ending], ids: dict[UnitKey, int], busy: frozenset[int], day: date
) -> list[Hanging]:
    """Roles go on in the heir, in turn; one that would make its holder enter and approve there waits."""
    heirs = {ids[one.heir.key] for one in by_id.values() if one.heir is not None and one.heir.key in ids}
    allowing = {key for key in heirs if signing.allows_own_approval(connection, key)}
    held: dict[tuple[int, UnitKey], list[_Term]] = {}
    keys = {key: unit for unit, key in ids.items()}
    for one in grants.of_units(connection, heirs):
        if one.revoked_at is None:
            held.setdefault((one.person_id, keys[one.unit_id]), []).append((one.role, one.valid_from, one.valid_to))
    hanging = []
    for role in unit_work.grants(connection, frozenset(by_id)):
        ending = by_id[role.unit_id]
        if role.valid_to is not None and role.valid_to <= ending.lapses(day):
            continue
        if ending.heir is None:
            hanging.append(Hanging(role, ending.unit, None, Fate.DECIDE))
            continue
        known = held.setdefault((role.person_id, ending.heir.key), [])
        term = (role.role, max(role.valid_from, ending.last + _DAY), role.valid_to)
        clashes = any(_clash(one, term) for one in known)
        if clashes and ids.get(ending.heir.key) not in allowing:
            hanging.append(Hanging(role, ending.unit, ending.heir, Fate.BOTH))
            continue
        known.append(term)
        fate = Fate.STAY if role.unit_id in busy else Fate.MOVE
        hanging.append(Hanging(role, ending.unit, ending.heir, fate, is_both=clashes))
    return hanging


def would_be_both(connection: Connection, role: HeldGrant, unit_id: int, day: date) -> bool:
    """True when the role, held in a unit from a day on, lets its holder enter and approve there unasked."""
    term = (role.role, max(role.valid_from, day), role.valid_to)
    mine = (one for one in grants.of_person(connection, role.person_id) if one.unit_id == unit_id)
    clashes = any(_clash((one.role, one.valid_from, one.valid_to), term) for one in mine if one.revoked_at is None)
    return clashes and not signing.allows_own_approval(connection, unit_id)


def _clash(one: _Term, two: _Term) -> bool:
    """True of entering and approving on some of the same days."""
    (role, since, until), (other, begins, ends) = one, two
    return _RIVAL.get(role) is other and (until is None or begins <= until) and (ends is None or since <= ends)


# --- signing ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Lapse:
    """A signing capacity or a delegation that ends with its unit: who signs for the heir is said anew."""

    what: Capacity | Delegation
    unit: Unit
    last: date

    @property
    def is_capacity(self) -> bool:
        """True for a signing capacity, False for a delegation."""
        return isinstance(self.what, Capacity)


def lapsing(connection: Connection, endings: Iterable[Ending], day: date) -> list[Lapse]:
    """What would hold beyond its unit, as seen from a day."""
    by_id = {one.id: one for one in endings}
    held: list[Capacity | Delegation] = [*signing.capacities(connection, by_id)]
    held += signing.delegations(connection, by_id)
    lapses = (Lapse(one, by_id[one.unit_id].unit, by_id[one.unit_id].lapses(day)) for one in held)
    return [one for one in lapses if one.what.is_open_on(one.last + _DAY)]
