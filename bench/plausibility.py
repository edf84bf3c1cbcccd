"""How often figures without a fault are doubted, and how many faults put in on purpose are found.

Two histories of the communes' KTXH-01: the sample's own, and a rough one (seasons, Tết, chance as wide as in life).
Every cell compared is counted; a fault is found when its own cell is spoken of.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from functools import cache
from math import exp, pi, sin
from statistics import median

from bench import paper
from bench.harness import cpu_seconds
from ingest.anchor import Anchored
from ingest.experience import Experience, Past, periods_looked_at
from ingest.model import Case
from ingest.plausibility.judged import asked, implausible
from ingest.plausibility.watched import Course, Watched, watched
from registry.catalogue.forms import Definitions, View, row_set
from registry.catalogue.model import Frequency, Unit
from registry.catalogue.values import Aspect, CellKey, CellValue, State
from registry.findings import Severity
from registry.periods import Period, parse
from registry.rules.background import Background
from registry.rules.context import Context
from registry.sample import catalogue
from registry.sample.figures import own_figure
from registry.sample.sources import communes

_HAVE_A_PAST = (Aspect.ACTUAL, Aspect.CUMULATIVE)
PERIODS = ("202601", "202602", "202603", "202606", "202608", "202610")
History = Callable[[Watched, Unit, int, bool], float]  # the figure shown of a cell's series in a month; an estimate?


@cache
def _definitions() -> Definitions:
    return Definitions.of(catalogue())


@cache
def _view(unit: Unit, period: Period) -> View:
    form = _definitions().forms["KTXH-01"]
    return View(form, period.shape, row_set(form, unit, period.shape), _definitions())


# --- histories -------------------------------------------------------------------------------------------------------


def sample(cell: Watched, unit: Unit, month: int, is_estimate: bool) -> float:
    """The sample's own figures, of any month."""
    year, number = divmod(month, 12)
    spec = _view(unit, parse(f"{year}{number + 1:02d}")).cells.get(cell.key)
    nature = spec.nature if spec and is_estimate else type(spec.nature)("chính thức") if spec else None
    if spec is None or nature is None:
        return 0
    return float(own_figure(cell.series.indicator, unit.code, "xã", year, number + 1, nature))


def rough(cell: Watched, unit: Unit, month: int, is_estimate: bool) -> float:
    """Chance figures as wide as in life, the same for the same cell and month."""
    size = exp(_normal("size", cell.series, unit.code) * 1.2 + 6)
    estimate = exp(_normal("estimate", cell.series, unit.code, month) * 0.05) if is_estimate else 1.0
    if cell.course is Course.POINT:
        return 100 + _normal("point", cell.series, unit.code, month) * 4
    if cell.course is Course.LEVEL:
        steps = sum(_normal("step", cell.series, unit.code, one) * 0.02 for one in range(12 * 2023, month + 1))
        return size * 3 * exp(steps) * (estimate**0.3)
    if cell.course is Course.GROWING:
        return size * _grown(cell, unit, month) * estimate
    season = 1 + _chance("swing", cell.series) * 0.7 * sin(2 * pi * (month + 6 * _chance("phase", cell.series)) / 12)
    tet = {0: 1.0, 1: -1.0}.get(month % 12, 0.0) * _normal("tết", cell.series, month // 12) * 0.3
    noise = exp(_normal("noise", cell.series, unit.code, month) * 0.25 + tet)
    return size * season * noise * estimate


def _grown(cell: Watched, unit: Unit, month: int) -> float:
    """How far a season or a year has come, sown a fortnight early or late."""
    season = cell.season
    year, number = divmod(month, 12)
    began = season.began(year, number + 1) * 12 + season.first_month - 1 if season else year * 12
    length = ((season.last_month - season.first_month) % 12 + 1) if season else 12
    late = _normal("late", cell.series, unit.code, began) * 0.4
    done = min(max((month - began + 1 - late) / length, 0.02), 1.0)
    return done * exp(_normal("crop", cell.series, unit.code, began) * 0.15)


def _normal(*about: object) -> float:
    return random.Random(repr(about)).gauss(0, 1)


def _chance(*about: object) -> float:
    return random.Random(repr(about)).random()


HISTORIES: dict[str, History] = {"sample": sample, "rough": rough}


@dataclass(frozen=True)
class Return:
    """A correct return of a commune, with the experience it is judged by."""

    case: Case
    values: Mapping[CellKey, CellValue]
    cells: tuple[Watched, ...]


def returned(history: History, unit: Unit, period: Period) -> Return:
    """What a careful clerk sends, after 24 months of the same."""
    view = _view(unit, period)
    cells = tuple(cell for cell in watched(view, period, Frequency.MONTH) if cell.series.aspect in _HAVE_A_PAST)
    past = {}
    for cell in cells:
        if cell.series not in past:
            at = {one.ordinal: _known(history, cell, unit, one.ordinal, False) for one in periods_looked_at(period)}
            before = period.ordinal - 1
            past[cell.series] = Past.of(at | {before: _known(history, cell, unit, before, True)})
    values = {cell.key: _typed(cell, history(cell, unit, cell.at, _is_estimate(view, cell))) for cell in cells}
    context = Context(view, period, Frequency.MONTH, Background(), unit)
    known = Experience({cell.key: past[cell.series] for cell in cells})
    return Return(Case(unit, context, (), experience=known), values, cells)


def _is_estimate(view: View, cell: Watched) -> bool:
    return view.cells[cell.key].nature.value == "ước"


def _known(history: History, cell: Watched, unit: Unit, month: int, is_estimate: bool) -> int:
    return round(history(cell, unit, month, is_estimate) * cell.unit)


def _typed(cell: Watched, figure: float) -> CellValue:
    number = Decimal(f"{figure:.{cell.decimals}f}")
    return CellValue(State.VALUE, number) if number else CellValue(State.NIL)


# --- faults ----------------------------------------------------------------------------------------------------------


def _swap(number: Decimal, at: int) -> Decimal:
    written = f"{number:f}"
    digits = [place for place, sign in enumerate(written) if sign != "."]
    if at + 1 >= len(digits):
        return number
    signs = list(written)
    left, right = digits[at], digits[at + 1]
    signs[left], signs[right] = signs[right], signs[left]
    return Decimal("".join(signs))


FAULTS: dict[str, Callable[[Decimal], Decimal]] = {
    "× 1000": lambda number: number * 1000,
    "÷ 1000": lambda number: number / 1000,
    "× 100": lambda number: number * 100,
    "× 10": lambda number: number * 10,
    "sign": lambda number: -number,
    "first two digits swapped": lambda number: _swap(number, 0),
    "second and third digit swapped": lambda number: _swap(number, 1),
}


@dataclass
class Tally:
    """What came of one history."""

    cells: int = 0
    doubted: Counter[str] = field(default_factory=Counter)
    explained: int = 0  # of those doubted without a fault, warnings
    asked: Counter[str] = field(default_factory=Counter)
    put_in: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)


def run(history: History, units: Iterable[Unit], periods: Iterable[str]) -> Tally:
    """Judge every unit in every period, without a fault and with each kind of fault in one cell at a time."""
    tally = Tally()
    units = list(units)
    for code in periods:
        for unit in units:
            _judge(tally, returned(history, unit, parse(code)))
    return tally


def _judge(tally: Tally, one: Return) -> None:
    compared = [cell for cell in one.cells if one.values[cell.key].state is State.VALUE]
    tally.cells += len(compared)
    doubts = list(implausible(one.case, one.values, _NOWHERE))
    tally.doubted.update(found.code for found in doubts)
    tally.explained += sum(found.severity is Severity.WARNING for found in doubts)
    tally.asked.update(asked(one.case, one.values))
    chance = random.Random(repr((one.case.unit.code, one.case.context.period.code)))
    large = [cell for cell in compared if float(one.values[cell.key].number or 0) * cell.unit >= 2 * cell.small]
    for name, fault in FAULTS.items():
        for cell in chance.sample(large, min(4, len(large))):
            number = one.values[cell.key].number
            wrong = fault(number) if number is not None else None
            if wrong is None or wrong == number:
                continue
            tally.put_in[name] += 1
            tally.found[name] += _is_found(one, cell.key, wrong)


_NOWHERE = Anchored("", {}, {})


def _is_found(one: Return, key: CellKey, wrong: Decimal) -> bool:
    values = {**one.values, key: CellValue(State.VALUE, wrong)}
    return any(
        (dict(found.values)["row_code"], dict(found.values)["column_code"]) == (key.row, key.column)
        for found in implausible(one.case, values, _NOWHERE)
    )


def large() -> tuple[Case, dict[CellKey, CellValue]]:
    """The benches' form of 300 rows × 12 columns, 24 months known of every figure, and a return in order."""
    context = paper.order(1).context
    cells = watched(context.view, context.period, context.frequency)
    past, values = {}, {}
    for cell in cells:
        ordinal, size = cell.at, 200 + 5000 * _chance(cell.series)
        at = {ordinal - back: size * exp(_normal(cell.series, back) * 0.1) for back in range(1, 25)}
        past[cell.key] = Past.of({when: round(one * cell.unit) for when, one in at.items()})
        values[cell.key] = _typed(cell, size)
    return Case(paper.order(1).unit, context, (), experience=Experience(past)), values


def _milliseconds() -> float:
    """CPU time of all checks on that form."""
    case, values = large()
    spent = (cpu_seconds(lambda _: list(implausible(case, values, _NOWHERE)), None) for _ in range(21))
    return median(spent) * 1000


def main() -> None:
    """Print the table, or with ``--json`` the counts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few communes: a look, not a measurement")
    parser.add_argument("--json", action="store_true", help="print the counts as JSON")
    options = parser.parse_args()
    units = list(communes().values())[:: 17 if options.quick else 3]
    tallies = {name: run(history, units, PERIODS) for name, history in HISTORIES.items()}
    if options.json:
        print(json.dumps({name: asdict(tally) for name, tally in tallies.items()}, ensure_ascii=False, indent=2))
        return
    for name, tally in tallies.items():
        print("\n".join(_table(name, tally)))
    print(f"all checks on a form of 300 × 12, nothing to find: {_milliseconds():.2f} ms")


def _table(name: str, tally: Tally) -> Iterator[str]:
    doubted = tally.doubted.total()
    yield f"{name}: {tally.cells} figures without a fault, {doubted} doubted ({doubted / tally.cells:.2%}),"
    yield f"  {tally.explained} to be explained ({tally.explained / tally.cells:.2%})"
    for code, count in tally.asked.most_common():
        yield f"  {code:<28} {tally.doubted[code]:5d} of {count:6d} {tally.doubted[code] / count:7.2%}"
    for fault, count in tally.put_in.items():
        yield f"  {fault:<32} {tally.found[fault]:4d} of {count:5d} found {tally.found[fault] / count:7.1%}"


if __name__ == "__main__":
    main()
