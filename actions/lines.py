"""What a unit's lists of earlier periods say: figures of each line by its key, and the lines a workbook begins with."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping

from registry.catalogue.forms import View
from registry.catalogue.measures import MantissaOverflow, MeasureClash, NotRepresentable, to_mantissa
from registry.catalogue.model import CellKind, Frequency, Regime, Rule
from registry.catalogue.values import BLANK, CellKey, CellValue, Known, State
from registry.periods import NoSuchPeriod, Period, previous
from registry.rules.background import Background, KnownLines, LineKey, Need
from registry.rules.lines import Line, as_line, key_of, lines_of
from registry.rules.needs import needs
from registry.store import submissions
from registry.store.engine import Connection
from registry.store.submissions import Approved

OldView = Callable[[Approved], View]


def known_lines(
    connection: Connection,
    views: Mapping[int, View],
    period: Period,
    regime: Regime,
    rules: Iterable[Rule],
    old_view: OldView,
) -> dict[int, KnownLines]:
    """What is known of the lists of each unit's view (by unit key), in one query for all of them; what other regimes
    asked by the same form is passed over.

    ``old_view`` gives the form as a unit met it in an earlier period: measures may have changed since.
    """
    listed, frequency = list(rules), regime.frequency
    sample = {id(view): view for view in views.values() if view.lists}
    wanted = {code for view in sample.values() for code in _periods(view, period, frequency, listed)}
    if not wanted:
        return {}
    before = _before(period, frequency)
    found: dict[int, list[Approved]] = defaultdict(list)
    form = next(iter(sample.values())).form.code
    for one in submissions.approved(connection, regime.code, form, views, wanted):
        found[one.unit_id].append(one)
    return {unit: _known(views[unit], old, before, old_view) for unit, old in found.items()}


def _before(period: Period, frequency: Frequency) -> str | None:
    try:
        return previous(period, frequency).code
    except NoSuchPeriod:
        return None


def _periods(view: View, period: Period, frequency: Frequency, rules: list[Rule]) -> Iterator[str]:
    for line in view.lists.values():
        yield from (need.period for need in needs(line, period, frequency, rules))
    if any(table.prefill for table in view.form.lists) and (before := _before(period, frequency)):
        yield before


def _known(view: View, old: list[Approved], before: str | None, old_view: OldView) -> KnownLines:
    figures: dict[tuple[str, LineKey], dict[Need, Known]] = defaultdict(dict)
    start: dict[CellKey, CellValue] = {}
    prefilled = {table.code for table in view.form.lists if table.prefill}
    for one in old:
        then = old_view(one)
        for table, lines in lines_of(one.values).items():
            if table not in view.lists or table not in then.lists:
                continue
            now, was = view.lists[table], then.lists[table]
            alike = Counter(key_of(now, line) for line in lines.values())
            for n, line in lines.items():
                key = key_of(now, line)
                if alike[key] == 1:  # of two lines nobody knows which was meant
                    figures[table, key].update(_figures(was, now, line, one.period))
                if one.period == before and table in prefilled:
                    start |= as_line(n, _carried(was, now, line))
    return KnownLines({key: Background(known) for key, known in figures.items()}, start)


def _figures(was: View, now: View, line: Line, period: str) -> Iterator[tuple[Need, Known]]:
    """The figures of a line about its own period, as mantissas in today's canonical measures."""
    definitions = now.definitions
    for key, spec in was.cells.items():
        value = line.get(key, BLANK)
        if spec.series is None or spec.shift or value.amount is None or spec.measure not in definitions.measures:
            continue
        if spec.series.indicator not in definitions.indicators:
            continue
        try:
            canonical = definitions.canonical(spec.series)
            mantissa = to_mantissa(value.amount, definitions.measures[spec.measure], canonical)
        except (MeasureClash, NotRepresentable, MantissaOverflow):
            continue
        state = State.NIL if value.state is State.NIL else State.VALUE
        yield Need(spec.series, period), Known(mantissa, spec.nature, state)


def _carried(was: View, now: View, line: Line) -> Line:
    """What stays from one period to the next: words, keys, and inputs that are prefilled as they were."""
    keys = {column.code for column in now.columns if column.key}
    carried: Line = {}
    for key, spec in now.typed.items():
        stays = spec.kind.is_worded or key.column in keys
        is_same = spec.kind is CellKind.INPUT and spec.prefill and not spec.shift
        if (stays or is_same) and key in line and key in was.cells and was.cells[key].measure == spec.measure:
            carried[key] = line[key]
    return carried
