"""Approving what one entered oneself (người nhập đồng thời là người duyệt): when it may be (PRACTICE F15)."""

from __future__ import annotations

from actions.desk import Desk, NotEntitled
from registry.catalogue.model import OwnApproval
from registry.store import signing, submissions
from registry.store.definitions import Snapshot
from registry.store.engine import Connection
from registry.store.openings import Work
from registry.workflow.policy import Action, lent_by


def assert_may_approve(desk: Desk, connection: Connection, snapshot: Snapshot, work: Work, version_id: int) -> bool:
    """True when the actor had a hand in the version and may approve it all the same. Raises NotEntitled."""
    if desk.actor.person_id not in submissions.authors(connection, version_id):
        return False
    if refused := _refusal(desk, connection, snapshot, work):
        raise refused
    return True


def told_before(desk: Desk, connection: Connection, snapshot: Snapshot, work: Work, version_id: int) -> str:
    """Why the actor would be refused, said before they ask; empty when they would not."""
    try:
        assert_may_approve(desk, connection, snapshot, work, version_id)
    except NotEntitled as refused:
        return str(refused)
    return ""


def _refusal(desk: Desk, connection: Connection, snapshot: Snapshot, work: Work) -> NotEntitled | None:
    rule = snapshot.regimes[work.regime].own_approval
    unit_allows = signing.allows_own_approval(connection, work.unit_id)
    lent = lent_by(desk.actor, Action.APPROVE, work.unit_id, work.regime, work.form)
    mandate = lent is not None or signing.holds_mandate(connection, desk.actor.person_id, work.unit_id, desk.day)
    if rule.lets(unit_allows=unit_allows, has_mandate=mandate):
        return None
    if rule is OwnApproval.FORBIDDEN:
        return NotEntitled("own-entry-forbidden")
    return NotEntitled("own-entry-needs-mandate" if unit_allows else "own-entry-not-allowed")
