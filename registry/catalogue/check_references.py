"""Names that one table of a catalogue takes from another: each must exist, and a misspelt one gets its nearest."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from registry.catalogue import sheets as s
from registry.catalogue.codec import nearest
from registry.catalogue.model import Catalogue, Form, Rule, UnitKind
from registry.catalogue.places import Key, Places
from registry.catalogue.sheets import Sheet
from registry.catalogue.table import key_of_record
from registry.findings import Finding, finding
from vietnamese.copydeck import deck

_copy = deck(Path(__file__).parent / "copy.toml")
UNIT, REPORTER, MEASURE, INDICATOR = "unit", "reporter", "measure", "indicator"
FORM, OUTLINE, GROUP, MEMBER = "form", "outline", "group", "member"
ROW, COLUMN = "row", "column"


@dataclass(frozen=True)
class Known:
    """The names that may be referred to, by kind; rows that stand in the folder with a fault count as known."""

    names: dict[str, frozenset[str]]

    @classmethod
    def of(cls, catalogue: Catalogue, places: Places) -> Known:
        """Everything a catalogue defines."""
        units = {one.code for one in catalogue.units} | places.mentioned("units")
        members = [*catalogue.members, *(member for form in catalogue.forms for member in form.members)]
        names: dict[str, Iterable[str]] = {
            UNIT: units,
            REPORTER: units | {kind.value for kind in UnitKind},
            MEASURE: {one.code for one in catalogue.measures} | places.mentioned("measures"),
            INDICATOR: {one.code for one in catalogue.indicators} | places.mentioned("indicators"),
            FORM: {one.code for one in catalogue.forms} | places.mentioned("form"),
            OUTLINE: {one.code for one in catalogue.outlines} | places.mentioned("outlines"),
            GROUP: {"=".join(pair) for unit in catalogue.units for pair in unit.groups},
            MEMBER: {f"{one.breakdown}={one.code}" for one in members},
        }
        return cls({kind: frozenset(found) for kind, found in names.items()})

    def within(self, form: Form, places: Places) -> Known:
        """The same with the rows and columns of one form."""
        rows = {row.code for row in form.rows} | places.mentioned("rows", (form.code,))
        columns = {column.code for column in form.columns} | places.mentioned("columns", (form.code,))
        return Known({**self.names, ROW: frozenset(rows), COLUMN: frozenset(columns)})


@dataclass(frozen=True, slots=True)
class Reference:
    """A field whose values are names of ``kind``."""

    field: str
    kind: str
    of: Callable[[Any], Iterable[str | None]]


_CATALOGUE: tuple[tuple[Sheet, tuple[Reference, ...]], ...] = (
    (s.UNITS, (Reference("parent", UNIT, lambda one: (one.parent,)),)),
    (
        s.SUCCESSIONS,
        (Reference("old", UNIT, lambda one: (one.old,)), Reference("new", UNIT, lambda one: (one.new,))),
    ),
    (
        s.INDICATORS,
        (
            Reference("measure", MEASURE, lambda one: (one.measure,)),
            Reference("owner", UNIT, lambda one: (one.owner,)),
            Reference("numerator", INDICATOR, lambda one: (one.numerator,)),
            Reference("denominator", INDICATOR, lambda one: (one.denominator,)),
        ),
    ),
    (
        s.PLANS,
        (
            Reference("indicator", INDICATOR, lambda one: (one.indicator,)),
            Reference("subject", UNIT, lambda one: (one.subject,)),
            Reference("measure", MEASURE, lambda one: (one.measure,)),
        ),
    ),
    (
        s.REGIMES,
        (
            Reference("forms", FORM, lambda one: one.forms),
            Reference("reporters", REPORTER, lambda one: one.reporters),
            Reference("receivers", UNIT, lambda one: one.receivers),
            Reference("lead", UNIT, lambda one: (one.lead,)),
            Reference("outlines", OUTLINE, lambda one: [code for _, code in one.outlines]),
        ),
    ),
    (s.ROLES, (Reference("unit", UNIT, lambda one: (one.unit,)),)),
)
FIGURE = (
    Reference("indicator", INDICATOR, lambda one: (one.indicator,)),
    Reference("members", MEMBER, lambda one: one.members.split(";")),
    Reference("subject", UNIT, lambda one: (one.subject,)),
    Reference("reporting", UNIT, lambda one: (one.reporting,)),
    Reference("measure", MEASURE, lambda one: (one.measure,)),
)
"""What a figure of an earlier period names."""
_HEADING = Reference("owners", UNIT, lambda one: one.owners)
_RULE_FORM = Reference("form", FORM, lambda one: (one.form,))
_RULE_ROWS = Reference("rows", ROW, lambda one: sorted(one.rows))
_FORM: tuple[tuple[Sheet, str, tuple[Reference, ...]], ...] = (
    (
        s.ROWS,
        "rows",
        (
            Reference("indicator", INDICATOR, lambda one: (one.indicator,)),
            Reference("member", MEMBER, lambda one: ("=".join(one.member or ()),)),
            Reference("measure", MEASURE, lambda one: (one.measure,)),
            Reference("commune_measure", MEASURE, lambda one: (one.commune_measure,)),
            Reference("commune_group", GROUP, lambda one: ("=".join(one.commune_group or ()),)),
            Reference("suppliers", REPORTER, lambda one: one.suppliers),
        ),
    ),
    (
        s.COLUMNS,
        "columns",
        (
            Reference("indicator", INDICATOR, lambda one: (one.indicator,)),
            Reference("measure", MEASURE, lambda one: (one.measure,)),
        ),
    ),
    (
        s.CELLS,
        "cell_rules",
        (
            Reference("columns", COLUMN, lambda one: sorted(one.columns)),
            Reference("rows", ROW, lambda one: sorted(one.rows)),
            Reference("measure", MEASURE, lambda one: (one.measure,)),
        ),
    ),
)


def reference_findings(catalogue: Catalogue, known: Known, places: Places) -> Iterator[Finding]:
    """Unknown names in every table, forms included."""
    for sheet, references in _CATALOGUE:
        for one in getattr(catalogue, sheet.stem):
            yield from unknown_names(references, one, sheet.stem, key_of_record(sheet, one), known, places)
    for outline in catalogue.outlines:
        for heading in outline.headings:
            key = key_of_record(s.HEADINGS, heading, outline.code)
            yield from unknown_names((_HEADING,), heading, "headings", key, known, places)
    forms = {form.code: known.within(form, places) for form in catalogue.forms}
    for rule in catalogue.rules:
        key = rule_key(rule)
        yield from unknown_names((_RULE_FORM,), rule, "rules", key, known, places)
        if rule.form in forms:
            yield from unknown_names((_RULE_ROWS,), rule, "rules", key, forms[rule.form], places)
    for form in catalogue.forms:
        for sheet, attribute, references in _FORM:
            for index, one in enumerate(getattr(form, attribute)):
                key = (form.code, *(key_of_record(sheet, one) or (str(index),)))
                yield from unknown_names(references, one, sheet.stem, key, known.within(form, places), places)


def rule_key(rule: Rule) -> Key:
    """The key of a rule's place: the same whether it stands in its form's workbook or in ``rules.xlsx``."""
    return key_of_record(s.RULES, rule)


def unknown_names(
    references: Iterable[Reference], one: Any, stem: str, key: Key, known: Known, places: Places
) -> Iterator[Finding]:
    """The names of a record that nothing known bears."""
    for reference in references:
        valid = known.names[reference.kind]
        for name in reference.of(one):
            if name and name not in valid:
                yield finding(
                    "catalogue-reference-unknown",
                    **places.where(stem, key, reference.field),
                    kind=_copy(f"kind.{reference.kind}"),
                    found=name,
                    expected=nearest(name, valid),
                )
