"""Entry on behalf of a unit (nhập thay, F23): its document first, then its figures, approved by who leads the regime.

Units that will not sign in answer by a document (công văn). Whoever enters what it says stands in for the unit on that
one form; nobody of the unit is taken to have approved it (docs/decisions/0021).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import BinaryIO

from actions import downloads, steps
from actions.desk import Desk, NotEntitled, NotNow, NotYours, Refusal, say
from actions.letters import Enclosed
from registry.catalogue.model import Role, UnitKind
from registry.store import behalf, grants, notices, openings, people, submissions, uploads
from registry.store.behalf import Behalf, NewBehalf
from registry.store.definitions import Snapshot
from registry.store.engine import Connection
from registry.store.openings import Work
from registry.store.submissions import Version
from registry.workflow.policy import EVERYWHERE, Action, Scope, StandIn, Where
from registry.workflow.submission import State
from vietnamese.dates import format_date

ENTERED = "entered-on-behalf"  # what the unit's people are told
MOST_LETTERS, MOST_WORDS = 100, 500  # characters of a document's number; of its summary, and of a reason
_SEES = frozenset({Action.SEE_SUBMISSION, Action.SEE_UPLOAD, Action.DOWNLOAD_TEMPLATE})
_ENTERS = _SEES | {Action.UPLOAD, Action.SUBMIT, Action.WITHDRAW}
_DECIDES = _SEES | {Action.APPROVE, Action.RETURN, Action.TAKE_BACK, Action.REMARK}
_HANDS_IN = (Role.CLERK, Role.LEADER)  # without either, nobody of the unit enters or approves


@dataclass(frozen=True, slots=True)
class Document:
    """What was said of the document a unit answered with, as typed."""

    number: str = ""
    dated: date | None = None
    summary: str = ""
    reason: str = ""


class Incomplete(Refusal):
    """Something about the document is missing or wrong; ``fields`` say what, all at once."""

    def __init__(self, fields: dict[str, str]) -> None:
        self.fields = fields
        super().__init__("behalf-incomplete", why=" ".join(fields.values()))


@dataclass(frozen=True)
class Case:
    """A form asked of a unit, for whoever may enter it on the unit's behalf."""

    work: Work
    document: Behalf | None  # laid down last
    is_manned: bool  # the unit has people of its own: a reason is wanted
    can_enter: bool  # the state and the period allow it now


# --- who may --------------------------------------------------------------------------------------------------------


def manned(desk: Desk, connection: Connection) -> frozenset[int]:
    """Units of which, or of whose divisions (phòng, ban), somebody active may enter or approve today."""
    held, snapshot = people.roles_held(connection, desk.day), desk.snapshot(connection)
    able = (unit_id for unit_id, roles in held.items() if not roles.isdisjoint(_HANDS_IN))
    return frozenset(one for unit_id in able for one in _with_its_house(snapshot, unit_id))


def _with_its_house(snapshot: Snapshot, unit_id: int) -> Iterator[int]:
    yield unit_id
    unit = snapshot.units_by_id.get(unit_id)
    if unit is not None and unit.kind is UnitKind.DIVISION and (above := snapshot.unit_ids.get(unit.parent or "")):
        yield from _with_its_house(snapshot, above)


def case(desk: Desk, connection: Connection, assignment_id: int) -> Case:
    """One form. Raises NotYours; NotNow where the unit has people and that is not the actor's to pass over."""
    found = openings.work(connection, desk.require(Action.ENTER_ON_BEHALF), assignment_id=assignment_id)
    if not found:
        raise NotYours
    work = found[0]
    is_manned = work.unit_id in manned(desk, connection)
    if is_manned and not _allows(desk, Action.ENTER_FOR_ABSENT, work):
        raise NotNow("behalf-has-people")
    can_enter = steps.is_possible(work, Action.UPLOAD, desk.moment)
    return Case(work, behalf.newest(connection, assignment_id), is_manned, can_enter)


def to_enter(desk: Desk, connection: Connection, unit_id: int | None = None) -> list[Work]:
    """The open forms of units that have nobody, which the actor may enter; of one unit when named, whoever it has."""
    allowed = desk.scope(Action.ENTER_ON_BEHALF)
    if allowed.is_empty:
        return []
    wanted = frozenset({unit_id}) if unit_id is not None else frozenset(desk.snapshot(connection).units_by_id)
    if unit_id is None or desk.scope(Action.ENTER_FOR_ABSENT).is_empty:
        wanted -= manned(desk, connection)
    works = openings.work(connection, _within(allowed, wanted))
    return [one for one in works if one.is_open_at(desk.moment)]


def to_approve(desk: Desk, connection: Connection) -> list[Work]:
    """The forms entered on behalf of units that wait for the actor's approval."""
    allowed = desk.scope(Action.APPROVE_ON_BEHALF)
    entered = behalf.of_newest(connection, allowed)
    if not entered:
        return []
    found = openings.work(connection, allowed)
    return [one for one in found if one.state is State.PENDING and one.assignment_id in entered]


def _within(allowed: Scope, wanted: frozenset[int]) -> Scope:
    return Scope.of(replace(one, units=wanted if one.units is None else one.units & wanted) for one in allowed.places)


def _allows(desk: Desk, action: Action, work: Work) -> bool:
    return desk.scope(action).allows(work.unit_id, work.regime, work.form)


# --- the document ---------------------------------------------------------------------------------------------------


def lay_down(desk: Desk, assignment_id: int, told: Document, enclosed: Enclosed | None) -> None:
    """Lay down the document the unit answered with; from then on its figures may be entered for it.

    Whoever has an account of the unit is told. Raises NotYours, NotNow, Incomplete.
    """
    with desk.change(Action.ENTER_ON_BEHALF, f"assignment {assignment_id}") as change:
        found = case(desk, change.connection, assignment_id)
        if not found.work.is_open_at(desk.moment):
            raise NotNow("reception-closed")
        if not found.can_enter:
            raise NotNow("behalf-not-now")
        fields = dict(_lacks(desk, found, told, enclosed))
        if fields or enclosed is None or told.dated is None:
            raise Incomplete(fields)
        work = found.work
        acting = _acting_unit(desk, work)
        name = desk.snapshot(change.connection).units_by_id[acting].name
        reason = told.reason if found.is_manned else ""
        new = NewBehalf(assignment_id, acting, told.number, told.dated, told.summary, reason)
        letter = uploads.receive(
            change.connection,
            desk.instance.files.find(enclosed.sha),
            uploads.LETTER,
            enclosed.name,
            desk.actor.person_id,
            work.unit_id,
            desk.channel,
            desk.moment,
            assignment_id=assignment_id,
            behalf_id=behalf.put(change.connection, new, desk.actor.person_id, desk.moment),
        )
        said = words(told.number, told.dated)
        change.detail |= {"behalf": said, "sha256": enclosed.sha, "upload": letter, "acting": name}
        change.detail |= {"reason": reason} if reason else {}
        _tell(desk, change.connection, work, said, reason or say("behalf.nobody"))


def _lacks(desk: Desk, found: Case, told: Document, enclosed: Enclosed | None) -> Iterator[tuple[str, str]]:
    if not any(one.isdigit() for one in told.number) or len(told.number) > MOST_LETTERS:
        yield "number", say("behalf.number", most=MOST_LETTERS)
    if told.dated is None or told.dated > desk.day:
        yield "dated", say("behalf.dated")
    if enclosed is None:
        yield "file", say("behalf.file")
    if len(told.summary) > MOST_WORDS:
        yield "summary", say("behalf.summary", most=MOST_WORDS)
    if found.is_manned and not 0 < len(told.reason) <= MOST_WORDS:
        yield "reason", say("behalf.reason", most=MOST_WORDS)


def words(number: str, dated: date) -> str:
    """A document as it is quoted: ``12/CV-CT, 05/10/2026``."""
    return f"{number}, {format_date(dated)}"


def _acting_unit(desk: Desk, work: Work) -> int:
    """In whose name the actor enters: the unit of the grant that allows it, the chosen one first."""
    units = [
        one.unit_id
        for one in desk.actor.grants
        if any(place.allows(work.unit_id, work.regime, work.form) for place in one.places(Action.ENTER_ON_BEHALF))
    ]
    return desk.actor.acting_unit if desk.actor.acting_unit in units else units[0]


def _tell(desk: Desk, connection: Connection, work: Work, said: str, reason: str) -> None:
    held = grants.of_units(connection, frozenset({work.unit_id}))
    told = {one.person_id for one in held if one.is_active and one.holds_on(desk.day)}
    values = {"form": work.form, "period": work.period, "document": said, "why": reason}
    notices.put(connection, told, ENTERED, f"assignment {work.assignment_id}", values, desk.moment)


def fetch(desk: Desk, assignment_id: int, key: int) -> tuple[Behalf, BinaryIO]:
    """A document laid down for a form, for whoever sees the form. Raises NotYours."""
    with desk.read() as connection:
        works = openings.work(connection, desk.require(Action.SEE_SUBMISSION), assignment_id=assignment_id)
        found = behalf.get(connection, key) if works else None
    if found is None or found.assignment_id != assignment_id or not found.is_kept:
        raise NotYours
    stream = desk.instance.files.open(found.letter_sha)
    downloads.record(desk, f"upload {found.letter_id}", found.letter_sha)
    return found, stream


# --- standing in ----------------------------------------------------------------------------------------------------


def at_assignment(desk: Desk, assignment_id: int) -> Desk:
    """The desk as it is for one form: where a document is laid down, who may stands in for the unit."""
    return _at(desk, lambda _: assignment_id)


def at_upload(desk: Desk, number: int) -> Desk:
    """The same for a file that was sent on a unit's behalf: seen whatever the unit sent since."""
    return _at(desk, lambda connection: behalf.of_upload(connection, number), Action.SEE_UPLOAD)


def at_receipt(desk: Desk, number: int) -> Desk:
    """The same for what was handed in on a unit's behalf: seen whatever the unit handed in since."""
    return _at(desk, lambda connection: behalf.of_receipt(connection, number), Action.SEE_SUBMISSION)


def at_report(desk: Desk, opening_id: int, unit_id: int) -> Desk:
    """The desk as it is for a unit's whole report: every form of it was entered on behalf of a unit that has nobody, or
    whose people are away. One that has people again sends its report itself.
    """
    allowed = desk.scope(Action.APPROVE_ON_BEHALF)
    if allowed.is_empty:
        return desk
    with desk.read() as connection:
        works = openings.work(connection, EVERYWHERE, opening_id=opening_id, unit_id=unit_id)
        entered = behalf.of_newest(connection, allowed, assignment_ids=[one.assignment_id for one in works])
        if not works or len(entered) < len(works):
            return desk
        if not all(one.reason for one in entered.values()) and unit_id in manned(desk, connection):
            return desk
    first, last = works[0], max(entered.values(), key=lambda one: one.id)
    place = Where(frozenset({unit_id}), first.regime)
    return _standing(desk, last, place, _SEES | {Action.SEND_REPORT})


def _at(desk: Desk, assignment_of: Callable[[Connection], int | None], *itself: Action) -> Desk:
    reached = Scope.of(
        place for action in (Action.ENTER_ON_BEHALF, Action.APPROVE_ON_BEHALF) for place in desk.scope(action).places
    )
    if reached.is_empty:
        return desk
    with desk.read() as connection:
        works = openings.work(connection, reached, assignment_id=assignment_of(connection) or 0)
        document = behalf.newest(connection, works[0].assignment_id) if works else None
        if document is None:
            return desk
        work = works[0]
        entered = behalf.of_newest(connection, EVERYWHERE, assignment_ids=[work.assignment_id])
        actions = frozenset((*itself, *_lent(desk, connection, work, document, is_entered=bool(entered))))
    place = Where(frozenset({work.unit_id}), work.regime, work.form)
    return _standing(desk, document, place, actions) if actions else desk


def _lent(desk: Desk, connection: Connection, work: Work, document: Behalf, *, is_entered: bool) -> Iterator[Action]:
    """What the actor may do on a form as one of its unit's: entering only while the unit's own people have none of it
    before their leader or approved, approving and seeing only what was entered so.
    """
    if _allows(desk, Action.ENTER_ON_BEHALF, work):
        is_theirs = work.state in (State.PENDING, State.APPROVED) and not is_entered
        absent = bool(document.reason) and _allows(desk, Action.ENTER_FOR_ABSENT, work)
        if not is_theirs and (absent or work.unit_id not in manned(desk, connection)):
            yield from _ENTERS
        elif is_entered:
            yield from _SEES
    if is_entered and _allows(desk, Action.APPROVE_ON_BEHALF, work):
        yield from _DECIDES


def _standing(desk: Desk, document: Behalf, place: Where, actions: frozenset[Action]) -> Desk:
    return replace(desk, stands_in=StandIn(document.id, place, actions, words(document.number, document.dated)))


# --- deciding -------------------------------------------------------------------------------------------------------


def assert_may_decide(desk: Desk, connection: Connection, version: Version) -> Behalf | None:
    """The document a version was entered by on its unit's behalf; None for the unit's own, which its leader decides on.

    Raises NotEntitled: by the leader of the unit, and by whoever had a hand in the entry.
    """
    found = behalf.of_versions(connection, [version.id]).get(version.id)
    if found is None:
        return None
    if desk.stands_in is None or Action.APPROVE not in desk.stands_in.actions:
        raise NotEntitled("behalf-not-by-the-unit")
    if desk.actor.person_id in submissions.authors(connection, version.id) | {found.by_id}:
        raise NotEntitled("behalf-own-entry")
    return found
