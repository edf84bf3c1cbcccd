"""Compiling a form of many communes beside pandas adding the same figures and xlsxwriter writing the same cells."""

import multiprocessing
import random
import resource
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from io import BytesIO

import openpyxl
import pandas
import xlsxwriter

from bench import paper
from bench.harness import Effort, Measurement, compare, main
from compile import workbook
from compile.annex import Annex, Body, Line, spliced
from compile.compiled import Compiled, compiled
from compile.model import CompileInput, Expected, FigureRow, FormInput, Source, SourceKind
from compile.sheet import draw_annex
from compile.tables import RowStyle, Table, TableColumn
from registry.catalogue.model import Unit, UnitKind
from registry.catalogue.values import State
from registry.periods import previous
from registry.rules.background import Background

COMMUNES = 102
ANNEX = (3_321, 310)  # lines and columns of a large annex: units of a country, figures of each
AS_OF = datetime(2026, 10, 20, 9, tzinfo=paper.VIETNAM)


@dataclass(frozen=True)
class Written:
    """A compiled report, and the cells its workbook comes to."""

    report: Compiled
    cells: Sequence[tuple[str, int, int, object]]


def measure(effort: Effort) -> Iterator[Measurement]:
    """One form of 300 rows × 12 columns from 102 communes (12 with ``--quick``), new figures every time."""
    communes = 12 if effort.quick else COMMUNES
    rounds = effort.rounds(4, quick=1) + 1
    yield compare(
        f"totals of {communes} communes",
        compiled,
        {"pandas groupby": _added_by_pandas},
        (_order(number, communes) for number in range(rounds)),
    )
    yield compare(
        f"workbook of {communes} communes",
        lambda one: workbook.build(one.report),
        {"xlsxwriter, the same cells": _written_plainly},
        (_written(100 + number, communes) for number in range(rounds)),
    )

    units, figures = (300, 31) if effort.quick else ANNEX
    yield compare(
        f"annex of {units * figures:,} cells",
        _annexed,
        {"plain xlsxwriter": _annexed_plainly},
        (_annex(number, units, figures) for number in range(effort.rounds(2, quick=1) + 1)),
    )
    yield Measurement(f"memory for an annex of {units * figures:,} cells", _memory(units, figures), "MB")


def _annex(number: int, units: int, figures: int) -> Annex:
    """Lines of a unit's name and its figures, new ones every time."""
    chance = random.Random(number)
    numbers = [Decimal(chance.randrange(10**9)) / 100 for _ in range(5000)]

    def lines() -> Iterator[Line]:
        for place in range(units):
            first = place * 37 % (len(numbers) - figures)
            yield Line(RowStyle.DATA, (str(place), f"Xã số {place}", *numbers[first : first + figures - 2]))

    columns = tuple(TableColumn((f"Cột {place}",)) for place in range(figures))
    return Annex(Table("Phụ lục", columns, ()), Body(units, lines, (0, 0, *[2] * (figures - 2))))


def _annexed(annex: Annex) -> bytes:
    buffer = BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    placed = draw_annex(book, book.add_worksheet(), annex, {}, _BARE)
    book.close()
    return spliced(buffer.getvalue(), {"xl/worksheets/sheet1.xml": placed})


def _annexed_plainly(annex: Annex) -> bytes:
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for row, line in enumerate(annex.body.lines()):
            for column, value in enumerate(line.values):
                sheet.write(row, column, value)
    return buffer.getvalue()


def _memory(units: int, figures: int) -> float:
    """Megabytes a process of its own has had at most when it has written one."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_peak, (units, figures))


def _peak(units: int, figures: int) -> float:
    _annexed(_annex(0, units, figures))
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _added_by_pandas(order: CompileInput) -> object:
    frame = pandas.DataFrame.from_records(order.forms[0].figures, columns=FigureRow._fields)
    return frame.groupby(["series", "period"])["mantissa"].sum()


def _written_plainly(one: Written) -> bytes:
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheets = {name: book.add_worksheet(name) for name in dict.fromkeys(cell[0] for cell in one.cells)}
        for name, row, column, value in one.cells:
            sheets[name].write(row - 1, column - 1, value)
    return buffer.getvalue()


def _written(number: int, communes: int) -> Written:
    report = compiled(_order(number, communes))
    book = openpyxl.load_workbook(BytesIO(workbook.build(report)))
    cells = [
        (sheet.title, cell.row, cell.column, cell.value)
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    ]
    return Written(report, cells)


def _order(number: int, communes: int) -> CompileInput:
    units = [paper.unit(at) for at in range(1, communes + 1)]
    province = Unit("66", "Tỉnh Đo Thử", UnitKind.PROVINCE, None, 0, units[0].born, units[0].born)
    form, definitions = paper.catalogue()
    chance = random.Random(number)
    entered = FormInput(
        form,
        expected=tuple(Expected(unit, paper.view().row_set) for unit in units),
        sources=tuple(_source(unit) for unit in units),
        figures=tuple(figure for unit in units for figure in _figures(unit, chance)),
    )
    return CompileInput(
        paper.regime(),
        paper.PERIOD,
        province,
        province,
        AS_OF,
        (entered,),
        Background(),
        definitions,
        (province, *units),
    )


def _figures(unit: Unit, chance: random.Random) -> Iterator[FigureRow]:
    for spec in paper.view().inputs.values():
        if spec.series:
            period = previous(paper.PERIOD, paper.regime().frequency, spec.shift).code
            figure = chance.randrange(10**7)
            yield FigureRow(spec.series, period, unit.code, unit.code, figure, State.VALUE, spec.nature, unit.order)


def _source(unit: Unit) -> Source:
    clerk, leader = "Người nhập", "Người duyệt"
    return Source(unit, unit.order, 1, SourceKind.UPLOAD, clerk, AS_OF, leader, AS_OF)


_BARE = compiled(replace(_order(0, 1), forms=()))  # its name and period stand in the foot of every page


if __name__ == "__main__":
    main(measure)
