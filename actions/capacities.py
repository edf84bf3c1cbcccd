"""In what capacity somebody signs for a unit (tư cách ký): recording it and ending it (R45, F15)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from actions.desk import Changed, Desk, NotEntitled, NotYours, Refusal
from actions.grants import is_alive, person_of
from registry.store import signing
from registry.store.definitions import Snapshot
from registry.store.engine import Connection
from registry.store.signing import Capacity, NewCapacity
from registry.workflow.policy import Action
from registry.workflow.signing import Standing
from workbook_templates.official.letterhead import Signature


def record(desk: Desk, new: NewCapacity) -> int:
    """Record in what capacity somebody signs; its key. Raises NotYours, Refusal."""
    desk.require(Action.MANAGE_PEOPLE, new.unit_id)
    with desk.change("signing capacity", f"person {new.person_id}") as change:
        snapshot = desk.snapshot(change.connection)
        found = person_of(desk, change.connection, new.unit_id, new.person_id)
        if found.id == desk.actor.person_id and desk.scope(Action.MANAGE_PEOPLE).units is not None:
            raise NotEntitled("grant-to-oneself")
        _assert_in_order(snapshot, new)
        key = signing.add_capacity(change.connection, new, desk.actor.person_id, desk.moment)
        change.unit_id = new.unit_id
        change.detail |= {"capacity": key, "unit": snapshot.units_by_id[new.unit_id].code, "standing": new.standing}
        change.detail |= {"forms": new.forms, "field": new.field, "from": new.valid_from, "to": new.valid_to}
        change.detail |= {"document": new.document, "document date": new.document_date}
        return key


def _assert_in_order(snapshot: Snapshot, new: NewCapacity) -> None:
    if not is_alive(snapshot, new.unit_id):
        raise Refusal("unit-has-ended")
    if not new.title:
        raise Refusal("capacity-needs-title")
    if new.standing is not Standing.DIRECT and not new.head:
        raise Refusal("capacity-needs-head")
    if new.standing.needs_document and not (new.document and new.document_date):
        raise Refusal("mandate-needs-document")
    if new.standing is Standing.BY_MANDATE and (new.valid_to is None or not (new.field or new.forms)):
        raise Refusal("mandate-needs-bounds")
    if new.valid_to is not None and new.valid_to < new.valid_from:
        raise Refusal("ends-before-it-starts")
    if new.forms is not None and not (new.forms and set(new.forms) <= snapshot.form_versions.keys()):
        raise Refusal("unknown-form-of-grant")


def end(desk: Desk, capacity_id: int, unit_id: int) -> Capacity:
    """End a signing capacity now; its holder approves nothing it covered any more. Raises NotYours, Changed."""
    desk.require(Action.MANAGE_PEOPLE, unit_id)
    with desk.change("end signing capacity", f"capacity {capacity_id}") as change:
        known = signing.capacities(change.connection, [unit_id])
        found = next((one for one in known if one.id == capacity_id), None)
        if found is None:
            raise NotYours
        if not signing.revoke_capacity(change.connection, capacity_id, desk.moment):
            raise Changed
        change.on, change.unit_id = f"person {found.person_id}", unit_id
        change.detail |= {"capacity": capacity_id, "unit": unit_id}
        return found


_RANK = (Standing.DIRECT, Standing.ACTING, Standing.FOR, Standing.BY_ORDER, Standing.BY_MANDATE)


def signatures(
    desk: Desk, connection: Connection, unit_ids: Collection[int], forms: Collection[str]
) -> dict[int, Signature]:
    """Who signs each unit's report of some forms today, where it is on record: the head, else who stands in for him."""
    found: dict[int, Capacity] = {}
    for one in signing.capacities(connection, unit_ids):
        covers = one.forms is None or set(forms) <= set(one.forms)
        if covers and one.is_active and one.holds_on(desk.day):
            found[one.unit_id] = min(found.get(one.unit_id, one), one, key=_rank)
    return {key: Signature(one.standing, one.title, one.head, one.name) for key, one in found.items()}


def _rank(one: Capacity) -> tuple[int, date, int]:
    return _RANK.index(one.standing), one.valid_from, one.id
