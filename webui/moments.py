"""Moments as people type them into a page, on Vietnamese clocks."""

from __future__ import annotations

from datetime import datetime

from vietnamese.dates import HO_CHI_MINH
from webui.mishaps import BadMoment, MomentOutOfRange

_MOST_YEARS = 5  # a deadline may be ahead


def moment_of(text: str, now: datetime) -> datetime:
    """What a ``datetime-local`` field sends: a moment that is still to come. Raises BadMoment, MomentOutOfRange."""
    try:
        found = datetime.fromisoformat(text).replace(tzinfo=HO_CHI_MINH)
        is_near = now < found and found.year <= now.year + _MOST_YEARS
    except (ValueError, OverflowError):
        raise BadMoment from None
    if not is_near:
        raise MomentOutOfRange(_MOST_YEARS)
    return found
