"""Judging a returned workbook, with every check, beside libraries that only read values."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO

import openpyxl
import python_calamine

from bench import paper
from bench.harness import Effort, Measurement, compare, main
from ingest import guard
from ingest.identity import identify
from ingest.judge import judge
from ingest.model import Case, Verdict
from ingest.reading import read_guarded
from workbook_templates import template


@dataclass(frozen=True)
class Returned:
    """What a clerk sent, and what it is to be judged against."""

    data: bytes
    case: Case


def measure(effort: Effort) -> Iterator[Measurement]:
    """Filled workbooks of 300 rows × 12 columns, each seen for the first time."""
    yardsticks = {"calamine, values": _with_calamine, "openpyxl, values": _with_openpyxl}
    steps: dict[str, Callable[[Returned], object]] = {
        "guard": lambda one: guard.check(one.data, "a.xlsx"),
        "guard and read": lambda one: read_guarded(one.data, "a.xlsx"),
        "guard, read and judge with 200 rules": _judged,
    }
    for at, (case, ours) in enumerate(steps.items()):
        numbers = range(1000 * at, 1000 * at + effort.rounds(20) + 1)
        yield compare(case, ours, yardsticks, map(_returned, numbers))


def _judged(one: Returned) -> Verdict:
    extraction = read_guarded(one.data, "a.xlsx")
    return judge(extraction, identify(extraction, paper.KEYS), one.case)


def _with_calamine(one: Returned) -> object:
    book = python_calamine.CalamineWorkbook.from_filelike(BytesIO(one.data))
    return [book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names]


def _with_openpyxl(one: Returned) -> object:
    book = openpyxl.load_workbook(BytesIO(one.data), data_only=True)
    return [list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets]


def _returned(number: int) -> Returned:
    order = paper.order(number)
    case = Case(order.unit, order.context, paper.rules())
    return Returned(template.build(order, paper.answers(number)), case)


if __name__ == "__main__":
    main(measure)
