"""Summary sentences of the main figures, from the very cells the table prints."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from compile.coverage import copy
from compile.model import CompileInput
from compile.totals import ADDED, NOTHING, CellTotal, RowTotal, Totals
from registry.catalogue.forms import Access, CellSpec
from registry.catalogue.measures import rounded
from registry.catalogue.model import CellKind, Indicator, PlanKind, ProvinceValue, RowKind, RowNature
from registry.catalogue.values import Aspect, CellKey, Nature, State
from registry.periods import PeriodKind
from vietnamese.letters import first_lower
from vietnamese.numbers import format_number, places

_OWN = (CellKind.INPUT, CellKind.COMPUTED, CellKind.SHOWN)
POINTS = "điểm %"  # measure of a difference of two percentages
_FIRST_COLUMN = re.compile(r"\((\w+)\)")
_MANY_TIMES = Decimal(300)  # percent from which "gấp n lần" is said
_PLAN_WORDS = {
    PlanKind.COUNCIL: "of_plan",
    PlanKind.SEASON: "of_season_plan",
    PlanKind.BUDGET: "of_council_budget",
    PlanKind.CAPITAL: "of_capital_plan",
}


@dataclass(frozen=True, slots=True)
class Figures:
    """The cells of one row by what they mean; None where the form has no such cell."""

    now: CellSpec | None = None
    to_date: CellSpec | None = None
    before: CellSpec | None = None
    same: CellSpec | None = None
    same_to_date: CellSpec | None = None
    council: CellSpec | None = None
    central: CellSpec | None = None
    index_month: CellSpec | None = None
    index_year: CellSpec | None = None
    index_to_date: CellSpec | None = None


def figures_of(row: RowTotal, one: Totals) -> Figures:
    """Find the row's cells by kind, aspect and shift, never by column code."""
    found: dict[str, CellSpec] = {}
    for key, spec in one.view.cells.items():
        if key.row == row.row.code and spec.series is not None:
            meaning = _meaning(spec, spec.series.aspect)
            if meaning:
                found.setdefault(meaning, spec)
    return Figures(**found)


def _meaning(spec: CellSpec, aspect: Aspect) -> str | None:
    indexes = {
        Aspect.INDEX_MONTH: "index_month",
        Aspect.INDEX_YEAR: "index_year",
        Aspect.INDEX_CUMULATIVE: "index_to_date",
    }
    plans = {Aspect.PLAN_COUNCIL: "council", Aspect.PLAN_CENTRAL: "central"}
    if spec.measure == POINTS:
        return None
    bases = {CellKind.SAME_PERIOD: "same", CellKind.CUMULATIVE_SAME_PERIOD: "same_to_date"}
    if spec.kind in bases:
        return bases[spec.kind]
    if spec.kind is CellKind.PLAN:
        return plans.get(aspect)
    if spec.kind not in _OWN:
        return None
    if aspect in indexes:
        return indexes[aspect]
    own = {(Aspect.ACTUAL, 0): "now", (Aspect.CUMULATIVE, 0): "to_date", (Aspect.ACTUAL, 1): "before"}
    return own.get((aspect, spec.shift))


@dataclass(frozen=True, slots=True)
class Said:
    """The sentences about some rows, and the labels of those nobody has given a figure for."""

    sentences: tuple[str, ...]
    without_data: tuple[str, ...]


def say(rows: Sequence[RowTotal], one: Totals, order: CompileInput) -> Said:
    """One sentence a main row, with its sub-rows as "trong đó"; rows without figures are named."""
    speaker = _Speaker(one, order)
    sentences, lacking = [], []
    for index, row in enumerate(rows):
        if row.row.kind is not RowKind.DATA or row.access is not Access.OPEN or _is_part(row):
            continue
        parts = _parts_of(rows[index + 1 :])
        sentence = speaker.sentence(row, parts)
        if sentence:
            sentences.append(sentence)
        else:
            lacking.append(label_of(row))
        lacking += [label_of(part) for part in parts if sentence and not speaker.amount(part)]
    return Said(tuple(sentences), tuple(lacking))


def label_of(row: RowTotal) -> str:
    """The label without its dash, plus sign and "Trong đó"."""
    label = row.row.label.lstrip("–-+ ").removesuffix(copy("sentence.commune_form"))
    head, colon, rest = label.partition(": ")
    return rest[:1].upper() + rest[1:] if colon and head.lower() == "trong đó" else label


def _is_part(row: RowTotal) -> bool:
    return "." in row.row.number


def _parts_of(following: Iterable[RowTotal]) -> list[RowTotal]:
    parts = []
    for row in following:
        if not _is_part(row):
            break
        if row.access is Access.OPEN:
            parts.append(row)
    return parts


class _Speaker:
    """Knows one form's totals and says its rows."""

    def __init__(self, one: Totals, order: CompileInput) -> None:
        self._one = one
        self._period = order.period
        self._month = first_lower(order.period.label).split(f" năm {order.period.year}")[0]
        self._to_date = copy("sentence.to_date", months=order.period.last.month)
        self._decimals = next((c.decimals for c in one.view.columns if c.measure == "%" and c.decimals), 1)

    def sentence(self, row: RowTotal, parts: Sequence[RowTotal]) -> str:
        """The row's sentence with full stop; empty when there is nothing to say."""
        indicator = self._indicator(row)
        figures = figures_of(row, self._one)
        if indicator is not None and indicator.nature is RowNature.INDEX:
            said = self._index(row, figures)
        else:
            said = self._level(row, figures, indicator)
        if not said:
            return ""
        among = [text for text in (self._part(part) for part in parts) if text]
        if among:
            said += copy("sentence.among", parts="; ".join(among))
        return said + "."

    def amount(self, row: RowTotal) -> str:
        """The row's headline figure with its measure; empty when there is none."""
        total = self._total(self._headline(row, figures_of(row, self._one)))
        spec = self._headline(row, figures_of(row, self._one))
        return self._amount(total, spec) if spec is not None and total.number is not None else ""

    def _part(self, row: RowTotal) -> str:
        amount = self.amount(row)
        return copy("sentence.part", label=first_lower(label_of(row)), amount=amount) if amount else ""

    def _indicator(self, row: RowTotal) -> Indicator | None:
        return self._one.view.definitions.indicators.get(row.row.indicator) if row.row.indicator else None

    def _headline(self, row: RowTotal, figures: Figures) -> CellSpec | None:
        indicator = self._indicator(row)
        if indicator is not None and indicator.nature is RowNature.INDEX:
            return figures.index_year
        if indicator is not None and indicator.nature is RowNature.RATIO:
            return self._ratio_cell(row) or figures.now
        cumulative = (RowNature.SEASON, RowNature.CROP_YEAR, RowNature.CUMULATIVE)
        if indicator is not None and indicator.nature in cumulative:
            return figures.to_date or figures.now
        return figures.now

    def _points_cell(self, row: RowTotal) -> CellSpec | None:
        """The row's first difference in percentage points: against the period before."""
        specs = (spec for key, spec in self._one.view.cells.items() if key.row == row.row.code)
        return next((one for one in specs if one.kind is CellKind.COMPUTED and one.measure == POINTS), None)

    def _ratio_cell(self, row: RowTotal) -> CellSpec | None:
        """The ratio the form itself compares: the first column its difference names."""
        points = self._points_cell(row)
        named = _FIRST_COLUMN.search(points.formula) if points else None
        return self._one.view.cells.get(CellKey(row.row.code, named[1])) if named else None

    def _total(self, spec: CellSpec | None) -> CellTotal:
        return self._one.cells.get(spec.key, NOTHING) if spec is not None else NOTHING

    def _amount(self, total: CellTotal, spec: CellSpec) -> str:
        value = format_number(total.number or Decimal(0), spec.decimals)
        if spec.measure == "%":
            return copy("sentence.percent", value=value)
        return copy("sentence.amount", value=value, measure=spec.measure)

    # --- levels ------------------------------------------------------------------------------------------------------

    def _level(self, row: RowTotal, figures: Figures, indicator: Indicator | None) -> str:
        spec = self._headline(row, figures)
        total = self._total(spec)
        if spec is None or total.number is None:
            return ""
        nature = indicator.nature if indicator else RowNature.OCCURS
        shape = {
            RowNature.OCCURS: "month",
            RowNature.CUMULATIVE: "cumulative",
            RowNature.SEASON: "progress",
            RowNature.CROP_YEAR: "progress",
        }.get(nature, "stock")
        period = self._to_date if shape == "cumulative" else self._month
        if total.state is State.NIL:
            return copy("sentence.nil", label=label_of(row), period=period)
        said = copy(
            f"sentence.{shape}",
            label=label_of(row),
            period=period,
            verb=self._verb(row, total, spec),
            amount=self._amount(total, spec) + self._incomplete(row),
        )
        return ", ".join([said, *self._comparisons(row, figures, nature)]) + self._then(row, figures, nature)

    def _verb(self, row: RowTotal, total: CellTotal, spec: CellSpec) -> str:
        nature = total.nature or spec.nature
        goal = "_goal" if row.row.plan is not PlanKind.NONE else ""
        return copy(f"sentence.{'official' if nature is Nature.OFFICIAL else 'estimate'}{goal}")

    def _incomplete(self, row: RowTotal) -> str:
        if not self._is_partial(row) or row.coverage is None:
            return ""
        who = "communes" if row.row.province_value is ProvinceValue.COMMUNES else "units"
        return copy("sentence.incomplete", have=row.coverage.text, who=copy(f"sentence.{who}"))

    def _is_partial(self, row: RowTotal) -> bool:
        added = row.row.province_value in ADDED
        return added and row.coverage is not None and not row.coverage.is_complete

    def _comparisons(self, row: RowTotal, figures: Figures, nature: RowNature) -> list[str]:
        """Against last period, the same period and the plan; a partial sum is compared with nothing."""
        if self._is_partial(row):
            return []
        if nature is RowNature.RATIO:
            return self._points(row)
        if nature is RowNature.OCCURS:
            return self._changes(figures.now, figures.before, figures.same)
        if nature is RowNature.POINT:
            plan = self._of_plan(row, figures.now, figures)
            return self._changes(figures.now, figures.before, figures.same) + plan
        season = nature in (RowNature.SEASON, RowNature.CROP_YEAR)
        same = self._change(figures.to_date, figures.same_to_date, "with_same_season" if season else "with_same")
        return same + self._of_plan(row, figures.to_date, figures)

    def _then(self, row: RowTotal, figures: Figures, nature: RowNature) -> str:
        """``; lũy kế 10 tháng ước đạt …`` of what occurs month by month."""
        total = self._total(figures.to_date)
        if nature is not RowNature.OCCURS or figures.to_date is None or total.number is None or self._is_partial(row):
            return ""
        said = copy(
            "sentence.then_cumulative",
            period=self._to_date,
            verb=self._verb(row, total, figures.to_date),
            amount=self._amount(total, figures.to_date),
        )
        same = self._change(figures.to_date, figures.same_to_date, "with_same")
        return ", ".join([said, *same, *self._of_plan(row, figures.to_date, figures)])

    def _changes(self, now: CellSpec | None, before: CellSpec | None, same: CellSpec | None) -> list[str]:
        previous = "with_previous_month" if self._period.kind is PeriodKind.MONTH else "with_previous_quarter"
        return self._change(now, before, previous) + self._change(now, same, "with_same")

    def _change(self, now: CellSpec | None, base: CellSpec | None, words: str) -> list[str]:
        ratio = self._ratio(now, base)
        return [] if ratio is None else [copy(f"sentence.{words}", change=self._moved(ratio))]

    def _ratio(self, now: CellSpec | None, base: CellSpec | None) -> Decimal | None:
        """now/base × 100 as the table prints it; None without both figures or over a base that is not above zero."""
        current, former = self._total(now).number, self._total(base).number
        if current is None or former is None or former <= 0 or current < 0:
            return None
        return rounded(current / former * 100, self._decimals)

    def _moved(self, percent: Decimal) -> str:
        if percent >= _MANY_TIMES:
            return copy("sentence.times", value=format_number(percent / 100, 1))
        change = percent - 100
        if not change:
            return copy("sentence.no_change")
        return copy(f"sentence.{'rise' if change > 0 else 'fall'}", value=self._printed(abs(change)))

    def _of_plan(self, row: RowTotal, now: CellSpec | None, figures: Figures) -> list[str]:
        said = []
        council = self._ratio(now, figures.council)
        if council is not None and row.row.plan in _PLAN_WORDS:
            said.append(copy(f"sentence.{_PLAN_WORDS[row.row.plan]}", value=self._printed(council)))
        central = self._ratio(now, figures.central)
        if central is not None:
            said.append(copy("sentence.of_central_budget", value=self._printed(central)))
        return said

    def _printed(self, percent: Decimal) -> str:
        return format_number(percent, max(self._decimals, places(percent)))

    def _points(self, row: RowTotal) -> list[str]:
        points = self._points_cell(row)
        change = self._total(points).number
        if points is None or change is None:
            return []
        word = "no_change" if not change else "rise_points" if change > 0 else "fall_points"
        moved = copy(f"sentence.{word}", value=format_number(abs(change), points.decimals))
        return [copy("sentence.with_previous_month", change=moved)]

    # --- indices -----------------------------------------------------------------------------------------------------

    def _index(self, row: RowTotal, figures: Figures) -> str:
        month, year = self._total(figures.index_month).number, self._total(figures.index_year).number
        changes = []
        if month is not None:
            changes.append(copy("sentence.with_previous_month", change=self._moved(month)))
        if year is not None:
            changes.append(copy("sentence.with_same", change=self._moved(year)))
        if not changes:
            return ""
        said = copy("sentence.index_month", label=label_of(row), period=self._month, changes=", ".join(changes))
        to_date = self._total(figures.index_to_date).number
        if to_date is not None:
            said += copy("sentence.index_cumulative", period=self._to_date, change=self._moved(to_date))
        return said
