"""Summary sentences of the main figures, from the very cells the table prints."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from compile.coverage import copy
from compile.model import CompileInput
from compile.row_figures import POINTS, RowFigures
from compile.totals import CellTotal, RowTotal, Totals
from registry.catalogue.forms import COMMUNE, PROVINCE_LEVEL, Access, CellSpec
from registry.catalogue.model import PlanKind, ProvinceValue, Row, RowKind, RowNature
from registry.catalogue.row_names import plain_label
from registry.catalogue.values import Nature, State
from registry.periods import PeriodKind
from vietnamese.change import moved, moved_by, percent_decimals, plan_name
from vietnamese.letters import first_lower
from vietnamese.numbers import format_number

_PLANS = {PlanKind.COUNCIL: "year", PlanKind.SEASON: "season", PlanKind.BUDGET: "budget", PlanKind.CAPITAL: "capital"}


@dataclass(frozen=True, slots=True)
class Said:
    """The sentences about some rows, and the labels of those nobody has given a figure for."""

    sentences: tuple[str, ...]
    without_data: tuple[str, ...]


def say(rows: Sequence[RowTotal], one: Totals, order: CompileInput, told: frozenset[str] = frozenset()) -> Said:
    """One sentence a main row, with its sub-rows as "trong đó"; rows without figures are named.

    ``told`` are codes of rows somebody has spoken of already; what is left of their sub-rows gets its own sentences.
    """
    speaker = _Speaker(one, order)
    sentences, lacking = [], []
    for index, row in enumerate(rows):
        if row.row.kind is not RowKind.DATA or row.access is not Access.OPEN or _is_part(row):
            continue
        parts = [part for part in _parts_of(rows[index + 1 :]) if part.row.code not in told]
        if row.row.code in told:
            sentences += [sentence for part in parts if (sentence := speaker.sentence(part, ()))]
            continue
        sentence = speaker.sentence(row, parts)
        if sentence:
            sentences.append(sentence)
        else:
            lacking.append(label_of(row))
        lacking += [label_of(part) for part in parts if sentence and not speaker.amount(part)]
    return Said(tuple(sentences), tuple(lacking))


def label_of(row: RowTotal) -> str:
    """The label without its dash, plus sign and "Trong đó", and without what tells it from the province's own."""
    return plain_label(row.row.label).removesuffix(copy("sentence.commune_form"))


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

    def sentence(self, row: RowTotal, parts: Sequence[RowTotal]) -> str:
        """The row's sentence with full stop; empty when there is nothing to say."""
        figures = self._figures(row)
        said = self._index(row, figures) if figures.nature is RowNature.INDEX else self._level(row, figures)
        if not said:
            return ""
        main = partial_note(figures.total(figures.headline), row.row)
        among = [text for text in (self._part(part, main) for part in parts) if text]
        if among:
            said += copy("sentence.among", parts="; ".join(among))
        return said + "."

    def amount(self, row: RowTotal) -> str:
        """The row's headline figure with its measure; empty when there is none."""
        figures = self._figures(row)
        spec = figures.headline
        return amount(figures.total(spec), spec) if spec is not None and figures.total(spec).number is not None else ""

    def _figures(self, row: RowTotal) -> RowFigures:
        return RowFigures(row.row, self._one.view, self._one.cells)

    def _part(self, row: RowTotal, main: str) -> str:
        """One of the sub-rows; who is missing from it where it is others than from the ``main`` row."""
        said, figures = self.amount(row), self._figures(row)
        note = partial_note(figures.total(figures.headline), row.row)
        among = said + (note if note != main else "")
        return copy("sentence.part", label=first_lower(label_of(row)), amount=among) if said else ""

    # --- levels ------------------------------------------------------------------------------------------------------

    def _level(self, row: RowTotal, figures: RowFigures) -> str:
        spec = figures.headline
        total = figures.total(spec)
        if spec is None or total.number is None:
            return ""
        shape = {
            RowNature.OCCURS: "month",
            RowNature.CUMULATIVE: "cumulative",
            RowNature.SEASON: "progress",
            RowNature.CROP_YEAR: "progress",
        }.get(figures.nature, "stock")
        period = self._to_date if shape == "cumulative" else self._month
        if total.state is State.NIL:
            return copy("sentence.nil", label=label_of(row), period=period)
        said = copy(
            f"sentence.{shape}",
            label=label_of(row),
            period=period,
            verb=verb(row.row, total, spec),
            amount=amount(total, spec) + partial_note(total, row.row),
        )
        return ", ".join([said, *self._comparisons(figures)]) + self._then(row, figures)

    def _comparisons(self, figures: RowFigures) -> list[str]:
        """Against last period, the same period and the plan; a partial sum is compared with nothing."""
        of = figures.of
        if figures.total(figures.headline).is_partial:
            return []
        if figures.nature is RowNature.RATIO:
            return self._points(figures)
        if figures.nature is RowNature.OCCURS:
            return self._changes(figures)
        if figures.nature is RowNature.POINT:
            return self._changes(figures) + self._of_plan(figures, of.now)
        season = figures.nature in (RowNature.SEASON, RowNature.CROP_YEAR)
        same = self._change(figures, of.to_date, of.same_to_date, "with_same_season" if season else "with_same")
        return same + self._of_plan(figures, of.to_date)

    def _then(self, row: RowTotal, figures: RowFigures) -> str:
        """``; lũy kế 10 tháng ước đạt …`` of what occurs month by month."""
        spec = figures.of.to_date
        total = figures.total(spec)
        if figures.nature is not RowNature.OCCURS or spec is None or total.number is None:
            return ""
        said = copy(
            "sentence.then_cumulative",
            period=self._to_date,
            verb=verb(row.row, total, spec),
            amount=amount(total, spec) + partial_note(total, row.row),
        )
        if total.is_partial:
            return said
        same = self._change(figures, spec, figures.of.same_to_date, "with_same")
        return ", ".join([said, *same, *self._of_plan(figures, spec)])

    @property
    def _with_previous(self) -> str:
        return "with_previous_month" if self._period.kind is PeriodKind.MONTH else "with_previous_quarter"

    def _changes(self, figures: RowFigures) -> list[str]:
        of = figures.of
        before = self._change(figures, of.now, of.before, self._with_previous)
        return before + self._change(figures, of.now, of.same, "with_same")

    def _change(self, figures: RowFigures, now: CellSpec | None, base: CellSpec | None, words: str) -> list[str]:
        ratio = figures.ratio(now, base)
        return [] if ratio is None else [copy(f"sentence.{words}", change=_moved(ratio, figures))]

    def _of_plan(self, figures: RowFigures, now: CellSpec | None) -> list[str]:
        plans = [(figures.of.council, plan_of(figures.row)), (figures.of.central, plan_name("central"))]
        said = []
        for spec, plan in plans:
            share = figures.ratio(now, spec)
            if share is not None and plan:
                value = format_number(share, percent_decimals(share, figures.decimals))
                said.append(copy("sentence.of_plan", value=value, plan=plan))
        return said

    def _points(self, figures: RowFigures) -> list[str]:
        points = figures.points("before")
        change = figures.total(points).number
        if points is None or change is None:
            return []
        return [copy("sentence.with_previous_month", change=moved_by(change, points.decimals, POINTS))]

    # --- indices -----------------------------------------------------------------------------------------------------

    def _index(self, row: RowTotal, figures: RowFigures) -> str:
        of = figures.of
        month, year = figures.total(of.index_month).number, figures.total(of.index_year).number
        changes = []
        if month is not None:
            changes.append(copy("sentence.with_previous_month", change=_moved(month, figures)))
        if year is not None:
            changes.append(copy("sentence.with_same", change=_moved(year, figures)))
        if not changes:
            return ""
        said = copy("sentence.index_month", label=label_of(row), period=self._month, changes=", ".join(changes))
        to_date = figures.total(of.index_to_date).number
        if to_date is not None:
            said += copy("sentence.index_cumulative", period=self._to_date, change=_moved(to_date, figures))
        return said


def amount(total: CellTotal, spec: CellSpec) -> str:
    """``1.234,5 tỷ đồng``, ``85,2%``: a figure as its cell shows it; no figure is 0."""
    return in_measure(total.number or Decimal(0), spec.decimals, spec.measure)


def in_measure(number: Decimal, decimals: int, measure: str) -> str:
    """A number with its measure."""
    value = format_number(number, decimals)
    return (
        copy("sentence.percent", value=value)
        if measure == "%"
        else copy("sentence.amount", value=value, measure=measure)
    )


def partial_note(total: CellTotal, row: Row) -> str:
    """`` (số liệu của 97/102 xã, phường)`` of a figure somebody is missing from; empty otherwise."""
    covered = total.coverage
    if covered is None or not total.is_partial:
        return ""
    is_of_all = row.province_value is ProvinceValue.ALL
    who = "communes" if not is_of_all and all(unit.kind.is_commune for unit in covered.expected) else "units"
    return copy("sentence.incomplete", have=covered.text, who=copy(f"sentence.{who}"))


def plan_of(row: Row, audience: str = PROVINCE_LEVEL) -> str:
    """``kế hoạch năm``, ``dự toán HĐND tỉnh giao``: what the row's plan is called; empty where it has none.

    A commune's budget is given by others than the province's.
    """
    if row.plan not in _PLANS:
        return ""
    is_own = audience == COMMUNE and row.plan is PlanKind.BUDGET
    return plan_name("own-budget" if is_own else _PLANS[row.plan])


def verb(row: Row, total: CellTotal, spec: CellSpec) -> str:
    """``ước đạt`` of an estimate that has a goal, ``là`` of an official figure without."""
    goal = "_goal" if row.plan is not PlanKind.NONE else ""
    is_official = (total.nature or spec.nature) is Nature.OFFICIAL
    return copy(f"sentence.{'official' if is_official else 'estimate'}{goal}")


def _moved(percent: Decimal, figures: RowFigures) -> str:
    return moved(percent, percent_decimals(percent, figures.decimals))
