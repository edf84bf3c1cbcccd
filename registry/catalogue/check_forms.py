"""What must hold inside one form: one series a kept cell, one measure an indicator, no figure counted twice."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from registry.catalogue.asked import MONTHS
from registry.catalogue.check_lists import list_findings
from registry.catalogue.forms import Access, CellSpec, Definitions, RowSet, View
from registry.catalogue.measures import Measure
from registry.catalogue.model import (
    Aggregation,
    Applies,
    Catalogue,
    CellKind,
    CommuneEntry,
    Form,
    FormPurpose,
    Occasion,
    PeriodShape,
    ProvinceValue,
    Row,
    RowKind,
)
from registry.catalogue.places import Places
from registry.catalogue.values import CellKey, Nature, SeriesKey
from registry.findings import Finding, finding

_ALL = ""  # an audience from which no column is hidden


def shapes(form: Form) -> list[PeriodShape]:
    """One period shape for each different set of columns and cell rules the form has over the year."""
    longer = (PeriodShape(frozenset({kind}), month) for kind, month in _LONGER)
    occasions: list[Occasion] = [column.occasion for column in form.columns]
    occasions += [rule.occasion for rule in form.cell_rules]
    occasions += [column.occasion for table in form.lists for column in table.columns]
    distinct: dict[tuple[bool, ...], PeriodShape] = {}
    for shape in (*MONTHS, *longer):
        distinct.setdefault(tuple(occasion.is_open(shape) for occasion in occasions), shape)
    return list(distinct.values())


_LONGER = (
    *((Applies.QUARTER, month) for month in (3, 6, 9, 12)),
    (Applies.HALF, 6),
    (Applies.NINE, 9),
    (Applies.YEAR, 12),
)


def views(form: Form, definitions: Definitions) -> list[View]:
    """The whole form, every row open, once for each of its shapes; rows of unknown indicators are left out."""
    known = [row for row in form.rows if row.indicator is None or row.indicator in definitions.indicators]
    row_set = RowSet(_ALL, tuple((row.code, Access.OPEN) for row in known))
    return [View(form, shape, row_set, definitions) for shape in shapes(form)]


def form_findings(form: Form, catalogue: Catalogue, places: Places) -> Iterator[Finding]:
    """Everything wrong inside one form."""
    definitions = Definitions.of(catalogue)
    yield from _indicators_once(form, places)
    if form.purpose is FormPurpose.REPORT:
        yield from _report_form(form, definitions, places)
        return
    for row in form.rows:
        if row.kind is RowKind.DATA:
            yield from _totals(form, row, definitions, places)
            yield from _commune_measure(form, row, definitions, places)
    said: set[tuple[str, ...]] = set()
    met = views(form, definitions)
    for view in met:
        yield from _series(view, places, said)
        yield from _measures(view, places, said)
    yield from list_findings(form, met, places)


def _report_form(form: Form, definitions: Definitions, places: Places) -> Iterator[Finding]:
    """PRACTICE F11: a report form only arranges what other forms ask; one by territory has a measure in each column."""
    said: set[tuple[str, ...]] = set()
    for view in views(form, definitions):
        for key in view.inputs:
            where = places.where("columns", (form.code, key.column), "kind")
            found = finding("catalogue-report-form-input", **where, column=key.column, form=form.code)
            yield from _once(said, found, key.column)
    figures = [column for column in form.columns if column.kind is not CellKind.NOTE]
    for column in figures if form.subjects else ():
        if not column.measure or not (column.indicator or column.kind is CellKind.COMPUTED):
            where = places.where("columns", (form.code, column.code), "measure")
            yield finding("catalogue-report-form-column", **where, column=column.code, form=form.code)


def _indicators_once(form: Form, places: Places) -> Iterator[Finding]:
    """DESIGN, Two addresses: rows and columns each contribute, and together give exactly one series."""
    for column in form.columns:
        row = next((row for row in form.rows if row.indicator), None)
        if column.indicator and row:
            yield finding(
                "catalogue-indicator-twice",
                **places.where("columns", (form.code, column.code), "indicator"),
                row=row.code,
                column=column.code,
                found=row.indicator,
                expected=column.indicator,
            )


# --- figures counted twice (PRACTICE F1) -----------------------------------------------------------------------------


def _totals(form: Form, row: Row, definitions: Definitions, places: Places) -> Iterator[Finding]:
    where = places.where("rows", (form.code, row.code), "province_value")
    value = row.province_value
    by_communes = row.commune_entry in (CommuneEntry.ENTERS, CommuneEntry.SOME)
    if value is ProvinceValue.COMMUNES and row.suppliers:
        suppliers = ", ".join(row.suppliers)
        yield finding("catalogue-total-mixes-levels", **where, row=row.code, found=value.value, expected=suppliers)
    indicator = definitions.indicators.get(row.indicator or "")
    added = value in (ProvinceValue.COMMUNES, ProvinceValue.ALL, ProvinceValue.AGENCY_AND_COMMUNES)
    if added and indicator and indicator.aggregation is not Aggregation.SUM:
        yield finding(
            "catalogue-total-not-additive", **where, row=row.code, found=value.value, indicator=indicator.code
        )
    needs_communes = value is ProvinceValue.COMMUNES and not by_communes
    needs_agency = value in (ProvinceValue.AGENCY, ProvinceValue.AGENCY_AND_COMMUNES) and not row.suppliers
    if needs_communes or needs_agency:
        where = places.where("rows", (form.code, row.code), "suppliers")
        yield finding("catalogue-row-without-supplier", **where, row=row.code)


# --- series ----------------------------------------------------------------------------------------------------------


def _series(view: View, places: Places, said: set[tuple[str, ...]]) -> Iterator[Finding]:
    held: dict[tuple[SeriesKey, Nature, int], CellKey] = {}
    for key, spec in view.cells.items():
        if spec.kind is CellKind.COMPUTED and not spec.formula:
            where = places.where("columns", (view.form.code, key.column), "formula")
            found = finding("catalogue-formula-missing", **where, row=key.row, column=key.column)
            yield from _once(said, found, "formula", key.column)
        if spec.kind is CellKind.INPUT and spec.series is None:
            yield from _once(said, _missing(view.form, key, places), "missing", *key[:2])
        if not spec.keep or spec.series is None:
            continue
        figure = (spec.series, spec.nature, spec.shift)
        if figure in held:
            yield from _once(said, _clash(view.form, held[figure], key, figure[0], places), "clash", *key[:2])
        held.setdefault(figure, key)


def _once(said: set[tuple[str, ...]], found: Finding, *what: str) -> Iterator[Finding]:
    if what not in said:
        said.add(what)
        yield found


def _missing(form: Form, key: CellKey, places: Places) -> Finding:
    where = places.where("rows", (form.code, key.row), "indicator")
    return finding("catalogue-series-missing", **where, row=key.row, column=key.column)


def _clash(form: Form, first: CellKey, second: CellKey, series: SeriesKey, places: Places) -> Finding:
    sheet, code, field = ("columns", second.column, "code") if first.row == second.row else ("rows", second.row, "code")
    return finding(
        "catalogue-series-clash",
        **places.where(sheet, (form.code, code), field),
        row=second.row,
        column=second.column,
        first=f"[{first.row}].({first.column})",
        second=f"[{second.row}].({second.column})",
        found=" · ".join(part for part in series if part),
    )


# --- measures (R03: one indicator, one measure dimension) ------------------------------------------------------------


def _measures(view: View, places: Places, said: set[tuple[str, ...]]) -> Iterator[Finding]:
    known = view.definitions.measures
    for key, spec in view.cells.items():
        shown = known.get(spec.measure)
        canonical = _canonical(view.definitions, spec)
        if not spec.keep or shown is None or canonical is None:
            continue
        where = places.where("rows", (view.form.code, key.row), "measure")
        if shown.dimension != canonical.dimension:
            found = _clashing(where, shown, canonical, spec)
            yield from _once(said, found, "measure", key.row, shown.code)
        elif not fits(shown, spec.decimals, canonical):
            where = places.where("rows", (view.form.code, key.row), "decimals")
            found = finding(
                "catalogue-measure-digits",
                **where,
                found=str(spec.decimals),
                measure=shown.code,
                expected=canonical.code,
            )
            yield from _once(said, found, "digits", key.row, shown.code)


def _clashing(where: dict[str, str], shown: Measure, canonical: Measure, spec: CellSpec) -> Finding:
    indicator = spec.series.indicator if spec.series else ""
    return finding("catalogue-measure-clash", **where, found=shown.code, expected=canonical.code, indicator=indicator)


def _canonical(definitions: Definitions, spec: CellSpec) -> Measure | None:
    try:
        return definitions.canonical(spec.series) if spec.series else None
    except KeyError:  # an unknown name, said elsewhere
        return None


def fits(shown: Measure, decimals: int, canonical: Measure) -> bool:
    """True when every figure of so many decimals in ``shown`` is a whole mantissa in ``canonical``."""
    last_digit: Fraction = shown.factor / canonical.factor * 10**canonical.decimals / 10**decimals
    return last_digit.denominator == 1


def _commune_measure(form: Form, row: Row, definitions: Definitions, places: Places) -> Iterator[Finding]:
    measures = definitions.measures
    indicator = definitions.indicators.get(row.indicator or "")
    shown = measures.get(row.commune_measure)
    canonical = measures.get(indicator.measure) if indicator else None
    if indicator is None or shown is None or canonical is None:
        return
    key = (form.code, row.code)
    if shown.dimension != canonical.dimension:
        where = places.where("rows", key, "commune_measure")
        yield finding(
            "catalogue-measure-clash", **where, found=shown.code, expected=canonical.code, indicator=indicator.code
        )
        return
    own = row.commune_decimals
    decimals = row.decimals if own is None else own
    if not fits(shown, decimals, canonical):
        where = places.where("rows", key, "decimals" if own is None else "commune_decimals")
        words = {"found": str(decimals), "measure": shown.code, "expected": canonical.code}
        yield finding("catalogue-measure-digits", **where, **words)
