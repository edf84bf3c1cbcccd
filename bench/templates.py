"""Building a unit's workbook beside building the same cells with plain libraries, and copying its zip."""

import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO

import openpyxl
import xlsxwriter

from bench import paper
from bench.harness import Effort, Measurement, compare, main
from workbook_templates import template
from workbook_templates.order import Order

END_RECORD = struct.Struct("<4s4H2LH")
ENTRY = struct.Struct("<4s6H3L5H2L")
OFFSET_FIELD = 42  # of an entry: where the member begins
CellText = tuple[int, int, object]


@dataclass(frozen=True)
class Task:
    """One unit's order, and a finished workbook of another unit for the yardsticks to make again."""

    order: Order
    sheets: Mapping[str, Sequence[CellText]]
    finished: bytes


def measure(effort: Effort) -> Iterator[Measurement]:
    """Full builds of a form of 300 rows × 12 columns, a different unit every time."""
    yield compare(
        "full build",
        lambda task: template.build(task.order),
        {"openpyxl": build_with_openpyxl, "xlsxwriter": build_with_xlsxwriter, "zip copy": copy_zip},
        (_task(number) for number in range(1, effort.rounds(20) + 2)),
    )


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


def copy_zip(task: Task) -> bytes:
    """Every member of the finished workbook into a new zip, its compressed bytes as they are."""
    data = task.finished
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


def _task(number: int) -> Task:
    finished = template.build(paper.order(10_000 + number))
    book = openpyxl.load_workbook(BytesIO(finished))
    sheets = {
        sheet.title: [
            (cell.row, cell.column, cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None
        ]
        for sheet in book.worksheets
    }
    return Task(paper.order(number), sheets, finished)


if __name__ == "__main__":
    main(measure)
