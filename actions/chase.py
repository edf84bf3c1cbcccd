"""Chasing who is late (đôn đốc, R30, F18): labels, the list of those who owe, reminding them all at once."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence, Set
from dataclasses import replace
from enum import StrEnum

from actions import events
from actions.capacities import signatures
from actions.desk import Desk, NotYours, Refusal
from actions.made import Made
from compile import chase
from compile.chase import ChaseList, Contact, Owing
from registry.catalogue.model import Role
from registry.periods import parse
from registry.store import addressees, board, contacts, labels, notices, openings
from registry.store.board import Square
from registry.store.definitions import Snapshot
from registry.store.engine import Connection
from registry.store.notices import New
from registry.store.openings import Opening
from registry.workflow.policy import Action
from registry.workflow.submission import State
from registry.workflow.timeliness import Arrival, judged
from vietnamese.dates import format_due

LONGEST = 100  # letters of a label
_CALLED = (Role.CLERK, Role.LEADER, Role.UNIT_ADMIN)


class Paper(StrEnum):
    """As what the list is taken away."""

    LETTER = "docx"
    WORKBOOK = "xlsx"


def label(desk: Desk, regime: str, period: str, unit_ids: Set[int], text: str) -> None:
    """Put a label on units of a period, an empty one to take it off. Raises NotYours, Refusal."""
    said = " ".join(text.split())
    if len(said) > LONGEST:
        raise Refusal("label-too-long", most=LONGEST)
    with desk.change(Action.CHASE, f"{regime} {period}") as change:
        opening = openings.find(change.connection, regime, period)
        if opening is None or not unit_ids:
            raise NotYours
        allowed = desk.require(Action.CHASE)
        asked = openings.asked_units(change.connection, opening.id)
        if not all(one in asked and allowed.allows(one, regime) for one in unit_ids):
            raise NotYours
        labels.put(change.connection, opening.id, unit_ids, said, desk.actor.person_id, desk.moment)
        known = desk.snapshot(change.connection).units_by_id
        change.detail |= {"label": said, "units": sorted(known[one].code for one in unit_ids)}
        change.unit_id = next(iter(unit_ids)) if len(unit_ids) == 1 else None


def gather(desk: Desk, opening: Opening, only: Set[int] | None = None) -> ChaseList:
    """Those of a period (of some units) who have still to send, without anybody's number. Raises NotYours."""
    with desk.read() as connection:
        return _gathered(desk, connection, opening, only)


def take_away(desk: Desk, opening: Opening, only: Set[int], paper: Paper) -> Made:
    """The công văn, or the list with the people to call, noted in the audit log. Raises NotYours, Refusal."""
    with desk.read() as connection:
        chased = _gathered(desk, connection, opening, only)
        if paper is Paper.WORKBOOK:
            chased = _with_contacts(desk, connection, chased)
    if not chased.lines:
        raise Refusal("nobody-to-chase")
    data = (chase.document if paper is Paper.LETTER else chase.workbook)(chased)
    made = Made(chased.issuer.code, opening.period, f"don-doc_{opening.regime}_{opening.period}.{paper}", data)
    said = {"units": len(chased.lines), "kind": paper, "sha256": made.sha256}
    desk.instance.journal.write(desk, Action.CHASE, f"{opening.regime} {opening.period}", said)
    return made


def remind(desk: Desk, opening: Opening, only: Set[int]) -> int:
    """Tell everybody of the units on the list what is still to be sent; how many units. Raises NotYours, Refusal."""
    desk.require(Action.REMIND)
    with desk.change(Action.REMIND, f"{opening.regime} {opening.period}") as change:
        chased = _gathered(desk, change.connection, opening, only, Action.REMIND)
        if not chased.lines:
            raise Refusal("nobody-to-chase")
        theirs = _people(desk, change.connection, chased, _CALLED)
        about = {"period": opening.period, "regime": chased.regime.name, "issuer": chased.issuer.name}
        new = []
        for one in chased.lines:
            values = {"unit": one.unit.name, "missing": one.what, "due": format_due(one.due_at), **about}
            on = f"opening {opening.id} unit {one.unit_id}"
            new.append(New(theirs[one.unit_id], events.CHASED, on, values))
        notices.settle_all(change.connection, (events.CHASED,), [one.object for one in new], desk.moment)
        notices.put_all(change.connection, new, desk.moment)
        change.detail |= {"units": sorted(one.unit.code for one in chased.lines)}
    return len(chased.lines)


def _gathered(
    desk: Desk, connection: Connection, opening: Opening, only: Set[int] | None, action: Action = Action.CHASE
) -> ChaseList:
    allowed = desk.require(action)
    if not any(place.regime in (None, opening.regime) for place in allowed.places):
        raise NotYours
    snapshot = desk.snapshot(connection)
    rule = snapshot.regimes[opening.regime]
    squares = board.squares(connection, allowed, opening.id, snapshot.unit_ids[rule.lead])
    noted = labels.of_opening(connection, opening.id)
    issuer_id = next(grant.unit_id for grant in desk.actor.grants if grant.gives(action))
    lines = [
        one if not (said := noted.get(one.unit_id)) else replace(one, label=said[0].text)
        for one in _owing(desk, snapshot, rule.forms, squares)
        if only is None or one.unit_id in only
    ]
    return ChaseList(
        regime=rule,
        period=parse(opening.period),
        as_of=desk.moment,
        issuer=snapshot.units_by_id[issuer_id],
        province=snapshot.province,
        signature=signatures(desk, connection, [issuer_id], ()).get(issuer_id),
        lines=tuple(sorted(lines, key=lambda one: one.unit.order)),
        is_sample=desk.instance.is_sample(connection),
    )


def _owing(desk: Desk, snapshot: Snapshot, forms: Sequence[str], squares: Sequence[Square]) -> Iterator[Owing]:
    of_unit: dict[int, list[Square]] = {}
    for one in squares:
        of_unit.setdefault(one.unit_id, []).append(one)
    place = {form: n for n, form in enumerate(forms)}
    for unit_id, mine in of_unit.items():
        sending = mine[0].sending
        if sending.owed_until is not None:
            is_overdue = judged(sending, desk.moment, snapshot.calendar).arrival is Arrival.MISSING
            missing = (one.form for one in mine if one.state != State.APPROVED)
            owed = sorted(missing, key=lambda form: place.get(form, len(place)))
            yield Owing(snapshot.units_by_id[unit_id], unit_id, tuple(owed), sending.owed_until, is_overdue)


def _people(desk: Desk, connection: Connection, chased: ChaseList, roles: Collection[Role]) -> dict[int, set[int]]:
    units = [one.unit_id for one in chased.lines]
    return addressees.of_units(connection, roles, units, desk.day, chased.regime.code)


def _with_contacts(desk: Desk, connection: Connection, chased: ChaseList) -> ChaseList:
    theirs = {role: _people(desk, connection, chased, (role,)) for role in _CALLED}
    known = contacts.of_people(connection, set().union(*(some for of in theirs.values() for some in of.values())))

    def called(unit_id: int) -> tuple[Contact, ...]:
        mine = [(known[one], role) for role in _CALLED for one in theirs[role][unit_id]]
        mine.sort(key=lambda one: (one[0].name, one[0].id))
        return tuple(Contact(role, one.name, one.position, one.phone) for one, role in mine)

    return replace(chased, lines=tuple(replace(one, contacts=called(one.unit_id)) for one in chased.lines))
