"""What a dashboard (bảng điều hành) shows: panels of indicators, what they are held against, and what clashes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from registry.catalogue.forms import Definitions
from registry.catalogue.model import Accumulation, Aggregation, Frequency, Indicator, RowNature

MOST_PANELS, LONGEST_TITLE = 12, 120
LONGEST_SPAN = 36
_FORMAT = 1


class Kind(StrEnum):
    """Kinds of panel a unit's administrator may choose."""

    TREND = "trend"
    COMPARISON = "comparison"
    RANKING = "ranking"
    SHARE = "share"
    TILES = "tiles"
    TABLE = "table"


class Extent(StrEnum):
    """Whose figures a panel shows."""

    OWN = "own"  # the unit the dashboard is of
    PROVINCE = "province"
    UNIT = "unit"  # one named
    COMMUNES = "communes"  # each of them
    GROUP = "group"  # the communes of one group of units, each
    GROUPS = "groups"  # the groups of a set, each added up

    @property
    def is_several(self) -> bool:
        """True where each of many is shown."""
        return self in (Extent.COMMUNES, Extent.GROUP, Extent.GROUPS)

    @property
    def is_named(self) -> bool:
        """True where the panel names a unit, a group or a set."""
        return self in (Extent.UNIT, Extent.GROUP, Extent.GROUPS)


class Against(StrEnum):
    """What figures are held against."""

    PLAN = "plan"
    SAME_PERIOD = "same-period"
    PREVIOUS = "previous"


@dataclass(frozen=True, slots=True)
class Panel:
    """One chart; ``of`` names the unit (code), the group ("phia=Khu vực phía Tây") or the set ("phia")."""

    kind: Kind
    indicators: tuple[str, ...]
    extent: Extent = Extent.OWN
    of: str = ""
    frequency: Frequency = Frequency.MONTH
    span: int = 12  # periods of a trend
    to_date: bool = False  # lũy kế instead of the period alone
    against: frozenset[Against] = frozenset()
    title: str = ""  # empty: named by its indicators
    top: int = 10
    report: str = ""  # code of the regime whose compiled report it is put into


@dataclass(frozen=True, slots=True)
class Dashboard:
    """The panels of a dashboard in order."""

    title: str
    panels: tuple[Panel, ...] = ()


class Clash(StrEnum):
    """Why a panel cannot be drawn; each has a sentence of its own that says what to do instead."""

    NO_INDICATOR = "no-indicator"
    UNKNOWN_INDICATOR = "unknown-indicator"
    TOO_MANY = "too-many"
    ONE_INDICATOR = "one-indicator"
    MEASURES_DIFFER = "measures-differ"
    NOT_ADDED = "not-added"
    NO_SHARE = "no-share"
    NEEDS_SEVERAL = "needs-several"
    NEEDS_ONE = "needs-one"
    NEEDS_COMMUNES = "needs-communes"
    NEEDS_COMPARISON = "needs-comparison"
    ALONE_COMPARED = "alone-compared"
    NO_COMPARISON = "no-comparison"
    NO_TO_DATE = "no-to-date"
    PLAN_OF_YEAR = "plan-of-year"
    PREVIOUS_TO_DATE = "previous-to-date"
    SPAN = "span"
    NOT_NAMED = "not-named"


_MOST = {Kind.TREND: 4, Kind.COMPARISON: 8, Kind.TABLE: 10}
_BY_UNIT = (Kind.RANKING, Kind.SHARE, Kind.TILES)
FREQUENCIES = (Frequency.MONTH, Frequency.QUARTER, Frequency.YEAR)


def clashes(panel: Panel, definitions: Definitions) -> list[Clash]:
    """Everything that keeps a panel from being drawn, in the order it is worth mending."""
    if not panel.indicators:
        return [Clash.NO_INDICATOR]
    if any(code not in definitions.indicators for code in panel.indicators):
        return [Clash.UNKNOWN_INDICATOR]
    chosen = [definitions.indicators[code] for code in panel.indicators]
    found = [*_of_number(panel), *_of_extent(panel), *_of_figures(panel, chosen, definitions), *_of_comparison(panel)]
    return list(dict.fromkeys(found))


def _of_number(panel: Panel) -> Iterator[Clash]:
    if panel.kind in _BY_UNIT and len(panel.indicators) > 1:
        yield Clash.ONE_INDICATOR
    elif len(panel.indicators) > _MOST.get(panel.kind, 1):
        yield Clash.TOO_MANY
    if panel.kind is Kind.TREND and not 1 < panel.span <= LONGEST_SPAN:
        yield Clash.SPAN


def _of_extent(panel: Panel) -> Iterator[Clash]:
    if panel.extent.is_named and not panel.of:
        yield Clash.NOT_NAMED
    if panel.kind is Kind.TILES and panel.extent is not Extent.COMMUNES:
        yield Clash.NEEDS_COMMUNES
    elif panel.kind in _BY_UNIT and not panel.extent.is_several:
        yield Clash.NEEDS_SEVERAL
    elif panel.kind in (Kind.TREND, Kind.COMPARISON) and panel.extent.is_several:
        yield Clash.NEEDS_ONE


def _of_figures(panel: Panel, chosen: list[Indicator], definitions: Definitions) -> Iterator[Clash]:
    """What the figures themselves forbid: adding ratios, a share of an index, a running total of what has none."""
    if panel.kind is Kind.SHARE and any(not has_share(one) for one in chosen):
        yield Clash.NO_SHARE
    elif panel.extent is Extent.GROUPS and any(not is_added(one) for one in chosen):
        yield Clash.NOT_ADDED
    measures = [definitions.measures[one.measure] for one in chosen]
    if panel.kind is Kind.TREND and len({one.dimension for one in measures}) > 1:
        yield Clash.MEASURES_DIFFER
    if panel.to_date and not all(map(runs_to_date, chosen)):
        yield Clash.NO_TO_DATE
    if Against.PLAN in panel.against and not panel.to_date and any(not _is_stock(one) for one in chosen):
        yield Clash.PLAN_OF_YEAR


def _of_comparison(panel: Panel) -> Iterator[Clash]:
    if panel.kind is Kind.COMPARISON and not panel.against:
        yield Clash.NEEDS_COMPARISON
    if panel.kind is Kind.TREND and panel.against and len(panel.indicators) > 1:
        yield Clash.ALONE_COMPARED
    if panel.to_date and Against.PREVIOUS in panel.against:
        yield Clash.PREVIOUS_TO_DATE
    if panel.against and (panel.kind in _BY_UNIT or (panel.kind is Kind.TABLE and panel.extent.is_several)):
        yield Clash.NO_COMPARISON


def is_added(indicator: Indicator) -> bool:
    """True where figures of several units make one: a sum, or a ratio worked out from its parts."""
    return indicator.aggregation is not Aggregation.NONE


def has_share(indicator: Indicator) -> bool:
    """True where units are parts of a whole."""
    return indicator.aggregation is Aggregation.SUM and indicator.nature not in (RowNature.INDEX, RowNature.RATIO)


def runs_to_date(indicator: Indicator) -> bool:
    """True where there is a year to date: added up, given, the last, or the ratio of its parts to date."""
    return indicator.accumulation is not Accumulation.NONE or indicator.aggregation is Aggregation.RATIO


def _is_stock(indicator: Indicator) -> bool:
    """True where the last figure is the year's, and can be held against its plan at once."""
    return indicator.accumulation is Accumulation.LAST


# --- as it is kept ---------------------------------------------------------------------------------------------------


class UnreadableDashboard(ValueError):
    """What is kept is no definition of a format known here."""


def kept(one: Dashboard) -> dict[str, Any]:
    """A dashboard as JSON keeps it."""
    return {
        "format": _FORMAT,
        "title": one.title,
        "panels": [
            {
                "kind": panel.kind.value,
                "indicators": list(panel.indicators),
                "extent": panel.extent.value,
                "of": panel.of,
                "frequency": panel.frequency.value,
                "span": panel.span,
                "to_date": panel.to_date,
                "against": sorted(panel.against),
                "title": panel.title,
                "top": panel.top,
                "report": panel.report,
            }
            for panel in one.panels
        ],
    }


def revived(found: Mapping[str, Any]) -> Dashboard:
    """The dashboard of a JSON object. Raises UnreadableDashboard."""
    if found.get("format") != _FORMAT:
        raise UnreadableDashboard(found.get("format"))
    return Dashboard(found["title"], tuple(_panel(one) for one in found["panels"]))


def _panel(found: Mapping[str, Any]) -> Panel:
    return Panel(
        Kind(found["kind"]),
        tuple(found["indicators"]),
        Extent(found["extent"]),
        found["of"],
        Frequency(found["frequency"]),
        found["span"],
        found["to_date"],
        frozenset(map(Against, found["against"])),
        found["title"],
        found["top"],
        found.get("report", ""),
    )
