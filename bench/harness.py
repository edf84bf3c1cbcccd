"""CPU time of our work and of its yardsticks, on inputs none of them has seen.

A case measures one piece of work. In every round each contender receives an input made for that round alone, so no
warm cache flatters anyone; contenders take turns, so a busy machine slows all of them alike. Reported is the median
CPU time of this process; where a database works for it, the median time on the clock. A ratio is ours divided by the
yardstick's: 0.5 means half the time, 2 means twice the time. No timing decides a test.
"""

import argparse
import gc
import json
import statistics
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import TypeVar

Input = TypeVar("Input")

MILLISECONDS = "ms"
MICROSECONDS = "µs"
PER_SECOND = {MILLISECONDS: 1e3, MICROSECONDS: 1e6}


@dataclass(frozen=True)
class Measurement:
    """One line of the answer; ``value`` is ours in ``unit``, ``ratios`` ours divided by each yardstick's."""

    case: str
    value: float
    unit: str
    ratios: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Effort:
    """How many rounds a case is given."""

    quick: bool

    def rounds(self, thorough: int, quick: int = 3) -> int:
        """The number of rounds: ``quick`` of them for a short look."""
        return quick if self.quick else thorough


def compare(
    case: str,
    ours: Callable[[Input], object],
    yardsticks: Mapping[str, Callable[[Input], object]],
    inputs: Iterable[Input],
    unit: str = MILLISECONDS,
    *,
    by_the_clock: bool = False,
) -> Measurement:
    """Measure ``ours`` and its yardsticks once on each input; the first input warms up and is not counted."""
    contenders = {"": ours, **yardsticks}
    times: dict[str, list[float]] = {name: [] for name in contenders}
    for turn, one in enumerate(inputs):
        for name in _in_turn(list(contenders), turn):
            times[name].append((wall_seconds if by_the_clock else cpu_seconds)(contenders[name], one))
    median = {name: statistics.median(spent[1:]) for name, spent in times.items()}
    own = median.pop("")
    return Measurement(case, own * PER_SECOND[unit], unit, {name: own / spent for name, spent in median.items()})


def cpu_seconds(work: Callable[[Input], object], one: Input) -> float:
    """CPU seconds of this process that ``work`` takes on one input."""
    gc.collect()
    before = time.process_time()
    work(one)
    return time.process_time() - before


def wall_seconds(work: Callable[[Input], object], one: Input) -> float:
    """Seconds that pass while ``work`` is at one input."""
    gc.collect()
    before = time.perf_counter()
    work(one)
    return time.perf_counter() - before


def main(measure: Callable[[Effort], Iterable[Measurement]]) -> None:
    """Run a bench from the command line and print a table, or with ``--json`` a list of measurements."""
    parser = argparse.ArgumentParser(description=measure.__doc__)
    parser.add_argument("--quick", action="store_true", help="few rounds: a look, not a measurement")
    parser.add_argument("--json", action="store_true", help="print a JSON list of case, value, unit, ratios")
    options = parser.parse_args()
    measurements = list(measure(Effort(options.quick)))
    if options.json:
        print(json.dumps([asdict(one) for one in measurements], ensure_ascii=False, indent=2))
    else:
        print("\n".join(_table(measurements)))


def _in_turn(names: list[str], turn: int) -> list[str]:
    first = turn % len(names)
    return names[first:] + names[:first]


def _table(measurements: list[Measurement]) -> Iterator[str]:
    width = max((len(one.case) for one in measurements), default=0)
    for one in measurements:
        beside = "   ".join(f"{ratio:.3g} × {name}" for name, ratio in one.ratios.items())
        yield f"{one.case:<{width}}  {one.value:10.3f} {one.unit:<4}  {beside}".rstrip()
