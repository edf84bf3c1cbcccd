"""Which rules fit a version of a form and hold on a day: rules are dated rows beside it, so they may name what only a
later one has.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from registry.catalogue.forms import View, line_form
from registry.catalogue.model import Form, Rule
from registry.rules import bind
from registry.rules.parse import parse
from registry.rules.tree import Cell, Range, walk
from vietnamese.fold import fold


def applicable(rules: Iterable[Rule], form: Form) -> tuple[Rule, ...]:
    """The rules whose every row and column this version of the form has; the others wait for the version they mean."""
    return tuple(rule for rule in rules if _fits(rule, form))


def _fits(rule: Rule, form: Form) -> bool:
    if rule.table:
        table = next((one for one in form.lists if one.code == rule.table), None)
        if table is None:
            return False
        form = line_form(form, table)
    try:
        for text in (rule.condition, rule.formula):
            for one in walk(parse(text)) if text else ():
                if isinstance(one, Cell | Range) and (one.form is None or fold(one.form) == fold(form.code)):
                    _find(one, form)
    except bind.UnknownName:
        return False
    return True


def _find(reference: Cell | Range, form: Form) -> None:
    rows = (reference.first, reference.last) if isinstance(reference, Range) else (reference.row,)
    for row in rows:
        if row:
            bind.row_code(form, row)
    if reference.column:
        bind.column_code(form, reference.column)


def in_force(rule: Rule, view: View, day: date) -> bool:
    """True for a rule of the form (of the list, in the view of a line) that judges a period ending on the day."""
    if rule.form != view.form.code or rule.table != view.table or rule.shadow:
        return False
    return rule.valid_from <= day and (rule.valid_to is None or day <= rule.valid_to)
