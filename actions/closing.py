"""Closing and locking: a period (chốt, khóa kỳ), a year of a regime (khóa năm) (R47; PRACTICE F17)."""

from __future__ import annotations

from actions import checkpoints
from actions.desk import Changed, Desk, NotNow, NotYours, Refusal
from actions.instants import assert_year_open, running, tell
from registry.store import instants
from registry.workflow.period import PeriodAct, PeriodState, step
from registry.workflow.policy import Action

_NOTICES = {
    PeriodAct.CLOSE: "period-closed",
    PeriodAct.OPEN: "period-unclosed",
    PeriodAct.LOCK: "period-locked",
    PeriodAct.UNLOCK: "period-unlocked",
}
MOST_WORDS = 300  # of a document


def take(desk: Desk, opening_id: int, act: PeriodAct, reason: str = "") -> None:
    """One step of a period's table. Raises NotYours, NotNow (not from its state, year locked), Refusal, Changed."""
    with desk.change(act, f"opening {opening_id}") as change:
        here = running(desk, change.connection, opening_id)
        opening = here.opening
        assert_year_open(desk, change.connection, opening.regime, opening.period)
        found = step(opening.state, act)
        if found is None:
            raise NotNow("period-not-so")
        if found.reason and not reason.strip():
            raise Refusal("reason-needed")
        closed = None if found.target is PeriodState.OPEN else opening.closed_at or desk.moment
        locked = desk.moment if found.target is PeriodState.LOCKED else None
        known = (opening.closed_at, opening.locked_at)
        if not instants.set_state(change.connection, opening_id, known, (closed, locked)):
            raise Changed
        by = desk.actor.person_id
        kept = instants.Change(act, desk.moment, reason.strip(), desk.moment, by)
        instants.record(change.connection, opening_id, [kept])
        tell(desk, change.connection, here, _NOTICES[act], here.dues, why=reason.strip())
        change.detail |= {"reason": reason.strip()} if reason.strip() else {}
        if found.target is PeriodState.LOCKED:
            checkpoints.queue(desk, change.connection, f"lock {opening.regime} {opening.period}")


def set_year(desk: Desk, regime: str, year: int, document: str, *, is_locked: bool) -> None:
    """Lock a year of a regime, and with it every period of it, or unlock the year; by a document.

    Unlocking the year leaves its periods locked: each is unlocked by itself. Raises NotYours, NotNow (is so already),
    Refusal (no document).
    """
    desk.require(Action.LOCK_YEAR)
    document = document.strip()
    if not document or len(document) > MOST_WORDS:
        raise Refusal("year-document-needed", most=MOST_WORDS)
    with desk.change(Action.LOCK_YEAR, f"{regime} {year}") as change:
        if regime not in desk.snapshot(change.connection).regimes:
            raise NotYours
        known = instants.years(change.connection, regime).get((regime, year))
        if (known is not None and known.is_locked) == is_locked:
            raise NotNow("year-not-so")
        by = desk.actor.person_id
        instants.put_year(
            change.connection, regime, year, is_locked=is_locked, document=document, by_id=by, at=desk.moment
        )
        change.detail |= {"document": document, "is_locked": is_locked}
        for opening_id in instants.of_year(change.connection, regime, year) if is_locked else ():
            here = running(desk, change.connection, opening_id)
            known_state = (here.opening.closed_at, here.opening.locked_at)
            closed = here.opening.closed_at or desk.moment
            if not instants.set_state(change.connection, opening_id, known_state, (closed, desk.moment)):
                raise Changed
            kept = instants.Change(PeriodAct.LOCK, desk.moment, document, desk.moment, by)
            instants.record(change.connection, opening_id, [kept])
            tell(desk, change.connection, here, _NOTICES[PeriodAct.LOCK], here.dues, why=document)
