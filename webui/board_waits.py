"""What of a period waits for somebody at the office, what needs a decision first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for

from registry.workflow.policy import Action
from webui.board_lines import TO_TAKE, Board
from webui.visitor import may
from webui.wording import say


@dataclass(frozen=True, slots=True)
class Wait:
    """One thing that waits; ``key`` is that of its words in the copy deck."""

    key: str
    count: int
    address: str
    icon: str

    @property
    def text(self) -> str:
        """What is said of it."""
        return say(f"board.wait.{self.key}", count=self.count)


def waits(
    board: Board, regime: str, period: str, pleas: int, compiled_at: datetime | None, *, may_take: bool, may_chase: bool
) -> list[Wait]:
    """What the person could act on, also where nothing waits; ``compiled_at`` is the moment of the last compile."""
    here: dict[str, Any] = {"regime": regime, "period": period}
    found = []
    if may_take:
        address = url_for("board.board", state=TO_TAKE, _anchor="don-vi-ten", **here)
        found.append(Wait("take", dict(board.counts).get(TO_TAKE, 0), address, "send-check"))
    if may(Action.RUN_PERIOD):
        found.append(Wait("pleas", pleas, url_for("pleas.queue"), "clock-history"))
    if may_chase:
        found.append(Wait("late", board.owing, url_for("chasing.listing", state="late", **here), "send-fill"))
    if compiled_at is not None and may(Action.COMPILE):
        found.append(Wait("stale", board.approved_after(compiled_at), "#tong-hop", "bar-chart-line"))
    return found
