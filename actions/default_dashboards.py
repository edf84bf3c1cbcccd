"""The dashboard a unit has before it made one: what it gives, what it leads, or the whole province."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

from actions.desk import say
from registry.catalogue.dashboards import Against, Dashboard, Extent, Kind, Panel, has_share, runs_to_date
from registry.catalogue.model import Accumulation, Catalogue, Indicator, RowNature, Unit, UnitKind
from vietnamese.copydeck import deck

_preferred = deck(Path(__file__).parent / "dashboards.toml")
_COMPARED, _LISTED = 6, 8
_FEW_GROUPS = 6
_BY_PERIOD = frozenset({Against.SAME_PERIOD})
_YEAR = frozenset({Against.SAME_PERIOD, Against.PLAN})


def default(unit: Unit, catalogue: Catalogue, in_season: Collection[str], *, reads_all: bool) -> Dashboard:
    """Panels for one unit: readers see the province, communes what they give, agencies what they lead.

    ``in_season`` are the indicators figures are told of nowadays: they come first.
    """
    if unit.kind.is_commune or unit.kind is UnitKind.DIVISION:
        chosen = _in_order("commune", [one for one in catalogue.indicators if has_share(one)], catalogue)
        chosen.sort(key=lambda one: one.code not in in_season)
        return Dashboard(say("dashboard.default"), tuple(_of_one(chosen)))
    led = [one for one in catalogue.indicators if one.owner == unit.code]
    chosen = led if led and not reads_all else _in_order("province", catalogue.indicators, catalogue)
    chosen.sort(key=lambda one: one.code not in in_season)
    return Dashboard(say("dashboard.default"), tuple(_of_many(chosen, catalogue)))


def _in_order(name: str, rest: Iterable[Indicator], catalogue: Catalogue) -> list[Indicator]:
    """The preferred indicators the catalogue has, then the others."""
    known = {one.code: one for one in catalogue.indicators}
    first = [known[code] for code in _preferred(f"indicators.{name}").split() if code in known]
    return list(dict.fromkeys((*first, *rest)))


def _of_one(chosen: Sequence[Indicator]) -> Iterable[Panel]:
    """Of a unit by itself."""
    yield from _compared(chosen)
    for one in chosen[:4]:
        yield _course(one, Extent.OWN)
    yield Panel(Kind.TABLE, _codes(chosen[:_LISTED]), against=frozenset({Against.SAME_PERIOD, Against.PREVIOUS}))


def _of_many(chosen: Sequence[Indicator], catalogue: Catalogue) -> Iterable[Panel]:
    """Of the province: the main figures, then one that communes give over all of them."""
    yield from _compared(chosen)
    for one in chosen[:2]:
        yield _course(one, Extent.OWN)
    each = next((one for one in chosen if has_share(one) and _is_told_monthly(one)), None)
    if each is not None:
        to_date = _is_cumulative(each)
        yield Panel(Kind.TILES, (each.code,), Extent.COMMUNES, to_date=to_date)
        yield Panel(Kind.RANKING, (each.code,), Extent.COMMUNES, to_date=to_date)
        group_set = next((one.code for one in catalogue.group_sets if one.single and _few(one.code, catalogue)), None)
        if group_set:
            yield Panel(Kind.SHARE, (each.code,), Extent.GROUPS, group_set, to_date=to_date)
    ratio = next((one for one in chosen if one.nature is RowNature.RATIO), None)
    if ratio is not None:
        yield Panel(Kind.TREND, (ratio.code,), span=13)
    listed = [one for one in chosen if one.nature is not RowNature.RATIO][:_LISTED]
    yield Panel(Kind.TABLE, _codes(listed), against=frozenset({Against.SAME_PERIOD, Against.PREVIOUS}))


def _few(code: str, catalogue: Catalogue) -> bool:
    return 2 <= len({group for unit in catalogue.units for name, group in unit.groups if name == code}) <= _FEW_GROUPS


def _compared(chosen: Sequence[Indicator]) -> Iterable[Panel]:
    """The year so far beside its plan and the year before."""
    told = [one for one in chosen if runs_to_date(one) and one.nature not in (RowNature.INDEX, RowNature.RATIO)]
    if told:
        yield Panel(Kind.COMPARISON, _codes(told[:_COMPARED]), to_date=True, against=_YEAR)


def _course(one: Indicator, extent: Extent) -> Panel:
    """Over the months, beside the year before."""
    return Panel(Kind.TREND, (one.code,), extent, span=13, to_date=_is_cumulative(one), against=_BY_PERIOD)


def _is_cumulative(one: Indicator) -> bool:
    """True where the source gives nothing but the year to date, or a season's."""
    return one.nature in (RowNature.CUMULATIVE, RowNature.SEASON, RowNature.CROP_YEAR)


def _is_told_monthly(one: Indicator) -> bool:
    return one.accumulation in (Accumulation.ADD, Accumulation.LAST, Accumulation.GIVEN)


def _codes(chosen: Iterable[Indicator]) -> tuple[str, ...]:
    return tuple(one.code for one in chosen)
