"""What must hold of list tables: lines can be told apart, figures have measures, kept columns add up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from registry.catalogue.forms import View
from registry.catalogue.measures import Measure
from registry.catalogue.model import Aggregation, CellKind, Column, Form, Indicator, ListTable, RowNature
from registry.catalogue.places import Places
from registry.catalogue.values import SeriesKey
from registry.findings import Finding, finding

_NOT_ADDED = (RowNature.RATIO, RowNature.INDEX)


def list_findings(form: Form, views: Iterable[View], places: Places) -> Iterator[Finding]:
    """Everything wrong inside the lists of a form; a form with nothing to fill too."""
    if not (form.rows and form.columns) and not form.lists:
        where = places.where("form", (form.code, str(form.version)), "code")
        yield finding("catalogue-form-empty", **where, found=form.code)
    for column in form.columns:
        if column.kind is CellKind.CHOICE and not column.choices:
            where = places.where("columns", (form.code, column.code), "choices")
            yield finding("catalogue-choices-missing", **where, found=column.code)
    met = list(views)
    own = {spec.series for view in met for spec in view.cells.values() if spec.keep and spec.series}
    for table in form.lists:
        yield from _table(form, table, places)
        for column in table.columns:
            yield from _column(_Where(form, table, column, places))
        if met:
            yield from _kept(form, table, met[0], own, places)


class _Where:
    """A column of a list and the places of its fields."""

    def __init__(self, form: Form, table: ListTable, column: Column, places: Places) -> None:
        self.column = column
        self._key = (form.code, table.code, column.code)
        self._places = places

    def finding(self, code: str, field: str, **more: str) -> Finding:
        """A finding about a field of the column."""
        return finding(code, **self._places.where("list_columns", self._key, field), **more)


def _table(form: Form, table: ListTable, places: Places) -> Iterator[Finding]:
    where = places.where("lists", (form.code, table.code), "code")
    if not table.columns:
        yield finding("catalogue-list-empty", **where, found=table.code)
    elif not any(column.key for column in table.columns):
        yield finding("catalogue-list-without-key", **where, found=table.code)


def _column(at: _Where) -> Iterator[Finding]:
    column = at.column
    if column.key and not (column.kind.is_typed and column.kind is not CellKind.NOTE):
        yield at.finding("catalogue-list-key-not-typed", "key", found=column.code)
    if column.kind.is_figure and not column.measure:
        yield at.finding("catalogue-list-without-measure", "measure", found=column.code)
    if column.kind is CellKind.CHOICE and not column.choices:
        yield at.finding("catalogue-choices-missing", "choices", found=column.code)
    if column.kind is CellKind.COMPUTED and not column.formula:
        yield at.finding("catalogue-formula-missing", "formula", row=at.column.path[-1], column=column.code)
    if column.keep and not column.indicator:
        yield at.finding("catalogue-list-without-indicator", "indicator", found=column.code)


def _kept(form: Form, table: ListTable, view: View, own: set[SeriesKey], places: Places) -> Iterator[Finding]:
    """Kept columns: additive, in the indicator's dimension, and no figure given twice."""
    definitions, held = view.definitions, dict.fromkeys(own, form.code)
    for column in table.columns:
        indicator = definitions.indicators.get(column.indicator or "")
        if indicator is None:
            continue
        at = _Where(form, table, column, places)
        yield from _measure(at, indicator, definitions.measures)
        if not column.keep:
            continue
        if indicator.nature in _NOT_ADDED or indicator.aggregation is Aggregation.RATIO:
            yield at.finding("catalogue-list-not-additive", "keep", found=column.code, indicator=indicator.code)
        cells = view.lists[table.code].cells
        series = next((spec.series for key, spec in cells.items() if key.column == column.code), None)
        if series in held:
            words = {
                "first": held[series],
                "second": f"[{table.code}].({column.code})",
                "found": " · ".join(series[:2]),
            }
            yield at.finding("catalogue-series-clash", "indicator", **words)
        if series is not None:
            held.setdefault(series, f"[{table.code}].({column.code})")


def _measure(at: _Where, indicator: Indicator, measures: dict[str, Measure]) -> Iterator[Finding]:
    for field in ("measure", "commune_measure"):
        shown, canonical = measures.get(getattr(at.column, field)), measures.get(indicator.measure)
        if shown and canonical and shown.dimension != canonical.dimension:
            words = {"found": shown.code, "expected": canonical.code, "indicator": indicator.code}
            yield at.finding("catalogue-measure-clash", field, **words)
