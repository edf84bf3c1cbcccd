"""Announcing something to everybody for a time (thông báo chung)."""

from __future__ import annotations

from actions.desk import Desk, NotNow, Refusal
from registry.store import announcements
from registry.store.announcements import New
from registry.store.engine import take_turns
from registry.workflow.policy import Action

MOST = 300  # characters
TONES = ("message", "warning", "danger")


def announce(desk: Desk, new: New) -> int:
    """Show words on top of every page until each person puts them away; their number. Raises NotYours, Refusal."""
    desk.require(Action.TELL)
    text = " ".join(new.text.split())
    if not 0 < len(text) <= MOST or new.tone not in TONES:
        raise Refusal("announcement-text", most=MOST)
    if new.ends_at <= max(new.starts_at, desk.moment):
        raise Refusal("announcement-time")
    with desk.change("announce", "announcement") as change:
        made = New(text, new.tone, new.starts_at, new.ends_at)
        key = announcements.put(change.connection, made, desk.actor.person_id, desk.moment)
        change.on = f"announcement {key}"
        change.detail |= {"text": text, "from": new.starts_at.isoformat(), "until": new.ends_at.isoformat()}
    return key


def withdraw(desk: Desk, key: int) -> None:
    """Show it no longer. Raises NotYours, NotNow."""
    desk.require(Action.TELL)
    with desk.change("withdraw announcement", f"announcement {key}") as change:
        if not announcements.withdraw(change.connection, key, desk.moment):
            raise NotNow("announcement-over")


def put_away(desk: Desk, key: int) -> None:
    """The person at the desk has read it."""
    with desk.instance.store.write() as connection:
        take_turns(connection, f"announcement {key} {desk.actor.person_id}")
        announcements.put_away(connection, key, desk.actor.person_id, desk.moment)
