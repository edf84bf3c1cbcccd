"""The instants of a period's life, each change of them on record: deadlines, reception, closing, locking (R28, R47)."""

from __future__ import annotations

EXTEND = "extend"  # more time, for everybody or some
OUTAGE = "outage"  # of a first deadline: the minutes the server was not ready
OUTAGE_EXTENDED = "outage-extended"  # the same of a deadline that had been extended
RETURN = "return"  # the receiver sent a report back and named a moment for it
MOVING = (EXTEND, OUTAGE, OUTAGE_EXTENDED)  # what moves the deadline a first sending is measured by
