"""Placeholders of a catalogue's outlines, before any figure is known: every fault, at its cell of the workbook."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from registry.catalogue import sheets
from registry.catalogue.forms import Definitions
from registry.catalogue.measure_words import ratio_told
from registry.catalogue.model import Catalogue, Form, FormPurpose, Outline, Unit
from registry.catalogue.places import Places
from registry.catalogue.row_names import AmbiguousName, NamedRow, RowNames
from registry.catalogue.table import key_of_record
from registry.findings import Finding, finding
from registry.rules import bind
from registry.rules.placeholders import BadPlaceholder, Named, Placeholder, Use, spots
from vietnamese.copydeck import deck
from vietnamese.fold import fold, nearest

_copy = deck(Path(__file__).parent / "copy.toml")


def placeholder_findings(catalogue: Catalogue, places: Places) -> Iterator[Finding]:
    """What is wrong with the sentences of outlines; names are looked up in the forms of the regimes they serve."""
    definitions = Definitions.of(catalogue)
    for outline in catalogue.outlines:
        if any(heading.text for heading in outline.headings):
            forms = forms_of(outline, catalogue)
            checked = _Checked(RowNames(forms, definitions.indicators), definitions, catalogue.units)
            for heading in outline.headings:
                where = places.where("headings", key_of_record(sheets.HEADINGS, heading, outline.code), "text")
                yield from checked.findings(heading.text, where)


def forms_of(outline: Outline, catalogue: Catalogue) -> tuple[Form, ...]:
    """The input forms of the regimes that give the outline out; all of them where none does."""
    asked = {code for one in catalogue.regimes if outline.code in dict(one.outlines).values() for code in one.forms}
    inputs = tuple(form for form in catalogue.forms if form.purpose is FormPurpose.INPUT)
    return tuple(form for form in inputs if form.code in asked) or inputs


def unit_named(name: str, units: tuple[Unit, ...]) -> Unit | None:
    """The unit of a code, name or short name."""
    key = fold(name)
    return next((one for one in units if key in (fold(one.code), fold(one.name), fold(one.short_name))), None)


class _Checked:
    """Texts held against the rows of an outline's forms."""

    def __init__(self, names: RowNames, definitions: Definitions, units: tuple[Unit, ...]) -> None:
        self._names, self._definitions, self._units = names, definitions, units

    def findings(self, text: str, where: dict[str, str]) -> Iterator[Finding]:
        """Every fault of one text."""
        for spot in spots(text):
            if isinstance(spot.read, BadPlaceholder):
                yield finding("catalogue-placeholder-bad", **where, found=spot.written, reason=str(spot.read))
            else:
                yield from self._unknown(spot.read, spot.written, where)

    def _unknown(self, read: Placeholder, written: str, where: dict[str, str]) -> Iterator[Finding]:
        rows: list[NamedRow] = []
        for named in read.figures:
            try:
                row = self._names.find(named.name, named.form)
            except AmbiguousName as several:
                told = {"found": named.name, "expected": "; ".join(several.labels), "placeholder": written}
                yield finding("catalogue-placeholder-ambiguous", **where, **told)
                continue
            if row is None:
                yield self._not_there(named, where)
            else:
                rows.append(row)
                yield from _column(named, row, where)
        if read.unit and unit_named(read.unit, self._units) is None:
            near = nearest(read.unit, [one.name for one in self._units], 1)
            yield _nobody("unit", read.unit, next(iter(near), ""), where)
        if len(rows) == len(read.figures):
            yield from self._measures(read, rows, written, where)

    def _not_there(self, named: Named, where: dict[str, str]) -> Finding:
        if named.form and not self._names.knows_form(named.form):
            return _nobody("form", named.form, "", where)
        return _nobody("row", named.name, self._names.similar(named.name), where)

    def _measures(
        self, read: Placeholder, rows: list[NamedRow], written: str, where: dict[str, str]
    ) -> Iterator[Finding]:
        own = self._definitions.measures.get(rows[0].row.measure)
        if own is None:
            return
        wanted = [read.measure] if read.measure else []
        wanted += [row.row.measure for row in rows[1:] if read.use is not Use.SHARE]
        for measure in wanted:
            if ratio_told(measure, own, self._definitions.measure_names) is None:
                told = {"found": measure, "expected": own.code, "placeholder": written}
                yield finding("catalogue-placeholder-measure", **where, **told)


def _column(named: Named, row: NamedRow, where: dict[str, str]) -> Iterator[Finding]:
    if named.column:
        try:
            bind.column_code(row.form, named.column)
        except bind.UnknownName as error:
            yield _nobody("column", named.column, error.similar, where)


def _nobody(kind: str, name: str, similar: str, where: dict[str, str]) -> Finding:
    return finding(
        "catalogue-placeholder-unknown", **where, kind=_copy(f"kind.{kind}"), found=name, expected=similar or None
    )
