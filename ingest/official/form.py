"""From the plain workbook of an official form to a proposed definition for a person to correct."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ingest.model import Extraction
from ingest.official import cells, lists, relations
from ingest.official.columns import PERCENT
from ingest.official.doubts import Doubt, Doubts, Target
from ingest.official.figures import Figures
from ingest.official.fixed import Rows
from ingest.official.formula import Ground
from ingest.official.head import Head, code_of, head_of, remarks_of
from ingest.official.known import Known
from ingest.official.paper import Paper
from ingest.official.rows import Line, is_list, lines_of
from ingest.official.table import Table, find_table
from registry.catalogue.measures import Measure
from registry.catalogue.model import Catalogue, Form, Indicator, Row, RowKind, Rule
from registry.catalogue.sheets import MERGER
from registry.findings import Finding
from vietnamese.copydeck import deck

_copy = deck(Path(__file__).parent / "copy.toml")
_LETTERS = ("A", "B", "C")
_WIDE = 13  # figure columns from which a form goes on A3


@dataclass(frozen=True)
class Proposal:
    """A proposed definition: what is new besides the form, and everything guessed. No form: no table was found."""

    form: Form | None
    rules: tuple[Rule, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    measures: tuple[Measure, ...] = ()
    doubts: tuple[Doubt, ...] = ()

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What the doubts say."""
        return tuple(doubt.finding for doubt in self.doubts)

    @property
    def catalogue(self) -> Catalogue:
        """Everything proposed, as it would be loaded."""
        forms = (self.form,) if self.form else ()
        return Catalogue(measures=self.measures, indicators=self.indicators, forms=forms, rules=self.rules)


def propose(extraction: Extraction, name: str, catalogue: Catalogue) -> Proposal:
    """The proposal for the first table of a workbook beside the catalogue in force; ``name`` is the file's.

    Everything it is not sure of is a doubt; what the extraction was refused for stands among them. Never raises.
    """
    refused = tuple(Doubt(found) for found in extraction.findings)
    doubts = Doubts(found=list(refused))
    papers = [Paper.of(sheet) for sheet in extraction.sheets if sheet.state == "visible"]
    tables = [(paper, find_table(paper)) for paper in papers]
    found = next((table for _, table in tables if table is not None), None)
    if found is None:
        if extraction.sheets or not refused:
            doubts.add("official-no-table", name=name)
        return Proposal(None, doubts=tuple(doubts.found))
    doubts.sheet = found.paper.name
    for paper, table in tables:
        if table is not None and paper is not found.paper:
            doubts.add("official-sheet-choice", found=paper.name)
    return _Author(found, name, Known(catalogue), doubts).proposal()


@dataclass
class _Author:
    """Writes the definition of one table."""

    table: Table
    name: str
    known: Known
    doubts: Doubts

    def proposal(self) -> Proposal:
        """Everything proposed."""
        self._doubt_reading()
        head = head_of(self.table)
        lines = lines_of(self.table, self.doubts)
        remarks = remarks_of(self.table)
        wanted = code_of(head, self.name)
        same = self.known.form(wanted, head.official_number)
        blank = self._form(head, same.code if same else wanted, same)
        if is_list(lines):
            table, members = lists.list_of(self.table, blank, same, head.unit, self.known, self.doubts, remarks)
            self.doubts.add("official-list", (self.table.top, self.table.columns[0].column), Target("lists", 0, "code"))
            form = replace(
                blank,
                letters=blank.letters[:1],
                label_headings=blank.label_headings[:1],
                unit_line="",  # every column says its own
                lists=(table,),
                members=members,
            )
            measures: tuple[Measure, ...] = ()
            indicators: tuple[Indicator, ...] = ()
        else:
            form, indicators, measures = self._with_rows(blank, lines, head, same)
        taken = {rule.code: rule.formula for rule in self.known.catalogue.rules if rule.form == form.code}
        rules = relations.rules_of(form, remarks, taken, self.doubts)
        return Proposal(form, rules, indicators, measures, tuple(self.doubts.found))

    # --- head ---------------------------------------------------------------------------------------------------------

    def _doubt_reading(self) -> None:
        table, paper = self.table, self.table.paper
        first = (table.top, table.columns[0].column)
        if table.number_row is None:
            self.doubts.add("official-head-guessed", first, found=str(len(table.columns)))
        if paper.hidden:
            self.doubts.add("official-hidden", paper.hidden)
        if paper.is_cut:
            self.doubts.add("official-too-large", first)
        if table.next_table:
            self.doubts.add("official-second-table", (table.next_table, table.columns[0].column))
        legacy = next(((at, ink) for at, ink in paper.inks.items() if ink.charset), None)
        if legacy:
            self.doubts.add("official-legacy-font", legacy[0], found=legacy[1].text[:60], charset=legacy[1].charset)
        for one in table.columns:
            if one.is_spread:
                self.doubts.add("official-heading-spread", one.at, column=" > ".join(one.path))

    def _form(self, head: Head, code: str, same: Form | None) -> Form:
        """The form without rows and columns."""
        at = head.at.get("official_number") or head.at.get("title")
        target = Target("form", 0, "code")
        if same is not None:
            self.doubts.add("official-known-form", at, target, found=code, expected=str(same.version + 1))
        else:
            self.doubts.add("official-code", at, target, found=code)
        if not head.title:
            self.doubts.add("official-title", None, Target("form", 0, "title"))
        labels = (self.table.number_column, self.table.label_column, self.table.measure_column)
        wanted = 3 if self.table.measure_column or not head.unit_line else 2
        letters = tuple(one.number for one in labels[:wanted] if one and one.number)
        number, label, measure = (one.path[-1] if one else "" for one in labels)
        headings = (number or _copy("number-heading"), label, measure or _copy("measure-heading"))
        return Form(
            code,
            head.title or (same.title if same else _copy("no-title")),
            head.official_number,
            head.legal_basis,
            rows=(),
            columns=(),
            version=same.version + 1 if same else 1,
            valid_from=same.valid_from if same else MERGER,
            letters=letters if len(letters) == wanted else _LETTERS[:wanted],
            label_headings=headings[:wanted],
            unit_line=head.unit_line if wanted == 2 else "",
            zeros_printed=same.zeros_printed if same else False,
            paper="A3" if len(self.table.figures) > _WIDE else "A4",
        )

    # --- rows and columns ---------------------------------------------------------------------------------------------

    def _with_rows(
        self, form: Form, lines: list[Line], head: Head, same: Form | None
    ) -> tuple[Form, tuple[Indicator, ...], tuple[Measure, ...]]:
        heads = self.table.figures
        for one in self.table.dropped:
            self.doubts.add("official-column-dropped", one.at, column=" > ".join(one.path))
        rows = Rows(self.table, self.known, self.doubts, same, form.code, self._unit(head, form))
        measures = rows.measures_of(lines)
        figures = Figures(self.table, lines, {}, same, self.known, self.doubts)
        places = {line.row: str(line.row) for line in lines}
        figures.formulas = cells.formulas_of(self.table, lines, heads, Ground(places, figures.codes), Doubts())
        held = {measure for line, measure in zip(lines, measures, strict=True) if line.kind is RowKind.DATA and measure}
        carry = figures.columns_carry(len(held) == 1)
        shown = figures.carrying(next(iter(held)), _prefix(form.code)) if carry else figures.rows_carry()
        rows.input_columns = [
            one.column for one, column in zip(heads, shown, strict=True) if column.measure != PERCENT or carry
        ]
        built = rows.build(lines, measures, columns_carry=carry)
        names = {line.row: row.code for line, row in zip(lines, built, strict=True) if row.kind is not RowKind.SECTION}
        formulas = cells.formulas_of(self.table, lines, heads, Ground(names, figures.codes), self.doubts)
        pairs = list(zip(shown, heads, strict=True))
        kept = cells.kept_of(same, {row.code for row in built}, {column.code for column in shown}) if same else ()
        natures = {one.code: one.nature for one in (*self.known.catalogue.indicators, *rows.indicators)}
        if same is None:
            kept = cells.not_summed(shown, {natures[row.indicator] for row in built if row.indicator})
        exceptions = cells.rules_of(self.table, lines, built, pairs, formulas, kept, self.doubts)
        self._doubt_entry(built, same, bool(rows.indicators))
        whole = replace(
            form, rows=tuple(built), columns=tuple(shown), cell_rules=exceptions, members=tuple(rows.members)
        )
        return whole, (*rows.indicators, *figures.indicators), tuple(rows.measures)

    def _unit(self, head: Head, form: Form) -> Measure | None:
        """The measure the unit line names, where the form has no column of measures."""
        if not form.unit_line:
            return None
        found = self.known.measure(head.unit) or self.known.measure_within(head.unit)
        target = Target("form", 0, "unit_line")
        if found is None or found.code != head.unit:
            self.doubts.add(
                "official-unit-line",
                head.at.get("unit_line"),
                target,
                found=head.unit,
                expected=found.code if found else "",
            )
        return found

    def _doubt_entry(self, rows: Sequence[Row], same: Form | None, is_new: bool) -> None:
        at = (self.table.body[0], self.table.label_column.column) if self.table.body else None
        if same is None and rows:
            self.doubts.add("official-entry-guessed", at, Target("rows", 0, "commune_entry"))
        if is_new:
            self.doubts.add("official-indicators-new", at, Target("rows", 0, "indicator"))


def _prefix(code: str) -> str:
    """The letters and digits of a form's code, for the codes of its columns' indicators."""
    return "".join(letter for letter in code.upper() if letter.isascii() and letter.isalnum())
