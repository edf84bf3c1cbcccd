"""Subtotals by the groups of a set (R52): one line a group, in the set's order, each the sum of its communes."""

from __future__ import annotations

from collections.abc import Iterable

from compile.contributions import shown
from compile.coverage import copy, coverage, sentences
from compile.head import form_head
from compile.model import CompileInput, official_order
from compile.tables import Align, Cell, RowStyle, SumOfUnits, Table, TableColumn, TableRow, number_cell, text_cell
from compile.totals import Totals, added, can_add
from compile.unit_table import form_line, input_column, printed_inputs
from registry.catalogue.forms import CellSpec
from registry.catalogue.measures import MantissaOverflow
from registry.catalogue.model import GroupSet, Unit


def group_table(one: Totals, order: CompileInput, group_set: GroupSet) -> Table | None:
    """The communes' figures by group, then all of them; None when no commune fills anything that can be added.

    A unit in two groups counts in both; those in none stand in a line of their own. Ratios and indices are left out.
    """
    several = () if group_set.single else (copy("by_group.several"),)
    title = copy("by_group.title", group_set=group_set.name.upper())
    return _table(one, order, title, _groups(_communes(one), group_set), several)


def heir_table(one: Totals, order: CompileInput) -> Table | None:
    """The communes of the period added up for today's they went into whole; of one with a part of another nothing is
    added, since nobody knows what was where.
    """
    mine = {unit.code for unit in _communes(one)}
    lines = []
    for heirs in order.heirs:
        members = [unit for unit in heirs.members if unit.code in mine]
        name = copy("by_group.broken", name=heirs.unit.name) if heirs.broken else heirs.unit.name
        if members or heirs.broken:
            lines.append((name, [] if heirs.broken else members))
    return _table(one, order, copy("by_group.heirs"), lines, (copy("by_group.heirs_note"),)) if lines else None


def _communes(one: Totals) -> list[Unit]:
    return sorted((held.unit for held in one.form_input.expected if held.unit.kind.is_commune), key=official_order)


def _table(
    one: Totals, order: CompileInput, title: str, groups: list[tuple[str, list[Unit]]], notes: tuple[str, ...]
) -> Table | None:
    communes = _communes(one)
    filled = {code for held in one.form_input.expected if held.unit.kind.is_commune for code in held.rows.open_rows}
    specs = [spec for spec in printed_inputs(one) if spec.key.row in filled and can_add(spec, one.view.definitions)]
    if not communes or not specs:
        return None
    columns = [
        TableColumn((copy("units.ordinal"),), "", 5),
        TableColumn((copy("by_group.group"),), "", 34),
        TableColumn((copy("by_group.coverage"),), "", 12),
        *(input_column(one, spec, False) for spec in specs),
    ]
    lines = [*groups, (copy("by_group.all"), communes)]
    rows = [
        _line(one, place, name, members, specs, RowStyle.TOTAL if members is communes else RowStyle.DATA)
        for place, (name, members) in enumerate(lines, 1)
    ]
    head = form_head(one.view.form, order)
    return Table(
        title=title,
        columns=tuple(columns),
        rows=tuple(rows),
        subtitles=(form_line(one), *head.subtitles),
        left=head.left,
        right=head.right,
        notes=(*notes, *sentences(one.coverage), copy("foot.signs")),
        paper="A3",
    )


def _groups(communes: list[Unit], group_set: GroupSet) -> list[tuple[str, list[Unit]]]:
    """Each group with its members; the set's own order, then that of the first unit of a group it does not name."""
    found: dict[str, list[Unit]] = {name: [] for name in group_set.groups}
    outside: list[Unit] = []
    for unit in communes:
        mine = [group for code, group in unit.groups if code == group_set.code]
        for group in mine:
            found.setdefault(group, []).append(unit)
        if not mine:
            outside.append(unit)
    rest = [(copy("by_group.outside"), outside)] if outside else []
    return [*((name, members) for name, members in found.items() if members), *rest]


def _line(
    one: Totals, place: int, name: str, members: list[Unit], specs: Iterable[CellSpec], style: RowStyle
) -> TableRow:
    having = frozenset(unit.code for unit in members) - {unit.code for unit in one.coverage.missing}
    cells = [
        text_cell(str(place), Align.CENTRE),
        text_cell(name),
        text_cell(coverage(members, having).text, Align.CENTRE),
    ]
    return TableRow((*cells, *(_sum(one, members, having, spec) for spec in specs)), style)


def _sum(one: Totals, members: list[Unit], having: frozenset[str], spec: CellSpec) -> Cell:
    """The members' figures added up; where not all who sent the form gave this one, with how many did."""
    given = [held for unit in members if (held := one.contributions.get((unit.code, spec.key))) is not None]
    try:
        total = added(given)
    except MantissaOverflow:
        return text_cell("")
    number = None if total.mantissa is None else shown(total.mantissa, spec, one.view.definitions)
    mark = "" if having.issubset(total.contributors) else f"({coverage(members, frozenset(total.contributors)).text})"
    return number_cell(total.state, number, spec.decimals, link=SumOfUnits(total.contributors, spec.key), mark=mark)
