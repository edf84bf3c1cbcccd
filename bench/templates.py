"""Making a unit's workbook: in full, with plain libraries, stamped from a base, and merely copying its zip.

``values in memory`` are the texts of a unit's holes (``stamp.filled``); what it costs to get there from the figures
of the warehouse is the case ``from figures``, and the whole command stands last, in a child of its own.
"""

import resource
import struct
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cache
from io import BytesIO
from itertools import chain, cycle, islice
from multiprocessing import get_context
from pathlib import Path

import openpyxl
import xlsxwriter

from actions import bundles, catalogues, distribute, openings, outlines
from actions.console import open_desk
from actions.instance import Instance, make
from actions.settings import Settings
from bench import paper
from bench.harness import Effort, Measurement, compare, cpu_seconds, main
from registry import sample
from registry.catalogue.model import Unit
from workbook_templates import template
from workbook_templates.base import Base
from workbook_templates.foundry import Foundry, Pattern
from workbook_templates.order import Order
from workbook_templates.package import Archive
from workbook_templates.stamp import Filled, stamp
from workbook_templates.stamps import Stamp

END_RECORD = struct.Struct("<4s4H2LH")
ENTRY = struct.Struct("<4s6H3L5H2L")
OFFSET_FIELD = 42  # of an entry: where the member begins
COMMUNES = 3321  # of Viet Nam since July 2025
CellText = tuple[int, int, object]


class Drawer(dict[str, bytes]):
    """A shelf that lasts as long as the bench."""

    def put(self, key: str, data: bytes) -> None:
        """Keep a base."""
        self[key] = data


@dataclass(frozen=True)
class Task:
    """One unit's order and values, its base, and its finished workbook for the yardsticks to make again."""

    order: Order
    sheets: Mapping[str, Sequence[CellText]]
    base: Base
    values: Filled
    finished: bytes


@dataclass(frozen=True)
class Run:
    """Several units in a row, as a period's workbooks are made."""

    orders: tuple[Order, ...]
    ready: tuple[tuple[Base, Filled], ...]
    finished: tuple[bytes, ...]  # what is stamped, for the zip copies


def measure(effort: Effort) -> Iterator[Measurement]:
    """A form of 300 rows × 12 columns, a different unit every time; then all communes of the country."""
    plain = {"openpyxl": build_with_openpyxl, "xlsxwriter": build_with_xlsxwriter}
    full = {"full build": lambda task: template.build(task.order)}
    copied = {"zip copy": lambda task: copy_zip(task.finished)}
    rounds = effort.rounds(20) + 2
    yield compare("full build", lambda task: template.build(task.order), plain | copied, map(_task, range(1, rounds)))
    for how in (Stamp.SLOTS, Stamp.REDEFLATE):
        tasks = (_task(number, how) for number in range(100, 100 + rounds))
        yardsticks = full | plain | copied
        yield compare(
            f"{how}, values in memory", lambda task, how=how: stamp(task.base, task.values, how), yardsticks, tasks
        )  # type: ignore[misc]
    together = 4 if effort.quick else 20
    runs = (_run(300 + 20 * turn, together) for turn in range(effort.rounds(5) + 1))
    yield compare(
        f"slots, {together} units one after another",
        lambda run: [stamp(base, values) for base, values in run.ready],
        {
            "full builds": lambda run: [template.build(order) for order in run.orders],
            "zip copies": lambda run: [copy_zip(data) for data in run.finished],
        },
        runs,
    )
    yield compare(
        "slots, from figures",
        lambda task: foundry().make(task.order, Stamp.SLOTS, DRAWER),
        full,
        map(_task, range(200, 200 + rounds)),
    )
    count = COMMUNES if not effort.quick else COMMUNES // 20
    for case in (bundle, command):
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as alone:
            seconds, megabytes = alone.submit(case, count).result()
        yield Measurement(f"{count} files, {case.__name__}", seconds, "s")
        yield Measurement(f"{count} files, {case.__name__}, peak memory", megabytes, "MB")


DRAWER = Drawer()


@cache
def foundry() -> Foundry:
    """The foundry of the form, its base built."""
    first = paper.order(1)
    made = Foundry(Pattern("bench", first.context, first.rules))
    made.make(first, Stamp.SLOTS, DRAWER)
    return made


def _run(first: int, units: int) -> Run:
    orders = tuple(paper.order(number) for number in range(first, first + units))
    ready = tuple(map(values_of, orders))
    return Run(orders, ready, tuple(stamp(base, values) for base, values in ready))


def values_of(order: Order) -> tuple[Base, Filled]:
    """A unit's base and its values."""
    return foundry().prepare(order, DRAWER)


def bundle(count: int) -> tuple[float, float]:
    """CPU seconds to stamp so many workbooks into one zip on disk, 40 units' values in turn; peak MB."""
    ready = [values_of(paper.order(1000 + number)) for number in range(40)]

    def write(many: int) -> None:
        with tempfile.TemporaryFile() as file:
            archive = Archive(file, date(2026, 10, 15))
            for number, (base, values) in enumerate(islice(cycle(ready), many)):
                archive.add(f"{number:05}/workbook.xlsx", stamp(base, values))
            archive.close()

    write(10)
    return cpu_seconds(write, count), _peak()


def command(count: int) -> tuple[float, float]:
    """CPU seconds of what `baocao templates KTXH --period 202610 --out all.zip` does for so many communes; peak MB."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings.read({"BAOCAO_INSTANCE": folder})
        moment = datetime(2026, 10, 15, tzinfo=UTC)
        make(settings, moment)
        instance = Instance.open(settings, durable=False)
        desk = replace(open_desk(instance, None), moment=moment)
        whole = sample.catalogue()
        communes = [_commune(unit, number) for number, unit in enumerate(islice(cycle(_communes(whole.units)), count))]
        others = [unit for unit in whole.units if not unit.kind.is_commune]
        catalogues.put(desk, replace(whole, units=(*others, *communes), plans=(), roles=(), successions=()))
        openings.open_period(desk, "KTXH", "202610")

        def run(_: int) -> None:
            with (Path(folder) / "all.zip").open("wb") as out:
                asked = (desk, "KTXH", "202610")
                files = chain(distribute.workbooks(*asked).made, outlines.outlines(*asked))
                for _made in bundles.write(desk, files, out):
                    pass

        seconds = cpu_seconds(run, count)
        instance.close()
    return seconds, _peak()


def _communes(units: Sequence[Unit]) -> list[Unit]:
    return [unit for unit in units if unit.kind.is_commune]


def _commune(unit: Unit, number: int) -> Unit:
    return replace(unit, code=f"{number + 30000}", order=number + 1000)


def _peak() -> float:
    kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return kilobytes / 1024 if sys.platform != "darwin" else kilobytes / 2**20


def build_with_openpyxl(task: Task) -> bytes:
    """The same values and formulas without style, validation or print set-up."""
    book = openpyxl.Workbook(write_only=True)
    for name, cells in task.sheets.items():
        sheet = book.create_sheet(name)
        rows: dict[int, list[object]] = {}
        for row, column, value in cells:
            line = rows.setdefault(row, [])
            line.extend([None] * (column - 1 - len(line)))
            line.append(value)
        for line in rows.values():
            sheet.append(line)
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def build_with_xlsxwriter(task: Task) -> bytes:
    """The same values and formulas without style, validation or print set-up."""
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        for name, cells in task.sheets.items():
            sheet = book.add_worksheet(name)
            for row, column, value in cells:
                sheet.write(row - 1, column - 1, value)
    return buffer.getvalue()


def copy_zip(data: bytes) -> bytes:
    """Every member of a finished workbook into a new zip, its compressed bytes as they are."""
    *_, entries, _length, start, _comment = END_RECORD.unpack_from(data, len(data) - END_RECORD.size)
    copied, directory, at = bytearray(), bytearray(), start
    found: list[tuple[int, int, int]] = []
    for _ in range(entries):
        fields = ENTRY.unpack_from(data, at)
        length = ENTRY.size + fields[10] + fields[11] + fields[12]
        found.append((fields[16], at, length))
        at += length
    for (offset, entry, length), (following, _, _) in zip(found, [*found[1:], (start, 0, 0)], strict=True):
        moved = struct.pack("<L", len(copied))
        copied += data[offset:following]
        directory += data[entry : entry + OFFSET_FIELD] + moved + data[entry + ENTRY.size : entry + length]
    end = END_RECORD.pack(b"PK\x05\x06", 0, 0, entries, entries, len(directory), len(copied), 0)
    return bytes(copied + directory + end)


def _task(number: int, how: Stamp = Stamp.SLOTS) -> Task:
    order = paper.order(number)
    base, values = values_of(paper.order(10_000 + number))
    finished = stamp(base, values, how)
    book = openpyxl.load_workbook(BytesIO(finished))
    sheets = {
        sheet.title: [
            (cell.row, cell.column, cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None
        ]
        for sheet in book.worksheets
    }
    return Task(order, sheets, base, values, finished)


if __name__ == "__main__":
    main(measure)
