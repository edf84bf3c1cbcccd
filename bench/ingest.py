"""Judging a returned workbook, with every check, beside libraries that only read values."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from io import BytesIO

import openpyxl
import python_calamine

from bench import paper
from bench.harness import Effort, Measurement, compare, main
from bench.templates import DRAWER, foundry
from ingest.guard import Gate, open_office_file
from ingest.identity import identify
from ingest.judge import judge
from ingest.kind import Kind
from ingest.model import Case, Verdict
from ingest.reading import admitted, read_guarded
from workbook_templates import template
from workbook_templates.stamps import Stamp


@dataclass(frozen=True)
class Returned:
    """What a clerk sent, and what it is to be judged against."""

    data: bytes
    case: Case


Step = Callable[[Returned], object]


def measure(effort: Effort) -> Iterator[Measurement]:
    """Workbooks of 300 rows × 12 columns, each seen for the first time: as issued, and filled."""
    calamine: dict[str, Step] = {"calamine, values": _with_calamine}
    openpyxls: dict[str, Step] = {"openpyxl, values": _with_openpyxl, "openpyxl, twice": _with_openpyxl_twice}
    steps: dict[str, Step] = {
        "guard": _guarded,
        "guard and read": _read,
        "guard and read, by expat": partial(_read, quickly=False),
        "guard, read and judge with 200 rules": _judged,
        "guard, read and judge with 200 rules, by expat": partial(_judged, quickly=False),
    }
    yield compare("guard, as issued", _guarded, calamine, map(_issued, range(100, 101 + effort.rounds(20))))
    for at, (case, ours) in enumerate(steps.items(), 1):
        numbers = range(1000 * at, 1000 * at + effort.rounds(20) + 1)
        yield compare(case, ours, calamine, map(_returned, numbers))
    numbers = range(9000, 9000 + effort.rounds(5) + 1)
    yield compare("guard, read and judge", _judged, openpyxls, map(_returned, numbers))


def _guarded(one: Returned) -> object:
    """All parts inflated, all but the sheets looked at: their limits are counted while they are read."""
    gate = Gate(open_office_file(one.data, Kind.WORKBOOK))
    return admitted(gate), [gate.container.read(part) for part in gate.container]


def _read(one: Returned, *, quickly: bool = True) -> object:
    return read_guarded(one.data, "a.xlsx", quickly=quickly)


def _judged(one: Returned, *, quickly: bool = True) -> Verdict:
    extraction = read_guarded(one.data, "a.xlsx", quickly=quickly)
    return judge(extraction, identify(extraction, paper.KEYS), one.case)


def _with_calamine(one: Returned) -> object:
    book = python_calamine.CalamineWorkbook.from_filelike(BytesIO(one.data))
    return [book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names]


def _with_openpyxl(one: Returned) -> object:
    book = openpyxl.load_workbook(BytesIO(one.data), data_only=True)
    return [list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets]


def _with_openpyxl_twice(one: Returned) -> object:
    book = openpyxl.load_workbook(BytesIO(one.data))
    return _with_openpyxl(one), [list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets]


def _issued(number: int) -> Returned:
    order = paper.order(number)
    return Returned(foundry().make(order, Stamp.SLOTS, DRAWER), Case(order.unit, order.context, paper.rules()))


def _returned(number: int) -> Returned:
    order = paper.order(number)
    case = Case(order.unit, order.context, paper.rules())
    return Returned(template.build(order, paper.answers(number)), case)


if __name__ == "__main__":
    main(measure)
