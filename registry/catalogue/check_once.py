"""One indicator, one meaning, one source (R03): what holds between the forms of a catalogue."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from registry.catalogue.asked import Asking, Demand, demands, newest
from registry.catalogue.check_forms import views
from registry.catalogue.forms import CellSpec, Definitions, View
from registry.catalogue.model import Catalogue, Form, Indicator, PeriodShape
from registry.catalogue.places import Places
from registry.catalogue.values import CellKey, Nature, SeriesKey
from registry.findings import Finding, finding
from vietnamese.fold import fold

_LEADING = re.compile(r"^(?:[-+*•]|trong do:?|cu the:?)\s*")


class Asked(NamedTuple):
    """What a cell asks for, whoever answers: the series, its nature, how many periods back."""

    series: SeriesKey
    nature: Nature
    shift: int


class _Holder(NamedTuple):
    form: Form
    key: CellKey


def once_findings(catalogue: Catalogue, places: Places) -> Iterator[Finding]:
    """Rows named after another indicator, figures kept by two forms, indicators that look alike."""
    yield from _named_after_another(catalogue, places)
    yield from _two_sources(catalogue, places)
    yield from _alike(catalogue, places)


def plain_name(text: str) -> str:
    """A name as one compares it: folded, without the dashes and "trong đó" that place it below another.

    >>> plain_name("– Trong đó: Lúa Đông Xuân")
    'lua dong xuan'
    """
    name, before = fold(text), ""
    while name != before:
        before, name = name, _LEADING.sub("", name)
    return name


# --- names -----------------------------------------------------------------------------------------------------------


def _named_after_another(catalogue: Catalogue, places: Places) -> Iterator[Finding]:
    by_name: dict[str, list[Indicator]] = defaultdict(list)
    for one in catalogue.indicators:
        by_name[plain_name(one.name)].append(one)
    own = {one.code: plain_name(one.name) for one in catalogue.indicators}
    for form in newest(catalogue.forms).values():
        for row in form.rows:
            name = plain_name(row.label)
            bearers = by_name.get(name, ())
            if row.indicator in own and own[row.indicator] != name and len(bearers) == 1:
                yield finding(
                    "catalogue-row-named-after-another",
                    **places.where("rows", (form.code, row.code), "indicator"),
                    row=row.label,
                    found=row.indicator,
                    expected=bearers[0].code,
                )


def _alike(catalogue: Catalogue, places: Places) -> Iterator[Finding]:
    """Near-duplicates: the same folded name and measure, found in one pass."""
    first: dict[tuple[str, str], Indicator] = {}
    for one in catalogue.indicators:
        known = first.setdefault((plain_name(one.name), one.measure), one)
        if known.code != one.code:
            where = places.where("indicators", (one.code,), "name")
            yield finding("catalogue-indicators-alike", **where, found=one.code, expected=known.code, name=one.name)


# --- sources ---------------------------------------------------------------------------------------------------------


def asked_of(spec: CellSpec) -> Asked | None:
    """What a kept cell asks for, None of a cell whose figure goes nowhere."""
    return Asked(spec.series, spec.nature, spec.shift) if spec.keep and spec.series else None


def _two_sources(catalogue: Catalogue, places: Places) -> Iterator[Finding]:
    """Both cells of every figure that two forms keep for one unit and period; looks closely only where they could."""
    shared = _shared(catalogue)
    if not shared:
        return
    asking, wanted = Asking(catalogue), [one for one in demands(catalogue) if one.form.code in shared.forms]
    said: set[tuple[str, ...]] = set()
    for holders in _holders(asking, wanted, shared.asked).values():
        for one, other in _clashing(holders):
            carrier, codes = _carrier(one)
            mark = (one.form.code, *codes, other.form.code)
            if mark not in said:
                said.add(mark)
                yield _two(one, other, places.where(carrier, (one.form.code, *codes), "indicator"))


class _Shared(NamedTuple):
    asked: frozenset[Asked]
    forms: frozenset[str]

    def __bool__(self) -> bool:
        return bool(self.asked)


def _shared(catalogue: Catalogue) -> _Shared:
    """What more than one form keeps from anybody in any period."""
    definitions = Definitions.of(catalogue)
    forms: dict[Asked, set[str]] = defaultdict(set)
    for form in _with_common_indicators(newest(catalogue.forms).values()):
        for view in views(form, definitions):
            for spec in _kept_cells(view).values():
                if what := asked_of(spec):
                    forms[what].add(form.code)
    several = {what: codes for what, codes in forms.items() if len(codes) > 1}
    return _Shared(frozenset(several), frozenset().union(*several.values()))


def _kept_cells(view: View) -> dict[CellKey, CellSpec]:
    """The cells of a form's own table and the columns of its lists, whose sums are kept too."""
    lists = {key: spec for table in view.lists.values() for key, spec in table.cells.items()}
    return {**view.cells, **lists}


def _with_common_indicators(forms: Collection[Form]) -> list[Form]:
    """The forms whose rows or columns name an indicator that another form names too."""
    named = {form.code: set(_indicators(form)) for form in forms}
    times = Counter(code for codes in named.values() for code in codes)
    return [form for form in forms if any(times[code] > 1 for code in named[form.code])]


def _indicators(form: Form) -> list[str]:
    rows = [row.indicator for row in form.rows if row.indicator]
    columns = [*form.columns, *(column for table in form.lists for column in table.columns)]
    return rows + [column.indicator for column in columns if column.indicator]


_Figure = tuple[str, PeriodShape, Asked]  # for whom, when, what


def _holders(asking: Asking, wanted: Iterable[Demand], shared: frozenset[Asked]) -> dict[_Figure, list[_Holder]]:
    found: dict[_Figure, list[_Holder]] = defaultdict(list)
    for demand in wanted:
        for shape in demand.shapes:
            for meeting in asking.meetings(demand, shape):
                kept = [(key, asked_of(spec)) for key, spec in _kept_cells(meeting.view).items()]
                for key, what in kept:
                    if what in shared:
                        for unit in meeting.units:
                            found[unit.code, shape, what].append(_Holder(demand.form, key))
    return found


def _clashing(holders: list[_Holder]) -> Iterator[tuple[_Holder, _Holder]]:
    for one in holders:
        for other in holders:
            if one.form.code != other.form.code:
                yield one, other


def _carrier(holder: _Holder) -> tuple[str, tuple[str, ...]]:
    """The sheet and the code of the line that names the indicator: a row, a column, a column of a list."""
    if any(table.code == holder.key.row for table in holder.form.lists):
        return "list_columns", (holder.key.row, holder.key.column)
    named = any(row.code == holder.key.row and row.indicator for row in holder.form.rows)
    return ("rows", (holder.key.row,)) if named else ("columns", (holder.key.column,))


def _two(one: _Holder, other: _Holder, where: dict[str, str]) -> Finding:
    return finding(
        "catalogue-two-sources",
        **where,
        row=one.key.row,
        column=one.key.column,
        form=one.form.code,
        found=other.form.code,
        other=f"[{other.key.row}].({other.key.column})",
    )
