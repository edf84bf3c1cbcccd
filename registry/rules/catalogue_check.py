"""Formulas and rules of a catalogue, before anything is computed with them: all faults in one pass."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from registry.catalogue import sheets
from registry.catalogue.check_forms import views
from registry.catalogue.forms import Definitions, View
from registry.catalogue.model import Catalogue, CellKind, Form, Rule
from registry.catalogue.places import Places
from registry.catalogue.table import key_of_record
from registry.catalogue.values import CellKey
from registry.findings import Finding, finding
from registry.rules import bind
from registry.rules.bind import Place
from registry.rules.examples import BadExample, can_be_tried, is_caught
from registry.rules.identity import ViewIdentity
from registry.rules.lookup import asks
from registry.rules.measures_check import MeasureClash, fits, measured
from registry.rules.parse import RuleSyntaxError, parse
from registry.rules.periods_check import PeriodClash, check_periods
from registry.rules.placeholders_check import placeholder_findings
from registry.rules.places import places as places_of
from registry.rules.program import CyclicFormula, steps
from registry.rules.text import written as written_out
from registry.rules.tree import Category, Cell, Node, Range, category, walk
from vietnamese.copydeck import deck

_copy = deck(Path(__file__).parent / "copy.toml")
_STEMS = {"row": "rows", "column": "columns"}


@dataclass(frozen=True)
class _Written:
    """A formula as somebody wrote it, and where."""

    text: str
    where: dict[str, str]
    wanted: Category


def check(catalogue: Catalogue, places: Places | None = None, only: str | None = None) -> tuple[Finding, ...]:
    """Everything wrong with formulas, rules and their examples, of one form or of all, and with the placeholders of
    outlines; references between tables are ``registry.catalogue.check``'s. ``places`` says where each row was written.
    """
    places = places or Places()
    definitions = Definitions.of(catalogue)
    found: list[Finding] = []
    for form in (one for one in catalogue.forms if only in (None, one.code)):
        rules = [rule for rule in catalogue.rules if rule.form == form.code]
        met = views(form, definitions)
        for table in ("", *(table.code for table in form.lists)):
            of_table = [view.lists[table] if table else view for view in met]
            part = of_table[0].form if table and of_table else form
            found += _of_part(part, table, [rule for rule in rules if rule.table == table], of_table, catalogue, places)
    if only is None:
        found += placeholder_findings(catalogue, places)
    return tuple(found)


def _of_part(
    form: Form, table: str, rules: list[Rule], met: list[View], catalogue: Catalogue, places: Places
) -> list[Finding]:
    """Everything wrong with the formulas and rules of a form's own table, or of a line of one of its lists."""
    faults = list(_faults(form, table, rules, catalogue, places))
    if faults or not _is_whole(form, table, places) or not all(_is_sound(view) for view in met):
        return faults
    circles = list(_circles(form, table, met, places))
    clashes = [] if circles else list(_clashes(form, table, rules, met, places))
    return (circles + clashes) or [one for rule in rules for one in _examples(rule, met, places)]


def _is_whole(form: Form, table: str, places: Places) -> bool:
    """False when a row or column was written with a fault, and so left out: formulas may still name it."""
    columns = {column.code for column in form.columns}
    if table:
        return places.mentioned("list_columns", (form.code, table)) <= columns
    has = {"rows": {row.code for row in form.rows}, "columns": columns}
    return all(places.mentioned(stem, (form.code,)) <= codes for stem, codes in has.items())


def _is_sound(view: View) -> bool:
    """False when a measure or indicator is unknown: that is said elsewhere, and figures could not be read."""
    known = view.definitions
    figures = [spec for spec in view.cells.values() if spec.kind.is_figure]
    return all(
        spec.measure in known.measures and (spec.series is None or spec.series.indicator in known.indicators)
        for spec in figures
    )


# --- texts and names -------------------------------------------------------------------------------------------------


def _faults(form: Form, table: str, rules: list[Rule], catalogue: Catalogue, places: Places) -> Iterator[Finding]:
    for written in (*_formulas(form, table, places), *_rule_texts(rules, places)):
        try:
            node = parse(written.text)
        except RuleSyntaxError as error:
            place = {"position": error.column, "reason": str(error)}
            yield finding("catalogue-formula-bad", **written.where, found=written.text, **place)
            continue
        if category(node) is not written.wanted:
            wanted = _copy(f"category.{written.wanted.value}")
            yield finding("catalogue-formula-kind", **written.where, found=written.text, expected=wanted)
        yield from _unknown_names(node, written, (form, table), catalogue, places)
        yield from _unkept(node, written, form, catalogue)


def _of_column(form: Form, table: str, column: str, places: Places) -> dict[str, str]:
    stem, key = ("list_columns", (form.code, table, column)) if table else ("columns", (form.code, column))
    return places.where(stem, key, "formula")


def _formulas(form: Form, table: str, places: Places) -> Iterator[_Written]:
    for column in form.columns:
        if column.formula:
            where = _of_column(form, table, column.code, places)
            yield _Written(column.formula, where, Category.NUMBER)
    for index, rule in enumerate(form.cell_rules):
        if rule.formula:
            where = places.where("cells", (form.code, str(index)), "formula")
            yield _Written(rule.formula, where, Category.NUMBER)


def _rule_texts(rules: list[Rule], places: Places) -> Iterator[_Written]:
    for rule in rules:
        for field, text in (("formula", rule.formula), ("condition", rule.condition)):
            if text or field == "formula":
                yield _Written(text, _where(rule, field, places), Category.CONDITION)


def _where(rule: Rule, field: str, places: Places) -> dict[str, str]:
    return places.where("rules", key_of_record(sheets.RULES, rule), field)


def _unknown_names(
    node: Node, written: _Written, part: tuple[Form, str], catalogue: Catalogue, places: Places
) -> Iterator[Finding]:
    form, table = part
    forms = {one.code: one for one in catalogue.forms}
    said: set[tuple[str, str]] = set()
    for reference in walk(node):
        if not isinstance(reference, Cell | Range):
            continue
        owner = forms.get(reference.form) if reference.form else form
        for error in _errors(reference, owner):
            in_list = table and error.part == "column"
            stem, scope = (
                ("list_columns", (form.code, table)) if in_list else (_STEMS.get(error.part, "form"), (form.code,))
            )
            known = error.name in places.mentioned(stem, scope)
            if not known and (error.part, error.name) not in said:
                said.add((error.part, error.name))
                yield finding(
                    "catalogue-formula-reference",
                    **written.where,
                    kind=_copy(f"kind.{error.part}"),
                    found=error.name,
                    form=owner.code if owner else form.code,
                    expected=error.similar or "…",
                )


def _unkept(node: Node, written: _Written, form: Form, catalogue: Catalogue) -> Iterator[Finding]:
    """Cells of other forms that never have a figure in the warehouse, which is all one form knows of another."""
    forms = {one.code: one for one in catalogue.forms}
    definitions = Definitions.of(catalogue)
    for named in walk(node):
        owner = forms.get(named.form or "") if isinstance(named, Cell) else None
        if owner is None or owner is form or not (isinstance(named, Cell) and named.row and named.column):
            continue
        try:
            key = CellKey(bind.row_code(owner, named.row), bind.column_code(owner, named.column))
        except bind.UnknownName:
            continue
        specs = [view.cells[key] for view in views(owner, definitions) if key in view.cells]
        if not any(spec.keep or (asks(spec) and spec.series) for spec in specs):
            yield finding("catalogue-formula-elsewhere", **written.where, found=written_out(named), form=owner.code)


def _errors(reference: Cell | Range, form: Form | None) -> Iterator[bind.UnknownName]:
    if form is None:
        yield bind.UnknownName("form", reference.form or "", "")
        return
    rows = (reference.first, reference.last) if isinstance(reference, Range) else (reference.row,)
    named = [(bind.row_code, row) for row in rows if row] + [(bind.column_code, reference.column)]
    for find, name in named:
        if name:
            try:
                find(form, name)
            except bind.UnknownName as error:
                yield error


# --- measures and periods --------------------------------------------------------------------------------------------


def _clashes(form: Form, table: str, rules: list[Rule], met: list[View], places: Places) -> Iterator[Finding]:
    """The first clash of each formula, condition and rule, wherever in the form it appears; a name that is known
    though its row could not be read is said elsewhere.
    """
    formulas = {written.text: written for written in reversed(list(_formulas(form, table, places)))}
    said: set[str] = set()
    for view in met:
        for key, spec in view.cells.items():
            if spec.kind is CellKind.COMPUTED and spec.formula in formulas and spec.formula not in said:
                found = _clash(formulas[spec.formula], Place(key.row, key.column), view, spec.measure)
                said |= {spec.formula} if found else set()
                yield from found
    for rule in rules:
        yield from _clashes_of(rule, met, places)


def _clashes_of(rule: Rule, met: list[View], places: Places) -> Iterator[Finding]:
    texts = list(_rule_texts([rule], places))
    nodes = tuple(parse(written.text) for written in texts)
    with suppress(bind.UnknownName):
        everywhere = ((view, place) for view in met for place in places_of(rule, nodes, view))
        found = (_clash(written, place, view) for view, place in everywhere for written in texts)
        yield from next(filter(None, found), [])


def _clash(written: _Written, place: Place, view: View, measure: str = "") -> list[Finding]:
    node = parse(written.text)
    try:
        fits(node, measure, place, view) if measure else measured(node, place, view)
        check_periods(node, place, view)
    except MeasureClash as clash:
        return [_told("catalogue-formula-measures", written, clash.one, clash.other)]
    except PeriodClash as clash:
        return [_told("catalogue-formula-periods", written, clash.one, clash.other)]
    except bind.UnknownName:
        return []
    return []


def _told(code: str, written: _Written, one: str, other: str) -> Finding:
    return finding(code, **written.where, formula=written.text, found=one, expected=other)


# --- circles and examples --------------------------------------------------------------------------------------------


def _circles(form: Form, table: str, met: list[View], places: Places) -> Iterator[Finding]:
    for view in met:
        try:
            steps(ViewIdentity(view))
        except CyclicFormula as error:
            where = _of_column(form, table, error.cells[0].column, places)
            yield finding("catalogue-formula-cycle", **where, form=form.code, found=str(error))
            return


def _examples(rule: Rule, met: list[View], places: Places) -> Iterator[Finding]:
    if not can_be_tried(rule):
        return
    for field, example, caught in (("passing", rule.passing, False), ("failing", rule.failing, True)):
        if example:
            where = _where(rule, field, places)
            try:
                is_right = is_caught(rule, example, met) is caught
            except (BadExample, bind.UnknownName):
                yield finding("catalogue-rule-example-bad", **where, rule=rule.code, found=example)
                continue
            if not is_right:
                outcome = {True: _copy("example.caught"), False: _copy("example.passed")}
                yield finding(
                    "catalogue-rule-example",
                    **where,
                    rule=rule.code,
                    example=example,
                    found=outcome[not caught],
                    expected=outcome[caught],
                )
