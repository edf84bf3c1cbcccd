"""A trial workbook lies with one unit before a period is opened, and the unit says what it thinks of it (R17)."""

from __future__ import annotations

import io
from typing import BinaryIO

from actions import downloads, previews
from actions.desk import Desk, NotNow, NotYours, Refusal
from registry.store import openings, trials
from registry.store.trials import About, Trial
from registry.workflow.policy import Action

LONGEST_REMARK = 1000  # characters


def send(desk: Desk, regime: str, period: str, unit: str, form: str) -> None:
    """Lay a trial workbook with a unit that will be asked; an earlier one of the same form is taken back.

    Raises NotYours, NotNow (the period is open already), Refusal.
    """
    made = previews.trial_of_period(desk, regime, period, unit, form)
    stored = desk.instance.files.put(io.BytesIO(made.data))
    with desk.change(Action.OPEN_PERIOD, f"trial {regime} {period} {unit} {form}") as change:
        if openings.find(change.connection, regime, period) is not None:
            raise NotNow("trial-over")
        unit_id = desk.snapshot(change.connection).unit_ids[unit]
        about = About(regime, period, form, unit_id)
        key = trials.put(change.connection, about, stored, made.name, desk.actor.person_id, desk.moment)
        change.detail |= {"trial": key, "sha256": stored.sha}


def withdraw(desk: Desk, trial_id: int) -> None:
    """Take a trial back. Raises NotYours, also when it lies nowhere any more."""
    allowed = desk.require(Action.OPEN_PERIOD)
    with desk.change(Action.OPEN_PERIOD, f"trial {trial_id}") as change:
        if not trials.lying(change.connection, allowed, trial_id):
            raise NotYours
        trials.withdraw(change.connection, trial_id, desk.moment)
        change.detail["withdrawn"] = True


def remark(desk: Desk, trial_id: int, text: str) -> None:
    """Tell the office what is wrong or good with a trial. Raises NotYours, Refusal."""
    allowed = desk.require(Action.UPLOAD)
    said = text.strip()
    if not 0 < len(said) <= LONGEST_REMARK:
        raise Refusal("remark-needed", most=LONGEST_REMARK)
    with desk.change("remark", f"trial {trial_id}") as change:
        if not trials.lying(change.connection, allowed, trial_id):
            raise NotYours
        trials.remark(change.connection, trial_id, said, desk.actor.person_id, desk.moment)
        change.detail["text"] = said


def fetch(desk: Desk, trial_id: int) -> tuple[Trial, BinaryIO]:
    """The workbook of a trial lying with a unit. Raises NotYours."""
    allowed = desk.require(Action.DOWNLOAD_TEMPLATE)
    with desk.read() as connection:
        found = next(iter(trials.lying(connection, allowed, trial_id)), None)
    if found is None:
        raise NotYours
    stream = desk.instance.files.open(found.sha)
    downloads.record(desk, f"trial {trial_id}", found.sha)
    return found, stream
