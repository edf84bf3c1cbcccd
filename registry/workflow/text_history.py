"""Who passed the text of a report: what the steps of its draft come to by a moment (F12)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from registry.workflow.draft import WRITTEN, DraftState, DraftStep


@dataclass(frozen=True, slots=True)
class Taken:
    """A step of a draft with the state after it."""

    step: DraftStep
    state: DraftState
    by_name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Round:
    """One round a text passed."""

    at_state: DraftState  # division | office | province: with whom it was
    by_name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class TextState:
    """The text a report of some moment prints: of which issue (0: none was passed), and the rounds it passed; where
    none was passed, the rounds the draft has behind it.
    """

    state: DraftState
    issue: int
    rounds: tuple[Round, ...]


def text_state(steps: Iterable[Taken], by: datetime) -> TextState | None:
    """What a draft's steps, oldest first, come to by a moment; None where it was not begun yet."""
    state, issue = None, 0
    run: list[Round] = []
    passed: tuple[Round, ...] = ()
    for one in steps:
        if one.at > by:
            break
        if one.step is DraftStep.APPROVE and state is not None:
            run.append(Round(state, one.by_name, one.at))
        if one.state in WRITTEN:
            run = []
        if one.state is DraftState.DONE and state is not DraftState.DONE:
            issue, passed = issue + 1, tuple(run)
        state = one.state
    return TextState(state, issue, passed or tuple(run)) if state is not None else None
