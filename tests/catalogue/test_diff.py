"""What changed in a form: nothing between equals, every single change said once and as what it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from registry.catalogue import sheets as s
from registry.catalogue.diff import Design, What, diff
from registry.catalogue.model import (
    Applies,
    CellKind,
    CellRule,
    Column,
    Form,
    ListTable,
    Member,
    Occasion,
    PlanKind,
    Row,
    RowNature,
    Rule,
    RuleLevel,
)
from registry.catalogue.season import Season
from registry.catalogue.sheets import Field, Sheet
from tests.catalogue.folders import small

LIST = ListTable("DS", "DANH SÁCH", (Column("l1", "1", ("Tên",), CellKind.TEXT), Column("l2", "2", ("Số",))))
FORM = replace(
    small().forms[0],
    cell_rules=(CellRule(frozenset({"c06"}), decimals=2), CellRule(frozenset({"c08"}), kind=CellKind.CLOSED)),
    lists=(LIST,),
    members=(Member("cay", "L", "Lúa", 1), Member("cay", "N", "Ngô", 2)),
)
RULES = (
    Rule("K1", FORM.code, "[A2] <= [A1]", RuleLevel.ERROR, "Lúa lớn hơn tổng."),
    Rule("K2", FORM.code, "(c06) >= 0", RuleLevel.NOTE, "Số âm."),
)
DESIGN = Design(FORM, RULES)
Put = Callable[[Design, tuple[Any, ...]], Design]
PARTS: tuple[tuple[Sheet, Callable[[Design], Sequence[Any]], Put], ...] = (
    (s.ROWS, lambda one: one.form.rows, lambda one, new: replace(one, form=replace(one.form, rows=new))),
    (s.COLUMNS, lambda one: one.form.columns, lambda one, new: replace(one, form=replace(one.form, columns=new))),
    (s.CELLS, lambda one: one.form.cell_rules, lambda one, new: replace(one, form=replace(one.form, cell_rules=new))),
    (s.LISTS, lambda one: one.form.lists, lambda one, new: replace(one, form=replace(one.form, lists=new))),
    (s.FORM_RULES, lambda one: one.rules, lambda one, new: replace(one, rules=new)),
    (s.FORM_MEMBERS, lambda one: one.form.members, lambda one, new: replace(one, form=replace(one.form, members=new))),
    (
        s.LIST_COLUMNS,
        lambda one: one.form.lists[0].columns,
        lambda one, new: replace(one, form=replace(one.form, lists=(replace(LIST, columns=new),))),
    ),
)


def other(value: Any) -> Any:
    """Some other value of the same kind."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, StrEnum):
        return next(one for one in type(value) if one is not value)
    if isinstance(value, int | float | Decimal):
        return value + 1
    if isinstance(value, date):
        return value + timedelta(days=1)
    if isinstance(value, Season):
        return Season(f"{value.code}9")
    if isinstance(value, Occasion):
        return Occasion(frozenset({Applies.YEAR}), frozenset({2}))
    if isinstance(value, frozenset):
        return frozenset({"X9"}) if not value or isinstance(next(iter(value)), str) else frozenset()
    if isinstance(value, tuple):
        return ("khac", "khác") if value is None or len(value) == 2 else (*value, "khác")
    return f"{value}9"


SPECIAL: dict[str, Any] = {
    "decimals": 7,
    "commune_decimals": 7,
    "member": ("m", "9"),
    "commune_group": ("loai", "khac"),
    "valid_to": date(2099, 1, 1),
    "natures": frozenset({RowNature.INDEX}),
    "plans": frozenset({PlanKind.COUNCIL}),
    "keep": True,
    "prefill": True,
    "kind": CellKind.NOTE,
    "season": Season("DX"),
    "hidden_from": frozenset({"tỉnh"}),
}


def mutated(one: Any, field: Field) -> Any:
    """The record with one field another, or itself when there is no other value to take."""
    value = getattr(one, field.name)
    known = SPECIAL.get(field.name)
    use = known if known is not None and value != known and not isinstance(value, bool) else other(value)
    if field.name == "kind" and isinstance(one, Row):
        use = other(value)
    if field.name == "aspect" and value is None:
        return one
    return replace(one, **{field.name: use})


def fields_of(sheet: Sheet) -> list[Field]:
    return [field for field in sheet.fields if field.name not in (sheet.owner, "version")]


def test_equal_designs_have_no_changes() -> None:
    assert diff(DESIGN, Design(replace(FORM), tuple(replace(rule) for rule in RULES))) == ()


@given(st.data())
def test_a_change_of_one_field_is_said_exactly_once(data: st.DataObject) -> None:
    sheet, of, put = data.draw(st.sampled_from(PARTS))
    records = list(of(DESIGN))
    at = data.draw(st.integers(0, len(records) - 1))
    field = data.draw(st.sampled_from(fields_of(sheet)))
    changed = mutated(records[at], field)
    if changed == records[at]:
        return
    records[at] = changed
    found = diff(DESIGN, put(DESIGN, tuple(records)))
    assert [(one.what, one.stem, one.name) for one in found] == [(What.CHANGED, sheet.stem, field.name)]


@given(st.sampled_from(fields_of(s.FORM)))
def test_a_change_of_the_form_itself_is_said_exactly_once(field: Field) -> None:
    changed = Design(mutated(FORM, field), RULES)
    assert [(one.stem, one.name) for one in diff(DESIGN, changed)] == [("form", field.name)]


@given(st.data())
def test_a_record_added_or_taken_away_is_said_once_each_way(data: st.DataObject) -> None:
    sheet, of, put = data.draw(st.sampled_from(PARTS))
    records = list(of(DESIGN))
    at = data.draw(st.integers(0, len(records) - 1))
    without = put(DESIGN, tuple(records[:at] + records[at + 1 :]))
    assert [(one.what, one.stem) for one in diff(DESIGN, without)] == [(What.REMOVED, sheet.stem)]
    assert [(one.what, one.stem) for one in diff(without, DESIGN)] == [(What.ADDED, sheet.stem)]


@given(st.data())
def test_a_record_that_only_moved_is_said_to_have_moved(data: st.DataObject) -> None:
    _sheet, of, put = data.draw(st.sampled_from([part for part in PARTS if part[0] is not s.CELLS]))
    records = list(of(DESIGN))
    first = data.draw(st.integers(0, len(records) - 1))
    to = data.draw(st.integers(0, len(records) - 1))
    records.insert(to, records.pop(first))
    moved = list(diff(DESIGN, put(DESIGN, tuple(records))))
    assert [one.what for one in moved] == [What.MOVED] * (first != to)


def test_a_changed_unit_of_measure_says_what_it_was_and_what_it_is() -> None:
    rows = tuple(replace(row, measure="nghìn ha") if row.code == "A2" else row for row in FORM.rows)
    (change,) = diff(DESIGN, Design(replace(FORM, rows=rows), RULES))
    assert (change.code, change.label, change.header) == ("A2", "– Lúa", "ĐVT tỉnh")
    assert (change.before, change.after) == ("ha", "nghìn ha")


def test_the_number_of_the_version_is_no_change() -> None:
    assert diff(DESIGN, Design(replace(FORM, version=2), RULES)) == ()


def test_a_list_that_comes_with_its_columns_is_one_change() -> None:
    without = Design(replace(FORM, lists=()), RULES)
    assert [(one.what, one.stem) for one in diff(without, DESIGN)] == [(What.ADDED, "lists")]


def test_two_forms_of_nothing_in_common_are_told_apart_record_by_record() -> None:
    bare = Design(Form("X", "X", "", "", (), ()))
    found = diff(bare, DESIGN)
    assert sum(one.what is What.ADDED and one.stem == "rows" for one in found) == len(FORM.rows)
