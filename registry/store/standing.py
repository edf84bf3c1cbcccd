"""Which vintage of a figure stands: each reporter's last word, by the order of sources; of plans one in force (F6).

A plan is in force from its decision's day on; as of a moment, on the civil day of that moment, whatever period the
report is of: a report printed with all that is known at a moment is held against the plan of that moment. Of a
period still to come it is the plan that will be in force on the period's first day.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from registry.catalogue.values import State
from registry.periods import parse
from registry.store.tables import figure
from vietnamese.dates import civil

STATES = (State.VALUE, State.NIL, State.BLANK)  # BLANK: withdrawn by a later version of the same reporter
WITHDRAWN = STATES.index(State.BLANK)
KEY = ("period_id", "series_id", "subject_id", "nature")
_LAST_SAID = ("valid_from", "vintage")  # a plan that holds from a later day replaces one loaded after it


def day_of(moment: datetime, period: str) -> date:
    """By which day a plan of a period, named by its code, must hold to be in force at a moment."""
    return max(civil(moment).date(), parse(period).first)


def is_in_force(moment: datetime, periods: Mapping[int, str]) -> ColumnElement[bool]:
    """True of vintages of `figure` that are no plan, or one in force at a moment; ``periods`` by the store's keys."""
    today = civil(moment).date()
    days = {key: day_of(moment, code) for key, code in periods.items()}
    to_come = (and_(figure.c.period_id == key, figure.c.valid_from <= day) for key, day in days.items() if day > today)
    return or_(figure.c.valid_from.is_(None), figure.c.valid_from <= today, *to_come)


def standing(heard: ColumnElement[bool]) -> Any:
    """Of the vintages heard, as a subquery, the figure that counts of each period, series, subject and nature.

    Each reporter is taken at the last word; what was withdrawn falls out; of the rest the first in the row's order
    of sources stands, among equals the last to speak.
    """
    last_word = func.row_number().over(
        partition_by=[*(figure.c[name] for name in KEY), figure.c.reporting_id],
        order_by=[figure.c[name].desc() for name in _LAST_SAID],
    )
    said = select(figure, last_word.label("said")).where(heard).subquery()
    place = func.row_number().over(
        partition_by=[said.c[name] for name in KEY],
        order_by=(said.c.authority, *(said.c[name].desc() for name in _LAST_SAID)),
    )
    kept = select(said, place.label("first")).where(said.c.said == 1, said.c.state != WITHDRAWN).subquery()
    return select(kept).where(kept.c.first == 1).subquery()
