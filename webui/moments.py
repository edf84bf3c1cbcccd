"""Moments as people type them into a page, on Vietnamese clocks."""

from __future__ import annotations

from datetime import datetime

from vietnamese.dates import HO_CHI_MINH
from webui.mishaps import BadMoment, MomentOutOfRange

_MOST_YEARS = 5  # a deadline may be ahead


def moment_of(text: str, now: datetime) -> datetime:
    """What a ``datetime-local`` field sends: a moment that is still to come. Raises BadMoment, MomentOutOfRange."""
    found = _parsed(text)
    if not (now.year <= found.year <= now.year + _MOST_YEARS and now < found):
        raise MomentOutOfRange(_MOST_YEARS)
    return found


def said_moment(text: str, now: datetime) -> datetime:
    """What a ``datetime-local`` field sends: a moment of the last years, or to come. Raises BadMoment."""
    found = _parsed(text)
    if abs(found.year - now.year) > _MOST_YEARS:
        raise BadMoment
    return found


def _parsed(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=HO_CHI_MINH)
    except ValueError:
        raise BadMoment from None
