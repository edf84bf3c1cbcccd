"""What changed since the version before (so với bản trước): totals first, then every unit's own figures, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from compile.coverage import copy, names
from compile.model import CompileInput, FormInput, Occasion, Source, official_order
from compile.tables import number_cell
from compile.totals import NOTHING, CellTotal, Totals, totals
from registry.catalogue.model import CellKind, Unit
from registry.catalogue.values import CellKey
from registry.rules.lines import lines_of

_NAMED = 5  # units named as the cause of a change of a total, at most


@dataclass(frozen=True, slots=True)
class Change:
    """One figure that is not what it was, as printed."""

    form: str
    unit: str  # name; the province's for a total
    row: str
    column: str
    old: str
    new: str
    why: str


def changes(order: CompileInput, now: tuple[Totals, ...]) -> tuple[Change, ...]:
    """Everything that differs from ``order.before``; nothing where there is no version before."""
    if order.before is None:
        return ()
    earlier = {form.form.code: form for form in order.before.order.forms}
    found: list[Change] = []
    for one in now:
        form = earlier.get(one.view.form.code)
        if form is not None:
            found.extend(_Comparison(order, order.before.order, form, one).changes())
    return tuple(found)


@dataclass(frozen=True)
class _Comparison:
    """One form then and now."""

    order: CompileInput
    before: CompileInput
    form: FormInput
    now: Totals

    @cached_property
    def then(self) -> Totals:
        return totals(self.form, self.before)

    @cached_property
    def old(self) -> Mapping[str, Source]:
        return {one.unit.code: one for one in self.form.sources}

    @cached_property
    def new(self) -> Mapping[str, Source]:
        return {one.unit.code: one for one in self.now.form_input.sources}

    @cached_property
    def units(self) -> list[Unit]:
        known = {one.unit.code: one.unit for one in (*self.old.values(), *self.new.values())}
        return sorted(known.values(), key=official_order)

    def changes(self) -> Iterator[Change]:
        yield from self._totals()
        for unit in self.units:
            if self._counted(self.old, unit) != self._counted(self.new, unit):
                yield from self._figures(unit)
                yield from self._lists(unit)

    def _counted(self, sources: Mapping[str, Source], unit: Unit) -> tuple[int, frozenset[CellKey]] | None:
        """The version and what of it counts: of a regime that counts what is reviewed more of it may count later."""
        source = sources.get(unit.code)
        return (source.version_id, frozenset(source.values)) if source else None

    def _totals(self) -> Iterator[Change]:
        moved = self._moved()
        for key, spec in self.now.view.cells.items():
            if not spec.kind.is_figure or spec.kind is CellKind.CLOSED:
                continue
            old, new = self.then.cells.get(key, NOTHING), self.now.cells.get(key, NOTHING)
            texts = _printed(old, spec.decimals), _printed(new, spec.decimals)
            if texts[0] != texts[1]:
                yield self._change(self.order.province, key, texts, _by(moved.get(key.row, ())))

    def _moved(self) -> dict[str, list[Unit]]:
        """By row the units that gave other figures, in official order."""
        found: dict[str, list[Unit]] = {}
        then, now = self.then.contributions, self.now.contributions
        by_unit: dict[str, set[str]] = {}
        for place in then.keys() | now.keys():
            if then.get(place) != now.get(place):
                code, key = place
                by_unit.setdefault(code, set()).add(key.row)
        for unit in self.units:
            for row in by_unit.get(unit.code, ()):
                found.setdefault(row, []).append(unit)
        return found

    def _figures(self, unit: Unit) -> Iterator[Change]:
        why = self._why(unit)
        for key in self.now.view.cells:
            old, new = (self._given(one, unit.code, key) for one in (self.then, self.now))
            if old != new:
                yield self._change(unit, key, (old, new), why)

    def _given(self, one: Totals, unit: str, key: CellKey) -> str:
        held = one.contributions.get((unit, key))
        return number_cell(held.state, held.number, one.view.cells[key].decimals).text if held else ""

    def _lists(self, unit: Unit) -> Iterator[Change]:
        """Of a list how many lines it has, where its lines differ."""
        old, new = self.old.get(unit.code), self.new.get(unit.code)
        for table in self.now.view.form.lists:
            lines = [lines_of(one.values).get(table.code, {}) if one else {} for one in (old, new)]
            if lines[0] != lines[1]:
                counts = str(len(lines[0])), str(len(lines[1]))
                form, why = self.now.view.form.code, self._why(unit)
                yield Change(form, unit.name, table.title, copy("changes.lines"), *counts, why)

    def _why(self, unit: Unit) -> str:
        old, new = self.old.get(unit.code), self.new.get(unit.code)
        if new is None:
            return copy("changes.left")
        closed = self.order.closed_at
        late = closed is not None and new.approved_at > closed
        if old is None:
            return copy("changes.came_late" if late else "changes.came")
        if old.version_id == new.version_id:
            return copy("changes.reviewed")
        told = self.order.occasions.get(new.version_id)
        numbers = copy("changes.anew", old=old.version_no, new=new.version_no)
        return "; ".join(filter(None, (numbers, _occasion(told), copy("changes.late") if late else "")))

    def _change(self, unit: Unit, key: CellKey, texts: tuple[str, str], why: str) -> Change:
        view = self.now.view
        row = next(held.row for held in self.now.rows if held.row.code == key.row)
        column = next(held for held in view.columns if held.code == key.column)
        label = " ".join(filter(None, (row.number, row.label.lstrip("–-+ "))))
        return Change(view.form.code, unit.name, label, " – ".join(column.path), *texts, why)


def _printed(total: CellTotal, decimals: int) -> str:
    return number_cell(total.state, total.number, decimals).text


def _by(units: Iterable[Unit]) -> str:
    listed = list(units)
    if not listed:
        return copy("changes.background")
    more = copy("changes.more", count=len(listed) - _NAMED) if len(listed) > _NAMED else ""
    return copy("changes.by", names=names(listed[:_NAMED]) + more)


def _occasion(told: Occasion | None) -> str:
    if told is None:
        return ""
    if told.document:
        return copy("changes.amended", n=told.n, document=told.document, reason=told.text)
    return copy("changes.reopened", reason=told.text)
