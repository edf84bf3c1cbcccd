"""Moments as people type them into a page, on Vietnamese clocks."""

from __future__ import annotations

from datetime import UTC, datetime

from vietnamese.dates import HO_CHI_MINH
from webui.mishaps import BadMoment, MomentOutOfRange

_MOST_YEARS = 5  # a deadline may be ahead


def moment_of(text: str, now: datetime) -> datetime:
    """What a ``datetime-local`` field sends: a moment that is still to come. Raises BadMoment, MomentOutOfRange."""
    found = said_moment(text)
    if not (now < found and found.year <= now.year + _MOST_YEARS):
        raise MomentOutOfRange(_MOST_YEARS)
    return found


def said_moment(text: str) -> datetime:
    """What a ``datetime-local`` field sends, past or to come. Raises BadMoment."""
    try:
        found = datetime.fromisoformat(text).replace(tzinfo=HO_CHI_MINH)
        found.astimezone(UTC)  # the first and the last day there are have no other zone
    except (ValueError, OverflowError):
        raise BadMoment from None
    return found
