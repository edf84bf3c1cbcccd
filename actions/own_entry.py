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
    why = refusal(desk, connection, snapshot, work)
    if why is not None:
        raise NotEntitled(why)
    return True


def refusal(desk: Desk, connection: Connection, snapshot: Snapshot, work: Work) -> str | None:
    """Why the actor may not approve their own entry, as the copy deck's key; None when they may."""
    rule = snapshot.regimes[work.regime].own_approval
    unit_allows = signing.allows_own_approval(connection, work.unit_id)
    lent = lent_by(desk.actor, Action.APPROVE, work.unit_id, work.regime, work.form)
    mandate = lent is not None or signing.holds_mandate(connection, desk.actor.person_id, work.unit_id, desk.day)
    if rule.lets(unit_allows=unit_allows, has_mandate=mandate):
        return None
    if rule is OwnApproval.FORBIDDEN:
        return "own-entry-forbidden"
    return "own-entry-needs-mandate" if unit_allows else "own-entry-not-allowed"
