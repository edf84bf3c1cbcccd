"""From where on a figure is asked about: every bound that is a matter of judgement, in one place.

``ingest.scale`` compares with the few figures that a verdict's background holds, ``ingest.plausibility`` with a unit's
experience of many periods, which allows narrower bounds and smaller factors. How what is usual follows from experience
is statistics, and stands with it in ``ingest.experience``.
"""

from __future__ import annotations

from math import log
from typing import NamedTuple

# --- a wrong scale ---------------------------------------------------------------------------------------------------

SPREAD = 4  # so many times a figure may have moved besides, where a few figures are known


class WrongScale(NamedTuple):
    """A factor people go wrong by: another measure, a zero too many or too few."""

    times: int
    figures: bool  # looked for beside a few known figures
    shares: bool  # the same of figures in percent: a share of one, or percent of percent
    experienced: float  # beside experience: how many times the figure meant may be from it; 0: not looked for


SCALES = (
    WrongScale(10, False, False, 1.35),
    WrongScale(100, False, True, 2.46),
    WrongScale(1_000, True, False, 2.46),
    WrongScale(1_000_000, True, False, 0),
)
THOUSANDS = tuple(one.times for one in SCALES if one.figures)
HUNDRED = tuple(one.times for one in SCALES if one.shares)
EXPERIENCED = {
    one.times: log(one.experienced) for one in reversed(SCALES) if one.experienced
}  # distances of logarithms
BESIDE_USUAL = 1.3  # so many times beyond what was ever usual a figure may be meant to lie
FEWEST_COUNTED = 5  # counted things: of fewer, no factor tells anything
USUAL_INDEX = 100  # of an index or a share nothing is known of

# --- figures out of the ordinary -------------------------------------------------------------------------------------

SMALL = 50  # smallest steps of a cell: below, chance alone moves a figure by as much as a mistake does
FEW = 4  # known figures, from which a unit is compared with itself alone
RARE = 3  # nothing in one period of so many: what breaks out here and there
STEADY_FLOW = 4  # times the figure of the period before within which a flow is not looked at again
OFFICIAL = 1.49  # times the estimate within which an official figure lies
STRONG = 2  # times beyond a limit: what must be explained
UNLIKE_WIDTHS, UNLIKE = 5, 20  # from the middle of units alike: standard deviations, and at least so many times

# --- two digits that changed places ----------------------------------------------------------------------------------

JUMP = 0.05  # the least part a figure must be off to be asked whether two digits changed places
MEANT = 0.01  # how near, then, the one with the digits put back must be: distance of logarithms
CLOSE = 0.1  # the same where it would make an unusual figure a usual one

# --- the same figure twice -------------------------------------------------------------------------------------------

TELLING_DIGITS = 4  # zeros at the end not counted; fewer repeat by chance
FEWEST_SAME = 5  # cells that two units can hardly share by chance
