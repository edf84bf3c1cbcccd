"""The editing desk (bàn biên tập): drafts of reports, who writes which heading, and what they write (R42, F12)."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from actions.askers import OFFICE
from actions.desk import Changed, Desk, NotEntitled, NotNow, NotYours, Refusal
from actions.outlines import order_for
from registry.catalogue.forms import PROVINCE_LEVEL
from registry.catalogue.model import PROVINCE, Role
from registry.periods import parse
from registry.store import accounts, draft_copies, draft_texts, drafts, notices, openings, rights
from registry.store.definitions import Snapshot
from registry.store.draft_texts import Heading, Origin
from registry.store.drafts import Draft, NewHeading
from registry.store.engine import Connection, take_turns
from registry.store.openings import Opening
from registry.store.people import Person
from registry.workflow.draft import WRITTEN, DraftState, may_write
from registry.workflow.policy import EVERYWHERE, MATRIX, Action
from workbook_templates.outline import Place, places

MOST_TEXT = 60_000  # characters under one heading
NAMED = "draft-named"  # notice


@dataclass(frozen=True, slots=True)
class Look:
    """A draft as somebody sees it, and what he is to it."""

    draft: Draft
    headings: tuple[Heading, ...]
    is_chief: bool
    is_holder: bool
    may_run: bool
    may_edit: bool  # write in it: of the unit's house, or the province's head it is with
    may_approve: bool

    def may_write(self, heading: Heading, person_id: int) -> bool:
        """Whether he may change a heading's text now."""
        return (
            self.may_edit
            and heading.is_written
            and may_write(
                self.draft.state,
                is_owner=heading.owner_id in (None, person_id),
                is_chief=self.is_chief,
                is_holder=self.is_holder,
            )
        )


def to_begin(desk: Desk, connection: Connection) -> list[tuple[Opening, int]]:
    """Openings with an outline for whose report the actor may begin a draft that is not there yet, newest first, the
    own unit's before others'.
    """
    snapshot, home = desk.snapshot(connection), desk.actor.home
    allowed = desk.scope(Action.RUN_DRAFT)
    known = {(one.opening_id, one.unit_id) for one in drafts.listing(connection, EVERYWHERE, limit=1000)}
    found = []
    for opening in openings.all_openings(connection):
        regime = snapshot.regimes.get(opening.regime)
        for code in sorted(regime.receivers if regime else (), key=lambda code: snapshot.unit_ids.get(code) != home):
            unit_id = snapshot.unit_ids.get(code)
            if unit_id is None or (opening.id, unit_id) in known or not allowed.allows(unit_id, opening.regime):
                continue
            if places_of(desk, connection, opening, unit_id):
                found.append((opening, unit_id))
    return found


def begin(desk: Desk, opening_id: int, unit_id: int) -> int:
    """Begin the draft of a receiving unit's report, its headings from the outline, their owners from the last draft.

    Whoever begins is its chief editor; one that was begun already is found. Raises NotYours, Refusal (no outline).
    """
    with desk.change(Action.RUN_DRAFT, f"opening {opening_id} unit {unit_id}") as change:
        opening = openings.get(change.connection, opening_id)
        snapshot = desk.snapshot(change.connection)
        if opening is None or unit_id not in snapshot.units_by_id:
            raise NotYours
        desk.require(Action.RUN_DRAFT, unit_id, opening.regime)
        regime = snapshot.regimes.get(opening.regime)
        if regime is None or snapshot.units_by_id[unit_id].code not in regime.receivers:
            raise NotYours
        take_turns(change.connection, f"draft of opening {opening_id} unit {unit_id}")
        known = drafts.find(change.connection, opening_id, unit_id)
        if known is not None:
            return known.id
        found = places_of(desk, change.connection, opening, unit_id)
        if not found:
            raise Refusal("draft-no-outline")
        headings = [
            NewHeading(one.tag, one.heading, one.level, one.is_written, one.instruction, _units(snapshot, one.tag))
            for one in found
        ]
        by = desk.actor.person_id
        key = drafts.begin(change.connection, opening_id, unit_id, by, headings, desk.moment)
        _seed_owners(desk, change.connection, key)
        change.on, change.unit_id = f"draft {key}", unit_id
        change.detail["headings"] = len(headings)
        return key


def places_of(desk: Desk, connection: Connection, opening: Opening, unit_id: int) -> tuple[Place, ...]:
    """The places of the outline a unit's report follows: the province's for the office's, else the unit's own."""
    period = parse(opening.period)
    now, then = desk.snapshot(connection), desk.snapshot(connection, period.last)
    regime = then.regimes.get(opening.regime) or now.regimes.get(opening.regime)
    if regime is None:
        return ()
    if not is_of_province(now, unit_id):
        order = order_for(now, regime, now.units_by_id[unit_id], period)
        return order.places if order else ()
    outline = then.outlines.get(dict(regime.outlines).get(PROVINCE_LEVEL, ""))
    return places(outline, period, now.province) if outline else ()


def is_of_province(snapshot: Snapshot, unit_id: int) -> bool:
    """True when a unit's report is the province's own."""
    return snapshot.units_by_id[unit_id].code == OFFICE


def _units(snapshot: Snapshot, tag: str) -> tuple[str, ...]:
    """The units an outline names as owners of a heading, by the tag of its place."""
    _, code, n = tag.split(":")
    outline = snapshot.outlines.get(code)
    return outline.headings[int(n)].owners if outline else ()


def _seed_owners(desk: Desk, connection: Connection, draft_id: int) -> None:
    fresh = drafts.get(connection, draft_id)
    last = drafts.before(connection, fresh) if fresh else None
    if fresh is None or last is None:
        return
    able = {one.id for one in candidates(desk, connection, fresh.unit_id)}
    owners = {one.tag: one.owner_id for one in draft_texts.headings(connection, last.id)}
    for one in draft_texts.headings(connection, draft_id):
        if owners.get(one.tag) in able:
            draft_texts.name_owner(connection, one.id, owners[one.tag])


def candidates(desk: Desk, connection: Connection, unit_id: int, action: Action = Action.WRITE_DRAFT) -> list[Person]:
    """The active people of the unit and its divisions whose role lets them do something with a draft, by name: write a
    heading, pass it on, read it.
    """
    able = MATRIX[action].keys()
    house = {unit_id} | rights.divisions(connection, unit_id, desk.day)
    held = accounts.of_units(connection, house, desk.day)
    known = {one.person.id: one.person for some in held.values() for one in some if able & set(one.roles)}
    return sorted((one for one in known.values() if one.state == "active"), key=lambda one: one.name)


# --- looking ---------------------------------------------------------------------------------------------------------


def look(desk: Desk, connection: Connection, draft_id: int) -> Look:
    """A draft with its headings, for whoever has the right in its house today: being named in it gives none.

    The province's own people are of the house of the office's draft while it is with them, and when it is passed.
    Raises NotYours.
    """
    found = drafts.get(connection, draft_id)
    if found is None:
        raise NotYours
    mine, snapshot = desk.actor.person_id, desk.snapshot(connection)
    house = {found.unit_id} | rights.divisions(connection, found.unit_id, desk.day)
    if is_of_province(snapshot, found.unit_id) and (found.with_id == mine or found.state is DraftState.DONE):
        house |= {snapshot.unit_ids[PROVINCE]}

    def may(action: Action) -> bool:
        allowed = desk.scope(action)
        return any(allowed.allows(one, found.regime) for one in house)

    if not may(Action.SEE_DRAFT):
        raise NotYours
    return Look(
        found,
        tuple(draft_texts.headings(connection, draft_id)),
        is_chief=found.chief_id == mine,
        is_holder=found.with_id == mine,
        may_run=desk.scope(Action.RUN_DRAFT).allows(found.unit_id, found.regime),
        may_edit=may(Action.WRITE_DRAFT),
        may_approve=may(Action.APPROVE_DRAFT),
    )


def heading_of(seen: Look, n: int) -> Heading:
    """A written heading by its number. Raises NotYours."""
    found = next((one for one in seen.headings if one.n == n and one.is_written), None)
    if found is None:
        raise NotYours
    return found


@dataclass(frozen=True, slots=True)
class LastText:
    """What the report before said under a heading: as it is written, and as it was printed."""

    body: str = ""
    text: str = ""


def last_texts(connection: Connection, draft: Draft) -> dict[str, LastText]:
    """By tag, the texts the report of the period before was issued with last."""
    last = drafts.before(connection, draft)
    issued = draft_copies.issues(connection, last.id) if last else []
    return {one["tag"]: LastText(one["body"], one["text"]) for one in issued[0].texts} if issued else {}


# --- writing ---------------------------------------------------------------------------------------------------------


def name_people(
    desk: Desk,
    draft_id: int,
    chief_id: int,
    owners: Mapping[int, int | None],
    shown: Mapping[int, int | None] | None = None,
) -> None:
    """Say who is chief editor and who owns which heading, by number; they are told.

    ``shown`` tells who stood there when the names were chosen: what was left as it stood is not said. Raises NotYours,
    Refusal, Changed (somebody named another meanwhile).
    """
    with desk.change(Action.RUN_DRAFT, f"draft {draft_id}") as change:
        take_turns(change.connection, f"draft {draft_id}")
        seen = look(desk, change.connection, draft_id)
        if not seen.may_run:
            raise NotYours
        able = {one.id for one in candidates(desk, change.connection, seen.draft.unit_id)}
        wanted = {chief_id, *(one for one in owners.values() if one is not None)}
        if not wanted - {seen.draft.chief_id} <= able:
            raise Refusal("draft-not-of-unit")
        now = {one.n: one.owner_id for one in seen.headings}
        before = now if shown is None else {n: shown.get(n) for n in now}
        said = {n: owner for n, owner in owners.items() if n in now and owner != before[n]}
        if any(now[n] not in (before[n], owner) for n, owner in said.items()):
            raise Changed
        fresh = {n: owner for n, owner in said.items() if owner != now[n]}
        keys = {one.n: one.id for one in seen.headings}
        for n, owner in fresh.items():
            draft_texts.name_owner(change.connection, keys[n], owner)
        if chief_id != seen.draft.chief_id:
            drafts.name_chief(change.connection, draft_id, chief_id)
        told = {one for one in fresh.values() if one is not None}
        told |= {chief_id} if chief_id != seen.draft.chief_id else set()
        snapshot = desk.snapshot(change.connection)
        put_notice(desk, change.connection, snapshot, seen.draft, NAMED, told)
        change.unit_id = seen.draft.unit_id
        change.detail |= {"headings": len(fresh), "person": chief_id}


def write(
    desk: Desk,
    draft_id: int,
    n: int,
    seen_lock: int,
    typed: str,
    origin: Origin = Origin.TYPED,
    from_id: int | None = None,
) -> bool:
    """Keep a text under a heading, of a unit where its contribution was taken; False when nothing was changed (the
    same text again, as from a second click).

    Raises NotYours, NotEntitled (not his heading), NotNow, Refusal (too long), Changed (somebody wrote meanwhile).
    """
    body = cleaned(typed)
    with desk.read() as connection:
        if heading_of(look(desk, connection, draft_id), n).body == body:
            return False
    with desk.change(Action.WRITE_DRAFT, f"draft {draft_id}") as change:
        take_turns(change.connection, f"draft {draft_id}")
        seen = look(desk, change.connection, draft_id)
        heading = heading_of(seen, n)
        assert_writable(desk, seen, heading)
        by = desk.actor.person_id
        if not draft_texts.save(change.connection, heading.id, seen_lock, body, origin, by, desk.moment, from_id):
            raise Changed
        change.unit_id = seen.draft.unit_id
        change.detail |= {"heading": heading.title, "text_origin": origin.value, "saved": seen_lock + 1}
        change.detail |= {"unit": from_id} if from_id else {}
        return True


def cleaned(body: str) -> str:
    """A text as it is kept: NFC, one kind of line end, no more than one blank line. Raises Refusal (too long)."""
    lines = unicodedata.normalize("NFC", body).replace("\r\n", "\n").split("\n")
    text = "\n".join(line.rstrip() for line in lines).strip()
    while "\n\n\n" in text:
        text = text.replace("\n\n\n", "\n\n")
    if len(text) > MOST_TEXT:
        raise Refusal("draft-too-long", most=MOST_TEXT)
    return text


def assert_writable(desk: Desk, seen: Look, heading: Heading) -> None:
    """Raises NotNow (submitted, or passed), NotEntitled (another's heading, another unit's draft)."""
    if seen.may_write(heading, desk.actor.person_id):
        return
    if not seen.may_edit:
        raise NotEntitled("draft-only-anybody")
    if seen.draft.state in WRITTEN:
        raise NotEntitled("draft-not-your-heading", owner=heading.owner or "")
    raise NotNow("draft-submitted")


def put_notice(
    desk: Desk, connection: Connection, snapshot: Snapshot, draft: Draft, kind: str, people: set[int], why: str = ""
) -> None:
    """Tell people of a draft who may still read it, but not whoever acts."""
    able = {one.id for one in candidates(desk, connection, draft.unit_id, Action.SEE_DRAFT)}
    able |= accounts.holders(connection, Role.OFFICE, snapshot.unit_ids[OFFICE], desk.day)
    if is_of_province(snapshot, draft.unit_id):
        able |= accounts.holders(connection, Role.LEADER, snapshot.unit_ids[PROVINCE], desk.day)
    values = {"name": snapshot.regimes[draft.regime].name, "period": draft.period, "why": why}
    notices.put(connection, (people & able) - {desk.actor.person_id}, kind, f"draft {draft.id}", values, desk.moment)
