"""What the warehouse answered, as a chart: names, measures, coverage and the moment it is of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from actions.displayed import Displayed, displayed
from compile.charts import Chart, Reading, Role, Strand
from compile.charts.model import copy
from registry.catalogue.dashboards import Against, Extent, Kind, Panel
from registry.catalogue.forms import Definitions
from registry.catalogue.model import RowNature, Unit, UnitKey
from registry.catalogue.values import Nature, SeriesKey
from registry.periods import Period
from registry.rules.answers import Ask, Covered, Figure, ranked
from registry.rules.courses import Look
from vietnamese.dates import format_moment

Link = Callable[[str, str], str]  # (indicator, unit's code) -> where its figures are told
Answers = Mapping[tuple[Ask, str], Figure]  # by question and period code
Open = tuple[str, str, str]  # (period, unit, indicator) of figures whose form is open again
_MOST_NAMED = 8
_AGAINST = {
    Against.PLAN: (Role.PLAN, Look.PLAN_COUNCIL, Look.PLAN_COUNCIL),
    Against.SAME_PERIOD: (Role.SAME_PERIOD, Look.SAME_PERIOD, Look.TO_DATE_SAME_PERIOD),
    Against.PREVIOUS: (Role.PREVIOUS, Look.PREVIOUS, Look.PREVIOUS),
}


def looks(panel: Panel) -> list[tuple[Role, Look]]:
    """What is asked of each indicator: what was done, then what it is held against."""
    done = [(Role.ACTUAL, Look.TO_DATE if panel.to_date else Look.IN_PERIOD)]
    held = [_AGAINST[one] for one in Against if one in panel.against]
    return done + [(role, to_date if panel.to_date else alone) for role, alone, to_date in held]


def asked(panel: Panel) -> list[Ask]:
    """Every question of a panel about one area and period."""
    return [Ask(indicator, look) for indicator in panel.indicators for _, look in looks(panel)]


@dataclass(frozen=True)
class Teller:
    """Turns answers into charts."""

    definitions: Definitions
    units: Mapping[str, Unit]  # by code, of those alive
    names: Mapping[UnitKey, str]
    link: Link
    moment: datetime
    open: frozenset[Open] = frozenset()

    def trend(self, panel: Panel, area: str, periods: Sequence[Period], answers: Answers) -> Chart:
        """Over periods: a line for each indicator, or for the one and each thing it is held against."""
        pairs = [(code, role, look) for code in panel.indicators for role, look in looks(panel)]
        rows = [[answers[Ask(code, look), one.code] for one in periods] for code, _, look in pairs]
        shown = self._displayed(
            panel.indicators, [(pair[0], one) for pair, row in zip(pairs, rows, strict=True) for one in row]
        )
        strands = tuple(
            Strand(
                self._strand_name(panel, code, role),
                tuple(
                    replace(
                        self._reading(short_name(at), one, shown, code, self._is_open(at, area, code)),
                        key=at.code,
                        run=self._run(code, at),
                    )
                    for at, one in zip(periods, row, strict=True)
                ),
                role,
            )
            for (code, role, _), row in zip(pairs, rows, strict=True)
        )
        base = [row[-1] for (_, role, _), row in zip(pairs, rows, strict=True) if role is Role.ACTUAL]
        where = self.units[area].name
        done = [row for (_, role, _), row in zip(pairs, rows, strict=True) if role is Role.ACTUAL]
        covered = [*self._covered(base), *_partly(periods, done), *self._reopened(panel, periods[-1], area)]
        return self._chart(panel, strands, shown.measure.code, where, covered)

    def listed(self, panel: Panel, area: str, period: Period, answers: Answers) -> Chart:
        """Indicators of one area beside each other, each in its own measure."""
        strands = []
        for role, look in looks(panel):
            readings = []
            for code in panel.indicators:
                figures = {one: answers[Ask(code, one), period.code] for _, one in looks(panel)}
                shown = self._displayed((code,), [(code, one) for one in figures.values()])
                is_open = role is Role.ACTUAL and self._is_open(period, area, code)
                one = self._reading(self.definitions.indicators[code].name, figures[look], shown, code, is_open)
                readings.append(replace(one, key=code, measure=shown.measure.code, link=self.link(code, area)))
            strands.append(Strand(self._role_name(panel, role), tuple(readings), role))
        base = [answers[Ask(code, looks(panel)[0][1]), period.code] for code in panel.indicators]
        where = copy("title.where", where=self.units[area].name, when=period.label)
        covered = [*self._covered(base), *self._reopened(panel, period, area)]
        return self._chart(panel, tuple(strands), "", where, covered, by_indicator=True)

    def by_unit(self, panel: Panel, period: Period, answers: Mapping[str, Answers]) -> Chart:
        """Many units or groups beside each other."""
        look = looks(panel)[0][1]
        of_unit = {
            key: [one[Ask(code, look), period.code] for code in panel.indicators] for key, one in answers.items()
        }
        several = len(panel.indicators) > 1
        strands, measures = [], []
        for n, code in enumerate(panel.indicators):
            shown = self._displayed((code,), [(code, figures[n]) for figures in of_unit.values()])
            name = self.definitions.indicators[code].name if several else self._role_name(panel, Role.ACTUAL)
            readings = [self._of_unit(key, figures[n], shown, code, period) for key, figures in of_unit.items()]
            strands.append(Strand(f"{name} ({shown.measure.code})" if several else name, tuple(readings)))
            measures.append(shown.measure.code)
        if panel.kind in (Kind.RANKING, Kind.SHARE):
            places = ranked({key: figures[0] for key, figures in of_unit.items()})
            placed = (
                replace(one, place=places[one.key].place) if one.key in places else one for one in strands[0].readings
            )
            known = sorted(placed, key=lambda one: (one.value is None, not one.is_whole, -(one.value or 0)))
            strands = [replace(strands[0], readings=tuple(known))]
        where = copy("title.where", where=self._whose(panel), when=period.label)
        of_first = {key: figures[0] for key, figures in of_unit.items()}
        covered = [*self._of_many(panel, strands[0].readings, of_first), *self._reopened(panel, period, "")]
        return self._chart(panel, tuple(strands), "" if several else measures[0], where, covered)

    def _of_unit(self, key: str, figure: Figure, shown: Displayed, code: str, period: Period) -> Reading:
        unit = self.units.get(key)
        is_open = self._is_open(period, key, code)
        one = self._reading(unit.name if unit else key, figure, shown, code, is_open)
        return replace(one, key=key, link=self.link(code, key) if unit else "")

    def _run(self, code: str, period: Period) -> str:
        """The season a cumulative figure of a period is of; empty where the year says it."""
        if self.definitions.indicators[code].nature not in (RowNature.SEASON, RowNature.CROP_YEAR):
            return ""
        rows = (row for form in self.definitions.forms.values() for row in form.rows if row.indicator == code)
        season = next((row.season for row in rows if row.season is not None), None)
        return str(season.began(period.year, period.last.month)) if season else ""

    def _whose(self, panel: Panel) -> str:
        if panel.extent is Extent.GROUP:
            return panel.of.partition("=")[2]
        return copy("title.communes")

    def _chart(
        self,
        panel: Panel,
        strands: tuple[Strand, ...],
        measure: str,
        where: str,
        covered: list[str],
        *,
        by_indicator: bool = False,
    ) -> Chart:
        foot = (*covered, copy("foot.as-of", moment=format_moment(self.moment)))
        title = title_of(panel, self.definitions)
        return Chart(panel.kind, title, measure, strands, where, foot, panel.top, panel.to_date, by_indicator)

    def _strand_name(self, panel: Panel, code: str, role: Role) -> str:
        return self.definitions.indicators[code].name if len(panel.indicators) > 1 else self._role_name(panel, role)

    def _role_name(self, panel: Panel, role: Role) -> str:
        if role is Role.ACTUAL:
            return copy("look.to-date" if panel.to_date else "look.in-period")
        if role is Role.SAME_PERIOD and panel.to_date:
            return copy("look.to-date-same-period")
        return copy(f"role.{role.value}")

    def _displayed(self, codes: Iterable[str], told: Iterable[tuple[str, Figure]]) -> Displayed:
        canonical = {code: self.definitions.canonical(SeriesKey(code)) for code in codes}
        return displayed(told, canonical, self.definitions.measures.values())

    def _is_open(self, period: Period, area: str, code: str) -> bool:
        """True of a unit's figure, or of a sum in which one is, that stands only until it is approved anew (tạm)."""
        if area in self.units and self.units[area].kind.is_commune:
            return (period.code, area, code) in self.open
        return any((at, of) == (period.code, code) for at, _, of in self.open)

    def _reading(self, label: str, figure: Figure, shown: Displayed, code: str, is_open: bool) -> Reading:
        note = figure.missing.text if figure.missing else ""
        covered = figure.covered
        if not note and not covered.is_complete:
            note = copy("foot.missing-unnamed", have=covered.have, expected=covered.expected)
        is_provisional = figure.amount is not None and (is_open or figure.nature is not Nature.OFFICIAL)
        return Reading(
            label,
            shown.number(figure, code),
            is_provisional=is_provisional,
            is_whole=covered.is_complete,
            note=note,
        )

    def _covered(self, base: Sequence[Figure]) -> list[str]:
        """Of several indicators the one most is missing of."""
        worst = max((one.covered for one in base), key=lambda one: one.expected - one.have)
        if worst.expected <= 1:
            return []
        return [self._coverage(worst)]

    def _coverage(self, covered: Covered) -> str:
        if covered.is_complete:
            return copy("foot.whole", have=covered.have, expected=covered.expected)
        names = [self.names[key] for key in covered.missing]
        if not names:
            return copy("foot.missing-unnamed", have=covered.have, expected=covered.expected)
        return copy("foot.missing", have=covered.have, expected=covered.expected, names=_named(names))

    def _reopened(self, panel: Panel, period: Period, area: str) -> list[str]:
        """The units whose figures of the period are open again."""
        alone = self.units[area].code if area in self.units and self.units[area].kind.is_commune else ""
        open_again = {
            unit for at, unit, of in self.open if at == period.code and of in panel.indicators and alone in ("", unit)
        }
        names = [unit.name for code, unit in self.units.items() if code in open_again]
        return [copy("foot.reopened", names=_named(names))] if names else []

    def _of_many(self, panel: Panel, readings: Sequence[Reading], figures: Mapping[str, Figure]) -> list[str]:
        blank = [one.label for one in readings if one.value is None]
        if panel.extent is Extent.GROUPS:
            return [_of_groups(readings, figures)]
        have = len(readings) - len(blank)
        if not blank:
            return [copy("foot.whole", have=have, expected=have)]
        return [copy("foot.missing", have=have, expected=len(readings), names=_named(blank))]


def _of_groups(readings: Sequence[Reading], figures: Mapping[str, Figure]) -> str:
    lacking = [one for one in readings if one.value is None or not one.is_whole]
    told = {"have": len(readings) - len(lacking), "expected": len(readings)}
    if not lacking:
        return copy("foot.groups", **told)
    names = []
    for one in lacking:
        covered = figures[one.key].covered
        key = "foot.none" if one.value is None else "foot.partly"
        names.append(copy(key, name=one.label, have=covered.have, expected=covered.expected))
    return copy("foot.groups-missing", names=_named(names), **told)


def _partly(periods: Sequence[Period], rows: Sequence[Sequence[Figure]]) -> list[str]:
    """The periods before the last of whose figures units are missing, each with its worst coverage."""
    names = []
    for at, figures in list(zip(periods, zip(*rows, strict=True), strict=True))[:-1]:
        worst = max((one.covered for one in figures), key=lambda one: one.expected - one.have)
        if any(one.amount is not None for one in figures) and not worst.is_complete:
            names.append(copy("foot.partial-period", name=short_name(at), have=worst.have, expected=worst.expected))
    return [copy("foot.partial-periods", names=_named(names))] if names else []


def title_of(panel: Panel, definitions: Definitions) -> str:
    """What a panel is called unless it was given a title: its indicators, or what they are held against."""
    if panel.title or not panel.indicators:
        return panel.title
    names = [_name(definitions, code) for code in panel.indicators]
    if len(names) > 1 and panel.kind is Kind.COMPARISON:
        what = copy("title.and").join(copy(f"title.{one.value}") for one in Against if one in panel.against)
        return copy("title.compared", what=what)
    if len(names) > 1 and panel.kind is Kind.TABLE:
        return copy("title.table")
    told = names[0] if len(names) == 1 else copy("title.several", first=names[0], count=len(names) - 1)
    return copy("title.to-date", names=told) if panel.to_date else told


def _name(definitions: Definitions, code: str) -> str:
    known = definitions.indicators.get(code)
    return known.name if known else code


def _named(names: Sequence[str]) -> str:
    told = ", ".join(names[:_MOST_NAMED])
    more = len(names) - _MOST_NAMED
    return copy("foot.more", names=told, count=more) if more > 0 else told


def short_name(period: Period) -> str:
    """A period on an axis: "T9/2026"."""
    roman = ("I", "II", "III", "IV")[(period.number - 1) % 4]
    return copy(f"period.{period.kind.name.lower()}", number=period.number, year=period.year, roman=roman)
