"""What a dashboard refuses to draw, each clash with a panel that trips it and one that nearly does."""

from __future__ import annotations

from dataclasses import replace

import pytest

from registry.catalogue.dashboards import (
    Against,
    Clash,
    Dashboard,
    Extent,
    Kind,
    Panel,
    UnreadableDashboard,
    clashes,
    kept,
    revived,
)
from registry.catalogue.forms import Definitions
from registry.catalogue.model import Frequency
from registry.sample import sources

BUFFALOES, CATTLE, REVENUE, COMMUNE_REVENUE = "NN13", "NN14", "TC01", "TX01"
IIP, POOR_SHARE, NEW_FOREST, RETAIL = "CN01", "XH06", "NN18", "TM01"
SAME, PLAN, PREVIOUS = Against.SAME_PERIOD, Against.PLAN, Against.PREVIOUS


@pytest.fixture(scope="module")
def definitions() -> Definitions:
    return Definitions.of(sources.base())


def panel(kind: Kind, *indicators: str, extent: Extent = Extent.OWN, of: str = "", **more: object) -> Panel:
    return replace(Panel(kind, indicators, extent, of), **more)  # type: ignore[arg-type]


def trend(*indicators: str, **more: object) -> Panel:
    return panel(Kind.TREND, *indicators, **more)  # type: ignore[arg-type]


EACH = {"extent": Extent.COMMUNES}
BY_GROUPS = {"extent": Extent.GROUPS, "of": "phia"}
PAIRS = [
    (Clash.NO_INDICATOR, trend(), trend(BUFFALOES)),
    (Clash.UNKNOWN_INDICATOR, trend("XX99"), trend(CATTLE)),
    (Clash.TOO_MANY, trend(BUFFALOES, CATTLE, "NN15", "NN16", "NN17"), trend(BUFFALOES, CATTLE, "NN15", "NN16")),
    (
        Clash.ONE_INDICATOR,
        panel(Kind.RANKING, BUFFALOES, CATTLE, **EACH),
        panel(Kind.RANKING, BUFFALOES, **EACH),
    ),
    (Clash.MEASURES_DIFFER, trend(REVENUE, BUFFALOES), trend(REVENUE, COMMUNE_REVENUE)),
    (
        Clash.NOT_ADDED,
        panel(Kind.RANKING, IIP, **BY_GROUPS),
        panel(Kind.RANKING, POOR_SHARE, **BY_GROUPS),  # worked out from its parts
    ),
    (Clash.NO_SHARE, panel(Kind.SHARE, IIP, **EACH), panel(Kind.SHARE, BUFFALOES, **EACH)),
    (Clash.NO_SHARE, panel(Kind.SHARE, POOR_SHARE, **EACH), panel(Kind.SHARE, NEW_FOREST, **EACH)),
    (Clash.NEEDS_SEVERAL, panel(Kind.RANKING, BUFFALOES), panel(Kind.RANKING, BUFFALOES, **BY_GROUPS)),
    (Clash.NEEDS_ONE, trend(BUFFALOES, **EACH), trend(BUFFALOES, extent=Extent.PROVINCE)),
    (Clash.NEEDS_COMMUNES, panel(Kind.TILES, BUFFALOES, **BY_GROUPS), panel(Kind.TILES, BUFFALOES, **EACH)),
    (
        Clash.NEEDS_COMPARISON,
        panel(Kind.COMPARISON, BUFFALOES),
        panel(Kind.COMPARISON, BUFFALOES, against=frozenset({SAME})),
    ),
    (
        Clash.ALONE_COMPARED,
        trend(BUFFALOES, CATTLE, against=frozenset({SAME})),
        trend(BUFFALOES, against=frozenset({SAME})),
    ),
    (
        Clash.NO_COMPARISON,
        panel(Kind.TABLE, BUFFALOES, against=frozenset({SAME}), **EACH),
        panel(Kind.TABLE, BUFFALOES, against=frozenset({SAME})),
    ),
    (Clash.NO_TO_DATE, trend("TTHC03", to_date=True), trend("TTHC04", to_date=True)),
    (
        Clash.PLAN_OF_YEAR,
        trend(NEW_FOREST, against=frozenset({PLAN})),
        trend(NEW_FOREST, against=frozenset({PLAN}), to_date=True),
    ),
    (
        Clash.PREVIOUS_TO_DATE,
        trend(RETAIL, against=frozenset({PREVIOUS}), to_date=True),
        trend(RETAIL, against=frozenset({PREVIOUS})),
    ),
    (Clash.SPAN, trend(BUFFALOES, span=37), trend(BUFFALOES, span=36)),
    (Clash.NOT_NAMED, trend(BUFFALOES, extent=Extent.UNIT), trend(BUFFALOES, extent=Extent.UNIT, of="24211")),
]


@pytest.mark.parametrize(
    ("clash", "wrong", "right"), PAIRS, ids=lambda one: one.value if isinstance(one, Clash) else ""
)
def test_a_panel_that_makes_no_sense_is_refused_and_its_neighbour_is_not(
    clash: Clash, wrong: Panel, right: Panel, definitions: Definitions
) -> None:
    assert clash in clashes(wrong, definitions)
    assert clashes(right, definitions) == []


def test_every_clash_is_tried() -> None:
    assert {clash for clash, _, _ in PAIRS} == set(Clash)


def test_a_dashboard_is_kept_and_read_again_whole() -> None:
    of_everything = Panel(
        Kind.TABLE,
        (BUFFALOES, IIP),
        Extent.GROUP,
        "phia=Khu vực phía Tây",
        Frequency.QUARTER,
        8,
        True,
        frozenset({SAME, PLAN}),
        "Chăn nuôi",
        20,
        "KTXH",
    )
    one = Dashboard("Điều hành", (of_everything, trend(CATTLE)))
    assert revived(kept(one)) == one
    with pytest.raises(UnreadableDashboard):
        revived(kept(one) | {"format": 99})
