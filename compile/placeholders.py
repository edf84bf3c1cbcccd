"""Sentences of an outline with their placeholders filled from a table's cells (``registry.rules.placeholders``)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from decimal import Decimal

from compile.coverage import copy
from compile.filled import Filled, Origin, Span, Table
from compile.row_figures import GROWING, POINTS, RowFigures
from compile.sentences import in_measure, plan_of, verb
from registry.catalogue.forms import CellSpec, Definitions
from registry.catalogue.measure_words import ratio_told
from registry.catalogue.model import CellKind, RowNature, Unit
from registry.catalogue.row_names import AmbiguousName, RowNames
from registry.catalogue.values import CellKey, State
from registry.findings import Finding, finding
from registry.periods import Period, PeriodKind
from registry.rules import bind, exact
from registry.rules.placeholders import BadPlaceholder, Named, Placeholder, Side, Use, spots
from registry.rules.placeholders_check import unit_named
from vietnamese.change import attained, moved, moved_by, percent_decimals, plan_name
from vietnamese.numbers import format_number
from workbook_templates.official.blocks import period_words

NOT_KNOWN = "…"  # printed where there is no figure
_PERIOD_WORD = re.compile(r"\{(\w+)\}")
_HUNDRED = Decimal(100)
_OF_UNITS = (CellKind.INPUT, CellKind.COMPUTED)
_SMALLER, _LARGER = 0, 1  # decimals in a smaller and in a larger measure than the table's


class _Blank(Exception):
    """A placeholder names figures of which nothing is known."""

    def __init__(self, origin: Origin) -> None:
        super().__init__(origin)
        self.origin = origin


class Filler:
    """Fills texts about one report, from its forms in order."""

    def __init__(
        self, tables: Iterable[Table], period: Period, definitions: Definitions, units: tuple[Unit, ...] = ()
    ) -> None:
        self._tables = {one.view.form.code: one for one in tables}
        self._names = RowNames((one.view.form for one in self._tables.values()), definitions.indicators)
        self._period, self._definitions, self._units = period, definitions, units
        self._words = period_words(period)

    def fill(self, text: str, heading: str = "") -> Filled:
        """A text with its placeholders filled and its {m}, {Y} put in; what is not known prints "…" and is found.

        ``heading`` is what findings call the place.
        """
        out, end = "", 0
        spans: list[Span] = []
        found: list[Finding] = []
        for spot in spots(text):
            out += self._dated(text[end : spot.start])
            try:
                said, origin = self._filled(spot.read)
            except _Blank as blank:
                said, origin = NOT_KNOWN, blank.origin
                found.append(finding("compile-placeholder-blank", heading=heading, found=spot.written))
            except BadPlaceholder as bad:
                said, origin = NOT_KNOWN, None
                found.append(finding("compile-placeholder-bad", heading=heading, found=spot.written, reason=str(bad)))
            spans.append(Span(len(out), len(out) + len(said), spot.written, origin))
            out, end = out + said, spot.end
        return Filled(out + self._dated(text[end:]), tuple(spans), tuple(found))

    def _dated(self, words: str) -> str:
        return _PERIOD_WORD.sub(lambda one: str(self._words.get(one[1], one[0])), words)

    def _filled(self, read: Placeholder | BadPlaceholder) -> tuple[str, Origin]:
        if isinstance(read, BadPlaceholder):
            raise read
        unit = unit_named(read.unit, self._units) if read.unit else None
        if read.unit and unit is None:
            raise BadPlaceholder("unknown", found=read.unit)
        at = _At(self, read, unit.code if unit else "")
        return at.said(), at.origin

    def row(self, named: Named, unit: str) -> tuple[Table, RowFigures]:
        """The row a figure names. Raises BadPlaceholder."""
        try:
            found = self._names.find(named.name, named.form)
        except AmbiguousName as several:
            raise BadPlaceholder("ambiguous", found=named.name, labels="; ".join(several.labels)) from None
        if found is None:
            raise BadPlaceholder("unknown", found=named.name)
        table = self._tables[found.form.code]
        cells = table.units.get(unit, {}) if unit else table.cells
        return table, RowFigures(found.row, table.view, cells)

    def converted(self, number: Decimal, spec: CellSpec, measure: str) -> tuple[Decimal, int]:
        """A number of a cell in another measure, and the decimals usual there. Raises BadPlaceholder."""
        own = self._definitions.measures[spec.measure]
        ratio = ratio_told(measure, own, self._definitions.measure_names)
        if ratio is None:
            raise BadPlaceholder("clash", found=measure, own=spec.measure)
        usual = spec.decimals if ratio == 1 else _LARGER if ratio > 1 else _SMALLER
        return exact.divide(exact.multiply(number, Decimal(ratio.denominator)), Decimal(ratio.numerator)), usual

    @property
    def previous(self) -> str:
        """The words for the period before."""
        return "with_previous_month" if self._period.kind is PeriodKind.MONTH else "with_previous_quarter"

    @property
    def is_year_over(self) -> bool:
        """True of a period that ends the year."""
        return self._period.last.month == 12


class _At:
    """One placeholder at its row; remembers the cells it read."""

    def __init__(self, filler: Filler, read: Placeholder, unit: str) -> None:
        self._filler, self._read, self._unit = filler, read, unit
        self._table, self._row = filler.row(read.figure, unit)
        self._cells: list[CellKey] = []

    @property
    def origin(self) -> Origin:
        """The cells read so far."""
        return Origin(self._table.view.form.code, tuple(dict.fromkeys(self._cells)), self._unit)

    def said(self) -> str:
        """The words and number of the placeholder. Raises _Blank, BadPlaceholder."""
        ways: dict[Use, Callable[[], str]] = {
            Use.VALUE: self._value,
            Use.CHANGE: self._change,
            Use.COMPARED: self._compared,
            Use.DIFFERENCE: self._difference,
            Use.SHARE: self._share,
            Use.ATTAINED: self._attained,
            Use.VERB: self._verb,
        }
        said = ways[self._read.use]()
        return copy("sentence.tentative", said=said) if self._is_tentative() else said

    def _is_tentative(self) -> bool:
        """True when a figure read, or one it is computed from, is of a unit whose figures are open again."""
        cells, view = self._row.cells, self._table.view
        rows = {key.row for key in self._cells if view.cells[key].kind in _OF_UNITS}
        given = (total for key, total in cells.items() if key.row in rows)
        return any(self._table.tentative.intersection(total.contributors) for total in given)

    # --- uses --------------------------------------------------------------------------------------------------------

    def _value(self) -> str:
        spec, number = self._number(self._read.figure, self._row)
        return self._amount(number, spec) + ("" if self._unit else self._table.partial.get(spec.key, ""))

    def _assert_whole(self, spec: CellSpec | None, row: RowFigures) -> None:
        """A partial sum is compared with nothing."""
        if row.total(spec).is_partial:
            raise _Blank(self.origin)

    def _change(self) -> str:
        row, base = self._row, self._read.base
        if isinstance(base, Side) and row.nature is RowNature.INDEX:
            percent = self._known(self._index(base), row)[1]
            return moved(percent, self._decimals(percent_decimals(percent, row.decimals)))
        if isinstance(base, Side) and row.nature is RowNature.RATIO:
            spec, points = self._known(row.points(self._base_name(base)), row)
            self._assert_whole(spec, row)
            return moved_by(points, self._decimals(spec.decimals), POINTS)
        now = self._number(self._read.figure, row)
        self._assert_whole(now[0], row)
        former = self._base(now[0])
        if former <= 0 or now[1] < 0:
            raise _Blank(self.origin)
        share = exact.divide(exact.multiply(now[1], _HUNDRED), former)
        return moved(share, self._decimals(row.decimals))

    def _compared(self) -> str:
        said = self._change()
        base = self._read.base
        if base is Side.BEFORE:
            return copy(f"sentence.{self._filler.previous}", change=said)
        if base in (Side.COUNCIL, Side.CENTRAL):
            return copy("sentence.with", change=said, base=self._plan(base))
        if base in (Side.SAME, Side.SAME_TO_DATE):
            season = self._row.nature in (RowNature.SEASON, RowNature.CROP_YEAR)
            return copy("sentence.with_same_season" if season else "sentence.with_same", change=said)
        assert isinstance(base, Named)
        return copy("sentence.with", change=said, base=base.name)

    def _difference(self) -> str:
        spec, number = self._number(self._read.figure, self._row)
        self._assert_whole(spec, self._row)
        change, decimals = number - self._base(spec), spec.decimals
        if self._read.measure:
            change, decimals = self._filler.converted(change, spec, self._read.measure)
        return moved_by(change, self._decimals(decimals), self._read.measure or spec.measure)

    def _share(self) -> str:
        spec, number = self._number(self._read.figure, self._row)
        self._assert_whole(spec, self._row)
        base = self._read.base
        assert isinstance(base, Named)
        _, row = self._filler.row(base, self._unit)
        of, whole = self._number(base, row)
        self._assert_whole(of, row)
        if not whole:
            raise _Blank(self.origin)
        share = exact.divide(exact.multiply(number, _HUNDRED), whole)
        return self._as_amount(share, self._decimals(self._row.decimals), "%")

    def _attained(self) -> str:
        row = self._row
        now = row.headline if row.nature in GROWING else row.of.to_date or row.of.now
        self._assert_whole(now, row)
        share = row.ratio(self._known(now, row)[0], self._known(row.of.council, row)[0])
        if share is None or row.nature in (RowNature.RATIO, RowNature.INDEX):
            raise _Blank(self.origin)
        lower = row.indicator is not None and row.indicator.lower_is_better
        decimals = self._decimals(percent_decimals(share, row.decimals))
        plan = self._plan(Side.COUNCIL)
        return attained(share, decimals, plan, is_over=self._filler.is_year_over, lower_is_better=lower)

    def _verb(self) -> str:
        spec, _ = self._number(self._read.figure, self._row)
        return verb(self._row.row, self._row.total(spec), spec)

    # --- figures -----------------------------------------------------------------------------------------------------

    def _number(self, named: Named, row: RowFigures) -> tuple[CellSpec, Decimal]:
        if named.column:
            try:
                code = bind.column_code(row.view.form, named.column)
            except bind.UnknownName:
                raise BadPlaceholder("unknown", found=named.column) from None
            return self._known(row.view.cells.get(CellKey(row.row.code, code)), row)
        return self._known(_side(named.side, row), row)

    def _known(self, spec: CellSpec | None, row: RowFigures) -> tuple[CellSpec, Decimal]:
        if spec is None:
            raise _Blank(self.origin)
        if row.view.form is self._table.view.form:
            self._cells.append(spec.key)
        total = row.total(spec)
        number = Decimal(0) if total.state is State.NIL else total.number
        if number is None:
            raise _Blank(self.origin)
        return spec, number

    def _base(self, now: CellSpec) -> Decimal:
        """What the figure is held against, in its measure."""
        base = self._read.base
        if isinstance(base, Named):
            _, row = self._filler.row(base, self._unit)
            spec, number = self._number(base, row)
            self._assert_whole(spec, row)
            return number if spec.measure == now.measure else self._filler.converted(number, spec, now.measure)[0]
        assert base is not None
        spec, number = self._known(getattr(self._row.of, self._base_name(base)), self._row)
        self._assert_whole(spec, self._row)
        return number

    def _base_name(self, base: Side) -> str:
        """The figure of the same span: what came in to date is held against the same period's to date."""
        is_to_date = _side(self._read.figure.side, self._row) is self._row.of.to_date
        if base is Side.SAME and is_to_date and self._row.of.same_to_date is not None:
            return Side.SAME_TO_DATE.value
        return base.value

    def _index(self, base: Side) -> CellSpec | None:
        of = self._row.of
        if base is Side.BEFORE:
            return of.index_month
        return of.index_to_date if self._read.figure.side is Side.TO_DATE else of.index_year

    def _plan(self, side: Side) -> str:
        if side is Side.CENTRAL:
            return plan_name("central")
        return plan_of(self._row.row, self._table.view.row_set.audience)

    # --- words -------------------------------------------------------------------------------------------------------

    def _amount(self, number: Decimal, spec: CellSpec) -> str:
        if not self._read.measure:
            return self._as_amount(number, self._decimals(spec.decimals), spec.measure)
        converted, usual = self._filler.converted(number, spec, self._read.measure)
        return self._as_amount(converted, self._decimals(usual), self._read.measure)

    def _as_amount(self, number: Decimal, decimals: int, measure: str) -> str:
        return format_number(number, decimals) if self._read.is_bare else in_measure(number, decimals, measure)

    def _decimals(self, usual: int) -> int:
        return usual if self._read.decimals is None else self._read.decimals


def _side(side: Side, row: RowFigures) -> CellSpec | None:
    of = row.of
    if side is Side.HEADLINE or row.nature is RowNature.INDEX:
        return row.headline
    alike = {Side.NOW: of.to_date, Side.TO_DATE: of.now, Side.SAME_TO_DATE: of.same}  # in January these are one
    own: CellSpec | None = getattr(of, side.value)
    return own or alike.get(side)
