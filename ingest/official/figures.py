"""The figure columns of a form with rows: kinds by words, formulas by hint, by sheet, by what headings imply."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ingest.official.cells import Formulas, down_the_column
from ingest.official.codes import Codes
from ingest.official.columns import (
    PERCENT,
    Imagined,
    by_number,
    codes_of,
    is_comparison,
    numbers_of,
    role_in_matrix,
    role_of,
)
from ingest.official.doubts import Doubts, Target
from ingest.official.formats import decimals_of, shared_format
from ingest.official.formula import NotOurs, of_hint
from ingest.official.known import Known
from ingest.official.rows import Line
from ingest.official.table import HeadColumn, Table
from registry.catalogue.measures import Measure
from registry.catalogue.model import (
    Accumulation,
    Aggregation,
    CellKind,
    Column,
    Form,
    Indicator,
    RowKind,
    RowNature,
)
from registry.catalogue.values import Aspect
from registry.rules.parse import RuleSyntaxError, parse


@dataclass
class Figures:
    """Builds the figure columns of one form."""

    table: Table
    lines: Sequence[Line]
    formulas: Formulas  # of the sheet's own cells; only those down a column matter here
    form: Form | None  # the known form this one seems to be
    known: Known
    doubts: Doubts
    indicators: list[Indicator] = field(default_factory=list)

    def __post_init__(self) -> None:
        heads = self.table.figures
        self.codes = dict(zip((head.column for head in heads), codes_of(self.table, heads), strict=True))

    def columns_carry(self, measures_agree: bool) -> bool:
        """True when the columns are the indicators: rows alone would give several figures one series."""
        drafts = self._explained(self._drafts(role_of), quietly=True)
        inputs = [(one.aspect, one.shift, one.nature) for one in drafts if one.kind is CellKind.INPUT]
        timed = any(one.kind in _TIMED for one in drafts)
        members, _ = self.known.breakdown_of(line.label for line in self.lines if line.kind is RowKind.DATA)
        clash = len(inputs) > len(set(inputs))
        return measures_agree and (clash or (bool(members) and not timed))

    def rows_carry(self) -> list[Column]:
        """The columns where rows are the indicators."""
        drafts = self._implied(self._explained(self._drafts(role_of)))
        shown = [self._settled(column, place) for place, column in enumerate(drafts)]
        self._doubt_kinds(shown)
        return self._without_clash(shown)

    def carrying(self, measure: Measure, prefix: str) -> list[Column]:
        """The columns where each is an indicator, measured alike."""
        drafts = self._implied(self._explained(self._drafts(role_in_matrix)))
        taken = Codes(one.code for one in self.known.catalogue.indicators)
        shown: list[Column] = []
        for place, column in enumerate(drafts):
            known = self.known.column(column.path, self.form)
            figure = column.kind in (CellKind.INPUT, CellKind.COMPUTED)
            own = column.measure or (measure.code if figure else "")
            stated = decimals_of(shared_format(self.table, self.table.figures[place].column)) if figure else None
            decimals = column.decimals if stated is None else stated
            indicator = known.indicator if known else column.indicator
            one = replace(column, measure=own, decimals=decimals, indicator=indicator)
            if one.kind is CellKind.INPUT and one.indicator is None:
                one = replace(one, indicator=self._new(one, taken, prefix, place))
            shown.append(self._settled(one, place))
        return shown

    def _new(self, column: Column, taken: Codes, prefix: str, place: int) -> str:
        code = taken.take(f"{prefix}{column.code.lstrip('c')}")
        name = ", ".join(column.path)
        measure = column.measure
        counts = measure != PERCENT
        self.indicators.append(
            Indicator(
                code,
                name,
                measure,
                RowNature.OCCURS if counts else RowNature.POINT,
                Accumulation.ADD if counts else Accumulation.LAST,
                Aggregation.SUM if counts else Aggregation.NONE,
            )
        )
        head = self.table.figures[place]
        target = Target("columns", place, "indicator")
        self.doubts.add("official-column-indicator", head.at, target, column=" > ".join(column.path), found=code)
        return code

    # --- drafts -------------------------------------------------------------------------------------------------------

    def _drafts(self, role: Callable[[tuple[str, ...]], tuple[Column, bool]]) -> list[Column]:
        heads = self.table.figures
        drafts = []
        for head, number in zip(heads, numbers_of(heads), strict=True):
            known = self.known.column(head.path, self.form)
            own, _ = role(head.path)
            base = replace(known, formula="") if known and not known.formula else known or own
            drafts.append(replace(base, code=self.codes[head.column], number=number, path=head.path))
        return drafts

    def _explained(self, drafts: Sequence[Column], *, quietly: bool = False) -> list[Column]:
        """Columns with the formula their heading or their cells state."""
        doubts = Doubts() if quietly else self.doubts
        codes = by_number(drafts)
        shown = []
        for place, (column, head) in enumerate(zip(drafts, self.table.figures, strict=True)):
            stated = self._hint(head, codes, place, doubts)
            written = down_the_column(self.formulas, self.lines, head.column, self.table)
            target = Target("columns", place, "formula")
            if stated and written and not alike(stated, written):
                doubts.add("official-formula-differs", head.at, target, found=stated, expected=written)
            formula = written or stated
            if formula and column.formula and not alike(formula, column.formula):
                doubts.add("official-formula-changed", head.at, target, found=formula, expected=column.formula)
            shown.append(replace(column, kind=CellKind.COMPUTED, formula=formula) if formula else column)
        return shown

    def _hint(self, head: HeadColumn, codes: Mapping[str, str], place: int, doubts: Doubts) -> str:
        if not head.hint:
            return ""
        try:
            return of_hint(head.hint, codes)
        except NotOurs:
            doubts.add("official-formula-foreign", head.at, Target("columns", place, "formula"), found=head.hint)
            return ""

    def _implied(self, drafts: Sequence[Column]) -> list[Column]:
        """Columns with the formula their words imply; cumulative ones first, comparisons lean on them."""
        shown = list(drafts)
        for wanted in (_is_year_to_date, _is_input, is_comparison):
            imagined = Imagined(tuple(shown))
            for place, column in enumerate(shown):
                if not wanted(column) or column.formula:
                    continue
                formula = imagined.total(column) if wanted is _is_input else imagined.formula(column)
                if formula:
                    shown[place] = replace(column, kind=CellKind.COMPUTED, formula=formula)
                    self._guessed(place, formula)
                elif wanted is _is_year_to_date:
                    shown[place] = replace(column, kind=CellKind.INPUT)
        return shown

    def _guessed(self, place: int, formula: str) -> None:
        head = self.table.figures[place]
        target = Target("columns", place, "formula")
        self.doubts.add("official-formula-guessed", head.at, target, column=" > ".join(head.path), found=formula)

    def _settled(self, column: Column, place: int) -> Column:
        """A column with decimals, and words in the place of a formula nobody could find."""
        head = self.table.figures[place]
        if column.kind is CellKind.COMPUTED and not column.formula:
            target = Target("columns", place, "formula")
            self.doubts.add("official-formula-missing", head.at, target, column=" > ".join(column.path))
            column = replace(column, kind=CellKind.TEXT)
        if column.kind not in (CellKind.INPUT, CellKind.COMPUTED) or column.measure != PERCENT:
            return column
        stated = decimals_of(shared_format(self.table, head.column))
        own = 1 if column.decimals is None else column.decimals
        return replace(column, decimals=own if stated is None else stated)

    def _doubt_kinds(self, columns: Sequence[Column]) -> None:
        for place, (column, head) in enumerate(zip(columns, self.table.figures, strict=True)):
            _, certain = role_of(head.path)
            if not certain and self.known.column(head.path, self.form) is None and not column.formula:
                self.doubts.add(
                    "official-column-kind",
                    head.at,
                    Target("columns", place, "kind"),
                    column=" > ".join(head.path),
                    found=column.kind.value,
                )

    def _without_clash(self, columns: Sequence[Column]) -> list[Column]:
        """Two inputs of one series: the second becomes words, for a person to say what it is."""
        seen: set[tuple[Aspect, int, object]] = set()
        shown: list[Column] = []
        for place, column in enumerate(columns):
            key = (column.aspect, column.shift, column.nature)
            if column.kind is CellKind.INPUT and key in seen:
                head = self.table.figures[place]
                target = Target("columns", place, "kind")
                self.doubts.add("official-series-clash", head.at, target, column=" > ".join(column.path))
                column = replace(column, kind=CellKind.TEXT)
            elif column.kind is CellKind.INPUT:
                seen.add(key)
            shown.append(column)
        return shown


_TIMED = (
    CellKind.PLAN,
    CellKind.SAME_PERIOD,
    CellKind.CUMULATIVE_SAME_PERIOD,
    CellKind.CUMULATIVE,
    CellKind.PREVIOUS,
)


def _is_year_to_date(column: Column) -> bool:
    return column.kind is CellKind.COMPUTED and column.aspect is Aspect.CUMULATIVE


def _is_input(column: Column) -> bool:
    return column.kind is CellKind.INPUT


def alike(one: str, other: str) -> bool:
    """True when two formulas say the same, spacing and spelling aside."""
    try:
        return parse(one) == parse(other)
    except RuleSyntaxError:
        return False
